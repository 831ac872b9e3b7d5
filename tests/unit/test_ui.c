/* The parts of the screen: canvas, styles, keys, pages, tables, and what each key does. */
#include "../../src/ui/view.h"
#include "edgewalk/base/text.h"
#include "edgewalk/ui.h"
#include "uiwalk.h"
#include "unit.h"

#include <string.h>

/* ---- canvas ---- */

static char *row_text(const struct ui_canvas *canvas, int row)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    ui_canvas_text(canvas, &text);
    char *all = ew_buf_take(&text), *at = all;
    for (int i = 0; i < row; i++)
        at = strchr(at, '\n') + 1;
    char *line = ew_strndup(at, strcspn(at, "\n"));
    free(all);
    return line;
}

static void check_row(const struct ui_canvas *canvas, int row, const char *wanted)
{
    char *line = row_text(canvas, row);
    ck_assert_str_eq(line, wanted);
    free(line);
}

START_TEST(text_ends_where_its_room_ends)
{
    struct ui_canvas canvas;
    ui_canvas_init(&canvas, 2, 10, false);
    ck_assert_int_eq(ui_canvas_put(&canvas, 0, 6, 100, UI_TEXT, "abcdefgh"), 4);
    ck_assert_int_eq(ui_canvas_put(&canvas, 5, 0, 10, UI_TEXT, "outside"), 0);
    ck_assert_int_eq(ui_canvas_put(&canvas, 0, 50, 10, UI_TEXT, "outside"), 0);
    check_row(&canvas, 0, "      abcd");
    ck_assert_int_eq(ui_canvas_put_cut(&canvas, 1, 0, 5, UI_TEXT, "abcdefgh"), 5);
    check_row(&canvas, 1, "abcd…");
    ui_canvas_release(&canvas);
}
END_TEST

START_TEST(wide_characters_take_two_cells_or_none)
{
    struct ui_canvas canvas;
    ui_canvas_init(&canvas, 1, 6, false);
    ck_assert_int_eq(ui_canvas_put(&canvas, 0, 0, 5, UI_TEXT, "日本語"), 4);
    check_row(&canvas, 0, "日本");
    ui_canvas_put(&canvas, 0, 1, 1, UI_TEXT, "x"); /* over the right half of the first */
    check_row(&canvas, 0, " x本");
    ui_canvas_put(&canvas, 0, 2, 1, UI_TEXT, "y"); /* over the left half of the second */
    check_row(&canvas, 0, " xy");
    ui_canvas_release(&canvas);
}
END_TEST

START_TEST(combining_characters_stay_with_theirs)
{
    struct ui_canvas canvas;
    ui_canvas_init(&canvas, 1, 6, false);
    ck_assert_int_eq(ui_canvas_put(&canvas, 0, 0, 6, UI_TEXT, "e\xcc\x81x"), 2);
    ck_assert_uint_eq(canvas.cells[0].marks[0], 0x301);
    ck_assert_uint_eq(canvas.cells[1].ch, 'x');
    ui_canvas_release(&canvas);
}
END_TEST

START_TEST(ascii_keeps_the_columns)
{
    struct ui_canvas canvas;
    ui_canvas_init(&canvas, 1, 20, true);
    ck_assert_int_eq(ui_canvas_put(&canvas, 0, 0, 20, UI_TEXT, "✓ → █ … 日é|"), 12);
    check_row(&canvas, 0, "+ > # ~ ???|");
    ui_canvas_release(&canvas);
}
END_TEST

START_TEST(styles_can_be_read_off)
{
    struct ui_canvas canvas;
    struct ew_buf text;
    ew_buf_init(&text, 0);
    ui_canvas_init(&canvas, 1, 6, false);
    ui_canvas_put(&canvas, 0, 0, 6, UI_FAIL, "ab");
    ui_canvas_put(&canvas, 0, 2, 6, UI_OK, "cd");
    ui_canvas_select(&canvas, 0, 3, 2);
    ui_canvas_styles(&canvas, &text);
    ck_assert_str_eq(ew_buf_text(&text), "ffo##\n");
    ew_buf_release(&text);
    ui_canvas_release(&canvas);
}
END_TEST

/* ---- styles ---- */

START_TEST(without_colours_meaning_stays)
{
    struct ui_theme theme;
    ui_theme_init(&theme, 0, UI_BACKGROUND_DARK);
    for (int i = 0; i < UI_STYLE_COUNT; i++) {
        ck_assert_int_eq(theme.looks[i].fg, -1);
        ck_assert_int_eq(theme.looks[i].bg, -1);
    }
    ck_assert(theme.looks[UI_FAIL].bold);
    ck_assert(theme.looks[UI_ROOT].reverse);
}
END_TEST

START_TEST(colours_fit_the_terminal)
{
    static const int counts[] = {8, 16, 256};
    for (size_t c = 0; c < EW_COUNT(counts); c++)
        for (int back = UI_BACKGROUND_UNKNOWN; back <= UI_BACKGROUND_LIGHT; back++) {
            struct ui_theme theme;
            ui_theme_init(&theme, counts[c], (enum ui_background)back);
            for (int i = 0; i < UI_STYLE_COUNT; i++)
                ck_assert_int_lt(theme.looks[i].fg, counts[c]);
        }
}
END_TEST

START_TEST(looks_are_read)
{
    struct ui_theme theme;
    struct ew_err err = {0};
    ui_theme_init(&theme, 256, UI_BACKGROUND_DARK);
    ck_assert_int_eq(ui_theme_set(&theme, 256, UI_FAIL, "bright-red on 17 bold", &err), EW_OK);
    ck_assert_int_eq(theme.looks[UI_FAIL].fg, 9);
    ck_assert_int_eq(theme.looks[UI_FAIL].bg, 17);
    ck_assert(theme.looks[UI_FAIL].bold && !theme.looks[UI_FAIL].reverse);
    ck_assert_int_eq(ui_theme_set(&theme, 8, UI_OK, "120 underline", &err), EW_OK);
    ck_assert_int_eq(theme.looks[UI_OK].fg, -1);
    ck_assert_int_eq(ui_theme_set(&theme, 256, UI_OK, "mauve", &err), EW_EUSAGE);
    ck_assert_ptr_nonnull(strstr(err.message, "mauve"));
}
END_TEST

/* ---- keys ---- */

START_TEST(keys_have_names)
{
    static const char *const names[] = {"r",   "Up",    "PgDn",  "F1", "F12",
                                        "C-l", "Space", "Enter", "é"};
    for (size_t i = 0; i < EW_COUNT(names); i++) {
        uint32_t key;
        struct ew_buf text;
        ew_buf_init(&text, 0);
        ck_assert_msg(ui_key_parse(names[i], &key), "%s", names[i]);
        ui_key_name(key, &text);
        ck_assert_str_eq(ew_buf_text(&text), names[i]);
        ew_buf_release(&text);
    }
    uint32_t key;
    ck_assert(!ui_key_parse("", &key));
    ck_assert(!ui_key_parse("Hyper", &key));
    ck_assert(!ui_key_parse("F13", &key));
    ck_assert(!ui_key_parse("\x01", &key));
}
END_TEST

START_TEST(no_key_has_two_meanings)
{
    struct ui_keymap map;
    ui_keymap_init(&map);
    for (int action = 0; action < UI_ACTION_COUNT; action++) {
        ck_assert_msg(map.keys[action][0], "%s has no key",
                      ui_action_row((enum ui_action)action)->name);
        for (size_t i = 0; i < UI_KEYS_PER_ACTION && map.keys[action][i]; i++)
            for (unsigned where = UI_IN_CHAIN; where <= UI_IN_OVERLAY; where <<= 1)
                if (ui_action_row((enum ui_action)action)->where & where)
                    ck_assert_int_eq((int)ui_keymap_find(&map, map.keys[action][i], where), action);
    }
}
END_TEST

START_TEST(a_key_given_away_is_taken_from_the_other)
{
    struct ui_keymap map;
    struct ew_err err = {0};
    ui_keymap_init(&map);
    ck_assert_int_eq(ui_keymap_set(&map, UI_DO_AGAIN, "F5 w", &err), EW_OK);
    ck_assert_int_eq((int)ui_keymap_find(&map, 'w', UI_IN_CHAIN), UI_DO_AGAIN);
    ck_assert_int_eq((int)ui_keymap_find(&map, 'r', UI_IN_CHAIN), UI_DO_NOTHING);
    ck_assert_uint_eq(map.keys[UI_DO_WATCH][0], 0);
    ck_assert_int_eq(ui_keymap_set(&map, UI_DO_QUIT, "a b c d e f g", &err), EW_EUSAGE);
    ck_assert_int_eq((int)ui_keymap_find(&map, 'q', UI_IN_CHAIN), UI_DO_QUIT);
}
END_TEST

START_TEST(the_door_shows_the_table)
{
    struct ew_ui_key key;
    size_t count = 0;
    while (ew_ui_key_at(count, &key)) {
        ck_assert(*key.action && *key.keys && *key.help);
        count++;
    }
    ck_assert_uint_eq(count, UI_ACTION_COUNT);
}
END_TEST

/* ---- pages ---- */

static char *line_text(const struct ui_line *line)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    for (size_t i = 0; i < line->count; i++)
        ew_buf_adds(&text, line->spans[i].text);
    return text.data ? ew_buf_take(&text) : ew_strdup("");
}

/* Escape sequences, bidi controls, zero width, broken UTF-8, C1, DEL and newlines. */
static const char hostile[] = "a\x1b[2J\x1b]0;x\a b\xe2\x80\xae"
                              "c\xe2\x80\x8b"
                              "d\xff\xc2\x9b"
                              "e\x7f\n\tf";

static void check_harmless(const struct ui_page *page, int cols)
{
    for (size_t i = 0; i < page->count; i++) {
        char *text = line_text(&page->lines[i]);
        ck_assert_int_eq((int)ew_text_width(text, strlen(text)), page->lines[i].cols);
        for (const char *at = text; *at;) {
            uint32_t ch;
            size_t len = ew_text_decode(at, strlen(at), &ch);
            ck_assert_uint_gt(len, 0);
            ck_assert(ch >= 0x20 && !(ch >= 0x7f && ch < 0xa0) && ch != 0x202e && ch != 0x200b);
            at += len;
        }
        if (cols)
            ck_assert_int_le(page->lines[i].cols, cols);
        free(text);
    }
}

START_TEST(hostile_text_is_harmless_on_a_page)
{
    struct ui_page *page = ui_page_new(20);
    struct ui_table table;
    ui_page_title(page, "%s", hostile);
    ui_page_line(page);
    ui_page_add(page, UI_TEXT, "%s", hostile);
    ui_page_section(page, "%s", hostile);
    ui_page_text(page, UI_TEXT, hostile, strlen(hostile));
    check_harmless(page, 0);
    ui_page_free(page);
    page = ui_page_new(24);
    ui_page_wrap(page, UI_TEXT, "  ", hostile);
    ui_page_pair(page, "name", UI_TEXT, "%s", hostile);
    ui_table_init(&table, page, "A B");
    ui_table_row(&table);
    ui_table_add(&table, UI_TEXT, "%s", hostile);
    ui_table_add(&table, UI_TEXT, "%s", hostile);
    ui_table_end(&table);
    check_harmless(page, 24);
    ui_page_free(page);
}
END_TEST

START_TEST(text_is_broken_between_words)
{
    struct ui_page *page = ui_page_new(20);
    static const char *const wanted[] = {"> the quick brown", "  fox jumps"};
    ui_page_wrap(page, UI_TEXT, "> ", "the quick brown fox jumps overthelazydoganditssleep");
    ck_assert_uint_eq(page->count, 4);
    for (size_t i = 0; i < EW_COUNT(wanted); i++) {
        char *text = line_text(&page->lines[i]);
        ck_assert_str_eq(text, wanted[i]);
        free(text);
    }
    check_harmless(page, 20);
    ui_page_free(page);
}
END_TEST

START_TEST(wide_text_is_broken_within_its_room)
{
    struct ui_page *page = ui_page_new(11);
    ui_page_wrap(page, UI_TEXT, " ", "日本語日本語日本語日本語");
    ck_assert_uint_eq(page->count, 3);
    check_harmless(page, 11);
    ui_page_free(page);
}
END_TEST

static void fill_table(struct ui_page *page)
{
    struct ui_table table;
    ui_table_init(&table, page, "NAME PORT< AGE- WHY+");
    ui_table_row(&table)->fault = true;
    ui_table_add(&table, UI_TEXT, "orders-api-with-a-long-name");
    ui_table_add(&table, UI_TEXT, "80");
    ui_table_add(&table, UI_TEXT, "3 days");
    ui_table_add(&table, UI_FAIL, "it is not ready and never was");
    ui_table_end(&table);
}

static void check_line(const struct ui_page *page, size_t line, const char *wanted)
{
    ck_assert_uint_lt(line, page->count);
    char *text = line_text(&page->lines[line]);
    ck_assert_str_eq(text, wanted);
    free(text);
}

START_TEST(a_table_gives_way_by_rank)
{
    struct ui_page *wide = ui_page_new(80), *narrow = ui_page_new(40), *slim = ui_page_new(24);
    fill_table(wide);
    fill_table(narrow);
    fill_table(slim);
    ck_assert_uint_eq(wide->count, 2);
    check_line(wide, 1, "orders-api-with-a-long-name    80  3 days  it is not ready and never was");
    check_line(narrow, 0, "NAME                         PORT");
    check_line(narrow, 2, "    it is not ready and never was");
    check_line(slim, 1, "orders-api-with-a…    80");
    ck_assert(slim->lines[1].fault);
    check_harmless(slim, 24);
    ui_page_free(wide);
    ui_page_free(narrow);
    ui_page_free(slim);
}
END_TEST

START_TEST(names_keep_their_ends)
{
    struct ui_page *page = ui_page_new(30);
    struct ui_table table;
    ui_table_init(&table, page, "POD~ STATE");
    ui_table_row(&table);
    ui_table_add(&table, UI_TEXT, "orders-api-5f7b9d6c4d-tz5nn");
    ui_table_add(&table, UI_TEXT, "Running");
    ui_table_end(&table);
    check_line(page, 1, "orders-api…6c4d-tz5nn  Running");
    ui_page_free(page);
}
END_TEST

START_TEST(heads_stay_while_something_below_stays)
{
    struct ui_page *page = ui_page_new(80);
    ui_page_section(page, "one");
    ui_page_line(page);
    ui_page_add(page, UI_TEXT, "fine");
    ui_page_section(page, "two");
    fill_table(page);
    ck_assert(!ui_page_shows(page, 0, true, NULL));
    ck_assert(!ui_page_shows(page, 1, true, NULL));
    ck_assert(ui_page_shows(page, 3, true, NULL));
    ck_assert(ui_page_shows(page, 4, true, NULL));
    ck_assert(ui_page_shows(page, 5, true, NULL));
    ck_assert(ui_page_shows(page, 1, false, "FINE"));
    ck_assert(!ui_page_shows(page, 5, false, "fine"));
    ck_assert(ui_page_shows(page, 5, false, NULL));
    ui_page_free(page);
}
END_TEST

START_TEST(a_little_is_not_nothing_in_a_bar)
{
    static const struct {
        double share;
        const char *wanted;
    } bars[] = {{0, "░░░░"}, {0.01, "█░░░"}, {0.5, "██░░"}, {1, "████"}, {7, "████"}, {-1, "░░░░"}};
    for (size_t i = 0; i < EW_COUNT(bars); i++) {
        struct ui_page *page = ui_page_new(20);
        ui_page_line(page);
        ui_page_bar(page, UI_OK, 4, bars[i].share);
        check_line(page, 0, bars[i].wanted);
        ui_page_free(page);
    }
}
END_TEST

/* ---- what keys do ---- */

struct stage {
    struct uiwalk *walks[2];
    struct ui_subject subjects[2];
    struct ui_view view;
};

static struct stage stage;

static void set_stage(void)
{
    const char *top = getenv("top_srcdir");
    for (size_t i = 0; i < 2; i++) {
        char *path = ew_fmt("%s/tests/screen/fixtures/crashloop.yaml", top ? top : ".");
        stage.walks[i] = uiwalk_load(path);
        stage.subjects[i] =
            (struct ui_subject){.url = stage.walks[i]->url, .verdict = &stage.walks[i]->verdict};
        free(path);
    }
    ui_view_init(&stage.view, stage.subjects, 2);
    ui_view_resize(&stage.view, 24, 80);
    ui_view_changed(&stage.view, 0, true);
}

static void strike_stage(void)
{
    ui_view_release(&stage.view);
    uiwalk_free(stage.walks[0]);
    uiwalk_free(stage.walks[1]);
}

static unsigned press(const char *name)
{
    uint32_t key;
    ck_assert(ui_key_parse(name, &key));
    return ui_view_key(&stage.view, key);
}

START_TEST(the_first_failing_layer_is_selected)
{
    ck_assert_int_eq(stage.view.layer, EW_LAYER_ENDPOINTS);
    press("Up");
    ui_view_changed(&stage.view, 0, true); /* another walk: the user's choice stays */
    ck_assert_int_eq(stage.view.layer, EW_LAYER_SERVICE);
}
END_TEST

START_TEST(keys_move_in_the_chain)
{
    static const struct {
        const char *key;
        enum ew_layer layer;
    } steps[] = {
        {"Down", EW_LAYER_POD},       {"j", EW_LAYER_APP},           {"Up", EW_LAYER_POD},
        {"k", EW_LAYER_ENDPOINTS},    {"Home", EW_LAYER_DNS},        {"Up", EW_LAYER_DNS},
        {"End", EW_LAYER_API_ACCESS}, {"g", EW_LAYER_DNS},           {"G", EW_LAYER_API_ACCESS},
        {"PgUp", EW_LAYER_DNS},       {"PgDn", EW_LAYER_API_ACCESS},
    };
    for (size_t i = 0; i < EW_COUNT(steps); i++) {
        ck_assert(press(steps[i].key) & UI_WANT_DRAW);
        ck_assert_msg(stage.view.layer == steps[i].layer, "%s in step %zu leads to %d",
                      steps[i].key, i, (int)stage.view.layer);
    }
}
END_TEST

START_TEST(focus_changes_pane)
{
    press("Tab");
    ck_assert_int_eq(stage.view.focus, UI_PANE_DETAIL);
    press("Down");
    ck_assert_uint_eq(stage.view.scroll[UI_PANE_DETAIL].cursor, 1);
    ck_assert_int_eq(stage.view.layer, EW_LAYER_ENDPOINTS);
    press("End");
    ck_assert_uint_gt(stage.view.scroll[UI_PANE_DETAIL].cursor, 10);
    press("Left");
    ck_assert_int_eq(stage.view.focus, UI_PANE_CHAIN);
    press("Right");
    ck_assert_int_eq(stage.view.focus, UI_PANE_DETAIL);
    press("Esc");
    ck_assert_int_eq(stage.view.focus, UI_PANE_CHAIN);
}
END_TEST

START_TEST(enter_leads_to_the_cause)
{
    press("Enter");
    ck_assert_int_eq(stage.view.layer, EW_LAYER_POD);
    ck_assert_int_eq(stage.view.focus, UI_PANE_DETAIL);
    ck_assert_str_eq(ui_view_cursor(&stage.view, UI_PANE_DETAIL)->finding, "f3");
}
END_TEST

START_TEST(copying_takes_the_next_step_or_the_line)
{
    ck_assert(press("c") & UI_WANT_COPY);
    ck_assert_str_eq(stage.view.wanted, "kubectl logs -n commerce orders-api-7f9c-x2 --previous");
    press("Tab");
    while (!ui_view_cursor(&stage.view, UI_PANE_DETAIL)->command)
        press("Down");
    ck_assert(press("c") & UI_WANT_COPY);
    ck_assert_ptr_nonnull(strstr(stage.view.wanted, "kubectl get endpointslices"));
}
END_TEST

START_TEST(what_is_copied_is_one_harmless_line)
{
    const char *top = getenv("top_srcdir");
    char *path = ew_fmt("%s/tests/screen/fixtures/hostile.yaml", top ? top : ".");
    struct uiwalk *walk = uiwalk_load(path);
    stage.subjects[0].verdict = &walk->verdict;
    ui_view_stale(&stage.view);
    ck_assert(press("c") & UI_WANT_COPY);
    ck_assert_ptr_nonnull(strstr(stage.view.wanted, "kubectl get service"));
    ck_assert_ptr_null(strpbrk(stage.view.wanted, "\x1b\r\n"));
    uiwalk_free(walk);
    free(path);
}
END_TEST

START_TEST(the_runbook_is_of_the_cause)
{
    ck_assert(press("o") & UI_WANT_OPEN);
    ck_assert_str_eq(stage.view.wanted, "pod-crashloop");
    ui_view_explain(&stage.view, stage.view.wanted, "https://wiki.example.com/#pod-crashloop");
    ck_assert_int_eq(stage.view.over, UI_OVER_EXPLAIN);
    ck_assert_uint_gt(ui_view_page(&stage.view, UI_PANE_OVERLAY)->count, 5);
    ck_assert_int_eq((int)press("q"), UI_WANT_DRAW); /* closes it, does not leave */
    ck_assert_int_eq(stage.view.over, UI_OVER_NONE);
}
END_TEST

START_TEST(yaml_of_the_line_or_the_layer)
{
    press("y");
    ck_assert_int_eq(stage.view.over, UI_OVER_YAML);
    ck_assert_str_eq(stage.view.yaml_name, "orders-api");
    press("y");
    ck_assert_int_eq(stage.view.over, UI_OVER_NONE);
    press("Tab");
    press("End");
    while (ui_view_cursor(&stage.view, UI_PANE_DETAIL)->kind != EW_POD)
        press("Up");
    ck_assert_str_eq(ui_view_cursor(&stage.view, UI_PANE_DETAIL)->name, "orders-api-7f9c-w4");
    press("y"); /* that pod was not read: the next object that was */
    ck_assert_str_eq(stage.view.yaml_name, "orders-next");
    press("y");
    press("Up");
    press("y");
    ck_assert_str_eq(stage.view.yaml_name, "orders-api-7f9c-k9");
    ck_assert_int_eq(stage.view.yaml_kind, EW_POD);
}
END_TEST

START_TEST(switches_say_what_they_want)
{
    ck_assert(press("r") & UI_WANT_AGAIN);
    ck_assert(press("w") & UI_WANT_WATCH);
    ck_assert(stage.view.watching);
    press("w");
    ck_assert(!stage.view.watching);
    ck_assert(press("Space") & UI_WANT_PAUSE);
    ck_assert(stage.view.paused);
    press("!");
    ck_assert(stage.view.faults);
    ck_assert(press("C-l") & UI_WANT_REDRAW);
    ck_assert_int_eq((int)press("q"), UI_WANT_QUIT);
    ck_assert_int_eq((int)press("Q"), UI_WANT_QUIT | UI_WANT_REPORT);
}
END_TEST

START_TEST(targets_are_switched)
{
    press("]");
    ck_assert_uint_eq(stage.view.current, 1);
    ck_assert_int_eq(stage.view.layer, EW_LAYER_ENDPOINTS);
    press("]");
    ck_assert_uint_eq(stage.view.current, 0);
    press("[");
    ck_assert_uint_eq(stage.view.current, 1);
}
END_TEST

START_TEST(a_filter_is_typed_and_cleared)
{
    size_t count;
    press("?");
    ck_assert_int_eq(stage.view.over, UI_OVER_HELP);
    press("/");
    press("q"); /* a letter now, not a command */
    press("u");
    press("x");
    press("Backspace");
    press("Enter");
    ck_assert_str_eq(stage.view.filter, "qu");
    free(ui_view_lines(&stage.view, UI_PANE_OVERLAY, &count));
    ck_assert_uint_lt(count, ui_view_page(&stage.view, UI_PANE_OVERLAY)->count);
    press("Esc");
    ck_assert_str_eq(stage.view.filter, "");
    ck_assert_int_eq(stage.view.over, UI_OVER_HELP);
    press("F1");
    ck_assert_int_eq(stage.view.over, UI_OVER_NONE);
}
END_TEST

START_TEST(a_filter_has_a_bound)
{
    press("/");
    for (int i = 0; i < 200; i++)
        press("é");
    ck_assert_uint_lt(strlen(stage.view.filter), sizeof(stage.view.filter));
    ck_assert_uint_eq(strlen(stage.view.filter) % 2, 0);
    press("Backspace");
    ck_assert_uint_eq(strlen(stage.view.filter) % 2, 0);
}
END_TEST

START_TEST(the_mouse_selects_and_scrolls)
{
    struct ui_canvas canvas;
    ui_canvas_init(&canvas, 24, 80, false);
    ui_view_draw(&stage.view, &canvas);
    ui_view_mouse(&stage.view, UI_MOUSE_CLICK, 2, 5);
    ck_assert_int_eq(stage.view.layer, EW_LAYER_DNS);
    ui_view_mouse(&stage.view, UI_MOUSE_CLICK, 4, 5);
    ck_assert_int_eq(stage.view.layer, EW_LAYER_TLS);
    ui_view_mouse(&stage.view, UI_MOUSE_DOWN, 4, 60);
    ck_assert_int_eq(stage.view.focus, UI_PANE_DETAIL);
    ck_assert_uint_eq(stage.view.scroll[UI_PANE_DETAIL].cursor, 3);
    ck_assert_int_eq((int)ui_view_mouse(&stage.view, UI_MOUSE_CLICK, 0, 0), 0);
    ui_canvas_release(&canvas);
}
END_TEST

/* Whatever the size, drawing stays inside, and every key can be pressed on it. */
START_TEST(any_size_and_any_key)
{
    struct ui_canvas canvas;
    struct ui_keymap map;
    ui_keymap_init(&map);
    ui_canvas_init(&canvas, 1, 1, false);
    for (int rows = 1; rows < 60; rows += 7)
        for (int cols = 1; cols < 220; cols += 19)
            for (int action = 0; action < UI_ACTION_COUNT; action++) {
                ui_canvas_resize(&canvas, rows, cols);
                ui_view_resize(&stage.view, rows, cols);
                ui_view_key(&stage.view, map.keys[action][0]);
                ui_view_key(&stage.view, UI_K_ESC);
                ui_view_draw(&stage.view, &canvas);
            }
    ck_assert_int_eq(canvas.rows, 57);
    ui_canvas_release(&canvas);
}
END_TEST

static Suite *suite(void)
{
    Suite *made = suite_create("ui");
    TCase *drawn = tcase_create("canvas"), *table = tcase_create("tables");
    TCase *pages = tcase_create("pages"), *keys = tcase_create("keys");
    tcase_add_test(drawn, text_ends_where_its_room_ends);
    tcase_add_test(drawn, wide_characters_take_two_cells_or_none);
    tcase_add_test(drawn, combining_characters_stay_with_theirs);
    tcase_add_test(drawn, ascii_keeps_the_columns);
    tcase_add_test(drawn, styles_can_be_read_off);
    tcase_add_test(table, without_colours_meaning_stays);
    tcase_add_test(table, colours_fit_the_terminal);
    tcase_add_test(table, looks_are_read);
    tcase_add_test(table, keys_have_names);
    tcase_add_test(table, no_key_has_two_meanings);
    tcase_add_test(table, a_key_given_away_is_taken_from_the_other);
    tcase_add_test(table, the_door_shows_the_table);
    tcase_add_test(pages, hostile_text_is_harmless_on_a_page);
    tcase_add_test(pages, text_is_broken_between_words);
    tcase_add_test(pages, wide_text_is_broken_within_its_room);
    tcase_add_test(pages, a_table_gives_way_by_rank);
    tcase_add_test(pages, names_keep_their_ends);
    tcase_add_test(pages, heads_stay_while_something_below_stays);
    tcase_add_test(pages, a_little_is_not_nothing_in_a_bar);
    tcase_add_checked_fixture(keys, set_stage, strike_stage);
    tcase_add_test(keys, the_first_failing_layer_is_selected);
    tcase_add_test(keys, keys_move_in_the_chain);
    tcase_add_test(keys, focus_changes_pane);
    tcase_add_test(keys, enter_leads_to_the_cause);
    tcase_add_test(keys, copying_takes_the_next_step_or_the_line);
    tcase_add_test(keys, what_is_copied_is_one_harmless_line);
    tcase_add_test(keys, the_runbook_is_of_the_cause);
    tcase_add_test(keys, yaml_of_the_line_or_the_layer);
    tcase_add_test(keys, switches_say_what_they_want);
    tcase_add_test(keys, targets_are_switched);
    tcase_add_test(keys, a_filter_is_typed_and_cleared);
    tcase_add_test(keys, a_filter_has_a_bound);
    tcase_add_test(keys, the_mouse_selects_and_scrolls);
    tcase_add_test(keys, any_size_and_any_key);
    suite_add_tcase(made, drawn);
    suite_add_tcase(made, table);
    suite_add_tcase(made, pages);
    suite_add_tcase(made, keys);
    return made;
}
