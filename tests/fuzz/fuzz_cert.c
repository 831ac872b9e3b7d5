/* Certificates: DER, and the two texts of a Secret (cut at the first NUL byte). */
#include "fuzz.h"

#include "edgewalk/cert.h"

static void check_cert(const struct ew_json *cert)
{
    FUZZ_CHECK(ew_json_strlen(ew_json_get(cert, "fingerprint")) == 64);
    FUZZ_CHECK(ew_json_is(ew_json_get(cert, "subject"), EW_JSON_STRING));
    FUZZ_CHECK(ew_json_is(ew_json_get(cert, "key"), EW_JSON_STRING));
    EW_JSON_EACH(san, ew_json_get(cert, "sans"))
    {
        const char *text = ew_json_str_or(san, "");
        FUZZ_CHECK(strlen(text) == ew_json_strlen(san)); /* no NUL hides the end of a name */
        FUZZ_CHECK(!strncmp(text, "dns:", 4) || !strncmp(text, "ip:", 3));
    }
    ew_cert_covers(ew_json_get(cert, "sans"), "www.good.example", NULL);
    ew_cert_covers(ew_json_get(cert, "sans"), "192.0.2.1", NULL);
}

static void check_pair(struct ew_doc *doc, const char *text, size_t size)
{
    const char *cut = memchr(text, '\0', size);
    const char *key = cut ? cut + 1 : NULL;
    size_t crt_len = cut ? (size_t)(cut - text) : size;
    size_t key_len = cut ? size - crt_len - 1 : 0;
    const struct ew_json *pair = ew_cert_describe_pair(doc, text, crt_len, key, key_len);
    const struct ew_json *chain = ew_json_get(pair, "chain");
    FUZZ_CHECK(ew_json_is(chain, EW_JSON_ARRAY) && ew_json_count(chain) <= 100);
    FUZZ_CHECK(ew_json_count(chain) || ew_json_get_str(pair, "error", NULL));
    FUZZ_CHECK(ew_json_get_bool(pair, "has_key", false) == (key_len > 0));
    EW_JSON_EACH(cert, chain)
    check_cert(cert);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ew_buf text;
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *cert = ew_cert_describe(doc, data, size);
    ew_buf_init(&text, 0);
    if (cert) {
        check_cert(cert);
        ew_json_write(&text, cert, 0);
    }
    check_pair(doc, (const char *)data, size);
    ew_buf_release(&text);
    ew_doc_unref(doc);
    return 0;
}
