#include "paths.h"
#include "runner.h"
#include "scenario.h"

#include "edgewalk/base/text.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JOBS 6

static const char usage[] =
    "usage: edgewalk lab list [--dir FOLDER]\n"
    "       edgewalk lab run NAME... | --all [--dir FOLDER] [--jobs N]\n"
    "       edgewalk lab serve NAME [--dir FOLDER]\n"
    "       edgewalk lab objects NAME [--dir FOLDER]\n"
    "\n"
    "Incidents played on loopback: a name server, an edge and a Kubernetes API, no cluster "
    "needed.\n"
    "\n"
    "  list         the scenarios and what each is about\n"
    "  run          walks scenarios and compares the verdict with the expected one; 0 when it is\n"
    "  serve        plays one until ctrl-c, and prints how to walk it yourself\n"
    "  objects      prints the Kubernetes objects of one, for -f of edgewalk and kubectl\n"
    "  --all        every scenario\n"
    "  --dir FOLDER scenarios of your own: a scenario's folder, or a folder of those\n"
    "  --jobs N     scenarios at once (default 6)\n"
    "  --tap        results in the Test Anything Protocol\n";

struct options {
    const char *verb, *dir;
    struct ew_ptrs names; /* not owned */
    bool all, tap;
    long jobs;
};

struct shelf {
    char *library;
    char **folders;
    size_t count;
};

static int read_value(int argc, char **argv, int *at, const char **out, struct ew_err *err)
{
    if (*at + 1 >= argc)
        return ew_fail(err, EW_EUSAGE, "%s needs a value", argv[*at]);
    *out = argv[++*at];
    return 0;
}

static int read_option(int argc, char **argv, int *at, struct options *out, struct ew_err *err)
{
    const char *arg = argv[*at], *jobs = NULL;
    int rc = 0;
    if (strcmp(arg, "--all") == 0)
        out->all = true;
    else if (strcmp(arg, "--tap") == 0)
        out->tap = true;
    else if (strcmp(arg, "--dir") == 0)
        rc = read_value(argc, argv, at, &out->dir, err);
    else if (strcmp(arg, "--jobs") == 0)
        rc = read_value(argc, argv, at, &jobs, err);
    else if (arg[0] == '-')
        rc = ew_fail(err, EW_EUSAGE, "lab: unknown option %s", arg);
    else if (!out->verb)
        out->verb = arg;
    else
        ew_ptrs_add(&out->names, argv[*at]);
    if (!rc && jobs && !ew_text_number(jobs, 1, 64, &out->jobs))
        rc = ew_fail(err, EW_EUSAGE, "--jobs %s: a number from 1 to 64 is needed", jobs);
    return rc;
}

static int read_options(int argc, char **argv, struct options *out, struct ew_err *err)
{
    int rc = 0;
    out->jobs = JOBS;
    for (int i = 1; !rc && i < argc; i++)
        rc = read_option(argc, argv, &i, out, err);
    if (!rc && !out->verb)
        rc = ew_fail(err, EW_EUSAGE, "lab: list, run, serve or objects? (edgewalk lab --help)");
    return rc;
}

static void shelf_release(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++)
        free(shelf->folders[i]);
    free(shelf->folders);
    free(shelf->library);
}

static const char *name_of(const char *folder)
{
    const char *slash = strrchr(folder, '/');
    return slash ? slash + 1 : folder;
}

static const char *nearest(const struct shelf *shelf, const char *name)
{
    const char *best = name_of(shelf->folders[0]);
    for (size_t i = 1; i < shelf->count; i++)
        if (ew_text_distance(name, name_of(shelf->folders[i])) < ew_text_distance(name, best))
            best = name_of(shelf->folders[i]);
    return best;
}

/* The folders of the names; all of the shelf for --all, or for a shelf of one that no name was
 * given for. */
static int choose(const struct options *options, const struct shelf *shelf, struct ew_ptrs *out,
                  struct ew_err *err)
{
    bool all = options->all || (options->dir && shelf->count == 1 && !options->names.count);
    for (size_t i = 0; all && i < shelf->count; i++)
        ew_ptrs_add(out, shelf->folders[i]);
    for (size_t n = 0; !all && n < options->names.count; n++) {
        const char *name = options->names.at[n];
        size_t before = out->count;
        for (size_t i = 0; i < shelf->count; i++)
            if (strcmp(name_of(shelf->folders[i]), name) == 0)
                ew_ptrs_add(out, shelf->folders[i]);
        if (out->count == before)
            return ew_fail(err, EW_EUSAGE, "no scenario is called \"%s\"; did you mean %s?", name,
                           nearest(shelf, name));
    }
    return out->count ? 0
                      : ew_fail(err, EW_EUSAGE, "lab %s: name a scenario (edgewalk lab list)",
                                options->verb);
}

static int verb_list(const struct shelf *shelf, struct ew_err *err)
{
    for (size_t i = 0; i < shelf->count; i++) {
        struct lab_scenario *scenario;
        int rc = lab_scenario_load(shelf->folders[i], shelf->library, &scenario, err);
        if (rc)
            return rc;
        printf("%-34s %s\n", scenario->name, lab_scenario_title(scenario));
        lab_scenario_free(scenario);
    }
    return 0;
}

/* 0 when all is as expected, 1 when not, negative for a failure of the lab. */
static int verb_run(const struct options *options, const struct shelf *shelf, struct ew_err *err)
{
    struct ew_ptrs chosen = {0};
    int rc = choose(options, shelf, &chosen, err);
    if (!rc) {
        char *edgewalk = lab_path_edgewalk();
        struct lab_run run = {.folders = (char **)chosen.at,
                              .count = chosen.count,
                              .library = shelf->library,
                              .edgewalk = edgewalk,
                              .jobs = (int)options->jobs,
                              .tap = options->tap,
                              .lenient = options->all,
                              .show = !options->tap && !options->all && chosen.count == 1};
        rc = lab_run(&run) ? 1 : 0;
        free(edgewalk);
    }
    ew_ptrs_release(&chosen);
    return rc;
}

/* serve, objects */
static int verb_one(const struct options *options, const struct shelf *shelf, struct ew_err *err)
{
    struct ew_ptrs chosen = {0};
    int rc = choose(options, shelf, &chosen, err);
    if (!rc && chosen.count != 1)
        rc = ew_fail(err, EW_EUSAGE, "lab %s: one scenario at a time", options->verb);
    if (!rc && strcmp(options->verb, "objects") == 0) {
        rc = lab_print_objects(chosen.at[0], shelf->library, err);
    } else if (!rc) {
        char *edgewalk = lab_path_edgewalk();
        rc = lab_serve(chosen.at[0], shelf->library, edgewalk, err);
        free(edgewalk);
    }
    ew_ptrs_release(&chosen);
    return rc;
}

static int run_verb(const struct options *options, struct ew_err *err)
{
    struct shelf shelf = {.library = lab_path_scenarios()};
    const char *dir = options->dir ? options->dir : shelf.library;
    int rc = lab_scenario_find(dir, &shelf.folders, &shelf.count, err);
    if (!rc && strcmp(options->verb, "list") == 0)
        rc = verb_list(&shelf, err);
    else if (!rc && strcmp(options->verb, "run") == 0)
        rc = verb_run(options, &shelf, err);
    else if (!rc && (strcmp(options->verb, "serve") == 0 || strcmp(options->verb, "objects") == 0))
        rc = verb_one(options, &shelf, err);
    else if (!rc)
        rc = ew_fail(err, EW_EUSAGE, "lab %s: list, run, serve or objects is meant", options->verb);
    shelf_release(&shelf);
    return rc;
}

/* libevent grumbles on stderr about the TLS refusals that scenarios order. */
static void be_silent(int severity, const char *text)
{
    (void)severity;
    (void)text;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct ew_err err = {0};
    signal(SIGPIPE, SIG_IGN);
    event_set_log_callback(be_silent);
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(usage, stdout);
        return 0;
    }
    int rc = read_options(argc, argv, &options, &err);
    if (!rc)
        rc = run_verb(&options, &err);
    ew_ptrs_release(&options.names);
    libevent_global_shutdown();
    if (rc < 0)
        fprintf(stderr, "edgewalk: %s\n", err.message);
    return rc == EW_EUSAGE || rc == EW_EINPUT ? 2 : rc < 0 ? 1 : rc;
}
