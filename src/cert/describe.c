/* Certificates as facts: the shape CERT of fact/keys.h. */
#include "config.h"

#include "edgewalk/cert.h"

#include "pem.h"

#include "edgewalk/base/text.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

enum { NAME_MAX_BYTES = 2048, SANS_MAX = 4096 };

static void set_name(struct ew_doc *doc, struct ew_json *out, const char *key,
                     const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    if (!bio)
        abort();
    /* Control characters escaped, UTF-8 left as it is. */
    X509_NAME_print_ex(bio, name, 0,
                       XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN |
                           (ASN1_STRFLGS_RFC2253 & ~ASN1_STRFLGS_ESC_MSB));
    long len = BIO_get_mem_data(bio, &text);
    size_t take = len < 0 ? 0 : (size_t)len;
    ew_json_set(doc, out, key,
                ew_json_stringn(doc, text, take > NAME_MAX_BYTES ? NAME_MAX_BYTES : take));
    BIO_free(bio);
}

static void set_hex(struct ew_doc *doc, struct ew_json *out, const char *key,
                    const unsigned char *bytes, size_t len)
{
    struct ew_buf hex;
    ew_buf_init(&hex, 256);
    for (size_t i = 0; i < len; i++)
        ew_buf_addf(&hex, "%02x", bytes[i]);
    ew_json_set_str(doc, out, key, ew_buf_text(&hex));
    ew_buf_release(&hex);
}

static void set_serial(struct ew_doc *doc, struct ew_json *out, const X509 *cert)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
    set_hex(doc, out, "serial", ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
}

static void set_time(struct ew_doc *doc, struct ew_json *out, const char *key, const ASN1_TIME *at)
{
    struct tm tm;
    if (ASN1_TIME_to_tm(at, &tm) == 1)
        ew_json_set_num(doc, out, key, (double)timegm(&tm) * 1e3);
}

static void set_fingerprint(struct ew_doc *doc, struct ew_json *out, const X509 *cert)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    if (X509_digest(cert, EVP_sha256(), digest, &len) == 1)
        set_hex(doc, out, "fingerprint", digest, len);
}

static char *key_text(const EVP_PKEY *key)
{
    char group[64] = "";
    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        return ew_fmt("RSA %d", EVP_PKEY_get_bits(key));
    case EVP_PKEY_RSA_PSS:
        return ew_fmt("RSA-PSS %d", EVP_PKEY_get_bits(key));
    case EVP_PKEY_DSA:
        return ew_fmt("DSA %d", EVP_PKEY_get_bits(key));
    case EVP_PKEY_ED25519:
        return ew_strdup("Ed25519");
    case EVP_PKEY_ED448:
        return ew_strdup("Ed448");
    case EVP_PKEY_EC:
        break;
    default:
        return ew_fmt("unknown %d", EVP_PKEY_get_bits(key));
    }
    EVP_PKEY_get_group_name(key, group, sizeof(group), NULL);
    const char *nist = EC_curve_nid2nist(OBJ_sn2nid(group));
    return ew_fmt("EC %s", nist ? nist : group);
}

static void set_key(struct ew_doc *doc, struct ew_json *out, const X509 *cert)
{
    const EVP_PKEY *key = X509_get0_pubkey(cert);
    char *text = key ? key_text(key) : ew_strdup("unreadable");
    ew_json_set_str(doc, out, "key", text);
    free(text);
}

/* A NUL or control character in a name must not make it look like another: escaped, it is none. */
static void add_dns_san(struct ew_doc *doc, struct ew_json *sans, const ASN1_STRING *name)
{
    const unsigned char *bytes = ASN1_STRING_get0_data(name);
    int len = ASN1_STRING_length(name);
    struct ew_buf text;
    ew_buf_init(&text, 512);
    ew_buf_adds(&text, "dns:");
    for (int i = 0; i < len; i++) {
        if (bytes[i] > ' ' && bytes[i] < 0x7f && bytes[i] != '\\')
            ew_buf_add(&text, (const char *)&bytes[i], 1);
        else
            ew_buf_addf(&text, "\\x%02x", bytes[i]);
    }
    ew_json_add(doc, sans, ew_json_string(doc, ew_buf_text(&text)));
    ew_buf_release(&text);
}

static void add_ip_san(struct ew_doc *doc, struct ew_json *sans, const ASN1_STRING *ip)
{
    char address[46];
    if (!ew_ip_text(ASN1_STRING_get0_data(ip), (size_t)ASN1_STRING_length(ip), address))
        return;
    char *text = ew_fmt("ip:%s", address);
    ew_json_add(doc, sans, ew_json_string(doc, text));
    free(text);
}

static void set_sans(struct ew_doc *doc, struct ew_json *out, const X509 *cert)
{
    struct ew_json *sans = ew_json_array(doc);
    GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names) && i < SANS_MAX; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DNS)
            add_dns_san(doc, sans, name->d.dNSName);
        else if (name->type == GEN_IPADD)
            add_ip_san(doc, sans, name->d.iPAddress);
    }
    GENERAL_NAMES_free(names);
    ew_json_set(doc, out, "sans", sans);
}

/* Whether the certificate says where its issuer's can be fetched. */
static bool names_issuer(const X509 *cert)
{
    bool found = false;
    AUTHORITY_INFO_ACCESS *aia = X509_get_ext_d2i(cert, NID_info_access, NULL, NULL);
    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(aia); i++)
        if (OBJ_obj2nid(sk_ACCESS_DESCRIPTION_value(aia, i)->method) == NID_ad_ca_issuers)
            found = true;
    AUTHORITY_INFO_ACCESS_free(aia);
    return found;
}

/* 1: a CA by its basicConstraints; 3: a self-signed one of version 1, which roots may be. */
static bool is_ca(X509 *cert)
{
    int how = X509_check_ca(cert);
    return how == 1 || how == 3;
}

struct ew_json *ew_cert_describe_x509(struct ew_doc *doc, void *x509)
{
    X509 *cert = x509;
    struct ew_json *out = ew_json_object(doc);
    const X509_NAME *subject = X509_get_subject_name(cert), *issuer = X509_get_issuer_name(cert);
    set_name(doc, out, "subject", subject);
    set_name(doc, out, "issuer", issuer);
    set_serial(doc, out, cert);
    set_time(doc, out, "not_before", X509_get0_notBefore(cert));
    set_time(doc, out, "not_after", X509_get0_notAfter(cert));
    set_sans(doc, out, cert);
    set_fingerprint(doc, out, cert);
    ew_json_set_bool(doc, out, "self_issued", X509_NAME_cmp(subject, issuer) == 0);
    ew_json_set_bool(doc, out, "ca", is_ca(cert));
    set_key(doc, out, cert);
    ew_json_set_str(doc, out, "signature", OBJ_nid2ln(X509_get_signature_nid(cert)));
    ew_json_set_bool(doc, out, "aia", names_issuer(cert));
    ERR_clear_error();
    return out;
}

struct ew_json *ew_cert_describe_chain(struct ew_doc *doc, void *x509_stack)
{
    struct ew_json *chain = ew_json_array(doc);
    for (int i = 0; i < sk_X509_num(x509_stack); i++)
        ew_json_add(doc, chain, ew_cert_describe_x509(doc, sk_X509_value(x509_stack, i)));
    return chain;
}

struct ew_json *ew_cert_describe(struct ew_doc *doc, const unsigned char *der, size_t len)
{
    const unsigned char *at = der;
    X509 *cert = len > LONG_MAX ? NULL : d2i_X509(NULL, &at, (long)len);
    ERR_clear_error();
    if (!cert)
        return NULL;
    struct ew_json *out = ew_cert_describe_x509(doc, cert);
    X509_free(cert);
    return out;
}

/* ---- a Secret's pair ---- */

static bool key_fits(STACK_OF(X509) * certs, const char *pem, size_t len, const char **error)
{
    EVP_PKEY *key = pem_read_key(pem, len);
    bool fits = false;
    if (!key)
        *error = "tls.key is not a private key that can be read without a pass phrase (PEM)";
    else if (sk_X509_num(certs))
        fits = X509_check_private_key(sk_X509_value(certs, 0), key) == 1;
    EVP_PKEY_free(key); /* wipes it */
    ERR_clear_error();
    return fits;
}

struct ew_json *ew_cert_describe_pair(struct ew_doc *doc, const char *crt_pem, size_t crt_len,
                                      const char *key_pem, size_t key_len)
{
    int broken = 0;
    const char *error = NULL;
    bool has_key = key_pem && key_len, fits = false;
    STACK_OF(X509) *certs = pem_read_certs(crt_pem, crt_len, &broken);
    struct ew_json *out = ew_json_object(doc);
    ew_json_set(doc, out, "chain", ew_cert_describe_chain(doc, certs));
    if (has_key)
        fits = key_fits(certs, key_pem, key_len, &error);
    ew_json_set_bool(doc, out, "key_fits", fits);
    ew_json_set_bool(doc, out, "has_key", has_key);
    if (!crt_pem || !crt_len)
        error = "tls.crt is missing or empty";
    else if (broken)
        error = "tls.crt holds a certificate that cannot be read (PEM)";
    else if (!sk_X509_num(certs))
        error = "tls.crt holds no certificate (PEM)";
    if (error)
        ew_json_set_str(doc, out, "error", error);
    sk_X509_pop_free(certs, X509_free);
    return out;
}
