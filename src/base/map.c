#include "edgewalk/base/buf.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    char *key;
    void *value;
    uint64_t hash;
};

/* Entries in order of insertion, and an open-addressing table of their indexes + 1. */
struct ew_map {
    struct entry *entries;
    size_t count, cap;
    size_t *slots;
    size_t slot_count; /* a power of two, at least twice count */
};

uint64_t ew_hash(const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    uint64_t hash = 14695981039346656037u;
    while (len--) {
        hash ^= *at++;
        hash *= 1099511628211u;
    }
    return hash;
}

struct ew_map *ew_map_new(void)
{
    return ew_alloc(sizeof(struct ew_map));
}

void ew_map_free(struct ew_map *map)
{
    if (!map)
        return;
    for (size_t i = 0; i < map->count; i++)
        free(map->entries[i].key);
    free(map->entries);
    free(map->slots);
    free(map);
}

/* The slot that holds the key, or the free one where it would go. */
static size_t *find_slot(const struct ew_map *map, const char *key, uint64_t hash)
{
    size_t mask = map->slot_count - 1;
    for (size_t i = (size_t)(hash ^ hash >> 32) & mask;; i = (i + 1) & mask) {
        size_t *slot = &map->slots[i];
        if (!*slot)
            return slot;
        const struct entry *entry = &map->entries[*slot - 1];
        if (entry->hash == hash && strcmp(entry->key, key) == 0)
            return slot;
    }
}

static void grow(struct ew_map *map)
{
    map->slot_count = map->slot_count ? map->slot_count * 2 : 16;
    free(map->slots);
    map->slots = ew_alloc(map->slot_count * sizeof(*map->slots));
    for (size_t i = 0; i < map->count; i++)
        *find_slot(map, map->entries[i].key, map->entries[i].hash) = i + 1;
    map->cap = map->slot_count / 2;
    map->entries = ew_realloc(map->entries, map->cap, sizeof(*map->entries));
}

void ew_map_set(struct ew_map *map, const char *key, void *value)
{
    uint64_t hash = ew_hash(key, strlen(key));
    if (map->count == map->cap)
        grow(map);
    size_t *slot = find_slot(map, key, hash);
    if (!*slot) {
        map->entries[map->count++] = (struct entry){.key = ew_strdup(key), .hash = hash};
        *slot = map->count;
    }
    map->entries[*slot - 1].value = value;
}

void *ew_map_get(const struct ew_map *map, const char *key)
{
    if (!map || !map->count || !key)
        return NULL;
    size_t slot = *find_slot(map, key, ew_hash(key, strlen(key)));
    return slot ? map->entries[slot - 1].value : NULL;
}

size_t ew_map_count(const struct ew_map *map)
{
    return map ? map->count : 0;
}

const char *ew_map_key(const struct ew_map *map, size_t index)
{
    return map->entries[index].key;
}

void *ew_map_value(const struct ew_map *map, size_t index)
{
    return map->entries[index].value;
}
