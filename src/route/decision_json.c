/* The object of doc/edgewalk.route.v1.schema.json. */
#include "config.h"

#include "routing.h"

static const char *const outcomes[] = {
    [EW_OUT_BACKEND] = "backend",         [EW_OUT_REDIRECT] = "redirect",
    [EW_OUT_RESPOND] = "respond",         [EW_OUT_NO_LISTENER] = "no-listener",
    [EW_OUT_NO_ROUTE] = "no-route",       [EW_OUT_NO_BACKEND] = "no-backend",
    [EW_OUT_MISDIRECTED] = "misdirected", [EW_OUT_REJECTED] = "rejected",
    [EW_OUT_UNKNOWN] = "unknown",
};

static struct ew_json *name_json(struct ew_doc *doc, const struct ew_obj *obj, bool kind)
{
    if (!obj)
        return ew_json_null(doc);
    struct ew_json *out = ew_json_object(doc);
    if (kind)
        ew_json_set_str(doc, out, "kind", obj->kind_name);
    ew_json_set_str(doc, out, "namespace", obj->ns);
    ew_json_set_str(doc, out, "name", obj->name);
    return out;
}

static struct ew_json *number_or_null(struct ew_doc *doc, int number, int none)
{
    return number == none ? ew_json_null(doc) : ew_json_number(doc, number);
}

static struct ew_json *copy_or_null(struct ew_doc *doc, const struct ew_json *node)
{
    return node ? ew_json_copy(doc, node) : ew_json_null(doc);
}

static struct ew_json *texts(struct ew_doc *doc, const char *const *list)
{
    struct ew_json *out = ew_json_array(doc);
    for (size_t i = 0; list && list[i]; i++)
        ew_json_add(doc, out, ew_json_string(doc, list[i]));
    return out;
}

static struct ew_json *backend_json(struct ew_doc *doc, const struct ew_backend *backend)
{
    struct ew_json *out = ew_json_object(doc);
    if (*backend->group)
        ew_json_set_str(doc, out, "group", backend->group);
    ew_json_set_str(doc, out, "kind", backend->kind);
    ew_json_set_str(doc, out, "namespace", backend->ns);
    ew_json_set_str(doc, out, "name", backend->name);
    ew_json_set(doc, out, "port", number_or_null(doc, backend->port, 0));
    ew_json_set_num(doc, out, "weight", backend->weight);
    ew_json_set_num(doc, out, "share", backend->share);
    ew_json_set_bool(doc, out, "usable", backend->usable);
    ew_json_set_str(doc, out, "why_not", backend->why_not);
    ew_json_set(doc, out, "ready", number_or_null(doc, backend->ready, -1));
    ew_json_set(doc, out, "total", number_or_null(doc, backend->total, -1));
    ew_json_set(doc, out, "forwarded", copy_or_null(doc, backend->forwarded));
    ew_json_set(doc, out, "tls", copy_or_null(doc, backend->tls));
    return out;
}

static struct ew_json *backends_json(struct ew_doc *doc, const struct ew_decision *decision)
{
    struct ew_json *out = ew_json_array(doc);
    for (size_t i = 0; i < decision->backend_count; i++)
        ew_json_add(doc, out, backend_json(doc, &decision->backends[i]));
    return out;
}

static struct ew_json *decision_body(struct ew_doc *doc, const struct ew_decision *decision)
{
    struct ew_json *out = ew_json_object(doc);
    ew_json_set_str(doc, out, "outcome", outcomes[decision->outcome]);
    ew_json_set(doc, out, "status", number_or_null(doc, decision->status, 0));
    ew_json_set(doc, out, "grpc_status", number_or_null(doc, decision->grpc_status, -1));
    ew_json_set_str(doc, out, "why", decision->why);
    ew_json_set(doc, out, "gateway", name_json(doc, decision->gateway, false));
    ew_json_set_str(doc, out, "listener", decision->listener);
    ew_json_set(doc, out, "listener_set", name_json(doc, decision->listener_set, false));
    ew_json_set(doc, out, "ingress", name_json(doc, decision->ingress, false));
    ew_json_set(doc, out, "route", name_json(doc, decision->route, true));
    ew_json_set(doc, out, "rule", number_or_null(doc, decision->rule, -1));
    ew_json_set_str(doc, out, "rule_name", ew_json_get_str(decision->rule_json, "name", NULL));
    ew_json_set(doc, out, "match", number_or_null(doc, decision->match, -1));
    ew_json_set(doc, out, "backends", backends_json(doc, decision));
    ew_json_set(doc, out, "certificate", copy_or_null(doc, decision->certificate));
    ew_json_set(doc, out, "redirect", copy_or_null(doc, decision->redirect));
    ew_json_set(doc, out, "forwarded", copy_or_null(doc, decision->forwarded));
    ew_json_set(doc, out, "response_headers", copy_or_null(doc, decision->response_headers));
    ew_json_set(doc, out, "mirrors",
                decision->mirrors ? ew_json_copy(doc, decision->mirrors) : ew_json_array(doc));
    ew_json_set(doc, out, "timeouts", copy_or_null(doc, decision->timeouts));
    ew_json_set(doc, out, "retries", copy_or_null(doc, decision->retries));
    return out;
}

static struct ew_json *request_json(struct ew_doc *doc, const struct ew_request *request,
                                    const char *scheme)
{
    struct ew_json *out = ew_json_object(doc), *headers = ew_json_object(doc);
    ew_json_set_str(doc, out, "scheme", scheme);
    ew_json_set_str(doc, out, "host", request->host);
    ew_json_set_num(doc, out, "port", request->port);
    ew_json_set_str(doc, out, "path", request->path);
    ew_json_set_str(doc, out, "query", request->query ? request->query : "");
    ew_json_set_str(doc, out, "method", request->method);
    for (const char *const *at = request->headers; at && at[0]; at += 2)
        ew_json_set_str(doc, headers, at[0], at[1]);
    ew_json_set(doc, out, "headers", headers);
    ew_json_set_str(doc, out, "sni", request->sni);
    return out;
}

static struct ew_json *candidates_json(struct ew_doc *doc, const struct ew_decision *decision)
{
    struct ew_json *out = ew_json_array(doc);
    for (size_t i = 0; i < decision->candidate_count; i++) {
        const struct ew_candidate *candidate = &decision->candidates[i];
        struct ew_json *one = ew_json_object(doc);
        ew_json_set(doc, one, "route", name_json(doc, candidate->route, true));
        ew_json_set(doc, one, "rule", number_or_null(doc, candidate->rule, -1));
        ew_json_set(doc, one, "match", number_or_null(doc, candidate->match, -1));
        ew_json_set_bool(doc, one, "attached", candidate->attached);
        ew_json_set_bool(doc, one, "matched", candidate->matched);
        ew_json_set_bool(doc, one, "wins", candidate->wins);
        ew_json_set_str(doc, one, "why_not", candidate->why_not);
        ew_json_set_str(doc, one, "where", candidate->route->where);
        ew_json_add(doc, out, one);
    }
    return out;
}

static struct ew_json *differs_json(struct ew_doc *doc, const struct ew_decision *decision,
                                    const struct ew_decision *also)
{
    struct ew_json *out = ew_json_array(doc);
    struct ew_difference rows[EW_DIFFERENCES_MAX];
    struct ew_arena *arena = ew_arena_new();
    size_t count = ew_decisions_compare(decision, also, arena, rows);
    for (size_t i = 0; i < count; i++) {
        struct ew_json *one = ew_json_object(doc);
        ew_json_set_str(doc, one, "what", rows[i].what);
        ew_json_set_str(doc, one, "decision", rows[i].a);
        ew_json_set_str(doc, one, "also", rows[i].b);
        ew_json_add(doc, out, one);
    }
    ew_arena_free(arena);
    return out;
}

/* The other entry points, in short, and what each does otherwise. */
static struct ew_json *also_json(struct ew_doc *doc, const struct ew_decision *decision)
{
    struct ew_json *out = ew_json_array(doc);
    for (const struct ew_decision *at = decision->next; at; at = at->next) {
        struct ew_json *one = ew_json_object(doc);
        ew_json_set_str(doc, one, "outcome", outcomes[at->outcome]);
        ew_json_set(doc, one, "status", number_or_null(doc, at->status, 0));
        ew_json_set(doc, one, "gateway", name_json(doc, at->gateway, false));
        ew_json_set_str(doc, one, "listener", at->listener);
        ew_json_set(doc, one, "ingress", name_json(doc, at->ingress, false));
        ew_json_set(doc, one, "route", name_json(doc, at->route, true));
        ew_json_set(doc, one, "rule", number_or_null(doc, at->rule, -1));
        ew_json_set(doc, one, "backends", backends_json(doc, at));
        ew_json_set(doc, one, "differs", differs_json(doc, decision, at));
        ew_json_add(doc, out, one);
    }
    return out;
}

struct ew_doc *ew_decision_json(const struct ew_decision *decision,
                                const struct ew_request *request, const char *scheme)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *out = ew_json_object(doc);
    ew_json_set_str(doc, out, "schema", "edgewalk.route/v1");
    ew_json_set(doc, out, "request", request_json(doc, request, scheme));
    ew_json_set(doc, out, "decision", decision_body(doc, decision));
    ew_json_set(doc, out, "also", also_json(doc, decision));
    ew_json_set(doc, out, "assumes", texts(doc, decision->assumes));
    ew_json_set(doc, out, "undecided", texts(doc, decision->undecided));
    ew_json_set(doc, out, "candidates", candidates_json(doc, decision));
    ew_json_set_num(doc, out, "others", (double)decision->others);
    ew_doc_set_root(doc, out);
    return doc;
}
