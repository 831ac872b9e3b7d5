#include "verdict.h"

#include "edgewalk/base/url.h"

#include <stdlib.h>
#include <string.h>

/* A verdict and all that its texts live in. */
struct box {
    struct ew_verdict out;
    struct judging j;
};

/* ---- the target ---- */

static const char *const *header_list(struct judging *j, const struct ew_json *headers)
{
    const char **list = ew_arena_alloc(j->arena, (2 * ew_json_count(headers) + 1) * sizeof(*list));
    size_t count = 0;
    EW_JSON_EACH(pair, headers)
    {
        const char *name = ew_json_str(ew_json_item(pair, 0));
        const char *value = ew_json_str(ew_json_item(pair, 1));
        if (!name || !value)
            continue;
        list[count++] = name;
        list[count++] = ew_header_is_secret(name, strlen(name)) ? NULL : value;
        if (ew_text_ieq(name, "host")) {
            char *host = ew_host_header(value);
            j->claimed = ew_arena_strdup(j->arena, host);
            free(host);
        }
    }
    return list;
}

static void read_target(struct judging *j)
{
    const struct ew_json *target = ew_snapshot_target(j->snapshot);
    j->options = ew_snapshot_options(j->snapshot);
    j->url = ew_json_get_str(target, "url", "");
    j->url_word = shell_word(j, j->url);
    j->host = j->claimed = ew_json_get_str(target, "host", "");
    j->path = ew_json_get_str(target, "path", "/");
    j->query = ew_json_get_str(target, "query", "");
    j->method = ew_json_get_str(target, "method", "GET");
    j->tls = strcmp(ew_json_get_str(target, "scheme", "https"), "https") == 0;
    j->port = (int)ew_json_get_int(target, "port", j->tls ? 443 : 80);
    j->literal = ew_json_get_bool(target, "literal", false);
    j->safe_method = ew_method_is_safe(j->method);
    j->outside = !ew_json_get_bool(j->options, "no_probe", false);
    const char *const *headers = header_list(j, ew_json_get(target, "headers"));
    j->request = (struct ew_request){
        .protocol = EW_PROTO_HTTP,
        .tls = j->tls,
        .sni = j->tls && !j->literal ? j->host : NULL,
        .host = j->claimed,
        .port = j->port,
        .path = j->path,
        .query = j->query,
        .method = j->method,
        .headers = headers,
    };
}

/* ---- the steps ---- */

/* Every address of the record that could be tried gave a good answer, every time. */
static bool is_live(const struct judging *j)
{
    size_t good = 0;
    for (int layer = EW_LAYER_DNS; layer <= EW_LAYER_HTTP; layer++) {
        enum ew_status status = j->layers[layer].status;
        if (j->layers[layer].pending || (status != EW_ST_OK && status != EW_ST_SKIPPED))
            return false;
    }
    for (size_t i = 0; i < j->address_count; i++)
        good += j->addresses[i].in_record && j->addresses[i].http_test == TEST_PASS;
    return good > 0;
}

static void look(struct judging *j)
{
    api_look(j);
    edge_look(j);
    dns_look(j);
    edge_look_bystanders(j);
    lb_look(j);
    tls_look(j);
    secrets_look(j);
    http_look(j);
    edge_look_foreign(j);
    answer_choose(j);
    route_look(j);
    answer_look(j);
    near_look(j);
    j->live_ok = is_live(j);
}

static void judge(struct judging *j)
{
    dns_judge(j);
    lb_judge(j);
    tls_judge(j);
    secrets_judge(j);
    edge_judge(j);
    route_judge(j);
    service_judge(j);
    endpoints_judge(j);
    pod_judge(j);
    app_judge(j);
    http_judge(j);
    api_judge(j);
}

struct ew_verdict *ew_judge(struct ew_snapshot *snapshot)
{
    struct box *box = ew_alloc(sizeof(*box));
    struct judging *j = &box->j;
    j->snapshot = ew_snapshot_ref(snapshot);
    j->arena = ew_arena_new();
    j->doc = ew_doc_new();
    j->wants = ew_wants_new();
    j->world = ew_world_new(snapshot);
    j->now_ms = ew_snapshot_started(snapshot);
    read_target(j);
    look(j);
    judge(j);
    owners_find(j);
    verdict_fill(j, &box->out);
    return &box->out;
}

void ew_verdict_free(struct ew_verdict *verdict)
{
    struct box *box = (struct box *)verdict;
    if (!box)
        return;
    struct judging *j = &box->j;
    ew_routing_free(j->routing);
    ew_world_free(j->world);
    ew_wants_free(j->wants);
    ew_ptrs_release(&j->drafts);
    ew_ptrs_release(&j->undecided);
    ew_doc_unref(j->doc);
    ew_arena_free(j->arena);
    ew_snapshot_unref(j->snapshot);
    free(box);
}
