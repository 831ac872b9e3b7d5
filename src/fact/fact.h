/* Shared by the room's files. */
#ifndef FACT_FACT_H
#define FACT_FACT_H

double ew_fact_round(double ms); /* to microseconds */

#endif
