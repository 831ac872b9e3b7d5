#include "api_room.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

/* One requirement of a selector: key, "=" "!" "in" "notin" or "" (exists), and a value. */
static bool requirement_fits(const char *value, const char *op, const char *wanted)
{
    if (strcmp(op, "!") == 0)
        return !ew_streq(value, wanted);
    return ew_streq(value, wanted);
}

static bool label_fits(const struct ew_json *labels, char *term)
{
    char *equals = strchr(term, '=');
    if (!equals)
        return term[0] == '!' ? !ew_json_get(labels, term + 1) : ew_json_get(labels, term) != NULL;
    bool differs = equals > term && equals[-1] == '!';
    const char *wanted = equals + 1 + (equals[1] == '=');
    (differs ? equals - 1 : equals)[0] = '\0';
    return requirement_fits(ew_json_get_str(labels, term, NULL), differs ? "!" : "=", wanted);
}

static bool field_fits(const struct ew_json *object, char *term)
{
    char *equals = strchr(term, '=');
    if (!equals)
        return false;
    bool differs = equals > term && equals[-1] == '!';
    const char *wanted = equals + 1 + (equals[1] == '=');
    (differs ? equals - 1 : equals)[0] = '\0';
    const char *value = ew_json_str_or(ew_json_at(object, term), "");
    return requirement_fits(value, differs ? "!" : "=", wanted);
}

/* All terms of a selector; NULL takes all. */
static bool selected(const struct ew_json *object, const char *selector, bool by_label)
{
    const struct ew_json *labels = ew_json_at(object, "metadata.labels");
    char *copy = ew_strdup(selector ? selector : ""), *save = NULL;
    bool fits = true;
    for (char *term = strtok_r(copy, ",", &save); term && fits; term = strtok_r(NULL, ",", &save))
        fits = by_label ? label_fits(labels, term) : field_fits(object, term);
    free(copy);
    return fits;
}

/* What a field selector of that kind may name; anything else is a 400, as from a real server. */
static bool field_known(const struct lab_kind *kind, const char *field)
{
    static const struct {
        const char *kind, *prefix;
    } more[] = {
        {"Event", "involvedObject."}, {"Event", "reason"},      {"Event", "type"},
        {"Pod", "spec.nodeName"},     {"Pod", "status.phase"},  {"Pod", "status.podIP"},
        {"Secret", "type"},           {"Service", "spec.type"}, {"Service", "spec.clusterIP"}};
    if (ew_text_prefix(field, "metadata.name"))
        return true;
    for (size_t i = 0; i < EW_COUNT(more); i++)
        if (strcmp(more[i].kind, kind->kind) == 0 && ew_text_prefix(field, more[i].prefix))
            return true;
    return false;
}

static bool fields_known(const struct lab_kind *kind, const char *selector)
{
    char *copy = ew_strdup(selector ? selector : ""), *save = NULL;
    bool known = true;
    for (char *term = strtok_r(copy, ",", &save); term && known; term = strtok_r(NULL, ",", &save))
        known = field_known(kind, term);
    free(copy);
    return known;
}

static bool is_kind(const struct ew_json *object, const struct lab_kind *kind)
{
    const char *version = ew_json_get_str(object, "apiVersion", "");
    size_t len = strlen(kind->group);
    bool group = len ? strncmp(version, kind->group, len) == 0 && version[len] == '/'
                     : !strchr(version, '/');
    return group && strcmp(ew_json_get_str(object, "kind", ""), kind->kind) == 0;
}

static bool in_namespace(const struct ew_json *object, const char *ns)
{
    return !ns || ew_streq(ns, ew_json_str(ew_json_at(object, "metadata.namespace")));
}

/* In the version that was asked for. */
static struct ew_json *versioned(struct ew_doc *doc, const struct ew_json *object,
                                 const struct lab_path *path)
{
    struct ew_json *copy = ew_json_copy(doc, object);
    char *version = ew_fmt("%s%s%s", path->group, *path->group ? "/" : "", path->version);
    ew_json_set_str(doc, copy, "apiVersion", version);
    free(version);
    return copy;
}

/* List items of built-in kinds do not say what they are; those of custom resources do. */
static struct ew_json *list_item(struct ew_doc *doc, const struct ew_json *object,
                                 const struct lab_kind *kind, const struct lab_path *path)
{
    if (kind->crd)
        return versioned(doc, object, path);
    struct ew_json *out = ew_json_object(doc);
    EW_JSON_EACH(member, object)
    if (strcmp(ew_json_key(member), "kind") != 0 && strcmp(ew_json_key(member), "apiVersion") != 0)
        ew_json_set(doc, out, ew_json_key(member), ew_json_copy(doc, member));
    return out;
}

static void reply_object(const struct lab_kind *kind, const struct ew_json *objects,
                         const struct lab_path *path, struct lab_reply *reply)
{
    EW_JSON_EACH(object, objects)
    {
        const char *name = ew_json_str(ew_json_at(object, "metadata.name"));
        if (!is_kind(object, kind) || !in_namespace(object, path->ns) ||
            !ew_streq(name, path->name))
            continue;
        struct ew_doc *doc = ew_doc_new();
        lab_reply_json(reply, 200, NULL, versioned(doc, object, path));
        ew_doc_unref(doc);
        return;
    }
    char *what = ew_fmt("%s%s%s", kind->plural, *kind->group ? "." : "", kind->group);
    lab_reply_status(reply, 404, "NotFound", kind->plural, path->name, "%s \"%s\" not found", what,
                     path->name);
    free(what);
}

/* A page of a list: which items of the match, and how many there are. */
struct page {
    size_t from, limit, seen, given;
    bool bad; /* the continue token is none of ours */
};

static struct page page_of(const char *query, const struct ew_json *spec)
{
    struct page page = {0};
    char *limit = lab_query_get(query, "limit"), *token = lab_query_get(query, "continue");
    char *version = lab_query_get(query, "resourceVersion");
    long number;
    bool cached = version && strcmp(version, "0") == 0; /* a real server ignores the limit then */
    if (limit && !cached && ew_text_number(limit, 0, 1000000, &number))
        page.limit = (size_t)number;
    long most = ew_json_get_int(spec, "page", 0);
    if (page.limit && most > 0 && page.limit > (size_t)most)
        page.limit = (size_t)most;
    if (token && *token) {
        page.bad =
            !ew_text_prefix(token, "lab-") || !ew_text_number(token + 4, 0, 1000000, &number);
        page.from = page.bad ? 0 : (size_t)number;
    }
    free(limit);
    free(token);
    free(version);
    return page;
}

static bool on_page(struct page *page)
{
    size_t at = page->seen++;
    if (at < page->from || (page->limit && at >= page->from + page->limit))
        return false;
    page->given++;
    return true;
}

static struct ew_json *list_metadata(struct ew_doc *doc, const struct page *page)
{
    struct ew_json *out = ew_json_object(doc);
    size_t next = page->from + page->given;
    ew_json_set_str(doc, out, "resourceVersion", "48211");
    if (next < page->seen) {
        char *token = ew_fmt("lab-%zu", next);
        ew_json_set_str(doc, out, "continue", token);
        ew_json_set_num(doc, out, "remainingItemCount", (double)(page->seen - next));
        free(token);
    }
    return out;
}

static void reply_list(const struct lab_kind *kind, const struct ew_json *objects,
                       const struct lab_path *path, const struct lab_request *request,
                       struct page *page, struct lab_reply *reply)
{
    char *labels = lab_query_get(request->query, "labelSelector");
    char *fields = lab_query_get(request->query, "fieldSelector");
    char *list_kind = ew_fmt("%sList", kind->kind);
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *head = ew_json_object(doc), *items = ew_json_array(doc), *list;
    ew_json_set_str(doc, head, "kind", list_kind);
    EW_JSON_EACH(object, objects)
    if (is_kind(object, kind) && in_namespace(object, path->ns) && selected(object, labels, true) &&
        selected(object, fields, false) && on_page(page))
        ew_json_add(doc, items, list_item(doc, object, kind, path));
    list = versioned(doc, head, path);
    ew_json_set(doc, list, "metadata", list_metadata(doc, page));
    ew_json_set(doc, list, "items", items);
    if (fields_known(kind, fields))
        lab_reply_json(reply, 200, NULL, list);
    else
        lab_reply_status(reply, 400, "BadRequest", NULL, NULL, "field label not supported: %s",
                         fields);
    ew_doc_unref(doc);
    free(labels);
    free(fields);
    free(list_kind);
}

void lab_read(const struct lab_kind *kind, const struct ew_json *spec,
              const struct ew_json *objects, const struct lab_path *path,
              const struct lab_request *request, struct lab_reply *reply)
{
    struct page page = page_of(request->query, spec);
    if (path->name)
        reply_object(kind, objects, path, reply);
    else if (page.bad)
        lab_reply_status(reply, 400, "BadRequest", NULL, NULL, "continue key is not valid");
    else if (page.from && ew_json_get_bool(spec, "expire_continue", false))
        lab_reply_status(reply, 410, "Expired", NULL, NULL,
                         "The provided continue parameter is too old to display a consistent list "
                         "result.");
    else
        reply_list(kind, objects, path, request, &page, reply);
}
