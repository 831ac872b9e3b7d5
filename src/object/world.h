/* The index of a snapshot's objects, and what its reads cover. */
#ifndef OBJECT_WORLD_H
#define OBJECT_WORLD_H

#include "edgewalk/object.h"

struct ew_world {
    struct ew_snapshot *snapshot;
    struct ew_arena *arena;
    struct ew_ptrs kinds[EW_KIND_COUNT + 1]; /* of struct ew_obj *, by namespace then name */
    bool files;
    const char *offline; /* why no read can come; NULL when reads can */
    const char *own_ns;
};

/* What a read of this key saw; false when there was none. */
bool ew_world_read(const struct ew_world *world, char *key, struct ew_seen *seen);

#endif
