#include "kubeconfig.h"

#include "api.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

static void set_base64(struct ew_doc *doc, struct ew_json *object, const char *key,
                       const char *text)
{
    char *coded = ew_base64_encode((const unsigned char *)text, strlen(text));
    ew_json_set_str(doc, object, key, coded);
    free(coded);
}

/* One entry of clusters, users or contexts: {name, WHAT: value}, in its list. */
static void add_entry(struct ew_doc *doc, struct ew_json *root, const char *list, const char *what,
                      const char *name, struct ew_json *value)
{
    struct ew_json *entries = ew_json_array(doc), *entry = ew_json_object(doc);
    ew_json_set_str(doc, entry, "name", name);
    ew_json_set(doc, entry, what, value);
    ew_json_add(doc, entries, entry);
    ew_json_set(doc, root, list, entries);
}

static struct ew_json *cluster_of(struct ew_doc *doc, const struct ew_json *spec,
                                  const char *server, const struct lab_certs *certs)
{
    struct ew_json *out = ew_json_object(doc);
    ew_json_set_str(doc, out, "server", ew_json_get_str(spec, "server", server));
    if (ew_json_get_bool(spec, "insecure", false))
        ew_json_set_bool(doc, out, "insecure-skip-tls-verify", true);
    else
        set_base64(doc, out, "certificate-authority-data", lab_certs_root_pem(certs));
    return out;
}

static struct ew_json *user_of(struct ew_doc *doc, const struct ew_json *spec,
                               const struct lab_certs *certs)
{
    struct ew_json *out = ew_json_object(doc);
    const struct lab_cert *cert = lab_certs_find(certs, "user");
    if (strcmp(ew_json_get_str(spec, "login", "token"), "certificate") == 0) {
        set_base64(doc, out, "client-certificate-data", cert->pem);
        set_base64(doc, out, "client-key-data", cert->key_pem);
    } else {
        ew_json_set_str(doc, out, "token", ew_json_get_str(spec, "token", LAB_API_TOKEN));
    }
    return out;
}

char *lab_kubeconfig(const struct ew_json *spec, const char *server, const struct lab_certs *certs)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *root = ew_json_object(doc), *context = ew_json_object(doc);
    const char *user = ew_json_get_str(spec, "user", "oncall");
    const char *ns = ew_json_get_str(spec, "namespace", NULL);
    ew_json_set_str(doc, root, "apiVersion", "v1");
    ew_json_set_str(doc, root, "kind", "Config");
    add_entry(doc, root, "clusters", "cluster", "lab", cluster_of(doc, spec, server, certs));
    add_entry(doc, root, "users", "user", user, user_of(doc, spec, certs));
    ew_json_set_str(doc, context, "cluster", "lab");
    ew_json_set_str(doc, context, "user", user);
    if (ns)
        ew_json_set_str(doc, context, "namespace", ns);
    add_entry(doc, root, "contexts", "context", "lab", context);
    ew_json_set_str(doc, root, "current-context", "lab");
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_yaml_write(&out, root);
    ew_doc_unref(doc);
    return ew_buf_take(&out);
}
