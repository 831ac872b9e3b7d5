/* What became of a request, in our words. */
#include "http.h"

#include <errno.h>
#include <string.h>

static const char *connect_outcome(int os_errno)
{
    switch (os_errno) {
    case ECONNREFUSED:
        return "refused";
    case ECONNRESET:
        return "reset";
    case ETIMEDOUT:
        return "timeout";
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EADDRNOTAVAIL:
    case EACCES:
    case EPERM:
        return "unreachable";
    default:
        return "error";
    }
}

/* A peer that ends the TLS stream without a word (OpenSSL: unexpected eof) sent nothing; libcurl
 * has no code for it. */
static const char *broken_outcome(const struct ew_http *http, bool answered)
{
    if (!answered && strstr(http->error, "unexpected eof"))
        return "empty";
    return "reset";
}

static const struct {
    CURLcode code;
    const char *outcome;
} words[] = {
    {CURLE_OPERATION_TIMEDOUT, "timeout"},
    {CURLE_GOT_NOTHING, "empty"},
    {CURLE_PARTIAL_FILE, "reset"},
    {CURLE_HTTP2_STREAM, "reset"},
    {CURLE_SSL_CONNECT_ERROR, "tls"},
    {CURLE_SSL_CERTPROBLEM, "tls"},
    {CURLE_SSL_CIPHER, "tls"},
    {CURLE_SSL_CACERT_BADFILE, "tls"},
    {CURLE_SSL_ISSUER_ERROR, "tls"},
    {CURLE_SSL_CLIENTCERT, "tls"},
    {CURLE_PEER_FAILED_VERIFICATION, "tls-untrusted"},
    {CURLE_UNSUPPORTED_PROTOCOL, "http09"},
};

static const char *outcome_of(const struct ew_http *http, CURLcode code, int os_errno, int status)
{
    if (code == CURLE_OK)
        return "answer";
    if (http->headers_over)
        return "error";
    if (http->aborted)
        return "aborted";
    if (http->cut)
        return "answer";
    if (code == CURLE_COULDNT_CONNECT)
        return connect_outcome(os_errno);
    if (code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR)
        return broken_outcome(http, status > 0);
    for (size_t i = 0; i < EW_COUNT(words); i++)
        if (words[i].code == code)
            return words[i].outcome;
    return "error";
}

static const char *version_name(long version)
{
    switch (version) {
    case CURL_HTTP_VERSION_1_0:
        return "1.0";
    case CURL_HTTP_VERSION_1_1:
        return "1.1";
    case CURL_HTTP_VERSION_2_0:
        return "2";
    case CURL_HTTP_VERSION_3:
        return "3";
    default:
        return NULL;
    }
}

static double time_ms(CURL *easy, CURLINFO info)
{
    curl_off_t us = 0;
    curl_easy_getinfo(easy, info, &us);
    return (double)us / 1e3;
}

static void fill_times(CURL *easy, struct ew_http_result *result)
{
    result->connect_ms = time_ms(easy, CURLINFO_CONNECT_TIME_T);
    result->tls_ms = time_ms(easy, CURLINFO_APPCONNECT_TIME_T);
    result->first_byte_ms = time_ms(easy, CURLINFO_STARTTRANSFER_TIME_T);
    result->total_ms = time_ms(easy, CURLINFO_TOTAL_TIME_T);
}

static void fill_answer(struct ew_http *http, struct ew_http_result *result)
{
    CURL *easy = http->easy;
    long status = 0, version = 0, header_size = 0;
    curl_off_t body_size = 0;
    char *location = NULL;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    curl_easy_getinfo(easy, CURLINFO_HEADER_SIZE, &header_size);
    curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &body_size);
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &location);
    /* Half a header block, or an informational one, is no answer yet. */
    if (!http->headers_done || (status < 200 && status != 101))
        status = 0;
    result->status = (int)status;
    result->version = status ? version_name(version) : NULL;
    result->location = location;
    result->wire_bytes = (size_t)header_size + (size_t)body_size;
    ew_ptrs_add(&http->headers, NULL);
    http->headers.count--;
    result->headers = (const char *const *)http->headers.at;
    result->body = ew_buf_text(&http->body);
    result->body_len = http->body.len;
    result->cut = http->cut;
}

void http_result_fill(struct ew_http *http, CURLcode code, struct ew_http_result *result)
{
    long os_errno = 0;
    memset(result, 0, sizeof(*result));
    curl_easy_getinfo(http->easy, CURLINFO_OS_ERRNO, &os_errno);
    fill_answer(http, result);
    fill_times(http->easy, result);
    result->os_errno = (int)os_errno;
    result->outcome = outcome_of(http, code, (int)os_errno, result->status);
    if (http->refused)
        result->error = http->refused;
    else if (http->headers_over)
        result->error = "headers beyond 256 KiB";
    else if (code != CURLE_OK && strcmp(result->outcome, "answer") != 0)
        result->error = http->error[0] ? http->error : curl_easy_strerror(code);
}
