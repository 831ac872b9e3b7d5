/* Golden screens: a walk, the size of a terminal, keys in; text out. With UI_GOLDEN=write in the
 * environment the golden files are written instead (look at the difference before committing it).
 */
#include "../../src/ui/view.h"
#include "edgewalk/base/text.h"
#include "uiwalk.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

struct screen {
    const char *name; /* of the golden file */
    const char *walk; /* fixture (hand-made), or a recorded walk: "walks/NAME" */
    int rows, cols;
    const char *keys; /* blank-separated names of keys; a text in quotes is typed */
    bool ascii, running;
};
static const struct screen screens[];
static const size_t screen_count;

static char *path_to(const char *folder, const char *name, const char *suffix)
{
    const char *top = getenv("top_srcdir");
    return ew_fmt("%s/tests/screen/%s/%s%s", top ? top : ".", *folder ? folder : ".", name, suffix);
}

static void press(struct ui_view *view, const char *keys)
{
    char *copy = ew_strdup(keys), *rest = copy;
    for (char *name; (name = strsep(&rest, " "));) {
        uint32_t key;
        if (*name == '"') {
            for (name++; *name && *name != '"'; name++)
                ui_view_key(view, (unsigned char)*name);
        } else if (*name) {
            ck_assert_msg(ui_key_parse(name, &key), "%s is no key", name);
            ui_view_key(view, key);
        }
    }
    free(copy);
}

static char *read_file(const char *path)
{
    struct ew_buf text;
    char part[4096];
    FILE *file = fopen(path, "r");
    if (!file)
        return ew_strdup("");
    ew_buf_init(&text, 0);
    for (size_t n; (n = fread(part, 1, sizeof(part), file)) > 0;)
        ew_buf_add(&text, part, n);
    fclose(file);
    return text.data ? ew_buf_take(&text) : ew_strdup("");
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_msg(file != NULL, "%s cannot be written", path);
    fputs(text, file);
    fclose(file);
}

static void compare(const char *name, const char *got)
{
    char *path = path_to("golden", name, ".txt");
    const char *mode = getenv("UI_GOLDEN");
    if (mode && strcmp(mode, "write") == 0)
        write_file(path, got);
    char *wanted = read_file(path);
    if (strcmp(wanted, got) != 0)
        fprintf(stderr, "%s: wanted\n%s\ngot\n%s\n", name, wanted, got);
    ck_assert_msg(strcmp(wanted, got) == 0, "%s differs from its golden file", name);
    free(wanted);
    free(path);
}

/* What is drawn in which style: a letter a cell. */
static bool is_of_styles(const struct screen *screen)
{
    return ew_text_suffix(screen->name, "-styles");
}

static void draw_verdict(const struct screen *screen, const char *url,
                         const struct ew_verdict *verdict, struct ew_buf *out)
{
    struct ui_subject subject = {
        .url = url, .verdict = verdict, .running = screen->running, .elapsed_ms = 1234};
    struct ui_view view;
    struct ui_canvas canvas;
    ui_view_init(&view, &subject, 1);
    view.ascii = screen->ascii;
    ui_view_resize(&view, screen->rows, screen->cols);
    ui_view_changed(&view, 0, !screen->running);
    ui_canvas_init(&canvas, screen->rows, screen->cols, screen->ascii);
    press(&view, screen->keys);
    ui_view_draw(&view, &canvas);
    (is_of_styles(screen) ? ui_canvas_styles : ui_canvas_text)(&canvas, out);
    ui_canvas_release(&canvas);
    ui_view_release(&view);
}

static void draw_fixture(const struct screen *screen, struct ew_buf *out)
{
    char *path = path_to("fixtures", screen->walk, ".yaml");
    struct uiwalk *walk = uiwalk_load(path);
    draw_verdict(screen, walk->url, &walk->verdict, out);
    uiwalk_free(walk);
    free(path);
}

/* A walk of a lab scenario (tests/screen/record.py), judged anew. */
static void draw_recorded(const struct screen *screen, struct ew_buf *out)
{
    char *path = path_to("", screen->walk, ".jsonl"), *line = read_file(path);
    struct ew_snapshot *snapshot = NULL;
    struct ew_err err = {0};
    ck_assert_msg(ew_snapshot_read(line, strlen(line), &snapshot, &err) == EW_OK, "%s: %s", path,
                  err.message);
    struct ew_verdict *verdict = ew_judge(snapshot);
    draw_verdict(screen, ew_json_get_str(ew_snapshot_target(snapshot), "url", "?"), verdict, out);
    ew_verdict_free(verdict);
    ew_snapshot_unref(snapshot);
    free(line);
    free(path);
}

static void draw(const struct screen *screen, struct ew_buf *out)
{
    if (strncmp(screen->walk, "walks/", 6) == 0)
        draw_recorded(screen, out);
    else
        draw_fixture(screen, out);
}

/* No row is wider than the screen, and nothing on it could steer a terminal. */
static void check_harmless(const struct screen *screen, const char *text)
{
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "\n");
        ck_assert_uint_le(ew_text_width(at, len), (size_t)screen->cols);
        for (size_t i = 0; i < len;) {
            uint32_t ch;
            size_t bytes = ew_text_decode(at + i, len - i, &ch);
            ck_assert_uint_gt(bytes, 0);
            ck_assert(ch >= ' ' && !(ch >= 0x7f && ch < 0xa0) && !(ch >= 0x200b && ch <= 0x200f) &&
                      !(ch >= 0x202a && ch <= 0x202e) && !(ch >= 0x2066 && ch <= 0x2069));
            i += bytes;
        }
        at += len + 1;
    }
}

START_TEST(screen_is_as_it_was)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    draw(&screens[_i], &text);
    check_harmless(&screens[_i], ew_buf_text(&text));
    compare(screens[_i].name, ew_buf_text(&text));
    ew_buf_release(&text);
}
END_TEST

static Suite *suite(void)
{
    Suite *made = suite_create("ui_screen");
    TCase *golden = tcase_create("golden");
    setenv("TZ", "UTC", 1);
    tcase_add_loop_test(golden, screen_is_as_it_was, 0, (int)screen_count);
    suite_add_tcase(made, golden);
    return made;
}

/* Every layer's details at two sizes, from the selected layer (endpoints) on. */
#define LAYER(layer, keys)                                                                         \
    {layer "-80x24", "crashloop", 24, 80, keys, false, false},                                     \
        {layer "-132x43", "crashloop", 43, 132, keys, false, false},

#define RECORDED(name) {"walk-" name "-80x24", "walks/" name, 24, 80, "", false, false},

static const struct screen screens[] = {
    {"endpoints-80x24-styles", "crashloop", 24, 80, "", false, false},
    {"cause-80x24-styles", "crashloop", 24, 80, "Enter Down", false, false},
    {"hostile-service-80x24", "hostile", 24, 80, "", false, false},
    {"hostile-dns-80x24", "hostile", 24, 80, "Home", false, false},
    {"hostile-tls-80x24", "hostile", 24, 80, "Home Down Down", false, false},
    {"hostile-http-80x24", "hostile", 24, 80, "Home Down Down Down Tab End", false, false},
    {"hostile-yaml-80x24", "hostile", 24, 80, "y", false, false},
    {"hostile-ascii-80x24", "hostile", 24, 80, "Home", true, false},
    RECORDED("dns-nxdomain") RECORDED("lb-address-pending") RECORDED("tcp-refused") RECORDED(
        "tls-cert-expired") RECORDED("tls-secret-missing") RECORDED("http-redirect-loop-proto")
        RECORDED("edge-listener-not-programmed") RECORDED("route-namespace-not-selected")
            RECORDED("svc-port-mismatch") RECORDED("ep-all-not-ready") RECORDED("pod-crashloop")
                RECORDED("app-5xx") RECORDED("healthy-canary") RECORDED("healthy-limited-rights"){
                    "walk-pod-crashloop-60x15", "walks/pod-crashloop", 15, 60, "", false, false},
    {"walk-svc-port-mismatch-paged-80x24", "walks/svc-port-mismatch", 24, 80, "Enter PgDn", false,
     false},
    {"walk-tls-secret-missing-cause-80x24", "walks/tls-secret-missing", 24, 80, "Enter", false,
     false},
    {"walk-healthy-limited-rights-cause-80x24", "walks/healthy-limited-rights", 24, 80, "Enter",
     false, false},
    {"walk-tls-cert-expired-60x15", "walks/tls-cert-expired", 15, 60, "", false, false},
    {"walk-pod-crashloop-cause-132x43", "walks/pod-crashloop", 43, 132, "Enter", false, false},
    LAYER("dns", "Home") LAYER("lb", "Home Down") LAYER("tls", "Home Down Down") LAYER(
        "http", "Home Down Down Down") LAYER("edge", "Up Up Up") LAYER("route", "Up Up")
        LAYER("service", "Up") LAYER("endpoints", "") LAYER("pod", "Down") LAYER("app", "Down Down")
            LAYER("api-access", "End") LAYER("cause", "Enter") LAYER("help", "?")
                LAYER("yaml", "y"){"faults-80x24", "crashloop", 24, 80, "! Tab", false, false},
    {"filter-80x24", "crashloop", 24, 80, "? / \"page\"", false, false},
    {"filtered-80x24", "crashloop", 24, 80, "? / \"page\" Enter", false, false},
    {"ascii-80x24", "crashloop", 24, 80, "Home Down Down", true, false},
    {"chain-60x15", "crashloop", 15, 60, "", false, false},
    {"detail-60x15", "crashloop", 15, 60, "Tab", false, false},
    {"small-59x15", "crashloop", 15, 59, "", false, false},
    {"tls-scrolled-80x24", "crashloop", 24, 80, "Home Down Down Tab End", false, false},
    {"held-80x24", "crashloop", 24, 80, "w Space Esc", false, true},
};
static const size_t screen_count = EW_COUNT(screens);
