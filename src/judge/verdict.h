/* The verdict made of one judgement: the election held, findings numbered, layers closed. */
#ifndef JUDGE_VERDICT_H
#define JUDGE_VERDICT_H

#include "judging.h"

/* Texts and arrays of out are j's arena's. */
void verdict_fill(struct judging *j, struct ew_verdict *out);

/* Whose the subjects of all findings are, as far as the objects say (owner.c). */
void owners_find(struct judging *j);

#endif
