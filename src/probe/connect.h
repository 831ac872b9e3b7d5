/* A TCP connection attempt with a deadline. */
#ifndef EW_PROBE_CONNECT_H
#define EW_PROBE_CONNECT_H

#include "edgewalk/io.h"

struct connect;
/* fd: the connection, the callee's from now on, with os_errno 0; or -1 and why (ETIMEDOUT at the
 * deadline, too). The attempt is gone then. */
typedef void connect_fn(void *ctx, int fd, int os_errno);
struct connect *connect_start(struct ew_loop *loop, const char *address, int port, int timeout_ms,
                              connect_fn *fn, void *ctx);
void connect_cancel(struct connect *attempt); /* NULL is allowed */

#endif
