#include "config.h"

#include "route_world.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static int add_doc(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    (void)err;
    ew_ptrs_add(ctx, ew_doc_ref(doc));
    return EW_OK;
}

static struct ew_ptrs docs_of(const char *yaml)
{
    struct ew_ptrs docs = {0};
    struct ew_err err = {0};
    int code = ew_yaml_parse("test", yaml, strlen(yaml), add_doc, &docs, &err);
    ck_assert_msg(code == EW_OK, "%s", err.message);
    return docs;
}

static void shuffle(struct ew_ptrs *docs, unsigned seed)
{
    for (size_t i = docs->count; seed && i > 1; i--) {
        seed = seed * 1103515245u + 12345u;
        size_t other = (seed >> 16) % i;
        void *kept = docs->at[i - 1];
        docs->at[i - 1] = docs->at[other];
        docs->at[other] = kept;
    }
}

static void fact(struct ew_snapshot *snapshot, const char *key, enum ew_state state,
                 const char *reason, const char *json)
{
    struct ew_doc *doc = NULL;
    struct ew_err err;
    if (json)
        ck_assert_int_eq(ew_json_parse(json, strlen(json), &doc, &err), EW_OK);
    ew_snapshot_put(snapshot, ew_fact_new(key, state, reason, NULL, 0, -1, doc));
    ew_doc_unref(doc);
}

static void add_objects(struct ew_snapshot *snapshot, const char *yaml, unsigned seed)
{
    struct ew_ptrs docs = docs_of(yaml);
    shuffle(&docs, seed);
    for (size_t i = 0; i < docs.count; i++) {
        ew_snapshot_put_object(snapshot, ew_object_new("t.yaml:1", docs.at[i]));
        ew_doc_unref(docs.at[i]);
    }
    ew_ptrs_release(&docs);
}

static struct place *finish(struct place *place, const char *features)
{
    struct ew_err err;
    if (features)
        ck_assert_int_eq(ew_json_parse(features, strlen(features), &place->features, &err), EW_OK);
    struct ew_routing_options options = {.features =
                                             place->features ? ew_doc_root(place->features) : NULL};
    place->world = ew_world_new(place->snapshot);
    place->routing = ew_routing_new(place->world, &options, place->wants);
    return place;
}

static struct place *from_files(const char *yaml, const char *features, unsigned seed)
{
    struct place *place = ew_alloc(sizeof(*place));
    place->snapshot = ew_snapshot_new();
    ew_snapshot_set_clock(place->snapshot, 1790000000000, 0);
    fact(place->snapshot, EW_KEY_FILES, EW_KNOWN, NULL, "{\"paths\":[\"t.yaml\"],\"errors\":[]}");
    add_objects(place->snapshot, yaml, seed);
    return finish(place, features);
}

struct place *place_new(const char *yaml, const char *features)
{
    return from_files(yaml, features, 0);
}

struct place *place_shuffled(const char *yaml, unsigned seed)
{
    return from_files(yaml, NULL, seed);
}

static void add_list(struct ew_snapshot *snapshot, const char *text)
{
    const char *plus = strchr(text, '+');
    char *resource = ew_strndup(text, strcspn(text, "+")), *key = ew_key_list(resource, "*", NULL);
    char *value = ew_fmt("{\"count\":1,\"others\":%ld}", plus ? strtol(plus + 1, NULL, 10) : 0);
    fact(snapshot, key, EW_KNOWN, NULL, value);
    free(value);
    free(resource);
    free(key);
}

static void add_absent(struct ew_snapshot *snapshot, const char *text)
{
    const char *ns = strchr(text, '/') + 1, *name = strchr(ns, '/') + 1;
    char *resource = ew_strndup(text, (size_t)(ns - 1 - text));
    char *namespace = ew_strndup(ns, (size_t)(name - 1 - ns));
    char *key = ew_key_get(resource, namespace, name);
    fact(snapshot, key, EW_ABSENT, NULL, NULL);
    free(resource);
    free(namespace);
    free(key);
}

static void add_group(struct ew_snapshot *snapshot, const char *name)
{
    char *value = ew_fmt("{\"groups\":[{\"name\":\"%s\"}]}", name);
    fact(snapshot, EW_KEY_DISCOVERY, EW_KNOWN, NULL, value);
    free(value);
}

static void add_answer(struct ew_snapshot *snapshot, const char *at, size_t len)
{
    char *text = ew_strndup(at, len);
    if (*text == '!')
        add_absent(snapshot, text + 1);
    else if (*text == '@')
        add_group(snapshot, text + 1);
    else
        add_list(snapshot, text);
    free(text);
}

struct place *place_live(const char *yaml, const char *lists)
{
    struct place *place = ew_alloc(sizeof(*place));
    place->snapshot = ew_snapshot_new();
    place->wants = ew_wants_new();
    fact(place->snapshot, EW_KEY_SERVER, EW_KNOWN, NULL, "{\"server\":\"https://10.0.0.1\"}");
    for (const char *at = lists; *at;) {
        size_t len = strcspn(at, " ");
        add_answer(place->snapshot, at, len);
        at += len + strspn(at + len, " ");
    }
    add_objects(place->snapshot, yaml, 0);
    return finish(place, NULL);
}

void place_free(struct place *place)
{
    ew_doc_unref(place->checked);
    ew_routing_free(place->routing);
    ew_world_free(place->world);
    ew_wants_free(place->wants);
    ew_snapshot_unref(place->snapshot);
    ew_doc_unref(place->features);
    free(place);
}

/* ---- requests ---- */

struct line {
    char *method, *scheme, *host, *path, *query;
    int port;
    const char **headers;
    char **texts;
    struct ew_request request;
};

static void split_url(struct line *line, const char *url)
{
    const char *rest = strstr(url, "://") + 3;
    size_t authority = strcspn(rest, "/");
    line->scheme = ew_strndup(url, strcspn(url, ":"));
    bool tls = strcmp(line->scheme, "https") == 0 || strcmp(line->scheme, "grpc") == 0 ||
               strcmp(line->scheme, "tls") == 0;
    size_t host = strcspn(rest, ":/");
    line->host = ew_strndup(rest, host);
    line->port = rest[host] == ':' ? atoi(rest + host + 1) : tls ? 443 : 80;
    const char *path = rest + authority;
    size_t len = strcspn(path, "?");
    line->path = len ? ew_strndup(path, len) : ew_strdup("/");
    line->query = ew_strdup(path[len] ? path + len + 1 : "");
    line->request.tls = tls;
}

static void split_headers(struct line *line, const char *const *headers)
{
    size_t count = 0;
    while (headers && headers[count])
        count++;
    line->headers = ew_alloc((2 * count + 1) * sizeof(*line->headers));
    line->texts = ew_alloc((count + 1) * sizeof(*line->texts));
    for (size_t i = 0; i < count; i++) {
        size_t len = strcspn(headers[i], ":");
        line->texts[i] = ew_strndup(headers[i], len);
        line->headers[2 * i] = line->texts[i];
        line->headers[2 * i + 1] = headers[i] + len + 2;
    }
}

static const struct {
    const char *scheme;
    enum ew_protocol protocol;
} protocols[] = {{"grpc", EW_PROTO_GRPC},
                 {"grpc+http", EW_PROTO_GRPC},
                 {"tls", EW_PROTO_TLS},
                 {"tcp", EW_PROTO_TCP},
                 {"udp", EW_PROTO_UDP}};

static void read_line(struct line *line, const char *text, const char *const *headers)
{
    memset(line, 0, sizeof(*line));
    size_t method = strcspn(text, " ");
    line->method = ew_strndup(text, method);
    split_url(line, text + method + 1);
    split_headers(line, headers);
    line->request.protocol = EW_PROTO_HTTP;
    for (size_t i = 0; i < EW_COUNT(protocols); i++)
        if (strcmp(protocols[i].scheme, line->scheme) == 0)
            line->request.protocol = protocols[i].protocol;
    line->request.sni = line->request.tls && !ew_ip_family(line->host) ? line->host : NULL;
    line->request.host = line->host;
    for (size_t i = 0; headers && headers[i]; i++)
        if (ew_text_prefix(headers[i], "Host: "))
            line->request.host = headers[i] + 6;
    line->request.port = line->port;
    line->request.path = line->path;
    line->request.query = line->query;
    line->request.method = line->method;
    line->request.headers = line->headers;
}

static void line_release(struct line *line)
{
    for (size_t i = 0; line->texts[i]; i++)
        free(line->texts[i]);
    free(line->texts);
    free(line->headers);
    free(line->method);
    free(line->scheme);
    free(line->host);
    free(line->path);
    free(line->query);
}

/* What the decision points to must outlive the line: tests read only its own texts. */
const struct ew_decision *put(struct place *place, const char *text, const char *const *headers)
{
    struct line line;
    read_line(&line, text, headers);
    const struct ew_decision *decision = ew_routing_decide(place->routing, &line.request, NULL);
    line_release(&line);
    return decision;
}

char *put_text(struct place *place, const char *text)
{
    struct line line;
    struct ew_buf out;
    read_line(&line, text, NULL);
    const struct ew_decision *decision = ew_routing_decide(place->routing, &line.request, NULL);
    struct ew_doc *doc = ew_decision_json(decision, &line.request, line.scheme);
    ew_buf_init(&out, 0);
    ew_json_write(&out, ew_json_get(ew_doc_root(doc), "decision"), 1);
    ew_json_write(&out, ew_json_get(ew_doc_root(doc), "candidates"), 1);
    ew_json_write(&out, ew_json_get(ew_doc_root(doc), "assumes"), 1);
    ew_doc_unref(doc);
    line_release(&line);
    return ew_buf_take(&out);
}

/* ---- check ---- */

const struct ew_json *checked(struct place *place)
{
    struct ew_check_scope scope = {0};
    struct ew_err err = {0};
    bool unread;
    if (!place->checked)
        ck_assert_int_eq(ew_routing_check(place->routing, &scope, &place->checked, &unread, &err),
                         EW_OK);
    return ew_doc_root(place->checked);
}

const struct ew_json *checked_object(struct place *place, const char *object)
{
    EW_JSON_EACH(one, ew_json_get(checked(place), "objects"))
    {
        size_t len = strcspn(object, "/");
        const char *kind = ew_json_get_str(one, "kind", "");
        if (strlen(kind) == len && strncmp(kind, object, len) == 0 &&
            strcmp(ew_json_get_str(one, "name", ""), object + len + 1) == 0)
            return one;
    }
    return NULL;
}

const struct ew_json *condition(struct place *place, const char *object, const char *path,
                                const char *type)
{
    const struct ew_json *one = checked_object(place, object);
    if (*path)
        one = ew_json_at(one, path);
    EW_JSON_EACH(row, ew_json_get(one, "conditions"))
    {
        if (strcmp(ew_json_get_str(row, "type", ""), type) == 0)
            return row;
    }
    return NULL;
}

char *expected(struct place *place, const char *object, const char *path, const char *type)
{
    const struct ew_json *row = ew_json_get(condition(place, object, path, type), "expected");
    return row ? ew_fmt("%s %s", ew_json_get_str(row, "status", "?"),
                        ew_json_get_str(row, "reason", "?"))
               : ew_strdup("absent");
}
