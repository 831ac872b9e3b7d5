/* What the judges of the edge share. */
#ifndef JUDGE_EDGE_H
#define JUDGE_EDGE_H

#include "judging.h"

/* A condition of the object itself. */
bool edge_cond(const struct ew_obj *obj, const char *type, struct ew_cond *out);
/* The Gateway, its class and the host. */
void edge_tag(struct judging *j, struct ew_draft *draft, const struct ew_obj *gateway);
/* What is wrong is beside the request, which something else takes: a warning. */
void edge_stand_back(struct ew_draft *draft);

/* ---- listeners that fit the request (edge_listeners.c) ---- */
/* "listener https of Gateway infra/public" */
const char *edge_listener(struct judging *j, const struct ew_listener *listener);
/* A listener that others stand in for, and that no route of the host names, is nothing to it. */
bool edge_matters(const struct judging *j, const struct ew_listener *listener);
/* A finding about its owner, tagged and marked; it stands back where another listener takes the
 * request. */
struct ew_draft *edge_listener_draft(struct judging *j, const char *cause,
                                     const struct ew_listener *listener);
/* A condition of the listener, of the present generation. */
bool edge_entry_cond(const struct ew_listener *listener, const char *type, struct ew_cond *out);
bool edge_says_conflict(const struct ew_listener *listener, struct ew_cond *out);
/* The answer was made behind the listeners: what is wrong with them is not why it is bad. Where
 * objects and controller are agreed that nothing passes, only the application's own answer tells.
 */
bool edge_let_through(const struct judging *j, bool agreed);
void edge_judge_conflict(struct judging *j, const struct ew_listener *listener);

/* The ListenerSet of the listener, not admitted to its Gateway (edge_sets.c). */
void edge_judge_set(struct judging *j, const struct ew_listener *listener);
/* A parentRef to a ListenerSet that is not there. */
void edge_judge_missing_set(struct judging *j, const struct ew_attachment *ref);

/* The class that its controller refuses (edge_class.c). */
void edge_judge_refused_class(struct judging *j, const struct ew_obj *gateway);

/* ---- features that the controller lacks (edge_features.c, edge_lost.c) ---- */
/* The edge itself fails a request that by the objects is served: a rule that it could not make. */
bool edge_lacks_rule(const struct judging *j);
/* Fields that were applied and that the API server has dropped. */
void edge_judge_lost(struct judging *j);

#endif
