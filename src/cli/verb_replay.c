#include "screen.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MAX_BYTES = 256 * 1024 * 1024 };

/* The verdicts of a file's snapshots, in order. */
struct replay {
    struct ew_ptrs verdicts;
};

static int judge_line(struct replay *replay, const char *path, size_t number, const char *line,
                      size_t len, struct ew_err *err)
{
    struct ew_snapshot *snapshot;
    struct ew_err cause = {0};
    if (ew_snapshot_read(line, len, &snapshot, &cause) != EW_OK)
        return ew_fail(err, EW_EUSAGE, "%s:%zu: %.400s", path, number, cause.message);
    ew_ptrs_add(&replay->verdicts, ew_judge(snapshot));
    ew_snapshot_unref(snapshot);
    return EW_OK;
}

static int read_file(const char *path, struct ew_buf *out, struct ew_err *err)
{
    char block[65536];
    size_t got;
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (!file)
        return ew_fail(err, EW_EUSAGE, "%s: %s", path, strerror(errno));
    while ((got = fread(block, 1, sizeof(block), file)) > 0 && !out->cut)
        ew_buf_add(out, block, got);
    bool failed = ferror(file);
    if (file != stdin)
        fclose(file);
    if (failed || out->cut)
        return ew_fail(err, EW_EUSAGE, "%s: %s", path,
                       out->cut ? "larger than 256 MiB" : strerror(EIO));
    return EW_OK;
}

static int judge_file(struct replay *replay, const char *path, struct ew_err *err)
{
    struct ew_buf text;
    size_t number = 0;
    ew_buf_init(&text, FILE_MAX_BYTES);
    int code = read_file(path, &text, err);
    for (const char *line = ew_buf_text(&text); code == EW_OK && *line;) {
        size_t len = strcspn(line, "\n");
        number++;
        if (len)
            code = judge_line(replay, path, number, line, len, err);
        line += len + (line[len] == '\n');
    }
    ew_buf_release(&text);
    if (code == EW_OK && !replay->verdicts.count)
        code = ew_fail(err, EW_EUSAGE, "%s: no snapshot in it (edgewalk --record makes one)", path);
    return code;
}

static const struct ew_verdict *const *all(const struct replay *replay)
{
    return (const struct ew_verdict *const *)replay->verdicts.at;
}

static int print_all(const struct ew_cli *cli, const struct replay *replay, const char *output)
{
    return ew_cli_print(cli, all(replay), replay->verdicts.count,
                        output && strcmp(output, "json") == 0);
}

static int status_of(const struct ew_cli *cli, const struct replay *replay, const char *output)
{
    (void)output;
    return ew_cli_status(cli, all(replay), replay->verdicts.count);
}

static int show(const struct ew_cli *cli, const struct replay *replay, bool *print,
                struct ew_err *err)
{
    struct ew_cli_screen end;
    int code = ew_cli_screen_replay(cli, all(replay), replay->verdicts.count, &end, err);
    *print = end.report;
    return code;
}

int ew_verb_replay(const struct ew_cli *cli)
{
    struct ew_err err = {0};
    struct replay replay = {{0}};
    const char *output;
    int status, code = ew_cli_output(cli, &output, &err);
    if (code == EW_OK && cli->arg_count != 1)
        code = ew_fail(&err, EW_EUSAGE, "replay takes one FILE (edgewalk --record makes one)");
    if (code == EW_OK)
        code = judge_file(&replay, cli->args[0], &err);
    bool print = true;
    if (code == EW_OK && ew_cli_screen_wanted(output))
        code = show(cli, &replay, &print, &err);
    if (code != EW_OK)
        status = ew_cli_fail(&err);
    else
        status = (print ? print_all : status_of)(cli, &replay, output);
    for (size_t i = 0; i < replay.verdicts.count; i++)
        ew_verdict_free(replay.verdicts.at[i]);
    ew_ptrs_release(&replay.verdicts);
    return status;
}
