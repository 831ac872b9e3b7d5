/* The configuration file: what it says is in force, what is wrong is said with its line. */
#include "../../src/cli/config.h"
#include "unit.h"

#include "edgewalk/report.h"

#include <string.h>

static int parse(struct ew_cli_config *config, const char *text, struct ew_err *err)
{
    return ew_cli_config_parse(config, "config.yaml", text, strlen(text), err);
}

START_TEST(values_are_taken)
{
    struct ew_cli_config config;
    struct ew_err err = {0};
    const char *text = "deadline: 45\nconnect-timeout: 300ms\nwatch: 1m\nmouse: false\n"
                       "background: light\nrunbook-url: https://wiki.example.com/edge\n"
                       "keys:\n  again: \"F5 R\"\ntheme:\n  fail: bold 196\n";
    ck_assert_msg(parse(&config, text, &err) == EW_OK, "%s", err.message);
    ck_assert_int_eq(config.deadline_ms, 45000);
    ck_assert_int_eq(config.connect_timeout_ms, 300);
    ck_assert_int_eq(config.request_timeout_ms, 0);
    ck_assert_int_eq(config.watch_ms, 60000);
    ck_assert(!config.mouse);
    ck_assert_str_eq(config.background, "light");
    ck_assert_str_eq(config.runbook_url, "https://wiki.example.com/edge");
    ck_assert_uint_eq(config.key_count, 1);
    ck_assert_str_eq(config.keys[0].name, "again");
    ck_assert_str_eq(config.theme[0].value, "bold 196");
    ew_cli_config_release(&config);
}
END_TEST

START_TEST(judges_are_told)
{
    struct ew_cli_config config;
    struct ew_err err = {0};
    struct ew_walk_options options = {0};
    const char *text =
        "dns-timeout: 1.5s\ntls-timeout: 9\nthresholds:\n  certificate-expires: 30d\n"
        "  restarts: 5\nowner-keys: [team, example.com/owned-by]\n";
    ck_assert_msg(parse(&config, text, &err) == EW_OK, "%s", err.message);
    ew_cli_config_apply(&config, &options);
    ck_assert_int_eq(options.dns_timeout_ms, 1500);
    ck_assert_int_eq(options.tls_timeout_ms, 9000);
    ck_assert_double_eq(options.thresholds[EW_CERTIFICATE_EXPIRES], 30 * 86400e3);
    ck_assert_double_eq(options.thresholds[EW_RESTARTS], 5);
    ck_assert_double_eq(options.thresholds[EW_ADDRESS_PENDING], 0);
    ck_assert_str_eq(options.owner_keys[0], "team");
    ck_assert_str_eq(options.owner_keys[1], "example.com/owned-by");
    ck_assert_ptr_null(options.owner_keys[2]);
    ew_cli_config_release(&config);
}
END_TEST

START_TEST(a_cause_has_a_link_of_its_own)
{
    struct ew_cli_config config;
    ck_assert_int_eq(parse(&config, "runbooks:\n  ep-none: https://wiki.example.com/none\n", NULL),
                     EW_OK);
    struct ew_report_options options = {.runbook_base = "https://b", .runbooks = config.runbooks};
    char *own = ew_report_link(&options, "ep-none"),
         *other = ew_report_link(&options, "tcp-refused");
    ck_assert_str_eq(own, "https://wiki.example.com/none");
    ck_assert_str_eq(other, "https://b#tcp-refused");
    free(own);
    free(other);
    ew_cli_config_release(&config);
}
END_TEST

START_TEST(the_command_line_goes_before_it)
{
    struct ew_cli_config config;
    struct ew_walk_options options = {.connect_timeout_ms = 1000};
    ck_assert_int_eq(parse(&config, "deadline: 45\nconnect-timeout: 9\n", NULL), EW_OK);
    ew_cli_config_apply(&config, &options);
    ck_assert_int_eq(options.deadline_ms, 45000);
    ck_assert_int_eq(options.connect_timeout_ms, 1000);
    ew_cli_config_release(&config);
}
END_TEST

static const struct {
    const char *text, *message; /* how the message begins */
} wrong[] = {
    {"deadlin: 3\n", "config.yaml:1: there is no key \"deadlin\": did you mean \"deadline\"?"},
    {"mouse: true\nsomething-else: 1\n", "config.yaml:2: there is no key \"something-else\""},
    {"deadline: soon\n", "config.yaml:1: deadline: a time such as"},
    {"\n\nmouse: perhaps\n", "config.yaml:3: mouse: true or false"},
    {"background: pink\n", "config.yaml:1: background: dark, light or auto"},
    {"keys:\n  again: r\n  fly: x\n", "config.yaml:3: there is no action \"fly\""},
    {"keys:\n  again: Hyper-r\n", "config.yaml:2: \"Hyper-r\" is no key"},
    {"keys: none\n", "config.yaml:1: keys: a map"},
    {"theme:\n  fail: blue on on\n  warn: loud\n", "config.yaml:3: \"loud\": a colour"},
    {"theme:\n  shout: red\n", "config.yaml:2: there is no style \"shout\""},
    {"runbooks:\n  ep-none: x\n  pod-crash: x\n",
     "config.yaml:3: runbooks: no cause \"pod-crash\""},
    {"runbooks: x\n", "config.yaml:1: runbooks: a map"},
    {"thresholds: 3\n", "config.yaml:1: thresholds: a map"},
    {"thresholds:\n  restarts: 3\n  restart: 3\n",
     "config.yaml:3: there is no threshold \"restart\": did you mean \"restarts\"?"},
    {"thresholds:\n  restarts: 0\n", "config.yaml:2: restarts: a number from 1 to 1000"},
    {"thresholds:\n  restarts: 2.5\n", "config.yaml:2: restarts: a number from 1 to 1000"},
    {"thresholds:\n  address-pending: long\n",
     "config.yaml:2: address-pending: a time from 1s to 1d"},
    {"thresholds:\n  certificate-expires: 11y\n",
     "config.yaml:2: certificate-expires: a time from 1m to 3650d"},
    {"thresholds:\n  certificate-expires: [1]\n", "config.yaml:2: certificate-expires: a time"},
    {"owner-keys: team\n", "config.yaml:1: owner-keys: a list"},
    {"owner-keys:\n- team\n- two words\n",
     "config.yaml:3: owner-keys: \"two words\" is no key of a label: [PREFIX/]NAME"},
    {"owner-keys: [/x]\n", "config.yaml:1: owner-keys: \"/x\" is no key"},
    {"owner-keys: [a/b/c]\n", "config.yaml:1: owner-keys: \"a/b/c\" is no key"},
    {"owner-keys: [-x]\n", "config.yaml:1: owner-keys: \"-x\" is no key"},
    {"owner-keys: [5]\n", "config.yaml:1: owner-keys: \"\" is no key"},
    {"tls-timeout: never\n", "config.yaml:1: tls-timeout: a time such as"},
    {"- a\n", "config.yaml:1: a map of keys"},
    {"a: b\n---\nc: d\n", "config.yaml:1: there is no key \"a\""},
};

START_TEST(what_is_wrong_is_said)
{
    struct ew_cli_config config;
    struct ew_err err = {0};
    ck_assert_int_eq(parse(&config, wrong[_i].text, &err), EW_EUSAGE);
    ck_assert_msg(strncmp(err.message, wrong[_i].message, strlen(wrong[_i].message)) == 0,
                  "\"%s\" where \"%s…\" was wanted", err.message, wrong[_i].message);
    ew_cli_config_release(&config);
}
END_TEST

START_TEST(broken_yaml_names_the_file)
{
    struct ew_cli_config config;
    struct ew_err err = {0};
    ck_assert_int_eq(parse(&config, "keys: [unclosed\n", &err), EW_EUSAGE);
    ck_assert_ptr_nonnull(strstr(err.message, "config.yaml"));
    ck_assert_int_eq(err.code, EW_EUSAGE);
    ew_cli_config_release(&config);
}
END_TEST

/* What is printed is read again, and says the same. */
START_TEST(the_template_is_a_configuration)
{
    struct ew_cli_config config, again;
    struct ew_err err = {0};
    struct ew_buf first, second;
    ew_buf_init(&first, 0);
    ew_buf_init(&second, 0);
    ck_assert_int_eq(parse(&config,
                           "watch: 2.5s\nkeys: {quit: \"x \\\"\", copy: \"Y\"}\n"
                           "thresholds: {recent-end: 90m, restarts: 7}\nowner-keys: [a/b]\n",
                           &err),
                     EW_OK);
    ew_cli_config_print(&config, &first);
    ck_assert_ptr_nonnull(strstr(ew_buf_text(&first), "\nwatch: 2.5s\n"));
    ck_assert_ptr_nonnull(strstr(ew_buf_text(&first), "\n# deadline: 20s\n"));
    ck_assert_ptr_nonnull(
        strstr(ew_buf_text(&first), "\nthresholds:\n#  certificate-expires: 14d "));
    ck_assert_ptr_nonnull(strstr(ew_buf_text(&first), "\n  recent-end: 90m "));
    ck_assert_ptr_nonnull(strstr(ew_buf_text(&first), "\nowner-keys: [\"a/b\"]\n"));
    ck_assert_msg(parse(&again, ew_buf_text(&first), &err) == EW_OK, "%s", err.message);
    ew_cli_config_print(&again, &second);
    ck_assert_str_eq(ew_buf_text(&first), ew_buf_text(&second));
    ew_buf_release(&first);
    ew_buf_release(&second);
    ew_cli_config_release(&config);
    ew_cli_config_release(&again);
}
END_TEST

static Suite *suite(void)
{
    Suite *made = suite_create("config");
    TCase *file = tcase_create("file");
    tcase_add_test(file, values_are_taken);
    tcase_add_test(file, judges_are_told);
    tcase_add_test(file, a_cause_has_a_link_of_its_own);
    tcase_add_test(file, the_command_line_goes_before_it);
    tcase_add_loop_test(file, what_is_wrong_is_said, 0, (int)EW_COUNT(wrong));
    tcase_add_test(file, broken_yaml_names_the_file);
    tcase_add_test(file, the_template_is_a_configuration);
    suite_add_tcase(made, file);
    return made;
}
