#include "config.h"

#include "edgewalk/base/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 256 * 1024 };

/* A key of the file: how its value is read into the config, and how it is shown. */
struct row {
    const char *name, *help, *standard;
    int (*read)(struct ew_cli_config *config, const struct row *row, const struct ew_json *node,
                struct ew_err *err);
    void (*print)(const struct ew_cli_config *config, const struct row *row, struct ew_buf *out);
    size_t offset; /* of the member */
    /* of a map or list that reads its entries itself, and says their lines; EW_JSON_NULL: none */
    enum ew_json_type inside;
};
static const struct row rows[];
static const size_t row_count;

/* ---- values ---- */

static void *member(const struct ew_cli_config *config, const struct row *row)
{
    return (char *)config + row->offset;
}

/* A scalar as it is written: YAML reads 20 as a number and yes as a truth. */
static bool scalar_text(const struct ew_json *node, char *out, size_t size)
{
    if (ew_json_str(node))
        return (size_t)snprintf(out, size, "%s", ew_json_str(node)) < size;
    if (!ew_json_is(node, EW_JSON_NUMBER))
        return false;
    return (size_t)snprintf(out, size, "%.10g", ew_json_num(node, 0)) < size;
}

static int read_duration(struct ew_cli_config *config, const struct row *row,
                         const struct ew_json *node, struct ew_err *err)
{
    char text[64];
    int64_t ms;
    if (!scalar_text(node, text, sizeof(text)) || !ew_text_duration(text, &ms) || ms <= 0 ||
        ms > 24 * 3600 * (int64_t)1000)
        return ew_fail(err, EW_EUSAGE, "%s: a time such as 5, 1.5s, 300ms or 2m", row->name);
    *(int *)member(config, row) = (int)ms;
    return EW_OK;
}

static void print_duration(const struct ew_cli_config *config, const struct row *row,
                           struct ew_buf *out)
{
    int ms = *(const int *)member(config, row);
    if (ms)
        ew_buf_addf(out, "%s: %gs\n", row->name, ms / 1000.0);
    else
        ew_buf_addf(out, "# %s: %s\n", row->name, row->standard);
}

static int read_text(struct ew_cli_config *config, const struct row *row,
                     const struct ew_json *node, struct ew_err *err)
{
    if (!ew_json_str(node) || !*ew_json_str(node))
        return ew_fail(err, EW_EUSAGE, "%s: a text, %s", row->name, row->help);
    *(const char **)member(config, row) = ew_json_str(node);
    return EW_OK;
}

static int read_background(struct ew_cli_config *config, const struct row *row,
                           const struct ew_json *node, struct ew_err *err)
{
    const char *text = ew_json_str_or(node, "");
    bool is_auto = strcmp(text, "auto") == 0;
    if (!is_auto && strcmp(text, "dark") != 0 && strcmp(text, "light") != 0)
        return ew_fail(err, EW_EUSAGE, "%s: dark, light or auto", row->name);
    *(const char **)member(config, row) = is_auto ? NULL : text;
    return EW_OK;
}

/* A text between quotes, so that it is read again as it is. */
static void quote(struct ew_buf *out, const char *text)
{
    ew_buf_adds(out, "\"");
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            ew_buf_adds(out, "\\");
        ew_buf_add(out, text, 1);
    }
    ew_buf_adds(out, "\"");
}

static void print_text(const struct ew_cli_config *config, const struct row *row,
                       struct ew_buf *out)
{
    const char *text = *(const char *const *)member(config, row);
    if (!text) {
        ew_buf_addf(out, "# %s: %s\n", row->name, row->standard);
        return;
    }
    ew_buf_addf(out, "%s: ", row->name);
    quote(out, text);
    ew_buf_adds(out, "\n");
}

static int read_bool(struct ew_cli_config *config, const struct row *row,
                     const struct ew_json *node, struct ew_err *err)
{
    if (!ew_json_is(node, EW_JSON_BOOL))
        return ew_fail(err, EW_EUSAGE, "%s: true or false", row->name);
    *(bool *)member(config, row) = ew_json_bool(node, true);
    return EW_OK;
}

static void print_bool(const struct ew_cli_config *config, const struct row *row,
                       struct ew_buf *out)
{
    bool value = *(const bool *)member(config, row);
    bool standard = strcmp(row->standard, "true") == 0;
    ew_buf_addf(out, "%s%s: %s\n", value == standard ? "# " : "", row->name,
                value ? "true" : "false");
}

/* ---- maps of the screen: keys and theme ---- */

struct pairs {
    struct ew_ui_option **list;
    size_t *count;
};

static struct pairs pairs_of(struct ew_cli_config *config, const struct row *row)
{
    bool keys = row->offset == offsetof(struct ew_cli_config, keys);
    return keys ? (struct pairs){&config->keys, &config->key_count}
                : (struct pairs){&config->theme, &config->theme_count};
}

/* The UI says what it knows; the line is that of the entry. */
static int check_pair(const struct ew_cli_config *config, const struct row *row,
                      const struct ew_ui_option *pair, struct ew_err *err)
{
    bool keys = row->offset == offsetof(struct ew_cli_config, keys);
    struct ew_ui_options options = {.keys = keys ? pair : NULL,
                                    .theme = keys ? NULL : pair,
                                    .key_count = keys,
                                    .theme_count = !keys};
    size_t bad;
    (void)config;
    return ew_ui_check(&options, &bad, err);
}

static void at_line(const char *name, int line, struct ew_err *err)
{
    char message[sizeof(err->message)];
    snprintf(message, sizeof(message), "%.200s:%d: %.280s", name, line, err->message);
    memcpy(err->message, message, sizeof(message));
}

static int read_pairs(struct ew_cli_config *config, const struct row *row,
                      const struct ew_json *node, struct ew_err *err)
{
    struct pairs pairs = pairs_of(config, row);
    if (!ew_json_is(node, EW_JSON_OBJECT))
        return ew_fail(err, EW_EUSAGE, "%s: a map, %s", row->name, row->help);
    *pairs.list = ew_realloc(*pairs.list, ew_json_count(node) + 1, sizeof(**pairs.list));
    EW_JSON_EACH(entry, node)
    {
        struct ew_ui_option pair = {ew_json_key(entry), ew_json_str(entry)};
        char number[16];
        if (!pair.value && scalar_text(entry, number, sizeof(number)))
            pair.value = ew_json_str(ew_json_string(config->doc, number));
        int code = pair.value ? check_pair(config, row, &pair, err)
                              : ew_fail(err, EW_EUSAGE, "%s: a text between quotes", pair.name);
        if (code != EW_OK) {
            at_line(config->path, ew_json_line(entry), err);
            return code;
        }
        (*pairs.list)[(*pairs.count)++] = pair;
    }
    return EW_OK;
}

static const char *said(const struct ew_ui_option *list, size_t count, const char *name)
{
    for (size_t i = count; i--;)
        if (strcmp(list[i].name, name) == 0)
            return list[i].value;
    return NULL;
}

static void print_pair(struct ew_buf *out, const char *name, const char *value,
                       const char *standard, const char *help)
{
    ew_buf_addf(out, "%s  %s: ", value ? "" : "#", name);
    quote(out, value ? value : standard);
    ew_buf_addf(out, " # %s\n", help);
}

static void print_keys(const struct ew_cli_config *config, const struct row *row,
                       struct ew_buf *out)
{
    struct ew_ui_key key;
    ew_buf_addf(out, "%s%s:\n", config->key_count ? "" : "# ", row->name);
    for (size_t i = 0; ew_ui_key_at(i, &key); i++)
        print_pair(out, key.action, said(config->keys, config->key_count, key.action), key.keys,
                   key.help);
}

static void print_theme(const struct ew_cli_config *config, const struct row *row,
                        struct ew_buf *out)
{
    const char *name, *meaning;
    ew_buf_addf(out, "%s%s:\n", config->theme_count ? "" : "# ", row->name);
    for (size_t i = 0; ew_ui_style_at(i, &name, &meaning); i++)
        print_pair(out, name, said(config->theme, config->theme_count, name), "default", meaning);
}

/* ---- what the judges go by ---- */

/* "14d", "90s": in the largest unit that it is a whole number of. */
static void duration_text(double ms, char out[32])
{
    static const struct {
        const char *name;
        double ms;
    } units[] = {{"d", 86400e3}, {"h", 3600e3}, {"m", 60e3}, {"s", 1e3}, {"ms", 1}};
    size_t i = 0;
    while (i + 1 < EW_COUNT(units) && fmod(ms, units[i].ms) != 0)
        i++;
    snprintf(out, 32, "%.0f%s", ms / units[i].ms, units[i].name);
}

static void threshold_text(const struct ew_threshold_row *row, double value, char out[32])
{
    if (row->time)
        duration_text(value, out);
    else
        snprintf(out, 32, "%.0f", value);
}

/* "14d", or what Go reads as a duration: it knows no days. */
static bool read_time(char *text, double *out)
{
    size_t len = strlen(text);
    int64_t ms;
    long days;
    if (len && text[len - 1] == 'd') {
        text[len - 1] = '\0';
        if (!ew_text_number(text, 0, 100000, &days))
            return false;
        *out = (double)days * 86400e3;
        return true;
    }
    if (!ew_text_duration(text, &ms))
        return false;
    *out = (double)ms;
    return true;
}

static int read_threshold(const struct ew_json *node, enum ew_threshold id, double *out,
                          struct ew_err *err)
{
    const struct ew_threshold_row *row = ew_threshold_row(id);
    char text[64], least[32], most[32];
    double value = 0;
    long number = 0;
    bool good = scalar_text(node, text, sizeof(text)) &&
                (row->time ? read_time(text, &value) : ew_text_number(text, 0, 1000000, &number));
    *out = row->time ? value : (double)number;
    if (good && *out >= row->least && *out <= row->most)
        return EW_OK;
    threshold_text(row, row->least, least);
    threshold_text(row, row->most, most);
    return ew_fail(err, EW_EUSAGE, "%s: a %s from %s to %s", row->name,
                   row->time ? "time" : "number", least, most);
}

static int unknown_threshold(const char *name, struct ew_err *err)
{
    const char *nearest = ew_threshold_row(0)->name;
    for (int id = 1; id < EW_THRESHOLD_COUNT; id++) {
        const char *other = ew_threshold_row((enum ew_threshold)id)->name;
        if (ew_text_distance(other, name) < ew_text_distance(nearest, name))
            nearest = other;
    }
    if (ew_text_distance(nearest, name) <= 4)
        return ew_fail(err, EW_EUSAGE, "there is no threshold \"%s\": did you mean \"%s\"?", name,
                       nearest);
    return ew_fail(err, EW_EUSAGE, "there is no threshold \"%s\" (edgewalk config print shows all)",
                   name);
}

static int read_thresholds(struct ew_cli_config *config, const struct row *row,
                           const struct ew_json *node, struct ew_err *err)
{
    if (!ew_json_is(node, EW_JSON_OBJECT))
        return ew_fail(err, EW_EUSAGE, "%s: a map, %s", row->name, row->help);
    EW_JSON_EACH(entry, node)
    {
        enum ew_threshold id;
        int code = ew_threshold_find(ew_json_key(entry), &id)
                       ? read_threshold(entry, id, &config->thresholds[id], err)
                       : unknown_threshold(ew_json_key(entry), err);
        if (code != EW_OK) {
            at_line(config->path, ew_json_line(entry), err);
            return code;
        }
    }
    return EW_OK;
}

static void print_thresholds(const struct ew_cli_config *config, const struct row *row,
                             struct ew_buf *out)
{
    bool any = false;
    for (int id = 0; id < EW_THRESHOLD_COUNT; id++)
        any = any || config->thresholds[id] > 0;
    ew_buf_addf(out, "%s%s:\n", any ? "" : "# ", row->name);
    for (int id = 0; id < EW_THRESHOLD_COUNT; id++) {
        const struct ew_threshold_row *of = ew_threshold_row((enum ew_threshold)id);
        double value = config->thresholds[id];
        char text[32];
        threshold_text(of, value > 0 ? value : of->standard, text);
        ew_buf_addf(out, "%s  %s: %s # %s\n", value > 0 ? "" : "#", of->name, text, of->help);
    }
}

/* A key of a label: [PREFIX/]NAME (Kubernetes: Labels and Selectors, Syntax). */
static bool is_label_key(const char *key)
{
    static const char of_name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const char *slash = strchr(key, '/'), *name = slash ? slash + 1 : key;
    size_t len = strlen(name), prefix = slash ? (size_t)(slash - key) : 1;
    if (!prefix || prefix > 253 || !len || len > 63 || strchr(name, '/'))
        return false;
    if (slash && strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-.") != prefix)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!strchr(of_name, name[i]) && (i == 0 || i + 1 == len || !strchr("-_.", name[i])))
            return false;
    return true;
}

static int read_owner_keys(struct ew_cli_config *config, const struct row *row,
                           const struct ew_json *node, struct ew_err *err)
{
    size_t count = 0;
    if (!ew_json_is(node, EW_JSON_ARRAY))
        return ew_fail(err, EW_EUSAGE, "%s: a list, %s", row->name, row->help);
    free(config->owner_keys);
    config->owner_keys = ew_alloc((ew_json_count(node) + 1) * sizeof(*config->owner_keys));
    EW_JSON_EACH(item, node)
    {
        const char *key = ew_json_str(item);
        if (!key || !is_label_key(key)) {
            int code = ew_fail(err, EW_EUSAGE, "%s: \"%s\" is no key of a label: [PREFIX/]NAME",
                               row->name, key ? key : "");
            at_line(config->path, ew_json_line(item), err);
            return code;
        }
        config->owner_keys[count++] = key;
    }
    return EW_OK;
}

static void print_owner_keys(const struct ew_cli_config *config, const struct row *row,
                             struct ew_buf *out)
{
    const char *const *keys =
        config->owner_keys ? (const char *const *)config->owner_keys : ew_owner_keys;
    ew_buf_addf(out, "%s%s: [", config->owner_keys ? "" : "# ", row->name);
    for (size_t i = 0; keys[i]; i++) {
        ew_buf_adds(out, i ? ", " : "");
        quote(out, keys[i]);
    }
    ew_buf_adds(out, "]\n");
}

static int read_runbooks(struct ew_cli_config *config, const struct row *row,
                         const struct ew_json *node, struct ew_err *err)
{
    if (!ew_json_is(node, EW_JSON_OBJECT))
        return ew_fail(err, EW_EUSAGE, "%s: a map, %s", row->name, row->help);
    EW_JSON_EACH(entry, node)
    {
        int code = EW_OK;
        if (!ew_cause_find(ew_json_key(entry)))
            code = ew_fail(err, EW_EUSAGE, "%s: no cause \"%s\" (edgewalk explain lists all)",
                           row->name, ew_json_key(entry));
        else if (!ew_json_str(entry))
            code = ew_fail(err, EW_EUSAGE, "%s: %s: a URL between quotes", row->name,
                           ew_json_key(entry));
        if (code != EW_OK) {
            at_line(config->path, ew_json_line(entry), err);
            return code;
        }
    }
    config->runbooks = node;
    return EW_OK;
}

static void print_runbooks(const struct ew_cli_config *config, const struct row *row,
                           struct ew_buf *out)
{
    if (!config->runbooks)
        ew_buf_addf(out, "# %s:\n#  pod-crashloop: \"https://wiki.example.com/crashloop\"\n",
                    row->name);
    else
        ew_buf_addf(out, "%s:\n", row->name);
    EW_JSON_EACH(entry, config->runbooks)
    {
        ew_buf_addf(out, "  %s: ", ew_json_key(entry));
        quote(out, ew_json_str(entry));
        ew_buf_adds(out, "\n");
    }
}

/* ---- the file ---- */

static const struct row *find_row(const char *name)
{
    for (size_t i = 0; i < row_count; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static int unknown_key(const char *name, struct ew_err *err)
{
    const struct row *nearest = &rows[0];
    for (size_t i = 1; i < row_count; i++)
        if (ew_text_distance(rows[i].name, name) < ew_text_distance(nearest->name, name))
            nearest = &rows[i];
    if (ew_text_distance(nearest->name, name) <= 4)
        return ew_fail(err, EW_EUSAGE, "there is no key \"%s\": did you mean \"%s\"?", name,
                       nearest->name);
    return ew_fail(err, EW_EUSAGE, "there is no key \"%s\" (edgewalk config print shows all)",
                   name);
}

static int read_entry(struct ew_cli_config *config, const struct ew_json *entry, struct ew_err *err)
{
    const struct row *row = find_row(ew_json_key(entry));
    int code = row ? row->read(config, row, entry, err) : unknown_key(ew_json_key(entry), err);
    bool placed = row && ew_json_type(entry) == row->inside;
    if (code != EW_OK && !placed)
        at_line(config->path, ew_json_line(entry), err);
    return code;
}

static int read_document(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    struct ew_cli_config *config = ctx;
    const struct ew_json *root = ew_doc_root(doc);
    if (config->doc)
        return ew_fail(err, EW_EUSAGE, "%s:%d: one document only", config->path,
                       ew_json_line(root));
    config->doc = ew_doc_ref(doc);
    if (ew_json_type(root) != EW_JSON_OBJECT && ew_json_type(root) != EW_JSON_NULL)
        return ew_fail(err, EW_EUSAGE, "%s:1: a map of keys (edgewalk config print shows all)",
                       config->path);
    EW_JSON_EACH(entry, root)
    {
        int code = read_entry(config, entry, err);
        if (code != EW_OK)
            return code;
    }
    return EW_OK;
}

static void init(struct ew_cli_config *config)
{
    memset(config, 0, sizeof(*config));
    config->mouse = true;
}

static int parse(struct ew_cli_config *config, const char *text, size_t len, struct ew_err *err)
{
    int code = ew_yaml_parse(config->path, text, len, read_document, config, err);
    if (code != EW_OK && err)
        err->code = EW_EUSAGE; /* whatever is wrong with it, it is the user's to put right */
    return code == EW_OK ? EW_OK : EW_EUSAGE;
}

int ew_cli_config_parse(struct ew_cli_config *config, const char *name, const char *text,
                        size_t len, struct ew_err *err)
{
    init(config);
    config->path = ew_strdup(name);
    config->found = true;
    return parse(config, text, len, err);
}

static char *find_path(void)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (base && *base == '/') /* XDG Base Directory: a relative path is to be ignored */
        return ew_fmt("%s/edgewalk/config.yaml", base);
    return home && *home ? ew_fmt("%s/.config/edgewalk/config.yaml", home) : NULL;
}

static int read_file(const char *path, struct ew_buf *text, bool *found, struct ew_err *err)
{
    char part[4096];
    FILE *file = fopen(path, "re");
    *found = file != NULL;
    if (!file && (errno == ENOENT || errno == ENOTDIR))
        return EW_OK;
    if (!file)
        return ew_fail(err, EW_EUSAGE, "%s cannot be read: %s", path, strerror(errno));
    for (size_t n; (n = fread(part, 1, sizeof(part), file)) > 0;)
        ew_buf_add(text, part, n);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed)
        return ew_fail(err, EW_EUSAGE, "%s cannot be read", path);
    if (text->cut)
        return ew_fail(err, EW_EUSAGE, "%s is larger than %d KiB", path, FILE_MAX / 1024);
    return EW_OK;
}

int ew_cli_config_load(struct ew_cli_config *config, struct ew_err *err)
{
    struct ew_buf text;
    init(config);
    config->path = find_path();
    if (!config->path)
        return EW_OK;
    ew_buf_init(&text, FILE_MAX);
    int code = read_file(config->path, &text, &config->found, err);
    if (code == EW_OK && text.len)
        code = parse(config, text.data, text.len, err);
    ew_buf_release(&text);
    return code;
}

void ew_cli_config_release(struct ew_cli_config *config)
{
    free(config->path);
    free(config->keys);
    free(config->theme);
    free(config->owner_keys);
    ew_doc_unref(config->doc);
    memset(config, 0, sizeof(*config));
}

/* ---- what it is for ---- */

static void fill(int *value, int standard)
{
    if (*value <= 0)
        *value = standard;
}

void ew_cli_config_apply(const struct ew_cli_config *config, struct ew_walk_options *options)
{
    fill(&options->deadline_ms, config->deadline_ms);
    fill(&options->dns_timeout_ms, config->dns_timeout_ms);
    fill(&options->connect_timeout_ms, config->connect_timeout_ms);
    fill(&options->tls_timeout_ms, config->tls_timeout_ms);
    fill(&options->cluster.timeout_ms, config->request_timeout_ms);
    memcpy(options->thresholds, config->thresholds, sizeof(options->thresholds));
    options->owner_keys = config->owner_keys;
}

void ew_cli_config_ui(const struct ew_cli_config *config, struct ew_ui_options *options)
{
    options->background = config->background;
    options->mouse = config->mouse;
    options->watch_ms = config->watch_ms;
    options->keys = config->keys;
    options->key_count = config->key_count;
    options->theme = config->theme;
    options->theme_count = config->theme_count;
}

void ew_cli_config_print(const struct ew_cli_config *config, struct ew_buf *out)
{
    ew_buf_addf(out, "# edgewalk's configuration: %s%s\n",
                config->path ? config->path : "nowhere (HOME is not set)",
                config->found ? "" : " (there is none)");
    ew_buf_adds(out, "# What is commented out is the default.\n");
    for (size_t i = 0; i < row_count; i++) {
        ew_buf_addf(out, "\n# %s\n", rows[i].help);
        rows[i].print(config, &rows[i], out);
    }
}

bool ew_cli_config_key_at(size_t index, const char **name, const char **standard, const char **help)
{
    if (index >= row_count)
        return false;
    *name = rows[index].name;
    *standard = rows[index].standard;
    *help = rows[index].help;
    return true;
}

void ew_cli_threshold_standard(enum ew_threshold id, char out[32])
{
    threshold_text(ew_threshold_row(id), ew_threshold_row(id)->standard, out);
}

#define AT(member) offsetof(struct ew_cli_config, member)

static const struct row rows[] = {
    {"deadline", "how long a whole walk may take", "20s", read_duration, print_duration,
     AT(deadline_ms), EW_JSON_NULL},
    {"dns-timeout", "limit of one try of a DNS question", "3s", read_duration, print_duration,
     AT(dns_timeout_ms), EW_JSON_NULL},
    {"connect-timeout", "limit of one connect (option --connect-timeout)", "3s", read_duration,
     print_duration, AT(connect_timeout_ms), EW_JSON_NULL},
    {"tls-timeout", "limit of one handshake", "5s", read_duration, print_duration,
     AT(tls_timeout_ms), EW_JSON_NULL},
    {"request-timeout", "limit of one API request (option --request-timeout)", "10s", read_duration,
     print_duration, AT(request_timeout_ms), EW_JSON_NULL},
    {"thresholds", "from where on something is wrong: threshold: VALUE", NULL, read_thresholds,
     print_thresholds, AT(thresholds), EW_JSON_OBJECT},
    {"owner-keys", "labels and annotations that say whose an object is, best first", NULL,
     read_owner_keys, print_owner_keys, AT(owner_keys), EW_JSON_ARRAY},
    {"watch", "time between two walks when watching on the screen", "10s", read_duration,
     print_duration, AT(watch_ms), EW_JSON_NULL},
    {"runbook-url", "where runbook links lead: BASE#CAUSE (option --runbook-url)",
     "the page installed with the program", read_text, print_text, AT(runbook_url), EW_JSON_NULL},
    {"runbooks", "links of single causes, before runbook-url: cause: \"URL\"", NULL, read_runbooks,
     print_runbooks, AT(runbooks), EW_JSON_OBJECT},
    {"background", "of the terminal: dark, light or auto (as $COLORFGBG says)", "auto",
     read_background, print_text, AT(background), EW_JSON_NULL},
    {"mouse", "whether the screen takes the mouse", "true", read_bool, print_bool, AT(mouse),
     EW_JSON_NULL},
    {"keys", "keys of the screen: action: \"KEYS\", blank-separated", NULL, read_pairs, print_keys,
     AT(keys), EW_JSON_OBJECT},
    {"theme",
     "looks of the screen: style: \"COLOUR [on COLOUR] [bold] [dim] [underline] [reverse]\"", NULL,
     read_pairs, print_theme, AT(theme), EW_JSON_OBJECT},
};
static const size_t row_count = EW_COUNT(rows);
