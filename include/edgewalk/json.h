/* Documents read: JSON (by cJSON), YAML (by libyaml), and lists taken apart item by item as the
 * bytes arrive. All three give the same tree, which is ours, immutable once read, and carries the
 * line each node came from.
 *
 * Types in YAML are those of Kubernetes' own reader (YAML 1.1): plain true, yes, on, y and their
 * opposites are booleans, 0x1f, 0o17 and 017 numbers, ~ and null null; quoted scalars and keys are
 * text. Of members of the same name the last counts. A NUL in a text (\u0000) and bytes that
 * are not UTF-8 become U+FFFD, in what is built too, so that every text is valid UTF-8 and has no
 * end before its end; a NUL in the input is refused.
 *
 * Bounds: depth 64 (a whole JSON text 72, so that a snapshot can hold any object), a document 64
 * MiB, a list item 8 MiB, YAML aliases are refused when they would expand beyond 1,000,000 nodes.
 * A number is a double (64-bit ids must be strings). */
#ifndef EDGEWALK_JSON_H
#define EDGEWALK_JSON_H

#include "edgewalk/base/buf.h"
#include "edgewalk/base/err.h"

enum ew_json_type {
    EW_JSON_NULL,
    EW_JSON_BOOL,
    EW_JSON_NUMBER,
    EW_JSON_STRING,
    EW_JSON_ARRAY,
    EW_JSON_OBJECT,
};

struct ew_json; /* a node; lives as long as its document */
struct ew_doc;  /* a tree and its memory; counted */

struct ew_doc *ew_doc_new(void); /* empty; root is set with ew_doc_set_root */
struct ew_doc *ew_doc_ref(struct ew_doc *doc);
void ew_doc_unref(struct ew_doc *doc);                       /* NULL is allowed */
const struct ew_json *ew_doc_root(const struct ew_doc *doc); /* NULL node when none */
void ew_doc_set_root(struct ew_doc *doc, struct ew_json *root);
/* Overwrites every string of the document and the memory it stood in: for Secrets. Its nodes are
 * nulls then. (Copies that the readers below made on the way are always overwritten at once.) */
void ew_doc_wipe(struct ew_doc *doc);

/* ---- reading. Every reader accepts a NULL node and treats it as not there. ---- */
enum ew_json_type ew_json_type(const struct ew_json *node);          /* EW_JSON_NULL for NULL */
bool ew_json_is(const struct ew_json *node, enum ew_json_type type); /* false for NULL node */
int ew_json_line(const struct ew_json *node);                        /* 1-based, 0 unknown */
const struct ew_json *ew_json_get(const struct ew_json *object, const char *key); /* case matters */
/* Walks a path of keys and indexes: "spec.rules[0].host". A key with dots cannot be named so. */
const struct ew_json *ew_json_at(const struct ew_json *node, const char *path);
size_t ew_json_count(const struct ew_json *node); /* members of an array or object, else 0 */
const struct ew_json *ew_json_first(const struct ew_json *node);
const struct ew_json *ew_json_next(const struct ew_json *member);
const char *ew_json_key(const struct ew_json *member); /* NULL inside an array */
const struct ew_json *ew_json_item(const struct ew_json *array, size_t index);
const char *ew_json_str(const struct ew_json *node); /* NULL unless a string */
size_t ew_json_strlen(const struct ew_json *node);
const char *ew_json_str_or(const struct ew_json *node, const char *fallback);
double ew_json_num(const struct ew_json *node, double fallback);
long ew_json_int(const struct ew_json *node, long fallback); /* fallback unless a whole number */
bool ew_json_bool(const struct ew_json *node, bool fallback);
bool ew_json_equal(const struct ew_json *a,
                   const struct ew_json *b); /* lines and key order aside */
/* Shorthands over ew_json_get / ew_json_at. */
const char *ew_json_get_str(const struct ew_json *object, const char *key, const char *fallback);
long ew_json_get_int(const struct ew_json *object, const char *key, long fallback);
bool ew_json_get_bool(const struct ew_json *object, const char *key, bool fallback);

/* for (member = first; member; member = next) */
#define EW_JSON_EACH(member, parent)                                                               \
    for (const struct ew_json *member = ew_json_first(parent); member;                             \
         member = ew_json_next(member))

/* ---- building. Nodes are made in a document and set once into one parent of the same document. */
struct ew_json *ew_json_object(struct ew_doc *doc);
struct ew_json *ew_json_array(struct ew_doc *doc);
struct ew_json *ew_json_string(struct ew_doc *doc, const char *text); /* NULL gives null */
struct ew_json *ew_json_stringn(struct ew_doc *doc, const char *bytes, size_t len);
struct ew_json *ew_json_number(struct ew_doc *doc, double number);
struct ew_json *ew_json_boolean(struct ew_doc *doc, bool value);
struct ew_json *ew_json_null(struct ew_doc *doc);
struct ew_json *ew_json_copy(struct ew_doc *doc, const struct ew_json *node); /* deep, with lines */
/* Both return value, so that calls nest. set replaces a member of the same name. */
struct ew_json *ew_json_set(struct ew_doc *doc, struct ew_json *object, const char *key,
                            struct ew_json *value);
struct ew_json *ew_json_add(struct ew_doc *doc, struct ew_json *array, struct ew_json *value);
void ew_json_set_str(struct ew_doc *doc, struct ew_json *object, const char *key, const char *text);
void ew_json_set_num(struct ew_doc *doc, struct ew_json *object, const char *key, double number);
void ew_json_set_bool(struct ew_doc *doc, struct ew_json *object, const char *key, bool value);
void ew_json_set_line(struct ew_json *node, int line);
/* The lines of a tree as an array of numbers, node before members, and such an array put back;
 * nodes beyond its end have none. */
struct ew_json *ew_json_lines(struct ew_doc *doc, const struct ew_json *node);
void ew_json_set_lines(struct ew_json *node, const struct ew_json *lines);

/* ---- whole documents. On failure *out is untouched and err says line and what. ---- */
int ew_json_parse(const char *text, size_t len, struct ew_doc **out, struct ew_err *err);
/* Calls each once for every document of a YAML or JSON text (recognised by its first character),
 * in order, save empty ones; `name` and the line stand in messages. doc is the callee's to
 * ref. Stops at the first non-zero and returns it. */
typedef int ew_doc_fn(void *ctx, struct ew_doc *doc, struct ew_err *err);
int ew_yaml_parse(const char *name, const char *text, size_t len, ew_doc_fn *each, void *ctx,
                  struct ew_err *err);

/* ---- lists, item by item ---- */
/* Fed the bytes of a Kubernetes List in any cuts; hands over each element of the top-level `items`
 * as a document, at once, and keeps the list's other members (kind, metadata). Any other JSON
 * object (a Status) passes too: all of it is the rest. After a failure every call gives the same
 * one. */
struct ew_list_reader;
struct ew_list_reader *ew_list_reader_new(ew_doc_fn *item, void *ctx);
int ew_list_reader_feed(struct ew_list_reader *reader, const char *bytes, size_t len,
                        struct ew_err *err);
/* After the last byte: 0 when the list was whole. */
int ew_list_reader_end(struct ew_list_reader *reader, struct ew_err *err);
const struct ew_json *ew_list_reader_rest(const struct ew_list_reader *reader); /* once ended */
void ew_list_reader_free(struct ew_list_reader *reader);

/* ---- writing ---- */
/* JSON text of a tree: indent 0 is one line, otherwise that many blanks a level. Numbers that are
 * whole print as integers, others with up to 6 decimals, the same on every run; what
 * ew_text_clean would escape is escaped in strings (\u202e). */
void ew_json_write(struct ew_buf *out, const struct ew_json *node, int indent);
/* The same tree as YAML text for people. */
void ew_yaml_write(struct ew_buf *out, const struct ew_json *node);

#endif
