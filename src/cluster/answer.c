#include "client.h"

#include "edgewalk/base/text.h"

#include <string.h>

bool answer_is_json(const char *content_type)
{
    return !content_type || strstr(content_type, "json");
}

const char *answer_of_transport(const struct ew_http_result *http)
{
    static const struct {
        const char *outcome, *failure;
    } rows[] = {
        {"timeout", "timeout"},
        {"tls-untrusted", "tls-untrusted"},
        {"http09", "not-an-api-server"},
    };
    for (size_t i = 0; i < EW_COUNT(rows); i++)
        if (strcmp(rows[i].outcome, http->outcome) == 0)
            return rows[i].failure;
    return "unreachable";
}

/* ---- what the server says ---- */

/* metav1.Status, from the start of a body: NULL when it is none. */
static struct ew_doc *status_of(const struct answer *answer)
{
    struct ew_doc *doc;
    if (!answer->len || ew_json_parse(answer->body, answer->len, &doc, NULL) != EW_OK)
        return NULL;
    if (ew_streq(ew_json_get_str(ew_doc_root(doc), "kind", NULL), "Status"))
        return doc;
    ew_doc_unref(doc);
    return NULL;
}

/* The first line of a plain answer; a page of HTML says nothing in a line. */
static char *plain_words(const struct answer *answer)
{
    bool html =
        (answer->type && strstr(answer->type, "html")) || (answer->len && answer->body[0] == '<');
    size_t len = answer->len ? strcspn(answer->body, "\r\n") : 0;
    if (html || !len)
        return ew_fmt("HTTP %d%s", answer->status, html ? " and a page of HTML" : "");
    return ew_fmt("HTTP %d: %.*s", answer->status, len > 200 ? 200 : (int)len, answer->body);
}

static char *words(const struct answer *answer, const struct ew_doc *status)
{
    const char *message = ew_json_get_str(ew_doc_root(status), "message", NULL);
    if (message && *message)
        return ew_strndup(message, strlen(message) > TEXT_MAX ? TEXT_MAX : strlen(message));
    if (answer->status >= 300 && answer->status < 400 && answer->location)
        return ew_fmt("HTTP %d, a redirect to %.200s", answer->status, answer->location);
    if (answer->status == 200)
        return ew_fmt("HTTP 200 with %.80s in place of JSON", answer->type ? answer->type : "?");
    return plain_words(answer);
}

/* ---- classes ---- */

static const char *class_of(const struct answer *answer, bool is_status)
{
    bool html = answer->type && strstr(answer->type, "html");
    switch (answer->status) {
    case 401:
        return "unauthorized";
    case 403: /* a proxy's own refusal comes as a page */
        return is_status || !html ? "forbidden" : "not-an-api-server";
    case 404:
        return is_status || !html ? "absent" : "not-an-api-server";
    case 410:
        return "gone";
    case 429:
        return "throttled";
    case 504:
        return "timeout";
    default:
        break;
    }
    if (answer->status >= 500)
        return "unreachable";
    return is_status ? "malformed" : "not-an-api-server";
}

void answer_classify(const struct answer *answer, struct call_result *out, char **text)
{
    struct ew_doc *status = status_of(answer);
    const struct ew_json *details = ew_json_get(ew_doc_root(status), "details");
    out->failure = class_of(answer, status != NULL);
    /* Of an object that is missing the Status has the name; a resource that is not served gives a
     * plain page, or a Status without one. */
    out->not_served = strcmp(out->failure, "absent") == 0 && !*ew_json_get_str(details, "name", "");
    *text = words(answer, status);
    ew_doc_unref(status);
}
