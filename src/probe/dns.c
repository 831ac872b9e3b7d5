/* One question to one resolver. A lost datagram is no diagnosis: the question is asked again after
 * a third and two thirds of the time, and the first answer counts. */
#include "config.h"

#include "prober.h"

#include <string.h>

enum { TRIES = 3, SLOW_MS = 1000 };

struct dns_probe;

struct dns_try {
    struct dns_probe *dns;
    struct ew_dns *query;
};

struct dns_probe {
    struct probe base;
    struct dns_try tries[TRIES];
    int made, open;
    struct ew_timer *again;
};

static void answered(void *ctx, const struct ew_dns_result *result)
{
    struct dns_try *this = ctx;
    struct dns_probe *dns = this->dns;
    struct probe *probe = &dns->base;
    this->query = NULL;
    dns->open--;
    if (result->failure && !strcmp(result->failure, "timeout") && (dns->open || dns->again))
        return;
    if (result->failure) {
        probe_unknown(probe, result->failure);
        return;
    }
    bool slow = dns->made > 1 || result->elapsed_ms >= SLOW_MS;
    struct ew_doc *value = probe_dns_value(result->packet, result->packet_len, probe->resolver,
                                           probe->name, probe->type, slow);
    if (value)
        probe_known(probe, value);
    else
        probe_unknown(probe, "malformed");
}

static void ask(void *ctx)
{
    struct dns_probe *dns = ctx;
    struct probe *probe = &dns->base;
    struct ew_prober *prober = probe->prober;
    int limit = prober->config.dns_timeout_ms;
    int left = limit - limit / TRIES * dns->made;
    struct dns_try *this = &dns->tries[dns->made++];
    prober->sent++;
    dns->open++;
    this->dns = dns;
    this->query = ew_dns_start(prober->loop, probe->resolver, probe->name,
                               probe_dns_type(probe->type), left, answered, this);
    dns->again = dns->made == TRIES ? NULL
                                    : ew_timer_start(prober->loop, limit / TRIES, false,
                                                     EW_PRIO_SOCKETS, ask, dns);
}

static void dns_start(struct probe *probe)
{
    if (probe_dns_type(probe->type))
        ask(probe);
    else
        probe_unknown(probe, "bad-name");
}

static void dns_release(struct probe *probe)
{
    struct dns_probe *dns = (struct dns_probe *)probe;
    ew_timer_stop(dns->again);
    for (int i = 0; i < TRIES; i++)
        ew_dns_cancel(dns->tries[i].query);
}

const struct probe_ops probe_dns = {sizeof(struct dns_probe), dns_start, dns_release};
