/* The details of a layer as a page: findings first, then the facts in tables made for that layer.
 * Builders read the verdict and what it was made from, and decide nothing. */
#ifndef UI_DETAIL_H
#define UI_DETAIL_H

#include "table.h"

#include "edgewalk/judge.h"

struct ui_facts { /* what a builder reads */
    const struct ew_verdict *verdict;
    const struct ew_snapshot *snapshot; /* never NULL */
    const struct ew_world *world;       /* may be NULL */
    int64_t now_ms;                     /* of the snapshot */
};

/* The whole page of a layer; verdict->world may be NULL (nothing was seen yet). */
struct ui_page *ui_detail_page(const struct ew_verdict *verdict, enum ew_layer layer, int cols);
/* The catalogue's words on a cause; NULL: unknown. runbook: its link, may be NULL. */
struct ui_page *ui_explain_page(const char *cause, const char *runbook, int cols);
/* The YAML of an object of the verdict's world; NULL when it is not there. */
struct ui_page *ui_yaml_page(const struct ew_verdict *verdict, enum ew_kind kind, const char *ns,
                             const char *name, int cols);

/* One for each layer, in detail_*.c. */
typedef void ui_detail_fn(struct ui_page *page, const struct ui_facts *facts);
ui_detail_fn ui_detail_dns, ui_detail_lb, ui_detail_tls, ui_detail_http, ui_detail_edge,
    ui_detail_route, ui_detail_service, ui_detail_endpoints, ui_detail_pod, ui_detail_app,
    ui_detail_api_access;

void ui_findings_put(struct ui_page *page, const struct ew_verdict *verdict, enum ew_layer layer);
/* What shows them, after the facts: it is long, and seldom doubted. */
void ui_evidence_put(struct ui_page *page, const struct ew_verdict *verdict, enum ew_layer layer);

/* ---- what builders share ---- */
enum ui_style ui_status_style(enum ew_status status);
const char *ui_status_mark(enum ew_status status); /* one column */
/* The next fact whose key begins with prefix, from *at on; NULL: no more. */
const struct ew_fact *ui_fact_next(const struct ew_snapshot *snapshot, const char *prefix,
                                   size_t *at);
/* "3.1 ms", "1.2 s"; "" for what was not measured (zero or less). The page's memory. */
const char *ui_ms(struct ui_page *page, double ms);
/* Why a fact has no value: "unknown: timeout", "being fetched", "not there". */
const char *ui_fact_state(struct ui_page *page, const struct ew_fact *fact);
/* Conditions as a table with a line each. */
void ui_conditions_put(struct ui_page *page, const struct ew_obj *obj,
                       const struct ew_json *conditions);
/* A list of texts as "a, b, c", the page's; otherwise when it is empty. */
const char *ui_join(struct ui_page *page, const struct ew_json *list, const char *otherwise);
/* The pods behind the backends as a table (detail_pod.c). */
void ui_pods_put(struct ui_page *page, const struct ui_facts *facts);
/* The beginning of the body of an answer (detail_http.c). */
void ui_body_put(struct ui_page *page, const struct ew_json *answer);
const char *ui_title(struct ui_page *page, const struct ew_obj *obj); /* "Service shop/web" */

#endif
