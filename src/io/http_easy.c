/* One request as libcurl wants it, and its callbacks while the answer arrives. */
#include "http.h"

#include "edgewalk/base/text.h"

#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* ---- what comes ---- */

static void headers_clear(struct ew_http *http)
{
    for (size_t i = 0; i < http->headers.count; i++)
        free(http->headers.at[i]);
    http->headers.count = 0;
}

static size_t trimmed(const char **text, size_t len)
{
    while (len && strchr(" \t\r\n", **text))
        (*text)++, len--;
    while (len && strchr(" \t\r\n", (*text)[len - 1]))
        len--;
    return len;
}

static void header_add(struct ew_http *http, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    if (!colon)
        return;
    const char *name = line, *value = colon + 1;
    size_t name_len = trimmed(&name, (size_t)(colon - line));
    size_t value_len = trimmed(&value, len - (size_t)(colon + 1 - line));
    ew_ptrs_add(&http->headers, ew_strndup(name, name_len));
    ew_ptrs_add(&http->headers, ew_strndup(value, value_len));
}

/* Gets every line raw, those of 1xx blocks and trailers too. */
static size_t on_header(char *line, size_t size, size_t count, void *arg)
{
    struct ew_http *http = arg;
    size_t len = size * count;
    http->headers_size += len;
    if (http->headers_size > HTTP_HEADERS_MAX) {
        http->headers_over = true;
        return 0;
    }
    if (len >= 5 && !strncmp(line, "HTTP/", 5)) {
        headers_clear(http);
        http->headers_done = false;
    } else if (len <= 2 && (line[0] == '\r' || line[0] == '\n')) {
        http->headers_done = true;
    } else if (!http->headers_done) {
        header_add(http, line, len);
    }
    return len;
}

static void tell_head(struct ew_http *http)
{
    if (http->head_told || !http->head_fn)
        return;
    http->head_told = true;
    long status = 0;
    curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
    ew_ptrs_add(&http->headers, NULL);
    http->headers.count--;
    http->head_fn(http->ctx, (int)status, (const char *const *)http->headers.at);
}

/* Takes less than offered to end the transfer: libcurl has no other cap that counts decompressed
 * bytes of an endless body. */
static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct ew_http *http = arg;
    size_t len = size * count, take = len;
    if (http->dead)
        return 0;
    if (len)
        tell_head(http);
    bool limited = !http->body_fn || http->body_max;
    if (limited && take > http->body_max - http->body_seen) {
        take = http->body_max - http->body_seen;
        http->cut = true;
    }
    http->body_seen += take;
    if (!http->body_fn)
        ew_buf_add(&http->body, bytes, take);
    else if (!http->dead && take && http->body_fn(http->ctx, bytes, take))
        http->aborted = true;
    return http->cut || http->aborted || http->dead ? CURL_WRITEFUNC_ERROR : len;
}

/* Children that are spawned meanwhile must not inherit connections (7.88 leaves that out). */
static curl_socket_t on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)arg;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static CURLcode on_ssl_ctx(CURL *easy, void *ssl_ctx, void *arg)
{
    (void)easy;
    struct ew_http *http = arg;
    SSL_CTX_set_options(ssl_ctx, SSL_OP_CLEANSE_PLAINTEXT);
    if (http->insecure) {
        /* Where nothing is trusted, an old server can still be looked at. */
        SSL_CTX_set_security_level(ssl_ctx, 0);
        SSL_CTX_set_options(ssl_ctx, SSL_OP_LEGACY_SERVER_CONNECT);
    } else if (http->trust) {
        SSL_CTX_set1_cert_store(ssl_ctx, ew_trust_store(http->trust));
    }
    return CURLE_OK;
}

/* ---- what is asked ---- */

static void set_url(struct ew_http *http, const struct ew_http_request *request)
{
    CURLU *url = curl_url();
    char *host = NULL, *port = NULL, *text = NULL, *scheme = NULL;
    if (!url || curl_url_set(url, CURLUPART_URL, request->url, CURLU_PATH_AS_IS) ||
        curl_url_get(url, CURLUPART_HOST, &host, 0) ||
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0)) {
        http->refused = "not a URL that can be asked for";
        goto out;
    }
    if (request->server_name && strcasecmp(request->server_name, host) != 0) {
        /* libcurl takes SNI and the name to verify from the URL alone: the URL gets the server's
         * name, and the host of the request goes into a header of its own. */
        curl_url_get(url, CURLUPART_PORT, &port, 0);
        char *line = ew_fmt("Host: %s%s%s", host, port ? ":" : "", port ? port : "");
        http->headers_out = curl_slist_append(http->headers_out, line);
        free(line);
        if (curl_url_set(url, CURLUPART_HOST, request->server_name, 0))
            http->refused = "not a server name";
    }
    if (!http->refused && !curl_url_get(url, CURLUPART_URL, &text, 0))
        curl_easy_setopt(http->easy, CURLOPT_URL, text);
    curl_easy_setopt(http->easy, CURLOPT_HTTP_VERSION,
                     (long)(request->http2 && !strcmp(scheme, "https") ? CURL_HTTP_VERSION_2TLS
                                                                       : CURL_HTTP_VERSION_1_1));
out:
    curl_free(host);
    curl_free(port);
    curl_free(text);
    curl_free(scheme);
    curl_url_cleanup(url);
}

/* The address is part of libcurl's key for connection reuse only this way, not by RESOLVE. */
static void pin(struct ew_http *http, const char *address)
{
    int family = address ? ew_ip_family(address) : 0;
    if (!family) {
        http->refused = "no address to connect to";
        return;
    }
    char *line = ew_fmt(family == 6 ? "::[%s]:" : "::%s:", address);
    http->connect_to = curl_slist_append(NULL, line);
    free(line);
    curl_easy_setopt(http->easy, CURLOPT_CONNECT_TO, http->connect_to);
}

static void set_headers(struct ew_http *http, const struct ew_http_request *request)
{
    for (const char *const *h = request->headers; h && *h; h++) {
        if (strpbrk(*h, "\r\n"))
            http->refused = "a header with a line break";
        else
            http->headers_out = curl_slist_append(http->headers_out, *h);
    }
    /* No waiting for a 100 before a body goes out. */
    http->headers_out = curl_slist_append(http->headers_out, "Expect:");
    curl_easy_setopt(http->easy, CURLOPT_HTTPHEADER, http->headers_out);
}

static void set_method(struct ew_http *http, const struct ew_http_request *request)
{
    const char *method = request->method ? request->method : "GET";
    CURL *easy = http->easy;
    if (request->data) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->data_len);
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, request->data);
    }
    if (!strcmp(method, "HEAD"))
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else if (strcmp(method, "GET") != 0 || request->data)
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
}

static void set_blob(CURL *easy, CURLoption option, const char *text)
{
    struct curl_blob blob = {.data = (void *)text, .len = strlen(text), .flags = CURL_BLOB_COPY};
    curl_easy_setopt(easy, option, &blob);
}

static void set_tls(struct ew_http *http, const struct ew_http_request *request)
{
    CURL *easy = http->easy;
    /* Else Debian's directory stays trusted beside any CA given. */
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    http->insecure = request->insecure;
    if (request->trust) {
        http->trust = ew_trust_ref(request->trust);
        curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
    }
    if (request->insecure) {
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
        curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
        curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_0);
    }
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_ssl_ctx);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, http);
    if (request->client_cert_pem)
        set_blob(easy, CURLOPT_SSLCERT_BLOB, request->client_cert_pem);
    if (request->client_key_pem)
        set_blob(easy, CURLOPT_SSLKEY_BLOB, request->client_key_pem);
}

static void set_callbacks(struct ew_http *http)
{
    CURL *easy = http->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, http);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, http->error);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, http);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, http);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
}

static void set_transfer(CURL *easy, const struct ew_http_request *request)
{
    const char *agent = request->user_agent ? request->user_agent : "edgewalk/" PACKAGE_VERSION;
    curl_easy_setopt(easy, CURLOPT_USERAGENT, agent);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    /* Nothing from the environment. */
    curl_easy_setopt(easy, CURLOPT_PROXY, request->proxy ? request->proxy : "");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)request->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    if (request->gzip)
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    if (request->keep) {
        curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
        curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    } else {
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    }
}

void http_easy_init(struct ew_http *http, const struct ew_http_request *request)
{
    http->keep = request->keep;
    http->body_fn = request->body;
    http->head_fn = request->head;
    http->body_max = request->body_max;
    ew_buf_init(&http->body, request->body_max ? request->body_max : 1);
    http->easy = curl_easy_init();
    if (!http->easy)
        abort();
    set_callbacks(http);
    set_transfer(http->easy, request);
    set_url(http, request);
    set_method(http, request);
    set_headers(http, request);
    set_tls(http, request);
    if (!request->proxy)
        pin(http, request->address);
}

void http_easy_release(struct ew_http *http)
{
    curl_easy_cleanup(http->easy);
    curl_slist_free_all(http->headers_out);
    curl_slist_free_all(http->connect_to);
    ew_trust_unref(http->trust);
    headers_clear(http);
    ew_ptrs_release(&http->headers);
    ew_buf_release(&http->body);
}
