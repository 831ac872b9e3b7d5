#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STEP = 64 * 1024 };

static void grow(struct cluster_text *text, size_t need)
{
    size_t cap = text->cap ? text->cap : 4096;
    while (cap < need)
        cap *= 2;
    char *grown = ew_alloc(cap);
    if (text->len)
        memcpy(grown, text->data, text->len);
    ew_wipe(text->data, text->len);
    free(text->data);
    text->data = grown;
    text->cap = cap;
}

bool cluster_text_add(struct cluster_text *text, const char *bytes, size_t len, size_t max)
{
    if (len > max || text->len > max - len)
        return false;
    if (text->cap - text->len < len + 1)
        grow(text, text->len + len + 1);
    memcpy(text->data + text->len, bytes, len);
    text->len += len;
    text->data[text->len] = '\0';
    return true;
}

void cluster_text_release(struct cluster_text *text)
{
    ew_wipe(text->data, text->len);
    free(text->data);
    memset(text, 0, sizeof(*text));
}

int cluster_text_read_fd(struct cluster_text *text, int fd, const char *name, size_t max,
                         struct ew_err *err)
{
    char *step = ew_alloc(STEP);
    int code = EW_OK;
    cluster_text_add(text, "", 0, max);
    for (ssize_t got = 1; got != 0 && code == EW_OK;) {
        got = read(fd, step, STEP);
        if (got < 0 && errno != EINTR)
            code = ew_fail(err, EW_EUSAGE, "%s: %s", name, strerror(errno));
        else if (got > 0 && !cluster_text_add(text, step, (size_t)got, max))
            code = ew_fail(err, EW_ELIMIT, "%s: over %zu bytes", name, max);
    }
    ew_wipe(step, STEP);
    free(step);
    if (code != EW_OK)
        cluster_text_release(text);
    return code;
}

int cluster_text_read(struct cluster_text *text, const char *path, const char *name, size_t max,
                      struct ew_err *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ew_fail(err, EW_EUSAGE, "%s: %s", name, strerror(errno));
    int code = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)
                   ? ew_fail(err, EW_EUSAGE, "%s: is a directory", name)
                   : cluster_text_read_fd(text, fd, name, max, err);
    close(fd);
    return code;
}
