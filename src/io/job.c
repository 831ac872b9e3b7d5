/* Work on a helper thread. The thread touches nothing of the loop but the writing end of a pipe,
 * which it closes when the work is done. */
#include "loop.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct ew_job {
    struct io_node node;
    struct event *ready;
    pthread_t thread;
    bool threaded, cancelled;
    int pipe[2];
    ew_job_fn *job;
    ew_job_done_fn *done, *drop;
    void *ctx, *result;
};

static void *thread_main(void *arg)
{
    struct ew_job *job = arg;
    job->result = job->job(job->ctx);
    close(job->pipe[1]);
    return NULL;
}

/* Ends the bookkeeping once the work is over (waiting for it if it is not). */
static void job_end(struct ew_job *job, bool deliver)
{
    if (job->threaded)
        pthread_join(job->thread, NULL);
    io_node_unlink(&job->node);
    event_free(job->ready);
    close(job->pipe[0]);
    ew_job_done_fn *fn = deliver && !job->cancelled ? job->done : job->drop;
    void *ctx = job->ctx, *result = job->result;
    free(job);
    if (fn)
        fn(ctx, result);
}

static void job_ready(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    job_end(arg, true);
}

/* Signals belong to the loop's thread. */
static bool start_thread(struct ew_job *job)
{
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int failed = pthread_create(&job->thread, NULL, thread_main, job);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return !failed;
}

struct ew_job *ew_job_start(struct ew_loop *loop, ew_job_fn *fn, ew_job_done_fn *done,
                            ew_job_done_fn *drop, void *ctx)
{
    struct ew_job *job = ew_alloc(sizeof(*job));
    *job = (struct ew_job){.job = fn, .done = done, .drop = drop, .ctx = ctx, .pipe = {-1, -1}};
    io_node_link(&loop->jobs, &job->node);
    bool piped = pipe2(job->pipe, O_CLOEXEC) == 0;
    job->ready = io_event(loop, job->pipe[0], piped ? EV_READ : 0, job_ready, job);
    job->threaded = piped && start_thread(job);
    if (job->threaded) {
        event_add(job->ready, NULL);
        return job;
    }
    /* Without a thread the work is still owed: late is better than never. */
    thread_main(job);
    io_event_after(job->ready, 0);
    return job;
}

void ew_job_cancel(struct ew_job *job)
{
    if (job)
        job->cancelled = true;
}

void io_jobs_free(struct ew_loop *loop)
{
    while (!io_node_alone(&loop->jobs))
        job_end((struct ew_job *)loop->jobs.next, false);
}
