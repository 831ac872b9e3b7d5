#include "prune.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

/* Setting a member costs a look at those before it; an object from outside has no end of them. */
enum { MEMBERS_MAX = 4096 };

/* Copies of the whole object, made by tools that apply: in a Secret's, its data. */
static const char *const dropped_annotations[] = {
    "kubectl.kubernetes.io/last-applied-configuration",
    "objectset.rio.cattle.io/applied",
    "kapp.k14s.io/original",
    "banzaicloud.com/last-applied",
};

static bool is_one_of(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return false;
}

/* Of a member that is there; a missing one is not made. */
static void keep(struct ew_doc *doc, struct ew_json *into, const struct ew_json *from,
                 const char *key)
{
    const struct ew_json *member = ew_json_get(from, key);
    if (member)
        ew_json_set(doc, into, key, ew_json_copy(doc, member));
}

static struct ew_json *like(struct ew_doc *doc, const struct ew_json *from)
{
    struct ew_json *copy =
        ew_json_is(from, EW_JSON_ARRAY) ? ew_json_array(doc) : ew_json_object(doc);
    ew_json_set_line(copy, ew_json_line(from));
    return copy;
}

/* ---- metadata ---- */

static struct ew_json *who_and_when(struct ew_doc *doc, const struct ew_json *fields)
{
    struct ew_json *out = like(doc, fields);
    EW_JSON_EACH(entry, fields)
    {
        struct ew_json *row = ew_json_add(doc, out, ew_json_object(doc));
        keep(doc, row, entry, "manager");
        keep(doc, row, entry, "operation");
        keep(doc, row, entry, "time");
        keep(doc, row, entry, "subresource");
    }
    return out;
}

/* secretive: any tool may have put a copy of the data there; cert-manager's say where it is from.
 */
static struct ew_json *annotations(struct ew_doc *doc, const struct ew_json *from, bool secretive)
{
    struct ew_json *out = like(doc, from);
    if (ew_json_count(from) > MEMBERS_MAX)
        return out;
    EW_JSON_EACH(member, from)
    {
        const char *key = ew_json_key(member);
        bool drop = secretive ? !ew_text_prefix(key, "cert-manager.io/")
                              : is_one_of(key, dropped_annotations, EW_COUNT(dropped_annotations));
        if (!drop)
            ew_json_set(doc, out, key, ew_json_copy(doc, member));
    }
    return out;
}

static struct ew_json *metadata(struct ew_doc *doc, const struct ew_json *from, bool secretive)
{
    struct ew_json *out = like(doc, from);
    EW_JSON_EACH(member, from)
    {
        const char *key = ew_json_key(member);
        struct ew_json *copy;
        if (strcmp(key, "managedFields") == 0 && ew_json_is(member, EW_JSON_ARRAY))
            copy = who_and_when(doc, member);
        else if (strcmp(key, "annotations") == 0 && ew_json_is(member, EW_JSON_OBJECT))
            copy = annotations(doc, member, secretive);
        else
            copy = ew_json_copy(doc, member);
        ew_json_set(doc, out, key, copy);
    }
    return out;
}

/* ---- Secrets and ConfigMaps ---- */

/* A value of a Secret or ConfigMap in clear; the caller wipes and frees. */
struct entry {
    char *bytes;
    size_t len;
    bool there, broken;
};

static struct entry entry_of(const struct ew_json *object, const char *encoded, const char *plain,
                             const char *key)
{
    struct entry entry = {0};
    const struct ew_json *value = plain ? ew_json_get(ew_json_get(object, plain), key) : NULL;
    if (ew_json_str(value)) {
        entry.len = ew_json_strlen(value);
        entry.bytes = ew_strndup(ew_json_str(value), entry.len);
        entry.there = true;
        return entry;
    }
    value = ew_json_get(ew_json_get(object, encoded), key);
    entry.there = ew_json_str(value) != NULL;
    if (entry.there)
        entry.bytes =
            (char *)ew_base64_decode(ew_json_str(value), ew_json_strlen(value), &entry.len);
    entry.broken = entry.there && !entry.bytes;
    return entry;
}

static void entry_release(struct entry *entry)
{
    ew_wipe(entry->bytes, entry->len);
    free(entry->bytes);
}

static struct ew_json *describe(struct ew_doc *doc, const struct entry *crt,
                                const struct entry *key)
{
    struct ew_json *certificate = ew_cert_describe_pair(
        doc, crt->bytes, crt->len, key ? key->bytes : NULL, key ? key->len : 0);
    if (crt->broken || (key && key->broken))
        ew_json_set_str(doc, certificate, "error",
                        crt->broken ? "the certificate is not base64" : "tls.key is not base64");
    return certificate;
}

static void keep_secret(struct ew_doc *doc, struct ew_json *out, const struct ew_json *from)
{
    keep(doc, out, from, "type");
    struct entry crt = entry_of(from, "data", "stringData", "tls.crt");
    struct entry key = entry_of(from, "data", "stringData", "tls.key");
    bool is_tls = ew_streq(ew_json_get_str(from, "type", NULL), "kubernetes.io/tls");
    if (is_tls || crt.there)
        ew_json_set(doc, out, "certificate", describe(doc, &crt, &key));
    entry_release(&crt);
    entry_release(&key);
}

/* What is said of tls.crt, said of the key that it was read from. */
static void name_key(struct ew_doc *doc, struct ew_json *certificate, const char *key)
{
    const char *error = ew_json_get_str(certificate, "error", "");
    if (!ew_text_prefix(error, "tls.crt"))
        return;
    char *own = ew_fmt("%s%s", key, error + strlen("tls.crt"));
    ew_json_set_str(doc, certificate, "error", own);
    free(own);
}

static void keep_configmap(struct ew_doc *doc, struct ew_json *out, const struct ew_json *from)
{
    struct entry ca = entry_of(from, "binaryData", "data", "ca.crt");
    if (ca.there) {
        struct ew_json *certificate = describe(doc, &ca, NULL);
        char *pem = ew_cert_pem_only(ca.bytes ? ca.bytes : "", ca.bytes ? ca.len : 0);
        ew_json_set_str(doc, certificate, "pem", pem);
        free(pem);
        name_key(doc, certificate, "ca.crt");
        ew_json_set(doc, out, "certificate", certificate);
    }
    entry_release(&ca);
}

/* ---- the others ---- */

static void keep_node(struct ew_doc *doc, struct ew_json *out, const struct ew_json *from)
{
    const struct ew_json *status = ew_json_get(from, "status"), *spec = ew_json_get(from, "spec");
    struct ew_json *to = ew_json_set(doc, out, "status", ew_json_object(doc));
    keep(doc, to, status, "addresses");
    keep(doc, to, status, "conditions");
    to = ew_json_set(doc, out, "spec", ew_json_object(doc));
    keep(doc, to, spec, "unschedulable");
    keep(doc, to, spec, "taints");
}

static bool has_pods(enum ew_kind kind)
{
    return kind == EW_POD || kind == EW_REPLICASET || kind == EW_DEPLOYMENT ||
           kind == EW_STATEFULSET || kind == EW_DAEMONSET || kind == EW_KIND_OTHER;
}

/* Kinds of which versions and channels differ in what they know. */
static bool has_channels(enum ew_kind kind)
{
    const struct ew_kind_row *row = ew_kind_row(kind);
    return row && strcmp(row->group, "gateway.networking.k8s.io") == 0;
}

static void keep_rest(struct ew_doc *doc, struct ew_json *out, const struct ew_json *from,
                      enum ew_kind kind)
{
    static const char *const done[] = {"apiVersion", "kind",       "metadata",
                                       "data",       "stringData", "binaryData"};
    EW_JSON_EACH(member, from)
    {
        const char *key = ew_json_key(member);
        if (is_one_of(key, done, EW_COUNT(done)))
            continue;
        bool workload = has_pods(kind) && strcmp(key, "spec") == 0;
        ew_json_set(doc, out, key,
                    workload ? cluster_prune_workload(doc, member) : ew_json_copy(doc, member));
    }
    struct ew_json *lost = has_channels(kind) ? cluster_lost_fields(doc, from) : NULL;
    if (lost)
        ew_json_set(doc, out, "lost_fields", lost);
}

/* ---- whole objects ---- */

static char *group_of(const char *api_version)
{
    const char *slash = strchr(api_version, '/');
    return slash ? ew_strndup(api_version, (size_t)(slash - api_version)) : ew_strdup("");
}

static int check(const struct ew_json *node, struct cluster_type *type, struct ew_err *err)
{
    const struct ew_json *meta = ew_json_get(node, "metadata");
    if (!ew_json_is(node, EW_JSON_OBJECT))
        return ew_fail(err, EW_EINPUT, "not a Kubernetes object: no mapping");
    if (ew_json_count(node) > MEMBERS_MAX || ew_json_count(meta) > MEMBERS_MAX)
        return ew_fail(err, EW_ELIMIT, "an object of more than %d members", MEMBERS_MAX);
    type->kind = ew_json_get_str(node, "kind", type->kind);
    type->api_version = ew_json_get_str(node, "apiVersion", type->api_version);
    if (!type->kind || !*type->kind)
        return ew_fail(err, EW_EINPUT, "not a Kubernetes object: no kind");
    if (!type->api_version || !*type->api_version)
        return ew_fail(err, EW_EINPUT, "%.60s: no apiVersion", type->kind);
    if (!ew_json_is(meta, EW_JSON_OBJECT))
        return ew_fail(err, EW_EINPUT, "%.60s: no metadata", type->kind);
    if (!*ew_json_get_str(meta, "name", ""))
        return ew_fail(err, EW_EINPUT, "%.60s: no metadata.name", type->kind);
    return EW_OK;
}

struct ew_object *cluster_prune(const struct ew_json *node, struct cluster_type type,
                                const char *where, struct ew_err *err)
{
    if (check(node, &type, err) != EW_OK)
        return NULL;
    char *group = group_of(type.api_version);
    enum ew_kind kind = ew_kind_of(group, type.kind);
    bool secretive = kind == EW_SECRET || kind == EW_CONFIGMAP;
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *out = like(doc, node);
    ew_json_set_str(doc, out, "apiVersion", type.api_version);
    ew_json_set_str(doc, out, "kind", type.kind);
    ew_json_set(doc, out, "metadata", metadata(doc, ew_json_get(node, "metadata"), secretive));
    if (kind == EW_SECRET)
        keep_secret(doc, out, node);
    else if (kind == EW_CONFIGMAP)
        keep_configmap(doc, out, node);
    else if (kind == EW_NODE)
        keep_node(doc, out, node);
    else
        keep_rest(doc, out, node, kind);
    ew_doc_set_root(doc, out);
    struct ew_object *object = ew_object_new(where, doc);
    ew_doc_unref(doc);
    free(group);
    return object;
}

bool cluster_is_list(const struct ew_json *node, struct cluster_type *type, char **kind_buf)
{
    const char *kind = ew_json_get_str(node, "kind", "");
    *kind_buf = NULL;
    if (!ew_text_suffix(kind, "List") || !ew_json_is(ew_json_get(node, "items"), EW_JSON_ARRAY))
        return false;
    *type = (struct cluster_type){NULL, NULL};
    if (strcmp(kind, "List") != 0) {
        *kind_buf = ew_strndup(kind, strlen(kind) - strlen("List"));
        *type = (struct cluster_type){ew_json_get_str(node, "apiVersion", NULL), *kind_buf};
    }
    return true;
}

struct ew_object *ew_object_prune(struct ew_doc *doc, const char *where, struct ew_err *err)
{
    struct ew_object *object =
        cluster_prune(ew_doc_root(doc), (struct cluster_type){NULL, NULL}, where, err);
    const struct ew_json *root = object ? ew_doc_root(object->doc) : ew_doc_root(doc);
    /* What is not even an object may be a Secret that lacks its name. */
    if (!object || strcmp(ew_json_get_str(root, "kind", ""), "Secret") == 0)
        ew_doc_wipe(doc);
    return object;
}
