/* Keys: one table of actions with the keys that start them, from which the key handler, the hints,
 * the help pane, the manual and the configuration file are made. */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include "edgewalk/base/buf.h"
#include "edgewalk/base/err.h"

/* A key as the terminal gives it: a Unicode character, or one of these beyond Unicode. */
enum ui_key {
    UI_K_NONE = 0x200000,
    UI_K_UP,
    UI_K_DOWN,
    UI_K_LEFT,
    UI_K_RIGHT,
    UI_K_PAGE_UP,
    UI_K_PAGE_DOWN,
    UI_K_HOME,
    UI_K_END,
    UI_K_BACKSPACE,
    UI_K_DELETE,
    UI_K_BACKTAB,
    UI_K_F1, /* … F12 = UI_K_F1 + 11 */
};
enum { UI_K_TAB = 9, UI_K_ENTER = 10, UI_K_ESC = 27 };

/* Where an action is valid. */
enum {
    UI_IN_CHAIN = 1,
    UI_IN_DETAIL = 2,
    UI_IN_OVERLAY = 4, /* help, YAML, explanation */
    UI_IN_MAIN = UI_IN_CHAIN | UI_IN_DETAIL,
    UI_IN_ALL = UI_IN_MAIN | UI_IN_OVERLAY,
};

/* id, name in the configuration, keys (blank-separated), where, hint (short, "" for none), help */
#define UI_ACTIONS(X)                                                                              \
    X(HELP, "help", "? F1", UI_IN_ALL, "help", "this help, made from the table of keys")           \
    X(CAUSE, "cause", "Enter", UI_IN_MAIN, "to the cause",                                         \
      "go where the cause is (on a finding that another explains: to that one)")                   \
    X(AGAIN, "again", "r", UI_IN_ALL, "again", "walk again")                                       \
    X(COPY, "copy", "c", UI_IN_ALL, "copy",                                                        \
      "copy the command of this line, else of the next step, to the clipboard (OSC 52)")           \
    X(RUNBOOK, "runbook", "o", UI_IN_MAIN, "runbook",                                              \
      "open the runbook of the cause in $BROWSER; without one show its link and explanation")      \
    X(YAML, "yaml", "y", UI_IN_ALL, "yaml",                                                        \
      "the YAML of the object of this line, or of the next line that has one")                     \
    X(WATCH, "watch", "w", UI_IN_ALL, "watch", "walk again every few seconds, and stop doing so")  \
    X(PAUSE, "pause", "Space", UI_IN_ALL, "pause", "hold what is shown, and let it go on")         \
    X(FILTER, "filter", "/", UI_IN_ALL, "filter", "show only lines with this text; empty: all")    \
    X(FAULTS, "faults", "!", UI_IN_MAIN, "faults", "show only what is not as it should be")        \
    X(FOCUS_NEXT, "next-pane", "Tab Backtab", UI_IN_MAIN, "pane", "to the other pane")             \
    X(UP, "up", "Up k", UI_IN_ALL, "", "one line up")                                              \
    X(DOWN, "down", "Down j", UI_IN_ALL, "", "one line down")                                      \
    X(LEFT, "left", "Left h", UI_IN_MAIN, "", "to the chain")                                      \
    X(RIGHT, "right", "Right l", UI_IN_MAIN, "", "to the details")                                 \
    X(PAGE_UP, "page-up", "PgUp C-b", UI_IN_ALL, "", "one page up")                                \
    X(PAGE_DOWN, "page-down", "PgDn C-f", UI_IN_ALL, "", "one page down")                          \
    X(HOME, "home", "Home g", UI_IN_ALL, "", "to the first line")                                  \
    X(END, "end", "End G", UI_IN_ALL, "", "to the last line")                                      \
    X(PREV_TARGET, "previous-target", "[", UI_IN_ALL, "", "the target before")                     \
    X(NEXT_TARGET, "next-target", "]", UI_IN_ALL, "", "the target after")                          \
    X(CLOSE, "close", "Esc", UI_IN_ALL, "", "close what lies over the panes; end a filter")        \
    X(REDRAW, "redraw", "C-l", UI_IN_ALL, "", "draw the whole screen anew")                        \
    X(REPORT, "report", "Q", UI_IN_ALL, "", "leave, and print the report")                         \
    X(QUIT, "quit", "q", UI_IN_ALL, "quit", "leave (what lies over the panes is closed first)")

enum ui_action {
#define X(id, name, keys, where, hint, help) UI_DO_##id,
    UI_ACTIONS(X)
#undef X
        UI_ACTION_COUNT,
    UI_DO_NOTHING = UI_ACTION_COUNT
};

struct ui_action_row {
    const char *name, *keys, *hint, *help;
    unsigned where;
};
const struct ui_action_row *ui_action_row(enum ui_action action);
bool ui_action_find(const char *name, enum ui_action *out);

/* The keys in force: the table's, or the configuration's for some. */
enum { UI_KEYS_PER_ACTION = 6 };
struct ui_keymap {
    uint32_t keys[UI_ACTION_COUNT][UI_KEYS_PER_ACTION]; /* 0: none */
};
void ui_keymap_init(struct ui_keymap *map);
/* Gives an action these keys (blank-separated names) and no others; a key that another action had
 * is taken from it. EW_EUSAGE for a name that is no key, or too many. */
int ui_keymap_set(struct ui_keymap *map, enum ui_action action, const char *keys,
                  struct ew_err *err);
enum ui_action ui_keymap_find(const struct ui_keymap *map, uint32_t key, unsigned where);

/* "Up", "PgDn", "F5", "Space", "C-l", "r"; false when the name is no key. */
bool ui_key_parse(const char *name, uint32_t *out);
void ui_key_name(uint32_t key, struct ew_buf *out);
/* All keys of an action, blank-separated. */
void ui_keymap_names(const struct ui_keymap *map, enum ui_action action, struct ew_buf *out);

#endif
