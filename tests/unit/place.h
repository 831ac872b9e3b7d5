/* A folder of a test's own, and files in it. */
#ifndef TESTS_UNIT_PLACE_H
#define TESTS_UNIT_PLACE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    char path[64];
};

static inline void place_make(struct place *place)
{
    snprintf(place->path, sizeof(place->path), "/tmp/edgewalk-test-XXXXXX");
    if (!mkdtemp(place->path))
        abort();
}

static inline void place_remove(struct place *place)
{
    char command[128];
    snprintf(command, sizeof(command), "rm -rf '%s'", place->path);
    if (system(command) != 0)
        abort();
}

/* The file's whole name; in storage of the caller's of at least 256 bytes. */
static inline const char *place_name(const struct place *place, const char *name, char *out)
{
    snprintf(out, 256, "%s/%s", place->path, name);
    return out;
}

static inline void place_write(const struct place *place, const char *name, const char *text)
{
    char path[256];
    FILE *file = fopen(place_name(place, name, path), "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
}

static inline void place_folder(const struct place *place, const char *name)
{
    char path[256];
    if (mkdir(place_name(place, name, path), 0755) != 0)
        abort();
}

#endif
