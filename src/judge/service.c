#include "backend.h"

#include <string.h>

static void show_backends(struct judging *j)
{
    struct ew_json *list = layer_list(j, EW_LAYER_SERVICE, "backends");
    for (size_t i = 0; i < j->behind->backend_count; i++) {
        const struct ew_backend *from = &j->behind->backends[i];
        struct ew_json *row = ew_json_add(j->doc, list, ew_json_object(j->doc));
        ew_json_set_str(j->doc, row, "kind", from->kind);
        ew_json_set_str(j->doc, row, "namespace", from->ns);
        ew_json_set_str(j->doc, row, "name", from->name);
        ew_json_set_num(j->doc, row, "port", from->port);
        ew_json_set_num(j->doc, row, "weight", from->weight);
        ew_json_set_bool(j->doc, row, "usable", from->usable);
        ew_json_set_str(j->doc, row, "why_not", from->why_not);
        ew_json_set_num(j->doc, row, "ready", from->ready);
        ew_json_set_num(j->doc, row, "total", from->total);
    }
}

const char *rule_title(struct judging *j)
{
    const struct ew_obj *route = route_winner(j->behind);
    return route ? say(j, "%s rule %d", title(j, route), j->behind->rule) : "the default backend";
}

/* A backend that gets no request is no outage. */
void backend_tags(struct judging *j, struct ew_draft *draft, const struct ew_backend *backend)
{
    draft_tag(j, draft, EW_TAG_BACKEND, ns_name(j, backend->ns, backend->name));
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    if (backend->weight == 0)
        draft->out.severity = EW_SEV_INFO;
}

static void next_service(struct judging *j, struct ew_draft *draft,
                         const struct ew_backend *backend)
{
    draft_next(j, draft, "see the Service's ports and their targets",
               "kubectl get service -n %s %s -o jsonpath='{range .spec.ports[*]}{.name} "
               "{.port}->{.targetPort}{\"\\n\"}{end}'",
               backend->ns, backend->name);
}

void backend_refs_said(struct judging *j, struct ew_draft *draft)
{
    const struct ew_obj *route = route_winner(j->behind);
    EW_JSON_EACH(parent, ew_obj_at(route, "status.parents"))
    {
        struct ew_cond cond;
        if (!ew_cond_find(ew_json_get(parent, "conditions"), "ResolvedRefs", &cond) ||
            !ew_streq(cond.status, "False"))
            continue;
        draft_shows(j, draft, say(j, "status of %s", title(j, route)), "ResolvedRefs=False %s: %s",
                    clean(j, cond.reason), clean(j, cond.message));
        if (ew_streq(cond.reason, "BackendNotFound"))
            draft->marks |= EW_MARK(SAID_BACKEND_NOT_FOUND);
    }
}

/* "80, 8443" */
static const char *ports_of(struct judging *j, const struct ew_obj *service)
{
    struct ew_buf out;
    ew_buf_init(&out, 256);
    EW_JSON_EACH(port, ew_obj_at(service, "spec.ports"))
    ew_buf_addf(&out, "%s%ld", out.len ? ", " : "", ew_json_get_int(port, "port", 0));
    const char *text = say(j, "%s", out.len ? ew_buf_text(&out) : "none");
    ew_buf_release(&out);
    return text;
}

static void judge_port(struct judging *j, const struct ew_backend *backend)
{
    struct ew_draft *draft =
        draft_new(j, "svc-port-mismatch", "Service", backend->ns, backend->name);
    const struct ew_obj *route = route_winner(j->behind);
    draft->from_objects = true;
    draft->out.where = route ? route->where : NULL;
    backend_tags(j, draft, backend);
    draft_says(j, draft,
               "%s sends to port %s of Service %s/%s, which has no such port (it has: %s)",
               route ? title(j, route) : "the rule",
               backend->port_name ? backend->port_name : say(j, "%d", backend->port), backend->ns,
               backend->name, ports_of(j, backend->service));
    draft_shows(j, draft, say(j, "Service %s/%s", backend->ns, backend->name), "%s",
                clean(j, backend->why_not));
    backend_refs_said(j, draft);
    next_service(j, draft, backend);
}

static void judge_not_found(struct judging *j, const struct ew_backend *backend)
{
    const struct ew_obj *route = route_winner(j->behind);
    struct ew_draft *draft =
        draft_new(j, "route-backend-not-found", "Service", backend->ns, backend->name);
    draft->from_objects = true;
    draft->out.where = route ? route->where : NULL;
    backend_tags(j, draft, backend);
    bool seen = backend->fault == EW_BACKEND_NOT_FOUND;
    draft_says(j, draft, "Service %s/%s, to which %s sends, %s", backend->ns, backend->name,
               route ? title(j, route) : "the rule",
               seen ? "does not exist" : "is not found by the controller");
    draft_shows(j, draft, say(j, "Service %s/%s", backend->ns, backend->name), "%s",
                seen ? "not found" : clean(j, backend->why_not));
    backend_refs_said(j, draft);
    draft_next(j, draft, "look for the Service under this name anywhere",
               "kubectl get service -A | grep %s", backend->name);
}

static void judge_not_permitted(struct judging *j, const struct ew_backend *backend)
{
    const struct ew_obj *route = route_winner(j->behind);
    struct ew_draft *draft = draft_about(j, "route-backend-not-permitted", route);
    backend_tags(j, draft, backend);
    draft_says(j, draft, "%sno ReferenceGrant in %s lets %s send to Service %s",
               backend->fault == EW_BACKEND_NOT_PERMITTED ? "" : "the controller says that ",
               backend->ns, title(j, route), backend->name);
    draft_shows(j, draft, title(j, route), "%s", clean(j, backend->why_not));
    backend_refs_said(j, draft);
    draft_next(j, draft, say(j, "create the grant in namespace %s", backend->ns),
               "kubectl get referencegrant -n %s -o yaml", backend->ns);
}

static bool is_external(const struct ew_backend *backend)
{
    return ew_streq(ew_json_str(ew_obj_at(backend->service, "spec.type")), "ExternalName");
}

static void judge_external(struct judging *j, const struct ew_backend *backend)
{
    if (j->live_ok || !j->answer.bad)
        return;
    struct ew_draft *draft = draft_about(j, "svc-externalname-backend", backend->service);
    backend_tags(j, draft, backend);
    draft_says(j, draft, "Service %s/%s is an ExternalName (%s), which not every edge sends to",
               backend->ns, backend->name,
               clean(j, ew_json_str(ew_obj_at(backend->service, "spec.externalName"))));
    draft_shows(j, draft, title(j, backend->service), "type ExternalName");
    backend_refs_said(j, draft);
    draft_next(j, draft, "see where it leads",
               "kubectl get service -n %s %s -o jsonpath='{.spec.externalName}'", backend->ns,
               backend->name);
}

static void judge_backend(struct judging *j, const struct ew_backend *backend)
{
    const char *said = backend_said_unread(j, backend);
    if (backend->fault == EW_BACKEND_PORT)
        judge_port(j, backend);
    else if (backend->fault == EW_BACKEND_NOT_FOUND || ew_streq(said, "BackendNotFound"))
        judge_not_found(j, backend);
    else if ((backend->fault == EW_BACKEND_NOT_PERMITTED && route_winner(j->behind)) ||
             ew_streq(said, "RefNotPermitted"))
        judge_not_permitted(j, backend);
    backend_judge_kind(j, backend);
    if (is_external(backend) && reaches_backends(j))
        judge_external(j, backend);
    backend_judge_tls(j, backend);
    backend_judge_selectorless(j, backend);
}

bool reaches_backends(const struct judging *j)
{
    return j->behind == j->decision;
}

static void not_reached(struct judging *j, enum ew_layer layer)
{
    enum ew_status above = j->layers[EW_LAYER_ROUTE].status;
    bool unknown = above == EW_ST_UNKNOWN && !j->claimed_here;
    layer_is(j, layer, unknown ? EW_ST_UNKNOWN : EW_ST_NOT_REACHED, "%s",
             j->decision && j->decision->outcome == EW_OUT_REDIRECT  ? "answered by a redirect"
             : j->decision && j->decision->outcome == EW_OUT_RESPOND ? "answered by the edge"
             : unknown                                               ? "no route is known"
             : j->decision && j->decision->route                     ? "the rule has no backend"
                                                                     : "no route leads here");
}

/* What the layers from Service on have to look at; false: nothing, and it is said why. What a
 * refused route would lead to is looked at as well, and is still not reached. */
bool reached_backend(struct judging *j, enum ew_layer layer)
{
    if (!j->routing)
        return false;
    if (j->layers[EW_LAYER_ROUTE].pending || j->inside == INSIDE_PENDING) {
        j->layers[layer].pending = true;
        return false;
    }
    if (j->backend && reaches_backends(j))
        return true;
    not_reached(j, layer);
    return j->backend && layer != EW_LAYER_APP;
}

/* "orders-api:80", "InferencePool llama". */
static const char *backend_text(struct judging *j, const struct ew_backend *at)
{
    const char *kind = strcmp(at->kind, "Service") == 0 ? "" : say(j, "%s ", at->kind);
    const char *port = at->port_name ? say(j, ":%s", at->port_name)
                       : at->port    ? say(j, ":%d", at->port)
                                     : "";
    return say(j, "%s%s%s", kind, at->name, port);
}

static void settle(struct judging *j)
{
    const struct ew_backend *at = j->backend;
    size_t more = j->behind->backend_count - 1;
    bool service = strcmp(at->kind, "Service") == 0;
    bool unread = at->fault == EW_BACKEND_UNKNOWN && !at->service && !backend_kind_refused(j, at);
    bool open = unread || backend_kind_open(j, at);
    if (open)
        undecided_add(j, say(j, "get %s %s/%s", at->kind, at->ns, at->name),
                      at->why_not ? clean(j, at->why_not) : "not read",
                      service                 ? "route-backend-not-found svc-port-mismatch"
                      : backend_refs_taken(j) ? ""
                                              : "route-backend-kind-or-port-invalid");
    layer_is(j, EW_LAYER_SERVICE, open ? EW_ST_UNKNOWN : EW_ST_OK, "%s%s", backend_text(j, at),
             more ? say(j, " + %zu", more) : "");
}

void service_judge(struct judging *j)
{
    if (!reached_backend(j, EW_LAYER_SERVICE))
        return;
    if (reaches_backends(j)) {
        settle(j);
        show_backends(j);
    }
    for (size_t i = 0; i < j->behind->backend_count; i++)
        judge_backend(j, &j->behind->backends[i]);
}
