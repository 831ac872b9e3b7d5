#include "config.h"

#include "mint.h"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 24 * 60 * 60 };

EVP_PKEY *mint_key(void)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    if (!key)
        abort();
    return key;
}

static void extend(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    if (!extension || X509_add_ext(cert, extension, -1) != 1)
        abort();
    X509_EXTENSION_free(extension);
}

X509 *mint(const struct mint_spec *spec, EVP_PKEY *key)
{
    unsigned char serial = 1;
    X509 *cert = X509_new(), *issuer = spec->issuer ? spec->issuer : cert;
    X509_NAME *name = X509_NAME_new();
    if (!cert || !name)
        abort();
    RAND_bytes(&serial, 1);
    X509_set_version(cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 0x1000 + serial);
    long days = spec->days ? spec->days : 90;
    X509_gmtime_adj(X509_getm_notBefore(cert), (long)spec->from_days * DAY - 60);
    X509_gmtime_adj(X509_getm_notAfter(cert), (spec->from_days + days) * DAY);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)spec->cn, -1, -1,
                               0);
    X509_set_subject_name(cert, name);
    X509_set_issuer_name(cert, X509_get_subject_name(issuer));
    X509_set_pubkey(cert, key);
    if (spec->ca)
        extend(cert, issuer, NID_basic_constraints, "critical,CA:TRUE");
    if (spec->sans)
        extend(cert, issuer, NID_subject_alt_name, spec->sans);
    if (spec->aia)
        extend(cert, issuer, NID_info_access, spec->aia);
    if (!X509_sign(cert, spec->issuer_key ? spec->issuer_key : key, EVP_sha256()))
        abort();
    X509_NAME_free(name);
    return cert;
}

static char *text_of(BIO *bio)
{
    char *data = NULL;
    long len = BIO_get_mem_data(bio, &data);
    char *text = calloc(1, (size_t)len + 1);
    memcpy(text, data, (size_t)len);
    BIO_free(bio);
    return text;
}

char *mint_pem(X509 *const *certs)
{
    BIO *bio = BIO_new(BIO_s_mem());
    for (; *certs; certs++)
        PEM_write_bio_X509(bio, *certs);
    return text_of(bio);
}

char *mint_key_pem(EVP_PKEY *key, const char *pass_phrase)
{
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, pass_phrase ? EVP_aes_128_cbc() : NULL,
                             (const unsigned char *)pass_phrase,
                             pass_phrase ? (int)strlen(pass_phrase) : 0, NULL, NULL);
    return text_of(bio);
}

struct mint_chain *mint_chain(const struct mint_spec *leaf)
{
    struct mint_chain *c = calloc(1, sizeof(*c));
    struct mint_spec own = {.cn = "good.example", .sans = "DNS:good.example"};
    if (leaf)
        own = *leaf;
    c->root_key = mint_key();
    c->mid_key = mint_key();
    c->leaf_key = mint_key();
    c->root = mint(&(struct mint_spec){.cn = "Test Root", .ca = true, .days = 3650}, c->root_key);
    c->mid = mint(&(struct mint_spec){.cn = "Test Intermediate",
                                      .ca = true,
                                      .days = 3000,
                                      .issuer = c->root,
                                      .issuer_key = c->root_key},
                  c->mid_key);
    own.issuer = c->mid;
    own.issuer_key = c->mid_key;
    c->leaf = mint(&own, c->leaf_key);
    return c;
}

void mint_chain_free(struct mint_chain *c)
{
    X509_free(c->root);
    X509_free(c->mid);
    X509_free(c->leaf);
    EVP_PKEY_free(c->root_key);
    EVP_PKEY_free(c->mid_key);
    EVP_PKEY_free(c->leaf_key);
    free(c);
}
