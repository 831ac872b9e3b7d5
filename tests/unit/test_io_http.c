/* HTTP through libcurl, against sockets that answer well and badly. */
#include "config.h"

#include "edgewalk/io.h"

#include "peer.h"
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct seen {
    struct ew_loop *loop;
    struct ew_http *http;
    int count, stop_at, status, head_status, fed;
    char outcome[32], version[8], error[300], location[200], body[200000], headers[4096];
    size_t body_len;
    bool cut;
    double total_ms;
};

static void note(void *ctx, const struct ew_http_result *r)
{
    struct seen *seen = ctx;
    snprintf(seen->outcome, sizeof(seen->outcome), "%s", r->outcome);
    snprintf(seen->version, sizeof(seen->version), "%s", r->version ? r->version : "");
    snprintf(seen->error, sizeof(seen->error), "%s", r->error ? r->error : "");
    snprintf(seen->location, sizeof(seen->location), "%s", r->location ? r->location : "");
    snprintf(seen->body, sizeof(seen->body), "%.*s", (int)r->body_len, r->body);
    seen->headers[0] = '\0';
    for (const char *const *h = r->headers; *h && strlen(seen->headers) < 3000; h += 2)
        sprintf(seen->headers + strlen(seen->headers), "%.300s=%.300s;", h[0], h[1]);
    seen->status = r->status;
    seen->body_len = r->body_len;
    seen->cut = r->cut;
    seen->total_ms = r->total_ms;
    if (++seen->count >= seen->stop_at)
        ew_loop_stop(seen->loop);
}

static struct ew_http *start(struct seen *seen, int port, struct ew_http_request request)
{
    char url[200];
    snprintf(url, sizeof(url), "http://orders.example:%d/health?a=b", port);
    if (!request.url)
        request.url = url;
    if (!request.address)
        request.address = "127.0.0.1";
    return ew_http_start(seen->loop, &request, note, seen);
}

static void ask(struct seen *seen, int port, struct ew_http_request request)
{
    seen->loop = ew_loop_new();
    start(seen, port, request);
    ck_assert_int_eq(seen->count, 0);
    ew_loop_run(seen->loop);
    ew_loop_free(seen->loop);
    ck_assert_int_eq(seen->count, 1);
}

static char *heard; /* what a peer was asked; a test's process has one peer that fills it */

static void answer(int fd, void *ctx)
{
    static char buf[8192];
    peer_read_head(fd, buf, sizeof(buf));
    heard = buf;
    peer_write(fd, ctx);
}

static void ask_peer(struct seen *seen, peer_fn *serve, const char *text,
                     struct ew_http_request request)
{
    struct peer *peer = peer_start(serve, (void *)text);
    ask(seen, peer_port(peer), request);
    peer_stop(peer);
}

START_TEST(answer_with_headers_and_body)
{
    static struct seen seen;
    ask_peer(&seen, answer,
             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: t\r\nX-A:  b \r\nX-A: c\r\n\r\nhello",
             (struct ew_http_request){.body_max = 100});
    ck_assert_str_eq(seen.outcome, "answer");
    ck_assert_int_eq(seen.status, 200);
    ck_assert_str_eq(seen.version, "1.1");
    ck_assert_str_eq(seen.body, "hello");
    ck_assert_str_eq(seen.headers, "Content-Length=5;Server=t;X-A=b;X-A=c;");
    ck_assert(!seen.cut);
    ck_assert(strstr(heard, "GET /health?a=b HTTP/1.1\r\n") == heard);
    ck_assert_ptr_nonnull(strstr(heard, "Host: orders.example:"));
    ck_assert_ptr_nonnull(strstr(heard, "User-Agent: edgewalk/"));
    ck_assert_ptr_null(strstr(heard, "Expect"));
}
END_TEST

START_TEST(method_headers_and_body_are_sent)
{
    static struct seen seen;
    const char *const headers[] = {"X-One: 1", "Host: other.example", NULL};
    ask_peer(
        &seen, answer, "HTTP/1.1 204 No Content\r\n\r\n",
        (struct ew_http_request){.method = "PUT", .headers = headers, .data = "{}", .data_len = 2});
    ck_assert_int_eq(seen.status, 204);
    ck_assert(strstr(heard, "PUT /health") == heard);
    ck_assert_ptr_nonnull(strstr(heard, "X-One: 1\r\n"));
    ck_assert_ptr_nonnull(strstr(heard, "Host: other.example\r\n"));
    ck_assert_ptr_nonnull(strstr(heard, "Content-Length: 2\r\n"));
}
END_TEST

START_TEST(header_with_a_line_break_is_never_sent)
{
    static struct seen seen;
    const char *const headers[] = {"X-One: 1\r\nX-Two: 2", NULL};
    ask(&seen, peer_closed_port(), (struct ew_http_request){.headers = headers});
    ck_assert_str_eq(seen.outcome, "error");
    ck_assert_str_eq(seen.error, "a header with a line break");
}
END_TEST

START_TEST(only_a_given_address_is_connected_to)
{
    static struct seen seen;
    ask(&seen, 80, (struct ew_http_request){.address = "localhost"});
    ck_assert_str_eq(seen.outcome, "error");
    ck_assert_str_eq(seen.error, "no address to connect to");
}
END_TEST

START_TEST(informational_blocks_and_trailers_are_not_the_answer)
{
    static struct seen seen;
    ask_peer(&seen, answer,
             "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 404 Not Found\r\n"
             "Transfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\nX-Trailer: t\r\n\r\n",
             (struct ew_http_request){.body_max = 100});
    ck_assert_int_eq(seen.status, 404);
    ck_assert_str_eq(seen.body, "no");
    ck_assert_str_eq(seen.headers, "Transfer-Encoding=chunked;");
}
END_TEST

START_TEST(location_is_made_absolute_and_not_followed)
{
    static struct seen seen;
    ask_peer(&seen, answer,
             "HTTP/1.1 302 Found\r\nLocation: //next.example/p\r\nContent-Length: 0\r\n\r\n",
             (struct ew_http_request){.body_max = 100});
    ck_assert_str_eq(seen.outcome, "answer");
    ck_assert_int_eq(seen.status, 302);
    ck_assert_str_eq(seen.location, "http://next.example/p");
}
END_TEST

static void endless(int fd, void *ctx)
{
    (void)ctx;
    char head[4096], block[2001];
    peer_read_head(fd, head, sizeof(head));
    peer_write(fd, "HTTP/1.1 200 OK\r\n\r\n");
    memset(block, 'x', 2000);
    block[2000] = '\0';
    for (int i = 0; i < 2000; i++)
        peer_write(fd, block);
}

START_TEST(endless_body_is_cut)
{
    static struct seen seen;
    ask_peer(&seen, endless, NULL, (struct ew_http_request){.body_max = 65536});
    ck_assert_str_eq(seen.outcome, "answer");
    ck_assert_int_eq(seen.status, 200);
    ck_assert_uint_eq(seen.body_len, 65536);
    ck_assert(seen.cut);
}
END_TEST

START_TEST(body_of_exactly_the_limit_is_not_cut)
{
    static struct seen seen;
    ask_peer(&seen, answer, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
             (struct ew_http_request){.body_max = 5});
    ck_assert_str_eq(seen.body, "hello");
    ck_assert(!seen.cut);
}
END_TEST

static void endless_headers(int fd, void *ctx)
{
    (void)ctx;
    char head[4096], line[1000];
    peer_read_head(fd, head, sizeof(head));
    peer_write(fd, "HTTP/1.1 200 OK\r\n");
    memset(line, 'x', sizeof(line));
    memcpy(line, "X-H: ", 5);
    strcpy(line + 990, "\r\n");
    for (int i = 0; i < 1000; i++)
        peer_write(fd, line);
}

START_TEST(endless_headers_are_an_error)
{
    static struct seen seen;
    ask_peer(&seen, endless_headers, NULL, (struct ew_http_request){.body_max = 100});
    ck_assert_str_eq(seen.outcome, "error");
    ck_assert_str_eq(seen.error, "headers beyond 256 KiB");
}
END_TEST

static void slam(int fd, void *ctx)
{
    (void)ctx;
    char head[4096];
    peer_read_head(fd, head, sizeof(head));
    peer_reset(fd);
}

START_TEST(reset_is_told)
{
    static struct seen seen;
    ask_peer(&seen, slam, NULL, (struct ew_http_request){0});
    ck_assert_str_eq(seen.outcome, "reset");
    ck_assert_int_eq(seen.status, 0);
}
END_TEST

START_TEST(empty_reply_is_told)
{
    static struct seen seen;
    ask_peer(&seen, answer, "", (struct ew_http_request){0});
    ck_assert_str_eq(seen.outcome, "empty");
}
END_TEST

START_TEST(something_else_than_http_is_told)
{
    static struct seen seen;
    ask_peer(&seen, answer, "SSH-2.0-OpenSSH_9.2\r\n", (struct ew_http_request){.body_max = 9});
    ck_assert_str_eq(seen.outcome, "http09");
}
END_TEST

START_TEST(broken_off_body_keeps_what_came)
{
    static struct seen seen;
    ask_peer(&seen, answer, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
             (struct ew_http_request){.body_max = 100});
    ck_assert_str_eq(seen.outcome, "reset");
    ck_assert_int_eq(seen.status, 200);
    ck_assert_str_eq(seen.body, "hello");
}
END_TEST

START_TEST(refused_is_told)
{
    static struct seen seen;
    ask(&seen, peer_closed_port(), (struct ew_http_request){0});
    ck_assert_str_eq(seen.outcome, "refused");
}
END_TEST

static void silent(int fd, void *ctx)
{
    (void)ctx;
    peer_wait_closed(fd);
}

START_TEST(silence_ends_at_the_deadline)
{
    static struct seen seen;
    ask_peer(&seen, silent, NULL, (struct ew_http_request){.timeout_ms = 100});
    ck_assert_str_eq(seen.outcome, "timeout");
    ck_assert(seen.total_ms >= 95 && seen.total_ms < 1000);
}
END_TEST

START_TEST(connect_has_a_deadline_of_its_own)
{
    static struct seen seen;
    int keep[3], port = peer_black_hole(keep);
    ask(&seen, port, (struct ew_http_request){.connect_timeout_ms = 100});
    ck_assert_str_eq(seen.outcome, "timeout");
    for (int i = 0; i < 3; i++)
        close(keep[i]);
}
END_TEST

static int feed(void *ctx, const char *bytes, size_t len)
{
    struct seen *seen = ctx;
    ck_assert_int_eq(seen->head_status, 200);
    memcpy(seen->body + seen->fed, bytes, len);
    seen->fed += (int)len;
    return 0;
}

static void head(void *ctx, int status, const char *const *headers)
{
    struct seen *seen = ctx;
    ck_assert_int_eq(seen->head_status, 0);
    ck_assert_str_eq(headers[0], "Content-Length");
    seen->head_status = status;
}

START_TEST(body_can_be_fed_as_it_arrives)
{
    static struct seen seen;
    ask_peer(&seen, answer, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
             (struct ew_http_request){.body = feed, .head = head});
    ck_assert_str_eq(seen.outcome, "answer");
    ck_assert_int_eq(seen.fed, 5);
    ck_assert_uint_eq(seen.body_len, 0);
}
END_TEST

static int refuse(void *ctx, const char *bytes, size_t len)
{
    (void)ctx;
    (void)bytes;
    (void)len;
    return 1;
}

START_TEST(body_callback_may_end_it)
{
    static struct seen seen;
    ask_peer(&seen, endless, NULL, (struct ew_http_request){.body = refuse});
    ck_assert_str_eq(seen.outcome, "aborted");
}
END_TEST

static void stop(void *ctx)
{
    ew_loop_stop(((struct seen *)ctx)->loop);
}

static int cancel_self(void *ctx, const char *bytes, size_t len)
{
    struct seen *seen = ctx;
    (void)bytes;
    (void)len;
    seen->fed++;
    ew_http_cancel(seen->http);
    return 0;
}

START_TEST(body_callback_may_cancel_it)
{
    static struct seen seen;
    struct peer *peer = peer_start(endless, NULL);
    seen.loop = ew_loop_new();
    seen.http = start(&seen, peer_port(peer), (struct ew_http_request){.body = cancel_self});
    ew_timer_start(seen.loop, 100, false, EW_PRIO_SCREEN, stop, &seen);
    ew_loop_run(seen.loop);
    ck_assert_int_eq(seen.fed, 1);
    ck_assert_int_eq(seen.count, 0);
    ew_loop_free(seen.loop);
    peer_stop(peer);
}
END_TEST

/* Cancelled before it began, while connecting, while waiting, while the body comes. */
START_TEST(cancel_leaves_nothing_in_any_phase)
{
    static struct seen seen;
    static const double after_ms[] = {-1, 0, 1, 3, 20};
    struct peer *peer = peer_start(_i % 2 ? endless : silent, NULL);
    seen.loop = ew_loop_new();
    seen.stop_at = 1;
    start(&seen, peer_closed_port(), (struct ew_http_request){0});
    ew_loop_run(seen.loop);
    int before = peer_open_fds();
    struct ew_http *http = start(&seen, peer_port(peer), (struct ew_http_request){.body_max = 9e6});
    if (after_ms[_i / 2] >= 0) {
        ew_timer_start(seen.loop, after_ms[_i / 2], false, EW_PRIO_KEYS, stop, &seen);
        ew_loop_run(seen.loop);
    }
    if (seen.count == 1)
        ew_http_cancel(http);
    ew_timer_start(seen.loop, 5, false, EW_PRIO_SCREEN, stop, &seen);
    ew_loop_run(seen.loop);
    ew_loop_free(seen.loop);
    peer_stop(peer);
    ck_assert_int_le(peer_open_fds(), before);
}
END_TEST

static void serve_many(int fd, void *ctx)
{
    char buf[4096];
    (void)ctx;
    while (peer_read_head(fd, buf, sizeof(buf)))
        peer_write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

static int served_for(bool keep)
{
    static struct seen seen;
    struct peer *peer = peer_start(serve_many, NULL);
    seen = (struct seen){.loop = ew_loop_new(), .stop_at = 1};
    for (int i = 0; i < 3; i++) {
        start(&seen, peer_port(peer), (struct ew_http_request){.keep = keep, .body_max = 1});
        ew_loop_run(seen.loop);
        ck_assert_str_eq(seen.outcome, "answer");
    }
    ew_loop_free(seen.loop);
    int served = peer_served(peer);
    peer_stop(peer);
    return served;
}

START_TEST(connections_are_kept_when_asked)
{
    ck_assert_int_eq(served_for(true), 1);
}
END_TEST

START_TEST(probes_open_a_connection_each)
{
    ck_assert_int_eq(served_for(false), 3);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("io http");
    TCase *t = tcase_create("http");
    tcase_set_timeout(t, 30);
    tcase_add_test(t, answer_with_headers_and_body);
    tcase_add_test(t, method_headers_and_body_are_sent);
    tcase_add_test(t, header_with_a_line_break_is_never_sent);
    tcase_add_test(t, only_a_given_address_is_connected_to);
    tcase_add_test(t, informational_blocks_and_trailers_are_not_the_answer);
    tcase_add_test(t, location_is_made_absolute_and_not_followed);
    tcase_add_test(t, endless_body_is_cut);
    tcase_add_test(t, body_of_exactly_the_limit_is_not_cut);
    tcase_add_test(t, endless_headers_are_an_error);
    tcase_add_test(t, reset_is_told);
    tcase_add_test(t, empty_reply_is_told);
    tcase_add_test(t, something_else_than_http_is_told);
    tcase_add_test(t, broken_off_body_keeps_what_came);
    tcase_add_test(t, refused_is_told);
    tcase_add_test(t, silence_ends_at_the_deadline);
    tcase_add_test(t, connect_has_a_deadline_of_its_own);
    tcase_add_test(t, body_can_be_fed_as_it_arrives);
    tcase_add_test(t, body_callback_may_end_it);
    tcase_add_test(t, body_callback_may_cancel_it);
    tcase_add_loop_test(t, cancel_leaves_nothing_in_any_phase, 0, 10);
    tcase_add_test(t, connections_are_kept_when_asked);
    tcase_add_test(t, probes_open_a_connection_each);
    suite_add_tcase(s, t);
    return s;
}
