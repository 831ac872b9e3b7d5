#include "elect.h"

#include <stdlib.h>
#include <string.h>

/* One edge of the table that holds between two findings. */
struct link {
    struct ew_draft *root, *echo;
    const struct ew_edge *edge;
    bool dropped;
};

struct links {
    struct link *at;
    size_t count, cap;
};

/* ---- rule 3: links ---- */

bool ew_related(enum ew_relation relation, const struct ew_draft *a, const struct ew_draft *b)
{
    unsigned kinds = ew_relation_tags(relation);
    for (size_t i = 0; i < a->tag_count; i++) {
        if (!(kinds & 1u << a->tags[i].kind))
            continue;
        for (size_t k = 0; k < b->tag_count; k++)
            if (a->tags[i].kind == b->tags[k].kind && strcmp(a->tags[i].text, b->tags[k].text) == 0)
                return true;
    }
    return false;
}

/* A possible edge that names no mark has nothing that could show it. */
static bool marks_allow(const struct ew_edge *edge, uint64_t marks)
{
    if (edge->strength == EW_POSSIBLE && !edge->needs)
        return false;
    return (marks & edge->needs) == edge->needs && !(marks & edge->forbids);
}

static bool edge_holds(const struct ew_edge *edge, const struct ew_draft *root,
                       const struct ew_draft *echo)
{
    return root != echo && strcmp(edge->root, root->out.cause->id) == 0 &&
           strcmp(edge->echo, echo->out.cause->id) == 0 &&
           marks_allow(edge, root->marks | echo->marks) && ew_related(edge->relation, root, echo);
}

static void add_link(struct links *links, struct ew_draft *root, struct ew_draft *echo,
                     const struct ew_edge *edge)
{
    if (links->count == links->cap) {
        links->cap = links->cap ? 2 * links->cap : 16;
        links->at = ew_realloc(links->at, links->cap, sizeof(*links->at));
    }
    links->at[links->count++] = (struct link){root, echo, edge, false};
}

static void link_pair(struct ew_ballot *b, struct ew_draft *root, struct ew_draft *echo,
                      struct links *links)
{
    for (size_t i = 0; i < b->edge_count; i++) {
        if (edge_holds(&b->edges[i], root, echo)) {
            add_link(links, root, echo, &b->edges[i]);
            return;
        }
    }
}

static void link_all(struct ew_ballot *b, struct links *links)
{
    for (size_t i = 0; i < b->count; i++)
        for (size_t k = 0; k < b->count; k++)
            link_pair(b, b->drafts[i], b->drafts[k], links);
}

/* Whether links lead from one finding to another. The findings of a walk are few: depth is bounded
 * by their number. */
static bool leads_to(const struct links *links, const struct ew_draft *from,
                     const struct ew_draft *to, size_t depth)
{
    if (from == to)
        return true;
    for (size_t i = 0; depth && i < links->count; i++)
        if (!links->at[i].dropped && links->at[i].root == from &&
            leads_to(links, links->at[i].echo, to, depth - 1))
            return true;
    return false;
}

/* A circle is opened by dropping its possible links; what is still a circle then (tables that
 * contradict each other) by the link that comes last. */
static void open_circles(struct ew_ballot *b, struct links *links)
{
    for (int weak = 1; weak >= 0; weak--) {
        for (size_t i = links->count; i > 0; i--) {
            struct link *link = &links->at[i - 1];
            if (!link->dropped && (!weak || link->edge->strength == EW_POSSIBLE) &&
                leads_to(links, link->echo, link->root, b->count))
                link->dropped = true;
        }
    }
}

/* ---- rule 2: severity ---- */

/* The groups beside the chain explain nothing and are never a root. */
static bool is_chain(const struct ew_draft *draft)
{
    return draft->out.cause->layer < EW_LAYER_API_ACCESS;
}

static void lower_contradicted(struct ew_ballot *b)
{
    for (size_t i = 0; b->live_ok && i < b->count; i++) {
        struct ew_draft *draft = b->drafts[i];
        if (draft->from_objects && draft->out.severity == EW_SEV_FAIL)
            draft->out.severity = EW_SEV_WARN;
    }
}

/* "not so dns-aaaa-no-v6-path while IPv4 serves: there the echo drops to warn with it" */
static bool drops_its_echo(const struct ew_draft *root)
{
    return strcmp(root->out.cause->id, "dns-aaaa-no-v6-path") == 0 &&
           (root->marks & EW_MARK(IPV4_SERVES));
}

static bool raise_one(struct link *link)
{
    struct ew_draft *root = link->root, *echo = link->echo;
    if (link->dropped || !is_chain(root) || echo->out.severity != EW_SEV_FAIL ||
        root->out.severity == EW_SEV_FAIL)
        return false;
    if (drops_its_echo(root))
        echo->out.severity = EW_SEV_WARN;
    else
        root->out.severity = EW_SEV_FAIL;
    return true;
}

/* Dropping goes first, so that nothing is raised for an echo that does not fail after all. */
static void raise_explainers(struct links *links)
{
    for (size_t i = 0; i < links->count; i++)
        if (drops_its_echo(links->at[i].root))
            raise_one(&links->at[i]);
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < links->count; i++)
            again = raise_one(&links->at[i]) || again;
    }
}

/* ---- rule 7: order ---- */

int ew_harm(const struct ew_draft *draft)
{
    static const char *const all_hosts[] = {
        "Zone", "Address", "GatewayClass", "IngressClass", "Gateway", "ListenerSet", "Resolver"};
    static const char *const all_paths[] = {"Host",      "Record",    "Certificate", "Secret",
                                            "HTTPRoute", "GRPCRoute", "TLSRoute",    "TCPRoute",
                                            "UDPRoute",  "Ingress",   "Namespace",   "Challenge"};
    const char *kind = draft->out.kind;
    enum ew_layer layer = draft->out.cause->layer;
    for (size_t i = 0; i < EW_COUNT(all_hosts); i++)
        if (strcmp(kind, all_hosts[i]) == 0)
            return 0;
    /* Services and workloads of these layers are the data plane's and the controller's. */
    if ((layer == EW_LAYER_LB || layer == EW_LAYER_EDGE) &&
        (strcmp(kind, "Service") == 0 || strcmp(kind, "Deployment") == 0 ||
         strcmp(kind, "DaemonSet") == 0))
        return 0;
    for (size_t i = 0; i < EW_COUNT(all_paths); i++)
        if (strcmp(kind, all_paths[i]) == 0)
            return 1;
    return 2;
}

static int compare_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

int ew_draft_compare(const struct ew_draft *a, const struct ew_draft *b)
{
    int order = ew_harm(a) - ew_harm(b);
    if (!order)
        order = (int)a->out.cause->layer - (int)b->out.cause->layer;
    if (!order)
        order = compare_text(a->out.ns, b->out.ns);
    if (!order)
        order = compare_text(a->out.name, b->out.name);
    return order ? order : compare_text(a->out.cause->id, b->out.cause->id);
}

static int compare_drafts(const void *a, const void *b)
{
    return ew_draft_compare(*(struct ew_draft *const *)a, *(struct ew_draft *const *)b);
}

/* ---- rules 4 to 6: the root, the withdrawn, the first failing layer ---- */

static bool fails(const struct ew_draft *draft)
{
    return is_chain(draft) && !draft->withdrawn && draft->out.severity == EW_SEV_FAIL;
}

/* A failing finding is explained by failing ones; a warning by whatever does not weigh less. */
static void find_explainers(struct links *links)
{
    for (size_t i = 0; i < links->count; i++) {
        struct link *link = &links->at[i];
        if (link->dropped || !is_chain(link->root) ||
            link->root->out.severity < link->echo->out.severity)
            continue;
        struct ew_draft *old = link->echo->explainer;
        if (!old || ew_draft_compare(link->root, old) < 0)
            link->echo->explainer = link->root;
    }
}

static void withdraw_explained_answers(struct ew_ballot *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct ew_draft *draft = b->drafts[i];
        if (draft->explainer && strcmp(draft->out.cause->id, "http-unexplained") == 0)
            draft->withdrawn = true;
    }
}

static void find_first_failing(struct ew_ballot *b)
{
    b->first_failing = -1;
    for (size_t i = 0; i < b->count; i++) {
        const struct ew_draft *draft = b->drafts[i];
        int layer = (int)draft->out.cause->layer;
        if (!fails(draft) || (layer == EW_LAYER_HTTP && draft->explainer))
            continue;
        if (b->first_failing < 0 || layer < b->first_failing)
            b->first_failing = layer;
    }
}

static void elect_roots(struct ew_ballot *b)
{
    struct ew_draft **roots = ew_arena_alloc(b->arena, (b->count + 1) * sizeof(*roots));
    size_t count = 0;
    for (size_t i = 0; i < b->count; i++)
        if (fails(b->drafts[i]) && !b->drafts[i]->explainer)
            roots[count++] = b->drafts[i];
    if (count)
        qsort(roots, count, sizeof(*roots), compare_drafts);
    b->named = count ? roots[0] : NULL;
    b->independent = roots + (count ? 1 : 0);
    b->independent_count = count ? count - 1 : 0;
}

static void collect_symptoms(struct ew_ballot *b, const struct links *links)
{
    b->symptoms = ew_arena_alloc(b->arena, (b->count + 1) * sizeof(*b->symptoms));
    for (size_t i = 0; i < b->count; i++) {
        struct ew_draft *draft = b->drafts[i];
        if (draft != b->named && fails(draft) && leads_to(links, b->named, draft, b->count))
            b->symptoms[b->symptom_count++] = draft;
    }
}

static void name_leading_warning(struct ew_ballot *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct ew_draft *draft = b->drafts[i];
        if (!is_chain(draft) || draft->withdrawn || draft->out.severity != EW_SEV_WARN ||
            draft->explainer)
            continue;
        if (!b->named || ew_draft_compare(draft, b->named) < 0)
            b->named = draft;
    }
}

static void say_what_was_not_seen(struct ew_ballot *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct ew_draft *draft = b->drafts[i];
        if (!fails(draft) || draft->explainer || draft->out.cause->root_possible)
            continue;
        draft->out.note =
            draft->unseen ? ew_arena_fmt(b->arena, "cause behind it not seen: %s", draft->unseen)
                          : "no cause that is known explains it; this is what was "
                            "seen";
    }
}

/* ---- rule 8: status ---- */

static void settle(struct ew_ballot *b)
{
    b->exit_status = 0;
    if (b->named) {
        b->status = EW_ST_FAIL;
        b->exit_status = ew_layer_row(b->named->out.cause->layer)->exit_status;
        return;
    }
    if (b->any_unknown && !b->live_ok) {
        b->status = EW_ST_UNKNOWN;
        b->exit_status = 3;
        return;
    }
    name_leading_warning(b);
    b->status = b->named ? EW_ST_WARN : EW_ST_OK;
}

void ew_elect(struct ew_ballot *b)
{
    struct links links = {0};
    b->symptom_count = b->independent_count = 0;
    lower_contradicted(b);
    link_all(b, &links);
    open_circles(b, &links);
    raise_explainers(&links);
    find_explainers(&links);
    withdraw_explained_answers(b);
    find_first_failing(b);
    elect_roots(b);
    collect_symptoms(b, &links);
    say_what_was_not_seen(b);
    settle(b);
    free(links.at);
}
