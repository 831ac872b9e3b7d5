/* The evaluation of any objects at all: never a crash; every rule that claims the host is a
 * candidate once; the decision is the same the second time. The input is YAML, as of files. */
#include "fuzz.h"

#include "edgewalk/fact/keys.h"
#include "edgewalk/route.h"

static int add(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    (void)err;
    if (ew_json_get_str(ew_doc_root(doc), "kind", NULL) &&
        ew_json_str(ew_json_at(ew_doc_root(doc), "metadata.name")))
        ew_snapshot_put_object(ctx, ew_object_new("f:1", doc));
    return EW_OK;
}

static const char *const headers[] = {
    "version", "1", "origin", "https://a.com", "host", "x", "accept", "text/html", NULL};

static const struct ew_request requests[] = {
    {EW_PROTO_HTTP, false, NULL, "a.example.com", 80, "/api/v2/x", "q=1&r", "GET", headers, NULL},
    {EW_PROTO_HTTP, true, "a.example.com", "b.example.com", 443, "/", "", "OPTIONS", headers, NULL},
    {EW_PROTO_GRPC, true, "a.example.com", "a.example.com", 443, "/pkg.S/M", "", "POST", NULL,
     NULL},
    {EW_PROTO_TLS, true, "a.example.com", "a.example.com", 443, "", "", "", NULL, NULL},
    {EW_PROTO_TCP, false, NULL, "", 5432, "", "", "", NULL, NULL},
    {EW_PROTO_UDP, false, NULL, "", 53, "", "", "", NULL, NULL},
};

static char *text_of(struct ew_routing *routing, const struct ew_request *request)
{
    struct ew_buf out;
    const struct ew_decision *decision = ew_routing_decide(routing, request, NULL);
    struct ew_doc *doc = ew_decision_json(decision, request, "x");
    size_t winners = 0;
    for (size_t i = 0; i < decision->candidate_count; i++) {
        const struct ew_candidate *one = &decision->candidates[i];
        winners += one->wins;
        FUZZ_CHECK(one->wins || one->why_not);
    }
    FUZZ_CHECK(winners <= 1);
    FUZZ_CHECK(!decision->route || winners == 1);
    ew_buf_init(&out, 0);
    ew_json_write(&out, ew_doc_root(doc), 0);
    ew_doc_unref(doc);
    return ew_buf_take(&out);
}

static void check(struct ew_routing *routing)
{
    struct ew_check_scope scope = {0};
    struct ew_doc *doc;
    struct ew_err err;
    bool unread;
    size_t count;
    ew_routing_attachments(routing, "a.example.com", &count);
    FUZZ_CHECK(ew_routing_check(routing, &scope, &doc, &unread, &err) == EW_OK);
    ew_doc_unref(doc);
}

/* What the judges ask besides. */
static void ask_around(struct ew_routing *routing, const struct ew_world *world,
                       const struct ew_request *request)
{
    struct ew_difference differences[EW_DIFFERENCES_MAX];
    struct ew_arena *arena = ew_arena_new();
    size_t count;
    const struct ew_decision *decision = ew_routing_decide(routing, request, NULL);
    for (size_t i = 0; i < decision->candidate_count; i++) {
        const struct ew_decision *as =
            ew_routing_decide_as(routing, request, decision, &decision->candidates[i]);
        FUZZ_CHECK(!as ||
                   ew_decisions_compare(decision, as, arena, differences) <= EW_DIFFERENCES_MAX);
    }
    FUZZ_CHECK(ew_decisions_compare(decision, decision, arena, differences) == 0);
    ew_routing_listeners(routing, request, &count);
    ew_routing_near_hosts(routing, request->host, &count);
    for (size_t i = 0; i < ew_world_count(world, EW_HTTPROUTE); i++)
        for (size_t k = 0; k < ew_world_count(world, EW_GATEWAY); k++)
            ew_routing_uses(routing, ew_world_at(world, EW_HTTPROUTE, i),
                            ew_world_at(world, EW_GATEWAY, k), &count);
    ew_arena_free(arena);
}

/* Objects laid over themselves answer every request as before. */
static void overlay(struct ew_snapshot *snapshot, struct ew_routing *before,
                    const struct ew_world *objects)
{
    static const enum ew_kind kinds[] = {EW_HTTPROUTE, EW_GRPCROUTE, EW_INGRESS};
    struct ew_snapshot *over = ew_snapshot_overlaid(snapshot, snapshot);
    struct ew_world *world = ew_world_new(over);
    struct ew_wants *wants = ew_wants_new();
    struct ew_routing *after = ew_routing_new(world, NULL, wants);
    struct ew_doc *doc = ew_doc_new();
    struct ew_ptrs names = {0};
    for (size_t i = 0; i < EW_COUNT(kinds); i++)
        for (size_t k = 0; k < ew_world_count(objects, kinds[i]); k++) {
            const struct ew_obj *obj = ew_world_at(objects, kinds[i], k);
            ew_ptrs_add(&names, ew_fmt("%s/%s/%s", obj->kind_name, obj->ns, obj->name));
        }
    size_t count = names.count;
    ew_ptrs_add(&names, NULL);
    const struct ew_json *winners =
        ew_routing_winners(doc, before, after, (const char *const *)names.at);
    FUZZ_CHECK(!ew_json_count(ew_json_get(winners, "changes")));
    for (size_t i = 0; i < count; i++)
        free(names.at[i]);
    ew_ptrs_release(&names);
    ew_doc_unref(doc);
    ew_routing_free(after);
    ew_wants_free(wants);
    ew_world_free(world);
    ew_snapshot_unref(over);
}

static void evaluate(struct ew_snapshot *snapshot)
{
    struct ew_world *world = ew_world_new(snapshot);
    struct ew_wants *wants = ew_wants_new();
    struct ew_routing *routing = ew_routing_new(world, NULL, wants);
    for (size_t i = 0; i < EW_COUNT(requests); i++) {
        char *once = text_of(routing, &requests[i]), *twice = text_of(routing, &requests[i]);
        FUZZ_CHECK(strcmp(once, twice) == 0);
        free(once);
        free(twice);
        ask_around(routing, world, &requests[i]);
    }
    check(routing);
    overlay(snapshot, routing, world);
    ew_routing_free(routing);
    ew_wants_free(wants);
    ew_world_free(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ew_snapshot *snapshot = ew_snapshot_new();
    struct ew_err err;
    /* What stands before a broken document is looked at all the same. */
    ew_yaml_parse("f", (const char *)data, size, add, snapshot, &err);
    evaluate(snapshot); /* as of an API that has answered nothing */
    ew_snapshot_put(snapshot, ew_fact_new(EW_KEY_FILES, EW_KNOWN, NULL, NULL, 0, -1, NULL));
    evaluate(snapshot);
    ew_snapshot_unref(snapshot);
    return 0;
}
