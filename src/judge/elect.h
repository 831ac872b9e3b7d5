/* The election of the root: findings in, verdict over them out. Data and
 * one function; it knows nothing of how findings are made. */
#ifndef JUDGE_ELECT_H
#define JUDGE_ELECT_H

#include "edgewalk/judge.h"
#include "marks.h"

struct ew_tag {
    enum ew_tag_kind kind;
    const char *text;
};

/* A finding as a judge makes it. Texts and arrays are the arena's of whoever makes it. */
struct ew_draft {
    struct ew_finding out; /* severity as the judge gives it; the election changes it */
    uint64_t marks;
    struct ew_tag *tags;
    size_t tag_count;
    bool from_objects; /* seen in objects alone, not in an answer to a probe */
    /* why what is behind it could not be seen ("list pods in shop: forbidden"), for causes that are
     * echoes by nature; NULL */
    const char *unseen;
    /* set by the election */
    bool withdrawn;
    struct ew_draft *explainer; /* the first one, NULL: nothing explains it */
};

struct ew_ballot {
    /* in */
    struct ew_draft *const *drafts;
    size_t count;
    const struct ew_edge *edges;
    size_t edge_count;
    bool live_ok;     /* the live probe of the URL succeeded everywhere */
    bool any_unknown; /* some layer is unknown */
    struct ew_arena *arena;
    /* out; the arrays are the arena's */
    enum ew_status status;
    int exit_status;
    int first_failing;      /* enum ew_layer, -1 */
    struct ew_draft *named; /* the root, or the leading warning */
    struct ew_draft **symptoms;
    size_t symptom_count;
    struct ew_draft **independent;
    size_t independent_count;
};
void ew_elect(struct ew_ballot *ballot);

/* Whether two findings are related as the relation says. */
bool ew_related(enum ew_relation relation, const struct ew_draft *a, const struct ew_draft *b);
/* How much the subject of a finding breaks: 0 all hosts, 1 all paths of a host, 2 one path. */
int ew_harm(const struct ew_draft *draft);
/* Rule 7: most harm, then nearest to the client, then by name. */
int ew_draft_compare(const struct ew_draft *a, const struct ew_draft *b);

#endif
