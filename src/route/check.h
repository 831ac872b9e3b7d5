/* check: the status a conformant controller must set, beside what is reported. */
#ifndef ROUTE_CHECK_H
#define ROUTE_CHECK_H

#include "routing.h"

enum { MOST_OR_REASONS = 8, MOST_ASSUMES = 4, MOST_ALSO = 17 };

/* A condition as it should be. */
struct expected {
    const char *type, *status, *reason; /* reason "": any */
    const char *or_reasons[MOST_OR_REASONS];
    const char *assumes[MOST_ASSUMES];
    const char *why;
    const char *also[MOST_ALSO]; /* what else would have to be mended, a sentence each */
    bool or_absent;              /* saying nothing is as good */
    const char *or_status;       /* implementations differ: this status is as good; NULL */
    bool unread;                 /* what is needed to tell could not be read: status "Unknown" */
    bool negative;               /* healthy when False */
    bool harmless;               /* healthy whatever it says */
    bool by_environment; /* False for want of infrastructure is a finding, no disagreement */
};
struct expected expect_true(const char *type, const char *reason);
struct expected expect_verdict(const char *type, const char *true_reason,
                               const struct verdict *verdict);
void expect_or(struct expected *expected, const char *reason);
void expect_assume(struct expected *expected, const char *text);
void expect_also(struct expected *expected, const char *why); /* unless it is said already */

/* Where conditions are reported: one list for each controller that wrote one. */
struct reporter {
    const char *controller; /* NULL: the writer does not say */
    const struct ew_json *conditions;
};
struct reports {
    const struct ew_obj *obj;
    struct reporter *at;
    size_t count;
    const char *controller; /* whose word counts; NULL: everybody's */
    bool applied;           /* somebody should have reported */
};

struct checking {
    struct ew_routing *routing;
    struct ew_arena *arena;
    struct ew_doc *doc;
    bool healthy, agrees, unread;
    bool proposed;             /* a change not made yet: nobody has reported on it */
    struct ew_json *undecided; /* [{want, why}]: what could not be read */
};

/* The objects of the scope and all that they refer to, into a map that is_chosen reads; EW_EUSAGE
 * for a name or namespace that is not there (check_scope.c). */
int scope_choose(struct checking *on, const struct ew_check_scope *scope, struct ew_map *chosen,
                 struct ew_err *err);
bool is_chosen(const struct ew_map *chosen, const struct ew_obj *obj);
/* Whether all objects of the kind in ns (NULL: everywhere) were read; one that is denied everywhere
 * and read in one's own namespace was not. *why: what stood in the way; why may be NULL. */
bool list_whole(struct checking *on, enum ew_kind kind, const char *ns, const char **why);

/* One condition of the answer; sets the checking's flags. */
struct ew_json *condition_json(struct checking *on, const struct expected *expected,
                               const struct reports *reports);
/* Conditions of a negative kind that are reported though nothing speaks for them; or_status: one
 * that is as good as False; NULL. */
void unexpected_condition(struct checking *on, struct ew_json *conditions, const char *type,
                          const struct reports *reports, const char *or_status);
/* {expected, reported}; disagreement counts where both are known. */
struct ew_json *count_json(struct checking *on, int expected, bool sure,
                           const struct ew_json *reported);
/* One list of conditions in the object's status, by the Gateway's own controller. */
struct reports status_reports(struct checking *on, const struct ew_obj *obj,
                              const struct ew_json *conditions);
/* The object's head: kind, namespace, name, where, and what of its shape is wrong. */
struct ew_json *object_json(struct checking *on, const struct ew_obj *obj);

struct ew_json *check_class(struct checking *on, const struct ew_obj *obj);
struct ew_json *check_gateway(struct checking *on, struct gateway *gateway);
struct ew_json *check_set(struct checking *on, struct listener_set *set);
struct ew_json *check_route(struct checking *on, struct route *route);
/* ResolvedRefs of a route. */
struct expected route_refs(struct checking *on, const struct route *route);
/* Some of its rules have what an implementation need not support. */
bool route_doubtful(const struct route *route);
struct ew_json *check_policy(struct checking *on, const struct ew_obj *obj);
struct ew_json *check_ingress(struct checking *on, size_t index);

bool is_true(const struct expected *expected);
/* Listeners in order of the owner's spec (check_listener.c). */
struct ew_json *check_listener(struct checking *on, struct listener *listener, bool owner_accepted);

#endif
