/* HTTP as the files of this room share it: http.c drives libcurl from the loop, http_easy.c tells
 * it what to ask and takes what comes, http_result.c says what became of it. */
#ifndef EW_IO_HTTP_H
#define EW_IO_HTTP_H

#include "loop.h"

#include <curl/curl.h>

enum { HTTP_HEADERS_MAX = 256 * 1024 };

struct http_pool;

struct ew_http {
    struct io_node node; /* in its pool: running or dead; in the service: waiting */
    struct http_pool *pool;
    struct ew_loop *loop;
    ew_http_fn *fn;
    void *ctx;
    bool started; /* curl_multi_add_handle was done */
    bool dead;    /* cancelled from inside libcurl: freed when libcurl has returned */

    CURL *easy;
    struct curl_slist *headers_out, *connect_to;
    struct ew_trust *trust;
    bool insecure, keep;
    int (*body_fn)(void *ctx, const char *bytes, size_t len);
    void (*head_fn)(void *ctx, int status, const char *const *headers);
    const char *refused; /* why it could not even be asked; NULL when all is well */

    struct ew_ptrs headers; /* name, value, …, NULL of the last block */
    size_t headers_size;
    bool headers_done, headers_over, head_told;
    struct ew_buf body;
    size_t body_max, body_seen;
    bool cut, aborted;
    char error[CURL_ERROR_SIZE];
};

/* Fills http->easy and what it points to; sets http->refused when the request cannot be made. */
void http_easy_init(struct ew_http *http, const struct ew_http_request *request);
void http_easy_release(struct ew_http *http);
/* What became of it; the result's texts are http's and libcurl's. */
void http_result_fill(struct ew_http *http, CURLcode code, struct ew_http_result *result);

#endif
