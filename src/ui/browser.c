#include "browser.h"

#include "edgewalk/base/mem.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MOST = 8 };
static pid_t started[MOST]; /* 0: free */

static int spawn(char *const argv[], pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    /* It must neither draw on our screen nor hold our connections open. */
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID);
    int rc = posix_spawnp(pid, argv[0], &files, &how, argv, environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

bool ui_browser_open(const char *link)
{
    const char *name = getenv("BROWSER");
    size_t slot = 0;
    ui_browser_reap();
    while (slot < MOST && started[slot])
        slot++;
    if (!name || !*name || slot == MOST)
        return false;
    /* A list of several, as some have it: the first. */
    char *first = ew_strndup(name, strcspn(name, ":")), *copy = ew_strdup(link);
    char *const argv[] = {first, copy, NULL};
    int rc = spawn(argv, &started[slot]);
    if (rc != 0)
        started[slot] = 0;
    free(first);
    free(copy);
    return rc == 0;
}

void ui_browser_reap(void)
{
    for (size_t i = 0; i < MOST; i++)
        if (started[i] && waitpid(started[i], NULL, WNOHANG) != 0)
            started[i] = 0;
}
