/* Response signatures: how a component answers and what that means (the table of SIGNATURES.json),
 * and which causes an answer of that meaning suggests. */
#ifndef JUDGE_SIGNATURE_H
#define JUDGE_SIGNATURE_H

#include "edgewalk/json.h"

enum ew_confidence { EW_WEAK, EW_LIKELY, EW_CERTAIN };

struct ew_header_pattern {
    const char *name, *pattern; /* lower-case name; POSIX ERE searched in the value */
};

/* All conditions that are given must hold together. */
struct ew_signature {
    const char *id, *component, *meaning;
    const char *cause; /* a word of the vocabulary of suggestions; "identity" tells who, not why */
    const char *layer;
    enum ew_confidence confidence;
    const short *status; /* 0-terminated; NULL: any */
    const char *body_exact, *body_contains, *body_regex;
    struct ew_header_pattern headers[3];
    const char *headers_absent[4];
    int content_length; /* plus one; 0: any */
    const char *transport, *tls_alert;
    const char *cert_subject, *cert_issuer, *cert_san;
};

struct ew_signature_table {
    const struct ew_signature *rows;
    const size_t *count;
};
extern const struct ew_signature_table ew_signature_tables[];
extern const size_t ew_signature_tables_count;

/* What was seen, each part NULL where it was not. transport and alert as the table has them. */
struct ew_sighting {
    const struct ew_json *answer; /* value of an http fact of outcome "answer" */
    const char *transport, *tls_alert;
    const struct ew_json *leaf; /* CERT of fact/keys.h */
};

enum { EW_MATCHES_MAX = 12 };
/* The rows that match, best first: exact bodies, then patterns, then substrings; then by the number
 * of conditions and by confidence; who before why never wins. Returns how many, at most MAX. */
size_t ew_signatures_match(const struct ew_sighting *seen, const struct ew_signature **out);

/* Blank-separated ids of causes that this meaning suggests, best first; "" when none. key is a
 * signature's cause, "transport:WORD" or "tls_alert:WORD". */
const char *ew_signature_suggests(const char *key);

#endif
