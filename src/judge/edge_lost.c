/* Fields that were applied and that the API server does not keep, for the installed version or
 * channel of the kind does not know them: nothing says so, and nothing does what they ask. */
#include "edge.h"

#include <stdlib.h>
#include <string.h>

static bool applies(const char *manager)
{
    return ew_text_suffix(manager, "client-side-apply") || ew_text_prefix(manager, "kapp") ||
           ew_text_prefix(manager, "argocd");
}

/* Somebody else has written the object since it was applied, and may have taken the field out. */
static bool edited_since(const struct ew_obj *obj)
{
    int64_t applied = 0, other = 0, when;
    EW_JSON_EACH(entry, ew_obj_at(obj, "metadata.managedFields"))
    {
        bool ours = applies(ew_json_get_str(entry, "manager", ""));
        if (*ew_json_get_str(entry, "subresource", "") ||
            !ew_time_parse(ew_json_get_str(entry, "time", NULL), &when))
            continue;
        if (ours && when > applied)
            applied = when;
        else if (!ours && when > other)
            other = when;
    }
    return other > applied;
}

/* "spec.rules[3].retry" is of rule 3; -1: of the object as a whole. */
static int rule_of(const char *path)
{
    static const char *const rules = "spec.rules[";
    return ew_text_prefix(path, rules) ? (int)strtol(path + strlen(rules), NULL, 10) : -1;
}

/* "spec.rules[3].retry" as kubectl explain wants it: "spec.rules.retry" */
static const char *without_indexes(struct judging *j, const char *path)
{
    char *copy = ew_arena_strdup(j->arena, path), *to = copy;
    bool inside = false;
    for (const char *at = copy; *at; at++) {
        inside = *at == '[' || (inside && *at != ']');
        if (!inside && *at != ']')
            *to++ = *at;
    }
    *to = '\0';
    return clean(j, copy);
}

static struct ew_draft *lost_draft(struct judging *j, const struct ew_obj *obj,
                                   const struct ew_obj *gateway, const char *path)
{
    struct ew_draft *draft = draft_about(j, "edge-feature-unsupported", obj);
    tag_host(j, draft);
    tag_gateway(j, draft, gateway);
    draft->out.severity = EW_SEV_WARN; /* raised by what it accounts for */
    if (edge_lacks_rule(j))
        draft->marks |= EW_MARK(RULE_FOR_PATH_HERE);
    draft_says(j, draft,
               "%s was applied with %s, and the API server has dropped it: the installed version "
               "or channel of %s does not know the field",
               title(j, obj), clean(j, path), obj->kind_name);
    draft_next(j, draft, "see which bundle and channel are installed, and whether they know it",
               "kubectl get crd %s -o jsonpath='{.metadata.annotations}'; kubectl explain %s.%s",
               ew_kind_row(obj->kind)->resource, ew_kind_row(obj->kind)->plural,
               without_indexes(j, path));
    return draft;
}

/* rule -1: of all rules. */
static void judge_object(struct judging *j, const struct ew_obj *obj, const struct ew_obj *gateway,
                         int rule)
{
    struct ew_draft *draft = NULL;
    const struct ew_json *lost = ew_json_get(obj->json, "lost_fields");
    if (!ew_json_count(lost) || edited_since(obj))
        return;
    EW_JSON_EACH(field, lost)
    {
        const char *path = ew_json_str_or(field, "");
        if (rule >= 0 && rule_of(path) >= 0 && rule_of(path) != rule)
            continue;
        if (!draft)
            draft = lost_draft(j, obj, gateway, path);
        draft_shows(j, draft, title(j, obj),
                    "%s is in what was applied last, and not in the object", clean(j, path));
    }
}

/* Of what serves the request. */
void edge_judge_lost(struct judging *j)
{
    const struct ew_decision *by = j->decision;
    if (by->gateway && by->route)
        judge_object(j, by->route, by->gateway, by->rule);
    if (by->gateway)
        judge_object(j, by->gateway, by->gateway, -1);
}
