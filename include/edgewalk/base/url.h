/* An absolute http or https URL taken apart (RFC 3986, the part of it that HTTP uses). */
#ifndef EDGEWALK_BASE_URL_H
#define EDGEWALK_BASE_URL_H

#include "edgewalk/base/err.h"

#include <stdbool.h>

/* All texts are the url's. host is lower case, without brackets and without a trailing dot. */
struct ew_url {
    char *scheme; /* "http" or "https" */
    char *host;
    char *path;  /* begins with "/", as typed (percent-encoding kept) */
    char *query; /* without "?", "" when there is none */
    int port;    /* the scheme's own when none is given */
    int family;  /* 4 or 6 when host is an address literal, else 0 */
};

/* EW_EINPUT, with what would be right, when it is not such a URL, holds user information, blanks or
 * control characters, a port outside 1 to 65535, or a host that cannot be one. */
int ew_url_parse(const char *text, struct ew_url *out, struct ew_err *err);
void ew_url_release(struct ew_url *url);
/* "https://host/path?query", the port only where it is not the scheme's own; the caller's. */
char *ew_url_text(const struct ew_url *url);
/* The host of a Host header's value: without port and brackets, in lower case. The caller's. */
char *ew_host_header(const char *value);
/* "host" or "[addr]", with ":port" only where it is not the scheme's own: the Host header. */
char *ew_url_authority(const struct ew_url *url);

/* GET, HEAD and OPTIONS (RFC 9110 §9.2.1): may be sent without being asked for. NULL is GET. */
bool ew_method_is_safe(const char *method);
/* Whether a header of this name (len bytes) carries a credential, or may well: it is never kept and
 * goes only with the request that it was typed for. */
bool ew_header_is_secret(const char *name, size_t len);

#endif
