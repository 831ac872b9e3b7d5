#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *in_folder(const char *folder, size_t len)
{
    char *path = ew_fmt("%.*s/edgewalk-lab", (int)len, folder);
    if (access(path, X_OK) == 0)
        return path;
    free(path);
    return NULL;
}

/* The lab is a program of its own: beside this one in a build tree, else where it was installed. */
static char *lab_beside(const char *self)
{
    const char *slash = strrchr(self, '/');
    if (slash)
        return in_folder(self, (size_t)(slash - self));
    char *found = NULL;
    for (const char *at = getenv("PATH"); at && *at && !found;) {
        size_t len = strcspn(at, ":");
        found = len ? in_folder(at, len) : NULL;
        at += len + (at[len] == ':');
    }
    return found;
}

int ew_verb_lab(const struct ew_cli *cli)
{
    struct ew_err err = {.code = EW_EFAILED};
    char *beside = lab_beside(cli->argv[0]);
    const char *path = beside ? beside : PKGLIBEXECDIR "/edgewalk-lab";
    char **argv = ew_alloc((size_t)(cli->argc + 1) * sizeof(*argv));
    int count = 0;
    for (int i = 0; i < cli->argc; i++)
        if (i == 0 || strcmp(cli->argv[i], "lab") != 0 || count > 1)
            argv[count++] = cli->argv[i];
    setenv("EDGEWALK", cli->argv[0], 0);
    execv(path, argv);
    ew_fail(&err, EW_EFAILED, "cannot run the lab (%s): %s", path, strerror(errno));
    free(argv);
    free(beside);
    return ew_cli_fail(&err);
}
