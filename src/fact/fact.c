#include "edgewalk/fact.h"

#include "fact.h"

#include <math.h>
#include <stdlib.h>

struct counted_fact {
    struct ew_fact fact; /* first: the pointer handed out is this one */
    size_t refs;
};

struct counted_object {
    struct ew_object object;
    size_t refs;
};

const char *ew_state_name(enum ew_state state)
{
    static const char *const names[] = {"known", "absent", "pending", "unknown"};
    return names[state];
}

/* Microseconds are as fine as measurements are, and a time must read back from a file the same. */
double ew_fact_round(double ms)
{
    return round(ms * 1000) / 1000;
}

struct ew_fact *ew_fact_new(const char *key, enum ew_state state, const char *reason,
                            const char *from, int64_t at_ms, double elapsed_ms,
                            struct ew_doc *value)
{
    struct counted_fact *counted = ew_alloc(sizeof(*counted));
    counted->refs = 1;
    counted->fact = (struct ew_fact){
        .key = ew_strdup(key),
        .state = state,
        .reason = ew_strdup(reason),
        .from = ew_strdup(from),
        .at_ms = at_ms,
        .elapsed_ms = ew_fact_round(elapsed_ms),
        .value = value ? ew_doc_ref(value) : NULL,
    };
    return &counted->fact;
}

struct ew_fact *ew_fact_ref(struct ew_fact *fact)
{
    ((struct counted_fact *)fact)->refs++;
    return fact;
}

void ew_fact_unref(struct ew_fact *fact)
{
    struct counted_fact *counted = (struct counted_fact *)fact;
    if (!counted || --counted->refs)
        return;
    free(fact->key);
    free(fact->reason);
    free(fact->from);
    ew_doc_unref(fact->value);
    free(counted);
}

const struct ew_json *ew_fact_value(const struct ew_fact *fact)
{
    return fact && fact->value ? ew_doc_root(fact->value) : NULL;
}

struct ew_object *ew_object_new(const char *where, struct ew_doc *doc)
{
    struct counted_object *counted = ew_alloc(sizeof(*counted));
    counted->refs = 1;
    counted->object.where = ew_strdup(where);
    counted->object.doc = ew_doc_ref(doc);
    return &counted->object;
}

struct ew_object *ew_object_ref(struct ew_object *object)
{
    ((struct counted_object *)object)->refs++;
    return object;
}

void ew_object_unref(struct ew_object *object)
{
    struct counted_object *counted = (struct counted_object *)object;
    if (!counted || --counted->refs)
        return;
    free(object->where);
    ew_doc_unref(object->doc);
    free(counted);
}
