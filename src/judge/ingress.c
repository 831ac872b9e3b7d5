#include "tls.h"

#define DEFAULT_CLASS "ingressclass.kubernetes.io/is-default-class"
#define CLASS_ANNOTATION "kubernetes.io/ingress.class"

static struct ew_draft *ingress_draft(struct judging *j, const char *cause,
                                      const struct ew_obj *ingress)
{
    struct ew_draft *draft = draft_about(j, cause, ingress);
    route_marks(j, draft, ingress);
    draft_tag(j, draft, EW_TAG_GATEWAY, title(j, ingress));
    if (j->decision && j->decision->gateway) { /* a Gateway serves the host beside it */
        draft->marks |= EW_MARK(OTHER_ROUTE_FITS);
        draft->out.severity = EW_SEV_WARN;
    } else if (!j->attachment_count) {
        draft->marks |= EW_MARK(ONLY_ROUTE_FOR_HOST);
    }
    return draft;
}

static const struct ew_obj *default_class(const struct judging *j, size_t *count)
{
    const struct ew_obj *found = NULL;
    *count = 0;
    for (size_t i = 0; i < ew_world_count(j->world, EW_INGRESSCLASS); i++) {
        const struct ew_obj *class = ew_world_at(j->world, EW_INGRESSCLASS, i);
        if (!ew_streq(ew_obj_annotation(class, DEFAULT_CLASS), "true"))
            continue;
        found = found ? found : class;
        ++*count;
    }
    return found;
}

static void judge_named(struct judging *j, const struct ew_obj *ingress, const char *name)
{
    struct ew_ask optional = asking(j, true, "edge-ingressclass-not-found");
    struct ew_seen seen;
    const struct ew_obj *class =
        ew_world_get(j->world, EW_INGRESSCLASS, NULL, name, optional, &seen);
    if (class || seen.state != EW_ABSENT || j->inside == INSIDE_FILES)
        return;
    struct ew_draft *draft = ingress_draft(j, "edge-ingressclass-not-found", ingress);
    draft_says(j, draft, "Ingress %s/%s names IngressClass %s, which does not exist", ingress->ns,
               ingress->name, name);
    draft_shows(j, draft, title(j, ingress), "spec.ingressClassName: %s", name);
    draft_next(j, draft, "see which classes there are", "kubectl get ingressclass");
}

static void judge_unset(struct judging *j, const struct ew_obj *ingress)
{
    size_t defaults;
    struct ew_seen seen = ew_world_listed(j->world, EW_INGRESSCLASS, NULL,
                                          asking(j, true, "edge-ingressclass-unset"));
    const struct ew_obj *class = default_class(j, &defaults);
    if (seen.state != EW_KNOWN || class || j->inside == INSIDE_FILES || j->live_ok)
        return;
    struct ew_draft *draft = ingress_draft(j, "edge-ingressclass-unset", ingress);
    draft_says(j, draft, "Ingress %s/%s names no class and no class is the default", ingress->ns,
               ingress->name);
    draft_shows(j, draft, title(j, ingress), "no spec.ingressClassName, no %s", CLASS_ANNOTATION);
    draft_next(j, draft, "see the classes, and name one", "kubectl get ingressclass");
}

static bool is_default(const struct judging *j, const char *name)
{
    const struct ew_obj *class = ew_world_find(j->world, EW_INGRESSCLASS, NULL, name);
    return class && ew_streq(ew_obj_annotation(class, DEFAULT_CLASS), "true");
}

/* A class that the admission plugin filled in looks like one that was typed. */
static void judge_two_defaults(struct judging *j, const struct ew_obj *ingress, const char *name)
{
    size_t defaults;
    const struct ew_obj *class = default_class(j, &defaults);
    if (defaults < 2 || j->live_ok || (name && !is_default(j, name)))
        return;
    struct ew_draft *draft = draft_about(j, "edge-ingressclass-two-defaults", class);
    draft->marks |= EW_MARK(TWO_DEFAULTS_CHOSE);
    route_marks(j, draft, ingress);
    draft_says(j, draft, "%zu IngressClasses are the default, and Ingress %s/%s %s%s", defaults,
               ingress->ns, ingress->name, name ? "has one of them: " : "names none",
               name ? name : "");
    draft_shows(j, draft, title(j, ingress), "class %s", name ? name : "not named");
    draft_next(j, draft, "leave the annotation on one class only",
               "kubectl get ingressclass -o yaml | grep -B8 is-default-class");
}

/* TLS blocks that leave the host out matter where another certificate is served for it. */
static void judge_tls_hosts(struct judging *j, const struct ew_obj *ingress)
{
    const struct ew_json *blocks = ew_obj_at(ingress, "spec.tls");
    bool served = draft_find(j, "tls-name-mismatch") || draft_find(j, "tls-unrecognized-name") ||
                  draft_find(j, "tls-untrusted-ca");
    if (!j->tls || !ew_json_count(blocks) || !served)
        return;
    EW_JSON_EACH(block, blocks)
    if (tls_block_names_host(j, block) || !ew_json_count(ew_json_get(block, "hosts")))
        return;
    struct ew_draft *draft = ingress_draft(j, "tls-ingress-host-not-in-tls", ingress);
    draft->marks |= EW_MARK(SECRET_OF_HOST);
    draft_tag(j, draft, EW_TAG_CERT, title(j, ingress));
    draft_says(j, draft, "Ingress %s/%s routes %s, and none of its tls blocks names it",
               ingress->ns, ingress->name, j->claimed);
    EW_JSON_EACH(block, blocks)
    {
        const char *secret = ns_name(j, ingress->ns, ew_json_get_str(block, "secretName", "?"));
        draft_shows(j, draft, title(j, ingress), "tls block with Secret %s names other hosts",
                    secret);
    }
    draft_next(j, draft, "compare its tls hosts with its rules",
               "kubectl get ingress -n %s %s -o jsonpath='{.spec.tls[*].hosts} | "
               "{.spec.rules[*].host}'",
               ingress->ns, ingress->name);
}

void ingress_judge(struct judging *j)
{
    for (size_t i = 0; i < j->entry_count; i++) {
        const struct ew_obj *ingress = j->entries[i].obj;
        if (ingress->kind != EW_INGRESS)
            continue;
        const char *name = ew_json_str(ew_obj_at(ingress, "spec.ingressClassName"));
        if (name)
            judge_named(j, ingress, name);
        else if (!ew_obj_annotation(ingress, CLASS_ANNOTATION))
            judge_unset(j, ingress);
        judge_two_defaults(j, ingress, name);
        judge_tls_hosts(j, ingress);
    }
}
