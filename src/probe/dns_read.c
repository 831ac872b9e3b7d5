/* DNS answers as facts: read with the system's own functions, which refuse a packet with one bad
 * record whole; only the options of OPT and the parameters of HTTPS records are walked by hand. */
#include "config.h"

#include "prober.h"

#include "dns_data.h"

#include "edgewalk/base/text.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>

enum { ANSWERS_MAX = 1000, TYPE_OPT = 41, OPTION_EDE = 15 };

static const struct {
    const char *name;
    int number;
} types[] = {
    {"A", 1},     {"NS", 2},      {"CNAME", 5},  {"SOA", 6},    {"PTR", 12},   {"MX", 15},
    {"TXT", 16},  {"AAAA", 28},   {"SRV", 33},   {"DNAME", 39}, {"DS", 43},    {"RRSIG", 46},
    {"NSEC", 47}, {"DNSKEY", 48}, {"NSEC3", 50}, {"SVCB", 64},  {"HTTPS", 65}, {"CAA", 257},
};

int probe_dns_type(const char *name)
{
    long number = 0;
    for (size_t i = 0; i < EW_COUNT(types); i++)
        if (ew_text_ieq(types[i].name, name))
            return types[i].number;
    if (name && ew_text_prefix(name, "TYPE") && ew_text_number(name + 4, 1, 65535, &number))
        return (int)number;
    return 0;
}

static void set_type(struct ew_doc *doc, struct ew_json *out, int number)
{
    for (size_t i = 0; i < EW_COUNT(types); i++) {
        if (types[i].number != number)
            continue;
        ew_json_set_str(doc, out, "type", types[i].name);
        return;
    }
    char *text = ew_fmt("TYPE%d", number);
    ew_json_set_str(doc, out, "type", text);
    free(text);
}

static void set_rcode(struct ew_doc *doc, struct ew_json *out, int rcode)
{
    static const char *const names[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",
                                        "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
                                        "NXRRSET", "NOTAUTH", "NOTZONE"};
    if ((size_t)rcode < EW_COUNT(names)) {
        ew_json_set_str(doc, out, "rcode", names[rcode]);
        return;
    }
    char *text = rcode == 16 ? ew_strdup("BADVERS") : ew_fmt("RCODE%d", rcode);
    ew_json_set_str(doc, out, "rcode", text);
    free(text);
}

/* Names are alike whatever their case (RFC 4343). */
static void set_name(struct ew_doc *doc, struct ew_json *out, const char *key, const char *name)
{
    char *text = ew_strdup(name);
    ew_text_lower(text);
    ew_json_set_str(doc, out, key, text);
    free(text);
}

static void read_answers(ns_msg *msg, struct ew_doc *doc, struct ew_json *value)
{
    struct ew_json *answers = ew_json_array(doc);
    int count = ns_msg_count(*msg, ns_s_an);
    for (int i = 0; i < count && i < ANSWERS_MAX; i++) {
        ns_rr rr;
        if (ns_parserr(msg, ns_s_an, i, &rr) < 0)
            break;
        struct ew_json *answer = ew_json_object(doc);
        set_name(doc, answer, "name", ns_rr_name(rr));
        set_type(doc, answer, ns_rr_type(rr));
        ew_json_set_num(doc, answer, "ttl", ns_rr_ttl(rr));
        char *data = dns_data_text(msg, &rr);
        ew_json_set_str(doc, answer, "data", data);
        free(data);
        ew_json_add(doc, answers, answer);
    }
    ew_json_set(doc, value, "answers", answers);
}

/* Of a negative answer: how long it holds (RFC 2308 §5). */
static void read_soa(ns_msg *msg, struct ew_doc *doc, struct ew_json *value)
{
    int count = ns_msg_count(*msg, ns_s_ns);
    for (int i = 0; i < count && i < ANSWERS_MAX; i++) {
        ns_rr rr;
        if (ns_parserr(msg, ns_s_ns, i, &rr) < 0)
            return;
        if (ns_rr_type(rr) != ns_t_soa || ns_rr_rdlen(rr) < 22)
            continue;
        struct ew_json *soa = ew_json_set(doc, value, "soa", ew_json_object(doc));
        set_name(doc, soa, "name", ns_rr_name(rr));
        ew_json_set_num(doc, soa, "ttl", ns_rr_ttl(rr));
        const unsigned char *end = ns_rr_rdata(rr) + ns_rr_rdlen(rr);
        ew_json_set_num(doc, soa, "minimum", (double)ns_get32(end - 4));
        return;
    }
}

/* Extended DNS errors: RFC 8914. */
static void read_options(const unsigned char *at, size_t len, struct ew_doc *doc,
                         struct ew_json *value)
{
    struct ew_json *list = NULL;
    while (len >= 4) {
        int option = (int)ns_get16(at);
        size_t size = ns_get16(at + 2);
        at += 4;
        len -= 4;
        if (size > len)
            return;
        if (option == OPTION_EDE && size >= 2) {
            if (!list)
                list = ew_json_set(doc, value, "ede", ew_json_array(doc));
            struct ew_json *ede = ew_json_add(doc, list, ew_json_object(doc));
            ew_json_set_num(doc, ede, "code", ns_get16(at));
            ew_json_set(doc, ede, "text", ew_json_stringn(doc, (const char *)at + 2, size - 2));
        }
        at += size;
        len -= size;
    }
}

/* The OPT record also holds the upper bits of the rcode (RFC 6891 §6.1.3). */
static int read_opt(ns_msg *msg, struct ew_doc *doc, struct ew_json *value)
{
    int count = ns_msg_count(*msg, ns_s_ar);
    for (int i = 0; i < count && i < ANSWERS_MAX; i++) {
        ns_rr rr;
        if (ns_parserr(msg, ns_s_ar, i, &rr) < 0)
            break;
        if ((int)ns_rr_type(rr) != TYPE_OPT)
            continue;
        read_options(ns_rr_rdata(rr), ns_rr_rdlen(rr), doc, value);
        return (int)(ns_rr_ttl(rr) >> 24) << 4;
    }
    return 0;
}

struct ew_doc *probe_dns_value(const unsigned char *packet, size_t len, const char *resolver,
                               const char *name, const char *type, bool slow)
{
    ns_msg msg;
    if (len > NS_MAXMSG || ns_initparse(packet, (int)len, &msg) < 0)
        return NULL;
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *value = ew_json_object(doc);
    ew_doc_set_root(doc, value);
    ew_json_set_str(doc, value, "resolver", resolver);
    ew_json_set_str(doc, value, "name", name);
    ew_json_set_str(doc, value, "type", type);
    ew_json_set_str(doc, value, "rcode", ""); /* keeps its place */
    ew_json_set_bool(doc, value, "aa", ns_msg_getflag(msg, ns_f_aa));
    ew_json_set_bool(doc, value, "ad", ns_msg_getflag(msg, ns_f_ad));
    ew_json_set_bool(doc, value, "tc", ns_msg_getflag(msg, ns_f_tc));
    read_answers(&msg, doc, value);
    read_soa(&msg, doc, value);
    int upper = read_opt(&msg, doc, value);
    set_rcode(doc, value, upper | ns_msg_getflag(msg, ns_f_rcode));
    ew_json_set_bool(doc, value, "slow", slow);
    return doc;
}

struct ew_doc *ew_dns_read(const unsigned char *packet, size_t len, const char *resolver,
                           const char *name, const char *type)
{
    return probe_dns_value(packet, len, resolver, name, type, false);
}
