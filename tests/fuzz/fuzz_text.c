/* Text from outside: what is cleaned is valid UTF-8, hides nothing and keeps to its columns; the
 * other readers of base never read past the end. */
#include "fuzz.h"

#include "edgewalk/base/text.h"
#include "edgewalk/base/url.h"

static void check_clean(const char *bytes, size_t size, size_t columns)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_text_clean(&out, bytes, size, columns);
    for (size_t i = 0, len; i < out.len; i += len) {
        uint32_t codepoint;
        len = ew_text_decode(out.data + i, out.len - i, &codepoint);
        FUZZ_CHECK(len && !ew_char_hidden(codepoint));
    }
    FUZZ_CHECK(!columns || ew_text_width(ew_buf_text(&out), out.len) <= columns);
    char *again = ew_text_cleaned(ew_buf_text(&out)); /* nothing is left to clean */
    FUZZ_CHECK(ew_streq(again, ew_buf_text(&out)));
    free(again);
    ew_buf_release(&out);
}

static void check_base64(const char *bytes, size_t size)
{
    size_t len;
    char *text = ew_base64_encode((const unsigned char *)bytes, size);
    unsigned char *back = ew_base64_decode(text, strlen(text), &len);
    FUZZ_CHECK(back && len == size && (!size || memcmp(back, bytes, size) == 0));
    free(back);
    free(text);
    free(ew_base64_decode(bytes, size, &len));
}

static void check_literals(const char *text)
{
    char canonical[46], again[46], formatted[32];
    int64_t ms, same;
    long number;
    if (ew_ip_canonical(text, canonical)) {
        FUZZ_CHECK(ew_ip_family(canonical) == ew_ip_family(text));
        FUZZ_CHECK(ew_ip_canonical(canonical, again) && ew_streq(canonical, again));
        FUZZ_CHECK(ew_ip_is_private(text) == ew_ip_is_private(canonical));
    }
    if (ew_time_parse(text, &ms) && ms > -62135596800000 && ms < 253402300799999) {
        ew_time_format(ms, formatted);
        FUZZ_CHECK(ew_time_parse(formatted, &same) && same == ms);
    }
    if (ew_text_number(text, -5, 70000, &number))
        FUZZ_CHECK(number >= -5 && number <= 70000);
    if (ew_text_duration(text, &ms))
        FUZZ_CHECK(ms >= 0);
    FUZZ_CHECK(ew_text_distance(text, text) == 0);
}

static void check_url(const char *text)
{
    struct ew_url url, again;
    struct ew_err err = {0};
    if (ew_url_parse(text, &url, &err) != EW_OK) {
        FUZZ_CHECK(err.code == EW_EINPUT && err.message[0]);
        return;
    }
    char *back = ew_url_text(&url);
    FUZZ_CHECK(ew_url_parse(back, &again, NULL) == EW_OK);
    FUZZ_CHECK(ew_streq(url.host, again.host) && url.port == again.port &&
               ew_streq(url.path, again.path) && ew_streq(url.query, again.query));
    free(back);
    ew_url_release(&url);
    ew_url_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = ew_strndup((const char *)data, size);
    check_clean((const char *)data, size, 0);
    check_clean((const char *)data, size, 1 + size % 13);
    check_base64((const char *)data, size);
    check_literals(text);
    check_url(text);
    free(text);
    return 0;
}
