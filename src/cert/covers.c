/* Whether a certificate is for a host: RFC 6125 §6.4, RFC 9525 §6. */
#include "config.h"

#include "edgewalk/base/text.h"
#include "edgewalk/cert.h"

#include <string.h>
#include <strings.h>

/* Length without the root's dot. */
static size_t name_len(const char *name)
{
    size_t len = strlen(name);
    return len && name[len - 1] == '.' ? len - 1 : len;
}

static bool same(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return a_len == b_len && strncasecmp(a, b, a_len) == 0;
}

/* "*" stands for exactly one whole left-most label, and never right below a top-level domain, as
 * OpenSSL and curl hold it. */
static bool wildcard_covers(const char *san, size_t san_len, const char *host, size_t host_len)
{
    const char *rest = memchr(host, '.', host_len);
    if (!rest || rest == host || !memchr(san + 2, '.', san_len - 2))
        return false;
    return same(san + 1, san_len - 1, rest, host_len - (size_t)(rest - host));
}

static bool name_covers(const char *san, const char *host)
{
    size_t san_len = name_len(san), host_len = name_len(host);
    if (san_len > 2 && san[0] == '*' && san[1] == '.')
        return wildcard_covers(san, san_len, host, host_len);
    return san_len && same(san, san_len, host, host_len);
}

static bool address_covers(const char *san, const char *host)
{
    char a[46], b[46];
    return ew_ip_canonical(san, a) && ew_ip_canonical(host, b) && !strcmp(a, b);
}

bool ew_cert_covers(const struct ew_json *sans, const char *host, const char **matched)
{
    bool literal = ew_ip_family(host) != 0;
    EW_JSON_EACH(san, sans)
    {
        const char *text = ew_json_str_or(san, "");
        bool covers = literal ? ew_text_prefix(text, "ip:") && address_covers(text + 3, host)
                              : ew_text_prefix(text, "dns:") && name_covers(text + 4, host);
        if (!covers)
            continue;
        if (matched)
            *matched = text;
        return true;
    }
    return false;
}
