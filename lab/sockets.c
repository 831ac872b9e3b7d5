#include "sockets.h"

#include "edgewalk/base/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

union any {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t fill_address(const char *address, int port, union any *out)
{
    memset(out, 0, sizeof *out);
    if (ew_ip_family(address) == 6) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((in_port_t)port);
        inet_pton(AF_INET6, address, &out->v6.sin6_addr);
        return sizeof out->v6;
    }
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = htons((in_port_t)port);
    inet_pton(AF_INET, address, &out->v4.sin_addr);
    return sizeof out->v4;
}

int lab_socket(const char *address, int port, int type, struct ew_err *err)
{
    union any any;
    socklen_t len = fill_address(address, port, &any);
    int on = 1, fd = socket(any.any.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && type == SOCK_STREAM)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd >= 0 && bind(fd, &any.any, len) == 0)
        return fd;
    ew_fail(err, EW_EFAILED, "cannot listen at %s port %d: %s", address, port, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}

int lab_socket_fill(const char *address, int port, struct ew_err *err)
{
    union any any;
    socklen_t len = fill_address(address, port, &any);
    int fd = socket(any.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, &any.any, len) == 0)
        return fd;
    ew_fail(err, EW_EFAILED, "cannot fill the queue of %s port %d: %s", address, port,
            strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}
