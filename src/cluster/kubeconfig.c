#include "kubeconfig.h"
#include "text.h"

#include "edgewalk/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = 8 * 1024 * 1024, ENTRIES_MAX = 10000, NAMED_MAX = 12 };

static const struct {
    const char *list, *kind;
} lists[] = {{"clusters", "cluster"}, {"users", "user"}, {"contexts", "context"}};

/* ---- one file ---- */

static void file_free(struct kube_file *file)
{
    ew_doc_wipe(file->doc);
    ew_doc_unref(file->doc);
    free(file->path);
    free(file->dir);
    free(file);
}

/* Of several documents the first counts. */
static int take_first(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    (void)err;
    struct kube_file *file = ctx;
    file->doc = ew_doc_ref(doc);
    return 1;
}

static int check_header(const struct kube_file *file, struct ew_err *err)
{
    const struct ew_json *root = ew_doc_root(file->doc);
    const struct ew_json *kind = ew_json_get(root, "kind");
    const struct ew_json *version = ew_json_get(root, "apiVersion");
    if (!root || ew_json_type(root) == EW_JSON_NULL)
        return EW_OK;
    if (!ew_json_is(root, EW_JSON_OBJECT))
        return ew_fail(err, EW_EUSAGE, "%s:%d: not a kubeconfig: no mapping", file->path,
                       ew_json_line(root));
    if (kind && !ew_streq(ew_json_str(kind), "Config"))
        return ew_fail(err, EW_EUSAGE, "%s:%d: not a kubeconfig: kind is %.60s, not Config",
                       file->path, ew_json_line(kind), ew_json_str_or(kind, "no text"));
    if (version && !ew_streq(ew_json_str(version), "v1"))
        return ew_fail(err, EW_EUSAGE, "%s:%d: apiVersion is %.60s, a kubeconfig has v1",
                       file->path, ew_json_line(version), ew_json_str_or(version, "no text"));
    return EW_OK;
}

static int check_names(const struct kube_file *file, const struct ew_json *list, const char *kind,
                       struct ew_err *err)
{
    struct ew_map *seen = ew_map_new();
    int code = EW_OK;
    EW_JSON_EACH(entry, list)
    {
        const char *name = ew_json_get_str(entry, "name", NULL);
        if (!name)
            code = ew_fail(err, EW_EUSAGE, "%s:%d: a %s without a name", file->path,
                           ew_json_line(entry), kind);
        else if (ew_map_get(seen, name))
            code = ew_fail(err, EW_EUSAGE, "%s:%d: %s \"%.80s\" stands there twice", file->path,
                           ew_json_line(entry), kind, name);
        if (code != EW_OK)
            break;
        ew_map_set(seen, name, seen);
    }
    ew_map_free(seen);
    return code;
}

static int check_lists(const struct kube_file *file, struct ew_err *err)
{
    int code = EW_OK;
    for (size_t i = 0; i < EW_COUNT(lists) && code == EW_OK; i++) {
        const struct ew_json *list = ew_json_get(ew_doc_root(file->doc), lists[i].list);
        if (!list || ew_json_type(list) == EW_JSON_NULL)
            continue;
        if (!ew_json_is(list, EW_JSON_ARRAY) || ew_json_count(list) > ENTRIES_MAX)
            code = ew_fail(err, EW_EUSAGE, "%s:%d: %s is not a list of at most %d entries",
                           file->path, ew_json_line(list), lists[i].list, ENTRIES_MAX);
        else
            code = check_names(file, list, lists[i].kind, err);
    }
    return code;
}

int kubeconfig_add(struct kubeconfig *config, const char *path, const char *text, size_t len,
                   struct ew_err *err)
{
    struct kube_file *file = ew_alloc(sizeof(*file));
    const char *slash = strrchr(path, '/');
    file->path = ew_strdup(path);
    file->dir = ew_strndup(path, slash ? (size_t)(slash + 1 - path) : 0);
    ew_ptrs_add(&config->files, file);
    int code = ew_yaml_parse(path, text, len, take_first, file, err);
    code = code == 1 ? EW_OK : code;
    if (code == EW_OK)
        code = check_header(file, err);
    if (code == EW_OK)
        code = check_lists(file, err);
    if (code != EW_OK && err)
        err->code = EW_EUSAGE;
    return code == EW_OK ? EW_OK : EW_EUSAGE;
}

static int file_load(struct kubeconfig *config, const char *path, struct ew_err *err)
{
    struct cluster_text text = {0};
    int code = cluster_text_read(&text, path, path, FILE_MAX, err);
    if (code == EW_OK)
        code = kubeconfig_add(config, path, text.data, text.len, err);
    cluster_text_release(&text);
    if (code != EW_OK && err)
        err->code = EW_EUSAGE;
    return code == EW_OK ? EW_OK : EW_EUSAGE;
}

/* ---- which files ---- */

static bool is_missing(const char *path)
{
    struct stat st;
    return stat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

static bool is_loaded(const struct kubeconfig *config, const char *path)
{
    for (size_t i = 0; i < config->files.count; i++)
        if (strcmp(((struct kube_file *)config->files.at[i])->path, path) == 0)
            return true;
    return false;
}

static int load_listed(struct kubeconfig *config, const char *paths, struct ew_err *err)
{
    int code = EW_OK;
    bool named = false;
    char *copy = ew_strdup(paths), *rest = NULL;
    for (char *path = strtok_r(copy, ":", &rest); path && code == EW_OK;
         path = strtok_r(NULL, ":", &rest)) {
        named = true;
        if (!is_loaded(config, path) && !is_missing(path))
            code = file_load(config, path, err);
    }
    free(copy);
    if (code == EW_OK && named && config->files.count == 0)
        code = ew_fail(err, EW_EUSAGE, "KUBECONFIG names %.400s: no such file", paths);
    return code;
}

static int load_usual(struct kubeconfig *config, struct ew_err *err)
{
    const char *home = getenv("HOME");
    if (!home || !*home)
        return EW_OK;
    char *path = ew_fmt("%s/.kube/config", home);
    int code = is_missing(path) ? EW_OK : file_load(config, path, err);
    free(path);
    return code;
}

int kubeconfig_load(struct kubeconfig *config, const char *given, struct ew_err *err)
{
    const char *listed = getenv("KUBECONFIG");
    bool use_listed = listed && listed[strspn(listed, ":")];
    memset(config, 0, sizeof(*config));
    config->looked = ew_strdup(given ? given : use_listed ? listed : "~/.kube/config");
    int code = given        ? file_load(config, given, err)
               : use_listed ? load_listed(config, listed, err)
                            : load_usual(config, err);
    if (code != EW_OK)
        kubeconfig_release(config);
    return code;
}

void kubeconfig_release(struct kubeconfig *config)
{
    for (size_t i = 0; i < config->files.count; i++)
        file_free(config->files.at[i]);
    ew_ptrs_release(&config->files);
    free(config->looked);
    config->looked = NULL;
}

/* ---- what they hold ---- */

static const struct ew_json *list_of(const struct kubeconfig *config, size_t index,
                                     const char *list)
{
    const struct kube_file *file = config->files.at[index];
    return ew_json_get(ew_doc_root(file->doc), list);
}

bool kubeconfig_is_empty(const struct kubeconfig *config)
{
    for (size_t i = 0; i < config->files.count; i++)
        if (ew_json_count(list_of(config, i, "clusters")) ||
            ew_json_count(list_of(config, i, "contexts")))
            return false;
    return true;
}

const char *kubeconfig_current(const struct kubeconfig *config)
{
    for (size_t i = 0; i < config->files.count; i++) {
        const char *name = ew_json_str(list_of(config, i, "current-context"));
        if (name && *name)
            return name;
    }
    return NULL;
}

char *kubeconfig_contexts(const struct kubeconfig *config)
{
    struct ew_buf out;
    size_t count = 0;
    ew_buf_init(&out, 300);
    for (size_t i = 0; i < config->files.count; i++)
        EW_JSON_EACH(entry, list_of(config, i, "contexts"))
        {
            if (count++ < NAMED_MAX)
                ew_buf_addf(&out, "%s%s", count > 1 ? ", " : "",
                            ew_json_get_str(entry, "name", ""));
        }
    if (count > NAMED_MAX)
        ew_buf_adds(&out, ", …");
    char *text = ew_buf_take(&out);
    return text ? text : ew_strdup("none");
}

static const char *list_name(const char *kind)
{
    for (size_t i = 0; i < EW_COUNT(lists); i++)
        if (strcmp(lists[i].kind, kind) == 0)
            return lists[i].list;
    return NULL;
}

bool kubeconfig_find(const struct kubeconfig *config, const char *kind, const char *name,
                     struct kube_entry *out)
{
    for (size_t i = 0; i < config->files.count; i++)
        EW_JSON_EACH(entry, list_of(config, i, list_name(kind)))
        {
            const char *found = ew_json_get_str(entry, "name", "");
            if (strcmp(found, name) != 0)
                continue;
            *out = (struct kube_entry){config->files.at[i], kind, found, ew_json_get(entry, kind),
                                       ew_json_line(entry)};
            return true;
        }
    return false;
}

/* ---- members of an entry ---- */

int kube_fail(const struct kube_entry *entry, const struct ew_json *node, struct ew_err *err,
              const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = ew_vfmt(format, args);
    va_end(args);
    int line = ew_json_line(node) ? ew_json_line(node) : entry->line;
    int code = ew_fail(err, EW_EUSAGE, "%s:%d: %s \"%.80s\": %s", entry->file->path, line,
                       entry->kind, entry->name, text);
    free(text);
    return code;
}

int kube_text(const struct kube_entry *entry, const struct ew_json *object, const char *key,
              const char **out, struct ew_err *err)
{
    const struct ew_json *node = ew_json_get(object, key);
    if (node && ew_json_type(node) != EW_JSON_NULL && !ew_json_is(node, EW_JSON_STRING))
        return kube_fail(entry, node, err,
                         "%s is not text (a number or word to be taken as text "
                         "needs quotes)",
                         key);
    const char *text = ew_json_str(node);
    *out = text && *text ? text : NULL;
    return EW_OK;
}

int kube_flag(const struct kube_entry *entry, const char *key, bool *out, struct ew_err *err)
{
    const struct ew_json *node = ew_json_get(entry->body, key);
    if (node && ew_json_type(node) != EW_JSON_NULL && !ew_json_is(node, EW_JSON_BOOL))
        return kube_fail(entry, node, err, "%s is neither true nor false", key);
    *out = ew_json_bool(node, false);
    return EW_OK;
}

char *kube_path(const struct kube_entry *entry, const char *path)
{
    return path[0] == '/' ? ew_strdup(path) : ew_fmt("%s%s", entry->file->dir, path);
}
