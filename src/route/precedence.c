/* Which of two matches goes first, by what, and how their claims stand to each other
 * (HTTPRouteRule.matches, GRPCRouteRule.matches). */
#include "config.h"

#include "match.h"

#include <string.h>

/* ---- the order ---- */

static int type_rank(const struct match *match)
{
    static const int http[] = {
        [MATCH_EXACT] = 0, [MATCH_PREFIX] = 1, [MATCH_REGEX] = 2, [MATCH_SUFFIX] = 3};
    /* by characters of the service, then of the method; a regular expression has none */
    if (match->grpc && match->type == MATCH_PREFIX)
        return match->key_len ? 1 : 4;
    if (match->grpc && match->type == MATCH_REGEX)
        return 3;
    if (match->grpc && match->type == MATCH_SUFFIX)
        return 2;
    return http[match->type];
}

static int more_first(size_t a, size_t b)
{
    return a > b ? -1 : a < b;
}

static int compare(const struct match *a, const struct match *b, enum ew_lost *by)
{
    const struct route *left = a->rule->route, *right = b->rule->route;
    const struct {
        enum ew_lost by;
        int order;
    } steps[] = {
        {EW_LOST_KIND, type_rank(a) - type_rank(b)},
        {EW_LOST_PATH, a->type == MATCH_EXACT ? 0 : more_first(a->weight, b->weight)},
        {EW_LOST_METHOD, (b->method != NULL) - (a->method != NULL)},
        {EW_LOST_HEADERS, more_first(a->header_count, b->header_count)},
        {EW_LOST_QUERY, more_first(a->query_count, b->query_count)},
        {left->created != right->created ? EW_LOST_AGE : EW_LOST_NAME, left->seq - right->seq},
        {EW_LOST_PLACE, a->rule->index - b->rule->index},
        {EW_LOST_PLACE, a->index - b->index},
    };
    for (size_t i = 0; i < EW_COUNT(steps); i++) {
        *by = steps[i].by;
        if (steps[i].order)
            return steps[i].order;
    }
    return 0;
}

int match_order(const struct match *a, const struct match *b)
{
    enum ew_lost by;
    return compare(a, b, &by);
}

enum ew_lost match_lost_by(const struct match *lost, const struct match *win)
{
    enum ew_lost by;
    compare(lost, win, &by);
    return by;
}

/* ---- what two matches ask for ---- */

static bool same_field(const struct field_match *a, const struct field_match *b, bool header)
{
    bool same = header ? ew_text_ieq(a->name, b->name) : strcmp(a->name, b->name) == 0;
    return same && (a->regex != NULL) == (b->regex != NULL) && strcmp(a->value, b->value) == 0;
}

/* Whether each field of a stands in b too. */
static bool fields_within(const struct field_match *a, size_t a_count, const struct field_match *b,
                          size_t b_count, bool header)
{
    for (size_t i = 0; i < a_count; i++) {
        bool found = false;
        for (size_t k = 0; k < b_count && !found; k++)
            found = same_field(&a[i], &b[k], header);
        if (!found)
            return false;
    }
    return true;
}

static bool same_path(const struct match *a, const struct match *b)
{
    if (a->grpc != b->grpc || a->type != b->type)
        return false;
    if (a->type == MATCH_PREFIX)
        return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0;
    return strcmp(a->path, b->path) == 0;
}

/* Both take the request's path: of two prefixes the longer one is under the other. What an
 * expression takes besides cannot be told. */
static bool narrower_path(const struct match *a, const struct match *b)
{
    if (a->grpc != b->grpc || a->type == MATCH_REGEX || b->type == MATCH_REGEX)
        return false;
    if (b->type == MATCH_PREFIX)
        return a->type != MATCH_PREFIX ? a->grpc || a->type == MATCH_EXACT
                                       : a->key_len > b->key_len;
    return b->type == MATCH_SUFFIX &&
           (a->type == MATCH_EXACT || (a->type == MATCH_PREFIX && a->key_len));
}

bool match_same(const struct match *a, const struct match *b)
{
    return same_path(a, b) && ew_streq(a->method, b->method) &&
           a->header_count == b->header_count && a->query_count == b->query_count &&
           fields_within(a->headers, a->header_count, b->headers, b->header_count, true) &&
           fields_within(a->query, a->query_count, b->query, b->query_count, false);
}

bool match_asks_more(const struct match *a, const struct match *b)
{
    return narrower_path(a, b) || (a->method && !b->method) ||
           !fields_within(a->headers, a->header_count, b->headers, b->header_count, true) ||
           !fields_within(a->query, a->query_count, b->query, b->query_count, false);
}

/* ---- in words ---- */

static void add_fields(struct ew_buf *text, const char *what, const struct field_match *fields,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        ew_buf_addf(text, ", %s %s %s %s", what, fields[i].name, fields[i].regex ? "like" : "=",
                    fields[i].value);
}

static bool is_stream(enum ew_kind kind)
{
    return kind != EW_HTTPROUTE && kind != EW_GRPCROUTE;
}

const char *match_text(struct ew_arena *arena, const struct match *match)
{
    static const char *const types[] = {[MATCH_EXACT] = "Exact",
                                        [MATCH_PREFIX] = "PathPrefix",
                                        [MATCH_REGEX] = "RegularExpression",
                                        [MATCH_SUFFIX] = ""};
    struct ew_buf text;
    if (is_stream(match->rule->route->obj->kind))
        return "all connections";
    ew_buf_init(&text, 0);
    if (match->grpc)
        ew_buf_addf(&text, "gRPC %s", match->path && *match->path ? match->path : "(any method)");
    else
        ew_buf_addf(&text, "%s %s", types[match->type], match->path);
    if (match->method)
        ew_buf_addf(&text, ", method %s", match->method);
    add_fields(&text, "header", match->headers, match->header_count);
    add_fields(&text, "query parameter", match->query, match->query_count);
    const char *kept = ew_arena_strdup(arena, ew_buf_text(&text));
    ew_buf_release(&text);
    return kept;
}
