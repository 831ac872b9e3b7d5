/* Certificates and keys out of PEM text. */
#ifndef EW_CERT_PEM_H
#define EW_CERT_PEM_H

#include <openssl/x509.h>
#include <stddef.h>

/* All certificates of the text in their order, at most 100; never NULL. *broken, when not NULL, is
 * set to whether something that began like one could not be read. OpenSSL's errors are cleared. */
STACK_OF(X509) * pem_read_certs(const char *pem, size_t len, int *broken);
/* A private key, never asking for a pass phrase; NULL when it is none. */
EVP_PKEY *pem_read_key(const char *pem, size_t len);

#endif
