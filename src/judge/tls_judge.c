#include "tls.h"

#include "route.h"

#include <string.h>

enum { ALERT_HANDSHAKE = 40, ALERT_BAD_CERT = 42, ALERT_NAME = 112, ALERT_CERT_REQUIRED = 116 };

static const int64_t day_ms = 24LL * 3600 * 1000;

/* ---- findings ---- */

/* A leaf that controllers show where they have none for the name: one of the known placeholders,
 * one that they signed themselves, or at this cluster's own address another site's. */
static bool is_fallback(const struct address *at)
{
    const struct ew_signature *rows[EW_MATCHES_MAX];
    struct ew_sighting seen = {.leaf = leaf_of(at->tls)};
    size_t count = ew_signatures_match(&seen, rows);
    for (size_t i = 0; i < count; i++)
        if (strcmp(rows[i]->cause, "fake-certificate") == 0)
            return true;
    return seen.leaf && !ew_json_get_bool(at->tls.value, "host_matches", false) &&
           (ew_json_get_bool(seen.leaf, "self_issued", false) || at->of_cluster);
}

/* The same cause at several addresses is one finding. */
static struct ew_draft *leaf_draft(struct judging *j, const char *cause, const struct address *at)
{
    struct ew_draft *draft = draft_find(j, cause);
    if (!draft || draft->from_objects)
        draft = draft_new(j, cause, "Certificate", NULL, say(j, "leaf at %s", at->text));
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    tag_edge(j, draft, at);
    for (size_t i = 0; i < j->cert_ref_count; i++)
        draft_tag(j, draft, EW_TAG_CERT, ns_name(j, j->cert_refs[i].ns, j->cert_refs[i].name));
    for (size_t i = 0; i < j->entry_count; i++) /* TLS blocks that leave the host out */
        if (j->entries[i].obj->kind == EW_INGRESS)
            draft_tag(j, draft, EW_TAG_CERT, j->entries[i].tag);
    draft->marks |= published_marks(j, at, EW_LAYER_TLS);
    if (is_fallback(at))
        draft->marks |= EW_MARK(FALLBACK_LEAF);
    return draft;
}

static void next_openssl(struct judging *j, struct ew_draft *draft, const struct address *at,
                         const char *why, const char *x509)
{
    if (draft->out.step_count)
        return;
    draft_next(j, draft, why, "openssl s_client -connect %s%s%s </dev/null%s%s",
               at_port(j, at->text, j->port), j->literal ? "" : " -servername ",
               j->literal ? "" : j->host, x509 ? " | openssl x509 -noout " : "", x509 ? x509 : "");
}

static const char *sans_text(struct judging *j, const struct ew_json *leaf)
{
    struct ew_buf buf;
    ew_buf_init(&buf, 200);
    EW_JSON_EACH(san, ew_json_get(leaf, "sans"))
    {
        const char *text = ew_json_str(san);
        const char *colon = text ? strchr(text, ':') : NULL;
        ew_buf_addf(&buf, "%s%s", buf.len ? ", " : "", colon ? colon + 1 : text ? text : "?");
    }
    const char *copy = clean(j, buf.len ? ew_buf_text(&buf) : "no name at all");
    ew_buf_release(&buf);
    return copy;
}

static void judge_expired(struct judging *j, const struct address *at, int depth)
{
    const struct ew_json *cert = ew_json_item(ew_json_get(at->tls.value, "chain"), (size_t)depth);
    cert = cert ? cert : leaf_of(at->tls);
    char span[32], date[32];
    ew_time_span(j->now_ms - not_after(cert), span);
    ew_time_format(not_after(cert), date);
    struct ew_draft *draft = leaf_draft(j, "tls-cert-expired", at);
    draft_says(j, draft, "the %scertificate served for %s expired %s ago, on %.10s",
               depth ? "issuing " : "", j->host, span, date);
    draft_shows(j, draft, say(j, "handshake with %s", at->text), "%s, serial %s, not after %s",
                clean(j, ew_json_get_str(cert, "subject", "?")),
                ew_json_get_str(cert, "serial", "?"), date);
    next_openssl(j, draft, at, "see the dates and the serial of what is served",
                 "-enddate -serial");
}

/* A wildcard takes exactly one label (RFC 6125 §6.4.3): "*.example.com" and a host below
 * example.com, or example.com itself. */
static const char *near_wildcard(const struct judging *j, const struct ew_json *leaf)
{
    EW_JSON_EACH(san, ew_json_get(leaf, "sans"))
    {
        const char *text = ew_json_str(san);
        if (!text || !ew_text_prefix(text, "dns:*."))
            continue;
        const char *parent = text + strlen("dns:*.");
        if (ew_text_ieq(parent, j->host))
            return text + strlen("dns:");
        size_t host = strlen(j->host), len = strlen(parent);
        if (host > len && j->host[host - len - 1] == '.' &&
            ew_text_ieq(j->host + host - len, parent))
            return text + strlen("dns:");
    }
    return NULL;
}

static void judge_name(struct judging *j, const struct address *at)
{
    const struct ew_json *leaf = leaf_of(at->tls);
    struct ew_draft *draft = leaf_draft(j, "tls-name-mismatch", at);
    draft_says(j, draft, "the certificate served for %s is for %s", j->host, sans_text(j, leaf));
    draft_shows(j, draft, say(j, "handshake with %s", at->text), "subject %s, names %s",
                clean(j, ew_json_get_str(leaf, "subject", "?")), sans_text(j, leaf));
    next_openssl(j, draft, at, "see the names in what is served", "-subject -ext subjectAltName");
    const char *wildcard = near_wildcard(j, leaf);
    if (!wildcard)
        return;
    struct ew_draft *depth = leaf_draft(j, "tls-wildcard-depth", at);
    draft_says(j, depth,
               "%s does not cover %s: a wildcard of a certificate takes exactly one label",
               clean(j, wildcard), j->host);
    draft_shows(j, depth, say(j, "handshake with %s", at->text), "names %s", sans_text(j, leaf));
    draft_next(j, depth, say(j, "add %s to the certificate's names", j->host), NULL);
}

static void judge_chain(struct judging *j, const struct address *at, int code)
{
    const struct ew_json *chain = ew_json_get(at->tls.value, "chain");
    size_t sent = ew_json_count(chain);
    const struct ew_json *last = ew_json_item(chain, sent ? sent - 1 : 0);
    const char *issuer = clean(j, ew_json_get_str(last, "issuer", "?"));
    bool self = code == V_SELF_SIGNED || code == V_SELF_SIGNED_IN_CHAIN ||
                ew_json_get_bool(last, "self_issued", false);
    bool untrusted = self || sent > 1;
    struct ew_draft *draft =
        leaf_draft(j, untrusted ? "tls-untrusted-ca" : "tls-intermediate-missing", at);
    if (untrusted)
        draft_says(j, draft, "the chain served for %s ends in %s, which is not trusted here",
                   j->host, issuer);
    else
        draft_says(j, draft, "only the leaf is served for %s, its issuer %s is missing", j->host,
                   issuer);
    draft_shows(j, draft, say(j, "handshake with %s", at->text), "%zu sent; issuer %s%s", sent,
                issuer, ew_json_get_bool(leaf_of(at->tls), "aia", false) ? "; AIA present" : "");
    next_openssl(j, draft, at, "see the chain as it is sent", NULL);
}

static void judge_verification(struct judging *j, const struct address *at)
{
    EW_JSON_EACH(error, ew_json_get(at->tls.value, "verify_errors"))
    {
        int code = (int)ew_json_get_int(error, "code", 0);
        if (code == V_EXPIRED)
            judge_expired(j, at, (int)ew_json_get_int(error, "depth", 0));
        if (code == V_NO_ISSUER || code == V_NO_ISSUER_LOCALLY || code == V_NO_VERIFY_LEAF ||
            code == V_SELF_SIGNED || code == V_SELF_SIGNED_IN_CHAIN)
            judge_chain(j, at, code);
    }
    if (!ew_json_get_bool(at->tls.value, "host_matches", false) && leaf_of(at->tls))
        judge_name(j, at);
}

/* ---- no handshake ---- */

static void judge_refused_name(struct judging *j, const struct address *at)
{
    struct ew_draft *draft = leaf_draft(j, "tls-unrecognized-name", at);
    draft_says(j, draft, "%s refuses a TLS handshake for %s (%s)", at->text, j->host,
               fault_of(j, at->tls));
    draft_shows(j, draft, say(j, "handshake with %s", at->text), "%s", fault_of(j, at->tls));
    draft->unseen = "no listener, Secret or Ingress that would account for it";
    next_openssl(j, draft, at, "see the refusal; then compare another host of this edge", NULL);
}

static void judge_plaintext(struct judging *j, const struct address *at)
{
    struct ew_draft *draft = leaf_draft(j, "tls-plaintext-mixup", at);
    draft_says(j, draft, "port %d at %s speaks plain text, not TLS", j->port, at->text);
    draft_shows(j, draft, say(j, "handshake with %s", at->text), "%s", fault_of(j, at->tls));
    draft_next(j, draft, "see what it says in plain text",
               "curl -sSi --resolve %s:%d:%s http://%s:%d/", j->host, j->port, at->text, j->host,
               j->port);
}

static void judge_client_cert(struct judging *j, const struct address *at)
{
    struct ew_draft *draft = leaf_draft(j, "tls-client-cert-required", at);
    draft_says(j, draft, "%s wants a client certificate for %s", at->text, j->host);
    draft_shows(j, draft, say(j, "handshake with %s", at->text), "%s; a certificate was requested",
                fault_of(j, at->tls));
    draft_next(j, draft, "ask with the client certificate", "curl --cert CERT --key KEY -v %s",
               j->url_word);
}

/* As far as its status tells. */
static bool is_up(const struct ew_listener *listener)
{
    struct ew_cond cond;
    if (listener->owner->kind == EW_LISTENERSET &&
        ew_cond_find(ew_obj_at(listener->owner, "status.conditions"), "Accepted", &cond) &&
        !ew_streq(cond.status, "True"))
        return false;
    return !ew_cond_find(ew_json_get(listener->status, "conditions"), "Programmed", &cond) ||
           !ew_streq(cond.status, "False");
}

/* A listener that passes streams on knows the names of its routes only. */
static bool is_without_route(const struct judging *j, const struct ew_json *listener)
{
    const struct ew_decision *by = j->decision;
    bool stream = ew_streq(ew_json_get_str(listener, "protocol", NULL), "TLS");
    if (!stream || !by || by->listener_json != listener)
        return false;
    return by->outcome == EW_OUT_NO_ROUTE || (by->route && route_is_refused(j, by->route));
}

/* Whether the objects, all read, leave no listener for the name. An Ingress controller has a
 * certificate to fall back to. */
static bool nobody_takes_name(const struct judging *j)
{
    if ((j->inside != INSIDE_API && j->inside != INSIDE_FILES) ||
        !ew_world_count(j->world, EW_GATEWAY))
        return false;
    for (size_t i = 0; i < j->listener_count; i++) {
        const struct ew_listener *listener = &j->listeners[i];
        if (listener->admitted != EW_NO && !listener->conflict && is_up(listener) &&
            !is_without_route(j, listener->json))
            return false;
    }
    return true;
}

/* Some edges (Envoy) reset where others send the alert. A reset alone may be anything: it is the
 * name's fault only where the objects say so too. */
static bool is_name_refusal(const struct judging *j, const struct address *at)
{
    int code = (int)ew_json_int(ew_json_at(at->tls.value, "alert.code"), 0);
    const char *outcome = outcome_of(at->tls);
    if (j->literal)
        return false;
    if (strcmp(outcome, "alert") == 0)
        return code == ALERT_NAME;
    return (strcmp(outcome, "reset") == 0 || strcmp(outcome, "closed") == 0) &&
           nobody_takes_name(j);
}

static bool is_client_cert(const struct address *at)
{
    int code = (int)ew_json_int(ew_json_at(at->tls.value, "alert.code"), 0);
    bool requested = ew_json_get_bool(at->tls.value, "client_cert_requested", false);
    return code == ALERT_CERT_REQUIRED ||
           (requested && (code == ALERT_HANDSHAKE || code == ALERT_BAD_CERT || code == 48 ||
                          strcmp(outcome_of(at->tls), "closed") == 0 ||
                          strcmp(outcome_of(at->tls), "reset") == 0));
}

static void judge_handshake(struct judging *j, const struct address *at)
{
    const char *outcome = outcome_of(at->tls);
    if (strcmp(outcome, "ok") == 0)
        judge_verification(j, at);
    else if (strcmp(outcome, "not-tls") == 0)
        judge_plaintext(j, at);
    else if (is_client_cert(at))
        judge_client_cert(j, at);
    else if (is_name_refusal(j, at))
        judge_refused_name(j, at);
}

static void judge_life(struct judging *j, const struct address *at)
{
    int64_t left = not_after(leaf_of(at->tls)) - j->now_ms;
    if ((double)left > ew_threshold(j->options, EW_CERTIFICATE_EXPIRES) || left < 0)
        return;
    int64_t whole = not_after(leaf_of(at->tls)) -
                    (int64_t)ew_json_num(ew_json_get(leaf_of(at->tls), "not_before"), 0);
    if (whole < 30 * day_ms && left > whole / 3) /* a short-lived one that is renewed in time */
        return;
    char span[32];
    ew_time_span(left, span);
    struct ew_draft *draft = leaf_draft(j, "tls-cert-expiring-soon", at);
    draft_says(j, draft, "the certificate served for %s runs out in %s", j->host, span);
    draft_shows(j, draft, say(j, "handshake with %s", at->text), "%s left", span);
    draft_next(j, draft, "see who renews it", "kubectl get certificate -A");
}

void tls_judge(struct judging *j)
{
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!at->in_record || !is_known(at->tls))
            continue;
        if (at->tls_test == TEST_FAIL)
            judge_handshake(j, at);
        else if (at->tls_test == TEST_PASS)
            judge_life(j, at);
    }
}
