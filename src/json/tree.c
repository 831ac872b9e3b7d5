#include "node.h"

#include "edgewalk/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ew_doc {
    struct ew_arena *arena;
    struct ew_json *root;
    unsigned refs;
};

struct ew_doc *ew_doc_new(void)
{
    struct ew_doc *doc = ew_alloc(sizeof(*doc));
    doc->arena = ew_arena_new();
    doc->refs = 1;
    return doc;
}

struct ew_doc *ew_doc_ref(struct ew_doc *doc)
{
    if (doc)
        doc->refs++;
    return doc;
}

void ew_doc_unref(struct ew_doc *doc)
{
    if (!doc || --doc->refs)
        return;
    ew_arena_free(doc->arena);
    free(doc);
}

const struct ew_json *ew_doc_root(const struct ew_doc *doc)
{
    return doc ? doc->root : NULL;
}

void ew_doc_set_root(struct ew_doc *doc, struct ew_json *root)
{
    doc->root = root;
}

void ew_doc_wipe(struct ew_doc *doc)
{
    if (doc)
        ew_arena_wipe(doc->arena);
}

struct ew_arena *json_arena(struct ew_doc *doc)
{
    return doc->arena;
}

struct ew_json *json_new(struct ew_doc *doc, enum ew_json_type type, int line)
{
    struct ew_json *node = ew_arena_alloc(doc->arena, sizeof(*node));
    node->type = type;
    ew_json_set_line(node, line);
    return node;
}

void json_append(struct ew_json *parent, const char *key, struct ew_json *value)
{
    value->key = key;
    if (parent->last)
        parent->last->next = value;
    else
        parent->first = value;
    parent->last = value;
    parent->count++;
}

struct place {
    struct ew_json *node;
    size_t index;
};

static int by_key_and_place(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int order = strcmp(a->node->key, b->node->key);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static struct place *sorted_members(const struct ew_json *object)
{
    struct place *places = ew_alloc(object->count * sizeof(*places));
    size_t count = 0;
    for (struct ew_json *at = object->first; at; at = at->next, count++)
        places[count] = (struct place){at, count};
    qsort(places, count, sizeof(*places), by_key_and_place);
    return places;
}

static bool has_twins(const struct ew_json *object)
{
    for (const struct ew_json *at = object->first; at; at = at->next)
        for (const struct ew_json *other = at->next; other; other = other->next)
            if (strcmp(at->key, other->key) == 0)
                return true;
    return false;
}

/* Sorting, not comparing each with each: an object from outside may have a million members. */
void json_settle(struct ew_json *object)
{
    if (object->count <= 8 && !has_twins(object)) /* nearly every object there is */
        return;
    struct place *places = sorted_members(object);
    struct ew_json *at = object->first;
    for (size_t i = 0; i + 1 < object->count; i++)
        if (strcmp(places[i].node->key, places[i + 1].node->key) == 0)
            places[i].node->key = NULL;
    free(places);
    object->first = object->last = NULL;
    object->count = 0;
    for (struct ew_json *next; at; at = next) {
        next = at->next;
        at->next = NULL;
        if (at->key)
            json_append(object, at->key, at);
    }
}

bool json_alias(struct ew_doc *doc, const struct ew_json *node, size_t *budget,
                struct ew_json **out)
{
    if (*budget == 0)
        return false;
    --*budget;
    struct ew_json *copy = json_new(doc, node->type, (int)node->line);
    if (node->type != EW_JSON_ARRAY && node->type != EW_JSON_OBJECT) {
        *copy = *node;
        copy->next = NULL;
    } else {
        for (const struct ew_json *at = node->first; at; at = at->next) {
            struct ew_json *member;
            if (!json_alias(doc, at, budget, &member))
                return false;
            json_append(copy, at->key, member);
        }
    }
    *out = copy;
    return true;
}

/* ---- building ---- */

struct ew_json *ew_json_object(struct ew_doc *doc)
{
    return json_new(doc, EW_JSON_OBJECT, 0);
}

struct ew_json *ew_json_array(struct ew_doc *doc)
{
    return json_new(doc, EW_JSON_ARRAY, 0);
}

struct ew_json *ew_json_string(struct ew_doc *doc, const char *text)
{
    return text ? ew_json_stringn(doc, text, strlen(text)) : ew_json_null(doc);
}

static bool is_sound(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len;) {
        uint32_t codepoint;
        if ((unsigned char)bytes[i] - 1u < 0x7f) {
            i++;
            continue;
        }
        size_t size = bytes[i] ? ew_text_decode(bytes + i, len - i, &codepoint) : 0;
        if (!size)
            return false;
        i += size;
    }
    return true;
}

const char *json_text(struct ew_doc *doc, const char *bytes, size_t *len)
{
    if (is_sound(bytes, *len))
        return ew_arena_strndup(doc->arena, bytes, *len);
    struct ew_buf out;
    ew_buf_init(&out, 0);
    for (size_t i = 0; i < *len;) {
        uint32_t codepoint;
        size_t size = ew_text_decode(bytes + i, *len - i, &codepoint);
        if (size && codepoint)
            ew_buf_add(&out, bytes + i, size);
        else
            ew_buf_adds(&out, "\xef\xbf\xbd");
        i += size ? size : 1;
    }
    *len = out.len;
    const char *text = ew_arena_strndup(doc->arena, ew_buf_text(&out), out.len);
    ew_wipe(out.data, out.len);
    ew_buf_release(&out);
    return text;
}

struct ew_json *ew_json_stringn(struct ew_doc *doc, const char *bytes, size_t len)
{
    if (!bytes)
        return ew_json_null(doc);
    struct ew_json *node = json_new(doc, EW_JSON_STRING, 0);
    if (len > UINT32_MAX / 4) /* beyond any bound of ours: never the whole of something */
        len = UINT32_MAX / 4;
    node->text = json_text(doc, bytes, &len);
    node->count = (uint32_t)len;
    return node;
}

double json_rounded(double number)
{
    return fabs(number) < 1e9 ? round(number * 1e6) / 1e6 : number;
}

struct ew_json *ew_json_number(struct ew_doc *doc, double number)
{
    struct ew_json *node = json_new(doc, isfinite(number) ? EW_JSON_NUMBER : EW_JSON_NULL, 0);
    if (node->type == EW_JSON_NUMBER)
        node->number = json_rounded(number);
    return node;
}

struct ew_json *ew_json_boolean(struct ew_doc *doc, bool value)
{
    struct ew_json *node = json_new(doc, EW_JSON_BOOL, 0);
    node->truth = value;
    return node;
}

struct ew_json *ew_json_null(struct ew_doc *doc)
{
    return json_new(doc, EW_JSON_NULL, 0);
}

struct ew_json *ew_json_copy(struct ew_doc *doc, const struct ew_json *node)
{
    if (!node)
        return ew_json_null(doc);
    struct ew_json *copy = json_new(doc, node->type, (int)node->line);
    if (node->type == EW_JSON_STRING) {
        copy->text = ew_arena_strndup(doc->arena, node->text, node->count);
        copy->count = node->count;
    } else if (node->type == EW_JSON_ARRAY || node->type == EW_JSON_OBJECT) {
        for (const struct ew_json *at = node->first; at; at = at->next)
            json_append(copy, ew_arena_strdup(doc->arena, at->key), ew_json_copy(doc, at));
    } else if (node->type == EW_JSON_NUMBER) {
        copy->number = node->number;
    } else if (node->type == EW_JSON_BOOL) {
        copy->truth = node->truth;
    }
    return copy;
}

struct ew_json *ew_json_set(struct ew_doc *doc, struct ew_json *object, const char *key,
                            struct ew_json *value)
{
    struct ew_json *before = NULL;
    for (struct ew_json *at = object->first; at; before = at, at = at->next) {
        if (strcmp(at->key, key) != 0)
            continue;
        value->key = at->key;
        value->next = at->next;
        if (before)
            before->next = value;
        else
            object->first = value;
        if (object->last == at)
            object->last = value;
        at->next = NULL;
        return value;
    }
    size_t len = strlen(key);
    json_append(object, json_text(doc, key, &len), value);
    return value;
}

struct ew_json *ew_json_add(struct ew_doc *doc, struct ew_json *array, struct ew_json *value)
{
    (void)doc;
    json_append(array, NULL, value);
    return value;
}

void ew_json_set_str(struct ew_doc *doc, struct ew_json *object, const char *key, const char *text)
{
    ew_json_set(doc, object, key, ew_json_string(doc, text));
}

void ew_json_set_num(struct ew_doc *doc, struct ew_json *object, const char *key, double number)
{
    ew_json_set(doc, object, key, ew_json_number(doc, number));
}

void ew_json_set_bool(struct ew_doc *doc, struct ew_json *object, const char *key, bool value)
{
    ew_json_set(doc, object, key, ew_json_boolean(doc, value));
}

void ew_json_set_line(struct ew_json *node, int line)
{
    node->line = line > 0 && line < 1 << 29 ? (unsigned)line : 0;
}

static void add_lines(struct ew_doc *doc, struct ew_json *lines, const struct ew_json *node)
{
    json_append(lines, NULL, ew_json_number(doc, node->line));
    for (const struct ew_json *at = ew_json_first(node); at; at = at->next)
        add_lines(doc, lines, at);
}

struct ew_json *ew_json_lines(struct ew_doc *doc, const struct ew_json *node)
{
    struct ew_json *lines = ew_json_array(doc);
    if (node)
        add_lines(doc, lines, node);
    return lines;
}

static const struct ew_json *put_lines(struct ew_json *node, const struct ew_json *line)
{
    long number = ew_json_int(line, 0);
    ew_json_set_line(node, number > 0 && number < INT32_MAX ? (int)number : 0);
    line = ew_json_next(line);
    if (node->type == EW_JSON_ARRAY || node->type == EW_JSON_OBJECT)
        for (struct ew_json *at = node->first; at; at = at->next)
            line = put_lines(at, line);
    return line;
}

void ew_json_set_lines(struct ew_json *node, const struct ew_json *lines)
{
    put_lines(node, ew_json_first(lines));
}

/* ---- comparing, beside the sorting it needs ---- */

static bool members_equal(const struct ew_json *a, const struct ew_json *b)
{
    bool equal = true;
    struct place *left = sorted_members(a), *right = sorted_members(b);
    for (size_t i = 0; equal && i < a->count; i++)
        equal = strcmp(left[i].node->key, right[i].node->key) == 0 &&
                ew_json_equal(left[i].node, right[i].node);
    free(left);
    free(right);
    return equal;
}

bool ew_json_equal(const struct ew_json *a, const struct ew_json *b)
{
    if (!a || !b || a == b)
        return a == b;
    if (a->type != b->type)
        return false;
    switch ((enum ew_json_type)a->type) {
    case EW_JSON_NULL:
        return true;
    case EW_JSON_BOOL:
        return a->truth == b->truth;
    case EW_JSON_NUMBER:
        return a->number == b->number;
    case EW_JSON_STRING:
        return a->count == b->count && memcmp(a->text, b->text, a->count) == 0;
    case EW_JSON_OBJECT:
        return a->count == b->count && members_equal(a, b);
    case EW_JSON_ARRAY:
        break;
    }
    if (a->count != b->count)
        return false;
    for (a = a->first, b = b->first; a; a = a->next, b = b->next)
        if (!ew_json_equal(a, b))
            return false;
    return true;
}
