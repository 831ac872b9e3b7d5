/* Certificates made on the spot, with every fault that a scenario names. One authority a stage: a
 * root
 * ("--cacert"), an intermediate below it, and a stranger that nobody trusts. */
#ifndef LAB_CERTS_H
#define LAB_CERTS_H

#include "edgewalk/json.h"

#include <openssl/ssl.h>

struct lab_cert {
    X509 *leaf;
    EVP_PKEY *key;
    STACK_OF(X509) * chain; /* what is sent after the leaf */
    char *pem, *key_pem;    /* leaf and chain; private key */
};

struct lab_certs;
/* now: seconds since 1970, from which all dates count. */
struct lab_certs *lab_certs_new(int64_t now);
void lab_certs_free(struct lab_certs *certs);
/* Makes the certificate that spec (doc/scenario-format.md, "certificates") describes. */
int lab_certs_make(struct lab_certs *certs, const char *name, const struct ew_json *spec,
                   struct ew_err *err);
const struct lab_cert *lab_certs_find(const struct lab_certs *certs, const char *name);
const char *lab_certs_root_pem(const struct lab_certs *certs);
X509 *lab_certs_root(const struct lab_certs *certs);

#endif
