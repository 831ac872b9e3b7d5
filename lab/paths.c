#include "paths.h"

#include "edgewalk/base/mem.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A path beside this program, if it is there. The caller's. */
static char *beside(const char *name)
{
    char self[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0)
        return NULL;
    self[len] = '\0';
    char *slash = strrchr(self, '/');
    char *path = ew_fmt("%.*s/%s", (int)(slash - self), self, name);
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    return NULL;
}

char *lab_path_scenarios(void)
{
    char *path = beside("lab/playable");
    return path ? path : ew_strdup(PKGDATADIR "/lab/scenarios");
}

char *lab_path_edgewalk(void)
{
    const char *given = getenv("EDGEWALK");
    if (given && *given)
        return ew_strdup(given);
    char *path = beside("edgewalk");
    return path ? path : ew_strdup(BINDIR "/edgewalk");
}
