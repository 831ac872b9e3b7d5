/* What one person looks at: the selected layer, the pane with the keys, what lies over the panes,
 * and how it is drawn. Knows neither the terminal nor the loop: keys come in, consequences go out,
 * and the screen is drawn to a canvas. */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include "detail.h"
#include "keys.h"

/* A target as the view sees it. The verdict is read only while building pages. */
struct ui_subject {
    const char *url;
    const struct ew_verdict *verdict; /* NULL: no walk has begun */
    const char *error;                /* why no walk could be started; NULL */
    bool running;                     /* a walk is under way (shown or behind what is shown) */
    double elapsed_ms;                /* of the walk under way */
};

/* Consequences of a key, as a mask. */
enum {
    UI_WANT_DRAW = 1,
    UI_WANT_QUIT = 2,
    UI_WANT_REPORT = 4,  /* with QUIT */
    UI_WANT_AGAIN = 8,   /* walk the current target again */
    UI_WANT_WATCH = 16,  /* watching was switched */
    UI_WANT_PAUSE = 32,  /* pausing was switched */
    UI_WANT_COPY = 64,   /* view->wanted to the clipboard */
    UI_WANT_OPEN = 128,  /* the runbook of view->wanted (a cause) */
    UI_WANT_REDRAW = 256 /* everything, whatever the terminal shows */
};

enum ui_pane_id { UI_PANE_CHAIN, UI_PANE_DETAIL, UI_PANE_OVERLAY, UI_PANE_COUNT };
enum ui_overlay { UI_OVER_NONE, UI_OVER_HELP, UI_OVER_YAML, UI_OVER_EXPLAIN };

struct ui_view;

/* A pane is a row of the table in panes.c. */
struct ui_pane {
    const char *name;
    unsigned where; /* UI_IN_… for the table of keys */
    int min_cols, min_rows;
    struct ui_page *(*build)(const struct ui_view *view, int cols);
    void (*draw)(struct ui_view *view, struct ui_canvas *canvas, struct ui_rect area);
    unsigned (*act)(struct ui_view *view, enum ui_action action);
};
const struct ui_pane *ui_pane_row(enum ui_pane_id pane);

struct ui_scroll {
    size_t top, cursor; /* among the lines that are shown */
};

struct ui_view {
    const struct ui_subject *subjects;
    size_t count, current;
    struct ui_keymap keymap;
    int rows, cols;
    bool ascii;

    enum ui_pane_id focus; /* CHAIN or DETAIL; an overlay lies over both */
    enum ui_overlay over;
    enum ew_layer layer; /* selected */
    bool steered;        /* the user chose the layer: it is not chosen for them any more */
    struct ui_scroll scroll[UI_PANE_COUNT];
    struct ui_page *pages[UI_PANE_COUNT]; /* NULL: to be built */
    struct ui_rect areas[UI_PANE_COUNT];  /* where they were drawn; rows 0: nowhere */

    bool faults, paused, watching;
    int watch_ms;
    bool typing; /* a filter is being typed */
    char filter[64];
    unsigned spinner;
    struct ew_buf notice; /* what the last key did; shown until the next */

    char *wanted;              /* text of UI_WANT_COPY, cause of UI_WANT_OPEN; NULL */
    char *explained, *runbook; /* of UI_OVER_EXPLAIN */
    enum ew_kind yaml_kind;    /* of UI_OVER_YAML */
    char *yaml_ns, *yaml_name;
};

void ui_view_init(struct ui_view *view, const struct ui_subject *subjects, size_t count);
void ui_view_release(struct ui_view *view);
void ui_view_resize(struct ui_view *view, int rows, int cols);
/* A verdict changed: pages are built anew. When the walk is done, or its verdict stands already,
 * the layer that failed first is selected, unless the user steers. */
void ui_view_changed(struct ui_view *view, size_t subject, bool done);
unsigned ui_view_key(struct ui_view *view, uint32_t key);
enum ui_mouse { UI_MOUSE_CLICK, UI_MOUSE_UP, UI_MOUSE_DOWN };
unsigned ui_view_mouse(struct ui_view *view, enum ui_mouse what, int row, int col);
/* The spinner turned: what shows it is drawn anew. */
void ui_view_spun(struct ui_view *view);
void ui_view_notice(struct ui_view *view, const char *format, ...) EW_PRINTF(2, 3);
/* Shows the explanation of a cause over the panes; runbook: its link or NULL. */
void ui_view_explain(struct ui_view *view, const char *cause, const char *runbook);
void ui_view_draw(struct ui_view *view, struct ui_canvas *canvas);

/* ---- between view.c, act.c, panes.c and draw.c ---- */
/* Does what is not a pane's own; the mask of consequences. */
unsigned ui_view_act(struct ui_view *view, enum ui_action action);
unsigned ui_view_focus(struct ui_view *view, enum ui_pane_id pane);
/* The layer that failed first, unless the user steers. */
void ui_view_select_for_user(struct ui_view *view);
const struct ui_subject *ui_view_subject(const struct ui_view *view);
enum ui_pane_id ui_view_pane(const struct ui_view *view); /* that has the keys */
void ui_view_stale(struct ui_view *view);                 /* all pages are to be built */
void ui_view_select(struct ui_view *view, enum ew_layer layer);
/* Lines of a pane that are shown, as indexes into its page; the array is the caller's. */
size_t *ui_view_lines(struct ui_view *view, enum ui_pane_id pane, size_t *count);
/* The line under the cursor, valid until the page is stale; NULL: there is none. */
const struct ui_line *ui_view_cursor(struct ui_view *view, enum ui_pane_id pane);
/* The page of a pane, built if it is stale; its width is that of the area last drawn. */
const struct ui_page *ui_view_page(struct ui_view *view, enum ui_pane_id pane);
const char *ui_view_spinner(const struct ui_view *view); /* one column */
/* Moves the text of a pane, and the cursor with it. */
unsigned ui_view_wheel(struct ui_view *view, enum ui_pane_id pane, long by);
/* Where the panes stand on this screen; false: it is too small. */
bool ui_view_layout(struct ui_view *view);
/* Height of the verdict bar on this screen. */
int ui_verdict_rows(const struct ui_view *view);
void ui_verdict_draw(struct ui_view *view, struct ui_canvas *canvas, struct ui_rect area);
/* The finding that Enter leads to: the named one, else the first that is no mere information (what
 * could not be read); NULL: none. */
const struct ew_finding *ui_verdict_leading(const struct ew_verdict *verdict);
/* The command of its next step, NULL when there is none. */
const char *ui_verdict_command(const struct ew_verdict *verdict);
struct ui_page *ui_help_page(const struct ui_view *view, int cols);
struct ui_page *ui_chain_page(const struct ui_view *view, int cols);

#endif
