/* Client certificates against the CAs that an edge trusts. */
#include "config.h"

#include "edgewalk/cert.h"

#include "pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>

static X509_STORE *store_of(const STACK_OF(X509) * authorities)
{
    X509_STORE *store = X509_STORE_new();
    if (!store)
        abort();
    for (int i = 0; i < sk_X509_num(authorities); i++)
        X509_STORE_add_cert(store, sk_X509_value(authorities, i));
    return store;
}

static bool verifies(X509_STORE *store, STACK_OF(X509) * chain, int64_t now_ms)
{
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    if (!ctx)
        abort();
    bool good = X509_STORE_CTX_init(ctx, store, sk_X509_value(chain, 0), chain) == 1;
    if (good) {
        X509_STORE_CTX_set_default(ctx, "ssl_client");
        X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
        X509_STORE_CTX_set_time(ctx, 0, (time_t)(now_ms / 1000));
        good = X509_verify_cert(ctx) == 1;
    }
    X509_STORE_CTX_free(ctx);
    return good;
}

bool ew_cert_issued_by(const char *pem, const char *ca_pem, int64_t now_ms)
{
    STACK_OF(X509) *chain = pem_read_certs(pem, strlen(pem), NULL);
    STACK_OF(X509) *authorities = pem_read_certs(ca_pem, strlen(ca_pem), NULL);
    X509_STORE *store = store_of(authorities);
    bool good = sk_X509_num(chain) > 0 && verifies(store, chain, now_ms);
    X509_STORE_free(store);
    sk_X509_pop_free(chain, X509_free);
    sk_X509_pop_free(authorities, X509_free);
    ERR_clear_error();
    return good;
}

char *ew_cert_pem_only(const char *pem, size_t len)
{
    STACK_OF(X509) *certs = pem_read_certs(pem, len, NULL);
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    if (!bio)
        abort();
    for (int i = 0; i < sk_X509_num(certs); i++)
        PEM_write_bio_X509(bio, sk_X509_value(certs, i));
    long size = BIO_get_mem_data(bio, &text);
    char *copy = ew_strndup(size > 0 ? text : "", size > 0 ? (size_t)size : 0);
    BIO_free(bio);
    sk_X509_pop_free(certs, X509_free);
    ERR_clear_error();
    return copy;
}
