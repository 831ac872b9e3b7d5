#include "edgewalk/base/text.h"

#include <stdlib.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* How many bytes the digits and paddings seen make, or -1 when no encoder writes such a number. */
static int tail_bytes(size_t digits, size_t paddings)
{
    switch (digits % 4) {
    case 0:
        return paddings == 0 ? 0 : -1;
    case 2:
        return paddings == 2 ? 1 : -1;
    case 3:
        return paddings == 1 ? 2 : -1;
    default:
        return -1;
    }
}

unsigned char *ew_base64_decode(const char *text, size_t len, size_t *out_len)
{
    size_t digits = 0, paddings = 0, made = 0, size = len / 4 * 3 + 4;
    uint32_t word = 0;
    unsigned char *bytes = ew_alloc(size);
    for (size_t i = 0; i < len; i++) {
        int value = digit(text[i]);
        if (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r')
            continue;
        if (text[i] == '=' && paddings < 2) {
            paddings++;
            continue;
        }
        if (value < 0 || paddings)
            goto broken;
        word = word << 6 | (uint32_t)value;
        if (++digits % 4 == 0) {
            bytes[made++] = (unsigned char)(word >> 16);
            bytes[made++] = (unsigned char)(word >> 8);
            bytes[made++] = (unsigned char)word;
        }
    }
    int tail = tail_bytes(digits, paddings);
    if (tail < 0)
        goto broken;
    word <<= tail == 1 ? 12 : 6;
    for (int i = 0; i < tail; i++)
        bytes[made++] = (unsigned char)(word >> (16 - 8 * i));
    bytes[made] = '\0';
    *out_len = made;
    return bytes;
broken:
    ew_wipe(bytes, size); /* it may have been a key */
    free(bytes);
    return NULL;
}

char *ew_base64_encode(const unsigned char *bytes, size_t len)
{
    char *text = ew_alloc((len + 2) / 3 * 4 + 1), *at = text;
    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        uint32_t word = (uint32_t)bytes[i] << 16;
        word |= n > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        word |= n > 2 ? bytes[i + 2] : 0;
        *at++ = alphabet[word >> 18];
        *at++ = alphabet[word >> 12 & 63];
        *at++ = n > 1 ? alphabet[word >> 6 & 63] : '=';
        *at++ = n > 2 ? alphabet[word & 63] : '=';
    }
    return text;
}
