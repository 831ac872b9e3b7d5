/* Values, and fields beside each other, that the CRDs of Gateway API v1.6 refuse (their enums,
 * patterns, bounds and x-kubernetes-validations; Ingress: its validation), so that a manifest's
 * fault is known before it is applied. Types and numbers are shape.c's. */
#include "config.h"

#include "shape.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* One rule under judgement. */
struct ruling {
    const struct demand *demand;
    const struct ew_obj *obj;
    shape_fn *each;
    void *ctx;
    const char *path;
};

typedef void rule_fn(const struct ruling *on, const struct ew_json *node);

struct demand {
    unsigned kinds; /* mask of KIND() */
    const char *path;
    rule_fn *judge;
    const char *arg; /* of the judge's own making */
    size_t max;
};

static void refuse(const struct ruling *on, const struct ew_json *node, const char *text)
{
    on->each(on->ctx, on->path, text, ew_json_line(node));
}

static void refuse_value(const struct ruling *on, const struct ew_json *node, const char *must)
{
    char text[240];
    snprintf(text, sizeof(text), "is \"%.60s\", and must %s", ew_json_str_or(node, ""), must);
    refuse(on, node, text);
}

/* ---- values ---- */

static bool is_word_of(const char *words, const char *value)
{
    size_t len = strlen(value);
    for (const char *at = words; *at; at += strcspn(at, " "), at += *at == ' ')
        if (strcspn(at, " ") == len && strncmp(at, value, len) == 0)
            return true;
    return false;
}

static void one_of(const struct ruling *on, const struct ew_json *node)
{
    char must[200];
    char number[24];
    const char *value = ew_json_str(node);
    if (ew_json_is(node, EW_JSON_NUMBER)) {
        snprintf(number, sizeof(number), "%ld", ew_json_int(node, 0));
        value = number;
    }
    if (!value || is_word_of(on->demand->arg, value))
        return;
    snprintf(must, sizeof(must), "is %.60s, and must be one of: %s", value, on->demand->arg);
    refuse(on, node, must);
}

static bool is_label(const char *text, size_t len)
{
    if (!len || len > 63 || text[0] == '-' || text[len - 1] == '-')
        return false;
    for (size_t i = 0; i < len; i++)
        if (!islower((unsigned char)text[i]) && !isdigit((unsigned char)text[i]) && text[i] != '-')
            return false;
    return true;
}

static bool is_dns_name(const char *text)
{
    size_t len = strlen(text);
    while (len && len <= 253) {
        size_t label = strcspn(text, ".");
        if (!is_label(text, label))
            return false;
        if (!text[label])
            return true;
        text += label + 1;
    }
    return false;
}

static void hostname(const struct ruling *on, const struct ew_json *node)
{
    const char *text = ew_json_str(node);
    if (!text)
        return;
    if (ew_ip_family(text))
        refuse_value(on, node, "be a host name: addresses are not allowed here");
    else if (!is_dns_name(host_is_wildcard(text) ? text + 2 : text))
        refuse_value(on, node, "be a host name in lower case, with \"*.\" before it at most");
}

static void plain_hostname(const struct ruling *on, const struct ew_json *node)
{
    if (ew_json_str(node) && !is_dns_name(ew_json_str(node)))
        refuse_value(on, node, "be a host name in lower case, without wildcard");
}

static void section(const struct ruling *on, const struct ew_json *node)
{
    if (ew_json_str(node) && !is_dns_name(ew_json_str(node)))
        refuse_value(on, node, "consist of lower case letters, digits, '-' and '.'");
}

/* RFC 9110 section 5.6.2. */
static void token(const struct ruling *on, const struct ew_json *node)
{
    const char *text = ew_json_str(node);
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "!#$%&'*+-.^_`|~";
    if (text && (!*text || strspn(text, allowed) != strlen(text) || strlen(text) > 256))
        refuse_value(on, node, "be a name as HTTP has it (no space, '/' or ':')");
}

static void not_empty(const struct ruling *on, const struct ew_json *node)
{
    if (ew_json_str(node) && !*ew_json_str(node))
        refuse(on, node, "is empty, and must not be");
}

/* GEP-2257: "1h30m", at most four parts of at most five digits. */
static void duration(const struct ruling *on, const struct ew_json *node)
{
    const char *text = ew_json_str(node);
    int parts = 0;
    while (text && *text && parts++ < 5) {
        size_t digits = strspn(text, "0123456789");
        size_t unit = strcspn(text + digits, "0123456789");
        const char *at = text + digits;
        bool known = (unit == 1 && strchr("hms", *at)) || (unit == 2 && memcmp(at, "ms", 2) == 0);
        if (!digits || digits > 5 || !known)
            break;
        text = at + unit;
    }
    if (text && (*text || !parts || parts > 4))
        refuse_value(on, node, "be a duration such as \"1h30m\", \"10s\" or \"500ms\"");
}

static void at_most(const struct ruling *on, const struct ew_json *node)
{
    char text[80];
    if (!ew_json_is(node, EW_JSON_ARRAY) || ew_json_count(node) <= on->demand->max)
        return;
    snprintf(text, sizeof(text), "has %zu items, and %zu are allowed", ew_json_count(node),
             on->demand->max);
    refuse(on, node, text);
}

/* Since v1; the alpha versions had sixteen. */
static void one_rule(const struct ruling *on, const struct ew_json *node)
{
    const char *version = ew_json_get_str(on->obj->json, "apiVersion", "");
    if (ew_json_count(node) > 1 && ew_text_suffix(version, "/v1"))
        refuse(on, node, "has more than one rule, and one is allowed");
}

static void demand_member(struct ruling on, const struct ew_json *node, const char *name)
{
    char path[64];
    if (ew_json_get(node, name))
        return;
    snprintf(path, sizeof(path), "%s.%s", on.path, name);
    on.path = path;
    refuse(&on, node, "is missing");
}

/* Since v1alpha3 a TLSRoute has to have hostnames. */
static bool needs_names(const struct ew_obj *obj)
{
    return obj->kind == EW_TLSROUTE &&
           !ew_text_suffix(ew_json_get_str(obj->json, "apiVersion", ""), "/v1alpha2");
}

static void stream(const struct ruling *on, const struct ew_json *node)
{
    if (!ew_json_is(node, EW_JSON_OBJECT))
        return;
    demand_member(*on, node, "rules");
    if (needs_names(on->obj))
        demand_member(*on, node, "hostnames");
}

static void at_least_one(const struct ruling *on, const struct ew_json *node)
{
    if (ew_json_is(node, EW_JSON_ARRAY) && !ew_json_count(node))
        refuse(on, node, "is empty, and must have one item at least");
}

static void names(const struct ruling *on, const struct ew_json *node)
{
    if (needs_names(on->obj))
        at_least_one(on, node);
}

/* "*" beside anything else (CORS). */
static void star_alone(const struct ruling *on, const struct ew_json *node)
{
    EW_JSON_EACH(one, node)
    if (ew_streq(ew_json_str(one), "*") && ew_json_count(node) > 1)
        refuse(on, node, "has \"*\" beside others");
}

/* ---- a type, and the member that belongs to it ---- */

/* arg: "Type=member …". A member of another type is refused, and a type without its member. */
static void union_member(const struct ruling *on, const struct ew_json *node)
{
    const char *type = ew_json_get_str(node, "type", "");
    char pair_type[40], member[40], text[160];
    for (const char *at = on->demand->arg; sscanf(at, "%39[^=]=%39s", pair_type, member) == 2;) {
        bool own = strcmp(type, pair_type) == 0, has = ew_json_get(node, member) != NULL;
        snprintf(text, sizeof(text), "has type %.40s %s %s", *type ? type : "(none)",
                 own ? "without" : "and", member);
        if (own != has)
            refuse(on, node, text);
        at += strcspn(at, " ");
        at += *at == ' ';
    }
}

static void service_port(const struct ruling *on, const struct ew_json *node)
{
    bool service = strcmp(ew_json_get_str(node, "kind", "Service"), "Service") == 0 &&
                   !*ew_json_get_str(node, "group", "");
    if (ew_json_is(node, EW_JSON_OBJECT) && service && !ew_json_get(node, "port"))
        refuse(on, node, "names a Service without port");
}

/* ---- listeners ---- */

static bool is_one_of(const struct ew_json *node, const char *key, const char *words)
{
    return is_word_of(words, ew_json_get_str(node, key, ""));
}

static void listener(const struct ruling *on, const struct ew_json *node)
{
    const struct ew_json *tls = ew_json_get(node, "tls");
    const char *mode = ew_json_get_str(tls, "mode", tls ? "Terminate" : "");
    if (tls && is_one_of(node, "protocol", "HTTP TCP UDP"))
        refuse(on, node, "has tls, which HTTP, TCP and UDP listeners cannot have");
    if (is_one_of(node, "protocol", "HTTPS") && *mode && strcmp(mode, "Terminate") != 0)
        refuse(on, node, "is HTTPS, whose tls.mode must be Terminate");
    if (is_one_of(node, "protocol", "TLS") && !tls)
        refuse(on, node, "is TLS, and tls.mode is missing");
    if (*ew_json_get_str(node, "hostname", "") && is_one_of(node, "protocol", "TCP UDP"))
        refuse(on, node, "has a hostname, which TCP and UDP listeners cannot have");
    if (strcmp(mode, "Terminate") == 0 && is_one_of(node, "protocol", "HTTPS TLS") &&
        !ew_json_count(ew_json_get(tls, "certificateRefs")) &&
        !ew_json_count(ew_json_get(tls, "options")))
        refuse(on, node, "terminates TLS without certificateRefs or options");
}

static bool same_member(const struct ew_json *a, const struct ew_json *b, const char *key)
{
    const struct ew_json *one = ew_json_get(a, key), *other = ew_json_get(b, key);
    return one && other ? ew_json_equal(one, other) : !one && !other;
}

static void listeners_distinct(const struct ruling *on, const struct ew_json *node)
{
    EW_JSON_EACH(a, node)
    for (const struct ew_json *b = ew_json_next(a); b; b = ew_json_next(b)) {
        if (ew_json_get(a, "name") && same_member(a, b, "name"))
            refuse(on, b, "has two listeners of one name");
        else if (ew_json_get(a, "port") && same_member(a, b, "port") &&
                 same_member(a, b, "protocol") && same_member(a, b, "hostname"))
            refuse(on, b, "has two listeners of the same port, protocol and hostname");
    }
}

static void selector_given(const struct ruling *on, const struct ew_json *node)
{
    static const char *const bare = "has matchExpressions with Exists or DoesNotExist and values";
    const struct ew_json *selector = ew_json_get(node, "selector");
    if (is_one_of(node, "from", "Selector") && !selector)
        refuse(on, node, "has from: Selector without selector, which selects no namespace");
    EW_JSON_EACH(row, ew_json_get(selector, "matchExpressions"))
    {
        bool values = ew_json_count(ew_json_get(row, "values")) > 0;
        if (is_one_of(row, "operator", "Exists DoesNotExist") && values)
            refuse(on, row, bare);
        else if (is_one_of(row, "operator", "In NotIn") && !values)
            refuse(on, row, "has matchExpressions with In or NotIn without values");
    }
}

/* ---- parents ---- */

static const char *kept(const struct ew_json *ref, const char *key)
{
    return ew_json_get_str(ref, key, "");
}

static bool same_parent(const struct ew_json *a, const struct ew_json *b)
{
    static const char *const keys[] = {"group", "kind", "namespace", "name"};
    for (size_t i = 0; i < EW_COUNT(keys); i++)
        if (strcmp(kept(a, keys[i]), kept(b, keys[i])) != 0)
            return false;
    return true;
}

static void parents_distinct(const struct ruling *on, const struct ew_json *node)
{
    EW_JSON_EACH(a, node)
    for (const struct ew_json *b = ew_json_next(a); b; b = ew_json_next(b)) {
        if (!same_parent(a, b))
            continue;
        bool sections = *kept(a, "sectionName") && *kept(b, "sectionName");
        bool ports = ew_json_get(a, "port") && ew_json_get(b, "port");
        if (!sections && !ports)
            refuse(on, b, "names one parent twice without sectionName");
        else if (strcmp(kept(a, "sectionName"), kept(b, "sectionName")) == 0 &&
                 same_member(a, b, "port"))
            refuse(on, b, "names one section of one parent twice");
    }
}

/* ---- rules ---- */

static const struct ew_json *filter_of(const struct ew_json *filters, const char *type)
{
    EW_JSON_EACH(filter, filters)
    if (ew_streq(ew_json_get_str(filter, "type", NULL), type))
        return filter;
    return NULL;
}

static void filters_together(const struct ruling *on, const struct ew_json *node)
{
    char text[80];
    EW_JSON_EACH(filter, node)
    {
        const char *type = ew_json_get_str(filter, "type", "");
        snprintf(text, sizeof(text), "has the filter %.40s twice", type);
        if (!is_word_of("RequestMirror ExtensionRef", type) && filter_of(node, type) != filter)
            refuse(on, filter, text);
    }
    if (filter_of(node, "RequestRedirect") && filter_of(node, "URLRewrite"))
        refuse(on, node, "has both RequestRedirect and URLRewrite");
}

static bool replaces_prefix(const struct ew_json *filters)
{
    EW_JSON_EACH(filter, filters)
    {
        const struct ew_json *path = ew_json_at(filter, "requestRedirect.path");
        path = path ? path : ew_json_at(filter, "urlRewrite.path");
        if (is_one_of(path, "type", "ReplacePrefixMatch"))
            return true;
    }
    return false;
}

static void rule_whole(const struct ruling *on, const struct ew_json *node)
{
    const struct ew_json *filters = ew_json_get(node, "filters");
    const struct ew_json *matches = ew_json_get(node, "matches");
    bool prefix = replaces_prefix(filters);
    if (filter_of(filters, "RequestRedirect") && ew_json_count(ew_json_get(node, "backendRefs")))
        refuse(on, node, "redirects and has backendRefs");
    EW_JSON_EACH(ref, ew_json_get(node, "backendRefs"))
    prefix = prefix || replaces_prefix(ew_json_get(ref, "filters"));
    const struct ew_json *path = ew_json_get(ew_json_item(matches, 0), "path");
    bool one_prefix =
        !matches || (ew_json_count(matches) == 1 &&
                     strcmp(ew_json_get_str(path, "type", "PathPrefix"), "PathPrefix") == 0);
    if (prefix && !one_prefix)
        refuse(on, node, "replaces a prefix, and must have exactly one match, by PathPrefix");
}

static void match_total(const struct ruling *on, const struct ew_json *node)
{
    size_t total = 0;
    EW_JSON_EACH(rule, node)
    total += ew_json_count(ew_json_get(rule, "matches"));
    if (total > 128)
        refuse(on, node, "has more than 128 matches in all its rules");
}

/* Characters of a path (RFC 3986 section 3.3). */
static bool has_path_characters(const char *text)
{
    for (; *text; text++) {
        if (*text == '%' && isxdigit((unsigned char)text[1]) && isxdigit((unsigned char)text[2]))
            text += 2;
        else if (!isalnum((unsigned char)*text) && !strchr("-/._~!$&'()*+,;=:@", *text))
            return false;
    }
    return true;
}

static void path_match(const struct ruling *on, const struct ew_json *node)
{
    static const char *const never[] = {"//", "/./", "/../", "%2f", "%2F", "#"};
    const char *value = ew_json_get_str(node, "value", "/");
    char must[40];
    if (is_one_of(node, "type", "RegularExpression"))
        return;
    const struct ew_json *at = ew_json_get(node, "value");
    if (value[0] != '/')
        refuse_value(on, at, "start with '/'");
    for (size_t i = 0; i < EW_COUNT(never); i++) {
        snprintf(must, sizeof(must), "not contain \"%s\"", never[i]);
        if (strstr(value, never[i]))
            refuse_value(on, at, must);
    }
    if (ew_text_suffix(value, "/..") || ew_text_suffix(value, "/."))
        refuse_value(on, at, "not end with a dot segment");
    if (!strchr(value, '#') && !has_path_characters(value))
        refuse_value(on, at, "consist of characters that a path may have");
}

static bool is_grpc_name(const char *text, bool dots)
{
    bool start = true;
    if (dots && *text == '.')
        text++;
    for (; *text; text++) {
        bool fits = isalpha((unsigned char)*text) || *text == '_' ||
                    (!start && isdigit((unsigned char)*text));
        if (!fits && !(dots && !start && *text == '.'))
            return false;
        start = *text == '.';
    }
    return !start;
}

static void grpc_method(const struct ruling *on, const struct ew_json *node)
{
    const char *service = ew_json_get_str(node, "service", NULL);
    const char *method = ew_json_get_str(node, "method", NULL);
    if (!ew_json_is(node, EW_JSON_OBJECT))
        return;
    if (!service && !method)
        refuse(on, node, "has neither service nor method");
    if (is_one_of(node, "type", "RegularExpression"))
        return;
    if (service && !is_grpc_name(service, true))
        refuse_value(on, ew_json_get(node, "service"), "be the name of a service: package.Service");
    if (method && !is_grpc_name(method, false))
        refuse_value(on, ew_json_get(node, "method"), "be the name of a method");
}

static void mirror(const struct ruling *on, const struct ew_json *node)
{
    const struct ew_json *part = ew_json_get(node, "fraction");
    if (part && ew_json_get(node, "percent"))
        refuse(on, node, "has both percent and fraction");
    if (part && ew_json_get_int(part, "numerator", 0) > ew_json_get_int(part, "denominator", 100))
        refuse(on, part, "has a fraction greater than one");
}

static void timeouts(const struct ruling *on, const struct ew_json *node)
{
    int64_t whole, part;
    if (ew_text_duration(ew_json_get_str(node, "request", ""), &whole) &&
        ew_text_duration(ew_json_get_str(node, "backendRequest", ""), &part) && whole &&
        part > whole)
        refuse(on, node, "has a backendRequest longer than the request");
}

/* ---- policies ---- */

static void authorities(const struct ruling *on, const struct ew_json *node)
{
    bool refs = ew_json_count(ew_json_get(node, "caCertificateRefs")) > 0;
    bool known = *ew_json_get_str(node, "wellKnownCACertificates", "");
    if (ew_json_is(node, EW_JSON_OBJECT) && refs == known)
        refuse(on, node,
               refs ? "has both caCertificateRefs and wellKnownCACertificates"
                    : "has neither caCertificateRefs nor wellKnownCACertificates");
}

/* ---- the table ---- */

#define KIND(name) (1u << EW_##name)
#define GATEWAYS (KIND(GATEWAY) | KIND(LISTENERSET))
#define HTTP KIND(HTTPROUTE)
#define WEB (HTTP | KIND(GRPCROUTE))
#define STREAMS (KIND(TLSROUTE) | KIND(TCPROUTE) | KIND(UDPROUTE))
#define ROUTES (WEB | STREAMS)
#define FILTERS "spec.rules[].filters"
#define REF_FILTERS "spec.rules[].backendRefs[].filters"
#define METHODS "GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH"
#define REPLACEMENT "ReplaceFullPath=replaceFullPath ReplacePrefixMatch=replacePrefixMatch"
#define FILTER_TYPES                                                                               \
    "RequestHeaderModifier ResponseHeaderModifier RequestMirror RequestRedirect URLRewrite "       \
    "ExtensionRef CORS ExternalAuth"
#define FILTER_MEMBERS                                                                             \
    "RequestHeaderModifier=requestHeaderModifier ResponseHeaderModifier=responseHeaderModifier "   \
    "RequestMirror=requestMirror RequestRedirect=requestRedirect URLRewrite=urlRewrite "           \
    "ExtensionRef=extensionRef CORS=cors"
/* Rules that hold for the filters of a rule and of a backendRef alike. */
#define FILTER_RULES(at)                                                                           \
    {WEB, at, filters_together, NULL, 0}, {WEB, at, at_most, NULL, 16},                            \
        {WEB, at "[]", union_member, FILTER_MEMBERS, 0},                                           \
        {WEB, at "[].type", one_of, FILTER_TYPES, 0},                                              \
        {WEB, at "[].requestHeaderModifier.set[].name", token, NULL, 0},                           \
        {WEB, at "[].requestHeaderModifier.add[].name", token, NULL, 0},                           \
        {WEB, at "[].requestHeaderModifier.set[].value", not_empty, NULL, 0},                      \
        {WEB, at "[].requestHeaderModifier.add[].value", not_empty, NULL, 0},                      \
        {WEB, at "[].responseHeaderModifier.set[].name", token, NULL, 0},                          \
        {WEB, at "[].responseHeaderModifier.add[].name", token, NULL, 0},                          \
        {WEB, at "[].responseHeaderModifier.set[].value", not_empty, NULL, 0},                     \
        {WEB, at "[].responseHeaderModifier.add[].value", not_empty, NULL, 0},                     \
        {WEB, at "[].requestMirror", mirror, NULL, 0},                                             \
        {WEB, at "[].requestMirror.backendRef", service_port, NULL, 0},                            \
        {WEB, at "[].requestRedirect.scheme", one_of, "http https", 0},                            \
        {WEB, at "[].requestRedirect.statusCode", one_of, "301 302 303 307 308", 0},               \
        {WEB, at "[].requestRedirect.hostname", plain_hostname, NULL, 0},                          \
        {WEB, at "[].requestRedirect.path", union_member, REPLACEMENT, 0},                         \
        {WEB, at "[].urlRewrite.hostname", plain_hostname, NULL, 0},                               \
        {WEB, at "[].urlRewrite.path", union_member, REPLACEMENT, 0},                              \
        {WEB, at "[].cors.allowOrigins", star_alone, NULL, 0},                                     \
        {WEB, at "[].cors.allowMethods", star_alone, NULL, 0},                                     \
        {WEB, at "[].cors.allowHeaders", star_alone, NULL, 0},                                     \
        {WEB, at "[].cors.allowMethods[]", one_of, METHODS " *", 0}

static const struct demand demands[] = {
    {GATEWAYS, "spec.listeners", at_least_one, NULL, 0},
    {GATEWAYS, "spec.listeners", at_most, NULL, 64},
    {GATEWAYS, "spec.listeners", listeners_distinct, NULL, 0},
    {GATEWAYS, "spec.listeners[]", listener, NULL, 0},
    {GATEWAYS, "spec.listeners[].name", section, NULL, 0},
    {GATEWAYS, "spec.listeners[].hostname", hostname, NULL, 0},
    {GATEWAYS, "spec.listeners[].tls.mode", one_of, "Terminate Passthrough", 0},
    {GATEWAYS, "spec.listeners[].allowedRoutes.namespaces", selector_given, NULL, 0},
    {GATEWAYS, "spec.listeners[].allowedRoutes.namespaces.from", one_of, "All Selector Same", 0},
    {KIND(GATEWAY), "spec.allowedListeners.namespaces", selector_given, NULL, 0},
    {KIND(GATEWAY), "spec.allowedListeners.namespaces.from", one_of, "All Selector Same None", 0},
    {ROUTES, "spec.parentRefs", at_most, NULL, 32},
    {ROUTES, "spec.parentRefs", parents_distinct, NULL, 0},
    {STREAMS, "spec", stream, NULL, 0},
    {WEB, "spec.hostnames", at_most, NULL, 16},
    {KIND(TLSROUTE), "spec.hostnames", names, NULL, 0},
    {KIND(TLSROUTE), "spec.hostnames", at_most, NULL, 1024},
    {ROUTES, "spec.hostnames[]", hostname, NULL, 0},
    {HTTP | STREAMS, "spec.rules", at_least_one, NULL, 0},
    {WEB, "spec.rules", at_most, NULL, 16},
    {STREAMS, "spec.rules", one_rule, NULL, 0},
    {WEB, "spec.rules", match_total, NULL, 0},
    {WEB, "spec.rules[].matches", at_most, NULL, 64},
    {WEB, "spec.rules[]", rule_whole, NULL, 0},
    {WEB, "spec.rules[].backendRefs", at_most, NULL, 16},
    {ROUTES, "spec.rules[].backendRefs[]", service_port, NULL, 0},
    {STREAMS, "spec.rules[].backendRefs", at_least_one, NULL, 0},
    {HTTP, "spec.rules[].matches[].path", path_match, NULL, 0},
    {HTTP, "spec.rules[].matches[].path.type", one_of, "Exact PathPrefix RegularExpression", 0},
    {HTTP, "spec.rules[].matches[].method", one_of, METHODS, 0},
    {WEB, "spec.rules[].matches[].headers[].name", token, NULL, 0},
    {WEB, "spec.rules[].matches[].headers[].value", not_empty, NULL, 0},
    {WEB, "spec.rules[].matches[].headers[].type", one_of, "Exact RegularExpression", 0},
    {HTTP, "spec.rules[].matches[].queryParams[].name", token, NULL, 0},
    {HTTP, "spec.rules[].matches[].queryParams[].value", not_empty, NULL, 0},
    {HTTP, "spec.rules[].matches[].queryParams[].type", one_of, "Exact RegularExpression", 0},
    {HTTP, "spec.rules[].timeouts", timeouts, NULL, 0},
    {HTTP, "spec.rules[].timeouts.request", duration, NULL, 0},
    {HTTP, "spec.rules[].timeouts.backendRequest", duration, NULL, 0},
    {KIND(GRPCROUTE), "spec.rules[].matches[].method", grpc_method, NULL, 0},
    {KIND(GRPCROUTE), "spec.rules[].matches[].method.type", one_of, "Exact RegularExpression", 0},
    FILTER_RULES(FILTERS),
    FILTER_RULES(REF_FILTERS),
    {KIND(BACKENDTLSPOLICY), "spec.targetRefs", at_least_one, NULL, 0},
    {KIND(BACKENDTLSPOLICY), "spec.validation", authorities, NULL, 0},
    {KIND(BACKENDTLSPOLICY), "spec.validation.hostname", plain_hostname, NULL, 0},
    {KIND(BACKENDTLSPOLICY), "spec.validation.subjectAltNames[]", union_member,
     "Hostname=hostname URI=uri", 0},
    {KIND(INGRESS), "spec.rules[].http.paths[].pathType", one_of,
     "Exact Prefix ImplementationSpecific", 0},
    {KIND(INGRESS), "spec.rules[].host", hostname, NULL, 0},
};

static void visit(void *ctx, const char *path, const struct ew_json *node,
                  const struct ew_json *parent)
{
    struct ruling on = *(const struct ruling *)ctx;
    (void)parent;
    on.path = path;
    if (node)
        on.demand->judge(&on, node);
}

void admission_check(const struct ew_obj *obj, shape_fn *each, void *ctx)
{
    for (size_t i = 0; i < EW_COUNT(demands); i++) {
        struct ruling on = {&demands[i], obj, each, ctx, NULL};
        if (demands[i].kinds & (1u << obj->kind))
            shape_visit(obj->json, demands[i].path, visit, &on);
    }
}
