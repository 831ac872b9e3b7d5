#include "edgewalk/fact/keys.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>

/* "PREFIX/ADDR:PORT" and, when there is one, "/TAIL". */
static char *at_address(const char *prefix, const char *address, int port, const char *tail)
{
    char *where = ew_ip_with_port(address, port);
    char *key = ew_fmt("%s/%s%s%s", prefix, where, tail ? "/" : "", tail ? tail : "");
    free(where);
    return key;
}

char *ew_key_dns(const char *resolver, const char *name, const char *type)
{
    return ew_fmt("dns/%s/%s/%s", resolver, name, type);
}

char *ew_key_tcp(const char *address, int port)
{
    return at_address("tcp", address, port, NULL);
}

char *ew_key_tls(const char *address, int port, const char *sni)
{
    return at_address("tls", address, port, sni ? sni : "-");
}

char *ew_key_http(const char *address, int port, const char *what)
{
    return at_address("http", address, port, what);
}

char *ew_key_get(const char *resource, const char *ns, const char *name)
{
    return ew_fmt("api/get/%s/%s/%s", resource, ns ? ns : "-", name);
}

char *ew_key_list(const char *resource, const char *ns, const char *selector)
{
    return ew_fmt("api/list/%s/%s%s%s", resource, ns ? ns : "*", selector ? "?" : "",
                  selector ? selector : "");
}
