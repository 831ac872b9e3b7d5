#include "unit.h"

#include "edgewalk/base/err.h"
#include "edgewalk/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* ---- memory ---- */

START_TEST(memory_is_zeroed_and_copied)
{
    unsigned char *zero = ew_alloc(64);
    for (int i = 0; i < 64; i++)
        ck_assert_int_eq(zero[i], 0);
    free(zero);
    free(ew_alloc(0));
    char *copy = ew_strndup("abcdef", 3);
    ck_assert_str_eq(copy, "abc");
    free(copy);
    ck_assert_ptr_null(ew_strdup(NULL));
    char *text = ew_fmt("%s-%d", "x", 7);
    ck_assert_str_eq(text, "x-7");
    ew_wipe(text, strlen(text));
    ck_assert_int_eq(text[0] | text[1] | text[2], 0);
    free(text);
    ew_wipe(NULL, 10);
}
END_TEST

START_TEST(texts_of_which_either_may_be_null)
{
    ck_assert(ew_streq(NULL, NULL));
    ck_assert(!ew_streq("a", NULL));
    ck_assert(!ew_streq(NULL, "a"));
    ck_assert(ew_streq("a", "a"));
}
END_TEST

START_TEST(arena_pieces_are_zeroed_aligned_and_apart)
{
    struct ew_arena *arena = ew_arena_new();
    unsigned char *pieces[400];
    size_t sizes[] = {1, 7, 16, 300, 5000, 60000};
    for (size_t i = 0; i < EW_COUNT(pieces); i++) {
        size_t size = sizes[i % EW_COUNT(sizes)];
        pieces[i] = ew_arena_alloc(arena, size);
        ck_assert_uint_eq((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        size_t zeros = 0;
        while (zeros < size && pieces[i][zeros] == 0)
            zeros++;
        ck_assert_uint_eq(zeros, size);
        memset(pieces[i], (int)(i & 0xff), size);
    }
    for (size_t i = 0; i < EW_COUNT(pieces); i++)
        ck_assert_int_eq(pieces[i][sizes[i % EW_COUNT(sizes)] - 1], (int)(i & 0xff));
    ck_assert_uint_gt(ew_arena_size(arena), 60000);
    ck_assert_ptr_null(ew_arena_strdup(arena, NULL));
    char *text = ew_arena_fmt(arena, "%d", 42);
    ck_assert_str_eq(text, "42");
    ew_arena_wipe(arena);
    ck_assert_str_eq(text, "");
    ck_assert_int_eq(pieces[3][200], 0);
    ew_arena_free(arena);
    ew_arena_free(NULL);
}
END_TEST

START_TEST(failure_is_one_line_and_returns_its_code)
{
    struct ew_err err = {0};
    ck_assert_int_eq(ew_fail(&err, EW_EINPUT, "bad\n%s", "thing"), EW_EINPUT);
    ck_assert_int_eq(err.code, EW_EINPUT);
    ck_assert_str_eq(err.message, "bad thing");
    ew_fail(&err, EW_EUSAGE, "file x: %s", err.message); /* its own text as an argument */
    ck_assert_str_eq(err.message, "file x: bad thing");
    ck_assert_int_eq(ew_fail(NULL, EW_ELIMIT, "x"), EW_ELIMIT);
}
END_TEST

/* ---- buffers, lists, maps ---- */

START_TEST(buffer_grows_and_is_cut_at_its_ceiling)
{
    struct ew_buf buf;
    ew_buf_init(&buf, 10);
    ck_assert_str_eq(ew_buf_text(&buf), "");
    ew_buf_adds(&buf, "12345678");
    ck_assert(!buf.cut);
    ew_buf_adds(&buf, "90ab");
    ck_assert(buf.cut);
    ck_assert_str_eq(buf.data, "1234567890");
    ew_buf_clear(&buf);
    ck_assert(!buf.cut);
    ew_buf_addf(&buf, "%d", 5);
    char *text = ew_buf_take(&buf);
    ck_assert_str_eq(text, "5");
    free(text);
    ck_assert_uint_eq(buf.len, 0);
    text = ew_buf_take(&buf);
    ck_assert_str_eq(text, "");
    free(text);
    ew_buf_init(&buf, 0);
    for (int i = 0; i < 100000; i++)
        ew_buf_add(&buf, "ab", 2);
    ck_assert_uint_eq(buf.len, 200000);
    ck_assert_uint_eq(strlen(buf.data), 200000);
    ew_buf_release(&buf);
    ck_assert_ptr_null(buf.data);
}
END_TEST

START_TEST(map_replaces_and_keeps_the_order_of_insertion)
{
    struct ew_map *map = ew_map_new();
    static int values[5000];
    char key[16];
    for (int i = 0; i < 5000; i++) {
        snprintf(key, sizeof(key), "k%d", i);
        ew_map_set(map, key, &values[i]);
    }
    ew_map_set(map, "k7", &values[0]);
    ck_assert_uint_eq(ew_map_count(map), 5000);
    ck_assert_ptr_eq(ew_map_get(map, "k7"), &values[0]);
    ck_assert_ptr_eq(ew_map_get(map, "k4999"), &values[4999]);
    ck_assert_ptr_null(ew_map_get(map, "k5000"));
    ck_assert_str_eq(ew_map_key(map, 7), "k7");
    ck_assert_ptr_eq(ew_map_value(map, 8), &values[8]);
    ew_map_free(map);
    ew_map_free(NULL);
    struct ew_ptrs list = {0};
    for (int i = 0; i < 100; i++)
        ew_ptrs_add(&list, &values[i]);
    ck_assert_uint_eq(list.count, 100);
    ck_assert_ptr_eq(list.at[99], &values[99]);
    ew_ptrs_release(&list);
    ck_assert_uint_eq(list.count, 0);
}
END_TEST

START_TEST(hash_is_fnv_1a)
{
    ck_assert_uint_eq(ew_hash("", 0), 0xcbf29ce484222325u);
    ck_assert_uint_eq(ew_hash("a", 1), 0xaf63dc4c8601ec8cu);
    ck_assert_uint_eq(ew_hash("foobar", 6), 0x85944171f73967e8u);
}
END_TEST

/* ---- text ---- */

static const struct {
    const char *dirty, *clean;
} dirt[] = {
    {"plain", "plain"},
    {"\x1b[31mred", "\\x1b[31mred"},
    {"a\nb\tc\r", "a\\nb c\\x0d"},
    {"\x7f", "\\x7f"},
    {"\xc2\x85", "\\u0085"}, /* C1 */
    {"\xe2\x80\xae"
     "abc",
     "\\u202eabc"},                      /* bidi override */
    {"\xe2\x80\x8b", "\\u200b"},         /* zero width space */
    {"\xef\xbb\xbf", "\\ufeff"},         /* byte order mark */
    {"\xf3\xa0\x81\x81", "\\U000e0041"}, /* tag character */
    {"\xff\xc0\xaf", "\\xff\\xc0\\xaf"}, /* overlong */
    {"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* surrogate */
    {"gr\xc3\xbc\xc3\x9f\x65", "gr\xc3\xbc\xc3\x9f\x65"},
    {"\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac"},
};

START_TEST(text_is_cleaned)
{
    char *clean = ew_text_cleaned(dirt[_i].dirty);
    ck_assert_str_eq(clean, dirt[_i].clean);
    free(clean);
}
END_TEST

START_TEST(a_nul_byte_is_shown_too)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_text_clean(&out, "a\0b", 3, 0);
    ck_assert_str_eq(out.data, "a\\x00b");
    ew_buf_release(&out);
    char *empty = ew_text_cleaned(NULL);
    ck_assert_str_eq(empty, "");
    free(empty);
}
END_TEST

static const char *const words[][2] = {
    {"prod-eu", "prod-eu"},
    {"/home/me/.kube/config", "/home/me/.kube/config"},
    {"https://a.example/?x=1&y=2", "'https://a.example/?x=1&y=2'"},
    {"it's; rm -rf /", "'it'\\''s; rm -rf /'"},
    {"$(id)", "'$(id)'"},
    {"~root", "'~root'"},
    {"", "''"},
};

START_TEST(a_shell_takes_it_as_one_word)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_text_shell_word(&out, words[_i][0]);
    ck_assert_str_eq(ew_buf_text(&out), words[_i][1]);
    ew_buf_release(&out);
}
END_TEST

static void clean_to(size_t columns, const char *dirty, const char *expected)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_buf_adds(&out, "> ");
    ew_text_clean(&out, dirty, strlen(dirty), columns);
    ck_assert_str_eq(out.data + 2, expected);
    ck_assert_uint_le(ew_text_width(out.data + 2, out.len - 2), columns);
    ew_buf_release(&out);
}

START_TEST(cleaned_text_is_bounded_by_columns)
{
    clean_to(5, "12345", "12345");
    clean_to(5, "123456", "1234\xe2\x80\xa6");
    clean_to(1, "123456", "\xe2\x80\xa6");
    /* A wide character is not cut in two, an escape neither. */
    clean_to(4, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "\xe6\x97\xa5\xe2\x80\xa6");
    clean_to(5,
             "ab\x1b"
             "cd",
             "ab\xe2\x80\xa6");
    /* What combines with the last character that fits stays with it. */
    clean_to(2, "ae\xcc\x81", "ae\xcc\x81");
}
END_TEST

START_TEST(width_counts_terminal_columns)
{
    ck_assert_uint_eq(ew_text_width("abc", 3), 3);
    ck_assert_uint_eq(ew_text_width("\xe6\x97\xa5", 3), 2);
    ck_assert_uint_eq(ew_text_width("e\xcc\x81", 3), 1);
    ck_assert_uint_eq(ew_text_width("\xf0\x9f\x98\x80", 4), 2);
    ck_assert_uint_eq(ew_text_width("\xff\xfe", 2), 2);
    ck_assert_int_eq(ew_char_width(0x1160), 0);
    ck_assert_int_eq(ew_char_width(0x200d), 0);
    ck_assert(ew_char_hidden(0x202e));
    ck_assert(!ew_char_hidden(0x301));
    ck_assert(!ew_char_hidden('a'));
}
END_TEST

START_TEST(utf8_is_decoded_strictly)
{
    uint32_t codepoint = 0;
    ck_assert_uint_eq(ew_text_decode("", 0, &codepoint), 0);
    ck_assert_uint_eq(ew_text_decode("\xf4\x8f\xbf\xbf", 4, &codepoint), 4);
    ck_assert_uint_eq(codepoint, 0x10ffff);
    ck_assert_uint_eq(ew_text_decode("\xf4\x90\x80\x80", 4, &codepoint), 0);
    ck_assert_uint_eq(ew_text_decode("\xe2\x82", 2, &codepoint), 0);
    ck_assert_uint_eq(ew_text_decode("\xe0\x80\xaf", 3, &codepoint), 0);
    ck_assert_uint_eq(ew_text_decode("\x80", 1, &codepoint), 0);
    ck_assert_uint_eq(ew_text_decode("\xc3\xa9", 2, &codepoint), 2);
    ck_assert_uint_eq(codepoint, 0xe9);
}
END_TEST

START_TEST(affixes_case_and_distance)
{
    ck_assert(ew_text_prefix("edgewalk", "edge"));
    ck_assert(!ew_text_prefix("edge", "edgewalk"));
    ck_assert(!ew_text_prefix(NULL, "x"));
    ck_assert(ew_text_suffix("a.example.com", ".example.com"));
    ck_assert(!ew_text_suffix("m", ".com"));
    ck_assert(ew_text_ieq("Content-TYPE", "content-type"));
    ck_assert(!ew_text_ieq("abc", "ab"));
    ck_assert(!ew_text_ieq(NULL, "ab"));
    ck_assert(ew_text_ieq(NULL, NULL));
    char text[] = "AbC-\xc3\x84";
    ew_text_lower(text);
    ck_assert_str_eq(text, "abc-\xc3\x84");
    ck_assert_uint_eq(ew_text_distance("resolver", "resovler"), 2);
    ck_assert_uint_eq(ew_text_distance("", "abc"), 3);
    ck_assert_uint_eq(ew_text_distance("kitten", "sitting"), 3);
    char longer[200];
    memset(longer, 'x', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    ck_assert_uint_le(ew_text_distance(longer, "y"), 32);
}
END_TEST

START_TEST(numbers_are_whole_and_within_bounds)
{
    long out = -7;
    ck_assert(ew_text_number("443", 1, 65535, &out));
    ck_assert_int_eq(out, 443);
    ck_assert(ew_text_number("-3", -5, 5, &out));
    ck_assert_int_eq(out, -3);
    static const char *const bad[] = {
        "", "-", "+1", " 1", "1 ", "0x1", "1.0", "65536", "99999999999999999999999", "-1", "4a"};
    out = -7;
    for (size_t i = 0; i < EW_COUNT(bad); i++)
        ck_assert_msg(!ew_text_number(bad[i], 0, 65535, &out), "%s", bad[i]);
    ck_assert(!ew_text_number(NULL, 0, 1, &out));
    ck_assert_int_eq(out, -7); /* untouched */
    ck_assert(ew_text_number("-9223372036854775808", INT64_MIN, 0, &out));
    ck_assert(out == INT64_MIN);
    ck_assert(!ew_text_number("9223372036854775808", 0, INT64_MAX, &out));
    ck_assert(ew_text_number("9223372036854775807", 0, INT64_MAX, &out));
}
END_TEST

START_TEST(durations_are_those_of_go)
{
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {{"5", 5000},        {"1.5s", 1500}, {"300ms", 300}, {"2m", 120000},
                {"1h30m", 5400000}, {"0.3s", 300},  {"0", 0},       {".5s", 500},
                {"1m0.5s", 60500},  {"1500us", 1},  {"0.001", 1},   {"1m30s500ms", 90500}};
    static const char *const bad[] = {
        "", "s", "-1s", "1x", "1s ", " 1s", "5 s", "1..2s", "1h5", "1e3s", "99999999999999999999h",
        "."};
    int64_t ms = 0;
    for (size_t i = 0; i < EW_COUNT(good); i++) {
        ck_assert_msg(ew_text_duration(good[i].text, &ms), "%s", good[i].text);
        ck_assert_int_eq(ms, good[i].ms);
    }
    for (size_t i = 0; i < EW_COUNT(bad); i++)
        ck_assert_msg(!ew_text_duration(bad[i], &ms), "%s", bad[i]);
    ck_assert(!ew_text_duration(NULL, &ms));
}
END_TEST

/* ---- time ---- */

START_TEST(times_go_there_and_back)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {{"1970-01-01T00:00:00.000Z", 0},
                {"2026-11-23T12:00:00.000Z", 1795435200000},
                {"2000-02-29T23:59:59.999Z", 951868799999},
                {"1969-12-31T23:59:59.999Z", -1},
                {"0001-01-01T00:00:00.000Z", -62135596800000},
                {"9999-12-31T23:59:59.000Z", 253402300799000}};
    char text[32];
    int64_t ms;
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        ew_time_format(rows[i].ms, text);
        ck_assert_str_eq(text, rows[i].text);
        ck_assert(ew_time_parse(rows[i].text, &ms));
        ck_assert_int_eq(ms, rows[i].ms);
    }
    ew_time_format(INT64_MAX, text);
    ew_time_format(INT64_MIN, text);
    ck_assert_uint_lt(strlen(text), 32);
}
END_TEST

START_TEST(times_with_zones_and_fractions)
{
    int64_t ms, same;
    ck_assert(ew_time_parse("2026-11-23T12:00:00Z", &same));
    ck_assert(ew_time_parse("2026-11-23T13:30:00+01:30", &ms));
    ck_assert_int_eq(ms, same);
    ck_assert(ew_time_parse("2026-11-23T07:00:00.123456789-05:00", &ms));
    ck_assert_int_eq(ms, same + 123);
    static const char *const bad[] = {"",
                                      "2026-11-23",
                                      "2026-11-23T12:00:00",
                                      "2026-13-01T00:00:00Z",
                                      "2026-02-29T00:00:00Z",
                                      "2026-11-23T24:00:00Z",
                                      "2026-11-23T12:60:00Z",
                                      "2026-11-23T12:00:00.Z",
                                      "2026-11-23T12:00:00Zx",
                                      "2026-11-23T12:00:00+1:00",
                                      "26-11-23T12:00:00Z",
                                      "2026-00-10T00:00:00Z"};
    for (size_t i = 0; i < EW_COUNT(bad); i++)
        ck_assert_msg(!ew_time_parse(bad[i], &ms), "%s", bad[i]);
    ck_assert(!ew_time_parse(NULL, &ms));
}
END_TEST

START_TEST(spans_take_the_largest_fitting_unit)
{
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {{61 * 86400000LL, "61 days"},
                {86400000, "1 day"},
                {3 * 3600000, "3 h"},
                {120000, "2 min"},
                {14999, "14 s"},
                {-14000, "14 s"},
                {0, "0 s"},
                {250, "250 ms"}};
    char text[32];
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        ew_time_span(rows[i].ms, text);
        ck_assert_str_eq(text, rows[i].text);
    }
    ew_time_span(INT64_MIN, text);
    ck_assert_str_eq(text, "106751991167 days");
}
END_TEST

/* ---- addresses ---- */

START_TEST(addresses_have_a_family_and_a_canonical_text)
{
    static const struct {
        const char *text;
        int family;
        const char *canonical;
    } rows[] = {
        {"10.0.0.1", 4, "10.0.0.1"},
        {"255.255.255.255", 4, "255.255.255.255"},
        {"2001:DB8::1", 6, "2001:db8::1"},
        {"2001:db8:0:0:1:0:0:1", 6, "2001:db8::1:0:0:1"},
        {"2001:0db8:0:1:1:1:1:1", 6, "2001:db8:0:1:1:1:1:1"},
        {"::", 6, "::"},
        {"::1", 6, "::1"},
        {"1::", 6, "1::"},
        {"0:0:0:0:0:0:0:0", 6, "::"},
        {"::ffff:192.0.2.1", 6, "::ffff:192.0.2.1"},
        {"::ffff:c000:0201", 6, "::ffff:192.0.2.1"},
        {"64:ff9b::192.0.2.33", 6, "64:ff9b::c000:221"},
        {"1:2:3:4:5:6:1.2.3.4", 6, "1:2:3:4:5:6:102:304"},
        {"1:2:3:4:5:6:7::", 6, "1:2:3:4:5:6:7:0"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 6, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    };
    char out[46];
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        ck_assert_int_eq(ew_ip_family(rows[i].text), rows[i].family);
        ck_assert(ew_ip_canonical(rows[i].text, out));
        ck_assert_str_eq(out, rows[i].canonical);
    }
}
END_TEST

START_TEST(what_is_no_literal)
{
    static const char *const bad[] = {"",
                                      "example.com",
                                      "1.2.3",
                                      "1.2.3.4.5",
                                      "256.1.1.1",
                                      "01.2.3.4",
                                      "1.2.3.4 ",
                                      "1.2.3.",
                                      "0x1.2.3.4",
                                      ":",
                                      ":::",
                                      "1:2:3",
                                      "1::2::3",
                                      "::12345",
                                      "[::1]",
                                      "fe80::1%eth0",
                                      "::g",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1:2:3:4:5:6:7:8::",
                                      "::1:2:3:4:5:6:7:8",
                                      "::1.2.3",
                                      "::1.2.3.4:5",
                                      "1:2:3:4:5:6:7:1.2.3.4",
                                      ":1::2",
                                      "1:2:3:4:5:6:7:",
                                      ":1:2:3:4:5:6:7",
                                      "1.2.3.4::"};
    char out[46] = "same";
    for (size_t i = 0; i < EW_COUNT(bad); i++) {
        ck_assert_msg(ew_ip_family(bad[i]) == 0, "%s", bad[i]);
        ck_assert(!ew_ip_canonical(bad[i], out));
    }
    ck_assert_int_eq(ew_ip_family(NULL), 0);
    ck_assert_str_eq(out, "same");
}
END_TEST

START_TEST(addresses_of_bytes)
{
    static const unsigned char v6[16] = {0x20, 1, 0x0d, 0xb8, [15] = 0x1f};
    static const unsigned char mapped[16] = {[10] = 0xff, 0xff, 192, 0, 2, 1};
    char out[46];
    ck_assert(ew_ip_text((const unsigned char *)"\xc0\x00\x02\xff", 4, out));
    ck_assert_str_eq(out, "192.0.2.255");
    ck_assert(ew_ip_text(v6, 16, out));
    ck_assert_str_eq(out, "2001:db8::1f");
    ck_assert(ew_ip_text(mapped, 16, out));
    ck_assert_str_eq(out, "::ffff:192.0.2.1");
    ck_assert(!ew_ip_text(v6, 5, out));
    ck_assert(!ew_ip_text(v6, 0, out));
}
END_TEST

START_TEST(private_and_link_local_addresses)
{
    static const char *const private[] = {
        "10.255.0.1", "172.16.0.1",  "172.31.255.255", "192.168.1.1", "100.64.0.1",
        "127.0.0.1",  "169.254.1.1", "fd00::1",        "fc00::1",     "::1",
        "fe80::1",    "febf::1",     "::ffff:10.0.0.1"};
    static const char *const public[] = {"8.8.8.8",        "172.32.0.1",  "172.15.255.255",
                                         "100.128.0.1",    "2001:db8::1", "fec0::1",
                                         "::ffff:8.8.8.8", "nonsense"};
    for (size_t i = 0; i < EW_COUNT(private); i++)
        ck_assert_msg(ew_ip_is_private(private[i]), "%s", private[i]);
    for (size_t i = 0; i < EW_COUNT(public); i++)
        ck_assert_msg(!ew_ip_is_private(public[i]), "%s", public[i]);
    ck_assert(ew_ip_is_link_local("169.254.169.254"));
    ck_assert(ew_ip_is_link_local("::ffff:169.254.169.254"));
    ck_assert(ew_ip_is_link_local("::ffff:a9fe:a9fe"));
    ck_assert(ew_ip_is_link_local("fe80::1"));
    ck_assert(!ew_ip_is_link_local("fec0::1"));
    ck_assert(!ew_ip_is_link_local("169.253.1.1"));
    ck_assert(!ew_ip_is_link_local(NULL));
    char *text = ew_ip_with_port("::1", 443);
    ck_assert_str_eq(text, "[::1]:443");
    free(text);
    text = ew_ip_with_port("10.0.0.1", 53);
    ck_assert_str_eq(text, "10.0.0.1:53");
    free(text);
}
END_TEST

/* ---- base64 ---- */

START_TEST(base64_of_rfc_4648)
{
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        size_t len = 99;
        char *text = ew_base64_encode((const unsigned char *)rows[i][0], strlen(rows[i][0]));
        ck_assert_str_eq(text, rows[i][1]);
        unsigned char *bytes = ew_base64_decode(text, strlen(text), &len);
        ck_assert_uint_eq(len, strlen(rows[i][0]));
        ck_assert_str_eq((char *)bytes, rows[i][0]);
        free(bytes);
        free(text);
    }
}
END_TEST

START_TEST(base64_takes_white_space_and_nothing_else)
{
    size_t len;
    unsigned char *bytes = ew_base64_decode(" Zm9v\nYmFy\r\n\t", 13, &len);
    ck_assert_str_eq((char *)bytes, "foobar");
    free(bytes);
    static const char *const bad[] = {"Z",     "Zg",   "Zg=",      "Zg===",  "=",
                                      "Zm9v=", "Z*==", "Zg==Zg==", "Zm9v-_", "Zm8=="};
    for (size_t i = 0; i < EW_COUNT(bad); i++)
        ck_assert_msg(!ew_base64_decode(bad[i], strlen(bad[i]), &len), "%s", bad[i]);
    ck_assert_ptr_null(ew_base64_decode("Zm\0v", 4, &len));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("base");
    TCase *tc = tcase_create("base");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, memory_is_zeroed_and_copied);
    tcase_add_test(tc, texts_of_which_either_may_be_null);
    tcase_add_test(tc, arena_pieces_are_zeroed_aligned_and_apart);
    tcase_add_test(tc, failure_is_one_line_and_returns_its_code);
    tcase_add_test(tc, buffer_grows_and_is_cut_at_its_ceiling);
    tcase_add_test(tc, map_replaces_and_keeps_the_order_of_insertion);
    tcase_add_test(tc, hash_is_fnv_1a);
    tcase_add_loop_test(tc, text_is_cleaned, 0, (int)EW_COUNT(dirt));
    tcase_add_loop_test(tc, a_shell_takes_it_as_one_word, 0, (int)EW_COUNT(words));
    tcase_add_test(tc, a_nul_byte_is_shown_too);
    tcase_add_test(tc, cleaned_text_is_bounded_by_columns);
    tcase_add_test(tc, width_counts_terminal_columns);
    tcase_add_test(tc, utf8_is_decoded_strictly);
    tcase_add_test(tc, affixes_case_and_distance);
    tcase_add_test(tc, numbers_are_whole_and_within_bounds);
    tcase_add_test(tc, durations_are_those_of_go);
    tcase_add_test(tc, times_go_there_and_back);
    tcase_add_test(tc, times_with_zones_and_fractions);
    tcase_add_test(tc, spans_take_the_largest_fitting_unit);
    tcase_add_test(tc, addresses_have_a_family_and_a_canonical_text);
    tcase_add_test(tc, what_is_no_literal);
    tcase_add_test(tc, addresses_of_bytes);
    tcase_add_test(tc, private_and_link_local_addresses);
    tcase_add_test(tc, base64_of_rfc_4648);
    tcase_add_test(tc, base64_takes_white_space_and_nothing_else);
    return s;
}
