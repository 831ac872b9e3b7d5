/* Kubeconfig files as they stand: found, read, merged. What their entries mean is in access.h.
 *
 * Rules of client-go (tools/clientcmd/loader.go): --kubeconfig alone if given; else the files of
 * $KUBECONFIG; else ~/.kube/config. The first file to name an entry wins whole, current-context is
 * that of the first file that sets one. */
#ifndef EW_CLUSTER_KUBECONFIG_H
#define EW_CLUSTER_KUBECONFIG_H

#include "edgewalk/json.h"

struct kube_file {
    char *path, *dir;   /* dir: what relative paths in it start from, ends with "/", or "" */
    struct ew_doc *doc; /* NULL for an empty file */
};

struct kubeconfig {
    struct ew_ptrs files; /* struct kube_file, those that exist */
    char *looked;         /* where it was looked, for messages */
};

/* EW_EUSAGE, with file and line, when a file cannot be read or is no kubeconfig, or when files were
 * named and none exists. No file at the usual place is no failure. given: --kubeconfig or NULL. */
int kubeconfig_load(struct kubeconfig *config, const char *given, struct ew_err *err);
/* One more file, from its text; what it holds stays in config even when it is refused. */
int kubeconfig_add(struct kubeconfig *config, const char *path, const char *text, size_t len,
                   struct ew_err *err);
void kubeconfig_release(struct kubeconfig *config);              /* overwrites what it held */
bool kubeconfig_is_empty(const struct kubeconfig *config);       /* neither clusters nor contexts */
const char *kubeconfig_current(const struct kubeconfig *config); /* context; NULL: none is set */
/* Names of the contexts, at most a dozen, "a, b, c"; the caller's. */
char *kubeconfig_contexts(const struct kubeconfig *config);

/* An entry of a list: {name: NAME, KIND: BODY}. */
struct kube_entry {
    const struct kube_file *file;
    const char *kind, *name; /* kind: "cluster", "user", "context" */
    const struct ew_json *body;
    int line;
};
bool kubeconfig_find(const struct kubeconfig *config, const char *kind, const char *name,
                     struct kube_entry *out);

/* EW_EUSAGE: "FILE:LINE: user "dev": …", the line of node where it has one. */
int kube_fail(const struct kube_entry *entry, const struct ew_json *node, struct ew_err *err,
              const char *format, ...) EW_PRINTF(4, 5);
/* A member that must be text (EW_EUSAGE else). *out is NULL when it is missing, null or empty; it
 * is the document's. */
int kube_text(const struct kube_entry *entry, const struct ew_json *object, const char *key,
              const char **out, struct ew_err *err);
int kube_flag(const struct kube_entry *entry, const char *key, bool *out, struct ew_err *err);
/* A file that the entry names, from the folder of the kubeconfig; the caller's. */
char *kube_path(const struct kube_entry *entry, const char *path);

#endif
