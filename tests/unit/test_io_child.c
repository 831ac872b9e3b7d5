/* Child processes: what they say, how they end, and that they end. */
#include "config.h"

#include "edgewalk/io.h"

#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct ew_loop *loop;
static struct ew_child_result seen;
static char out[4096], err_text[4096];
static int count;

static void setup(void)
{
    loop = ew_loop_new();
    memset(&seen, 0, sizeof(seen));
    count = 0;
}

static void teardown(void)
{
    ew_loop_free(loop);
}

static void note(void *ctx, const struct ew_child_result *result)
{
    (void)ctx;
    seen = *result;
    snprintf(out, sizeof(out), "%s", result->out);
    snprintf(err_text, sizeof(err_text), "%s", result->err);
    count++;
    ew_loop_stop(loop);
}

static void run(const char *script, const char *const *env, int timeout_ms)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    struct ew_child_spec spec = {argv, env, timeout_ms};
    ew_child_start(loop, &spec, note, NULL);
    ck_assert_int_eq(count, 0);
    ew_loop_run(loop);
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* none is left, dead or alive */
    ck_assert_int_eq(errno, ECHILD);
}

START_TEST(both_streams_and_the_status_come_back)
{
    run("echo said; echo told >&2; exit 7", NULL, 5000);
    ck_assert_str_eq(out, "said\n");
    ck_assert_str_eq(err_text, "told\n");
    ck_assert_int_eq(seen.exit_status, 7);
    ck_assert(!seen.spawn_errno && !seen.timed_out && !seen.cut);
}
END_TEST

START_TEST(its_environment_is_ours_and_more)
{
    static const char *const env[] = {"EW_ONE=new", "EW_TWO=2", NULL};
    setenv("EW_ONE", "old", 1);
    setenv("EW_ONE_MORE", "kept", 1);
    run("echo $EW_ONE $EW_TWO $EW_ONE_MORE", env, 5000);
    ck_assert_str_eq(out, "new 2 kept\n");
}
END_TEST

START_TEST(it_has_no_input_and_no_descriptor_of_ours)
{
    int fd = dup(1); /* without CLOEXEC, as libcurl's are */
    run("cat; ls /proc/self/fd 2>/dev/null | wc -l", NULL, 5000);
    /* 0, 1, 2 and the folder that ls reads; nothing at all where there is no /proc */
    ck_assert_int_le(atoi(out), 4);
    close(fd);
}
END_TEST

START_TEST(a_missing_command_is_told_from_the_loop)
{
    const char *argv[] = {"no-such-command-of-edgewalk", NULL};
    struct ew_child_spec spec = {argv, NULL, 1000};
    ew_child_start(loop, &spec, note, NULL);
    ck_assert_int_eq(count, 0);
    ew_loop_run(loop);
    ck_assert_int_eq(seen.spawn_errno, ENOENT);
}
END_TEST

START_TEST(a_signal_is_a_status)
{
    run("kill -TERM $$", NULL, 5000);
    ck_assert_int_eq(seen.exit_status, 128 + SIGTERM);
}
END_TEST

START_TEST(its_time_ends_it_and_its_children)
{
    double before = ew_monotonic_ms();
    run("echo started >&2; sleep 60 & sleep 60", NULL, 300);
    ck_assert(seen.timed_out);
    ck_assert_str_eq(err_text, "started\n");
    ck_assert_double_lt(ew_monotonic_ms() - before, 3000);
}
END_TEST

START_TEST(whom_it_leaves_behind_is_not_waited_for)
{
    double before = ew_monotonic_ms();
    run("sleep 60 & echo done", NULL, 5000);
    ck_assert_str_eq(out, "done\n");
    ck_assert_int_eq(seen.exit_status, 0);
    ck_assert_double_lt(ew_monotonic_ms() - before, 3000);
}
END_TEST

START_TEST(endless_output_is_cut)
{
    run("head -c 3000000 /dev/zero | tr '\\0' x; echo >&2 end", NULL, 10000);
    ck_assert(seen.cut);
    ck_assert_uint_eq(seen.out_len, 1024 * 1024);
    ck_assert_str_eq(err_text, "end\n");
}
END_TEST

START_TEST(cancelled_it_tells_nobody)
{
    const char *argv[] = {"sleep", "60", NULL};
    struct ew_child_spec spec = {argv, NULL, 0};
    struct ew_child *child = ew_child_start(loop, &spec, note, NULL);
    ew_child_cancel(child);
    ew_child_cancel(NULL);
    ck_assert_int_eq(count, 0);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("io child");
    TCase *all = tcase_create("child");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_set_timeout(all, 30);
    tcase_add_test(all, both_streams_and_the_status_come_back);
    tcase_add_test(all, its_environment_is_ours_and_more);
    tcase_add_test(all, it_has_no_input_and_no_descriptor_of_ours);
    tcase_add_test(all, a_missing_command_is_told_from_the_loop);
    tcase_add_test(all, a_signal_is_a_status);
    tcase_add_test(all, its_time_ends_it_and_its_children);
    tcase_add_test(all, whom_it_leaves_behind_is_not_waited_for);
    tcase_add_test(all, endless_output_is_cut);
    tcase_add_test(all, cancelled_it_tells_nobody);
    suite_add_tcase(suite, all);
    return suite;
}
