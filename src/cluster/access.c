#include "access.h"
#include "text.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

#define SERVICE_ACCOUNT "/var/run/secrets/kubernetes.io/serviceaccount"

/* ---- lists and secrets ---- */

char **access_list_add(char **list, char *text)
{
    size_t count = 0;
    while (list && list[count])
        count++;
    list = ew_realloc(list, count + 2, sizeof(*list));
    list[count] = text;
    list[count + 1] = NULL;
    return list;
}

static void free_secret(char *text)
{
    ew_wipe(text, text ? strlen(text) : 0);
    free(text);
}

void access_list_free(char **list)
{
    for (size_t i = 0; list && list[i]; i++)
        free_secret(list[i]);
    free(list);
}

bool access_trim_token(char *token)
{
    size_t len = strlen(token);
    while (len && strchr(" \t\r\n", token[len - 1]))
        token[--len] = '\0';
    for (const unsigned char *c = (const unsigned char *)token; *c; c++)
        if (*c < ' ' || *c == 0x7f)
            return false;
    return true;
}

/* ---- merging ---- */

static int set_context(struct access *access, const struct kubeconfig *files,
                       const struct ew_cluster_config *config, struct kube_entry *context,
                       struct ew_err *err)
{
    const char *name = config->context ? config->context : kubeconfig_current(files);
    const char *set_by = config->context ? "--context" : "current-context";
    if (!name)
        return EW_OK;
    if (!kubeconfig_find(files, "context", name, context)) {
        char *known = kubeconfig_contexts(files);
        int code = ew_fail(err, EW_EUSAGE, "%s: %s \"%.80s\" does not exist; there are: %s",
                           files->looked, set_by, name, known);
        free(known);
        return code;
    }
    access->context = ew_strdup(name);
    return EW_OK;
}

/* No context, and nothing that stands in for one. */
static int no_context(const struct kubeconfig *files, struct ew_err *err)
{
    char *known = kubeconfig_contexts(files);
    int code = ew_fail(err, EW_EUSAGE,
                       "%s: no current-context is set; choose one with --context (%s), or leave "
                       "the cluster out with --no-api",
                       files->looked, known);
    free(known);
    return code;
}

static int missing(const struct kubeconfig *files, const struct kube_entry *context,
                   const char *kind, const char *name, struct ew_err *err)
{
    if (context->file)
        return kube_fail(context, ew_json_get(context->body, kind), err,
                         "%s \"%.80s\" does not exist", kind, name);
    return ew_fail(err, EW_EUSAGE, "%s: --%s \"%.80s\" does not exist", files->looked, kind, name);
}

static int take_cluster(struct access *access, const struct kubeconfig *files,
                        const struct ew_cluster_config *config, const struct kube_entry *context,
                        struct ew_err *err)
{
    struct kube_entry entry = {.kind = "cluster", .name = ""}, none = {0};
    const char *name = NULL;
    if (context->file && kube_text(context, context->body, "cluster", &name, err) != EW_OK)
        return EW_EUSAGE;
    if (config->cluster)
        name = config->cluster;
    if (name && !kubeconfig_find(files, "cluster", name, &entry))
        return missing(files, config->cluster ? &none : context, "cluster", name, err);
    if (!name && !config->server)
        return context->file ? kube_fail(context, NULL, err, "no cluster is named")
                             : ew_fail(err, EW_EUSAGE,
                                       "%s: no cluster is named; give --context, "
                                       "--cluster or --server",
                                       files->looked);
    return access_take_cluster(access, &entry, config, err);
}

static int take_user(struct access *access, const struct kubeconfig *files,
                     const struct ew_cluster_config *config, const struct kube_entry *context,
                     struct ew_err *err)
{
    struct kube_entry entry = {.kind = "user", .name = ""}, none = {0};
    const char *name = NULL;
    if (context->file && kube_text(context, context->body, "user", &name, err) != EW_OK)
        return EW_EUSAGE;
    if (config->user)
        name = config->user;
    if (name && !kubeconfig_find(files, "user", name, &entry))
        return missing(files, config->user ? &none : context, "user", name, err);
    access->user = ew_strdup(name);
    return access_take_user(access, &entry, config, err);
}

static int take_files(struct access *access, const struct kubeconfig *files,
                      const struct ew_cluster_config *config, struct ew_err *err)
{
    struct kube_entry context = {0};
    const char *ns = NULL;
    int code = set_context(access, files, config, &context, err);
    if (code == EW_OK && !context.file && !config->cluster && !config->server)
        code = no_context(files, err);
    if (code == EW_OK)
        code = take_cluster(access, files, config, &context, err);
    if (code == EW_OK)
        code = take_user(access, files, config, &context, err);
    if (code == EW_OK && context.file)
        code = kube_text(&context, context.body, "namespace", &ns, err);
    if (code == EW_OK)
        access->namespace_ = ew_strdup(config->namespace_ ? config->namespace_
                                       : ns               ? ns
                                                          : "default");
    return code;
}

/* Neither kubeconfig nor service account: what the options alone say. */
static int take_options(struct access *access, const struct kubeconfig *files,
                        const struct ew_cluster_config *config, bool *found, struct ew_err *err)
{
    const char *named = config->context   ? "--context"
                        : config->cluster ? "--cluster"
                        : config->user    ? "--user"
                                          : NULL;
    if (named)
        return ew_fail(err, EW_EUSAGE, "%s needs a kubeconfig: nothing is configured in %s", named,
                       files->looked);
    *found = config->server != NULL;
    return *found ? take_files(access, files, config, err) : EW_OK;
}

static int take_pod(struct access *access, const struct ew_cluster_config *config,
                    struct ew_err *err)
{
    struct kube_entry none = {.kind = "user", .name = ""};
    int code = access_take_service_account(access, SERVICE_ACCOUNT, err);
    if (code == EW_OK)
        code = access_take_user(access, &none, config, err);
    if (code == EW_OK && config->namespace_) {
        free(access->namespace_);
        access->namespace_ = ew_strdup(config->namespace_);
    }
    return code;
}

/* kubeconfig's proxy-url comes first. */
static int take_environment(struct access *access, struct ew_err *err)
{
    const char *variable, *proxy;
    struct ew_err why = {0};
    if (access->via.host || !(proxy = proxy_from_environment(&access->url, &variable)))
        return EW_OK;
    if (proxy_parse(proxy, &access->via, &why) == EW_OK)
        return EW_OK;
    return ew_fail(
        err, EW_EUSAGE,
        "%s in the environment, on the way to %s, is %s (NO_PROXY goes past it, --no-api "
        "leaves the cluster out)",
        variable, access->server, why.message);
}

int access_resolve_from(struct access *access, const struct kubeconfig *files,
                        const struct ew_cluster_config *config, bool *found, struct ew_err *err)
{
    int code;
    bool chosen = config->server || config->context || config->cluster || config->user;
    memset(access, 0, sizeof(*access));
    *found = true;
    if (!kubeconfig_is_empty(files))
        code = take_files(access, files, config, err);
    else if (!chosen && access_is_in_cluster(SERVICE_ACCOUNT))
        code = take_pod(access, config, err);
    else
        code = take_options(access, files, config, found, err);
    if (code == EW_OK && *found)
        code = take_environment(access, err);
    if (code != EW_OK || !*found)
        access_release(access);
    return code;
}

int access_resolve(struct access *access, const struct ew_cluster_config *config, bool *found,
                   struct ew_err *err)
{
    struct kubeconfig files;
    memset(access, 0, sizeof(*access));
    int code = kubeconfig_load(&files, config->kubeconfig, err);
    if (code != EW_OK)
        return code;
    code = access_resolve_from(access, &files, config, found, err);
    kubeconfig_release(&files);
    return code;
}

void access_exec_free(struct exec_spec *exec)
{
    if (!exec)
        return;
    free(exec->command);
    free(exec->version);
    free(exec->hint);
    access_list_free(exec->args);
    access_list_free(exec->env);
    free(exec);
}

void access_release(struct access *access)
{
    free(access->context);
    free(access->user);
    free(access->namespace_);
    free(access->server);
    ew_url_release(&access->url);
    free(access->server_name);
    free(access->ca_pem);
    ew_trust_unref(access->trust);
    free_secret(access->proxy);
    proxy_release(&access->via);
    free_secret(access->token);
    free(access->token_file);
    free(access->cert_pem);
    free_secret(access->key_pem);
    free_secret(access->username);
    free_secret(access->password);
    access_exec_free(access->exec);
    ew_doc_wipe(access->exec_config);
    ew_doc_unref(access->exec_config);
    free(access->as);
    free(access->as_uid);
    access_list_free(access->as_groups);
    access_list_free(access->as_extra);
    memset(access, 0, sizeof(*access));
}
