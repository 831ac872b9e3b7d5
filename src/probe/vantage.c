/* What can be reached from here, by the routing table alone. */
#include "config.h"

#include "prober.h"

#include "edgewalk/base/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static socklen_t address_of(const char *text, struct sockaddr_storage *out)
{
    struct sockaddr_in *in = (struct sockaddr_in *)out;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
    memset(out, 0, sizeof(*out));
    if (inet_pton(AF_INET, text, &in->sin_addr) == 1) {
        in->sin_family = AF_INET;
        in->sin_port = htons(53);
        return sizeof(*in);
    }
    if (inet_pton(AF_INET6, text, &in6->sin6_addr) == 1) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons(53);
        return sizeof(*in6);
    }
    return 0;
}

/* Connecting a UDP socket sends nothing: it asks for a route, and for the source address to use,
 * which is written to source. */
static bool has_route(const char *address, struct sockaddr_storage *source)
{
    struct sockaddr_storage to;
    socklen_t len = address_of(address, &to), source_len = sizeof(*source);
    int fd = len ? socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
    if (fd < 0)
        return false;
    bool found = connect(fd, (struct sockaddr *)&to, len) == 0 &&
                 getsockname(fd, (struct sockaddr *)source, &source_len) == 0;
    close(fd);
    return found;
}

/* Addresses of a root name server, as good as any of the public Internet. */
static bool family_path(int family)
{
    struct sockaddr_storage source;
    if (family == 4)
        return has_route("198.41.0.4", &source);
    if (!has_route("2001:503:ba3e::2:30", &source))
        return false;
    /* A host with local addresses only has a default route, too, and leads nowhere. */
    return (((struct sockaddr_in6 *)&source)->sin6_addr.s6_addr[0] & 0xe0) == 0x20;
}

void ew_vantage_paths(bool *ipv4, bool *ipv6)
{
    *ipv4 = family_path(4);
    *ipv6 = family_path(6);
}

bool probe_no_path(const char *address)
{
    struct sockaddr_storage source;
    if (family_path(ew_ip_family(address)))
        return false;
    return !ew_ip_is_private(address) || !has_route(address, &source);
}
