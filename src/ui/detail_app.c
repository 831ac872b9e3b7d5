/* app: what was answered and by whom, what stands behind it, and what the application was asked. */
#include "detail.h"

#include "edgewalk/base/text.h"

/* The request as typed at the first address that gave an answer. */
static const struct ew_json *main_answer(const struct ui_facts *facts)
{
    const struct ew_fact *fact;
    for (size_t at = 0; (fact = ui_fact_next(facts->snapshot, "http/", &at));)
        if (ew_text_suffix(fact->key, "/main") && ew_json_get_int(ew_fact_value(fact), "status", 0))
            return ew_fact_value(fact);
    return NULL;
}

static const char *header_of(const struct ew_json *answer, const char *name)
{
    EW_JSON_EACH(pair, ew_json_get(answer, "headers"))
    if (ew_text_ieq(ew_json_str(ew_json_item(pair, 0)), name))
        return ew_json_str(ew_json_item(pair, 1));
    return NULL;
}

/* Headers that applications and proxies put their names into. */
static void put_signs(struct ui_page *page, const struct ew_json *answer)
{
    static const struct {
        const char *header, *label;
    } signs[] = {{"server", "  server"},
                 {"x-powered-by", "  powered by"},
                 {"via", "  via"},
                 {"content-type", "  type"}};
    for (size_t i = 0; i < EW_COUNT(signs); i++)
        if (header_of(answer, signs[i].header))
            ui_page_pair(page, signs[i].label, UI_TEXT, "%s", header_of(answer, signs[i].header));
}

static void put_answer(struct ui_page *page, const struct ui_facts *facts,
                       const struct ew_json *answer)
{
    const struct ew_json *http = facts->verdict->layers[EW_LAYER_HTTP].facts;
    const char *by = ew_json_get_str(http, "answered_by", NULL);
    const char *because = ew_json_get_str(http, "answered_by_evidence", NULL);
    long status = ew_json_get_int(answer, "status", 0);
    ui_page_section(page, "the answer");
    size_t from = page->count;
    ui_page_pair(page, "  request", UI_TEXT, "%s %s", ew_json_get_str(answer, "method", "GET"),
                 ew_json_get_str(answer, "url", "?"));
    ui_page_pair(page, "  answer", status >= 400 ? UI_FAIL : UI_OK, "%ld", status);
    if (by)
        ui_page_pair(page, "  by", UI_NAME, "%s%s%s", by, because ? ": " : "",
                     because ? because : "");
    put_signs(page, answer);
    for (size_t i = from; i < page->count; i++)
        page->lines[i].fault = status >= 400;
}

static bool is_changed(const struct ui_facts *facts, const struct ew_json *forwarded)
{
    const struct ew_json *target = ew_snapshot_target(facts->snapshot);
    return !ew_streq(ew_json_get_str(forwarded, "host", NULL),
                     ew_json_get_str(target, "host", NULL)) ||
           !ew_streq(ew_json_get_str(forwarded, "path", NULL),
                     ew_json_get_str(target, "path", NULL)) ||
           ew_json_count(ew_json_get(forwarded, "headers")) ||
           ew_json_count(ew_json_get(forwarded, "removed_headers"));
}

/* What the edge makes of the request, where filters change it. */
static void put_forwarded(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_decision *decision = facts->verdict->decision;
    const struct ew_json *forwarded = decision ? decision->forwarded : NULL;
    if (!forwarded || decision->outcome != EW_OUT_BACKEND || !is_changed(facts, forwarded))
        return;
    const char *removed = ui_join(page, ew_json_get(forwarded, "removed_headers"), NULL);
    ui_page_section(page, "what the application is asked, by the route");
    ui_page_pair(page, "  host", UI_TEXT, "%s", ew_json_get_str(forwarded, "host", "?"));
    ui_page_pair(page, "  path", UI_TEXT, "%s", ew_json_get_str(forwarded, "path", "?"));
    EW_JSON_EACH(header, ew_json_get(forwarded, "headers"))
    ui_page_pair(page, "  header", UI_TEXT, "%s: %s", ew_json_key(header),
                 ew_json_str_or(header, "?"));
    if (removed)
        ui_page_pair(page, "  without", UI_TEXT, "%s", removed);
}

void ui_detail_app(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_layer_result *layer = &facts->verdict->layers[EW_LAYER_APP];
    const struct ew_json *answer = main_answer(facts);
    if (layer->status == EW_ST_SKIPPED || layer->status == EW_ST_PENDING || !answer)
        return;
    if (layer->status == EW_ST_NOT_REACHED)
        ui_page_wrap(page, UI_DIM, "",
                     layer->summary && *layer->summary ? layer->summary : "no request reached it");
    put_answer(page, facts, answer);
    put_forwarded(page, facts);
    ui_body_put(page, answer);
    if (layer->status != EW_ST_NOT_REACHED)
        ui_pods_put(page, facts);
}
