#include "backend.h"

#include <string.h>

/* ---- kinds, ports, protocols ---- */

static bool is_service(const struct ew_backend *backend)
{
    return !*backend->group && strcmp(backend->kind, "Service") == 0;
}

static const char *kind_title(struct judging *j, const struct ew_backend *backend)
{
    return say(j, "%s%s%s", backend->kind, *backend->group ? "." : "", backend->group);
}

static bool named_in(const char *message, const char *name)
{
    return message && *name && strstr(message, name);
}

/* ResolvedRefs is one word for all references of a route: it speaks of this backend when it names
 * it, or when no other could be meant. */
static bool is_meant(const struct judging *j, const struct ew_backend *backend,
                     const struct ew_cond *cond)
{
    size_t refs = 0;
    EW_JSON_EACH(rule, ew_obj_at(j->behind->route, "spec.rules"))
    refs += ew_json_count(ew_json_get(rule, "backendRefs"));
    return refs == 1 || named_in(cond->message, backend->name);
}

/* The controller refuses the reference for its kind or its protocol, whatever we think of it. */
static bool is_refused(const struct judging *j, const struct ew_backend *backend,
                       struct ew_cond *cond)
{
    if (!winner_reported(j, "ResolvedRefs", cond) || !ew_streq(cond->status, "False"))
        return false;
    if (!is_service(backend))
        return ew_streq(cond->reason, "InvalidKind") ||
               (ew_streq(cond->reason, "UnsupportedValue") && is_meant(j, backend, cond));
    return ew_streq(cond->reason, "UnsupportedProtocol") && is_meant(j, backend, cond);
}

bool backend_kind_refused(const struct judging *j, const struct ew_backend *backend)
{
    struct ew_cond cond;
    return is_refused(j, backend, &cond);
}

const char *backend_said_unread(const struct judging *j, const struct ew_backend *backend)
{
    static const char *const reasons[] = {"BackendNotFound", "RefNotPermitted"};
    struct ew_cond cond;
    if (backend->fault != EW_BACKEND_UNKNOWN || backend->service || !is_service(backend) ||
        !j->behind->route || j->live_ok || !winner_reported(j, "ResolvedRefs", &cond) ||
        !ew_streq(cond.status, "False") || !is_meant(j, backend, &cond))
        return NULL;
    for (size_t i = 0; i < EW_COUNT(reasons); i++)
        if (ew_streq(cond.reason, reasons[i]))
            return reasons[i];
    return NULL;
}

bool backend_refs_taken(const struct judging *j)
{
    struct ew_cond cond;
    return winner_reported(j, "ResolvedRefs", &cond) && ew_streq(cond.status, "True");
}

bool backend_kind_open(const struct judging *j, const struct ew_backend *backend)
{
    if (backend->fault != EW_BACKEND_KIND || is_service(backend) ||
        backend_kind_refused(j, backend))
        return false;
    return backend_refs_taken(j) || (*backend->group && j->inside == INSIDE_FILES);
}

static const char *kind_says(struct judging *j, const struct ew_backend *backend)
{
    if (backend->fault == EW_BACKEND_PROTOCOL)
        return say(j, "%s cannot send to Service %s/%s: %s", rule_title(j), backend->ns,
                   backend->name, clean(j, backend->why_not));
    if (is_service(backend) && backend->fault == EW_BACKEND_KIND)
        return say(j, "%s sends to Service %s/%s and names no port", rule_title(j), backend->ns,
                   backend->name);
    if (is_service(backend))
        return say(
            j, "the controller refuses the protocol of Service %s/%s port %d, to which %s sends",
            backend->ns, backend->name, backend->port, rule_title(j));
    return say(j, "%s sends to %s %s/%s, and that is no kind of backend here", rule_title(j),
               kind_title(j, backend), backend->ns, backend->name);
}

static void show_service_port(struct judging *j, struct ew_draft *draft,
                              const struct ew_backend *backend)
{
    EW_JSON_EACH(port, ew_obj_at(backend->service, "spec.ports"))
    draft_shows(j, draft, title(j, backend->service), "port %ld: protocol %s, appProtocol %s",
                ew_json_get_int(port, "port", 0), ew_json_get_str(port, "protocol", "TCP"),
                clean(j, ew_json_get_str(port, "appProtocol", "none")));
}

static void next_for_kind(struct judging *j, struct ew_draft *draft,
                          const struct ew_backend *backend)
{
    if (is_service(backend))
        draft_next(j, draft,
                   backend->port
                       ? "see what the Service's ports speak"
                       : "give the number of one of the Service's ports in the backendRef",
                   "kubectl get service -n %s %s -o jsonpath='{range .spec.ports[*]}{.port} "
                   "{.protocol} {.appProtocol}{\"\\n\"}{end}'",
                   backend->ns, backend->name);
    else
        draft_next(j, draft,
                   "see whether the kind is installed, and whether the controller takes it",
                   "kubectl api-resources | grep -w %s", backend->kind);
}

void backend_judge_kind(struct judging *j, const struct ew_backend *backend)
{
    bool refused = backend_kind_refused(j, backend);
    bool ours = backend->fault == EW_BACKEND_KIND || backend->fault == EW_BACKEND_PROTOCOL;
    bool other = backend->fault != EW_BACKEND_OK && backend->fault != EW_BACKEND_UNKNOWN;
    if (!j->behind->route || (ours ? backend_kind_open(j, backend) : !refused || other))
        return;
    struct ew_draft *draft = draft_new(j, "route-backend-kind-or-port-invalid", backend->kind,
                                       backend->ns, backend->name);
    draft->from_objects = true;
    draft->out.where = j->behind->route->where;
    backend_tags(j, draft, backend);
    draft_tag(j, draft, EW_TAG_CLASS,
              ew_json_str(ew_obj_at(j->behind->gateway, "spec.gatewayClassName")));
    draft_says(j, draft, "%s", kind_says(j, backend));
    if (ours)
        draft_shows(j, draft, rule_title(j), "%s", clean(j, backend->why_not));
    show_service_port(j, draft, backend);
    backend_refs_said(j, draft);
    next_for_kind(j, draft, backend);
}

/* ---- nothing to send to ---- */

static bool has_filter(const struct ew_json *rule, const char *type)
{
    EW_JSON_EACH(filter, ew_json_get(rule, "filters"))
    if (ew_streq(ew_json_get_str(filter, "type", ""), type))
        return true;
    return false;
}

static bool any_weight(const struct ew_decision *decision)
{
    for (size_t i = 0; i < decision->backend_count; i++)
        if (decision->backends[i].weight)
            return true;
    return false;
}

static void show_weights(struct judging *j, struct ew_draft *draft)
{
    const struct ew_decision *decision = j->decision;
    for (size_t i = 0; i < decision->backend_count; i++)
        draft_shows(j, draft, rule_title(j), "backendRef %s/%s: weight %d",
                    decision->backends[i].ns, decision->backends[i].name,
                    decision->backends[i].weight);
    if (!decision->backend_count)
        draft_shows(j, draft, rule_title(j), "no backendRefs, and no RequestRedirect");
}

static void show_conditions(struct judging *j, struct ew_draft *draft)
{
    static const char *const types[] = {"Accepted", "ResolvedRefs"};
    for (size_t i = 0; i < EW_COUNT(types); i++) {
        struct ew_cond cond;
        if (winner_reported(j, types[i], &cond))
            draft_shows(j, draft, say(j, "status of %s", title(j, j->decision->route)), "%s=%s %s",
                        types[i], clean(j, cond.status), clean(j, cond.reason));
    }
}

void backends_judge_none(struct judging *j)
{
    const struct ew_decision *decision = j->decision;
    if (decision->outcome != EW_OUT_NO_BACKEND || !decision->route || any_weight(decision) ||
        has_filter(decision->rule_json, "ExtensionRef"))
        return;
    struct ew_draft *draft = draft_about(j, "route-no-effective-backend", decision->route);
    tag_request(j, draft);
    draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, decision->gateway->ns, decision->gateway->name));
    draft_says(j, draft, "%s sends nowhere: %s", rule_title(j),
               decision->backend_count ? "the weights of all its backendRefs are 0"
                                       : "it has no backendRefs and does not redirect");
    show_weights(j, draft);
    show_conditions(j, draft);
    draft_next(j, draft, "see the backends and weights of each rule",
               "kubectl get %s -n %s %s -o jsonpath='{range .spec.rules[*]}{.backendRefs[*].name} "
               "{.backendRefs[*].weight}{\"\\n\"}{end}'",
               ew_kind_row(decision->route->kind)->resource, decision->route->ns,
               decision->route->name);
}
