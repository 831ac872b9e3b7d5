/* The server of a cluster entry: its URL, what its certificate is verified by, the way there. */
#include "access.h"
#include "text.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { BLOB_MAX = 4 * 1024 * 1024 };

/* ---- KEY and KEY-data ---- */

static int take_data(const struct kube_entry *entry, const char *key, const char *text,
                     struct cluster_text *out, struct ew_err *err)
{
    size_t len = 0;
    char *bytes = (char *)ew_base64_decode(text, strlen(text), &len);
    if (!bytes)
        return kube_fail(entry, ew_json_get(entry->body, key), err, "%s is not base64", key);
    bool fits = cluster_text_add(out, bytes, len, BLOB_MAX);
    ew_wipe(bytes, len);
    free(bytes);
    return fits ? EW_OK
                : kube_fail(entry, ew_json_get(entry->body, key), err, "%s is too long", key);
}

static int take_file(const struct kube_entry *entry, const char *key, const char *name,
                     struct cluster_text *out, struct ew_err *err)
{
    struct ew_err why = {0};
    char *path = kube_path(entry, name);
    int code = cluster_text_read(out, path, path, BLOB_MAX, &why);
    free(path);
    if (code != EW_OK)
        return kube_fail(entry, ew_json_get(entry->body, key), err, "%s: %s", key, why.message);
    return EW_OK;
}

int access_take_blob(const struct kube_entry *entry, const char *key, struct cluster_text *out,
                     struct ew_err *err)
{
    const char *file, *data;
    char *data_key = ew_fmt("%s-data", key);
    int code = kube_text(entry, entry->body, key, &file, err);
    if (code == EW_OK)
        code = kube_text(entry, entry->body, data_key, &data, err);
    if (code == EW_OK && file && data)
        code = kube_fail(entry, ew_json_get(entry->body, data_key), err,
                         "%s and %s are both set; keep one", key, data_key);
    else if (code == EW_OK && data)
        code = take_data(entry, data_key, data, out, err);
    else if (code == EW_OK && file)
        code = take_file(entry, key, file, out, err);
    free(data_key);
    return code;
}

/* ---- CA ---- */

int access_set_ca(struct access *access, const char *pem, size_t len, const char *origin,
                  struct ew_err *err)
{
    struct ew_err why = {0};
    int code = ew_trust_from_pem(pem, len, &access->trust, &why);
    if (code != EW_OK)
        return ew_fail(err, EW_EUSAGE, "%s: %s", origin, why.message);
    access->ca_pem = ew_strndup(pem, len);
    return EW_OK;
}

static int take_ca_option(struct access *access, const char *path, struct ew_err *err)
{
    struct cluster_text text = {0};
    struct ew_err why = {0};
    char *origin = ew_fmt("--certificate-authority %s", path);
    int code = cluster_text_read(&text, path, path, BLOB_MAX, &why);
    if (code == EW_OK)
        code = access_set_ca(access, text.data, text.len, origin, err);
    else
        ew_fail(err, EW_EUSAGE, "--certificate-authority %s", why.message);
    cluster_text_release(&text);
    free(origin);
    return code == EW_OK ? EW_OK : EW_EUSAGE;
}

static int take_ca_entry(struct access *access, const struct kube_entry *entry, struct ew_err *err)
{
    struct cluster_text text = {0};
    int code = access_take_blob(entry, "certificate-authority", &text, err);
    if (code == EW_OK && text.len && access->insecure) {
        code = kube_fail(entry, NULL, err,
                         "insecure-skip-tls-verify and a certificate-authority "
                         "are both set; keep one");
    } else if (code == EW_OK && text.len) {
        char *origin = ew_fmt("%s:%d: cluster \"%.80s\": certificate-authority", entry->file->path,
                              entry->line, entry->name);
        code = access_set_ca(access, text.data, text.len, origin, err);
        free(origin);
    }
    cluster_text_release(&text);
    return code;
}

/* Each of the two options puts the entry's word on verification aside. */
static int take_trust(struct access *access, const struct kube_entry *entry,
                      const struct ew_cluster_config *config, struct ew_err *err)
{
    if (config->insecure && config->certificate_authority)
        return ew_fail(err, EW_EUSAGE,
                       "--insecure-skip-tls-verify and --certificate-authority "
                       "exclude each other");
    if (config->insecure) {
        access->insecure = true;
        return EW_OK;
    }
    if (config->certificate_authority)
        return take_ca_option(access, config->certificate_authority, err);
    if (!entry->file)
        return EW_OK;
    int code = kube_flag(entry, "insecure-skip-tls-verify", &access->insecure, err);
    return code == EW_OK ? take_ca_entry(access, entry, err) : code;
}

/* ---- URL ---- */

/* Without a scheme client-go takes https where anything about TLS is configured, else http. */
static const char *scheme_for(const struct access *access, const char *server)
{
    if (strstr(server, "://"))
        return "";
    return access->trust || access->insecure ? "https://" : "http://";
}

int access_set_server(struct access *access, const char *server, const char *origin,
                      struct ew_err *err)
{
    struct ew_err why = {0};
    char *text = ew_fmt("%s%s", scheme_for(access, server), server);
    size_t len = strlen(text);
    while (len && text[len - 1] == '/')
        text[--len] = '\0';
    access->server = text;
    if (ew_url_parse(text, &access->url, &why) != EW_OK)
        return ew_fail(err, EW_EUSAGE, "%s: %s", origin, why.message);
    if (*access->url.query)
        return ew_fail(err, EW_EUSAGE, "%s: the server's URL has a query", origin);
    len = strlen(access->url.path);
    while (len && access->url.path[len - 1] == '/')
        access->url.path[--len] = '\0';
    return EW_OK;
}

static int take_server(struct access *access, const struct kube_entry *entry,
                       const struct ew_cluster_config *config, struct ew_err *err)
{
    const char *server = NULL;
    if (config->server)
        return access_set_server(access, config->server, "--server", err);
    if (kube_text(entry, entry->body, "server", &server, err) != EW_OK)
        return EW_EUSAGE;
    if (!server)
        return kube_fail(entry, NULL, err, "no server is set");
    char *origin = ew_fmt("%s:%d: cluster \"%.80s\"", entry->file->path,
                          ew_json_line(ew_json_get(entry->body, "server")), entry->name);
    int code = access_set_server(access, server, origin, err);
    free(origin);
    return code;
}

/* ---- the rest ---- */

static int take_proxy(struct access *access, const struct kube_entry *entry, struct ew_err *err)
{
    const char *proxy;
    if (kube_text(entry, entry->body, "proxy-url", &proxy, err) != EW_OK)
        return EW_EUSAGE;
    if (!proxy)
        return EW_OK;
    struct ew_err why = {0};
    if (proxy_parse(proxy, &access->via, &why) != EW_OK)
        return kube_fail(entry, ew_json_get(entry->body, "proxy-url"), err, "proxy-url is %s",
                         why.message);
    access->proxy = ew_strdup(proxy);
    return EW_OK;
}

/* What the cluster's owner has to say to exec plugins, passed on as it stands. */
static void take_exec_config(struct access *access, const struct kube_entry *entry)
{
    EW_JSON_EACH(extension, ew_json_get(entry->body, "extensions"))
    {
        if (!ew_streq(ew_json_get_str(extension, "name", NULL),
                      "client.authentication.k8s.io/exec"))
            continue;
        struct ew_doc *doc = ew_doc_new();
        ew_doc_set_root(doc, ew_json_copy(doc, ew_json_get(extension, "extension")));
        access->exec_config = doc;
        return;
    }
}

static int take_rest(struct access *access, const struct kube_entry *entry,
                     const struct ew_cluster_config *config, struct ew_err *err)
{
    const char *name = NULL;
    if (entry->file && kube_text(entry, entry->body, "tls-server-name", &name, err) != EW_OK)
        return EW_EUSAGE;
    if (config->tls_server_name)
        name = config->tls_server_name;
    access->server_name = ew_strdup(name);
    if (!entry->file)
        return EW_OK;
    take_exec_config(access, entry);
    int code = kube_flag(entry, "disable-compression", &access->no_gzip, err);
    return code == EW_OK ? take_proxy(access, entry, err) : code;
}

int access_take_cluster(struct access *access, const struct kube_entry *entry,
                        const struct ew_cluster_config *config, struct ew_err *err)
{
    if (entry->file && !ew_json_is(entry->body, EW_JSON_OBJECT))
        return kube_fail(entry, NULL, err, "has no cluster: mapping");
    int code = take_trust(access, entry, config, err);
    if (code == EW_OK)
        code = take_server(access, entry, config, err);
    return code == EW_OK ? take_rest(access, entry, config, err) : code;
}
