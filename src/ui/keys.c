#include "keys.h"

#include "canvas.h"

#include "edgewalk/base/text.h"
#include "edgewalk/ui.h"

#include <stdlib.h>
#include <string.h>

static const struct ui_action_row rows[UI_ACTION_COUNT];

static const struct {
    const char *name;
    uint32_t key;
} named[] = {
    {"Up", UI_K_UP},           {"Down", UI_K_DOWN},
    {"Left", UI_K_LEFT},       {"Right", UI_K_RIGHT},
    {"PgUp", UI_K_PAGE_UP},    {"PgDn", UI_K_PAGE_DOWN},
    {"Home", UI_K_HOME},       {"End", UI_K_END},
    {"Tab", UI_K_TAB},         {"Enter", UI_K_ENTER},
    {"Esc", UI_K_ESC},         {"Space", ' '},
    {"Del", UI_K_DELETE},      {"Backspace", UI_K_BACKSPACE},
    {"Backtab", UI_K_BACKTAB},
};

const struct ui_action_row *ui_action_row(enum ui_action action)
{
    return &rows[action];
}

bool ui_action_find(const char *name, enum ui_action *out)
{
    for (int i = 0; i < UI_ACTION_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0) {
            *out = (enum ui_action)i;
            return true;
        }
    return false;
}

static bool parse_function_key(const char *name, uint32_t *out)
{
    long number;
    if (name[0] != 'F' || !ew_text_number(name + 1, 1, 12, &number))
        return false;
    *out = UI_K_F1 + (uint32_t)number - 1;
    return true;
}

bool ui_key_parse(const char *name, uint32_t *out)
{
    size_t len = strlen(name);
    uint32_t ch;
    for (size_t i = 0; i < EW_COUNT(named); i++)
        if (strcmp(named[i].name, name) == 0) {
            *out = named[i].key;
            return true;
        }
    if (parse_function_key(name, out))
        return true;
    if (len == 3 && strncmp(name, "C-", 2) == 0 && name[2] >= 'a' && name[2] <= 'z') {
        *out = (uint32_t)(name[2] - 'a' + 1);
        return true;
    }
    if (!len || ew_text_decode(name, len, &ch) != len || ch <= ' ' || ch == 0x7f)
        return false;
    *out = ch;
    return true;
}

void ui_key_name(uint32_t key, struct ew_buf *out)
{
    for (size_t i = 0; i < EW_COUNT(named); i++)
        if (named[i].key == key) {
            ew_buf_adds(out, named[i].name);
            return;
        }
    if (key >= UI_K_F1)
        ew_buf_addf(out, "F%u", (unsigned)(key - UI_K_F1 + 1));
    else if (key < ' ')
        ew_buf_addf(out, "C-%c", (int)(key + 'a' - 1));
    else
        ui_utf8_add(out, key);
}

static void take_away(struct ui_keymap *map, uint32_t key)
{
    for (int action = 0; action < UI_ACTION_COUNT; action++) {
        uint32_t *keys = map->keys[action];
        size_t kept = 0;
        for (size_t i = 0; i < UI_KEYS_PER_ACTION; i++)
            if (keys[i] && keys[i] != key)
                keys[kept++] = keys[i];
        while (kept < UI_KEYS_PER_ACTION)
            keys[kept++] = 0;
    }
}

int ui_keymap_set(struct ui_keymap *map, enum ui_action action, const char *keys,
                  struct ew_err *err)
{
    uint32_t parsed[UI_KEYS_PER_ACTION] = {0};
    size_t count = 0;
    char *copy = ew_strdup(keys), *rest = copy;
    int code = EW_OK;
    for (char *name; code == EW_OK && (name = strsep(&rest, " "));) {
        if (!*name)
            continue;
        if (count == UI_KEYS_PER_ACTION)
            code = ew_fail(err, EW_EUSAGE, "\"%s\": at most %d keys", keys, UI_KEYS_PER_ACTION);
        else if (!ui_key_parse(name, &parsed[count++]))
            code = ew_fail(err, EW_EUSAGE,
                           "\"%s\" is no key: a character, C-a to C-z, F1 to F12, Up, Down, Left, "
                           "Right, PgUp, PgDn, Home, End, Tab, Enter, Esc, Space, Del, Backspace",
                           name);
    }
    free(copy);
    for (size_t i = 0; code == EW_OK && i < count; i++)
        take_away(map, parsed[i]);
    if (code == EW_OK)
        memcpy(map->keys[action], parsed, sizeof(parsed));
    return code;
}

void ui_keymap_init(struct ui_keymap *map)
{
    memset(map, 0, sizeof(*map));
    for (int action = 0; action < UI_ACTION_COUNT; action++)
        ui_keymap_set(map, (enum ui_action)action, rows[action].keys, NULL);
}

enum ui_action ui_keymap_find(const struct ui_keymap *map, uint32_t key, unsigned where)
{
    for (int action = 0; action < UI_ACTION_COUNT; action++)
        for (size_t i = 0; i < UI_KEYS_PER_ACTION && map->keys[action][i]; i++)
            if (map->keys[action][i] == key && (rows[action].where & where))
                return (enum ui_action)action;
    return UI_DO_NOTHING;
}

void ui_keymap_names(const struct ui_keymap *map, enum ui_action action, struct ew_buf *out)
{
    for (size_t i = 0; i < UI_KEYS_PER_ACTION && map->keys[action][i]; i++) {
        if (i)
            ew_buf_adds(out, " ");
        ui_key_name(map->keys[action][i], out);
    }
}

bool ew_ui_key_at(size_t index, struct ew_ui_key *out)
{
    if (index >= UI_ACTION_COUNT)
        return false;
    const struct ui_action_row *row = &rows[index];
    *out = (struct ew_ui_key){row->name, row->keys, row->help};
    return true;
}

static const struct ui_action_row rows[UI_ACTION_COUNT] = {
#define X(id, name, keys, where, hint, help) [UI_DO_##id] = {name, keys, hint, help, where},
    UI_ACTIONS(X)
#undef X
};
