/* The rules that claim the host, and why each lost. */
#ifndef ROUTE_CANDIDATES_H
#define ROUTE_CANDIDATES_H

#include "decide.h"

void candidates_list(struct draft *draft);
/* Why b goes before a though both match, in the arena. */
const char *lost_to(struct draft *draft, const struct match *a, const char *pattern);

#endif
