/* Prints what other texts are made from: `tables man`, the option tables in troff for
 * man/edgewalk.1; `tables runbook`, the page that runbook links lead to. */
#include "cli.h"

#include "runbook.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    if (argc == 2 && strcmp(argv[1], "runbook") == 0)
        ew_cli_runbook(&text);
    else
        ew_cli_man_options(&text);
    fputs(ew_buf_text(&text), stdout);
    ew_buf_release(&text);
    return 0;
}
