/* TLS handshakes with servers that are well and ill. */
#include "config.h"

#include "edgewalk/fact/keys.h"

#include "fetch.h"
#include "tls_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A file of the root, for --cacert; removed with the test's process. */
static const char *root_file(X509 *root)
{
    static char path[] = "/tmp/edgewalk-test-XXXXXX";
    char *pem = mint_pem((X509 *[]){root, NULL});
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, pem, strlen(pem)), (ssize_t)strlen(pem));
    close(fd);
    free(pem);
    return path;
}

static struct ew_fact *shake_port(int port, const char *sni, X509 *root)
{
    struct ew_probe_config config = {.tls_timeout_ms = 300,
                                     .ca_file = root ? root_file(root) : NULL};
    char *key = ew_key_tls("127.0.0.1", port, sni);
    struct ew_want want = {
        .kind = EW_WANT_TLS, .key = key, .address = "127.0.0.1", .port = port, .sni = sni};
    struct ew_fact *fact = fetch(&config, &want);
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_str_eq(fact_text(fact, "address"), "127.0.0.1");
    ck_assert_int_eq(fact_int(fact, "port"), port);
    if (config.ca_file)
        unlink(config.ca_file);
    free(key);
    return fact;
}

static struct ew_fact *shake(const struct tls_peer_spec *spec, const char *sni, X509 *root)
{
    struct tls_peer *peer = tls_peer_start(spec);
    struct ew_fact *fact = shake_port(tls_peer_port(peer), sni, root);
    ck_assert_str_eq(tls_peer_sni(peer), sni ? sni : "");
    tls_peer_stop(peer);
    return fact;
}

static bool raised(const struct ew_fact *fact, int depth, const char *name)
{
    EW_JSON_EACH(error, ew_json_get(ew_fact_value(fact), "verify_errors"))
    if (ew_json_get_int(error, "depth", -1) == depth &&
        !strcmp(ew_json_get_str(error, "name", ""), name))
        return true;
    return false;
}

static size_t raised_count(const struct ew_fact *fact)
{
    return ew_json_count(ew_json_get(ew_fact_value(fact), "verify_errors"));
}

START_TEST(healthy_handshake)
{
    struct mint_chain *c = mint_chain(NULL);
    struct tls_peer_spec spec = {.certs = {c->leaf, c->mid}, .key = c->leaf_key, .alpn = "h2"};
    struct ew_fact *fact = shake(&spec, "good.example", c->root);
    ck_assert_str_eq(fact_text(fact, "outcome"), "ok");
    ck_assert_str_eq(fact_text(fact, "sni"), "good.example");
    ck_assert_str_eq(fact_text(fact, "version"), "TLSv1.3");
    ck_assert_str_eq(fact_text(fact, "alpn"), "h2");
    ck_assert_str_ne(fact_text(fact, "cipher"), "");
    ck_assert_str_ne(fact_text(fact, "group"), "");
    ck_assert(fact_true(fact, "verified"));
    ck_assert_uint_eq(raised_count(fact), 0);
    ck_assert(fact_true(fact, "host_matches"));
    ck_assert_str_eq(fact_text(fact, "matched_by"), "san-dns");
    ck_assert_str_eq(fact_text(fact, "matched"), "dns:good.example");
    ck_assert(!fact_true(fact, "client_cert_requested"));
    ck_assert_uint_eq(ew_json_count(ew_json_get(ew_fact_value(fact), "chain")), 2);
    ck_assert_str_eq(fact_text(fact, "chain[0].subject"), "CN=good.example");
    ck_assert_ptr_null(ew_json_get(ew_fact_value(fact), "error"));
    ck_assert_ptr_null(ew_json_get(ew_fact_value(fact), "alert"));
    ew_fact_unref(fact);
    mint_chain_free(c);
}
END_TEST

START_TEST(system_store_is_the_default)
{
    struct mint_chain *c = mint_chain(NULL);
    struct tls_peer_spec spec = {.certs = {c->leaf, c->mid}, .key = c->leaf_key};
    struct ew_fact *fact = shake(&spec, "good.example", NULL);
    ck_assert_str_eq(fact_text(fact, "outcome"), "ok");
    ck_assert_str_eq(fact_text(fact, "store"), "system");
    ck_assert(!fact_true(fact, "verified"));
    ck_assert(raised(fact, 1, "unable-to-get-issuer-cert-locally"));
    ew_fact_unref(fact);
    mint_chain_free(c);
}
END_TEST

START_TEST(expired_and_for_another_name)
{
    struct mint_chain *c = mint_chain(&(struct mint_spec){
        .cn = "good.example", .sans = "DNS:other.example", .from_days = -90, .days = 60});
    struct tls_peer_spec spec = {.certs = {c->leaf, c->mid}, .key = c->leaf_key};
    struct ew_fact *fact = shake(&spec, "good.example", c->root);
    ck_assert_str_eq(fact_text(fact, "outcome"), "ok");
    ck_assert(!fact_true(fact, "verified"));
    ck_assert(raised(fact, 0, "cert-has-expired"));
    ck_assert_uint_eq(raised_count(fact), 1);
    ck_assert(!fact_true(fact, "host_matches")); /* the subject is not looked at */
    ck_assert_ptr_null(ew_json_get(ew_fact_value(fact), "matched"));
    ew_fact_unref(fact);
    mint_chain_free(c);
}
END_TEST

START_TEST(missing_intermediate)
{
    struct mint_chain *c = mint_chain(NULL);
    struct tls_peer_spec spec = {.certs = {c->leaf}, .key = c->leaf_key};
    struct ew_fact *fact = shake(&spec, "good.example", c->root);
    ck_assert_str_eq(fact_text(fact, "outcome"), "ok");
    ck_assert(raised(fact, 0, "unable-to-get-issuer-cert-locally"));
    ck_assert_uint_eq(ew_json_count(ew_json_get(ew_fact_value(fact), "chain")), 1);
    ck_assert(!fact_true(fact, "chain[0].self_issued"));
    ew_fact_unref(fact);
    mint_chain_free(c);
}
END_TEST

START_TEST(self_signed)
{
    EVP_PKEY *key = mint_key();
    X509 *cert = mint(&(struct mint_spec){.cn = "x", .sans = "DNS:*.example"}, key);
    struct tls_peer_spec spec = {.certs = {cert}, .key = key};
    struct ew_fact *fact = shake(&spec, "good.example", NULL);
    ck_assert(raised(fact, 0, "depth-zero-self-signed-cert"));
    ck_assert(fact_true(fact, "chain[0].self_issued"));
    ew_fact_unref(fact);
    X509_free(cert);
    EVP_PKEY_free(key);
}
END_TEST

START_TEST(address_is_matched_without_a_name)
{
    struct mint_chain *c = mint_chain(&(struct mint_spec){.cn = "x", .sans = "IP:127.0.0.1"});
    struct tls_peer_spec spec = {.certs = {c->leaf, c->mid}, .key = c->leaf_key};
    struct ew_fact *fact = shake(&spec, NULL, c->root);
    ck_assert_str_eq(fact_text(fact, "outcome"), "ok");
    ck_assert_str_eq(fact_text(fact, "matched_by"), "san-ip");
    ck_assert_ptr_null(ew_json_get(ew_fact_value(fact), "sni"));
    ew_fact_unref(fact);
    mint_chain_free(c);
}
END_TEST

START_TEST(refused_name_is_an_alert)
{
    struct mint_chain *c = mint_chain(NULL);
    struct tls_peer_spec spec = {
        .certs = {c->leaf, c->mid}, .key = c->leaf_key, .only_sni = "good.example"};
    struct ew_fact *fact = shake(&spec, "other.example", c->root);
    ck_assert_str_eq(fact_text(fact, "outcome"), "alert");
    ck_assert_int_eq(fact_int(fact, "alert.code"), 112);
    ck_assert_str_eq(fact_text(fact, "alert.name"), "unrecognized_name");
    ck_assert(!fact_true(fact, "host_matches"));
    ck_assert(!fact_true(fact, "verified"));
    ck_assert_ptr_null(ew_json_get(ew_fact_value(fact), "version"));
    ew_fact_unref(fact);
    mint_chain_free(c);
}
END_TEST

START_TEST(needed_client_certificate)
{
    int version = _i ? TLS1_3_VERSION : TLS1_2_VERSION;
    struct mint_chain *c = mint_chain(NULL);
    struct tls_peer_spec spec = {
        .certs = {c->leaf, c->mid}, .key = c->leaf_key, .needs_cert = true, .version = version};
    struct ew_fact *fact = shake(&spec, "good.example", c->root);
    ck_assert_str_eq(fact_text(fact, "outcome"), "alert");
    ck_assert_int_eq(fact_int(fact, "alert.code"), _i ? 116 : 40);
    ck_assert(fact_true(fact, "client_cert_requested"));
    ck_assert_uint_eq(ew_json_count(ew_json_get(ew_fact_value(fact), "chain")), 2);
    ck_assert(fact_true(fact, "verified")); /* the chain came, and is judged, all the same */
    ck_assert(fact_true(fact, "host_matches"));
    ew_fact_unref(fact);
    mint_chain_free(c);
}
END_TEST

START_TEST(wanted_client_certificate)
{
    int version = _i ? TLS1_3_VERSION : TLS1_2_VERSION;
    struct mint_chain *c = mint_chain(NULL);
    struct tls_peer_spec spec = {
        .certs = {c->leaf, c->mid}, .key = c->leaf_key, .wants_cert = true, .version = version};
    struct ew_fact *fact = shake(&spec, "good.example", c->root);
    ck_assert_str_eq(fact_text(fact, "outcome"), "ok");
    ck_assert(fact_true(fact, "client_cert_requested"));
    ck_assert(fact->elapsed_ms < 150); /* a session ticket says that all is well */
    ew_fact_unref(fact);
    mint_chain_free(c);
}
END_TEST

START_TEST(old_server_is_looked_at)
{
    struct mint_chain *c = mint_chain(NULL);
    struct tls_peer_spec spec = {
        .certs = {c->leaf, c->mid}, .key = c->leaf_key, .version = TLS1_VERSION};
    struct ew_fact *fact = shake(&spec, "good.example", c->root);
    ck_assert_str_eq(fact_text(fact, "outcome"), "ok");
    ck_assert_str_eq(fact_text(fact, "version"), "TLSv1");
    ew_fact_unref(fact);
    mint_chain_free(c);
}
END_TEST

START_TEST(hanging_up_after_the_handshake_is_a_handshake)
{
    struct mint_chain *c = mint_chain(NULL);
    struct tls_peer_spec spec = {.certs = {c->leaf, c->mid}, .key = c->leaf_key, .hang_up = true};
    struct ew_fact *fact = shake(&spec, "good.example", c->root);
    ck_assert_str_eq(fact_text(fact, "outcome"), "ok");
    ew_fact_unref(fact);
    mint_chain_free(c);
}
END_TEST

/* ---- peers that speak no TLS ---- */

static void plain_http(int fd, void *ctx)
{
    char head[64];
    (void)ctx;
    ck_assert_int_gt(read(fd, head, sizeof(head)), 0);
    peer_write(fd, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    peer_wait_closed(fd);
}

static void ssh(int fd, void *ctx)
{
    (void)ctx;
    peer_write(fd, "SSH-2.0-OpenSSH_9.2\r\n");
    peer_wait_closed(fd);
}

static void hang_up(int fd, void *ctx)
{
    char head[2048];
    (void)ctx;
    ck_assert_int_gt(read(fd, head, sizeof(head)), 0);
}

static void slam(int fd, void *ctx)
{
    (void)ctx;
    peer_reset(fd);
}

static void silent(int fd, void *ctx)
{
    (void)ctx;
    peer_wait_closed(fd);
}

static const struct {
    peer_fn *serve;
    const char *outcome, *error;
} others[] = {
    {plain_http, "not-tls", "the server speaks plain HTTP: HTTP/1.1 400 Bad Request"},
    {ssh, "not-tls", "the server answered: SSH-2.0-OpenSSH_9.2"},
    {hang_up, "closed", NULL},
    {slam, "reset", NULL},
    {silent, "timeout", NULL},
};

START_TEST(other_peers)
{
    struct peer *peer = peer_start(others[_i].serve, NULL);
    struct ew_fact *fact = shake_port(peer_port(peer), "good.example", NULL);
    ck_assert_str_eq(fact_text(fact, "outcome"), others[_i].outcome);
    if (others[_i].error)
        ck_assert_str_eq(fact_text(fact, "error"), others[_i].error);
    ck_assert_uint_eq(ew_json_count(ew_json_get(ew_fact_value(fact), "chain")), 0);
    ck_assert(!fact_true(fact, "verified"));
    ew_fact_unref(fact);
    peer_stop(peer);
}
END_TEST

START_TEST(closed_port_is_an_error)
{
    struct ew_fact *fact = shake_port(peer_closed_port(), "good.example", NULL);
    ck_assert_str_eq(fact_text(fact, "outcome"), "error");
    ck_assert_str_eq(fact_text(fact, "error"), "connect: Connection refused");
    ew_fact_unref(fact);
}
END_TEST

START_TEST(cancel_in_any_phase)
{
    static const double after_ms[] = {-1, 0, 1, 2, 5, 10, 60};
    struct mint_chain *c = mint_chain(NULL);
    struct tls_peer_spec spec = {
        .certs = {c->leaf, c->mid}, .key = c->leaf_key, .needs_cert = _i % 2};
    struct tls_peer *peer = tls_peer_start(&spec);
    struct ew_probe_config config = {.tls_timeout_ms = 300};
    struct ew_want want = {.kind = EW_WANT_TLS,
                           .key = "k",
                           .address = "127.0.0.1",
                           .port = tls_peer_port(peer),
                           .sni = "good.example"};
    fetch_cancelled(&config, &want, after_ms[_i / 2]);
    tls_peer_stop(peer);
    mint_chain_free(c);
}
END_TEST

struct many {
    struct ew_loop *loop;
    int count, wanted;
};

static void count_good(void *ctx, struct ew_fact *fact)
{
    struct many *many = ctx;
    ck_assert_str_eq(fact_text(fact, "outcome"), "ok");
    ew_fact_unref(fact);
    if (++many->count == many->wanted)
        ew_loop_stop(many->loop);
}

START_TEST(those_beyond_the_cap_wait_their_turn)
{
    struct mint_chain *c = mint_chain(NULL);
    struct tls_peer_spec spec = {.certs = {c->leaf, c->mid}, .key = c->leaf_key};
    struct tls_peer *peer = tls_peer_start(&spec);
    struct many many = {.loop = ew_loop_new(), .wanted = 20};
    struct ew_probe_config config = {.tls_parallel = 2};
    struct ew_prober *prober = NULL;
    ck_assert_int_eq(ew_prober_new(many.loop, &config, &prober, NULL), 0);
    struct ew_want want = {.kind = EW_WANT_TLS,
                           .key = "k",
                           .address = "127.0.0.1",
                           .port = tls_peer_port(peer),
                           .sni = "good.example"};
    for (int i = 0; i < many.wanted; i++)
        ew_prober_fetch(prober, &want, count_good, &many);
    ew_loop_run(many.loop);
    ck_assert_int_eq(many.count, 20);
    ew_prober_free(prober);
    ew_loop_free(many.loop);
    tls_peer_stop(peer);
    mint_chain_free(c);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("probe tls");
    TCase *t = tcase_create("tls");
    tcase_set_timeout(t, 20);
    tcase_add_test(t, healthy_handshake);
    tcase_add_test(t, system_store_is_the_default);
    tcase_add_test(t, expired_and_for_another_name);
    tcase_add_test(t, missing_intermediate);
    tcase_add_test(t, self_signed);
    tcase_add_test(t, address_is_matched_without_a_name);
    tcase_add_test(t, refused_name_is_an_alert);
    tcase_add_loop_test(t, needed_client_certificate, 0, 2);
    tcase_add_loop_test(t, wanted_client_certificate, 0, 2);
    tcase_add_test(t, old_server_is_looked_at);
    tcase_add_test(t, hanging_up_after_the_handshake_is_a_handshake);
    tcase_add_loop_test(t, other_peers, 0, (int)EW_COUNT(others));
    tcase_add_test(t, closed_port_is_an_error);
    tcase_add_loop_test(t, cancel_in_any_phase, 0, 14);
    tcase_add_test(t, those_beyond_the_cap_wait_their_turn);
    suite_add_tcase(s, t);
    return s;
}
