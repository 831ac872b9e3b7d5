/* YAML: every document can be written and read again; a failure has a code and a message. */
#include "fuzz.h"

static int check_document(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    struct ew_doc *again;
    struct ew_buf first, second;
    (void)ctx;
    FUZZ_CHECK(!ew_json_is(ew_doc_root(doc), EW_JSON_NULL));
    FUZZ_CHECK(ew_json_line(ew_doc_root(doc)) > 0);
    ew_buf_init(&first, 0);
    ew_buf_init(&second, 0);
    ew_json_write(&first, ew_doc_root(doc), 0);
    FUZZ_CHECK(ew_json_parse(first.data, first.len, &again, err) == EW_OK);
    ew_json_write(&second, ew_doc_root(again), 0);
    FUZZ_CHECK(ew_streq(first.data, second.data));
    ew_buf_release(&first);
    ew_buf_release(&second);
    ew_doc_unref(again);
    return EW_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ew_err err = {0};
    int code = ew_yaml_parse("fuzz", (const char *)data, size, check_document, NULL, &err);
    FUZZ_CHECK(code == EW_OK || (err.code == code && err.message[0]));
    return 0;
}
