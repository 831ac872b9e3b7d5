/* DNS answers, packed by hand for tests. */
#ifndef TESTS_UNIT_PACKET_H
#define TESTS_UNIT_PACKET_H

#include <stddef.h>
#include <stdint.h>

struct packet {
    unsigned char *bytes;
    size_t len;
};

enum packet_section { PACKET_ANSWER = 1, PACKET_AUTHORITY = 2, PACKET_MORE = 3 };
enum { PACKET_AA = 0x0400, PACKET_TC = 0x0200 };

/* Begins an answer to the question of these bytes in buf (which must be large enough). */
struct packet packet_reply(const unsigned char *question, size_t len, unsigned char *buf, int flags,
                           int rcode);
/* Adds a record; sections in their order. */
void packet_add(struct packet *packet, enum packet_section section, const char *name, int type,
                uint32_t ttl, const void *data, size_t len);
void packet_add_name(struct packet *packet, enum packet_section section, const char *name, int type,
                     uint32_t ttl, const char *target);
void packet_add_soa(struct packet *packet, const char *name, uint32_t ttl, uint32_t minimum);
void packet_add_ede(struct packet *packet, int code, const char *text); /* with its OPT */
/* A question as a resolver gets it. */
size_t packet_question(unsigned char *buf, const char *name, int type);
int packet_type_asked(const unsigned char *question, size_t len);

#endif
