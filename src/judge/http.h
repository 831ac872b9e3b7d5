/* The http layer: answers looked at, their author, and what they are called. */
#ifndef JUDGE_HTTP_H
#define JUDGE_HTTP_H

#include "judging.h"

bool http_expected(const struct judging *j, long status);
long http_status(struct got got); /* 0: no HTTP answer */
/* A status that is expected, of an answer that came whole. */
bool http_is_good(const struct judging *j, struct got got);
/* Marks of the answer that is spoken of, for whatever finding is about it. */
uint64_t http_answer_marks(const struct judging *j);
bool http_chain_bad(const struct judging *j);
bool answer_by_component(const struct answer *answer, const char *component);

#endif
