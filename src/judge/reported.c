#include "route.h"

bool ref_takes_part(const struct judging *j, const struct ew_attachment *ref)
{
    const struct ew_decision *by = j->decision;
    const struct ew_obj *owner = by->listener_set ? by->listener_set : by->gateway;
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
