/* What of an object has not the shape that its kind has: an API server would refuse it. */
#ifndef ROUTE_SHAPE_H
#define ROUTE_SHAPE_H

#include "routing.h"

/* Calls each for every fault: the JSON path ("spec.listeners[0].port"), one sentence, the line (0:
 * not known). */
typedef void shape_fn(void *ctx, const char *path, const char *text, int line);
void shape_check(const struct ew_obj *obj, shape_fn *each, void *ctx);

#endif
