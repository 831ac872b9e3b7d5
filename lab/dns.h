/* A name server of the lab: one zone's answers over UDP and TCP, as a recursor gives them, or as a
 * scenario wants them. The wire format is written here by hand: libevent's server packs several
 * addresses into one record and knows neither TCP nor EDNS. */
#ifndef LAB_DNS_H
#define LAB_DNS_H

#include "edgewalk/json.h"

#include <event2/event.h>

#define LAB_DNS_MAX 65535

/* What comes back for one question: bytes (0: nothing at all), after a delay. */
struct lab_dns_answer {
    unsigned char bytes[LAB_DNS_MAX];
    size_t len;
    int delay_ms;
};
/* spec: one entry of `resolvers` (doc/scenario-format.md), filled in. Pure. */
void lab_dns_answer(const struct ew_json *spec, const unsigned char *query, size_t len, bool udp,
                    struct lab_dns_answer *out);

struct lab_dns;
/* Listens on UDP and TCP at address:port. spec must outlive it. */
int lab_dns_new(struct event_base *base, const struct ew_json *spec, const char *address, int port,
                struct lab_dns **out, struct ew_err *err);
void lab_dns_free(struct lab_dns *dns);

#endif
