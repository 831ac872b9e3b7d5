#include "cli.h"

#include <ctype.h>
#include <string.h>

enum { HELP_COLUMN = 32, HELP_WIDTH = 80 };

static void option_head(const struct ew_option *option, struct ew_buf *out)
{
    if (option->letter)
        ew_buf_addf(out, "  -%c, --%s", option->letter, option->name);
    else
        ew_buf_addf(out, "      --%s", option->name);
    if (option->arg)
        ew_buf_addf(out, "%s%s", ew_option_arg_optional(option) ? "" : " ", option->arg);
}

/* The summary as a sentence, wrapped at the width. */
static void sentence(const char *text, struct ew_buf *out)
{
    size_t at = 0;
    for (bool first = true; *text; first = false) {
        size_t len = strcspn(text, " ");
        bool breaks = !first && at + 1 + len + 1 > HELP_WIDTH;
        ew_buf_adds(out, first ? "" : breaks ? "\n" : " ");
        at = breaks ? len : at + !first + len;
        ew_buf_addf(out, "%c%.*s", first ? toupper((unsigned char)*text) : *text, (int)len - 1,
                    text + 1);
        text += len + strspn(text + len, " ");
    }
    ew_buf_adds(out, ".\n");
}

/* Words of text, wrapped between the help column and the width. `at` is the column reached. */
static void wrapped(struct ew_buf *out, size_t at, const char *text)
{
    if (at >= HELP_COLUMN) {
        ew_buf_adds(out, "\n");
        at = 0;
    }
    ew_buf_addf(out, "%*s", (int)(HELP_COLUMN - at), "");
    at = HELP_COLUMN;
    while (*text) {
        size_t len = strcspn(text, " ");
        if (at + len > HELP_WIDTH) {
            ew_buf_addf(out, "\n%*s", HELP_COLUMN, "");
            at = HELP_COLUMN;
        }
        ew_buf_add(out, text, len);
        at += len + 1;
        text += len + strspn(text + len, " ");
        if (*text && at + strcspn(text, " ") <= HELP_WIDTH)
            ew_buf_adds(out, " ");
    }
    ew_buf_adds(out, "\n");
}

static void option_line(const struct ew_option *option, struct ew_buf *out)
{
    size_t before = out->len;
    option_head(option, out);
    wrapped(out, out->len - before, option->help);
}

static void options_of(unsigned verb, struct ew_buf *out)
{
    for (int group = 0; group < GROUP_COUNT; group++) {
        bool titled = false;
        for (int id = 0; id < OPT_COUNT; id++) {
            const struct ew_option *option = ew_option_at(id);
            if ((int)option->group != group || !(option->verbs & verb))
                continue;
            if (!titled)
                ew_buf_addf(out, "\n%s:\n", ew_option_group_title(group));
            titled = true;
            option_line(option, out);
        }
    }
}

void ew_cli_usage(const struct ew_verb *verb, struct ew_buf *out)
{
    if (verb) {
        ew_buf_addf(out, "Usage: edgewalk %s [OPTION...] %s\n", verb->name, verb->args);
        sentence(verb->summary, out);
        options_of(verb->bit, out);
        return;
    }
    ew_buf_adds(out, "Usage: edgewalk [VERB] [OPTION...] URL|HOST...\n"
                     "Says why a URL served by a Kubernetes edge is broken: which layer, why, "
                     "what next.\n\nVerbs:\n");
    for (size_t i = 0; ew_verb_at(i); i++) {
        size_t before = out->len;
        ew_buf_addf(out, "  %s %s", ew_verb_at(i)->name, ew_verb_at(i)->args);
        wrapped(out, out->len - before, ew_verb_at(i)->summary);
    }
    options_of(ew_verb_at(0)->bit, out);
    ew_buf_adds(out, "\nExit status: 0 healthy, 1 edgewalk failed, 2 usage, 3 undecided, 11-20 the "
                     "layer of\nthe root cause:");
    for (int layer = 0; layer < EW_LAYER_COUNT; layer++)
        if (ew_layer_row(layer)->exit_status)
            ew_buf_addf(out, "%s%d %s", layer ? ", " : " ", ew_layer_row(layer)->exit_status,
                        ew_layer_row(layer)->id);
    ew_buf_adds(out, ".\n130 interrupted. \"edgewalk VERB --help\" tells of a verb's options.\n");
}

/* troff wants a hyphen that is a minus escaped, and a backslash too. */
static void troff(struct ew_buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '-' || *text == '\\')
            ew_buf_adds(out, "\\");
        ew_buf_add(out, text, 1);
    }
}

static void troff_option(const struct ew_option *option, struct ew_buf *out)
{
    ew_buf_adds(out, ".TP\n");
    if (option->letter)
        ew_buf_addf(out, "\\fB\\-%c\\fR, ", option->letter);
    ew_buf_adds(out, "\\fB\\-\\-");
    troff(out, option->name);
    ew_buf_adds(out, "\\fR");
    if (option->arg) {
        ew_buf_adds(out, ew_option_arg_optional(option) ? "\\fI" : " \\fI");
        troff(out, option->arg);
        ew_buf_adds(out, "\\fR");
    }
    ew_buf_adds(out, "\n");
    troff(out, option->help);
    ew_buf_adds(out, "\n");
}

/* Whether a verb of this version takes it. */
static bool works(const struct ew_option *option)
{
    for (size_t i = 0; ew_verb_at(i); i++)
        if (ew_verb_at(i)->bit & option->verbs)
            return true;
    return false;
}

void ew_cli_man_options(struct ew_buf *out)
{
    for (int group = 0; group < GROUP_COUNT; group++) {
        ew_buf_adds(out, ".SS ");
        troff(out, ew_option_group_title(group));
        ew_buf_adds(out, "\n");
        for (int id = 0; id < OPT_COUNT; id++)
            if ((int)ew_option_at(id)->group == group && works(ew_option_at(id)))
                troff_option(ew_option_at(id), out);
    }
}
