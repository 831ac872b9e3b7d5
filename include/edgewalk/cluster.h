/* The inside view: where objects come from. A live API (kubeconfig or service account) answers
 * wants of get and list; files answer everything at once. Both give facts and objects
 * (fact/keys.h). */
#ifndef EDGEWALK_CLUSTER_H
#define EDGEWALK_CLUSTER_H

#include "edgewalk/fact.h"
#include "edgewalk/io.h"
#include "edgewalk/object.h"

struct ew_cluster_config {
    const char *kubeconfig, *context, *cluster, *user, *namespace_;
    const char *token, *server, *tls_server_name, *certificate_authority;
    bool insecure;
    const char *as, *as_uid;
    const char *const *as_groups; /* NULL-terminated; may be NULL */
    int timeout_ms;               /* one request; 0: 10 s */
};

struct ew_cluster;

/* Reads kubeconfig files or the service account; nothing is sent yet. No configuration anywhere is
 * no failure: *out is NULL then. A configuration that is there and wrong is EW_EUSAGE, with file
 * and entry; the message never holds a credential. */
int ew_cluster_new(struct ew_loop *loop, const struct ew_cluster_config *config,
                   struct ew_cluster **out, struct ew_err *err);
/* Cancels all, without callbacks; wipes secrets. */
void ew_cluster_free(struct ew_cluster *cluster);
const char *ew_cluster_context(const struct ew_cluster *cluster);   /* NULL: in-cluster or none */
const char *ew_cluster_namespace(const struct ew_cluster *cluster); /* never NULL */
const char *ew_cluster_server(const struct ew_cluster *cluster);

/* Which objects of a list are kept: false leaves one out, counted in `others`. Called per item. */
typedef bool ew_keep_fn(void *ctx, enum ew_kind kind, const struct ew_json *object);

/* What comes: the fact of the want's key once, after the objects that it brought. References pass
 * to the callbacks. */
struct ew_cluster_sink {
    void *ctx;
    ew_keep_fn *keep; /* may be NULL */
    void (*object)(void *ctx, struct ew_object *object);
    void (*fact)(void *ctx, struct ew_fact *fact);
};
/* The server's version and what it serves: facts api/server and api/discovery, once each. */
void ew_cluster_discover(struct ew_cluster *cluster, const struct ew_cluster_sink *sink);
/* get and list wants. Waits for discovery where the version to ask is not known; a resource that is
 * not served gives `absent`. At most 8 lists at once; 429 is retried as Retry-After says within the
 * timeout; pages are followed; a 410 in the middle starts the list again once. */
void ew_cluster_fetch(struct ew_cluster *cluster, const struct ew_want *want,
                      const struct ew_cluster_sink *sink);
struct ew_cluster_usage {
    size_t requests, bytes;
};
struct ew_cluster_usage ew_cluster_usage(const struct ew_cluster *cluster);

/* Prunes what an API server or file gave to what a snapshot keeps (managedFields to who and when; a
 * Secret's certificate described, the rest wiped). The object is the caller's; NULL when it is not
 * a Kubernetes object. */
struct ew_object *ew_object_prune(struct ew_doc *doc, const char *where, struct ew_err *err);

/* Manifests and dumps in place of the API: files, directories (*.yaml, *.yml, *.json, not
 * recursive as kubectl's), "-" for stdin; YAML or JSON, Lists, many documents. Adds every object
 * with "file:line" and the fact "files" to the snapshot. A document that is not an object is an
 * entry of the fact's errors; an unreadable file or broken syntax is EW_EUSAGE. Reads files at
 * once: called before the loop runs. */
int ew_cluster_read_files(const char *const *paths, struct ew_snapshot *snapshot,
                          struct ew_err *err);

#endif
