#include "tls.h"

#include <string.h>

static const char *const would = "tls-secret-missing tls-secret-malformed tls-renewed-not-served";

/* ---- looking ---- */

static void look_up(struct judging *j, struct cert_ref *ref)
{
    struct ew_ask optional = asking(j, true, would);
    ref->secret = ew_world_get(j->world, EW_SECRET, ref->ns, ref->name, optional, &ref->seen);
}

static void add_ref(struct judging *j, struct cert_ref ref)
{
    if (j->cert_ref_count == CERT_REFS_MAX || !ref.name)
        return;
    look_up(j, &ref);
    j->cert_refs[j->cert_ref_count++] = ref;
}

/* Of the Gateway or of a ListenerSet that it admits. */
static void look_at_listener(struct judging *j, const struct entry *entry,
                             const struct ew_listener *listener)
{
    if (listener->gateway != entry->obj || listener->admitted == EW_NO)
        return;
    EW_JSON_EACH(ref, ew_json_at(listener->json, "tls.certificateRefs"))
    {
        if (strcmp(ew_json_get_str(ref, "kind", "Secret"), "Secret") == 0)
            add_ref(j, (struct cert_ref){
                           .entry = entry,
                           .listener = listener,
                           .owner = listener->owner,
                           .ns = ew_json_get_str(ref, "namespace", listener->owner->ns),
                           .name = ew_json_get_str(ref, "name", NULL),
                       });
    }
}

bool tls_block_names_host(const struct judging *j, const struct ew_json *block)
{
    EW_JSON_EACH(host, ew_json_get(block, "hosts"))
    if (ew_json_str(host) && ew_ingress_host_matches(ew_json_str(host), j->claimed))
        return true;
    return false;
}

static void look_at_ingress(struct judging *j, const struct entry *entry)
{
    EW_JSON_EACH(block, ew_obj_at(entry->obj, "spec.tls"))
    {
        if (tls_block_names_host(j, block))
            add_ref(j, (struct cert_ref){.entry = entry,
                                         .owner = entry->obj,
                                         .ns = entry->obj->ns,
                                         .name = ew_json_get_str(block, "secretName", NULL)});
    }
}

void secrets_look(struct judging *j)
{
    for (size_t i = 0; j->tls && i < j->entry_count; i++) {
        const struct entry *entry = &j->entries[i];
        if (entry->obj->kind == EW_INGRESS) {
            look_at_ingress(j, entry);
            continue;
        }
        for (size_t k = 0; k < j->listener_count; k++)
            look_at_listener(j, entry, &j->listeners[k]);
    }
}

/* ---- findings ---- */

static const char *named_by(struct judging *j, const struct cert_ref *ref)
{
    if (!ref->listener)
        return title(j, ref->owner);
    return say(j, "listener %s of %s", clean(j, ref->listener->name), title(j, ref->owner));
}

/* The first condition of the listener that says why its certificate is not taken. */
static bool listener_says(const struct cert_ref *ref, struct ew_cond *out)
{
    static const char *const types[] = {"ResolvedRefs", "Programmed", "Accepted"};
    const struct ew_json *conditions =
        ref->listener ? ew_json_get(ref->listener->status, "conditions") : NULL;
    for (size_t i = 0; i < EW_COUNT(types); i++)
        if (ew_cond_find(conditions, types[i], out) && ew_streq(out->status, "False"))
            return true;
    return false;
}

/* Every handshake was a good one, and no listener complains: the edge makes do without it. */
static bool is_contradicted(const struct judging *j, const struct cert_ref *ref)
{
    struct ew_cond cond;
    size_t good = 0;
    if (!j->decision || j->decision->outcome == EW_OUT_NO_LISTENER)
        return false;
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!at->in_record || !at->published)
            continue;
        if (at->tls_test != TEST_PASS)
            return false;
        good++;
    }
    return good > 0 && !listener_says(ref, &cond);
}

static struct ew_draft *secret_draft(struct judging *j, const char *cause,
                                     const struct cert_ref *ref)
{
    struct ew_cond cond;
    struct ew_draft *draft = draft_new(j, cause, "Secret", ref->ns, ref->name);
    draft->from_objects = true;
    draft->out.where = ref->secret ? ref->secret->where : ref->owner->where;
    draft->marks |= EW_MARK(SECRET_OF_HOST);
    draft_tag(j, draft, EW_TAG_CERT, ns_name(j, ref->ns, ref->name));
    draft_tag(j, draft, EW_TAG_GATEWAY, ref->entry->tag);
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    if (ref->listener && !ref->listener->shared_port)
        draft->marks |= EW_MARK(PORT_ONLY_OF_LISTENER);
    if (entry_is_beside(j, ref->entry->obj))
        draft->out.severity = EW_SEV_INFO;
    else if (is_contradicted(j, ref))
        draft->out.severity = EW_SEV_WARN;
    if (listener_says(ref, &cond)) {
        draft->marks |= EW_MARK(LISTENER_SAYS_SO);
        draft_shows(j, draft, named_by(j, ref), "%s=False %s: %s", cond.type, clean(j, cond.reason),
                    clean(j, cond.message));
    }
    return draft;
}

static const struct ew_json *secret_leaf(const struct cert_ref *ref)
{
    return ew_json_item(ew_obj_at(ref->secret, "certificate.chain"), 0);
}

static int64_t when(const struct ew_json *cert, const char *key)
{
    return (int64_t)ew_json_num(ew_json_get(cert, key), 0);
}

static void judge_missing(struct judging *j, const struct cert_ref *ref)
{
    struct ew_draft *draft = secret_draft(j, "tls-secret-missing", ref);
    draft_says(j, draft, "Secret %s/%s, which %s names, does not exist", ref->ns, ref->name,
               named_by(j, ref));
    draft_shows(j, draft, say(j, "Secret %s/%s", ref->ns, ref->name), "not found");
    draft_next(j, draft, "see whether it is there, and what should write it",
               "kubectl get secret -n %s %s; kubectl get certificate -n %s", ref->ns, ref->name,
               ref->ns);
}

static void judge_malformed(struct judging *j, const struct cert_ref *ref, const char *error)
{
    struct ew_draft *draft = secret_draft(j, "tls-secret-malformed", ref);
    draft_says(j, draft, "Secret %s/%s, which %s names, cannot be used: %s", ref->ns, ref->name,
               named_by(j, ref), clean(j, error));
    draft_shows(j, draft, title(j, ref->secret), "%s", clean(j, error));
    draft_next(j, draft, "look at its type and its certificate",
               "kubectl get secret -n %s %s -o jsonpath='{.type}'", ref->ns, ref->name);
}

static void judge_expired(struct judging *j, const struct cert_ref *ref)
{
    int64_t ended = when(secret_leaf(ref), "not_after");
    char span[32], date[32];
    ew_time_span(j->now_ms - ended, span);
    ew_time_format(ended, date);
    struct ew_draft *served = draft_find(j, "tls-cert-expired");
    if (served && !served->from_objects) { /* the same fault, seen at the edge already */
        draft_shows(j, served, title(j, ref->secret), "not after %s: the Secret is as old", date);
        served->marks |= EW_MARK(SECRET_SAME_FAULT);
        return;
    }
    struct ew_draft *draft = secret_draft(j, "tls-cert-expired", ref);
    draft_says(j, draft, "the certificate in Secret %s/%s for %s expired %s ago, on %.10s", ref->ns,
               ref->name, j->host, span, date);
    draft_shows(j, draft, title(j, ref->secret), "not after %s, serial %s", date,
                ew_json_get_str(secret_leaf(ref), "serial", "?"));
    draft_next(j, draft, "see the dates in the Secret, and who should renew it",
               "kubectl get secret -n %s %s -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl "
               "x509 -noout -dates; kubectl get certificate -n %s",
               ref->ns, ref->name, ref->ns);
}

static const char *secret_error(const struct cert_ref *ref)
{
    const struct ew_json *certificate = ew_obj_at(ref->secret, "certificate");
    const char *error = ew_json_get_str(certificate, "error", NULL);
    if (error)
        return error;
    if (!secret_leaf(ref))
        return "it holds no certificate";
    if (!ew_json_get_bool(certificate, "has_key", true))
        return "it holds no private key";
    return ew_json_get_bool(certificate, "key_fits", true)
               ? NULL
               : "its private key does not belong to its certificate";
}

/* A handshake that shows another, older leaf than the one in the Secret. */
static void judge_served(struct judging *j, const struct cert_ref *ref, const struct address *at)
{
    const struct ew_json *served = ew_json_item(ew_json_get(at->tls.value, "chain"), 0);
    const struct ew_json *kept = secret_leaf(ref);
    if (!served || !kept || at->tls_test != TEST_FAIL ||
        ew_streq(ew_json_get_str(served, "fingerprint", ""),
                 ew_json_get_str(kept, "fingerprint", "")) ||
        when(kept, "not_before") <= when(served, "not_before") ||
        when(kept, "not_after") <= j->now_ms)
        return;
    struct ew_draft *draft =
        draft_new(j, "tls-renewed-not-served", "Certificate", NULL, say(j, "leaf at %s", at->text));
    draft->marks |= EW_MARK(SECRET_CURES);
    tag_edge(j, draft, at);
    draft_tag(j, draft, EW_TAG_CERT, ns_name(j, ref->ns, ref->name));
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    draft_says(j, draft, "%s still serves an older certificate than the one in Secret %s/%s",
               at->text, ref->ns, ref->name);
    draft_shows(j, draft, say(j, "handshake with %s", at->text), "serial %s",
                ew_json_get_str(served, "serial", "?"));
    draft_shows(j, draft, title(j, ref->secret), "serial %s, newer",
                ew_json_get_str(kept, "serial", "?"));
    draft_next(j, draft, "compare the fingerprints, then make the proxy load it",
               "kubectl get secret -n %s %s -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl "
               "x509 -noout -fingerprint -sha256",
               ref->ns, ref->name);
}

/* Of several Ingresses with a tls block for the host one is served. */
static bool is_passed_over(struct judging *j, const struct cert_ref *ref)
{
    const char *chosen =
        j->decision ? ew_json_get_str(j->decision->certificate, "secret", NULL) : NULL;
    return !ref->listener && chosen && j->decision->ingress &&
           strcmp(chosen, ns_name(j, ref->ns, ref->name)) != 0;
}

/* What answers at a published address is who publishes it. */
static bool should_serve(struct judging *j, const struct cert_ref *ref, const struct address *at)
{
    if (is_passed_over(j, ref))
        return false;
    return at->published ? publishes(ref->entry->obj, at) : at->in_record;
}

static bool refused_by_grant(const struct cert_ref *ref)
{
    struct ew_cond cond;
    return !ew_streq(ref->ns, ref->owner->ns) && ref->listener &&
           ew_cond_find(ew_json_get(ref->listener->status, "conditions"), "ResolvedRefs", &cond) &&
           ew_streq(cond.status, "False") && ew_streq(cond.reason, "RefNotPermitted");
}

static void judge_grant(struct judging *j, const struct cert_ref *ref)
{
    struct ew_draft *draft = secret_draft(j, "tls-secret-cross-ns-no-grant", ref);
    draft_says(j, draft, "no ReferenceGrant in %s lets %s use Secret %s", ref->ns,
               title(j, ref->owner), ref->name);
    draft_next(j, draft, "create the grant in the Secret's namespace",
               "kubectl get referencegrant -n %s -o yaml", ref->ns);
}

static void judge_ref(struct judging *j, const struct cert_ref *ref)
{
    if (refused_by_grant(ref))
        judge_grant(j, ref);
    if (ref->seen.state == EW_ABSENT)
        judge_missing(j, ref);
    if (!ref->secret)
        return;
    const char *error = secret_error(ref);
    if (error)
        judge_malformed(j, ref, error);
    else if (when(secret_leaf(ref), "not_after") < j->now_ms)
        judge_expired(j, ref);
    for (size_t i = 0; !error && i < j->address_count; i++)
        if (should_serve(j, ref, &j->addresses[i]))
            judge_served(j, ref, &j->addresses[i]);
}

void secrets_judge(struct judging *j)
{
    for (size_t i = 0; i < j->cert_ref_count; i++)
        judge_ref(j, &j->cert_refs[i]);
}
