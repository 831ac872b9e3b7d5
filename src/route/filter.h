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

/* ---- filters of an implementation (extension.c) ---- */
/* One reference of a route, looked up. */
struct ew_extension extension_look(struct ew_routing *routing, const struct ew_obj *route,
                                   const struct ew_json *ref);
const char *extension_title(struct ew_arena *arena, const struct ew_extension *extension);
/* Those of the rule and of its backendRefs, into the decision. */
void extensions_find(struct draft *draft);
/* Why requests fail for a filter of the rule (backend -1) or of a backendRef that does not exist;
 * NULL: all are there, and are taken to let the request pass. */
const char *extension_missing(struct draft *draft, int backend);

/* ---- what the backend sees (filter.c) ---- */
/* {headers, removed_headers} after the rule's filters and these of one backendRef; NULL when there
 * are none. Call after filters_apply. */
const struct ew_json *backend_headers(struct draft *draft, const struct ew_json *filters);

/* What the backend sees when nothing is changed. */
void forward_unchanged(struct draft *draft);

/* The CORS filter (cors.c): true when the edge itself answers (a preflight). Headers go to set. */
bool cors_apply(struct draft *draft, const struct ew_json *cors, struct ew_json *set);

#endif
