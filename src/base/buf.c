#include "edgewalk/base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ew_buf_init(struct ew_buf *buf, size_t max)
{
    memset(buf, 0, sizeof(*buf));
    buf->max = max;
}

void ew_buf_release(struct ew_buf *buf)
{
    free(buf->data);
    ew_buf_init(buf, buf->max);
}

void ew_buf_clear(struct ew_buf *buf)
{
    buf->len = 0;
    buf->cut = false;
    if (buf->data)
        buf->data[0] = '\0';
}

static void make_room(struct ew_buf *buf, size_t more)
{
    if (more > SIZE_MAX / 2 - buf->len) /* no machine has it: let the allocator say so */
        ew_alloc(SIZE_MAX);
    size_t need = buf->len + more + 1;
    if (need <= buf->cap)
        return;
    size_t cap = buf->cap ? buf->cap : 64;
    while (cap < need)
        cap *= 2;
    buf->data = ew_realloc(buf->data, cap, 1);
    buf->cap = cap;
}

void ew_buf_add(struct ew_buf *buf, const char *bytes, size_t len)
{
    if (buf->max && len > buf->max - buf->len) {
        len = buf->max - buf->len;
        buf->cut = true;
    }
    make_room(buf, len);
    if (len)
        memcpy(buf->data + buf->len, bytes, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void ew_buf_adds(struct ew_buf *buf, const char *text)
{
    if (text)
        ew_buf_add(buf, text, strlen(text));
}

void ew_buf_addf(struct ew_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = ew_vfmt(format, args);
    va_end(args);
    ew_buf_adds(buf, text);
    free(text);
}

const char *ew_buf_text(const struct ew_buf *buf)
{
    return buf->data ? buf->data : "";
}

char *ew_buf_take(struct ew_buf *buf)
{
    char *text = buf->data ? buf->data : ew_strdup("");
    ew_buf_init(buf, buf->max);
    return text;
}

void ew_ptrs_add(struct ew_ptrs *list, void *item)
{
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 8;
        list->at = ew_realloc(list->at, list->cap, sizeof(*list->at));
    }
    list->at[list->count++] = item;
}

void ew_ptrs_release(struct ew_ptrs *list)
{
    free(list->at);
    memset(list, 0, sizeof(*list));
}
