/* Takes a Kubernetes List apart as its bytes arrive. Only strings, escapes and depth are followed;
 * each element of the top-level `items` goes to the JSON parser by itself, so that memory and the
 * longest step depend on the largest object and not on the list. */
#include "node.h"

#include <stdlib.h>
#include <string.h>

enum where {
    BEFORE,  /* the list */
    OUTSIDE, /* in the list, not in items */
    BETWEEN, /* two items */
    INSIDE,  /* an item */
    AFTER,   /* the list */
};

/* Bytes of one value. Grown without leaving copies behind: it may be a Secret. */
struct piece {
    char *bytes;
    size_t len, cap;
};

struct ew_list_reader {
    ew_doc_fn *item;
    void *ctx;
    enum where where;
    int depth, line, piece_line;
    bool in_string, escaped;
    bool comma, first; /* between items: one may come; none came yet */
    bool key_next;     /* the next string at depth 1 is a key */
    bool is_items;     /* the member being read at depth 1 is `items` */
    char key[8];       /* the start of the last key, in quotes: enough to tell `items` */
    size_t key_len;
    struct piece element, rest;
    struct ew_doc *rest_doc;
    struct ew_err failed; /* the first failure; nothing is read after it */
};

struct ew_list_reader *ew_list_reader_new(ew_doc_fn *item, void *ctx)
{
    struct ew_list_reader *reader = ew_alloc(sizeof(*reader));
    reader->item = item;
    reader->ctx = ctx;
    reader->line = 1;
    return reader;
}

static void piece_release(struct piece *piece)
{
    ew_wipe(piece->bytes, piece->len);
    free(piece->bytes);
    memset(piece, 0, sizeof(*piece));
}

static int refuse(struct ew_list_reader *reader, int code, const char *what)
{
    return ew_fail(&reader->failed, code, "line %d: %s", reader->line, what);
}

static int piece_add(struct ew_list_reader *reader, struct piece *piece, const char *bytes,
                     size_t len)
{
    if (len > JSON_MAX_ITEM - piece->len)
        return refuse(reader, EW_ELIMIT, "an object over 8 MiB");
    if (len > piece->cap - piece->len) {
        size_t cap = piece->cap ? piece->cap : 4096;
        while (cap < piece->len + len)
            cap *= 2;
        char *grown = ew_alloc(cap);
        if (piece->len)
            memcpy(grown, piece->bytes, piece->len);
        ew_wipe(piece->bytes, piece->len);
        free(piece->bytes);
        piece->bytes = grown;
        piece->cap = cap;
    }
    memcpy(piece->bytes + piece->len, bytes, len);
    piece->len += len;
    return EW_OK;
}

/* The element is whole: read it and hand it over. */
static int finish_element(struct ew_list_reader *reader)
{
    struct ew_doc *doc;
    struct piece *piece = &reader->element;
    size_t used, end = piece->len;
    int code = json_parse_one(
        (struct json_text){piece->bytes, piece->len, reader->piece_line, JSON_MAX_DEPTH}, &doc,
        &used, &reader->failed);
    if (code == EW_OK) {
        while (end > used && (unsigned char)piece->bytes[end - 1] <= ' ')
            end--;
        code = used == end ? reader->item(reader->ctx, doc, &reader->failed)
                           : refuse(reader, EW_EINPUT, "an item that is not one JSON value");
        ew_doc_unref(doc);
    }
    ew_wipe(piece->bytes, piece->len);
    piece->len = 0;
    reader->where = BETWEEN;
    reader->comma = false;
    return code;
}

static void note_key(struct ew_list_reader *reader, char c)
{
    if (reader->key_len < sizeof(reader->key))
        reader->key[reader->key_len] = c;
    reader->key_len++;
}

/* Inside a string every byte but the quote and the backslash is passed over. */
static void in_string(struct ew_list_reader *reader, char c)
{
    if (reader->escaped)
        reader->escaped = false;
    else if (c == '\\')
        reader->escaped = true;
    else if (c == '"')
        reader->in_string = false;
    if (reader->depth == 1 && reader->key_next) {
        note_key(reader, c);
        if (!reader->in_string) {
            reader->key_next = false;
            reader->is_items = reader->key_len == 6 && memcmp(reader->key, "items\"", 6) == 0;
        }
    }
}

static int open_bracket(struct ew_list_reader *reader, char c)
{
    if (++reader->depth > JSON_MAX_DEPTH + 2)
        return refuse(reader, EW_ELIMIT, "nested deeper than 64 levels");
    if (reader->where == BEFORE) {
        if (c != '{')
            return refuse(reader, EW_EINPUT, "a list starts with {");
        reader->where = OUTSIDE;
        reader->key_next = true;
    }
    return EW_OK;
}

/* A byte outside strings that is neither in an item nor between items. */
static int outside(struct ew_list_reader *reader, char c)
{
    if (reader->where == AFTER || (reader->where == BEFORE && c != '{' && c != '['))
        return (unsigned char)c <= ' '
                   ? EW_OK
                   : refuse(reader, EW_EINPUT,
                            reader->where == AFTER ? "something stands after the list"
                                                   : "a list starts with {");
    if (c == '"') {
        reader->in_string = true;
        reader->key_len = 0;
    } else if (c == '{' || c == '[') {
        if (open_bracket(reader, c))
            return reader->failed.code;
        if (c == '[' && reader->depth == 2 && reader->is_items) {
            reader->where = BETWEEN;
            reader->comma = reader->first = true;
        }
    } else if (c == '}' || c == ']') {
        if (--reader->depth == 0)
            reader->where = AFTER;
    } else if (c == ',' && reader->depth == 1) {
        reader->key_next = true;
        reader->is_items = false;
    }
    return EW_OK;
}

/* A byte between two items; starts one. `comma`: an item may come. */
static int between(struct ew_list_reader *reader, char c)
{
    if ((unsigned char)c <= ' ')
        return EW_OK;
    if (c == ']' && (!reader->comma || reader->first)) {
        reader->depth--;
        reader->where = OUTSIDE;
        reader->is_items = false;
        return EW_OK;
    }
    if (c == ',' && !reader->comma) {
        reader->comma = true;
        return EW_OK;
    }
    if (c != '{' || !reader->comma)
        return refuse(reader, EW_EINPUT, "an object was expected in items");
    reader->where = INSIDE;
    reader->first = false;
    reader->piece_line = reader->line;
    reader->depth++;
    return EW_OK;
}

static int inside(struct ew_list_reader *reader, char c)
{
    if (c == '"')
        reader->in_string = true;
    else if (c == '{' || c == '[')
        return open_bracket(reader, c);
    else if (c == '}' || c == ']')
        reader->depth--;
    return EW_OK;
}

static int step(struct ew_list_reader *reader, char c)
{
    reader->line += c == '\n';
    if (reader->in_string) {
        in_string(reader, c);
        return EW_OK;
    }
    return reader->where == INSIDE    ? inside(reader, c)
           : reader->where == BETWEEN ? between(reader, c)
                                      : outside(reader, c);
}

/* How many bytes from the first on neither end a string nor open or close anything. */
static size_t dull(const struct ew_list_reader *reader, const char *bytes, size_t len)
{
    size_t run = 0;
    if (!reader->in_string || reader->escaped || reader->key_next)
        return 0;
    while (run < len && bytes[run] != '"' && bytes[run] != '\\' && bytes[run] != '\n')
        run++;
    return run;
}

/* Bytes that were read while `where` was the reader's go where they belong. */
static int keep(struct ew_list_reader *reader, enum where where, const char *bytes, size_t len)
{
    if (where == BETWEEN || len == 0)
        return EW_OK;
    return piece_add(reader, where == INSIDE ? &reader->element : &reader->rest, bytes, len);
}

static int feed(struct ew_list_reader *reader, const char *bytes, size_t len)
{
    size_t from = 0;
    int code = EW_OK;
    for (size_t i = 0; i < len && code == EW_OK;) {
        enum where before = reader->where;
        i += dull(reader, bytes + i, len - i);
        if (i == len)
            break;
        code = step(reader, bytes[i++]);
        if (code == EW_OK && before != reader->where) {
            /* The byte that opens an item or closes items is part of what begins. */
            size_t upto = before == BETWEEN ? i - 1 : i;
            code = keep(reader, before, bytes + from, upto - from);
            from = upto;
        }
        if (code == EW_OK && reader->where == INSIDE && reader->depth == 2 && !reader->in_string) {
            code = keep(reader, INSIDE, bytes + from, i - from);
            from = i;
            if (code == EW_OK)
                code = finish_element(reader);
        }
    }
    return code == EW_OK ? keep(reader, reader->where, bytes + from, len - from) : code;
}

static int give_failure(struct ew_list_reader *reader, int code, struct ew_err *err)
{
    if (code && !reader->failed.code)
        reader->failed.code = code;
    if (code && err)
        *err = reader->failed;
    return code;
}

int ew_list_reader_feed(struct ew_list_reader *reader, const char *bytes, size_t len,
                        struct ew_err *err)
{
    int code = reader->failed.code ? reader->failed.code : feed(reader, bytes, len);
    return give_failure(reader, code, err);
}

/* What stood around the items is a JSON object with an empty `items`, which is left out. */
static struct ew_doc *without_items(struct ew_doc *list)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *root = ew_json_object(doc);
    EW_JSON_EACH(member, ew_doc_root(list))
    if (!ew_streq(member->key, "items"))
        ew_json_set(doc, root, member->key, ew_json_copy(doc, member));
    ew_doc_set_root(doc, root);
    ew_doc_unref(list);
    return doc;
}

int ew_list_reader_end(struct ew_list_reader *reader, struct ew_err *err)
{
    struct ew_doc *list;
    int code = reader->failed.code;
    if (!code && reader->where != AFTER)
        code = refuse(reader, EW_EINPUT, "the list breaks off");
    if (!code && !reader->rest_doc) {
        code = ew_json_parse(reader->rest.bytes, reader->rest.len, &list, &reader->failed);
        if (!code)
            reader->rest_doc = without_items(list);
    }
    return give_failure(reader, code, err);
}

const struct ew_json *ew_list_reader_rest(const struct ew_list_reader *reader)
{
    return ew_doc_root(reader->rest_doc);
}

void ew_list_reader_free(struct ew_list_reader *reader)
{
    if (!reader)
        return;
    piece_release(&reader->element);
    piece_release(&reader->rest);
    ew_doc_unref(reader->rest_doc);
    free(reader);
}
