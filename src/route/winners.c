/* Requests whose winner a change takes away: one for each match of the rules that claim the hosts
 * of what changes, put to the world before and to the world after. */
#include "config.h"

#include "ingress.h"
#include "match.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_REQUESTS = 2000, HEADERS_MAX = 64 };

/* A host under a wildcard, and one that nobody names. */
#define UNDER_WILDCARD "edgewalk-sample"
#define UNNAMED "edgewalk-sample.invalid"

struct sampling {
    struct ew_doc *doc;
    struct ew_arena *arena;
    struct ew_routing *sides[2]; /* before, after */
    struct ew_map *names;        /* "KIND/NS/NAME" of what changes */
    struct ew_map *hosts;        /* to ask for */
    struct ew_map *asked;        /* requests put so far, as text */
    struct ew_json *rows;
    size_t count;
};

/* ---- hosts ---- */

static void add_host(struct sampling *on, const char *pattern)
{
    const char *host = !*pattern ? UNNAMED
                       : host_is_wildcard(pattern)
                           ? ew_arena_fmt(on->arena, UNDER_WILDCARD "%s", pattern + 1)
                           : pattern;
    ew_map_set(on->hosts, host, on);
}

static bool changes(const struct sampling *on, const struct ew_obj *obj)
{
    char *name =
        ew_fmt("%s/%s%s%s", obj->kind_name, obj->ns ? obj->ns : "", obj->ns ? "/" : "", obj->name);
    bool found = ew_map_get(on->names, name) != NULL;
    free(name);
    return found;
}

static bool parent_changes(const struct sampling *on, const struct route *route)
{
    for (size_t i = 0; i < route->attachment_count; i++)
        if (route->attachments[i].parent && changes(on, route->attachments[i].parent))
            return true;
    return false;
}

/* A route that names no host has those of its listeners. */
static void add_route_hosts(struct sampling *on, const struct route *route)
{
    for (size_t i = 0; i < route->hostname_count; i++)
        add_host(on, route->hostnames[i]);
    for (size_t i = 0; !route->hostname_count && i < route->attachment_count; i++)
        for (size_t j = 0; j < route->gates[i].count; j++)
            if (route->gates[i].at[j].served)
                add_host(on, route->gates[i].at[j].listener->hostname);
}

static void add_hosts(struct sampling *on, const struct ew_routing *side)
{
    for (size_t i = 0; i < side->route_count; i++)
        if (changes(on, side->routes[i]->obj))
            add_route_hosts(on, side->routes[i]);
    for (size_t i = 0; i < side->ingresses->count; i++) {
        const struct ingress *ingress = side->ingresses->at[i];
        for (size_t j = 0; changes(on, ingress->obj) && j < ingress->rule_count; j++)
            add_host(on, ingress->rules[j].host);
    }
}

/* Those of routes that do not change themselves come last: there may be very many. */
static void add_parents_hosts(struct sampling *on, const struct ew_routing *side)
{
    for (size_t i = 0; i < side->route_count; i++)
        if (parent_changes(on, side->routes[i]))
            add_route_hosts(on, side->routes[i]);
}

/* ---- who answers ---- */

static struct ew_json *backends_json(struct ew_doc *doc, const struct ew_decision *decision)
{
    struct ew_json *out = ew_json_array(doc);
    for (size_t i = 0; i < decision->backend_count; i++) {
        const struct ew_backend *backend = &decision->backends[i];
        char *share = backend->share < 1 ? ew_fmt(" %.0f %%", backend->share * 100) : NULL;
        char *text = ew_fmt("%s %s/%s:%d%s", backend->kind, backend->ns ? backend->ns : "",
                            backend->name, backend->port, share ? share : "");
        ew_json_add(doc, out, ew_json_string(doc, text));
        free(share);
        free(text);
    }
    return out;
}

/* Without ready endpoints, which come and go: who would be asked. */
static struct ew_json *answer_json(struct sampling *on, const struct ew_decision *decision)
{
    static const char *const none[] = {
        [EW_OUT_NO_LISTENER] = "no listener",   [EW_OUT_NO_ROUTE] = "no route",
        [EW_OUT_MISDIRECTED] = "misdirected",   [EW_OUT_REJECTED] = "rejected",
        [EW_OUT_UNKNOWN] = "cannot be decided", [EW_OUT_RESPOND] = "answered by the edge"};
    struct ew_doc *doc = on->doc;
    struct ew_json *out = ew_json_object(doc);
    const struct ew_obj *winner = decision->route ? decision->route : decision->ingress;
    ew_json_set_str(doc, out, "winner",
                    winner                    ? obj_title(on->arena, winner)
                    : none[decision->outcome] ? none[decision->outcome]
                                              : "nobody");
    ew_json_set_num(doc, out, "rule", decision->rule);
    ew_json_set(doc, out, "backends", backends_json(doc, decision));
    ew_json_set_str(doc, out, "location", ew_json_get_str(decision->redirect, "location", NULL));
    return out;
}

/* A rule that only moved within its route answers as before. */
static bool same_answer(const struct ew_json *a, const struct ew_json *b)
{
    static const char *const members[] = {"winner", "backends", "location"};
    for (size_t i = 0; i < EW_COUNT(members); i++)
        if (!ew_json_equal(ew_json_get(a, members[i]), ew_json_get(b, members[i])))
            return false;
    return true;
}

static void put(struct sampling *on, const struct ew_request *request, const char *text)
{
    struct ew_json *answers[2];
    if (on->count >= MOST_REQUESTS || ew_map_get(on->asked, text))
        return;
    on->count++;
    ew_map_set(on->asked, text, on);
    for (size_t i = 0; i < EW_COUNT(answers); i++) {
        answers[i] = answer_json(on, ew_routing_decide(on->sides[i], request, NULL));
        ew_routing_forget(on->sides[i]);
    }
    if (same_answer(answers[0], answers[1]))
        return;
    struct ew_json *row = ew_json_object(on->doc);
    ew_json_set_str(on->doc, row, "request", text);
    ew_json_set(on->doc, row, "before", answers[0]);
    ew_json_set(on->doc, row, "after", answers[1]);
    ew_json_add(on->doc, on->rows, row);
}

/* ---- requests ---- */

struct entry { /* where a request enters */
    const char *host;
    int port;
    bool tls;
};

static const char *pairs_text(struct ew_arena *arena, const char *const *headers, const char *query)
{
    struct ew_buf text;
    ew_buf_init(&text, 4096);
    if (*query)
        ew_buf_addf(&text, "?%s", query);
    for (size_t i = 0; headers[i]; i += 2)
        ew_buf_addf(&text, " -H '%s: %s'", headers[i], headers[i + 1]);
    const char *out = ew_arena_strdup(arena, ew_buf_text(&text));
    ew_buf_release(&text);
    return out;
}

/* Expressions cannot be turned round into a request; such a match is left out. */
static bool can_ask(const struct match *match)
{
    bool plain = match->type == MATCH_EXACT || match->type == MATCH_PREFIX;
    for (size_t i = 0; i < match->header_count; i++)
        plain &= !match->headers[i].regex;
    for (size_t i = 0; i < match->query_count; i++)
        plain &= !match->query[i].regex;
    return plain && !match->regex && !match->regex_method && 2 * match->header_count < HEADERS_MAX;
}

static const char *query_of(struct ew_arena *arena, const struct match *match)
{
    const char *query = "";
    for (size_t i = 0; i < match->query_count; i++)
        query = ew_arena_fmt(arena, "%s%s%s=%s", query, *query ? "&" : "", match->query[i].name,
                             match->query[i].value);
    return query;
}

/* A gRPC match may name the service alone. */
static const char *path_of(struct ew_arena *arena, const struct match *match)
{
    const char *path = match->path && *match->path ? match->path : "/";
    if (!match->grpc)
        return path;
    return strcmp(path, "/") == 0  ? "/any.Service/Any"
           : strchr(path + 1, '/') ? path
                                   : ew_arena_fmt(arena, "%s/Any", path);
}

static void put_match(struct sampling *on, const struct entry *entry, const struct match *match)
{
    const char *headers[HEADERS_MAX + 1] = {NULL};
    if (!can_ask(match))
        return;
    for (size_t i = 0; i < match->header_count; i++) {
        headers[2 * i] = match->headers[i].name;
        headers[2 * i + 1] = match->headers[i].value;
    }
    const char *path = path_of(on->arena, match);
    const char *query = query_of(on->arena, match);
    const char *method = match->grpc ? "POST" : match->method ? match->method : "GET";
    struct ew_request request = {.protocol = match->grpc ? EW_PROTO_GRPC : EW_PROTO_HTTP,
                                 .tls = entry->tls,
                                 .sni = entry->tls ? entry->host : NULL,
                                 .host = entry->host,
                                 .port = entry->port,
                                 .path = path,
                                 .query = query,
                                 .method = method,
                                 .headers = headers};
    const char *scheme = match->grpc  ? entry->tls ? "grpc" : "grpc+http"
                         : entry->tls ? "https"
                                      : "http";
    put(on, &request,
        ew_arena_fmt(on->arena, "%s %s://%s:%d%s%s", method, scheme, entry->host, entry->port, path,
                     pairs_text(on->arena, headers, query)));
}

static void put_path(struct sampling *on, const struct entry *entry,
                     const struct ingress_rule *rule)
{
    static const char *const none[] = {NULL};
    struct ew_request request = {.protocol = EW_PROTO_HTTP,
                                 .tls = entry->tls,
                                 .sni = entry->tls ? entry->host : NULL,
                                 .host = entry->host,
                                 .port = entry->port,
                                 .path = rule->text,
                                 .query = "",
                                 .method = "GET",
                                 .headers = none};
    put(on, &request,
        ew_arena_fmt(on->arena, "GET http%s://%s:%d%s", entry->tls ? "s" : "", entry->host,
                     entry->port, rule->text));
}

static void put_rules(struct sampling *on, const struct ew_routing *side, const struct entry *entry)
{
    struct ew_ptrs routes = {0};
    const char *patterns[INGRESS_PATTERNS];
    routes_claiming(side, entry->host, &routes);
    for (size_t i = 0; i < routes.count; i++) {
        const struct route *route = routes.at[i];
        bool http = route->obj->kind == EW_HTTPROUTE || route->obj->kind == EW_GRPCROUTE;
        for (size_t j = 0; http && j < route->rule_count; j++)
            for (size_t k = 0; k < route->rules[j].match_count; k++)
                put_match(on, entry, &route->rules[j].matches[k]);
    }
    ew_ptrs_release(&routes);
    ingress_patterns(on->arena, entry->host, patterns);
    for (size_t i = 0; i < INGRESS_PATTERNS; i++) {
        const struct ew_ptrs *list =
            patterns[i] ? ew_map_get(side->ingresses->hosts, patterns[i]) : NULL;
        for (size_t j = 0; list && j < list->count; j++)
            put_path(on, entry, list->at[j]);
    }
}

/* ---- where it enters ---- */

static void put_at(struct sampling *on, const struct entry *entry)
{
    for (size_t i = 0; i < EW_COUNT(on->sides); i++)
        put_rules(on, on->sides[i], entry);
}

static void put_host(struct sampling *on, const char *host)
{
    struct ew_map *ports = ew_map_new();
    for (size_t i = 0; i < EW_COUNT(on->sides); i++)
        for (size_t j = 0; j < on->sides[i]->gateway_count; j++) {
            const struct ew_ptrs *listeners = &on->sides[i]->gateways[j]->listeners;
            for (size_t k = 0; k < listeners->count; k++) {
                const struct listener *one = listeners->at[k];
                bool http = one->protocol == LP_HTTP || one->protocol == LP_HTTPS;
                if (http && one->port && ew_hostname_matches(one->hostname, host))
                    ew_map_set(ports,
                               ew_arena_fmt(on->arena, "%d%s", one->port,
                                            one->protocol == LP_HTTPS ? "s" : ""),
                               (void *)one);
            }
        }
    for (size_t i = 0; i < ew_map_count(ports); i++) {
        const struct listener *one = ew_map_value(ports, i);
        put_at(on, &(struct entry){host, one->port, one->protocol == LP_HTTPS});
    }
    if (!ew_map_count(ports)) /* Ingresses have ports of their controller */
        put_at(on, &(struct entry){host, 80, false});
    ew_map_free(ports);
}

struct ew_json *ew_routing_winners(struct ew_doc *doc, struct ew_routing *before,
                                   struct ew_routing *after, const char *const *names)
{
    struct sampling on = {.doc = doc,
                          .arena = ew_arena_new(),
                          .sides = {before, after},
                          .names = ew_map_new(),
                          .hosts = ew_map_new(),
                          .asked = ew_map_new(),
                          .rows = ew_json_array(doc)};
    struct ew_json *out = ew_json_object(doc);
    for (size_t i = 0; names[i]; i++)
        ew_map_set(on.names, names[i], &on);
    for (size_t i = 0; i < EW_COUNT(on.sides); i++)
        add_hosts(&on, on.sides[i]);
    for (size_t i = 0; i < EW_COUNT(on.sides); i++)
        add_parents_hosts(&on, on.sides[i]);
    for (size_t i = 0; i < ew_map_count(on.hosts); i++)
        put_host(&on, ew_map_key(on.hosts, i));
    ew_json_set_num(doc, out, "tried", (double)on.count);
    ew_json_set_bool(doc, out, "cut", on.count >= MOST_REQUESTS);
    ew_json_set(doc, out, "changes", on.rows);
    ew_map_free(on.names);
    ew_map_free(on.hosts);
    ew_map_free(on.asked);
    ew_arena_free(on.arena);
    return out;
}
