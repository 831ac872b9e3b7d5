#include "unit.h"

#include "edgewalk/base/mem.h"
#include "edgewalk/base/url.h"

#include <string.h>

static const struct {
    const char *text, *scheme, *host, *path, *query;
    int port, family;
    const char *back, *authority;
} urls[] = {
    {"https://Orders.Example.COM./a?b=c", "https", "orders.example.com", "/a", "b=c", 443, 0,
     "https://orders.example.com/a?b=c", "orders.example.com"},
    {"http://h", "http", "h", "/", "", 80, 0, "http://h/", "h"},
    {"HTTP://h:8080?x", "http", "h", "/", "x", 8080, 0, "http://h:8080/?x", "h:8080"},
    {"https://h:443/%7e/#frag", "https", "h", "/%7e/", "", 443, 0, "https://h/%7e/", "h"},
    {"https://[2001:DB8:0::1]:8443/", "https", "2001:db8::1", "/", "", 8443, 6,
     "https://[2001:db8::1]:8443/", "[2001:db8::1]:8443"},
    {"http://10.0.0.1:/x", "http", "10.0.0.1", "/x", "", 80, 4, "http://10.0.0.1/x", "10.0.0.1"},
    {"https://_dmarc.h/", "https", "_dmarc.h", "/", "", 443, 0, "https://_dmarc.h/", "_dmarc.h"},
};

START_TEST(urls_are_taken_apart_and_put_together)
{
    struct ew_url url;
    struct ew_err err = {0};
    ck_assert_msg(ew_url_parse(urls[_i].text, &url, &err) == EW_OK, "%s", err.message);
    ck_assert_str_eq(url.scheme, urls[_i].scheme);
    ck_assert_str_eq(url.host, urls[_i].host);
    ck_assert_str_eq(url.path, urls[_i].path);
    ck_assert_str_eq(url.query, urls[_i].query);
    ck_assert_int_eq(url.port, urls[_i].port);
    ck_assert_int_eq(url.family, urls[_i].family);
    char *text = ew_url_text(&url), *authority = ew_url_authority(&url);
    ck_assert_str_eq(text, urls[_i].back);
    ck_assert_str_eq(authority, urls[_i].authority);
    free(text);
    free(authority);
    ew_url_release(&url);
}
END_TEST

static const char *const bad_urls[] = {
    "",
    "h",
    "ftp://h/",
    "https://",
    "https:///x",
    "https://user@h/",
    "https://h:0/",
    "https://h:65536/",
    "https://h:x/",
    "https://::1/",
    "https://[::1/",
    "https://[::1]x/",
    "https://[10.0.0.1]/",
    "https://h/a b",
    "https://h/\x1b",
    "https://a..b/",
    "https://.a/",
    "https://a*b/",
    "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.h/",
};

START_TEST(what_is_no_such_url_is_refused)
{
    struct ew_url url = {.port = -7};
    struct ew_err err = {0};
    ck_assert_int_eq(ew_url_parse(bad_urls[_i], &url, &err), EW_EINPUT);
    ck_assert_uint_gt(strlen(err.message), 0);
    ck_assert_int_eq(url.port, -7);
}
END_TEST

START_TEST(host_headers_are_hosts)
{
    static const char *const cases[][2] = {{"a.example", "a.example"},
                                           {" A.Example:8080", "a.example"},
                                           {"[2001:DB8::1]:443", "2001:db8::1"},
                                           {"192.0.2.1:80", "192.0.2.1"},
                                           {"[broken", "[broken"},
                                           {"", ""}};
    char *host = ew_host_header(cases[_i][0]);
    ck_assert_str_eq(host, cases[_i][1]);
    free(host);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("url");
    TCase *tc = tcase_create("url");
    tcase_add_loop_test(tc, host_headers_are_hosts, 0, 6);
    suite_add_tcase(s, tc);
    tcase_add_loop_test(tc, urls_are_taken_apart_and_put_together, 0, (int)EW_COUNT(urls));
    tcase_add_loop_test(tc, what_is_no_such_url_is_refused, 0, (int)EW_COUNT(bad_urls));
    return s;
}
