/* Kubernetes objects as the program sees them: the table of kinds, the indexed world, and views on
 * what every kind has. Pure. What a look-up finds is one of four states, so that "not read" and
 * "not there" can never be mixed up. */
#ifndef EDGEWALK_OBJECT_H
#define EDGEWALK_OBJECT_H

#include "edgewalk/fact.h"

enum ew_kind {
    EW_GATEWAYCLASS,
    EW_GATEWAY,
    EW_LISTENERSET,
    EW_HTTPROUTE,
    EW_GRPCROUTE,
    EW_TLSROUTE,
    EW_TCPROUTE,
    EW_UDPROUTE,
    EW_REFERENCEGRANT,
    EW_BACKENDTLSPOLICY,
    EW_INGRESS,
    EW_INGRESSCLASS,
    EW_NAMESPACE,
    EW_SERVICE,
    EW_ENDPOINTSLICE,
    EW_POD,
    EW_REPLICASET,
    EW_DEPLOYMENT,
    EW_STATEFULSET,
    EW_DAEMONSET,
    EW_EVENT,
    EW_NODE,
    EW_SECRET,
    EW_CONFIGMAP,
    EW_NETWORKPOLICY,
    EW_CERTIFICATE, /* cert-manager */
    EW_KIND_COUNT,
    EW_KIND_OTHER = EW_KIND_COUNT,
};

/* A row of the table of kinds. versions: best first, blank-separated, of those we can read. */
struct ew_kind_row {
    const char *kind, *group, *plural, *versions;
    bool namespaced;
    const char *resource; /* "plural.group", or "plural" in the core group */
};
const struct ew_kind_row *ew_kind_row(enum ew_kind kind); /* NULL for EW_KIND_OTHER */
/* group "" is the core group; NULL matches any. EW_KIND_OTHER when it is none of ours. */
enum ew_kind ew_kind_of(const char *group, const char *kind);
enum ew_kind ew_kind_of_resource(const char *resource);

/* One object. Texts and json live as long as the world. An object of a version that is not in its
 * row is EW_KIND_OTHER. ns is NULL for cluster-wide
 * kinds; a namespaced object without a namespace (in a file) has the snapshot's option namespace,
 * else "default". */
struct ew_obj {
    enum ew_kind kind;
    const char *group, *kind_name, *ns, *name;
    const char *where; /* "file:line" or NULL */
    const struct ew_json *json;
};

struct ew_world;
struct ew_world *ew_world_new(struct ew_snapshot *snapshot); /* keeps a reference */
void ew_world_free(struct ew_world *world);
const struct ew_snapshot *ew_world_snapshot(const struct ew_world *world);
bool ew_world_from_files(const struct ew_world *world);
/* Whether an object of the kind that is not there is really not there: an API tells, and manifests
 * that hold one of that kind (one that was laid over them does not count). Manifests leave Secrets
 * and classes to others on purpose. */
bool ew_world_tells_of(const struct ew_world *world, enum ew_kind kind);

/* The objects of `over` in a copy of base, as an apply would leave them: spec, labels and
 * annotations are over's, of an object that is there already uid, age, generation and status stay;
 * one that is new is younger than all that have an age. Puts the fact "overlay". The caller's. */
struct ew_snapshot *ew_snapshot_overlaid(struct ew_snapshot *base, const struct ew_snapshot *over);

/* What a look-up saw. known: found, or (lists) everything that there is was read. absent: reads
 * cover it and it is not there, or the kind is not served. unknown: reason says why ("kind": none
 * of ours, so that nothing here can read it; "no-cluster"; else a word of fact/keys.h). pending:
 * not read yet; if `wants` was given, what would read it is in it now. */
struct ew_seen {
    enum ew_state state;
    const char *reason;
};

/* How a look-up asks for what is not read yet: the set (may be NULL), whether it is optional, and
 * the causes that it would decide ("" allowed). */
struct ew_ask {
    struct ew_wants *wants;
    bool optional;
    const char *would_decide;
};

/* One object by name. A whole list that was read covers the name; a list that failed does not: the
 * object is asked for by itself. */
const struct ew_obj *ew_world_get(const struct ew_world *world, enum ew_kind kind, const char *ns,
                                  const char *name, struct ew_ask ask, struct ew_seen *seen);

/* The same for any kind, by its own names; one that is none of ours is asked for as "KIND.GROUP".
 * Of the namespace only objects that have one are asked. */
const struct ew_obj *ew_world_get_any(const struct ew_world *world, const char *group,
                                      const char *kind, const char *ns, const char *name,
                                      struct ew_ask ask, struct ew_seen *seen);

/* All objects of a kind that are known, in order of namespace then name, whatever was read. */
size_t ew_world_count(const struct ew_world *world, enum ew_kind kind);
const struct ew_obj *ew_world_at(const struct ew_world *world, enum ew_kind kind, size_t index);
const struct ew_obj *ew_world_find(const struct ew_world *world, enum ew_kind kind, const char *ns,
                                   const char *name); /* known or NULL, asks nothing */

/* Whether the kind was listed whole in ns (NULL: everywhere), asking for that list. When everywhere
 * is denied, the same for the snapshot's own namespace decides and seen->reason tells. */
struct ew_seen ew_world_listed(const struct ew_world *world, enum ew_kind kind, const char *ns,
                               struct ew_ask ask);
/* Objects of a kind in ns that carry all labels of the selector ("a=b,c=d"; label selector syntax
 * of equality only), asking for a list by that selector unless a wider one was read. The result is
 * an array of *count pointers, the caller's to free (NULL when none). */
const struct ew_obj **ew_world_select(const struct ew_world *world, enum ew_kind kind,
                                      const char *ns, const char *selector, struct ew_ask ask,
                                      struct ew_seen *seen, size_t *count);
/* Events whose involvedObject is this one, asking for them (field selector), oldest first. */
const struct ew_obj **ew_world_events(const struct ew_world *world, const struct ew_obj *about,
                                      struct ew_ask ask, struct ew_seen *seen, size_t *count);
/* The owner that is the controller (ownerReferences), asking for it. NULL: none, or see seen. */
const struct ew_obj *ew_world_owner(const struct ew_world *world, const struct ew_obj *obj,
                                    struct ew_ask ask, struct ew_seen *seen);

/* Whether the API serves a group of kinds: known or absent; unknown where discovery did not tell,
 * and for files. The core group is always served. */
enum ew_state ew_world_serves(const struct ew_world *world, const char *group);

/* ---- views ---- */
const struct ew_json *ew_obj_at(const struct ew_obj *obj, const char *path);
const char *ew_obj_label(const struct ew_obj *obj, const char *key);
const char *ew_obj_annotation(const struct ew_obj *obj, const char *key);
long ew_obj_generation(const struct ew_obj *obj); /* 0 when there is none */
int64_t ew_obj_created(const struct ew_obj *obj); /* ms since 1970, 0 when there is none */
/* "HTTPRoute commerce/orders-api", "GatewayClass envoy"; the caller's. */
char *ew_obj_title(const struct ew_obj *obj);
bool ew_obj_deleting(const struct ew_obj *obj);
/* metav1.LabelSelector (matchLabels, matchExpressions) against labels. An empty selector takes all,
 * a NULL one nothing. *bad_path is set to the JSON path of what is malformed (and false
 * returned). */
bool ew_selector_matches(const struct ew_json *selector, const struct ew_json *labels,
                         const char **bad_path);
/* A plain map of labels (a Service's selector) as "a=b,c=d" in key order; the caller's, "" if
 * empty. */
char *ew_selector_text(const struct ew_json *map);

/* metav1.Condition. observed 0: the writer does not say. */
struct ew_cond {
    const char *type, *status, *reason, *message;
    long observed;
    int64_t since_ms;
};
bool ew_cond_find(const struct ew_json *conditions, const char *type, struct ew_cond *out);
/* observedGeneration is given and older than the object's generation. */
bool ew_cond_stale(const struct ew_cond *cond, const struct ew_obj *obj);

#endif
