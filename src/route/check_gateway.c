/* GatewayClass, Gateway and ListenerSet. */
#include "config.h"

#include "backend.h"
#include "check.h"

#include "edgewalk/fact/keys.h"

#include <string.h>

static struct ew_json *add(struct checking *on, struct ew_json *list,
                           const struct expected *expected, const struct reports *reports)
{
    return ew_json_add(on->doc, list, condition_json(on, expected, reports));
}

/* ---- parametersRef ---- */

/* Whether it leads somewhere. */
static struct verdict parameters_ref(struct ew_routing *routing, const struct ew_obj *from,
                                     const struct ew_json *ref)
{
    struct verdict out = {.ok = EW_YES};
    const char *group = ew_json_get_str(ref, "group", "");
    const char *kind = ew_json_get_str(ref, "kind", "");
    const char *name = ew_json_get_str(ref, "name", "");
    const char *ns = ew_json_get_str(ref, "namespace", from->ns ? from->ns : "");
    struct ew_seen seen;
    if (!ref)
        return out;
    ew_world_get_any(routing->world, group, kind, ns, name,
                     routing_ask(routing, true, "edge-gwclass-rejected edge-gateway-not-accepted"),
                     &seen);
    out.own = true; /* whether "the data within that resource is malformed" its controller says */
    if (seen.state == EW_KNOWN)
        return out;
    out.ok = seen.state == EW_ABSENT ? EW_NO : EW_MAYBE;
    out.own = out.ok == EW_MAYBE;
    out.reason = "InvalidParameters";
    out.why = ew_arena_fmt(routing->arena, "parametersRef leads to %s%s%s %s%s%s, %s", kind,
                           *group ? "." : "", group, ns, *ns ? "/" : "", name,
                           out.ok == EW_NO ? "which does not exist" : "which is not read here");
    return out;
}

/* ---- GatewayClass ---- */

struct ew_json *check_class(struct checking *on, const struct ew_obj *obj)
{
    struct ew_json *out = object_json(on, obj), *list = ew_json_array(on->doc);
    struct reports reports = status_reports(on, obj, ew_obj_at(obj, "status.conditions"));
    struct verdict parameters =
        parameters_ref(on->routing, obj, ew_obj_at(obj, "spec.parametersRef"));
    const char *controller = ew_json_str(ew_obj_at(obj, "spec.controllerName"));
    if (parameters.ok == EW_MAYBE)
        parameters.ok = EW_YES; /* its controller's own matter; what it reports is shown */
    struct expected accepted = expect_verdict("Accepted", "Accepted", &parameters);
    expect_assume(&accepted, ew_arena_fmt(on->arena, "a controller %s is running",
                                          controller ? controller : "(none named)"));
    add(on, list, &accepted, &reports);
    ew_json_set(on->doc, out, "conditions", list);
    return out;
}

/* ---- Gateway ---- */

/* Valid listeners among the merged ones, those that are not, and whether only their references are
 * at fault. */
struct validity {
    size_t valid, invalid, unknown;
    bool refs_only, doubtful; /* doubtful: implementations differ about a valid one */
    bool own;                 /* an invalid one may be valid to its implementation */
    const char *why;
};

static void weigh(struct ew_routing *routing, struct listener *listener, struct validity *out)
{
    struct verdict valid = listener_valid(routing, listener);
    out->valid += valid.ok == EW_YES;
    out->doubtful |= valid.ok == EW_YES && (listener->bad_kind || listener->shares);
    out->unknown += valid.ok == EW_MAYBE;
    if (valid.ok != EW_NO)
        return;
    out->invalid++;
    out->own |= listener->own_protocol || listener->own_refs;
    if (listener->conflict || listener->accepted.ok == EW_NO || listener->no_ca)
        out->refs_only = false;
    if (!out->why)
        out->why = ew_arena_fmt(routing->arena, "listener %s: %s", listener->name,
                                valid.why ? valid.why : valid.reason);
}

static struct expected not_valid(const struct validity *validity)
{
    struct expected out = expect_true("Accepted", "Accepted");
    out.why = validity->why;
    if (validity->valid || validity->unknown) {
        if (validity->invalid) {
            out.reason = "ListenersNotValid";
            expect_or(&out, "Accepted");
        }
        if (validity->unknown && !validity->invalid)
            expect_or(&out, "ListenersNotValid");
        if (validity->doubtful) {
            out.or_status = "False";
            expect_or(&out, "ListenersNotValid");
        }
        return out;
    }
    out.status = "False";
    out.reason = "ListenersNotValid";
    expect_or(&out, "Invalid");
    out.or_status = validity->refs_only || validity->own ? "True" : NULL;
    return out;
}

static struct expected refuse(const char *reason, const char *why)
{
    struct expected out = {.type = "Accepted", .status = "False", .reason = reason, .why = why};
    return out;
}

/* No controller is there to speak: what the CRD sets, or nothing. */
static struct expected nobody(const char *type, const char *why)
{
    return (struct expected){
        .type = type, .status = "Unknown", .reason = "Pending", .why = why, .or_absent = true};
}

static const char *bad_address(const struct gateway *gateway)
{
    static const char *const known[] = {"IPAddress", "Hostname"};
    EW_JSON_EACH(entry, ew_obj_at(gateway->obj, "spec.addresses"))
    {
        const char *type = ew_json_get_str(entry, "type", "IPAddress");
        bool ours = strcmp(type, known[0]) == 0 || strcmp(type, known[1]) == 0;
        if (!ours)
            return type;
    }
    return NULL;
}

static struct validity weigh_all(struct ew_routing *routing, const struct gateway *gateway)
{
    struct validity validity = {.refs_only = true};
    for (size_t i = 0; i < gateway->listeners.count; i++)
        weigh(routing, gateway->listeners.at[i], &validity);
    return validity;
}

/* Accepted of a Gateway, on which its ListenerSets depend. */
static struct expected gateway_accepted(struct ew_routing *routing, struct gateway *gateway)
{
    if (gateway->classed.ok == EW_NO) {
        return nobody("Accepted", gateway->classed.why);
    }
    struct verdict parameters = parameters_ref(
        routing, gateway->obj, ew_obj_at(gateway->obj, "spec.infrastructure.parametersRef"));
    if (parameters.ok == EW_NO)
        return refuse(parameters.reason, parameters.why);
    const char *type = bad_address(gateway);
    if (type)
        return refuse("UnsupportedAddress",
                      ew_arena_fmt(routing->arena, "address type %s is not supported", type));
    struct validity validity = weigh_all(routing, gateway);
    struct expected out = not_valid(&validity);
    bool parametrised =
        parameters.own || (gateway->class_ && ew_obj_at(gateway->class_, "spec.parametersRef"));
    if (is_true(&out) && parametrised)
        out.or_status = "False";
    return out;
}

static struct expected gateway_programmed(struct ew_routing *routing, struct gateway *gateway,
                                          const struct expected *accepted)
{
    struct expected out = expect_true("Programmed", "Programmed");
    struct validity validity = weigh_all(routing, gateway);
    if (gateway->classed.ok == EW_NO)
        return nobody("Programmed", gateway->classed.why);
    out.by_environment = true;
    expect_assume(&out, "address assigned");
    if (ew_json_count(ew_obj_at(gateway->obj, "spec.addresses")))
        expect_assume(&out, "the requested addresses can be used");
    if (is_true(accepted) && (validity.valid || validity.unknown)) {
        out.or_status = accepted->or_status;
        return out;
    }
    out.status = "False";
    out.reason = "Invalid";
    out.why = accepted->why;
    out.or_absent = accepted->or_absent;
    out.or_status = accepted->or_status ? accepted->or_status : "Unknown"; /* not looked into */
    expect_or(&out, "Pending");
    expect_or(&out, accepted->reason);
    expect_or(&out, "ListenersNotValid");
    return out;
}

static struct expected gateway_refs(struct ew_routing *routing, const struct gateway *gateway)
{
    struct verdict client = gateway_client_cert(routing, gateway);
    struct expected out = expect_verdict("ResolvedRefs", "ResolvedRefs", &client);
    const struct listener *unread = NULL;
    out.or_absent = !ew_obj_at(gateway->obj, "spec.tls.backend");
    for (size_t i = 0; i < gateway->listeners.count && is_true(&out); i++) {
        struct listener *listener = gateway->listeners.at[i];
        listener_refs(routing, listener);
        if (listener->refs.ok == EW_MAYBE)
            unread = listener;
        if (listener->refs.ok != EW_NO)
            continue;
        out.status = "False";
        out.reason = "ListenersNotResolved";
        out.or_status = "True";
        out.why =
            ew_arena_fmt(routing->arena, "listener %s: %s", listener->name, listener->refs.why);
    }
    if (is_true(&out) && unread) {
        out.status = "Unknown";
        out.reason = "";
        out.unread = true;
        out.why = ew_arena_fmt(routing->arena, "listener %s: %s", unread->name, unread->refs.why);
    }
    return out;
}

static bool any_insecure(const struct gateway *gateway)
{
    const struct ew_json *frontend = ew_obj_at(gateway->obj, "spec.tls.frontend");
    if (validation_insecure(ew_json_at(frontend, "default.validation")))
        return true;
    EW_JSON_EACH(entry, ew_json_get(frontend, "perPort"))
    {
        if (validation_insecure(ew_json_at(entry, "tls.validation")))
            return true;
    }
    return false;
}

static void add_insecure(struct checking *on, struct ew_json *list, const struct gateway *gateway,
                         const struct reports *reports)
{
    struct expected out = expect_true("InsecureFrontendValidationMode", "ConfigurationChanged");
    out.harmless = true;
    out.why = "client certificates are asked for and not insisted on (AllowInsecureFallback)";
    if (any_insecure(gateway))
        add(on, list, &out, reports);
    else
        unexpected_condition(on, list, out.type, reports, NULL);
}

/* ---- the ListenerSets of a Gateway ---- */

/* Accepted, which its Gateway counts. */
static struct expected set_accepted(struct ew_routing *routing, struct listener_set *set)
{
    struct validity validity = {.refs_only = true};
    struct expected out = expect_verdict("Accepted", "Accepted", &set->allowed);
    if (!set->gateway && set->gateway_seen.state == EW_ABSENT)
        return nobody("Accepted", set->allowed.why);
    if (!is_true(&out))
        return out;
    for (size_t i = 0; i < set->count; i++)
        weigh(routing, &set->listeners[i], &validity);
    out = not_valid(&validity);
    if (!is_true(&out))
        return out;
    struct expected parent = gateway_accepted(routing, set->gateway);
    if (is_true(&parent))
        return out;
    out = refuse("ParentNotAccepted", ew_arena_fmt(routing->arena, "%s is not accepted: %s",
                                                   obj_title(routing->arena, set->gateway->obj),
                                                   parent.why ? parent.why : parent.reason));
    out.or_status = parent.or_status;
    expect_or(&out, parent.reason); /* reasons of its own it "should prefer", and need not */
    return out;
}

static int attached_sets(struct ew_routing *routing, const struct gateway *gateway)
{
    int count = 0;
    for (size_t i = 0; i < gateway->sets.count; i++) {
        struct expected accepted = set_accepted(routing, gateway->sets.at[i]);
        count += is_true(&accepted);
    }
    return count;
}

struct ew_json *check_gateway(struct checking *on, struct gateway *gateway)
{
    const struct ew_obj *obj = gateway->obj;
    struct ew_json *out = object_json(on, obj), *list = ew_json_array(on->doc);
    struct ew_json *listeners = ew_json_array(on->doc);
    struct reports reports = status_reports(on, obj, ew_obj_at(obj, "status.conditions"));
    struct expected accepted = gateway_accepted(on->routing, gateway);
    struct expected programmed = gateway_programmed(on->routing, gateway, &accepted);
    struct expected refs = gateway_refs(on->routing, gateway);
    add(on, list, &accepted, &reports);
    add(on, list, &programmed, &reports);
    add(on, list, &refs, &reports);
    add_insecure(on, list, gateway, &reports);
    ew_json_set(on->doc, out, "conditions", list);
    ew_json_set(on->doc, out, "attachedListenerSets",
                count_json(on, attached_sets(on->routing, gateway),
                           list_whole(on, EW_LISTENERSET, NULL, NULL),
                           ew_obj_at(obj, "status.attachedListenerSets")));
    for (size_t i = 0; i < gateway->own_count; i++)
        ew_json_add(on->doc, listeners, check_listener(on, &gateway->own[i], is_true(&accepted)));
    ew_json_set(on->doc, out, "listeners", listeners);
    return out;
}

/* ---- ListenerSet ---- */

static struct expected set_programmed(const struct expected *accepted)
{
    struct expected out = *accepted;
    out.type = "Programmed";
    out.by_environment = true;
    if (is_true(accepted)) {
        out.reason = "Programmed";
        memset(out.or_reasons, 0, sizeof(out.or_reasons));
        out.why = NULL;
        expect_assume(&out, "address assigned");
        return out;
    }
    expect_or(&out, "Invalid");
    expect_or(&out, "Pending");
    expect_or(&out, "ParentNotProgrammed");
    return out;
}

static struct ew_json *parent_json(struct checking *on, const struct listener_set *set)
{
    struct ew_json *list = ew_json_array(on->doc), *one = ew_json_object(on->doc);
    const struct ew_json *ref = ew_obj_at(set->obj, "spec.parentRef");
    const char *ns = ew_json_get_str(ref, "namespace", "");
    ew_json_set_str(on->doc, one, "kind", ew_json_get_str(ref, "kind", "Gateway"));
    ew_json_set_str(on->doc, one, "namespace", *ns ? ns : set->obj->ns);
    ew_json_set_str(on->doc, one, "name", ew_json_get_str(ref, "name", ""));
    ew_json_add(on->doc, list, one);
    return list;
}

struct ew_json *check_set(struct checking *on, struct listener_set *set)
{
    const struct ew_obj *obj = set->obj;
    struct ew_json *out = object_json(on, obj), *list = ew_json_array(on->doc);
    struct ew_json *listeners = ew_json_array(on->doc);
    struct reports reports = status_reports(on, obj, ew_obj_at(obj, "status.conditions"));
    struct expected accepted = set_accepted(on->routing, set);
    struct expected programmed = set_programmed(&accepted);
    ew_json_set(on->doc, out, "parents", parent_json(on, set));
    add(on, list, &accepted, &reports);
    add(on, list, &programmed, &reports);
    ew_json_set(on->doc, out, "conditions", list);
    for (size_t i = 0; i < set->count; i++)
        ew_json_add(on->doc, listeners, check_listener(on, &set->listeners[i], is_true(&accepted)));
    ew_json_set(on->doc, out, "listeners", listeners);
    return out;
}
