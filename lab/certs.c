#include "certs.h"

#include "edgewalk/base/text.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define DAY 86400

struct lab_certs {
    int64_t now;
    long serial;
    struct lab_cert root, intermediate, stranger;
    struct ew_map *named; /* name → struct lab_cert * */
};

/* What a certificate is made from; issuer NULL: itself. */
struct recipe {
    const char *common_name;
    const struct ew_json *names; /* SANs; NULL: none */
    int64_t from, until;         /* seconds since 1970 */
    bool ca;
    const struct lab_cert *issuer;
    long serial;
    bool rsa;
};

static char *pem_text(BIO *bio)
{
    char *data;
    long len = BIO_get_mem_data(bio, &data);
    char *text = ew_strndup(data, (size_t)len);
    BIO_free(bio);
    return text;
}

static void cert_texts(struct lab_cert *cert)
{
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, cert->leaf);
    for (int i = 0; i < sk_X509_num(cert->chain); i++)
        PEM_write_bio_X509(bio, sk_X509_value(cert->chain, i));
    cert->pem = pem_text(bio);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, cert->key, NULL, NULL, 0, NULL, NULL);
    cert->key_pem = pem_text(bio);
}

static void cert_release(struct lab_cert *cert)
{
    X509_free(cert->leaf);
    EVP_PKEY_free(cert->key);
    sk_X509_pop_free(cert->chain, X509_free);
    free(cert->pem);
    if (cert->key_pem)
        ew_wipe(cert->key_pem, strlen(cert->key_pem));
    free(cert->key_pem);
}

static void add_ext(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    if (ext)
        X509_add_ext(cert, ext, -1);
    X509_EXTENSION_free(ext);
}

/* "DNS:a,IP:b" of a list of names; NULL: there are none. */
static char *san_text(const struct ew_json *names)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    EW_JSON_EACH(name, names)
    {
        const char *text = ew_json_str_or(name, "");
        ew_buf_addf(&out, "%s%s:%s", out.len ? "," : "", ew_ip_family(text) ? "IP" : "DNS", text);
    }
    return ew_buf_take(&out);
}

static void add_extensions(X509 *cert, X509 *issuer, const struct recipe *recipe)
{
    char *sans = san_text(recipe->names);
    add_ext(cert, issuer, NID_basic_constraints,
            recipe->ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add_ext(cert, issuer, NID_key_usage,
            recipe->ca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    if (!recipe->ca)
        add_ext(cert, issuer, NID_ext_key_usage, "serverAuth,clientAuth");
    add_ext(cert, issuer, NID_subject_key_identifier, "hash");
    if (issuer != cert)
        add_ext(cert, issuer, NID_authority_key_identifier, "keyid:always");
    if (sans && *sans)
        add_ext(cert, issuer, NID_subject_alt_name, sans);
    free(sans);
}

static void set_name(X509_NAME *name, const char *organisation, const char *common_name)
{
    if (organisation)
        X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, (const unsigned char *)organisation,
                                   -1, -1, 0);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)common_name, -1,
                               -1, 0);
}

static void build(const struct recipe *recipe, struct lab_cert *out)
{
    X509 *cert = X509_new();
    EVP_PKEY *key = recipe->rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
    X509 *issuer = recipe->issuer ? recipe->issuer->leaf : cert;
    X509_set_version(cert, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), recipe->serial);
    set_name(X509_get_subject_name(cert), recipe->ca ? "edgewalk lab" : NULL, recipe->common_name);
    X509_set_issuer_name(cert, X509_get_subject_name(issuer));
    ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)recipe->from);
    ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)recipe->until);
    X509_set_pubkey(cert, key);
    add_extensions(cert, issuer, recipe);
    X509_sign(cert, recipe->issuer ? recipe->issuer->key : key, EVP_sha256());
    out->leaf = cert;
    out->key = key;
    out->chain = sk_X509_new_null();
}

static void build_authority(struct lab_certs *certs, const char *name,
                            const struct lab_cert *issuer, struct lab_cert *out)
{
    struct recipe recipe = {.common_name = name,
                            .from = certs->now - 400 * DAY,
                            .until = certs->now + 3650L * DAY,
                            .ca = true,
                            .issuer = issuer,
                            .serial = certs->serial++};
    build(&recipe, out);
    cert_texts(out);
}

struct lab_certs *lab_certs_new(int64_t now)
{
    struct lab_certs *certs = ew_alloc(sizeof *certs);
    certs->now = now;
    certs->serial = 4096;
    certs->named = ew_map_new();
    build_authority(certs, "Lab Root CA", NULL, &certs->root);
    build_authority(certs, "Lab Issuing CA", &certs->root, &certs->intermediate);
    build_authority(certs, "Unknown Corp CA", NULL, &certs->stranger);
    return certs;
}

void lab_certs_free(struct lab_certs *certs)
{
    if (!certs)
        return;
    for (size_t i = 0; i < ew_map_count(certs->named); i++) {
        struct lab_cert *cert = ew_map_value(certs->named, i);
        cert_release(cert);
        free(cert);
    }
    ew_map_free(certs->named);
    cert_release(&certs->root);
    cert_release(&certs->intermediate);
    cert_release(&certs->stranger);
    free(certs);
}

/* A time of the scenario: a span from now, "-30d" or "90d" or "12h". */
static int when(const struct ew_json *spec, const char *key, int64_t now, const char *fallback,
                int64_t *out, struct ew_err *err)
{
    const char *text = ew_json_get_str(spec, key, fallback);
    char *end;
    long number = strtol(text, &end, 10);
    if (end == text || !strchr("dhm", *end) || end[1])
        return ew_fail(err, EW_EUSAGE, "certificate: %s: \"%s\" is no span such as -30d or 12h",
                       key, text);
    *out = now + number * (*end == 'd' ? DAY : *end == 'h' ? 3600 : 60);
    return 0;
}

static int issuer_of(struct lab_certs *certs, const char *name, const struct lab_cert **out,
                     struct ew_err *err)
{
    const struct {
        const char *name;
        const struct lab_cert *cert;
    } known[] = {{"intermediate", &certs->intermediate},
                 {"root", &certs->root},
                 {"unknown", &certs->stranger},
                 {"self", NULL}};
    for (size_t i = 0; i < EW_COUNT(known); i++)
        if (strcmp(known[i].name, name) == 0) {
            *out = known[i].cert;
            return 0;
        }
    return ew_fail(err, EW_EUSAGE,
                   "certificate: issuer \"%s\": intermediate, root, unknown or self", name);
}

static void add_chain(struct lab_cert *cert, X509 *link)
{
    X509_up_ref(link);
    sk_X509_push(cert->chain, link);
}

int lab_certs_make(struct lab_certs *certs, const char *name, const struct ew_json *spec,
                   struct ew_err *err)
{
    struct recipe recipe = {.names = ew_json_get(spec, "names"), .serial = certs->serial++};
    const char *issuer = ew_json_get_str(spec, "issuer", "intermediate");
    int rc = issuer_of(certs, issuer, &recipe.issuer, err);
    if (!rc)
        rc = when(spec, "from", certs->now, "-30d", &recipe.from, err);
    if (!rc)
        rc = when(spec, "until", certs->now, "60d", &recipe.until, err);
    if (rc)
        return rc;
    recipe.common_name =
        ew_json_get_str(spec, "subject", ew_json_str_or(ew_json_item(recipe.names, 0), "no name"));
    recipe.rsa = ew_json_get_bool(spec, "rsa", false);
    struct lab_cert *cert = ew_alloc(sizeof *cert);
    build(&recipe, cert);
    if (recipe.issuer == &certs->intermediate && ew_json_get_bool(spec, "chain", true))
        add_chain(cert, certs->intermediate.leaf);
    if (recipe.issuer == &certs->stranger && ew_json_get_bool(spec, "chain", true))
        add_chain(cert, certs->stranger.leaf);
    cert_texts(cert);
    struct lab_cert *old = ew_map_get(certs->named, name);
    if (old)
        cert_release(old);
    free(old);
    ew_map_set(certs->named, name, cert);
    return 0;
}

const struct lab_cert *lab_certs_find(const struct lab_certs *certs, const char *name)
{
    return ew_map_get(certs->named, name);
}

const char *lab_certs_root_pem(const struct lab_certs *certs)
{
    return certs->root.pem;
}

X509 *lab_certs_root(const struct lab_certs *certs)
{
    return certs->root.leaf;
}
