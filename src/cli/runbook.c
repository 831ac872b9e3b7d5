#include "runbook.h"

#include <string.h>

static void escaped(struct ew_buf *out, const char *text)
{
    for (; text && *text; text++) {
        const char *as = *text == '<'   ? "&lt;"
                         : *text == '>' ? "&gt;"
                         : *text == '&' ? "&amp;"
                                        : NULL;
        if (as)
            ew_buf_adds(out, as);
        else
            ew_buf_add(out, text, 1);
    }
}

static void part(struct ew_buf *out, const char *title, const char *text, const char *tag)
{
    if (!text || !*text)
        return;
    ew_buf_addf(out, "<h4>%s</h4><%s>", title, tag);
    escaped(out, text);
    ew_buf_addf(out, "</%s>\n", tag);
}

static void cause(struct ew_buf *out, const struct ew_cause *row)
{
    ew_buf_addf(out, "<section id=\"%s\"><h3>%s</h3><p><b>", row->id, row->id);
    escaped(out, row->title);
    ew_buf_addf(out, "</b> (%s)</p>\n", ew_severity_name(row->severity));
    part(out, "What is seen", row->symptom, "p");
    part(out, "How it is recognised", row->evidence, "p");
    part(out, "How it is told apart", row->discriminator, "p");
    part(out, "Why it happens", row->cause, "p");
    part(out, "What to do", row->next_step, "pre");
    ew_buf_adds(out, "</section>\n");
}

void ew_cli_runbook(struct ew_buf *out)
{
    ew_buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                     "<title>edgewalk runbook</title><style>body{max-width:50em;margin:auto;"
                     "font-family:sans-serif}pre{white-space:pre-wrap;background:#eee;padding:.5em}"
                     "h4{margin:.5em 0 0}</style></head><body>\n<h1>edgewalk runbook</h1>\n");
    for (int layer = 0; layer < EW_LAYER_COUNT; layer++) {
        const struct ew_layer_row *row = ew_layer_row((enum ew_layer)layer);
        ew_buf_addf(out, "<h2 id=\"layer-%s\">%s</h2><p>", row->id, row->title);
        escaped(out, row->question);
        ew_buf_adds(out, "</p>\n");
        for (size_t i = 0; i < ew_cause_count(); i++)
            if (ew_cause_at(i)->layer == (enum ew_layer)layer)
                cause(out, ew_cause_at(i));
    }
    ew_buf_adds(out, "</body></html>\n");
}
