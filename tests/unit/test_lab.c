#include "unit.h"

#include "lab/answers.h"
#include "lab/dns.h"
#include "lab/expect.h"
#include "lab/patch.h"
#include "lab/place.h"

#include <stdlib.h>
#include <string.h>

static struct ew_doc *read_json(const char *text)
{
    struct ew_doc *doc = NULL;
    struct ew_err err = {0};
    ck_assert_msg(ew_json_parse(text, strlen(text), &doc, &err) == 0, "%s", err.message);
    return doc;
}

static void is_json(const struct ew_json *node, const char *wanted)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_json_write(&out, node, 0);
    ck_assert_str_eq(ew_buf_text(&out), wanted);
    ew_buf_release(&out);
}

START_TEST(merge_follows_rfc_7386)
{
    struct ew_doc *base = read_json("{\"a\":{\"b\":1,\"c\":[1,2]},\"d\":2}");
    struct ew_doc *patch = read_json("{\"a\":{\"b\":null,\"c\":[3],\"e\":{\"f\":null}},\"g\":4}");
    struct ew_doc *doc = ew_doc_new();
    is_json(lab_merge(doc, ew_doc_root(base), ew_doc_root(patch)),
            "{\"a\":{\"c\":[3],\"e\":{}},\"d\":2,\"g\":4}");
    ew_doc_unref(base);
    ew_doc_unref(patch);
    ew_doc_unref(doc);
}
END_TEST

/* A path, a value (NULL: taken away), and what {"a":[{"b.c":1}]} becomes; NULL: the path is
 * refused. */
static const struct {
    const char *path, *value, *wanted;
} sets[] = {
    {"a[0].d", "2", "{\"a\":[{\"b.c\":1,\"d\":2}]}"},
    {"a[0][\"b.c\"]", "3", "{\"a\":[{\"b.c\":3}]}"},
    {"a[1]", "[]", "{\"a\":[{\"b.c\":1},[]]}"},
    {"x.y", "true", "{\"a\":[{\"b.c\":1}],\"x\":{\"y\":true}}"},
    {"a[0][\"b.c\"]", NULL, "{\"a\":[{}]}"},
    {"a[0]", NULL, "{\"a\":[]}"},
    {"a[2]", "1", NULL},
    {"a.b", "1", NULL},
    {"a[0", "1", NULL},
};

START_TEST(set_changes_one_place)
{
    struct ew_doc *from = read_json("{\"a\":[{\"b.c\":1}]}");
    struct ew_doc *value = sets[_i].value ? read_json(sets[_i].value) : NULL, *doc = ew_doc_new();
    struct ew_err err = {0};
    struct ew_json *out =
        lab_set(doc, ew_doc_root(from), sets[_i].path, value ? ew_doc_root(value) : NULL, &err);
    if (sets[_i].wanted)
        is_json(out, sets[_i].wanted);
    else
        ck_assert(out == NULL && err.code == EW_EUSAGE);
    ew_doc_unref(from);
    ew_doc_unref(value);
    ew_doc_unref(doc);
}
END_TEST

START_TEST(change_must_meet_an_object)
{
    struct ew_doc *objects = read_json(
        "[{\"kind\":\"Pod\",\"metadata\":{\"name\":\"x\",\"namespace\":\"n\"},\"spec\":{}}]");
    struct ew_doc *good = read_json("[{\"object\":\"Pod n/*\",\"set\":{\"spec.a\":1}}]");
    struct ew_doc *bad = read_json("[{\"object\":\"Pod m/*\",\"drop\":true}]"), *doc = ew_doc_new();
    struct ew_err err = {0};
    is_json(lab_change(doc, ew_doc_root(objects), ew_doc_root(good), &err),
            "[{\"kind\":\"Pod\",\"metadata\":{\"name\":\"x\",\"namespace\":\"n\"},\"spec\":{\"a\":"
            "1}}]");
    ck_assert(lab_change(doc, ew_doc_root(objects), ew_doc_root(bad), &err) == NULL);
    ck_assert(strstr(err.message, "Pod m/*") != NULL);
    ew_doc_unref(objects);
    ew_doc_unref(good);
    ew_doc_unref(bad);
    ew_doc_unref(doc);
}
END_TEST

START_TEST(variables_are_filled_in)
{
    struct lab_certs *certs = lab_certs_new(1795000000);
    struct lab_place *place = lab_place_new(9, 1795000000, certs);
    struct ew_doc *from = read_json("[\"${addr:a}\",\"${addr:b}\",\"${addr:a}\",\"${time:-1d}\"]");
    struct ew_doc *port = read_json("{\"n\":\"${port:p}\",\"t\":\"x:${port:p}\"}"), *out = NULL;
    struct ew_err err = {0};
    ck_assert_int_eq(lab_place_tree(place, ew_doc_root(from), &out, &err), 0);
    is_json(ew_doc_root(out),
            "[\"127.0.9.1\",\"127.0.9.2\",\"127.0.9.1\",\"2026-11-17T11:06:40Z\"]");
    ew_doc_unref(out);
    ck_assert_int_eq(lab_place_tree(place, ew_doc_root(port), &out, &err), 0);
    ck_assert_int_eq(ew_json_get_int(ew_doc_root(out), "n", 0), lab_place_port(place, "p"));
    ck_assert_int_eq(strncmp(ew_json_get_str(ew_doc_root(out), "t", ""), "x:", 2), 0);
    ew_doc_unref(out);
    ck_assert(lab_place_text(place, "${nothing:x}", &err) == NULL);
    ck_assert(lab_place_text(place, "${addr:x", &err) == NULL);
    ew_doc_unref(from);
    ew_doc_unref(port);
    lab_place_free(place);
    lab_certs_free(certs);
}
END_TEST

/* What the question for a name and type (class IN, RD) comes back as: rcode, counts, and flags. */
static const struct {
    const char *name;
    int type, rcode, answers, authorities;
} questions[] = {
    {"a.test", 1, 0, 2, 0},    {"a.test", 28, 0, 0, 1},     {"b.test", 1, 0, 3, 0},
    {"none.test", 1, 3, 0, 1}, {"x.wild.test", 1, 0, 1, 0}, {"bad.test", 1, 2, 0, 0},
    {"gone.test", 1, 3, 1, 1},
};

static size_t make_query(unsigned char *out, const char *name, int type)
{
    static const unsigned char head[12] = {0x12, 0x34, 0x01, 0x00, 0, 1};
    size_t at = sizeof head;
    memcpy(out, head, sizeof head);
    for (const char *label = name; *label;) {
        size_t len = strcspn(label, ".");
        out[at++] = (unsigned char)len;
        memcpy(out + at, label, len);
        at += len;
        label += len + (label[len] == '.');
    }
    out[at++] = 0;
    out[at++] = 0;
    out[at++] = (unsigned char)type;
    out[at++] = 0;
    out[at++] = 1;
    return at;
}

START_TEST(names_are_answered)
{
    struct ew_doc *spec = read_json(
        "{\"zone\":\"test\",\"records\":{\"a.test\":{\"A\":[\"127.0.0.1\",\"127.0.0.2\"]},"
        "\"b.test\":{\"CNAME\":\"a.test\"},\"*.wild.test\":{\"A\":\"127.0.0.3\"},"
        "\"bad.test\":{\"rcode\":\"SERVFAIL\"},\"gone.test\":{\"CNAME\":\"nowhere.test\"}}}");
    struct lab_dns_answer *answer = ew_alloc(sizeof *answer);
    unsigned char query[300];
    size_t len = make_query(query, questions[_i].name, questions[_i].type);
    lab_dns_answer(ew_doc_root(spec), query, len, true, answer);
    ck_assert_uint_gt(answer->len, 12);
    ck_assert_int_eq(answer->bytes[0] << 8 | answer->bytes[1], 0x1234);
    ck_assert_int_eq(answer->bytes[3] & 15, questions[_i].rcode);
    ck_assert_int_eq(answer->bytes[7], questions[_i].answers);
    ck_assert_int_eq(answer->bytes[9], questions[_i].authorities);
    free(answer);
    ew_doc_unref(spec);
}
END_TEST

START_TEST(broken_questions_get_nothing)
{
    struct ew_doc *spec = read_json("{\"zone\":\"test\"}");
    struct lab_dns_answer *answer = ew_alloc(sizeof *answer);
    unsigned char query[300];
    size_t len = make_query(query, "a.test", 1);
    for (size_t cut = 0; cut < len; cut++) {
        lab_dns_answer(ew_doc_root(spec), query, cut, true, answer);
        ck_assert_uint_eq(answer->len, 0);
    }
    free(answer);
    ew_doc_unref(spec);
}
END_TEST

static const char walk[] =
    "{\"verdict\":{\"status\":\"fail\",\"cause\":\"pod-crashloop\",\"layer\":\"pod\","
    "\"first_failing_layer\":\"endpoints\",\"symptoms\":[\"f1\"],\"independent\":[]},"
    "\"path\":{\"route\":{\"name\":\"r\"}},\"layers\":["
    "{\"layer\":\"endpoints\",\"status\":\"fail\",\"findings\":[{\"id\":\"f1\","
    "\"cause\":\"ep-all-not-ready\",\"severity\":\"fail\"}]},"
    "{\"layer\":\"pod\",\"status\":\"fail\",\"findings\":[{\"id\":\"f2\","
    "\"cause\":\"pod-crashloop\",\"severity\":\"fail\"}]},"
    "{\"layer\":\"api-access\",\"status\":\"warn\",\"findings\":[{\"id\":\"f3\","
    "\"cause\":\"api-forbidden-partial\",\"severity\":\"warn\"}]}]}";

/* What is expected of `walk`, with exit 19, and how many differences that makes. */
static const struct {
    const char *expect;
    size_t differences;
} expectations[] = {
    {"{\"status\":\"fail\",\"exit\":19,\"cause\":\"pod-crashloop\",\"layer\":\"pod\","
     "\"first_failing_layer\":\"endpoints\",\"findings\":[\"pod-crashloop\",\"ep-all-not-ready\"],"
     "\"warnings\":[\"api-forbidden-partial\"],\"symptoms\":[\"ep-all-not-ready\"],"
     "\"independent\":[],\"absent\":[\"ep-none\"],\"present\":[\"api-forbidden-partial\"],"
     "\"layers\":{\"pod\":\"fail\"},\"path\":{\"route.name\":\"r\"},\"says\":[\"crashloop\"],"
     "\"silent\":[\"PRIVATE\"]}",
     0},
    {"{\"status\":\"ok\",\"exit\":0,\"cause\":null}", 3},
    {"{\"findings\":[\"pod-crashloop\"]}", 1},
    {"{\"findings\":[]}", 1},
    {"{\"warnings\":[],\"symptoms\":[],\"independent\":[\"ep-none\"]}", 3},
    {"{\"absent\":[\"pod-crashloop\"],\"present\":[\"pod-crash\"]}", 2},
    {"{\"layers\":{\"pod\":\"ok\",\"dns\":\"ok\"}}", 2},
    {"{\"path\":{\"route.name\":\"x\",\"ingress\":null}}", 1},
    {"{\"says\":[\"oom\"],\"silent\":[\"crashloop\"]}", 2},
};

START_TEST(verdicts_are_compared)
{
    struct ew_doc *got = read_json(walk), *expect = read_json(expectations[_i].expect);
    struct ew_buf out;
    ew_buf_init(&out, 0);
    size_t count = lab_expect(ew_doc_root(expect), ew_doc_root(got), 19, &out);
    ck_assert_msg(count == expectations[_i].differences, "%zu: %s", count, ew_buf_text(&out));
    ew_buf_release(&out);
    ew_doc_unref(got);
    ew_doc_unref(expect);
}
END_TEST

START_TEST(expectations_are_checked)
{
    struct ew_doc *typo = read_json("{\"status\":\"ok\",\"exit\":0,\"simptoms\":[]}");
    struct ew_doc *bare = read_json("{\"status\":\"ok\"}");
    struct ew_err err = {0};
    ck_assert_int_eq(lab_expect_check(ew_doc_root(typo), &err), EW_EUSAGE);
    ck_assert(strstr(err.message, "simptoms") != NULL);
    ck_assert_int_eq(lab_expect_check(ew_doc_root(bare), &err), EW_EUSAGE);
    ew_doc_unref(typo);
    ew_doc_unref(bare);
}
END_TEST

static const char *picked(const struct ew_doc *answers, const char *host, const char *path)
{
    struct ew_map *headers = ew_map_new();
    struct lab_request request = {.method = "GET", .path = path, .host = host, .headers = headers};
    const char *name = "none";
    lab_answer_pick(ew_doc_root(answers), &request, &name);
    ew_map_free(headers);
    return name;
}

START_TEST(the_first_answer_that_fits_is_given)
{
    struct ew_doc *answers = read_json(
        "{\"post\":{\"method\":\"POST\"},\"tree\":{\"host\":\"a.test\",\"path\":\"/t/*\"},"
        "\"page\":{\"host\":\"a.test\",\"path\":\"/p\"},\"wild\":{\"host\":\"*.a.test\"},"
        "\"when\":{\"when\":{\"x-a\":\"1\"}}}");
    ck_assert_str_eq(picked(answers, "a.test", "/t/x"), "tree");
    ck_assert_str_eq(picked(answers, "a.test", "/p"), "page");
    ck_assert_str_eq(picked(answers, "a.test", "/px"), "none");
    ck_assert_str_eq(picked(answers, "b.a.test", "/"), "wild");
    ck_assert_str_eq(picked(answers, "other.test", "/"), "none");
    ew_doc_unref(answers);
}
END_TEST

static Suite *suite(void)
{
    Suite *all = suite_create("lab");
    TCase *patch = tcase_create("patch"), *dns = tcase_create("dns"), *other = tcase_create("play");
    tcase_add_test(patch, merge_follows_rfc_7386);
    tcase_add_loop_test(patch, set_changes_one_place, 0, EW_COUNT(sets));
    tcase_add_test(patch, change_must_meet_an_object);
    tcase_add_test(patch, variables_are_filled_in);
    tcase_add_loop_test(dns, names_are_answered, 0, EW_COUNT(questions));
    tcase_add_test(dns, broken_questions_get_nothing);
    tcase_add_loop_test(other, verdicts_are_compared, 0, EW_COUNT(expectations));
    tcase_add_test(other, expectations_are_checked);
    tcase_add_test(other, the_first_answer_that_fits_is_given);
    suite_add_tcase(all, patch);
    suite_add_tcase(all, dns);
    suite_add_tcase(all, other);
    return all;
}
