/* YAML by the events of libyaml, and texts of either kind taken document by document. */
#include "node.h"

#include "edgewalk/base/text.h"

#include <string.h>
#include <yaml.h>

struct frame {
    struct ew_json *node;
    const char *key;        /* of the member whose value comes next; NULL: a key comes next */
    bool merge;             /* that key is << */
    struct ew_json *merges; /* an array of what stood behind <<, or NULL */
    char *anchor;
};

struct builder {
    const char *name; /* of the file, for messages */
    int line_before;  /* lines that precede the text given to libyaml */
    struct ew_doc *doc;
    struct ew_json *root;
    struct ew_map *anchors;
    size_t budget; /* of nodes that aliases may still make */
    int depth;
    struct frame frames[JSON_MAX_DEPTH];
    struct ew_err *err;
};

static int line_of(const struct builder *builder, const yaml_event_t *event)
{
    return builder->line_before + (int)event->start_mark.line + 1;
}

static int fail(struct builder *builder, int code, const yaml_event_t *event, const char *what)
{
    return ew_fail(builder->err, code, "%s:%d: %s", builder->name, line_of(builder, event), what);
}

static const char *plain_tag(const yaml_char_t *tag)
{
    const char *text = (const char *)tag;
    return ew_text_prefix(text, "tag:yaml.org,2002:") ? text + strlen("tag:yaml.org,2002:") : text;
}

static struct ew_json *scalar(struct builder *builder, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    const char *tag = plain_tag(event->data.scalar.tag);
    bool typed = tag && (ew_streq(tag, "int") || ew_streq(tag, "float") || ew_streq(tag, "bool") ||
                         ew_streq(tag, "null"));
    double number = 0;
    bool truth = false;
    enum ew_json_type type = EW_JSON_STRING;
    if (typed || (!tag && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE))
        type = yaml_plain(text, &number, &truth);
    struct ew_json *node = type == EW_JSON_STRING
                               ? ew_json_stringn(builder->doc, text, event->data.scalar.length)
                           : type == EW_JSON_NUMBER ? ew_json_number(builder->doc, number)
                           : type == EW_JSON_BOOL   ? ew_json_boolean(builder->doc, truth)
                                                    : ew_json_null(builder->doc);
    ew_json_set_line(node, line_of(builder, event));
    return node;
}

/* The place of a finished value: the root, an item, or the value of the pending key. */
static int place(struct builder *builder, const yaml_event_t *event, struct ew_json *node)
{
    struct frame *frame = builder->depth ? &builder->frames[builder->depth - 1] : NULL;
    if (!frame) {
        builder->root = node;
    } else if (frame->node->type == EW_JSON_ARRAY) {
        json_append(frame->node, NULL, node);
    } else if (!frame->key) {
        if (!ew_json_is(node, EW_JSON_STRING))
            return fail(builder, EW_EINPUT, event, "a key that is not text");
        frame->key = node->text;
        frame->merge = false;
    } else if (frame->merge) {
        if (!frame->merges)
            frame->merges = ew_json_array(builder->doc);
        json_append(frame->merges, NULL, node);
        frame->key = NULL;
    } else {
        json_append(frame->node, frame->key, node);
        frame->key = NULL;
    }
    return EW_OK;
}

/* A key is text, whatever it looks like: 80: and on: too. */
static int take_key(struct builder *builder, const yaml_event_t *event, struct frame *frame)
{
    struct ew_json *node = ew_json_stringn(builder->doc, (const char *)event->data.scalar.value,
                                           event->data.scalar.length);
    if (event->data.scalar.anchor)
        ew_map_set(builder->anchors, (const char *)event->data.scalar.anchor, node);
    frame->key = node->text;
    frame->merge = event->data.scalar.plain_implicit && ew_streq(node->text, "<<");
    return EW_OK;
}

static int take_scalar(struct builder *builder, const yaml_event_t *event)
{
    struct frame *frame = builder->depth ? &builder->frames[builder->depth - 1] : NULL;
    if (frame && frame->node->type == EW_JSON_OBJECT && !frame->key)
        return take_key(builder, event, frame);
    struct ew_json *node = scalar(builder, event);
    if (event->data.scalar.anchor)
        ew_map_set(builder->anchors, (const char *)event->data.scalar.anchor, node);
    return place(builder, event, node);
}

static int take_alias(struct builder *builder, const yaml_event_t *event)
{
    struct ew_json *copy;
    const struct ew_json *node =
        ew_map_get(builder->anchors, (const char *)event->data.alias.anchor);
    if (!node)
        return fail(builder, EW_EINPUT, event, "an alias of an anchor that is not complete here");
    if (!json_alias(builder->doc, node, &builder->budget, &copy))
        return fail(builder, EW_ELIMIT, event, "aliases that expand beyond 1,000,000 nodes");
    return place(builder, event, copy);
}

static int open_frame(struct builder *builder, const yaml_event_t *event, enum ew_json_type type,
                      const yaml_char_t *anchor)
{
    if (builder->depth == JSON_MAX_DEPTH)
        return fail(builder, EW_ELIMIT, event, "nested deeper than 64 levels");
    struct frame *above = builder->depth ? &builder->frames[builder->depth - 1] : NULL;
    if (above && above->node->type == EW_JSON_OBJECT && !above->key)
        return fail(builder, EW_EINPUT, event, "a key that is not text");
    builder->frames[builder->depth++] = (struct frame){
        .node = json_new(builder->doc, type, line_of(builder, event)),
        .anchor = ew_arena_strdup(json_arena(builder->doc), (const char *)anchor),
    };
    return EW_OK;
}

/* Puts the members of source, which nothing else holds, before those of object. */
static void prepend(struct ew_json *object, struct ew_json *source)
{
    if (!source->first)
        return;
    source->last->next = object->first;
    if (!object->last)
        object->last = source->last;
    object->first = source->first;
    object->count += source->count;
}

/* YAML's merge key: own members win over merged ones, earlier sources over later ones. */
static int merge(struct builder *builder, const yaml_event_t *event, struct frame *frame)
{
    struct ew_json *next, *inner_next;
    for (struct ew_json *at = frame->merges ? frame->merges->first : NULL; at; at = next) {
        next = at->next;
        struct ew_json *inner = at->type == EW_JSON_ARRAY ? at->first : at;
        for (; inner; inner = inner_next) {
            inner_next = at->type == EW_JSON_ARRAY ? inner->next : NULL;
            if (inner->type != EW_JSON_OBJECT)
                return fail(builder, EW_EINPUT, event, "<< takes a mapping or a list of them");
            prepend(frame->node, inner);
        }
    }
    return EW_OK;
}

static int close_frame(struct builder *builder, const yaml_event_t *event)
{
    struct frame *frame = &builder->frames[builder->depth - 1];
    int code = merge(builder, event, frame);
    if (code)
        return code;
    if (frame->node->type == EW_JSON_OBJECT)
        json_settle(frame->node);
    if (frame->anchor)
        ew_map_set(builder->anchors, frame->anchor, frame->node);
    builder->depth--;
    return place(builder, event, frame->node);
}

static void begin_document(struct builder *builder)
{
    builder->doc = ew_doc_new();
    builder->root = NULL;
    builder->anchors = ew_map_new();
    builder->budget = JSON_MAX_ALIASED;
    builder->depth = 0;
}

static void end_document(struct builder *builder)
{
    ew_doc_unref(builder->doc);
    ew_map_free(builder->anchors);
    builder->doc = NULL;
    builder->anchors = NULL;
}

static int deliver(struct builder *builder, ew_doc_fn *each, void *ctx)
{
    int code = EW_OK;
    /* Nothing between two separators is no document to anybody. */
    if (builder->root && builder->root->type != EW_JSON_NULL) {
        ew_doc_set_root(builder->doc, builder->root);
        code = each(ctx, builder->doc, builder->err);
    }
    end_document(builder);
    return code;
}

static int take(struct builder *builder, const yaml_event_t *event, ew_doc_fn *each, void *ctx)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        begin_document(builder);
        return EW_OK;
    case YAML_DOCUMENT_END_EVENT:
        return deliver(builder, each, ctx);
    case YAML_SCALAR_EVENT:
        return take_scalar(builder, event);
    case YAML_ALIAS_EVENT:
        return take_alias(builder, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_frame(builder, event, EW_JSON_ARRAY, event->data.sequence_start.anchor);
    case YAML_MAPPING_START_EVENT:
        return open_frame(builder, event, EW_JSON_OBJECT, event->data.mapping_start.anchor);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_frame(builder, event);
    default:
        return EW_OK;
    }
}

static int parse_yaml(const char *name, const char *text, size_t len, int line_before,
                      ew_doc_fn *each, void *ctx, struct ew_err *err)
{
    struct builder builder = {.name = name, .line_before = line_before, .err = err};
    yaml_parser_t parser;
    yaml_event_t event;
    int code = EW_OK;
    if (!yaml_parser_initialize(&parser))
        ew_alloc(SIZE_MAX); /* out of memory, which base has the words for */
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    for (bool end = false; !end && code == EW_OK;) {
        if (!yaml_parser_parse(&parser, &event)) {
            code = ew_fail(err, EW_EINPUT, "%s:%d: not YAML: %s", name,
                           line_before + (int)parser.problem_mark.line + 1,
                           parser.problem ? parser.problem : "unreadable");
            break;
        }
        end = event.type == YAML_STREAM_END_EVENT;
        code = take(&builder, &event, each, ctx);
        yaml_event_delete(&event);
    }
    end_document(&builder);
    yaml_parser_delete(&parser);
    return code;
}

/* Where the next JSON document of a text starts, blanks and lines of "---" passed over. */
static size_t skip_between(const char *text, size_t len, size_t at, int *line)
{
    for (;;) {
        if (at < len && memchr(" \t\r\n", text[at], 4)) {
            *line += text[at++] == '\n';
        } else if (len - at >= 4 && memcmp(text + at, "---\n", 4) == 0 &&
                   (at == 0 || text[at - 1] == '\n')) {
            at += 3;
        } else {
            return at;
        }
    }
}

/* Counts what it hands on, so that the reader knows whether it may still start over. */
struct counted {
    ew_doc_fn *each;
    void *ctx;
    size_t count;
};

static int count_and_call(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    struct counted *counted = ctx;
    counted->count++;
    return counted->each(counted->ctx, doc, err);
}

/* A text that starts like JSON and is none is a YAML flow mapping, or broken: then what JSON had
 * to say is the better message. */
static int parse_flow(const char *name, const char *text, size_t len, int line_before,
                      const struct ew_err *json, ew_doc_fn *each, void *ctx, struct ew_err *err)
{
    struct counted counted = {each, ctx, 0};
    int code = parse_yaml(name, text, len, line_before, count_and_call, &counted, err);
    return code && !counted.count ? ew_fail(err, json->code, "%s: %s", name, json->message) : code;
}

int ew_yaml_parse(const char *name, const char *text, size_t len, ew_doc_fn *each, void *ctx,
                  struct ew_err *err)
{
    int line = 1, code = EW_OK;
    struct ew_err json = {0};
    if (len > JSON_MAX_DOCUMENT)
        return ew_fail(err, EW_ELIMIT, "%s: over %zu MiB", name, JSON_MAX_DOCUMENT >> 20);
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    const char *nul = len ? memchr(text, '\0', len) : NULL;
    if (nul)
        return ew_fail(err, EW_EINPUT, "%s: a NUL byte at offset %zu: not a text file", name,
                       (size_t)(nul - text));
    size_t at = skip_between(text, len, 0, &line), used = 0;
    if (at == len)
        return EW_OK;
    if (text[at] != '{' && text[at] != '[')
        return parse_yaml(name, text, len, 0, each, ctx, err);
    while (code == EW_OK && at < len) {
        struct ew_doc *doc;
        if (text[at] != '{' && text[at] != '[')
            return parse_yaml(name, text + at, len - at, line - 1, each, ctx, err);
        code = json_parse_one((struct json_text){text + at, len - at, line, JSON_MAX_DEPTH_WHOLE},
                              &doc, &used, &json);
        if (code == EW_ELIMIT)
            return ew_fail(err, code, "%s: %s", name, json.message);
        if (code)
            return parse_flow(name, text + at, len - at, line - 1, &json, each, ctx, err);
        code = each(ctx, doc, err);
        ew_doc_unref(doc);
        for (size_t end = at + used; at < end; at++)
            line += text[at] == '\n';
        at = skip_between(text, len, at, &line);
    }
    return code;
}
