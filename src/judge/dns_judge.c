#include "dns.h"

#include <stdlib.h>
#include <string.h>

/* ---- findings about the answers ---- */

/* Whether external-dns, which publishes only what is accepted and has an address, is at work here.
 */
static bool look_for_external_dns(struct judging *j, struct ew_draft *draft)
{
    static const char *const selectors[] = {"app.kubernetes.io/name=external-dns",
                                            "app=external-dns"};
    size_t found = 0, known = 0;
    for (size_t i = 0; j->inside == INSIDE_API && i < EW_COUNT(selectors); i++) {
        struct ew_seen seen;
        size_t count;
        struct ew_ask optional = asking(j, true, "dns-externaldns-not-eligible");
        const struct ew_obj **list =
            ew_world_select(j->world, EW_DEPLOYMENT, NULL, selectors[i], optional, &seen, &count);
        if (count)
            draft_shows(j, draft, title(j, list[0]), "external-dns publishes records here");
        found += count;
        known += seen.state == EW_KNOWN || seen.state == EW_ABSENT;
        free(list);
    }
    if (known == EW_COUNT(selectors) && !found)
        draft->marks |= EW_MARK(NO_EXTERNAL_DNS);
    return found > 0;
}

/* external-dns publishes the host of a route only where the route is attached. */
static void judge_passed_over(struct judging *j)
{
    const struct ew_attachment *found = NULL;
    for (size_t i = 0; i < j->attachment_count; i++) {
        if (j->attachments[i]->attached != EW_NO)
            return; /* it is published from here, or may be */
        found = found ? found : j->attachments[i];
    }
    if (!found)
        return;
    const struct ew_obj *route = found->route, *gateway = gateway_of(j, found->parent);
    struct ew_draft *draft = draft_about(j, "dns-externaldns-not-eligible", route);
    draft->unseen = "why the route is not one that external-dns publishes";
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, found->parent_ns, found->parent_name));
    if (gateway)
        draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, gateway->ns, gateway->name));
    draft_tag(j, draft, EW_TAG_CLASS, ew_json_str(ew_obj_at(gateway, "spec.gatewayClassName")));
    draft_says(j, draft, "external-dns passes %s over: it is not attached", title(j, route));
    draft_shows(j, draft, title(j, route), "parent %s %s/%s: %s", found->parent_kind,
                found->parent_ns, found->parent_name,
                found->why ? clean(j, found->why) : "not attached");
    draft_next(j, draft, "see what the route and its Gateway say",
               "kubectl get %s -n %s %s -o jsonpath='{.status.parents[*].conditions}'; kubectl get "
               "gateway -n %s %s -o jsonpath='{.status.addresses}'",
               ew_kind_row(route->kind)->resource, route->ns, route->name, found->parent_ns,
               found->parent_name);
}

static void show_opinions(struct judging *j, struct ew_draft *draft, const struct opinions *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct opinion *at = &all->at[i];
        draft_shows(j, draft, say(j, "resolver %s", at->resolver), "%s%s%s",
                    at->says == SAYS_ADDRESSES ? record_summary(j) : opinion_text(at),
                    at->ede ? ": " : "", at->ede ? at->ede : "");
    }
}

/* Where one resolver fails and another answers, some clients are served. */
static struct ew_draft *record_draft(struct judging *j, const char *cause,
                                     const struct opinions *all, enum says says)
{
    struct ew_draft *draft = draft_new(j, cause, "Record", NULL, j->host);
    draft_tag(j, draft, EW_TAG_HOST, j->host);
    show_opinions(j, draft, all);
    if (all->by[says] < all->count && all->by[SAYS_ADDRESSES])
        draft->out.severity = EW_SEV_WARN;
    return draft;
}

static const char *first_resolver(const struct opinions *all, enum says says)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i].says == says)
            return all->at[i].resolver;
    return "";
}

/* "@127.0.0.1 -p 5353" for dig */
static const char *dig_server(struct judging *j, const char *resolver)
{
    const char *colon = strrchr(resolver, ':');
    bool bracket = resolver[0] == '[';
    int len = colon ? (int)(colon - resolver) - (bracket ? 2 : 0) : (int)strlen(resolver);
    const char *host = say(j, "%.*s", len, resolver + (bracket ? 1 : 0));
    if (!colon || strcmp(colon + 1, "53") == 0)
        return say(j, "@%s", host);
    return say(j, "@%s -p %s", host, colon + 1);
}

static void next_record(struct judging *j, struct ew_draft *draft)
{
    for (size_t i = 0; i < j->address_count; i++) {
        if (!j->addresses[i].published)
            continue;
        draft_next(j, draft,
                   say(j, "create the record: %s publishes %s", j->addresses[i].publisher,
                       j->addresses[i].text),
                   NULL);
        return;
    }
}

static void judge_missing(struct judging *j, const struct opinions *all, enum says says)
{
    bool gone = says == SAYS_NXDOMAIN;
    struct ew_draft *draft = record_draft(j, gone ? "dns-nxdomain" : "dns-nodata", all, says);
    const char *server = dig_server(j, first_resolver(all, says));
    draft_says(j, draft,
               gone ? "%s does not exist (NXDOMAIN at %zu of %zu resolvers)"
                    : "%s exists and has no address (%zu of %zu resolvers)",
               j->host, all->by[says], all->count);
    draft_next(j, draft, "ask again, and the zone's own servers", "dig %s %s A; dig +trace %s A",
               server, j->host, j->host);
    next_record(j, draft);
    if (look_for_external_dns(j, draft))
        judge_passed_over(j);
}

static void judge_dangling(struct judging *j, const struct opinions *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct opinion *at = &all->at[i];
        if (!at->dangling || at->says == SAYS_ADDRESSES)
            continue;
        struct ew_draft *draft = record_draft(j, "dns-cname-dangling", all, at->says);
        draft_says(j, draft, "%s is an alias of %s, which %s", j->host, at->dangling,
                   at->says == SAYS_NXDOMAIN ? "does not exist" : "has no address");
        draft_next(j, draft, "point the alias at the load balancer's present name, or delete it",
                   "dig %s %s CNAME +short; dig %s A", dig_server(j, at->resolver), j->host,
                   at->dangling);
        return;
    }
}

static void judge_errors(struct judging *j, const struct opinions *all)
{
    const char *resolver = first_resolver(all, SAYS_SERVFAIL);
    const char *rcode = "";
    for (size_t i = all->count; i > 0; i--)
        if (all->at[i - 1].says == SAYS_SERVFAIL)
            rcode = all->at[i - 1].rcode;
    struct ew_draft *draft = record_draft(j, "dns-servfail", all, SAYS_SERVFAIL);
    draft_says(j, draft, "%zu of %zu resolvers cannot resolve %s: %s", all->by[SAYS_SERVFAIL],
               all->count, j->host, rcode);
    draft_next(j, draft, "see whether the zone's servers answer, and whether DNSSEC is to blame",
               "dig %s %s; dig %s +cd %s; dig +trace %s", dig_server(j, resolver), j->host,
               dig_server(j, resolver), j->host, j->host);
}

static void judge_silence(struct judging *j, const struct opinions *all)
{
    struct ew_draft *draft = record_draft(j, "dns-timeout", all, SAYS_NOTHING);
    const char *resolver = first_resolver(all, SAYS_NOTHING);
    if (all->by[SAYS_NOTHING] < all->count)
        draft->out.severity = EW_SEV_WARN;
    draft_says(j, draft, "%zu of %zu resolvers do not answer (%s)", all->by[SAYS_NOTHING],
               all->count, resolver);
    draft_next(j, draft, "ask the resolver over TCP", "dig %s +tcp %s", dig_server(j, resolver),
               j->host);
}

static void judge_answers(struct judging *j, const struct opinions *all)
{
    if (all->by[SAYS_PENDING])
        return;
    if (all->by[SAYS_NXDOMAIN])
        judge_missing(j, all, SAYS_NXDOMAIN);
    if (all->by[SAYS_NODATA])
        judge_missing(j, all, SAYS_NODATA);
    if (all->by[SAYS_SERVFAIL])
        judge_errors(j, all);
    if (all->by[SAYS_NOTHING])
        judge_silence(j, all);
    judge_dangling(j, all);
}

/* ---- findings about where the record leads ---- */

static bool passes(const struct judging *j, const struct address *at)
{
    return at->tcp_test == TEST_PASS && (!j->tls || at->tls_test == TEST_PASS) &&
           at->http_test == TEST_PASS;
}

static bool fails(const struct address *at)
{
    return at->tcp_test == TEST_FAIL || at->tls_test == TEST_FAIL || at->http_test == TEST_FAIL;
}

static const char *fault(const struct judging *j, const struct address *at)
{
    if (at->tcp_test == TEST_FAIL)
        return outcome_of(at->tcp);
    if (j->tls && at->tls_test == TEST_FAIL)
        return "TLS fails";
    return "another answer";
}

/* Whether every address of the record that could be tried fails and none of them is published. */
static bool leads_elsewhere(const struct judging *j)
{
    size_t failing = 0;
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!at->in_record)
            continue;
        if (at->published || passes(j, at))
            return false;
        failing += fails(at);
    }
    return failing > 0;
}

static const struct address *good_published(const struct judging *j)
{
    for (size_t i = 0; i < j->address_count; i++)
        if (j->addresses[i].published && !j->addresses[i].in_record && passes(j, &j->addresses[i]))
            return &j->addresses[i];
    return NULL;
}

/* Needs a positive difference: unequal addresses alone are NAT, a CDN or a node. */
static void judge_target(struct judging *j)
{
    const struct address *good = good_published(j);
    if (!good || !leads_elsewhere(j))
        return;
    struct ew_draft *draft = draft_new(j, "dns-wrong-target", "Record", NULL, j->host);
    draft_tag(j, draft, EW_TAG_HOST, j->host);
    const char *wrong = NULL;
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!at->in_record)
            continue;
        wrong = wrong ? wrong : at->text;
        draft_tag(j, draft, EW_TAG_ADDRESS, at->text);
        draft_shows(j, draft, at->text,
                    "in the record, published by nothing that carries the host: %s",
                    fails(at) ? fault(j, at) : "not tried");
    }
    draft_shows(j, draft, good->text, "published by %s: the same request is answered well there",
                good->publisher);
    draft_says(j, draft, "%s leads to %s, but %s is at %s, where it works", j->host, wrong,
               good->publisher, good->text);
    const char *target = ew_ip_family(good->text) == 6 ? say(j, "[%s]", good->text) : good->text;
    draft_next(j, draft, "see it work at the published address, then change the record",
               "curl --resolve %s:%d:%s %s", j->host, j->port, target, j->url_word);
}

/* ---- one address of several ---- */

static void tag_dead(struct judging *j, struct ew_draft *draft)
{
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!at->in_record || !fails(at))
            continue;
        draft_tag(j, draft, EW_TAG_ADDRESS, at->text);
        draft_shows(j, draft, at->text, "%s", fault(j, at));
    }
}

static void judge_no_v6(struct judging *j, size_t failing)
{
    struct ew_draft *draft = draft_new(j, "dns-aaaa-no-v6-path", "Record", NULL, j->host);
    draft_tag(j, draft, EW_TAG_HOST, j->host);
    draft->marks |= EW_MARK(IPV4_SERVES);
    draft_says(j, draft, "none of the %zu IPv6 addresses of %s connects, the IPv4 ones do", failing,
               j->host);
    tag_dead(j, draft);
    draft_next(j, draft, "try IPv6 alone; drop the AAAA or make the edge dual-stack",
               "curl -6 -v %s", j->url_word);
}

static void judge_one_dead(struct judging *j, size_t failing, size_t total)
{
    struct ew_draft *draft = draft_new(j, "dns-one-dead-address", "Record", NULL, j->host);
    draft_tag(j, draft, EW_TAG_HOST, j->host);
    draft_says(j, draft, "%zu of %zu addresses of %s fail while the others work", failing, total,
               j->host);
    tag_dead(j, draft);
    draft_next(j, draft, "compare the addresses",
               "for ip in $(dig +short %s); do curl -sS -o /dev/null -w \"$ip %%{http_code}\\n\" "
               "--resolve %s:%d:$ip %s; done",
               j->host, j->host, j->port, j->url_word);
}

/* Connections alone decide about IPv6; for one dead address any test does. */
static void judge_set(struct judging *j)
{
    size_t good = 0, failing = 0, v6_dead = 0, v6_good = 0, unsure = 0, total = 0;
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        if (!at->in_record)
            continue;
        total++;
        bool v6 = ew_ip_family(at->text) == 6;
        good += passes(j, at);
        failing += fails(at);
        unsure += at->tcp_test == TEST_PENDING || at->http_test == TEST_PENDING;
        v6_dead += v6 && at->tcp_test == TEST_FAIL;
        v6_good += v6 && at->tcp_test == TEST_PASS;
    }
    if (!good || !failing || unsure)
        return;
    if (v6_dead == failing && !v6_good)
        judge_no_v6(j, failing);
    else
        judge_one_dead(j, failing, total);
}

void dns_judge(struct judging *j)
{
    if (!j->opinions)
        return;
    judge_answers(j, j->opinions);
    if (j->dns_done) {
        judge_target(j);
        judge_set(j);
    }
}
