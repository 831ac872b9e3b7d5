#include "unit.h"

#include "edgewalk/base/err.h"
#include "edgewalk/walk.h"

#include <string.h>

static const struct {
    const char *text, *url, *host;
    int port;
    bool literal;
} good[] = {
    {"orders.example.com", "https://orders.example.com/", "orders.example.com", 443, false},
    {"Orders.Example.COM.", "https://orders.example.com/", "orders.example.com", 443, false},
    {"orders.example.com:8443/a?b=c#d", "https://orders.example.com:8443/a?b=c",
     "orders.example.com", 8443, false},
    {"http://orders.example.com", "http://orders.example.com/", "orders.example.com", 80, false},
    {"HTTPS://x.example:443/%2e", "https://x.example/%2e", "x.example", 443, false},
    {"http://x.example?q", "http://x.example/?q", "x.example", 80, false},
    {"192.0.2.7", "https://192.0.2.7/", "192.0.2.7", 443, true},
    {"[2001:DB8::1]:8443", "https://[2001:db8::1]:8443/", "2001:db8::1", 8443, true},
    {"::1", "https://[::1]/", "::1", 443, true},
    {"b\xc3\xbc"
     "cher.example",
     "https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443, false},
};

START_TEST(takes_targets)
{
    struct ew_target target;
    struct ew_err err = {0};
    ck_assert_msg(ew_target_parse(good[_i].text, &target, &err) == EW_OK, "%s: %s", good[_i].text,
                  err.message);
    ck_assert_str_eq(target.url, good[_i].url);
    ck_assert_str_eq(target.host, good[_i].host);
    ck_assert_int_eq(target.port, good[_i].port);
    ck_assert_int_eq(target.literal, good[_i].literal);
    ew_target_release(&target);
}
END_TEST

static const char *const bad[] = {
    "",
    "ftp://x.example/",
    "https://",
    "https://a..b/",
    "https://x.example:0/",
    "https://x.example:99999/",
    "https://x.example:8o/",
    "https://user:secret@x.example/",
    "https://x example/",
    "https://[::1/",
    "https://[1.2.3.4]/",
    "https://1:2:3/",
    "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",
    "https://x.example/\x1b[2J",
};

START_TEST(refuses_with_a_reason)
{
    struct ew_target target;
    struct ew_err err = {0};
    ck_assert_int_eq(ew_target_parse(bad[_i], &target, &err), EW_EUSAGE);
    ck_assert_uint_gt(strlen(err.message), 10);
    ck_assert_ptr_null(strstr(err.message, "secret@x.example/\" is"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("target");
    TCase *c = tcase_create("target");
    tcase_add_loop_test(c, takes_targets, 0, (int)EW_COUNT(good));
    tcase_add_loop_test(c, refuses_with_a_reason, 0, (int)EW_COUNT(bad));
    suite_add_tcase(s, c);
    return s;
}
