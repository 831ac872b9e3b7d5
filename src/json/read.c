#include "node.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum ew_json_type ew_json_type(const struct ew_json *node)
{
    return node ? (enum ew_json_type)node->type : EW_JSON_NULL;
}

bool ew_json_is(const struct ew_json *node, enum ew_json_type type)
{
    return node && node->type == type;
}

int ew_json_line(const struct ew_json *node)
{
    return node ? (int)node->line : 0;
}

static const struct ew_json *member(const struct ew_json *object, const char *key, size_t len)
{
    if (!ew_json_is(object, EW_JSON_OBJECT))
        return NULL;
    for (const struct ew_json *at = object->first; at; at = at->next)
        if (strncmp(at->key, key, len) == 0 && !at->key[len])
            return at;
    return NULL;
}

const struct ew_json *ew_json_get(const struct ew_json *object, const char *key)
{
    return member(object, key, strlen(key));
}

/* "[12]" at *at; moves behind it. */
static const struct ew_json *indexed(const struct ew_json *array, const char **at)
{
    size_t index = 0;
    const char *digit = *at + 1;
    for (; *digit >= '0' && *digit <= '9' && index < UINT32_MAX; digit++)
        index = index * 10 + (size_t)(*digit - '0');
    if (digit == *at + 1 || *digit != ']')
        return NULL;
    *at = digit + 1;
    return ew_json_item(array, index);
}

const struct ew_json *ew_json_at(const struct ew_json *node, const char *path)
{
    while (node && *path) {
        if (*path == '[') {
            node = indexed(node, &path);
        } else {
            size_t len = strcspn(path, ".[");
            node = member(node, path, len);
            path += len;
        }
        if (*path == '.')
            path++;
    }
    return node;
}

static bool has_members(const struct ew_json *node)
{
    return node && (node->type == EW_JSON_ARRAY || node->type == EW_JSON_OBJECT);
}

size_t ew_json_count(const struct ew_json *node)
{
    return has_members(node) ? node->count : 0;
}

const struct ew_json *ew_json_first(const struct ew_json *node)
{
    return has_members(node) ? node->first : NULL;
}

const struct ew_json *ew_json_next(const struct ew_json *node)
{
    return node ? node->next : NULL;
}

const char *ew_json_key(const struct ew_json *node)
{
    return node ? node->key : NULL;
}

const struct ew_json *ew_json_item(const struct ew_json *array, size_t index)
{
    if (!ew_json_is(array, EW_JSON_ARRAY) || index >= array->count)
        return NULL;
    const struct ew_json *at = array->first;
    while (index--)
        at = at->next;
    return at;
}

const char *ew_json_str(const struct ew_json *node)
{
    return ew_json_str_or(node, NULL);
}

size_t ew_json_strlen(const struct ew_json *node)
{
    return ew_json_is(node, EW_JSON_STRING) ? node->count : 0;
}

const char *ew_json_str_or(const struct ew_json *node, const char *fallback)
{
    return ew_json_is(node, EW_JSON_STRING) ? node->text : fallback;
}

double ew_json_num(const struct ew_json *node, double fallback)
{
    return ew_json_is(node, EW_JSON_NUMBER) ? node->number : fallback;
}

long ew_json_int(const struct ew_json *node, long fallback)
{
    double number = ew_json_num(node, NAN);
    /* -(double)LONG_MIN is the first number beyond; LONG_MAX itself may have no double. */
    if (!(number >= (double)LONG_MIN && number < -(double)LONG_MIN) ||
        number != (double)(long)number)
        return fallback;
    return (long)number;
}

bool ew_json_bool(const struct ew_json *node, bool fallback)
{
    return ew_json_is(node, EW_JSON_BOOL) ? node->truth : fallback;
}

const char *ew_json_get_str(const struct ew_json *object, const char *key, const char *fallback)
{
    return ew_json_str_or(ew_json_get(object, key), fallback);
}

long ew_json_get_int(const struct ew_json *object, const char *key, long fallback)
{
    return ew_json_int(ew_json_get(object, key), fallback);
}

bool ew_json_get_bool(const struct ew_json *object, const char *key, bool fallback)
{
    return ew_json_bool(ew_json_get(object, key), fallback);
}
