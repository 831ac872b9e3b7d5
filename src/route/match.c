/* One match against one request: HTTPRouteMatch and GRPCRouteMatch. */
#include "config.h"

#include "match.h"

#include <string.h>

enum { QUERY_MAX = 256 };

/* ---- the request taken apart ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char *decoded(struct ew_arena *arena, const char *text, size_t len)
{
    char *out = ew_arena_strndup(arena, text, len), *to = out;
    for (size_t i = 0; i < len; i++) {
        int high = i + 2 < len + 0 && text[i] == '%' ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low >= 0 && (high || low)) {
            *to++ = (char)(high * 16 + low);
            i += 2;
        } else {
            *to++ = text[i];
        }
    }
    *to = '\0';
    return out;
}

static void split_query(struct ask *ask)
{
    const char *at = ask->request->query ? ask->request->query : "";
    if (!*at)
        return;
    ask->query = ew_arena_alloc(ask->arena, QUERY_MAX * sizeof(*ask->query));
    while (*at && ask->query_count < QUERY_MAX) {
        size_t len = strcspn(at, "&"), name = strcspn(at, "&=");
        struct pair *pair = &ask->query[ask->query_count++];
        pair->name = decoded(ask->arena, at, name);
        pair->value = name < len ? decoded(ask->arena, at + name + 1, len - name - 1) : "";
        at += len + (at[len] == '&');
    }
}

static void split_grpc(struct ask *ask)
{
    const char *slash = strchr(ask->path + 1, '/');
    ask->service = ask->method = "";
    if (!ask->grpc || !slash || strchr(slash + 1, '/'))
        return;
    ask->service = ew_arena_strndup(ask->arena, ask->path + 1, (size_t)(slash - ask->path - 1));
    ask->method = slash + 1;
}

void ask_init(struct ask *ask, const struct ew_request *request, struct ew_arena *arena)
{
    memset(ask, 0, sizeof(*ask));
    ask->request = request;
    ask->arena = arena;
    ask->path = request->path && *request->path ? request->path : "/";
    ask->path_len = strlen(ask->path);
    if (ask->path[ask->path_len - 1] == '/')
        ask->path_len--;
    ask->grpc = request->protocol == EW_PROTO_GRPC;
    if (!ask->grpc && ew_streq(request->method, "POST")) {
        const char *type = ask_header(ask, "content-type");
        ask->grpc = type && ew_text_prefix(type, "application/grpc");
    }
    split_query(ask);
    split_grpc(ask);
}

const char *ask_header(const struct ask *ask, const char *name)
{
    const char *joined = NULL;
    for (const char *const *at = ask->request->headers; at && at[0]; at += 2) {
        if (!at[1] || !ew_text_ieq(at[0], name))
            continue;
        joined = joined ? ew_arena_fmt(ask->arena, "%s, %s", joined, at[1]) : at[1];
    }
    return joined;
}

/* Sent, with a value that is not known; name NULL: any header. */
static bool is_hidden(const struct ask *ask, const char *name)
{
    for (const char *const *at = ask->request->headers; at && at[0]; at += 2)
        if (!at[1] && (!name || ew_text_ieq(at[0], name)))
            return true;
    return false;
}

bool ask_hides(const struct ask *ask)
{
    return is_hidden(ask, NULL);
}

/* ---- parts of a match ---- */

static enum ew_yes path_takes(const struct match *match, const struct ask *ask)
{
    switch (match->type) {
    case MATCH_EXACT:
        return strcmp(match->path, ask->path) == 0;
    case MATCH_PREFIX:
        return ask->path_len >= match->key_len &&
               memcmp(ask->path, match->key, match->key_len) == 0 &&
               (ask->path_len == match->key_len || ask->path[match->key_len] == '/');
    case MATCH_REGEX:
        return match->regex ? regex_takes(match->regex, ask->path) : EW_MAYBE; /* it is none */
    case MATCH_SUFFIX:
        break;
    }
    return EW_NO;
}

static enum ew_yes grpc_takes(const struct match *match, const struct ask *ask)
{
    enum ew_yes service = EW_YES, method = EW_YES;
    switch (match->type) {
    case MATCH_EXACT:
        return strcmp(match->path, ask->path) == 0;
    case MATCH_PREFIX: /* "" or "/SERVICE" */
        return !match->key_len || strcmp(match->key + 1, ask->service) == 0;
    case MATCH_SUFFIX:
        return strcmp(match->key, ask->method) == 0;
    case MATCH_REGEX:
        break;
    }
    if (match->regex)
        service = regex_takes(match->regex, ask->service);
    if (match->regex_method)
        method = regex_takes(match->regex_method, ask->method);
    if (service == EW_NO || method == EW_NO)
        return EW_NO;
    return service == EW_YES && method == EW_YES ? EW_YES : EW_MAYBE;
}

static const char *query_value(const struct ask *ask, const char *name)
{
    for (size_t i = 0; i < ask->query_count; i++)
        if (strcmp(ask->query[i].name, name) == 0)
            return ask->query[i].value;
    return NULL;
}

static enum ew_yes field_takes(const struct field_match *field, const char *value)
{
    if (!value)
        return EW_NO;
    if (field->broken)
        return EW_MAYBE;
    return field->regex ? regex_takes(field->regex, value) : strcmp(field->value, value) == 0;
}

/* ---- why not ---- */

static const char *const path_types[] = {
    [MATCH_EXACT] = "Exact", [MATCH_PREFIX] = "PathPrefix", [MATCH_REGEX] = "RegularExpression"};

static const char *path_why(const struct match *match, const struct ask *ask)
{
    if (match->grpc && !ask->grpc)
        return "the request is not gRPC";
    if (match->grpc)
        return ew_arena_fmt(ask->arena, "gRPC method %s is not %s", ask->path, match->path);
    if (match->type == MATCH_EXACT)
        return ew_arena_fmt(ask->arena, "path %s is not exactly %s", ask->path, match->path);
    if (match->type == MATCH_PREFIX)
        return ew_arena_fmt(ask->arena, "path %s is not under %s", ask->path, match->path);
    return ew_arena_fmt(ask->arena, "path %s is not matched by %s", ask->path, match->path);
}

static const char *field_why(const struct ask *ask, const char *what,
                             const struct field_match *field, const char *value)
{
    if (!value)
        return ew_arena_fmt(ask->arena, "%s %s is not sent", what, field->name);
    return ew_arena_fmt(ask->arena, "%s %s is \"%s\", not %s\"%s\"", what, field->name, value,
                        field->regex ? "matched by " : "", field->value);
}

/* ---- the whole ---- */

static enum ew_yes fields_take(const struct match *match, const struct ask *ask,
                               struct ew_miss *miss)
{
    enum ew_yes all = EW_YES;
    for (size_t i = 0; i < match->header_count + match->query_count; i++) {
        bool header = i < match->header_count;
        const struct field_match *field =
            header ? &match->headers[i] : &match->query[i - match->header_count];
        const char *value = header ? ask_header(ask, field->name) : query_value(ask, field->name);
        enum ew_yes takes =
            header && is_hidden(ask, field->name) ? EW_MAYBE : field_takes(field, value);
        if (takes == EW_NO && miss) {
            miss->part = header ? EW_PART_HEADER : EW_PART_QUERY;
            miss->name = field->name;
            miss->wanted = field->value;
            miss->sent = ew_arena_strdup(ask->arena, value);
            miss->why = field_why(ask, header ? "header" : "query parameter", field, value);
        }
        if (takes == EW_NO)
            return EW_NO;
        if (takes == EW_MAYBE)
            all = EW_MAYBE;
    }
    return all;
}

static enum ew_yes method_and_fields_take(const struct match *match, const struct ask *ask,
                                          struct ew_miss *miss)
{
    const char *method = ask->request->method ? ask->request->method : "GET";
    if (!match->method || strcmp(match->method, method) == 0)
        return fields_take(match, ask, miss);
    if (miss) {
        miss->part = EW_PART_METHOD;
        miss->wanted = match->method;
        miss->sent = ew_arena_strdup(ask->arena, method);
        miss->why = ew_arena_fmt(ask->arena, "method %s is not %s", method, match->method);
    }
    return EW_NO;
}

/* The path of a request that is not gRPC, read as if it were. */
static bool path_is_method(const struct match *match, const struct ask *ask)
{
    struct ask grpc = *ask;
    grpc.grpc = true;
    split_grpc(&grpc);
    return grpc_takes(match, &grpc) == EW_YES;
}

static void path_misses(const struct match *match, const struct ask *ask, struct ew_miss *miss)
{
    miss->part = EW_PART_PATH;
    miss->why = path_why(match, ask);
    if (match->grpc && !ask->grpc && path_is_method(match, ask))
        miss->part = EW_PART_PROTOCOL;
    else if (!match->grpc && match->type != MATCH_REGEX &&
             method_and_fields_take(match, ask, NULL) == EW_YES)
        miss_near(miss, match->type == MATCH_EXACT, ask);
}

enum ew_yes match_takes(const struct match *match, const struct ask *ask, struct ew_miss *miss)
{
    enum ew_yes path = EW_NO;
    if (!match->grpc)
        path = path_takes(match, ask);
    else if (ask->grpc)
        path = grpc_takes(match, ask);
    if (miss) {
        miss->path = match->path;
        miss->type = match->grpc ? "GRPCMethodMatch" : path_types[match->type];
    }
    if (path == EW_NO) {
        if (miss)
            path_misses(match, ask, miss);
        return EW_NO;
    }
    enum ew_yes rest = method_and_fields_take(match, ask, miss);
    return rest == EW_YES ? path : rest;
}

static const struct regex *beyond(const struct regex *regex)
{
    return regex && regex_beyond_re2(regex) ? regex : NULL;
}

const struct regex *match_beyond_re2(const struct match *match)
{
    const struct regex *found = beyond(match->regex);
    if (!found)
        found = beyond(match->regex_method);
    for (size_t i = 0; i < match->header_count && !found; i++)
        found = beyond(match->headers[i].regex);
    for (size_t i = 0; i < match->query_count && !found; i++)
        found = beyond(match->query[i].regex);
    return found;
}
