/* Which filters there are, and what makes those of a rule impossible to implement. */
#include "config.h"

#include "filter.h"
#include "rule.h"

#include <stdio.h>
#include <string.h>

static const struct filter_row filter_rows[] = {
    {"RequestHeaderModifier", "requestHeaderModifier", NULL, true},
    {"ResponseHeaderModifier", "responseHeaderModifier", NULL, true},
    {"RequestMirror", "requestMirror", NULL, true},
    {"RequestRedirect", "requestRedirect", NULL, false},
    {"URLRewrite", "urlRewrite", NULL, false},
    {"CORS", "cors", "HTTPRouteCORS", false},
    {"ExternalAuth", "externalAuth", NULL, false},
    {"ExtensionRef", "extensionRef", NULL, true},
};

const struct filter_row *filter_row(const char *type)
{
    for (size_t i = 0; i < EW_COUNT(filter_rows); i++)
        if (strcmp(filter_rows[i].type, type) == 0)
            return &filter_rows[i];
    return NULL;
}

static const char *value_fault(struct ew_routing *routing, const struct rule *rule,
                               const char *what, const char *value, const char **why)
{
    *why =
        ew_arena_fmt(routing->arena, "rule %d: %s %s is not supported", rule->index, what, value);
    return "UnsupportedValue";
}

/* ReplacePrefixMatch goes with PathPrefix matches only (HTTPPathModifier). */
static const char *modifier_fault(struct ew_routing *routing, const struct rule *rule,
                                  const struct ew_json *modifier, const char **why)
{
    const char *type = ew_json_get_str(modifier, "type", NULL);
    if (!modifier || (type && strcmp(type, "ReplaceFullPath") == 0))
        return NULL;
    if (!type || strcmp(type, "ReplacePrefixMatch") != 0)
        return value_fault(routing, rule, "path modifier", type ? type : "(none)", why);
    for (size_t i = 0; i < rule->match_count; i++)
        if (rule->matches[i].type != MATCH_PREFIX)
            return value_fault(routing, rule, "ReplacePrefixMatch with a match that is",
                               "no PathPrefix", why);
    return NULL;
}

static const char *redirect_fault(struct ew_routing *routing, const struct rule *rule,
                                  const struct ew_json *redirect, const char **why)
{
    static const int statuses[] = {301, 302, 303, 307, 308};
    const char *scheme = ew_json_get_str(redirect, "scheme", "http");
    long status = ew_json_get_int(redirect, "statusCode", 302);
    char feature[64], number[24];
    bool known = false;
    if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
        return value_fault(routing, rule, "redirect scheme", scheme, why);
    for (size_t i = 0; i < EW_COUNT(statuses); i++)
        known |= status == statuses[i];
    known |= status == 302;
    snprintf(feature, sizeof(feature), "HTTPRoute%ldRedirectStatusCode", status);
    snprintf(number, sizeof(number), "%ld", status);
    if (!known || (status > 302 && !feature_on(routing, NULL, feature)))
        return value_fault(routing, rule, "redirect status", number, why);
    return modifier_fault(routing, rule, ew_json_get(redirect, "path"), why);
}

static const char *one_fault(struct ew_routing *routing, const struct rule *rule,
                             const struct ew_json *filter, const char **why)
{
    const char *type = ew_json_get_str(filter, "type", "(none)");
    const struct filter_row *row = filter_row(type);
    bool grpc = rule->route->obj->kind == EW_GRPCROUTE;
    if (!row || (grpc && !row->grpc))
        return value_fault(routing, rule, "filter", type, why);
    if (row->feature && !feature_on(routing, NULL, row->feature))
        return value_fault(routing, rule, "filter", type, why);
    const struct ew_json *body = ew_json_get(filter, row->member);
    if (strcmp(type, "RequestRedirect") == 0)
        return redirect_fault(routing, rule, body, why);
    if (strcmp(type, "URLRewrite") == 0)
        return modifier_fault(routing, rule, ew_json_get(body, "path"), why);
    return NULL;
}

const char *filters_fault(struct ew_routing *routing, const struct rule *rule, const char **why)
{
    bool redirect = false, rewrite = false;
    EW_JSON_EACH(filter, ew_json_get(rule->json, "filters"))
    {
        const char *type = ew_json_get_str(filter, "type", "");
        const char *fault = one_fault(routing, rule, filter, why);
        redirect |= strcmp(type, "RequestRedirect") == 0;
        rewrite |= strcmp(type, "URLRewrite") == 0;
        if (fault)
            return fault;
    }
    if (!redirect || !rewrite)
        return NULL;
    *why =
        ew_arena_fmt(routing->arena,
                     "rule %d: RequestRedirect and URLRewrite may not stand together", rule->index);
    return "IncompatibleFilters";
}
