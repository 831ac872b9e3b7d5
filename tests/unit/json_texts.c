#include "json_texts.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct ew_doc *doc_of(const char *text)
{
    struct ew_doc *doc = NULL;
    struct ew_err err = {0};
    int code = ew_json_parse(text, strlen(text), &doc, &err);
    ck_assert_msg(code == EW_OK, "%s: %s", text, err.message);
    return doc;
}

char *line_of(const struct ew_json *node)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_json_write(&out, node, 0);
    return ew_buf_take(&out);
}

void assert_json(const struct ew_json *node, const char *expected)
{
    char *text = line_of(node);
    ck_assert_str_eq(text, expected);
    free(text);
}

int write_down(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    char *text = line_of(ew_doc_root(doc));
    (void)err;
    ew_buf_addf(ctx, "%d %s\n", ew_json_line(ew_doc_root(doc)), text);
    free(text);
    return EW_OK;
}

void assert_documents(const char *text, const char *expected)
{
    struct ew_buf out;
    struct ew_err err = {0};
    ew_buf_init(&out, 0);
    int code = ew_yaml_parse("f.yaml", text, strlen(text), write_down, &out, &err);
    ck_assert_msg(code == EW_OK, "%s", err.message);
    ck_assert_str_eq(ew_buf_text(&out), expected);
    ew_buf_release(&out);
}

void assert_refused(const char *text, int code, const char *message)
{
    struct ew_buf out;
    struct ew_err err = {0};
    ew_buf_init(&out, 0);
    ck_assert_int_eq(ew_yaml_parse("f.yaml", text, strlen(text), write_down, &out, &err), code);
    ck_assert_int_eq(err.code, code);
    ck_assert_msg(strstr(err.message, message), "%s", err.message);
    ew_buf_release(&out);
}
