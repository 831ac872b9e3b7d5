/* tls: handshakes at every address, the chain served, and the Secret beside it. */
#include "detail.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"
#include "edgewalk/fact/thresholds.h"

#include <string.h>

enum { LIFE_COLS = 20, LIFE_FROM = 66 };

static const char *day(struct ui_page *page, double ms)
{
    char text[32];
    ew_time_format((int64_t)ms, text);
    return ew_arena_strndup(page->arena, text, strlen("2026-11-23"));
}

/* ---- handshakes ---- */

static const char *verify_word(struct ui_page *page, const struct ew_json *value)
{
    const struct ew_json *error = ew_json_item(ew_json_get(value, "verify_errors"), 0);
    if (!ew_json_get_bool(value, "verified", false))
        return error ? ew_json_get_str(error, "name", "not trusted") : "not trusted";
    if (!ew_json_get_bool(value, "host_matches", false))
        return "other name";
    return ew_arena_fmt(page->arena, "valid");
}

static const char *serial_of(struct ui_page *page, const struct ew_json *value)
{
    const char *print = ew_json_get_str(ew_json_at(value, "chain[0]"), "fingerprint", "");
    return ew_arena_strndup(page->arena, print, strlen(print) < 8 ? strlen(print) : 8);
}

static void handshake_row(struct ui_table *table, const struct ew_fact *fact)
{
    struct ui_page *page = table->page;
    const struct ew_json *value = ew_fact_value(fact);
    const char *where = fact->key + strlen("tls/");
    const char *slash = strchr(where, '/');
    size_t len = slash ? (size_t)(slash - where) : strlen(where);
    bool ok = ew_streq(ew_json_get_str(value, "outcome", NULL), "ok");
    bool valid = ok && ew_json_get_bool(value, "verified", false) &&
                 ew_json_get_bool(value, "host_matches", false);
    ui_table_row(table)->fault = fact->state == EW_KNOWN && !valid;
    ui_table_add(table, UI_NAME, "%.*s", (int)len, where);
    ui_table_add(table, UI_TEXT, "%s", slash ? slash + 1 : "-");
    if (fact->state != EW_KNOWN) {
        ui_table_add(table, UI_UNKNOWN, "%s", ui_fact_state(page, fact));
        return;
    }
    if (!ok) {
        const struct ew_json *alert = ew_json_get(value, "alert");
        ui_table_add(table, UI_FAIL, "✗ %s %s", ew_json_get_str(value, "outcome", "?"),
                     ew_json_get_str(alert, "name", ew_json_get_str(value, "error", "")));
        return;
    }
    ui_table_add(table, valid ? UI_OK : UI_FAIL, "%s %s", valid ? "✓" : "✗",
                 verify_word(page, value));
    ui_table_add(table, UI_TEXT, "%s", ew_json_get_str(value, "version", ""));
    ui_table_add(table, UI_TEXT, "%s", ew_json_get_str(value, "alpn", "-"));
    ui_table_add(table, UI_DIM, "%s", serial_of(page, value));
    ui_table_add(table, UI_DIM, "%s", ui_ms(page, fact->elapsed_ms));
}

static void handshakes(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_fact *fact;
    struct ui_table table;
    ui_page_section(page, "handshakes");
    ui_table_init(&table, page, "ADDRESS SNI- RESULT VERSION- ALPN- LEAF- TIME<-");
    for (size_t at = 0; (fact = ui_fact_next(facts->snapshot, "tls/", &at));)
        handshake_row(&table, fact);
    ui_table_end(&table);
}

/* ---- certificates ---- */

/* Dates at both ends of the bar, or under it where the page is narrow. */
static void life(struct ui_page *page, const struct ew_json *cert, const struct ui_facts *facts)
{
    double soon = ew_threshold(ew_snapshot_options(facts->snapshot), EW_CERTIFICATE_EXPIRES);
    double now = (double)facts->now_ms;
    double from = ew_json_num(ew_json_get(cert, "not_before"), 0);
    double to = ew_json_num(ew_json_get(cert, "not_after"), 0);
    double left = to - now;
    bool early = now < from, narrow = page->cols < LIFE_FROM;
    enum ui_style style = left < 0 || early ? UI_FAIL : left < soon ? UI_WARN : UI_OK;
    char span[32];
    ew_time_span((int64_t)left, span);
    ui_page_line(page)->fault = left < 0 || early;
    ui_page_add(page, UI_DIM, "  valid      ");
    if (!narrow)
        ui_page_add(page, UI_TEXT, "%s ", day(page, from));
    ui_page_bar(page, style, narrow ? LIFE_COLS / 2 : LIFE_COLS,
                to > from ? left / (to - from) : 0);
    if (!narrow)
        ui_page_add(page, UI_TEXT, " %s", day(page, to));
    ui_page_add(page, style, "  %s%s", span,
                early      ? " before its begin"
                : left < 0 ? " past its end"
                           : " left");
    if (narrow) {
        ui_page_line(page);
        ui_page_add(page, UI_TEXT, "             %s to %s", day(page, from), day(page, to));
    }
}

static void sans(struct ui_page *page, const struct ew_json *cert, const char *matched)
{
    struct ew_buf text;
    ew_buf_init(&text, 16 * 1024);
    EW_JSON_EACH(san, ew_json_get(cert, "sans"))
    {
        const char *name = ew_json_str_or(san, "?");
        bool hit = matched && (ew_streq(name, matched) ||
                               (ew_text_prefix(name, "dns:") && ew_streq(name + 4, matched)));
        name = ew_text_prefix(name, "dns:") ? name + 4 : name;
        ew_buf_addf(&text, "%s%s%s", text.len ? ", " : "", hit ? "✓ " : "", name);
    }
    if (text.len)
        ui_page_wrap(page, UI_NAME, "  names      ", ew_buf_text(&text));
    ew_buf_release(&text);
}

static void certificate(struct ui_page *page, const struct ew_json *cert, size_t depth,
                        const char *matched, const struct ui_facts *facts)
{
    ui_page_line(page);
    ui_page_add(page, UI_DIM, "%zu ", depth);
    ui_page_add(page, UI_BAR, "%s", ew_json_get_str(cert, "subject", "(no subject)"));
    if (ew_json_get_bool(cert, "self_issued", false))
        ui_page_add(page, UI_DIM, "  issued by itself");
    else
        ui_page_wrap(page, UI_TEXT, "  issuer     ", ew_json_get_str(cert, "issuer", ""));
    life(page, cert, facts);
    sans(page, cert, matched);
    ui_page_line(page);
    ui_page_add(page, UI_DIM, "  key        ");
    ui_page_add(page, UI_TEXT, "%s", ew_json_get_str(cert, "key", "?"));
    ui_page_add(page, UI_DIM, "  signed with %s", ew_json_get_str(cert, "signature", "?"));
    ui_page_line(page);
    ui_page_add(page, UI_DIM, "  serial     %s", ew_json_get_str(cert, "serial", "?"));
}

static void chain(struct ui_page *page, const struct ew_json *list, const char *matched,
                  const struct ui_facts *facts)
{
    size_t depth = 0;
    EW_JSON_EACH(cert, list)
    {
        certificate(page, cert, depth, depth == 0 ? matched : NULL, facts);
        depth++;
    }
}

/* One section for each different leaf that was served. */
static void served(struct ui_page *page, const struct ui_facts *facts)
{
    struct ew_map *seen = ew_map_new();
    const struct ew_fact *fact;
    for (size_t at = 0; (fact = ui_fact_next(facts->snapshot, "tls/", &at));) {
        const struct ew_json *value = ew_fact_value(fact), *list = ew_json_get(value, "chain");
        const char *print = ew_json_get_str(ew_json_item(list, 0), "fingerprint", NULL);
        if (!print || ew_map_get(seen, print))
            continue;
        ew_map_set(seen, print, seen);
        ui_page_section(page, "served: leaf %s", serial_of(page, value));
        chain(page, list, ew_json_get_str(value, "matched", NULL), facts);
    }
    ew_map_free(seen);
}

/* ---- the Secret that should be served ---- */

static bool is_served(const struct ui_facts *facts, const char *print)
{
    const struct ew_fact *fact;
    for (size_t at = 0; (fact = ui_fact_next(facts->snapshot, "tls/", &at));) {
        const struct ew_json *leaf = ew_json_at(ew_fact_value(fact), "chain[0]");
        if (print && ew_streq(ew_json_get_str(leaf, "fingerprint", NULL), print))
            return true;
    }
    return false;
}

static void secret(struct ui_page *page, const struct ui_facts *facts, const char *ns,
                   const char *name)
{
    const struct ew_obj *obj = ew_world_find(facts->world, EW_SECRET, ns, name);
    const struct ew_json *pair = obj ? ew_obj_at(obj, "certificate") : NULL;
    const struct ew_json *leaf = ew_json_at(pair, "chain[0]");
    const char *print = ew_json_get_str(leaf, "fingerprint", NULL);
    ui_page_about(page, obj);
    ui_page_section(page, "Secret %s/%s", ns ? ns : "", name ? name : "?");
    if (!obj) {
        ui_page_line(page);
        ui_page_add(page, UI_UNKNOWN, "  not seen");
    } else if (!leaf) {
        ui_page_wrap(page, UI_FAIL, "  ", ew_json_get_str(pair, "error", "holds no certificate"));
    } else {
        bool same = is_served(facts, print), fits = ew_json_get_bool(pair, "key_fits", false);
        ui_page_line(page)->fault = !same || !fits;
        ui_page_add(page, same ? UI_OK : UI_FAIL, "  %s",
                    same ? "✓ its leaf is what is served" : "✗ its leaf is not what is served");
        ui_page_add(page, fits ? UI_OK : UI_FAIL, "  %s",
                    fits ? "✓ key fits" : "✗ key does not fit");
        chain(page, ew_json_get(pair, "chain"), NULL, facts);
    }
    ui_page_about(page, NULL);
}

static void listener_secrets(struct ui_page *page, const struct ui_facts *facts,
                             const struct ew_decision *decision)
{
    const struct ew_obj *owner =
        decision->listener_set ? decision->listener_set : decision->gateway;
    EW_JSON_EACH(ref, ew_json_at(decision->listener_json, "tls.certificateRefs"))
    secret(page, facts, ew_json_get_str(ref, "namespace", owner ? owner->ns : NULL),
           ew_json_get_str(ref, "name", NULL));
}

static void ingress_secrets(struct ui_page *page, const struct ui_facts *facts,
                            const struct ew_obj *ingress)
{
    EW_JSON_EACH(tls, ew_obj_at(ingress, "spec.tls"))
    if (ew_json_get_str(tls, "secretName", NULL))
        secret(page, facts, ingress->ns, ew_json_get_str(tls, "secretName", NULL));
}

void ui_detail_tls(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_decision *decision = facts->verdict->decision;
    size_t at = 0;
    if (ui_fact_next(facts->snapshot, "tls/", &at)) {
        handshakes(page, facts);
        served(page, facts);
    }
    if (decision && facts->world && decision->listener_json)
        listener_secrets(page, facts, decision);
    if (decision && facts->world && decision->ingress)
        ingress_secrets(page, facts, decision->ingress);
}
