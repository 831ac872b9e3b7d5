#include "marks.h"

/* The rows of EXPLAINS.json both of whose ends are recognised, or soon will be. The prose of their
 * `when` became marks: needs (all of them) and forbids (any of them), over the marks of both ends.
 */
const struct ew_edge ew_edges[] = {
#include "edges_client.inc"
#include "edges_edge.inc"
#include "edges_route.inc"
#include "edges_pod.inc"
};
const size_t ew_edges_count = sizeof(ew_edges) / sizeof(ew_edges[0]);
