/* Handshakes looked at. */
#ifndef JUDGE_TLS_H
#define JUDGE_TLS_H

#include "judging.h"

/* Codes of OpenSSL's x509_vfy.h, as facts carry them. */
enum {
    V_NO_ISSUER = 2,
    V_EXPIRED = 10,
    V_SELF_SIGNED = 18,
    V_SELF_SIGNED_IN_CHAIN = 19,
    V_NO_ISSUER_LOCALLY = 20,
    V_NO_VERIFY_LEAF = 21,
};

const struct ew_json *leaf_of(struct got got); /* NULL: none was shown */
int64_t not_after(const struct ew_json *cert);
/* What is wrong with a handshake, in a few words; NULL: nothing. */
const char *fault_of(struct judging *j, struct got got);
/* Whether a TLS block of an Ingress names the host of the walk. */
bool tls_block_names_host(const struct judging *j, const struct ew_json *block);

#endif
