/* The outside view: answers wants of dns, tcp, tls and http with facts (fact/keys.h). A prober
 * holds what all probes of one walk share: loop, trust store, the user's headers, limits, budget.
 */
#ifndef EDGEWALK_PROBE_H
#define EDGEWALK_PROBE_H

#include "edgewalk/fact.h"
#include "edgewalk/io.h"

struct ew_probe_config {
    int dns_timeout_ms, connect_timeout_ms, tls_timeout_ms,
        http_timeout_ms;        /* http 0: no own limit */
    const char *const *headers; /* the user's, "Name: value", NULL-terminated */
    bool insecure;
    const char *ca_file; /* --cacert: instead of the system's roots; NULL */
    int budget;          /* HTTP requests per address; 0: 8 */
    int tls_parallel;    /* handshakes at once; 0: 16 */
};

struct ew_prober;
/* Starts loading the trust store at once, on a helper thread; TLS probes wait for it. An unreadable
 * ca_file fails here. Copies config. */
int ew_prober_new(struct ew_loop *loop, const struct ew_probe_config *config,
                  struct ew_prober **out, struct ew_err *err);
/* Cancels all that runs, at once, without callbacks. */
void ew_prober_free(struct ew_prober *prober);

/* Fetches what a want asks; done gets a fact of the want's key, whose reference is its to keep,
 * from the loop, exactly once. The user's headers and method go with "main" only (and their own
 * host's controls get neither credentials nor method: they are GET). A redirect hop to another host
 * gets no user headers; one to a link-local address is refused ("link-local"). */
typedef void ew_fact_fn(void *ctx, struct ew_fact *fact);
void ew_prober_fetch(struct ew_prober *prober, const struct ew_want *want, ew_fact_fn *done,
                     void *ctx);
size_t ew_prober_count(const struct ew_prober *prober); /* probes sent so far, for the report */

/* Reads one DNS answer packet into the value of a dns fact; pure, and fuzzed. NULL: malformed. */
struct ew_doc *ew_dns_read(const unsigned char *packet, size_t len, const char *resolver,
                           const char *name, const char *type);
/* Routes to the Internet by family, seen without sending anything (UDP connect). */
void ew_vantage_paths(bool *ipv4, bool *ipv6);

#endif
