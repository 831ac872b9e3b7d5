#include "wiped.h"

#include "edgewalk/base/mem.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#if defined(__linux__)
#include <malloc.h>
#define usable_size(memory) malloc_usable_size(memory)
#elif defined(__FreeBSD__)
#include <malloc_np.h>
#define usable_size(memory) malloc_usable_size(memory)
#elif defined(__APPLE__)
#include <malloc/malloc.h>
#define usable_size(memory) malloc_size(memory)
#endif

#ifdef usable_size

static void wiped_free(void *memory)
{
    if (memory)
        ew_wipe(memory, usable_size(memory));
    free(memory);
}

static void *wiped_realloc(void *memory, size_t size)
{
    size_t old = memory ? usable_size(memory) : 0;
    void *moved = malloc(size);
    if (!moved)
        return NULL;
    if (old)
        memcpy(moved, memory, old < size ? old : size);
    wiped_free(memory);
    return moved;
}

void io_curl_init(void)
{
    curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wiped_free, wiped_realloc, strdup, calloc);
}

#else

void io_curl_init(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

#endif
