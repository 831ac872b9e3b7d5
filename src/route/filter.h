/* Filters of a rule and of a backendRef, applied to one request. */
#ifndef ROUTE_FILTER_H
#define ROUTE_FILTER_H

#include "decide.h"

/* A kind of filter; NULL for a type that is none. */
struct filter_row {
    const char *type, *member, *feature; /* feature NULL: always there */
    bool grpc;
};
const struct filter_row *filter_row(const char *type);

/* {headers, removed_headers} after the rule's filters and these of one backendRef; NULL when there
 * are none. Call after filters_apply. */
const struct ew_json *backend_headers(struct draft *draft, const struct ew_json *filters);

/* What the backend sees when nothing is changed. */
void forward_unchanged(struct draft *draft);

/* The path after HTTPPathModifier; in the arena. */
const char *modified_path(struct ew_arena *arena, const struct ew_json *modifier,
                          const struct match *match, const char *path);

/* The CORS filter (cors.c): true when the edge itself answers (a preflight). Headers go to set. */
bool cors_apply(struct draft *draft, const struct ew_json *cors, struct ew_json *set);

#endif
