/* Text from outside made safe, numbers, durations, times and addresses as text. */
#ifndef EDGEWALK_BASE_TEXT_H
#define EDGEWALK_BASE_TEXT_H

#include "edgewalk/base/buf.h"

/* Adds text fit for a terminal: control characters (C0, C1, DEL), bidi controls, zero-width and
 * other format characters and broken UTF-8 become visible escapes (\x1b, \u202e, \xff); a newline
 * becomes \n, a tab one space. Bounded by max_cols columns (0: unbounded), an ellipsis marks a cut.
 */
void ew_text_clean(struct ew_buf *out, const char *bytes, size_t len, size_t max_cols);
char *ew_text_cleaned(const char *text); /* the caller's; NULL gives "" */
/* Columns that UTF-8 text takes on a terminal (wide 2, combining 0); invalid bytes count 1. */
size_t ew_text_width(const char *text, size_t len);
/* Decodes one UTF-8 character; returns its length in bytes, 0 when invalid or len is 0. */
size_t ew_text_decode(const char *bytes, size_t len, uint32_t *out);
int ew_char_width(uint32_t codepoint); /* 0, 1 or 2 */
/* Whether a character shows nothing or steers the terminal: what ew_text_clean escapes. */
bool ew_char_hidden(uint32_t codepoint);

bool ew_text_prefix(const char *text, const char *prefix);
bool ew_text_suffix(const char *text, const char *suffix);
bool ew_text_ieq(const char *a, const char *b); /* ASCII case ignored; NULLs allowed */
/* Text as one word of a shell's command line: as it is where that is harmless, else in quotes. */
void ew_text_shell_word(struct ew_buf *out, const char *text);
void ew_text_lower(char *text);                 /* ASCII, in place */
/* Edit distance, for "did you mean"; bounded at 32 characters a side. */
size_t ew_text_distance(const char *a, const char *b);

/* A whole decimal number within [min, max], nothing before or after it. */
bool ew_text_number(const char *text, long min, long max, long *out);
/* "5", "1.5s", "300ms", "2m", "1h30m" (Go durations; a bare number is seconds) in milliseconds. */
bool ew_text_duration(const char *text, int64_t *out_ms);

/* RFC 3339 with milliseconds ("2026-11-23T12:00:00.000Z") to and from milliseconds since 1970. */
void ew_time_format(int64_t ms, char out[32]);
bool ew_time_parse(const char *text, int64_t *out_ms);
/* "61 days", "3 h", "2 min", "14 s": the largest fitting unit; negative durations as positive. */
void ew_time_span(int64_t ms, char out[32]);

/* An IPv4 or IPv6 literal (no brackets, no zone): 4, 6, or 0 when it is none. */
int ew_ip_family(const char *text);
/* The canonical text (RFC 5952) of a literal; false when it is none. */
bool ew_ip_canonical(const char *text, char out[46]);
/* The same of 4 or 16 bytes as they stand in a packet or certificate; false for another length. */
bool ew_ip_text(const unsigned char *bytes, size_t len, char out[46]);
bool ew_ip_is_private(const char *text);    /* RFC 1918, RFC 6598, ULA, loopback, link-local */
bool ew_ip_is_link_local(const char *text); /* 169.254.0.0/16, fe80::/10 and IPv4-mapped forms */
/* "ADDR:PORT" or "[ADDR]:PORT" as the address's family wants it. */
char *ew_ip_with_port(const char *address, int port);

/* Base64 (RFC 4648 §4; white space ignored). Returns a buffer of *out_len bytes, the caller's, with
 * a NUL after it; NULL when it is not base64. */
unsigned char *ew_base64_decode(const char *text, size_t len, size_t *out_len);
char *ew_base64_encode(const unsigned char *bytes, size_t len);

#endif
