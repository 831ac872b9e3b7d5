/* service: backends with weights and readiness. endpoints: every address behind them. */
#include "detail.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>

static const char *fault_word(enum ew_backend_fault fault)
{
    static const char *const words[] = {
        [EW_BACKEND_OK] = "",
        [EW_BACKEND_NOT_FOUND] = "not found",
        [EW_BACKEND_NOT_PERMITTED] = "not permitted",
        [EW_BACKEND_KIND] = "kind not usable",
        [EW_BACKEND_PORT] = "no such port",
        [EW_BACKEND_PROTOCOL] = "protocol",
        [EW_BACKEND_NO_ENDPOINTS] = "no endpoints",
        [EW_BACKEND_NONE_READY] = "none ready",
        [EW_BACKEND_UNKNOWN] = "not read",
        [EW_BACKEND_TLS_POLICY] = "TLS policy",
        [EW_BACKEND_FILTER] = "no such filter",
    };
    return words[fault];
}

static void ready_cell(struct ui_table *table, const struct ew_backend *backend)
{
    if (backend->total < 0)
        ui_table_add(table, UI_UNKNOWN, "not known");
    else
        ui_table_add_bar(table,
                         backend->ready == 0               ? UI_FAIL
                         : backend->ready < backend->total ? UI_WARN
                                                           : UI_OK,
                         backend->total ? (double)backend->ready / backend->total : 0, "%d of %d",
                         backend->ready, backend->total);
}

static void backends(struct ui_page *page, const struct ew_decision *decision)
{
    struct ui_table table;
    ui_page_section(page, "backends of the rule");
    ui_table_init(&table, page, "BACKEND~ PORT- WEIGHT READY WHY+");
    for (size_t i = 0; i < decision->backend_count; i++) {
        const struct ew_backend *backend = &decision->backends[i];
        bool bad = !backend->usable && backend->fault != EW_BACKEND_UNKNOWN;
        ui_page_about(page, backend->service);
        ui_table_row(&table)->fault = bad;
        ui_table_add(&table, UI_NAME, "%s %s/%s",
                     backend->usable ? "✓"
                     : bad           ? "✗"
                                     : "?",
                     backend->ns ? backend->ns : "", backend->name ? backend->name : "?");
        if (backend->port_name)
            ui_table_add(&table, UI_TEXT, "%s", backend->port_name);
        else
            ui_table_add(&table, UI_TEXT, "%d", backend->port);
        ui_table_add_bar(&table, UI_NAME, backend->share, "%d (%.0f %%)", backend->weight,
                         backend->share * 100);
        ready_cell(&table, backend);
        ui_table_add(&table, bad ? UI_FAIL : UI_UNKNOWN, "%s",
                     backend->why_not ? backend->why_not : fault_word(backend->fault));
    }
    ui_table_end(&table);
}

static void target_port(struct ui_table *table, const struct ew_json *port)
{
    const struct ew_json *target = ew_json_get(port, "targetPort");
    if (ew_json_str(target))
        ui_table_add(table, UI_TEXT, "%s", ew_json_str(target));
    else
        ui_table_add(table, UI_TEXT, "%ld", ew_json_int(target, ew_json_get_int(port, "port", 0)));
}

static void service(struct ui_page *page, const struct ew_obj *obj)
{
    struct ui_table table;
    char *selector = ew_selector_text(ew_obj_at(obj, "spec.selector"));
    ui_page_about(page, obj);
    ui_page_section(page, "%s", ui_title(page, obj));
    ui_page_pair(page, "  type", UI_TEXT, "%s",
                 ew_json_str_or(ew_obj_at(obj, "spec.type"), "ClusterIP"));
    ui_page_pair(page, "  selector", UI_NAME, "%s", *selector ? selector : "none");
    free(selector);
    ui_table_init(&table, page, "PORT NAME TARGET PROTOCOL- APP-PROTOCOL-");
    table.indent = 2;
    EW_JSON_EACH(port, ew_obj_at(obj, "spec.ports"))
    {
        ui_table_row(&table);
        ui_table_add(&table, UI_TEXT, "%ld", ew_json_get_int(port, "port", 0));
        ui_table_add(&table, UI_TEXT, "%s", ew_json_get_str(port, "name", "-"));
        target_port(&table, port);
        ui_table_add(&table, UI_TEXT, "%s", ew_json_get_str(port, "protocol", "TCP"));
        ui_table_add(&table, UI_TEXT, "%s", ew_json_get_str(port, "appProtocol", "-"));
    }
    ui_table_end(&table);
}

void ui_detail_service(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_decision *decision = facts->verdict->decision;
    if (!decision || !decision->backend_count)
        return;
    backends(page, decision);
    for (size_t i = 0; i < decision->backend_count; i++)
        if (decision->backends[i].service)
            service(page, decision->backends[i].service);
}

/* ---- endpoints ---- */

static void yes_cell(struct ui_table *table, const struct ew_json *conditions, const char *name,
                     bool good)
{
    const struct ew_json *node = ew_json_get(conditions, name);
    if (!ew_json_is(node, EW_JSON_BOOL)) {
        ui_table_add(table, UI_DIM, "-");
        return;
    }
    bool value = ew_json_bool(node, false);
    ui_table_add(table, value == good ? UI_OK : UI_FAIL, "%s", value ? "yes" : "no");
}

static void endpoint_rows(struct ui_table *table, const struct ew_obj *slice)
{
    ui_page_about(table->page, slice);
    EW_JSON_EACH(endpoint, ew_obj_at(slice, "endpoints"))
    {
        const struct ew_json *conditions = ew_json_get(endpoint, "conditions");
        const struct ew_json *target = ew_json_get(endpoint, "targetRef");
        bool ready = ew_json_get_bool(conditions, "ready", true); /* nil reads as true (API) */
        struct ui_table_row *row = ui_table_row(table);
        row->fault = !ready;
        if (ew_streq(ew_json_get_str(target, "kind", NULL), "Pod")) {
            row->kind = EW_POD;
            row->ns = ew_arena_strdup(table->page->arena,
                                      ew_json_get_str(target, "namespace", slice->ns));
            row->name = ew_arena_strdup(table->page->arena, ew_json_get_str(target, "name", ""));
        }
        ui_table_add(table, UI_NAME, "%s",
                     ui_join(table->page, ew_json_get(endpoint, "addresses"), "-"));
        ui_table_add(table, ready ? UI_OK : UI_FAIL, "%s", ready ? "yes" : "no");
        yes_cell(table, conditions, "serving", true);
        yes_cell(table, conditions, "terminating", false);
        ui_table_add(table, UI_TEXT, "%s", ew_json_get_str(target, "name", "-"));
        ui_table_add(table, UI_DIM, "%s", ew_json_get_str(endpoint, "nodeName", "-"));
    }
}

static const char *slice_ports(struct ui_page *page, const struct ew_obj *slice)
{
    struct ew_buf out;
    ew_buf_init(&out, 4096);
    EW_JSON_EACH(port, ew_obj_at(slice, "ports"))
    {
        const char *name = ew_json_get_str(port, "name", "");
        ew_buf_addf(&out, "%s%s%s%ld", out.len ? ", " : "", name, *name ? " " : "",
                    ew_json_get_int(port, "port", 0));
    }
    const char *text = out.len ? ew_arena_strdup(page->arena, ew_buf_text(&out)) : "no port";
    ew_buf_release(&out);
    return text;
}

static void slices_of(struct ui_page *page, const struct ui_facts *facts,
                      const struct ew_backend *backend)
{
    size_t found = 0;
    ui_page_about(page, backend->service);
    ui_page_section(page, "endpoints of %s/%s", backend->ns ? backend->ns : "",
                    backend->name ? backend->name : "?");
    for (size_t i = 0; i < ew_world_count(facts->world, EW_ENDPOINTSLICE); i++) {
        const struct ew_obj *slice = ew_world_at(facts->world, EW_ENDPOINTSLICE, i);
        struct ui_table table;
        if (!ew_streq(slice->ns, backend->ns) ||
            !ew_streq(ew_obj_label(slice, "kubernetes.io/service-name"), backend->name))
            continue;
        ui_page_about(page, slice);
        ui_page_line(page);
        ui_page_add(page, UI_DIM, "  %s, %s", slice->name, slice_ports(page, slice));
        ui_table_init(&table, page, "ADDRESS READY SERVING- ENDING- POD~ NODE-");
        table.indent = 2;
        endpoint_rows(&table, slice);
        ui_table_end(&table);
        found++;
    }
    if (!found) {
        ui_page_line(page)->fault = true;
        ui_page_add(page, UI_UNKNOWN, "  no EndpointSlice seen");
    }
}

void ui_detail_endpoints(struct ui_page *page, const struct ui_facts *facts)
{
    const struct ew_decision *decision = facts->verdict->decision;
    if (!decision || !facts->world)
        return;
    for (size_t i = 0; i < decision->backend_count; i++)
        slices_of(page, facts, &decision->backends[i]);
}
