/* Memory that never fails: out of memory ends the program with exit status 1 and one line on
 * stderr, so callers never test for NULL. Sizes are bytes. */
#ifndef EDGEWALK_BASE_MEM_H
#define EDGEWALK_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

#if defined(__GNUC__)
#define EW_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define EW_PRINTF(fmt, first)
#endif

#define EW_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Zeroed storage; freed with free(). */
void *ew_alloc(size_t size);
/* Resized storage of n elements of the given size; the added part is not zeroed. */
void *ew_realloc(void *old, size_t n, size_t size);
char *ew_strdup(const char *text);              /* NULL stays NULL */
char *ew_strndup(const char *text, size_t len); /* always NUL-terminated */
char *ew_fmt(const char *format, ...) EW_PRINTF(1, 2);
char *ew_vfmt(const char *format, va_list args) EW_PRINTF(1, 0);
/* Overwrites len bytes in a way the compiler keeps: for keys and tokens. NULL is allowed. */
void ew_wipe(void *secret, size_t len);

/* Compares two texts of which either may be NULL. */
int ew_streq(const char *a, const char *b);

/* An arena: many small pieces freed together. Pieces are aligned for any type and zeroed. */
struct ew_arena;
struct ew_arena *ew_arena_new(void);
void *ew_arena_alloc(struct ew_arena *arena, size_t size);
char *ew_arena_strndup(struct ew_arena *arena, const char *text, size_t len);
char *ew_arena_strdup(struct ew_arena *arena, const char *text); /* NULL stays NULL */
char *ew_arena_fmt(struct ew_arena *arena, const char *format, ...) EW_PRINTF(2, 3);
size_t ew_arena_size(const struct ew_arena *arena); /* bytes taken from the system */
/* Zeroes every piece; the pieces stay allocated. */
void ew_arena_wipe(struct ew_arena *arena);
void ew_arena_free(struct ew_arena *arena); /* NULL is allowed */

#endif
