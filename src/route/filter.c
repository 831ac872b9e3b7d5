/* HTTPRouteFilter and GRPCRouteFilter: what the request becomes, and what the answer gets. */
#include "config.h"

#include "filter.h"

#include "backend.h"

#include <string.h>

/* ---- header changes ---- */

struct header {
    const char *name, *value; /* value NULL: removed */
    bool sent;                /* the request has it */
    const char *original;
};
struct headers {
    struct header *at;
    size_t count, cap;
    struct ew_arena *arena;
};

static struct header *header_of(struct headers *headers, const struct draft *draft,
                                const char *name)
{
    for (size_t i = 0; i < headers->count; i++)
        if (ew_text_ieq(headers->at[i].name, name))
            return &headers->at[i];
    if (headers->count == headers->cap) {
        size_t cap = headers->cap ? headers->cap * 2 : 8;
        struct header *grown = ew_arena_alloc(headers->arena, cap * sizeof(*grown));
        if (headers->count)
            memcpy(grown, headers->at, headers->count * sizeof(*grown));
        headers->at = grown;
        headers->cap = cap;
    }
    struct header *header = &headers->at[headers->count++];
    header->name = name;
    header->original = header->value = ask_header(&draft->ask, name);
    header->sent = header->value != NULL;
    return header;
}

static void change_headers(struct headers *headers, const struct draft *draft,
                           const struct ew_json *modifier)
{
    EW_JSON_EACH(entry, ew_json_get(modifier, "set"))
    {
        const char *name = ew_json_get_str(entry, "name", NULL);
        if (name)
            header_of(headers, draft, name)->value = ew_json_get_str(entry, "value", "");
    }
    EW_JSON_EACH(entry, ew_json_get(modifier, "add"))
    {
        const char *name = ew_json_get_str(entry, "name", NULL);
        const char *value = ew_json_get_str(entry, "value", "");
        if (!name)
            continue;
        struct header *header = header_of(headers, draft, name);
        header->value =
            header->value ? ew_arena_fmt(headers->arena, "%s,%s", header->value, value) : value;
    }
    EW_JSON_EACH(entry, ew_json_get(modifier, "remove"))
    {
        if (ew_json_str(entry))
            header_of(headers, draft, ew_json_str(entry))->value = NULL;
    }
}

static void write_headers(struct ew_doc *doc, const struct headers *headers, struct ew_json *out)
{
    struct ew_json *final = ew_json_object(doc), *gone = ew_json_array(doc);
    for (size_t i = 0; i < headers->count; i++) {
        const struct header *header = &headers->at[i];
        if (header->value && !ew_streq(header->value, header->original))
            ew_json_set_str(doc, final, header->name, header->value);
        else if (!header->value && header->sent)
            ew_json_add(doc, gone, ew_json_string(doc, header->name));
    }
    ew_json_set(doc, out, "headers", final);
    ew_json_set(doc, out, "removed_headers", gone);
}

static void change_by_filters(struct headers *headers, const struct draft *draft,
                              const struct ew_json *filters)
{
    EW_JSON_EACH(filter, filters)
    {
        if (strcmp(ew_json_get_str(filter, "type", ""), "RequestHeaderModifier") == 0)
            change_headers(headers, draft, ew_json_get(filter, "requestHeaderModifier"));
    }
}

const struct ew_json *backend_headers(struct draft *draft, const struct ew_json *filters)
{
    struct headers headers = {.arena = draft->arena};
    if (!ew_json_count(filters))
        return NULL;
    change_by_filters(&headers, draft, ew_json_get(draft->rule->json, "filters"));
    change_by_filters(&headers, draft, filters);
    struct ew_json *out = ew_json_object(draft->doc);
    write_headers(draft->doc, &headers, out);
    return out;
}

/* ---- answers ---- */

static void merge_response(struct draft *draft, const struct ew_json *modifier, struct ew_json *out)
{
    struct ew_doc *doc = draft->doc;
    static const char *const maps[] = {"set", "add"};
    for (size_t i = 0; i < EW_COUNT(maps); i++) {
        struct ew_json *into = (struct ew_json *)ew_json_get(out, maps[i]);
        EW_JSON_EACH(entry, ew_json_get(modifier, maps[i]))
        {
            const char *name = ew_json_get_str(entry, "name", NULL);
            if (name)
                ew_json_set_str(doc, into, name, ew_json_get_str(entry, "value", ""));
        }
    }
    EW_JSON_EACH(entry, ew_json_get(modifier, "remove"))
    {
        if (ew_json_str(entry))
            ew_json_add(doc, (struct ew_json *)ew_json_get(out, "remove"),
                        ew_json_string(doc, ew_json_str(entry)));
    }
}

static struct ew_json *response_json(struct draft *draft)
{
    struct ew_json *out = ew_json_object(draft->doc);
    ew_json_set(draft->doc, out, "set", ew_json_object(draft->doc));
    ew_json_set(draft->doc, out, "add", ew_json_object(draft->doc));
    ew_json_set(draft->doc, out, "remove", ew_json_array(draft->doc));
    return out;
}

/* ---- paths ---- */

/* The path after HTTPPathModifier; in the arena. */
static const char *modified_path(struct ew_arena *arena, const struct ew_json *modifier,
                                 const struct match *match, const char *path)
{
    const char *full = ew_json_get_str(modifier, "replaceFullPath", "/");
    const char *with = ew_json_get_str(modifier, "replacePrefixMatch", "");
    size_t keep = strlen(with), cut = match ? match->key_len : 0;
    if (strcmp(ew_json_get_str(modifier, "type", ""), "ReplaceFullPath") == 0)
        return full;
    if (cut > strlen(path))
        cut = strlen(path);
    while (keep && with[keep - 1] == '/')
        keep--;
    const char *rest = path + cut;
    const char *out = ew_arena_fmt(arena, "%.*s%s", (int)keep, with, rest);
    return *out == '/' ? out : ew_arena_fmt(arena, "/%s", out);
}

/* ---- redirects ---- */

static int well_known(const char *scheme)
{
    return strcmp(scheme, "https") == 0 ? 443 : 80;
}

static void redirect(struct draft *draft, const struct ew_json *filter)
{
    const struct ew_request *request = draft->request;
    struct ew_json *out = ew_json_object(draft->doc);
    const char *own = ew_json_get_str(filter, "scheme", NULL);
    const char *scheme = own ? own : request->tls ? "https" : "http";
    const char *host = ew_json_get_str(filter, "hostname", draft->host);
    const struct ew_json *modifier = ew_json_get(filter, "path");
    const char *path = modifier
                           ? modified_path(draft->arena, modifier, draft->match, draft->ask.path)
                           : draft->ask.path;
    long listens = draft->listener ? draft->listener->port : request->port;
    long port = ew_json_get_int(filter, "port", own ? well_known(scheme) : listens);
    bool named = port != well_known(scheme);
    draft->out->outcome = EW_OUT_REDIRECT;
    draft->out->status = (int)ew_json_get_int(filter, "statusCode", 302);
    ew_json_set_num(draft->doc, out, "status", draft->out->status);
    ew_json_set_str(draft->doc, out, "scheme", scheme);
    ew_json_set_str(draft->doc, out, "host", *host ? host : NULL);
    if (named)
        ew_json_set_num(draft->doc, out, "port", (double)port);
    else
        ew_json_set(draft->doc, out, "port", ew_json_null(draft->doc));
    ew_json_set_str(draft->doc, out, "path", path);
    const char *query = request->query ? request->query : "";
    const char *location = !*host
                               ? NULL
                               : ew_arena_fmt(draft->arena, "%s://%s%s%s%s%s", scheme, host,
                                              named ? ew_arena_fmt(draft->arena, ":%ld", port) : "",
                                              path, *query ? "?" : "", query);
    ew_json_set_str(draft->doc, out, "location", location);
    draft->out->redirect = out;
}

/* ---- mirrors ---- */

static double percent_of(const struct ew_json *mirror)
{
    const struct ew_json *fraction = ew_json_get(mirror, "fraction");
    double denominator = ew_json_num(ew_json_get(fraction, "denominator"), 100);
    if (fraction && denominator > 0)
        return 100 * ew_json_num(ew_json_get(fraction, "numerator"), 0) / denominator;
    return ew_json_num(ew_json_get(mirror, "percent"), 100);
}

static void add_mirror(struct draft *draft, const struct ew_json *mirror, struct ew_json *mirrors)
{
    const struct ew_obj *from = draft->rule->route->obj;
    const struct ew_json *ref = ew_json_get(mirror, "backendRef");
    const char *ns = ew_json_get_str(ref, "namespace", "");
    struct resolved resolved;
    struct ew_json *out = ew_json_object(draft->doc);
    ref_resolve(draft->routing, from, ref, &resolved);
    if (resolved.fault != EW_BACKEND_OK && resolved.fault != EW_BACKEND_UNKNOWN) {
        draft_assume(draft, "a mirror is dropped: %s", resolved.why);
        return; /* "this BackendRef is invalid and must be dropped from the Gateway" */
    }
    ew_json_set_str(draft->doc, out, "namespace", *ns ? ns : from->ns);
    ew_json_set_str(draft->doc, out, "name", ew_json_get_str(ref, "name", ""));
    ew_json_set_num(draft->doc, out, "port", (double)ew_json_get_int(ref, "port", 0));
    ew_json_set_num(draft->doc, out, "percent", percent_of(mirror));
    ew_json_add(draft->doc, mirrors, out);
}

/* ---- all of them, in order ---- */

struct effects {
    struct headers headers;
    struct ew_json *response, *mirrors;
    const char *host, *path;
    bool done;
};

static void rewrite(struct draft *draft, const struct ew_json *filter, struct effects *on)
{
    const struct ew_json *modifier = ew_json_get(filter, "path");
    on->host = ew_json_get_str(filter, "hostname", on->host);
    if (modifier)
        on->path = modified_path(draft->arena, modifier, draft->match, draft->ask.path);
}

static void apply_one(struct draft *draft, const struct ew_json *filter, struct effects *on)
{
    const char *type = ew_json_get_str(filter, "type", "");
    const struct filter_row *row = filter_row(type);
    const struct ew_json *body = row ? ew_json_get(filter, row->member) : NULL;
    if (strcmp(type, "RequestHeaderModifier") == 0)
        change_headers(&on->headers, draft, body);
    else if (strcmp(type, "ResponseHeaderModifier") == 0)
        merge_response(draft, body, on->response);
    else if (strcmp(type, "RequestMirror") == 0)
        add_mirror(draft, body, on->mirrors);
    else if (strcmp(type, "URLRewrite") == 0)
        rewrite(draft, body, on);
    else if (strcmp(type, "ExternalAuth") == 0)
        draft_assume(draft, "external authorization lets the request pass");
    else if (strcmp(type, "CORS") == 0 && !on->done)
        on->done = cors_apply(draft, body, (struct ew_json *)ew_json_get(on->response, "set"));
    else if (strcmp(type, "RequestRedirect") == 0 && !on->done) {
        redirect(draft, body);
        on->done = true;
    }
}

static void write_forwarded(struct draft *draft, const struct effects *on)
{
    struct ew_json *out = ew_json_object(draft->doc);
    ew_json_set_str(draft->doc, out, "host", on->host);
    ew_json_set_str(draft->doc, out, "path", on->path);
    write_headers(draft->doc, &on->headers, out);
    draft->out->forwarded = out;
}

void forward_unchanged(struct draft *draft)
{
    struct effects on = {
        .headers.arena = draft->arena, .host = draft->host, .path = draft->ask.path};
    write_forwarded(draft, &on);
}

static const struct ew_json *first_filter(const struct draft *draft, const char *type)
{
    EW_JSON_EACH(filter, ew_json_get(draft->rule->json, "filters"))
    {
        if (strcmp(ew_json_get_str(filter, "type", ""), type) == 0)
            return filter;
    }
    return NULL;
}

void filters_apply(struct draft *draft)
{
    struct effects on = {.headers.arena = draft->arena,
                         .host = draft->host,
                         .path = draft->ask.path,
                         .response = response_json(draft),
                         .mirrors = ew_json_array(draft->doc)};
    const struct ew_json *cors = first_filter(draft, "CORS");
    extensions_find(draft);
    if (cors) /* a preflight is answered before anything else is done */
        apply_one(draft, cors, &on);
    EW_JSON_EACH(filter, ew_json_get(draft->rule->json, "filters"))
    {
        if (filter != cors)
            apply_one(draft, filter, &on);
    }
    draft->out->response_headers = on.response;
    draft->out->mirrors = on.mirrors;
    if (!on.done)
        write_forwarded(draft, &on);
    const char *missing = extension_missing(draft, -1);
    if (missing && !on.done) {
        draft->out->why = missing;
        draft->out->outcome = EW_OUT_NO_BACKEND;
        draft->out->status = 500;
    }
}
