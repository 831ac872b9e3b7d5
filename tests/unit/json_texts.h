/* JSON and YAML of tests as texts: read, written down, compared. */
#ifndef TESTS_UNIT_JSON_TEXTS_H
#define TESTS_UNIT_JSON_TEXTS_H

#include "edgewalk/json.h"

struct ew_doc *doc_of(const char *text);   /* the caller's; a test fails where it is none */
char *line_of(const struct ew_json *node); /* in one line; the caller's */
void assert_json(const struct ew_json *node, const char *expected);
/* An ew_doc_fn: every document of a text into a buffer (ctx), one a line, "LINE JSON". */
int write_down(void *ctx, struct ew_doc *doc, struct ew_err *err);
/* The documents of a text of YAML or JSON, so written down; how it is refused. */
void assert_documents(const char *text, const char *expected);
void assert_refused(const char *text, int code, const char *message);

#endif
