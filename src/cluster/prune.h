/* Objects cut down to what a snapshot keeps. */
#ifndef EW_CLUSTER_PRUNE_H
#define EW_CLUSTER_PRUNE_H

#include "edgewalk/cluster.h"

/* What a List says of its items, which need not say it themselves; either may be NULL. */
struct cluster_type {
    const char *api_version, *kind;
};

/* A pruned copy of an object, with its lines; node is left as it is (the caller wipes what it may
 * hold of a Secret). NULL, and err says what is wrong, when it is not a Kubernetes object. */
struct ew_object *cluster_prune(const struct ew_json *node, struct cluster_type type,
                                const char *where, struct ew_err *err);

/* Whether the list kind "…List" and its `items` make node a list of objects; *type is that of the
 * items, NULLs for a plain List. *kind_buf is the caller's to free. */
bool cluster_is_list(const struct ew_json *node, struct cluster_type *type, char **kind_buf);

/* Paths of the spec that an annotation says were applied and that the object does not have, as
 * texts; NULL: none, or nothing says. */
struct ew_json *cluster_lost_fields(struct ew_doc *doc, const struct ew_json *object);

/* The containers of a pod spec or template: names, images, ports, probes and the like stay, values
 * that may be secret do not. */
struct ew_json *cluster_prune_workload(struct ew_doc *doc, const struct ew_json *spec);

#endif
