#include "proxy.h"

#include "edgewalk/base/text.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* ---- URLs ---- */

/* "HOST", "HOST:PORT", "[V6]:PORT"; false when it is none of them. */
static bool split_port(char *text, char **host, long *port)
{
    char *colon = strrchr(text, ':');
    *host = text;
    if (*text == '[') {
        char *end = strchr(text, ']');
        if (!end || (end[1] && end[1] != ':'))
            return false;
        colon = end[1] ? end + 1 : NULL;
        *end = '\0';
        (*host)++;
    } else if (colon && strchr(text, ':') != colon) {
        colon = NULL; /* a bare IPv6 address */
    }
    if (!colon)
        return **host != '\0';
    *colon = '\0';
    return **host && ew_text_number(colon + 1, 1, 65535, port);
}

int proxy_parse(const char *text, struct proxy *out, struct ew_err *err)
{
    bool socks = ew_text_prefix(text, "socks5://") || ew_text_prefix(text, "socks5h://");
    const char *rest = strstr(text, "://");
    long port = socks ? 1080 : 80;
    char *host;
    if (rest && !socks && !ew_text_prefix(text, "http://"))
        return ew_fail(err, EW_EINPUT,
                       "neither http:// nor socks5://; other proxies are not "
                       "supported");
    rest = rest ? rest + 3 : text; /* in the environment the scheme may be left out */
    char *authority = ew_strndup(rest, strcspn(rest, "/?#"));
    char *at = strrchr(authority, '@');
    if (at)
        *at = '\0';
    bool good = split_port(at ? at + 1 : authority, &host, &port);
    if (good)
        *out = (struct proxy){ew_strdup(socks ? "socks5" : "http"),
                              at ? ew_strdup(authority) : NULL, ew_strdup(host), (int)port};
    ew_wipe(authority, strlen(authority));
    free(authority);
    return good ? EW_OK : ew_fail(err, EW_EINPUT, "not a URL such as http://proxy:3128");
}

void proxy_release(struct proxy *proxy)
{
    ew_wipe(proxy->credentials, proxy->credentials ? strlen(proxy->credentials) : 0);
    free(proxy->credentials);
    free(proxy->scheme);
    free(proxy->host);
    memset(proxy, 0, sizeof(*proxy));
}

char *proxy_url(const struct proxy *proxy, const char *address)
{
    char *place = ew_ip_with_port(address, proxy->port);
    char *url =
        ew_fmt("%s://%s%s%s", strcmp(proxy->scheme, "socks5") == 0 ? "socks5h" : "http",
               proxy->credentials ? proxy->credentials : "", proxy->credentials ? "@" : "", place);
    free(place);
    return url;
}

/* ---- NO_PROXY ---- */

static bool is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           (ew_ip_family(host) == 4 && ew_text_prefix(host, "127."));
}

static size_t address_bytes(const char *text, unsigned char out[16])
{
    if (inet_pton(AF_INET, text, out) == 1)
        return 4;
    return inet_pton(AF_INET6, text, out) == 1 ? 16 : 0;
}

/* "10.0.0.0/8" */
static bool in_network(const char *entry, const char *host)
{
    unsigned char net[16], addr[16];
    long bits;
    const char *slash = strchr(entry, '/');
    if (!slash)
        return false;
    char *base = ew_strndup(entry, (size_t)(slash - entry));
    size_t net_len = address_bytes(base, net), addr_len = address_bytes(host, addr);
    free(base);
    if (!net_len || net_len != addr_len || !ew_text_number(slash + 1, 0, (long)net_len * 8, &bits))
        return false;
    size_t whole = (size_t)bits / 8;
    unsigned char mask = (unsigned char)(0xff << (8 - bits % 8));
    return memcmp(net, addr, whole) == 0 &&
           (bits % 8 == 0 || (net[whole] & mask) == (addr[whole] & mask));
}

static bool covers(char *entry, const struct ew_url *server)
{
    long port = server->port;
    char *name;
    if (strcmp(entry, "*") == 0 || in_network(entry, server->host))
        return true;
    if (!split_port(entry, &name, &port) || port != server->port)
        return false;
    if (server->family)
        return strcmp(name, server->host) == 0;
    if (ew_text_prefix(name, "*."))
        name++;
    const char *bare = *name == '.' ? name + 1 : name;
    size_t len = strlen(bare), host_len = strlen(server->host);
    if (ew_text_ieq(bare, server->host))
        return *name != '.'; /* ".example.com" covers what is below it only */
    return host_len > len && server->host[host_len - len - 1] == '.' &&
           ew_text_ieq(server->host + host_len - len, bare);
}

bool proxy_is_bypassed(const char *no_proxy, const struct ew_url *server)
{
    if (is_loopback(server->host))
        return true;
    char *copy = ew_strdup(no_proxy ? no_proxy : ""), *rest = NULL;
    bool bypassed = false;
    for (char *entry = strtok_r(copy, ", \t", &rest); entry && !bypassed;
         entry = strtok_r(NULL, ", \t", &rest))
        bypassed = covers(entry, server);
    free(copy);
    return bypassed;
}

static const char *set(const char *upper, const char *lower, const char **variable)
{
    const char *value = getenv(upper);
    *variable = upper;
    if (value && *value)
        return value;
    value = getenv(lower);
    *variable = lower;
    return value && *value ? value : NULL;
}

const char *proxy_from_environment(const struct ew_url *server, const char **variable)
{
    const char *ignored;
    bool secure = strcmp(server->scheme, "https") == 0;
    const char *proxy = secure ? set("HTTPS_PROXY", "https_proxy", variable)
                               : set("HTTP_PROXY", "http_proxy", variable);
    if (!proxy || proxy_is_bypassed(set("NO_PROXY", "no_proxy", &ignored), server))
        return NULL;
    return proxy;
}
