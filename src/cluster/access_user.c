/* Who we are: the credentials of a user entry and whom they impersonate. */
#include "access.h"
#include "text.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>

/* ---- client certificate ---- */

static int check_pair(struct access *access, const struct kube_entry *entry,
                      const struct cluster_text *cert, const struct cluster_text *key,
                      struct ew_err *err)
{
    struct ew_doc *doc = ew_doc_new();
    const struct ew_json *pair =
        ew_cert_describe_pair(doc, cert->data, cert->len, key->data, key->len);
    const struct ew_json *leaf = ew_json_at(pair, "chain[0]");
    int code = EW_OK;
    if (!leaf)
        code = kube_fail(entry, NULL, err, "client-certificate holds no certificate (PEM)");
    else if (ew_json_get_bool(pair, "key_fits", false))
        access->cert_expires_ms = (int64_t)ew_json_num(ew_json_get(leaf, "not_after"), 0);
    else if (ew_json_get(pair, "error"))
        code = kube_fail(entry, NULL, err, "client-key cannot be read (PEM, not encrypted)");
    else
        code = kube_fail(entry, NULL, err, "client-key does not belong to client-certificate");
    ew_doc_unref(doc);
    return code;
}

static int take_certificate(struct access *access, const struct kube_entry *entry,
                            struct ew_err *err)
{
    struct cluster_text cert = {0}, key = {0};
    int code = access_take_blob(entry, "client-certificate", &cert, err);
    if (code == EW_OK)
        code = access_take_blob(entry, "client-key", &key, err);
    if (code == EW_OK && cert.len && !key.len)
        code = kube_fail(entry, NULL, err, "client-certificate is set without a client-key");
    else if (code == EW_OK && key.len && !cert.len)
        code = kube_fail(entry, NULL, err, "client-key is set without a client-certificate");
    else if (code == EW_OK && cert.len)
        code = check_pair(access, entry, &cert, &key, err);
    if (code == EW_OK && cert.len) {
        access->cert_pem = ew_strndup(cert.data, cert.len);
        access->key_pem = ew_strndup(key.data, key.len);
    }
    cluster_text_release(&cert);
    cluster_text_release(&key);
    return code;
}

/* ---- token, name and password ---- */

static int take_token(struct access *access, const struct kube_entry *entry, struct ew_err *err)
{
    const char *token, *file;
    if (kube_text(entry, entry->body, "token", &token, err) != EW_OK ||
        kube_text(entry, entry->body, "tokenFile", &file, err) != EW_OK)
        return EW_EUSAGE;
    access->token = ew_strdup(token);
    access->token_file = file ? kube_path(entry, file) : NULL;
    if (token && !access_trim_token(access->token))
        return kube_fail(entry, ew_json_get(entry->body, "token"), err,
                         "token holds a line break or control character");
    if (!file || token)
        return EW_OK;
    struct cluster_text text = {0};
    struct ew_err why = {0};
    int code = cluster_text_read(&text, access->token_file, access->token_file, 1 << 20, &why);
    if (code != EW_OK)
        return kube_fail(entry, ew_json_get(entry->body, "tokenFile"), err, "tokenFile: %s",
                         why.message);
    access->token = ew_strndup(text.data, text.len);
    cluster_text_release(&text);
    if (!access_trim_token(access->token) || !*access->token)
        return kube_fail(entry, ew_json_get(entry->body, "tokenFile"), err,
                         "tokenFile: %s holds no token", access->token_file);
    return EW_OK;
}

static int take_password(struct access *access, const struct kube_entry *entry, struct ew_err *err)
{
    const char *name, *password;
    if (kube_text(entry, entry->body, "username", &name, err) != EW_OK ||
        kube_text(entry, entry->body, "password", &password, err) != EW_OK)
        return EW_EUSAGE;
    access->username = ew_strdup(name);
    access->password = ew_strdup(password);
    if (access->token && (name || password))
        return kube_fail(entry, NULL, err, "a token and a password are both set; keep one");
    return EW_OK;
}

/* ---- exec and auth-provider ---- */

static int take_plugin(struct access *access, const struct kube_entry *entry, struct ew_err *err)
{
    const struct ew_json *provider = ew_json_get(entry->body, "auth-provider");
    const struct ew_json *exec = ew_json_get(entry->body, "exec");
    bool has_exec = exec && ew_json_type(exec) != EW_JSON_NULL;
    if (provider && ew_json_type(provider) != EW_JSON_NULL)
        return kube_fail(entry, provider, err,
                         "auth-provider \"%.40s\" is not supported; use an exec credential plugin",
                         ew_json_get_str(provider, "name", ""));
    int code = has_exec ? access_take_exec(access, entry, exec, err) : EW_OK;
    if (code == EW_OK && (access->token || access->cert_pem || access->username)) {
        access_exec_free(access->exec);
        access->exec = NULL;
    }
    return code;
}

/* ---- impersonation ---- */

static int take_groups(struct access *access, const struct kube_entry *entry, struct ew_err *err)
{
    const struct ew_json *groups = ew_json_get(entry->body, "as-groups");
    EW_JSON_EACH(group, groups)
    {
        if (!ew_json_str(group))
            return kube_fail(entry, group, err, "as-groups is not a list of texts");
        access->as_groups = access_list_add(access->as_groups, ew_strdup(ew_json_str(group)));
    }
    return EW_OK;
}

static int take_extra(struct access *access, const struct kube_entry *entry, struct ew_err *err)
{
    EW_JSON_EACH(values, ew_json_get(entry->body, "as-user-extra"))
    EW_JSON_EACH(value, values)
    {
        if (!ew_json_key(values) || !ew_json_str(value))
            return kube_fail(entry, values, err,
                             "as-user-extra is not a mapping of lists of texts");
        access->as_extra = access_list_add(access->as_extra, ew_strdup(ew_json_key(values)));
        access->as_extra = access_list_add(access->as_extra, ew_strdup(ew_json_str(value)));
    }
    return EW_OK;
}

static int take_impersonation(struct access *access, const struct kube_entry *entry,
                              struct ew_err *err)
{
    const char *as, *uid;
    if (kube_text(entry, entry->body, "as", &as, err) != EW_OK ||
        kube_text(entry, entry->body, "as-uid", &uid, err) != EW_OK ||
        take_groups(access, entry, err) != EW_OK || take_extra(access, entry, err) != EW_OK)
        return EW_EUSAGE;
    access->as = ew_strdup(as);
    access->as_uid = ew_strdup(uid);
    return EW_OK;
}

static void replace(char **text, const char *by)
{
    if (!by)
        return;
    free(*text);
    *text = ew_strdup(by);
}

static int override_impersonation(struct access *access, const struct kube_entry *entry,
                                  const struct ew_cluster_config *config, struct ew_err *err)
{
    replace(&access->as, config->as);
    replace(&access->as_uid, config->as_uid);
    if (config->as_groups && config->as_groups[0]) {
        access_list_free(access->as_groups);
        access->as_groups = NULL;
        for (size_t i = 0; config->as_groups[i]; i++)
            access->as_groups = access_list_add(access->as_groups, ew_strdup(config->as_groups[i]));
    }
    if (access->as || (!access->as_uid && !access->as_groups && !access->as_extra))
        return EW_OK;
    if (config->as_uid || (config->as_groups && config->as_groups[0]))
        return ew_fail(err, EW_EUSAGE, "--as-group and --as-uid need --as");
    return kube_fail(entry, NULL, err, "as-groups, as-uid or as-user-extra is set without as");
}

/* ---- the whole entry ---- */

static int take_entry(struct access *access, const struct kube_entry *entry, struct ew_err *err)
{
    if (entry->body && ew_json_type(entry->body) != EW_JSON_NULL &&
        !ew_json_is(entry->body, EW_JSON_OBJECT))
        return kube_fail(entry, entry->body, err, "user is not a mapping");
    int code = take_certificate(access, entry, err);
    if (code == EW_OK)
        code = take_token(access, entry, err);
    if (code == EW_OK)
        code = take_password(access, entry, err);
    if (code == EW_OK)
        code = take_plugin(access, entry, err);
    return code == EW_OK ? take_impersonation(access, entry, err) : code;
}

static int override_token(struct access *access, const char *token, struct ew_err *err)
{
    replace(&access->token, token);
    free(access->token_file);
    access->token_file = NULL;
    access_exec_free(access->exec);
    access->exec = NULL;
    if (!access_trim_token(access->token))
        return ew_fail(err, EW_EUSAGE, "--token holds a line break or control character");
    return EW_OK;
}

int access_take_user(struct access *access, const struct kube_entry *entry,
                     const struct ew_cluster_config *config, struct ew_err *err)
{
    int code = entry->file ? take_entry(access, entry, err) : EW_OK;
    if (code == EW_OK && config->token)
        code = override_token(access, config->token, err);
    return code == EW_OK ? override_impersonation(access, entry, config, err) : code;
}
