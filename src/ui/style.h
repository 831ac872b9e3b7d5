/* Styles are named by what they mean. How each looks, in 256, 16 or no colours, on a dark or a
 * light background, is said here and nowhere else. */
#ifndef UI_STYLE_H
#define UI_STYLE_H

#include "edgewalk/base/err.h"

#include <stdbool.h>

/* id, name in the configuration file, letter in tests, meaning */
#define UI_STYLES(X)                                                                               \
    X(TEXT, "text", ' ', "ordinary text")                                                          \
    X(DIM, "dim", 'd', "less important text")                                                      \
    X(OK, "ok", 'o', "what is as it should be")                                                    \
    X(WARN, "warn", 'w', "warnings")                                                               \
    X(FAIL, "fail", 'f', "failures")                                                               \
    X(UNKNOWN, "unknown", 'u', "what could not be seen")                                           \
    X(ROOT, "root", 'R', "the root cause")                                                         \
    X(ECHO, "echo", 'e', "failures that the root explains")                                        \
    X(FRAME, "frame", '-', "lines between panes")                                                  \
    X(TITLE, "title", 't', "titles of panes")                                                      \
    X(FOCUS, "focus", 'T', "title of the pane that has the keys")                                  \
    X(HEAD, "head", 'h', "heads of tables and sections")                                           \
    X(NAME, "name", 'n', "names of objects and addresses")                                         \
    X(COMMAND, "command", 'c', "commands to copy and links")                                       \
    X(KEY, "key", 'k', "keys in hints and help")                                                   \
    X(BAR, "bar", 'b', "the line at the top")                                                      \
    X(NOTICE, "notice", '!', "what a key press did")

enum ui_style {
#define X(id, name, letter, meaning) UI_##id,
    UI_STYLES(X)
#undef X
        UI_STYLE_COUNT
};

char ui_style_letter(enum ui_style style);
const char *ui_style_name(enum ui_style style);
const char *ui_style_meaning(enum ui_style style);
/* False when there is no style of that name. */
bool ui_style_find(const char *name, enum ui_style *out);

enum ui_background { UI_BACKGROUND_UNKNOWN, UI_BACKGROUND_DARK, UI_BACKGROUND_LIGHT };

/* colours are numbers of the xterm palette of 256 (those below 16 exist on smaller terminals); -1
 * is the terminal's own. */
struct ui_look {
    short fg, bg;
    bool bold, dim, underline, reverse;
};
struct ui_theme {
    struct ui_look looks[UI_STYLE_COUNT];
};

/* The theme for a terminal of that many colours (0: none). */
void ui_theme_init(struct ui_theme *theme, int colours, enum ui_background background);
/* A look as written in the configuration: words of a colour (name or 0-255), "on COLOUR", bold,
 * dim, underline, reverse; colours a terminal has not are left as they were. EW_EUSAGE: what is
 * wrong. */
int ui_theme_set(struct ui_theme *theme, int colours, enum ui_style style, const char *text,
                 struct ew_err *err);

#endif
