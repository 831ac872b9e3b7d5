/* The rules that claim the host, and why each lost. */
#ifndef ROUTE_CANDIDATES_H
#define ROUTE_CANDIDATES_H

#include "decide.h"

void candidates_list(struct draft *draft);

#endif
