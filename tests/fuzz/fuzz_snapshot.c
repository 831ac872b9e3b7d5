/* Snapshot files: what was read is written and read again the same, and makes a world. */
#include "fuzz.h"

#include "edgewalk/object.h"

static void look_around(struct ew_snapshot *snapshot)
{
    struct ew_world *world = ew_world_new(snapshot);
    struct ew_wants *wants = ew_wants_new();
    struct ew_ask ask = {wants, false, "x"};
    struct ew_seen seen;
    size_t count;
    for (int kind = 0; kind <= EW_KIND_COUNT; kind++)
        for (size_t i = 0; i < ew_world_count(world, (enum ew_kind)kind); i++) {
            const struct ew_obj *obj = ew_world_at(world, (enum ew_kind)kind, i);
            free(ew_obj_title(obj));
            ew_world_owner(world, obj, ask, &seen);
            free(ew_world_events(world, obj, ask, &seen, &count));
            char *selector = ew_selector_text(ew_obj_at(obj, "metadata.labels"));
            free(ew_world_select(world, obj->kind, obj->ns, selector, ask, &seen, &count));
            free(selector);
            ew_selector_matches(ew_obj_at(obj, "spec.selector"), ew_obj_at(obj, "metadata.labels"),
                                NULL);
            FUZZ_CHECK(kind == EW_KIND_COUNT ||
                       ew_world_get(world, obj->kind, obj->ns, obj->name, ask, &seen));
        }
    ew_wants_free(wants);
    ew_world_free(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ew_snapshot *snapshot, *again;
    struct ew_err err = {0};
    struct ew_buf first, second;
    if (ew_snapshot_read((const char *)data, size, &snapshot, &err) != EW_OK) {
        FUZZ_CHECK(err.code == EW_EINPUT && err.message[0]);
        return 0;
    }
    ew_buf_init(&first, 0);
    ew_buf_init(&second, 0);
    ew_snapshot_write(snapshot, &first);
    FUZZ_CHECK(strchr(first.data, '\n') == first.data + first.len - 1);
    FUZZ_CHECK(ew_snapshot_read(first.data, first.len, &again, &err) == EW_OK);
    ew_snapshot_write(again, &second);
    FUZZ_CHECK(ew_streq(first.data, second.data));
    look_around(again);
    ew_buf_release(&first);
    ew_buf_release(&second);
    ew_snapshot_unref(snapshot);
    ew_snapshot_unref(again);
    return 0;
}
