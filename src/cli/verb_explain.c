#include "cli.h"

#include "edgewalk/base/text.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 80, SUGGESTIONS = 3 };

static void paragraph(const char *title, const char *text)
{
    size_t column = 0;
    if (!text || !*text)
        return;
    printf("\n%s\n  ", title);
    while (*text) {
        size_t len = strcspn(text, " ");
        if (column && column + len + 3 > WIDTH) {
            fputs("\n  ", stdout);
            column = 0;
        }
        printf("%s%.*s", column ? " " : "", (int)len, text);
        column += len + 1;
        text += len + strspn(text + len, " ");
    }
    putchar('\n');
}

static void list_all(void)
{
    enum ew_layer layer = EW_LAYER_COUNT;
    for (size_t i = 0; i < ew_cause_count(); i++) {
        const struct ew_cause *cause = ew_cause_at(i);
        if (cause->layer != layer)
            printf("%s%s\n", i ? "\n" : "", ew_layer_row(cause->layer)->id);
        layer = cause->layer;
        printf("  %c %-36s %s\n", cause->recognised ? '*' : ' ', cause->id, cause->title);
    }
    puts("\n* recognised by this version");
}

static int unknown_cause(const char *id)
{
    struct ew_err err = {.code = EW_EUSAGE};
    const char *near = NULL;
    size_t least = (size_t)-1;
    for (size_t i = 0; i < ew_cause_count(); i++) {
        size_t distance = ew_text_distance(id, ew_cause_at(i)->id);
        if (distance < least) {
            least = distance;
            near = ew_cause_at(i)->id;
        }
    }
    ew_fail(&err, EW_EUSAGE, "no cause \"%s\": did you mean %s? (edgewalk explain lists all)", id,
            near ? near : "none");
    return ew_cli_fail(&err);
}

int ew_verb_explain(const struct ew_cli *cli)
{
    if (!cli->arg_count) {
        list_all();
        return 0;
    }
    for (size_t i = 0; i < cli->arg_count; i++) {
        const struct ew_cause *cause = ew_cause_find(cli->args[i]);
        if (!cause)
            return unknown_cause(cli->args[i]);
        printf("%s%s: %s\n", i ? "\n" : "", cause->id, cause->title);
        printf("  layer %s, %s%s\n", ew_layer_row(cause->layer)->id,
               ew_severity_name(cause->severity),
               cause->recognised ? "" : ", not recognised by this version");
        paragraph("What is seen", cause->symptom);
        paragraph("How it is recognised", cause->evidence);
        paragraph("How it is told apart", cause->discriminator);
        paragraph("Why it happens", cause->cause);
        paragraph("What to do", cause->next_step);
    }
    return 0;
}
