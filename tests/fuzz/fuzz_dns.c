/* DNS answers: whatever a resolver sends is read whole or not at all, and bounded. */
#include "fuzz.h"

#include "edgewalk/probe.h"

static void check_answers(const struct ew_json *answers)
{
    FUZZ_CHECK(ew_json_is(answers, EW_JSON_ARRAY) && ew_json_count(answers) <= 1000);
    EW_JSON_EACH(answer, answers)
    {
        FUZZ_CHECK(ew_json_get_str(answer, "name", NULL) && ew_json_get_str(answer, "type", NULL));
        FUZZ_CHECK(ew_json_strlen(ew_json_get(answer, "data")) <= 8192);
        FUZZ_CHECK(ew_json_num(ew_json_get(answer, "ttl"), -1) >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ew_buf text;
    struct ew_doc *doc = ew_dns_read(data, size, "192.0.2.53:53", "www.example", "A");
    if (!doc)
        return 0;
    const struct ew_json *root = ew_doc_root(doc);
    FUZZ_CHECK(ew_json_strlen(ew_json_get(root, "rcode")) > 0);
    check_answers(ew_json_get(root, "answers"));
    ew_buf_init(&text, 0);
    ew_json_write(&text, root, 0);
    ew_buf_release(&text);
    ew_doc_unref(doc);
    return 0;
}
