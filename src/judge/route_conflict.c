/* HTTPRoutes and GRPCRoutes that claim one host at one listener: the older has it, the other is
 * refused or left unused (GRPCRouteSpec.hostnames). Controllers that serve both are left alone. */
#include "route.h"

/* The request is one for the route that lost, and the other's rule takes it. */
static bool is_robbed(const struct judging *j, const struct ew_attachment *ref,
                      const struct ew_gate_result *gate)
{
    return gate->rival && gate->rival == j->decision->route && ref->route->kind == EW_GRPCROUTE &&
           route_has_rule(j, ref->route);
}

bool route_is_robbed(const struct judging *j)
{
    for (size_t i = 0; j->decision && i < j->attachment_count; i++)
        for (size_t k = 0; k < j->attachments[i]->gate_count; k++)
            if (is_robbed(j, j->attachments[i], &j->attachments[i]->gates[k]))
                return true;
    return false;
}

static const char *hosts_of(struct judging *j, const struct ew_obj *route)
{
    struct ew_buf buf;
    ew_buf_init(&buf, 400);
    EW_JSON_EACH(host, ew_obj_at(route, "spec.hostnames"))
    ew_buf_addf(&buf, "%s%s", buf.len ? ", " : "", ew_json_str_or(host, "?"));
    const char *copy = clean(j, buf.len ? ew_buf_text(&buf) : "any");
    ew_buf_release(&buf);
    return copy;
}

static void show_route(struct judging *j, struct ew_draft *draft, const struct ew_obj *route)
{
    const char *created = ew_json_str(ew_obj_at(route, "metadata.creationTimestamp"));
    draft_shows(j, draft, title(j, route), "hostnames %s; created %s", hosts_of(j, route),
                created ? clean(j, created) : "not yet");
}

static struct ew_draft *conflict_draft(struct judging *j, const struct ew_attachment *ref,
                                       const struct ew_obj *winner)
{
    struct ew_draft *draft = draft_about(j, "route-http-grpc-conflict", ref->route);
    route_marks(j, draft, ref->route);
    draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, ref->parent_ns, ref->parent_name));
    show_route(j, draft, ref->route);
    show_route(j, draft, winner);
    ref_shows_accepted(j, draft, ref);
    if (!draft->out.step_count)
        draft_next(j, draft, "give one of the two a host name, or a listener, of its own",
                   "kubectl get httproute,grpcroute -A -o custom-columns="
                   "KIND:.kind,NS:.metadata.namespace,NAME:.metadata.name,"
                   "CREATED:.metadata.creationTimestamp,HOSTS:.spec.hostnames");
    return draft;
}

/* What the controller has accepted and the answer does not contradict is served: it merges them. */
static bool is_merged(const struct judging *j, const struct ew_attachment *ref)
{
    struct ew_cond cond;
    bool accepted =
        ew_attachment_reported(j->routing, ref, "Accepted", &cond) && ew_streq(cond.status, "True");
    return accepted && (j->live_ok || (route_winner(j->decision) && !j->answer.bad));
}

void route_judge_conflict(struct judging *j, const struct ew_attachment *ref,
                          const struct ew_gate_result *gate)
{
    bool robbed = is_robbed(j, ref, gate) && j->answer.bad;
    if (is_merged(j, ref))
        return;
    struct ew_draft *draft = conflict_draft(j, ref, gate->rival);
    if (robbed) {
        draft->marks &= ~EW_MARK(OTHER_ROUTE_FITS);
        draft->marks |= EW_MARK(RULE_FOR_PATH_HERE);
        draft->out.severity = draft->out.cause->severity;
    }
    draft_says(j, draft,
               "%s loses %s at listener %s of %s %s/%s to %s, which is older%s: HTTPRoutes and "
               "GRPCRoutes cannot share a host there",
               title(j, ref->route), j->claimed, gate->listener, ref->parent_kind, ref->parent_ns,
               ref->parent_name, title(j, gate->rival), robbed ? " and takes this gRPC call" : "");
}

/* ---- controllers that decide the other way round ---- */

static const struct ew_attachment *loser_to(const struct judging *j, const struct ew_obj *winner)
{
    for (size_t i = 0; i < j->attachment_count; i++)
        for (size_t k = 0; k < j->attachments[i]->gate_count; k++)
            if (j->attachments[i]->gates[k].rival == winner)
                return j->attachments[i];
    return NULL;
}

/* The older route, which the controller refuses, for one of the other kind that it accepts. */
bool route_judge_conflict_reported(struct judging *j, const struct ew_attachment *ref,
                                   const struct ew_cond *refused)
{
    struct ew_cond cond;
    const struct ew_attachment *other = loser_to(j, ref->route);
    if (!other || !ew_attachment_reported(j->routing, other, "Accepted", &cond) ||
        !ew_streq(cond.status, "True"))
        return false;
    struct ew_draft *draft = conflict_draft(j, ref, other->route);
    draft_says(
        j, draft,
        "the controller refuses %s (%s) and takes %s: HTTPRoutes and GRPCRoutes cannot share "
        "%s at one listener",
        title(j, ref->route), clean(j, refused->reason), title(j, other->route), j->claimed);
    return true;
}
