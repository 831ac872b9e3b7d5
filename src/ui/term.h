/* The terminal: ncursesw behind a few calls. Nobody else includes its headers. There is one
 * terminal; it is given back as it was on every way out, also when the program dies by a signal. */
#ifndef UI_TERM_H
#define UI_TERM_H

#include "canvas.h"
#include "view.h"

struct ui_term;

struct ui_term_options {
    bool colour, mouse;
    enum ui_background background;
};

/* EW_EUSAGE when stdin and stdout are no terminal, or TERM names none that can be used. */
int ui_term_open(const struct ui_term_options *options, struct ui_term **out, struct ew_err *err);
void ui_term_close(struct ui_term *term); /* NULL is allowed */
void ui_term_size(struct ui_term *term, int *rows, int *cols);
int ui_term_colours(const struct ui_term *term); /* 0: none */
/* The looks to draw with; taken over at once. */
void ui_term_theme(struct ui_term *term, const struct ui_theme *theme);
/* Shows the canvas: only cells that changed since the last time are sent. */
void ui_term_show(struct ui_term *term, const struct ui_canvas *canvas);
void ui_term_redraw(struct ui_term *term); /* the next show sends everything */
/* The size has changed (SIGWINCH): asks for it, and tells it to ncurses. */
void ui_term_resized(struct ui_term *term);
/* Gives the terminal back, stops the program (SIGTSTP), and takes it again when it goes on. */
void ui_term_suspend(struct ui_term *term);
/* The program goes on after somebody else stopped it (SIGCONT). */
void ui_term_resumed(struct ui_term *term);

enum ui_event_kind { UI_EVENT_NONE, UI_EVENT_KEY, UI_EVENT_MOUSE, UI_EVENT_END };
struct ui_event {
    enum ui_event_kind kind;
    uint32_t key;
    enum ui_mouse mouse;
    int row, col;
};
/* The next event without waiting; NONE: nothing more now; END: the terminal is gone. */
struct ui_event ui_term_event(struct ui_term *term);
/* Puts text on the clipboard of the terminal by OSC 52; false when it is too long for one. */
bool ui_term_copy(struct ui_term *term, const char *text);

#endif
