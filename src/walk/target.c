#include "edgewalk/walk.h"

#include "edgewalk/base/text.h"
#include "edgewalk/base/url.h"

#include <idn2.h>
#include <stdlib.h>
#include <string.h>

/* RFC 5891: an internationalised host travels as A-labels. ASCII hosts pass unchanged, for names
 * such as "_dmarc.x" or "-a.x" are no IDNs and still resolve. */
static int to_ascii(struct ew_url *url, struct ew_err *err)
{
    char *ascii = NULL;
    const char *at = url->host;
    while (*at && (unsigned char)*at < 0x80)
        at++;
    if (!*at)
        return EW_OK;
    int rc = idn2_to_ascii_8z(url->host, &ascii, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    if (rc != IDN2_OK)
        return ew_fail(err, EW_EINPUT, "\"%s\" is not a host name: %s", url->host,
                       idn2_strerror(rc));
    free(url->host);
    url->host = ew_strdup(ascii);
    idn2_free(ascii);
    return EW_OK;
}

static char *with_scheme(const char *text)
{
    if (strstr(text, "://"))
        return ew_strdup(text);
    /* A bare IPv6 literal is a host too: nothing else has two colons. */
    if (ew_ip_family(text) == 6)
        return ew_fmt("https://[%s]/", text);
    return ew_fmt("https://%s", text);
}

static int usage_error(const char *text, const struct ew_err *cause, struct ew_err *err)
{
    return ew_fail(err, EW_EUSAGE, "%s: %s (a target is HOST, HOST:PORT/PATH or http(s)://...)",
                   text, cause->message);
}

int ew_target_parse(const char *text, struct ew_target *out, struct ew_err *err)
{
    struct ew_err cause = {0};
    struct ew_url url;
    char *full = with_scheme(text);
    int code = ew_url_parse(full, &url, &cause);
    free(full);
    if (code != EW_OK)
        return usage_error(text, &cause, err);
    if (to_ascii(&url, &cause) != EW_OK) {
        ew_url_release(&url);
        return usage_error(text, &cause, err);
    }
    *out = (struct ew_target){
        .text = ew_strdup(text),
        .url = ew_url_text(&url),
        .scheme = ew_strdup(url.scheme),
        .host = ew_strdup(url.host),
        .path = ew_strdup(url.path),
        .query = ew_strdup(url.query),
        .port = url.port,
        .literal = url.family != 0,
    };
    ew_url_release(&url);
    return EW_OK;
}

void ew_target_release(struct ew_target *target)
{
    free(target->text);
    free(target->url);
    free(target->scheme);
    free(target->host);
    free(target->path);
    free(target->query);
    memset(target, 0, sizeof(*target));
}
