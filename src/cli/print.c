#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int status_of(const struct ew_verdict *verdict, bool fail_on_warn)
{
    if (fail_on_warn && verdict->status == EW_ST_WARN && verdict->layer >= 0)
        return ew_layer_row((enum ew_layer)verdict->layer)->exit_status;
    return verdict->exit_status;
}

static int exit_status(const struct ew_verdict *const *verdicts, size_t count, bool fail_on_warn)
{
    int worst = 0;
    for (size_t i = 0; i < count; i++) {
        int status = status_of(verdicts[i], fail_on_warn);
        bool fails = status >= 11, failed = worst >= 11;
        if (fails ? !failed || status < worst : status && !worst)
            worst = status;
    }
    return worst;
}

int ew_cli_status(const struct ew_cli *cli, const struct ew_verdict *const *verdicts, size_t count)
{
    const char *fail_on = ew_cli_value(cli, OPT_FAIL_ON);
    return exit_status(verdicts, count, fail_on && strcmp(fail_on, "warn") == 0);
}

int ew_cli_print(const struct ew_cli *cli, const struct ew_verdict *const *verdicts, size_t count,
                 bool json)
{
    struct ew_report_options options;
    struct ew_buf out;
    ew_cli_report_options(cli, STDOUT_FILENO, &options);
    ew_buf_init(&out, 0);
    if (json && count > 1)
        ew_buf_adds(&out, "[");
    for (size_t i = 0; i < count; i++) {
        if (i)
            ew_buf_adds(&out, json ? ",\n" : "\n");
        (json ? ew_report_json : ew_report_text)(verdicts[i], &options, &out);
    }
    if (json)
        ew_buf_adds(&out, count > 1 ? "]\n" : "\n");
    fwrite(ew_buf_text(&out), 1, out.len, stdout);
    ew_buf_release(&out);
    if (fflush(stdout) != 0)
        return 1;
    return ew_cli_status(cli, verdicts, count);
}
