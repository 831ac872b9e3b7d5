#include "unit.h"

#include "cli/cli.h"

#include <string.h>

enum { MAX_WORDS = 12 };

/* Splits at blanks; the words live in `store`. */
static int split(const char *line, char store[256], char *argv[MAX_WORDS])
{
    int argc = 0;
    strcpy(store, line);
    for (char *word = strtok(store, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    argv[argc] = NULL;
    return argc;
}

static int settings(const char *line, struct ew_cli_walk *walk, struct ew_err *err)
{
    static char store[256];
    static char *argv[MAX_WORDS];
    struct ew_cli cli;
    int argc = split(line, store, argv);
    int code = ew_cli_parse(&cli, argc, argv, err);
    if (code == EW_OK)
        code = ew_cli_walk_options(&cli, walk, err);
    /* the walk options point to argv, not to the cli, but for the lists: those are not looked at */
    ew_cli_release(&cli);
    return code;
}

START_TEST(reads_options)
{
    struct ew_cli_walk walk = {0};
    struct ew_err err = {0};
    ck_assert_int_eq(settings("edgewalk --expect=200,401-403 -m 1m --connect-timeout 300ms -6 "
                              "--resolve x.example:443:192.0.2.1,[::1] x.example",
                              &walk, &err),
                     EW_OK);
    ck_assert_uint_eq(walk.options.expect_count, 2);
    ck_assert_int_eq(walk.expect[1][0], 401);
    ck_assert_int_eq(walk.expect[1][1], 403);
    ck_assert_int_eq(walk.options.max_time_ms, 60000);
    ck_assert_int_eq(walk.options.connect_timeout_ms, 300);
    ck_assert_int_eq(walk.options.family, 6);
    ck_assert_uint_eq(walk.pins[0].count, 2);
    ck_assert_str_eq(walk.pins[0].addresses[1], "::1");
    ew_cli_walk_release(&walk);
}
END_TEST

static const struct {
    const char *line, *says;
} wrong[] = {
    {"edgewalk --kubeconf x", "did you mean --kubeconfig"},
    {"edgewalk -Z x", "unknown option -Z"},
    {"edgewalk x --token", "needs TOKEN"},
    {"edgewalk --no-probe=1 x", "takes no value"},
    {"edgewalk -4 -6 x", "do not go together"},
    {"edgewalk --no-api --no-probe x", "nothing would be left"},
    {"edgewalk -f a --context c x", "do not go together"},
    {"edgewalk --expect 20 x", "HTTP codes"},
    {"edgewalk --expect 300-200 x", "HTTP codes"},
    {"edgewalk --resolve x.example x", "HOST:PORT:ADDR"},
    {"edgewalk --resolve x:1:nonsense x", "HOST:PORT:ADDR"},
    {"edgewalk -m never x", "a time such as"},
    {"edgewalk -H novalue x", "NAME: VALUE"},
    {"edgewalk -X G(T x", "not an HTTP method"},
    {"edgewalk --gateway nope x", "NAMESPACE/NAME"},
    {"edgewalk lab --expect 200", "not one of \"edgewalk lab\""},
};

START_TEST(says_what_would_be_right)
{
    struct ew_cli_walk walk = {0};
    struct ew_err err = {0};
    ck_assert_int_eq(settings(wrong[_i].line, &walk, &err), EW_EUSAGE);
    ck_assert_msg(strstr(err.message, wrong[_i].says) != NULL, "%s", err.message);
    ck_assert_ptr_null(strchr(err.message, '\n'));
    ew_cli_walk_release(&walk);
}
END_TEST

START_TEST(table_is_in_order_and_without_doubles)
{
    for (int id = 0; id < OPT_COUNT; id++) {
        const struct ew_option *option = ew_option_at((enum ew_opt)id);
        ck_assert_int_eq(option->id, id);
        ck_assert(option->help && *option->help && option->verbs);
        for (int other = 0; other < id; other++) {
            const struct ew_option *before = ew_option_at((enum ew_opt)other);
            ck_assert_str_ne(option->name, before->name);
            ck_assert(!option->letter || option->letter != before->letter);
        }
    }
}
END_TEST

START_TEST(usage_names_every_option_of_its_verb_and_no_other)
{
    for (size_t v = 0; ew_verb_at(v); v++) {
        struct ew_buf text;
        ew_buf_init(&text, 0);
        ew_cli_usage(ew_verb_at(v), &text);
        for (int id = 0; id < OPT_COUNT; id++) {
            const struct ew_option *option = ew_option_at((enum ew_opt)id);
            char *shown = ew_fmt("--%s%s", option->name,
                                 !option->arg                     ? ""
                                 : ew_option_arg_optional(option) ? "[="
                                                                  : " ");
            bool there = strstr(text.data, shown) != NULL;
            bool belongs = option->verbs & ew_verb_at(v)->bit;
            /* a flag's name can begin another's: only its presence is asked then */
            ck_assert_msg(there || !belongs, "%s lacks --%s", ew_verb_at(v)->name, option->name);
            ck_assert_msg(belongs || !option->arg || !there, "%s shows --%s", ew_verb_at(v)->name,
                          option->name);
            free(shown);
        }
        for (const char *line = text.data; line; line = strchr(line, '\n')) {
            line += *line == '\n';
            ck_assert_uint_le(strcspn(line, "\n"), 80);
        }
        ew_buf_release(&text);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("cli");
    TCase *c = tcase_create("cli");
    tcase_add_test(c, reads_options);
    tcase_add_loop_test(c, says_what_would_be_right, 0, (int)EW_COUNT(wrong));
    tcase_add_test(c, table_is_in_order_and_without_doubles);
    tcase_add_test(c, usage_names_every_option_of_its_verb_and_no_other);
    suite_add_tcase(s, c);
    return s;
}
