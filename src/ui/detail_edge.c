/* edge: class, entry point, listeners × conditions. route: candidates, and why each lost. */
#include "detail.h"

#include "edgewalk/base/text.h"

/* ---- edge ---- */

struct listener_condition {
    const char *type, *good;
};
static const struct listener_condition listener_conditions[] = {{"Accepted", "True"},
                                                                {"Programmed", "True"},
                                                                {"ResolvedRefs", "True"},
                                                                {"Conflicted", "False"}};

/* A mark for each condition; what is not as it should be is said in why. */
static void condition_cell(struct ui_table *table, const struct ew_json *conditions,
                           const struct listener_condition *wanted, struct ew_buf *why)
{
    struct ew_cond cond;
    if (!ew_cond_find(conditions, wanted->type, &cond)) {
        ui_table_add(table, UI_DIM, "-");
        return;
    }
    if (ew_streq(cond.status, wanted->good)) {
        ui_table_add(table, UI_OK, "✓");
        return;
    }
    table->rows[table->count - 1].fault = true;
    ui_table_add(table, UI_FAIL, "✗");
    ew_buf_addf(why, "%s%s %s%s%s", why->len ? "; " : "", wanted->type,
                cond.status ? cond.status : "?", cond.reason ? ", " : "",
                cond.reason ? cond.reason : "");
}

static const struct ew_json *listener_status(const struct ew_obj *owner, const char *name)
{
    EW_JSON_EACH(status, ew_obj_at(owner, "status.listeners"))
    if (ew_streq(ew_json_get_str(status, "name", NULL), name))
        return status;
    return NULL;
}

static void listener_row(struct ui_table *table, const struct ew_json *listener,
                         const struct ew_json *status, bool serving)
{
    const struct ew_json *conditions = ew_json_get(status, "conditions");
    struct ew_buf why;
    ew_buf_init(&why, 1024);
    ui_table_row(table);
    ui_table_add(table, serving ? UI_BAR : UI_TEXT, "%s%s", serving ? "▸ " : "  ",
                 ew_json_get_str(listener, "name", "?"));
    ui_table_add(table, UI_TEXT, "%ld", ew_json_get_int(listener, "port", 0));
    ui_table_add(table, UI_TEXT, "%s", ew_json_get_str(listener, "protocol", ""));
    ui_table_add(table, UI_NAME, "%s", ew_json_get_str(listener, "hostname", "any"));
    if (status)
        ui_table_add(table, UI_TEXT, "%ld", ew_json_get_int(status, "attachedRoutes", 0));
    else
        ui_table_add(table, UI_DIM, "-");
    for (size_t i = 0; i < EW_COUNT(listener_conditions); i++)
        condition_cell(table, conditions, &listener_conditions[i], &why);
    ui_table_add(table, UI_FAIL, "%s", ew_buf_text(&why));
    ew_buf_release(&why);
}

static void listeners(struct ui_page *page, const struct ew_obj *owner, const char *serving)
{
    struct ui_table table;
    ui_page_about(page, owner);
    ui_page_section(page, "listeners of %s", ui_title(page, owner));
    ui_table_init(&table, page,
                  "LISTENER PORT< PROTO- HOSTNAME- ROUTES<- ACC PROG REFS CONFL WHY+");
    EW_JSON_EACH(listener, ew_obj_at(owner, "spec.listeners"))
    {
        const char *name = ew_json_get_str(listener, "name", "?");
        listener_row(&table, listener, listener_status(owner, name), ew_streq(name, serving));
    }
    ui_table_end(&table);
}

static void conditions_of(struct ui_page *page, const struct ew_obj *obj)
{
    const struct ew_json *conditions = ew_obj_at(obj, "status.conditions");
    ui_page_about(page, obj);
    ui_page_section(page, "%s", ui_title(page, obj));
    if (!ew_json_count(conditions)) {
        ui_page_line(page);
        ui_page_add(page, UI_DIM, "  no conditions reported");
    }
    ui_conditions_put(page, obj, conditions);
}

static void gateway(struct ui_page *page, const struct ui_facts *facts,
                    const struct ew_decision *decision)
{
    const struct ew_obj *entry = decision->gateway;
    const char *class_name = ew_json_str(ew_obj_at(entry, "spec.gatewayClassName"));
    const struct ew_obj *class_obj =
        class_name ? ew_world_find(facts->world, EW_GATEWAYCLASS, NULL, class_name) : NULL;
    if (decision->listener_set)
        listeners(page, decision->listener_set, decision->listener);
    listeners(page, entry, decision->listener_set ? NULL : decision->listener);
    conditions_of(page, entry);
    if (decision->listener_set)
        conditions_of(page, decision->listener_set);
    if (class_obj)
        conditions_of(page, class_obj);
    else if (class_name)
        ui_page_wrap(page, UI_UNKNOWN, "  ",
                     ew_arena_fmt(page->arena, "GatewayClass %s not seen", class_name));
}

static void ingress(struct ui_page *page, const struct ui_facts *facts, const struct ew_obj *entry)
{
    const char *class_name =
        ew_json_str_or(ew_obj_at(entry, "spec.ingressClassName"),
                       ew_obj_annotation(entry, "kubernetes.io/ingress.class"));
    const struct ew_obj *class_obj =
        class_name ? ew_world_find(facts->world, EW_INGRESSCLASS, NULL, class_name) : NULL;
    ui_page_about(page, entry);
    ui_page_section(page, "%s", ui_title(page, entry));
    ui_page_pair(page, "  class", class_name ? UI_NAME : UI_UNKNOWN, "%s",
                 class_name ? class_name : "none named");
    if (class_obj)
        ui_page_pair(page, "  controller", UI_NAME, "%s",
                     ew_json_str_or(ew_obj_at(class_obj, "spec.controller"), "?"));
    EW_JSON_EACH(item, ew_obj_at(entry, "status.loadBalancer.ingress"))
    ui_page_pair(page, "  address", UI_NAME, "%s",
                 ew_json_get_str(item, "ip", ew_json_get_str(item, "hostname", "?")));
}

/* Every Gateway that is known, where none was chosen: the one that is looked for may be among them.
 */
static void all_gateways(struct ui_page *page, const struct ui_facts *facts)
{
    for (size_t i = 0; i < ew_world_count(facts->world, EW_GATEWAY); i++) {
        const struct ew_obj *obj = ew_world_at(facts->world, EW_GATEWAY, i);
        listeners(page, obj, NULL);
        conditions_of(page, obj);
    }
}

void ui_detail_edge(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_decision *decision = facts->verdict->decision;
    if (!facts->world)
        return;
    if (decision && decision->gateway)
        gateway(page, facts, decision);
    else if (decision && decision->ingress)
        ingress(page, facts, decision->ingress);
    else
        all_gateways(page, facts);
}

/* ---- route ---- */

static void candidates(struct ui_page *page, const struct ew_decision *decision)
{
    struct ui_table table;
    ui_page_section(page, "candidates for this host");
    ui_table_init(&table, page, "ROUTE~ RULE- RESULT WHY+");
    for (size_t i = 0; i < decision->candidate_count; i++) {
        const struct ew_candidate *one = &decision->candidates[i];
        enum ui_style style = one->wins ? UI_OK : one->attached ? UI_DIM : UI_WARN;
        ui_page_about(page, one->route);
        ui_table_row(&table)->fault = !one->attached;
        ui_table_add(&table, one->wins ? UI_BAR : UI_NAME, "%s%s", one->wins ? "▸ " : "  ",
                     one->route ? ui_title(page, one->route) : "?");
        if (one->match >= 0)
            ui_table_add(&table, UI_TEXT, "%d.%d", one->rule, one->match);
        else
            ui_table_add(&table, UI_TEXT, "%d", one->rule);
        ui_table_add(&table, style, "%s",
                     one->wins        ? "✓ serves"
                     : !one->attached ? "✗ not attached"
                     : one->matched   ? "matches, loses"
                                      : "no match");
        ui_table_add(&table, UI_TEXT, "%s", one->why_not ? one->why_not : "");
    }
    ui_table_end(&table);
    if (decision->others) {
        ui_page_line(page);
        ui_page_add(page, UI_DIM, "  and %zu %s this host", decision->others,
                    decision->others == 1 ? "route that does not claim"
                                          : "routes that do not claim");
    }
    ui_page_about(page, decision->route);
}

static void rule(struct ui_page *page, const struct ew_decision *decision)
{
    struct ew_buf text;
    if (!decision->rule_json)
        return;
    ew_buf_init(&text, 64 * 1024);
    ew_yaml_write(&text, decision->rule_json);
    ui_page_section(page, "rule %d", decision->rule);
    ui_page_text(page, UI_TEXT, ew_buf_text(&text), text.len);
    ew_buf_release(&text);
}

static void parents(struct ui_page *page, const struct ew_obj *route)
{
    EW_JSON_EACH(parent, ew_obj_at(route, "status.parents"))
    {
        const struct ew_json *ref = ew_json_get(parent, "parentRef");
        const char *section = ew_json_get_str(ref, "sectionName", NULL);
        ui_page_section(page, "%s under %s %s%s%s, says %s", ui_title(page, route),
                        ew_json_get_str(ref, "kind", "Gateway"), ew_json_get_str(ref, "name", "?"),
                        section ? "/" : "", section ? section : "",
                        ew_json_get_str(parent, "controllerName", "?"));
        ui_conditions_put(page, route, ew_json_get(parent, "conditions"));
    }
}

static const char *outcome_words(enum ew_outcome outcome)
{
    static const char *const words[] = {
        [EW_OUT_BACKEND] = "sent to a backend",
        [EW_OUT_REDIRECT] = "redirected",
        [EW_OUT_RESPOND] = "answered by the edge as configured",
        [EW_OUT_NO_LISTENER] = "no listener takes it",
        [EW_OUT_NO_ROUTE] = "no route takes it",
        [EW_OUT_NO_BACKEND] = "no usable backend",
        [EW_OUT_MISDIRECTED] = "misdirected",
        [EW_OUT_REJECTED] = "rejected",
        [EW_OUT_UNKNOWN] = "cannot be decided",
    };
    return words[outcome];
}

static void outcome(struct ui_page *page, const struct ew_decision *decision)
{
    bool good = decision->outcome <= EW_OUT_RESPOND;
    ui_page_section(page, "by the objects, this request is");
    ui_page_line(page)->fault = !good;
    ui_page_add(page,
                good                                  ? UI_OK
                : decision->outcome == EW_OUT_UNKNOWN ? UI_UNKNOWN
                                                      : UI_FAIL,
                "  %s", outcome_words(decision->outcome));
    if (decision->status)
        ui_page_add(page, UI_TEXT, "  HTTP %d", decision->status);
    if (decision->why)
        ui_page_wrap(page, UI_TEXT, "  ", decision->why);
    if (decision->redirect)
        ui_page_wrap(page, UI_NAME, "  → ", ew_json_get_str(decision->redirect, "location", "?"));
    for (size_t i = 0; decision->undecided && decision->undecided[i]; i++)
        ui_page_wrap(page, UI_UNKNOWN, "  ? ", decision->undecided[i]);
    for (size_t i = 0; decision->assumes && decision->assumes[i]; i++)
        ui_page_wrap(page, UI_DIM, "  assumes ", decision->assumes[i]);
}

void ui_detail_route(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_decision *decision = facts->verdict->decision;
    if (!decision)
        return;
    outcome(page, decision);
    if (decision->candidate_count)
        candidates(page, decision);
    if (decision->route)
        parents(page, decision->route);
    for (size_t i = 0; !decision->route && i < decision->candidate_count; i++) {
        const struct ew_obj *route = decision->candidates[i].route;
        bool again = i && decision->candidates[i - 1].route == route;
        ui_page_about(page, route);
        if (route && !again)
            parents(page, route);
    }
    rule(page, decision);
}
