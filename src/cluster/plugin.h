/* One run of an exec credential plugin (client.authentication.k8s.io). */
#ifndef EW_CLUSTER_PLUGIN_H
#define EW_CLUSTER_PLUGIN_H

#include "access.h"

#include "edgewalk/io.h"

/* What it gave. Texts live for the call and are overwritten after it. */
struct plugin_result {
    const char *failure;            /* in words; NULL: it gave something */
    const char *token;              /* may be NULL */
    const char *cert_pem, *key_pem; /* both or neither */
    int64_t expires_ms;             /* since 1970; 0: it does not say */
};

struct plugin;
typedef void plugin_fn(void *ctx, const struct plugin_result *result);
/* access and its exec must outlive the run. */
struct plugin *plugin_start(struct ew_loop *loop, const struct access *access, int timeout_ms,
                            plugin_fn *fn, void *ctx);
void plugin_cancel(struct plugin *plugin); /* NULL is allowed */

/* The text of KUBERNETES_EXEC_INFO; the caller's. */
char *plugin_exec_info(const struct access *access);
/* Reads an ExecCredential; *doc holds the texts of out: wiped and freed by the caller (may be
 * NULL). */
void plugin_read(const char *text, size_t len, const char *version, struct plugin_result *out,
                 struct ew_doc **doc);

#endif
