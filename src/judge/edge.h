/* What the judges of the edge share. */
#ifndef JUDGE_EDGE_H
#define JUDGE_EDGE_H

#include "judging.h"

/* A condition of the object itself. */
bool edge_cond(const struct ew_obj *obj, const char *type, struct ew_cond *out);
/* The condition as evidence, in the controller's words. */
void edge_show(struct judging *j, struct ew_draft *draft, const char *source,
               const struct ew_cond *cond);
/* The Gateway, its class and the host. */
void edge_tag(struct judging *j, struct ew_draft *draft, const struct ew_obj *gateway);
/* By the objects some rule takes the request, whatever then becomes of it. */
bool edge_takes(const struct ew_decision *by);
/* What is wrong is beside the request, which something else takes: a warning. */
void edge_stand_back(struct ew_draft *draft);
/* A finding about the Gateway, tagged; it stands back where another entry takes the request. */
struct ew_draft *edge_draft(struct judging *j, const char *cause, const struct ew_obj *gateway);

/* The class that its controller refuses (edge_class.c). */
void edge_judge_refused_class(struct judging *j, const struct ew_obj *gateway);

#endif
