/* The walk on the terminal UI: gives it the callbacks by which it drives walks. */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include "cli.h"

struct ew_cli_screen {
    bool report;     /* the report is to be printed now */
    bool broken_off; /* some walk was not finished */
    int signo;       /* that ended it; 0: none */
};

/* Whether -o (NULL: not given) and the terminal ask for the screen: "tui", or nothing on stdin and
 * stdout that can be drawn on. */
bool ew_cli_screen_wanted(const char *output);
/* walks[i] is the walk of target i to report and to free; NULL where none began. */
int ew_cli_screen_walk(const struct ew_cli *cli, struct ew_loop *loop,
                       const struct ew_target *targets, const struct ew_walk_options *options,
                       struct ew_walk **walks, struct ew_cli_screen *out, struct ew_err *err);
/* Verdicts of recorded walks; they stay the caller's. */
int ew_cli_screen_replay(const struct ew_cli *cli, const struct ew_verdict *const *verdicts,
                         size_t count, struct ew_cli_screen *out, struct ew_err *err);

#endif
