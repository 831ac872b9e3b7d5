#include "config.h"

#include "dns_data.h"

#include "edgewalk/base/buf.h"
#include "edgewalk/base/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <resolv.h>

enum { TYPE_SVCB = 64, TYPE_HTTPS = 65, TYPE_CAA = 257, TEXT_MAX = 8192 };

/* Each writes to out and returns whether the data was what it should be. */
typedef bool data_fn(ns_msg *msg, const unsigned char *at, size_t len, struct ew_buf *out);

static bool put_address(int family, const unsigned char *at, size_t len, struct ew_buf *out)
{
    char text[INET6_ADDRSTRLEN];
    if (len != (family == AF_INET ? 4 : 16) || !inet_ntop(family, at, text, sizeof(text)))
        return false;
    ew_buf_adds(out, text);
    return true;
}

static bool data_a(ns_msg *msg, const unsigned char *at, size_t len, struct ew_buf *out)
{
    (void)msg;
    return put_address(AF_INET, at, len, out);
}

static bool data_aaaa(ns_msg *msg, const unsigned char *at, size_t len, struct ew_buf *out)
{
    (void)msg;
    return put_address(AF_INET6, at, len, out);
}

/* The name, lower case; its length in the record, 0 when it is none. */
static size_t put_name(ns_msg *msg, const unsigned char *at, size_t len, struct ew_buf *out)
{
    char name[NS_MAXDNAME];
    int used = ns_name_uncompress(ns_msg_base(*msg), ns_msg_end(*msg), at, name, sizeof(name));
    if (used <= 0 || (size_t)used > len)
        return 0;
    ew_text_lower(name);
    ew_buf_adds(out, name);
    return (size_t)used;
}

static bool data_name(ns_msg *msg, const unsigned char *at, size_t len, struct ew_buf *out)
{
    return put_name(msg, at, len, out) > 0;
}

static bool data_mx(ns_msg *msg, const unsigned char *at, size_t len, struct ew_buf *out)
{
    if (len < 3)
        return false;
    ew_buf_addf(out, "%u ", ns_get16(at));
    return put_name(msg, at + 2, len - 2, out) > 0;
}

static bool data_srv(ns_msg *msg, const unsigned char *at, size_t len, struct ew_buf *out)
{
    if (len < 7)
        return false;
    ew_buf_addf(out, "%u %u %u ", ns_get16(at), ns_get16(at + 2), ns_get16(at + 4));
    return put_name(msg, at + 6, len - 6, out) > 0;
}

static bool data_soa(ns_msg *msg, const unsigned char *at, size_t len, struct ew_buf *out)
{
    size_t mname = put_name(msg, at, len, out);
    if (!mname)
        return false;
    ew_buf_adds(out, " ");
    size_t rname = put_name(msg, at + mname, len - mname, out);
    if (!rname || len - mname - rname != 20)
        return false;
    for (const unsigned char *n = at + mname + rname; n < at + len; n += 4)
        ew_buf_addf(out, " %lu", (unsigned long)ns_get32(n));
    return true;
}

static void put_quoted(const unsigned char *at, size_t len, struct ew_buf *out)
{
    ew_buf_adds(out, "\"");
    for (size_t i = 0; i < len; i++) {
        if (at[i] == '"' || at[i] == '\\')
            ew_buf_addf(out, "\\%c", at[i]);
        else if (at[i] >= ' ' && at[i] < 0x7f)
            ew_buf_add(out, (const char *)&at[i], 1);
        else
            ew_buf_addf(out, "\\%03d", at[i]);
    }
    ew_buf_adds(out, "\"");
}

static bool data_txt(ns_msg *msg, const unsigned char *at, size_t len, struct ew_buf *out)
{
    (void)msg;
    while (len) {
        size_t size = *at;
        if (size + 1 > len)
            return false;
        if (out->len)
            ew_buf_adds(out, " ");
        put_quoted(at + 1, size, out);
        at += size + 1;
        len -= size + 1;
    }
    return true;
}

static bool data_caa(ns_msg *msg, const unsigned char *at, size_t len, struct ew_buf *out)
{
    (void)msg;
    if (len < 2 || (size_t)at[1] + 2 > len)
        return false;
    ew_buf_addf(out, "%d %.*s ", at[0], (int)at[1], (const char *)at + 2);
    put_quoted(at + 2 + at[1], len - 2 - at[1], out);
    return true;
}

/* ---- SvcParams: RFC 9460 §2.2, §7 ---- */

static bool put_alpn(const unsigned char *at, size_t len, struct ew_buf *out)
{
    for (const char *comma = ""; len; comma = ",") {
        size_t size = *at;
        if (size + 1 > len)
            return false;
        ew_buf_adds(out, comma);
        for (size_t i = 1; i <= size; i++)
            ew_buf_addf(out, at[i] > ' ' && at[i] < 0x7f ? "%c" : "\\%03d", at[i]);
        at += size + 1;
        len -= size + 1;
    }
    return true;
}

static bool put_hints(int family, const unsigned char *at, size_t len, struct ew_buf *out)
{
    size_t size = family == AF_INET ? 4 : 16;
    if (!len || len % size)
        return false;
    for (size_t i = 0; i < len; i += size) {
        ew_buf_adds(out, i ? "," : "");
        put_address(family, at + i, size, out);
    }
    return true;
}

static bool put_param(int key, const unsigned char *at, size_t len, struct ew_buf *out)
{
    static const char *const names[] = {"mandatory", "alpn", "no-default-alpn", "port",
                                        "ipv4hint",  "ech",  "ipv6hint"};
    if ((size_t)key < EW_COUNT(names))
        ew_buf_addf(out, " %s", names[key]);
    else
        ew_buf_addf(out, " key%d", key);
    if (len)
        ew_buf_adds(out, "=");
    switch (key) {
    case 1:
        return put_alpn(at, len, out);
    case 3:
        if (len == 2)
            ew_buf_addf(out, "%u", ns_get16(at));
        return len == 2;
    case 4:
        return put_hints(AF_INET, at, len, out);
    case 6:
        return put_hints(AF_INET6, at, len, out);
    default:
        if (len)
            put_quoted(at, len, out);
        return true;
    }
}

static bool data_svcb(ns_msg *msg, const unsigned char *at, size_t len, struct ew_buf *out)
{
    if (len < 3)
        return false;
    ew_buf_addf(out, "%u ", ns_get16(at));
    size_t used = put_name(msg, at + 2, len - 2, out);
    if (!used)
        return false;
    at += 2 + used;
    len -= 2 + used;
    while (len) {
        size_t size = len >= 4 ? ns_get16(at + 2) : len;
        if (len < 4 || size > len - 4 || !put_param((int)ns_get16(at), at + 4, size, out))
            return false;
        at += 4 + size;
        len -= 4 + size;
    }
    return true;
}

static const struct {
    int type;
    data_fn *put;
} kinds[] = {
    {ns_t_a, data_a},        {ns_t_aaaa, data_aaaa}, {ns_t_cname, data_name},
    {ns_t_ns, data_name},    {ns_t_ptr, data_name},  {ns_t_dname, data_name},
    {ns_t_mx, data_mx},      {ns_t_srv, data_srv},   {ns_t_soa, data_soa},
    {ns_t_txt, data_txt},    {TYPE_CAA, data_caa},   {TYPE_SVCB, data_svcb},
    {TYPE_HTTPS, data_svcb},
};

static void put_unknown(const unsigned char *at, size_t len, struct ew_buf *out)
{
    ew_buf_clear(out);
    ew_buf_addf(out, "\\# %zu ", len);
    for (size_t i = 0; i < len; i++)
        ew_buf_addf(out, "%02x", at[i]);
}

char *dns_data_text(ns_msg *msg, ns_rr *rr)
{
    const unsigned char *at = ns_rr_rdata(*rr);
    size_t len = ns_rr_rdlen(*rr);
    bool done = false;
    struct ew_buf out;
    ew_buf_init(&out, TEXT_MAX);
    for (size_t i = 0; i < EW_COUNT(kinds) && !done; i++)
        if (kinds[i].type == (int)ns_rr_type(*rr))
            done = kinds[i].put(msg, at, len, &out);
    if (!done)
        put_unknown(at, len, &out);
    return ew_buf_take(&out);
}
