/* Lists: whatever the cuts, the same items, the same rest, the same failure; and of a text that is
 * JSON, the items that JSON says it has. */
#include "fuzz.h"

struct outcome {
    struct ew_buf items;
    char *rest;
    struct ew_err err;
};

static int write_item(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    (void)err;
    ew_json_write(ctx, ew_doc_root(doc), 0);
    ew_buf_adds(ctx, "\n");
    return EW_OK;
}

/* seed 0: in one piece. */
static void read_list(const uint8_t *data, size_t size, uint64_t seed, struct outcome *out)
{
    struct ew_list_reader *reader = ew_list_reader_new(write_item, &out->items);
    int code = EW_OK;
    ew_buf_init(&out->items, 0);
    out->rest = NULL;
    memset(&out->err, 0, sizeof(out->err));
    for (size_t at = 0; at < size && code == EW_OK;) {
        seed = seed * 6364136223846793005u + (seed ? 1442695040888963407u : 0);
        size_t part = seed ? (size_t)(seed >> 33) % 9 : size;
        part = part < size - at ? part : size - at;
        char *piece = ew_strndup((const char *)data + at, part);
        code = ew_list_reader_feed(reader, piece, part, &out->err);
        free(piece);
        at += part;
    }
    if (code == EW_OK)
        code = ew_list_reader_end(reader, &out->err);
    FUZZ_CHECK(code == EW_OK || (out->err.code == code && out->err.message[0]));
    if (code == EW_OK) {
        struct ew_buf rest;
        ew_buf_init(&rest, 0);
        ew_json_write(&rest, ew_list_reader_rest(reader), 0);
        out->rest = ew_buf_take(&rest);
    }
    ew_list_reader_free(reader);
}

static void release(struct outcome *out)
{
    ew_buf_release(&out->items);
    free(out->rest);
}

static size_t count_members(const struct ew_json *root, const char *key)
{
    size_t count = 0;
    EW_JSON_EACH(member, root)
    count += ew_streq(ew_json_key(member), key);
    return count;
}

/* Where both readers take the text, and `items` is written plainly, they agree. */
static void check_against_json(const uint8_t *data, size_t size, const struct outcome *list)
{
    struct ew_doc *doc;
    if (!list->rest || ew_json_parse((const char *)data, size, &doc, NULL) != EW_OK)
        return;
    struct ew_buf items;
    ew_buf_init(&items, 0);
    EW_JSON_EACH(item, ew_json_get(ew_doc_root(doc), "items"))
    {
        ew_json_write(&items, item, 0);
        ew_buf_adds(&items, "\n");
    }
    bool plain = !memchr(data, '\\', size); /* no escaped name */
    size_t rest_members =
        ew_json_count(ew_doc_root(doc)) - count_members(ew_doc_root(doc), "items");
    char *twice = strstr((const char *)ew_buf_text(&list->items), ew_buf_text(&items));
    if (plain && ew_json_is(ew_json_get(ew_doc_root(doc), "items"), EW_JSON_ARRAY))
        FUZZ_CHECK(twice); /* a second `items` adds to the first */
    FUZZ_CHECK(ew_json_is(ew_doc_root(doc), EW_JSON_OBJECT));
    struct ew_doc *rest;
    FUZZ_CHECK(ew_json_parse(list->rest, strlen(list->rest), &rest, NULL) == EW_OK);
    FUZZ_CHECK(ew_json_count(ew_doc_root(rest)) == rest_members);
    ew_doc_unref(rest);
    ew_doc_unref(doc);
    ew_buf_release(&items);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct outcome whole, cut;
    read_list(data, size, 0, &whole);
    check_against_json(data, size, &whole);
    for (uint64_t round = 1; round < 4; round++) {
        read_list(data, size, ew_hash(data, size) * 2 + round, &cut);
        FUZZ_CHECK(cut.err.code == whole.err.code);
        FUZZ_CHECK(ew_streq(cut.err.message, whole.err.message));
        FUZZ_CHECK(ew_streq(cut.rest, whole.rest));
        FUZZ_CHECK(ew_streq(ew_buf_text(&cut.items), ew_buf_text(&whole.items)));
        release(&cut);
    }
    release(&whole);
    return 0;
}
