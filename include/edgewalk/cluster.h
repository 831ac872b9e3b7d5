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

/* Reads kubeconfig files or the service account, by client-go's rules; nothing is sent yet. No
 * configuration anywhere is no failure: *out is NULL then. A configuration that is there and wrong
 * is EW_EUSAGE, with file, line and entry; the message never holds a credential. proxy-url and the
 * environment's proxies are followed on the way to the API (http and socks5). */
int ew_cluster_new(struct ew_loop *loop, const struct ew_cluster_config *config,
                   struct ew_cluster **out, struct ew_err *err);
/* Cancels all, without callbacks, and wipes secrets; before its loop, and never from inside one of
 * its own callbacks. NULL is allowed. */
void ew_cluster_free(struct ew_cluster *cluster);
const char *ew_cluster_context(const struct ew_cluster *cluster);   /* NULL: in-cluster or none */
const char *ew_cluster_namespace(const struct ew_cluster *cluster); /* never NULL */
const char *ew_cluster_server(const struct ew_cluster *cluster);

/* Which objects of a list are kept: false leaves one out, counted in `others`. Called per item,
 * before it is pruned. */
typedef bool ew_keep_fn(void *ctx, enum ew_kind kind, const struct ew_json *object);

/* What comes, always from the loop: the fact of the want's key once, after the objects that it
 * brought. References pass to the callbacks. A list that fails in the middle brings what came whole
 * before. */
struct ew_cluster_sink {
    void *ctx;
    ew_keep_fn *keep; /* may be NULL */
    void (*object)(void *ctx, struct ew_object *object);
    void (*fact)(void *ctx, struct ew_fact *fact);
};
/* The server's version and what it serves: facts api/server and api/discovery, once each; and
 * api/server once more, "unauthorized", when a later request is answered 401. An exec plugin that
 * gives nothing is "unauthorized" too, with its words. Only the first call does something. */
void ew_cluster_discover(struct ew_cluster *cluster, const struct ew_cluster_sink *sink);
/* get and list wants. They start at once, in the version that discovery named or else in the best
 * of ours; only where the server does not know that one, discovery is waited for (where that is
 * denied, the next of ours is tried). A resource that is not served gives `absent`, and so does a
 * name that nothing can have. At most 8 lists at once; 429 is retried as Retry-After says within
 * the timeout, which is that of one request; pages are followed; a 410 in the middle starts the
 * list again once. */
void ew_cluster_fetch(struct ew_cluster *cluster, const struct ew_want *want,
                      const struct ew_cluster_sink *sink);
struct ew_cluster_usage {
    size_t requests, bytes; /* bytes as they came over the wire */
};
struct ew_cluster_usage ew_cluster_usage(const struct ew_cluster *cluster);

/* Prunes what an API server or file gave to what a snapshot keeps: managedFields to who and when;
 * of Secrets and ConfigMaps the described certificate; of Nodes addresses and conditions; of pods
 * and what makes them no values of the environment, and no words of a command line that look like a
 * credential; no copies of the object in annotations, but for kinds of Gateway API the paths that
 * such a copy has and the object has not (fact/keys.h, lost_fields). The object is the caller's;
 * NULL, and why, when it is not a Kubernetes object. doc stays the caller's; where it was a Secret
 * it is wiped. */
struct ew_object *ew_object_prune(struct ew_doc *doc, const char *where, struct ew_err *err);

/* Manifests and dumps in place of the API: files, directories (*.yaml, *.yml, *.json, not
 * recursive as kubectl's), "-" for stdin; YAML or JSON, Lists, many documents. Adds every object
 * with "file:line" (items of a List with their own) and the fact "files" to the snapshot; of the
 * same object twice the last counts. A document that is not an object is an entry of the fact's
 * errors; an unreadable file or broken syntax is EW_EUSAGE. Reads files at once: called before the
 * loop runs. */
int ew_cluster_read_files(const char *const *paths, struct ew_snapshot *snapshot,
                          struct ew_err *err);

#endif
