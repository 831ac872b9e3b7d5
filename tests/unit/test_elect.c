/* The election over findings alone: the worked examples, and each rule by itself. */
#include "config.h"

#include "unit.h"

#include "edgewalk/base/mem.h"
#include "judge/elect.h"

#include <string.h>

enum { FINDINGS_MAX = 6 };

/* tags: "KIND:TEXT KIND:TEXT", what findings share. */
struct row {
    const char *cause, *kind, *name, *tags;
    uint64_t marks;
    const char *severity; /* NULL: the catalogue's */
    bool from_objects;
};

struct example {
    const char *title;
    struct row rows[FINDINGS_MAX];
    bool live_ok, any_unknown;
    const char *status;
    int exit_status;
    const char *first, *named, *symptoms, *independent; /* ids of causes, blank-separated */
};

#define SHOP "host:shop.example.com"

#define FOUND(cause_, kind_, name_, tags_)                                                         \
    .cause = cause_, .kind = kind_, .name = name_, .tags = tags_

static const struct example examples[] = {
    {.title = "route rejected, so its name was never published",
     .rows = {{FOUND("dns-nxdomain", "Record", "shop.example.com", SHOP)},
              {FOUND("dns-externaldns-not-eligible", "HTTPRoute", "web", SHOP)},
              {FOUND("route-namespace-not-selected", "HTTPRoute", "web", SHOP),
               .marks = EW_MARK(ONLY_ROUTE_FOR_HOST)}},
     .status = "fail",
     .exit_status = 16,
     .first = "dns",
     .named = "route-namespace-not-selected",
     .symptoms = "dns-externaldns-not-eligible dns-nxdomain"},
    {.title = "Secret missing, default certificate served",
     .rows = {{FOUND("tls-name-mismatch", "Certificate", "leaf at 203.0.113.7",
                     "address:203.0.113.7")},
              {FOUND("tls-controller-default-cert", "Certificate", "leaf at 203.0.113.7",
                     "address:203.0.113.7 cert:shop/web-tls")},
              {FOUND("tls-secret-missing", "Secret", "web-tls", "cert:shop/web-tls")}},
     .status = "fail",
     .exit_status = 13,
     .first = "tls",
     .named = "tls-secret-missing",
     .symptoms = "tls-controller-default-cert tls-name-mismatch"},
    {.title = "default certificate served, Secrets forbidden",
     .rows = {{FOUND("tls-name-mismatch", "Certificate", "leaf at 203.0.113.7",
                     "address:203.0.113.7")},
              {FOUND("tls-controller-default-cert", "Certificate", "leaf at 203.0.113.7",
                     "address:203.0.113.7 cert:shop/web-tls")}},
     .status = "fail",
     .exit_status = 13,
     .first = "tls",
     .named = "tls-controller-default-cert",
     .symptoms = "tls-name-mismatch"},
    {.title = "Gateway without address, name absent",
     .rows = {{FOUND("dns-nxdomain", "Record", "shop.example.com", SHOP)},
              {FOUND("edge-gateway-no-address", "Gateway", "public", SHOP " gateway:infra/public")},
              {FOUND("lb-address-pending", "Service", "public", SHOP " gateway:infra/public")}},
     .status = "fail",
     .exit_status = 12,
     .first = "dns",
     .named = "lb-address-pending",
     .symptoms = "dns-nxdomain edge-gateway-no-address"},
    {.title = "application crash-loops, 503",
     .rows = {{FOUND("http-unexplained", "Answer", "503", SHOP " backend:shop/orders")},
              {FOUND("ep-all-not-ready", "Service", "orders", "backend:shop/orders")},
              {FOUND("pod-crashloop", "Deployment", "orders", "backend:shop/orders")}},
     .status = "fail",
     .exit_status = 19,
     .first = "endpoints",
     .named = "pod-crashloop",
     .symptoms = "ep-all-not-ready"},
    {.title = "application crash-loops, Pods forbidden",
     .rows = {{FOUND("http-unexplained", "Answer", "503", SHOP " backend:shop/orders")},
              {FOUND("ep-all-not-ready", "Service", "orders", "backend:shop/orders")}},
     .status = "fail",
     .exit_status = 18,
     .first = "endpoints",
     .named = "ep-all-not-ready"},
    {.title = "data plane crash-loops, connection refused",
     .rows = {{FOUND("tcp-refused", "Address", "203.0.113.7:443", "edge:ingress")},
              {FOUND("edge-controller-down", "Deployment", "controller", "object:pods")},
              {FOUND("lb-no-dataplane-endpoints", "Service", "controller",
                     "edge:ingress object:pods")}},
     .status = "fail",
     .exit_status = 12,
     .first = "lb",
     .named = "lb-no-dataplane-endpoints",
     .symptoms = "tcp-refused edge-controller-down"},
    {.title = "challenge path shadowed, certificate expired",
     .rows = {{FOUND("tls-cert-expired", "Certificate", "leaf at 203.0.113.7",
                     "cert:shop/web-tls")},
              {FOUND("cm-certificate-not-ready", "Certificate", "web", "cert:shop/web-tls")},
              {FOUND("cm-http01-blocked", "Challenge", "web-1", "cert:shop/web-tls")}},
     .status = "fail",
     .exit_status = 13,
     .first = "tls",
     .named = "cm-http01-blocked",
     .symptoms = "cm-certificate-not-ready tls-cert-expired"},
    {.title = "503, no API access",
     .rows = {{FOUND("http-unexplained", "Answer", "503", SHOP)}},
     .any_unknown = true,
     .status = "fail",
     .exit_status = 14,
     .first = "http",
     .named = "http-unexplained"},
    {.title = "healthy outside, no cluster", .live_ok = true, .status = "ok"},
    {.title = "healthy, Pods forbidden",
     .rows = {{FOUND("api-forbidden-partial", "Access", "list pods in shop", "")}},
     .live_ok = true,
     .any_unknown = true,
     .status = "ok"},
    {.title = "two independent roots",
     .rows = {{FOUND("tls-cert-expired", "Certificate", "shop.example.com", SHOP)},
              {FOUND("http-unexplained", "Answer", "503", SHOP " gateway:infra/public")},
              {FOUND("edge-dataplane-overloaded", "Deployment", "proxy", "gateway:infra/public")}},
     .status = "fail",
     .exit_status = 15,
     .first = "tls",
     .named = "edge-dataplane-overloaded",
     .independent = "tls-cert-expired"},
    {.title = "status red, traffic green",
     .rows = {{FOUND("route-status-disagrees-with-traffic", "HTTPRoute", "web", SHOP)}},
     .live_ok = true,
     .status = "warn",
     .named = "route-status-disagrees-with-traffic"},
    {.title = "context of another cluster",
     .rows = {{FOUND("api-wrong-cluster", "Context", "prod", SHOP)},
              {FOUND("http-unexplained", "Answer", "404", SHOP)}},
     .any_unknown = true,
     .status = "fail",
     .exit_status = 14,
     .first = "http",
     .named = "http-unexplained"},
    {.title = "one address of three is dead",
     .rows = {{FOUND("tcp-timeout", "Address", "203.0.113.9:443", "address:203.0.113.9")},
              {FOUND("dns-one-dead-address", "Record", "shop.example.com", "address:203.0.113.9")}},
     .status = "fail",
     .exit_status = 11,
     .first = "dns",
     .named = "dns-one-dead-address",
     .symptoms = "tcp-timeout"},
    {.title = "the application's own 404 at /",
     .rows = {{FOUND("http-unexplained", "Answer", "404", SHOP " backend:shop/web"),
               .marks = EW_MARK(APP_MADE)},
              {FOUND("app-404", "Service", "web", SHOP " backend:shop/web")}},
     .status = "fail",
     .exit_status = 20,
     .first = "app",
     .named = "app-404"},
    {.title = "nothing fails, too little seen",
     .rows = {{FOUND("api-forbidden-partial", "Access", "list httproutes", "")}},
     .any_unknown = true,
     .status = "unknown",
     .exit_status = 3},
    {.title = "old edge from a cache: a warning becomes the root",
     .rows = {{FOUND("tls-cert-expired", "Certificate", "leaf at 192.0.2.4", SHOP)},
              {FOUND("dns-stale-cutover", "Record", "shop.example.com", SHOP)}},
     .status = "fail",
     .exit_status = 11,
     .first = "dns",
     .named = "dns-stale-cutover",
     .symptoms = "tls-cert-expired"},
    {.title = "policy drops gateway traffic, 504",
     .rows = {{FOUND("http-edge-timeout-504", "Answer", "504", "backend:shop/web")},
              {FOUND("pod-networkpolicy-block", "NetworkPolicy", "deny-all", "backend:shop/web")}},
     .status = "fail",
     .exit_status = 19,
     .first = "pod",
     .named = "pod-networkpolicy-block",
     .symptoms = "http-edge-timeout-504"},
    /* beyond the worked ones */
    {.title = "a fault of objects alone, and traffic is good",
     .rows = {{FOUND("ep-all-not-ready", "Service", "web", "backend:shop/web"),
               .from_objects = true},
              {FOUND("pod-readiness-failing", "Deployment", "web", "backend:shop/web"),
               .from_objects = true}},
     .live_ok = true,
     .status = "warn",
     .named = "pod-readiness-failing"},
    {.title = "a name missing that nobody publishes by external-dns",
     .rows = {{FOUND("dns-nxdomain", "Record", "shop.example.com", SHOP),
               .marks = EW_MARK(NO_EXTERNAL_DNS)},
              {FOUND("route-namespace-not-selected", "HTTPRoute", "web", SHOP)}},
     .status = "fail",
     .exit_status = 11,
     .first = "dns",
     .named = "dns-nxdomain",
     .independent = "route-namespace-not-selected"},
    {.title = "IPv6 is dead while IPv4 serves",
     .rows = {{FOUND("tcp-timeout", "Address", "[2001:db8::7]:443", "address:2001:db8::7")},
              {FOUND("dns-aaaa-no-v6-path", "Record", "shop.example.com", "address:2001:db8::7"),
               .marks = EW_MARK(IPV4_SERVES)}},
     .status = "warn",
     .named = "dns-aaaa-no-v6-path"},
    {.title = "the application's answer is not its endpoints' fault",
     .rows = {{FOUND("http-unexplained", "Answer", "500", "backend:shop/web"),
               .marks = EW_MARK(APP_MADE)},
              {FOUND("app-5xx", "Service", "web", "backend:shop/web")},
              {FOUND("svc-port-mismatch", "Service", "web", "backend:shop/web"),
               .severity = "warn"}},
     .status = "fail",
     .exit_status = 20,
     .first = "app",
     .named = "app-5xx"},
    {.title = "a warning beside a failure stays one",
     .rows = {{FOUND("http-unexplained", "Answer", "404", SHOP)},
              {FOUND("ep-partially-unready", "Service", "web", "backend:shop/web")}},
     .status = "fail",
     .exit_status = 14,
     .first = "http",
     .named = "http-unexplained"},
};

/* ---- from rows to drafts ---- */

static enum ew_tag_kind tag_kind(const char *text, size_t len)
{
    static const char *const names[] = {
        [EW_TAG_HOST] = "host", [EW_TAG_OBJECT] = "object",   [EW_TAG_ADDRESS] = "address",
        [EW_TAG_EDGE] = "edge", [EW_TAG_GATEWAY] = "gateway", [EW_TAG_CLASS] = "class",
        [EW_TAG_CERT] = "cert", [EW_TAG_BACKEND] = "backend", [EW_TAG_NEEDS] = "needs",
    };
    for (size_t i = 0; i < EW_COUNT(names); i++)
        if (strlen(names[i]) == len && strncmp(names[i], text, len) == 0)
            return (enum ew_tag_kind)i;
    ck_abort_msg("no such tag: %s", text);
    return EW_TAG_HOST;
}

static void add_tags(struct ew_arena *arena, struct ew_draft *draft, const char *tags)
{
    draft->tags = ew_arena_alloc(arena, 8 * sizeof(*draft->tags));
    draft->tags[draft->tag_count++] = (struct ew_tag){
        EW_TAG_OBJECT, ew_arena_fmt(arena, "%s %s", draft->out.kind, draft->out.name)};
    while (*tags) {
        size_t colon = strcspn(tags, ":"), len = strcspn(tags, " ");
        draft->tags[draft->tag_count++] = (struct ew_tag){
            tag_kind(tags, colon), ew_arena_strndup(arena, tags + colon + 1, len - colon - 1)};
        tags += len + strspn(tags + len, " ");
    }
}

static struct ew_draft *draft_of(struct ew_arena *arena, const struct row *row)
{
    struct ew_draft *draft = ew_arena_alloc(arena, sizeof(*draft));
    draft->out.cause = ew_cause_find(row->cause);
    ck_assert_msg(draft->out.cause != NULL, "no such cause: %s", row->cause);
    draft->out.severity = row->severity ? EW_SEV_WARN : draft->out.cause->severity;
    draft->out.kind = row->kind;
    draft->out.name = row->name;
    draft->marks = row->marks;
    draft->from_objects = row->from_objects;
    add_tags(arena, draft, row->tags);
    return draft;
}

/* ---- what came out ---- */

static const char *ids(struct ew_arena *arena, struct ew_draft *const *drafts, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = ew_arena_fmt(arena, "%s%s%s", text, i ? " " : "", drafts[i]->out.cause->id);
    return text;
}

/* The same ids in any order. */
static void assert_same_ids(const char *title, const char *got, const char *want)
{
    want = want ? want : "";
    ck_assert_msg(strlen(got) == strlen(want), "%s: got %s, want %s", title, got, want);
    while (*want) {
        size_t len = strcspn(want, " ");
        char *id = ew_strndup(want, len);
        ck_assert_msg(strstr(got, id) != NULL, "%s: got %s, want %s", title, got, id);
        free(id);
        want += len + strspn(want + len, " ");
    }
}

static void hold(const struct example *example, bool backwards)
{
    struct ew_arena *arena = ew_arena_new();
    struct ew_draft *drafts[FINDINGS_MAX];
    size_t count = 0;
    while (count < FINDINGS_MAX && example->rows[count].cause)
        count++;
    for (size_t i = 0; i < count; i++)
        drafts[backwards ? count - 1 - i : i] = draft_of(arena, &example->rows[i]);
    struct ew_ballot ballot = {.drafts = drafts,
                               .count = count,
                               .edges = ew_edges,
                               .edge_count = ew_edges_count,
                               .live_ok = example->live_ok,
                               .any_unknown = example->any_unknown,
                               .arena = arena};
    ew_elect(&ballot);
    const char *title = example->title;
    const char *named = ballot.named ? ballot.named->out.cause->id : NULL;
    const char *first =
        ballot.first_failing < 0 ? NULL : ew_layer_row((enum ew_layer)ballot.first_failing)->id;
    ck_assert_msg(ew_streq(named, example->named), "%s: named %s", title, named ? named : "none");
    ck_assert_msg(ew_streq(first, example->first), "%s: first %s", title, first ? first : "none");
    ck_assert_msg(ew_streq(ew_status_name(ballot.status), example->status), "%s: %s", title,
                  ew_status_name(ballot.status));
    ck_assert_msg(ballot.exit_status == example->exit_status, "%s: exit %d", title,
                  ballot.exit_status);
    assert_same_ids(title, ids(arena, ballot.symptoms, ballot.symptom_count), example->symptoms);
    assert_same_ids(title, ids(arena, ballot.independent, ballot.independent_count),
                    example->independent);
    if (ballot.status == EW_ST_FAIL && !ballot.named->out.cause->root_possible)
        ck_assert_ptr_nonnull(ballot.named->out.note);
    ew_arena_free(arena);
}

START_TEST(the_worked_examples)
{
    hold(&examples[_i], false);
    hold(&examples[_i], true);
}
END_TEST

/* ---- the tables ---- */

START_TEST(every_cause_once)
{
    static const int first_exit = 11;
    size_t recognised = 0;
    ck_assert_uint_eq(ew_cause_count(), 221);
    for (size_t i = 0; i < ew_cause_count(); i++) {
        const struct ew_cause *cause = ew_cause_at(i);
        ck_assert_ptr_eq(ew_cause_find(cause->id), cause);
        ck_assert(*cause->title && *cause->symptom && *cause->evidence && *cause->next_step);
        if (i > 0)
            ck_assert_int_ge((int)cause->layer, (int)ew_cause_at(i - 1)->layer);
        recognised += cause->recognised;
    }
    ck_assert_uint_gt(recognised, 60);
    ck_assert_ptr_null(ew_cause_at(ew_cause_count()));
    ck_assert_ptr_null(ew_cause_find("no-such-cause"));
    ck_assert_ptr_null(ew_cause_find(NULL));
    for (int layer = EW_LAYER_DNS; layer <= EW_LAYER_APP; layer++)
        ck_assert_int_eq(ew_layer_row((enum ew_layer)layer)->exit_status, first_exit + layer);
}
END_TEST

START_TEST(edges_join_causes_that_exist)
{
    for (size_t i = 0; i < ew_edges_count; i++) {
        const struct ew_edge *edge = &ew_edges[i];
        const struct ew_cause *root = ew_cause_find(edge->root), *echo = ew_cause_find(edge->echo);
        ck_assert_msg(root && echo && root != echo, "%s -> %s", edge->root, edge->echo);
        ck_assert_uint_ne(ew_relation_tags(edge->relation), 0);
        ck_assert_msg(!(edge->needs & edge->forbids), "%s -> %s", edge->root, edge->echo);
        if (edge->strength == EW_POSSIBLE && root->recognised && echo->recognised)
            ck_assert_msg(edge->needs != 0, "%s -> %s can never hold", edge->root, edge->echo);
        for (size_t k = i + 1; k < ew_edges_count; k++)
            ck_assert_msg(!ew_streq(edge->root, ew_edges[k].root) ||
                              !ew_streq(edge->echo, ew_edges[k].echo),
                          "%s -> %s twice", edge->root, edge->echo);
    }
}
END_TEST

/* ---- circles ---- */

static const struct ew_edge circle[] = {
    {"dns-nxdomain", "tls-cert-expired", EW_REL_SAME_HOST, EW_ALWAYS, 0, 0},
    {"tls-cert-expired", "app-404", EW_REL_SAME_HOST, EW_USUALLY, 0, 0},
    {"app-404", "dns-nxdomain", EW_REL_SAME_HOST, EW_POSSIBLE, EW_MARK(APP_MADE), 0},
};

START_TEST(a_circle_is_opened_at_its_weakest_link)
{
    static const struct row rows[] = {
        {.cause = "dns-nxdomain", .kind = "Record", .name = "a", .tags = SHOP},
        {.cause = "tls-cert-expired", .kind = "Certificate", .name = "a", .tags = SHOP},
        {.cause = "app-404",
         .kind = "Service",
         .name = "a",
         .tags = SHOP,
         .marks = EW_MARK(APP_MADE)},
    };
    struct ew_arena *arena = ew_arena_new();
    struct ew_draft *drafts[3];
    for (size_t i = 0; i < 3; i++)
        drafts[i] = draft_of(arena, &rows[i]);
    struct ew_ballot ballot = {
        .drafts = drafts, .count = 3, .edges = circle, .edge_count = 3, .arena = arena};
    ew_elect(&ballot);
    ck_assert_str_eq(ballot.named->out.cause->id, "dns-nxdomain");
    ck_assert_uint_eq(ballot.symptom_count, 2);
    ck_assert_uint_eq(ballot.independent_count, 0);
    ew_arena_free(arena);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("elect");
    TCase *tc = tcase_create("elect");
    tcase_add_loop_test(tc, the_worked_examples, 0, (int)EW_COUNT(examples));
    tcase_add_test(tc, every_cause_once);
    tcase_add_test(tc, edges_join_causes_that_exist);
    tcase_add_test(tc, a_circle_is_opened_at_its_weakest_link);
    suite_add_tcase(suite, tc);
    return suite;
}
