#include "judging.h"

#include <stdlib.h>
#include <string.h>

static const char *const would = "tcp-refused tcp-timeout dns-wrong-target dns-one-dead-address";

/* ---- looking ---- */

static enum test test_of(struct got got)
{
    if (got.state == EW_PENDING)
        return TEST_PENDING;
    if (!is_known(got))
        return TEST_UNKNOWN;
    return strcmp(outcome_of(got), "open") == 0 ? TEST_PASS : TEST_FAIL;
}

static void show(struct judging *j, const struct address *at)
{
    struct ew_json *list = layer_list(j, EW_LAYER_LB, "addresses");
    struct ew_json *row = ew_json_add(j->doc, list, ew_json_object(j->doc));
    ew_json_set_str(j->doc, row, "address", at->text);
    ew_json_set_num(j->doc, row, "port", j->port);
    ew_json_set_bool(j->doc, row, "in_record", at->in_record);
    ew_json_set_str(j->doc, row, "published_by", at->publisher);
    ew_json_set_str(j->doc, row, "outcome",
                    is_known(at->tcp) ? outcome_of(at->tcp) : at->tcp.reason);
}

struct tally {
    size_t total, pass, fail, pending, unknown;
};

static void count(struct tally *tally, enum test test)
{
    tally->total++;
    tally->pass += test == TEST_PASS;
    tally->fail += test == TEST_FAIL;
    tally->pending += test == TEST_PENDING;
    tally->unknown += test == TEST_UNKNOWN || test == TEST_NONE;
}

static const char *why_not_tried(const struct judging *j)
{
    for (size_t i = 0; i < j->address_count; i++)
        if (j->addresses[i].in_record && j->addresses[i].tcp.reason)
            return j->addresses[i].tcp.reason;
    return "unknown";
}

static void settle(struct judging *j, const struct tally *tally)
{
    const char *proxy = ew_json_get_str(j->options, "proxy_env", NULL);
    size_t tried = tally->pass + tally->fail;
    if (!tally->total) {
        layer_is(j, EW_LAYER_LB, EW_ST_NOT_REACHED, "no address");
        j->layers[EW_LAYER_LB].pending = !j->dns_done;
    } else if (!tried && !tally->pending) {
        layer_is(j, EW_LAYER_LB, EW_ST_UNKNOWN, "could not be tried: %s", why_not_tried(j));
        undecided_add(j, say(j, "connect to %s", j->host), why_not_tried(j), would);
    } else if (proxy && !tally->pass && !tally->pending) {
        layer_is(j, EW_LAYER_LB, EW_ST_UNKNOWN, "none connects; a proxy is set in %s", proxy);
        undecided_add(j, say(j, "connect to %s through the proxy (-x)", j->host),
                      say(j, "%s is set, and probes do not use it", proxy), would);
    } else {
        layer_is(j, EW_LAYER_LB, tally->fail ? EW_ST_FAIL : EW_ST_OK, "%zu of %zu open",
                 tally->pass, tally->total - tally->unknown);
    }
}

void lb_look(struct judging *j)
{
    struct tally tally = {0};
    if (!j->outside) {
        layer_is(j, EW_LAYER_LB, EW_ST_SKIPPED, "--no-probe");
        return;
    }
    for (size_t i = 0; i < j->address_count; i++) {
        struct address *at = &j->addresses[i];
        at->tcp = need_tcp(j, at->text, j->port, would);
        at->tcp_test = test_of(at->tcp);
        show(j, at);
        if (at->in_record)
            count(&tally, at->tcp_test);
    }
    settle(j, &tally);
}

/* ---- findings at addresses ---- */

static void judge_refused(struct judging *j, const struct address *at)
{
    struct ew_draft *draft = draft_find(j, "tcp-refused");
    if (!draft) {
        draft = draft_new(j, "tcp-refused", "Address", NULL, at_port(j, at->text, j->port));
        draft_says(j, draft, "%s refuses connections on port %d: nobody listens there", at->text,
                   j->port);
        draft_next(j, draft, "see the refusal from here",
                   "curl -sv --connect-timeout 3 telnet://%s", draft->out.name);
    }
    tag_edge(j, draft, at);
    for (size_t i = 0; i < j->cert_ref_count; i++) /* a refused Secret takes its port away */
        draft_tag(j, draft, EW_TAG_CERT, ns_name(j, j->cert_refs[i].ns, j->cert_refs[i].name));
    draft->marks |= published_marks(j, at, EW_LAYER_LB);
    draft_shows(j, draft, say(j, "connect to %s port %d", at->text, j->port), "%s",
                outcome_of(at->tcp));
}

static void judge_silent(struct judging *j, const struct address *at)
{
    const char *outcome = outcome_of(at->tcp);
    struct ew_draft *draft = draft_find(j, "tcp-timeout");
    if (!draft) {
        draft = draft_new(j, "tcp-timeout", "Address", NULL, at_port(j, at->text, j->port));
        draft_says(j, draft, "%s does not answer on port %d (%s): a firewall, or nothing behind it",
                   at->text, j->port, outcome);
        draft_next(j, draft, "try again from another place, and from inside",
                   "curl -sv --connect-timeout 3 telnet://%s", draft->out.name);
    }
    tag_edge(j, draft, at);
    draft->marks |= published_marks(j, at, EW_LAYER_LB);
    draft_shows(j, draft, say(j, "connect to %s port %d", at->text, j->port), "%s", outcome);
}

static void judge_connections(struct judging *j)
{
    bool withheld = j->layers[EW_LAYER_LB].status == EW_ST_UNKNOWN;
    for (size_t i = 0; !withheld && i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!at->in_record || at->tcp_test != TEST_FAIL)
            continue;
        if (strcmp(outcome_of(at->tcp), "refused") == 0 ||
            strcmp(outcome_of(at->tcp), "reset") == 0)
            judge_refused(j, at);
        else
            judge_silent(j, at);
    }
}

/* ---- the address that should come ---- */

static bool is_pending(const struct ew_obj *service)
{
    const char *type = ew_json_str(ew_obj_at(service, "spec.type"));
    return ew_streq(type, "LoadBalancer") &&
           !ew_json_count(ew_obj_at(service, "status.loadBalancer.ingress"));
}

static void show_events(struct judging *j, struct ew_draft *draft, const struct ew_obj *obj)
{
    struct ew_seen seen;
    size_t count;
    const struct ew_obj **events =
        ew_world_events(j->world, obj, asking(j, true, draft->out.cause->id), &seen, &count);
    for (size_t i = count > 2 ? count - 2 : 0; i < count; i++)
        draft_shows(j, draft, say(j, "event of %s", title(j, obj)), "%s: %s",
                    ew_json_get_str(events[i]->json, "reason", ""),
                    clean(j, ew_json_get_str(events[i]->json, "message", "")));
    free(events);
}

static void judge_pending(struct judging *j, const struct ew_obj *service, const char *tag)
{
    if (!is_pending(service) || unapplied(j, service))
        return;
    struct ew_draft *draft = draft_about(j, "lb-address-pending", service);
    int64_t age = j->now_ms - ew_obj_created(service);
    bool aged = ew_obj_created(service) > 0;
    char span[32];
    ew_time_span(age, span);
    if (aged && (double)age < ew_threshold(j->options, EW_ADDRESS_PENDING))
        draft->out.severity = EW_SEV_WARN;
    draft_says(j, draft, "Service %s/%s waits for an address from the load balancer%s%s",
               service->ns, service->name, aged ? ", for " : "", aged ? span : "");
    draft_shows(j, draft, title(j, service), "type LoadBalancer, status.loadBalancer is empty");
    show_events(j, draft, service);
    draft_tag(j, draft, EW_TAG_GATEWAY, tag);
    draft_tag(j, draft, EW_TAG_HOST, j->host);
    draft_next(j, draft, "see why the provider gives no address",
               "kubectl describe service -n %s %s", service->ns, service->name);
}

/* The labels by which controllers mark the Service that they make for a Gateway. */
static void judge_services_of(struct judging *j, const struct entry *entry)
{
    const struct ew_obj *gateway = entry->obj;
    const char *const selectors[] = {
        say(j, "gateway.networking.k8s.io/gateway-name=%s", gateway->name),
        say(j,
            "gateway.envoyproxy.io/owning-gateway-name=%s,"
            "gateway.envoyproxy.io/owning-gateway-namespace=%s",
            gateway->name, gateway->ns),
    };
    for (size_t i = 0; i < EW_COUNT(selectors); i++) {
        const char *ns = i == 0 ? gateway->ns : NULL;
        struct ew_ask ask = asking(j, true, "lb-address-pending");
        struct ew_seen seen;
        size_t count;
        const struct ew_obj **services =
            ew_world_select(j->world, EW_SERVICE, ns, selectors[i], ask, &seen, &count);
        for (size_t k = 0; k < count; k++)
            judge_pending(j, services[k], entry->tag);
        free(services);
    }
}

/* A controller's Service goes by the controller's name: "k8s.io/ingress-nginx", "traefik.io/…". */
static void judge_services_of_class(struct judging *j, const struct entry *entry)
{
    const struct ew_obj *class =
        ew_world_find(j->world, EW_INGRESSCLASS, NULL,
                      ew_json_str(ew_obj_at(entry->obj, "spec.ingressClassName")));
    const char *controller = ew_json_str(ew_obj_at(class, "spec.controller"));
    const char *slash = controller ? strchr(controller, '/') : NULL;
    if (!slash)
        return;
    const char *names[] = {slash + 1, say(j, "%.*s", (int)strcspn(controller, "./"), controller)};
    for (size_t i = 0; i < EW_COUNT(names); i++) {
        struct ew_ask ask = asking(j, true, "lb-address-pending");
        struct ew_seen seen;
        size_t count;
        const struct ew_obj **services =
            ew_world_select(j->world, EW_SERVICE, NULL,
                            say(j, "app.kubernetes.io/name=%s", names[i]), ask, &seen, &count);
        for (size_t k = 0; k < count; k++)
            judge_pending(j, services[k], entry->tag);
        free(services);
    }
}

static bool has_address(const struct ew_obj *obj)
{
    const char *where =
        obj->kind == EW_GATEWAY ? "status.addresses" : "status.loadBalancer.ingress";
    return ew_json_count(ew_obj_at(obj, where)) > 0;
}

void lb_judge(struct judging *j)
{
    if (j->outside)
        judge_connections(j);
    for (size_t i = 0; !j->live_ok && i < j->entry_count; i++) {
        const struct entry *entry = &j->entries[i];
        if (has_address(entry->obj))
            continue;
        if (entry->obj->kind == EW_GATEWAY)
            judge_services_of(j, entry);
        else
            judge_services_of_class(j, entry);
    }
}
