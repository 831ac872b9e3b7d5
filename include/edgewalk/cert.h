/* Certificates read and checked (OpenSSL). Pure: bytes in, facts out. The time to judge by is
 * given. CERT is the shape of fact/keys.h. */
#ifndef EDGEWALK_CERT_H
#define EDGEWALK_CERT_H

#include "edgewalk/json.h"

/* The trust store: system roots, or a PEM bundle instead. Counted; may be shared by threads once
 * made. Loading the system's takes 20-35 ms: io's helper thread does it. */
struct ew_trust;
int ew_trust_load(const char *pem_file, struct ew_trust **out,
                  struct ew_err *err); /* NULL: system */
int ew_trust_from_pem(const char *pem, size_t len, struct ew_trust **out, struct ew_err *err);
struct ew_trust *ew_trust_ref(struct ew_trust *trust); /* NULL is allowed */
void ew_trust_unref(struct ew_trust *trust);           /* NULL is allowed */
void *ew_trust_store(struct ew_trust *trust);          /* X509_STORE *, for probe/ and io/ */

/* One DER certificate as CERT; NULL when it is none. */
struct ew_json *ew_cert_describe(struct ew_doc *doc, const unsigned char *der, size_t len);
/* X509 * and STACK_OF(X509) * as CERT and [CERT], for probe/. */
struct ew_json *ew_cert_describe_x509(struct ew_doc *doc, void *x509);
struct ew_json *ew_cert_describe_chain(struct ew_doc *doc, void *x509_stack);

/* The `certificate` member of a pruned Secret (fact/keys.h) from tls.crt and tls.key, either of
 * which may be NULL. The key is parsed only to see whether it fits, never asks for a pass phrase,
 * and is wiped; the caller wipes its own copy. */
struct ew_json *ew_cert_describe_pair(struct ew_doc *doc, const char *crt_pem, size_t crt_len,
                                      const char *key_pem, size_t key_len);

/* Whether a certificate for these SANs ("dns:…", "ip:…") covers host, by RFC 6125 §6.4.3: a
 * wildcard stands for exactly one whole left-most label. *matched is the SAN, in sans' memory. No
 * SAN: never (the subject's CN is not looked at). */
bool ew_cert_covers(const struct ew_json *sans, const char *host, const char **matched);

/* Whether the chain (leaf first) leads to the store at that time. Adds {depth, code, name, text} to
 * errors for each that OpenSSL raises. */
bool ew_cert_verify_chain(void *x509_stack, struct ew_trust *trust, int64_t now_ms,
                          struct ew_doc *doc, struct ew_json *errors);
/* What a stapled OCSP response says of the leaf: "good", "revoked", "unknown"; NULL when it is
 * none, or not signed by the chain's CA. */
const char *ew_cert_stapled_status(const unsigned char *response, size_t len, void *x509_stack,
                                   struct ew_trust *trust);
/* Whether the first certificate of the PEM text, with the others as intermediates, is one that a
 * client may present to who trusts the CAs of ca_pem, at that time. */
bool ew_cert_issued_by(const char *pem, const char *ca_pem, int64_t now_ms);
/* The certificates of a PEM text written anew, and nothing else that stood in it (keys, comments);
 * the caller's, "" when there are none. */
char *ew_cert_pem_only(const char *pem, size_t len);
/* Short name of an X509_V_ERR_… code: "cert-has-expired"; "other" for a rare one. */
const char *ew_cert_error_name(int code);

#endif
