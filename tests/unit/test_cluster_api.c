/* The client against a server that answers well and badly. */
#include "config.h"

#include "cluster/client.h"
#include "cluster_client.h"

START_TEST(the_server_and_what_it_serves_become_facts)
{
    struct api_peer *peer = serve(good);
    const struct ew_fact *server = discover();
    ck_assert_int_eq(server->state, EW_KNOWN);
    ck_assert_str_eq(ew_json_get_str(ew_fact_value(server), "version", ""), "v1.36.3");
    ck_assert_str_eq(ew_json_get_str(ew_fact_value(server), "kind", ""), "kubeconfig");
    ck_assert(ew_text_prefix(server->from, "api http://127.0.0.1:"));
    const struct ew_fact *served = ew_snapshot_fact(snapshot, EW_KEY_DISCOVERY);
    ck_assert_int_eq(served->state, EW_KNOWN);
    const struct ew_json *value = ew_fact_value(served);
    ck_assert_str_eq(ew_json_str(ew_json_at(value, "groups[0].preferred")), "v1");
    ck_assert_str_eq(ew_json_str(ew_json_at(value, "groups[0].versions[1]")), "v1beta1");
    ck_assert_uint_eq(ew_json_count(ew_json_get(value, "families")), 1);
    ck_assert_str_eq(ew_json_str(ew_json_at(value, "families[0].product")), "Traefik");
    api_peer_stop(peer);
}
END_TEST

START_TEST(a_list_brings_its_objects_and_then_its_fact)
{
    struct api_peer *peer = serve(good);
    const struct ew_fact *fact = list("pods", "shop", "l=app=shop,tier in (a)");
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_int_eq(number(fact, "count"), 2);
    ck_assert_int_eq(number(fact, "others"), 0);
    ck_assert_int_gt(number(fact, "bytes"), 100);
    ck_assert_str_eq(ew_json_get_str(ew_fact_value(fact), "resource_version", ""), "42");
    ck_assert_uint_eq(ew_snapshot_object_count(snapshot), 2);
    const struct ew_json *pod = ew_doc_root(ew_snapshot_object_at(snapshot, 1)->doc);
    ck_assert_str_eq(ew_json_get_str(pod, "kind", ""), "Pod");
    ck_assert_str_eq(ew_json_get_str(pod, "apiVersion", ""), "v1");
    ck_assert_ptr_null(ew_json_at(pod, "metadata.managedFields[0].fieldsV1"));
    ck_assert_str_eq(ew_json_str(ew_json_at(pod, "metadata.managedFields[0].manager")), "m");
    char *heard = api_peer_heard(peer);
    ck_assert_ptr_nonnull(strstr(heard, "labelSelector=app%3Dshop%2Ctier%20in%20%28a%29"));
    ck_assert_ptr_nonnull(strstr(heard, "User-Agent: edgewalk/"));
    free(heard);
    struct ew_cluster_usage usage = ew_cluster_usage(cluster);
    ck_assert_uint_eq(usage.requests, 1);
    ck_assert_uint_gt(usage.bytes, 100);
    api_peer_stop(peer);
}
END_TEST

START_TEST(what_is_not_kept_is_counted)
{
    struct api_peer *peer = serve(good);
    keep_name = "b";
    const struct ew_fact *fact = list("pods", "shop", NULL);
    ck_assert_int_eq(number(fact, "count"), 1);
    ck_assert_int_eq(number(fact, "others"), 1);
    ck_assert_uint_eq(ew_snapshot_object_count(snapshot), 1);
    api_peer_stop(peer);
}
END_TEST

START_TEST(an_object_is_there_or_absent)
{
    struct api_peer *peer = serve(good);
    const struct ew_fact *there = get("services", "shop", "s");
    ck_assert_int_eq(there->state, EW_KNOWN);
    ck_assert_uint_eq(ew_snapshot_object_count(snapshot), 1);
    ew_wants_free(wants);
    wants = ew_wants_new();
    ck_assert_int_eq(get("services", "shop", "none")->state, EW_ABSENT);
    api_peer_stop(peer);
}
END_TEST

START_TEST(names_that_cannot_be_are_not_asked_for)
{
    static const char *const names[] = {"", ".", "..", "a/b", "../../x", "a%2fb"};
    struct api_peer *peer = serve(good);
    for (size_t i = 0; i < EW_COUNT(names); i++)
        ew_want_get(wants, "services", "shop", names[i], false, "");
    fetch_all();
    for (size_t i = 0; i < EW_COUNT(names); i++)
        ck_assert_int_eq(ew_snapshot_fact(snapshot, ew_wants_at(wants, i)->key)->state, EW_ABSENT);
    ck_assert_int_eq(api_peer_count(peer), 0);
    api_peer_stop(peer);
}
END_TEST

/* ---- versions ---- */

START_TEST(a_kind_is_asked_for_in_the_version_that_is_served)
{
    struct api_peer *peer = serve(good);
    ew_cluster_discover(cluster, &sink);
    waiting = 2;
    ck_assert_int_eq(list("referencegrants.gateway.networking.k8s.io", NULL, NULL)->state,
                     EW_KNOWN);
    api_peer_stop(peer);
}
END_TEST

START_TEST(without_discovery_our_versions_are_tried_in_turn)
{
    struct api_peer *peer = serve(good);
    ck_assert_int_eq(list("referencegrants.gateway.networking.k8s.io", NULL, NULL)->state,
                     EW_KNOWN);
    ck_assert_int_eq(api_peer_count(peer), 2);
    api_peer_stop(peer);
}
END_TEST

START_TEST(what_is_not_served_is_absent)
{
    struct api_peer *peer = serve(good);
    ew_cluster_discover(cluster, &sink);
    waiting = 2;
    const char *grpc =
        ew_want_list(wants, "grpcroutes.gateway.networking.k8s.io", NULL, NULL, false, "");
    const char *tcp =
        ew_want_list(wants, "tcproutes.gateway.networking.k8s.io", NULL, NULL, false, "");
    fetch_all();
    ck_assert_int_eq(ew_snapshot_fact(snapshot, grpc)->state, EW_ABSENT);
    assert_unknown(ew_snapshot_fact(snapshot, tcp), "malformed", "versions that edgewalk does not");
    api_peer_stop(peer);
}
END_TEST

START_TEST(a_kind_that_is_none_of_ours_is_asked_for_by_its_name)
{
    struct api_peer *peer = serve(good);
    ew_cluster_discover(cluster, &sink);
    waiting = 2;
    const char *there = ew_want_get(wants, "Middleware.traefik.io", "shop", "auth", true, "");
    const char *gone = ew_want_get(wants, "Middleware.traefik.io", "shop", "gone", true, "");
    const char *no_kind = ew_want_get(wants, "TLSOption.traefik.io", "shop", "x", true, "");
    const char *unlisted = ew_want_get(wants, "Foo.nobody.example", "shop", "x", true, "");
    fetch_all();
    ck_assert_int_eq(ew_snapshot_fact(snapshot, there)->state, EW_KNOWN);
    ck_assert_int_eq(ew_snapshot_fact(snapshot, gone)->state, EW_ABSENT);
    ck_assert_int_eq(ew_snapshot_fact(snapshot, no_kind)->state, EW_ABSENT);
    assert_unknown(ew_snapshot_fact(snapshot, unlisted), "malformed", "not known");
    const struct ew_json *kept = ew_doc_root(ew_snapshot_object_at(snapshot, 0)->doc);
    ck_assert_str_eq(ew_json_str(ew_json_at(kept, "metadata.name")), "auth");
    ck_assert(ew_json_bool(ew_json_at(kept, "status.fine"), false));
    ck_assert_ptr_null(ew_json_get(kept, "spec"));
    api_peer_stop(peer);
}
END_TEST

static const struct row old_server[] = {
    {"/version", OK("{\"gitVersion\":\"v1.22.0\"}")},
    {"/apis",
     OK("{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[{\"name\":"
        "\"gateway.networking.k8s.io\",\"versions\":[{\"version\":\"v1beta1\"}],"
        "\"preferredVersion\":{\"version\":\"v1beta1\"}},{\"name\":\"networking.istio.io\","
        "\"versions\":[{\"version\":\"v1\"}],\"preferredVersion\":{\"version\":\"v1\"}},"
        "{\"name\":\"nobody.example\",\"versions\":[{\"version\":\"v1\"}],"
        "\"preferredVersion\":{\"version\":\"v1\"}}]}")},
    {"/apis/gateway.networking.k8s.io/v1beta1",
     OK("{\"kind\":\"APIResourceList\",\"groupVersion\":\"gateway.networking.k8s.io/v1beta1\","
        "\"resources\":[{\"name\":\"gateways\",\"kind\":\"Gateway\",\"namespaced\":true},"
        "{\"name\":\"gateways/status\",\"kind\":\"Gateway\"}]}")},
    {"/apis/networking.istio.io/v1",
     OK("{\"kind\":\"APIResourceList\",\"resources\":[{\"name\":\"virtualservices\",\"kind\":"
        "\"VirtualService\"}]}")},
    {"/apis/gateway.networking.k8s.io/v1beta1/gateways",
     OK("{\"kind\":\"GatewayList\",\"metadata\":{},\"items\":[]}")},
    {NULL, {0}},
};

START_TEST(an_old_server_is_asked_group_by_group)
{
    struct api_peer *peer = serve(old_server);
    ck_assert_int_eq(discover()->state, EW_KNOWN);
    const struct ew_json *value = ew_fact_value(ew_snapshot_fact(snapshot, EW_KEY_DISCOVERY));
    ck_assert_str_eq(ew_json_str(ew_json_at(value, "families[0].product")), "Istio");
    ck_assert_uint_eq(ew_json_count(ew_json_get(value, "groups")), 3);
    ck_assert_int_eq(api_peer_count(peer), 4);
    ck_assert_int_eq(list("gateways.gateway.networking.k8s.io", NULL, NULL)->state, EW_KNOWN);
    ck_assert_int_eq(api_peer_count(peer), 5);
    api_peer_stop(peer);
}
END_TEST

/* ---- what goes wrong ---- */

static const struct {
    struct api_reply reply;
    const char *reason, *says;
} refusals[] = {
    {STATUS(401, "Unauthorized", "Unauthorized", ""), "unauthorized", "Unauthorized"},
    {STATUS(403, "Forbidden", "pods is forbidden: User \\\"jane\\\" cannot list", ""), "forbidden",
     "User \"jane\" cannot list"},
    {STATUS(400, "BadRequest", "field label not supported", ""), "malformed", "field label"},
    {STATUS(500, "InternalError", "etcdserver: no leader", ""), "unreachable", "no leader"},
    {STATUS(504, "Timeout", "request did not complete", ""), "timeout", "did not complete"},
    {{.status = 502, .type = "text/html", .body = "<html>Bad Gateway"}, "unreachable", "HTTP 502"},
    {{.status = 403, .type = "text/html", .body = "<html>no"}, "malformed", "a page of HTML"},
    {{.status = 404, .type = "text/html", .body = "<html>no"}, "malformed", "a page of HTML"},
    {{.status = 302, .header = "Location", .value = "https://login.example/"},
     "malformed",
     "a redirect to https://login.example/"},
    {{.status = 200, .type = "text/html", .body = "<html>hello"},
     "malformed",
     "HTTP 200 with text/html in place of JSON"},
    {OK("{\"hello\":\"world\"}"), "malformed", "in place of a list"},
    {OK("[1]"), "malformed", "a list starts with {"},
    {OK("{\"kind\":\"PodList\",\"items\":[{\"metadata\":{\"name\":\"a\"}}"), "malformed",
     "breaks off"},
    {OK("{\"kind\":\"PodList\",\"items\":[{\"metadata\":{}}]}"), "malformed", "no metadata.name"},
    {OK(""), "malformed", "breaks off"},
};

static struct api_reply refuse(void *ctx, const char *uri, int nth)
{
    (void)uri;
    (void)nth;
    return *(const struct api_reply *)ctx;
}

START_TEST(refusals_are_told_apart)
{
    struct api_peer *peer = api_peer_start(NULL, refuse, (void *)(uintptr_t)&refusals[_i].reply);
    open_at(api_peer_port(peer));
    const struct ew_fact *fact = list("pods", NULL, NULL);
    assert_unknown(fact, refusals[_i].reason, refusals[_i].says);
    ck_assert_str_eq(ew_json_get_str(ew_fact_value(fact), "verb", ""), "list");
    ck_assert_str_eq(ew_json_get_str(ew_fact_value(fact), "resource", ""), "pods");
    ck_assert_str_eq(ew_json_get_str(ew_fact_value(fact), "ns", ""), "*");
    api_peer_stop(peer);
}
END_TEST

START_TEST(an_answer_of_another_kind_is_malformed)
{
    static const struct row rows[] = {{"/api/v1/namespaces/shop/services/s", OK(PODS)},
                                      {NULL, {0}}};
    struct api_peer *peer = serve(rows);
    assert_unknown(get("services", "shop", "s"), "malformed",
                   "kind \"PodList\" in place of Service");
    api_peer_stop(peer);
}
END_TEST

static const struct {
    struct api_reply version, apis;
    const char *reason, *says; /* reason NULL: known */
} servers[] = {
    {STATUS(401, "Unauthorized", "Unauthorized", ""),
     STATUS(401, "Unauthorized", "Unauthorized", ""), "unauthorized", "Unauthorized"},
    {STATUS(403, "Forbidden", "no", ""), STATUS(403, "Forbidden", "no", ""), NULL, NULL},
    {STATUS(403, "Forbidden", "no", ""), OK("{\"kind\":\"APIGroupList\",\"groups\":[]}"), NULL,
     NULL},
    {PAGE_404, OK("{\"kind\":\"APIGroupList\",\"groups\":[]}"), NULL, NULL},
    {PAGE_404, PAGE_404, "not-an-api-server", "404 page not found"},
    {{.status = 200, .type = "text/html", .body = "<html>"},
     {.status = 200, .type = "text/html", .body = "<html>"},
     "not-an-api-server",
     "text/html"},
    {OK("{\"hello\":1}"), OK("{\"hello\":1}"), "not-an-api-server", "no version"},
    {OK("{\"gitVersion\":\"v1\"}"), OK("{\"hello\":1}"), NULL, NULL},
    {{.status = 503, .type = "text/plain", .body = "no healthy upstream"},
     {.status = 503, .type = "text/plain", .body = "no healthy upstream"},
     "unreachable",
     "no healthy upstream"},
};

static struct api_reply as_server(void *ctx, const char *uri, int nth)
{
    int i = *(int *)ctx;
    (void)nth;
    return strcmp(uri, "/version") == 0 ? servers[i].version : servers[i].apis;
}

START_TEST(what_answers_is_an_api_server_or_not)
{
    int at = _i;
    struct api_peer *peer = api_peer_start(NULL, as_server, &at);
    open_at(api_peer_port(peer));
    const struct ew_fact *server = discover();
    if (servers[_i].reason)
        assert_unknown(server, servers[_i].reason, servers[_i].says);
    else
        ck_assert_int_eq(server->state, EW_KNOWN);
    api_peer_stop(peer);
}
END_TEST

START_TEST(a_401_later_corrects_the_server)
{
    static const struct row rows[] = {
        {"/version", OK("{\"gitVersion\":\"v1\"}")},
        {"/apis", OK("{\"kind\":\"APIGroupList\",\"groups\":[]}")},
        {"/api/v1/pods", STATUS(401, "Unauthorized", "Unauthorized", "")},
        {NULL, {0}}};
    struct api_peer *peer = serve(rows);
    ck_assert_int_eq(discover()->state, EW_KNOWN);
    waiting = 1;
    assert_unknown(list("pods", NULL, NULL), "unauthorized", "");
    assert_unknown(ew_snapshot_fact(snapshot, EW_KEY_SERVER), "unauthorized", "");
    api_peer_stop(peer);
}
END_TEST

/* ---- transport ---- */

START_TEST(nobody_listens)
{
    open_at(peer_closed_port());
    ew_cluster_discover(cluster, &sink);
    waiting = 2;
    assert_unknown(list("pods", NULL, NULL), "unreachable", "");
    assert_unknown(ew_snapshot_fact(snapshot, EW_KEY_SERVER), "unreachable", "");
    assert_unknown(ew_snapshot_fact(snapshot, EW_KEY_DISCOVERY), "unreachable", "");
}
END_TEST

/* As if the system had said so: nobody listens at the first. */
START_TEST(the_next_address_is_tried_and_remembered)
{
    struct api_peer *peer = api_peer_start(NULL, by_table, (void *)(uintptr_t)good);
    open_at(api_peer_port(peer));
    cluster->readiness = CLIENT_READY;
    cluster->addresses = access_list_add(NULL, ew_strdup("127.0.0.2"));
    cluster->addresses = access_list_add(cluster->addresses, ew_strdup("127.0.0.1"));
    ck_assert_int_eq(list("pods", "shop", NULL)->state, EW_KNOWN);
    ck_assert_uint_eq(ew_cluster_usage(cluster).requests, 2);
    ck_assert_int_eq(discover()->state, EW_KNOWN);
    ck_assert_uint_eq(ew_cluster_usage(cluster).requests, 4);
    api_peer_stop(peer);
}
END_TEST

START_TEST(a_name_without_address_is_unreachable)
{
    config.server = "http://nowhere.invalid:1";
    open_cluster();
    assert_unknown(list("pods", NULL, NULL), "unreachable",
                   "no address is known for nowhere.invalid");
}
END_TEST

static void say_nothing(int fd, void *ctx)
{
    (void)ctx;
    peer_wait_closed(fd);
}

START_TEST(a_silent_server_times_out)
{
    struct peer *peer = peer_start(say_nothing, NULL);
    config.timeout_ms = 300;
    open_at(peer_port(peer));
    double before = ew_monotonic_ms();
    assert_unknown(list("pods", NULL, NULL), "timeout", "no whole answer after 0.3 s");
    ck_assert_double_lt(ew_monotonic_ms() - before, 2000);
    ew_cluster_free(cluster);
    cluster = NULL;
    peer_stop(peer);
}
END_TEST

static void half_an_answer(int fd, void *ctx)
{
    char buf[4096];
    (void)ctx;
    peer_read_head(fd, buf, sizeof(buf));
    peer_write(fd,
               "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
               "{\"kind\":\"PodList\",\"items\":[{\"metadata\":{\"name\":\"whole\"}},{\"meta");
}

START_TEST(a_cut_answer_is_no_list_but_what_came_whole_is_kept)
{
    struct peer *peer = peer_start(half_an_answer, NULL);
    open_at(peer_port(peer));
    assert_unknown(list("pods", NULL, NULL), "unreachable", "");
    ck_assert_uint_eq(ew_snapshot_object_count(snapshot), 1);
    peer_stop(peer);
}
END_TEST

static void not_http(int fd, void *ctx)
{
    char buf[4096];
    (void)ctx;
    peer_read_head(fd, buf, sizeof(buf));
    peer_write(fd, "220 smtp.example ESMTP\r\n");
}

START_TEST(what_speaks_no_http_is_no_api_server)
{
    struct peer *peer = peer_start(not_http, NULL);
    open_at(peer_port(peer));
    assert_unknown(discover(), "not-an-api-server", "");
    peer_stop(peer);
}
END_TEST

/* ---- paging, gzip, too much ---- */

static struct api_reply in_pages(void *ctx, const char *uri, int nth)
{
    (void)nth;
    (void)ctx;
    if (strstr(uri, "continue=two%3D%3D"))
        return (struct api_reply)OK(
            "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"7\"},"
            "\"items\":[{\"metadata\":{\"name\":\"c\"}}]}");
    return (struct api_reply)OK(
        "{\"kind\":\"PodList\",\"metadata\":{\"continue\":\"two==\"},"
        "\"items\":[{\"metadata\":{\"name\":\"a\"}},{\"metadata\":{\"name\":"
        "\"b\"}}]}");
}

START_TEST(pages_are_followed)
{
    struct api_peer *peer = api_peer_start(NULL, in_pages, NULL);
    open_at(api_peer_port(peer));
    const struct ew_fact *fact = list("pods", NULL, "f=status.phase=Running");
    ck_assert_int_eq(number(fact, "count"), 3);
    ck_assert_str_eq(ew_json_get_str(ew_fact_value(fact), "resource_version", ""), "7");
    char *heard = api_peer_heard(peer);
    ck_assert_ptr_nonnull(strstr(heard, "GET /api/v1/pods?limit=500&fieldSelector=status.phase%3D"
                                        "Running&continue=two%3D%3D\n"));
    free(heard);
    api_peer_stop(peer);
}
END_TEST

/* ctx: how many continuations are gone before one is good. */
static struct api_reply compacted(void *ctx, const char *uri, int nth)
{
    int *gone = ctx;
    (void)nth;
    if (strstr(uri, "continue=") && (*gone)-- > 0)
        return (struct api_reply)STATUS(410, "Expired",
                                        "the provided continue parameter is too old", "");
    return in_pages(NULL, uri, 1);
}

START_TEST(a_list_that_is_gone_in_the_middle_starts_again_once)
{
    int gone = 1;
    struct api_peer *peer = api_peer_start(NULL, compacted, &gone);
    open_at(api_peer_port(peer));
    const struct ew_fact *fact = list("pods", NULL, NULL);
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_int_eq(number(fact, "count"), 3);
    ck_assert_int_eq(api_peer_count(peer), 4);
    api_peer_stop(peer);
}
END_TEST

START_TEST(a_list_that_is_always_gone_is_unknown)
{
    int gone = 9;
    struct api_peer *peer = api_peer_start(NULL, compacted, &gone);
    open_at(api_peer_port(peer));
    assert_unknown(list("pods", NULL, NULL), "unreachable", "too old");
    ck_assert_int_eq(api_peer_count(peer), 4);
    api_peer_stop(peer);
}
END_TEST

START_TEST(compressed_answers_are_read)
{
    static const struct row rows[] = {{"/api/v1/pods", {.status = 200, .body = PODS, .gzip = true}},
                                      {NULL, {0}}};
    struct api_peer *peer = serve(rows);
    ck_assert_int_eq(number(list("pods", NULL, NULL), "count"), 2);
    char *heard = api_peer_heard(peer);
    ck_assert_ptr_nonnull(strstr(heard, "Accept-Encoding: gzip"));
    free(heard);
    api_peer_stop(peer);
}
END_TEST

/* ctx: the body. */
static struct api_reply huge(void *ctx, const char *uri, int nth)
{
    (void)uri;
    (void)nth;
    return (struct api_reply){.status = 200, .body = ctx};
}

START_TEST(an_object_beyond_all_bounds_is_malformed)
{
    static const char head[] = "{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{\"metadata\":{"
                               "\"name\":\"";
    size_t len = 9 * 1024 * 1024;
    char *body = ew_alloc(len + 1);
    memset(body, 'x', len);
    memcpy(body, head, strlen(head));
    memcpy(body + len - 5, "\"}}]}", 5);
    struct api_peer *peer = api_peer_start(NULL, huge, body);
    open_at(api_peer_port(peer));
    ew_want_get(wants, "pods", "shop", "p", false, "");
    assert_unknown(list("pods", NULL, NULL), "malformed", "over 8 MiB");
    assert_unknown(ew_snapshot_fact(snapshot, ew_wants_at(wants, 0)->key), "malformed", "8 MiB");
    api_peer_stop(peer);
    free(body);
}
END_TEST

/* ---- busy servers ---- */

static struct api_reply busy_once(void *ctx, const char *uri, int nth)
{
    if (nth == 1)
        return (struct api_reply){.status = 429,
                                  .type = "text/plain",
                                  .body = "Too many requests, please try again later.\n",
                                  .header = "Retry-After",
                                  .value = "1"};
    return by_table(ctx, uri, nth);
}

START_TEST(a_429_is_tried_again_as_it_says)
{
    struct api_peer *peer = api_peer_start(NULL, busy_once, (void *)(uintptr_t)good);
    open_at(api_peer_port(peer));
    double before = ew_monotonic_ms();
    ck_assert_int_eq(number(list("pods", "shop", NULL), "count"), 2);
    ck_assert_double_ge(ew_monotonic_ms() - before, 950);
    ck_assert_int_eq(api_peer_count(peer), 2);
    api_peer_stop(peer);
}
END_TEST

START_TEST(a_429_beyond_the_timeout_is_throttled)
{
    static const struct row rows[] = {{"/api/v1/pods",
                                       {.status = 429,
                                        .type = "text/plain",
                                        .body = "Too many requests, please try again later.\n",
                                        .header = "Retry-After",
                                        .value = "30"}},
                                      {NULL, {0}}};
    struct api_peer *peer = serve(rows);
    assert_unknown(list("pods", NULL, NULL), "throttled", "Too many requests");
    ck_assert_int_eq(api_peer_count(peer), 1);
    api_peer_stop(peer);
}
END_TEST

static struct api_reply never(void *ctx, const char *uri, int nth)
{
    (void)ctx;
    (void)uri;
    (void)nth;
    return (struct api_reply){.status = 0};
}

static int counted;

static void count_requests(void *ctx)
{
    counted = api_peer_count(ctx);
}

START_TEST(at_most_eight_lists_are_in_flight)
{
    struct api_peer *peer = api_peer_start(NULL, never, NULL);
    config.timeout_ms = 400;
    open_at(api_peer_port(peer));
    for (int i = 0; i < 12; i++) {
        char ns[32];
        snprintf(ns, sizeof(ns), "n%d", i);
        ew_want_list(wants, "pods", ns, NULL, false, "");
    }
    ew_timer_start(loop, 250, false, EW_PRIO_KEYS, count_requests, peer);
    fetch_all();
    ck_assert_int_eq(counted, 8);
    ck_assert_int_eq(api_peer_count(peer), 12);
    for (size_t i = 0; i < 12; i++)
        assert_unknown(ew_snapshot_fact(snapshot, ew_wants_at(wants, i)->key), "timeout", "");
    ew_cluster_free(cluster);
    cluster = NULL;
    api_peer_stop(peer);
}
END_TEST

START_TEST(freed_in_the_middle_it_calls_nobody)
{
    struct api_peer *peer = api_peer_start(NULL, never, NULL);
    open_at(api_peer_port(peer));
    ew_cluster_discover(cluster, &sink);
    ew_want_list(wants, "pods", NULL, NULL, false, "");
    ew_cluster_fetch(cluster, ew_wants_at(wants, 0), &sink);
    struct ew_timer *timer =
        ew_timer_start(loop, 200, false, EW_PRIO_KEYS, (ew_timer_fn *)ew_loop_stop, loop);
    ew_loop_run(loop);
    (void)timer;
    ck_assert_int_ge(api_peer_count(peer), 2);
    ew_cluster_free(cluster);
    cluster = NULL;
    ck_assert_uint_eq(ew_snapshot_fact_count(snapshot), 0);
    api_peer_stop(peer);
}
END_TEST

/* ---- secrets ---- */

static const struct {
    struct api_reply reply;
    bool secret_list;
} secrets[] = {
    {OK("{\"kind\":\"SecretList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[{\"metadata\":{"
        "\"name\":\"s\",\"namespace\":\"shop\"},\"type\":\"Opaque\",\"data\":{\"password\":"
        "\"aHVudGVyMi1kby1ub3Qta2VlcA==\"}}]}"),
     true},
    {OK("{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"s\",\"namespace\":"
        "\"shop\"},\"type\":\"Opaque\",\"data\":{\"password\":\"aHVudGVyMi1kby1ub3Qta2VlcA==\"}}"),
     false},
};

START_TEST(nothing_of_a_secret_reaches_the_snapshot)
{
    struct ew_buf out;
    struct api_peer *peer = api_peer_start(NULL, refuse, (void *)(uintptr_t)&secrets[_i].reply);
    open_at(api_peer_port(peer));
    const struct ew_fact *fact =
        secrets[_i].secret_list ? list("secrets", "shop", NULL) : get("secrets", "shop", "s");
    ck_assert_int_eq(fact->state, EW_KNOWN);
    ck_assert_uint_eq(ew_snapshot_object_count(snapshot), 1);
    ew_buf_init(&out, 0);
    ew_snapshot_write(snapshot, &out);
    ck_assert_ptr_nonnull(strstr(out.data, "Opaque"));
    ck_assert_ptr_null(strstr(out.data, "aHVudGVyMi1kby1ub3Qta2VlcA"));
    ck_assert_ptr_null(strstr(out.data, "hunter2"));
    ew_buf_release(&out);
    api_peer_stop(peer);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("cluster api");
    TCase *all = tcase_create("api");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_set_timeout(all, 30);
    tcase_add_test(all, the_server_and_what_it_serves_become_facts);
    tcase_add_test(all, a_list_brings_its_objects_and_then_its_fact);
    tcase_add_test(all, what_is_not_kept_is_counted);
    tcase_add_test(all, an_object_is_there_or_absent);
    tcase_add_test(all, names_that_cannot_be_are_not_asked_for);
    tcase_add_test(all, a_kind_is_asked_for_in_the_version_that_is_served);
    tcase_add_test(all, without_discovery_our_versions_are_tried_in_turn);
    tcase_add_test(all, what_is_not_served_is_absent);
    tcase_add_test(all, a_kind_that_is_none_of_ours_is_asked_for_by_its_name);
    tcase_add_test(all, an_old_server_is_asked_group_by_group);
    tcase_add_loop_test(all, refusals_are_told_apart, 0, EW_COUNT(refusals));
    tcase_add_test(all, an_answer_of_another_kind_is_malformed);
    tcase_add_loop_test(all, what_answers_is_an_api_server_or_not, 0, EW_COUNT(servers));
    tcase_add_test(all, a_401_later_corrects_the_server);
    tcase_add_test(all, nobody_listens);
    tcase_add_test(all, the_next_address_is_tried_and_remembered);
    tcase_add_test(all, a_name_without_address_is_unreachable);
    tcase_add_test(all, a_silent_server_times_out);
    tcase_add_test(all, a_cut_answer_is_no_list_but_what_came_whole_is_kept);
    tcase_add_test(all, what_speaks_no_http_is_no_api_server);
    tcase_add_test(all, pages_are_followed);
    tcase_add_test(all, a_list_that_is_gone_in_the_middle_starts_again_once);
    tcase_add_test(all, a_list_that_is_always_gone_is_unknown);
    tcase_add_test(all, compressed_answers_are_read);
    tcase_add_test(all, an_object_beyond_all_bounds_is_malformed);
    tcase_add_test(all, a_429_is_tried_again_as_it_says);
    tcase_add_test(all, a_429_beyond_the_timeout_is_throttled);
    tcase_add_test(all, at_most_eight_lists_are_in_flight);
    tcase_add_test(all, freed_in_the_middle_it_calls_nobody);
    tcase_add_loop_test(all, nothing_of_a_secret_reaches_the_snapshot, 0, EW_COUNT(secrets));
    suite_add_tcase(suite, all);
    return suite;
}
