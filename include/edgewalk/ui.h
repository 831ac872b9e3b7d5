/* The terminal UI: shows verdicts, decides nothing. It drives walks only through the callbacks
 * given here, so that it knows neither the walk nor the report. */
#ifndef EDGEWALK_UI_H
#define EDGEWALK_UI_H

#include "edgewalk/io.h"
#include "edgewalk/judge.h"

/* Called by whoever runs a walk, from the loop, after its verdict changed and once when it is
 * finished. */
typedef void ew_ui_changed_fn(void *ui, void *walk);

/* How the UI drives walks. ctx is passed to start only; what start returns, to the others. */
struct ew_ui_driver {
    void *ctx;
    const char *const *targets; /* URLs as shown, target_count of them */
    size_t target_count;
    /* NULL, with err, when the walk cannot be started. Never calls changed before it returns. */
    void *(*start)(void *ctx, size_t target, ew_ui_changed_fn *changed, void *ui,
                   struct ew_err *err);
    /* Valid until changed is called for it or it is freed; never NULL. */
    const struct ew_verdict *(*verdict)(void *walk);
    bool (*finished)(void *walk);
    void (*cancel)(void *walk); /* stops it now; the verdict stays; no changed after it */
    void (*free)(void *walk);
    /* The runbook link of a cause; the caller's; NULL: there is none. */
    char *(*runbook)(void *ctx, const char *cause);
};

struct ew_ui_option { /* an entry of the configuration file: its name, what it is set to */
    const char *name, *value;
};

struct ew_ui_options {
    bool colour;            /* false: attributes only (NO_COLOR) */
    bool utf8;              /* false: ASCII only */
    const char *background; /* "dark", "light"; NULL: as $COLORFGBG says */
    bool mouse;
    int watch_ms;                     /* between two walks of w; 0: 10 s */
    bool watch;                       /* walks again from the start on */
    const struct ew_ui_option *keys;  /* action, keys; checked by ew_ui_check */
    const struct ew_ui_option *theme; /* style, look */
    size_t key_count, theme_count;
};

struct ew_ui_end {
    void **walks; /* one a target, the caller's to free by the driver, as the array; the last that
                   * finished, or else the one that was broken off; NULL: it never started */
    bool report;  /* the report was asked for (Q) */
    int signo;    /* that ended it (SIGINT, SIGTERM, SIGHUP); 0: left by a key */
};

/* Takes the terminal (stdin and stdout must be one), walks all targets, runs the loop until the
 * user leaves, and gives the terminal back as it was, on every way out. EW_EUSAGE: too little of a
 * terminal (TERM), or a walk that cannot start; *end is written also then. */
int ew_ui_run(struct ew_loop *loop, const struct ew_ui_driver *driver,
              const struct ew_ui_options *options, struct ew_ui_end *end, struct ew_err *err);

/* Whether stdin and stdout are a terminal that can be drawn on. */
bool ew_ui_possible(void);

/* Whether names and values of keys and theme are right; which one is wrong is in *bad (an index
 * into keys, or key_count + an index into theme). */
int ew_ui_check(const struct ew_ui_options *options, size_t *bad, struct ew_err *err);

/* The tables of keys and styles, for the manual and the configuration template. */
struct ew_ui_key {
    const char *action, *keys, *help;
};
bool ew_ui_key_at(size_t index, struct ew_ui_key *out); /* false after the last */
/* name, what it means; false after the last */
bool ew_ui_style_at(size_t index, const char **name, const char **meaning);

#endif
