/* What listeners and Gateways refer to: Secrets with certificates, ConfigMaps with CAs. */
#include "config.h"

#include "routing.h"

#include <string.h>

static struct verdict refuse(enum ew_yes ok, const char *reason, const char *why)
{
    return (struct verdict){.ok = ok, .reason = reason, .why = why};
}

static const char *ref_text(struct ew_routing *routing, const char *kind, const char *ns,
                            const char *name)
{
    return ew_arena_fmt(routing->arena, "%s %s/%s", kind, ns ? ns : "-", name);
}

/* Kinds and Secret types besides these have implementation-specific support (ListenerTLSConfig and
 * FrontendTLSValidation, "Support"): a fault may be none to the implementation. */
#define TLS_SECRET "kubernetes.io/tls"

static struct verdict its_own(struct verdict fault)
{
    fault.own = fault.ok == EW_NO;
    return fault;
}

/* An object that a reference names: EW_YES when it is there. */
static const struct ew_obj *fetch(struct ew_routing *routing, enum ew_kind kind, const char *ns,
                                  const char *name, const char *reason, const char *causes,
                                  struct verdict *out)
{
    struct ew_seen seen;
    const struct ew_obj *obj =
        ew_world_get(routing->world, kind, ns, name, routing_ask(routing, true, causes), &seen);
    const char *what = ref_text(routing, ew_kind_row(kind)->kind, ns, name);
    if (obj)
        *out = refuse(EW_YES, NULL, NULL);
    else if (seen.state == EW_ABSENT)
        *out = refuse(EW_NO, reason, ew_arena_fmt(routing->arena, "%s does not exist", what));
    else
        *out = refuse(EW_MAYBE, reason,
                      ew_arena_fmt(routing->arena, "%s is not known (%s)", what,
                                   seen.reason ? seen.reason : "not read yet"));
    return obj;
}

/* ---- a Secret with a key pair ---- */

static struct verdict pair_usable(struct ew_routing *routing, const struct ew_obj *secret,
                                  const char *reason)
{
    const struct ew_json *pair = ew_json_get(secret->json, "certificate");
    const char *what = ref_text(routing, "Secret", secret->ns, secret->name);
    const char *error = ew_json_get_str(pair, "error", NULL);
    if (!pair)
        return refuse(EW_NO, reason,
                      ew_arena_fmt(routing->arena, "%s has no tls.crt and tls.key", what));
    if (!error && !ew_json_count(ew_json_get(pair, "chain")))
        error = "its tls.crt holds no certificate";
    if (!error && !ew_json_get_bool(pair, "has_key", true))
        error = "it has no tls.key";
    if (!error && !ew_json_get_bool(pair, "key_fits", true))
        error = "its tls.key does not belong to its tls.crt";
    if (error)
        return refuse(EW_NO, reason, ew_arena_fmt(routing->arena, "%s: %s", what, error));
    return refuse(EW_YES, NULL, NULL);
}

static struct verdict secret_ref(struct ew_routing *routing, const struct ew_obj *from,
                                 const struct ew_json *ref, const char *reason, const char *causes)
{
    const char *group = ew_json_get_str(ref, "group", "");
    const char *kind = ew_json_get_str(ref, "kind", "Secret");
    const char *ns = ew_json_get_str(ref, "namespace", "");
    const char *name = ew_json_get_str(ref, "name", "");
    struct verdict out;
    ns = *ns ? ns : from->ns;
    if (*group || !ew_streq(kind, "Secret"))
        return its_own(
            refuse(EW_NO, reason,
                   ew_arena_fmt(routing->arena, "a certificate cannot come from a %s%s%s %s", kind,
                                *group ? "." : "", group, name)));
    out = grant_allows(routing, from, "", "Secret", ns, name);
    if (out.ok == EW_NO)
        return out;
    enum ew_yes granted = out.ok;
    struct verdict found;
    const struct ew_obj *secret = fetch(routing, EW_SECRET, ns, name, reason, causes, &found);
    if (granted != EW_YES)
        return out;
    if (!secret)
        return found;
    out = pair_usable(routing, secret, reason);
    const char *type = ew_json_str_or(ew_obj_at(secret, "type"), TLS_SECRET);
    return strcmp(type, TLS_SECRET) == 0 ? out : its_own(out);
}

/* ---- CA certificates ---- */

/* BackendTLSPolicyValidation.caCertificateRefs: kinds besides ConfigMap are the implementation's.
 */
static bool may_hold_ca(const char *group, const char *kind)
{
    return (!*group && strcmp(kind, "Secret") == 0) ||
           (strcmp(group, "certificates.k8s.io") == 0 && strcmp(kind, "ClusterTrustBundle") == 0);
}

struct verdict ca_ref(struct ew_routing *routing, const struct ew_obj *from,
                      const struct ew_json *ref, bool local, const char **pem)
{
    const char *group = ew_json_get_str(ref, "group", "");
    const char *kind = ew_json_get_str(ref, "kind", "");
    const char *name = ew_json_get_str(ref, "name", "");
    const char *ns = local ? "" : ew_json_get_str(ref, "namespace", "");
    struct verdict out;
    ns = *ns ? ns : from->ns;
    *pem = NULL;
    if (may_hold_ca(group, kind))
        return refuse(EW_MAYBE, local ? "InvalidKind" : "InvalidCACertificateKind",
                      ew_arena_fmt(routing->arena,
                                   "not every controller takes a CA certificate "
                                   "from a %s",
                                   kind));
    if (*group || !ew_streq(kind, "ConfigMap"))
        return its_own(
            refuse(EW_NO, local ? "InvalidKind" : "InvalidCACertificateKind",
                   ew_arena_fmt(routing->arena, "a CA certificate cannot come from a %s%s%s %s",
                                kind, *group ? "." : "", group, name)));
    out = grant_allows(routing, from, "", "ConfigMap", ns, name);
    if (out.ok != EW_YES)
        return out;
    const struct ew_obj *map = fetch(routing, EW_CONFIGMAP, ns, name, "InvalidCACertificateRef",
                                     "tls-client-ca-invalid backendtls-policy-rejected", &out);
    if (!map)
        return out;
    const struct ew_json *described = ew_json_get(map->json, "certificate");
    const char *error = ew_json_get_str(described, "error", NULL);
    *pem = ew_json_get_str(described, "pem", NULL);
    if (!error && ew_json_count(ew_json_get(described, "chain")))
        return out;
    out = refuse(EW_NO, "InvalidCACertificateRef",
                 ew_arena_fmt(routing->arena, "ConfigMap %s/%s: %s", ns, name,
                              error ? error : "no certificate under the key ca.crt"));
    /* FrontendTLSValidation: "MAY choose to perform further validation of the certificate content";
     * to a BackendTLSPolicy malformed data is invalid (InvalidCACertificateRef). */
    return error && !local ? its_own(out) : out;
}

/* ---- listeners ---- */

const struct ew_json *listener_validation(const struct listener *listener)
{
    const struct ew_json *frontend = ew_obj_at(listener->gateway->obj, "spec.tls.frontend");
    const struct ew_json *config = ew_json_get(frontend, "default");
    if (listener->protocol != LP_HTTPS)
        return NULL;
    EW_JSON_EACH(entry, ew_json_get(frontend, "perPort"))
    {
        if (ew_json_get_int(entry, "port", 0) == listener->port)
            config = ew_json_get(entry, "tls");
    }
    return ew_json_get(config, "validation");
}

bool validation_insecure(const struct ew_json *validation)
{
    return ew_streq(ew_json_get_str(validation, "mode", ""), "AllowInsecureFallback");
}

/* The first fault counts, one to everybody before one of an implementation's own; where there are
 * several, the reason of each is true. */
static void take_worse(struct verdict *into, const struct verdict *from)
{
    size_t others = 0;
    bool worse = (from->ok == EW_NO && (into->ok != EW_NO || (into->own && !from->own))) ||
                 (from->ok == EW_MAYBE && into->ok == EW_YES);
    if (worse) {
        *into = *from;
        return;
    }
    while (into->or_reasons[others])
        others++;
    if (from->ok == EW_NO && others + 1 < EW_COUNT(into->or_reasons))
        into->or_reasons[others] = from->reason;
}

/* Gives whether a certificate may be good to the implementation alone. */
static bool certificate_refs(struct ew_routing *routing, struct listener *listener)
{
    bool own = false;
    const struct ew_json *tls = ew_json_get(listener->json, "tls");
    const struct ew_json *refs = ew_json_get(tls, "certificateRefs");
    bool terminates =
        listener->protocol == LP_HTTPS || (listener->protocol == LP_TLS && !listener->passthrough);
    if (!terminates)
        return false;
    if (!ew_json_count(refs) && !ew_json_count(ew_json_get(tls, "options"))) {
        /* Invalid (ListenerTLSConfig.certificateRefs), and yet no reference does not resolve. */
        listener->refs = its_own(refuse(EW_NO, "InvalidCertificateRef",
                                        "a listener that terminates TLS needs certificateRefs"));
        return false;
    }
    EW_JSON_EACH(ref, refs)
    {
        struct verdict one = secret_ref(routing, listener->owner, ref, "InvalidCertificateRef",
                                        "tls-secret-missing tls-secret-malformed");
        listener->certs_good += one.ok != EW_NO;
        own |= one.own;
        take_worse(&listener->refs, &one);
    }
    if (!ew_json_count(refs))
        listener->certs_good = 1; /* by an option of the implementation */
    return own;
}

/* The same of a CA. */
static bool client_validation(struct ew_routing *routing, struct listener *listener)
{
    bool own = false;
    const struct ew_json *validation = listener_validation(listener);
    const char *pem;
    int good = 0;
    if (!validation ||
        !feature_on(routing, listener->gateway, "GatewayFrontendClientCertificateValidation"))
        return false;
    EW_JSON_EACH(ref, ew_json_get(validation, "caCertificateRefs"))
    {
        struct verdict one = ca_ref(routing, listener->gateway->obj, ref, false, &pem);
        good += one.ok != EW_NO;
        own |= one.own;
        take_worse(&listener->refs, &one);
    }
    if (!ew_json_count(ew_json_get(validation, "caCertificateRefs")))
        listener->refs = refuse(EW_NO, "InvalidCACertificateRef",
                                "client validation names no caCertificateRefs");
    listener->no_ca = good == 0;
    return own;
}

void listener_refs(struct ew_routing *routing, struct listener *listener)
{
    if (listener->refs_seen)
        return;
    listener->refs_seen = true;
    listener->refs = refuse(EW_YES, NULL, NULL);
    if (listener->bad_kind)
        listener->refs = refuse(EW_NO, "InvalidRouteKinds",
                                ew_arena_fmt(routing->arena,
                                             "allowedRoutes.kinds names %s, which cannot attach to "
                                             "protocol %s",
                                             listener->bad_kind, listener->protocol_name));
    bool own_cert = certificate_refs(routing, listener);
    bool own_ca = client_validation(routing, listener);
    listener->own_refs =
        (own_cert || own_ca) && (own_cert || listener->certs_good) && (own_ca || !listener->no_ca);
}

struct verdict gateway_client_cert(struct ew_routing *routing, const struct gateway *gateway)
{
    const struct ew_json *ref = ew_obj_at(gateway->obj, "spec.tls.backend.clientCertificateRef");
    if (!ref || !feature_on(routing, gateway, "GatewayBackendClientCertificate"))
        return refuse(EW_YES, NULL, NULL);
    return secret_ref(routing, gateway->obj, ref, "InvalidClientCertificateRef",
                      "edge-gateway-not-accepted");
}
