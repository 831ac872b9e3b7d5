#include "expect.h"

#include <stdlib.h>
#include <string.h>

struct comparison {
    const struct ew_json *expect, *walk;
    struct ew_buf *out;
    size_t count;
};

static void differ(struct comparison *c, const char *what, const char *wanted, const char *got)
{
    ew_buf_addf(c->out, "%s: expected %s, got %s\n", what, *wanted ? wanted : "(none)",
                *got ? got : "(none)");
    c->count++;
}

/* A scalar as text; null and missing are "null". The caller's. */
static char *scalar(const struct ew_json *node)
{
    if (ew_json_str(node))
        return ew_strdup(ew_json_str(node));
    if (ew_json_is(node, EW_JSON_NUMBER))
        return ew_fmt("%ld", ew_json_int(node, 0));
    if (ew_json_is(node, EW_JSON_BOOL))
        return ew_strdup(ew_json_bool(node, false) ? "true" : "false");
    return ew_strdup("null");
}

static void compare_scalar(struct comparison *c, const char *key, const struct ew_json *got)
{
    const struct ew_json *wanted = ew_json_get(c->expect, key);
    if (!wanted)
        return;
    char *a = scalar(wanted), *b = scalar(got);
    if (strcmp(a, b) != 0)
        differ(c, key, a, b);
    free(a);
    free(b);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Texts in order, each once, in one line; releases the list, whose texts are not owned. The
 * caller's. */
static char *joined(struct ew_ptrs *list)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    if (list->count)
        qsort(list->at, list->count, sizeof *list->at, by_text);
    for (size_t i = 0; i < list->count; i++)
        if (!i || strcmp(list->at[i], list->at[i - 1]) != 0)
            ew_buf_addf(&out, "%s%s", out.len ? " " : "", (const char *)list->at[i]);
    ew_ptrs_release(list);
    char *text = ew_strdup(ew_buf_text(&out));
    ew_buf_release(&out);
    return text;
}

static char *joined_texts(const struct ew_json *array)
{
    struct ew_ptrs list = {0};
    EW_JSON_EACH(item, array)
    ew_ptrs_add(&list, (void *)ew_json_str_or(item, "?"));
    return joined(&list);
}

/* Whether a finding has the severity (NULL: any). Findings of access and policy count as well. */
static char *causes_of(const struct ew_json *walk, const char *severity)
{
    struct ew_ptrs list = {0};
    EW_JSON_EACH(layer, ew_json_get(walk, "layers"))
    EW_JSON_EACH(finding, ew_json_get(layer, "findings"))
    if (!severity || strcmp(ew_json_get_str(finding, "severity", ""), severity) == 0)
        ew_ptrs_add(&list, (void *)ew_json_get_str(finding, "cause", "?"));
    return joined(&list);
}

static const char *cause_of_id(const struct ew_json *walk, const char *id)
{
    EW_JSON_EACH(layer, ew_json_get(walk, "layers"))
    EW_JSON_EACH(finding, ew_json_get(layer, "findings"))
    if (strcmp(ew_json_get_str(finding, "id", ""), id) == 0)
        return ew_json_get_str(finding, "cause", "?");
    return "?";
}

static char *causes_of_ids(const struct ew_json *walk, const struct ew_json *ids)
{
    struct ew_ptrs list = {0};
    EW_JSON_EACH(id, ids)
    ew_ptrs_add(&list, (void *)cause_of_id(walk, ew_json_str_or(id, "")));
    return joined(&list);
}

/* A set of cause ids against another in the shape of `joined`. */
static void compare_set(struct comparison *c, const char *key, char *got)
{
    const struct ew_json *wanted = ew_json_get(c->expect, key);
    if (wanted) {
        char *text = joined_texts(wanted);
        if (strcmp(text, got) != 0)
            differ(c, key, text, got);
        free(text);
    }
    free(got);
}

static bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += len)
        if ((at == words || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return true;
    return false;
}

/* `absent`: causes that no finding may name; `present`: causes that one must, however severe. */
static void compare_presence(struct comparison *c, const char *key, bool wanted)
{
    char *all = causes_of(c->walk, NULL);
    EW_JSON_EACH(cause, ew_json_get(c->expect, key))
    if (has_word(all, ew_json_str_or(cause, "?")) != wanted)
        differ(c, key, ew_json_str_or(cause, "?"), all);
    free(all);
}

static const struct ew_json *layer_of(const struct ew_json *walk, const char *name)
{
    EW_JSON_EACH(layer, ew_json_get(walk, "layers"))
    if (strcmp(ew_json_get_str(layer, "layer", ""), name) == 0)
        return layer;
    return NULL;
}

static void compare_layers(struct comparison *c)
{
    EW_JSON_EACH(wanted, ew_json_get(c->expect, "layers"))
    {
        const char *got =
            ew_json_get_str(layer_of(c->walk, ew_json_key(wanted)), "status", "missing");
        if (!ew_streq(ew_json_str(wanted), got)) {
            char *what = ew_fmt("layer %s", ew_json_key(wanted));
            differ(c, what, ew_json_str_or(wanted, "?"), got);
            free(what);
        }
    }
}

/* `says` and `silent`: texts that must, and must not, stand anywhere in the document. */
static void compare_words(struct comparison *c, const char *key, bool wanted)
{
    struct ew_buf all;
    if (!ew_json_get(c->expect, key))
        return;
    ew_buf_init(&all, 0);
    ew_json_write(&all, c->walk, 0);
    EW_JSON_EACH(text, ew_json_get(c->expect, key))
    if ((strstr(ew_buf_text(&all), ew_json_str_or(text, "")) != NULL) != wanted)
        differ(c, key, ew_json_str_or(text, ""), wanted ? "no such text" : "that text");
    ew_buf_release(&all);
}

/* `path`: members of the walk's path, by dotted name. */
static void compare_path(struct comparison *c)
{
    EW_JSON_EACH(wanted, ew_json_get(c->expect, "path"))
    {
        char *a = scalar(wanted);
        char *b = scalar(ew_json_at(ew_json_get(c->walk, "path"), ew_json_key(wanted)));
        if (strcmp(a, b) != 0)
            differ(c, ew_json_key(wanted), a, b);
        free(a);
        free(b);
    }
}

size_t lab_expect(const struct ew_json *expect, const struct ew_json *walk, int exit_status,
                  struct ew_buf *differences)
{
    struct comparison c = {.expect = expect, .walk = walk, .out = differences};
    const struct ew_json *verdict = ew_json_get(walk, "verdict");
    long wanted = ew_json_get_int(expect, "exit", exit_status);
    if (wanted != exit_status) {
        ew_buf_addf(differences, "exit: expected %ld, got %d\n", wanted, exit_status);
        c.count++;
    }
    compare_scalar(&c, "status", ew_json_get(verdict, "status"));
    compare_scalar(&c, "cause", ew_json_get(verdict, "cause"));
    compare_scalar(&c, "layer", ew_json_get(verdict, "layer"));
    compare_scalar(&c, "first_failing_layer", ew_json_get(verdict, "first_failing_layer"));
    compare_set(&c, "findings", causes_of(walk, "fail"));
    compare_set(&c, "warnings", causes_of(walk, "warn"));
    compare_set(&c, "symptoms", causes_of_ids(walk, ew_json_get(verdict, "symptoms")));
    compare_set(&c, "independent", causes_of_ids(walk, ew_json_get(verdict, "independent")));
    compare_presence(&c, "absent", false);
    compare_presence(&c, "present", true);
    compare_layers(&c);
    compare_words(&c, "says", true);
    compare_words(&c, "silent", false);
    compare_path(&c);
    return c.count;
}

int lab_expect_check(const struct ew_json *expect, struct ew_err *err)
{
    static const char *const known[] = {
        "status",   "exit",     "cause",    "layer",       "first_failing_layer",
        "findings", "warnings", "symptoms", "independent", "absent",
        "present",  "layers",   "says",     "silent",      "path"};
    if (!ew_json_get(expect, "status") || !ew_json_get(expect, "exit"))
        return ew_fail(err, EW_EUSAGE, "expect: status and exit must be given");
    EW_JSON_EACH(member, expect)
    {
        bool good = false;
        for (size_t i = 0; i < EW_COUNT(known); i++)
            good |= strcmp(known[i], ew_json_key(member)) == 0;
        if (!good)
            return ew_fail(err, EW_EUSAGE, "line %d: expect knows no \"%s\"", ew_json_line(member),
                           ew_json_key(member));
    }
    return 0;
}
