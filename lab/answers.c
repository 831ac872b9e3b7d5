#include "answers.h"

#include "edgewalk/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* headers: whole lines. date: the spelling of the Date header; NULL sends none. In body, "%s"
 * stands for the path that was asked for. */
struct row {
    const char *name;
    int status;
    const char *headers, *date, *body;
};
static const struct row rows[];
static size_t row_count(void);

static const struct row *row_find(const char *name)
{
    for (size_t i = 0; i < row_count(); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static const struct {
    const char *name;
    enum lab_end end;
} ends[] = {{"keep", LAB_KEEP},   {"close", LAB_CLOSE}, {"cut", LAB_CUT},
            {"empty", LAB_EMPTY}, {"reset", LAB_RESET}, {"silent", LAB_SILENT}};

static bool end_find(const char *name, enum lab_end *out)
{
    for (size_t i = 0; i < EW_COUNT(ends); i++)
        if (strcmp(ends[i].name, name) == 0) {
            *out = ends[i].end;
            return true;
        }
    return false;
}

static void add_date(struct lab_reply *reply, const char *name, int64_t now)
{
    char text[64];
    struct tm tm;
    time_t t = (time_t)now;
    gmtime_r(&t, &tm);
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    lab_reply_header(reply, name, text);
}

static void add_body(struct lab_reply *reply, const char *text, const char *path)
{
    const char *slot = strstr(text, "%s");
    ew_buf_clear(&reply->body);
    if (!slot) {
        ew_buf_adds(&reply->body, text);
        return;
    }
    ew_buf_add(&reply->body, text, (size_t)(slot - text));
    ew_buf_adds(&reply->body, path);
    ew_buf_adds(&reply->body, slot + 2);
}

static void add_headers(struct lab_reply *reply, const struct ew_json *headers)
{
    EW_JSON_EACH(header, headers)
    {
        if (ew_json_str(header))
            lab_reply_header(reply, ew_json_key(header), ew_json_str(header));
        EW_JSON_EACH(value, ew_json_is(header, EW_JSON_ARRAY) ? header : NULL)
        lab_reply_header(reply, ew_json_key(header), ew_json_str_or(value, ""));
    }
}

int lab_answer_check(const struct ew_json *spec, struct ew_err *err)
{
    const char *as = ew_json_get_str(spec, "as", NULL), *end = ew_json_get_str(spec, "end", NULL);
    enum lab_end ignored;
    if (as && !row_find(as))
        return ew_fail(err, EW_EUSAGE, "line %d: no answer is called \"%s\"", ew_json_line(spec),
                       as);
    if (end && !end_find(end, &ignored))
        return ew_fail(err, EW_EUSAGE,
                       "line %d: end \"%s\": keep, close, cut, empty, reset, silent",
                       ew_json_line(spec), end);
    return 0;
}

int lab_answer(const struct ew_json *spec, const struct lab_request *request, int64_t now,
               struct lab_reply *reply, struct ew_err *err)
{
    int rc = lab_answer_check(spec, err);
    if (rc)
        return rc;
    const struct row *row = row_find(ew_json_get_str(spec, "as", "plain"));
    reply->status = (int)ew_json_get_int(spec, "status", row->status);
    if (row->date && now)
        add_date(reply, row->date, now);
    ew_buf_adds(&reply->headers, row->headers);
    add_headers(reply, ew_json_get(spec, "headers"));
    add_body(reply, ew_json_get_str(spec, "body", row->body), request->path);
    end_find(ew_json_get_str(spec, "end", "keep"), &reply->end);
    reply->delay_ms = (int)ew_json_get_int(spec, "delay_ms", 0);
    reply->trickle_ms = (int)ew_json_get_int(spec, "trickle_ms", 0);
    return 0;
}

static bool host_fits(const char *pattern, const char *host)
{
    if (pattern[0] == '*' && pattern[1] == '.')
        return ew_text_suffix(host, pattern + 1) && strlen(host) > strlen(pattern + 1);
    return ew_text_ieq(pattern, host);
}

static bool path_fits(const char *pattern, const char *path)
{
    size_t len = strlen(pattern);
    if (len && pattern[len - 1] == '*')
        return strncmp(pattern, path, len - 1) == 0;
    return strcmp(pattern, path) == 0;
}

static bool headers_fit(const struct ew_json *wanted, const struct ew_map *headers)
{
    EW_JSON_EACH(header, wanted)
    if (!ew_streq(ew_json_str(header), ew_map_get(headers, ew_json_key(header))))
        return false;
    return true;
}

static bool fits(const struct ew_json *answer, const struct lab_request *request)
{
    const char *host = ew_json_get_str(answer, "host", NULL);
    const char *path = ew_json_get_str(answer, "path", NULL);
    const char *method = ew_json_get_str(answer, "method", NULL);
    const char *sni = ew_json_get_str(answer, "sni", NULL);
    return (!host || host_fits(host, request->host)) && (!path || path_fits(path, request->path)) &&
           (!method || strcmp(method, request->method) == 0) &&
           (!sni || (request->sni && host_fits(sni, request->sni))) &&
           headers_fit(ew_json_get(answer, "when"), request->headers);
}

const struct ew_json *lab_answer_pick(const struct ew_json *answers,
                                      const struct lab_request *request, const char **name)
{
    EW_JSON_EACH(answer, answers)
    if (fits(answer, request)) {
        *name = ew_json_key(answer);
        return answer;
    }
    return NULL;
}

#define NGINX_PAGE(text, tail)                                                                     \
    "<html>\r\n<head><title>" text "</title></head>\r\n<body>\r\n<center><h1>" text                \
    "</h1></center>\r\n<hr><center>" tail "</center>\r\n</body>\r\n</html>\r\n"
#define HTML "Content-Type: text/html\r\n"
#define TEXT "content-type: text/plain\r\n"
#define NGINX "Server: nginx\r\n" HTML
#define GO_TEXT "Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"

static const struct row rows[] = {
    {"plain", 200, "", "date", ""},
    /* applications, behind an Envoy that adds nothing */
    {"app-200", 200, "content-type: application/json\r\n", "date", "{\"status\":\"ok\"}\n"},
    {"app-404", 404,
     "x-powered-by: Express\r\ncontent-security-policy: default-src 'none'\r\n"
     "content-type: text/html; charset=utf-8\r\n",
     "date",
     "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n"
     "</head>\n<body>\n<pre>Cannot GET %s</pre>\n</body>\n</html>\n"},
    {"app-500", 500, "x-powered-by: Express\r\ncontent-type: application/json\r\n", "date",
     "{\"error\":\"could not connect to orders-db:5432\"}\n"},
    /* Envoy itself */
    {"envoy-404", 404, "", "date", ""},
    {"envoy-500", 500, "", "date", ""},
    {"envoy-503", 503, "", "date", ""},
    {"envoy-no-healthy-upstream", 503, TEXT, "date", "no healthy upstream"},
    {"envoy-upstream-refused", 503, TEXT, "date",
     "upstream connect error or disconnect/reset before headers. reset reason: remote connection "
     "failure, transport failure reason: delayed connect error: Connection refused"},
    {"envoy-upstream-timeout", 504, TEXT, "date", "upstream request timeout"},
    {"envoy-overflow", 503, "x-envoy-overloaded: true\r\n" TEXT, "date",
     "upstream connect error or disconnect/reset before headers. reset reason: overflow"},
    {"envoy-http10", 426, "connection: close\r\n", "date", ""},
    /* stock nginx, and as an Ingress controller (which takes its Server header away) */
    {"nginx-404", 404, NGINX, "Date", NGINX_PAGE("404 Not Found", "nginx")},
    {"nginx-502", 502, NGINX, "Date", NGINX_PAGE("502 Bad Gateway", "nginx")},
    {"nginx-503", 503, NGINX, "Date", NGINX_PAGE("503 Service Temporarily Unavailable", "nginx")},
    {"nginx-504", 504, NGINX, "Date", NGINX_PAGE("504 Gateway Time-out", "nginx")},
    {"nginx-497", 400, NGINX "Connection: close\r\n", "Date",
     "<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n"
     "<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n<center>The plain HTTP request was "
     "sent "
     "to HTTPS port</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"},
    {"nginx-496", 400, NGINX "Connection: close\r\n", "Date",
     "<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>\r\n<body>\r\n"
     "<center><h1>400 Bad Request</h1></center>\r\n<center>No required SSL certificate was sent"
     "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"},
    {"nginx-welcome", 200, NGINX, "Date",
     "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to "
     "nginx!</title>\n</head>\n<body>\n<h1>Welcome "
     "to nginx!</h1>\n</body>\n</html>\n"},
    {"ingress-nginx-404", 404, HTML, "Date", NGINX_PAGE("404 Not Found", "nginx")},
    {"ingress-nginx-502", 502, HTML, "Date", NGINX_PAGE("502 Bad Gateway", "nginx")},
    {"ingress-nginx-503", 503, HTML, "Date",
     NGINX_PAGE("503 Service Temporarily Unavailable", "nginx")},
    {"ingress-nginx-504", 504, HTML, "Date", NGINX_PAGE("504 Gateway Time-out", "nginx")},
    /* others */
    {"traefik-404", 404, GO_TEXT, "Date", "404 page not found\n"},
    {"traefik-503", 503, GO_TEXT, "Date", "no available server\n"},
    {"traefik-502", 502, "", "Date", "Bad Gateway"},
    {"haproxy-503", 503, "cache-control: no-cache\r\ncontent-type: text/html\r\n", NULL,
     "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this "
     "request.\n"
     "</body></html>\n"},
    {"alb-503", 503, "Server: awselb/2.0\r\nContent-Type: text/html\r\n", "Date",
     "<html>\r\n<head><title>503 Service Temporarily "
     "Unavailable</title></head>\r\n<body>\r\n<center>"
     "<h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n"},
    {"parking-page", 200, "Server: Apache\r\nContent-Type: text/html\r\n", "Date",
     "<html><head><title>This domain is parked</title></head><body>This domain is parked.</body>"
     "</html>\n"},
};

static size_t row_count(void)
{
    return EW_COUNT(rows);
}
