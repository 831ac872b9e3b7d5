/* What the probers of this room share: a running probe, and what it reaches through its prober. */
#ifndef EW_PROBE_PROBER_H
#define EW_PROBE_PROBER_H

#include "edgewalk/probe.h"

struct probe;

/* One row a kind of probe. start runs from the loop and ends, now or later, in probe_finish.
 * release undoes what start began, in any phase; it frees no part of the probe itself. */
struct probe_ops {
    size_t size; /* of the struct that begins with struct probe */
    void (*start)(struct probe *probe);
    void (*release)(struct probe *probe);
};

extern const struct probe_ops probe_dns, probe_tcp, probe_tls, probe_http;

/* A copy of the want, and whom to tell. */
struct probe {
    struct probe *prev, *next; /* in the prober's list, oldest first */
    const struct probe_ops *ops;
    struct ew_prober *prober;
    struct ew_timer *begin;
    ew_fact_fn *done;
    void *ctx;
    int64_t at_ms;
    double began_ms, ended_ms; /* ended 0: when it is told */
    char *key, *resolver, *name, *type, *address, *sni, *what, *url, *method;
    int port;
};

struct ew_prober {
    struct ew_loop *loop;
    struct ew_probe_config config; /* headers and ca_file are copies of its own */
    size_t sent;
    struct probe *first, *last;
    struct ew_map *spent; /* HTTP requests by address */
    char *main_url;       /* of the first "main" request: whose headers the user's are */

    struct ew_trust *trust; /* NULL until loaded; never, when the system's cannot be */
    struct trust_job *trust_job;
    bool trust_known; /* loaded, or failed for good */

    void *tls_ctx; /* SSL_CTX *, made by the first handshake */
    int tls_running;
};

/* Ends a probe: releases and frees it, and tells. value's reference passes over; NULL is allowed.
 */
void probe_known(struct probe *probe, struct ew_doc *value);
void probe_unknown(struct probe *probe, const char *reason);

/* Whether a connection that failed so, failed for want of a route for the address's family. */
bool probe_no_path(const char *address);

/* Frees what the TLS probes share. */
void probe_tls_forget(struct ew_prober *prober);
/* Called when the trust store has come: goes on with those that waited. */
void probe_tls_trust_came(struct ew_prober *prober);
void probe_http_trust_came(struct ew_prober *prober);

/* ew_dns_read, with what the packet does not say. */
struct ew_doc *probe_dns_value(const unsigned char *packet, size_t len, const char *resolver,
                               const char *name, const char *type, bool slow);
/* The number of a record type by its name ("A", "TYPE65"); 0 when it is none. */
int probe_dns_type(const char *name);

#endif
