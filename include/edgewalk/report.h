/* Writers over one verdict: text for people, JSON for programs. */
#ifndef EDGEWALK_REPORT_H
#define EDGEWALK_REPORT_H

#include "edgewalk/judge.h"

struct ew_report_options {
    int width;                      /* columns; 0: 80 */
    bool colour;                    /* escape sequences for colours */
    bool utf8;                      /* marks beyond ASCII */
    bool links;                     /* OSC 8 */
    bool quiet;                     /* the verdict only */
    bool verbose;                   /* all facts */
    const char *runbook_base;       /* NULL: the installed page */
    const struct ew_json *runbooks; /* {cause: URL}, before the base; NULL */
};
void ew_report_text(const struct ew_verdict *verdict, const struct ew_report_options *options,
                    struct ew_buf *out);
/* The object of doc/edgewalk.walk.v1.schema.json, one document without a newline at its end. */
void ew_report_json(const struct ew_verdict *verdict, const struct ew_report_options *options,
                    struct ew_buf *out);

/* Where a runbook link leads: BASE#ANCHOR (a cause); the base is the options', else the page
 * installed with the program. The caller's. */
char *ew_report_link(const struct ew_report_options *options, const char *anchor);

/* `edgewalk route` and `edgewalk check`, from the objects of route.h. */
void ew_report_route_text(const struct ew_json *route, const struct ew_report_options *options,
                          struct ew_buf *out);
/* The check in one line: "3 conditions are not good, the first: …". The caller's. */
char *ew_report_check_line(const struct ew_json *check);
void ew_report_check_text(const struct ew_json *check, const struct ew_report_options *options,
                          struct ew_buf *out);

#endif
