/* DNS: packets read, and questions asked of resolvers that answer well and badly. */
#include "config.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include "fetch.h"
#include "packet.h"
#include "peer.h"
#include "unit.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- packets ---- */

static struct ew_doc *read_packet(const struct packet *p)
{
    return ew_dns_read(p->bytes, p->len, "192.0.2.53:53", "www.example", "A");
}

static const char *text_at(const struct ew_doc *doc, const char *path)
{
    return ew_json_str_or(ew_json_at(ew_doc_root(doc), path), "");
}

static long int_at(const struct ew_doc *doc, const char *path)
{
    return ew_json_int(ew_json_at(ew_doc_root(doc), path), -1);
}

static struct packet begin(int flags, int rcode)
{
    static unsigned char question[300], buf[70000];
    size_t len = packet_question(question, "www.example", 1);
    return packet_reply(question, len, buf, flags, rcode);
}

START_TEST(chain_with_every_ttl)
{
    struct packet p = begin(PACKET_AA, 0);
    packet_add_name(&p, PACKET_ANSWER, "WWW.example", 5, 300, "Edge.cdn.example");
    packet_add(&p, PACKET_ANSWER, "edge.cdn.example", 1, 20, "\xc0\x00\x02\x01", 4);
    packet_add(&p, PACKET_ANSWER, "edge.cdn.example", 28, 21,
               "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
    struct ew_doc *doc = read_packet(&p);
    ck_assert_str_eq(text_at(doc, "rcode"), "NOERROR");
    ck_assert_str_eq(text_at(doc, "resolver"), "192.0.2.53:53");
    ck_assert_str_eq(text_at(doc, "name"), "www.example");
    ck_assert_str_eq(text_at(doc, "type"), "A");
    ck_assert(ew_json_get_bool(ew_doc_root(doc), "aa", false));
    ck_assert(!ew_json_get_bool(ew_doc_root(doc), "ad", true));
    ck_assert(!ew_json_get_bool(ew_doc_root(doc), "tc", true));
    ck_assert_uint_eq(ew_json_count(ew_json_get(ew_doc_root(doc), "answers")), 3);
    ck_assert_str_eq(text_at(doc, "answers[0].name"), "www.example");
    ck_assert_str_eq(text_at(doc, "answers[0].type"), "CNAME");
    ck_assert_int_eq(int_at(doc, "answers[0].ttl"), 300);
    ck_assert_str_eq(text_at(doc, "answers[0].data"), "edge.cdn.example");
    ck_assert_str_eq(text_at(doc, "answers[1].data"), "192.0.2.1");
    ck_assert_int_eq(int_at(doc, "answers[1].ttl"), 20);
    ck_assert_str_eq(text_at(doc, "answers[2].type"), "AAAA");
    ck_assert_str_eq(text_at(doc, "answers[2].data"), "2001:db8::1");
    ck_assert_ptr_null(ew_json_get(ew_doc_root(doc), "soa"));
    ew_doc_unref(doc);
}
END_TEST

START_TEST(negative_answer_with_its_soa)
{
    struct packet p = begin(0, 3);
    packet_add_soa(&p, "example", 900, 60);
    struct ew_doc *doc = read_packet(&p);
    ck_assert_str_eq(text_at(doc, "rcode"), "NXDOMAIN");
    ck_assert_str_eq(text_at(doc, "soa.name"), "example");
    ck_assert_int_eq(int_at(doc, "soa.ttl"), 900);
    ck_assert_int_eq(int_at(doc, "soa.minimum"), 60);
    ew_doc_unref(doc);
}
END_TEST

START_TEST(extended_error)
{
    struct packet p = begin(0, 2);
    packet_add_ede(&p, 9, "no DNSKEY");
    struct ew_doc *doc = read_packet(&p);
    ck_assert_str_eq(text_at(doc, "rcode"), "SERVFAIL");
    ck_assert_int_eq(int_at(doc, "ede[0].code"), 9);
    ck_assert_str_eq(text_at(doc, "ede[0].text"), "no DNSKEY");
    ew_doc_unref(doc);
}
END_TEST

static const struct {
    int type;
    const char *data;
    size_t len;
    const char *text;
} kinds[] = {
    {15, "\0\x0a\4mail\7example", 16, "10 mail.example"},
    {16, "\5hello\2\"\\", 9, "\"hello\" \"\\\"\\\\\""},
    {257, "\0\5issueletsencrypt.org", 22, "0 issue \"letsencrypt.org\""},
    {65, "\0\1\0\0\1\0\3\2h2\0\4\0\4\xc0\0\2\1", 18, "1 . alpn=h2 ipv4hint=192.0.2.1"},
    {65, "\0\1\0\0\3\0\2\1\xbb", 9, "1 . port=443"},
    {65, "\0\0\3www\7example\0", 15, "0 www.example"},
    {65, "\0\1\0\0\1\0\x30\2h2", 10, "\\# 10 00010000010030026832"}, /* a length beyond the data */
    {99, "\1\2", 2, "\\# 2 0102"},
    {1, "\1\2\3", 3, NULL}, /* refused whole */
};

START_TEST(data_of_each_type)
{
    struct packet p = begin(0, 0);
    packet_add(&p, PACKET_ANSWER, "www.example", kinds[_i].type, 5, kinds[_i].data, kinds[_i].len);
    struct ew_doc *doc = read_packet(&p);
    if (kinds[_i].text)
        ck_assert_str_eq(text_at(doc, "answers[0].data"), kinds[_i].text);
    else if (doc)
        ck_assert_str_eq(text_at(doc, "answers[0].data"), "\\# 3 010203");
    ew_doc_unref(doc);
}
END_TEST

START_TEST(malformed_packets_are_none)
{
    struct packet p = begin(0, 0);
    packet_add(&p, PACKET_ANSWER, "www.example", 1, 5, "\xc0\0\2\1", 4);
    for (size_t len = 0; len < p.len; len++) {
        struct packet cut = {p.bytes, len};
        ck_assert_ptr_null(read_packet(&cut));
    }
    p.bytes[p.len++] = 0; /* a trailing byte */
    ck_assert_ptr_null(read_packet(&p));
}
END_TEST

/* ---- resolvers ---- */

struct resolver {
    size_t (*answer)(struct packet *reply, int nth);
    atomic_int asked;
};

static size_t serve(const unsigned char *question, size_t len, unsigned char *out, size_t max,
                    void *ctx)
{
    struct resolver *resolver = ctx;
    struct packet reply = packet_reply(question, len, out, 0, 0);
    (void)max;
    return resolver->answer(&reply, atomic_fetch_add(&resolver->asked, 1));
}

static struct ew_fact *ask_at(const char *address, const char *name, int timeout_ms)
{
    struct ew_probe_config config = {.dns_timeout_ms = timeout_ms};
    char *key = ew_key_dns(address, name, "A");
    struct ew_want want = {
        .kind = EW_WANT_DNS, .key = key, .resolver = address, .name = name, .type = "A"};
    struct ew_fact *fact = fetch(&config, &want);
    free(key);
    return fact;
}

static struct ew_fact *ask(struct resolver *resolver, const char *name, int timeout_ms)
{
    struct peer *peer = peer_udp_start(serve, resolver);
    char *address = ew_ip_with_port("127.0.0.1", peer_port(peer));
    struct ew_fact *fact = ask_at(address, name, timeout_ms);
    peer_stop(peer);
    free(address);
    return fact;
}

static size_t good(struct packet *reply, int nth)
{
    (void)nth;
    packet_add(reply, PACKET_ANSWER, "www.example", 1, 30, "\xc0\0\2\1", 4);
    return reply->len;
}

START_TEST(answer_is_a_fact)
{
    struct resolver resolver = {.answer = good};
    struct ew_fact *fact = ask(&resolver, "www.example", 2000);
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_str_eq(fact->from, "this host");
    ck_assert_str_eq(fact_text(fact, "answers[0].data"), "192.0.2.1");
    ck_assert(!fact_true(fact, "slow"));
    ck_assert_int_eq(resolver.asked, 1);
    ew_fact_unref(fact);
}
END_TEST

static size_t failing(struct packet *reply, int nth)
{
    (void)nth;
    reply->bytes[3] |= 2;
    packet_add_ede(reply, 22, "No Reachable Authority");
    return reply->len;
}

START_TEST(servfail_is_an_answer)
{
    struct resolver resolver = {.answer = failing};
    struct ew_fact *fact = ask(&resolver, "www.example", 2000);
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_str_eq(fact_text(fact, "rcode"), "SERVFAIL");
    ck_assert_str_eq(fact_text(fact, "ede[0].text"), "No Reachable Authority");
    ew_fact_unref(fact);
}
END_TEST

static size_t refusing(struct packet *reply, int nth)
{
    (void)nth;
    reply->bytes[3] |= 5;
    return reply->len;
}

START_TEST(refused_is_an_answer)
{
    struct resolver resolver = {.answer = refusing};
    struct ew_fact *fact = ask(&resolver, "www.example", 2000);
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_str_eq(fact_text(fact, "rcode"), "REFUSED");
    ew_fact_unref(fact);
}
END_TEST

static size_t mute(struct packet *reply, int nth)
{
    (void)reply;
    (void)nth;
    return 0;
}

START_TEST(silence_is_a_timeout_after_three_tries)
{
    struct resolver resolver = {.answer = mute};
    struct ew_fact *fact = ask(&resolver, "www.example", 300);
    ck_assert_int_eq(fact->state, EW_UNKNOWN);
    ck_assert_str_eq(fact->reason, "timeout");
    ck_assert(fact->elapsed_ms >= 290 && fact->elapsed_ms < 900);
    ck_assert_int_eq(resolver.asked, 3);
    ew_fact_unref(fact);
}
END_TEST

static size_t lossy(struct packet *reply, int nth)
{
    return nth ? good(reply, nth) : 0;
}

START_TEST(lost_datagram_is_only_slow)
{
    struct resolver resolver = {.answer = lossy};
    struct ew_fact *fact = ask(&resolver, "www.example", 600);
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert(fact_true(fact, "slow"));
    ew_fact_unref(fact);
}
END_TEST

static size_t garbled(struct packet *reply, int nth)
{
    (void)nth;
    packet_add(reply, PACKET_ANSWER, "www.example", 1, 30, "\xc0\0\2\1", 4);
    return reply->len - 2;
}

START_TEST(garbled_answer_is_malformed)
{
    struct resolver resolver = {.answer = garbled};
    struct ew_fact *fact = ask(&resolver, "www.example", 2000);
    ck_assert_int_eq(fact->state, EW_UNKNOWN);
    ck_assert_str_eq(fact->reason, "malformed");
    ew_fact_unref(fact);
}
END_TEST

START_TEST(closed_port_is_told)
{
    char *address = ew_ip_with_port("127.0.0.1", peer_closed_port());
    struct ew_fact *fact = ask_at(address, "www.example", 2000);
    ck_assert_int_eq(fact->state, EW_UNKNOWN);
    ck_assert_str_eq(fact->reason, "port-closed");
    ck_assert(fact->elapsed_ms < 1000);
    free(address);
    ew_fact_unref(fact);
}
END_TEST

START_TEST(resolver_without_an_address_is_unreachable)
{
    struct ew_fact *fact = ask_at("127.0.0.1:99999", "www.example", 2000);
    ck_assert_str_eq(fact->reason, "unreachable");
    ew_fact_unref(fact);
}
END_TEST

START_TEST(impossible_name_is_told)
{
    char *address = ew_ip_with_port("127.0.0.1", peer_closed_port());
    struct ew_fact *fact = ask_at(address, "a..example", 2000);
    ck_assert_str_eq(fact->reason, "bad-name");
    free(address);
    ew_fact_unref(fact);
}
END_TEST

static size_t truncated(struct packet *reply, int nth)
{
    (void)nth;
    reply->bytes[2] |= 2;
    return reply->len;
}

static void serve_tcp(int fd, void *ctx)
{
    unsigned char in[1024], out[8192];
    (void)ctx;
    ssize_t got = read(fd, in, sizeof(in));
    if (got < 14)
        return;
    struct packet reply = packet_reply(in + 2, (size_t)got - 2, out + 2, 0, 0);
    for (unsigned char i = 0; i < 200; i++)
        packet_add(&reply, PACKET_ANSWER, "www.example", 1, 30, (unsigned char[]){192, 0, 2, i}, 4);
    out[0] = (unsigned char)(reply.len >> 8);
    out[1] = (unsigned char)reply.len;
    ck_assert_int_eq(write(fd, out, reply.len + 2), (ssize_t)reply.len + 2);
}

START_TEST(truncated_answer_is_fetched_over_tcp)
{
    struct resolver resolver = {.answer = truncated};
    struct peer *peer = peer_both_start(serve, serve_tcp, &resolver);
    char *address = ew_ip_with_port("127.0.0.1", peer_port(peer));
    struct ew_fact *fact = ask_at(address, "www.example", 2000);
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_uint_eq(ew_json_count(ew_json_get(ew_fact_value(fact), "answers")), 200);
    ck_assert(!fact_true(fact, "tc"));
    peer_stop(peer);
    free(address);
    ew_fact_unref(fact);
}
END_TEST

START_TEST(truncated_answer_is_kept_where_tcp_is_closed)
{
    struct resolver resolver = {.answer = truncated};
    struct ew_fact *fact = ask(&resolver, "www.example", 2000);
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_str_eq(fact_text(fact, "rcode"), "NOERROR");
    ck_assert(fact_true(fact, "tc"));
    ck_assert(fact->elapsed_ms < 500);
    ew_fact_unref(fact);
}
END_TEST

static void silent_tcp(int fd, void *ctx)
{
    (void)ctx;
    peer_wait_closed(fd);
}

START_TEST(truncated_answer_is_kept_where_tcp_is_silent)
{
    struct resolver resolver = {.answer = truncated};
    struct peer *peer = peer_both_start(serve, silent_tcp, &resolver);
    char *address = ew_ip_with_port("127.0.0.1", peer_port(peer));
    struct ew_fact *fact = ask_at(address, "www.example", 150);
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert(fact_true(fact, "tc"));
    peer_stop(peer);
    free(address);
    ew_fact_unref(fact);
}
END_TEST

START_TEST(cancel_in_any_phase)
{
    static const double after_ms[] = {-1, 0, 1, 50, 120};
    struct resolver resolver = {.answer = mute};
    struct peer *peer = peer_udp_start(serve, &resolver);
    struct ew_probe_config config = {.dns_timeout_ms = _i > 2 ? 30000 : 100};
    char *address = ew_ip_with_port("127.0.0.1", peer_port(peer));
    struct ew_want want = {
        .kind = EW_WANT_DNS, .key = "k", .resolver = address, .name = "www.example", .type = "A"};
    fetch_cancelled(&config, &want, after_ms[_i]);
    peer_stop(peer);
    free(address);
}
END_TEST

START_TEST(system_resolvers_are_addresses_with_ports)
{
    size_t count = 0;
    char **list = ew_dns_system(&count);
    ck_assert_uint_le(count, 3);
    for (size_t i = 0; i < count; i++) {
        ck_assert_ptr_nonnull(strrchr(list[i], ':'));
        free(list[i]);
    }
    free(list);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("probe dns");
    TCase *t = tcase_create("dns");
    tcase_set_timeout(t, 20);
    tcase_add_test(t, chain_with_every_ttl);
    tcase_add_test(t, negative_answer_with_its_soa);
    tcase_add_test(t, extended_error);
    tcase_add_loop_test(t, data_of_each_type, 0, (int)EW_COUNT(kinds));
    tcase_add_test(t, malformed_packets_are_none);
    tcase_add_test(t, answer_is_a_fact);
    tcase_add_test(t, servfail_is_an_answer);
    tcase_add_test(t, refused_is_an_answer);
    tcase_add_test(t, silence_is_a_timeout_after_three_tries);
    tcase_add_test(t, lost_datagram_is_only_slow);
    tcase_add_test(t, garbled_answer_is_malformed);
    tcase_add_test(t, closed_port_is_told);
    tcase_add_test(t, resolver_without_an_address_is_unreachable);
    tcase_add_test(t, impossible_name_is_told);
    tcase_add_test(t, truncated_answer_is_fetched_over_tcp);
    tcase_add_test(t, truncated_answer_is_kept_where_tcp_is_closed);
    tcase_add_test(t, truncated_answer_is_kept_where_tcp_is_silent);
    tcase_add_loop_test(t, cancel_in_any_phase, 0, 5);
    tcase_add_test(t, system_resolvers_are_addresses_with_ports);
    suite_add_tcase(s, t);
    return s;
}
