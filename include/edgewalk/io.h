/* The event loop (libevent), and on it: timers, descriptors, signals, HTTP (libcurl), DNS (c-ares),
 * child processes. One thread. Nothing here blocks; every callback runs from the loop, never from
 * inside the call that started it, and never after its handle was cancelled.
 *
 * Times are milliseconds. A handle's callback runs exactly once unless it was cancelled first; the
 * handle is gone after it. Priorities: keys and signals, then timers of the screen, then sockets.
 */
#ifndef EDGEWALK_IO_H
#define EDGEWALK_IO_H

#include "edgewalk/cert.h"

struct ew_loop;
/* NULL when the system gives none. SIGPIPE is ignored from here on, in the whole process. */
struct ew_loop *ew_loop_new(void);
/* Cancels what is left, without callbacks; never from inside a callback of the loop. */
void ew_loop_free(struct ew_loop *loop);
void ew_loop_run(struct ew_loop *loop); /* until ew_loop_stop; may be run again */
void ew_loop_stop(struct ew_loop *loop);
int64_t ew_now_ms(void);      /* wall clock, since 1970 */
double ew_monotonic_ms(void); /* for elapsed times */

enum ew_priority { EW_PRIO_KEYS, EW_PRIO_SCREEN, EW_PRIO_SOCKETS };

struct ew_timer; /* one shot unless repeat */
typedef void ew_timer_fn(void *ctx);
struct ew_timer *ew_timer_start(struct ew_loop *loop, double delay_ms, bool repeat,
                                enum ew_priority priority, ew_timer_fn *fn, void *ctx);
void ew_timer_stop(
    struct ew_timer *timer); /* NULL is allowed; frees; a one shot is gone after fn */

struct ew_watch; /* a descriptor that is readable and/or writable; stays until stopped */
enum { EW_READ = 1, EW_WRITE = 2 };
typedef void ew_watch_fn(void *ctx, int what);
/* NULL when the descriptor cannot be watched (a regular file, /dev/null: read them outright). */
struct ew_watch *ew_watch_start(struct ew_loop *loop, int fd, int what, enum ew_priority priority,
                                ew_watch_fn *fn, void *ctx);
void ew_watch_change(struct ew_watch *watch, int what);
void ew_watch_stop(struct ew_watch *watch); /* before close(fd) */

struct ew_signal;
typedef void ew_signal_fn(void *ctx, int signo);
struct ew_signal *ew_signal_start(struct ew_loop *loop, int signo, ew_signal_fn *fn, void *ctx);
void ew_signal_stop(struct ew_signal *sig);

/* Work on a helper thread (the CA bundle): job runs there, done on the loop with its result. Work
 * once begun is not broken off: after ew_job_cancel, or when the loop is freed first (which waits
 * for it), drop (may be NULL) is called in place of done, to free ctx and result. */
struct ew_job;
typedef void *ew_job_fn(void *ctx);
typedef void ew_job_done_fn(void *ctx, void *result);
struct ew_job *ew_job_start(struct ew_loop *loop, ew_job_fn *job, ew_job_done_fn *done,
                            ew_job_done_fn *drop, void *ctx);
void ew_job_cancel(struct ew_job *job); /* NULL is allowed */

/* ---- DNS: one question to one resolver ---- */
/* failure NULL and a packet (any rcode), or a word of fact/keys.h (dns): "timeout", "port-closed",
 * "unreachable", "malformed", "bad-name" (no such name can be asked for). packet lives for the
 * call, may have been re-encoded by c-ares, and came over TCP if the one over UDP was truncated;
 * where TCP fails it is the truncated one. */
struct ew_dns_result {
    const char *failure;
    const unsigned char *packet;
    size_t packet_len;
    double elapsed_ms;
};
struct ew_dns;
typedef void ew_dns_fn(void *ctx, const struct ew_dns_result *result);
struct ew_dns *ew_dns_start(struct ew_loop *loop, const char *resolver, const char *name, int type,
                            int timeout_ms, ew_dns_fn *fn, void *ctx);
void ew_dns_cancel(struct ew_dns *query); /* NULL is allowed */
/* Name servers of the system as "ADDR:PORT", at most three; the array and texts are the caller's.
 */
char **ew_dns_system(size_t *count);

/* A host by the system's own resolver (hosts file, nsswitch), in a child process: for the API
 * server and proxies only. addresses is NULL-terminated and lives for the call; empty when it
 * failed. */
struct ew_lookup;
typedef void ew_lookup_fn(void *ctx, char *const *addresses);
struct ew_lookup *ew_lookup_start(struct ew_loop *loop, const char *host, int timeout_ms,
                                  ew_lookup_fn *fn, void *ctx);
void ew_lookup_cancel(struct ew_lookup *lookup); /* NULL is allowed */

/* ---- a child process: an exec credential plugin ---- */
/* stdin is /dev/null, stdout and stderr are captured; a process group of its own. */
struct ew_child_spec {
    const char *const
        *argv; /* NULL-terminated; argv[0] is looked up in PATH unless it has a slash */
    const char *const *env; /* "NAME=value" on top of ours, NULL-terminated; may be NULL */
    int timeout_ms;         /* then its group is killed; 0: never */
};
/* Texts end with a NUL, live for the call and are overwritten after it. */
struct ew_child_result {
    int spawn_errno; /* why it could not be started; ENOENT: no such command. Else 0 */
    bool timed_out;
    int exit_status;       /* 128 + the signal's number when one ended it */
    const char *out, *err; /* at most 1 MiB and 8 KiB */
    size_t out_len, err_len;
    bool cut; /* there was more on stdout */
};
struct ew_child;
typedef void ew_child_fn(void *ctx, const struct ew_child_result *result);
struct ew_child *ew_child_start(struct ew_loop *loop, const struct ew_child_spec *spec,
                                ew_child_fn *fn, void *ctx);
void ew_child_cancel(struct ew_child *child); /* NULL is allowed; before the loop is freed */

/* ---- HTTP: one request, never redirected, never resolved by libcurl ---- */
struct ew_http_request {
    const char *url, *method;
    const char *const *headers; /* "Name: value", NULL-terminated; may be NULL */
    const char *data;           /* request body; NULL: none */
    size_t data_len;
    const char *address;     /* where to connect, whatever the URL's host: an IP literal without
                              * brackets; the port is the URL's */
    /* Go through it in place of address: "http://[USER:PASSWORD@]IP:PORT", a tunnel for https, or
     * "socks5h://…". The proxy resolves the URL's host. NULL: none, whatever the environment
     * says. */
    const char *proxy;
    const char *server_name; /* SNI and name to verify when not the URL's host; may be NULL */
    bool insecure;           /* go on without verification */
    struct ew_trust *trust;  /* exclusive. NULL: the system's, which libcurl loads then and there,
                              * 20-35 ms: better load one by ew_job_start */
    const char *client_cert_pem, *client_key_pem; /* texts; may be NULL */
    int connect_timeout_ms, timeout_ms; /* connect: TCP and TLS. 0: none (the caller cancels) */
    /* Beyond it the transfer ends, answered, with cut set. 0: none of it, or, with a body callback,
     * no limit. Counted after decompression. Headers beyond 256 KiB end it with "error". */
    size_t body_max;
    bool gzip;              /* ask for compressed answers */
    bool http2;             /* offer HTTP/2 by ALPN (https only) */
    bool keep;              /* reuse and keep the connection (API); probes open a fresh one each */
    const char *user_agent; /* NULL: "edgewalk/VERSION" */
    /* Called with start's ctx for body bytes as they arrive, when given, instead of gathering them
     * (of every status); non-zero ends it. */
    int (*body)(void *ctx, const char *bytes, size_t len);
    /* Called once before the first body bytes, when given: the final answer's status and headers
     * (name, value, …, NULL). */
    void (*head)(void *ctx, int status, const char *const *headers);
};

struct ew_http_result {
    /* "answer", or why there is none or not the whole of it: "timeout", "refused", "unreachable",
     * "reset", "empty", "tls", "tls-untrusted", "http09", "error", "aborted" (body callback).
     * Status, headers and body hold what came before the failure (status 0: no header block). */
    const char *outcome;
    const char *error; /* libcurl's own words, never with credentials */
    int os_errno;
    int status;
    const char *version;        /* "1.0", "1.1", "2" */
    const char *const *headers; /* name, value, name, value, …, NULL; of the last answer block */
    const char *body;
    size_t body_len;
    bool cut;
    const char *location;                               /* absolute; NULL when there is none */
    double connect_ms, tls_ms, first_byte_ms, total_ms; /* since start; 0: did not happen */
    size_t wire_bytes;
};
struct ew_http;
typedef void ew_http_fn(void *ctx, const struct ew_http_result *result);
struct ew_http *ew_http_start(struct ew_loop *loop, const struct ew_http_request *request,
                              ew_http_fn *fn, void *ctx); /* copies all texts */
void ew_http_cancel(struct ew_http *http); /* NULL is allowed; also from its own body callback */

#endif
