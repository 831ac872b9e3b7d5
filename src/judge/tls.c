#include "tls.h"

#include <string.h>

static const char *const would =
    "tls-cert-expired tls-name-mismatch tls-untrusted-ca tls-intermediate-missing "
    "tls-unrecognized-name tls-plaintext-mixup tls-client-cert-required";

/* ---- looking ---- */

const struct ew_json *leaf_of(struct got got)
{
    return ew_json_item(ew_json_get(got.value, "chain"), 0);
}

int64_t not_after(const struct ew_json *cert)
{
    return (int64_t)ew_json_num(ew_json_get(cert, "not_after"), 0);
}

static bool is_good(struct got got)
{
    return strcmp(outcome_of(got), "ok") == 0 && ew_json_get_bool(got.value, "verified", false) &&
           ew_json_get_bool(got.value, "host_matches", false);
}

static enum test test_of(const struct address *at)
{
    if (at->tcp_test == TEST_FAIL)
        return TEST_NONE;
    if (at->tls.state == EW_PENDING)
        return TEST_PENDING;
    if (!is_known(at->tls))
        return TEST_UNKNOWN;
    return is_good(at->tls) ? TEST_PASS : TEST_FAIL;
}

static void show(struct judging *j, const struct address *at)
{
    struct ew_json *list = layer_list(j, EW_LAYER_TLS, "handshakes");
    if (!is_known(at->tls)) {
        struct ew_json *row = ew_json_add(j->doc, list, ew_json_object(j->doc));
        ew_json_set_str(j->doc, row, "address", at->text);
        ew_json_set_str(j->doc, row, "outcome", at->tls.reason);
        return;
    }
    ew_json_add(j->doc, list, ew_json_copy(j->doc, at->tls.value));
}

const char *fault_of(struct judging *j, struct got got)
{
    const char *outcome = outcome_of(got);
    if (strcmp(outcome, "alert") == 0)
        return say(j, "alert %s", ew_json_str_or(ew_json_at(got.value, "alert.name"), "?"));
    if (strcmp(outcome, "ok") != 0)
        return say(j, "%s%s%s", outcome, ew_json_get_str(got.value, "error", NULL) ? ": " : "",
                   clean(j, ew_json_get_str(got.value, "error", "")));
    const char *text = ew_json_str(ew_json_at(got.value, "verify_errors[0].text"));
    if (!ew_json_get_bool(got.value, "verified", false))
        return text ? clean(j, text) : "the chain does not verify";
    return ew_json_get_bool(got.value, "host_matches", false) ? NULL
                                                              : "certificate of another name";
}

/* The same in two or three words, for the line of the layer. */
static const char *fault_in_short(struct judging *j, struct got got)
{
    static const struct {
        int code;
        const char *words;
    } known[] = {{V_SELF_SIGNED, "self-signed"},
                 {V_SELF_SIGNED_IN_CHAIN, "CA not trusted"},
                 {V_NO_ISSUER, "issuer not sent"},
                 {V_NO_ISSUER_LOCALLY, "issuer not known"},
                 {V_NO_VERIFY_LEAF, "issuer not known"}};
    int64_t over = j->now_ms - not_after(leaf_of(got));
    long code = ew_json_int(ew_json_at(got.value, "verify_errors[0].code"), 0);
    if (strcmp(outcome_of(got), "ok") != 0)
        return fault_of(j, got);
    if (code == V_EXPIRED && over > 0) {
        char span[32];
        ew_time_span(over, span);
        return say(j, "expired %s ago", span);
    }
    for (size_t i = 0; i < EW_COUNT(known); i++)
        if (code == known[i].code)
            return known[i].words;
    return code ? fault_of(j, got) : "for another name";
}

static const char *life(struct judging *j, const struct address *at)
{
    char span[32];
    ew_time_span(not_after(leaf_of(at->tls)) - j->now_ms, span);
    return say(j, "%s left", span);
}

static void settle(struct judging *j, size_t total, const struct address *bad,
                   const struct address *good)
{
    bool reached = false, open_later = false, tried = bad || good;
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        reached = reached || (at->in_record && at->tcp_test == TEST_PASS);
        open_later = open_later || (at->in_record && at->tls_test == TEST_PENDING);
    }
    if (bad)
        layer_is(j, EW_LAYER_TLS, EW_ST_FAIL, "%s", fault_in_short(j, bad->tls));
    else if (good)
        layer_is(j, EW_LAYER_TLS, EW_ST_OK, "%s", life(j, good));
    else if (!reached)
        layer_is(j, EW_LAYER_TLS, EW_ST_NOT_REACHED, "no connection%s", total ? "" : " by name");
    else
        layer_is(j, EW_LAYER_TLS, EW_ST_UNKNOWN, "no handshake was seen to its end");
    if (!tried && (open_later || !j->dns_done || j->layers[EW_LAYER_LB].pending))
        j->layers[EW_LAYER_TLS].pending = true;
}

void tls_look(struct judging *j)
{
    const struct address *bad = NULL, *good = NULL;
    if (!j->outside || !j->tls) {
        layer_is(j, EW_LAYER_TLS, EW_ST_SKIPPED, j->outside ? "plain HTTP" : "--no-probe");
        return;
    }
    for (size_t i = 0; i < j->address_count; i++) {
        struct address *at = &j->addresses[i];
        if (at->tcp_test == TEST_FAIL) /* and what was asked already is not waited for */
            at->tls = (struct got){EW_UNKNOWN, "no connection", NULL};
        else
            at->tls = need_tls(j, at->text, j->port, j->literal ? NULL : j->host, would);
        at->tls_test = test_of(at);
        show(j, at);
        if (at->in_record && at->tls_test == TEST_FAIL && !bad)
            bad = at;
        if (at->in_record && at->tls_test == TEST_PASS && !good)
            good = at;
    }
    settle(j, record_count(j), bad, good);
}
