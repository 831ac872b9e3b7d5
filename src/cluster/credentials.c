#include "client.h"
#include "plugin.h"

#include "edgewalk/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* client-go reads a token file again after a minute less ten seconds. */
enum { TOKEN_AGE_MS = 50000, TOKEN_MAX = 1 << 20, PLUGIN_MS = 60000, LEEWAY_MS = 5000 };

static void set_secret(char **to, const char *from)
{
    ew_wipe(*to, *to ? strlen(*to) : 0);
    free(*to);
    *to = ew_strdup(from);
}

/* ---- token files ---- */

/* True when another token is in force then. What cannot be read leaves the last one. */
static bool read_token_file(struct ew_cluster *cluster)
{
    struct access *access = &cluster->access;
    struct cluster_text text = {0};
    bool changed = false;
    cluster->credentials.token_read_ms = ew_monotonic_ms();
    if (cluster_text_read(&text, access->token_file, "token", TOKEN_MAX, NULL) != EW_OK)
        return false;
    if (access_trim_token(text.data) && *text.data && !ew_streq(text.data, access->token)) {
        set_secret(&access->token, text.data);
        changed = true;
    }
    cluster_text_release(&text);
    return changed;
}

/* ---- plugins ---- */

static bool has_expired(const struct credentials *credentials)
{
    return credentials->expires_ms && credentials->expires_ms < ew_now_ms() + LEEWAY_MS;
}

static void on_plugin(void *ctx, const struct plugin_result *result)
{
    struct ew_cluster *cluster = ctx;
    struct access *access = &cluster->access;
    struct credentials *credentials = &cluster->credentials;
    credentials->plugin = NULL;
    if (result->failure) {
        client_fail(cluster, "unauthorized", result->failure);
        return;
    }
    set_secret(&access->token, result->token);
    set_secret(&access->cert_pem, result->cert_pem);
    set_secret(&access->key_pem, result->key_pem);
    credentials->from_plugin = true;
    /* One that is over already is tried all the same: clocks differ. */
    credentials->expires_ms = result->expires_ms;
    if (has_expired(credentials))
        credentials->expires_ms = 0;
    client_progress(cluster);
}

static void run_plugin(struct ew_cluster *cluster)
{
    struct credentials *credentials = &cluster->credentials;
    if (!credentials->plugin)
        credentials->plugin =
            plugin_start(cluster->loop, &cluster->access, PLUGIN_MS, on_plugin, cluster);
}

/* Credentials go to https servers only: for another the plugin is not even run. */
static bool needs_plugin(const struct ew_cluster *cluster)
{
    return cluster->access.exec && strcmp(cluster->access.url.scheme, "https") == 0;
}

bool credentials_ready(struct ew_cluster *cluster)
{
    struct credentials *credentials = &cluster->credentials;
    const struct exec_spec *exec = cluster->access.exec;
    if (!needs_plugin(cluster))
        return true;
    if (credentials->from_plugin && !has_expired(credentials))
        return true;
    if (exec->always) {
        client_fail(cluster, "unauthorized",
                    "the exec plugin needs a terminal (interactiveMode: Always), which it cannot "
                    "have here");
        return false;
    }
    run_plugin(cluster);
    return false;
}

bool credentials_renew(struct ew_cluster *cluster)
{
    if (cluster->access.token_file)
        return read_token_file(cluster);
    if (!needs_plugin(cluster) || !cluster->credentials.from_plugin)
        return false;
    cluster->readiness = CLIENT_PREPARING;
    run_plugin(cluster);
    return true;
}

void credentials_release(struct ew_cluster *cluster)
{
    plugin_cancel(cluster->credentials.plugin);
    cluster->credentials.plugin = NULL;
}

/* ---- headers ---- */

static char *basic(const struct access *access)
{
    char *pair = ew_fmt("%s:%s", access->username, access->password ? access->password : "");
    char *encoded = ew_base64_encode((const unsigned char *)pair, strlen(pair));
    char *line = ew_fmt("Authorization: Basic %s", encoded);
    ew_wipe(pair, strlen(pair));
    ew_wipe(encoded, strlen(encoded));
    free(pair);
    free(encoded);
    return line;
}

static char **add_authorization(struct ew_cluster *cluster, char **headers)
{
    struct access *access = &cluster->access;
    if (strcmp(access->url.scheme, "https") != 0)
        return headers;
    if (access->token_file && ew_monotonic_ms() - cluster->credentials.token_read_ms > TOKEN_AGE_MS)
        read_token_file(cluster);
    if (access->token)
        return access_list_add(headers, ew_fmt("Authorization: Bearer %s", access->token));
    return access->username ? access_list_add(headers, basic(access)) : headers;
}

/* A header's name has the key percent-encoded, lower case (client-go: headerKeyEscape). */
static char *extra_header(const char *key, const char *value)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_buf_adds(&out, "Impersonate-Extra-");
    for (const unsigned char *c = (const unsigned char *)key; *c; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9') || strchr("!#$&'*+-.^_`|~", *c);
        ew_buf_addf(&out, plain ? "%c" : "%%%02X", *c);
    }
    ew_buf_addf(&out, ": %s", value);
    return ew_buf_take(&out);
}

static char **add_impersonation(const struct access *access, char **headers)
{
    if (access->as)
        headers = access_list_add(headers, ew_fmt("Impersonate-User: %s", access->as));
    if (access->as_uid)
        headers = access_list_add(headers, ew_fmt("Impersonate-Uid: %s", access->as_uid));
    for (size_t i = 0; access->as_groups && access->as_groups[i]; i++)
        headers = access_list_add(headers, ew_fmt("Impersonate-Group: %s", access->as_groups[i]));
    for (size_t i = 0; access->as_extra && access->as_extra[i]; i += 2)
        headers =
            access_list_add(headers, extra_header(access->as_extra[i], access->as_extra[i + 1]));
    return headers;
}

char **credentials_headers(struct ew_cluster *cluster, const char *accept)
{
    char **headers = access_list_add(NULL, ew_fmt("Accept: %s", accept));
    headers = add_authorization(cluster, headers);
    return add_impersonation(&cluster->access, headers);
}

/* ---- what is plainly wrong with them ---- */

/* base64url of RFC 7515 as the base64 that we decode. */
static unsigned char *decode_part(const char *text, size_t len, size_t *out_len)
{
    char *copy = ew_alloc(len + 4);
    memcpy(copy, text, len);
    for (size_t i = 0; i < len; i++)
        copy[i] = copy[i] == '-' ? '+' : copy[i] == '_' ? '/' : copy[i];
    while (len % 4)
        copy[len++] = '=';
    unsigned char *bytes = ew_base64_decode(copy, len, out_len);
    ew_wipe(copy, len);
    free(copy);
    return bytes;
}

/* `exp` of a JWT, in milliseconds; 0 when the token is none or says nothing. */
static int64_t token_expiry(const char *token)
{
    const char *first = token ? strchr(token, '.') : NULL;
    const char *second = first ? strchr(first + 1, '.') : NULL;
    struct ew_doc *doc;
    size_t len = 0;
    double expiry = 0;
    if (!second)
        return 0;
    unsigned char *bytes = decode_part(first + 1, (size_t)(second - first - 1), &len);
    if (bytes && ew_json_parse((char *)bytes, len, &doc, NULL) == EW_OK) {
        expiry = ew_json_num(ew_json_get(ew_doc_root(doc), "exp"), 0);
        ew_doc_wipe(doc);
        ew_doc_unref(doc);
    }
    ew_wipe(bytes, len);
    free(bytes);
    return expiry > 0 && expiry < 1e11 ? (int64_t)(expiry * 1000) : 0;
}

char *credentials_fault(const struct ew_cluster *cluster, int64_t now_ms)
{
    const struct access *access = &cluster->access;
    int64_t token = token_expiry(access->token);
    char when[32];
    if (strcmp(access->url.scheme, "https") != 0)
        return access->token || access->cert_pem || access->username || access->exec
                   ? ew_strdup("credentials are not sent to an http:// server")
                   : NULL;
    bool by_token = token && token < now_ms;
    if (!by_token && !(access->cert_expires_ms && access->cert_expires_ms < now_ms))
        return NULL;
    ew_time_format(by_token ? token : access->cert_expires_ms, when);
    return ew_fmt("the %s expired at %s", by_token ? "bearer token" : "client certificate", when);
}
