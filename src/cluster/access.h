/* How to reach one API server: what the options, kubeconfig or service account say, resolved. */
#ifndef EW_CLUSTER_ACCESS_H
#define EW_CLUSTER_ACCESS_H

#include "kubeconfig.h"
#include "proxy.h"

#include "edgewalk/base/url.h"
#include "edgewalk/cluster.h"

/* An exec credential plugin (client.authentication.k8s.io). */
struct exec_spec {
    char *command;
    char **args;       /* NULL-terminated, without the command; NULL: none */
    char **env;        /* "NAME=value", NULL-terminated; NULL: none */
    char *version;     /* "v1" or "v1beta1" */
    char *hint;        /* shown when the command is missing; may be NULL */
    bool always;       /* interactiveMode Always: cannot run without a terminal */
    bool cluster_info; /* provideClusterInfo */
};

/* Texts are its own. Those of credentials are overwritten by access_release. */
struct access {
    char *context; /* NULL: none, or in a cluster */
    char *user;    /* name of the entry; NULL: none */
    char *namespace_;
    bool in_cluster;

    char *server; /* as configured, without a trailing slash */
    struct ew_url url;
    char *server_name;      /* SNI, and the name to verify; NULL: the host */
    struct ew_trust *trust; /* NULL: the system's */
    char *ca_pem;           /* what trust was made from; NULL: the system's */
    bool insecure, no_gzip;
    char *proxy;      /* proxy-url; NULL: none */
    struct proxy via; /* that, or the environment's; host NULL: none */

    char *token, *token_file; /* with both, the file's last good content counts */
    char *cert_pem, *key_pem;
    int64_t cert_expires_ms; /* 0: no client certificate */
    char *username, *password;
    struct exec_spec *exec;     /* only when nothing else is configured */
    struct ew_doc *exec_config; /* the cluster's word to plugins; NULL: none */

    char *as, *as_uid;
    char **as_groups; /* NULL-terminated or NULL */
    char **as_extra;  /* name, value, name, value, …, NULL; or NULL */
};

/* *found is false, and access empty, when there is no configuration at all. */
int access_resolve(struct access *access, const struct ew_cluster_config *config, bool *found,
                   struct ew_err *err);
int access_resolve_from(struct access *access, const struct kubeconfig *files,
                        const struct ew_cluster_config *config, bool *found, struct ew_err *err);
void access_release(struct access *access);

/* ---- its parts, shared by the access_….c files ---- */

/* Server, CA, proxy of a cluster entry; what config overrides wins. */
int access_take_cluster(struct access *access, const struct kube_entry *entry,
                        const struct ew_cluster_config *config, struct ew_err *err);
/* The server's URL; origin stands in messages ("--server", "FILE:LINE: cluster "x""). */
int access_set_server(struct access *access, const char *server, const char *origin,
                      struct ew_err *err);
/* A PEM bundle as the only CA. */
int access_set_ca(struct access *access, const char *pem, size_t len, const char *origin,
                  struct ew_err *err);
/* Credentials of a user entry, unless config brings a token; impersonation. */
int access_take_user(struct access *access, const struct kube_entry *entry,
                     const struct ew_cluster_config *config, struct ew_err *err);
int access_take_exec(struct access *access, const struct kube_entry *entry,
                     const struct ew_json *exec, struct ew_err *err);
/* A secret from KEY (a file) or KEY-data (base64), whichever is set; both is a failure. *out stays
 * empty when neither is. */
struct cluster_text;
int access_take_blob(const struct kube_entry *entry, const char *key, struct cluster_text *out,
                     struct ew_err *err);
/* The service account of a pod, from its folder. False when this is no pod. */
bool access_is_in_cluster(const char *folder);
int access_take_service_account(struct access *access, const char *folder, struct ew_err *err);

/* A token fit for a header: line ends at its end are cut, in place; false when others are in it. */
bool access_trim_token(char *token);
char **access_list_add(char **list, char *text); /* NULL-terminated; list may be NULL */
void access_list_free(char **list);              /* overwrites */
void access_exec_free(struct exec_spec *exec);

#endif
