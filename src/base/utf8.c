#include "edgewalk/base/text.h"

#include "widths.h"

#include <string.h>

/* RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
size_t ew_text_decode(const char *bytes, size_t len, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)bytes;
    if (len == 0)
        return 0;
    if (at[0] < 0x80) {
        *out = at[0];
        return 1;
    }
    size_t size = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || size > len)
        return 0;
    uint32_t value = at[0] & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3fu);
    }
    if (value < least[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *out = value;
    return size;
}

static bool in_ranges(uint32_t codepoint, const struct range *ranges, size_t count)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (codepoint > ranges[middle].last)
            low = middle + 1;
        else if (codepoint < ranges[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}

bool ew_char_hidden(uint32_t codepoint)
{
    return in_ranges(codepoint, hidden, EW_COUNT(hidden));
}

int ew_char_width(uint32_t codepoint)
{
    if (codepoint >= 0x20 && codepoint < 0x7f)
        return 1;
    if (ew_char_hidden(codepoint) || in_ranges(codepoint, zero, EW_COUNT(zero)))
        return 0;
    return in_ranges(codepoint, wide, EW_COUNT(wide)) ? 2 : 1;
}

size_t ew_text_width(const char *text, size_t len)
{
    size_t width = 0;
    uint32_t codepoint;
    for (size_t i = 0; i < len;) {
        size_t size = ew_text_decode(text + i, len - i, &codepoint);
        width += size ? (size_t)ew_char_width(codepoint) : 1;
        i += size ? size : 1;
    }
    return width;
}

/* One character, or one broken byte, as it may be shown. Returns how many bytes it was. */
static size_t clean_one(struct ew_buf *piece, const char *bytes, size_t len)
{
    uint32_t codepoint;
    size_t size = ew_text_decode(bytes, len, &codepoint);
    ew_buf_clear(piece);
    if (size == 0)
        ew_buf_addf(piece, "\\x%02x", (unsigned char)bytes[0]);
    else if (codepoint == '\n')
        ew_buf_adds(piece, "\\n");
    else if (codepoint == '\t')
        ew_buf_adds(piece, " ");
    else if (!ew_char_hidden(codepoint))
        ew_buf_add(piece, bytes, size);
    else if (codepoint < 0x80)
        ew_buf_addf(piece, "\\x%02x", (unsigned)codepoint);
    else
        ew_buf_addf(piece, codepoint > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)codepoint);
    return size ? size : 1;
}

static size_t plain_run(const char *bytes, size_t len)
{
    size_t run = 0;
    while (run < len && bytes[run] >= 0x20 && bytes[run] < 0x7f)
        run++;
    return run;
}

void ew_text_clean(struct ew_buf *out, const char *bytes, size_t len, size_t max_cols)
{
    size_t columns = 0, keep = out->len; /* keep: where the text still leaves a column free */
    struct ew_buf piece;
    ew_buf_init(&piece, 0);
    for (size_t i = 0; i < len;) {
        size_t run = max_cols ? 0 : plain_run(bytes + i, len - i);
        if (run) {
            ew_buf_add(out, bytes + i, run);
            i += run;
            continue;
        }
        i += clean_one(&piece, bytes + i, len - i);
        columns += ew_text_width(piece.data, piece.len);
        if (max_cols && columns > max_cols) {
            out->len = keep;
            ew_buf_adds(out, "\xe2\x80\xa6");
            break;
        }
        ew_buf_add(out, piece.data, piece.len);
        if (columns < max_cols)
            keep = out->len;
    }
    ew_buf_release(&piece);
}

char *ew_text_cleaned(const char *text)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    if (text)
        ew_text_clean(&out, text, strlen(text), 0);
    return ew_buf_take(&out);
}
