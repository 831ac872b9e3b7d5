#include "route.h"

bool ref_is(const struct judging *j, const struct ew_attachment *ref, const char *type,
            const char *status, struct ew_cond *out)
{
    return ew_attachment_reported(j->routing, ref, type, out) && ew_streq(out->status, status) &&
           !ew_cond_stale(out, ref->route);
}

void ref_shows_accepted(struct judging *j, struct ew_draft *draft, const struct ew_attachment *ref)
{
    struct ew_cond cond;
    if (ew_attachment_reported(j->routing, ref, "Accepted", &cond))
        draft_shows_cond(j, draft, say(j, "status of %s", title(j, ref->route)), &cond);
}

bool ref_takes_part(const struct judging *j, const struct ew_attachment *ref)
{
    const struct ew_decision *by = j->decision;
    const struct ew_obj *owner = listener_owner(by);
    for (size_t i = 0; i < ref->gate_count; i++)
        if (ref->gates[i].passes == EW_YES && ref->gates[i].owner == owner &&
            ew_streq(ref->gates[i].listener, by->listener))
            return true;
    return false;
}

bool winner_reported(const struct judging *j, const char *type, struct ew_cond *out)
{
    const struct ew_obj *route = j->decision->route;
    for (size_t i = 0; route && i < j->attachment_count; i++) {
        const struct ew_attachment *ref = j->attachments[i];
        if (ref->route == route && ref_takes_part(j, ref) &&
            ew_attachment_reported(j->routing, ref, type, out) && !ew_cond_stale(out, route))
            return true;
    }
    return false;
}

void tag_request(struct judging *j, struct ew_draft *draft)
{
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    draft_tag(j, draft, EW_TAG_OBJECT, say(j, "Answer %s", j->url));
}
