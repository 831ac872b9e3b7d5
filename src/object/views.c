#include "edgewalk/object.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

const struct ew_json *ew_obj_at(const struct ew_obj *obj, const char *path)
{
    return obj ? ew_json_at(obj->json, path) : NULL;
}

const char *ew_obj_label(const struct ew_obj *obj, const char *key)
{
    return ew_json_get_str(ew_obj_at(obj, "metadata.labels"), key, NULL);
}

const char *ew_obj_annotation(const struct ew_obj *obj, const char *key)
{
    return ew_json_get_str(ew_obj_at(obj, "metadata.annotations"), key, NULL);
}

long ew_obj_generation(const struct ew_obj *obj)
{
    return ew_json_int(ew_obj_at(obj, "metadata.generation"), 0);
}

int64_t ew_obj_created(const struct ew_obj *obj)
{
    int64_t ms;
    const char *text = ew_json_str(ew_obj_at(obj, "metadata.creationTimestamp"));
    return text && ew_time_parse(text, &ms) ? ms : 0;
}

char *ew_obj_title(const struct ew_obj *obj)
{
    return obj->ns ? ew_fmt("%s %s/%s", obj->kind_name, obj->ns, obj->name)
                   : ew_fmt("%s %s", obj->kind_name, obj->name);
}

bool ew_obj_deleting(const struct ew_obj *obj)
{
    return ew_json_str(ew_obj_at(obj, "metadata.deletionTimestamp")) != NULL;
}

static bool bad(const char **bad_path, const char *path)
{
    if (bad_path)
        *bad_path = path;
    return false;
}

static bool labels_match(const struct ew_json *wanted, const struct ew_json *labels,
                         const char **bad_path)
{
    if (wanted && !ew_json_is(wanted, EW_JSON_OBJECT) && !ew_json_is(wanted, EW_JSON_NULL))
        return bad(bad_path, "matchLabels");
    EW_JSON_EACH(member, wanted)
    {
        const char *value = ew_json_str(member);
        if (!value)
            return bad(bad_path, "matchLabels");
        if (!ew_streq(value, ew_json_get_str(labels, ew_json_key(member), NULL)))
            return false;
    }
    return true;
}

static bool is_one_of(const char *value, const struct ew_json *values)
{
    EW_JSON_EACH(item, values)
    if (ew_streq(value, ew_json_str(item)))
        return true;
    return false;
}

/* metav1.LabelSelectorRequirement. NotIn holds for a label that is not there. */
static bool requirement_matches(const struct ew_json *term, const struct ew_json *labels,
                                const char **bad_path)
{
    const char *key = ew_json_get_str(term, "key", NULL);
    const char *op = ew_json_get_str(term, "operator", "");
    const struct ew_json *values = ew_json_get(term, "values");
    bool takes_values = strcmp(op, "In") == 0 || strcmp(op, "NotIn") == 0;
    if (!key || takes_values != (ew_json_count(values) > 0))
        return bad(bad_path, "matchExpressions");
    const char *value = ew_json_get_str(labels, key, NULL);
    if (strcmp(op, "In") == 0)
        return value && is_one_of(value, values);
    if (strcmp(op, "NotIn") == 0)
        return !value || !is_one_of(value, values);
    if (strcmp(op, "Exists") == 0)
        return value != NULL;
    if (strcmp(op, "DoesNotExist") == 0)
        return value == NULL;
    return bad(bad_path, "matchExpressions");
}

bool ew_selector_matches(const struct ew_json *selector, const struct ew_json *labels,
                         const char **bad_path)
{
    if (bad_path)
        *bad_path = NULL;
    if (!selector || ew_json_is(selector, EW_JSON_NULL))
        return false;
    if (!ew_json_is(selector, EW_JSON_OBJECT))
        return bad(bad_path, "");
    const struct ew_json *terms = ew_json_get(selector, "matchExpressions");
    if (terms && !ew_json_is(terms, EW_JSON_ARRAY) && !ew_json_is(terms, EW_JSON_NULL))
        return bad(bad_path, "matchExpressions");
    bool matches = labels_match(ew_json_get(selector, "matchLabels"), labels, bad_path);
    EW_JSON_EACH(term, terms)
    matches = requirement_matches(term, labels, bad_path) && matches;
    return matches && !(bad_path && *bad_path);
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

char *ew_selector_text(const struct ew_json *map)
{
    size_t count = 0;
    char **terms = ew_alloc((ew_json_count(map) + 1) * sizeof(*terms));
    struct ew_buf out;
    EW_JSON_EACH(member, map)
    if (ew_json_key(member) && ew_json_str(member))
        terms[count++] = ew_fmt("%s=%s", ew_json_key(member), ew_json_str(member));
    qsort(terms, count, sizeof(*terms), by_text);
    ew_buf_init(&out, 0);
    for (size_t i = 0; i < count; i++) {
        ew_buf_addf(&out, "%s%s", i ? "," : "", terms[i]);
        free(terms[i]);
    }
    free(terms);
    return ew_buf_take(&out);
}

bool ew_cond_find(const struct ew_json *conditions, const char *type, struct ew_cond *out)
{
    EW_JSON_EACH(cond, conditions)
    {
        if (!ew_streq(ew_json_get_str(cond, "type", NULL), type))
            continue;
        const char *since = ew_json_get_str(cond, "lastTransitionTime", NULL);
        *out = (struct ew_cond){
            .type = ew_json_get_str(cond, "type", ""),
            .status = ew_json_get_str(cond, "status", ""),
            .reason = ew_json_get_str(cond, "reason", ""),
            .message = ew_json_get_str(cond, "message", ""),
            .observed = ew_json_get_int(cond, "observedGeneration", 0),
        };
        if (!since || !ew_time_parse(since, &out->since_ms))
            out->since_ms = 0;
        return true;
    }
    return false;
}

bool ew_cond_stale(const struct ew_cond *cond, const struct ew_obj *obj)
{
    return cond->observed > 0 && cond->observed < ew_obj_generation(obj);
}
