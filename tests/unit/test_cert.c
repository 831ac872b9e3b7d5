/* Certificates read, matched and verified. */
#include "config.h"

#include "edgewalk/cert.h"

#include "mint.h"
#include "unit.h"

#include <openssl/err.h>
#include <string.h>
#include <time.h>

static int64_t now_ms(void)
{
    return (int64_t)time(NULL) * 1000;
}

static struct ew_trust *trust_in(X509 *root)
{
    struct ew_trust *trust = NULL;
    char *pem = mint_pem((X509 *[]){root, NULL});
    ck_assert_int_eq(ew_trust_from_pem(pem, strlen(pem), &trust, NULL), 0);
    free(pem);
    return trust;
}

static STACK_OF(X509) * stack_of(X509 *a, X509 *b)
{
    STACK_OF(X509) *stack = sk_X509_new_null();
    sk_X509_push(stack, a);
    if (b)
        sk_X509_push(stack, b);
    return stack;
}

START_TEST(describe_says_what_stands_in_it)
{
    struct mint_chain *c = mint_chain(&(struct mint_spec){
        .cn = "Good \xc3\xbc",
        .sans = "DNS:good.example,DNS:*.Good.example,IP:192.0.2.1,IP:2001:db8::1,email:a@b.example",
        .aia = "caIssuers;URI:http://ca.example/r3.der"});
    struct ew_doc *doc = ew_doc_new();
    unsigned char *der = NULL;
    int len = i2d_X509(c->leaf, &der);
    const struct ew_json *cert = ew_cert_describe(doc, der, (size_t)len);
    ck_assert_ptr_nonnull(cert);
    ck_assert_str_eq(ew_json_get_str(cert, "subject", ""), "CN=Good \xc3\xbc");
    ck_assert_str_eq(ew_json_get_str(cert, "issuer", ""), "CN=Test Intermediate");
    ck_assert_uint_eq(strlen(ew_json_get_str(cert, "serial", "")), 4);
    ck_assert_uint_eq(strlen(ew_json_get_str(cert, "fingerprint", "")), 64);
    ck_assert_str_eq(ew_json_get_str(cert, "key", ""), "EC P-256");
    ck_assert_str_eq(ew_json_get_str(cert, "signature", ""), "ecdsa-with-SHA256");
    ck_assert(!ew_json_get_bool(cert, "self_issued", true));
    ck_assert(!ew_json_get_bool(cert, "ca", true));
    ck_assert(ew_json_get_bool(cert, "aia", false));
    double left = ew_json_num(ew_json_get(cert, "not_after"), 0) - (double)now_ms();
    ck_assert(left > 89.9 * 86400e3 && left < 90.1 * 86400e3);
    const struct ew_json *sans = ew_json_get(cert, "sans");
    ck_assert_uint_eq(ew_json_count(sans), 4);
    ck_assert_str_eq(ew_json_str(ew_json_item(sans, 1)), "dns:*.Good.example");
    ck_assert_str_eq(ew_json_str(ew_json_item(sans, 2)), "ip:192.0.2.1");
    ck_assert_str_eq(ew_json_str(ew_json_item(sans, 3)), "ip:2001:db8::1");
    const struct ew_json *root = ew_cert_describe_x509(doc, c->root);
    ck_assert(ew_json_get_bool(root, "self_issued", false));
    ck_assert(ew_json_get_bool(root, "ca", false));
    ck_assert(!ew_json_get_bool(root, "aia", true));
    OPENSSL_free(der);
    ew_doc_unref(doc);
    mint_chain_free(c);
}
END_TEST

START_TEST(what_is_no_certificate_is_none)
{
    struct ew_doc *doc = ew_doc_new();
    ck_assert_ptr_null(ew_cert_describe(doc, (const unsigned char *)"hello", 5));
    ck_assert_ptr_null(ew_cert_describe(doc, (const unsigned char *)"", 0));
    ck_assert_uint_eq(ERR_peek_error(), 0);
    ew_doc_unref(doc);
}
END_TEST

static const struct {
    const char *san, *host;
    bool covers;
} cases[] = {
    {"dns:good.example", "good.example", true},
    {"dns:Good.Example", "gOOD.example", true},
    {"dns:good.example", "good.example.", true},
    {"dns:good.example", "a.good.example", false},
    {"dns:*.good.example", "a.good.example", true},
    {"dns:*.good.example", "good.example", false},
    {"dns:*.good.example", "a.b.good.example", false},
    {"dns:*.good.example", ".good.example", false},
    {"dns:*.example", "good.example", false},
    {"dns:a*.good.example", "ab.good.example", false},
    {"dns:*", "good", false},
    {"dns:*.", "a.", false},
    {"dns:", "", false},
    {"dns:good.example\\x00.evil.example", "good.example", false},
    {"dns:192.0.2.1", "192.0.2.1", false},
    {"ip:192.0.2.1", "192.0.2.1", true},
    {"ip:192.0.2.1", "192.0.2.10", false},
    {"ip:2001:db8::1", "2001:DB8:0:0::1", true},
    {"ip:192.0.2.1", "good.example", false},
    {"good.example", "good.example", false},
};

START_TEST(names_match_by_the_rule)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *sans = ew_json_array(doc);
    ew_json_add(doc, sans, ew_json_string(doc, cases[_i].san));
    const char *matched = NULL;
    ck_assert_msg(ew_cert_covers(sans, cases[_i].host, &matched) == cases[_i].covers, "%s for %s",
                  cases[_i].san, cases[_i].host);
    if (cases[_i].covers)
        ck_assert_str_eq(matched, cases[_i].san);
    else
        ck_assert_ptr_null(matched);
    ew_doc_unref(doc);
}
END_TEST

START_TEST(without_names_nothing_matches)
{
    ck_assert(!ew_cert_covers(NULL, "good.example", NULL));
}
END_TEST

struct verdict {
    struct ew_doc *doc;
    struct ew_json *errors;
    bool good;
};

static struct verdict verify(STACK_OF(X509) * sent, struct ew_trust *trust, int64_t at_ms)
{
    struct verdict v = {.doc = ew_doc_new()};
    v.errors = ew_json_array(v.doc);
    v.good = ew_cert_verify_chain(sent, trust, at_ms, v.doc, v.errors);
    sk_X509_free(sent);
    ew_trust_unref(trust);
    return v;
}

static bool raised(const struct verdict *v, int depth, const char *name)
{
    EW_JSON_EACH(error, v->errors)
    if (ew_json_get_int(error, "depth", -1) == depth &&
        !strcmp(ew_json_get_str(error, "name", ""), name) && ew_json_get_str(error, "text", NULL))
        return true;
    return false;
}

START_TEST(whole_chain_verifies)
{
    struct mint_chain *c = mint_chain(NULL);
    struct verdict v = verify(stack_of(c->leaf, c->mid), trust_in(c->root), now_ms());
    ck_assert(v.good);
    ck_assert_uint_eq(ew_json_count(v.errors), 0);
    ew_doc_unref(v.doc);
    mint_chain_free(c);
}
END_TEST

START_TEST(intermediate_in_the_store_is_trusted_itself)
{
    struct mint_chain *c = mint_chain(NULL);
    struct verdict v = verify(stack_of(c->leaf, NULL), trust_in(c->mid), now_ms());
    ck_assert(v.good);
    ew_doc_unref(v.doc);
    mint_chain_free(c);
}
END_TEST

START_TEST(missing_intermediate_is_told)
{
    struct mint_chain *c = mint_chain(NULL);
    struct verdict v = verify(stack_of(c->leaf, NULL), trust_in(c->root), now_ms());
    ck_assert(!v.good);
    ck_assert(raised(&v, 0, "unable-to-get-issuer-cert-locally"));
    ck_assert_uint_eq(ew_json_count(v.errors), 1);
    ew_doc_unref(v.doc);
    mint_chain_free(c);
}
END_TEST

START_TEST(dates_count_from_the_given_time)
{
    struct mint_chain *c = mint_chain(NULL);
    int64_t day = 86400000;
    struct verdict late =
        verify(stack_of(c->leaf, c->mid), trust_in(c->root), now_ms() + 100 * day);
    ck_assert(!late.good);
    ck_assert(raised(&late, 0, "cert-has-expired"));
    ck_assert_uint_eq(ew_json_count(late.errors), 1);
    struct verdict early =
        verify(stack_of(c->leaf, c->mid), trust_in(c->root), now_ms() - 100 * day);
    ck_assert(!early.good);
    ck_assert(raised(&early, 0, "cert-not-yet-valid"));
    ck_assert(raised(&early, 1, "cert-not-yet-valid"));
    ck_assert(raised(&early, 2, "cert-not-yet-valid"));
    ew_doc_unref(late.doc);
    ew_doc_unref(early.doc);
    mint_chain_free(c);
}
END_TEST

START_TEST(all_that_is_wrong_is_told)
{
    struct mint_chain *c =
        mint_chain(&(struct mint_spec){.cn = "old", .from_days = -90, .days = 80});
    struct mint_chain *other = mint_chain(NULL);
    /* What the store holds is a stranger: the leaf of another chain. */
    struct verdict v = verify(stack_of(c->leaf, c->mid), trust_in(other->leaf), now_ms());
    ck_assert(!v.good);
    ck_assert(raised(&v, 0, "cert-has-expired"));
    ck_assert(raised(&v, 1, "unable-to-get-issuer-cert-locally"));
    ew_doc_unref(v.doc);
    mint_chain_free(c);
    mint_chain_free(other);
}
END_TEST

START_TEST(self_signed_is_told)
{
    EVP_PKEY *key = mint_key();
    X509 *cert = mint(&(struct mint_spec){.cn = "self", .sans = "DNS:self"}, key);
    struct mint_chain *other = mint_chain(NULL);
    struct verdict v = verify(stack_of(cert, NULL), trust_in(other->root), now_ms());
    ck_assert(!v.good);
    ck_assert(raised(&v, 0, "depth-zero-self-signed-cert"));
    ew_doc_unref(v.doc);
    X509_free(cert);
    EVP_PKEY_free(key);
    mint_chain_free(other);
}
END_TEST

START_TEST(no_chain_never_verifies)
{
    struct mint_chain *c = mint_chain(NULL);
    struct verdict v = verify(sk_X509_new_null(), trust_in(c->root), now_ms());
    ck_assert(!v.good);
    ew_doc_unref(v.doc);
    mint_chain_free(c);
}
END_TEST

START_TEST(trust_that_cannot_be_loaded_is_said)
{
    struct ew_trust *trust = NULL;
    struct ew_err err = {0};
    ck_assert_int_eq(ew_trust_load("/nonexistent/ca.pem", &trust, &err), EW_EUSAGE);
    ck_assert_ptr_nonnull(strstr(err.message, "/nonexistent/ca.pem"));
    ck_assert_int_eq(ew_trust_load("/dev/null", &trust, &err), EW_EUSAGE);
    ck_assert_int_eq(ew_trust_from_pem("rubbish", 7, &trust, &err), EW_EUSAGE);
    ck_assert_ptr_null(trust);
}
END_TEST

struct pair {
    struct ew_doc *doc;
    const struct ew_json *node;
};

static struct pair describe(const char *crt, const char *key)
{
    struct pair p = {.doc = ew_doc_new()};
    p.node = ew_cert_describe_pair(p.doc, crt, crt ? strlen(crt) : 0, key, key ? strlen(key) : 0);
    ck_assert_ptr_nonnull(p.node);
    ck_assert_uint_eq(ERR_peek_error(), 0);
    return p;
}

START_TEST(pair_fits_or_does_not)
{
    struct mint_chain *c = mint_chain(NULL);
    char *crt = mint_pem((X509 *[]){c->leaf, c->mid, NULL});
    char *key = mint_key_pem(c->leaf_key, NULL), *other = mint_key_pem(c->mid_key, NULL);
    struct pair good = describe(crt, key), bad = describe(crt, other), none = describe(crt, NULL);
    ck_assert_uint_eq(ew_json_count(ew_json_get(good.node, "chain")), 2);
    ck_assert(ew_json_get_bool(good.node, "key_fits", false));
    ck_assert(ew_json_get_bool(good.node, "has_key", false));
    ck_assert_ptr_null(ew_json_get(good.node, "error"));
    ck_assert(!ew_json_get_bool(bad.node, "key_fits", true));
    ck_assert(ew_json_get_bool(bad.node, "has_key", false));
    ck_assert_ptr_null(ew_json_get(bad.node, "error"));
    ck_assert(!ew_json_get_bool(none.node, "has_key", true));
    ew_doc_unref(good.doc);
    ew_doc_unref(bad.doc);
    ew_doc_unref(none.doc);
    free(crt);
    free(key);
    free(other);
    mint_chain_free(c);
}
END_TEST

START_TEST(broken_pair_is_said_to_be)
{
    struct mint_chain *c = mint_chain(NULL);
    char *crt = mint_pem((X509 *[]){c->leaf, NULL}), *locked = mint_key_pem(c->leaf_key, "secret");
    struct pair no_crt = describe(NULL, NULL), text = describe("hello", NULL);
    struct pair key = describe(crt, locked); /* must not ask for the pass phrase */
    ck_assert_ptr_nonnull(strstr(ew_json_get_str(no_crt.node, "error", ""), "missing"));
    ck_assert_ptr_nonnull(strstr(ew_json_get_str(text.node, "error", ""), "no certificate"));
    ck_assert_ptr_nonnull(strstr(ew_json_get_str(key.node, "error", ""), "pass phrase"));
    ck_assert(!ew_json_get_bool(key.node, "key_fits", true));
    crt[60] = crt[60] == 'A' ? 'B' : 'A';
    crt[61] = '!';
    struct pair cut = describe(crt, NULL);
    ck_assert_ptr_nonnull(strstr(ew_json_get_str(cut.node, "error", ""), "cannot be read"));
    ew_doc_unref(no_crt.doc);
    ew_doc_unref(text.doc);
    ew_doc_unref(key.doc);
    ew_doc_unref(cut.doc);
    free(crt);
    free(locked);
    mint_chain_free(c);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("cert");
    TCase *t = tcase_create("cert");
    tcase_set_timeout(t, 20);
    tcase_add_test(t, describe_says_what_stands_in_it);
    tcase_add_test(t, what_is_no_certificate_is_none);
    tcase_add_loop_test(t, names_match_by_the_rule, 0, (int)EW_COUNT(cases));
    tcase_add_test(t, without_names_nothing_matches);
    tcase_add_test(t, whole_chain_verifies);
    tcase_add_test(t, intermediate_in_the_store_is_trusted_itself);
    tcase_add_test(t, missing_intermediate_is_told);
    tcase_add_test(t, dates_count_from_the_given_time);
    tcase_add_test(t, all_that_is_wrong_is_told);
    tcase_add_test(t, self_signed_is_told);
    tcase_add_test(t, no_chain_never_verifies);
    tcase_add_test(t, trust_that_cannot_be_loaded_is_said);
    tcase_add_test(t, pair_fits_or_does_not);
    tcase_add_test(t, broken_pair_is_said_to_be);
    suite_add_tcase(s, t);
    return s;
}
