/* Where a runbook link leads. */
#ifndef REPORT_LINK_H
#define REPORT_LINK_H

#include "edgewalk/report.h"

/* BASE#ANCHOR; the base is the options', else the page installed with the program. The caller's. */
char *ew_report_link(const struct ew_report_options *options, const char *anchor);

#endif
