#include "config.h"

#include "rule.h"

#include "match.h"

#include <string.h>

static void spoil(struct rule *rule, const char *reason, const char *why)
{
    if (rule->invalid)
        return;
    rule->invalid = reason;
    rule->invalid_why = why;
}

static void spoil_value(struct ew_routing *routing, struct rule *rule, const char *what,
                        const char *value)
{
    spoil(
        rule, "UnsupportedValue",
        ew_arena_fmt(routing->arena, "rule %d: %s %s is not supported", rule->index, what, value));
}

static struct regex *read_regex(struct ew_routing *routing, struct rule *rule, const char *pattern)
{
    const char *error = NULL;
    struct regex *regex = regex_get(routing, pattern, &error);
    if (!regex)
        spoil(rule, "UnsupportedValue",
              ew_arena_fmt(routing->arena, "rule %d: regular expression %s: %s", rule->index,
                           pattern, error));
    return regex;
}

/* ---- headers and query parameters ---- */

static bool seen_name(const struct field_match *fields, size_t count, const char *name, bool exact)
{
    for (size_t i = 0; i < count; i++)
        if (exact ? strcmp(fields[i].name, name) == 0 : ew_text_ieq(fields[i].name, name))
            return true;
    return false;
}

/* Of entries with one name only the first counts. */
static struct field_match *read_fields(struct ew_routing *routing, struct rule *rule,
                                       const struct ew_json *list, bool exact, size_t *count)
{
    size_t most = ew_json_count(list);
    struct field_match *fields =
        most ? ew_arena_alloc(routing->arena, most * sizeof(*fields)) : NULL;
    EW_JSON_EACH(entry, list)
    {
        const char *name = ew_json_get_str(entry, "name", NULL);
        const char *type = ew_json_get_str(entry, "type", "Exact");
        if (!name || seen_name(fields, *count, name, exact))
            continue;
        struct field_match *field = &fields[(*count)++];
        field->name = name;
        field->value = ew_json_get_str(entry, "value", "");
        if (strcmp(type, "RegularExpression") == 0)
            field->broken = !(field->regex = read_regex(routing, rule, field->value));
        else if (strcmp(type, "Exact") != 0)
            spoil_value(routing, rule, "match type", type);
    }
    return fields;
}

/* ---- HTTP ---- */

static void set_prefix(struct match *match, const char *path)
{
    match->type = MATCH_PREFIX;
    match->path = match->key = path;
    match->weight = match->key_len = strlen(path);
    if (match->key_len && path[match->key_len - 1] == '/')
        match->key_len--;
}

static void read_path(struct ew_routing *routing, struct rule *rule, struct match *match,
                      const struct ew_json *path)
{
    const char *type = ew_json_get_str(path, "type", "PathPrefix");
    const char *value = ew_json_get_str(path, "value", "/");
    set_prefix(match, value);
    if (strcmp(type, "Exact") == 0) {
        match->type = MATCH_EXACT;
        match->key_len = match->weight;
    } else if (strcmp(type, "RegularExpression") == 0) {
        match->type = MATCH_REGEX;
        match->regex = read_regex(routing, rule, value);
    } else if (strcmp(type, "PathPrefix") != 0) {
        spoil_value(routing, rule, "path match type", type);
    }
    if (match->type != MATCH_REGEX && value[0] != '/')
        spoil(rule, "UnsupportedValue",
              ew_arena_fmt(routing->arena, "rule %d: path \"%s\" does not begin with /",
                           rule->index, value));
}

static bool known_method(const char *method)
{
    static const char *const methods[] = {"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                          "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    for (size_t i = 0; i < EW_COUNT(methods); i++)
        if (strcmp(methods[i], method) == 0)
            return true;
    return false;
}

static void read_http(struct ew_routing *routing, struct rule *rule, struct match *match,
                      const struct ew_json *json)
{
    read_path(routing, rule, match, ew_json_get(json, "path"));
    match->method = ew_json_get_str(json, "method", NULL);
    match->headers =
        read_fields(routing, rule, ew_json_get(json, "headers"), false, &match->header_count);
    match->query =
        read_fields(routing, rule, ew_json_get(json, "queryParams"), true, &match->query_count);
    if (match->method && !known_method(match->method))
        spoil_value(routing, rule, "method", match->method);
    if (match->method && !feature_on(routing, NULL, "HTTPRouteMethodMatching"))
        spoil_value(routing, rule, "matching by", "method");
    if (match->query_count && !feature_on(routing, NULL, "HTTPRouteQueryParamMatching"))
        spoil_value(routing, rule, "matching by", "query parameter");
}

/* ---- gRPC ---- */

static void grpc_exact(struct ew_routing *routing, struct match *match, const char *service,
                       const char *method)
{
    if (*service && *method) {
        match->type = MATCH_EXACT;
        match->path = ew_arena_fmt(routing->arena, "/%s/%s", service, method);
    } else if (*method) {
        match->type = MATCH_SUFFIX;
        match->path = ew_arena_fmt(routing->arena, "/*/%s", method);
        match->key = method;
        match->key_len = match->weight = strlen(method);
        return;
    } else {
        match->type = MATCH_PREFIX;
        match->path = *service ? ew_arena_fmt(routing->arena, "/%s", service) : "";
    }
    match->key = match->path;
    match->key_len = match->weight = strlen(match->path);
}

static void grpc_regex(struct ew_routing *routing, struct rule *rule, struct match *match,
                       const char *service, const char *method)
{
    match->type = MATCH_REGEX;
    match->path =
        ew_arena_fmt(routing->arena, "/%s/%s", *service ? service : "*", *method ? method : "*");
    match->key = match->path;
    match->key_len = match->weight = strlen(match->path);
    match->regex = *service ? read_regex(routing, rule, service) : NULL;
    match->regex_method = *method ? read_regex(routing, rule, method) : NULL;
}

static void read_grpc(struct ew_routing *routing, struct rule *rule, struct match *match,
                      const struct ew_json *json)
{
    const struct ew_json *what = ew_json_get(json, "method");
    const char *type = ew_json_get_str(what, "type", "Exact");
    const char *service = ew_json_get_str(what, "service", "");
    const char *method = ew_json_get_str(what, "method", "");
    match->grpc = true;
    if (strcmp(type, "RegularExpression") == 0)
        grpc_regex(routing, rule, match, service, method);
    else
        grpc_exact(routing, match, service, method);
    if (strcmp(type, "RegularExpression") != 0 && strcmp(type, "Exact") != 0)
        spoil_value(routing, rule, "method match type", type);
    match->headers =
        read_fields(routing, rule, ew_json_get(json, "headers"), false, &match->header_count);
}

/* ---- rules ---- */

static void read_match(struct ew_routing *routing, struct rule *rule, struct match *match,
                       const struct ew_json *json, int index)
{
    match->rule = rule;
    match->index = index;
    switch (rule->route->obj->kind) {
    case EW_HTTPROUTE:
        read_http(routing, rule, match, json);
        break;
    case EW_GRPCROUTE:
        read_grpc(routing, rule, match, json);
        break;
    default: /* a stream: the rule takes all */
        set_prefix(match, "");
        break;
    }
}

static void read_rule(struct ew_routing *routing, struct rule *rule, struct route *route,
                      const struct ew_json *json, int index)
{
    const struct ew_json *list = ew_json_get(json, "matches");
    bool http = route->obj->kind == EW_HTTPROUTE || route->obj->kind == EW_GRPCROUTE;
    rule->route = route;
    rule->index = index;
    rule->json = json;
    rule->match_count = http && ew_json_is(list, EW_JSON_ARRAY) ? ew_json_count(list) : 0;
    if (!rule->match_count) {
        rule->matches = ew_arena_alloc(routing->arena, sizeof(*rule->matches));
        read_match(routing, rule, rule->matches, NULL, -1);
        rule->match_count = 1;
    } else {
        int at = 0;
        rule->matches = ew_arena_alloc(routing->arena, rule->match_count * sizeof(*rule->matches));
        EW_JSON_EACH(entry, list)
        {
            read_match(routing, rule, &rule->matches[at], entry, at);
            at++;
        }
    }
    const char *why = NULL, *reason = filters_fault(routing, rule, &why);
    if (reason)
        spoil(rule, reason, why);
}

/* An HTTPRoute without rules has one that takes everything and leads nowhere (the CRD's default).
 */
static size_t count_rules(const struct route *route, const struct ew_json *rules)
{
    if (ew_json_is(rules, EW_JSON_ARRAY))
        return ew_json_count(rules);
    return route->obj->kind == EW_HTTPROUTE;
}

void rules_compile(struct ew_routing *routing, struct route *route)
{
    const struct ew_json *rules = ew_obj_at(route->obj, "spec.rules");
    size_t broken = 0;
    int index = 0;
    route->rule_count = count_rules(route, rules);
    route->rules = ew_arena_alloc(routing->arena, (route->rule_count + 1) * sizeof(*route->rules));
    if (route->rule_count && !ew_json_is(rules, EW_JSON_ARRAY))
        read_rule(routing, &route->rules[0], route, NULL, 0);
    else
        EW_JSON_EACH(json, rules)
        {
            if ((size_t)index < route->rule_count)
                read_rule(routing, &route->rules[index], route, json, index);
            index++;
        }
    for (size_t i = 0; i < route->rule_count; i++)
        broken += route->rules[i].invalid != NULL;
    if (broken && broken == route->rule_count) {
        route->invalid = route->rules[0].invalid;
        route->invalid_why = route->rules[0].invalid_why;
    }
}
