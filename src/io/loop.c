/* The loop, and on it timers, descriptors and signals. */
#include "loop.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* What timers, watches and signals share: freed alike, with their loop or by themselves. */
struct handle {
    struct io_node node;
    struct event *event;
};

struct ew_timer {
    struct handle handle;
    ew_timer_fn *fn;
    void *ctx;
    bool repeat, running, stopped;
};

struct ew_watch {
    struct handle handle;
    struct event_base *base;
    int fd;
    enum ew_priority priority;
    ew_watch_fn *fn;
    void *ctx;
};

struct ew_signal {
    struct handle handle;
    ew_signal_fn *fn;
    void *ctx;
};

void io_node_init(struct io_node *node)
{
    node->prev = node->next = node;
}

void io_node_link(struct io_node *head, struct io_node *node)
{
    node->prev = head->prev;
    node->next = head;
    head->prev->next = node;
    head->prev = node;
}

void io_node_unlink(struct io_node *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    io_node_init(node);
}

bool io_node_alone(const struct io_node *node)
{
    return node->next == node;
}

static void handle_init(struct ew_loop *loop, struct handle *handle, struct event *event,
                        enum ew_priority priority)
{
    handle->event = event;
    event_priority_set(event, priority);
    io_node_link(&loop->handles, &handle->node);
}

static void handle_free(struct handle *handle)
{
    io_node_unlink(&handle->node);
    event_free(handle->event);
    free(handle);
}

/* libevent's warnings would land in the middle of the screen. */
static void log_nothing(int severity, const char *message)
{
    (void)severity;
    (void)message;
}

static struct event_base *base_new(void)
{
    struct event_config *config = event_config_new();
    if (!config)
        return NULL;
    /* Measured: keys wait at most 9 ms behind a thousand handshakes, and 10 ms timers err by 0.3.
     */
    struct timeval slice = {.tv_sec = 0, .tv_usec = 4000};
    event_config_set_max_dispatch_interval(config, &slice, 8, EW_PRIO_SCREEN);
    event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    if (base)
        event_base_priority_init(base, EW_PRIO_SOCKETS + 1);
    return base;
}

struct ew_loop *ew_loop_new(void)
{
    event_set_log_callback(log_nothing);
    signal(SIGPIPE, SIG_IGN);
    struct ew_loop *loop = ew_alloc(sizeof(*loop));
    loop->base = base_new();
    if (!loop->base) {
        free(loop);
        return NULL;
    }
    io_node_init(&loop->handles);
    io_node_init(&loop->jobs);
    io_node_init(&loop->lookups);
    return loop;
}

void ew_loop_free(struct ew_loop *loop)
{
    if (!loop)
        return;
    io_http_free(loop->http);
    io_dns_free(loop->dns);
    io_lookups_free(loop);
    io_jobs_free(loop);
    while (!io_node_alone(&loop->handles))
        handle_free((struct handle *)loop->handles.next);
    event_base_free(loop->base);
    free(loop);
}

void ew_loop_run(struct ew_loop *loop)
{
    while (!loop->stopped)
        if (event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY) < 0)
            break;
    loop->stopped = false;
}

void ew_loop_stop(struct ew_loop *loop)
{
    loop->stopped = true;
    event_base_loopbreak(loop->base);
}

static double clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

int64_t ew_now_ms(void)
{
    return (int64_t)clock_ms(CLOCK_REALTIME);
}

double ew_monotonic_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

struct event *io_event(struct ew_loop *loop, int fd, short what, event_callback_fn fn, void *ctx)
{
    struct event *event = event_new(loop->base, fd, what, fn, ctx);
    if (!event)
        abort();
    event_priority_set(event, EW_PRIO_SOCKETS);
    return event;
}

static struct timeval as_timeval(double ms)
{
    if (ms < 0)
        ms = 0;
    struct timeval tv = {.tv_sec = (time_t)(ms / 1e3)};
    tv.tv_usec = (suseconds_t)((ms - (double)tv.tv_sec * 1e3) * 1e3);
    return tv;
}

void io_event_after(struct event *event, double delay_ms)
{
    struct timeval tv = as_timeval(delay_ms);
    event_add(event, &tv);
}

/* ---- timers ---- */

static void timer_fires(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct ew_timer *timer = arg;
    timer->running = true;
    timer->fn(timer->ctx);
    timer->running = false;
    if (timer->stopped || !timer->repeat)
        handle_free(&timer->handle);
}

struct ew_timer *ew_timer_start(struct ew_loop *loop, double delay_ms, bool repeat,
                                enum ew_priority priority, ew_timer_fn *fn, void *ctx)
{
    struct ew_timer *timer = ew_alloc(sizeof(*timer));
    timer->fn = fn;
    timer->ctx = ctx;
    timer->repeat = repeat;
    struct event *event = io_event(loop, -1, repeat ? EV_PERSIST : 0, timer_fires, timer);
    handle_init(loop, &timer->handle, event, priority);
    io_event_after(event, delay_ms);
    return timer;
}

void ew_timer_stop(struct ew_timer *timer)
{
    if (!timer)
        return;
    if (timer->running) { /* from its own fn: timer_fires still holds it */
        timer->stopped = true;
        event_del(timer->handle.event);
        return;
    }
    handle_free(&timer->handle);
}

/* ---- descriptors ---- */

static void watch_fires(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    struct ew_watch *watch = arg;
    int seen = (what & EV_READ ? EW_READ : 0) | (what & EV_WRITE ? EW_WRITE : 0);
    watch->fn(watch->ctx, seen); /* watch may be gone after this */
}

static short as_event_flags(int what)
{
    return (short)(EV_PERSIST | (what & EW_READ ? EV_READ : 0) | (what & EW_WRITE ? EV_WRITE : 0));
}

struct ew_watch *ew_watch_start(struct ew_loop *loop, int fd, int what, enum ew_priority priority,
                                ew_watch_fn *fn, void *ctx)
{
    struct ew_watch *watch = ew_alloc(sizeof(*watch));
    watch->base = loop->base;
    watch->fd = fd;
    watch->priority = priority;
    watch->fn = fn;
    watch->ctx = ctx;
    struct event *event = io_event(loop, fd, as_event_flags(what), watch_fires, watch);
    handle_init(loop, &watch->handle, event, priority);
    if (what && event_add(event, NULL) < 0) {
        handle_free(&watch->handle);
        return NULL;
    }
    return watch;
}

void ew_watch_change(struct ew_watch *watch, int what)
{
    struct event *event = watch->handle.event;
    event_del(event);
    event_assign(event, watch->base, watch->fd, as_event_flags(what), watch_fires, watch);
    event_priority_set(event, watch->priority); /* event_assign resets it */
    if (what)
        event_add(event, NULL);
}

void ew_watch_stop(struct ew_watch *watch)
{
    if (watch)
        handle_free(&watch->handle);
}

/* ---- signals ---- */

static void signal_fires(evutil_socket_t signo, short what, void *arg)
{
    (void)what;
    struct ew_signal *sig = arg;
    sig->fn(sig->ctx, (int)signo);
}

struct ew_signal *ew_signal_start(struct ew_loop *loop, int signo, ew_signal_fn *fn, void *ctx)
{
    struct ew_signal *sig = ew_alloc(sizeof(*sig));
    sig->fn = fn;
    sig->ctx = ctx;
    struct event *event = io_event(loop, signo, EV_SIGNAL | EV_PERSIST, signal_fires, sig);
    handle_init(loop, &sig->handle, event, EW_PRIO_KEYS);
    event_add(event, NULL);
    return sig;
}

void ew_signal_stop(struct ew_signal *sig)
{
    if (sig)
        handle_free(&sig->handle);
}
