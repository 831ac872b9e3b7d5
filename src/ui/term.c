#include "term.h"

#include <curses.h>
#include <term.h>

#include "edgewalk/base/text.h"
#include "edgewalk/ui.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* xterm and those after it take at least this much in one OSC 52. */
enum { COPY_MAX = 74000, ESCAPE_MS = 25 };

struct ui_term {
    SCREEN *screen;
    int colours;
    bool mouse, all; /* all: send every cell */
    attr_t attributes[UI_STYLE_COUNT];
    short pairs[UI_STYLE_COUNT];
    struct ui_canvas shown;
};

/* What a fatal signal needs to give the terminal back, ready beforehand: in a handler only write
 * and tcsetattr may be called (signal-safety(7)). */
static struct {
    struct termios before;
    char leave[256];
    size_t leave_len;
    volatile sig_atomic_t active;
} rescue;

static const int fatal[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT};
static char fatal_stack[32 * 1024]; /* the ordinary one may be what ran over */

static void on_fatal(int signo)
{
    if (rescue.active) {
        ssize_t sent = write(STDOUT_FILENO, rescue.leave, rescue.leave_len);
        (void)sent;
        tcsetattr(STDIN_FILENO, TCSANOW, &rescue.before);
    }
    signal(signo, SIG_DFL);
    raise(signo);
}

static void add_leave(const char *capability)
{
    const char *text = tigetstr((char *)capability);
    size_t len = text && text != (char *)-1 ? strlen(text) : 0;
    if (rescue.leave_len + len < sizeof(rescue.leave)) {
        memcpy(rescue.leave + rescue.leave_len, text ? text : "", len);
        rescue.leave_len += len;
    }
}

static void prepare_rescue(bool mouse)
{
    static const char mouse_off[] = "\033[?1000l\033[?1006l";
    rescue.leave_len = 0;
    if (mouse) {
        memcpy(rescue.leave, mouse_off, sizeof(mouse_off) - 1);
        rescue.leave_len = sizeof(mouse_off) - 1;
    }
    add_leave("sgr0");
    add_leave("cnorm");
    add_leave("rmkx");
    add_leave("rmcup");
    rescue.active = 1;
    stack_t stack = {.ss_sp = fatal_stack, .ss_size = sizeof(fatal_stack)};
    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < EW_COUNT(fatal); i++) {
        struct sigaction action;
        memset(&action, 0, sizeof(action));
        action.sa_handler = on_fatal;
        action.sa_flags = (int)SA_RESETHAND | SA_ONSTACK;
        sigaction(fatal[i], &action, NULL);
    }
}

static void forget_rescue(void)
{
    rescue.active = 0;
    for (size_t i = 0; i < EW_COUNT(fatal); i++)
        signal(fatal[i], SIG_DFL);
}

/* ---- opening and closing ---- */

static int colours_of(bool wanted)
{
    if (!wanted || !has_colors() || start_color() != OK)
        return 0;
    use_default_colors();
    return COLORS;
}

static void set_modes(struct ui_term *term)
{
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    intrflush(stdscr, FALSE);
    typeahead(-1); /* a frame is always sent whole */
    meta(stdscr, TRUE);
    curs_set(0);
    leaveok(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    if (term->mouse) {
        mouseinterval(0);
        mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
    }
}

/* Whether a terminal can be drawn on: its cursor can be put anywhere. */
static bool is_known(const char *name)
{
    int rc;
    if (setupterm((char *)name, STDOUT_FILENO, &rc) != OK)
        return false;
    const char *move = tigetstr((char *)"cup");
    bool known = move && move != (char *)-1;
    del_curterm(cur_term);
    return known;
}

enum { NAME_MAX_LEN = 64 };

/* The name of a terminal, or of its next kin, that this system knows: over ssh a new terminal often
 * meets an old terminfo ("xterm-kitty" is then drawn on as "xterm"). */
static bool known_name(const char *term, char out[NAME_MAX_LEN])
{
    if (!term || !*term || strcmp(term, "dumb") == 0 || strlen(term) >= NAME_MAX_LEN)
        return false;
    memcpy(out, term, strlen(term) + 1);
    for (char *dash = out; dash; dash = strrchr(out, '-')) {
        if (dash != out)
            *dash = '\0';
        if (is_known(out))
            return true;
    }
    memcpy(out, "screen", sizeof("screen"));
    return ew_text_prefix(term, "tmux") && is_known(out);
}

bool ew_ui_possible(void)
{
    char name[NAME_MAX_LEN];
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && known_name(getenv("TERM"), name);
}

int ui_term_open(const struct ui_term_options *options, struct ui_term **out, struct ew_err *err)
{
    const char *name = getenv("TERM");
    char known[NAME_MAX_LEN];
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return ew_fail(err, EW_EUSAGE, "stdin and stdout must be a terminal (or use -o text)");
    if (!name || !*name || strcmp(name, "dumb") == 0)
        return ew_fail(err, EW_EUSAGE, "TERM is %s: no terminal to draw on (use -o text)",
                       name && *name ? name : "not set");
    tcgetattr(STDIN_FILENO, &rescue.before);
    set_escdelay(ESCAPE_MS);
    SCREEN *screen = known_name(name, known) ? newterm(known, stdout, stdin) : NULL;
    if (!screen)
        return ew_fail(err, EW_EUSAGE, "TERM is %s, which this system does not know (use -o text)",
                       name);
    struct ui_term *term = ew_alloc(sizeof(*term));
    term->screen = screen;
    term->mouse = options->mouse;
    term->all = true;
    term->colours = colours_of(options->colour);
    set_modes(term);
    prepare_rescue(term->mouse);
    ui_canvas_init(&term->shown, 1, 1, false);
    struct ui_theme theme;
    ui_theme_init(&theme, term->colours, options->background);
    ui_term_theme(term, &theme);
    *out = term;
    return EW_OK;
}

void ui_term_close(struct ui_term *term)
{
    if (!term)
        return;
    endwin();
    forget_rescue();
    delscreen(term->screen);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &rescue.before);
    ui_canvas_release(&term->shown);
    free(term);
}

void ui_term_size(struct ui_term *term, int *rows, int *cols)
{
    (void)term;
    getmaxyx(stdscr, *rows, *cols);
}

int ui_term_colours(const struct ui_term *term)
{
    return term->colours;
}

void ui_term_theme(struct ui_term *term, const struct ui_theme *theme)
{
    for (int i = 0; i < UI_STYLE_COUNT; i++) {
        const struct ui_look *look = &theme->looks[i];
        term->pairs[i] = 0;
        if (term->colours && (look->fg >= 0 || look->bg >= 0)) {
            init_pair((short)(i + 1), look->fg, look->bg);
            term->pairs[i] = (short)(i + 1);
        }
        term->attributes[i] = (look->bold ? A_BOLD : 0) | (look->dim ? A_DIM : 0) |
                              (look->underline ? A_UNDERLINE : 0) | (look->reverse ? A_REVERSE : 0);
    }
    term->all = true;
}

/* ---- drawing ---- */

static void send_cell(struct ui_term *term, int row, int col, const struct ui_cell *cell)
{
    wchar_t text[CCHARW_MAX + 1] = {(wchar_t)cell->ch};
    cchar_t glyph;
    attr_t attributes = term->attributes[cell->style];
    for (size_t i = 0; i < EW_COUNT(cell->marks) && cell->marks[i]; i++)
        text[i + 1] = (wchar_t)cell->marks[i];
    if (cell->selected)
        attributes ^= A_REVERSE;
    if (setcchar(&glyph, text, attributes, term->pairs[cell->style], NULL) == OK)
        mvadd_wch(row, col, &glyph);
}

void ui_term_show(struct ui_term *term, const struct ui_canvas *canvas)
{
    struct ui_canvas *shown = &term->shown;
    bool all = term->all || shown->rows != canvas->rows || shown->cols != canvas->cols;
    if (all) {
        ui_canvas_resize(shown, canvas->rows, canvas->cols);
        erase();
        clearok(stdscr, TRUE);
    }
    size_t count = (size_t)canvas->rows * (size_t)canvas->cols;
    for (size_t i = 0; i < count; i++) {
        const struct ui_cell *cell = &canvas->cells[i];
        if (!all && ui_cell_equal(cell, &shown->cells[i]))
            continue;
        shown->cells[i] = *cell;
        if (cell->ch)
            send_cell(term, (int)(i / (size_t)canvas->cols), (int)(i % (size_t)canvas->cols), cell);
    }
    term->all = false;
    refresh();
}

void ui_term_redraw(struct ui_term *term)
{
    term->all = true;
}

void ui_term_resized(struct ui_term *term)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
        resizeterm(size.ws_row, size.ws_col);
    term->all = true;
}

void ui_term_suspend(struct ui_term *term)
{
    def_prog_mode();
    endwin();
    rescue.active = 0;
    kill(getpid(), SIGSTOP);
    ui_term_resumed(term);
}

void ui_term_resumed(struct ui_term *term)
{
    rescue.active = 1;
    reset_prog_mode();
    ui_term_resized(term);
}

/* ---- events ---- */

static const struct {
    int code;
    uint32_t key;
} codes[] = {
    {KEY_UP, UI_K_UP},       {KEY_DOWN, UI_K_DOWN},     {KEY_LEFT, UI_K_LEFT},
    {KEY_RIGHT, UI_K_RIGHT}, {KEY_PPAGE, UI_K_PAGE_UP}, {KEY_NPAGE, UI_K_PAGE_DOWN},
    {KEY_HOME, UI_K_HOME},   {KEY_END, UI_K_END},       {KEY_BACKSPACE, UI_K_BACKSPACE},
    {KEY_DC, UI_K_DELETE},   {KEY_BTAB, UI_K_BACKTAB},  {KEY_ENTER, UI_K_ENTER},
};

static uint32_t key_of_code(int code)
{
    for (size_t i = 0; i < EW_COUNT(codes); i++)
        if (codes[i].code == code)
            return codes[i].key;
    if (code >= KEY_F(1) && code <= KEY_F(12))
        return UI_K_F1 + (uint32_t)(code - KEY_F(1));
    return UI_K_NONE;
}

static struct ui_event mouse_event(void)
{
    MEVENT mouse;
    struct ui_event event = {.kind = UI_EVENT_KEY, .key = UI_K_NONE};
    if (getmouse(&mouse) != OK)
        return event;
    event = (struct ui_event){UI_EVENT_MOUSE, UI_K_NONE, UI_MOUSE_CLICK, mouse.y, mouse.x};
    if (mouse.bstate & BUTTON4_PRESSED)
        event.mouse = UI_MOUSE_UP;
    else if (mouse.bstate & BUTTON5_PRESSED)
        event.mouse = UI_MOUSE_DOWN;
    else if (!(mouse.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)))
        event = (struct ui_event){.kind = UI_EVENT_KEY, .key = UI_K_NONE};
    return event;
}

/* Nothing to read although it is readable: the other side has hung up. */
static bool is_gone(void)
{
    int waiting = 0;
    struct termios now;
    return tcgetattr(STDIN_FILENO, &now) != 0 || ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0;
}

struct ui_event ui_term_event(struct ui_term *term)
{
    wint_t ch = 0;
    int rc = get_wch(&ch);
    (void)term;
    if (rc == ERR)
        return (struct ui_event){.kind = is_gone() ? UI_EVENT_END : UI_EVENT_NONE};
    if (rc == KEY_CODE_YES && ch == KEY_MOUSE)
        return mouse_event();
    if (rc == KEY_CODE_YES)
        return (struct ui_event){.kind = UI_EVENT_KEY, .key = key_of_code((int)ch)};
    return (struct ui_event){.kind = UI_EVENT_KEY,
                             .key = ch == '\r' ? (uint32_t)UI_K_ENTER : (uint32_t)ch};
}

bool ui_term_copy(struct ui_term *term, const char *text)
{
    char *code = ew_base64_encode((const unsigned char *)text, strlen(text));
    bool fits = strlen(code) <= COPY_MAX;
    (void)term;
    if (fits) {
        fprintf(stdout, "\033]52;c;%s\a", code);
        fflush(stdout);
    }
    free(code);
    return fits;
}
