#include "config.h"

#include "sheet.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *const codes[] = {
    [PLAIN] = "",         [DIM] = "\033[2m",    [GOOD] = "\033[32m",
    [BAD] = "\033[1;31m", [DOUBT] = "\033[33m", [BOLD] = "\033[1m",
};

void sheet_say(struct sheet *sheet, enum tone tone, const char *text)
{
    bool on = sheet->options->colour && tone != PLAIN;
    if (on)
        ew_buf_adds(sheet->out, codes[tone]);
    ew_text_clean(sheet->out, text, strlen(text), 0);
    if (on)
        ew_buf_adds(sheet->out, "\033[0m");
}

void sheet_say_made(struct sheet *sheet, enum tone tone, char *text)
{
    sheet_say(sheet, tone, text);
    free(text);
}

void sheet_say_line(struct sheet *sheet, enum tone tone, char *text)
{
    sheet_say_made(sheet, tone, text);
    ew_buf_adds(sheet->out, "\n");
}

void sheet_label(struct sheet *sheet, const char *name)
{
    ew_buf_adds(sheet->out, "  ");
    sheet_say_made(sheet, DIM, ew_fmt("%-10s", name));
}

void sheet_line(struct sheet *sheet, const char *name, char *text)
{
    sheet_label(sheet, name);
    sheet_say_made(sheet, PLAIN, text);
    ew_buf_adds(sheet->out, "\n");
}

const char *sheet_text(const struct ew_json *node, const char *key)
{
    return ew_json_get_str(node, key, "");
}

char *sheet_title(const struct ew_json *object, const char *kind)
{
    const char *ns = ew_json_get_str(object, "namespace", NULL);
    const char *own = ew_json_get_str(object, "kind", kind);
    return ew_fmt("%s %s%s%s", own, ns ? ns : "", ns ? "/" : "", sheet_text(object, "name"));
}
