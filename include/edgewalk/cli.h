/* The command line: picks the verb and gives the exit status (README.md, "Exit status"). */
#ifndef EDGEWALK_CLI_H
#define EDGEWALK_CLI_H

int ew_cli_main(int argc, char **argv);

#endif
