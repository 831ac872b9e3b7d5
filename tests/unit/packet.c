#include "config.h"

#include "packet.h"

#include <string.h>

static void put16(unsigned char *at, unsigned value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

static void put32(unsigned char *at, uint32_t value)
{
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

/* Uncompressed. */
static size_t put_name(unsigned char *at, const char *name)
{
    size_t used = 0;
    while (*name) {
        size_t label = strcspn(name, ".");
        at[used++] = (unsigned char)label;
        memcpy(at + used, name, label);
        used += label;
        name += label + (name[label] == '.');
    }
    at[used++] = 0;
    return used;
}

static size_t question_len(const unsigned char *question, size_t len)
{
    size_t at = 12;
    while (at < len && question[at])
        at += question[at] + 1u;
    return at + 5 <= len ? at + 5 : len;
}

int packet_type_asked(const unsigned char *question, size_t len)
{
    size_t end = question_len(question, len);
    return question[end - 4] << 8 | question[end - 3];
}

size_t packet_question(unsigned char *buf, const char *name, int type)
{
    memset(buf, 0, 12);
    put16(buf, 0x1234);
    put16(buf + 2, 0x0100);
    put16(buf + 4, 1);
    size_t len = 12 + put_name(buf + 12, name);
    put16(buf + len, (unsigned)type);
    put16(buf + len + 2, 1);
    return len + 4;
}

struct packet packet_reply(const unsigned char *question, size_t len, unsigned char *buf, int flags,
                           int rcode)
{
    struct packet packet = {buf, question_len(question, len)};
    memcpy(buf, question, packet.len);
    put16(buf + 2, 0x8180u | (unsigned)flags | (unsigned)rcode);
    put16(buf + 4, 1);
    memset(buf + 6, 0, 6);
    return packet;
}

void packet_add(struct packet *packet, enum packet_section section, const char *name, int type,
                uint32_t ttl, const void *data, size_t len)
{
    unsigned char *count = packet->bytes + 4 + 2 * section;
    unsigned char *at = packet->bytes + packet->len;
    at += put_name(at, name);
    put16(at, (unsigned)type);
    put16(at + 2, 1);
    put32(at + 4, ttl);
    put16(at + 8, (unsigned)len);
    memcpy(at + 10, data, len);
    packet->len = (size_t)(at + 10 + len - packet->bytes);
    put16(count, (unsigned)(count[0] << 8 | count[1]) + 1);
}

void packet_add_name(struct packet *packet, enum packet_section section, const char *name, int type,
                     uint32_t ttl, const char *target)
{
    unsigned char data[256];
    packet_add(packet, section, name, type, ttl, data, put_name(data, target));
}

void packet_add_soa(struct packet *packet, const char *name, uint32_t ttl, uint32_t minimum)
{
    unsigned char data[600];
    size_t len = put_name(data, "ns.example");
    len += put_name(data + len, "hostmaster.example");
    for (uint32_t i = 0; i < 5; i++)
        put32(data + len + 4 * i, i < 4 ? i + 1 : minimum);
    packet_add(packet, PACKET_AUTHORITY, name, 6, ttl, data, len + 20);
}

void packet_add_ede(struct packet *packet, int code, const char *text)
{
    unsigned char data[300];
    size_t len = strlen(text);
    put16(data, 15);
    put16(data + 2, (unsigned)(len + 2));
    put16(data + 4, (unsigned)code);
    memcpy(data + 6, text, len);
    packet_add(packet, PACKET_MORE, "", 41, 0, data, len + 6);
    /* An OPT's class is the size of a datagram. */
    put16(packet->bytes + packet->len - len - 6 - 8, 1232);
}
