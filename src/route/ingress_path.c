/* Paths of Ingresses (networking.k8s.io/v1 HTTPIngressPath), and what controllers make of those
 * that are left to them. */
#include "config.h"

#include "ingress.h"

#include <string.h>

static bool is_own(const struct ingress_rule *rule)
{
    return strcmp(rule->type, "ImplementationSpecific") == 0;
}

bool ingress_by_regex(const struct ingress_rule *rule)
{
    const struct ew_obj *obj = rule->ingress->obj;
    return is_own(rule) &&
           (ew_streq(ew_obj_annotation(obj, "nginx.ingress.kubernetes.io/use-regex"), "true") ||
            ew_obj_annotation(obj, "nginx.ingress.kubernetes.io/rewrite-target"));
}

static bool by_pattern(const struct ingress_rule *rule)
{
    return is_own(rule) && rule->ingress->patterns;
}

const char *ingress_path_reading(const struct ingress_rule *rule)
{
    if (ingress_by_regex(rule))
        return "a regular expression";
    return by_pattern(rule) ? "a pattern: * stands for anything, and without one it is exact"
                            : "Prefix";
}

static enum ew_yes regex_takes_path(struct draft *draft, const struct ingress_rule *rule)
{
    const char *error;
    struct regex *regex =
        regex_get(draft->routing, ew_arena_fmt(draft->arena, "(?i)%s.*", rule->text), &error);
    return regex ? regex_takes(regex, draft->ask.path) : EW_MAYBE;
}

/* "*" stands for any characters. */
static bool pattern_takes(const char *pattern, const char *path)
{
    const char *star = NULL, *from = NULL;
    while (*path) {
        if (*pattern == '*') {
            star = pattern++;
            from = path;
        } else if (*pattern == *path) {
            pattern++;
            path++;
        } else if (star) {
            pattern = star + 1;
            path = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

static bool is_exact(const struct ingress_rule *rule)
{
    return rule->exact || (by_pattern(rule) && !strchr(rule->text, '*'));
}

static enum ew_yes path_takes(struct draft *draft, const struct ingress_rule *rule)
{
    size_t len = strlen(rule->text);
    const char *path = draft->ask.path;
    if (is_exact(rule))
        return strcmp(path, rule->text) == 0;
    if (ingress_by_regex(rule))
        return regex_takes_path(draft, rule);
    if (by_pattern(rule))
        return pattern_takes(rule->text, path);
    if (rule->text[len - 1] == '/')
        len--;
    return draft->ask.path_len >= len && strncmp(path, rule->text, len) == 0 &&
           (draft->ask.path_len == len || path[len] == '/');
}

static const char *relation(const struct ingress_rule *rule)
{
    if (is_exact(rule))
        return "exactly";
    return ingress_by_regex(rule) || by_pattern(rule) ? "matched by" : "under";
}

enum ew_yes ingress_path_takes(struct draft *draft, const struct ingress_rule *rule,
                               struct ew_miss *miss)
{
    enum ew_yes takes = path_takes(draft, rule);
    if (!miss)
        return takes;
    miss->type = rule->type;
    miss->path = rule->text;
    if (takes != EW_NO)
        return takes;
    miss->part = EW_PART_PATH;
    miss->why = ew_arena_fmt(draft->arena, "path %s is not %s %s", draft->ask.path, relation(rule),
                             rule->text);
    if (is_exact(rule) || (!ingress_by_regex(rule) && !by_pattern(rule)))
        miss_near(miss, is_exact(rule), &draft->ask);
    return takes;
}
