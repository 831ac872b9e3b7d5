/* One command line: the verb, its arguments, its options. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "options.h"

#include "edgewalk/report.h"
#include "edgewalk/walk.h"

struct ew_cli;
struct ew_cli_config;

/* A verb: a row of the table in verbs.c. run gives the exit status. */
struct ew_verb {
    const char *name;
    unsigned bit; /* ON_… */
    const char *args, *summary;
    int (*run)(const struct ew_cli *cli);
};
const struct ew_verb *ew_verb_at(size_t index); /* NULL after the last; the first is the default */
const struct ew_verb *ew_verb_find(const char *name);

/* The line read. Texts are argv's. */
struct ew_cli {
    const struct ew_verb *verb;
    const char **args; /* NULL-terminated */
    size_t arg_count;
    const char **values[OPT_COUNT]; /* per option, in order, NULL-terminated; NULL: not given */
    int argc;
    char **argv;                        /* as given, for verbs that hand the line on (lab) */
    const struct ew_cli_config *config; /* config.h; NULL: not read for this verb */
};
/* EW_EUSAGE: what is wrong and what would be right. */
int ew_cli_parse(struct ew_cli *cli, int argc, char **argv, struct ew_err *err);
void ew_cli_release(struct ew_cli *cli);
bool ew_cli_has(const struct ew_cli *cli, enum ew_opt id);
const char *ew_cli_value(const struct ew_cli *cli, enum ew_opt id); /* the last; NULL: not given */

void ew_cli_usage(const struct ew_verb *verb, struct ew_buf *out); /* NULL: the program's */
void ew_cli_man_options(struct ew_buf *out);                       /* the OPTIONS tables in troff */

/* Options as the walk wants them. Arrays made here are freed by release; the rest is argv's. */
struct ew_cli_walk {
    struct ew_walk_options options;
    int (*expect)[2];
    struct ew_pin *pins;
};
int ew_cli_walk_options(const struct ew_cli *cli, struct ew_cli_walk *out, struct ew_err *err);
void ew_cli_walk_release(struct ew_cli_walk *walk);
/* The option's time in milliseconds; *out stays where none is given. */
int ew_cli_duration(const struct ew_cli *cli, enum ew_opt id, int *out, struct ew_err *err);
int ew_cli_cluster_config(const struct ew_cli *cli, struct ew_cluster_config *out,
                          struct ew_err *err);
/* The terminal that out (1: stdout) is: colours, UTF-8, width. */
void ew_cli_report_options(const struct ew_cli *cli, int fd, struct ew_report_options *out);
/* "text", "json", "tui" or NULL when -o was not given; EW_EUSAGE for another. */
int ew_cli_output(const struct ew_cli *cli, const char **out, struct ew_err *err);
/* The exit status of verdicts: the lowest failing layer code, then undecided, then
 * healthy. */
int ew_cli_status(const struct ew_cli *cli, const struct ew_verdict *const *verdicts, size_t count);
/* The same, after their reports were printed on stdout, in order (several as JSON: an array). */
int ew_cli_print(const struct ew_cli *cli, const struct ew_verdict *const *verdicts, size_t count,
                 bool json);
/* Prints "edgewalk: message" on stderr, cleaned, and gives the exit status of its code. */
int ew_cli_fail(const struct ew_err *err);

int ew_verb_walk(const struct ew_cli *cli);
int ew_verb_route(const struct ew_cli *cli);
int ew_verb_check(const struct ew_cli *cli);
int ew_verb_lab(const struct ew_cli *cli);
int ew_verb_explain(const struct ew_cli *cli);
int ew_verb_completion(const struct ew_cli *cli);
int ew_verb_replay(const struct ew_cli *cli);
int ew_verb_config(const struct ew_cli *cli);

#endif
