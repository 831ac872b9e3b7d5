#include "marks.h"

/* Which cause explains which, where both are recognised, or soon will be. When it does so is a
 * matter of marks: needs (all of them) and forbids (any of them), over the marks of both ends. */
const struct ew_edge ew_edges[] = {
#include "edges_client.inc"
#include "edges_edge.inc"
#include "edges_pod.inc"
#include "edges_route.inc"
};
const size_t ew_edges_count = sizeof(ew_edges) / sizeof(ew_edges[0]);
