/* libcurl's multi interface on the loop. What libcurl keeps connections by does not include the
 * trust store that we put in from outside, so each trust has a pool (a multi handle) of its own. */
#include "http.h"
#include "wiped.h"

#include <stdlib.h>

struct http_pool {
    struct io_http *service;
    struct ew_trust *trust; /* NULL: none given */
    bool insecure;
    bool kept; /* has connections worth keeping; otherwise it goes when it has nothing to do */
    CURLM *multi;
    struct event *timer;
    struct io_node running, dead, sockets;
    int inside; /* depth of calls into libcurl that run callbacks */
};

struct http_socket {
    struct io_node node;
    struct http_pool *pool;
    struct event *event;
};

struct io_http {
    struct ew_loop *loop;
    struct ew_ptrs pools;
    struct io_node waiting; /* started, not handed to libcurl yet */
    struct event *kick;
};

static void http_free(struct ew_http *http)
{
    io_node_unlink(&http->node);
    if (http->started)
        curl_multi_remove_handle(http->pool->multi, http->easy);
    http_easy_release(http);
    free(http);
}

static void deliver(struct ew_http *http, CURLcode code)
{
    struct ew_http_result result;
    http_result_fill(http, code, &result);
    ew_http_fn *fn = http->fn;
    void *ctx = http->ctx;
    /* Off the list first: fn may free the whole prober, and cancel everything but this. */
    io_node_unlink(&http->node);
    http->fn = NULL;
    fn(ctx, &result);
    http_free(http);
}

/* Delivers what has ended. */
static void reap(struct http_pool *pool)
{
    while (!io_node_alone(&pool->dead))
        http_free((struct ew_http *)pool->dead.next);
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(pool->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result;
        char *http = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &http);
        deliver((struct ew_http *)(void *)http, code);
    }
}

static void act(struct http_pool *pool, curl_socket_t fd, int what)
{
    int running = 0;
    pool->inside++;
    curl_multi_socket_action(pool->multi, fd, what, &running);
    pool->inside--;
    reap(pool);
    if (io_node_alone(&pool->running) && !pool->kept)
        io_event_after(pool->service->kick, 0);
}

static void socket_ready(evutil_socket_t fd, short what, void *arg)
{
    struct http_socket *sock = arg; /* may be gone once libcurl was called */
    int flags = (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0);
    act(sock->pool, fd, flags);
}

static void timer_due(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    act(arg, CURL_SOCKET_TIMEOUT, 0);
}

/* May ask for 0 ms: a timer is armed even then, libcurl must not be called from here. */
static int on_timer(CURLM *multi, long timeout_ms, void *arg)
{
    (void)multi;
    struct http_pool *pool = arg;
    if (timeout_ms < 0)
        event_del(pool->timer);
    else
        io_event_after(pool->timer, (double)timeout_ms);
    return 0;
}

static void socket_free(struct http_socket *sock)
{
    io_node_unlink(&sock->node);
    event_free(sock->event);
    free(sock);
}

static int on_socket_wish(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
    (void)easy;
    struct http_pool *pool = arg;
    struct http_socket *sock = known;
    if (what == CURL_POLL_REMOVE) {
        if (sock)
            socket_free(sock);
        return 0;
    }
    if (!sock) {
        sock = ew_alloc(sizeof(*sock));
        sock->pool = pool;
        io_node_link(&pool->sockets, &sock->node);
        curl_multi_assign(pool->multi, fd, sock);
    } else {
        event_free(sock->event);
    }
    short flags = (short)(EV_PERSIST | (what & CURL_POLL_IN ? EV_READ : 0) |
                          (what & CURL_POLL_OUT ? EV_WRITE : 0));
    sock->event = io_event(pool->service->loop, fd, flags, socket_ready, sock);
    event_add(sock->event, NULL);
    return 0;
}

static struct http_pool *pool_new(struct io_http *service, const struct ew_http *http)
{
    struct http_pool *pool = ew_alloc(sizeof(*pool));
    pool->service = service;
    pool->trust = http->trust ? ew_trust_ref(http->trust) : NULL;
    pool->insecure = http->insecure;
    io_node_init(&pool->running);
    io_node_init(&pool->dead);
    io_node_init(&pool->sockets);
    pool->timer = io_event(service->loop, -1, 0, timer_due, pool);
    pool->multi = curl_multi_init();
    if (!pool->multi)
        abort();
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION, on_socket_wish);
    curl_multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, pool);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(pool->multi, CURLMOPT_TIMERDATA, pool);
    ew_ptrs_add(&service->pools, pool);
    return pool;
}

static void pool_free(struct http_pool *pool)
{
    while (!io_node_alone(&pool->running))
        http_free((struct ew_http *)pool->running.next);
    while (!io_node_alone(&pool->dead))
        http_free((struct ew_http *)pool->dead.next);
    curl_multi_cleanup(pool->multi);
    while (!io_node_alone(&pool->sockets))
        socket_free((struct http_socket *)pool->sockets.next);
    event_free(pool->timer);
    ew_trust_unref(pool->trust);
    free(pool);
}

static struct http_pool *pool_for(struct io_http *service, const struct ew_http *http)
{
    for (size_t i = 0; i < service->pools.count; i++) {
        struct http_pool *pool = service->pools.at[i];
        if (pool->trust == http->trust && pool->insecure == http->insecure)
            return pool;
    }
    return pool_new(service, http);
}

static void drop_idle(struct io_http *service)
{
    size_t left = 0;
    for (size_t i = 0; i < service->pools.count; i++) {
        struct http_pool *pool = service->pools.at[i];
        if (!pool->kept && io_node_alone(&pool->running))
            pool_free(pool);
        else
            service->pools.at[left++] = pool;
    }
    service->pools.count = left;
}

/* Hands over what was started; from the loop, where no call into libcurl is under way. */
static void kicked(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct io_http *service = arg;
    while (!io_node_alone(&service->waiting)) {
        struct ew_http *http = (struct ew_http *)service->waiting.next;
        io_node_unlink(&http->node);
        if (http->refused) {
            deliver(http, CURLE_URL_MALFORMAT);
            continue;
        }
        http->pool = pool_for(service, http);
        http->pool->kept = http->pool->kept || http->keep;
        io_node_link(&http->pool->running, &http->node);
        http->started = true;
        curl_multi_add_handle(http->pool->multi, http->easy);
    }
    drop_idle(service);
}

static struct io_http *service_of(struct ew_loop *loop)
{
    if (loop->http)
        return loop->http;
    io_curl_init();
    struct io_http *service = ew_alloc(sizeof(*service));
    service->loop = loop;
    io_node_init(&service->waiting);
    service->kick = io_event(loop, -1, 0, kicked, service);
    loop->http = service;
    return service;
}

struct ew_http *ew_http_start(struct ew_loop *loop, const struct ew_http_request *request,
                              ew_http_fn *fn, void *ctx)
{
    struct io_http *service = service_of(loop);
    struct ew_http *http = ew_alloc(sizeof(*http));
    http->loop = loop;
    http->fn = fn;
    http->ctx = ctx;
    http_easy_init(http, request);
    io_node_link(&service->waiting, &http->node);
    io_event_after(service->kick, 0);
    return http;
}

void ew_http_cancel(struct ew_http *http)
{
    if (!http || !http->fn)
        return;
    if (http->pool) /* which may have nothing to do now, and go */
        io_event_after(http->pool->service->kick, 0);
    if (!http->pool || !http->pool->inside) {
        http_free(http);
        return;
    }
    http->dead = true;
    http->fn = NULL;
    io_node_unlink(&http->node);
    io_node_link(&http->pool->dead, &http->node);
}

void io_http_free(struct io_http *service)
{
    if (!service)
        return;
    while (!io_node_alone(&service->waiting))
        http_free((struct ew_http *)service->waiting.next);
    for (size_t i = 0; i < service->pools.count; i++)
        pool_free(service->pools.at[i]);
    ew_ptrs_release(&service->pools);
    event_free(service->kick);
    free(service);
    curl_global_cleanup();
}
