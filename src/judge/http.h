/* The http layer: answers looked at, their author, and what they are called. */
#ifndef JUDGE_HTTP_H
#define JUDGE_HTTP_H

#include "judging.h"

/* 0: no HTTP answer. Of a gRPC answer, the HTTP status that its grpc-status stands for. */
long http_status(struct got got);
const char *http_status_text(struct judging *j, struct got got); /* "404", "gRPC status 12 …" */
const char *http_header(const struct ew_json *answer, const char *name); /* NULL: not there */
/* Marks of the answer that is spoken of, for whatever finding is about it. */
uint64_t http_answer_marks(const struct judging *j);
bool http_chain_bad(const struct judging *j);
bool http_is_redirect(long status);
/* A header of an http fact that comes from behind an edge; NULL: none. */
const char *http_app_mark(const struct ew_json *value);
bool answer_by_component(const struct answer *answer, const char *component);

#endif
