/* Lines of text for people, coloured where that is wanted: what the reports of route and check
 * share. All text may come from objects and is cleaned. */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include "edgewalk/report.h"

enum tone { PLAIN, DIM, GOOD, BAD, DOUBT, BOLD };

struct sheet {
    const struct ew_report_options *options;
    struct ew_buf *out;
    bool proposed; /* a change not made yet: nothing is compared with what is reported */
};

void sheet_say(struct sheet *sheet, enum tone tone, const char *text);
/* These free the text. */
void sheet_say_made(struct sheet *sheet, enum tone tone, char *text);
void sheet_say_line(struct sheet *sheet, enum tone tone, char *text);
void sheet_line(struct sheet *sheet, const char *name, char *text); /* "  name      text" */
void sheet_label(struct sheet *sheet, const char *name);
/* A member's text, "" when there is none. */
const char *sheet_text(const struct ew_json *node, const char *key);
/* "Gateway infra/web" of {kind?, namespace, name}; kind stands in for a missing one. The caller's.
 */
char *sheet_title(const struct ew_json *object, const char *kind);
/* The "overlay" member of check's answer, and of route's (change_text.c). */
void sheet_overlay(struct sheet *sheet, const struct ew_json *overlay, bool all_read);
void sheet_decision_overlay(struct sheet *sheet, const struct ew_json *overlay);

#endif
