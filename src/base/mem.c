#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "edgewalk/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void out_of_memory(void)
{
    fputs("edgewalk: out of memory\n", stderr);
    exit(1);
}

void *ew_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

void *ew_realloc(void *old, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        out_of_memory();
    void *memory = realloc(old, n && size ? n * size : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

char *ew_strdup(const char *text)
{
    return text ? ew_strndup(text, strlen(text)) : NULL;
}

char *ew_strndup(const char *text, size_t len)
{
    if (len == SIZE_MAX)
        out_of_memory();
    char *copy = ew_alloc(len + 1);
    if (len)
        memcpy(copy, text, len);
    return copy;
}

char *ew_vfmt(const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len < 0)
        out_of_memory();
    char *text = ew_alloc((size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

char *ew_fmt(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = ew_vfmt(format, args);
    va_end(args);
    return text;
}

void ew_wipe(void *secret, size_t len)
{
    if (!secret || !len)
        return;
#ifdef HAVE_EXPLICIT_BZERO
    explicit_bzero(secret, len);
#else
    volatile unsigned char *at = secret;
    while (len--)
        *at++ = 0;
#endif
}

int ew_streq(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    return strcmp(a, b) == 0;
}
