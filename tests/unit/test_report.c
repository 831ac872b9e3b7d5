#include "unit.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"
#include "edgewalk/report.h"

#include <string.h>

static const struct ew_evidence evidence[] = {
    {"Pod commerce/orders-api-1", "container api exited 1, 14 restarts\x1b[2J\xe2\x80\xae"}};
static const struct ew_step steps[] = {
    {"Read why the last run ended",
     "kubectl logs -n commerce orders-api-7f9c8d4b5f-x2x9p --container api --previous --tail 100"}};

static const struct ew_owner owner = {"commerce-team",
                                      "label owner on HTTPRoute commerce/orders\x1b[2J"};

/* A verdict as a judge would make it: pods crash, the endpoints are their echo. */
struct made {
    struct ew_snapshot *snapshot;
    struct ew_world *world;
    struct ew_finding root, echo;
    const struct ew_finding *all[2], *symptoms[1], *pod[1], *endpoints[1];
    struct ew_verdict verdict;
};

static void make(struct made *m)
{
    struct ew_doc *target = ew_doc_new();
    struct ew_json *root = ew_json_object(target);
    memset(m, 0, sizeof(*m));
    ew_doc_set_root(target, root);
    ew_json_set_str(target, root, "url", "https://orders.example.com/health");
    ew_json_set_str(target, root, "scheme", "https");
    ew_json_set_str(target, root, "host", "orders.example.com");
    ew_json_set_num(target, root, "port", 443);
    ew_json_set_str(target, root, "path", "/health");
    ew_json_set_str(target, root, "query", "");
    ew_json_set_str(target, root, "method", "GET");
    m->snapshot = ew_snapshot_new();
    ew_snapshot_set_target(m->snapshot, target);
    ew_snapshot_set_clock(m->snapshot, 1764000000000, 41.68);
    m->world = ew_world_new(m->snapshot);
    m->root = (struct ew_finding){
        .id = "f2",
        .cause = ew_cause_find("pod-crashloop"),
        .severity = EW_SEV_FAIL,
        .kind = "Deployment",
        .ns = "commerce",
        .name = "orders-api",
        .message = "container api of 3 of 3 pods of Deployment orders-api exits with code 1 soon "
                   "after its start and is started again and again",
        .evidence = evidence,
        .evidence_count = 1,
        .steps = steps,
        .step_count = 1,
        .candidates = "",
        .owner = &owner};
    m->echo = m->root;
    m->echo.owner = NULL;
    m->echo.id = "f1";
    m->echo.cause = ew_cause_find("ep-all-not-ready");
    m->echo.explained_by = "f2";
    m->all[0] = m->symptoms[0] = m->endpoints[0] = &m->echo;
    m->all[1] = m->pod[0] = &m->root;
    m->verdict = (struct ew_verdict){.status = EW_ST_FAIL,
                                     .exit_status = 19,
                                     .first_failing = EW_LAYER_ENDPOINTS,
                                     .layer = EW_LAYER_POD,
                                     .named = &m->root,
                                     .summary = m->root.message,
                                     .symptoms = m->symptoms,
                                     .symptom_count = 1,
                                     .findings = m->all,
                                     .finding_count = 2,
                                     .world = m->world};
    for (int layer = 0; layer < EW_LAYER_COUNT; layer++)
        m->verdict.layers[layer] = (struct ew_layer_result){
            .status = EW_ST_OK, .summary = "a\x1b]0;title\x07 b", .elapsed_ms = 3.14};
    m->verdict.layers[EW_LAYER_POD].status = EW_ST_FAIL;
    m->verdict.layers[EW_LAYER_POD].findings = m->pod;
    m->verdict.layers[EW_LAYER_POD].finding_count = 1;
    m->verdict.layers[EW_LAYER_ENDPOINTS].status = EW_ST_FAIL;
    m->verdict.layers[EW_LAYER_ENDPOINTS].findings = m->endpoints;
    m->verdict.layers[EW_LAYER_ENDPOINTS].finding_count = 1;
}

static void unmake(struct made *m)
{
    ew_world_free(m->world);
    ew_snapshot_unref(m->snapshot);
}

static char *text_of(const struct made *m, struct ew_report_options options)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_report_text(&m->verdict, &options, &out);
    return ew_buf_take(&out);
}

START_TEST(names_root_first_layer_and_next_step)
{
    struct made m;
    make(&m);
    char *text = text_of(&m, (struct ew_report_options){.width = 80});
    ck_assert_ptr_nonnull(strstr(text, "BROKEN"));
    ck_assert_ptr_nonnull(
        strstr(text, "ROOT CAUSE  pod-crashloop (Deployment commerce/orders-api)"));
    ck_assert_ptr_nonnull(strstr(text, steps[0].command)); /* whole, to be copied */
    ck_assert_ptr_nonnull(strstr(text, "FIRST\n"));
    ck_assert_ptr_nonnull(strstr(text, "symptom     ep-all-not-ready"));
    ck_assert_ptr_nonnull(strstr(text, "#pod-crashloop"));
    ck_assert_ptr_nonnull(strstr(text, "owner     commerce-team (label owner on HTTPRoute"));
    free(text);
    unmake(&m);
}
END_TEST

START_TEST(is_plain_ascii_and_narrow_where_asked)
{
    struct made m;
    make(&m);
    char *text = text_of(&m, (struct ew_report_options){.width = 80, .verbose = true});
    for (const char *at = text; *at; at++)
        ck_assert_msg((*at >= ' ' && *at < 0x7f) || *at == '\n', "byte %#x", (unsigned char)*at);
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        if (!strstr(line, "kubectl") || strchr(line, '\n') < strstr(line, "kubectl"))
            ck_assert_uint_le(strcspn(line, "\n"), 80);
    free(text);
    unmake(&m);
}
END_TEST

START_TEST(colours_only_when_asked_and_never_from_outside)
{
    struct made m;
    make(&m);
    char *text = text_of(&m, (struct ew_report_options){.width = 80, .colour = true, .utf8 = true});
    ck_assert_ptr_nonnull(strstr(text, "\033[1;31m"));
    ck_assert_ptr_null(strstr(text, "\033[2J"));
    ck_assert_ptr_null(strstr(text, "\033]0;"));
    ck_assert_ptr_null(strstr(text, "\xe2\x80\xae")); /* U+202E */
    free(text);
    unmake(&m);
}
END_TEST

START_TEST(quiet_is_the_verdict)
{
    struct made m;
    make(&m);
    char *text = text_of(&m, (struct ew_report_options){.width = 80, .quiet = true});
    ck_assert_ptr_nonnull(strstr(text, "BROKEN"));
    ck_assert_ptr_null(strstr(text, "endpoints"));
    free(text);
    unmake(&m);
}
END_TEST

START_TEST(json_is_the_contracts_object)
{
    struct made m;
    struct ew_buf out;
    struct ew_doc *doc;
    struct ew_err err = {0};
    struct ew_report_options options = {.runbook_base = "https://runbook.example/p"};
    struct ew_doc *usage = ew_doc_new();
    ew_doc_set_root(usage, ew_json_object(usage));
    ew_json_set_num(usage, (struct ew_json *)ew_doc_root(usage), "api_requests", 14);
    make(&m);
    ew_snapshot_put(m.snapshot, ew_fact_new(EW_KEY_USAGE, EW_KNOWN, NULL, NULL, 0, -1, usage));
    ew_doc_unref(usage);
    ew_buf_init(&out, 0);
    ew_report_json(&m.verdict, &options, &out);
    ck_assert_msg(ew_json_parse(out.data, out.len, &doc, &err) == EW_OK, "%s", err.message);
    const struct ew_json *root = ew_doc_root(doc);
    ck_assert_str_eq(ew_json_get_str(root, "schema", ""), "edgewalk.walk/v1");
    ck_assert_str_eq(ew_json_str(ew_json_at(root, "verdict.cause")), "pod-crashloop");
    ck_assert_str_eq(ew_json_str(ew_json_at(root, "verdict.first_failing_layer")), "endpoints");
    ck_assert_str_eq(ew_json_str(ew_json_at(root, "verdict.symptoms[0]")), "f1");
    ck_assert_uint_eq(ew_json_count(ew_json_get(root, "layers")), EW_LAYER_COUNT);
    ck_assert_str_eq(ew_json_str(ew_json_at(root, "layers[7].findings[0].explained_by")), "f2");
    ck_assert_str_eq(ew_json_str(ew_json_at(root, "layers[8].findings[0].runbook_url")),
                     "https://runbook.example/p#pod-crashloop");
    ck_assert_str_eq(ew_json_str(ew_json_at(root, "verdict.owner.name")), "commerce-team");
    ck_assert_str_eq(ew_json_str(ew_json_at(root, "layers[8].findings[0].owner.source")),
                     owner.source);
    ck_assert(ew_json_is(ew_json_at(root, "layers[7].findings[0].owner"), EW_JSON_NULL));
    ck_assert_int_eq(ew_json_int(ew_json_at(root, "requests.api.count"), 0), 14);
    ck_assert(ew_json_num(ew_json_get(root, "elapsed_ms"), 0) == 41.7);
    ew_doc_unref(doc);
    ew_buf_release(&out);
    unmake(&m);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("report");
    TCase *c = tcase_create("report");
    tcase_add_test(c, names_root_first_layer_and_next_step);
    tcase_add_test(c, is_plain_ascii_and_narrow_where_asked);
    tcase_add_test(c, colours_only_when_asked_and_never_from_outside);
    tcase_add_test(c, quiet_is_the_verdict);
    tcase_add_test(c, json_is_the_contracts_object);
    suite_add_tcase(s, c);
    return s;
}
