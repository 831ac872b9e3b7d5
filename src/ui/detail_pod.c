/* pod: the pods behind the backends, their containers and events. api-access: every read and how it
 * went. */
#include "detail.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 20 };

/* ---- pods ---- */

static const char *age(struct ui_page *page, int64_t since, int64_t now)
{
    char span[32];
    if (!since)
        return "-";
    ew_time_span(now - since, span);
    return ew_arena_strdup(page->arena, span);
}

/* Why a container is not running, in the API's own words. */
static const char *container_reason(const struct ew_json *status)
{
    const char *waiting = ew_json_str(ew_json_at(status, "state.waiting.reason"));
    const char *ended = ew_json_str(ew_json_at(status, "state.terminated.reason"));
    return waiting ? waiting : ended;
}

struct pod_sum {
    long ready, total, restarts;
    const char *reason;
};

static struct pod_sum sum_of(const struct ew_obj *pod)
{
    struct pod_sum sum = {0};
    EW_JSON_EACH(status, ew_obj_at(pod, "status.containerStatuses"))
    {
        sum.total++;
        sum.ready += ew_json_get_bool(status, "ready", false);
        sum.restarts += ew_json_get_int(status, "restartCount", 0);
        if (!sum.reason)
            sum.reason = container_reason(status);
    }
    if (!sum.total)
        sum.total = (long)ew_json_count(ew_obj_at(pod, "spec.containers"));
    EW_JSON_EACH(status, ew_obj_at(pod, "status.initContainerStatuses"))
    {
        const char *reason = container_reason(status);
        if (reason && !ew_streq(reason, "Completed"))
            sum.reason = reason;
    }
    if (!sum.reason)
        sum.reason = ew_json_str(ew_obj_at(pod, "status.reason"));
    return sum;
}

static void pod_row(struct ui_table *table, const struct ew_obj *pod, int64_t now)
{
    struct pod_sum sum = sum_of(pod);
    const char *phase = ew_json_str_or(ew_obj_at(pod, "status.phase"), "?");
    bool ready = sum.total && sum.ready == sum.total;
    ui_page_about(table->page, pod);
    ui_table_row(table)->fault = !ready;
    ui_table_add(table, ready ? UI_OK : UI_FAIL, "%s %s", ready ? "✓" : "✗", pod->name);
    ui_table_add(table, ready ? UI_OK : UI_FAIL, "%ld/%ld", sum.ready, sum.total);
    ui_table_add(table, sum.reason ? UI_FAIL : UI_TEXT, "%s%s",
                 ew_obj_deleting(pod) ? "Terminating " : "", sum.reason ? sum.reason : phase);
    ui_table_add(table, sum.restarts ? UI_WARN : UI_TEXT, "%ld", sum.restarts);
    ui_table_add(table, UI_DIM, "%s", age(table->page, ew_obj_created(pod), now));
    ui_table_add(table, UI_DIM, "%s", ew_json_str_or(ew_obj_at(pod, "spec.nodeName"), "-"));
}

/* How it ended before, and what it said last (terminationMessagePath). */
static void put_last_end(struct ui_page *page, const struct ew_json *last)
{
    const char *words = ew_json_get_str(last, "message", "");
    ui_page_line(page);
    ui_page_add(page, UI_TEXT, "    last ended %s, exit %ld", ew_json_get_str(last, "reason", ""),
                ew_json_get_int(last, "exitCode", -1));
    if (*words)
        ui_page_wrap(page, UI_BAR, "    said last: ", words);
}

static void container_lines(struct ui_page *page, const struct ew_json *statuses)
{
    EW_JSON_EACH(status, statuses)
    {
        const struct ew_json *last = ew_json_at(status, "lastState.terminated");
        const char *reason = container_reason(status);
        if (ew_json_get_bool(status, "ready", false) && !last)
            continue;
        bool fault = !ew_json_get_bool(status, "ready", false);
        size_t from = page->count;
        ui_page_line(page);
        ui_page_add(page, UI_TEXT, "  container %s", ew_json_get_str(status, "name", "?"));
        ui_page_add(page, reason ? UI_FAIL : UI_WARN, "  %s", reason ? reason : "not ready");
        if (last)
            put_last_end(page, last);
        const char *message = ew_json_str(ew_json_at(status, "state.waiting.message"));
        if (message)
            ui_page_wrap(page, UI_DIM, "    ", message);
        for (size_t i = from; i < page->count; i++)
            page->lines[i].fault = fault;
    }
}

static void pod_events(struct ui_page *page, const struct ui_facts *facts, const struct ew_obj *pod)
{
    struct ui_table table;
    size_t count = ew_world_count(facts->world, EW_EVENT), shown = 0;
    ui_table_init(&table, page, "EVENT COUNT<- AGE MESSAGE+");
    table.indent = 2;
    for (size_t i = 0; i < count && shown < EVENTS_MAX; i++) {
        const struct ew_obj *event = ew_world_at(facts->world, EW_EVENT, i);
        const struct ew_json *about = ew_obj_at(event, "involvedObject");
        int64_t at = 0;
        if (!ew_streq(ew_json_get_str(about, "name", NULL), pod->name) ||
            !ew_streq(ew_json_get_str(about, "kind", NULL), "Pod"))
            continue;
        bool warning = ew_streq(ew_json_str(ew_obj_at(event, "type")), "Warning");
        const char *last = ew_json_str(ew_obj_at(event, "lastTimestamp"));
        if (last)
            ew_time_parse(last, &at);
        ui_table_row(&table)->fault = warning;
        ui_table_add(&table, warning ? UI_WARN : UI_TEXT, "%s",
                     ew_json_str_or(ew_obj_at(event, "reason"), "?"));
        ui_table_add(&table, UI_TEXT, "%ld", ew_json_int(ew_obj_at(event, "count"), 1));
        ui_table_add(&table, UI_DIM, "%s", age(page, at, facts->now_ms));
        ui_table_add(&table, UI_DIM, "%s", ew_json_str_or(ew_obj_at(event, "message"), ""));
        shown++;
    }
    ui_table_end(&table);
}

static void condition_lines(struct ui_page *page, const struct ew_json *condition)
{
    const char *type = ew_json_get_str(condition, "type", "?");
    const char *message = ew_json_get_str(condition, "message", "");
    /* ContainersReady says what Ready says. */
    if (ew_streq(ew_json_get_str(condition, "status", NULL), "True") ||
        ew_streq(type, "ContainersReady"))
        return;
    ui_page_line(page)->fault = true;
    ui_page_add(page, UI_WARN, "  not %s  %s", type, ew_json_get_str(condition, "reason", ""));
    if (*message)
        ui_page_wrap(page, UI_DIM, "    ", message);
}

static void pod_section(struct ui_page *page, const struct ui_facts *facts,
                        const struct ew_obj *pod)
{
    struct pod_sum sum = sum_of(pod);
    if (sum.total && sum.ready == sum.total && !sum.restarts)
        return;
    ui_page_about(page, pod);
    ui_page_section(page, "%s", ui_title(page, pod));
    EW_JSON_EACH(condition, ew_obj_at(pod, "status.conditions"))
    condition_lines(page, condition);
    container_lines(page, ew_obj_at(pod, "status.initContainerStatuses"));
    container_lines(page, ew_obj_at(pod, "status.containerStatuses"));
    pod_events(page, facts, pod);
}

/* Whether a pod stands behind a backend of the rule: selected by its Service. */
static bool is_behind(const struct ew_decision *decision, const struct ew_obj *pod)
{
    for (size_t i = 0; i < decision->backend_count; i++) {
        const struct ew_obj *service = decision->backends[i].service;
        const struct ew_json *selector = service ? ew_obj_at(service, "spec.selector") : NULL;
        bool all = ew_json_count(selector) > 0 && ew_streq(service->ns, pod->ns);
        EW_JSON_EACH(label, selector)
        all = all && ew_streq(ew_json_str(label), ew_obj_label(pod, ew_json_key(label)));
        if (all)
            return true;
    }
    return false;
}

static struct ew_ptrs pods_behind(const struct ui_facts *facts)
{
    const struct ew_decision *decision = facts->verdict->decision;
    size_t count = facts->world ? ew_world_count(facts->world, EW_POD) : 0;
    struct ew_ptrs behind = {0};
    for (size_t i = 0; decision && i < count; i++) {
        const struct ew_obj *pod = ew_world_at(facts->world, EW_POD, i);
        if (is_behind(decision, pod))
            ew_ptrs_add(&behind, (void *)pod);
    }
    return behind;
}

static void put_pods(struct ui_page *page, const struct ui_facts *facts,
                     const struct ew_ptrs *behind)
{
    struct ui_table table;
    if (!behind->count)
        return;
    ui_page_section(page, "pods behind the backends");
    ui_table_init(&table, page, "POD~ READY- STATE RESTARTS< AGE- NODE-");
    for (size_t i = 0; i < behind->count; i++)
        pod_row(&table, behind->at[i], facts->now_ms);
    ui_table_end(&table);
    ui_page_about(page, NULL);
}

void ui_pods_put(struct ui_page *page, const struct ui_facts *facts)
{
    struct ew_ptrs behind = pods_behind(facts);
    put_pods(page, facts, &behind);
    ew_ptrs_release(&behind);
}

void ui_detail_pod(struct ui_page *page, const struct ui_facts *facts)
{
    struct ew_ptrs behind = pods_behind(facts);
    put_pods(page, facts, &behind);
    for (size_t i = 0; i < behind.count; i++)
        pod_section(page, facts, behind.at[i]);
    ew_ptrs_release(&behind);
}

/* ---- api-access ---- */

static const char *read_result(struct ui_page *page, const struct ew_fact *fact)
{
    const struct ew_json *value = ew_fact_value(fact);
    if (fact->state != EW_KNOWN)
        return ui_fact_state(page, fact);
    if (!ew_text_prefix(fact->key, "api/list/"))
        return "read";
    return ew_arena_fmt(page->arena, "%ld, %ld of others", ew_json_get_int(value, "count", 0),
                        ew_json_get_int(value, "others", 0));
}

void ui_detail_api_access(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_fact *fact;
    const struct ew_fact *server = ew_snapshot_fact(facts->snapshot, "api/server");
    struct ui_table table;
    if (server) {
        ui_page_section(page, "API server");
        ui_page_pair(page, "  server", UI_NAME, "%s",
                     ew_json_get_str(ew_fact_value(server), "server", ui_fact_state(page, server)));
        ui_page_pair(page, "  context", UI_TEXT, "%s",
                     ew_json_get_str(ew_fact_value(server), "context", "-"));
    }
    ui_page_section(page, "what was read");
    ui_table_init(&table, page, "READ~ RESULT TIME<- WHY+");
    for (size_t at = 0; (fact = ui_fact_next(facts->snapshot, "api/", &at));) {
        bool unknown = fact->state == EW_UNKNOWN;
        ui_table_row(&table)->fault = unknown;
        ui_table_add(&table, UI_NAME, "%s", fact->key + strlen("api/"));
        ui_table_add(&table, unknown ? UI_UNKNOWN : UI_TEXT, "%s", read_result(page, fact));
        ui_table_add(&table, UI_DIM, "%s", ui_ms(page, fact->elapsed_ms));
        ui_table_add(&table, UI_DIM, "%s", ew_json_get_str(ew_fact_value(fact), "text", ""));
    }
    ui_table_end(&table);
}
