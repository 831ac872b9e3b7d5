#include "unit.h"

#include "edgewalk/fact/keys.h"
#include "edgewalk/object.h"

#include <string.h>

static struct ew_doc *parse(const char *text)
{
    struct ew_doc *doc = NULL;
    ck_assert_int_eq(ew_json_parse(text, strlen(text), &doc, NULL), EW_OK);
    return doc;
}

/* A snapshot of a cluster that answers. */
static struct ew_snapshot *cluster(void)
{
    struct ew_snapshot *snapshot = ew_snapshot_new();
    ew_snapshot_set_options(snapshot, parse("{\"namespace\":\"own\"}"));
    ew_snapshot_put(snapshot, ew_fact_new(EW_KEY_SERVER, EW_KNOWN, NULL, "api", 0, 1, NULL));
    return snapshot;
}

static void put(struct ew_snapshot *snapshot, const char *key, enum ew_state state,
                const char *reason, const char *value)
{
    struct ew_doc *doc = value ? parse(value) : NULL;
    ew_snapshot_put(snapshot, ew_fact_new(key, state, reason, "api", 0, 1, doc));
    ew_doc_unref(doc);
}

/* version "apps/v1", more: members after metadata, with their comma. */
static void add(struct ew_snapshot *snapshot, const char *version, const char *kind, const char *ns,
                const char *name, const char *meta, const char *more)
{
    char *text = ew_fmt("{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"%s%s%s"
                        "%s}%s}",
                        version, kind, name, ns ? ",\"namespace\":\"" : "", ns ? ns : "",
                        ns ? "\"" : "", meta, more);
    struct ew_doc *doc = parse(text);
    ew_snapshot_put_object(snapshot, ew_object_new(NULL, doc));
    ew_doc_unref(doc);
    free(text);
}

/* A world that owns the snapshot. */
static struct ew_world *world_of(struct ew_snapshot *snapshot)
{
    struct ew_world *world = ew_world_new(snapshot);
    ew_snapshot_unref(snapshot);
    return world;
}

static void assert_seen(struct ew_seen seen, enum ew_state state, const char *reason)
{
    ck_assert_str_eq(ew_state_name(seen.state), ew_state_name(state));
    ck_assert_msg(ew_streq(seen.reason, reason), "%s", seen.reason ? seen.reason : "NULL");
}

/* ---- the table of kinds ---- */

START_TEST(the_table_of_kinds_is_whole_and_consistent)
{
    for (int i = 0; i < EW_KIND_COUNT; i++) {
        const struct ew_kind_row *row = ew_kind_row((enum ew_kind)i);
        ck_assert_ptr_nonnull(row->kind);
        ck_assert_ptr_nonnull(row->versions);
        ck_assert_int_eq(ew_kind_of(row->group, row->kind), i);
        ck_assert_int_eq(ew_kind_of(NULL, row->kind), i);
        ck_assert_int_eq(ew_kind_of_resource(row->resource), i);
        char *resource = ew_fmt("%s%s%s", row->plural, *row->group ? "." : "", row->group);
        ck_assert_str_eq(row->resource, resource);
        free(resource);
    }
    ck_assert_ptr_null(ew_kind_row(EW_KIND_OTHER));
    ck_assert_int_eq(ew_kind_of("extensions", "Ingress"), EW_KIND_OTHER);
    ck_assert_int_eq(ew_kind_of("", "Deployment"), EW_KIND_OTHER);
    ck_assert_int_eq(ew_kind_of(NULL, NULL), EW_KIND_OTHER);
    ck_assert_int_eq(ew_kind_of_resource("ingressroutes.traefik.io"), EW_KIND_OTHER);
    ck_assert_int_eq(ew_kind_of_resource(NULL), EW_KIND_OTHER);
}
END_TEST

/* ---- the index ---- */

START_TEST(objects_are_in_order_whatever_came_first)
{
    struct ew_snapshot *snapshot = cluster();
    add(snapshot, "v1", "Service", "b", "a", "", "");
    add(snapshot, "v1", "Service", "a", "z", "", "");
    add(snapshot, "v1", "Service", NULL, "bare", "", "");
    add(snapshot, "v1", "Service", "a", "b", "", "");
    add(snapshot, "v1", "Node", "odd", "n", "", "");
    add(snapshot, "networking.k8s.io/v1beta1", "Ingress", "a", "old", "", "");
    add(snapshot, "example.com/v1", "Service", "a", "other", "", "");
    struct ew_world *world = world_of(snapshot);
    ck_assert_uint_eq(ew_world_count(world, EW_SERVICE), 4);
    static const char *const expected[] = {"a/b", "a/z", "b/a", "own/bare"};
    for (size_t i = 0; i < EW_COUNT(expected); i++) {
        const struct ew_obj *obj = ew_world_at(world, EW_SERVICE, i);
        char *text = ew_fmt("%s/%s", obj->ns, obj->name);
        ck_assert_str_eq(text, expected[i]);
        ck_assert_ptr_eq(ew_world_find(world, EW_SERVICE, obj->ns, obj->name), obj);
        free(text);
    }
    ck_assert_ptr_null(ew_world_find(world, EW_SERVICE, "a", "c"));
    ck_assert_ptr_null(ew_world_find(world, EW_SERVICE, "a", NULL));
    ck_assert_ptr_null(ew_world_at(world, EW_NODE, 0)->ns);  /* cluster-wide whatever it says */
    ck_assert_uint_eq(ew_world_count(world, EW_INGRESS), 0); /* a version with other fields */
    ck_assert_uint_eq(ew_world_count(world, EW_KIND_OTHER), 2);
    ck_assert_str_eq(ew_world_at(world, EW_KIND_OTHER, 1)->group, "example.com");
    ck_assert(!ew_world_from_files(world));
    ew_world_free(world);
    ew_world_free(NULL);
}
END_TEST

/* ---- one object ---- */

START_TEST(an_object_that_was_not_read_is_asked_for)
{
    struct ew_world *world = world_of(cluster());
    struct ew_wants *wants = ew_wants_new();
    struct ew_seen seen;
    struct ew_ask ask = {wants, true, "svc-x"};
    ck_assert_ptr_null(ew_world_get(world, EW_SERVICE, "a", "s", ask, &seen));
    assert_seen(seen, EW_PENDING, NULL);
    ck_assert_uint_eq(ew_wants_count(wants), 1);
    ck_assert_str_eq(ew_wants_at(wants, 0)->key, "api/get/services/a/s");
    ck_assert(ew_wants_at(wants, 0)->optional);
    ck_assert_str_eq(ew_wants_at(wants, 0)->would_decide, "svc-x");
    ck_assert_ptr_null(ew_world_get(world, EW_GATEWAYCLASS, "ignored", "c", ask, &seen));
    ck_assert_str_eq(ew_wants_at(wants, 1)->key,
                     "api/get/gatewayclasses.gateway.networking.k8s.io/-/c");
    ask.wants = NULL;
    ck_assert_ptr_null(ew_world_get(world, EW_SERVICE, "a", "t", ask, &seen));
    assert_seen(seen, EW_PENDING, NULL);
    ck_assert_uint_eq(ew_wants_count(wants), 2);
    ew_wants_free(wants);
    ew_world_free(world);
}
END_TEST

/* A look-up of Service a/s when this fact is there sees that. */
static void look(const char *key, enum ew_state state, const char *reason, const char *value,
                 enum ew_state expected, const char *expected_reason)
{
    struct ew_snapshot *snapshot = cluster();
    struct ew_wants *wants = ew_wants_new();
    struct ew_seen seen;
    put(snapshot, key, state, reason, value);
    struct ew_world *world = world_of(snapshot);
    ck_assert_ptr_null(
        ew_world_get(world, EW_SERVICE, "a", "s", (struct ew_ask){wants, false, ""}, &seen));
    ck_assert_uint_eq(ew_wants_count(wants), seen.state == EW_PENDING && state != EW_PENDING);
    assert_seen(seen, expected, expected_reason);
    ew_wants_free(wants);
    ew_world_free(world);
}

START_TEST(what_was_read_decides_whether_an_object_is_absent)
{
    look("api/get/services/a/s", EW_ABSENT, NULL, NULL, EW_ABSENT, NULL);
    look("api/get/services/a/s", EW_UNKNOWN, "forbidden", NULL, EW_UNKNOWN, "forbidden");
    look("api/get/services/a/s", EW_PENDING, NULL, NULL, EW_PENDING, NULL);
    look("api/list/services/a", EW_KNOWN, NULL, "{\"count\":3}", EW_ABSENT, NULL);
    look("api/list/services/*", EW_KNOWN, NULL, "{\"others\":0}", EW_ABSENT, NULL);
    look("api/list/services/*", EW_ABSENT, NULL, NULL, EW_ABSENT, NULL); /* not served */
    look("api/list/services/*", EW_PENDING, NULL, NULL, EW_PENDING, NULL);
    /* A list that failed, was of elsewhere, or left objects out says nothing about one of them. */
    look("api/list/services/*", EW_UNKNOWN, "forbidden", NULL, EW_PENDING, NULL);
    look("api/list/services/b", EW_KNOWN, NULL, "{}", EW_PENDING, NULL);
    look("api/list/services/*", EW_KNOWN, NULL, "{\"others\":2}", EW_PENDING, NULL);
    look("api/list/services/a?l=x=y", EW_KNOWN, NULL, "{}", EW_PENDING, NULL);
}
END_TEST

START_TEST(a_server_out_of_reach_is_not_asked)
{
    look(EW_KEY_SERVER, EW_UNKNOWN, "timeout", NULL, EW_UNKNOWN, "timeout");
    look(EW_KEY_SERVER, EW_ABSENT, NULL, NULL, EW_UNKNOWN, "no-cluster");
}
END_TEST

START_TEST(files_cover_everything)
{
    struct ew_snapshot *snapshot = ew_snapshot_new();
    struct ew_wants *wants = ew_wants_new();
    struct ew_ask ask = {wants, false, ""};
    struct ew_seen seen;
    put(snapshot, EW_KEY_FILES, EW_KNOWN, NULL, "{\"objects\":1}");
    add(snapshot, "v1", "Service", NULL, "s", "", "");
    struct ew_world *world = world_of(snapshot);
    ck_assert(ew_world_from_files(world));
    const struct ew_obj *obj = ew_world_get(world, EW_SERVICE, "default", "s", ask, &seen);
    ck_assert_str_eq(obj->name, "s");
    assert_seen(seen, EW_KNOWN, NULL);
    ck_assert_ptr_null(ew_world_get(world, EW_SERVICE, "default", "t", ask, &seen));
    assert_seen(seen, EW_ABSENT, NULL);
    assert_seen(ew_world_listed(world, EW_POD, NULL, ask), EW_KNOWN, NULL);
    ck_assert_uint_eq(ew_wants_count(wants), 0);
    ew_wants_free(wants);
    ew_world_free(world);
}
END_TEST

START_TEST(a_kind_that_is_none_of_ours_is_unknown_not_absent)
{
    struct ew_world *world = world_of(cluster());
    struct ew_ask ask = {NULL, false, ""};
    struct ew_seen seen;
    size_t count;
    ck_assert_ptr_null(ew_world_get(world, EW_KIND_OTHER, "a", "x", ask, &seen));
    assert_seen(seen, EW_UNKNOWN, "kind");
    assert_seen(ew_world_listed(world, EW_KIND_OTHER, NULL, ask), EW_UNKNOWN, "kind");
    ck_assert_ptr_null(ew_world_select(world, EW_KIND_OTHER, "a", "x=y", ask, &seen, &count));
    assert_seen(seen, EW_UNKNOWN, "kind");
    ew_world_free(world);
}
END_TEST

static const char served_groups[] = "{\"groups\":[{\"name\":\"x.io\"}]}";

START_TEST(a_kind_that_is_none_of_ours_is_asked_for_where_it_is_served)
{
    static const struct {
        const char *group, *kind;
        enum ew_state state;
        size_t wants;
    } rows[] = {
        {"x.io", "Limit", EW_PENDING, 1},
        {"y.io", "Limit", EW_ABSENT, 0},
        {"", "Limit", EW_ABSENT, 0},
        {"", "ConfigMap", EW_PENDING, 1}, /* one of ours */
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        struct ew_snapshot *snapshot = cluster();
        put(snapshot, EW_KEY_DISCOVERY, EW_KNOWN, NULL, served_groups);
        struct ew_world *world = world_of(snapshot);
        struct ew_wants *wants = ew_wants_new();
        struct ew_ask ask = {wants, true, ""};
        struct ew_seen seen;
        ew_world_get_any(world, rows[i].group, rows[i].kind, "a", "l", ask, &seen);
        assert_seen(seen, rows[i].state, NULL);
        ck_assert_uint_eq(ew_wants_count(wants), rows[i].wants);
        ew_wants_free(wants);
        ew_world_free(world);
    }
}
END_TEST

START_TEST(a_kind_that_is_none_of_ours_is_found)
{
    struct ew_snapshot *snapshot = cluster();
    struct ew_ask ask = {NULL, true, ""};
    struct ew_seen seen;
    put(snapshot, EW_KEY_DISCOVERY, EW_KNOWN, NULL, served_groups);
    put(snapshot, "api/get/Limit.x.io/a/denied", EW_UNKNOWN, "forbidden", NULL);
    put(snapshot, "api/get/Limit.x.io/a/gone", EW_ABSENT, NULL, NULL);
    add(snapshot, "x.io/v1", "Limit", "a", "l", "", "");
    add(snapshot, "x.io/v1", "Wide", NULL, "l", "", "");
    struct ew_world *world = world_of(snapshot);
    ck_assert_ptr_nonnull(ew_world_get_any(world, "x.io", "Limit", "a", "l", ask, &seen));
    assert_seen(seen, EW_KNOWN, NULL);
    ck_assert_ptr_nonnull(ew_world_get_any(world, "x.io", "Wide", "a", "l", ask, &seen));
    ck_assert_ptr_null(ew_world_get_any(world, "x.io", "Limit", "b", "l", ask, &seen));
    assert_seen(seen, EW_PENDING, NULL);
    ck_assert_ptr_null(ew_world_get_any(world, "x.io", "Limit", "a", "denied", ask, &seen));
    assert_seen(seen, EW_UNKNOWN, "forbidden");
    ck_assert_ptr_null(ew_world_get_any(world, "x.io", "Limit", "a", "gone", ask, &seen));
    assert_seen(seen, EW_ABSENT, NULL);
    ck_assert_int_eq(ew_world_serves(world, "x.io"), EW_KNOWN);
    ck_assert_int_eq(ew_world_serves(world, "y.io"), EW_ABSENT);
    ew_world_free(world);
}
END_TEST

/* ---- lists ---- */

START_TEST(lists_are_asked_for_and_known_when_read)
{
    struct ew_snapshot *snapshot = cluster();
    struct ew_wants *wants = ew_wants_new();
    struct ew_ask ask = {wants, false, "x"};
    put(snapshot, "api/list/pods/a", EW_KNOWN, NULL, "{}");
    put(snapshot, "api/list/services/*", EW_KNOWN, NULL, "{\"others\":5}");
    put(snapshot, "api/list/gateways.gateway.networking.k8s.io/*", EW_ABSENT, NULL, NULL);
    struct ew_world *world = world_of(snapshot);
    assert_seen(ew_world_listed(world, EW_POD, "a", ask), EW_KNOWN, NULL);
    assert_seen(ew_world_listed(world, EW_SERVICE, NULL, ask), EW_KNOWN, NULL);
    assert_seen(ew_world_listed(world, EW_SERVICE, "a", ask), EW_KNOWN, NULL);
    assert_seen(ew_world_listed(world, EW_GATEWAY, "a", ask), EW_ABSENT, NULL);
    ck_assert_uint_eq(ew_wants_count(wants), 0);
    assert_seen(ew_world_listed(world, EW_POD, "b", ask), EW_PENDING, NULL);
    assert_seen(ew_world_listed(world, EW_POD, NULL, ask), EW_PENDING, NULL);
    ck_assert_str_eq(ew_wants_at(wants, 0)->key, "api/list/pods/b");
    ck_assert_str_eq(ew_wants_at(wants, 1)->key, "api/list/pods/*");
    ew_wants_free(wants);
    ew_world_free(world);
}
END_TEST

START_TEST(where_everywhere_is_denied_the_own_namespace_decides)
{
    struct ew_snapshot *snapshot = cluster();
    struct ew_wants *wants = ew_wants_new();
    struct ew_ask ask = {wants, false, ""};
    put(snapshot, "api/list/pods/*", EW_UNKNOWN, "forbidden", NULL);
    put(snapshot, "api/list/pods/own", EW_KNOWN, NULL, "{}");
    put(snapshot, "api/list/services/*", EW_UNKNOWN, "forbidden", NULL);
    put(snapshot, "api/list/secrets/*", EW_UNKNOWN, "timeout", NULL);
    put(snapshot, "api/list/nodes/*", EW_UNKNOWN, "forbidden", NULL);
    struct ew_world *world = world_of(snapshot);
    assert_seen(ew_world_listed(world, EW_POD, NULL, ask), EW_KNOWN, "forbidden");
    assert_seen(ew_world_listed(world, EW_SECRET, NULL, ask), EW_UNKNOWN, "timeout");
    assert_seen(ew_world_listed(world, EW_NODE, NULL, ask), EW_UNKNOWN, "forbidden");
    ck_assert_uint_eq(ew_wants_count(wants), 0);
    assert_seen(ew_world_listed(world, EW_SERVICE, NULL, ask), EW_PENDING, NULL);
    ck_assert_str_eq(ew_wants_at(wants, 0)->key, "api/list/services/own");
    ew_wants_free(wants);
    ew_world_free(world);
}
END_TEST

START_TEST(objects_are_selected_by_labels)
{
    struct ew_snapshot *snapshot = cluster();
    struct ew_wants *wants = ew_wants_new();
    struct ew_ask ask = {wants, false, ""};
    struct ew_seen seen;
    size_t count;
    put(snapshot, "api/list/pods/a?l=app=x", EW_KNOWN, NULL, "{}");
    put(snapshot, "api/list/pods/c", EW_KNOWN, NULL, "{\"others\":1}");
    add(snapshot, "v1", "Pod", "a", "p1", ",\"labels\":{\"app\":\"x\",\"v\":\"1\"}", "");
    add(snapshot, "v1", "Pod", "a", "p2", ",\"labels\":{\"app\":\"xx\"}", "");
    add(snapshot, "v1", "Pod", "b", "p3", ",\"labels\":{\"app\":\"x\"}", "");
    add(snapshot, "v1", "Pod", "a", "p4", "", "");
    struct ew_world *world = world_of(snapshot);
    const struct ew_obj **found = ew_world_select(world, EW_POD, "a", "app=x", ask, &seen, &count);
    assert_seen(seen, EW_KNOWN, NULL);
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(found[0]->name, "p1");
    free(found);
    ck_assert_uint_eq(ew_wants_count(wants), 0);
    /* Not read by this selector: what is known is given, and the list is asked for. */
    found = ew_world_select(world, EW_POD, "a", "app=x,v=1", ask, &seen, &count);
    assert_seen(seen, EW_PENDING, NULL);
    ck_assert_uint_eq(count, 1);
    free(found);
    ck_assert_str_eq(ew_wants_at(wants, 0)->key, "api/list/pods/a?l=app=x,v=1");
    ck_assert_ptr_null(ew_world_select(world, EW_POD, "a", "app=none", ask, &seen, &count));
    ck_assert_uint_eq(count, 0);
    /* A wider list that left objects out does not cover a selection. */
    ck_assert_ptr_null(ew_world_select(world, EW_POD, "c", "app=x", ask, &seen, &count));
    assert_seen(seen, EW_PENDING, NULL);
    found = ew_world_select(world, EW_POD, "a", "", ask, &seen, &count);
    ck_assert_uint_eq(count, 3);
    free(found);
    ew_wants_free(wants);
    ew_world_free(world);
}
END_TEST

static void add_event(struct ew_snapshot *snapshot, const char *name, const char *uid,
                      const char *times)
{
    char *more = ew_fmt(",\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"p\"%s%s%s},%s",
                        uid ? ",\"uid\":\"" : "", uid ? uid : "", uid ? "\"" : "", times);
    add(snapshot, "v1", "Event", "a", name, "", more);
    free(more);
}

START_TEST(events_of_an_object_oldest_first)
{
    struct ew_snapshot *snapshot = cluster();
    struct ew_wants *wants = ew_wants_new();
    struct ew_seen seen;
    size_t count;
    add(snapshot, "v1", "Pod", "a", "p", ",\"uid\":\"u1\"", "");
    add_event(snapshot, "e1", "u1", "\"lastTimestamp\":\"2026-01-01T00:00:03Z\"");
    add_event(snapshot, "e2", NULL,
              "\"lastTimestamp\":null,\"eventTime\":\"2026-01-01T00:00:02.5Z\"");
    add_event(snapshot, "e3", "u1", "\"lastTimestamp\":\"2026-01-01T01:00:02+01:00\"");
    add_event(snapshot, "e4", "u0", "\"lastTimestamp\":\"2026-01-01T00:00:01Z\"");
    add(snapshot, "v1", "Event", "a", "e5", "",
        ",\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"q\"}");
    struct ew_world *world = world_of(snapshot);
    const struct ew_obj *pod = ew_world_find(world, EW_POD, "a", "p");
    const struct ew_obj **events =
        ew_world_events(world, pod, (struct ew_ask){wants, true, ""}, &seen, &count);
    assert_seen(seen, EW_PENDING, NULL);
    ck_assert_str_eq(ew_wants_at(wants, 0)->key,
                     "api/list/events/a?f=involvedObject.kind=Pod,involvedObject.name=p");
    ck_assert_uint_eq(count, 3);
    ck_assert_str_eq(events[0]->name, "e3");
    ck_assert_str_eq(events[1]->name, "e2");
    ck_assert_str_eq(events[2]->name, "e1");
    free(events);
    ew_wants_free(wants);
    ew_world_free(world);
}
END_TEST

#define OWNED(ref) ",\"ownerReferences\":[{\"kind\":\"X\",\"name\":\"x\"}," ref "]"

START_TEST(the_controller_is_the_owner)
{
    struct ew_snapshot *snapshot = cluster();
    struct ew_ask ask = {NULL, false, ""};
    struct ew_seen seen;
    add(snapshot, "apps/v1", "ReplicaSet", "a", "r", ",\"uid\":\"u1\"", "");
    add(snapshot, "v1", "Pod", "a", "p1",
        OWNED("{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"r\",\"uid\":\"u1\","
              "\"controller\":true}"),
        "");
    add(snapshot, "v1", "Pod", "a", "p2", ",\"ownerReferences\":[{\"kind\":\"X\"}]", "");
    add(snapshot, "v1", "Pod", "a", "p3",
        OWNED("{\"apiVersion\":\"argoproj.io/v1alpha1\",\"kind\":\"Rollout\",\"name\":\"r\","
              "\"controller\":true}"),
        "");
    add(snapshot, "v1", "Pod", "a", "p4",
        OWNED("{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"r\",\"uid\":\"u0\","
              "\"controller\":true}"),
        "");
    add(snapshot, "v1", "Pod", "a", "p5",
        OWNED("{\"apiVersion\":\"apps/v1\",\"kind\":\"StatefulSet\",\"name\":\"s\","
              "\"controller\":true}"),
        "");
    struct ew_world *world = world_of(snapshot);
    static const struct {
        const char *pod, *owner;
        enum ew_state state;
        const char *reason;
    } rows[] = {
        {"p1", "r", EW_KNOWN, NULL},      {"p2", NULL, EW_ABSENT, NULL},
        {"p3", NULL, EW_UNKNOWN, "kind"}, {"p4", NULL, EW_ABSENT, NULL}, /* an earlier one's pod */
        {"p5", NULL, EW_PENDING, NULL},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++) {
        const struct ew_obj *pod = ew_world_find(world, EW_POD, "a", rows[i].pod);
        const struct ew_obj *owner = ew_world_owner(world, pod, ask, &seen);
        ck_assert(ew_streq(owner ? owner->name : NULL, rows[i].owner));
        assert_seen(seen, rows[i].state, rows[i].reason);
    }
    ew_world_free(world);
}
END_TEST

/* ---- views ---- */

START_TEST(views_on_what_every_object_has)
{
    struct ew_snapshot *snapshot = cluster();
    add(snapshot, "v1", "Pod", "a", "p",
        ",\"generation\":7,\"creationTimestamp\":\"1970-01-01T00:00:01Z\","
        "\"labels\":{\"app.kubernetes.io/name\":\"x\"},\"annotations\":{\"a.b/c\":\"d\"}",
        "");
    add(snapshot, "v1", "Node", NULL, "n", ",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"", "");
    struct ew_world *world = world_of(snapshot);
    const struct ew_obj *pod = ew_world_find(world, EW_POD, "a", "p");
    const struct ew_obj *node = ew_world_find(world, EW_NODE, NULL, "n");
    ck_assert_str_eq(ew_obj_label(pod, "app.kubernetes.io/name"), "x");
    ck_assert_str_eq(ew_obj_annotation(pod, "a.b/c"), "d");
    ck_assert_ptr_null(ew_obj_label(node, "x"));
    ck_assert_int_eq(ew_obj_generation(pod), 7);
    ck_assert_int_eq(ew_obj_generation(node), 0);
    ck_assert_int_eq(ew_obj_created(pod), 1000);
    ck_assert_int_eq(ew_obj_created(node), 0);
    ck_assert(!ew_obj_deleting(pod));
    ck_assert(ew_obj_deleting(node));
    char *title = ew_obj_title(pod);
    ck_assert_str_eq(title, "Pod a/p");
    free(title);
    title = ew_obj_title(node);
    ck_assert_str_eq(title, "Node n");
    free(title);
    ew_world_free(world);
}
END_TEST

static const struct {
    const char *selector, *labels;
    bool matches;
    const char *bad;
} selectors[] = {
    {"{}", "{\"a\":\"b\"}", true, NULL},
    {"{}", "null", true, NULL},
    {"null", "{}", false, NULL},
    {"{\"matchLabels\":{\"a\":\"b\"}}", "{\"a\":\"b\",\"c\":\"d\"}", true, NULL},
    {"{\"matchLabels\":{\"a\":\"b\",\"c\":\"x\"}}", "{\"a\":\"b\",\"c\":\"d\"}", false, NULL},
    {"{\"matchLabels\":{\"a\":\"b\"}}", "null", false, NULL},
    {"{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\",\"values\":[\"x\",\"b\"]}]}",
     "{\"a\":\"b\"}", true, NULL},
    {"{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"NotIn\",\"values\":[\"b\"]}]}",
     "{\"a\":\"b\"}", false, NULL},
    {"{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"NotIn\",\"values\":[\"b\"]}]}", "{}",
     true, NULL},
    {"{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Exists\"}]}", "{\"a\":\"\"}", true,
     NULL},
    {"{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"DoesNotExist\"}]}", "{\"a\":\"\"}",
     false, NULL},
    {"{\"matchLabels\":{\"a\":\"b\"},\"matchExpressions\":[{\"key\":\"c\",\"operator\":\"Exists\"}]"
     "}",
     "{\"a\":\"b\"}", false, NULL},
    {"{\"matchLabels\":{\"a\":1}}", "{\"a\":\"1\"}", false, "matchLabels"},
    {"{\"matchLabels\":[]}", "{}", false, "matchLabels"},
    {"{\"matchExpressions\":{}}", "{}", false, "matchExpressions"},
    {"{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"in\",\"values\":[\"b\"]}]}", "{}", false,
     "matchExpressions"},
    {"{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"In\"}]}", "{}", false,
     "matchExpressions"},
    {"{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Exists\",\"values\":[\"b\"]}]}",
     "{\"a\":\"b\"}", false, "matchExpressions"},
    {"{\"matchExpressions\":[{\"operator\":\"Exists\"}]}", "{}", false, "matchExpressions"},
    {"[]", "{}", false, ""},
};

START_TEST(label_selectors)
{
    struct ew_doc *selector = parse(selectors[_i].selector), *labels = parse(selectors[_i].labels);
    const char *bad = "unset";
    ck_assert_int_eq(ew_selector_matches(ew_doc_root(selector), ew_doc_root(labels), &bad),
                     selectors[_i].matches);
    ck_assert_msg(ew_streq(bad, selectors[_i].bad), "%s", bad ? bad : "NULL");
    ck_assert_int_eq(ew_selector_matches(ew_doc_root(selector), ew_doc_root(labels), NULL),
                     selectors[_i].matches);
    ew_doc_unref(selector);
    ew_doc_unref(labels);
}
END_TEST

START_TEST(a_map_of_labels_as_text)
{
    struct ew_doc *doc = parse("{\"z\":\"1\",\"a\":\"2\",\"m\":3}");
    char *text = ew_selector_text(ew_doc_root(doc));
    ck_assert_str_eq(text, "a=2,z=1");
    free(text);
    text = ew_selector_text(NULL);
    ck_assert_str_eq(text, "");
    free(text);
    ck_assert(!ew_selector_matches(NULL, ew_doc_root(doc), NULL));
    ew_doc_unref(doc);
}
END_TEST

START_TEST(conditions_and_whether_they_are_of_an_older_generation)
{
    struct ew_snapshot *snapshot = cluster();
    struct ew_cond cond;
    add(snapshot, "gateway.networking.k8s.io/v1", "Gateway", "a", "g", ",\"generation\":3",
        ",\"status\":{\"conditions\":[{\"type\":\"Accepted\",\"status\":\"True\",\"reason\":\"R\","
        "\"message\":\"m\",\"observedGeneration\":2,\"lastTransitionTime\":"
        "\"1970-01-01T00:00:02Z\"},{\"type\":\"Programmed\",\"status\":\"False\","
        "\"observedGeneration\":3},{\"type\":\"Ready\"}]}");
    struct ew_world *world = world_of(snapshot);
    const struct ew_obj *gateway = ew_world_at(world, EW_GATEWAY, 0);
    const struct ew_json *conditions = ew_obj_at(gateway, "status.conditions");
    ck_assert(ew_cond_find(conditions, "Accepted", &cond));
    ck_assert_str_eq(cond.status, "True");
    ck_assert_str_eq(cond.reason, "R");
    ck_assert_str_eq(cond.message, "m");
    ck_assert_int_eq(cond.observed, 2);
    ck_assert_int_eq(cond.since_ms, 2000);
    ck_assert(ew_cond_stale(&cond, gateway));
    ck_assert(ew_cond_find(conditions, "Programmed", &cond));
    ck_assert(!ew_cond_stale(&cond, gateway));
    ck_assert(ew_cond_find(conditions, "Ready", &cond));
    ck_assert_str_eq(cond.status, "");
    ck_assert(!ew_cond_stale(&cond, gateway)); /* the writer does not say */
    ck_assert(!ew_cond_find(conditions, "Other", &cond));
    ck_assert(!ew_cond_find(NULL, "Ready", &cond));
    ew_world_free(world);
}
END_TEST

/* ---- objects laid over others ---- */

#define ROUTE_API "gateway.networking.k8s.io/v1"

static struct ew_snapshot *over_files(void)
{
    struct ew_snapshot *over = ew_snapshot_new();
    put(over, EW_KEY_FILES, EW_KNOWN, NULL, "{\"paths\":[\"o.yaml\"],\"errors\":[]}");
    return over;
}

START_TEST(what_is_laid_over_keeps_age_and_status)
{
    struct ew_snapshot *base = cluster(), *over = over_files();
    add(base, ROUTE_API, "HTTPRoute", "own", "r",
        ",\"uid\":\"1\",\"generation\":4,\"creationTimestamp\":\"2024-01-01T00:00:00Z\","
        "\"labels\":{\"old\":\"1\"}",
        ",\"spec\":{\"hostnames\":[\"a.com\"]},\"status\":{\"parents\":[]}");
    add(over, "gateway.networking.k8s.io/v1beta1", "HTTPRoute", NULL, "r",
        ",\"uid\":\"2\",\"labels\":{\"new\":\"1\"}",
        ",\"spec\":{\"hostnames\":[\"b.com\"]},\"status\":{\"parents\":[{}]}");
    add(over, ROUTE_API, "HTTPRoute", "other", "r", "", ",\"status\":{\"parents\":[{}]}");
    struct ew_snapshot *both = ew_snapshot_overlaid(base, over);
    const struct ew_fact *fact = ew_snapshot_fact(both, EW_KEY_OVERLAY);
    ck_assert_int_eq(
        (int)ew_json_get_int(ew_json_get(ew_fact_value(fact), "added"), "HTTPRoute", 0), 1);
    struct ew_world *world = world_of(both);
    ck_assert_uint_eq(ew_world_count(world, EW_HTTPROUTE), 2);
    const struct ew_obj *obj = ew_world_find(world, EW_HTTPROUTE, "own", "r");
    ck_assert_str_eq(ew_json_str_or(ew_obj_at(obj, "spec.hostnames[0]"), ""), "b.com");
    ck_assert_str_eq(ew_json_str_or(ew_obj_at(obj, "metadata.uid"), ""), "1");
    ck_assert_int_eq(ew_obj_generation(obj), 4);
    ck_assert(ew_obj_created(obj) > 0);
    ck_assert_ptr_null(ew_obj_label(obj, "old"));
    ck_assert_str_eq(ew_obj_label(obj, "new"), "1");
    ck_assert_uint_eq(ew_json_count(ew_obj_at(obj, "status.parents")), 0);
    obj = ew_world_find(world, EW_HTTPROUTE, "other", "r"); /* nobody has seen it */
    ck_assert_ptr_null(ew_obj_at(obj, "status"));
    ck_assert_int_eq((int)ew_obj_created(obj), 0);
    ew_world_free(world);
    ew_snapshot_unref(base);
    ew_snapshot_unref(over);
}
END_TEST

/* Manifests without Secrets say nothing about them, with one laid over as little. */
START_TEST(what_is_laid_over_does_not_speak_for_the_rest)
{
    struct ew_snapshot *base = over_files(), *over = over_files();
    struct ew_ask nothing = {0};
    struct ew_seen seen;
    add(over, "v1", "Secret", "own", "new", "", "");
    struct ew_world *world = world_of(ew_snapshot_overlaid(base, over));
    ck_assert_ptr_nonnull(ew_world_get(world, EW_SECRET, "own", "new", nothing, &seen));
    ck_assert_ptr_null(ew_world_get(world, EW_SECRET, "own", "old", nothing, &seen));
    assert_seen(seen, EW_UNKNOWN, "not-in-files");
    ck_assert(!ew_world_tells_of(world, EW_SECRET));
    ew_world_free(world);
    add(base, "v1", "Secret", "own", "there", "", "");
    world = world_of(ew_snapshot_overlaid(base, over));
    ck_assert_ptr_null(ew_world_get(world, EW_SECRET, "own", "old", nothing, &seen));
    assert_seen(seen, EW_ABSENT, NULL);
    ew_world_free(world);
    ew_snapshot_unref(base);
    ew_snapshot_unref(over);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("object");
    TCase *tc = tcase_create("object");
    suite_add_tcase(s, tc);
    tcase_add_test(tc, the_table_of_kinds_is_whole_and_consistent);
    tcase_add_test(tc, objects_are_in_order_whatever_came_first);
    tcase_add_test(tc, an_object_that_was_not_read_is_asked_for);
    tcase_add_test(tc, what_was_read_decides_whether_an_object_is_absent);
    tcase_add_test(tc, a_server_out_of_reach_is_not_asked);
    tcase_add_test(tc, files_cover_everything);
    tcase_add_test(tc, a_kind_that_is_none_of_ours_is_unknown_not_absent);
    tcase_add_test(tc, a_kind_that_is_none_of_ours_is_asked_for_where_it_is_served);
    tcase_add_test(tc, a_kind_that_is_none_of_ours_is_found);
    tcase_add_test(tc, lists_are_asked_for_and_known_when_read);
    tcase_add_test(tc, where_everywhere_is_denied_the_own_namespace_decides);
    tcase_add_test(tc, objects_are_selected_by_labels);
    tcase_add_test(tc, events_of_an_object_oldest_first);
    tcase_add_test(tc, the_controller_is_the_owner);
    tcase_add_test(tc, views_on_what_every_object_has);
    tcase_add_loop_test(tc, label_selectors, 0, (int)EW_COUNT(selectors));
    tcase_add_test(tc, a_map_of_labels_as_text);
    tcase_add_test(tc, conditions_and_whether_they_are_of_an_older_generation);
    tcase_add_test(tc, what_is_laid_over_keeps_age_and_status);
    tcase_add_test(tc, what_is_laid_over_does_not_speak_for_the_rest);
    return s;
}
