/* Regular expressions of matches, by PCRE2 within limits. The dialect is the implementation's
 * (PathMatchType): whole-subject matches, as Envoy does, and a word where RE2 differs. */
#include "config.h"

#include "match.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdlib.h>
#include <string.h>

enum { PATTERN_MAX = 4096, MATCH_LIMIT = 200000, DEPTH_LIMIT = 2000, HEAP_LIMIT_KIB = 4096 };

struct regex {
    char *pattern;
    char *error;
    pcre2_code *code;
};

static void compile(struct regex *regex)
{
    int number;
    size_t offset;
    unsigned char text[160];
    if (strlen(regex->pattern) > PATTERN_MAX) {
        regex->error = ew_strdup("it is longer than 4096 characters");
        return;
    }
    regex->code = pcre2_compile((PCRE2_SPTR)regex->pattern, PCRE2_ZERO_TERMINATED,
                                PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY |
                                    PCRE2_NEVER_BACKSLASH_C,
                                &number, &offset, NULL);
    if (regex->code)
        return;
    pcre2_get_error_message(number, text, sizeof(text));
    regex->error = ew_fmt("%s at character %zu", (const char *)text, offset + 1);
}

struct regex *regex_get(struct ew_routing *routing, const char *pattern, const char **error)
{
    struct regex *regex = ew_map_get(routing->regexes, pattern);
    if (!regex) {
        regex = ew_alloc(sizeof(*regex));
        regex->pattern = ew_strdup(pattern);
        compile(regex);
        ew_map_set(routing->regexes, pattern, regex);
    }
    *error = regex->error;
    return regex->code ? regex : NULL;
}

void regex_free(void *regex)
{
    struct regex *gone = regex;
    pcre2_code_free(gone->code);
    free(gone->pattern);
    free(gone->error);
    free(gone);
}

const char *regex_text(const struct regex *regex)
{
    return regex->pattern;
}

enum ew_yes regex_takes(const struct regex *regex, const char *subject)
{
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    if (!limits || !data)
        abort();
    pcre2_set_match_limit(limits, MATCH_LIMIT);
    pcre2_set_depth_limit(limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(limits, HEAP_LIMIT_KIB);
    int got = pcre2_match(regex->code, (PCRE2_SPTR)subject, strlen(subject), 0, 0, data, limits);
    pcre2_match_data_free(data);
    pcre2_match_context_free(limits);
    if (got >= 0)
        return EW_YES;
    return got == PCRE2_ERROR_NOMATCH ? EW_NO : EW_MAYBE;
}

static bool has_backreference(const char *pattern)
{
    for (const char *at = pattern; *at; at++) {
        if (*at != '\\')
            continue;
        if (at[1] >= '1' && at[1] <= '9')
            return true;
        if (at[1])
            at++;
    }
    return false;
}

const char *regex_beyond_re2(const struct regex *regex)
{
    static const char *const looks[] = {"(?=", "(?!", "(?<=", "(?<!"};
    for (size_t i = 0; i < EW_COUNT(looks); i++)
        if (strstr(regex->pattern, looks[i]))
            return "look-around";
    if (strstr(regex->pattern, "(?>") || strstr(regex->pattern, "*+") ||
        strstr(regex->pattern, "++") || strstr(regex->pattern, "?+"))
        return "possessive matching";
    return has_backreference(regex->pattern) ? "a back-reference" : NULL;
}
