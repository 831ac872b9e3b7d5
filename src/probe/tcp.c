/* Does a port take connections? */
#include "config.h"

#include "prober.h"

#include "connect.h"

#include <errno.h>
#include <unistd.h>

struct tcp_probe {
    struct probe base;
    struct connect *attempt;
};

static const char *outcome_of(int os_errno)
{
    switch (os_errno) {
    case 0:
        return "open";
    case ECONNREFUSED:
        return "refused";
    case ECONNRESET:
    case EPIPE:
        return "reset";
    case ETIMEDOUT:
        return "timeout";
    default:
        return "unreachable";
    }
}

static void connected(void *ctx, int fd, int os_errno)
{
    struct tcp_probe *tcp = ctx;
    struct probe *probe = &tcp->base;
    const char *outcome = outcome_of(os_errno);
    bool lost = os_errno == ETIMEDOUT || outcome_of(os_errno) == outcome_of(EHOSTUNREACH);
    tcp->attempt = NULL;
    if (fd >= 0)
        close(fd);
    if (lost && probe_no_path(probe->address)) {
        probe_unknown(probe, "no-path");
        return;
    }
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *value = ew_json_object(doc);
    ew_doc_set_root(doc, value);
    ew_json_set_str(doc, value, "address", probe->address);
    ew_json_set_num(doc, value, "port", probe->port);
    ew_json_set_str(doc, value, "outcome", outcome);
    if (os_errno)
        ew_json_set_num(doc, value, "errno", os_errno);
    probe_known(probe, doc);
}

static void tcp_start(struct probe *probe)
{
    struct tcp_probe *tcp = (struct tcp_probe *)probe;
    struct ew_prober *prober = probe->prober;
    prober->sent++;
    tcp->attempt = connect_start(prober->loop, probe->address, probe->port,
                                 prober->config.connect_timeout_ms, connected, tcp);
}

static void tcp_release(struct probe *probe)
{
    connect_cancel(((struct tcp_probe *)probe)->attempt);
}

const struct probe_ops probe_tcp = {sizeof(struct tcp_probe), tcp_start, tcp_release};
