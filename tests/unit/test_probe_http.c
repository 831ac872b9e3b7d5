/* HTTP probes: what becomes a fact, and what of the user's is sent to whom. */
#include "config.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include "fetch.h"
#include "tls_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const user_headers[] = {"X-Team: orders", "Authorization: Bearer secret", NULL};

static struct ew_want want_for(const char *what, const char *url, int port)
{
    return (struct ew_want){.kind = EW_WANT_HTTP,
                            .key = "k",
                            .address = "127.0.0.1",
                            .port = port,
                            .what = what,
                            .url = url,
                            .method = "GET"};
}

static char *url_at(const char *scheme, const char *host, int port)
{
    return ew_fmt("%s://%s:%d/health", scheme, host, port);
}

/* ---- plain HTTP ---- */

struct server {
    const char *answer;
    char heard[8192];
};

static void serve(int fd, void *ctx)
{
    struct server *server = ctx;
    peer_read_head(fd, server->heard, sizeof(server->heard));
    peer_write(fd, server->answer);
}

static struct ew_fact *ask(struct server *server, const char *what, struct ew_probe_config config)
{
    struct peer *peer = peer_start(serve, server);
    char *url = url_at("http", "orders.example", peer_port(peer));
    struct ew_want want = want_for(what, url, peer_port(peer));
    struct ew_fact *fact = fetch(&config, &want);
    peer_stop(peer);
    free(url);
    return fact;
}

START_TEST(answer_is_a_fact)
{
    struct server server = {
        .answer = "HTTP/1.1 503 Service Unavailable\r\nServer: envoy\r\nX-A: 1\r\nX-A: 2\r\n"
                  "Content-Length: 19\r\n\r\nno healthy upstream"};
    struct ew_fact *fact = ask(&server, "main", (struct ew_probe_config){0});
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_str_eq(fact_text(fact, "outcome"), "answer");
    ck_assert_str_eq(fact_text(fact, "what"), "main");
    ck_assert_str_eq(fact_text(fact, "method"), "GET");
    ck_assert_ptr_nonnull(strstr(fact_text(fact, "url"), "/health"));
    ck_assert_int_eq(fact_int(fact, "status"), 503);
    ck_assert_str_eq(fact_text(fact, "version"), "1.1");
    ck_assert_uint_eq(ew_json_count(ew_json_get(ew_fact_value(fact), "headers")), 4);
    ck_assert_str_eq(fact_text(fact, "headers[0][0]"), "Server");
    ck_assert_str_eq(fact_text(fact, "headers[2][1]"), "2");
    ck_assert_str_eq(fact_text(fact, "body"), "no healthy upstream");
    ck_assert_int_eq(fact_int(fact, "body_bytes"), 19);
    ck_assert(!fact_true(fact, "body_cut"));
    ck_assert_uint_eq(strlen(fact_text(fact, "body_hash")), 16);
    ck_assert_ptr_null(ew_json_get(ew_fact_value(fact), "error"));
    ck_assert_ptr_null(ew_json_get(ew_fact_value(fact), "location"));
    const struct ew_json *times = ew_json_get(ew_fact_value(fact), "times");
    ck_assert(ew_json_num(ew_json_get(times, "connect_ms"), 0) > 0);
    ck_assert(ew_json_num(ew_json_get(times, "first_byte_ms"), 0) > 0);
    ck_assert(ew_json_num(ew_json_get(times, "total_ms"), 0) > 0);
    ew_fact_unref(fact);
}
END_TEST

static const struct {
    const char *header, *location; /* %d: the port */
} redirects[] = {
    {"https://other.example/x", "https://other.example/x"},
    {"/login?a=b", "http://orders.example:%d/login?a=b"},
    {"login", "http://orders.example:%d/login"},
    {"//cdn.example/y", "http://cdn.example/y"},
    {"http://169.254.169.254/latest", "http://169.254.169.254/latest"},
};

START_TEST(redirect_is_told_and_not_followed)
{
    char *answer = ew_fmt("HTTP/1.1 301 Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
                          redirects[_i].header);
    struct server server = {.answer = answer};
    struct peer *peer = peer_start(serve, &server);
    char *url = url_at("http", "orders.example", peer_port(peer));
    struct ew_want want = want_for("main", url, peer_port(peer));
    struct ew_fact *fact = fetch(NULL, &want);
    char *port = ew_fmt("%d", peer_port(peer)), *mark = strstr(redirects[_i].location, "%d");
    char *expected = mark ? ew_fmt("%.*s%s%s", (int)(mark - redirects[_i].location),
                                   redirects[_i].location, port, mark + 2)
                          : ew_strdup(redirects[_i].location);
    ck_assert_int_eq(fact_int(fact, "status"), 301);
    ck_assert_str_eq(fact_text(fact, "location"), expected);
    ck_assert_int_eq(peer_served(peer), 1);
    ew_fact_unref(fact);
    peer_stop(peer);
    free(expected);
    free(port);
    free(url);
    free(answer);
}
END_TEST

static void endless(int fd, void *ctx)
{
    char head[4096], block[1001];
    (void)ctx;
    peer_read_head(fd, head, sizeof(head));
    peer_write(fd, "HTTP/1.1 200 OK\r\n\r\n");
    memset(block, 'x', 1000);
    block[1000] = '\0';
    for (int i = 0; i < 500; i++)
        peer_write(fd, block);
}

START_TEST(long_body_is_bounded)
{
    struct peer *peer = peer_start(endless, NULL);
    char *url = url_at("http", "orders.example", peer_port(peer));
    struct ew_want want = want_for("main", url, peer_port(peer));
    struct ew_fact *fact = fetch(NULL, &want);
    ck_assert_str_eq(fact_text(fact, "outcome"), "answer");
    ck_assert_uint_eq(strlen(fact_text(fact, "body")), 4096);
    ck_assert_int_eq(fact_int(fact, "body_bytes"), 65536);
    ck_assert(fact_true(fact, "body_cut"));
    ck_assert_ptr_null(ew_json_get(ew_fact_value(fact), "error"));
    ew_fact_unref(fact);
    peer_stop(peer);
    free(url);
}
END_TEST

START_TEST(broken_off_body_is_still_an_answer)
{
    struct server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello"};
    struct ew_fact *fact = ask(&server, "main", (struct ew_probe_config){0});
    ck_assert_str_eq(fact_text(fact, "outcome"), "answer");
    ck_assert_int_eq(fact_int(fact, "status"), 200);
    ck_assert_str_eq(fact_text(fact, "body"), "hello");
    ck_assert(fact_true(fact, "body_cut"));
    ck_assert_str_ne(fact_text(fact, "error"), "");
    ew_fact_unref(fact);
}
END_TEST

static void slam(int fd, void *ctx)
{
    char head[4096];
    (void)ctx;
    peer_read_head(fd, head, sizeof(head));
    peer_reset(fd);
}

static void silent(int fd, void *ctx)
{
    (void)ctx;
    peer_wait_closed(fd);
}

static void half_a_head(int fd, void *ctx)
{
    char head[4096];
    (void)ctx;
    peer_read_head(fd, head, sizeof(head));
    peer_write(fd, "HTTP/1.1 200 OK\r\nX-Slow: ");
    peer_wait_closed(fd);
}

static void hang_up(int fd, void *ctx)
{
    char head[4096];
    (void)ctx;
    peer_read_head(fd, head, sizeof(head));
}

static void ssh(int fd, void *ctx)
{
    (void)ctx;
    peer_write(fd, "SSH-2.0-OpenSSH_9.2\r\n");
}

static const struct {
    peer_fn *serve;
    const char *outcome;
    int status; /* -1: none */
} failures[] = {
    {slam, "reset", -1}, {silent, "timeout", -1},      {hang_up, "empty", -1},
    {ssh, "error", -1},  {half_a_head, "timeout", -1},
};

START_TEST(failures_are_told_apart)
{
    struct peer *peer = peer_start(failures[_i].serve, NULL);
    char *url = url_at("http", "orders.example", peer_port(peer));
    struct ew_want want = want_for("main", url, peer_port(peer));
    struct ew_fact *fact = fetch(&(struct ew_probe_config){.http_timeout_ms = 200}, &want);
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_str_eq(fact_text(fact, "outcome"), failures[_i].outcome);
    ck_assert_int_eq(fact_int(fact, "status"), failures[_i].status);
    ck_assert_str_ne(fact_text(fact, "error"), "");
    ew_fact_unref(fact);
    peer_stop(peer);
    free(url);
}
END_TEST

START_TEST(refused_is_told)
{
    struct ew_want want = want_for("main", "http://orders.example/", peer_closed_port());
    char *url = url_at("http", "orders.example", want.port);
    want.url = url;
    struct ew_fact *fact = fetch(NULL, &want);
    ck_assert_str_eq(fact_text(fact, "outcome"), "refused");
    ew_fact_unref(fact);
    free(url);
}
END_TEST

START_TEST(ipv6_by_name_and_by_literal)
{
    static const char *const hosts[] = {"orders.example", "[::1]"};
    struct server server = {.answer = "HTTP/1.1 204 No Content\r\n\r\n"};
    struct peer *peer = peer_v6_start(serve, &server);
    if (!peer)
        return;
    char *url = url_at("http", hosts[_i], peer_port(peer));
    struct ew_want want = want_for("main", url, peer_port(peer));
    want.address = "::1";
    struct ew_fact *fact = fetch(NULL, &want);
    ck_assert_int_eq(fact_int(fact, "status"), 204);
    ck_assert_ptr_nonnull(strstr(server.heard, hosts[_i]));
    ew_fact_unref(fact);
    peer_stop(peer);
    free(url);
}
END_TEST

/* ---- whose headers go where ---- */

struct round {
    const char *what,
        *host;         /* host: of the second request; the first is "main" on orders.example */
    bool team, secret; /* what is expected to be sent */
} rounds[] = {
    {"main", "orders.example", true, true},          {"sample-1", "orders.example", true, true},
    {"path-control", "orders.example", true, false}, {"host-control", "x1b2.example", false, false},
    {"hop-1", "orders.example", true, true},         {"hop-1", "elsewhere.example", false, false},
};

START_TEST(headers_go_to_their_own_host_only)
{
    const struct round *round = &rounds[_i];
    struct server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    struct peer *peer = peer_start(serve, &server);
    struct ew_loop *loop = ew_loop_new();
    struct ew_prober *prober = NULL;
    struct ew_probe_config config = {.headers = user_headers};
    ck_assert_int_eq(ew_prober_new(loop, &config, &prober, NULL), 0);
    char *main_url = url_at("http", "orders.example", peer_port(peer));
    char *url = url_at("http", round->host, peer_port(peer));
    struct ew_want first = want_for("main", main_url, peer_port(peer));
    struct ew_want second = want_for(round->what, url, peer_port(peer));
    ew_fact_unref(fetch_with(loop, prober, &first));
    ew_fact_unref(fetch_with(loop, prober, &second));
    ck_assert_ptr_nonnull(strstr(server.heard, round->host));
    ck_assert(!!strstr(server.heard, "X-Team") == round->team);
    ck_assert(!!strstr(server.heard, "secret") == round->secret);
    ew_prober_free(prober);
    ew_loop_free(loop);
    peer_stop(peer);
    free(main_url);
    free(url);
}
END_TEST

START_TEST(method_goes_with_main_only)
{
    static const char *const whats[] = {"main", "path-control", "host-control", "sample-1",
                                        "hop-1"};
    struct server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    struct peer *peer = peer_start(serve, &server);
    char *url = url_at("http", "orders.example", peer_port(peer));
    struct ew_want want = want_for(whats[_i], url, peer_port(peer));
    want.method = "DELETE";
    struct ew_fact *fact = fetch(NULL, &want);
    ck_assert_str_eq(fact_text(fact, "method"), _i ? "GET" : "DELETE");
    ck_assert(strstr(server.heard, _i ? "GET /" : "DELETE /") == server.heard);
    ew_fact_unref(fact);
    peer_stop(peer);
    free(url);
}
END_TEST

START_TEST(link_local_redirect_is_never_followed)
{
    struct ew_want want = want_for("hop-1", "http://169.254.169.254/latest", 80);
    want.address = "169.254.169.254";
    struct ew_fact *fact = fetch(NULL, &want);
    ck_assert_int_eq(fact->state, EW_UNKNOWN);
    ck_assert_str_eq(fact->reason, "link-local");
    ew_fact_unref(fact);
}
END_TEST

START_TEST(budget_of_an_address_is_kept)
{
    struct server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
    struct peer *peer = peer_start(serve, &server);
    struct ew_loop *loop = ew_loop_new();
    struct ew_prober *prober = NULL;
    ck_assert_int_eq(ew_prober_new(loop, &(struct ew_probe_config){.budget = 2}, &prober, NULL), 0);
    char *url = url_at("http", "orders.example", peer_port(peer));
    struct ew_want want = want_for("main", url, peer_port(peer));
    for (int i = 0; i < 3; i++) {
        struct ew_fact *fact = fetch_with(loop, prober, &want);
        ck_assert_int_eq(fact->state, i < 2 ? EW_KNOWN : EW_UNKNOWN);
        if (i == 2)
            ck_assert_str_eq(fact->reason, "budget");
        ew_fact_unref(fact);
    }
    ck_assert_int_eq(peer_served(peer), 2);
    ew_prober_free(prober);
    ew_loop_free(loop);
    peer_stop(peer);
    free(url);
}
END_TEST

/* ---- HTTPS ---- */

static const char ok_answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct https {
    struct mint_chain *chain;
    struct tls_peer *peer;
    char *url;
};

static struct https https_start(const char *alpn)
{
    struct https https = {.chain = mint_chain(NULL)};
    struct tls_peer_spec spec = {.certs = {https.chain->leaf, https.chain->mid},
                                 .key = https.chain->leaf_key,
                                 .answer = ok_answer,
                                 .alpn = alpn,
                                 .http2 = alpn && !strcmp(alpn, "h2")};
    https.peer = tls_peer_start(&spec);
    https.url = url_at("https", "good.example", tls_peer_port(https.peer));
    return https;
}

static void https_stop(struct https *https)
{
    tls_peer_stop(https->peer);
    mint_chain_free(https->chain);
    free(https->url);
}

START_TEST(bad_certificate_does_not_stop_a_look)
{
    struct https https = https_start(NULL);
    struct ew_want want = want_for("main", https.url, tls_peer_port(https.peer));
    struct ew_fact *fact = fetch(NULL, &want);
    ck_assert_str_eq(fact_text(fact, "outcome"), "answer");
    ck_assert_int_eq(fact_int(fact, "status"), 200);
    ck_assert(!fact_true(fact, "withheld"));
    ck_assert_str_eq(tls_peer_sni(https.peer), "good.example");
    ck_assert(ew_json_num(ew_json_at(ew_fact_value(fact), "times.tls_ms"), 0) > 0);
    ew_fact_unref(fact);
    https_stop(&https);
}
END_TEST

START_TEST(headers_are_withheld_from_a_peer_that_does_not_verify)
{
    struct https https = https_start(NULL);
    struct ew_want want = want_for("main", https.url, tls_peer_port(https.peer));
    struct ew_fact *fact = fetch(&(struct ew_probe_config){.headers = user_headers}, &want);
    ck_assert_str_eq(fact_text(fact, "outcome"), "answer");
    ck_assert(fact_true(fact, "withheld"));
    ck_assert_ptr_null(strstr(tls_peer_heard(https.peer), "secret"));
    ck_assert_ptr_null(strstr(tls_peer_heard(https.peer), "X-Team"));
    ck_assert_int_eq(tls_peer_served(https.peer), 2);
    ew_fact_unref(fact);
    https_stop(&https);
}
END_TEST

START_TEST(insecure_sends_them_all_the_same)
{
    struct https https = https_start(NULL);
    struct ew_want want = want_for("main", https.url, tls_peer_port(https.peer));
    struct ew_probe_config config = {.headers = user_headers, .insecure = true};
    struct ew_fact *fact = fetch(&config, &want);
    ck_assert_str_eq(fact_text(fact, "outcome"), "answer");
    ck_assert_ptr_nonnull(strstr(tls_peer_heard(https.peer), "Authorization: Bearer secret"));
    ew_fact_unref(fact);
    https_stop(&https);
}
END_TEST

START_TEST(verified_peer_gets_them)
{
    struct https https = https_start(NULL);
    char path[] = "/tmp/edgewalk-test-XXXXXX";
    char *pem = mint_pem((X509 *[]){https.chain->root, NULL});
    int fd = mkstemp(path);
    ck_assert_int_eq(write(fd, pem, strlen(pem)), (ssize_t)strlen(pem));
    struct ew_want want = want_for("main", https.url, tls_peer_port(https.peer));
    struct ew_probe_config config = {.headers = user_headers, .ca_file = path};
    struct ew_fact *fact = fetch(&config, &want);
    ck_assert_str_eq(fact_text(fact, "outcome"), "answer");
    ck_assert(!fact_true(fact, "withheld"));
    ck_assert_ptr_nonnull(strstr(tls_peer_heard(https.peer), "Authorization: Bearer secret"));
    ck_assert_int_eq(tls_peer_served(https.peer), 1);
    ew_fact_unref(fact);
    https_stop(&https);
    close(fd);
    unlink(path);
    free(pem);
}
END_TEST

START_TEST(more_than_a_look_stops_at_a_bad_certificate)
{
    struct https https = https_start(NULL);
    struct ew_want want = want_for("main", https.url, tls_peer_port(https.peer));
    want.method = "POST";
    struct ew_fact *fact = fetch(NULL, &want);
    ck_assert_str_eq(fact_text(fact, "outcome"), "tls");
    ck_assert_str_eq(tls_peer_heard(https.peer), "");
    ck_assert_int_eq(tls_peer_served(https.peer), 1);
    ew_fact_unref(fact);
    https_stop(&https);
}
END_TEST

START_TEST(http2_is_spoken)
{
    struct https https = https_start("h2");
    struct ew_want want = want_for("main", https.url, tls_peer_port(https.peer));
    struct ew_fact *fact = fetch(NULL, &want);
    ck_assert_str_eq(fact_text(fact, "outcome"), "answer");
    ck_assert_str_eq(fact_text(fact, "version"), "2");
    ck_assert_int_eq(fact_int(fact, "status"), 200);
    ew_fact_unref(fact);
    https_stop(&https);
}
END_TEST

START_TEST(cancel_in_any_phase)
{
    static const double after_ms[] = {-1, 0, 1, 2, 5, 10, 60};
    struct https https = https_start(_i % 2 ? "h2" : NULL);
    struct ew_want want = want_for("main", https.url, tls_peer_port(https.peer));
    struct ew_probe_config config = {.headers = _i % 2 ? user_headers : NULL};
    fetch_cancelled(&config, &want, after_ms[_i / 2]);
    https_stop(&https);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("probe http");
    TCase *t = tcase_create("http");
    tcase_set_timeout(t, 20);
    tcase_add_test(t, answer_is_a_fact);
    tcase_add_loop_test(t, redirect_is_told_and_not_followed, 0, (int)EW_COUNT(redirects));
    tcase_add_test(t, long_body_is_bounded);
    tcase_add_test(t, broken_off_body_is_still_an_answer);
    tcase_add_loop_test(t, failures_are_told_apart, 0, (int)EW_COUNT(failures));
    tcase_add_test(t, refused_is_told);
    tcase_add_loop_test(t, ipv6_by_name_and_by_literal, 0, 2);
    tcase_add_loop_test(t, headers_go_to_their_own_host_only, 0, (int)EW_COUNT(rounds));
    tcase_add_loop_test(t, method_goes_with_main_only, 0, 5);
    tcase_add_test(t, link_local_redirect_is_never_followed);
    tcase_add_test(t, budget_of_an_address_is_kept);
    tcase_add_test(t, bad_certificate_does_not_stop_a_look);
    tcase_add_test(t, headers_are_withheld_from_a_peer_that_does_not_verify);
    tcase_add_test(t, insecure_sends_them_all_the_same);
    tcase_add_test(t, verified_peer_gets_them);
    tcase_add_test(t, more_than_a_look_stops_at_a_bad_certificate);
    tcase_add_test(t, http2_is_spoken);
    tcase_add_loop_test(t, cancel_in_any_phase, 0, 14);
    suite_add_tcase(s, t);
    return s;
}
