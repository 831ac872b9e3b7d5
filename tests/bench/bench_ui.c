/* Two figures of the screen, on a pseudo-terminal: how long a key waits for its answer while 1,000
 * TLS handshakes run in the same loop, a recorded walk being judged again after each as a walk
 * judges after each fact; and how long the program takes from its start to its first frame. */
#include "../unit/tls_peer.h"

#include "edgewalk/fact/keys.h"
#include "edgewalk/probe.h"
#include "edgewalk/ui.h"

#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HANDSHAKES = 1000, AT_ONCE = 64, KEYS_MAX = 4000, STARTS = 21, PAUSE_US = 5000 };

static const struct winsize size = {.ws_row = 24, .ws_col = 80};

static double now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

/* ---- the program under load ---- */

struct load {
    struct ew_loop *loop;
    struct ew_snapshot *snapshot;
    struct ew_verdict *verdict;
    struct ew_prober *prober;
    ew_ui_changed_fn *changed;
    void *ui;
    int port, count, good, done_fd;
};

static void on_fact(void *ctx, struct ew_fact *fact)
{
    struct load *load = ctx;
    const char *outcome = ew_json_get_str(ew_fact_value(fact), "outcome", "");
    load->good += strcmp(outcome, "ok") == 0;
    ew_fact_unref(fact);
    ew_verdict_free(load->verdict);
    load->verdict = ew_judge(load->snapshot);
    if (++load->count == HANDSHAKES)
        dprintf(load->done_fd, "%d", load->good);
    load->changed(load->ui, load);
}

static void *start(void *ctx, size_t target, ew_ui_changed_fn *changed, void *ui,
                   struct ew_err *err)
{
    struct load *load = ctx;
    struct ew_probe_config config = {.tls_timeout_ms = 60000, .tls_parallel = AT_ONCE};
    (void)target;
    load->changed = changed;
    load->ui = ui;
    if (ew_prober_new(load->loop, &config, &load->prober, err) != EW_OK)
        return NULL;
    for (int i = 0; i < HANDSHAKES; i++) {
        char *key = ew_fmt("tls/127.0.0.1:%d/%d", load->port, i);
        struct ew_want want = {.kind = EW_WANT_TLS,
                               .key = key,
                               .address = "127.0.0.1",
                               .port = load->port,
                               .sni = "good.example"};
        ew_prober_fetch(load->prober, &want, on_fact, load);
        free(key);
    }
    return load;
}

static const struct ew_verdict *verdict(void *walk)
{
    return ((struct load *)walk)->verdict;
}

static bool finished(void *walk)
{
    return ((struct load *)walk)->count == HANDSHAKES;
}

static void stop(void *walk)
{
    struct load *load = walk;
    ew_prober_free(load->prober);
    load->prober = NULL;
}

static struct ew_snapshot *recorded(const char *path)
{
    struct ew_snapshot *snapshot = NULL;
    struct ew_err err;
    char *line = NULL;
    size_t cap = 0;
    FILE *file = fopen(path, "r");
    ssize_t len = file ? getline(&line, &cap, file) : -1;
    if (len <= 0 || ew_snapshot_read(line, (size_t)len, &snapshot, &err) != EW_OK)
        _exit(1);
    fclose(file);
    free(line);
    return snapshot;
}

static void run_load(const char *walk, int port, int done_fd)
{
    struct load load = {
        .loop = ew_loop_new(), .snapshot = recorded(walk), .port = port, .done_fd = done_fd};
    load.verdict = ew_judge(load.snapshot);
    const char *urls[] = {"https://orders.example.com/health"};
    struct ew_ui_driver driver = {&load, urls, 1, start, verdict, finished, stop, stop, NULL};
    struct ew_ui_options options = {.colour = true, .utf8 = true};
    struct ew_ui_end end;
    struct ew_err err = {0};
    int code = ew_ui_run(load.loop, &driver, &options, &end, &err);
    _exit(code == EW_OK ? 0 : 1);
}

/* ---- the person at the keys ---- */

/* Reads until the text comes; false after the time. */
static bool read_until(int fd, const char *text, double timeout_ms)
{
    char seen[65536];
    size_t have = 0;
    double end = now_ms() + timeout_ms;
    while (now_ms() < end) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (poll(&ready, 1, (int)(end - now_ms()) + 1) <= 0)
            continue;
        if (have > sizeof(seen) / 2) { /* only the end can begin the text */
            memmove(seen, seen + have - 16, 16);
            have = 16;
        }
        ssize_t n = read(fd, seen + have, sizeof(seen) - have);
        if (n <= 0)
            return false;
        have += (size_t)n;
        if (memmem(seen, have, text, strlen(text)))
            return true;
    }
    return false;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void print_figures(const char *what, double *list, size_t count)
{
    double sum = 0;
    qsort(list, count, sizeof(*list), by_size);
    for (size_t i = 0; i < count; i++)
        sum += list[i];
    printf("%s: %zu times, mean %.1f ms, median %.1f, 99th %.1f, max %.1f\n", what, count,
           sum / (double)count, list[count / 2], list[count * 99 / 100], list[count - 1]);
}

/* The mark of the selected layer is drawn anew by a move in the chain and by nothing else. */
static size_t press_keys(int fd, int done, double lags[KEYS_MAX])
{
    size_t count = 0;
    struct pollfd over = {.fd = done, .events = POLLIN};
    while (count < KEYS_MAX && poll(&over, 1, 0) == 0) {
        double at = now_ms();
        if (write(fd, count % 2 ? "k" : "j", 1) != 1 || !read_until(fd, "▶", 5000))
            break;
        lags[count++] = now_ms() - at;
        usleep(PAUSE_US);
    }
    return count;
}

static int measure_keys(const char *walk, int port)
{
    static double lags[KEYS_MAX];
    int done[2], fd;
    char good[16] = {0};
    if (pipe(done) != 0)
        return 1;
    pid_t pid = forkpty(&fd, NULL, NULL, &size);
    if (pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        run_load(walk, port, done[1]);
    }
    if (!read_until(fd, "watch", 5000))
        return 1;
    double at = now_ms();
    size_t count = press_keys(fd, done[0], lags);
    double took = now_ms() - at;
    ssize_t n = read(done[0], good, sizeof(good) - 1);
    bool left = write(fd, "q", 1) == 1 && waitpid(pid, NULL, 0) == pid;
    if (n <= 0 || !count || !left)
        return 1;
    printf("%s of %d handshakes good in %.0f ms\n", good, HANDSHAKES, took);
    print_figures("key to its frame meanwhile", lags, count);
    return 0;
}

/* A cluster is configured, as it is where the program is used. */
static bool write_kubeconfig(char path[], int port)
{
    int fd = mkstemp(path);
    if (fd < 0)
        return false;
    dprintf(fd,
            "apiVersion: v1\nkind: Config\ncurrent-context: a\n"
            "contexts: [{name: a, context: {cluster: a, user: a}}]\n"
            "users: [{name: a, user: {token: none}}]\n"
            "clusters: [{name: a, cluster: {server: 'https://127.0.0.1:%d', "
            "insecure-skip-tls-verify: true}}]\n",
            port);
    return close(fd) == 0;
}

static int measure_start(const char *program, int port)
{
    static double times[STARTS];
    char url[64], kubeconfig[] = "/tmp/edgewalk-bench-XXXXXX";
    snprintf(url, sizeof(url), "https://127.0.0.1:%d/", port);
    if (!write_kubeconfig(kubeconfig, port))
        return 1;
    for (size_t i = 0; i < STARTS; i++) {
        int fd;
        double at = now_ms();
        pid_t pid = forkpty(&fd, NULL, NULL, &size);
        if (pid == 0) {
            setenv("TERM", "xterm-256color", 1);
            execl(program, program, "--kubeconfig", kubeconfig, "-o", "tui", url, (char *)NULL);
            _exit(127);
        }
        if (!read_until(fd, "watch", 5000))
            return 1;
        times[i] = now_ms() - at;
        if (write(fd, "q", 1) != 1)
            return 1;
        while (!read_until(fd, "\r", 10) && waitpid(pid, NULL, WNOHANG) == 0)
            continue;
        close(fd);
        waitpid(pid, NULL, 0);
    }
    unlink(kubeconfig);
    print_figures("start to first frame", times, STARTS);
    return 0;
}

int main(int argc, char **argv)
{
    const char *top = getenv("top_srcdir");
    char *walk = ew_fmt("%s/tests/screen/walks/pod-crashloop.jsonl", top ? top : ".");
    struct mint_chain *chain = mint_chain(NULL);
    struct tls_peer_spec spec = {.certs = {chain->leaf, chain->mid}, .key = chain->leaf_key};
    struct tls_peer *peer = tls_peer_start(&spec);
    setlocale(LC_CTYPE, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN);
    int failed = measure_keys(walk, tls_peer_port(peer));
    failed |= measure_start(argc > 1 ? argv[1] : "./edgewalk", tls_peer_port(peer));
    tls_peer_stop(peer);
    mint_chain_free(chain);
    free(walk);
    if (failed)
        fputs("bench_ui: a figure is missing\n", stderr);
    return failed;
}
