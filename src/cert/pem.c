#include "config.h"

#include "pem.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>

enum { CERTS_MAX = 100 };

/* OpenSSL's own asks on the terminal. */
static int no_pass_phrase(char *buf, int size, int writing, void *ctx)
{
    (void)buf;
    (void)size;
    (void)writing;
    (void)ctx;
    return -1;
}

static BIO *bio_of(const char *pem, size_t len)
{
    BIO *bio = BIO_new_mem_buf(pem ? pem : "", len > INT_MAX ? INT_MAX : (int)len);
    if (!bio)
        abort();
    return bio;
}

STACK_OF(X509) * pem_read_certs(const char *pem, size_t len, int *broken)
{
    STACK_OF(X509) *certs = sk_X509_new_null();
    BIO *bio = bio_of(pem, len);
    if (!certs)
        abort();
    ERR_clear_error();
    while (sk_X509_num(certs) < CERTS_MAX) {
        X509 *cert = PEM_read_bio_X509(bio, NULL, no_pass_phrase, NULL);
        if (!cert)
            break;
        sk_X509_push(certs, cert);
    }
    unsigned long last = ERR_peek_last_error();
    if (broken) /* the loop always ends with an error; "no start line" is the end of the text */
        *broken = last && ERR_GET_REASON(last) != PEM_R_NO_START_LINE;
    ERR_clear_error();
    BIO_free(bio);
    return certs;
}

EVP_PKEY *pem_read_key(const char *pem, size_t len)
{
    BIO *bio = bio_of(pem, len);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, no_pass_phrase, NULL);
    ERR_clear_error();
    BIO_free(bio);
    return key;
}
