/* Certificates for tests, made on the spot. Everything returned is the caller's to free. */
#ifndef TESTS_UNIT_MINT_H
#define TESTS_UNIT_MINT_H

#include <openssl/ssl.h>
#include <stdbool.h>

struct mint_spec {
    const char *cn;
    const char *sans;    /* as OpenSSL's configuration has them: "DNS:a.example,IP:192.0.2.1" */
    int from_days, days; /* valid from now + from_days, for days (0: 90) */
    bool ca;
    const char *aia; /* "caIssuers;URI:http://…" */
    X509 *issuer;    /* NULL: itself */
    EVP_PKEY *issuer_key;
};

EVP_PKEY *mint_key(void); /* EC P-256 */
X509 *mint(const struct mint_spec *spec, EVP_PKEY *key);
char *mint_pem(X509 *const *certs); /* NULL-terminated */
char *mint_key_pem(EVP_PKEY *key, const char *pass_phrase);

/* A root, an intermediate below it, and a leaf for "good.example" below that. */
struct mint_chain {
    EVP_PKEY *root_key, *mid_key, *leaf_key;
    X509 *root, *mid, *leaf;
};
/* spec: of the leaf; its issuer is set here. NULL: a good one. */
struct mint_chain *mint_chain(const struct mint_spec *leaf);
void mint_chain_free(struct mint_chain *chain);

#endif
