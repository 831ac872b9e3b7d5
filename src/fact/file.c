#include "edgewalk/fact.h"

#include "edgewalk/base/text.h"

#include <string.h>

static const char schema[] = "edgewalk.snapshot/v1";

static void set_copy(struct ew_doc *doc, struct ew_json *object, const char *key,
                     const struct ew_json *node)
{
    if (node)
        ew_json_set(doc, object, key, ew_json_copy(doc, node));
}

static void write_fact(struct ew_doc *doc, struct ew_json *list, const struct ew_fact *fact)
{
    struct ew_json *row = ew_json_add(doc, list, ew_json_object(doc));
    ew_json_set_str(doc, row, "key", fact->key);
    ew_json_set_str(doc, row, "state", ew_state_name(fact->state));
    if (fact->reason)
        ew_json_set_str(doc, row, "reason", fact->reason);
    if (fact->from)
        ew_json_set_str(doc, row, "from", fact->from);
    ew_json_set_num(doc, row, "at_ms", (double)fact->at_ms);
    ew_json_set_num(doc, row, "elapsed_ms", fact->elapsed_ms);
    set_copy(doc, row, "value", ew_fact_value(fact));
}

static void write_object(struct ew_doc *doc, struct ew_json *list, const struct ew_object *object)
{
    struct ew_json *row = ew_json_add(doc, list, ew_json_object(doc));
    const struct ew_json *root = ew_doc_root(object->doc);
    set_copy(doc, row, "object", root);
    if (object->where) { /* from a file: findings name lines in it */
        ew_json_set_str(doc, row, "where", object->where);
        ew_json_set(doc, row, "lines", ew_json_lines(doc, root));
    }
}

void ew_snapshot_write(const struct ew_snapshot *snapshot, struct ew_buf *out)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *root = ew_json_object(doc);
    ew_doc_set_root(doc, root);
    ew_json_set_str(doc, root, "schema", schema);
    ew_json_set_num(doc, root, "started_ms", (double)ew_snapshot_started(snapshot));
    ew_json_set_num(doc, root, "elapsed_ms", ew_snapshot_elapsed(snapshot));
    set_copy(doc, root, "target", ew_snapshot_target(snapshot));
    set_copy(doc, root, "options", ew_snapshot_options(snapshot));
    set_copy(doc, root, "vantage", ew_snapshot_vantage(snapshot));
    struct ew_json *facts = ew_json_set(doc, root, "facts", ew_json_array(doc));
    for (size_t i = 0; i < ew_snapshot_fact_count(snapshot); i++)
        write_fact(doc, facts, ew_snapshot_fact_at(snapshot, i));
    struct ew_json *objects = ew_json_set(doc, root, "objects", ew_json_array(doc));
    for (size_t i = 0; i < ew_snapshot_object_count(snapshot); i++)
        write_object(doc, objects, ew_snapshot_object_at(snapshot, i));
    ew_json_write(out, root, 0);
    ew_buf_adds(out, "\n");
    ew_doc_unref(doc);
}

/* ---- reading ---- */

static struct ew_doc *own_doc(const struct ew_json *node)
{
    if (!ew_json_is(node, EW_JSON_OBJECT))
        return NULL;
    struct ew_doc *doc = ew_doc_new();
    ew_doc_set_root(doc, ew_json_copy(doc, node));
    return doc;
}

/* A number from a file as whole milliseconds; a double of any size may stand there. */
static int64_t whole_ms(const struct ew_json *node)
{
    double ms = ew_json_num(node, 0);
    return ms > -9e15 && ms < 9e15 ? (int64_t)ms : 0;
}

static bool state_of(const char *name, enum ew_state *out)
{
    for (int state = EW_KNOWN; state <= EW_UNKNOWN; state++)
        if (ew_streq(name, ew_state_name((enum ew_state)state))) {
            *out = (enum ew_state)state;
            return true;
        }
    return false;
}

static int read_fact(struct ew_snapshot *snapshot, const struct ew_json *row, struct ew_err *err)
{
    const char *key = ew_json_get_str(row, "key", NULL);
    enum ew_state state;
    if (!key || !state_of(ew_json_get_str(row, "state", NULL), &state))
        return ew_fail(err, EW_EINPUT, "snapshot: a fact without a key or with an unknown state");
    struct ew_doc *value = own_doc(ew_json_get(row, "value"));
    ew_snapshot_put(snapshot, ew_fact_new(key, state, ew_json_get_str(row, "reason", NULL),
                                          ew_json_get_str(row, "from", NULL),
                                          whole_ms(ew_json_get(row, "at_ms")),
                                          ew_json_num(ew_json_get(row, "elapsed_ms"), -1), value));
    ew_doc_unref(value);
    return EW_OK;
}

static int read_object(struct ew_snapshot *snapshot, const struct ew_json *row, struct ew_err *err)
{
    const struct ew_json *object = ew_json_get(row, "object");
    if (!ew_json_is(object, EW_JSON_OBJECT))
        return ew_fail(err, EW_EINPUT, "snapshot: an entry of objects without an object");
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *copy = ew_json_copy(doc, object);
    ew_json_set_lines(copy, ew_json_get(row, "lines"));
    ew_doc_set_root(doc, copy);
    ew_snapshot_put_object(snapshot, ew_object_new(ew_json_get_str(row, "where", NULL), doc));
    ew_doc_unref(doc);
    return EW_OK;
}

static int fill(struct ew_snapshot *snapshot, const struct ew_json *root, struct ew_err *err)
{
    ew_snapshot_set_clock(snapshot, whole_ms(ew_json_get(root, "started_ms")),
                          ew_json_num(ew_json_get(root, "elapsed_ms"), 0));
    ew_snapshot_set_target(snapshot, own_doc(ew_json_get(root, "target")));
    ew_snapshot_set_options(snapshot, own_doc(ew_json_get(root, "options")));
    ew_snapshot_set_vantage(snapshot, own_doc(ew_json_get(root, "vantage")));
    EW_JSON_EACH(fact, ew_json_get(root, "facts"))
    {
        int code = read_fact(snapshot, fact, err);
        if (code != EW_OK)
            return code;
    }
    EW_JSON_EACH(object, ew_json_get(root, "objects"))
    {
        int code = read_object(snapshot, object, err);
        if (code != EW_OK)
            return code;
    }
    return EW_OK;
}

int ew_snapshot_read(const char *line, size_t len, struct ew_snapshot **out, struct ew_err *err)
{
    struct ew_doc *doc;
    struct ew_err cause = {0};
    if (ew_json_parse(line, len, &doc, &cause) != EW_OK)
        return ew_fail(err, EW_EINPUT, "snapshot: %.400s", cause.message);
    const struct ew_json *root = ew_doc_root(doc);
    const char *found = ew_json_get_str(root, "schema", "none");
    int code = EW_OK;
    struct ew_snapshot *snapshot = ew_snapshot_new();
    if (strcmp(found, schema) != 0)
        code = ew_fail(err, EW_EINPUT, "snapshot: its schema is %.60s, this version reads %s",
                       found, schema);
    if (code == EW_OK)
        code = fill(snapshot, root, err);
    ew_doc_unref(doc);
    if (code != EW_OK) {
        ew_snapshot_unref(snapshot);
        return code;
    }
    *out = snapshot;
    return EW_OK;
}
