/* Trust stores. */
#include "config.h"

#include "edgewalk/cert.h"

#include "pem.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ew_trust {
    atomic_size_t count;
    X509_STORE *store;
};

static struct ew_trust *trust_new(void)
{
    struct ew_trust *trust = ew_alloc(sizeof(*trust));
    atomic_init(&trust->count, 1);
    trust->store = X509_STORE_new();
    if (!trust->store)
        abort();
    return trust;
}

/* Debian, Fedora and Alpine keep one bundle, in places that OpenSSL's default file does not name.
 */
static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

static int load_system(X509_STORE *store, struct ew_err *err)
{
    const char *named = getenv("SSL_CERT_FILE");
    if (named && X509_STORE_load_file(store, named) == 1)
        return 0;
    for (size_t i = 0; i < EW_COUNT(bundles); i++)
        if (access(bundles[i], R_OK) == 0 && X509_STORE_load_file(store, bundles[i]) == 1)
            return 0;
    /* An OpenSSL of the user's own, or another system's layout. */
    if (X509_STORE_set_default_paths(store) == 1)
        return 0;
    return ew_fail(err, EW_EFAILED,
                   "the system's CA certificates cannot be loaded; "
                   "name a bundle with --cacert");
}

int ew_trust_load(const char *pem_file, struct ew_trust **out, struct ew_err *err)
{
    struct ew_trust *trust = trust_new();
    int code = 0;
    if (!pem_file)
        code = load_system(trust->store, err);
    else if (access(pem_file, R_OK) != 0)
        code = ew_fail(err, EW_EUSAGE, "cannot read the CA file %s: %s", pem_file, strerror(errno));
    else if (X509_STORE_load_file(trust->store, pem_file) != 1)
        code =
            ew_fail(err, EW_EUSAGE, "no certificate can be read from %s: it must be PEM", pem_file);
    ERR_clear_error();
    if (code)
        ew_trust_unref(trust);
    else
        *out = trust;
    return code;
}

int ew_trust_from_pem(const char *pem, size_t len, struct ew_trust **out, struct ew_err *err)
{
    STACK_OF(X509) *certs = pem_read_certs(pem, len, NULL);
    if (!sk_X509_num(certs)) {
        sk_X509_pop_free(certs, X509_free);
        return ew_fail(err, EW_EUSAGE,
                       "no certificate can be read from the CA data: "
                       "it must be PEM");
    }
    struct ew_trust *trust = trust_new();
    /* A kubeconfig may name an intermediate CA, or the server's own certificate: Go takes each as
     * an anchor. */
    X509_STORE_set_flags(trust->store, X509_V_FLAG_PARTIAL_CHAIN);
    for (int i = 0; i < sk_X509_num(certs); i++)
        X509_STORE_add_cert(trust->store, sk_X509_value(certs, i));
    sk_X509_pop_free(certs, X509_free);
    ERR_clear_error();
    *out = trust;
    return 0;
}

struct ew_trust *ew_trust_ref(struct ew_trust *trust)
{
    if (trust)
        atomic_fetch_add(&trust->count, 1);
    return trust;
}

void ew_trust_unref(struct ew_trust *trust)
{
    if (!trust || atomic_fetch_sub(&trust->count, 1) != 1)
        return;
    X509_STORE_free(trust->store);
    free(trust);
}

void *ew_trust_store(struct ew_trust *trust)
{
    return trust->store;
}
