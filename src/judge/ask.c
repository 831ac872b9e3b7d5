#include "judging.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { CLEAN_COLUMNS = 160 };

const char *say(struct judging *j, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = ew_vfmt(format, args);
    va_end(args);
    const char *copy = ew_arena_strdup(j->arena, text);
    free(text);
    return copy;
}

const char *shell_word(struct judging *j, const char *text)
{
    struct ew_buf buf;
    ew_buf_init(&buf, 0);
    ew_text_shell_word(&buf, text);
    const char *copy = ew_arena_strdup(j->arena, ew_buf_text(&buf));
    ew_buf_release(&buf);
    return copy;
}

const char *clean(struct judging *j, const char *text)
{
    struct ew_buf buf;
    ew_buf_init(&buf, 0);
    if (text)
        ew_text_clean(&buf, text, strlen(text), CLEAN_COLUMNS);
    const char *copy = ew_arena_strdup(j->arena, ew_buf_text(&buf));
    ew_buf_release(&buf);
    return copy;
}

/* ---- facts by key ---- */

static struct got pending(struct judging *j, enum ew_layer layer)
{
    j->layers[layer].pending = true;
    return (struct got){EW_PENDING, NULL, NULL};
}

/* What the snapshot has under the key, which is freed. */
static bool have(struct judging *j, enum ew_layer layer, char *key, struct got *out)
{
    const struct ew_fact *fact = ew_snapshot_fact(j->snapshot, key);
    free(key);
    if (!fact)
        return false;
    if (fact->state == EW_PENDING) {
        *out = pending(j, layer);
        return true;
    }
    layer_took(j, layer, fact);
    *out = (struct got){fact->state, fact->reason, ew_fact_value(fact)};
    return true;
}

struct got need_dns(struct judging *j, enum ew_layer layer, const char *resolver, const char *name,
                    const char *type, const char *would)
{
    struct got got;
    if (have(j, layer, ew_key_dns(resolver, name, type), &got))
        return got;
    ew_want_dns(j->wants, resolver, name, type, would);
    return pending(j, layer);
}

struct got need_tcp(struct judging *j, const char *address, int port, const char *would)
{
    struct got got;
    if (have(j, EW_LAYER_LB, ew_key_tcp(address, port), &got))
        return got;
    ew_want_tcp(j->wants, address, port, would);
    return pending(j, EW_LAYER_LB);
}

struct got need_tls(struct judging *j, const char *address, int port, const char *sni,
                    const char *would)
{
    struct got got;
    if (have(j, EW_LAYER_TLS, ew_key_tls(address, port, sni ? sni : "-"), &got))
        return got;
    ew_want_tls(j->wants, address, port, sni, would);
    return pending(j, EW_LAYER_TLS);
}

struct got need_http(struct judging *j, const char *address, int port, const char *what,
                     const char *method, const char *url, const char *would)
{
    struct got got;
    if (have(j, EW_LAYER_HTTP, ew_key_http(address, port, what), &got))
        return got;
    ew_want_http(j->wants, address, port, what, method, url, would);
    return pending(j, EW_LAYER_HTTP);
}

/* ---- look-ups in the world ---- */

struct ew_ask asking(const struct judging *j, bool optional, const char *would)
{
    return (struct ew_ask){.wants = j->wants, .optional = optional, .would_decide = would};
}

void undecided_add(struct judging *j, const char *want, const char *why, const char *would)
{
    for (size_t i = 0; i < j->undecided.count; i++) {
        const struct ew_undecided *old = j->undecided.at[i];
        if (strcmp(old->want, want) == 0)
            return;
    }
    struct ew_undecided *row = ew_arena_alloc(j->arena, sizeof(*row));
    row->want = ew_arena_strdup(j->arena, want);
    row->why = ew_arena_strdup(j->arena, why ? why : "unknown");
    row->would_decide = ew_arena_strdup(j->arena, would ? would : "");
    ew_ptrs_add(&j->undecided, row);
}

void saw(struct judging *j, enum ew_layer layer, struct ew_seen seen, struct ew_ask ask,
         const char *format, ...)
{
    if (seen.state == EW_PENDING && !ask.optional)
        j->layers[layer].pending = true;
    if (seen.state != EW_UNKNOWN || ask.optional)
        return;
    va_list args;
    va_start(args, format);
    char *want = ew_vfmt(format, args);
    va_end(args);
    undecided_add(j, want, seen.reason, ask.would_decide);
    free(want);
}
