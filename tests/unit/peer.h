/* The other end of a connection, for tests: a listener on loopback in a thread of its own that does
 * to each connection what the test says. */
#ifndef TESTS_UNIT_PEER_H
#define TESTS_UNIT_PEER_H

#include <stdbool.h>
#include <stddef.h>

struct peer;
/* Called in the peer's thread for each connection, one after the other; fd is closed after it. */
typedef void peer_fn(int fd, void *ctx);
struct peer *peer_start(peer_fn *serve, void *ctx);
struct peer *peer_v6_start(peer_fn *serve, void *ctx); /* on ::1; NULL where there is none */
int peer_port(const struct peer *peer);
int peer_served(const struct peer *peer); /* connections so far */
void peer_stop(struct peer *peer);

/* A UDP socket whose datagrams the test answers: serve fills the answer and returns its length, 0
 * for silence. */
typedef size_t peer_udp_fn(const unsigned char *question, size_t len, unsigned char *answer,
                           size_t max, void *ctx);
struct peer *peer_udp_start(peer_udp_fn *serve, void *ctx);
/* The same, and a TCP listener at the same port. */
struct peer *peer_both_start(peer_udp_fn *serve, peer_fn *serve_tcp, void *ctx);

/* A port of 127.0.0.1 where nobody listens (any more). */
int peer_closed_port(void);
/* A listener whose queue is full: connecting there gets no answer. *keep: descriptors to close. */
int peer_black_hole(int keep[3]);

/* ---- for serve ---- */
size_t peer_read_head(int fd, char *buf, size_t max); /* up to an empty line; NUL-terminated */
void peer_write(int fd, const char *text);
void peer_reset(int fd);       /* RST at close */
void peer_wait_closed(int fd); /* until the other side is gone */

/* Open descriptors of this process: the same before and after is no leak. */
int peer_open_fds(void);

#endif
