#include "node.h"

#include "edgewalk/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void write_unit(struct ew_buf *out, uint32_t unit)
{
    ew_buf_addf(out, "\\u%04x", (unsigned)unit);
}

/* What would be hidden on a terminal is escaped, which JSON allows of any character. */
static void write_char(struct ew_buf *out, uint32_t codepoint, const char *bytes, size_t len)
{
    if (codepoint == '"' || codepoint == '\\')
        ew_buf_addf(out, "\\%c", (char)codepoint);
    else if (codepoint == '\n')
        ew_buf_adds(out, "\\n");
    else if (codepoint == '\t')
        ew_buf_adds(out, "\\t");
    else if (codepoint == '\r')
        ew_buf_adds(out, "\\r");
    else if (!ew_char_hidden(codepoint))
        ew_buf_add(out, bytes, len);
    else if (codepoint < 0x10000)
        write_unit(out, codepoint);
    else {
        write_unit(out, 0xd800 + ((codepoint - 0x10000) >> 10));
        write_unit(out, 0xdc00 + ((codepoint - 0x10000) & 0x3ff));
    }
}

static void write_string(struct ew_buf *out, const char *text, size_t len)
{
    ew_buf_add(out, "\"", 1);
    for (size_t i = 0; i < len;) {
        size_t run = 0;
        while (i + run < len && text[i + run] >= ' ' && text[i + run] < 0x7f &&
               text[i + run] != '"' && text[i + run] != '\\')
            run++;
        ew_buf_add(out, text + i, run);
        i += run;
        if (i == len)
            break;
        uint32_t codepoint;
        size_t size = ew_text_decode(text + i, len - i, &codepoint);
        if (size)
            write_char(out, codepoint, text + i, size);
        else
            ew_buf_adds(out, "\xef\xbf\xbd");
        i += size ? size : 1;
    }
    ew_buf_add(out, "\"", 1);
}

/* By hand: printf's decimal point follows the locale. */
static void write_number(struct ew_buf *out, double number)
{
    double absolute = fabs(number);
    if (absolute >= 9007199254740992.0 || absolute == (double)(int64_t)absolute) {
        ew_buf_addf(out, "%.0f", absolute == 0 ? 0 : number);
        return;
    }
    int64_t units = (int64_t)absolute;
    int millionths = (int)((absolute - (double)units) * 1e6 + 0.5);
    if (millionths == 1000000) {
        millionths = 0;
        units++;
    }
    ew_buf_addf(out, number < 0 && (units || millionths) ? "-%lld" : "%lld", (long long)units);
    if (millionths) {
        char digits[16];
        size_t len = (size_t)snprintf(digits, sizeof(digits), ".%06d", millionths);
        while (digits[len - 1] == '0')
            len--;
        ew_buf_add(out, digits, len);
    }
}

static void new_line(struct ew_buf *out, int columns)
{
    ew_buf_add(out, "\n", 1);
    while (columns-- > 0)
        ew_buf_add(out, " ", 1);
}

static void write_node(struct ew_buf *out, const struct ew_json *node, int indent, int column);

static void write_members(struct ew_buf *out, const struct ew_json *node, int indent, int column)
{
    bool object = node->type == EW_JSON_OBJECT;
    ew_buf_adds(out, object ? "{" : "[");
    for (const struct ew_json *at = node->first; at; at = at->next) {
        if (indent)
            new_line(out, column + indent);
        if (object) {
            write_string(out, at->key, strlen(at->key));
            ew_buf_adds(out, indent ? ": " : ":");
        }
        write_node(out, at, indent, column + indent);
        if (at->next)
            ew_buf_add(out, ",", 1);
    }
    if (indent && node->first)
        new_line(out, column);
    ew_buf_adds(out, object ? "}" : "]");
}

static void write_node(struct ew_buf *out, const struct ew_json *node, int indent, int column)
{
    switch (ew_json_type(node)) {
    case EW_JSON_NULL:
        ew_buf_adds(out, "null");
        break;
    case EW_JSON_BOOL:
        ew_buf_adds(out, node->truth ? "true" : "false");
        break;
    case EW_JSON_NUMBER:
        write_number(out, node->number);
        break;
    case EW_JSON_STRING:
        write_string(out, node->text, node->count);
        break;
    case EW_JSON_ARRAY:
    case EW_JSON_OBJECT:
        write_members(out, node, indent, column);
        break;
    }
}

void ew_json_write(struct ew_buf *out, const struct ew_json *node, int indent)
{
    write_node(out, node, indent, 0);
}
