/* TCP connections that are taken and not. */
#include "config.h"

#include "edgewalk/fact/keys.h"

#include "fetch.h"
#include "peer.h"
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static struct ew_fact *connect_to(const char *address, int port)
{
    struct ew_probe_config config = {.connect_timeout_ms = 200};
    char *key = ew_key_tcp(address, port);
    struct ew_want want = {.kind = EW_WANT_TCP, .key = key, .address = address, .port = port};
    struct ew_fact *fact = fetch(&config, &want);
    free(key);
    return fact;
}

static void nothing(int fd, void *ctx)
{
    (void)fd;
    (void)ctx;
}

START_TEST(open_port)
{
    struct peer *peer = peer_start(nothing, NULL);
    struct ew_fact *fact = connect_to("127.0.0.1", peer_port(peer));
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_str_eq(fact_text(fact, "outcome"), "open");
    ck_assert_str_eq(fact_text(fact, "address"), "127.0.0.1");
    ck_assert_int_eq(fact_int(fact, "port"), peer_port(peer));
    ck_assert_ptr_null(ew_json_get(ew_fact_value(fact), "errno"));
    ew_fact_unref(fact);
    peer_stop(peer);
}
END_TEST

START_TEST(closed_port)
{
    struct ew_fact *fact = connect_to("127.0.0.1", peer_closed_port());
    ck_assert_str_eq(fact_text(fact, "outcome"), "refused");
    ck_assert_int_eq(fact_int(fact, "errno"), ECONNREFUSED);
    ew_fact_unref(fact);
}
END_TEST

START_TEST(black_hole)
{
    int keep[3], port = peer_black_hole(keep);
    struct ew_fact *fact = connect_to("127.0.0.1", port);
    ck_assert_str_eq(fact_text(fact, "outcome"), "timeout");
    ck_assert(fact->elapsed_ms >= 195 && fact->elapsed_ms < 1000);
    ew_fact_unref(fact);
    for (int i = 0; i < 3; i++)
        close(keep[i]);
}
END_TEST

/* Where this host has no path to the IPv6 Internet, an address there is not held against anybody;
 * where it has one, a documentation address gets no answer. */
START_TEST(address_without_a_path_is_unknown)
{
    bool ipv4, ipv6;
    ew_vantage_paths(&ipv4, &ipv6);
    struct ew_fact *fact = connect_to("2001:db8::1", 443);
    if (ipv6) {
        ck_assert_int_eq(fact->state, EW_KNOWN);
        ck_assert_str_ne(fact_text(fact, "outcome"), "open");
    } else {
        ck_assert_int_eq(fact->state, EW_UNKNOWN);
        ck_assert_str_eq(fact->reason, "no-path");
    }
    ew_fact_unref(fact);
}
END_TEST

START_TEST(cancel_in_any_phase)
{
    static const double after_ms[] = {-1, 0, 1, 20};
    int keep[3], port = peer_black_hole(keep);
    struct ew_probe_config config = {.connect_timeout_ms = 200};
    struct ew_want want = {.kind = EW_WANT_TCP, .key = "k", .address = "127.0.0.1", .port = port};
    fetch_cancelled(&config, &want, after_ms[_i]);
    for (int i = 0; i < 3; i++)
        close(keep[i]);
}
END_TEST

struct many {
    struct ew_loop *loop;
    struct ew_prober *prober;
    int count;
};

static void arrived(void *ctx, struct ew_fact *fact)
{
    struct many *many = ctx;
    many->count++;
    ew_fact_unref(fact);
    ew_prober_free(many->prober); /* with all others under way */
    many->prober = NULL;
    ew_loop_stop(many->loop);
}

START_TEST(fact_may_free_the_prober)
{
    struct many many = {.loop = ew_loop_new()};
    ck_assert_int_eq(ew_prober_new(many.loop, &(struct ew_probe_config){0}, &many.prober, NULL), 0);
    struct ew_want want = {
        .kind = EW_WANT_TCP, .key = "k", .address = "127.0.0.1", .port = peer_closed_port()};
    for (int i = 0; i < 20; i++)
        ew_prober_fetch(many.prober, &want, arrived, &many);
    ew_loop_run(many.loop);
    ck_assert_int_eq(many.count, 1);
    ew_loop_free(many.loop);
}
END_TEST

START_TEST(probes_are_counted)
{
    struct ew_loop *loop = ew_loop_new();
    struct ew_prober *prober = NULL;
    ck_assert_int_eq(ew_prober_new(loop, &(struct ew_probe_config){0}, &prober, NULL), 0);
    struct ew_want want = {
        .kind = EW_WANT_TCP, .key = "k", .address = "127.0.0.1", .port = peer_closed_port()};
    ew_fact_unref(fetch_with(loop, prober, &want));
    ew_fact_unref(fetch_with(loop, prober, &want));
    ck_assert_uint_eq(ew_prober_count(prober), 2);
    ew_prober_free(prober);
    ew_loop_free(loop);
}
END_TEST

START_TEST(unreadable_ca_file_fails_at_once)
{
    struct ew_loop *loop = ew_loop_new();
    struct ew_prober *prober = NULL;
    struct ew_err err = {0};
    struct ew_probe_config config = {.ca_file = "/nonexistent/ca.pem"};
    ck_assert_int_eq(ew_prober_new(loop, &config, &prober, &err), EW_EUSAGE);
    ck_assert_ptr_null(prober);
    ck_assert_ptr_nonnull(strstr(err.message, "/nonexistent/ca.pem"));
    ew_loop_free(loop);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("probe tcp");
    TCase *t = tcase_create("tcp");
    tcase_set_timeout(t, 20);
    tcase_add_test(t, open_port);
    tcase_add_test(t, closed_port);
    tcase_add_test(t, black_hole);
    tcase_add_test(t, address_without_a_path_is_unknown);
    tcase_add_loop_test(t, cancel_in_any_phase, 0, 4);
    tcase_add_test(t, fact_may_free_the_prober);
    tcase_add_test(t, probes_are_counted);
    tcase_add_test(t, unreadable_ca_file_fails_at_once);
    suite_add_tcase(s, t);
    return s;
}
