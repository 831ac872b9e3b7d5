/* Handshakes looked at. */
#ifndef JUDGE_TLS_H
#define JUDGE_TLS_H

#include "judging.h"

const struct ew_json *leaf_of(struct got got); /* NULL: none was shown */
int64_t not_after(const struct ew_json *cert);
/* What is wrong with a handshake, in a few words; NULL: nothing. */
const char *fault_of(struct judging *j, struct got got);

#endif
