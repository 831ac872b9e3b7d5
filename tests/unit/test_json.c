#include "json_texts.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

/* ---- JSON ---- */

START_TEST(json_is_read)
{
    struct ew_doc *doc =
        doc_of("{\"a\":[1,-2.5,1e3,true,false,null,\"x\"],\"b\":{\"c.d\":{}},\"e\":[]}");
    const struct ew_json *root = ew_doc_root(doc);
    assert_json(root, "{\"a\":[1,-2.5,1000,true,false,null,\"x\"],\"b\":{\"c.d\":{}},\"e\":[]}");
    ck_assert_int_eq(ew_json_type(root), EW_JSON_OBJECT);
    ck_assert_uint_eq(ew_json_count(root), 3);
    ck_assert_uint_eq(ew_json_count(ew_json_get(root, "a")), 7);
    ck_assert_str_eq(ew_json_str(ew_json_at(root, "a[6]")), "x");
    ck_assert_uint_eq(ew_json_strlen(ew_json_at(root, "a[6]")), 1);
    ck_assert(ew_json_num(ew_json_at(root, "a[1]"), 0) == -2.5);
    ck_assert_int_eq(ew_json_int(ew_json_at(root, "a[1]"), 7), 7); /* not whole */
    ck_assert_int_eq(ew_json_int(ew_json_at(root, "a[2]"), 7), 1000);
    ck_assert(ew_json_bool(ew_json_item(ew_json_get(root, "a"), 3), false));
    ck_assert(ew_json_is(ew_json_at(root, "a[5]"), EW_JSON_NULL));
    ck_assert_ptr_null(ew_json_at(root, "a[7]"));
    ck_assert_ptr_null(ew_json_at(root, "a[x]"));
    ck_assert_ptr_null(ew_json_at(root, "a[99999999999999999999]"));
    ck_assert_ptr_null(ew_json_at(root, "b.c.d"));
    ck_assert_ptr_null(ew_json_get(root, "A"));
    ck_assert_str_eq(ew_json_key(ew_json_get(root, "b")), "b");
    ck_assert_ptr_null(ew_json_key(ew_json_at(root, "a[0]")));
    ck_assert_str_eq(ew_json_get_str(root, "none", "x"), "x");
    ck_assert_int_eq(ew_json_get_int(root, "none", 3), 3);
    ck_assert(ew_json_get_bool(root, "none", true));
    ew_doc_unref(doc);
}
END_TEST

START_TEST(a_missing_node_is_read_as_not_there)
{
    ck_assert_int_eq(ew_json_type(NULL), EW_JSON_NULL);
    ck_assert(!ew_json_is(NULL, EW_JSON_NULL));
    ck_assert_int_eq(ew_json_line(NULL), 0);
    ck_assert_ptr_null(ew_json_get(NULL, "a"));
    ck_assert_ptr_null(ew_json_at(NULL, "a.b"));
    ck_assert_uint_eq(ew_json_count(NULL), 0);
    ck_assert_ptr_null(ew_json_first(NULL));
    ck_assert_ptr_null(ew_json_next(NULL));
    ck_assert_ptr_null(ew_json_item(NULL, 0));
    ck_assert_ptr_null(ew_json_str(NULL));
    ck_assert_uint_eq(ew_json_strlen(NULL), 0);
    ck_assert(ew_json_equal(NULL, NULL));
    ck_assert_ptr_null(ew_doc_root(NULL));
    ew_doc_unref(NULL);
    ew_doc_wipe(NULL);
    assert_json(NULL, "null");
}
END_TEST

START_TEST(json_nodes_carry_their_lines)
{
    struct ew_doc *doc =
        doc_of("\n{\"a\": [1,\n  {\"b\": \"x\\\"}\\n\",\n \"c\"\n:\n2}],\n\"d\":null}");
    const struct ew_json *root = ew_doc_root(doc);
    ck_assert_int_eq(ew_json_line(root), 2);
    ck_assert_int_eq(ew_json_line(ew_json_at(root, "a[0]")), 2);
    ck_assert_int_eq(ew_json_line(ew_json_at(root, "a[1]")), 3);
    ck_assert_int_eq(ew_json_line(ew_json_at(root, "a[1].b")), 3);
    ck_assert_int_eq(ew_json_line(ew_json_at(root, "a[1].c")), 6);
    ck_assert_int_eq(ew_json_line(ew_json_at(root, "d")), 7);
    ew_doc_unref(doc);
}
END_TEST

static const struct {
    const char *text;
    size_t len;
    int code;
    const char *message;
} bad_json[] = {
    {"", 0, EW_EINPUT, "line 1: not JSON"},
    {"{\"a\":1,}", 8, EW_EINPUT, "line 1: not JSON"},
    {"{\n\"a\":\n}", 9, EW_EINPUT, "line 3: not JSON"},
    {"{} x", 4, EW_EINPUT, "after the end"},
    {"{}{}", 4, EW_EINPUT, "after the end"},
    {"1 2", 3, EW_EINPUT, "after the end"},
    {"[\"a\0b\"]", 7, EW_EINPUT, "NUL"},
    {"[\"a\\\0b\"]", 8, EW_EINPUT, "NUL"},
    {"{}\0", 3, EW_EINPUT, "after the end"},
    {"[1e999]", 7, EW_EINPUT, "beyond"},
    {"[\"a", 3, EW_EINPUT, "not JSON"},
    {"}", 1, EW_EINPUT, "not JSON"},
    {"[}", 2, EW_EINPUT, "not JSON"},
};

START_TEST(broken_json_is_refused)
{
    struct ew_doc *doc = (struct ew_doc *)&doc, *before = doc;
    struct ew_err err = {0};
    int code = ew_json_parse(bad_json[_i].text, bad_json[_i].len, &doc, &err);
    ck_assert_int_eq(code, bad_json[_i].code);
    ck_assert_int_eq(err.code, bad_json[_i].code);
    ck_assert_msg(strstr(err.message, bad_json[_i].message), "%s", err.message);
    ck_assert_ptr_eq(doc, before);
}
END_TEST

/* depth nested arrays as text, the caller's. */
static char *nested(int depth)
{
    char *text = ew_alloc((size_t)depth * 2 + 1);
    memset(text, '[', (size_t)depth);
    memset(text + depth, ']', (size_t)depth);
    return text;
}

START_TEST(depth_is_bounded)
{
    struct ew_doc *doc;
    struct ew_err err;
    char *text = nested(72);
    ck_assert_int_eq(ew_json_parse(text, 144, &doc, &err), EW_OK);
    ew_doc_unref(doc);
    free(text);
    text = nested(73);
    ck_assert_int_eq(ew_json_parse(text, 146, &doc, &err), EW_ELIMIT);
    assert_refused(text, EW_ELIMIT, "nested deeper");
    free(text);
    char *yaml = ew_fmt("- %s", text = nested(63));
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ck_assert_int_eq(ew_yaml_parse("f", yaml, strlen(yaml), write_down, &out, &err), EW_OK);
    ew_buf_release(&out);
    free(yaml);
    free(text);
    yaml = ew_fmt("- %s", text = nested(64));
    assert_refused(yaml, EW_ELIMIT, "f.yaml:1: nested deeper than 64");
    free(yaml);
    free(text);
}
END_TEST

START_TEST(a_nul_in_a_text_does_not_cut_it)
{
    struct ew_doc *doc = doc_of("{\"a\":\"x\\u0000y\",\"b\":\"\\\\u0000\",\"k\\u0000l\":1}");
    assert_json(ew_doc_root(doc),
                "{\"a\":\"x\xef\xbf\xbdy\",\"b\":\"\\\\u0000\",\"k\xef\xbf\xbdl\":1}");
    struct ew_json *node = ew_json_stringn(doc, "a\0b", 3);
    ck_assert_str_eq(ew_json_str(node), "a\xef\xbf\xbd"
                                        "b");
    ck_assert_uint_eq(ew_json_strlen(node), 5);
    ew_doc_unref(doc);
    assert_documents("a: \"x\\0y\"\n", "1 {\"a\":\"x\xef\xbf\xbdy\"}\n");
}
END_TEST

START_TEST(texts_are_valid_utf8)
{
    struct ew_doc *doc = doc_of("{\"a\xff\":\"\xc3\",\"b\":\"gr\xc3\xbc\xc3\x9f\"}");
    ck_assert_str_eq(ew_json_get_str(ew_doc_root(doc), "a\xef\xbf\xbd", ""), "\xef\xbf\xbd");
    ck_assert_str_eq(ew_json_get_str(ew_doc_root(doc), "b", ""), "gr\xc3\xbc\xc3\x9f");
    struct ew_json *object = ew_json_object(doc);
    ew_json_set_str(doc, object, "k\xfe", "\xed\xa0\x80");
    assert_json(object, "{\"k\xef\xbf\xbd\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"}");
    ew_doc_unref(doc);
}
END_TEST

START_TEST(the_last_of_equal_names_counts)
{
    struct ew_doc *doc = doc_of("{\"a\":1,\"b\":2,\"a\":3}");
    ck_assert_uint_eq(ew_json_count(ew_doc_root(doc)), 2);
    ck_assert_int_eq(ew_json_get_int(ew_doc_root(doc), "a", 0), 3);
    ew_doc_unref(doc);
    assert_documents("a: 1\nb: 2\na: 3\n", "1 {\"b\":2,\"a\":3}\n");
}
END_TEST

START_TEST(a_huge_object_is_read_in_reasonable_time)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    for (int i = 0; i < 200000; i++)
        ew_buf_addf(&text, "%s\"k%d\":1", i ? "," : "{", i % 150000);
    ew_buf_adds(&text, "}");
    struct ew_doc *doc = doc_of(text.data); /* each with each would take minutes */
    ck_assert_uint_eq(ew_json_count(ew_doc_root(doc)), 150000);
    ew_doc_unref(doc);
    ew_buf_release(&text);
}
END_TEST

START_TEST(trees_are_compared_without_order_and_lines)
{
    struct ew_doc *a = doc_of("{\"a\":1,\"b\":[1,{\"x\":null}]}");
    struct ew_doc *b = doc_of("{\n\"b\":[1,{\"x\":null}],\n\"a\":1}");
    struct ew_doc *c = doc_of("{\"a\":1,\"b\":[{\"x\":null},1]}");
    ck_assert(ew_json_equal(ew_doc_root(a), ew_doc_root(b)));
    ck_assert(!ew_json_equal(ew_doc_root(a), ew_doc_root(c)));
    ck_assert(!ew_json_equal(ew_doc_root(a), NULL));
    ew_doc_unref(a);
    ew_doc_unref(b);
    ew_doc_unref(c);
}
END_TEST

START_TEST(whole_numbers_that_fit)
{
    struct ew_doc *doc = ew_doc_new();
    ck_assert_int_eq(ew_json_int(ew_json_number(doc, 65535), -1), 65535);
    ck_assert_int_eq(ew_json_int(ew_json_number(doc, 1e300), -1), -1);
    ck_assert_int_eq(ew_json_int(ew_json_number(doc, -9223372036854775808.0), 1) < 0, 1);
    ck_assert_int_eq(ew_json_int(ew_json_number(doc, 9223372036854775808.0), -1), -1);
    ck_assert_int_eq(ew_json_int(ew_json_string(doc, "5"), -1), -1);
    ew_doc_unref(doc);
}
END_TEST

/* ---- building and writing ---- */

START_TEST(trees_are_built)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *root = ew_json_object(doc);
    ck_assert_ptr_null(ew_doc_root(doc));
    ew_doc_set_root(doc, root);
    ew_json_set_str(doc, root, "a", "x");
    ew_json_set_num(doc, root, "b", 2);
    ew_json_set_str(doc, root, "c", NULL);
    ew_json_set_bool(doc, root, "a", true); /* replaces, in its place */
    struct ew_json *list = ew_json_set(doc, root, "l", ew_json_array(doc));
    ew_json_add(doc, list, ew_json_null(doc));
    ew_json_set_line(ew_json_add(doc, list, ew_json_stringn(doc, "xyz", 2)), 7);
    ew_json_set_num(doc, root, "l2", 1);
    ew_json_set_num(doc, root, "l2", 3); /* the last one */
    ew_json_set_num(doc, root, "m", 4);
    assert_json(root, "{\"a\":true,\"b\":2,\"c\":null,\"l\":[null,\"xy\"],\"l2\":3,\"m\":4}");
    struct ew_doc *other = ew_doc_new();
    struct ew_json *copy = ew_json_copy(other, root);
    ew_doc_unref(doc);
    assert_json(copy, "{\"a\":true,\"b\":2,\"c\":null,\"l\":[null,\"xy\"],\"l2\":3,\"m\":4}");
    ck_assert_int_eq(ew_json_line(ew_json_at(copy, "l[1]")), 7);
    ew_doc_unref(other);
}
END_TEST

START_TEST(lines_are_kept_apart_and_put_back)
{
    struct ew_doc *doc = doc_of("{\"a\":\n[1,\n2],\n\"b\":3}");
    struct ew_json *lines = ew_json_lines(doc, ew_doc_root(doc));
    assert_json(lines, "[1,2,2,3,4]");
    struct ew_doc *bare = doc_of("{\"a\":[1,2],\"b\":3}");
    struct ew_json *copy = ew_json_copy(bare, ew_doc_root(bare));
    ew_json_set_lines(copy, lines);
    ck_assert_int_eq(ew_json_line(ew_json_at(copy, "a[1]")), 3);
    ck_assert_int_eq(ew_json_line(ew_json_at(copy, "b")), 4);
    ew_json_set_lines(copy, NULL);
    ck_assert_int_eq(ew_json_line(copy), 0);
    ew_doc_unref(doc);
    ew_doc_unref(bare);
}
END_TEST

START_TEST(documents_are_counted_and_wiped)
{
    struct ew_doc *doc = doc_of("{\"key\":\"secret\"}");
    const struct ew_json *node = ew_json_get(ew_doc_root(doc), "key");
    const char *text = ew_json_str(node);
    ck_assert_ptr_eq(ew_doc_ref(doc), doc);
    ew_doc_unref(doc);
    ck_assert_str_eq(text, "secret");
    ew_doc_wipe(doc);
    for (size_t i = 0; i < strlen("secret"); i++)
        ck_assert_int_eq(text[i], 0);
    assert_json(ew_doc_root(doc), "null");
    ew_doc_unref(doc);
}
END_TEST

static const struct {
    double number;
    const char *text;
} numbers[] = {
    {0, "0"},
    {-0.0, "0"},
    {1, "1"},
    {-7, "-7"},
    {0.5, "0.5"},
    {1.25, "1.25"},
    {-0.25, "-0.25"},
    {12.345678, "12.345678"},
    {0.1, "0.1"},
    {1e-9, "0"},
    {-1e-9, "0"},
    {0.9999999, "1"},
    {41.9999999, "42"},
    {1e15, "1000000000000000"},
    {1795435200000, "1795435200000"},
    {1e21, "1000000000000000000000"},
    {-9007199254740993.0, "-9007199254740992"},
    {3.0000004, "3"},
    {1234567.125, "1234567.125"},
};

START_TEST(numbers_are_written_the_same_everywhere)
{
    struct ew_doc *doc = ew_doc_new();
    assert_json(ew_json_number(doc, numbers[_i].number), numbers[_i].text);
    assert_json(ew_json_number(doc, 1.0 / 0.0), "null");
    ew_doc_unref(doc);
}
END_TEST

START_TEST(strings_are_written_safe)
{
    struct ew_doc *doc = ew_doc_new();
    assert_json(ew_json_string(doc, "a\"\\\n\t\r\x01\x7f"), "\"a\\\"\\\\\\n\\t\\r\\u0001\\u007f\"");
    assert_json(ew_json_string(doc, "\xe2\x80\xae"
                                    "x"),
                "\"\\u202ex\"");
    assert_json(ew_json_string(doc, "\xf3\xa0\x81\x81"), "\"\\udb40\\udc41\"");
    assert_json(ew_json_string(doc, "gr\xc3\xbc\xc3\x9f\x65"), "\"gr\xc3\xbc\xc3\x9f\x65\"");
    assert_json(ew_json_string(doc, "\xff\xc3"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    ew_doc_unref(doc);
}
END_TEST

START_TEST(indented_json)
{
    struct ew_doc *doc = doc_of("{\"a\":[1,{\"b\":2}],\"c\":{},\"d\":[]}");
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_json_write(&out, ew_doc_root(doc), 2);
    ck_assert_str_eq(out.data, "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n"
                               "  \"c\": {},\n  \"d\": []\n}");
    ew_buf_release(&out);
    ew_doc_unref(doc);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("json");
    TCase *tc = tcase_create("documents");
    suite_add_tcase(s, tc);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, json_is_read);
    tcase_add_test(tc, a_missing_node_is_read_as_not_there);
    tcase_add_test(tc, json_nodes_carry_their_lines);
    tcase_add_loop_test(tc, broken_json_is_refused, 0, (int)EW_COUNT(bad_json));
    tcase_add_test(tc, depth_is_bounded);
    tcase_add_test(tc, a_nul_in_a_text_does_not_cut_it);
    tcase_add_test(tc, texts_are_valid_utf8);
    tcase_add_test(tc, the_last_of_equal_names_counts);
    tcase_add_test(tc, a_huge_object_is_read_in_reasonable_time);
    tcase_add_test(tc, trees_are_compared_without_order_and_lines);
    tcase_add_test(tc, whole_numbers_that_fit);
    tcase_add_test(tc, trees_are_built);
    tcase_add_test(tc, lines_are_kept_apart_and_put_back);
    tcase_add_test(tc, documents_are_counted_and_wiped);
    tcase_add_loop_test(tc, numbers_are_written_the_same_everywhere, 0, (int)EW_COUNT(numbers));
    tcase_add_test(tc, strings_are_written_safe);
    tcase_add_test(tc, indented_json);
    return s;
}
