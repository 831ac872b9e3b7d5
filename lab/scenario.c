#include "scenario.h"

#include "patch.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (8 << 20)
#define BASE_DEPTH 8

static char *path_of(const char *folder, const char *name)
{
    return ew_fmt("%s/%s", folder, name);
}

static bool is_scenario(const char *folder)
{
    char *path = path_of(folder, "scenario.yaml");
    bool yes = access(path, R_OK) == 0;
    free(path);
    return yes;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void find_below(const char *dir, struct ew_ptrs *found)
{
    DIR *open = opendir(dir);
    struct dirent *entry;
    while (open && (entry = readdir(open))) {
        char *folder = path_of(dir, entry->d_name);
        if (entry->d_name[0] != '.' && is_scenario(folder))
            ew_ptrs_add(found, folder);
        else
            free(folder);
    }
    if (open)
        closedir(open);
}

int lab_scenario_find(const char *dir, char ***folders, size_t *count, struct ew_err *err)
{
    struct ew_ptrs found = {0};
    if (is_scenario(dir))
        ew_ptrs_add(&found, ew_strdup(dir));
    else
        find_below(dir, &found);
    if (!found.count)
        return ew_fail(err, EW_EUSAGE, "%s: no scenario there (a folder with a scenario.yaml)",
                       dir);
    qsort(found.at, found.count, sizeof *found.at, by_name);
    *folders = (char **)found.at;
    *count = found.count;
    return 0;
}

static int read_file(const char *path, char **text, size_t *len, struct ew_err *err)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return ew_fail(err, EW_EUSAGE, "%s: %s", path, strerror(errno));
    struct ew_buf buf;
    char piece[4096];
    size_t got;
    ew_buf_init(&buf, FILE_MAX);
    while ((got = fread(piece, 1, sizeof piece, file)) > 0)
        ew_buf_add(&buf, piece, got);
    fclose(file);
    if (buf.cut) {
        ew_buf_release(&buf);
        return ew_fail(err, EW_ELIMIT, "%s: larger than %d bytes", path, FILE_MAX);
    }
    *len = buf.len;
    *text = ew_strdup(ew_buf_text(&buf));
    ew_buf_release(&buf);
    return 0;
}

struct gather {
    struct ew_doc *doc;
    struct ew_json *list;
};

static int add_document(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    struct gather *gather = ctx;
    (void)err;
    if (ew_json_is(ew_doc_root(doc), EW_JSON_OBJECT))
        ew_json_add(gather->doc, gather->list, ew_json_copy(gather->doc, ew_doc_root(doc)));
    return 0;
}

/* All documents of a YAML file as an array; a missing optional file is an empty one. */
static int read_yaml(const char *folder, const char *name, bool optional, struct ew_doc **out,
                     struct ew_err *err)
{
    char *path = path_of(folder, name), *text = NULL;
    size_t len = 0;
    int rc = 0;
    struct gather gather = {.doc = ew_doc_new()};
    gather.list = ew_json_array(gather.doc);
    ew_doc_set_root(gather.doc, gather.list);
    if (optional && access(path, F_OK) != 0)
        goto done;
    rc = read_file(path, &text, &len, err);
    if (!rc)
        rc = ew_yaml_parse(path, text, len, add_document, &gather, err);
done:
    free(text);
    free(path);
    if (rc)
        ew_doc_unref(gather.doc);
    else
        *out = gather.doc;
    return rc;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static int find_base(const char *folder, const char *library, const char *base, char **out,
                     struct ew_err *err)
{
    char *beside = ew_fmt("%s/../%s", folder, base);
    char *shelf = library ? path_of(library, base) : NULL;
    if (is_scenario(beside))
        *out = ew_strdup(beside);
    else if (shelf && is_scenario(shelf))
        *out = ew_strdup(shelf);
    else
        *out = NULL;
    free(beside);
    free(shelf);
    return *out ? 0 : ew_fail(err, EW_EUSAGE, "%s: base \"%s\" is no scenario", folder, base);
}

/* Lays this folder's parts over those of its base. Title, story and expected verdict are each
 * scenario's own. */
static int lay_over(struct lab_scenario *scenario, const struct lab_scenario *base,
                    const struct ew_json *own, const struct ew_json *objects, struct ew_err *err)
{
    static const char *const personal[] = {"title", "story", "expect", "change", "base", "todo"};
    struct ew_doc *doc = scenario->doc = ew_doc_new();
    struct ew_json *root = lab_merge(doc, base ? ew_doc_root(base->doc) : NULL, own);
    for (size_t i = 0; i < EW_COUNT(personal); i++) {
        const struct ew_json *mine = ew_json_get(own, personal[i]);
        ew_json_set(doc, root, personal[i], mine ? ew_json_copy(doc, mine) : ew_json_null(doc));
    }
    ew_doc_set_root(doc, root);
    doc = scenario->objects = ew_doc_new();
    struct ew_json *list = lab_overlay(doc, base ? ew_doc_root(base->objects) : NULL, objects);
    list = lab_change(doc, list, ew_json_get(own, "change"), err);
    ew_doc_set_root(doc, list);
    return list ? 0 : EW_EUSAGE;
}

static int load(const char *folder, const char *library, int depth, struct lab_scenario **out,
                struct ew_err *err)
{
    struct ew_doc *yaml = NULL, *objects = NULL;
    struct lab_scenario *base = NULL, *scenario = ew_alloc(sizeof *scenario);
    char *base_folder = NULL;
    scenario->name = ew_strdup(base_name(folder));
    int rc = depth > BASE_DEPTH ? ew_fail(err, EW_EUSAGE, "%s: bases go in a circle", folder) : 0;
    if (!rc)
        rc = read_yaml(folder, "scenario.yaml", false, &yaml, err);
    if (!rc)
        rc = read_yaml(folder, "objects.yaml", true, &objects, err);
    const struct ew_json *own = yaml ? ew_json_item(ew_doc_root(yaml), 0) : NULL;
    const char *base_text = ew_json_get_str(own, "base", NULL);
    if (!rc && base_text)
        rc = find_base(folder, library, base_text, &base_folder, err);
    if (!rc && base_folder)
        rc = load(base_folder, library, depth + 1, &base, err);
    if (!rc)
        rc = lay_over(scenario, base, own, ew_doc_root(objects), err);
    free(base_folder);
    ew_doc_unref(yaml);
    ew_doc_unref(objects);
    lab_scenario_free(base);
    if (rc)
        lab_scenario_free(scenario);
    else
        *out = scenario;
    return rc;
}

int lab_scenario_load(const char *folder, const char *library, struct lab_scenario **out,
                      struct ew_err *err)
{
    struct ew_err inner = {0};
    int rc = load(folder, library, 0, out, &inner);
    if (rc)
        ew_fail(err, rc, "scenario %s: %s", base_name(folder), inner.message);
    return rc;
}

void lab_scenario_free(struct lab_scenario *scenario)
{
    if (!scenario)
        return;
    free(scenario->name);
    ew_doc_unref(scenario->doc);
    ew_doc_unref(scenario->objects);
    free(scenario);
}

const char *lab_scenario_title(const struct lab_scenario *scenario)
{
    return ew_json_get_str(ew_doc_root(scenario->doc), "title", "(no title)");
}
