/* How near a rule that does not take a request comes to it. */
#include "config.h"

#include "match.h"

#include <string.h>
#include <strings.h>

/* ---- paths ---- */

static size_t without_slash(const char *path)
{
    size_t len = strlen(path);
    return len && path[len - 1] == '/' ? len - 1 : len;
}

static bool slash_apart(const char *a, const char *b)
{
    size_t len = without_slash(a);
    return len && len == without_slash(b) && strncmp(a, b, len) == 0 && strcmp(a, b) != 0;
}

/* Whether the path is that of the match or below it, letters of either case being one. */
static bool case_apart(const char *path, const char *of, bool exact)
{
    size_t len = exact ? strlen(of) : without_slash(of);
    if (!len || strncasecmp(path, of, len) != 0)
        return false;
    return path[len] == '\0' || (!exact && path[len] == '/');
}

static bool is_below(const char *path, const char *of)
{
    size_t len = without_slash(of);
    return len && strncmp(path, of, len) == 0 && path[len] == '/' && path[len + 1];
}

static bool by_star(const char *path, const char *of)
{
    size_t len = strlen(of);
    return len > 2 && of[len - 1] == '*' && strncmp(path, of, len - 1) == 0;
}

static bool by_characters(const char *path, const char *of)
{
    size_t len = without_slash(of);
    return len && strncmp(path, of, len) == 0;
}

/* The match's own letters, then what the request has below. */
static const char *in_its_letters(const struct ask *ask, const char *of)
{
    size_t len = strlen(of), all = strlen(ask->path);
    return ew_arena_fmt(ask->arena, "%s%s", of, all > len ? ask->path + len : "");
}

void miss_near(struct ew_miss *miss, bool exact, const struct ask *ask)
{
    const char *path = ask->path, *of = miss->path;
    if (exact && slash_apart(path, of)) {
        miss->near = EW_NEAR_SLASH;
        miss->would = of;
    } else if (case_apart(path, of, exact)) {
        miss->near = EW_NEAR_CASE;
        miss->would = in_its_letters(ask, of);
    } else if (by_star(path, of)) {
        miss->near = EW_NEAR_STAR;
    } else if (exact && is_below(path, of)) {
        miss->near = EW_NEAR_BELOW;
        miss->would = of;
    } else if (!exact && by_characters(path, of)) {
        miss->near = EW_NEAR_CHARACTERS;
    }
}

/* ---- which is nearest ---- */

/* A path of whose characters alone the request has the beginning is a chance resemblance before
 * anything else. */
static int class_of(const struct ew_miss *miss)
{
    if (miss->part == EW_PART_PATH || miss->part == EW_PART_NONE)
        return miss->near > EW_NEAR_CHARACTERS ? 2 : miss->near;
    return 2;
}

/* The longer path is the one that was meant; of equal ones, what is least to mend. */
int ew_miss_order(const struct ew_miss *a, const struct ew_miss *b)
{
    int order = class_of(b) - class_of(a);
    size_t left = a->path ? strlen(a->path) : 0, right = b->path ? strlen(b->path) : 0;
    if (order || !class_of(a))
        return order;
    if (left != right)
        return left > right ? -1 : 1;
    return (int)b->near - (int)a->near;
}
