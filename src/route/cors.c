/* HTTPCORSFilter: preflights, and the headers of the answers to other requests. */
#include "config.h"

#include "filter.h"

#include <string.h>

static bool listed(const struct ew_json *list, const char *value)
{
    EW_JSON_EACH(entry, list)
    {
        if (ew_streq(ew_json_str(entry), value))
            return true;
    }
    return false;
}

struct origin {
    const char *scheme;
    size_t scheme_len;
    const char *host;
    size_t host_len;
    long port;
};

/* SCHEME://HOST[:PORT]; the port is the scheme's own when it names none. */
static bool split_origin(const char *text, struct origin *out)
{
    const char *rest = strstr(text, "://");
    if (!rest)
        return false;
    out->scheme = text;
    out->scheme_len = (size_t)(rest - text);
    out->host = rest + 3;
    size_t len = strlen(out->host);
    const char *colon = out->host[0] == '[' ? strstr(out->host, "]:") : strchr(out->host, ':');
    out->port = out->scheme_len == 5 ? 443 : 80;
    out->host_len = len;
    if (colon) {
        colon += *colon == ']';
        out->host_len = (size_t)(colon - out->host);
        return ew_text_number(colon + 1, 1, 65535, &out->port);
    }
    return true;
}

/* "*" reaches to the left, over any number of labels; alone it is every host. */
static bool host_takes(const struct origin *rule, const struct origin *origin)
{
    if (rule->host_len && rule->host[0] == '*') {
        size_t tail = rule->host_len - 1;
        return origin->host_len > tail &&
               strncasecmp(origin->host + origin->host_len - tail, rule->host + 1, tail) == 0;
    }
    return rule->host_len == origin->host_len &&
           strncasecmp(rule->host, origin->host, rule->host_len) == 0;
}

static bool origin_takes(const char *rule_text, const char *text)
{
    struct origin rule, origin;
    if (strcmp(rule_text, "*") == 0 || strcmp(rule_text, text) == 0)
        return true;
    return split_origin(rule_text, &rule) && split_origin(text, &origin) &&
           rule.scheme_len == origin.scheme_len &&
           strncasecmp(rule.scheme, origin.scheme, rule.scheme_len) == 0 &&
           rule.port == origin.port && host_takes(&rule, &origin);
}

static bool origin_allowed(const struct ew_json *cors, const char *origin)
{
    EW_JSON_EACH(entry, ew_json_get(cors, "allowOrigins"))
    {
        if (ew_json_str(entry) && origin_takes(ew_json_str(entry), origin))
            return true;
    }
    return false;
}

static void set_list(struct draft *draft, struct ew_json *set, const char *name,
                     const struct ew_json *list, const char *echo, bool credentials)
{
    struct ew_buf text;
    if (!ew_json_count(list))
        return;
    if (listed(list, "*")) {
        const char *value = credentials ? echo : "*";
        if (value)
            ew_json_set_str(draft->doc, set, name, value);
        return;
    }
    ew_buf_init(&text, 8192);
    EW_JSON_EACH(entry, list)
    ew_buf_addf(&text, "%s%s", text.len ? ", " : "", ew_json_str_or(entry, ""));
    ew_json_set_str(draft->doc, set, name, ew_buf_text(&text));
    ew_buf_release(&text);
}

static void set_preflight(struct draft *draft, const struct ew_json *cors, struct ew_json *set,
                          bool credentials)
{
    const char *method = ask_header(&draft->ask, "access-control-request-method");
    const char *headers = ask_header(&draft->ask, "access-control-request-headers");
    set_list(draft, set, "Access-Control-Allow-Methods", ew_json_get(cors, "allowMethods"), method,
             credentials);
    if (headers)
        set_list(draft, set, "Access-Control-Allow-Headers", ew_json_get(cors, "allowHeaders"),
                 headers, credentials);
    ew_json_set_str(draft->doc, set, "Access-Control-Max-Age",
                    ew_arena_fmt(draft->arena, "%ld", ew_json_get_int(cors, "maxAge", 5)));
}

bool cors_apply(struct draft *draft, const struct ew_json *cors, struct ew_json *set)
{
    const char *origin = ask_header(&draft->ask, "origin");
    bool credentials = ew_json_get_bool(cors, "allowCredentials", false);
    bool preflight = ew_streq(draft->request->method, "OPTIONS") && origin &&
                     ask_header(&draft->ask, "access-control-request-method");
    if (preflight) {
        draft->out->outcome = EW_OUT_RESPOND;
        draft->out->status = 204;
        draft->out->why = "the edge itself answers a CORS preflight";
    }
    if (!origin || !origin_allowed(cors, origin))
        return preflight;
    ew_json_set_str(draft->doc, set, "Access-Control-Allow-Origin", origin);
    if (credentials)
        ew_json_set_str(draft->doc, set, "Access-Control-Allow-Credentials", "true");
    if (preflight)
        set_preflight(draft, cors, set, credentials);
    if (!(credentials && listed(ew_json_get(cors, "exposeHeaders"), "*")))
        set_list(draft, set, "Access-Control-Expose-Headers", ew_json_get(cors, "exposeHeaders"),
                 NULL, credentials);
    return preflight;
}
