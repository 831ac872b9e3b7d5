#include "json_texts.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* ---- YAML ---- */

static const struct {
    const char *scalar, *json;
} scalars[] = {
    {"x", "\"x\""},
    {"\"yes\"", "\"yes\""},
    {"'5'", "\"5\""},
    {"yes", "true"},
    {"On", "true"},
    {"off", "false"},
    {"n", "false"},
    {"true", "true"},
    {"FALSE", "false"},
    {"tRue", "\"tRue\""},
    {"~", "null"},
    {"Null", "null"},
    {"", "null"},
    {"0x1F", "31"},
    {"0o17", "15"},
    {"017", "15"},
    {"0b101", "5"},
    {"089", "89"},
    {"1_000", "1000"},
    {"-12", "-12"},
    {"+5", "5"},
    {"1.5", "1.5"},
    {".5", "0.5"},
    {"5.", "5"},
    {"1e3", "1000"},
    {"1.5e-1", "0.15"},
    {"1e", "\"1e\""},
    {"1.2.3", "\"1.2.3\""},
    {"10.0.0.1", "\"10.0.0.1\""},
    {"2024-01-01", "\"2024-01-01\""},
    {"12:30", "\"12:30\""},
    {"-", "[null]"},
    {"0x", "\"0x\""},
    {".inf", "\".inf\""},
    {"1e999", "\"1e999\""},
    {"!!str 5", "\"5\""},
    {"!!int \"5\"", "5"},
    {"! 5", "\"5\""},
    {"!own 5", "\"5\""},
    {"|\n  5\n", "\"5\\n\""},
    {">-\n  a\n  b\n", "\"a b\""},
    {"/path", "\"/path\""},
    {"0.1", "0.1"},
    {"v1", "\"v1\""},
    {"a: b", "{\"a\":\"b\"}"},
};

START_TEST(plain_scalars_have_the_types_that_kubernetes_gives_them)
{
    char *text =
        ew_fmt("k:%s%s\n", scalars[_i].json[0] == '[' || scalars[_i].json[0] == '{' ? "\n  " : " ",
               scalars[_i].scalar);
    char *expected = ew_fmt("1 {\"k\":%s}\n", scalars[_i].json);
    assert_documents(text, expected);
    free(text);
    free(expected);
}
END_TEST

START_TEST(yaml_nodes_carry_their_lines)
{
    struct ew_buf out;
    struct ew_err err;
    ew_buf_init(&out, 0);
    assert_documents("# a comment\n---\nkind: A\n---\n\n# another\nkind: B\nx:\n- 1\n",
                     "3 {\"kind\":\"A\"}\n7 {\"kind\":\"B\",\"x\":[1]}\n");
    assert_documents("---\n---\n# nothing\n---\na: 1\n...\n", "5 {\"a\":1}\n");
    assert_documents("", "");
    assert_documents("# only words\n", "");
    ck_assert_int_eq(ew_yaml_parse("f", NULL, 0, write_down, &out, &err), EW_OK);
    ew_buf_release(&out);
}
END_TEST

static int check_lines(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    (void)err;
    const struct ew_json *root = ew_doc_root(doc);
    ck_assert_int_eq(ew_json_line(ew_json_at(root, "spec.rules")), 4);
    ck_assert_int_eq(ew_json_line(ew_json_at(root, "spec.rules[1]")), 5);
    ck_assert_int_eq(ew_json_line(ew_json_at(root, "spec.rules[1].b")), 6);
    *(struct ew_doc **)ctx = ew_doc_ref(doc);
    return 7;
}

START_TEST(documents_are_the_callees_to_keep_and_its_answer_ends_the_reading)
{
    static const char text[] =
        "kind: X\nspec:\n  rules:\n  - a: 1\n  - a: 2\n    b: 3\n---\nkind: Y\n";
    struct ew_doc *kept = NULL;
    struct ew_err err = {0};
    ck_assert_int_eq(ew_yaml_parse("f", text, strlen(text), check_lines, &kept, &err), 7);
    ck_assert_str_eq(ew_json_get_str(ew_doc_root(kept), "kind", ""), "X");
    ew_doc_unref(kept);
}
END_TEST

START_TEST(keys_are_text)
{
    assert_documents("80: a\non: b\n~: c\n? d\n: e\n",
                     "1 {\"80\":\"a\",\"on\":\"b\",\"~\":\"c\",\"d\":\"e\"}\n");
    assert_refused("? [a]\n: b\n", EW_EINPUT, "a key that is not text");
    assert_refused("a: &x [1]\n*x : 2\n", EW_EINPUT, "a key that is not text");
}
END_TEST

START_TEST(anchors_and_merge_keys)
{
    assert_documents("a: &a {x: 1, y: 2}\nb: *a\n",
                     "1 {\"a\":{\"x\":1,\"y\":2},\"b\":{\"x\":1,\"y\":2}}\n");
    assert_documents("a: &a {x: 1, y: 2}\nb:\n  y: 3\n  <<: *a\n",
                     "1 {\"a\":{\"x\":1,\"y\":2},\"b\":{\"x\":1,\"y\":3}}\n");
    assert_documents("- &a {x: 1}\n- &b {x: 2, z: 4}\n- <<: [*a, *b]\n  w: 0\n",
                     "1 [{\"x\":1},{\"x\":2,\"z\":4},{\"z\":4,\"x\":1,\"w\":0}]\n");
    assert_documents("a: {\"<<\": 1}\n", "1 {\"a\":{\"<<\":1}}\n"); /* quoted: a name like any */
    assert_documents("&k key: &v val\nother: *k\nmore: *v\n",
                     "1 {\"key\":\"val\",\"other\":\"key\",\"more\":\"val\"}\n");
    assert_documents("a: &x 1\nb: &x 2\nc: *x\n", "1 {\"a\":1,\"b\":2,\"c\":2}\n");
    assert_refused("<<: 5\n", EW_EINPUT, "takes a mapping");
    assert_refused("a: *none\n", EW_EINPUT, "f.yaml:1: an alias");
    assert_refused("a: &x\n  b: *x\n", EW_EINPUT, "f.yaml:2: an alias");
    assert_refused("a: &x 1\n---\nb: *x\n", EW_EINPUT, "f.yaml:3: an alias");
}
END_TEST

START_TEST(a_bomb_of_aliases_is_refused)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    ew_buf_adds(&text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++) {
        ew_buf_addf(&text, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++)
            ew_buf_addf(&text, "%s*a%d", j ? "," : "", i - 1);
        ew_buf_adds(&text, "]\n");
    }
    assert_refused(text.data, EW_ELIMIT, "aliases that expand beyond 1,000,000");
    ew_buf_release(&text);
}
END_TEST

START_TEST(broken_yaml_says_where)
{
    struct ew_err err = {0};
    assert_refused("a: 1\nb: [\n", EW_EINPUT, "f.yaml:3: not YAML");
    assert_refused("a: 'x\n", EW_EINPUT, "not YAML");
    assert_refused("a: 1\n b: 2\n", EW_EINPUT, "f.yaml:2: not YAML");
    assert_refused("a: \x01\n", EW_EINPUT, "not YAML");
    ck_assert_int_eq(ew_yaml_parse("f", "a: \0b", 5, write_down, NULL, &err), EW_EINPUT);
    ck_assert_msg(strstr(err.message, "NUL"), "%s", err.message);
}
END_TEST

START_TEST(json_texts_hold_many_documents)
{
    assert_documents("{\"a\":1}\n{\"b\":\n2}\n[3]", "1 {\"a\":1}\n2 {\"b\":2}\n4 [3]\n");
    assert_documents("{\"a\":1}\n---\n{\"b\":2}\n", "1 {\"a\":1}\n3 {\"b\":2}\n");
    assert_documents("{\"a\":1}\n---\nb: 2\n", "1 {\"a\":1}\n3 {\"b\":2}\n");
    assert_documents("---\n{\"a\":\"\\ud83d\\ude00\"}", "2 {\"a\":\"\xf0\x9f\x98\x80\"}\n");
    assert_documents("\xef\xbb\xbf{\"a\":1}", "1 {\"a\":1}\n");
    assert_documents("\xef\xbb\xbf"
                     "a: 1",
                     "1 {\"a\":1}\n");
    /* What starts like JSON may be a YAML flow mapping; when it is neither, JSON has the word. */
    assert_documents("{a: 1, b: [x]}\n", "1 {\"a\":1,\"b\":[\"x\"]}\n");
    assert_refused("{\"a\":1}\n{\"b\": [}", EW_EINPUT, "f.yaml: line 2: not JSON");
}
END_TEST

/* ---- lists ---- */

static const char list[] =
    "{\"kind\":\"HTTPRouteList\",\"metadata\":{\"resourceVersion\":\"7\",\"items\":[9]},\n"
    "\"items\":[{\"a\":\"]},{\\\"\"},\n {\"b\":[{},[]]} , {\"c\":\"\\\\\"}],\"code\":200}\n";
static const char list_items[] = "2 {\"a\":\"]},{\\\"\"}\n3 {\"b\":[{},[]]}\n3 {\"c\":\"\\\\\"}\n";

/* Feeds text in pieces of the given size; what came and what is left is in out. */
static int feed(const char *text, size_t size, struct ew_buf *out, struct ew_err *err)
{
    struct ew_list_reader *reader = ew_list_reader_new(write_down, out);
    size_t len = strlen(text);
    int code = EW_OK;
    for (size_t at = 0; at < len && code == EW_OK; at += size) {
        char piece[4096]; /* of its own, so that a read past its end is seen */
        size_t part = len - at < size ? len - at : size;
        memcpy(piece, text + at, part);
        code = ew_list_reader_feed(reader, piece, part, err);
    }
    if (code == EW_OK)
        code = ew_list_reader_end(reader, err);
    else
        ck_assert_int_eq(ew_list_reader_end(reader, err), code); /* the same failure again */
    if (code == EW_OK) {
        char *rest = line_of(ew_list_reader_rest(reader));
        ew_buf_adds(out, rest);
        free(rest);
    }
    ew_list_reader_free(reader);
    return code;
}

START_TEST(lists_are_taken_apart_in_any_cuts)
{
    for (size_t size = 1; size < sizeof(list); size++) {
        struct ew_buf out;
        struct ew_err err = {0};
        ew_buf_init(&out, 0);
        ck_assert_msg(feed(list, size, &out, &err) == EW_OK, "%s", err.message);
        char *expected = ew_fmt("%s{\"kind\":\"HTTPRouteList\",\"metadata\":{\"resourceVersion\":"
                                "\"7\",\"items\":[9]},\"code\":200}",
                                list_items);
        ck_assert_str_eq(out.data, expected);
        free(expected);
        ew_buf_release(&out);
    }
}
END_TEST

static const struct {
    const char *text, *out;
} lists[] = {
    {"{\"items\":[]}", "{}"},
    {"{\"items\":null,\"kind\":\"L\"}", "{\"kind\":\"L\"}"},
    {" {\"items\": [ {} ] , \"metadata\" : {\"continue\":\"x\"} } \n",
     "1 {}\n{\"metadata\":{\"continue\":\"x\"}}"},
    {"{\"kind\":\"Status\",\"code\":403,\"details\":{\"items\":[{}]}}",
     "{\"kind\":\"Status\",\"code\":403,\"details\":{\"items\":[{}]}}"},
    {"{\"a\":\"items\",\"x\":[{}],\"items\":[{\"k\":\"\\u0000\"}]}",
     "1 {\"k\":\"\xef\xbf\xbd\"}\n{\"a\":\"items\",\"x\":[{}]}"},
};

START_TEST(lists_of_other_shapes)
{
    struct ew_buf out;
    struct ew_err err = {0};
    for (size_t size = 1; size < 9; size++) {
        ew_buf_init(&out, 0);
        ck_assert_msg(feed(lists[_i].text, size, &out, &err) == EW_OK, "%s", err.message);
        ck_assert_str_eq(out.data, lists[_i].out);
        ew_buf_release(&out);
    }
}
END_TEST

static const char *const bad_lists[] = {
    "",
    "[]",
    "x",
    "{\"items\":[{}",
    "{\"items\":[{}]",
    "{\"items\":[{},]}",
    "{\"items\":[,{}]}",
    "{\"items\":[{}{}]}",
    "{\"items\":[{},,{}]}",
    "{\"items\":[1]}",
    "{\"items\":[{}}",
    "{\"items\":[{]]}",
    "{\"items\":[]} {}",
    "{\"items\":[]}x",
    "{\"items\":[{\"a\":nope}]}",
    "{\"kind\":nope,\"items\":[]}",
    "<html>",
};

START_TEST(broken_lists_are_refused_in_any_cuts)
{
    struct ew_buf out;
    for (size_t size = 1; size < 20; size++) {
        struct ew_err err = {0};
        ew_buf_init(&out, 0);
        ck_assert_msg(feed(bad_lists[_i], size, &out, &err) == EW_EINPUT, "%s", bad_lists[_i]);
        ck_assert_int_eq(err.code, EW_EINPUT);
        ck_assert_msg(strstr(err.message, "line 1: "), "%s", err.message);
        ew_buf_release(&out);
    }
}
END_TEST

START_TEST(a_list_item_is_bounded)
{
    struct ew_buf out;
    struct ew_err err = {0};
    ew_buf_init(&out, 0);
    struct ew_list_reader *reader = ew_list_reader_new(write_down, &out);
    static char chunk[1 << 20];
    memset(chunk, 'x', sizeof(chunk));
    ck_assert_int_eq(ew_list_reader_feed(reader, "{\"items\":[{\"a\":\"", 15, &err), EW_OK);
    for (int i = 0; i < 7; i++)
        ck_assert_int_eq(ew_list_reader_feed(reader, chunk, sizeof(chunk), &err), EW_OK);
    ck_assert_int_eq(ew_list_reader_feed(reader, chunk, sizeof(chunk), &err), EW_ELIMIT);
    ck_assert_int_eq(ew_list_reader_feed(reader, "\"", 1, &err), EW_ELIMIT);
    ew_list_reader_free(reader);
    ew_list_reader_free(NULL);
    ew_buf_release(&out);
}
END_TEST

static int refuse(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    ++*(int *)ctx;
    (void)doc;
    return ew_fail(err, EW_ELIMIT, "enough");
}

START_TEST(the_callees_answer_ends_a_list)
{
    int calls = 0;
    struct ew_err err = {0};
    struct ew_list_reader *reader = ew_list_reader_new(refuse, &calls);
    ck_assert_int_eq(ew_list_reader_feed(reader, "{\"items\":[{},{}", 14, &err), EW_ELIMIT);
    ck_assert_str_eq(err.message, "enough");
    ck_assert_int_eq(calls, 1);
    ck_assert_ptr_null(ew_list_reader_rest(reader));
    ew_list_reader_free(reader);
}
END_TEST

/* ---- YAML for people ---- */

static int keep_doc(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    (void)err;
    *(struct ew_doc **)ctx = ew_doc_ref(doc);
    return EW_OK;
}

static const char *const for_people[] = {
    "{\"a\":1,\"b\":[1,2,{\"c\":[[\"x\"],[]],\"d\":{}}],\"e\":{\"f\":null,\"g\":true}}",
    "{\"t\":[\"yes\",\"on\",\"5\",\"0x1\",\"~\",\"\",\" a\",\"a \",\"a: b\",\"a #b\",\"- "
    "x\",\"#\"]}",
    "{\"m\":\"one\\ntwo\\n\",\"n\":\"one\\n\\n  two\",\"o\":\"x\\n\\n\",\"p\":\"\\n\",\"q\":\" "
    "x\\ny\"}",
    "{\"u\":[\"2024-01-01\",\"12:30\",\"10.0.0.1\",\"1.2.3\",\"*.example.com\",\"&a\",\"!x\",\"|\"]"
    "}",
    "{\"80\":1,\"true\":2,\"a b\":3,\"x: y\":4,\"\":5,\"<<\":6}",
    "{\"w\":\"\\u202e\\ud83d\\ude00\\u0001\\t\\r\",\"v\":\"say \\\"hi\\\" \\\\ there\"}",
    "[[[1]],{\"a\":[{\"b\":\"x\\ny\"}]}]",
    "{\"x\":\"a\\u0085b\",\"y\":\"\\u2028\",\"z\":\"k:\",\"=\":\"=\",\"d\":\"---\",\"e\":\"...\"}",
};

START_TEST(yaml_written_is_read_back_the_same)
{
    struct ew_doc *doc = doc_of(for_people[_i]), *back = NULL;
    struct ew_buf out;
    struct ew_err err = {0};
    ew_buf_init(&out, 0);
    ew_yaml_write(&out, ew_doc_root(doc));
    int code = ew_yaml_parse("w", out.data, out.len, keep_doc, &back, &err);
    ck_assert_msg(code == EW_OK, "%s in\n%s", err.message, out.data);
    ck_assert_msg(ew_json_equal(ew_doc_root(doc), ew_doc_root(back)), "%s", out.data);
    ew_buf_release(&out);
    ew_doc_unref(doc);
    ew_doc_unref(back);
}
END_TEST

START_TEST(yaml_looks_like_kubectls)
{
    struct ew_doc *doc =
        doc_of("{\"kind\":\"X\",\"spec\":{\"hosts\":[\"a\",\"b\"],\"rules\":[{\"p\":1,"
               "\"q\":{\"r\":\"yes\"}}],\"e\":[],\"s\":\"l1\\nl2\\n\"}}");
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_yaml_write(&out, ew_doc_root(doc));
    ck_assert_str_eq(out.data, "kind: X\nspec:\n  hosts:\n  - a\n  - b\n  rules:\n  - p: 1\n"
                               "    q:\n      r: \"yes\"\n  e: []\n  s: |\n    l1\n    l2\n");
    ew_buf_release(&out);
    ew_doc_unref(doc);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("yaml");
    TCase *tc = tcase_create("yaml and lists");
    suite_add_tcase(s, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, plain_scalars_have_the_types_that_kubernetes_gives_them, 0,
                        (int)EW_COUNT(scalars));
    tcase_add_test(tc, yaml_nodes_carry_their_lines);
    tcase_add_test(tc, documents_are_the_callees_to_keep_and_its_answer_ends_the_reading);
    tcase_add_test(tc, keys_are_text);
    tcase_add_test(tc, anchors_and_merge_keys);
    tcase_add_test(tc, a_bomb_of_aliases_is_refused);
    tcase_add_test(tc, broken_yaml_says_where);
    tcase_add_test(tc, json_texts_hold_many_documents);
    tcase_add_test(tc, lists_are_taken_apart_in_any_cuts);
    tcase_add_loop_test(tc, lists_of_other_shapes, 0, (int)EW_COUNT(lists));
    tcase_add_loop_test(tc, broken_lists_are_refused_in_any_cuts, 0, (int)EW_COUNT(bad_lists));
    tcase_add_test(tc, a_list_item_is_bounded);
    tcase_add_test(tc, the_callees_answer_ends_a_list);
    tcase_add_loop_test(tc, yaml_written_is_read_back_the_same, 0, (int)EW_COUNT(for_people));
    tcase_add_test(tc, yaml_looks_like_kubectls);
    return s;
}
