#include "signature.h"

#include "edgewalk/base/text.h"

#include <regex.h>
#include <string.h>

/* Pages are up to 4 KiB in a fact; patterns are ours and linear enough for that. */
static bool matches(const char *pattern, const char *text)
{
    regex_t regex;
    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) != 0)
        return false;
    bool found = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return found;
}

/* ---- conditions, the cheap ones first ---- */

static bool status_fits(const struct ew_signature *row, const struct ew_sighting *seen)
{
    long status = ew_json_get_int(seen->answer, "status", 0);
    for (const short *at = row->status; at && *at; at++)
        if (*at == status)
            return true;
    return !row->status;
}

static bool transport_fits(const struct ew_signature *row, const struct ew_sighting *seen)
{
    if (row->transport && !ew_streq(row->transport, seen->transport))
        return false;
    if (row->tls_alert && !ew_streq(row->tls_alert, seen->tls_alert))
        return false;
    return true;
}

static bool needs_answer(const struct ew_signature *row)
{
    return row->status || row->body_exact || row->body_contains || row->body_regex ||
           row->headers[0].name || row->headers_absent[0] || row->content_length;
}

static bool needs_leaf(const struct ew_signature *row)
{
    return row->cert_subject || row->cert_issuer || row->cert_san;
}

static const char *header(const struct ew_json *answer, const char *name)
{
    EW_JSON_EACH(pair, ew_json_get(answer, "headers"))
    if (ew_text_ieq(ew_json_str(ew_json_item(pair, 0)), name))
        return ew_json_str(ew_json_item(pair, 1));
    return NULL;
}

static bool headers_fit(const struct ew_signature *row, const struct ew_sighting *seen)
{
    for (size_t i = 0; i < EW_COUNT(row->headers_absent) && row->headers_absent[i]; i++)
        if (header(seen->answer, row->headers_absent[i]))
            return false;
    for (size_t i = 0; i < EW_COUNT(row->headers) && row->headers[i].name; i++) {
        const char *value = header(seen->answer, row->headers[i].name);
        if (!value || !matches(row->headers[i].pattern, value))
            return false;
    }
    return true;
}

static bool length_fits(const struct ew_signature *row, const struct ew_sighting *seen)
{
    if (!row->content_length)
        return true;
    long seen_length = ew_json_get_int(seen->answer, "body_bytes", -1);
    return seen_length == row->content_length - 1;
}

static bool body_fits(const struct ew_signature *row, const struct ew_sighting *seen)
{
    const char *body = ew_json_get_str(seen->answer, "body", "");
    bool cut = ew_json_get_bool(seen->answer, "body_cut", false);
    if (row->body_exact && (cut || strcmp(body, row->body_exact) != 0))
        return false;
    if (row->body_contains && !strstr(body, row->body_contains))
        return false;
    return !row->body_regex || matches(row->body_regex, body);
}

static bool san_fits(const struct ew_signature *row, const struct ew_json *leaf)
{
    EW_JSON_EACH(san, ew_json_get(leaf, "sans"))
    {
        const char *text = ew_json_str(san);
        if (text && ew_text_prefix(text, "dns:") && matches(row->cert_san, text + strlen("dns:")))
            return true;
    }
    return false;
}

static bool leaf_fits(const struct ew_signature *row, const struct ew_json *leaf)
{
    if (row->cert_subject && !matches(row->cert_subject, ew_json_get_str(leaf, "subject", "")))
        return false;
    if (row->cert_issuer && !matches(row->cert_issuer, ew_json_get_str(leaf, "issuer", "")))
        return false;
    return !row->cert_san || san_fits(row, leaf);
}

static bool fits(const struct ew_signature *row, const struct ew_sighting *seen)
{
    if (needs_answer(row) && (!seen->answer || !status_fits(row, seen)))
        return false;
    if (needs_leaf(row) && !seen->leaf)
        return false;
    if (!transport_fits(row, seen) || !length_fits(row, seen) || !headers_fit(row, seen))
        return false;
    return body_fits(row, seen) && (!needs_leaf(row) || leaf_fits(row, seen->leaf));
}

/* ---- ranking ---- */

static int count_conditions(const struct ew_signature *row)
{
    int count = !!row->status + !!row->body_exact + !!row->body_contains + !!row->body_regex +
                !!row->content_length + !!row->transport + !!row->tls_alert + !!row->cert_subject +
                !!row->cert_issuer + !!row->cert_san;
    for (size_t i = 0; i < EW_COUNT(row->headers); i++)
        count += !!row->headers[i].name;
    for (size_t i = 0; i < EW_COUNT(row->headers_absent); i++)
        count += !!row->headers_absent[i];
    return count;
}

static int body_rank(const struct ew_signature *row)
{
    return row->body_exact ? 3 : row->body_regex ? 2 : row->body_contains ? 1 : 0;
}

/* Positive when a is the better one; the table's order decides the rest. */
static int better(const struct ew_signature *a, const struct ew_signature *b)
{
    bool who_a = strcmp(a->cause, "identity") == 0, who_b = strcmp(b->cause, "identity") == 0;
    if (who_a != who_b)
        return who_b - who_a;
    if (body_rank(a) != body_rank(b))
        return body_rank(a) - body_rank(b);
    if (count_conditions(a) != count_conditions(b))
        return count_conditions(a) - count_conditions(b);
    return (int)a->confidence - (int)b->confidence;
}

static size_t insert(const struct ew_signature **out, size_t count, const struct ew_signature *row)
{
    size_t at = count;
    while (at > 0 && better(row, out[at - 1]) > 0)
        at--;
    if (at == EW_MATCHES_MAX)
        return count;
    size_t last = count < EW_MATCHES_MAX ? count : EW_MATCHES_MAX - 1;
    memmove(&out[at + 1], &out[at], (last - at) * sizeof(*out));
    out[at] = row;
    return last + 1;
}

size_t ew_signatures_match(const struct ew_sighting *seen, const struct ew_signature **out)
{
    size_t count = 0;
    for (size_t t = 0; t < ew_signature_tables_count; t++)
        for (size_t i = 0; i < *ew_signature_tables[t].count; i++)
            if (fits(&ew_signature_tables[t].rows[i], seen))
                count = insert(out, count, &ew_signature_tables[t].rows[i]);
    return count;
}
