/* DNS as the files of this room share it: dns_channel.c has c-ares on the loop, dns.c the
 * questions. */
#ifndef EW_IO_DNS_H
#define EW_IO_DNS_H

#include "loop.h"

#define CARES_NO_DEPRECATED 1
#include <ares.h>

/* One a resolver, deadline and transport. */
struct dns_channel {
    struct io_dns *service;
    char *resolver;
    int timeout_ms;
    bool tcp;
    ares_channel ares; /* NULL: the resolver's address is none */
    struct event *timer;
    struct io_node sockets, waiting, asked;
    size_t in_flight, forgotten; /* forgotten: of those in flight, nobody waits for them */
};

struct io_dns {
    struct ew_loop *loop;
    struct ew_ptrs channels;
    struct event *kick;
};

/* ares stays NULL when the resolver's text is no address. */
struct dns_channel *dns_channel_new(struct io_dns *service, const char *resolver, int timeout_ms,
                                    bool tcp);
/* Gives back, through their callbacks, the questions that c-ares holds. */
void dns_channel_free(struct dns_channel *channel);
/* After each call into c-ares: arms the timer that it needs next. */
void dns_channel_rearm(struct dns_channel *channel);
/* "port-closed" or "unreachable": c-ares has one status for both. */
const char *dns_channel_refusal(const struct dns_channel *channel);

/* dns.c's: hands c-ares what waits, as far as the cap goes. */
void dns_ask_waiting(struct dns_channel *channel);

#endif
