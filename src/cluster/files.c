/* Objects from manifests and dumps. */
#include "prune.h"
#include "text.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIST_DEPTH_MAX = 4, ERRORS_MAX = 200 };

#define FILE_MAX ((size_t)256 * 1024 * 1024)

struct reader {
    struct ew_snapshot *snapshot;
    struct ew_doc *doc; /* of the fact */
    struct ew_json *paths, *errors;
    size_t objects;
    const char *name; /* of the file being read */
};

/* ---- documents ---- */

static void note_error(struct reader *reader, const char *where, const char *text)
{
    if (ew_json_count(reader->errors) >= ERRORS_MAX)
        return;
    struct ew_json *row = ew_json_add(reader->doc, reader->errors, ew_json_object(reader->doc));
    ew_json_set_str(reader->doc, row, "where", where);
    ew_json_set_str(reader->doc, row, "text", text);
}

/* What kubectl's kustomize reads lies beside manifests and is none. */
static bool is_kustomization(const struct ew_json *node)
{
    return ew_text_prefix(ew_json_get_str(node, "apiVersion", ""), "kustomize.config.k8s.io/");
}

static void take(struct reader *reader, const struct ew_json *node, struct cluster_type type,
                 int depth)
{
    struct cluster_type of_items;
    struct ew_err why = {0};
    char *kind;
    if (depth < LIST_DEPTH_MAX && cluster_is_list(node, &of_items, &kind)) {
        EW_JSON_EACH(item, ew_json_get(node, "items"))
        take(reader, item, of_items, depth + 1);
        free(kind);
        return;
    }
    if (is_kustomization(node))
        return;
    char *where = ew_fmt("%s:%d", reader->name, ew_json_line(node));
    struct ew_object *object = cluster_prune(node, type, where, &why);
    if (object) {
        ew_snapshot_put_object(reader->snapshot, object);
        reader->objects++;
    } else {
        note_error(reader, where, why.message);
    }
    free(where);
}

static int take_document(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    (void)err;
    /* A JSON array of objects is what `jq` leaves of a List. */
    const struct ew_json *root = ew_doc_root(doc);
    struct cluster_type none = {NULL, NULL};
    if (ew_json_is(root, EW_JSON_ARRAY)) {
        EW_JSON_EACH(item, root)
        take(ctx, item, none, 1);
    } else if (!ew_json_is(root, EW_JSON_NULL)) {
        take(ctx, root, none, 0);
    }
    ew_doc_wipe(doc);
    return EW_OK;
}

/* ---- files ---- */

static int parse(struct reader *reader, const char *name, struct cluster_text *text,
                 struct ew_err *err)
{
    reader->name = name;
    int code = ew_yaml_parse(name, text->data, text->len, take_document, reader, err);
    cluster_text_release(text);
    if (code != EW_OK && err)
        err->code = EW_EUSAGE;
    return code == EW_OK ? EW_OK : EW_EUSAGE;
}

static int read_file(struct reader *reader, const char *path, struct ew_err *err)
{
    struct cluster_text text = {0};
    bool from_stdin = strcmp(path, "-") == 0;
    const char *name = from_stdin ? "stdin" : path;
    int code = from_stdin ? cluster_text_read_fd(&text, STDIN_FILENO, name, FILE_MAX, err)
                          : cluster_text_read(&text, path, name, FILE_MAX, err);
    if (code == EW_OK)
        code = parse(reader, name, &text, err);
    if (code == EW_OK)
        return EW_OK;
    if (err)
        err->code = EW_EUSAGE;
    return EW_EUSAGE;
}

static int is_manifest(const struct dirent *entry)
{
    return entry->d_name[0] != '.' &&
           (ew_text_suffix(entry->d_name, ".yaml") || ew_text_suffix(entry->d_name, ".yml") ||
            ew_text_suffix(entry->d_name, ".json"));
}

/* By bytes, not by locale: the same everywhere. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_directory(struct reader *reader, const char *path, struct ew_err *err)
{
    struct dirent **entries = NULL;
    const char *slash = ew_text_suffix(path, "/") ? "" : "/";
    int count = scandir(path, &entries, is_manifest, by_bytes), code = EW_OK;
    if (count < 0)
        return ew_fail(err, EW_EUSAGE, "%s: %s", path, strerror(errno));
    if (count == 0)
        code = ew_fail(err, EW_EUSAGE, "%s: no *.yaml, *.yml or *.json in this directory", path);
    for (int i = 0; i < count; i++) {
        char *file = ew_fmt("%s%s%s", path, slash, entries[i]->d_name);
        struct stat st;
        if (code == EW_OK && !(stat(file, &st) == 0 && S_ISDIR(st.st_mode)))
            code = read_file(reader, file, err);
        free(file);
        free(entries[i]);
    }
    free(entries);
    return code;
}

static int read_path(struct reader *reader, const char *path, struct ew_err *err)
{
    struct stat st;
    if (ew_text_prefix(path, "http://") || ew_text_prefix(path, "https://"))
        return ew_fail(err, EW_EUSAGE, "%s: URLs are not read; fetch it and use -f -", path);
    if (strcmp(path, "-") == 0)
        return read_file(reader, path, err);
    if (stat(path, &st) != 0)
        return ew_fail(err, EW_EUSAGE, "%s: %s", path, strerror(errno));
    return S_ISDIR(st.st_mode) ? read_directory(reader, path, err) : read_file(reader, path, err);
}

int ew_cluster_read_files(const char *const *paths, struct ew_snapshot *snapshot,
                          struct ew_err *err)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *value = ew_json_object(doc);
    struct reader reader = {.snapshot = snapshot, .doc = doc};
    int code = EW_OK;
    double started = ew_monotonic_ms();
    ew_doc_set_root(doc, value);
    reader.paths = ew_json_set(doc, value, "paths", ew_json_array(doc));
    reader.errors = ew_json_array(doc);
    for (size_t i = 0; paths[i] && code == EW_OK; i++) {
        ew_json_add(doc, reader.paths, ew_json_string(doc, paths[i]));
        code = read_path(&reader, paths[i], err);
    }
    ew_json_set_num(doc, value, "objects", (double)reader.objects);
    ew_json_set(doc, value, "errors", reader.errors);
    if (code == EW_OK)
        ew_snapshot_put(snapshot, ew_fact_new(EW_KEY_FILES, EW_KNOWN, NULL, "files", ew_now_ms(),
                                              ew_monotonic_ms() - started, doc));
    ew_doc_unref(doc);
    return code;
}
