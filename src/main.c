#include "edgewalk/cli.h"

int main(int argc, char **argv)
{
    return ew_cli_main(argc, argv);
}
