/* Prints what other texts are made from: `tables man`, the tables of options, keys, styles and the
 * configuration in troff for man/edgewalk.1; `tables runbook`, the page that runbook links lead to.
 */
#include "cli.h"

#include "config.h"
#include "runbook.h"

#include "edgewalk/ui.h"

#include <stdio.h>
#include <string.h>

/* Text in troff: a hyphen is a minus, as in what one types. */
static void add_troff(struct ew_buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '-' || *text == '\\')
            ew_buf_adds(out, "\\");
        ew_buf_adds(out, *text == '\\' ? "e" : "");
        if (*text != '\\')
            ew_buf_add(out, text, 1);
    }
}

static void add_entry(struct ew_buf *out, const char *name, const char *more, const char *text)
{
    ew_buf_adds(out, ".TP\n\\fB");
    add_troff(out, name);
    ew_buf_adds(out, "\\fR");
    if (more) {
        ew_buf_adds(out, "  (");
        add_troff(out, more);
        ew_buf_adds(out, ")");
    }
    ew_buf_adds(out, "\n");
    add_troff(out, text);
    ew_buf_adds(out, "\n");
}

static void man_screen(struct ew_buf *out)
{
    struct ew_ui_key key;
    const char *name, *meaning;
    ew_buf_adds(out, ".SH KEYS\nOn a terminal the walk is shown on a screen with these keys. In "
                     "parentheses stands the name of the\naction, for\n.B keys\nin the "
                     "configuration file.\n");
    for (size_t i = 0; ew_ui_key_at(i, &key); i++)
        add_entry(out, key.keys, key.action, key.help);
    ew_buf_adds(out, ".SH STYLES\nWhat\n.B theme\nin the configuration file can give a look to:\n");
    for (size_t i = 0; ew_ui_style_at(i, &name, &meaning); i++)
        add_entry(out, name, NULL, meaning);
}

static void man_configuration(struct ew_buf *out)
{
    const char *name, *standard, *help;
    ew_buf_adds(out, ".SH CONFIGURATION\nKeys of the configuration file; in parentheses what holds "
                     "where it says nothing.\n");
    for (size_t i = 0; ew_cli_config_key_at(i, &name, &standard, &help); i++)
        add_entry(out, name, standard, help);
    ew_buf_adds(out, ".PP\nThresholds, for\n.BR thresholds :\n");
    for (int id = 0; id < EW_THRESHOLD_COUNT; id++) {
        char text[32];
        ew_cli_threshold_standard((enum ew_threshold)id, text);
        add_entry(out, ew_threshold_row((enum ew_threshold)id)->name, text,
                  ew_threshold_row((enum ew_threshold)id)->help);
    }
}

int main(int argc, char **argv)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    if (argc == 2 && strcmp(argv[1], "runbook") == 0) {
        ew_cli_runbook(&text);
    } else {
        ew_cli_man_options(&text);
        man_screen(&text);
        man_configuration(&text);
    }
    fputs(ew_buf_text(&text), stdout);
    ew_buf_release(&text);
    return 0;
}
