/* The way to the API server through a proxy: kubeconfig's proxy-url, else the environment's, by the
 * rules of Go's net/http (golang.org/x/net/http/httpproxy). */
#ifndef EW_CLUSTER_PROXY_H
#define EW_CLUSTER_PROXY_H

#include "edgewalk/base/url.h"

struct proxy {
    char *scheme;      /* "http" or "socks5" */
    char *credentials; /* "user:password", as in the URL; NULL: none */
    char *host;
    int port;
};

/* EW_EINPUT, without the credentials, when it is none of http:// and socks5://. */
int proxy_parse(const char *text, struct proxy *out, struct ew_err *err);
void proxy_release(struct proxy *proxy);
/* For libcurl, with the proxy's host replaced by its address; the names of servers are resolved by
 * the proxy. The caller's. */
char *proxy_url(const struct proxy *proxy, const char *address);

/* What HTTPS_PROXY or HTTP_PROXY (either case) and NO_PROXY say for a server; NULL: no proxy.
 * *variable is the name of the one that counts. */
const char *proxy_from_environment(const struct ew_url *server, const char **variable);
/* Whether an entry of NO_PROXY covers the server; loopback always goes past the proxy. */
bool proxy_is_bypassed(const char *no_proxy, const struct ew_url *server);

#endif
