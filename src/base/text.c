#include "edgewalk/base/text.h"

#include <limits.h>
#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool ew_text_prefix(const char *text, const char *prefix)
{
    return text && prefix && strncmp(text, prefix, strlen(prefix)) == 0;
}

bool ew_text_suffix(const char *text, const char *suffix)
{
    if (!text || !suffix)
        return false;
    size_t len = strlen(text), end = strlen(suffix);
    return end <= len && memcmp(text + len - end, suffix, end) == 0;
}

bool ew_text_ieq(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

void ew_text_shell_word(struct ew_buf *out, const char *text)
{
    static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_@%+=:,./-";
    if (*text && text[strspn(text, harmless)] == '\0') {
        ew_buf_adds(out, text);
        return;
    }
    ew_buf_adds(out, "'");
    for (; *text; text++)
        ew_buf_add(out, *text == '\'' ? "'\\''" : text, *text == '\'' ? 4 : 1);
    ew_buf_adds(out, "'");
}

void ew_text_lower(char *text)
{
    for (; *text; text++)
        *text = lower(*text);
}

/* Levenshtein's, one row at a time. */
size_t ew_text_distance(const char *a, const char *b)
{
    enum { MOST = 32 };
    size_t row[MOST + 1];
    size_t rows = strlen(a), columns = strlen(b);
    rows = rows < MOST ? rows : MOST;
    columns = columns < MOST ? columns : MOST;
    for (size_t j = 0; j <= columns; j++)
        row[j] = j;
    for (size_t i = 1; i <= rows; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[columns];
}

bool ew_text_number(const char *text, long min, long max, long *out)
{
    bool negative = text && *text == '-';
    long value = 0;
    if (negative)
        text++;
    if (!text || !*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        int digit = *text - '0';
        if (value < (LONG_MIN + digit) / 10) /* counted downwards: LONG_MIN has no positive */
            return false;
        value = value * 10 - digit;
    }
    if (!negative && value == LONG_MIN)
        return false;
    value = negative ? value : -value;
    if (value < min || value > max)
        return false;
    *out = value;
    return true;
}

static const struct unit {
    const char *name;
    double ms;
} units[] = {
    {"ns", 1e-6}, {"us", 1e-3}, {"\xc2\xb5s", 1e-3}, {"\xce\xbcs", 1e-3},
    {"ms", 1},    {"s", 1000},  {"m", 60000},        {"h", 3600000},
};

/* Digits with at most one point, at least one digit. Not strtod: it follows the locale. */
static bool decimal(const char **at, double *out)
{
    double value = 0, place = 1;
    bool any = false, point = false;
    for (;; ++*at) {
        if (**at >= '0' && **at <= '9') {
            any = true;
            if (point)
                value += (**at - '0') * (place /= 10);
            else
                value = value * 10 + (**at - '0');
        } else if (**at == '.' && !point) {
            point = true;
        } else {
            break;
        }
    }
    *out = value;
    return any;
}

static const struct unit *unit_at(const char **at)
{
    for (size_t i = 0; i < EW_COUNT(units); i++) {
        if (ew_text_prefix(*at, units[i].name)) {
            *at += strlen(units[i].name);
            return &units[i];
        }
    }
    return NULL;
}

bool ew_text_duration(const char *text, int64_t *out_ms)
{
    const double most = 9007199254740992.0; /* 2^53: whole milliseconds are exact below */
    double total = 0, value;
    if (!text || !*text)
        return false;
    for (const char *at = text; *at;) {
        bool first = at == text;
        if (!decimal(&at, &value))
            return false;
        const struct unit *unit = unit_at(&at);
        if (unit)
            total += value * unit->ms;
        else if (first && !*at)
            total = value * 1000;
        else
            return false;
        if (!(total < most))
            return false;
    }
    *out_ms = (int64_t)(total + 1e-6); /* 0.3 s is 299.999…: not 299 */
    return true;
}
