/* The service account of the pod that we run in. */
#include "access.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 };

static char *in_folder(const char *folder, const char *name)
{
    return ew_fmt("%s/%s", folder, name);
}

bool access_is_in_cluster(const char *folder)
{
    const char *host = getenv("KUBERNETES_SERVICE_HOST"), *port = getenv("KUBERNETES_SERVICE_PORT");
    char *token = in_folder(folder, "token");
    bool there = host && *host && port && *port && access(token, R_OK) == 0;
    free(token);
    return there;
}

/* The pod's own namespace: POD_NAMESPACE, then the file, then "default", as client-go does. */
static char *own_namespace(const char *folder)
{
    struct cluster_text text = {0};
    const char *set = getenv("POD_NAMESPACE");
    if (set && *set)
        return ew_strdup(set);
    char *path = in_folder(folder, "namespace");
    char *ns = NULL;
    if (cluster_text_read(&text, path, path, FILE_MAX, NULL) == EW_OK) {
        text.data[strcspn(text.data, " \t\r\n")] = '\0';
        ns = *text.data ? ew_strdup(text.data) : NULL;
    }
    cluster_text_release(&text);
    free(path);
    return ns ? ns : ew_strdup("default");
}

/* A missing CA is no failure: the system's roots count then. */
static int take_ca(struct access *access, const char *folder, struct ew_err *err)
{
    struct cluster_text text = {0};
    char *path = in_folder(folder, "ca.crt");
    int code = EW_OK;
    if (cluster_text_read(&text, path, path, FILE_MAX, NULL) == EW_OK)
        code = access_set_ca(access, text.data, text.len, path, err);
    cluster_text_release(&text);
    free(path);
    return code;
}

static int take_token(struct access *access, struct ew_err *err)
{
    struct cluster_text text = {0};
    int code = cluster_text_read(&text, access->token_file, access->token_file, FILE_MAX, err);
    if (code == EW_OK)
        access->token = ew_strndup(text.data, text.len);
    cluster_text_release(&text);
    if (code == EW_OK && (!access_trim_token(access->token) || !*access->token))
        code = ew_fail(err, EW_EUSAGE, "%s: no token in it", access->token_file);
    return code;
}

int access_take_service_account(struct access *access, const char *folder, struct ew_err *err)
{
    const char *host = getenv("KUBERNETES_SERVICE_HOST"), *port = getenv("KUBERNETES_SERVICE_PORT");
    bool v6 = host && strchr(host, ':');
    char *server = ew_fmt("https://%s%s%s:%s", v6 ? "[" : "", host ? host : "", v6 ? "]" : "",
                          port ? port : "");
    access->in_cluster = true;
    access->token_file = in_folder(folder, "token");
    access->namespace_ = own_namespace(folder);
    int code = take_ca(access, folder, err);
    if (code == EW_OK)
        code = access_set_server(access, server, "KUBERNETES_SERVICE_HOST and _PORT", err);
    if (code == EW_OK)
        code = take_token(access, err);
    free(server);
    return code;
}
