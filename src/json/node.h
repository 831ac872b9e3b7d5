/* The node as this room sees it. A zeroed node is a null without a line: what ew_doc_wipe leaves.
 */
#ifndef EDGEWALK_SRC_JSON_NODE_H
#define EDGEWALK_SRC_JSON_NODE_H

#include "edgewalk/json.h"

#define JSON_MAX_DEPTH 64
#define JSON_MAX_DEPTH_WHOLE 72
#define JSON_MAX_DOCUMENT ((size_t)64 * 1024 * 1024)
#define JSON_MAX_ITEM ((size_t)8 * 1024 * 1024)
#define JSON_MAX_ALIASED 1000000

struct ew_json {
    struct ew_json *next;
    const char *key; /* NULL outside objects */
    union {
        struct {
            struct ew_json *first, *last;
        };
        const char *text;
        double number;
        bool truth;
    };
    uint32_t count; /* members, or bytes of a string */
    unsigned type : 3;
    unsigned line : 29;
};

struct ew_arena *json_arena(struct ew_doc *doc);
struct ew_json *json_new(struct ew_doc *doc, enum ew_json_type type, int line);
/* A copy of a text from outside in the document's arena, *len its new length: a NUL, which would
 * cut it short for whoever reads it as C does, and bytes that are not UTF-8 become U+FFFD. */
const char *json_text(struct ew_doc *doc, const char *bytes, size_t *len);
/* To what the writer prints, so that a tree reads back the same. */
double json_rounded(double number);
/* Appends without looking for a member of the same name; key is in the document's arena. */
void json_append(struct ew_json *parent, const char *key, struct ew_json *value);
/* Of members of the same name only the last stays: what Kubernetes' own readers keep. */
void json_settle(struct ew_json *object);
/* A copy within one document: texts are shared. *budget is what it may still make; false when that
 * is used up. */
bool json_alias(struct ew_doc *doc, const struct ew_json *node, size_t *budget,
                struct ew_json **out);

/* Where a text begins and how deep it may go. */
struct json_text {
    const char *bytes;
    size_t len;
    int line, max_depth;
};
/* One JSON value at the start of text (white space may precede it). *used is set to where it ends.
 */
int json_parse_one(struct json_text text, struct ew_doc **out, size_t *used, struct ew_err *err);

/* What a plain YAML scalar means to Kubernetes' reader (YAML 1.1): null, bool, number or string.
 * Sets number or truth. */
enum ew_json_type yaml_plain(const char *text, double *number, bool *truth);

#endif
