#include "plugin.h"

#include "edgewalk/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define API_GROUP "client.authentication.k8s.io/"

struct plugin {
    const struct access *access;
    struct ew_child *child;
    plugin_fn *fn;
    void *ctx;
    int timeout_ms;
};

/* ---- what it is told ---- */

static struct ew_json *cluster_info(struct ew_doc *doc, const struct access *access)
{
    struct ew_json *cluster = ew_json_object(doc);
    ew_json_set_str(doc, cluster, "server", access->server);
    if (access->server_name)
        ew_json_set_str(doc, cluster, "tls-server-name", access->server_name);
    if (access->insecure)
        ew_json_set_bool(doc, cluster, "insecure-skip-tls-verify", true);
    if (access->ca_pem) {
        char *ca = ew_base64_encode((const unsigned char *)access->ca_pem, strlen(access->ca_pem));
        ew_json_set_str(doc, cluster, "certificate-authority-data", ca);
        free(ca);
    }
    if (access->proxy)
        ew_json_set_str(doc, cluster, "proxy-url", access->proxy);
    if (access->no_gzip)
        ew_json_set_bool(doc, cluster, "disable-compression", true);
    const struct ew_json *config = ew_doc_root(access->exec_config);
    ew_json_set(doc, cluster, "config", config ? ew_json_copy(doc, config) : ew_json_null(doc));
    return cluster;
}

char *plugin_exec_info(const struct access *access)
{
    struct ew_buf out;
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *root = ew_json_object(doc), *spec;
    char *version = ew_fmt(API_GROUP "%s", access->exec->version);
    ew_json_set_str(doc, root, "kind", "ExecCredential");
    ew_json_set_str(doc, root, "apiVersion", version);
    spec = ew_json_set(doc, root, "spec", ew_json_object(doc));
    ew_json_set_bool(doc, spec, "interactive", false);
    if (access->exec->cluster_info)
        ew_json_set(doc, spec, "cluster", cluster_info(doc, access));
    ew_buf_init(&out, 0);
    ew_json_write(&out, root, 0);
    ew_doc_unref(doc);
    free(version);
    return ew_buf_take(&out);
}

/* ---- what it says ---- */

static int64_t time_of(const char *text)
{
    int64_t ms = 0;
    return text && ew_time_parse(text, &ms) ? ms : 0;
}

static const char *check(const struct ew_json *root, const char *version, struct plugin_result *out)
{
    const struct ew_json *status = ew_json_get(root, "status");
    const char *api = ew_json_get_str(root, "apiVersion", "");
    if (!ew_streq(ew_json_get_str(root, "kind", NULL), "ExecCredential"))
        return "it wrote no ExecCredential";
    if (!ew_text_prefix(api, API_GROUP) || strcmp(api + strlen(API_GROUP), version) != 0)
        return "it answered in another apiVersion than the kubeconfig asks for";
    out->token = ew_json_get_str(status, "token", NULL);
    out->cert_pem = ew_json_get_str(status, "clientCertificateData", NULL);
    out->key_pem = ew_json_get_str(status, "clientKeyData", NULL);
    out->expires_ms = time_of(ew_json_get_str(status, "expirationTimestamp", NULL));
    if (!out->cert_pem != !out->key_pem)
        return "it gave a certificate without key, or a key without certificate";
    if (!out->token && !out->cert_pem)
        return "it gave neither token nor certificate";
    for (const unsigned char *c = (const unsigned char *)out->token; c && *c; c++)
        if (*c < ' ' || *c == 0x7f)
            return "it gave a token with a line break in it";
    return NULL;
}

void plugin_read(const char *text, size_t len, const char *version, struct plugin_result *out,
                 struct ew_doc **doc)
{
    memset(out, 0, sizeof(*out));
    *doc = NULL;
    if (ew_json_parse(text, len, doc, NULL) != EW_OK)
        out->failure = "it wrote no ExecCredential";
    else
        out->failure = check(ew_doc_root(*doc), version, out);
}

/* ---- a run ---- */

static void finish(struct plugin *plugin, const struct plugin_result *result)
{
    plugin_fn *fn = plugin->fn;
    void *ctx = plugin->ctx;
    free(plugin);
    fn(ctx, result);
}

/* The last line that is not empty: where commands say what was wrong. */
static void add_last_line(struct ew_buf *out, const char *text, size_t len)
{
    while (len && strchr(" \t\r\n", text[len - 1]))
        len--;
    size_t start = len;
    while (start && text[start - 1] != '\n')
        start--;
    if (len > start) {
        ew_buf_adds(out, ": ");
        ew_text_clean(out, text + start, len - start, 200);
    }
}

static void describe_failure(const struct plugin *plugin, const struct ew_child_result *child,
                             const char *failure, struct ew_buf *out)
{
    const struct exec_spec *exec = plugin->access->exec;
    ew_buf_adds(out, "exec plugin ");
    ew_text_clean(out, exec->command, strlen(exec->command), 100);
    if (child->spawn_errno == ENOENT) {
        ew_buf_adds(out, " is not installed");
        if (exec->hint)
            add_last_line(out, exec->hint, strlen(exec->hint));
    } else if (child->spawn_errno) {
        ew_buf_addf(out, " cannot be run: %s", strerror(child->spawn_errno));
    } else if (child->timed_out) {
        ew_buf_addf(out, " gave nothing within %d s; log in with it once",
                    plugin->timeout_ms / 1000);
    } else if (child->exit_status) {
        ew_buf_addf(out, " failed with status %d", child->exit_status);
        add_last_line(out, child->err, child->err_len);
    } else {
        ew_buf_addf(out, ": %s", failure);
    }
}

static void on_end(void *ctx, const struct ew_child_result *child)
{
    struct plugin *plugin = ctx;
    struct plugin_result result = {0};
    struct ew_doc *doc = NULL;
    struct ew_buf words;
    bool ran = !child->spawn_errno && !child->timed_out && !child->exit_status;
    plugin->child = NULL;
    ew_buf_init(&words, 500);
    if (ran)
        plugin_read(child->out, child->out_len, plugin->access->exec->version, &result, &doc);
    if (!ran || result.failure) {
        describe_failure(plugin, child, result.failure, &words);
        result = (struct plugin_result){.failure = ew_buf_text(&words)};
    }
    finish(plugin, &result);
    ew_doc_wipe(doc);
    ew_doc_unref(doc);
    ew_buf_release(&words);
}

static const char **arguments(const struct exec_spec *exec)
{
    size_t count = 0;
    while (exec->args && exec->args[count])
        count++;
    const char **argv = ew_alloc((count + 2) * sizeof(*argv));
    argv[0] = exec->command;
    for (size_t i = 0; i < count; i++)
        argv[i + 1] = exec->args[i];
    return argv;
}

static char **environment(const struct access *access)
{
    char **env = NULL, *info = plugin_exec_info(access);
    for (size_t i = 0; access->exec->env && access->exec->env[i]; i++)
        env = access_list_add(env, ew_strdup(access->exec->env[i]));
    env = access_list_add(env, ew_fmt("KUBERNETES_EXEC_INFO=%s", info));
    free(info);
    return env;
}

struct plugin *plugin_start(struct ew_loop *loop, const struct access *access, int timeout_ms,
                            plugin_fn *fn, void *ctx)
{
    struct plugin *plugin = ew_alloc(sizeof(*plugin));
    const char **argv = arguments(access->exec);
    char **env = environment(access);
    struct ew_child_spec spec = {argv, (const char *const *)env, timeout_ms};
    plugin->access = access;
    plugin->fn = fn;
    plugin->ctx = ctx;
    plugin->timeout_ms = timeout_ms;
    plugin->child = ew_child_start(loop, &spec, on_end, plugin);
    access_list_free(env);
    free(argv);
    return plugin;
}

void plugin_cancel(struct plugin *plugin)
{
    if (!plugin)
        return;
    ew_child_cancel(plugin->child);
    free(plugin);
}
