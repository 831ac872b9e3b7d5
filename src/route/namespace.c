/* Labels of namespaces against selectors, and the sentence that says which label decides. */
#include "config.h"

#include "routing.h"

#include <string.h>

/* The label that every namespace gets from the API server, and a manifest lacks. */
#define NAME_LABEL "kubernetes.io/metadata.name"

static const struct ew_json *labels_of(struct ew_doc *doc, const struct ew_obj *obj)
{
    const struct ew_json *labels = ew_obj_at(obj, "metadata.labels");
    if (ew_json_get(labels, NAME_LABEL))
        return labels;
    struct ew_json *all =
        ew_json_is(labels, EW_JSON_OBJECT) ? ew_json_copy(doc, labels) : ew_json_object(doc);
    ew_json_set_str(doc, all, NAME_LABEL, obj->name);
    return all;
}

/* The first requirement that fails, as a sentence; NULL when none can be named. */
static const char *failing_label(struct ew_routing *routing, const struct ew_json *selector,
                                 const struct ew_json *labels, const char *ns)
{
    EW_JSON_EACH(want, ew_json_get(selector, "matchLabels"))
    {
        const char *has = ew_json_get_str(labels, ew_json_key(want), NULL);
        const char *wanted = ew_json_str_or(want, "");
        if (!has)
            return ew_arena_fmt(routing->arena, "namespace %s lacks label %s=%s", ns,
                                ew_json_key(want), wanted);
        if (strcmp(has, wanted) != 0)
            return ew_arena_fmt(routing->arena, "namespace %s has label %s=%s, not %s", ns,
                                ew_json_key(want), has, wanted);
    }
    return NULL;
}

static const char *failing_expression(struct ew_routing *routing, const struct ew_json *selector,
                                      const struct ew_json *labels, const char *ns)
{
    EW_JSON_EACH(want, ew_json_get(selector, "matchExpressions"))
    {
        struct ew_doc *doc = ew_doc_new();
        struct ew_json *one = ew_json_object(doc), *list = ew_json_array(doc);
        const char *bad = NULL, *key = ew_json_get_str(want, "key", "?");
        ew_json_add(doc, list, ew_json_copy(doc, want));
        ew_json_set(doc, one, "matchExpressions", list);
        bool takes = ew_selector_matches(one, labels, &bad);
        ew_doc_unref(doc);
        if (takes)
            continue;
        struct ew_buf values;
        ew_buf_init(&values, 512);
        EW_JSON_EACH(value, ew_json_get(want, "values"))
        ew_buf_addf(&values, "%s%s", values.len ? "," : "", ew_json_str_or(value, "?"));
        const char *has = ew_json_get_str(labels, key, NULL);
        const char *text = ew_arena_fmt(
            routing->arena, "namespace %s has %s%s%s, and the selector wants %s %s%s%s%s", ns,
            has ? "label " : "no label ", key, has ? ew_arena_fmt(routing->arena, "=%s", has) : "",
            key, ew_json_get_str(want, "operator", "?"), values.len ? " (" : "",
            ew_buf_text(&values), values.len ? ")" : "");
        ew_buf_release(&values);
        return text;
    }
    return NULL;
}

struct verdict namespace_selected(struct ew_routing *routing, const struct ew_json *selector,
                                  const char *ns, const char *reason, const char *causes)
{
    struct verdict out = {.ok = EW_YES};
    struct ew_seen seen;
    const char *bad = NULL;
    const struct ew_obj *obj = ew_world_get(routing->world, EW_NAMESPACE, NULL, ns,
                                            routing_ask(routing, false, causes), &seen);
    if (!obj && seen.state != EW_ABSENT) {
        out.ok = EW_MAYBE;
        out.reason = reason;
        out.why = ew_arena_fmt(routing->arena, "the labels of namespace %s are not known (%s)", ns,
                               seen.reason ? seen.reason : "not read yet");
        return out;
    }
    struct ew_obj bare = {.kind = EW_NAMESPACE, .name = ns};
    struct ew_doc *doc = ew_doc_new();
    const struct ew_json *labels = labels_of(doc, obj ? obj : &bare);
    if (!ew_selector_matches(selector, labels, &bad)) {
        out.ok = EW_NO;
        out.reason = reason;
        if (bad)
            out.why = ew_arena_fmt(routing->arena, "the selector is malformed at %s", bad);
        if (!out.why && !selector)
            out.why = "from is Selector, and there is no selector: it takes no namespace";
        if (!out.why)
            out.why = failing_label(routing, selector, labels, ns);
        if (!out.why)
            out.why = failing_expression(routing, selector, labels, ns);
        if (!out.why)
            out.why = ew_arena_fmt(routing->arena, "namespace %s is not selected", ns);
        if (!obj && routing->files && !bad && selector) {
            out.ok = EW_MAYBE;
            out.why = ew_arena_fmt(routing->arena,
                                   "Namespace %s is not in the files: whether %s "
                                   "cannot be told",
                                   ns, "the selector takes it");
        }
    }
    ew_doc_unref(doc);
    return out;
}
