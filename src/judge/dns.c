#include "dns.h"

#include <string.h>

static const char *const would = "dns-nxdomain dns-nodata dns-servfail dns-timeout";

/* ---- reading answers ---- */

static bool is_address_type(const char *type)
{
    return strcmp(type, "A") == 0 || strcmp(type, "AAAA") == 0;
}

static bool has_address(const struct ew_json *answers)
{
    EW_JSON_EACH(row, answers)
    if (is_address_type(ew_json_get_str(row, "type", "")))
        return true;
    return false;
}

static enum says said(struct got got)
{
    const char *rcode = ew_json_get_str(got.value, "rcode", "");
    if (got.state == EW_PENDING)
        return SAYS_PENDING;
    if (!is_known(got))
        return SAYS_NOTHING;
    if (has_address(ew_json_get(got.value, "answers")))
        return SAYS_ADDRESSES;
    if (strcmp(rcode, "NXDOMAIN") == 0)
        return SAYS_NXDOMAIN;
    return strcmp(rcode, "NOERROR") == 0 ? SAYS_NODATA : SAYS_SERVFAIL;
}

static const char *last_cname(struct judging *j, const struct ew_json *answers)
{
    const char *target = NULL;
    EW_JSON_EACH(row, answers)
    if (strcmp(ew_json_get_str(row, "type", ""), "CNAME") == 0)
        target = ew_json_get_str(row, "data", target);
    return target ? clean(j, target) : NULL;
}

static void take_addresses(struct judging *j, const struct ew_json *answers)
{
    EW_JSON_EACH(row, answers)
    {
        if (!is_address_type(ew_json_get_str(row, "type", "")))
            continue;
        struct address *address = address_add(j, ew_json_get_str(row, "data", ""));
        if (address)
            address->in_record = true;
    }
}

static void show_answer(struct judging *j, const char *resolver, const char *type, struct got got)
{
    struct ew_json *list = layer_list(j, EW_LAYER_DNS, "answers");
    struct ew_json *row = ew_json_add(j->doc, list, ew_json_object(j->doc));
    ew_json_set_str(j->doc, row, "resolver", resolver);
    ew_json_set_str(j->doc, row, "type", type);
    ew_json_set_str(j->doc, row, "rcode",
                    is_known(got) ? ew_json_get_str(got.value, "rcode", "") : got.reason);
    ew_json_set(j->doc, row, "records",
                is_known(got) && ew_json_get(got.value, "answers")
                    ? ew_json_copy(j->doc, ew_json_get(got.value, "answers"))
                    : ew_json_array(j->doc));
}

static enum says ask(struct judging *j, struct opinion *opinion, const char *type)
{
    struct got got = need_dns(j, EW_LAYER_DNS, opinion->resolver, j->host, type, would);
    enum says says = said(got);
    if (says == SAYS_PENDING)
        return says;
    const struct ew_json *answers = ew_json_get(got.value, "answers");
    take_addresses(j, answers);
    show_answer(j, opinion->resolver, type, got);
    if (says == SAYS_NXDOMAIN || says == SAYS_NODATA)
        opinion->dangling = last_cname(j, answers);
    const char *ede = ew_json_str(ew_json_at(got.value, "ede[0].text"));
    opinion->ede = ede ? clean(j, ede) : opinion->ede;
    if (says < opinion->says || !opinion->rcode)
        opinion->rcode = is_known(got) ? ew_json_get_str(got.value, "rcode", "?") : got.reason;
    return says;
}

/* An answer of one family decides nothing until the other has come, but its addresses count. */
static void ask_resolver(struct judging *j, struct opinion *opinion)
{
    long family = ew_json_get_int(j->options, "family", 0);
    opinion->says = SAYS_PENDING;
    enum says a = family == 6 ? SAYS_PENDING : ask(j, opinion, "A");
    if (family != 6)
        opinion->says = a;
    enum says aaaa = family == 4 ? a : ask(j, opinion, "AAAA");
    if (family == 6)
        a = aaaa;
    opinion->says = a == SAYS_PENDING || aaaa == SAYS_PENDING ? SAYS_PENDING : a < aaaa ? a : aaaa;
    if (opinion->says == SAYS_ADDRESSES)
        opinion->dangling = NULL;
}

static void ask_all(struct judging *j, struct opinions *all)
{
    EW_JSON_EACH(row, ew_json_get(j->options, "resolvers"))
    {
        if (all->count == RESOLVERS_MAX)
            break;
        struct opinion *opinion = &all->at[all->count++];
        opinion->resolver = ew_json_get_str(row, "address", "");
        ask_resolver(j, opinion);
        all->by[opinion->says]++;
    }
}

/* ---- looking ---- */

static bool take_pins(struct judging *j)
{
    EW_JSON_EACH(pin, ew_json_get(j->options, "resolve"))
    {
        if (!ew_text_ieq(ew_json_get_str(pin, "host", ""), j->host) ||
            ew_json_get_int(pin, "port", 0) != j->port)
            continue;
        EW_JSON_EACH(text, ew_json_get(pin, "addresses"))
        {
            struct address *address = address_add(j, ew_json_str(text) ? ew_json_str(text) : "");
            if (address)
                address->in_record = j->pinned = true;
        }
    }
    return j->pinned;
}

const char *record_summary(struct judging *j)
{
    const char *first = "";
    for (size_t i = j->address_count; i > 0; i--)
        if (j->addresses[i - 1].in_record)
            first = j->addresses[i - 1].text;
    size_t more = record_count(j) > 1 ? record_count(j) - 1 : 0;
    return more ? say(j, "%s + %zu", first, more) : first;
}

const char *opinion_text(const struct opinion *opinion)
{
    return opinion->says == SAYS_NODATA ? "no address" : opinion->rcode ? opinion->rcode : "silent";
}

/* The family that a walk of one family leaves out has no part in it. */
static void settle(struct judging *j, const struct opinions *all)
{
    if (!all->count) {
        layer_is(j, EW_LAYER_DNS, EW_ST_UNKNOWN, "no resolver is known");
        undecided_add(j, say(j, "resolve %s", j->host), "no resolver is configured", would);
    } else if (all->by[SAYS_ADDRESSES]) {
        layer_is(j, EW_LAYER_DNS, EW_ST_OK, "%s", record_summary(j));
    } else {
        j->dns_failed = !all->by[SAYS_PENDING];
        layer_is(j, EW_LAYER_DNS, EW_ST_FAIL, "%s", opinion_text(&all->at[0]));
    }
    j->dns_done = !all->by[SAYS_PENDING];
}

void dns_look(struct judging *j)
{
    j->dns_done = true;
    if (!j->outside) {
        layer_is(j, EW_LAYER_DNS, EW_ST_SKIPPED, "--no-probe");
    } else if (j->literal) {
        struct address *address = address_add(j, j->host);
        if (address)
            address->in_record = true;
        layer_is(j, EW_LAYER_DNS, EW_ST_SKIPPED, "an address, nothing to resolve");
    } else if (take_pins(j)) {
        layer_is(j, EW_LAYER_DNS, EW_ST_SKIPPED, "%s by --resolve", record_summary(j));
    } else {
        j->opinions = ew_arena_alloc(j->arena, sizeof(*j->opinions));
        ask_all(j, j->opinions);
        settle(j, j->opinions);
    }
}
