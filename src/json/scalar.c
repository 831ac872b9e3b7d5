/* Plain YAML scalars, as the reader in Kubernetes' own tools takes them (YAML 1.1, goyaml v2). */
#include "node.h"

#include "edgewalk/base/text.h"

#include <math.h>
#include <string.h>

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

/* 0x1f, 0o17, 017, 0b101 and 12, signed or not, as Go's strconv.ParseInt(…, 0, 64) reads them; a
 * larger one becomes the nearest double. */
static bool integer(const char *text, double *out)
{
    int base = 10;
    double value = 0;
    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    if (*text == '0' && text[1]) {
        char kind = (char)(text[1] | 0x20);
        base = kind == 'x' ? 16 : kind == 'b' ? 2 : 8;
        text += kind == 'x' || kind == 'b' || kind == 'o' ? 2 : 1;
    }
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

static double power_of_ten(int exponent)
{
    double power = 1; /* exact up to 1e22 */
    while (exponent-- > 0 && isfinite(power))
        power *= 10;
    return power;
}

/* [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? — not by strtod, which follows the locale. */
static bool decimal(const char *text, double *out)
{
    double mantissa = 0;
    int exponent = 0, shift = 0, digits = 0;
    bool negative = *text == '-', point = false, down;
    if (*text == '-' || *text == '+')
        text++;
    for (; (*text >= '0' && *text <= '9') || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        mantissa = mantissa * 10 + (*text - '0');
        shift += point;
        digits++;
    }
    if (!digits)
        return false;
    if (*text == 'e' || *text == 'E') {
        down = *++text == '-';
        if (*text == '-' || *text == '+')
            text++;
        if (!*text)
            return false;
        for (; *text >= '0' && *text <= '9'; text++)
            exponent = exponent < 9999 ? exponent * 10 + (*text - '0') : exponent;
        exponent = down ? -exponent : exponent;
    }
    exponent -= shift;
    /* A division by a whole power of ten is exact where a product with its inverse is not. */
    mantissa =
        exponent < 0 ? mantissa / power_of_ten(-exponent) : mantissa * power_of_ten(exponent);
    *out = negative ? -mantissa : mantissa;
    return !*text && isfinite(*out);
}

enum ew_json_type yaml_plain(const char *text, double *number, bool *truth)
{
    char bare[400]; /* a number of more digits is no double either */
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
    return integer(bare, number) || decimal(bare, number) ? EW_JSON_NUMBER : EW_JSON_STRING;
}
