/* Files read whole into memory that is overwritten after use: any of them may hold a key. */
#ifndef EW_CLUSTER_TEXT_H
#define EW_CLUSTER_TEXT_H

#include "edgewalk/base/buf.h"
#include "edgewalk/base/err.h"

/* Bytes with a ceiling, of which no copy stays behind when they grow. data has a NUL after len. */
struct cluster_text {
    char *data;
    size_t len, cap;
};

/* False, and nothing added, when it would pass max bytes. */
bool cluster_text_add(struct cluster_text *text, const char *bytes, size_t len, size_t max);
void cluster_text_release(struct cluster_text *text); /* overwrites; may be filled again */

/* A regular file or a pipe to its end. EW_EUSAGE, "PATH: why", when it cannot be read, EW_ELIMIT
 * when it is over max bytes. name stands in messages. */
int cluster_text_read(struct cluster_text *text, const char *path, const char *name, size_t max,
                      struct ew_err *err);
/* The same from an open descriptor, which stays open. */
int cluster_text_read_fd(struct cluster_text *text, int fd, const char *name, size_t max,
                         struct ew_err *err);

#endif
