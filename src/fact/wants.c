#include "edgewalk/fact.h"
#include "edgewalk/fact/keys.h"

#include <stdlib.h>
#include <string.h>

struct ew_wants {
    struct ew_arena *arena;
    struct ew_map *by_key; /* key -> struct ew_want * */
};

struct ew_wants *ew_wants_new(void)
{
    struct ew_wants *wants = ew_alloc(sizeof(*wants));
    wants->arena = ew_arena_new();
    wants->by_key = ew_map_new();
    return wants;
}

void ew_wants_free(struct ew_wants *wants)
{
    if (!wants)
        return;
    ew_arena_free(wants->arena);
    ew_map_free(wants->by_key);
    free(wants);
}

size_t ew_wants_count(const struct ew_wants *wants)
{
    return wants ? ew_map_count(wants->by_key) : 0;
}

const struct ew_want *ew_wants_at(const struct ew_wants *wants, size_t index)
{
    return ew_map_value(wants->by_key, index);
}

static bool has_word(const char *text, const char *word, size_t len)
{
    for (const char *at = text; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
        if (strcspn(at, " ") == len && strncmp(at, word, len) == 0)
            return true;
    }
    return false;
}

/* The words of both, each once. */
static const char *united(struct ew_arena *arena, const char *have, const char *more)
{
    while (more && *more) {
        size_t len = strcspn(more, " ");
        if (len && !has_word(have, more, len))
            have = ew_arena_fmt(arena, "%s%s%.*s", have, *have ? " " : "", (int)len, more);
        more += len;
        more += strspn(more, " ");
    }
    return have;
}

/* Takes key and text; the question's own texts are copied into the set. */
static const char *add(struct ew_wants *wants, struct ew_want question, char *key, char *text)
{
    struct ew_arena *arena = wants->arena;
    struct ew_want *want = ew_map_get(wants->by_key, key);
    if (want) {
        want->optional = want->optional && question.optional;
    } else {
        want = ew_arena_alloc(arena, sizeof(*want));
        *want = question;
        want->key = ew_arena_strdup(arena, key);
        want->text = ew_arena_strdup(arena, text);
        want->would_decide = "";
        const char **texts[] = {&want->resolver, &want->name, &want->type,   &want->address,
                                &want->sni,      &want->what, &want->url,    &want->method,
                                &want->resource, &want->ns,   &want->object, &want->selector};
        for (size_t i = 0; i < EW_COUNT(texts); i++)
            *texts[i] = ew_arena_strdup(arena, *texts[i]);
        ew_map_set(wants->by_key, want->key, want);
    }
    want->would_decide = united(arena, want->would_decide, question.would_decide);
    free(key);
    free(text);
    return want->key;
}

const char *ew_want_dns(struct ew_wants *wants, const char *resolver, const char *name,
                        const char *type, const char *would_decide)
{
    struct ew_want question = {.kind = EW_WANT_DNS,
                               .resolver = resolver,
                               .name = name,
                               .type = type,
                               .would_decide = would_decide};
    if (!wants)
        return NULL;
    return add(wants, question, ew_key_dns(resolver, name, type),
               ew_fmt("%s of %s at %s", type, name, resolver));
}

const char *ew_want_tcp(struct ew_wants *wants, const char *address, int port,
                        const char *would_decide)
{
    struct ew_want question = {
        .kind = EW_WANT_TCP, .address = address, .port = port, .would_decide = would_decide};
    if (!wants)
        return NULL;
    return add(wants, question, ew_key_tcp(address, port),
               ew_fmt("connect to %s port %d", address, port));
}

const char *ew_want_tls(struct ew_wants *wants, const char *address, int port, const char *sni,
                        const char *would_decide)
{
    struct ew_want question = {.kind = EW_WANT_TLS,
                               .address = address,
                               .port = port,
                               .sni = sni,
                               .would_decide = would_decide};
    if (!wants)
        return NULL;
    return add(
        wants, question, ew_key_tls(address, port, sni),
        ew_fmt("TLS handshake with %s port %d for %s", address, port, sni ? sni : "no name"));
}

const char *ew_want_http(struct ew_wants *wants, const char *address, int port, const char *what,
                         const char *method, const char *url, const char *would_decide)
{
    struct ew_want question = {.kind = EW_WANT_HTTP,
                               .address = address,
                               .port = port,
                               .what = what,
                               .url = url,
                               .method = method,
                               .would_decide = would_decide};
    if (!wants)
        return NULL;
    return add(wants, question, ew_key_http(address, port, what),
               ew_fmt("%s %s at %s", method, url, address));
}

const char *ew_want_get(struct ew_wants *wants, const char *resource, const char *ns,
                        const char *object, bool optional, const char *would_decide)
{
    struct ew_want question = {.kind = EW_WANT_GET,
                               .resource = resource,
                               .ns = ns,
                               .object = object,
                               .optional = optional,
                               .would_decide = would_decide};
    if (!wants)
        return NULL;
    return add(wants, question, ew_key_get(resource, ns, object),
               ew_fmt("get %s %s%s%s", resource, ns ? ns : "", ns ? "/" : "", object));
}

const char *ew_want_list(struct ew_wants *wants, const char *resource, const char *ns,
                         const char *selector, bool optional, const char *would_decide)
{
    struct ew_want question = {.kind = EW_WANT_LIST,
                               .resource = resource,
                               .ns = ns,
                               .selector = selector,
                               .optional = optional,
                               .would_decide = would_decide};
    if (!wants)
        return NULL;
    char *text = ew_fmt("list %s %s%s%s%s%s", resource, ns ? "in " : "everywhere", ns ? ns : "",
                        selector ? " (" : "", selector ? selector + 2 : "", selector ? ")" : "");
    return add(wants, question, ew_key_list(resource, ns, selector), text);
}
