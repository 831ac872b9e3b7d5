#include "edgewalk/base/text.h"
#include "edgewalk/cluster.h"
#include "edgewalk/fact/keys.h"

#include "place.h"
#include "unit.h"

#include <fcntl.h>

static struct place place;
static struct ew_snapshot *snapshot;
static struct ew_err err;

static void setup(void)
{
    place_make(&place);
    snapshot = ew_snapshot_new();
    memset(&err, 0, sizeof(err));
}

static void teardown(void)
{
    ew_snapshot_unref(snapshot);
    place_remove(&place);
}

static int read_one(const char *name)
{
    char path[256];
    const char *paths[] = {place_name(&place, name, path), NULL};
    return ew_cluster_read_files(paths, snapshot, &err);
}

static const struct ew_object *find(const char *kind, const char *name)
{
    for (size_t i = 0; i < ew_snapshot_object_count(snapshot); i++) {
        const struct ew_object *object = ew_snapshot_object_at(snapshot, i);
        const struct ew_json *root = ew_doc_root(object->doc);
        if (ew_streq(ew_json_get_str(root, "kind", ""), kind) &&
            ew_streq(ew_json_str(ew_json_at(root, "metadata.name")), name))
            return object;
    }
    ck_abort_msg("no %s %s in the snapshot", kind, name);
    return NULL;
}

static const char *line_of(const char *where)
{
    const char *colon = where ? strrchr(where, ':') : NULL;
    return colon ? colon + 1 : "none";
}

static const struct ew_json *files_fact(void)
{
    const struct ew_fact *fact = ew_snapshot_fact(snapshot, EW_KEY_FILES);
    ck_assert_ptr_nonnull(fact);
    return ew_fact_value(fact);
}

/* The text of the snapshot as it would be recorded. */
static char *recorded(void)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_snapshot_write(snapshot, &out);
    return ew_buf_take(&out);
}

static void assert_nowhere(const char *secret)
{
    char *text = recorded();
    ck_assert_msg(!strstr(text, secret), "\"%s\" is in the snapshot", secret);
    free(text);
}

START_TEST(documents_carry_their_lines)
{
    place_write(
        &place, "a.yaml",
        "# routes\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: one\n  namespace: shop\n"
        "---\n# nothing here\n---\n\napiVersion: v1\nkind: Service\nmetadata: {name: two}\n");
    ck_assert_int_eq(read_one("a.yaml"), EW_OK);
    ck_assert_str_eq(line_of(find("Service", "one")->where), "3");
    ck_assert_str_eq(line_of(find("Service", "two")->where), "12");
    ck_assert_int_eq(ew_json_get_int(files_fact(), "objects", 0), 2);
    ck_assert_uint_eq(ew_json_count(ew_json_get(files_fact(), "errors")), 0);
    ck_assert_int_eq(
        ew_json_line(ew_json_at(ew_doc_root(find("Service", "one")->doc), "metadata.namespace")),
        7);
}
END_TEST

START_TEST(items_of_a_list_carry_their_own_lines)
{
    place_write(
        &place, "list.yaml",
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n"
        "  metadata:\n    name: one\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: two\n");
    place_write(
        &place, "list.json",
        "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\n"
        " {\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {\"name\": \"three\"}},\n"
        " {\"apiVersion\": \"v1\",\n  \"kind\": \"Pod\", \"metadata\": {\"name\": \"four\"}}]}\n");
    ck_assert_int_eq(read_one("list.yaml"), EW_OK);
    ck_assert_str_eq(line_of(find("Service", "one")->where), "4");
    ck_assert_str_eq(line_of(find("Pod", "two")->where), "8");
    ck_assert_int_eq(read_one("list.json"), EW_OK);
    ck_assert_str_eq(line_of(find("Service", "three")->where), "2");
    ck_assert_str_eq(line_of(find("Pod", "four")->where), "3");
}
END_TEST

START_TEST(items_of_a_typed_list_take_its_type)
{
    place_write(
        &place, "pods.json",
        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[{\"metadata\":{\"name\":\"p\"}}]}");
    ck_assert_int_eq(read_one("pods.json"), EW_OK);
    ck_assert_str_eq(ew_json_get_str(ew_doc_root(find("Pod", "p")->doc), "apiVersion", ""), "v1");
}
END_TEST

START_TEST(a_directory_gives_its_manifests_and_no_more)
{
    char path[256];
    const char *const ns = "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}\n";
    static const char *const names[] = {"d/b.yml", "d/a.yaml",      "d/c.json",
                                        "d/x.txt", "d/deep/e.yaml", "d/.hidden.yaml"};
    place_folder(&place, "d");
    place_folder(&place, "d/deep");
    for (size_t i = 0; i < EW_COUNT(names); i++) {
        char *text = ew_fmt(ns, "n"
                                "0");
        text[strlen(text) - 3] = (char)('0' + i);
        place_write(&place, names[i],
                    i == 2 ? "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\","
                             "\"metadata\":{\"name\":\"n2\"}}"
                           : text);
        free(text);
    }
    ck_assert_int_eq(read_one("d"), EW_OK);
    ck_assert_uint_eq(ew_snapshot_object_count(snapshot), 3);
    ck_assert(ew_text_suffix(find("Namespace", "n1")->where, "/d/a.yaml:1"));
    find("Namespace", "n0");
    find("Namespace", "n2");
    const char *paths[] = {place_name(&place, "d/deep/..", path), NULL};
    ck_assert_int_eq(ew_cluster_read_files(paths, snapshot, &err), EW_OK);
}
END_TEST

START_TEST(stdin_is_a_dash)
{
    char path[256];
    const char *paths[] = {"-", NULL};
    place_write(&place, "in", "apiVersion: v1\nkind: Namespace\nmetadata: {name: piped}\n");
    int saved = dup(0), in = open(place_name(&place, "in", path), O_RDONLY);
    dup2(in, 0);
    int code = ew_cluster_read_files(paths, snapshot, &err);
    dup2(saved, 0);
    close(in);
    close(saved);
    ck_assert_int_eq(code, EW_OK);
    ck_assert_str_eq(find("Namespace", "piped")->where, "stdin:1");
}
END_TEST

START_TEST(what_is_no_object_is_noted_with_its_line)
{
    place_write(
        &place, "m.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: good}\n---\nreplicaCount: 3\n---\n"
        "- just\n- text\n---\nkind: Service\napiVersion: v1\nmetadata: {}\n---\nplain words\n");
    ck_assert_int_eq(read_one("m.yaml"), EW_OK);
    const struct ew_json *errors = ew_json_get(files_fact(), "errors");
    ck_assert_uint_eq(ew_json_count(errors), 5);
    ck_assert_str_eq(line_of(ew_json_get_str(ew_json_item(errors, 0), "where", "")), "5");
    ck_assert_str_eq(ew_json_get_str(ew_json_item(errors, 0), "text", ""),
                     "not a Kubernetes object: no kind");
    ck_assert_str_eq(line_of(ew_json_get_str(ew_json_item(errors, 1), "where", "")), "7");
    ck_assert_str_eq(ew_json_get_str(ew_json_item(errors, 3), "text", ""),
                     "Service: no metadata.name");
    find("Service", "good");
}
END_TEST

START_TEST(unreadable_and_broken_files_are_failures)
{
    static const struct {
        const char *name, *text, *says;
    } rows[] = {
        {"missing.yaml", NULL, "missing.yaml: No such file or directory"},
        {"tabs.yaml", "apiVersion: v1\nkind:\tService\n\tmetadata: x\n", "tabs.yaml:3:"},
        {"cut.json", "{\"apiVersion\": \"v1\",\n \"kind\": ", "cut.json:"},
        {"helm.yaml", "apiVersion: v1\nkind: {{ .Values.kind }}\n", "helm.yaml:2:"},
        {"empty", "", NULL},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        if (rows[i].text)
            place_write(&place, rows[i].name, rows[i].text);
        int code = read_one(rows[i].name);
        ck_assert_int_eq(code, rows[i].says ? EW_EUSAGE : EW_OK);
        if (rows[i].says)
            ck_assert_msg(strstr(err.message, rows[i].says), "said: %s", err.message);
    }
    place_folder(&place, "bare");
    ck_assert_int_eq(read_one("bare"), EW_EUSAGE);
    ck_assert(strstr(err.message, "no *.yaml"));
    const char *urls[] = {"https://example.com/x.yaml", NULL};
    ck_assert_int_eq(ew_cluster_read_files(urls, snapshot, &err), EW_EUSAGE);
    ck_assert_ptr_null(ew_snapshot_fact(snapshot, "nothing"));
}
END_TEST

/* ---- pruning ---- */

static struct ew_object *prune_text(const char *text)
{
    struct ew_doc *doc;
    ck_assert_int_eq(ew_json_parse(text, strlen(text), &doc, &err), EW_OK);
    struct ew_object *object = ew_object_prune(doc, NULL, &err);
    ew_doc_unref(doc);
    return object;
}

#define SECRET_WORD "hunter2-do-not-keep"

START_TEST(of_a_secret_nothing_but_the_certificate_stays)
{
    char *value = ew_base64_encode((const unsigned char *)SECRET_WORD, strlen(SECRET_WORD));
    char *text = ew_fmt(
        "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata:\n  name: cert\n"
        "  labels: {app: shop}\n  annotations:\n    cert-manager.io/certificate-name: shop\n"
        "    kubectl.kubernetes.io/last-applied-configuration: '{\"data\":{\"tls.key\":\"%s\"}}'\n"
        "    openshift.io/token-secret.value: " SECRET_WORD "\n"
        "  managedFields: [{manager: kubectl, operation: Update, time: '2026-01-01T00:00:00Z',"
        " fieldsV1: {'f:data': {}}}]\n"
        "data:\n  tls.crt: %s\n  tls.key: %s\n  password: %s\nstringData:\n  more: " SECRET_WORD
        "\n",
        value, value, value, value);
    place_write(&place, "s.yaml", text);
    ck_assert_int_eq(read_one("s.yaml"), EW_OK);
    const struct ew_json *root = ew_doc_root(find("Secret", "cert")->doc);
    assert_nowhere(SECRET_WORD);
    assert_nowhere(value);
    assert_nowhere("fieldsV1");
    ck_assert_uint_eq(ew_json_count(root), 5);
    ck_assert(ew_json_get_bool(ew_json_get(root, "certificate"), "has_key", false));
    ck_assert_ptr_nonnull(ew_json_at(root, "certificate.error"));
    ck_assert_str_eq(ew_json_get_str(ew_json_at(root, "metadata.annotations"),
                                     "cert-manager.io/certificate-name", ""),
                     "shop");
    ck_assert_str_eq(ew_json_str(ew_json_at(root, "metadata.managedFields[0].manager")), "kubectl");
    free(value);
    free(text);
}
END_TEST

/* The object as kubectl left it in the annotation, and as the API server gives it back. */
static struct ew_object *applied(const char *kind, const char *was, const char *is)
{
    char *text = ew_fmt("{\"apiVersion\": \"gateway.networking.k8s.io/v1\", \"kind\": \"%s\", "
                        "\"metadata\": {\"name\": \"r\", \"annotations\": "
                        "{\"kubectl.kubernetes.io/last-applied-configuration\": \"{\\\"spec\\\": "
                        "%s}\"}}, \"spec\": %s}",
                        kind, was, is);
    struct ew_object *object = prune_text(text);
    ck_assert_msg(object != NULL, "%s", err.message);
    free(text);
    return object;
}

START_TEST(what_was_applied_and_is_not_there_is_noted)
{
    static const struct {
        const char *kind, *was, *is, *lost; /* lost NULL: nothing is noted */
    } rows[] = {
        {"HTTPRoute", "{\\\"rules\\\": [{\\\"retry\\\": {\\\"attempts\\\": 3}}]}",
         "{\"rules\": [{\"matches\": []}]}", "spec.rules[0].retry"},
        {"Gateway", "{\\\"tls\\\": {\\\"backend\\\": {\\\"a\\\": 1}}}", "{\"tls\": {}}",
         "spec.tls.backend"},
        {"HTTPRoute", "{\\\"rules\\\": [{\\\"a\\\": 1}, {}]}", "{\"rules\": [{}]}", NULL},
        {"HTTPRoute", "{\\\"a\\\": null, \\\"b\\\": []}", "{\"c\": 1}", NULL},
        {"HTTPRoute", "{\\\"a\\\": 1}", "{\"a\": 2}", NULL},
        {"HTTPRoute", "7", "{\"a\": 2}", NULL},
        {"HTTPRoute", "{", "{\"a\": 2}", NULL},
        {"Service", "{\\\"a\\\": 1}", "{}", NULL},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct ew_object *object = applied(rows[i].kind, rows[i].was, rows[i].is);
        const struct ew_json *lost = ew_json_at(ew_doc_root(object->doc), "lost_fields[0]");
        ck_assert_msg(ew_streq(ew_json_str(lost), rows[i].lost), "row %zu: %s", i,
                      ew_json_str(lost) ? ew_json_str(lost) : "nothing");
        ck_assert_uint_eq(ew_json_count(ew_json_at(ew_doc_root(object->doc), "lost_fields")),
                          rows[i].lost != NULL);
        ew_object_unref(object);
    }
}
END_TEST

START_TEST(a_secret_in_a_list_is_no_better_known)
{
    place_write(&place, "l.yaml",
                "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n"
                "  metadata: {name: s}\n  stringData: {a: " SECRET_WORD "}\n"
                "- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: c}\n"
                "  data: {a: " SECRET_WORD ", ca.crt: no certificate}\n");
    ck_assert_int_eq(read_one("l.yaml"), EW_OK);
    assert_nowhere(SECRET_WORD);
    ck_assert_ptr_null(ew_json_get(ew_doc_root(find("Secret", "s")->doc), "certificate"));
    ck_assert_ptr_nonnull(
        ew_json_at(ew_doc_root(find("ConfigMap", "c")->doc), "certificate.error"));
}
END_TEST

START_TEST(the_document_of_a_secret_is_wiped)
{
    struct ew_doc *doc;
    const char *text = "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\"},"
                       "\"data\":{\"a\":\"c2VjcmV0\"}}";
    ck_assert_int_eq(ew_json_parse(text, strlen(text), &doc, &err), EW_OK);
    const char *value = ew_json_str(ew_json_at(ew_doc_root(doc), "data.a"));
    ck_assert_str_eq(value, "c2VjcmV0");
    struct ew_object *object = ew_object_prune(doc, NULL, &err);
    ck_assert_ptr_nonnull(object);
    ck_assert_str_eq(value, "");
    ew_object_unref(object);
    ew_doc_unref(doc);
}
END_TEST

START_TEST(pods_keep_what_judges_need_and_no_values)
{
    struct ew_object *object = prune_text(
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"labels\":{\"a\":"
        "\"b\"},"
        "\"ownerReferences\":[{\"kind\":\"ReplicaSet\",\"name\":\"r\"}]},\"spec\":{\"containers\":["
        "{"
        "\"name\":\"app\",\"image\":\"shop:1\",\"ports\":[{\"containerPort\":8080}],"
        "\"args\":[\"--source=gateway-httproute\",\"--db-password=" SECRET_WORD
        "\",\"--token\",\"" SECRET_WORD "\",\"postgres://u:" SECRET_WORD "@db/x\"],"
        "\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"" SECRET_WORD "\"},"
        "{\"name\":\"K\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"s\",\"key\":\"k\"}}}],"
        "\"envFrom\":[{\"secretRef\":{\"name\":\"all\"}}],"
        "\"readinessProbe\":{\"httpGet\":{\"path\":\"/ok\",\"httpHeaders\":["
        "{\"name\":\"Authorization\",\"value\":\"" SECRET_WORD
        "\"},{\"name\":\"Host\",\"value\":\"h\"}]}}}]},"
        "\"status\":{\"phase\":\"Running\"}}");
    ck_assert_ptr_nonnull(object);
    const struct ew_json *root = ew_doc_root(object->doc);
    const struct ew_json *app = ew_json_at(root, "spec.containers[0]");
    ck_assert_str_eq(ew_json_str(ew_json_at(app, "args[0]")), "--source=gateway-httproute");
    ck_assert_str_eq(ew_json_str(ew_json_at(app, "args[2]")), "--token");
    ck_assert_str_eq(ew_json_str(ew_json_at(app, "args[3]")), "(hidden)");
    ck_assert_str_eq(ew_json_str(ew_json_at(app, "env[0].name")), "DB_PASSWORD");
    ck_assert_str_eq(ew_json_str(ew_json_at(app, "env[1].valueFrom.secretKeyRef.name")), "s");
    ck_assert_str_eq(ew_json_str(ew_json_at(app, "envFrom[0].secretRef.name")), "all");
    ck_assert_str_eq(ew_json_str(ew_json_at(app, "readinessProbe.httpGet.httpHeaders[1].value")),
                     "h");
    ck_assert_str_eq(ew_json_str(ew_json_at(root, "metadata.ownerReferences[0].name")), "r");
    ck_assert_str_eq(ew_json_str(ew_json_at(root, "status.phase")), "Running");
    ew_snapshot_put_object(snapshot, object);
    assert_nowhere(SECRET_WORD);
}
END_TEST

START_TEST(of_nodes_addresses_and_names_stay)
{
    struct ew_object *object = prune_text(
        "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n\"},\"status\":{"
        "\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.0.0.1\"}],\"images\":[{\"names\":"
        "[\"x\"]}],"
        "\"nodeInfo\":{}}}");
    const struct ew_json *status = ew_json_get(ew_doc_root(object->doc), "status");
    ck_assert_str_eq(ew_json_str(ew_json_at(status, "addresses[0].address")), "10.0.0.1");
    ck_assert_ptr_null(ew_json_get(status, "images"));
    ck_assert_ptr_null(ew_json_get(status, "nodeInfo"));
    ew_object_unref(object);
}
END_TEST

START_TEST(what_is_no_object_is_refused_in_words)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"[]", "not a Kubernetes object: no mapping"},
        {"{}", "not a Kubernetes object: no kind"},
        {"{\"kind\":7,\"apiVersion\":\"v1\"}", "not a Kubernetes object: no kind"},
        {"{\"kind\":\"Pod\"}", "Pod: no apiVersion"},
        {"{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}", "Pod: no metadata"},
        {"{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":{}}}",
         "Pod: no metadata.name"},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        ck_assert_ptr_null(prune_text(rows[i].text));
        ck_assert_str_eq(err.message, rows[i].says);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("cluster files");
    TCase *files = tcase_create("files"), *prune = tcase_create("prune");
    tcase_add_checked_fixture(files, setup, teardown);
    tcase_add_checked_fixture(prune, setup, teardown);
    tcase_add_test(files, documents_carry_their_lines);
    tcase_add_test(files, items_of_a_list_carry_their_own_lines);
    tcase_add_test(files, items_of_a_typed_list_take_its_type);
    tcase_add_test(files, a_directory_gives_its_manifests_and_no_more);
    tcase_add_test(files, stdin_is_a_dash);
    tcase_add_test(files, what_is_no_object_is_noted_with_its_line);
    tcase_add_test(files, unreadable_and_broken_files_are_failures);
    tcase_add_test(prune, of_a_secret_nothing_but_the_certificate_stays);
    tcase_add_test(prune, what_was_applied_and_is_not_there_is_noted);
    tcase_add_test(prune, a_secret_in_a_list_is_no_better_known);
    tcase_add_test(prune, the_document_of_a_secret_is_wiped);
    tcase_add_test(prune, pods_keep_what_judges_need_and_no_values);
    tcase_add_test(prune, of_nodes_addresses_and_names_stay);
    tcase_add_test(prune, what_is_no_object_is_refused_in_words);
    suite_add_tcase(suite, files);
    suite_add_tcase(suite, prune);
    return suite;
}
