/* Sockets of the lab, bound to one address and port. */
#ifndef LAB_SOCKETS_H
#define LAB_SOCKETS_H

#include "edgewalk/base/err.h"

#include <sys/socket.h>

/* A bound, non-blocking socket of the type (SOCK_STREAM, SOCK_DGRAM); -1 with err. */
int lab_socket(const char *address, int port, int type, struct ew_err *err);
/* A client's socket that holds the whole accept queue of a listener with backlog 0, so that further
 * connections get no answer: a black hole without privileges (Linux). -1 with err. */
int lab_socket_fill(const char *address, int port, struct ew_err *err);

#endif
