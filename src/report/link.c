#include "edgewalk/report.h"

char *ew_report_link(const struct ew_report_options *options, const char *anchor)
{
    const char *own = ew_json_get_str(options->runbooks, anchor, NULL);
    if (own)
        return ew_strdup(own);
    const char *base =
        options->runbook_base ? options->runbook_base : "file://" DOCDIR "/runbook.html";
    return ew_fmt("%s#%s", base, anchor);
}
