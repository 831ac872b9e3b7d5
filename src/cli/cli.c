#include "config.h"

#include "cli.h"

#include "edgewalk/cli.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>

static int run(struct ew_cli *cli)
{
    struct ew_err err = {0};
    struct ew_cli_config config = {0};
    int status;
    if (cli->verb->bit != ON_LAB && ew_cli_config_load(&config, &err) != EW_OK) {
        status = ew_cli_fail(&err);
    } else {
        cli->config = &config;
        status = cli->verb->run(cli);
    }
    ew_cli_config_release(&config);
    return status;
}

int ew_cli_main(int argc, char **argv)
{
    struct ew_err err = {0};
    struct ew_cli cli;
    int status;
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    if (ew_cli_parse(&cli, argc, argv, &err) != EW_OK) {
        status = ew_cli_fail(&err);
    } else if (ew_cli_has(&cli, OPT_VERSION)) {
        puts("edgewalk " PACKAGE_VERSION);
        status = 0;
    } else if (ew_cli_has(&cli, OPT_HELP)) {
        struct ew_buf text;
        ew_buf_init(&text, 0);
        ew_cli_usage(argc == 2 ? NULL : cli.verb, &text);
        fputs(ew_buf_text(&text), stdout);
        ew_buf_release(&text);
        status = 0;
    } else {
        status = run(&cli);
    }
    ew_cli_release(&cli);
    return status;
}
