#include "edgewalk/base/url.h"

#include "edgewalk/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int default_port(const char *scheme)
{
    return strcmp(scheme, "https") == 0 ? 443 : 80;
}

static bool is_clean(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        if (*at <= ' ' || *at == 0x7f)
            return false;
    return true;
}

/* RFC 1123 host names, and the underscore that DNS allows and some zones use. UTF-8 passes: it is
 * for libidn2, later, to say what it means. */
static bool is_host_name(const char *host)
{
    size_t label = 0, total = strlen(host);
    if (total == 0 || total > 253)
        return false;
    for (const unsigned char *at = (const unsigned char *)host; *at; at++) {
        bool word = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '-' ||
                    *at == '_' || *at >= 0x80;
        if (*at == '.' ? label == 0 : !word)
            return false;
        label = *at == '.' ? 0 : label + 1;
        if (label > 63)
            return false;
    }
    return label > 0;
}

static int parse_port(const char *text, struct ew_url *out, struct ew_err *err)
{
    long port;
    if (!*text) /* "host:" is allowed and means the scheme's own port */
        return EW_OK;
    if (!ew_text_number(text, 1, 65535, &port))
        return ew_fail(err, EW_EINPUT, "port \"%s\" is not a number from 1 to 65535", text);
    out->port = (int)port;
    return EW_OK;
}

static int parse_bracketed(char *authority, struct ew_url *out, struct ew_err *err)
{
    char *end = strchr(authority, ']');
    char canonical[46];
    if (!end || (end[1] && end[1] != ':'))
        return ew_fail(err, EW_EINPUT, "\"%s\" lacks a closing bracket before the port", authority);
    *end = '\0';
    if (ew_ip_family(authority + 1) != 6 || !ew_ip_canonical(authority + 1, canonical))
        return ew_fail(err, EW_EINPUT, "\"%s\" is not an IPv6 address", authority + 1);
    out->family = 6;
    out->host = ew_strdup(canonical);
    return end[1] ? parse_port(end + 2, out, err) : EW_OK;
}

static int parse_authority(char *authority, struct ew_url *out, struct ew_err *err)
{
    if (strchr(authority, '@'))
        return ew_fail(err, EW_EINPUT,
                       "a URL with user information is not taken: use -H 'Authorization: ...'");
    if (authority[0] == '[')
        return parse_bracketed(authority, out, err);
    char *colon = strchr(authority, ':');
    if (colon && strchr(colon + 1, ':'))
        return ew_fail(err, EW_EINPUT, "\"%s\": an IPv6 address stands in brackets, as in [::1]",
                       authority);
    if (colon)
        *colon++ = '\0';
    size_t len = strlen(authority);
    if (len && authority[len - 1] == '.')
        authority[len - 1] = '\0';
    ew_text_lower(authority);
    out->family = ew_ip_family(authority);
    if (!out->family && !is_host_name(authority))
        return ew_fail(err, EW_EINPUT, "\"%s\" is not a host name", authority);
    out->host = ew_strdup(authority);
    return colon ? parse_port(colon, out, err) : EW_OK;
}

static void parse_target(const char *rest, struct ew_url *out)
{
    size_t whole = strcspn(rest, "#");
    size_t path = strcspn(rest, "?#");
    char *text = ew_strndup(rest, path);
    out->path = *text == '/' ? ew_strdup(text) : ew_fmt("/%s", text);
    free(text);
    out->query = path < whole ? ew_strndup(rest + path + 1, whole - path - 1) : ew_strdup("");
}

int ew_url_parse(const char *text, struct ew_url *out, struct ew_err *err)
{
    struct ew_url url = {0};
    const char *rest = strstr(text, "://");
    if (!rest)
        return ew_fail(err, EW_EINPUT, "\"%s\" is not a URL such as https://host/path", text);
    if (!is_clean(text))
        return ew_fail(err, EW_EINPUT,
                       "a URL has no blanks or control characters: "
                       "percent-encode them (%%20)");
    url.scheme = ew_strndup(text, (size_t)(rest - text));
    ew_text_lower(url.scheme);
    if (strcmp(url.scheme, "http") != 0 && strcmp(url.scheme, "https") != 0) {
        int code = ew_fail(err, EW_EINPUT, "scheme \"%s\" is not http or https", url.scheme);
        ew_url_release(&url);
        return code;
    }
    url.port = default_port(url.scheme);
    rest += 3;
    size_t len = strcspn(rest, "/?#");
    char *authority = ew_strndup(rest, len);
    int code = parse_authority(authority, &url, err);
    free(authority);
    if (code != EW_OK) {
        ew_url_release(&url);
        return code;
    }
    parse_target(rest + len, &url);
    *out = url;
    return EW_OK;
}

void ew_url_release(struct ew_url *url)
{
    free(url->scheme);
    free(url->host);
    free(url->path);
    free(url->query);
    memset(url, 0, sizeof(*url));
}

char *ew_url_authority(const struct ew_url *url)
{
    char port[16] = "";
    if (url->port != default_port(url->scheme))
        snprintf(port, sizeof(port), ":%d", url->port);
    return ew_fmt(url->family == 6 ? "[%s]%s" : "%s%s", url->host, port);
}

char *ew_url_text(const struct ew_url *url)
{
    char *authority = ew_url_authority(url);
    char *text = ew_fmt("%s://%s%s%s%s", url->scheme, authority, url->path, *url->query ? "?" : "",
                        url->query);
    free(authority);
    return text;
}

bool ew_method_is_safe(const char *method)
{
    return !method || strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
           strcmp(method, "OPTIONS") == 0;
}

bool ew_header_is_secret(const char *name, size_t len)
{
    static const char *const words[] = {"auth", "cookie", "token", "secret", "key", "password"};
    for (size_t w = 0; w < EW_COUNT(words); w++)
        for (size_t i = 0, n = strlen(words[w]); i + n <= len; i++)
            if (strncasecmp(name + i, words[w], n) == 0)
                return true;
    return false;
}

char *ew_host_header(const char *value)
{
    value += strspn(value, " \t");
    const char *end = *value == '[' ? strchr(value, ']') : NULL;
    char *host = end ? ew_strndup(value + 1, (size_t)(end - value - 1))
                     : ew_strndup(value, strcspn(value, ": \t"));
    ew_text_lower(host);
    return host;
}
