/* Host names of listeners and routes: a wildcard takes one or more labels, never the apex
 * (HTTPRouteSpec.hostnames, Listener.hostname). */
#include "config.h"

#include "routing.h"

#include <string.h>

const char *host_lower(struct ew_arena *arena, const char *text)
{
    char *copy = ew_arena_strdup(arena, text ? text : "");
    size_t len = strlen(copy);
    if (len && copy[len - 1] == '.')
        copy[len - 1] = '\0';
    ew_text_lower(copy);
    return copy;
}

bool host_is_wildcard(const char *pattern)
{
    return pattern[0] == '*' && pattern[1] == '.';
}

bool host_stands_under(const char *pattern, const char *host)
{
    return host_is_wildcard(pattern) && *host && ew_text_ieq(pattern + 2, host);
}

static bool ends_with(const char *text, const char *suffix)
{
    size_t len = strlen(text), tail = strlen(suffix);
    return len > tail && ew_text_ieq(text + len - tail, suffix);
}

bool ew_hostname_matches(const char *pattern, const char *host)
{
    if (!pattern || !*pattern)
        return true;
    if (!host)
        return false;
    return host_is_wildcard(pattern) ? ends_with(host, pattern + 1) : ew_text_ieq(pattern, host);
}

bool host_intersects(const char *a, const char *b)
{
    if (!*a || !*b || ew_text_ieq(a, b))
        return true;
    if (host_is_wildcard(a) && host_is_wildcard(b))
        return ends_with(a, b + 1) || ends_with(b, a + 1);
    if (host_is_wildcard(a))
        return ends_with(b, a + 1);
    return host_is_wildcard(b) && ends_with(a, b + 1);
}

size_t host_specificity(const char *pattern)
{
    size_t len = strlen(pattern);
    return len && !host_is_wildcard(pattern) ? len + 4096 : len;
}
