#include "judging.h"

#include <stdarg.h>
#include <stdlib.h>

void layer_is(struct judging *j, enum ew_layer layer, enum ew_status status, const char *format,
              ...)
{
    va_list args;
    va_start(args, format);
    char *text = ew_vfmt(format, args);
    va_end(args);
    j->layers[layer].status = status;
    j->layers[layer].summary = clean(j, text);
    free(text);
}

struct ew_json *layer_facts(struct judging *j, enum ew_layer layer)
{
    struct layer_draft *draft = &j->layers[layer];
    if (!draft->facts)
        draft->facts = ew_json_object(j->doc);
    return draft->facts;
}

struct ew_json *layer_list(struct judging *j, enum ew_layer layer, const char *key)
{
    struct ew_json *facts = layer_facts(j, layer);
    struct ew_json *list = (struct ew_json *)ew_json_get(facts, key);
    return list ? list : ew_json_set(j->doc, facts, key, ew_json_array(j->doc));
}

void layer_took(struct judging *j, enum ew_layer layer, const struct ew_fact *fact)
{
    struct layer_draft *draft = &j->layers[layer];
    if (fact->elapsed_ms < 0)
        return;
    double started = (double)(fact->at_ms - ew_snapshot_started(j->snapshot));
    started = started < 0 ? 0 : started;
    if (!draft->timed || started < draft->started_ms)
        draft->started_ms = started;
    if (!draft->timed || fact->elapsed_ms > draft->elapsed_ms)
        draft->elapsed_ms = fact->elapsed_ms;
    draft->timed = true;
}
