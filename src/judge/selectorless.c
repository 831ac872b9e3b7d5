/* Services without a selector: their addresses are written by hand, in EndpointSlices (or an
 * Endpoints object, which is mirrored into one). */
#include "backend.h"

#include <stdlib.h>
#include <string.h>

#define SERVICE_LABEL "kubernetes.io/service-name"

enum { SHOWN_MAX = 4 };

static bool is_selectorless(const struct ew_obj *service)
{
    return service && !ew_json_count(ew_obj_at(service, "spec.selector")) &&
           !ew_streq(ew_json_str(ew_obj_at(service, "spec.type")), "ExternalName");
}

/* ---- its slices ---- */

static bool is_labelled(const struct ew_obj *slice, const struct ew_backend *backend)
{
    return ew_streq(slice->ns, backend->ns) &&
           ew_streq(ew_obj_label(slice, SERVICE_LABEL), backend->name);
}

/* Slices of Services are called by their names, and those written by hand mostly too. */
static bool is_named_so(const struct ew_obj *slice, const struct ew_backend *backend)
{
    size_t len = strlen(backend->name);
    return ew_streq(slice->ns, backend->ns) && strncmp(slice->name, backend->name, len) == 0 &&
           (!slice->name[len] || slice->name[len] == '-');
}

/* Some controller writes the slice: what stands in it is that controller's fault. */
static bool is_made(const struct ew_obj *slice)
{
    EW_JSON_EACH(owner, ew_obj_at(slice, "metadata.ownerReferences"))
    if (ew_json_get_bool(owner, "controller", false) &&
        !ew_streq(ew_json_get_str(owner, "kind", ""), "Endpoints"))
        return true;
    return false;
}

struct slices {
    const struct ew_obj *labelled, *meant; /* the first of each; meant: it lacks the label */
    size_t endpoints;                      /* of all that are labelled */
    bool made;
};

static struct slices slices_of(const struct judging *j, const struct ew_backend *backend)
{
    struct slices out = {0};
    for (size_t i = 0; i < ew_world_count(j->world, EW_ENDPOINTSLICE); i++) {
        const struct ew_obj *slice = ew_world_at(j->world, EW_ENDPOINTSLICE, i);
        if (is_labelled(slice, backend)) {
            out.labelled = out.labelled ? out.labelled : slice;
            out.endpoints += ew_json_count(ew_obj_at(slice, "endpoints"));
            out.made = out.made || is_made(slice);
        } else if (is_named_so(slice, backend) && !out.meant && !is_made(slice)) {
            out.meant = slice;
        }
    }
    return out;
}

/* ---- what is wrong with them ---- */

static const char *port_names(struct judging *j, const struct ew_json *ports)
{
    const char *text = "";
    EW_JSON_EACH(port, ports)
    {
        const char *name = ew_json_get_str(port, "name", "");
        text = say(j, "%s%s%s", text, *text ? ", " : "", *name ? clean(j, name) : "(unnamed)");
    }
    return *text ? text : "none";
}

static const char *addresses_text(struct judging *j, const struct ew_backend *backend)
{
    const char *text = "";
    size_t count = 0;
    for (size_t i = 0; i < ew_world_count(j->world, EW_ENDPOINTSLICE); i++) {
        const struct ew_obj *slice = ew_world_at(j->world, EW_ENDPOINTSLICE, i);
        if (!is_labelled(slice, backend))
            continue;
        EW_JSON_EACH(endpoint, ew_obj_at(slice, "endpoints"))
        if (count++ < SHOWN_MAX)
            text = say(j, "%s%s%s", text, *text ? ", " : "",
                       clean(j, ew_json_str_or(ew_json_at(endpoint, "addresses[0]"), "?")));
    }
    return count > SHOWN_MAX ? say(j, "%s, and %zu more", text, count - SHOWN_MAX) : text;
}

/* The first thing that keeps its slices from being used. */
static const char *fault_of(struct judging *j, const struct ew_backend *backend,
                            const struct slices *slices)
{
    if (backend->fault == EW_BACKEND_NONE_READY)
        return say(j, "the addresses in %s (%s) are written as not ready",
                   title(j, slices->labelled), addresses_text(j, backend));
    if (slices->endpoints)
        return say(j, "the ports in %s are called %s, and the Service's port is called %s",
                   title(j, slices->labelled), port_names(j, ew_obj_at(slices->labelled, "ports")),
                   port_names(j, ew_obj_at(backend->service, "spec.ports")));
    if (slices->labelled)
        return say(j, "%s holds no address", title(j, slices->labelled));
    if (slices->meant)
        return say(j, "%s, which seems to be meant for it, is not labelled " SERVICE_LABEL "=%s",
                   title(j, slices->meant), backend->name);
    return "no EndpointSlice is labelled as its own";
}

static struct ew_draft *draft_of(struct judging *j, const struct ew_backend *backend,
                                 const struct slices *slices)
{
    struct ew_draft *draft = draft_about(j, "svc-without-selector", backend->service);
    const struct ew_obj *slice = slices->labelled ? slices->labelled : slices->meant;
    backend_tags(j, draft, backend);
    draft_shows(j, draft, title(j, backend->service), "no selector; ports %s",
                port_names(j, ew_obj_at(backend->service, "spec.ports")));
    if (slice) {
        const char *label = ew_obj_label(slice, SERVICE_LABEL);
        draft_shows(j, draft, title(j, slice), SERVICE_LABEL " %s; ports %s; %zu endpoints",
                    label ? clean(j, label) : "not set", port_names(j, ew_obj_at(slice, "ports")),
                    ew_json_count(ew_obj_at(slice, "endpoints")));
    }
    draft_next(j, draft, "see the slices of the namespace, their labels, ports and addresses",
               "kubectl get endpointslice -n %s -o custom-columns='NAME:.metadata.name,"
               "SERVICE:.metadata.labels.kubernetes\\.io/service-name,PORTS:.ports[*].name,"
               "ADDRESSES:.endpoints[*].addresses'",
               backend->ns);
    return draft;
}

static void judge_empty(struct judging *j, const struct ew_backend *backend)
{
    struct ew_ask ask = asking(j, true, "svc-without-selector");
    ew_world_listed(j->world, EW_ENDPOINTSLICE, backend->ns, ask);
    struct slices slices = slices_of(j, backend);
    if (slices.made)
        return;
    struct ew_draft *draft = draft_of(j, backend, &slices);
    draft_says(j, draft, "Service %s/%s has no selector, and %s", backend->ns, backend->name,
               fault_of(j, backend, &slices));
}

/* ---- addresses at which nothing answers ---- */

static bool all_usable(const struct judging *j)
{
    for (size_t i = 0; i < j->behind->backend_count; i++)
        if (j->behind->backends[i].weight && !j->behind->backends[i].usable)
            return false;
    return true;
}

/* Something else is the matter with this backend, or with what leads to it. */
static bool has_finding(const struct judging *j, const struct ew_backend *backend)
{
    char *name = ew_fmt("%s/%s", backend->ns, backend->name);
    bool found = false;
    for (size_t i = 0; i < j->drafts.count; i++)
        found = found || draft_tagged(j->drafts.at[i], EW_TAG_BACKEND, name);
    free(name);
    return found;
}

/* The edge sends to what was written down, and says itself that nobody is there. */
static bool edge_reaches_nobody(const struct judging *j)
{
    return !j->live_ok && j->answer.bad && j->answer.author != AUTHOR_APP &&
           j->answer.status >= 502 && j->answer.status <= 504;
}

static const char *first_address(const struct ew_obj *slice)
{
    const char *text = ew_json_str(ew_obj_at(slice, "endpoints[0].addresses[0]"));
    return text ? text : "ADDRESS";
}

static void judge_stale(struct judging *j, const struct ew_backend *backend)
{
    struct slices slices = slices_of(j, backend);
    if (!backend->weight || !slices.labelled || slices.made || !edge_reaches_nobody(j) ||
        !all_usable(j) || has_finding(j, backend))
        return;
    struct ew_draft *draft = draft_of(j, backend, &slices);
    draft->out.severity = EW_SEV_WARN; /* raised by the answer that it accounts for */
    draft->from_objects = false;
    draft_says(j, draft,
               "Service %s/%s has no selector: its address %s is written by hand in %s, and the "
               "edge gets no answer there (%d)",
               backend->ns, backend->name, addresses_text(j, backend), title(j, slices.labelled),
               j->answer.status);
    draft_shows(j, draft, say(j, "answer at %s", j->answer.at->text), "%d", j->answer.status);
    draft_next(
        j, draft, "see from inside the cluster whether anything answers there",
        "kubectl run -n %s edgewalk-probe --rm -i --restart=Never --image=busybox -- nc -zv -w 3 "
        "%s %ld",
        backend->ns, clean(j, first_address(slices.labelled)),
        ew_json_get_int(ew_json_item(ew_obj_at(slices.labelled, "ports"), 0), "port", 0));
}

void backend_judge_selectorless(struct judging *j, const struct ew_backend *backend)
{
    if (!is_selectorless(backend->service))
        return;
    if (backend->fault == EW_BACKEND_NO_ENDPOINTS || backend->fault == EW_BACKEND_NONE_READY)
        judge_empty(j, backend);
    else if (backend->fault == EW_BACKEND_OK)
        judge_stale(j, backend);
}
