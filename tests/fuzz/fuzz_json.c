/* JSON: what was read and written is read again the same, as JSON and as YAML. */
#include "fuzz.h"

static int write_one(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    (void)err;
    ew_json_write(ctx, ew_doc_root(doc), 0);
    return EW_OK;
}

static void check_yaml(const struct ew_json *root, const struct ew_buf *json)
{
    struct ew_buf yaml, back;
    struct ew_err err = {0};
    ew_buf_init(&yaml, 0);
    ew_buf_init(&back, 0);
    ew_yaml_write(&yaml, root);
    int code = ew_yaml_parse("fuzz", yaml.data, yaml.len, write_one, &back, &err);
    if (code != EW_ELIMIT && !ew_json_is(root, EW_JSON_NULL)) { /* deeper than YAML may be; empty */
        FUZZ_CHECK(code == EW_OK);
        FUZZ_CHECK(ew_streq(ew_buf_text(json), ew_buf_text(&back)));
    }
    ew_buf_release(&yaml);
    ew_buf_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ew_doc *doc, *again;
    struct ew_err err = {0};
    struct ew_buf first, second;
    if (ew_json_parse((const char *)data, size, &doc, &err) != EW_OK) {
        FUZZ_CHECK(err.code < 0 && err.message[0]);
        return 0;
    }
    ew_buf_init(&first, 0);
    ew_buf_init(&second, 0);
    ew_json_write(&first, ew_doc_root(doc), 0);
    FUZZ_CHECK(ew_json_parse(first.data, first.len, &again, &err) == EW_OK);
    ew_json_write(&second, ew_doc_root(again), 0);
    FUZZ_CHECK(ew_streq(first.data, second.data));
    FUZZ_CHECK(ew_json_equal(ew_doc_root(again), ew_doc_root(again)));
    ew_buf_clear(&second);
    ew_json_write(&second, ew_doc_root(doc), 3);
    check_yaml(ew_doc_root(again), &first);
    ew_buf_release(&first);
    ew_buf_release(&second);
    ew_doc_wipe(doc);
    ew_doc_unref(doc);
    ew_doc_unref(again);
    return 0;
}
