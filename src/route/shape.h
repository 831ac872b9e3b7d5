/* What of an object an API server would refuse: the shape that its kind has (shape.c), and what
 * values and fields may stand together (admission.c). */
#ifndef ROUTE_SHAPE_H
#define ROUTE_SHAPE_H

#include "routing.h"

/* Calls each for every fault: the JSON path ("spec.listeners[0].port"), one sentence, the line (0:
 * not known). */
typedef void shape_fn(void *ctx, const char *path, const char *text, int line);
void shape_check(const struct ew_obj *obj, shape_fn *each, void *ctx);

/* Calls visit for every node at a path, in which "[]" is every item of a list; node is NULL where
 * only the last key is not there. */
typedef void shape_visit_fn(void *ctx, const char *path, const struct ew_json *node,
                            const struct ew_json *parent);
void shape_visit(const struct ew_json *root, const char *path, shape_visit_fn *visit, void *ctx);

/* ---- parts of shape_check ---- */
void admission_check(const struct ew_obj *obj, shape_fn *each, void *ctx);

#endif
