/* The runbook page: HTML, an anchor per layer and per cause, from the table of causes. */
#ifndef CLI_RUNBOOK_H
#define CLI_RUNBOOK_H

#include "edgewalk/judge.h"

void ew_cli_runbook(struct ew_buf *out);

#endif
