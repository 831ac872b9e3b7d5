/* A growing text with a ceiling, a growing list of pointers, and a map from text to pointer. */
#ifndef EDGEWALK_BASE_BUF_H
#define EDGEWALK_BASE_BUF_H

#include "edgewalk/base/mem.h"

#include <stdbool.h>
#include <stdint.h>

/* data is NUL-terminated once anything was added (NULL before). What would pass max bytes is
 * cut and `cut` is set; max 0 means no ceiling, for text of our own making only. */
struct ew_buf {
    char *data;
    size_t len, cap, max;
    bool cut;
};

void ew_buf_init(struct ew_buf *buf, size_t max);
void ew_buf_release(struct ew_buf *buf);
void ew_buf_clear(struct ew_buf *buf);
void ew_buf_add(struct ew_buf *buf, const char *bytes, size_t len);
void ew_buf_adds(struct ew_buf *buf, const char *text);
void ew_buf_addf(struct ew_buf *buf, const char *format, ...) EW_PRINTF(2, 3);
const char *ew_buf_text(const struct ew_buf *buf); /* "" when empty */
char *ew_buf_take(struct ew_buf *buf);             /* the caller's to free; the buf is empty then */

/* A list of pointers, which it does not own. */
struct ew_ptrs {
    void **at;
    size_t count, cap;
};

void ew_ptrs_add(struct ew_ptrs *list, void *item);
void ew_ptrs_release(struct ew_ptrs *list);

/* A map from text to pointer; keys are copied, values are not owned. Iteration (at) is in the
 * order of insertion, so that what is printed from it is the same every time. */
struct ew_map;
struct ew_map *ew_map_new(void);
void ew_map_free(struct ew_map *map);
void ew_map_set(struct ew_map *map, const char *key, void *value); /* replaces */
void *ew_map_get(const struct ew_map *map, const char *key);       /* NULL: not there */
size_t ew_map_count(const struct ew_map *map);
const char *ew_map_key(const struct ew_map *map, size_t index);
void *ew_map_value(const struct ew_map *map, size_t index);

uint64_t ew_hash(const void *bytes, size_t len); /* FNV-1a, the same on every run */

#endif
