/* Addresses as text, without the socket headers: this room does no I/O. */
#include "edgewalk/base/text.h"

#include <stdio.h>
#include <string.h>

static bool parse_v4(const char *text, unsigned char out[4])
{
    for (int i = 0; i < 4; i++) {
        int value = 0, len = 0;
        for (; *text >= '0' && *text <= '9' && len < 4; text++, len++)
            value = value * 10 + (*text - '0');
        /* A leading zero is octal for some readers: no literal at all, as inet_pton says. */
        if (len == 0 || len > 3 || value > 255 || (len > 1 && text[-len] == '0'))
            return false;
        if (*text++ != (i < 3 ? '.' : '\0'))
            return false;
        out[i] = (unsigned char)value;
    }
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The groups before or after "::", up to `room` of them; stops at "::" or the end. */
static bool parse_groups(const char **at, uint16_t *groups, int room, int *count)
{
    for (*count = 0; **at && !(**at == ':' && (*at)[1] == ':');) {
        const char *start = *at;
        unsigned value = 0;
        int len = 0;
        if (*count && *start++ != ':')
            return false;
        for (*at = start; hex_value(**at) >= 0 && len < 5; ++*at, len++)
            value = value << 4 | (unsigned)hex_value(**at);
        if (**at == '.') {
            unsigned char v4[4];
            if (*count + 2 > room || !parse_v4(start, v4))
                return false;
            groups[(*count)++] = (uint16_t)(v4[0] << 8 | v4[1]);
            groups[(*count)++] = (uint16_t)(v4[2] << 8 | v4[3]);
            *at = start + strlen(start);
            return true;
        }
        if (len == 0 || len > 4 || *count == room)
            return false;
        groups[(*count)++] = (uint16_t)value;
    }
    return true;
}

/* RFC 4291 §2.2 */
static bool parse_v6(const char *text, uint16_t out[8])
{
    uint16_t head[8], tail[8];
    int heads, tails;
    if (!parse_groups(&text, head, 8, &heads))
        return false;
    if (!*text) {
        memcpy(out, head, sizeof(head));
        return heads == 8;
    }
    text += 2;
    if (!parse_groups(&text, tail, 7, &tails) || *text || heads + tails > 7)
        return false;
    memset(out, 0, 8 * sizeof(*out));
    memcpy(out, head, (size_t)heads * sizeof(*out));
    memcpy(out + 8 - tails, tail, (size_t)tails * sizeof(*out));
    return true;
}

int ew_ip_family(const char *text)
{
    unsigned char v4[4];
    uint16_t v6[8];
    if (!text)
        return 0;
    return parse_v4(text, v4) ? 4 : parse_v6(text, v6) ? 6 : 0;
}

static bool is_mapped(const uint16_t v6[8])
{
    static const uint16_t prefix[6] = {0, 0, 0, 0, 0, 0xffff};
    return memcmp(v6, prefix, sizeof(prefix)) == 0;
}

/* RFC 5952 §4.2: the longest run of two or more zero groups, the first of equals. */
static int longest_zeros(const uint16_t v6[8], int *start)
{
    int best = 1;
    *start = -1;
    for (int i = 0; i < 8; i++) {
        int len = 0;
        while (i + len < 8 && v6[i + len] == 0)
            len++;
        if (len > best) {
            best = len;
            *start = i;
        }
        i += len;
    }
    return *start < 0 ? 0 : best;
}

static void format_v6(const uint16_t v6[8], char out[46])
{
    int start, zeros = longest_zeros(v6, &start);
    char *at = out;
    for (int i = 0; i < 8; i++) {
        if (i == start) {
            at += snprintf(at, 3, "::");
            i += zeros - 1;
            continue;
        }
        at += snprintf(at, 6, "%s%x", i && i != start + zeros ? ":" : "", v6[i]);
    }
}

bool ew_ip_canonical(const char *text, char out[46])
{
    unsigned char v4[4];
    uint16_t v6[8];
    if (text && parse_v4(text, v4)) {
        snprintf(out, 46, "%u.%u.%u.%u", v4[0], v4[1], v4[2], v4[3]);
        return true;
    }
    if (!text || !parse_v6(text, v6))
        return false;
    if (is_mapped(v6)) /* RFC 5952 §5 */
        snprintf(out, 46, "::ffff:%d.%d.%d.%d", v6[6] >> 8, v6[6] & 255, v6[7] >> 8, v6[7] & 255);
    else
        format_v6(v6, out);
    return true;
}

bool ew_ip_text(const unsigned char *bytes, size_t len, char out[46])
{
    char text[46];
    if (len == 4) {
        snprintf(out, 46, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
        return true;
    }
    if (len != 16)
        return false;
    for (int i = 0; i < 8; i++)
        snprintf(text + (i ? i * 5 - 1 : 0), 7, "%s%02x%02x", i ? ":" : "", bytes[2 * i],
                 bytes[2 * i + 1]);
    return ew_ip_canonical(text, out);
}

/* The IPv4 address that a literal is, mapped ones too. */
static bool as_v4(const char *text, uint32_t *out)
{
    unsigned char v4[4];
    uint16_t v6[8];
    if (parse_v4(text, v4)) {
        *out = (uint32_t)v4[0] << 24 | (uint32_t)v4[1] << 16 | (uint32_t)v4[2] << 8 | v4[3];
        return true;
    }
    if (!parse_v6(text, v6) || !is_mapped(v6))
        return false;
    *out = (uint32_t)v6[6] << 16 | v6[7];
    return true;
}

bool ew_ip_is_link_local(const char *text)
{
    uint32_t v4;
    uint16_t v6[8];
    if (!text)
        return false;
    if (as_v4(text, &v4))
        return v4 >> 16 == 0xa9fe;
    return parse_v6(text, v6) && (v6[0] & 0xffc0) == 0xfe80;
}

bool ew_ip_is_private(const char *text)
{
    static const struct {
        uint32_t net;
        int bits;
    } nets[] = {{0x0a000000, 8},  {0xac100000, 12}, {0xc0a80000, 16},
                {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16}};
    static const uint16_t loopback[8] = {0, 0, 0, 0, 0, 0, 0, 1};
    uint32_t v4;
    uint16_t v6[8];
    if (!text)
        return false;
    if (as_v4(text, &v4)) {
        for (size_t i = 0; i < EW_COUNT(nets); i++)
            if ((v4 ^ nets[i].net) >> (32 - nets[i].bits) == 0)
                return true;
        return false;
    }
    if (!parse_v6(text, v6))
        return false;
    return (v6[0] & 0xfe00) == 0xfc00 || (v6[0] & 0xffc0) == 0xfe80 ||
           memcmp(v6, loopback, sizeof(loopback)) == 0;
}

char *ew_ip_with_port(const char *address, int port)
{
    return ew_fmt(strchr(address, ':') ? "[%s]:%d" : "%s:%d", address, port);
}
