/* dns: answers of every resolver. lb: addresses × TCP, TLS, HTTP. */
#include "detail.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- dns ---- */

static void dns_answer_rows(struct ui_table *table, const struct ew_fact *fact,
                            const struct ew_json *value, const char *resolver)
{
    const char *rcode = ew_json_get_str(value, "rcode", "?");
    const struct ew_json *answers = ew_json_get(value, "answers");
    const char *type = ew_json_get_str(value, "type", "");
    bool good = ew_streq(rcode, "NOERROR");
    bool first = true;
    if (!ew_json_count(answers)) {
        ui_table_row(table)->fault = !good;
        ui_table_add(table, UI_TEXT, "%s", resolver);
        ui_table_add(table, UI_TEXT, "%s", type);
        ui_table_add(table, good ? UI_DIM : UI_FAIL, "%s", good ? "no record" : rcode);
        ui_table_add(table, UI_DIM, "%s", "");
        ui_table_add(table, UI_DIM, "%s", ui_ms(table->page, fact->elapsed_ms));
    }
    EW_JSON_EACH(answer, answers)
    {
        ui_table_row(table);
        ui_table_add(table, UI_TEXT, "%s", first ? resolver : "");
        ui_table_add(table, UI_TEXT, "%s", ew_json_get_str(answer, "type", "?"));
        ui_table_add(table, UI_NAME, "%s", ew_json_get_str(answer, "data", ""));
        ui_table_add(table, UI_TEXT, "%ld s", ew_json_get_int(answer, "ttl", 0));
        ui_table_add(table, UI_DIM, "%s", first ? ui_ms(table->page, fact->elapsed_ms) : "");
        first = false;
    }
}

static void dns_row(struct ui_table *table, const struct ew_fact *fact)
{
    const struct ew_json *value = ew_fact_value(fact);
    char *copy = ew_arena_strdup(table->page->arena, fact->key + strlen("dns/"));
    char *rest = copy;
    const char *resolver = strsep(&rest, "/"), *name = strsep(&rest, "/");
    if (fact->state == EW_KNOWN) {
        dns_answer_rows(table, fact, value, resolver);
        return;
    }
    ui_table_row(table)->fault = fact->state == EW_UNKNOWN;
    ui_table_add(table, UI_TEXT, "%s", resolver);
    ui_table_add(table, UI_TEXT, "%s", rest ? rest : "");
    ui_table_add(table, fact->state == EW_UNKNOWN ? UI_UNKNOWN : UI_DIM, "%s",
                 ui_fact_state(table->page, fact));
    (void)name;
}

static const char *dns_name(struct ui_page *page, const struct ew_fact *fact)
{
    char *copy = ew_arena_strdup(page->arena, fact->key), *rest = copy;
    strsep(&rest, "/");
    strsep(&rest, "/");
    const char *name = strsep(&rest, "/");
    return name ? name : "";
}

/* One table a name that was asked for; the host of the target comes first by itself. */
static void dns_table(struct ui_page *page, const struct ui_facts *facts, const char *name)
{
    const struct ew_fact *fact;
    struct ui_table table;
    ui_page_section(page, "%s", name);
    ui_table_init(&table, page, "RESOLVER TYPE ANSWER TTL<- TIME<-");
    for (size_t at = 0; (fact = ui_fact_next(facts->snapshot, "dns/", &at));)
        if (ew_streq(dns_name(page, fact), name))
            dns_row(&table, fact);
    ui_table_end(&table);
}

static void published_addresses(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_decision *decision = facts->verdict->decision;
    const struct ew_obj *entry = !decision           ? NULL
                                 : decision->gateway ? decision->gateway
                                                     : decision->ingress;
    if (!entry)
        return;
    const char *path =
        entry->kind == EW_GATEWAY ? "status.addresses" : "status.loadBalancer.ingress";
    const struct ew_json *list = ew_obj_at(entry, path);
    ui_page_section(page, "published by %s", ui_title(page, entry));
    ui_page_about(page, entry);
    EW_JSON_EACH(item, list)
    {
        const char *value = ew_json_get_str(item, "value", NULL);
        value = value ? value : ew_json_get_str(item, "ip", ew_json_get_str(item, "hostname", "?"));
        ui_page_line(page);
        ui_page_add(page, UI_NAME, "  %s", value);
    }
    if (!ew_json_count(list)) {
        ui_page_line(page)->fault = true;
        ui_page_add(page, UI_UNKNOWN, "  no address");
    }
    ui_page_about(page, NULL);
}

void ui_detail_dns(struct ui_page *page, const struct ui_facts *facts)
{
    struct ew_map *names = ew_map_new();
    const struct ew_fact *fact;
    for (size_t at = 0; (fact = ui_fact_next(facts->snapshot, "dns/", &at));) {
        const char *name = dns_name(page, fact);
        if (ew_map_get(names, name))
            continue;
        ew_map_set(names, name, names);
        dns_table(page, facts, name);
    }
    if (ew_map_count(names))
        published_addresses(page, facts);
    ew_map_free(names);
}

/* ---- lb ---- */

/* Without the port where it is the target's own. */
static const char *short_address(struct ui_page *page, const struct ui_facts *facts,
                                 const char *where)
{
    long port = ew_json_get_int(ew_snapshot_target(facts->snapshot), "port", 0);
    const char *suffix = ew_arena_fmt(page->arena, ":%ld", port);
    size_t len = strlen(where) - (ew_text_suffix(where, suffix) ? strlen(suffix) : 0);
    return ew_arena_strndup(page->arena, where, len);
}

enum { TIMES_FROM = 56 };

/* Times are left to the wide screens: what matters first is what answered. */
static const char *cell_ms(const struct ui_table *table, double ms)
{
    return table->page->cols < TIMES_FROM ? "" : ui_ms(table->page, ms);
}

/* A step after one that failed says nothing new, unless it went well (a connection tried again). */
static bool is_moot(const struct ew_fact *tcp, const struct ew_fact *later)
{
    const struct ew_json *value = later ? ew_fact_value(later) : NULL;
    bool open = ew_streq(ew_json_get_str(ew_fact_value(tcp), "outcome", "open"), "open");
    bool good = ew_streq(ew_json_get_str(value, "outcome", NULL), "ok") ||
                ew_json_get_int(value, "status", 0);
    return !later || (!open && !good);
}

static void tcp_cell(struct ui_table *table, const struct ew_fact *fact)
{
    const char *outcome = ew_json_get_str(ew_fact_value(fact), "outcome", NULL);
    bool open = ew_streq(outcome, "open");
    if (fact->state != EW_KNOWN)
        ui_table_add(table, UI_UNKNOWN, "%s", ui_fact_state(table->page, fact));
    else
        ui_table_add(table, open ? UI_OK : UI_FAIL, "%s %s %s", open ? "✓" : "✗",
                     outcome ? outcome : "?", cell_ms(table, fact->elapsed_ms));
}

static void tls_cell(struct ui_table *table, const struct ew_fact *tcp, const struct ew_fact *fact)
{
    const struct ew_json *value = fact ? ew_fact_value(fact) : NULL;
    const char *outcome = ew_json_get_str(value, "outcome", "?");
    bool trusted = ew_json_get_bool(value, "verified", false) &&
                   ew_json_get_bool(value, "host_matches", false);
    if (is_moot(tcp, fact))
        ui_table_add(table, UI_DIM, "-");
    else if (fact->state != EW_KNOWN)
        ui_table_add(table, UI_UNKNOWN, "%s", ui_fact_state(table->page, fact));
    else if (!ew_streq(outcome, "ok"))
        ui_table_add(table, UI_FAIL, "✗ %s", outcome);
    else
        ui_table_add(table, trusted ? UI_OK : UI_FAIL, "%s %s %s", trusted ? "✓" : "✗ not valid",
                     ew_json_get_str(value, "version", ""), cell_ms(table, fact->elapsed_ms));
}

static void http_cell(struct ui_table *table, const struct ew_fact *tcp, const struct ew_fact *fact)
{
    const struct ew_json *value = fact ? ew_fact_value(fact) : NULL;
    long status = ew_json_get_int(value, "status", 0);
    if (is_moot(tcp, fact))
        ui_table_add(table, UI_DIM, "-");
    else if (fact->state != EW_KNOWN)
        ui_table_add(table, UI_UNKNOWN, "%s", ui_fact_state(table->page, fact));
    else if (!status)
        ui_table_add(table, UI_FAIL, "✗ %s", ew_json_get_str(value, "outcome", "?"));
    else
        ui_table_add(table, status < 400 ? UI_OK : UI_FAIL, "%s %ld %s", status < 400 ? "✓" : "✗",
                     status, cell_ms(table, ew_json_num(ew_json_at(value, "times.total_ms"), 0)));
}

/* The handshake at an address with the target's own SNI: the first, for others are controls. */
static const struct ew_fact *first_fact(const struct ui_facts *facts, char *prefix)
{
    size_t at = 0;
    const struct ew_fact *fact = ui_fact_next(facts->snapshot, prefix, &at);
    free(prefix);
    return fact;
}

void ui_detail_lb(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_fact *tcp;
    struct ui_table table;
    size_t at = 0;
    if (!ui_fact_next(facts->snapshot, "tcp/", &at))
        return;
    ui_page_section(page, "every address, as tried from here");
    ui_table_init(&table, page, "ADDRESS TCP TLS HTTP");
    for (at = 0; (tcp = ui_fact_next(facts->snapshot, "tcp/", &at));) {
        const char *where = tcp->key + strlen("tcp/");
        const struct ew_fact *tls = first_fact(facts, ew_fmt("tls/%s/", where));
        const struct ew_fact *http = first_fact(facts, ew_fmt("http/%s/main", where));
        const char *outcome = ew_json_get_str(ew_fact_value(tcp), "outcome", "");
        ui_table_row(&table)->fault = tcp->state == EW_KNOWN && !ew_streq(outcome, "open");
        ui_table_add(&table, UI_NAME, "%s", short_address(page, facts, where));
        tcp_cell(&table, tcp);
        tls_cell(&table, tcp, tls);
        http_cell(&table, tcp, http);
    }
    ui_table_end(&table);
    published_addresses(page, facts);
}
