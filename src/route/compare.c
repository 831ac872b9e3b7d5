/* Two entry points that could take the same request, side by side: what differs between what they
 * do. The two models say many things in other words; only what differs in effect is a difference.
 */
#include "config.h"

#include "routing.h"

#include <stdio.h>
#include <string.h>

#define NGINX "nginx.ingress.kubernetes.io/"

/* One aspect of a decision: text is what is shown, key what is compared. */
struct aspect {
    const char *text, *key;
};

static struct aspect plain(const char *text)
{
    return (struct aspect){text, text};
}

static const char *buf_take(struct ew_arena *arena, struct ew_buf *text, const char *none)
{
    const char *kept = ew_arena_strdup(arena, text->len ? ew_buf_text(text) : none);
    ew_buf_release(text);
    return kept;
}

static struct aspect outcome(const struct ew_decision *of, struct ew_arena *arena)
{
    (void)arena;
    switch (of->outcome) {
    case EW_OUT_BACKEND:
        return plain("served by a backend");
    case EW_OUT_REDIRECT:
        return plain("redirected");
    case EW_OUT_NO_BACKEND:
        return plain("no usable backend");
    default:
        return plain(of->outcome == EW_OUT_UNKNOWN ? "not known" : "answered by the edge");
    }
}

static struct aspect addresses(const struct ew_decision *of, struct ew_arena *arena)
{
    const struct ew_json *list = of->ingress ? ew_obj_at(of->ingress, "status.loadBalancer.ingress")
                                             : ew_obj_at(of->gateway, "status.addresses");
    struct ew_buf text;
    ew_buf_init(&text, 0);
    EW_JSON_EACH(entry, list)
    {
        const char *one = ew_json_get_str(entry, "value", NULL);
        one = one ? one : ew_json_get_str(entry, "ip", NULL);
        one = one ? one : ew_json_get_str(entry, "hostname", "?");
        ew_buf_addf(&text, "%s%s", text.len ? ", " : "", one);
    }
    return plain(buf_take(arena, &text, "none published"));
}

static struct aspect host(const struct ew_decision *of, struct ew_arena *arena)
{
    (void)arena;
    return plain(of->host && *of->host ? of->host : "any");
}

/* ---- paths ---- */

/* Prefixes are compared without the slash at their end, as they are matched. */
static struct aspect path_aspect(struct ew_arena *arena, const char *type, const char *path)
{
    bool exact = strcmp(type, "Exact") == 0;
    bool prefix = strcmp(type, "Prefix") == 0 || strcmp(type, "PathPrefix") == 0;
    size_t len = strlen(path);
    if (prefix && len && path[len - 1] == '/')
        len--;
    return (struct aspect){ew_arena_fmt(arena, "%s %s", type, path),
                           ew_arena_fmt(arena, "%s %.*s",
                                        exact    ? "exact"
                                        : prefix ? "prefix"
                                                 : type,
                                        (int)len, path)};
}

static struct aspect path(const struct ew_decision *of, struct ew_arena *arena)
{
    char at[80];
    if (of->rule < 0)
        return plain("the default backend");
    if (of->ingress) {
        snprintf(at, sizeof(at), "spec.rules[%d].http.paths[%d]", of->rule, of->match);
        const struct ew_json *json = ew_obj_at(of->ingress, at);
        return path_aspect(arena, ew_json_get_str(json, "pathType", "ImplementationSpecific"),
                           ew_json_get_str(json, "path", "/"));
    }
    snprintf(at, sizeof(at), "matches[%d].path", of->match);
    const struct ew_json *json = of->match < 0 ? NULL : ew_json_at(of->rule_json, at);
    return path_aspect(arena, ew_json_get_str(json, "type", "PathPrefix"),
                       ew_json_get_str(json, "value", "/"));
}

static struct aspect path_sent(const struct ew_decision *of, struct ew_arena *arena)
{
    const char *target =
        of->ingress ? ew_obj_annotation(of->ingress, NGINX "rewrite-target") : NULL;
    if (target)
        return plain(ew_arena_fmt(arena, "%s (rewrite-target)", target));
    return plain(ew_json_get_str(of->forwarded, "path", NULL));
}

/* ---- backends ---- */

static struct aspect backends(const struct ew_decision *of, struct ew_arena *arena)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    for (size_t i = 0; i < of->backend_count; i++) {
        const struct ew_backend *one = &of->backends[i];
        ew_buf_addf(&text, "%s%s/%s:%d", i ? ", " : "", one->ns, one->name, one->port);
        if (of->backend_count > 1)
            ew_buf_addf(&text, " %.0f %%", 100 * one->share);
    }
    return plain(buf_take(arena, &text, "none"));
}

static struct aspect redirect(const struct ew_decision *of, struct ew_arena *arena)
{
    (void)arena;
    return plain(ew_json_get_str(of->redirect, "location", NULL));
}

/* ---- timeouts ---- */

/* What is not said is the controller's default, and not compared with what is. */
static struct aspect timeouts(const struct ew_decision *of, struct ew_arena *arena)
{
    const char *said = of->ingress ? ew_obj_annotation(of->ingress, NGINX "proxy-read-timeout")
                                   : ew_json_get_str(of->timeouts, "backendRequest", NULL);
    if (!said && !of->ingress)
        said = ew_json_get_str(of->timeouts, "request", NULL);
    int64_t ms;
    if (!said)
        return plain("the controller's default");
    if (!ew_text_duration(said, &ms))
        return plain(said);
    return (struct aspect){
        ew_arena_fmt(arena, "%s%s", said, said[strspn(said, "0123456789")] ? "" : " s"),
        ew_arena_fmt(arena, "%lld", (long long)ms)};
}

static struct aspect certificate(const struct ew_decision *of, struct ew_arena *arena)
{
    (void)arena;
    return plain(ew_json_get_str(of->certificate, "secret", NULL));
}

static const struct {
    const char *name;
    struct aspect (*of)(const struct ew_decision *of, struct ew_arena *arena);
} aspects[] = {
    {"outcome", outcome},   {"addresses", addresses}, {"host", host},
    {"path", path},         {"path sent", path_sent}, {"backends", backends},
    {"redirect", redirect}, {"timeout", timeouts},    {"certificate", certificate},
};

size_t ew_decisions_compare(const struct ew_decision *a, const struct ew_decision *b,
                            struct ew_arena *arena, struct ew_difference out[EW_DIFFERENCES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < EW_COUNT(aspects) && count < EW_DIFFERENCES_MAX; i++) {
        struct aspect left = aspects[i].of(a, arena), right = aspects[i].of(b, arena);
        if (ew_streq(left.key, right.key))
            continue;
        out[count++] = (struct ew_difference){aspects[i].name, left.text ? left.text : "none",
                                              right.text ? right.text : "none"};
    }
    return count;
}
