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
        return refuse(EW_NO, reason,
                      ew_arena_fmt(routing->arena, "a certificate cannot come from a %s%s%s %s",
                                   kind, *group ? "." : "", group, name));
    out = grant_allows(routing, from, "", "Secret", ns, name);
    if (out.ok == EW_NO)
        return out;
    enum ew_yes granted = out.ok;
    struct verdict found;
    const struct ew_obj *secret = fetch(routing, EW_SECRET, ns, name, reason, causes, &found);
    if (granted != EW_YES)
        return out;
    return secret ? pair_usable(routing, secret, reason) : found;
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
        return refuse(EW_NO, local ? "InvalidKind" : "InvalidCACertificateKind",
                      ew_arena_fmt(routing->arena, "a CA certificate cannot come from a %s%s%s %s",
                                   kind, *group ? "." : "", group, name));
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
    if (error || !ew_json_count(ew_json_get(described, "chain")))
        return refuse(EW_NO, "InvalidCACertificateRef",
                      ew_arena_fmt(routing->arena, "ConfigMap %s/%s: %s", ns, name,
                                   error ? error : "no certificate under the key ca.crt"));
    return out;
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

static void take_worse(struct verdict *into, const struct verdict *from)
{
    bool worse =
        (from->ok == EW_NO && into->ok != EW_NO) || (from->ok == EW_MAYBE && into->ok == EW_YES);
    if (worse)
        *into = *from;
}

static void certificate_refs(struct ew_routing *routing, struct listener *listener)
{
    const struct ew_json *tls = ew_json_get(listener->json, "tls");
    const struct ew_json *refs = ew_json_get(tls, "certificateRefs");
    bool terminates =
        listener->protocol == LP_HTTPS || (listener->protocol == LP_TLS && !listener->passthrough);
    if (!terminates)
        return;
    if (!ew_json_count(refs) && !ew_json_count(ew_json_get(tls, "options"))) {
        listener->refs = refuse(EW_NO, "InvalidCertificateRef",
                                "a listener that terminates TLS needs certificateRefs");
        return;
    }
    EW_JSON_EACH(ref, refs)
    {
        struct verdict one = secret_ref(routing, listener->owner, ref, "InvalidCertificateRef",
                                        "tls-secret-missing tls-secret-malformed");
        listener->certs_good += one.ok != EW_NO;
        take_worse(&listener->refs, &one);
    }
    if (!ew_json_count(refs))
        listener->certs_good = 1; /* by an option of the implementation */
}

static void client_validation(struct ew_routing *routing, struct listener *listener)
{
    const struct ew_json *validation = listener_validation(listener);
    const char *pem;
    int good = 0;
    if (!validation ||
        !feature_on(routing, listener->gateway, "GatewayFrontendClientCertificateValidation"))
        return;
    EW_JSON_EACH(ref, ew_json_get(validation, "caCertificateRefs"))
    {
        struct verdict one = ca_ref(routing, listener->gateway->obj, ref, false, &pem);
        good += one.ok != EW_NO;
        take_worse(&listener->refs, &one);
    }
    if (!ew_json_count(ew_json_get(validation, "caCertificateRefs")))
        listener->refs = refuse(EW_NO, "InvalidCACertificateRef",
                                "client validation names no caCertificateRefs");
    listener->no_ca = good == 0;
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
    certificate_refs(routing, listener);
    client_validation(routing, listener);
}

struct verdict gateway_client_cert(struct ew_routing *routing, const struct gateway *gateway)
{
    const struct ew_json *ref = ew_obj_at(gateway->obj, "spec.tls.backend.clientCertificateRef");
    if (!ref || !feature_on(routing, gateway, "GatewayBackendClientCertificate"))
        return refuse(EW_YES, NULL, NULL);
    return secret_ref(routing, gateway->obj, ref, "InvalidClientCertificateRef",
                      "edge-gateway-not-accepted");
}
