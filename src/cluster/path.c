#include "path.h"

#include <stdlib.h>
#include <string.h>

/* RFC 3986 §2.3 */
static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

static void add_encoded(struct ew_buf *out, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (is_unreserved(*c))
            ew_buf_add(out, (const char *)c, 1);
        else
            ew_buf_addf(out, "%%%02X", *c);
    }
}

/* The API server's own rule (path segment names): neither "." nor "..", no "/" and no "%". */
static bool is_segment(const char *text)
{
    return *text && strcmp(text, ".") != 0 && strcmp(text, "..") != 0 && !strpbrk(text, "/%") &&
           strlen(text) <= 253;
}

char *path_of(const char *group, const char *version, const char *plural, const char *ns,
              const char *name)
{
    struct ew_buf out;
    if ((ns && !is_segment(ns)) || (name && !is_segment(name)))
        return NULL;
    ew_buf_init(&out, 0);
    if (*group)
        ew_buf_addf(&out, "/apis/%s/%s", group, version);
    else
        ew_buf_addf(&out, "/api/%s", version);
    if (ns) {
        ew_buf_adds(&out, "/namespaces/");
        add_encoded(&out, ns);
    }
    ew_buf_addf(&out, "/%s", plural);
    if (name) {
        ew_buf_adds(&out, "/");
        add_encoded(&out, name);
    }
    return ew_buf_take(&out);
}

void path_add_query(char **path, const char *key, const char *value)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    ew_buf_addf(&out, "%s%s%s=", *path, strchr(*path, '?') ? "&" : "?", key);
    add_encoded(&out, value);
    free(*path);
    *path = ew_buf_take(&out);
}
