#include "unit.h"

#include "edgewalk/fact.h"
#include "edgewalk/fact/keys.h"

#include <string.h>

static struct ew_doc *parse(const char *text)
{
    struct ew_doc *doc = NULL;
    ck_assert_int_eq(ew_json_parse(text, strlen(text), &doc, NULL), EW_OK);
    return doc;
}

static void put(struct ew_snapshot *snapshot, const char *key, enum ew_state state,
                const char *reason, const char *value)
{
    struct ew_doc *doc = value ? parse(value) : NULL;
    ew_snapshot_put(snapshot, ew_fact_new(key, state, reason, "this host", 1000, 1.5, doc));
    ew_doc_unref(doc);
}

static void put_object(struct ew_snapshot *snapshot, const char *where, const char *text)
{
    struct ew_doc *doc = parse(text);
    ew_snapshot_put_object(snapshot, ew_object_new(where, doc));
    ew_doc_unref(doc);
}

/* ---- keys ---- */

static void assert_key(char *key, const char *expected)
{
    ck_assert_str_eq(key, expected);
    free(key);
}

START_TEST(keys_say_what_was_asked)
{
    assert_key(ew_key_dns("10.0.0.1:53", "a.example.com", "AAAA"),
               "dns/10.0.0.1:53/a.example.com/AAAA");
    assert_key(ew_key_tcp("2001:db8::1", 443), "tcp/[2001:db8::1]:443");
    assert_key(ew_key_tls("10.0.0.1", 443, "a.example.com"), "tls/10.0.0.1:443/a.example.com");
    assert_key(ew_key_tls("10.0.0.1", 443, NULL), "tls/10.0.0.1:443/-");
    assert_key(ew_key_http("10.0.0.1", 80, "main"), "http/10.0.0.1:80/main");
    assert_key(ew_key_get("nodes", NULL, "n1"), "api/get/nodes/-/n1");
    assert_key(ew_key_get("pods", "shop", "p"), "api/get/pods/shop/p");
    assert_key(ew_key_list("pods", "shop", "l=a=b"), "api/list/pods/shop?l=a=b");
    assert_key(ew_key_list("pods", NULL, NULL), "api/list/pods/*");
}
END_TEST

/* ---- facts and snapshots ---- */

START_TEST(a_fact_owns_its_texts_and_shares_its_value)
{
    char key[] = "tcp/10.0.0.1:443", reason[] = "timeout";
    struct ew_doc *value = parse("{\"outcome\":\"open\"}");
    struct ew_fact *fact = ew_fact_new(key, EW_UNKNOWN, reason, NULL, 5, -1, value);
    ew_doc_unref(value);
    key[0] = reason[0] = 'X';
    ck_assert_str_eq(fact->key, "tcp/10.0.0.1:443");
    ck_assert_str_eq(fact->reason, "timeout");
    ck_assert_ptr_null(fact->from);
    ck_assert_str_eq(ew_json_get_str(ew_fact_value(fact), "outcome", ""), "open");
    ck_assert_ptr_eq(ew_fact_ref(fact), fact);
    ew_fact_unref(fact);
    ck_assert_str_eq(fact->key, "tcp/10.0.0.1:443");
    ew_fact_unref(fact);
    ew_fact_unref(NULL);
    ew_object_unref(NULL);
    ck_assert_ptr_null(ew_fact_value(NULL));
    ck_assert_str_eq(ew_state_name(EW_KNOWN), "known");
    ck_assert_str_eq(ew_state_name(EW_ABSENT), "absent");
    ck_assert_str_eq(ew_state_name(EW_PENDING), "pending");
    ck_assert_str_eq(ew_state_name(EW_UNKNOWN), "unknown");
}
END_TEST

START_TEST(a_fact_of_the_same_key_is_replaced_in_its_place)
{
    struct ew_snapshot *snapshot = ew_snapshot_new();
    put(snapshot, "a", EW_PENDING, NULL, NULL);
    put(snapshot, "b", EW_ABSENT, NULL, NULL);
    put(snapshot, "a", EW_KNOWN, NULL, "{\"x\":1}");
    ck_assert_uint_eq(ew_snapshot_fact_count(snapshot), 2);
    ck_assert_str_eq(ew_snapshot_fact_at(snapshot, 0)->key, "a");
    ck_assert_int_eq(ew_snapshot_fact(snapshot, "a")->state, EW_KNOWN);
    ck_assert_ptr_null(ew_snapshot_fact(snapshot, "c"));
    ew_snapshot_unref(snapshot);
    ew_snapshot_unref(NULL);
}
END_TEST

START_TEST(an_object_is_the_same_by_group_kind_namespace_and_name)
{
    struct ew_snapshot *snapshot = ew_snapshot_new();
    put_object(snapshot, NULL,
               "{\"apiVersion\":\"g/"
               "v1\",\"kind\":\"K\",\"metadata\":{\"name\":\"n\",\"namespace\":\"a\"}}");
    put_object(snapshot, "f:1",
               "{\"apiVersion\":\"g/"
               "v1beta1\",\"kind\":\"K\",\"metadata\":{\"name\":\"n\",\"namespace\":\"a\"}}");
    put_object(snapshot, NULL,
               "{\"apiVersion\":\"g/"
               "v1\",\"kind\":\"K\",\"metadata\":{\"name\":\"n\",\"namespace\":\"b\"}}");
    put_object(
        snapshot, NULL,
        "{\"apiVersion\":\"v1\",\"kind\":\"K\",\"metadata\":{\"name\":\"n\",\"namespace\":\"a\"}}");
    ck_assert_uint_eq(ew_snapshot_object_count(snapshot), 3);
    ck_assert_str_eq(ew_snapshot_object_at(snapshot, 0)->where, "f:1");
    ew_snapshot_unref(snapshot);
}
END_TEST

START_TEST(a_clone_shares_and_then_goes_its_own_way)
{
    struct ew_snapshot *snapshot = ew_snapshot_new();
    put(snapshot, "a", EW_KNOWN, NULL, "{\"x\":1}");
    put_object(snapshot, NULL, "{\"kind\":\"K\",\"metadata\":{\"name\":\"n\"}}");
    ew_snapshot_set_target(snapshot, parse("{\"host\":\"h\"}"));
    ew_snapshot_set_clock(snapshot, 77, 5);
    struct ew_snapshot *clone = ew_snapshot_clone(snapshot);
    ck_assert_ptr_eq(ew_snapshot_fact(clone, "a"), ew_snapshot_fact(snapshot, "a"));
    ck_assert_ptr_eq(ew_snapshot_object_at(clone, 0), ew_snapshot_object_at(snapshot, 0));
    ck_assert_ptr_eq(ew_snapshot_target(clone), ew_snapshot_target(snapshot));
    put(clone, "a", EW_ABSENT, NULL, NULL);
    ck_assert_int_eq(ew_snapshot_fact(snapshot, "a")->state, EW_KNOWN);
    ew_snapshot_unref(snapshot);
    ck_assert_int_eq(ew_snapshot_started(clone), 77);
    ck_assert_str_eq(ew_json_get_str(ew_snapshot_target(clone), "host", ""), "h");
    ck_assert_ptr_null(ew_snapshot_options(clone));
    ew_snapshot_unref(clone);
}
END_TEST

/* ---- the file ---- */

static struct ew_snapshot *sample(void)
{
    struct ew_snapshot *snapshot = ew_snapshot_new();
    ew_snapshot_set_target(snapshot, parse("{\"host\":\"orders.example.com\",\"port\":443}"));
    ew_snapshot_set_options(snapshot, parse("{\"no_api\":false,\"family\":0}"));
    ew_snapshot_set_vantage(snapshot, parse("{\"ipv4\":true}"));
    ew_snapshot_set_clock(snapshot, 1795435200000, 41.25);
    put(snapshot, "tcp/10.0.0.1:443", EW_KNOWN, NULL, "{\"outcome\":\"open\"}");
    put(snapshot, "api/list/pods/*", EW_UNKNOWN, "forbidden", "{\"text\":\"no\\nline\"}");
    ew_snapshot_put(snapshot, ew_fact_new("x", EW_ABSENT, NULL, NULL, 7, -1, NULL));
    put_object(snapshot, "o.yaml:3",
               "\n\n{\"apiVersion\":\"v1\",\n\"kind\":\"Service\",\"metadata\":"
               "\n{\"name\":\"s\"},\"spec\":{\"ports\":[1,\n2]}}");
    put_object(snapshot, NULL, "{\"kind\":\"K\",\"metadata\":{\"name\":\"n\"}}");
    return snapshot;
}

static char *written(const struct ew_snapshot *snapshot)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_snapshot_write(snapshot, &out);
    return ew_buf_take(&out);
}

START_TEST(a_snapshot_is_one_line_and_reads_back_the_same)
{
    struct ew_snapshot *snapshot = sample(), *back = NULL;
    struct ew_err err = {0};
    char *text = written(snapshot);
    ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
    ck_assert_int_eq(ew_snapshot_read(text, strlen(text), &back, &err), EW_OK);
    char *again = written(back);
    ck_assert_str_eq(again, text);
    const struct ew_fact *fact = ew_snapshot_fact(back, "api/list/pods/*");
    ck_assert_int_eq(fact->state, EW_UNKNOWN);
    ck_assert_str_eq(fact->reason, "forbidden");
    ck_assert_str_eq(fact->from, "this host");
    ck_assert_int_eq(fact->at_ms, 1000);
    ck_assert(fact->elapsed_ms == 1.5);
    ck_assert_str_eq(ew_json_get_str(ew_fact_value(fact), "text", ""), "no\nline");
    ck_assert(ew_snapshot_fact(back, "x")->elapsed_ms < 0);
    ck_assert_ptr_null(ew_fact_value(ew_snapshot_fact(back, "x")));
    ck_assert_int_eq(ew_snapshot_started(back), 1795435200000);
    ck_assert(ew_snapshot_elapsed(back) == 41.25);
    ck_assert_int_eq(ew_json_get_int(ew_snapshot_target(back), "port", 0), 443);
    ck_assert(ew_json_get_bool(ew_snapshot_vantage(back), "ipv4", false));
    free(text);
    free(again);
    ew_snapshot_unref(snapshot);
    ew_snapshot_unref(back);
}
END_TEST

START_TEST(objects_of_files_keep_their_lines_in_a_snapshot_file)
{
    struct ew_snapshot *snapshot = sample(), *back = NULL;
    char *text = written(snapshot);
    ck_assert_int_eq(ew_snapshot_read(text, strlen(text), &back, NULL), EW_OK);
    const struct ew_object *object = ew_snapshot_object_at(back, 0);
    ck_assert_str_eq(object->where, "o.yaml:3");
    const struct ew_json *root = ew_doc_root(object->doc);
    ck_assert_int_eq(ew_json_line(root), 3);
    ck_assert_int_eq(ew_json_line(ew_json_at(root, "kind")), 4);
    ck_assert_int_eq(ew_json_line(ew_json_at(root, "metadata.name")), 5);
    ck_assert_int_eq(ew_json_line(ew_json_at(root, "spec.ports[1]")), 6);
    ck_assert_ptr_null(ew_snapshot_object_at(back, 1)->where);
    free(text);
    ew_snapshot_unref(snapshot);
    ew_snapshot_unref(back);
}
END_TEST

START_TEST(the_deepest_object_survives)
{
    struct ew_snapshot *snapshot = ew_snapshot_new(), *back = NULL;
    struct ew_buf text;
    ew_buf_init(&text, 0);
    ew_buf_adds(&text, "{\"kind\":\"K\",\"deep\":");
    for (int i = 0; i < 63; i++)
        ew_buf_adds(&text, "[");
    for (int i = 0; i < 63; i++)
        ew_buf_adds(&text, "]");
    ew_buf_adds(&text, "}");
    put_object(snapshot, NULL, text.data);
    ew_buf_release(&text);
    char *line = written(snapshot);
    ck_assert_int_eq(ew_snapshot_read(line, strlen(line), &back, NULL), EW_OK);
    free(line);
    ew_snapshot_unref(back);
    ew_snapshot_unref(snapshot);
}
END_TEST

static const struct {
    const char *line;
    const char *message;
} bad_files[] = {
    {"", "snapshot: "},
    {"{", "snapshot: "},
    {"[]", "its schema is none"},
    {"{}", "its schema is none"},
    {"{\"schema\":\"edgewalk.snapshot/v2\"}", "edgewalk.snapshot/v2"},
    {"{\"schema\":\"edgewalk.snapshot/v1\",\"facts\":[{}]}", "fact"},
    {"{\"schema\":\"edgewalk.snapshot/v1\",\"facts\":[{\"key\":\"a\",\"state\":\"x\"}]}", "state"},
    {"{\"schema\":\"edgewalk.snapshot/v1\",\"objects\":[{}]}", "object"},
    {"{\"schema\":\"edgewalk.snapshot/v1\",\"objects\":[{\"object\":[]}]}", "object"},
};

START_TEST(what_is_no_snapshot_is_refused)
{
    struct ew_snapshot *out = NULL;
    struct ew_err err = {0};
    const char *line = bad_files[_i].line;
    ck_assert_int_eq(ew_snapshot_read(line, strlen(line), &out, &err), EW_EINPUT);
    ck_assert_int_eq(err.code, EW_EINPUT);
    ck_assert_msg(strstr(err.message, bad_files[_i].message), "%s", err.message);
    ck_assert_ptr_null(out);
}
END_TEST

START_TEST(members_that_are_not_known_yet_are_passed_over)
{
    static const char line[] =
        "{\"schema\":\"edgewalk.snapshot/v1\",\"later\":[1],\"started_ms\":1e300,\"facts\":"
        "[{\"key\":\"a\",\"state\":\"known\",\"later\":{},\"value\":{},\"at_ms\":-1e300}],"
        "\"objects\":[{\"object\":{\"kind\":\"K\"},\"where\":\"f\",\"lines\":[1e300,\"x\",3]}]}\n";
    struct ew_snapshot *out = NULL;
    ck_assert_int_eq(ew_snapshot_read(line, strlen(line), &out, NULL), EW_OK);
    ck_assert_int_eq(ew_snapshot_fact(out, "a")->state, EW_KNOWN);
    ck_assert_int_eq(ew_snapshot_started(out), 0); /* no time that fits */
    ck_assert_int_eq(ew_json_line(ew_doc_root(ew_snapshot_object_at(out, 0)->doc)), 0);
    ew_snapshot_unref(out);
}
END_TEST

/* ---- wants ---- */

START_TEST(wants_are_questions_with_the_keys_of_their_facts)
{
    struct ew_wants *wants = ew_wants_new();
    char name[] = "h.example.com";
    ck_assert_str_eq(ew_want_dns(wants, "10.0.0.1:53", name, "A", "dns-nxdomain"),
                     "dns/10.0.0.1:53/h.example.com/A");
    name[0] = 'X';
    ck_assert_str_eq(ew_wants_at(wants, 0)->name, "h.example.com");
    ck_assert_int_eq(ew_wants_at(wants, 0)->kind, EW_WANT_DNS);
    ck_assert_str_eq(ew_want_tcp(wants, "::1", 443, ""), "tcp/[::1]:443");
    ck_assert_int_eq(ew_wants_at(wants, 1)->port, 443);
    ck_assert_str_eq(ew_want_tls(wants, "::1", 443, NULL, ""), "tls/[::1]:443/-");
    ck_assert_ptr_null(ew_wants_at(wants, 2)->sni);
    ck_assert_str_eq(ew_want_http(wants, "::1", 443, "main", "GET", "https://h/", ""),
                     "http/[::1]:443/main");
    ck_assert_str_eq(ew_wants_at(wants, 3)->url, "https://h/");
    ck_assert_str_eq(ew_want_get(wants, "pods", "ns", "p", true, ""), "api/get/pods/ns/p");
    ck_assert_str_eq(ew_want_list(wants, "pods", "ns", "l=a=b", false, ""),
                     "api/list/pods/ns?l=a=b");
    ck_assert_str_eq(ew_wants_at(wants, 5)->text, "list pods in ns (a=b)");
    ck_assert_str_eq(ew_want_list(wants, "nodes", NULL, NULL, false, ""), "api/list/nodes/*");
    ck_assert_str_eq(ew_wants_at(wants, 6)->text, "list nodes everywhere");
    ck_assert_ptr_null(ew_wants_at(wants, 6)->ns);
    ck_assert_uint_eq(ew_wants_count(wants), 7);
    ew_wants_free(wants);
    ew_wants_free(NULL);
}
END_TEST

START_TEST(a_want_is_added_once_and_its_causes_are_united)
{
    struct ew_wants *wants = ew_wants_new();
    const char *key = ew_want_get(wants, "pods", "ns", "p", true, "pod-oomkilled ep-none");
    ck_assert_ptr_eq(ew_want_get(wants, "pods", "ns", "p", true, "ep-none  pod"), key);
    ck_assert_uint_eq(ew_wants_count(wants), 1);
    ck_assert_str_eq(ew_wants_at(wants, 0)->would_decide, "pod-oomkilled ep-none pod");
    ck_assert(ew_wants_at(wants, 0)->optional);
    ew_want_get(wants, "pods", "ns", "p", false, NULL);
    ck_assert(!ew_wants_at(wants, 0)->optional);
    ew_wants_free(wants);
}
END_TEST

START_TEST(without_a_set_nothing_is_wanted)
{
    ck_assert_ptr_null(ew_want_dns(NULL, "r", "n", "A", ""));
    ck_assert_ptr_null(ew_want_tcp(NULL, "a", 1, ""));
    ck_assert_ptr_null(ew_want_tls(NULL, "a", 1, "s", ""));
    ck_assert_ptr_null(ew_want_http(NULL, "a", 1, "main", "GET", "u", ""));
    ck_assert_ptr_null(ew_want_get(NULL, "pods", "n", "p", false, ""));
    ck_assert_ptr_null(ew_want_list(NULL, "pods", "n", NULL, false, ""));
    ck_assert_uint_eq(ew_wants_count(NULL), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("fact");
    TCase *tc = tcase_create("fact");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, keys_say_what_was_asked);
    tcase_add_test(tc, a_fact_owns_its_texts_and_shares_its_value);
    tcase_add_test(tc, a_fact_of_the_same_key_is_replaced_in_its_place);
    tcase_add_test(tc, an_object_is_the_same_by_group_kind_namespace_and_name);
    tcase_add_test(tc, a_clone_shares_and_then_goes_its_own_way);
    tcase_add_test(tc, a_snapshot_is_one_line_and_reads_back_the_same);
    tcase_add_test(tc, objects_of_files_keep_their_lines_in_a_snapshot_file);
    tcase_add_test(tc, the_deepest_object_survives);
    tcase_add_loop_test(tc, what_is_no_snapshot_is_refused, 0, (int)EW_COUNT(bad_files));
    tcase_add_test(tc, members_that_are_not_known_yet_are_passed_over);
    tcase_add_test(tc, wants_are_questions_with_the_keys_of_their_facts);
    tcase_add_test(tc, a_want_is_added_once_and_its_causes_are_united);
    tcase_add_test(tc, without_a_set_nothing_is_wanted);
    return s;
}
