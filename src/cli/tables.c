/* Prints the option tables in troff: man/edgewalk.1 holds them between two marks. */
#include "cli.h"

#include <stdio.h>

int main(void)
{
    struct ew_buf text;
    ew_buf_init(&text, 0);
    ew_cli_man_options(&text);
    fputs(ew_buf_text(&text), stdout);
    ew_buf_release(&text);
    return 0;
}
