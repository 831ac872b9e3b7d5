/* The user's headers go to the host they were typed for and to nobody else: a sibling host and a
 * redirect to another host get none, a control on the same host and another scheme or port of it
 * get them without credentials. */
#include "config.h"

#include "http_rules.h"

#include "edgewalk/base/text.h"
#include "edgewalk/base/url.h"

#include <string.h>
#include <strings.h>

const char *http_method(const char *what, const char *wanted)
{
    bool follows = ew_text_prefix(what, "sample-") || ew_text_prefix(what, "hop-");
    if (wanted && (!strcmp(what, "main") || (follows && ew_method_is_safe(wanted))))
        return wanted;
    return "GET";
}

/* ---- URLs ---- */

struct origin {
    bool tls;
    const char *host, *port; /* port may be empty */
    size_t host_len, port_len;
};

static struct origin origin_of(const char *url)
{
    struct origin out = {.tls = !strncasecmp(url, "https:", 6)};
    const char *at = strstr(url, "://");
    at = at ? at + 3 : url;
    size_t len = strcspn(at, "/?#");
    for (size_t i = 0; i < len; i++) /* user information is no part of the host */
        if (at[i] == '@') {
            at += i + 1;
            len -= i + 1;
            i = (size_t)-1;
        }
    const char *bracket = len && *at == '[' ? memchr(at, ']', len) : NULL;
    const char *from = bracket ? bracket : at;
    const char *colon = memchr(from, ':', len - (size_t)(from - at));
    out.host = at;
    out.host_len = colon ? (size_t)(colon - at) : len;
    out.port = colon ? colon + 1 : "";
    out.port_len = colon ? len - out.host_len - 1 : 0;
    if (!out.port_len) {
        out.port = out.tls ? "443" : "80";
        out.port_len = strlen(out.port);
    }
    return out;
}

static bool alike(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return a_len == b_len && strncasecmp(a, b, a_len) == 0;
}

bool http_same_host(const char *a, const char *b)
{
    struct origin x = origin_of(a), y = origin_of(b);
    return alike(x.host, x.host_len, y.host, y.host_len);
}

bool http_same_origin(const char *a, const char *b)
{
    struct origin x = origin_of(a), y = origin_of(b);
    return x.tls == y.tls && alike(x.port, x.port_len, y.port, y.port_len) && http_same_host(a, b);
}

/* ---- headers ---- */

static bool is_credential(const char *header)
{
    return ew_header_is_secret(header, strcspn(header, ":;"));
}

enum share { NOTHING, WITHOUT_CREDENTIALS, ALL };

static enum share share_of(const char *what, const char *url, const char *main_url)
{
    if (!strcmp(what, "main"))
        return ALL;
    if (!main_url || !http_same_host(url, main_url))
        return NOTHING;
    bool same_request = ew_text_prefix(what, "sample-") || ew_text_prefix(what, "hop-");
    return same_request && http_same_origin(url, main_url) ? ALL : WITHOUT_CREDENTIALS;
}

const char **http_headers(const char *const *user, const char *what, const char *url,
                          const char *main_url)
{
    enum share share = share_of(what, url, main_url);
    size_t count = 0, left = 0;
    while (user && user[count])
        count++;
    const char **out = ew_alloc((count + 1) * sizeof(*out));
    for (size_t i = 0; i < count && share != NOTHING; i++)
        if (share == ALL || !is_credential(user[i]))
            out[left++] = user[i];
    return out;
}
