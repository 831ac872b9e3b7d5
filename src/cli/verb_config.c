#include "config.h"

#include "cli.h"

#include <stdio.h>
#include <string.h>

int ew_verb_config(const struct ew_cli *cli)
{
    struct ew_err err = {0};
    struct ew_buf text;
    if (cli->arg_count != 1 || strcmp(cli->args[0], "print") != 0) {
        ew_fail(&err, EW_EUSAGE, "edgewalk config print shows the configuration in force");
        return ew_cli_fail(&err);
    }
    ew_buf_init(&text, 0);
    ew_cli_config_print(cli->config, &text);
    fputs(ew_buf_text(&text), stdout);
    ew_buf_release(&text);
    return fflush(stdout) == 0 ? 0 : 1;
}
