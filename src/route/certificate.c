#include "config.h"

#include "certificate.h"

#include "edgewalk/cert.h"

#include <string.h>

static const struct ew_json *leaf_in(const struct ew_routing *routing, const char *ns,
                                     const char *name)
{
    const struct ew_obj *secret = ew_world_find(routing->world, EW_SECRET, ns, name);
    return secret ? ew_json_at(ew_json_get(secret->json, "certificate"), "chain[0]") : NULL;
}

static const struct ew_json *leaf_of(const struct draft *draft, const char *ns, const char *name)
{
    return leaf_in(draft->routing, ns, name);
}

static const char *name_in(const struct ew_json *san)
{
    const char *text = ew_json_str_or(san, ""), *colon = strchr(text, ':');
    return colon ? colon + 1 : text;
}

static const struct ew_json *leaf_of_ref(const struct ew_routing *routing,
                                         const struct listener *listener, const struct ew_json *ref)
{
    const char *ns = ew_json_get_str(ref, "namespace", "");
    return leaf_in(routing, *ns ? ns : listener->owner->ns, ew_json_get_str(ref, "name", ""));
}

static bool names_meet(const struct ew_json *leaf, const struct ew_json *other)
{
    EW_JSON_EACH(a, ew_json_get(leaf, "sans"))
    EW_JSON_EACH(b, ew_json_get(other, "sans"))
    if (*name_in(a) && *name_in(b) && host_intersects(name_in(a), name_in(b)))
        return true;
    return false;
}

bool certificates_overlap(const struct ew_routing *routing, const struct listener *a,
                          const struct listener *b)
{
    EW_JSON_EACH(one, ew_json_at(a->json, "tls.certificateRefs"))
    EW_JSON_EACH(other, ew_json_at(b->json, "tls.certificateRefs"))
    if (names_meet(leaf_of_ref(routing, a, one), leaf_of_ref(routing, b, other)))
        return true;
    return false;
}

const struct ew_json *certificate_json(struct draft *draft, const char *ns, const char *name)
{
    struct ew_json *out = ew_json_object(draft->doc), *names = ew_json_array(draft->doc);
    ew_json_set_str(draft->doc, out, "secret", ew_arena_fmt(draft->arena, "%s/%s", ns, name));
    EW_JSON_EACH(san, ew_json_get(leaf_of(draft, ns, name), "sans"))
    ew_json_add(draft->doc, names, ew_json_string(draft->doc, name_in(san)));
    ew_json_set(draft->doc, out, "names", names);
    return out;
}

/* Whether the certificate that is known under that name covers the host. */
static bool certificate_covers(const struct draft *draft, const char *ns, const char *name,
                               const char *host)
{
    const char *matched = NULL;
    const struct ew_json *sans = ew_json_get(leaf_of(draft, ns, name), "sans");
    return *host && ew_cert_covers(sans, host, &matched);
}

/* The specification leaves it to implementations whether they refuse one (ListenerTLSConfig). */
static void note_expiry(struct draft *draft, const char *ns, const char *name)
{
    const struct ew_json *leaf = leaf_of(draft, ns, name);
    double now = (double)ew_snapshot_started(draft->routing->snapshot);
    double ends = ew_json_num(ew_json_get(leaf, "not_after"), now + 1);
    if (ends < now)
        draft_assume(draft,
                     "the certificate of Secret %s/%s has expired, and is served all the same: "
                     "some controllers take the listener away",
                     ns, name);
}

/* One that covers the server name before the first. */
void listener_certificate(struct draft *draft)
{
    const struct listener *listener = draft->listener;
    const struct ew_json *refs = ew_json_at(listener->json, "tls.certificateRefs");
    const char *sni = draft->request->sni ? draft->request->sni : "";
    const char *best_ns = NULL, *best = NULL;
    bool covered = false;
    EW_JSON_EACH(ref, refs)
    {
        const char *ns = ew_json_get_str(ref, "namespace", "");
        const char *name = ew_json_get_str(ref, "name", "");
        ns = *ns ? ns : listener->owner->ns;
        bool covers = certificate_covers(draft, ns, name, sni);
        if (best && (covered || !covers))
            continue;
        best_ns = ns;
        best = name;
        covered = covers;
    }
    if (!best || !best_ns || listener->passthrough)
        return;
    draft->out->certificate = certificate_json(draft, best_ns, best);
    note_expiry(draft, best_ns, best);
}

/* ---- paths as another edge would see them ---- */

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool unreserved(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

/* RFC 3986 §6.2.2.2: escapes of unreserved characters are needless. */
static char *unescaped(struct ew_arena *arena, const char *path)
{
    char *out = ew_arena_strdup(arena, path), *to = out;
    for (const char *at = path; *at; at++) {
        int high = *at == '%' ? hex(at[1]) : -1, low = high >= 0 ? hex(at[2]) : -1;
        if (low >= 0 && unreserved(high * 16 + low)) {
            *to++ = (char)(high * 16 + low);
            at += 2;
        } else {
            *to++ = *at;
        }
    }
    *to = '\0';
    return out;
}

/* RFC 3986 §5.2.4, and doubled slashes taken as one. */
static const char *normalised(struct ew_arena *arena, const char *path)
{
    const char *from = unescaped(arena, path);
    char *out = ew_arena_alloc(arena, strlen(from) + 2);
    size_t len = 0;
    while (*from) {
        from += strspn(from, "/");
        size_t word = strcspn(from, "/");
        bool up = word == 2 && strncmp(from, "..", 2) == 0;
        if (up)
            while (len && out[--len] != '/')
                continue;
        else if (word && !(word == 1 && *from == '.')) {
            out[len++] = '/';
            memcpy(out + len, from, word);
            len += word;
        }
        from += word;
        bool dots = up || (word == 1 && from[-1] == '.');
        if ((*from == '/' && !from[strspn(from, "/")]) || (!*from && dots)) {
            out[len++] = '/';
            break;
        }
    }
    out[len] = '\0';
    return len ? out : "/";
}

static bool suspicious(const char *path)
{
    return strstr(path, "//") || strstr(path, "/.") || strchr(path, '%');
}

void note_path(struct draft *draft)
{
    struct found found;
    struct ask other = draft->ask;
    if (!suspicious(draft->ask.path) || !draft->listener || !draft->listener->hosts)
        return;
    struct ew_request request = *draft->request;
    request.path = normalised(draft->arena, draft->ask.path);
    if (strcmp(request.path, draft->ask.path) == 0)
        return;
    ask_init(&other, &request, draft->arena);
    index_find(draft->listener->hosts, &other, draft->host, &found);
    const struct rule *rule = found.win ? found.win->match->rule : NULL;
    if (rule == draft->rule)
        return;
    draft_assume(draft,
                 "the path is taken as it is sent; an edge that normalises it to %s takes %s",
                 request.path,
                 rule ? ew_arena_fmt(draft->arena, "rule %d of %s", rule->index,
                                     obj_title(draft->arena, rule->route->obj))
                      : "no rule");
}
