#include "style.h"

#include "edgewalk/base/text.h"
#include "edgewalk/ui.h"

#include <stdlib.h>
#include <string.h>

struct style_row {
    const char *name, *meaning;
    char letter;
};

static const struct style_row rows[UI_STYLE_COUNT];
static const char *const colour_names[16];

/* One row a style: fg on a dark, a light and an unknown background in the palette of 256, then in
 * 16 colours, then what holds without any. Where the background is unknown, middle tones stay
 * legible on both. */
struct look_row {
    short dark, light, either, basic;
    bool bold, dim, underline, reverse; /* with colours */
    bool mono_bold, mono_dim, mono_underline, mono_reverse;
};
static const struct look_row looks[UI_STYLE_COUNT];

char ui_style_letter(enum ui_style style)
{
    return rows[style].letter;
}

const char *ui_style_name(enum ui_style style)
{
    return rows[style].name;
}

const char *ui_style_meaning(enum ui_style style)
{
    return rows[style].meaning;
}

bool ui_style_find(const char *name, enum ui_style *out)
{
    for (int i = 0; i < UI_STYLE_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0) {
            *out = (enum ui_style)i;
            return true;
        }
    return false;
}

bool ew_ui_style_at(size_t index, const char **name, const char **meaning)
{
    if (index >= UI_STYLE_COUNT)
        return false;
    *name = rows[index].name;
    *meaning = rows[index].meaning;
    return true;
}

static short colour_of(const struct look_row *row, int colours, enum ui_background background)
{
    if (colours < 8)
        return -1;
    if (colours < 16)
        return row->basic >= 8 ? (short)(row->basic - 8) : row->basic;
    if (colours < 256)
        return row->basic;
    return background == UI_BACKGROUND_DARK    ? row->dark
           : background == UI_BACKGROUND_LIGHT ? row->light
                                               : row->either;
}

void ui_theme_init(struct ui_theme *theme, int colours, enum ui_background background)
{
    for (int i = 0; i < UI_STYLE_COUNT; i++) {
        const struct look_row *row = &looks[i];
        bool mono = colours < 8;
        theme->looks[i] = (struct ui_look){
            .fg = colour_of(row, colours, background),
            .bg = -1,
            .bold = mono ? row->mono_bold : row->bold,
            .dim = mono ? row->mono_dim : row->dim,
            .underline = mono ? row->mono_underline : row->underline,
            .reverse = mono ? row->mono_reverse : row->reverse,
        };
    }
}

static bool parse_colour(const char *word, short *out)
{
    long number;
    if (strcmp(word, "default") == 0) {
        *out = -1;
        return true;
    }
    for (size_t i = 0; i < EW_COUNT(colour_names); i++)
        if (strcmp(word, colour_names[i]) == 0) {
            *out = (short)i;
            return true;
        }
    if (!ew_text_number(word, 0, 255, &number))
        return false;
    *out = (short)number;
    return true;
}

static bool parse_attribute(const char *word, struct ui_look *look)
{
    const struct {
        const char *name;
        bool *flag;
    } attributes[] = {{"bold", &look->bold},
                      {"dim", &look->dim},
                      {"underline", &look->underline},
                      {"reverse", &look->reverse}};
    for (size_t i = 0; i < EW_COUNT(attributes); i++)
        if (strcmp(word, attributes[i].name) == 0)
            return *attributes[i].flag = true;
    return false;
}

int ui_theme_set(struct ui_theme *theme, int colours, enum ui_style style, const char *text,
                 struct ew_err *err)
{
    struct ui_look look = {.fg = -1, .bg = -1};
    char *copy = ew_strdup(text), *rest = copy;
    bool on = false;
    for (char *word; (word = strsep(&rest, " "));) {
        short colour;
        if (!*word)
            continue;
        if (strcmp(word, "on") == 0) {
            on = true;
        } else if (parse_colour(word, &colour)) {
            *(on ? &look.bg : &look.fg) = colour < colours ? colour : -1;
            on = false;
        } else if (!parse_attribute(word, &look)) {
            ew_fail(err, EW_EUSAGE,
                    "\"%s\": a colour (red, bright-red, 0 to 255, default), \"on\" COLOUR, bold, "
                    "dim, underline or reverse",
                    word);
            free(copy);
            return EW_EUSAGE;
        }
    }
    free(copy);
    theme->looks[style] = look;
    return EW_OK;
}

static const struct look_row looks[UI_STYLE_COUNT] = {
    [UI_TEXT] = {.dark = -1, .light = -1, .either = -1, .basic = -1},
    [UI_DIM] = {.dark = 246, .light = 242, .either = 244, .basic = -1, .mono_dim = true},
    [UI_OK] = {.dark = 114, .light = 28, .either = 71, .basic = 2},
    [UI_WARN] =
        {.dark = 221, .light = 130, .either = 172, .basic = 3, .bold = true, .mono_bold = true},
    [UI_FAIL] =
        {.dark = 210, .light = 160, .either = 203, .basic = 1, .bold = true, .mono_bold = true},
    [UI_UNKNOWN] = {.dark = 180, .light = 94, .either = 137, .basic = 5},
    [UI_ROOT] = {.dark = 203,
                 .light = 160,
                 .either = 196,
                 .basic = 1,
                 .bold = true,
                 .reverse = true,
                 .mono_bold = true,
                 .mono_reverse = true},
    [UI_ECHO] = {.dark = 174, .light = 131, .either = 167, .basic = 1, .mono_dim = true},
    [UI_FRAME] = {.dark = 240, .light = 250, .either = 244, .basic = -1, .mono_dim = true},
    [UI_TITLE] = {.dark = 250, .light = 238, .either = 245, .basic = -1},
    [UI_FOCUS] = {.dark = 117,
                  .light = 25,
                  .either = 32,
                  .basic = 6,
                  .bold = true,
                  .mono_bold = true,
                  .mono_underline = true},
    [UI_HEAD] =
        {.dark = 146, .light = 60, .either = 103, .basic = 4, .bold = true, .mono_bold = true},
    [UI_NAME] = {.dark = 153, .light = 24, .either = 67, .basic = 6},
    [UI_COMMAND] = {.dark = 222, .light = 94, .either = 136, .basic = 3},
    [UI_KEY] =
        {.dark = 117, .light = 25, .either = 32, .basic = 6, .bold = true, .mono_bold = true},
    [UI_BAR] =
        {.dark = -1, .light = -1, .either = -1, .basic = -1, .bold = true, .mono_bold = true},
    [UI_NOTICE] =
        {.dark = 222, .light = 94, .either = 136, .basic = 3, .bold = true, .mono_reverse = true},
};

static const char *const colour_names[16] = {
    "black",        "red",           "green",       "yellow",         "blue",
    "magenta",      "cyan",          "white",       "bright-black",   "bright-red",
    "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white",
};

static const struct style_row rows[UI_STYLE_COUNT] = {
#define X(id, name, letter, meaning) [UI_##id] = {name, meaning, letter},
    UI_STYLES(X)
#undef X
};
