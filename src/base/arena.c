#include "edgewalk/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks double up to the second figure: a small object costs little, a large one few calls. */
#define FIRST_BLOCK ((size_t)1024)
#define LARGEST_BLOCK ((size_t)256 * 1024)

struct block {
    struct block *next;
    size_t size, used;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct ew_arena {
    struct block *blocks; /* the first is the one being filled */
    size_t next_size, total;
};

struct ew_arena *ew_arena_new(void)
{
    struct ew_arena *arena = ew_alloc(sizeof(*arena));
    arena->next_size = FIRST_BLOCK;
    arena->total = sizeof(*arena);
    return arena;
}

static struct block *new_block(struct ew_arena *arena, size_t size)
{
    struct block *block = ew_alloc(sizeof(*block) + size);
    block->size = size;
    arena->total += sizeof(*block) + size;
    return block;
}

/* A piece larger than a quarter of a block gets a block of its own behind the first, so that the
 * rest of the first is not lost. */
static void *alloc_large(struct ew_arena *arena, size_t size)
{
    struct block *block = new_block(arena, size);
    block->used = size;
    if (arena->blocks) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        arena->blocks = block;
    }
    return block->bytes;
}

void *ew_arena_alloc(struct ew_arena *arena, size_t size)
{
    const size_t unit = _Alignof(max_align_t);
    if (size > SIZE_MAX / 2) /* the allocator says what there is to say */
        return ew_alloc(size);
    size = size ? (size + unit - 1) / unit * unit : unit;
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        if (size > arena->next_size / 4)
            return alloc_large(arena, size);
        block = new_block(arena, arena->next_size);
        block->next = arena->blocks;
        arena->blocks = block;
        if (arena->next_size < LARGEST_BLOCK)
            arena->next_size *= 2;
    }
    void *piece = block->bytes + block->used;
    block->used += size;
    return piece;
}

char *ew_arena_strndup(struct ew_arena *arena, const char *text, size_t len)
{
    char *copy = ew_arena_alloc(arena, len == SIZE_MAX ? len : len + 1);
    if (len)
        memcpy(copy, text, len);
    return copy;
}

char *ew_arena_strdup(struct ew_arena *arena, const char *text)
{
    return text ? ew_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *ew_arena_fmt(struct ew_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = ew_vfmt(format, args);
    va_end(args);
    char *copy = ew_arena_strdup(arena, text);
    free(text);
    return copy;
}

size_t ew_arena_size(const struct ew_arena *arena)
{
    return arena->total;
}

void ew_arena_wipe(struct ew_arena *arena)
{
    for (struct block *block = arena->blocks; block; block = block->next)
        ew_wipe(block->bytes, block->used);
}

void ew_arena_free(struct ew_arena *arena)
{
    if (!arena)
        return;
    for (struct block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}
