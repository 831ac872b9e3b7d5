#include "dns.h"

#include "edgewalk/base/text.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum {
    TYPE_A = 1,
    TYPE_NS = 2,
    TYPE_CNAME = 5,
    TYPE_SOA = 6,
    TYPE_TXT = 16,
    TYPE_AAAA = 28,
    TYPE_OPT = 41
};
enum { NOERROR = 0, FORMERR = 1, SERVFAIL = 2, NXDOMAIN = 3, NOTIMP = 4, REFUSED = 5 };
#define CHAIN_MAX 16

/* A question as read from the wire. */
struct question {
    unsigned id;
    bool rd, edns;
    size_t udp_size;
    char name[256]; /* lower case, no trailing dot */
    unsigned type;
    size_t end; /* offset after the question section */
};

/* An answer as it grows. */
struct message {
    struct lab_dns_answer *out;
    unsigned answers, authorities, additionals;
    unsigned rcode;
};

static const struct {
    const char *name;
    unsigned code;
} rcodes[] = {{"NOERROR", NOERROR},   {"FORMERR", FORMERR}, {"SERVFAIL", SERVFAIL},
              {"NXDOMAIN", NXDOMAIN}, {"NOTIMP", NOTIMP},   {"REFUSED", REFUSED}};

static unsigned rcode_of(const char *name)
{
    for (size_t i = 0; i < EW_COUNT(rcodes); i++)
        if (ew_text_ieq(rcodes[i].name, name))
            return rcodes[i].code;
    return SERVFAIL;
}

static unsigned get16(const unsigned char *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static void put(struct message *message, const void *bytes, size_t len)
{
    struct lab_dns_answer *out = message->out;
    if (out->len + len > sizeof out->bytes)
        return;
    memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}

static void put16(struct message *message, unsigned value)
{
    unsigned char bytes[2] = {(unsigned char)(value >> 8), (unsigned char)value};
    put(message, bytes, 2);
}

static void put32(struct message *message, unsigned long value)
{
    put16(message, (unsigned)(value >> 16 & 0xffff));
    put16(message, (unsigned)(value & 0xffff));
}

static void put_name(struct message *message, const char *name)
{
    while (*name) {
        size_t len = strcspn(name, ".");
        unsigned char size = (unsigned char)(len > 63 ? 63 : len);
        put(message, &size, 1);
        put(message, name, size);
        name += len + (name[len] == '.');
    }
    put(message, "", 1);
}

/* A name of the question, which is never compressed. Returns the offset after it; 0: malformed. */
static size_t read_name(const unsigned char *query, size_t len, size_t at, char out[256])
{
    size_t n = 0;
    while (at < len && query[at]) {
        size_t label = query[at];
        if (label > 63 || at + 1 + label >= len || n + label + 1 > 254)
            return 0;
        memcpy(out + n, query + at + 1, label);
        n += label;
        out[n++] = '.';
        at += 1 + label;
    }
    out[n ? n - 1 : 0] = '\0';
    ew_text_lower(out);
    return at < len ? at + 1 : 0;
}

static bool read_question(const unsigned char *query, size_t len, struct question *out)
{
    memset(out, 0, sizeof *out);
    if (len < 17 || get16(query + 4) != 1)
        return false;
    out->id = get16(query);
    out->rd = query[2] & 1;
    size_t at = read_name(query, len, 12, out->name);
    if (!at || at + 4 > len)
        return false;
    out->type = get16(query + at);
    out->end = at + 4;
    out->udp_size = 512;
    if (get16(query + 10) > 0 && out->end + 11 <= len && query[out->end] == 0 &&
        get16(query + out->end + 1) == TYPE_OPT) {
        out->edns = true;
        out->udp_size = get16(query + out->end + 3);
    }
    return true;
}

/* The record data of one value; false when it cannot be of that type. */
static bool put_data(struct message *message, unsigned type, const char *value)
{
    unsigned char address[16];
    int family = type == TYPE_A ? AF_INET : AF_INET6;
    switch (type) {
    case TYPE_A:
    case TYPE_AAAA:
        if (inet_pton(family, value, address) != 1)
            return false;
        put(message, address, family == AF_INET ? 4 : 16);
        return true;
    case TYPE_NS:
    case TYPE_CNAME:
        put_name(message, value);
        return true;
    case TYPE_TXT:
        put(message, &(unsigned char){(unsigned char)strnlen(value, 255)}, 1);
        put(message, value, strnlen(value, 255));
        return true;
    default:
        return false;
    }
}

static void put_record(struct message *message, const char *owner, unsigned type, long ttl,
                       const char *value)
{
    size_t start = message->out->len, length_at;
    put_name(message, owner);
    put16(message, type);
    put16(message, 1);
    put32(message, (unsigned long)ttl);
    length_at = message->out->len;
    put16(message, 0);
    if (!put_data(message, type, value)) {
        message->out->len = start;
        return;
    }
    size_t length = message->out->len - length_at - 2;
    message->out->bytes[length_at] = (unsigned char)(length >> 8);
    message->out->bytes[length_at + 1] = (unsigned char)length;
    message->answers++;
}

static bool within(const char *name, const char *zone)
{
    size_t n = strlen(name), z = strlen(zone);
    return n >= z && strcmp(name + n - z, zone) == 0 && (n == z || name[n - z - 1] == '.');
}

/* SOA of the zone, for answers that say no. */
static void put_soa(struct message *message, const struct ew_json *spec, const char *name)
{
    const char *zone = ew_json_get_str(spec, "zone", "");
    if (!within(name, zone))
        zone = "";
    put_name(message, zone);
    put16(message, TYPE_SOA);
    put16(message, 1);
    put32(message, 300);
    size_t length_at = message->out->len;
    put16(message, 0);
    put_name(message, *zone ? "ns1.lab.example" : "a.root-servers.net");
    put_name(message, "hostmaster.lab.example");
    for (unsigned long n = 0; n < 5; n++)
        put32(message, (const unsigned long[]){2026112301, 7200, 900, 1209600, 300}[n]);
    size_t length = message->out->len - length_at - 2;
    message->out->bytes[length_at] = (unsigned char)(length >> 8);
    message->out->bytes[length_at + 1] = (unsigned char)length;
    message->authorities++;
}

/* What the spec has for a name: itself, or the nearest wildcard above it. */
static const struct ew_json *records_of(const struct ew_json *spec, const char *name)
{
    const struct ew_json *records = ew_json_get(spec, "records");
    const struct ew_json *found = ew_json_get(records, name);
    for (const char *dot = strchr(name, '.'); !found && dot; dot = strchr(dot + 1, '.')) {
        char *wild = ew_fmt("*%s", dot);
        found = ew_json_get(records, wild);
        free(wild);
    }
    return found;
}

static const char *type_name(unsigned type)
{
    static const struct {
        unsigned type;
        const char *name;
    } types[] = {{TYPE_A, "A"},
                 {TYPE_AAAA, "AAAA"},
                 {TYPE_NS, "NS"},
                 {TYPE_CNAME, "CNAME"},
                 {TYPE_TXT, "TXT"}};
    for (size_t i = 0; i < EW_COUNT(types); i++)
        if (types[i].type == type)
            return types[i].name;
    return "?";
}

static void put_values(struct message *message, const struct question *question, const char *name,
                       const struct ew_json *entry, long ttl)
{
    const struct ew_json *values = ew_json_get(entry, type_name(question->type));
    if (ew_json_is(values, EW_JSON_STRING))
        put_record(message, name, question->type, ttl, ew_json_str(values));
    EW_JSON_EACH(value, values)
    put_record(message, name, question->type, ttl, ew_json_str_or(value, ""));
}

/* Follows aliases as a recursor does, and says no as one does. Returns the entry that decides. */
static const struct ew_json *resolve(struct message *message, const struct ew_json *spec,
                                     const struct question *question)
{
    char *name = ew_strdup(question->name);
    const struct ew_json *entry = NULL;
    for (int hop = 0; hop < CHAIN_MAX; hop++) {
        entry = records_of(spec, name);
        const char *alias = ew_json_get_str(entry, "CNAME", NULL);
        long ttl = ew_json_get_int(entry, "ttl", ew_json_get_int(spec, "ttl", 300));
        if (!alias || question->type == TYPE_CNAME || ew_json_get(entry, "rcode")) {
            put_values(message, question, name, entry, ttl);
            break;
        }
        put_record(message, name, TYPE_CNAME, ttl, alias);
        free(name);
        name = ew_strdup(alias);
    }
    if (ew_json_get(entry, "rcode"))
        message->rcode = rcode_of(ew_json_get_str(entry, "rcode", ""));
    else if (!entry)
        message->rcode = rcode_of(ew_json_get_str(spec, "otherwise", "NXDOMAIN"));
    bool data = entry && ew_json_get(entry, type_name(question->type));
    if (!data && (message->rcode == NOERROR || message->rcode == NXDOMAIN))
        put_soa(message, spec, name);
    free(name);
    return entry;
}

static void put_opt(struct message *message, const struct ew_json *entry)
{
    const struct ew_json *ede = ew_json_get(entry, "ede");
    const char *text = ew_json_get_str(ede, "text", "");
    put(message, "", 1);
    put16(message, TYPE_OPT);
    put16(message, 1232);
    put32(message, 0);
    put16(message, ede ? (unsigned)(6 + strlen(text)) : 0);
    if (ede) {
        put16(message, 15); /* RFC 8914 */
        put16(message, (unsigned)(2 + strlen(text)));
        put16(message, (unsigned)ew_json_get_int(ede, "code", 0));
        put(message, text, strlen(text));
    }
    message->additionals++;
}

static void set16(struct lab_dns_answer *out, size_t at, unsigned value)
{
    out->bytes[at] = (unsigned char)(value >> 8);
    out->bytes[at + 1] = (unsigned char)value;
}

static void finish(struct message *message, const struct question *question,
                   const struct ew_json *spec, bool truncated)
{
    bool authoritative = ew_json_get_bool(spec, "authoritative", false);
    unsigned flags = 0x8000U | (authoritative ? 0x0400U : 0x0080U) | (truncated ? 0x0200U : 0U) |
                     (question->rd ? 0x0100U : 0U) | message->rcode;
    set16(message->out, 0, question->id);
    set16(message->out, 2, flags);
    set16(message->out, 4, 1);
    set16(message->out, 6, message->answers);
    set16(message->out, 8, message->authorities);
    set16(message->out, 10, message->additionals);
}

void lab_dns_answer(const struct ew_json *spec, const unsigned char *query, size_t len, bool udp,
                    struct lab_dns_answer *out)
{
    struct question question;
    struct message message = {.out = out};
    out->len = 0;
    out->delay_ms = 0;
    if (!read_question(query, len, &question))
        return;
    put(&message, query, question.end);
    const struct ew_json *entry = resolve(&message, spec, &question);
    out->delay_ms = (int)ew_json_get_int(entry, "delay_ms", ew_json_get_int(spec, "delay_ms", 0));
    if (ew_json_get_bool(entry, "silent", ew_json_get_bool(spec, "silent", false))) {
        out->len = 0;
        return;
    }
    if (question.edns)
        put_opt(&message, entry);
    bool cut = udp && (out->len > question.udp_size || ew_json_get_bool(entry, "truncate", false));
    if (cut) {
        out->len = question.end;
        message = (struct message){.out = out, .rcode = message.rcode};
        if (question.edns)
            put_opt(&message, NULL);
    }
    finish(&message, &question, spec, cut);
}
