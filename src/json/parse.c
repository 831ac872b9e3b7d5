/* JSON by cJSON, whose tree is turned into ours. cJSON keeps no positions and is lenient in ways
 * that would matter here (a NUL cuts a string, 1000 levels deep), so the text is looked over
 * before, and walked along once more for the lines. */
#include "node.h"

#include "edgewalk/base/text.h"

#include <cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What one look over the bytes of a value tells. */
struct survey {
    size_t len;   /* where it ends: the closing bracket, or the whole of the text */
    bool has_nul; /* an escape \u0000 is in it */
};

static int survey_text(struct json_text from, struct survey *out, struct ew_err *err)
{
    const char *text = from.bytes;
    size_t len = from.len;
    int depth = 0, line = from.line;
    bool in_string = false;
    *out = (struct survey){.len = len};
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        line += c == '\n';
        if (c == '\0')
            return ew_fail(err, EW_EINPUT, "line %d: a NUL byte, which JSON does not have", line);
        if (in_string && c == '\\') {
            if (len - i >= 6 && memcmp(text + i, "\\u0000", 6) == 0)
                out->has_nul = true;
            if (++i < len && text[i] == '\0')
                i--; /* to be refused by the next round */
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '{' || c == '[')) {
            if (++depth > from.max_depth)
                return ew_fail(err, EW_ELIMIT, "line %d: nested deeper than %d levels", line,
                               from.max_depth);
        } else if (!in_string && (c == '}' || c == ']') && --depth <= 0) {
            out->len = i + 1;
            return EW_OK;
        }
    }
    return EW_OK;
}

/* \u0000 becomes �: cJSON would end the string there. The caller's. */
static char *replace_nul_escapes(const char *text, size_t len)
{
    char *copy = ew_strndup(text, len);
    for (size_t i = 0; i + 1 < len; i++) {
        if (copy[i] != '\\')
            continue;
        if (len - i >= 6 && memcmp(copy + i, "\\u0000", 6) == 0)
            memcpy(copy + i, "\\ufffd", 6);
        i++;
    }
    return copy;
}

/* A place in the text that cJSON has accepted. */
struct cursor {
    const char *at, *end;
    int line;
};

static void skip_to_value(struct cursor *cursor)
{
    for (; cursor->at < cursor->end; cursor->at++) {
        char c = *cursor->at;
        if ((unsigned char)c > ' ' && c != ',' && c != ':')
            break;
        cursor->line += c == '\n';
    }
}

static void skip_string(struct cursor *cursor)
{
    for (cursor->at++; cursor->at < cursor->end && *cursor->at != '"'; cursor->at++) {
        cursor->line += *cursor->at == '\n';
        if (*cursor->at == '\\' && cursor->at + 1 < cursor->end)
            cursor->at++;
    }
    if (cursor->at < cursor->end)
        cursor->at++;
}

static void skip_word(struct cursor *cursor)
{
    while (cursor->at < cursor->end && (unsigned char)*cursor->at > ' ' &&
           !strchr(",:]}", *cursor->at))
        cursor->at++;
}

static void skip_bracket(struct cursor *cursor)
{
    skip_to_value(cursor);
    if (cursor->at < cursor->end)
        cursor->at++;
}

/* cJSON's copy of a text may be a key: it is overwritten as soon as ours is made. */
static const char *move_text(struct ew_doc *doc, char *text, size_t *len)
{
    size_t old_len = *len = strlen(text);
    const char *copy = json_text(doc, text, len);
    ew_wipe(text, old_len);
    return copy;
}

/* Sets *finite to false when a number is beyond a double. */
static struct ew_json *convert(struct ew_doc *doc, cJSON *from, struct cursor *cursor, bool *finite)
{
    size_t len;
    skip_to_value(cursor);
    struct ew_json *node = json_new(doc, EW_JSON_NULL, cursor->line);
    if (cJSON_IsString(from)) {
        node->type = EW_JSON_STRING;
        node->text = move_text(doc, from->valuestring, &len);
        node->count = (uint32_t)len;
        skip_string(cursor);
    } else if (cJSON_IsArray(from) || cJSON_IsObject(from)) {
        node->type = cJSON_IsArray(from) ? EW_JSON_ARRAY : EW_JSON_OBJECT;
        skip_bracket(cursor);
        for (cJSON *at = from->child; at; at = at->next) {
            const char *key = NULL;
            if (node->type == EW_JSON_OBJECT) {
                skip_to_value(cursor);
                skip_string(cursor);
                key = move_text(doc, at->string, &len);
            }
            json_append(node, key, convert(doc, at, cursor, finite));
        }
        skip_bracket(cursor);
        if (node->type == EW_JSON_OBJECT)
            json_settle(node);
    } else {
        if (cJSON_IsNumber(from)) {
            node->type = EW_JSON_NUMBER;
            node->number = json_rounded(from->valuedouble);
            *finite = *finite && isfinite(node->number);
        } else if (cJSON_IsBool(from)) {
            node->type = EW_JSON_BOOL;
            node->truth = cJSON_IsTrue(from);
        }
        skip_word(cursor);
    }
    return node;
}

static int line_at(const char *text, const char *where, int line)
{
    for (; text < where; text++)
        line += *text == '\n';
    return line;
}

static int convert_whole(cJSON *tree, struct cursor cursor, struct ew_doc **out, struct ew_err *err)
{
    bool finite = true;
    struct ew_doc *doc = ew_doc_new();
    ew_doc_set_root(doc, convert(doc, tree, &cursor, &finite));
    if (finite) {
        *out = doc;
        return EW_OK;
    }
    int line = ew_json_line(ew_doc_root(doc));
    ew_doc_unref(doc);
    return ew_fail(err, EW_EINPUT, "line %d: a number beyond 1e308 in what starts here", line);
}

int json_parse_one(struct json_text text, struct ew_doc **out, size_t *used, struct ew_err *err)
{
    struct survey survey;
    if (text.len > JSON_MAX_DOCUMENT)
        return ew_fail(err, EW_ELIMIT, "a document over %zu MiB", JSON_MAX_DOCUMENT >> 20);
    int code = survey_text(text, &survey, err);
    if (code)
        return code;
    char *copy = survey.has_nul ? replace_nul_escapes(text.bytes, survey.len) : NULL;
    const char *source = copy ? copy : text.bytes, *end = source;
    cJSON *tree = cJSON_ParseWithLengthOpts(source, survey.len, &end, 0);
    if (tree) {
        code = convert_whole(tree, (struct cursor){source, end, text.line}, out, err);
        *used = (size_t)(end - source);
        cJSON_Delete(tree);
    } else {
        code = ew_fail(err, EW_EINPUT, "line %d: not JSON", line_at(source, end, text.line));
    }
    ew_wipe(copy, copy ? survey.len : 0);
    free(copy);
    return code;
}

int ew_json_parse(const char *text, size_t len, struct ew_doc **out, struct ew_err *err)
{
    size_t used = 0;
    struct ew_doc *doc;
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    int code =
        json_parse_one((struct json_text){text, len, 1, JSON_MAX_DEPTH_WHOLE}, &doc, &used, err);
    if (code)
        return code;
    while (used < len && memchr(" \t\r\n", text[used], 4))
        used++;
    if (used < len) {
        ew_doc_unref(doc);
        return ew_fail(err, EW_EINPUT, "line %d: something stands after the end of the JSON value",
                       line_at(text, text + used, 1));
    }
    *out = doc;
    return EW_OK;
}
