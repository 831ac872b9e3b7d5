/* A CA and its leaves as PEM texts, on top of mint.h. */
#ifndef TESTS_UNIT_PKI_H
#define TESTS_UNIT_PKI_H

#include "mint.h"

#include <stdlib.h>

struct pki {
    EVP_PKEY *key;
    X509 *x509;
    char *cert_pem, *key_pem;
};

static inline struct pki pki_of(const struct mint_spec *spec)
{
    struct pki pki = {.key = mint_key()};
    pki.x509 = mint(spec, pki.key);
    pki.cert_pem = mint_pem((X509 *const[]){pki.x509, NULL});
    pki.key_pem = mint_key_pem(pki.key, NULL);
    return pki;
}

static inline struct pki pki_ca(const char *name)
{
    return pki_of(&(struct mint_spec){.cn = name, .ca = true});
}

/* sans as mint.h has them, NULL for a client; expired: since ten days. */
static inline struct pki pki_leaf(const struct pki *ca, const char *name, const char *sans,
                                  bool expired)
{
    return pki_of(&(struct mint_spec){.cn = name,
                                      .sans = sans,
                                      .from_days = expired ? -20 : 0,
                                      .days = expired ? 10 : 90,
                                      .issuer = ca->x509,
                                      .issuer_key = ca->key});
}

static inline void pki_release(struct pki *pki)
{
    EVP_PKEY_free(pki->key);
    X509_free(pki->x509);
    free(pki->cert_pem);
    free(pki->key_pem);
}

#endif
