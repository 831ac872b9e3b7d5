/* Chains verified offline, against any store, at any time. */
#include "config.h"

#include "edgewalk/cert.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>

struct collector {
    struct ew_doc *doc;
    struct ew_json *errors;
};

static bool noted(const struct ew_json *errors, int depth, int code)
{
    EW_JSON_EACH(error, errors)
    if (ew_json_get_int(error, "depth", -1) == depth && ew_json_get_int(error, "code", -1) == code)
        return true;
    return false;
}

/* Goes on past every error, so that all of them are seen. */
static int on_error(int ok, X509_STORE_CTX *ctx)
{
    struct collector *c = X509_STORE_CTX_get_app_data(ctx);
    int depth = X509_STORE_CTX_get_error_depth(ctx), code = X509_STORE_CTX_get_error(ctx);
    if (ok || noted(c->errors, depth, code))
        return 1;
    struct ew_json *error = ew_json_object(c->doc);
    ew_json_set_num(c->doc, error, "depth", depth);
    ew_json_set_num(c->doc, error, "code", code);
    ew_json_set_str(c->doc, error, "name", ew_cert_error_name(code));
    ew_json_set_str(c->doc, error, "text", X509_verify_cert_error_string(code));
    ew_json_add(c->doc, c->errors, error);
    return 1;
}

bool ew_cert_verify_chain(void *x509_stack, struct ew_trust *trust, int64_t now_ms,
                          struct ew_doc *doc, struct ew_json *errors)
{
    struct collector collector = {doc, errors};
    size_t before = ew_json_count(errors);
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    if (!ctx)
        abort();
    X509 *leaf = sk_X509_num(x509_stack) > 0 ? sk_X509_value(x509_stack, 0) : NULL;
    bool ran = leaf && X509_STORE_CTX_init(ctx, ew_trust_store(trust), leaf, x509_stack) == 1;
    if (ran) {
        X509_STORE_CTX_set_default(ctx, "ssl_server");
        X509_STORE_CTX_set_time(ctx, 0, (time_t)(now_ms / 1000));
        /* As curl, kubectl and browsers' roots: what is in the store is trusted, root or not. */
        X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
        X509_STORE_CTX_set_app_data(ctx, &collector);
        X509_STORE_CTX_set_verify_cb(ctx, on_error);
        ran = X509_verify_cert(ctx) == 1;
    }
    X509_STORE_CTX_free(ctx);
    ERR_clear_error();
    return ran && ew_json_count(errors) == before;
}

const char *ew_cert_stapled_status(const unsigned char *response, size_t len, void *x509_stack,
                                   struct ew_trust *trust)
{
    static const char *const words[] = {[V_OCSP_CERTSTATUS_GOOD] = "good",
                                        [V_OCSP_CERTSTATUS_REVOKED] = "revoked",
                                        [V_OCSP_CERTSTATUS_UNKNOWN] = "unknown"};
    const char *word = NULL;
    const unsigned char *at = response;
    OCSP_RESPONSE *outer = response ? d2i_OCSP_RESPONSE(NULL, &at, (long)len) : NULL;
    OCSP_BASICRESP *basic = outer ? OCSP_response_get1_basic(outer) : NULL;
    /* A staple that its CA did not sign says nothing. */
    if (basic && OCSP_basic_verify(basic, x509_stack, ew_trust_store(trust), 0) == 1) {
        const OCSP_SINGLERESP *single = OCSP_resp_get0(basic, 0);
        int status =
            single ? OCSP_single_get0_status((OCSP_SINGLERESP *)single, NULL, NULL, NULL, NULL)
                   : -1;
        if (status >= 0 && (size_t)status < EW_COUNT(words))
            word = words[status];
    }
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(outer);
    ERR_clear_error();
    return word;
}

static const struct {
    int code;
    const char *name;
} error_names[] = {
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "unable-to-get-issuer-cert"},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, "cert-signature-failure"},
    {X509_V_ERR_CERT_NOT_YET_VALID, "cert-not-yet-valid"},
    {X509_V_ERR_CERT_HAS_EXPIRED, "cert-has-expired"},
    {X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, "error-in-cert-not-before-field"},
    {X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, "error-in-cert-not-after-field"},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "depth-zero-self-signed-cert"},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "self-signed-cert-in-chain"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "unable-to-get-issuer-cert-locally"},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "unable-to-verify-leaf-signature"},
    {X509_V_ERR_CERT_CHAIN_TOO_LONG, "cert-chain-too-long"},
    {X509_V_ERR_CERT_REVOKED, "cert-revoked"},
    {X509_V_ERR_INVALID_CA, "invalid-ca"},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, "path-length-exceeded"},
    {X509_V_ERR_INVALID_PURPOSE, "invalid-purpose"},
    {X509_V_ERR_CERT_UNTRUSTED, "cert-untrusted"},
    {X509_V_ERR_CERT_REJECTED, "cert-rejected"},
    {X509_V_ERR_SUBJECT_ISSUER_MISMATCH, "subject-issuer-mismatch"},
    {X509_V_ERR_AKID_SKID_MISMATCH, "akid-skid-mismatch"},
    {X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH, "akid-issuer-serial-mismatch"},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, "keyusage-no-certsign"},
    {X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, "unhandled-critical-extension"},
    {X509_V_ERR_PERMITTED_VIOLATION, "permitted-violation"},
    {X509_V_ERR_EXCLUDED_VIOLATION, "excluded-violation"},
    {X509_V_ERR_INVALID_EXTENSION, "invalid-extension"},
    {X509_V_ERR_HOSTNAME_MISMATCH, "hostname-mismatch"},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, "ip-address-mismatch"},
    {X509_V_ERR_EE_KEY_TOO_SMALL, "ee-key-too-small"},
    {X509_V_ERR_CA_KEY_TOO_SMALL, "ca-key-too-small"},
    {X509_V_ERR_CA_MD_TOO_WEAK, "ca-md-too-weak"},
    {X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM, "unsupported-signature-algorithm"},
    {X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH, "signature-algorithm-mismatch"},
};

const char *ew_cert_error_name(int code)
{
    for (size_t i = 0; i < EW_COUNT(error_names); i++)
        if (error_names[i].code == code)
            return error_names[i].name;
    return "other";
}
