/* Plain YAML scalars, as the reader in Kubernetes' own tools takes them (YAML 1.1, goyaml v2). */
#include "node.h"

#include "edgewalk/base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A double has at most 309 digits before its point. */
#define NUMBER_LEN 400

static bool is_word(const char *text, const char *words)
{
    size_t len = strlen(text);
    for (const char *at = words; *at;) {
        size_t word = strcspn(at, " ");
        if (word == len && memcmp(at, text, len) == 0)
            return true;
        at += word + (at[word] == ' ');
    }
    return false;
}

/* 0x1f, 0o17, 017, 0b101, signed or not, as Go's strconv.ParseInt(…, 0, 64) reads them. */
static bool based_integer(const char *text, double *out)
{
    double value = 0;
    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    if (*text != '0' || !text[1])
        return false;
    char kind = (char)(text[1] | 0x20);
    int base = kind == 'x' ? 16 : kind == 'b' ? 2 : 8;
    text += kind == 'x' || kind == 'b' || kind == 'o' ? 2 : 1;
    if (!*text)
        return false;
    for (; *text; text++) {
        char c = (char)(*text | 0x20);
        int digit = *text >= '0' && *text <= '9' ? *text - '0'
                    : c >= 'a' && c <= 'f'       ? c - 'a' + 10
                                                 : 99;
        if (digit >= base)
            return false;
        value = value * base + digit;
    }
    *out = negative ? -value : value;
    return true;
}

static size_t copy_digits(const char **from, char *to)
{
    size_t len = 0;
    for (; **from >= '0' && **from <= '9'; ++*from)
        to[len++] = **from;
    return len;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? of less than NUMBER_LEN bytes. strtod gets it
 * without its point, which would follow the locale. */
static bool decimal(const char *text, double *out)
{
    char digits[NUMBER_LEN + 32], exponent_digits[NUMBER_LEN];
    size_t len = 0, shift = 0;
    int exponent = 0;
    bool down = false;
    if (*text == '-' || *text == '+')
        digits[len++] = *text++;
    size_t signs = len;
    len += copy_digits(&text, digits + len);
    if (*text == '.') {
        text++;
        shift = copy_digits(&text, digits + len);
        len += shift;
    }
    if (len == signs)
        return false;
    if (*text == 'e' || *text == 'E') {
        down = *++text == '-';
        if (*text == '-' || *text == '+')
            text++;
        size_t exponent_len = copy_digits(&text, exponent_digits);
        if (!exponent_len)
            return false;
        for (size_t i = 0; i < exponent_len && exponent < 99999; i++)
            exponent = exponent * 10 + (exponent_digits[i] - '0');
    }
    snprintf(digits + len, 32, "e%d", (down ? -exponent : exponent) - (int)shift);
    *out = strtod(digits, NULL);
    return !*text && isfinite(*out);
}

enum ew_json_type yaml_plain(const char *text, double *number, bool *truth)
{
    char bare[NUMBER_LEN];
    size_t len = 0;
    if (!*text || is_word(text, "~ null Null NULL"))
        return EW_JSON_NULL;
    *truth = is_word(text, "true True TRUE yes Yes YES on On ON y Y");
    if (*truth || is_word(text, "false False FALSE no No NO off Off OFF n N"))
        return EW_JSON_BOOL;
    if (!strchr("+-.0123456789", *text))
        return EW_JSON_STRING;
    for (const char *at = text; *at; at++) {
        if (len + 1 == sizeof(bare))
            return EW_JSON_STRING;
        if (*at != '_' || *text == '.')
            bare[len++] = *at;
    }
    bare[len] = '\0';
    return based_integer(bare, number) || decimal(bare, number) ? EW_JSON_NUMBER : EW_JSON_STRING;
}
