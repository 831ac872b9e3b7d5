#include "node.h"

#include "edgewalk/base/text.h"

#include <string.h>

static void pad(struct ew_buf *out, int columns)
{
    while (columns-- > 0)
        ew_buf_add(out, " ", 1);
}

/* Every character can stand unescaped; newlines only if the caller has a way for them. */
static bool is_clean(const char *text, size_t len, bool lines)
{
    uint32_t codepoint;
    for (size_t i = 0, size; i < len; i += size) {
        size = ew_text_decode(text + i, len - i, &codepoint);
        if (!size || (ew_char_hidden(codepoint) && !(lines && codepoint == '\n')))
            return false;
        /* Not printable to YAML 1.1 */
        if (codepoint == 0xfffe || codepoint == 0xffff)
            return false;
    }
    return true;
}

static bool has(const char *text, size_t len, const char *what)
{
    size_t size = strlen(what);
    for (size_t i = 0; i + size <= len; i++)
        if (memcmp(text + i, what, size) == 0)
            return true;
    return false;
}

/* Whether any YAML reader takes it for this text when it stands there bare. */
static bool is_plain(const char *text, size_t len)
{
    double number;
    bool truth;
    if (!len || !is_clean(text, len, false) || strchr(" -?:,[]{}#&*!|>'\"%@`<=.~", *text))
        return false;
    if (text[len - 1] == ' ' || text[len - 1] == ':' || has(text, len, ": ") ||
        has(text, len, " #"))
        return false;
    /* Dates and base-60 numbers of YAML 1.1 */
    if (*text >= '0' && *text <= '9' && (has(text, len, ":") || has(text, len, "-")))
        return false;
    return yaml_plain(text, &number, &truth) == EW_JSON_STRING;
}

static bool is_block(const char *text, size_t len)
{
    return memchr(text, '\n', len) && *text != ' ' && *text != '\n' && is_clean(text, len, true);
}

static void write_block(struct ew_buf *out, const char *text, size_t len, int column)
{
    bool ends = text[len - 1] == '\n';
    bool more = ends && len > 1 && text[len - 2] == '\n';
    ew_buf_adds(out, more ? "|+\n" : ends ? "|\n" : "|-\n");
    for (const char *end = text + len; text < end;) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t line = (size_t)((stop ? stop : end) - text);
        if (line) {
            pad(out, column);
            ew_buf_add(out, text, line);
        }
        ew_buf_add(out, "\n", 1);
        text += line + 1;
    }
}

/* JSON's escapes are YAML's, save surrogate pairs, which libyaml refuses. */
static void write_quoted(struct ew_buf *out, const char *text, size_t len)
{
    ew_buf_add(out, "\"", 1);
    for (size_t i = 0, size; i < len; i += size) {
        uint32_t codepoint;
        size = ew_text_decode(text + i, len - i, &codepoint);
        if (!size) {
            ew_buf_adds(out, "\xef\xbf\xbd");
            size = 1;
        } else if (codepoint == '\n') {
            ew_buf_adds(out, "\\n");
        } else if (codepoint == '"' || codepoint == '\\') {
            ew_buf_addf(out, "\\%c", (char)codepoint);
        } else if (is_clean(text + i, size, false)) {
            ew_buf_add(out, text + i, size);
        } else {
            ew_buf_addf(out, codepoint > 0xffff ? "\\U%08X" : "\\u%04X", (unsigned)codepoint);
        }
    }
    ew_buf_add(out, "\"", 1);
}

/* libyaml finds the colon of a simple key within 1024 characters only. */
static bool is_long(const char *key)
{
    return strlen(key) > 100;
}

static void write_key(struct ew_buf *out, const char *key, int column)
{
    size_t len = strlen(key);
    if (is_long(key))
        ew_buf_adds(out, "? ");
    if (is_plain(key, len))
        ew_buf_add(out, key, len);
    else
        write_quoted(out, key, len);
    if (is_long(key)) {
        ew_buf_add(out, "\n", 1);
        pad(out, column);
    }
    ew_buf_add(out, ":", 1);
}

static void write_scalar(struct ew_buf *out, const struct ew_json *node, int column)
{
    if (!ew_json_is(node, EW_JSON_STRING)) {
        ew_json_write(out, node, 0); /* null, numbers and empty brackets are the same in both */
    } else if (is_plain(node->text, node->count)) {
        ew_buf_add(out, node->text, node->count);
    } else if (is_block(node->text, node->count)) {
        write_block(out, node->text, node->count, column);
        return;
    } else {
        write_quoted(out, node->text, node->count);
    }
    ew_buf_add(out, "\n", 1);
}

/* The first line of the members starts where the text stands, the others at column. */
static void write_members(struct ew_buf *out, const struct ew_json *node, int column)
{
    for (const struct ew_json *at = node->first; at; at = at->next) {
        bool below = at->key && ew_json_first(at); /* its members start on a line of their own */
        if (at != node->first)
            pad(out, column);
        if (at->key)
            write_key(out, at->key, column);
        else
            ew_buf_add(out, "-", 1);
        ew_buf_add(out, below ? "\n" : " ", 1);
        if (!ew_json_first(at)) {
            write_scalar(out, at, column + 2);
        } else if (!below) {
            write_members(out, at, column + 2);
        } else {
            bool same =
                at->type == EW_JSON_ARRAY && !is_long(at->key); /* as kubectl prints lists */
            pad(out, column + (same ? 0 : 2));
            write_members(out, at, column + (same ? 0 : 2));
        }
    }
}

void ew_yaml_write(struct ew_buf *out, const struct ew_json *node)
{
    if (ew_json_first(node))
        write_members(out, node, 0);
    else
        write_scalar(out, node, 2);
}
