/* The loop: timers, descriptors, signals, jobs, look-ups. HTTP and DNS have files of their own. */
#include "config.h"

#include "edgewalk/io.h"

#include "peer.h"
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

struct seen {
    struct ew_loop *loop;
    struct ew_timer *timer;
    struct ew_watch *watch;
    struct ew_signal *sig;
    int count, stop_at, what;
    char text[256];
    pthread_t thread;
    bool dropped;
};

static void count_up(void *ctx)
{
    struct seen *seen = ctx;
    if (++seen->count == seen->stop_at)
        ew_loop_stop(seen->loop);
}

static void must_not_run(void *ctx)
{
    (void)ctx;
    ck_abort_msg("a callback ran that was cancelled");
}

START_TEST(one_shot_runs_once_and_not_before_its_time)
{
    struct seen seen = {.loop = ew_loop_new(), .stop_at = 1};
    double began = ew_monotonic_ms();
    ew_timer_start(seen.loop, 20, false, EW_PRIO_SCREEN, count_up, &seen);
    ck_assert_int_eq(seen.count, 0);
    ew_loop_run(seen.loop);
    ck_assert_int_eq(seen.count, 1);
    ck_assert(ew_monotonic_ms() - began >= 19.5);
    ew_loop_free(seen.loop);
}
END_TEST

static void stop_self(void *ctx)
{
    struct seen *seen = ctx;
    if (++seen->count < seen->stop_at)
        return;
    ew_timer_stop(seen->timer);
    ew_loop_stop(seen->loop);
}

START_TEST(repeating_timer_may_stop_itself)
{
    struct seen seen = {.loop = ew_loop_new(), .stop_at = 3};
    seen.timer = ew_timer_start(seen.loop, 1, true, EW_PRIO_SCREEN, stop_self, &seen);
    ew_loop_run(seen.loop);
    ck_assert_int_eq(seen.count, 3);
    ew_loop_free(seen.loop);
}
END_TEST

START_TEST(one_shot_may_stop_itself)
{
    struct seen seen = {.loop = ew_loop_new(), .stop_at = 1};
    seen.timer = ew_timer_start(seen.loop, 0, false, EW_PRIO_SCREEN, stop_self, &seen);
    ew_loop_run(seen.loop);
    ck_assert_int_eq(seen.count, 1);
    ew_loop_free(seen.loop);
}
END_TEST

START_TEST(stopped_timer_never_runs)
{
    struct seen seen = {.loop = ew_loop_new(), .stop_at = 1};
    ew_timer_stop(ew_timer_start(seen.loop, 0, false, EW_PRIO_KEYS, must_not_run, NULL));
    ew_timer_stop(NULL);
    ew_timer_start(seen.loop, 10, false, EW_PRIO_SCREEN, count_up, &seen);
    ew_loop_run(seen.loop);
    ew_timer_start(seen.loop, 0, false, EW_PRIO_KEYS, must_not_run, NULL);
    ew_loop_free(seen.loop);
}
END_TEST

START_TEST(loop_runs_again_after_a_stop)
{
    struct seen seen = {.loop = ew_loop_new(), .stop_at = 1};
    ew_timer_start(seen.loop, 0, false, EW_PRIO_SCREEN, count_up, &seen);
    ew_loop_run(seen.loop);
    seen.stop_at = 2;
    ew_timer_start(seen.loop, 0, false, EW_PRIO_SCREEN, count_up, &seen);
    ew_loop_run(seen.loop);
    ck_assert_int_eq(seen.count, 2);
    ew_loop_free(seen.loop);
}
END_TEST

static void read_some(void *ctx, int what)
{
    struct seen *seen = ctx;
    seen->what = what;
    seen->count++;
    ew_watch_stop(seen->watch); /* from its own callback */
    ew_loop_stop(seen->loop);
}

START_TEST(watch_tells_what_is_ready)
{
    struct seen seen = {.loop = ew_loop_new()};
    int fd[2];
    ck_assert_int_eq(pipe(fd), 0);
    seen.watch = ew_watch_start(seen.loop, fd[0], EW_READ, EW_PRIO_KEYS, read_some, &seen);
    ck_assert_int_eq(write(fd[1], "x", 1), 1);
    ew_loop_run(seen.loop);
    ck_assert_int_eq(seen.what, EW_READ);
    ck_assert_int_eq(seen.count, 1);

    seen.watch = ew_watch_start(seen.loop, fd[1], 0, EW_PRIO_KEYS, read_some, &seen);
    ew_watch_change(seen.watch, EW_WRITE);
    ew_loop_run(seen.loop);
    ck_assert_int_eq(seen.what, EW_WRITE);
    close(fd[0]);
    close(fd[1]);
    ew_loop_free(seen.loop);
}
END_TEST

START_TEST(regular_file_cannot_be_watched)
{
    struct ew_loop *loop = ew_loop_new();
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ck_assert_ptr_null(ew_watch_start(loop, fd, EW_READ, EW_PRIO_KEYS, read_some, NULL));
    close(fd);
    ew_loop_free(loop);
}
END_TEST

static void note_signal(void *ctx, int signo)
{
    struct seen *seen = ctx;
    seen->what = signo;
    ew_loop_stop(seen->loop);
}

static void raise_usr1(void *ctx)
{
    (void)ctx;
    raise(SIGUSR1);
}

START_TEST(signal_comes_through_the_loop)
{
    struct seen seen = {.loop = ew_loop_new()};
    struct ew_signal *sig = ew_signal_start(seen.loop, SIGUSR1, note_signal, &seen);
    ew_timer_start(seen.loop, 0, false, EW_PRIO_SCREEN, raise_usr1, NULL);
    ew_loop_run(seen.loop);
    ck_assert_int_eq(seen.what, SIGUSR1);
    ew_signal_stop(sig);
    ew_loop_free(seen.loop);
}
END_TEST

/* Sockets that are always ready must not keep a key waiting. */
static void busy(void *ctx, int what)
{
    (void)what;
    double until = ew_monotonic_ms() + 2;
    while (ew_monotonic_ms() < until)
        continue;
    (*(int *)ctx)++;
}

START_TEST(keys_go_before_sockets)
{
    enum { SOCKETS = 50 };
    struct seen seen = {.loop = ew_loop_new()};
    struct ew_watch *watches[SOCKETS];
    int fd[2], key[2], handled = 0;
    ck_assert_int_eq(pipe(fd), 0);
    ck_assert_int_eq(pipe(key), 0);
    ck_assert_int_eq(write(fd[1], "x", 1), 1);
    for (int i = 0; i < SOCKETS; i++)
        watches[i] =
            ew_watch_start(seen.loop, dup(fd[0]), EW_READ, EW_PRIO_SOCKETS, busy, &handled);
    seen.watch = ew_watch_start(seen.loop, key[0], EW_READ, EW_PRIO_KEYS, read_some, &seen);
    ck_assert_int_eq(write(key[1], "k", 1), 1);
    ew_loop_run(seen.loop);
    ck_assert_int_lt(handled, SOCKETS);
    for (int i = 0; i < SOCKETS; i++)
        ew_watch_stop(watches[i]);
    ew_loop_free(seen.loop);
}
END_TEST

static void *work(void *ctx)
{
    struct seen *seen = ctx;
    seen->thread = pthread_self();
    return ew_strdup("result");
}

static void work_done(void *ctx, void *result)
{
    struct seen *seen = ctx;
    ck_assert(!pthread_equal(seen->thread, pthread_self()));
    strcpy(seen->text, result);
    free(result);
    ew_loop_stop(seen->loop);
}

static void work_dropped(void *ctx, void *result)
{
    struct seen *seen = ctx;
    ck_assert_str_eq(result, "result");
    free(result);
    seen->dropped = true;
}

static void work_done_too_late(void *ctx, void *result)
{
    (void)ctx;
    (void)result;
    ck_abort_msg("a job was delivered that was cancelled");
}

START_TEST(job_runs_elsewhere_and_ends_here)
{
    struct seen seen = {.loop = ew_loop_new()};
    ew_job_start(seen.loop, work, work_done, work_dropped, &seen);
    ew_loop_run(seen.loop);
    ck_assert_str_eq(seen.text, "result");
    ck_assert(!seen.dropped);
    ew_loop_free(seen.loop);
}
END_TEST

START_TEST(cancelled_job_is_dropped)
{
    struct seen seen = {.loop = ew_loop_new(), .stop_at = 1};
    ew_job_cancel(ew_job_start(seen.loop, work, work_done_too_late, work_dropped, &seen));
    ew_timer_start(seen.loop, 50, false, EW_PRIO_SCREEN, count_up, &seen);
    ew_loop_run(seen.loop);
    ck_assert(seen.dropped);

    seen.dropped = false;
    ew_job_start(seen.loop, work, work_done_too_late, work_dropped, &seen);
    ew_loop_free(seen.loop);
    ck_assert(seen.dropped);
}
END_TEST

static void note_addresses(void *ctx, char *const *addresses)
{
    struct seen *seen = ctx;
    seen->count++;
    for (; *addresses; addresses++) {
        strcat(seen->text, *addresses);
        strcat(seen->text, " ");
    }
    ew_loop_stop(seen->loop);
}

START_TEST(lookup_asks_the_system)
{
    struct seen seen = {.loop = ew_loop_new()};
    ew_lookup_start(seen.loop, "localhost", 5000, note_addresses, &seen);
    ck_assert_int_eq(seen.count, 0);
    ew_loop_run(seen.loop);
    ck_assert_ptr_nonnull(strstr(seen.text, "127.0.0.1"));
    ew_loop_free(seen.loop);
}
END_TEST

START_TEST(lookup_of_a_literal_is_itself)
{
    struct seen seen = {.loop = ew_loop_new()};
    ew_lookup_start(seen.loop, "2001:db8::1", 5000, note_addresses, &seen);
    ck_assert_int_eq(seen.count, 0);
    ew_loop_run(seen.loop);
    ck_assert_str_eq(seen.text, "2001:db8::1 ");
    ew_loop_free(seen.loop);
}
END_TEST

START_TEST(lookup_that_fails_has_no_address)
{
    struct seen seen = {.loop = ew_loop_new()};
    ew_lookup_start(seen.loop, "no-such-host.invalid", 5000, note_addresses, &seen);
    ew_loop_run(seen.loop);
    ck_assert_int_eq(seen.count, 1);
    ck_assert_str_eq(seen.text, "");
    ew_loop_free(seen.loop);
}
END_TEST

START_TEST(lookup_ends_at_its_deadline_and_on_cancel)
{
    struct seen seen = {.loop = ew_loop_new()};
    int before = peer_open_fds();
    struct ew_lookup *gone =
        ew_lookup_start(seen.loop, "no-such-host.invalid", 5000, note_addresses, &seen);
    ew_lookup_cancel(gone);
    ew_lookup_start(seen.loop, "no-such-host.invalid", 0, note_addresses, &seen);
    ew_loop_run(seen.loop);
    ck_assert_int_eq(seen.count, 1);
    ew_lookup_start(seen.loop, "localhost", 5000, note_addresses, &seen);
    ew_loop_free(seen.loop);
    ck_assert_int_lt(peer_open_fds(), before);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("io");
    TCase *t = tcase_create("loop");
    tcase_set_timeout(t, 20);
    tcase_add_test(t, one_shot_runs_once_and_not_before_its_time);
    tcase_add_test(t, repeating_timer_may_stop_itself);
    tcase_add_test(t, one_shot_may_stop_itself);
    tcase_add_test(t, stopped_timer_never_runs);
    tcase_add_test(t, loop_runs_again_after_a_stop);
    tcase_add_test(t, watch_tells_what_is_ready);
    tcase_add_test(t, regular_file_cannot_be_watched);
    tcase_add_test(t, signal_comes_through_the_loop);
    tcase_add_test(t, keys_go_before_sockets);
    tcase_add_test(t, job_runs_elsewhere_and_ends_here);
    tcase_add_test(t, cancelled_job_is_dropped);
    tcase_add_test(t, lookup_asks_the_system);
    tcase_add_test(t, lookup_of_a_literal_is_itself);
    tcase_add_test(t, lookup_that_fails_has_no_address);
    tcase_add_test(t, lookup_ends_at_its_deadline_and_on_cancel);
    suite_add_tcase(s, t);
    return s;
}
