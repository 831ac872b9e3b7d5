/* One request at the Ingresses of one class, which a controller merges (networking.k8s.io/v1
 * IngressSpec, HTTPIngressPath). */
#include "config.h"

#include "backend.h"
#include "certificate.h"
#include "filter.h"
#include "ingress.h"

#include <stdlib.h>
#include <string.h>

void ingress_patterns(struct ew_arena *arena, const char *host, const char *out[INGRESS_PATTERNS])
{
    const char *dot = strchr(host, '.');
    out[0] = *host ? host : NULL;
    out[1] = dot && dot > host ? ew_arena_fmt(arena, "*%s", dot) : NULL;
    out[2] = "";
}

/* ---- precedence ---- */

/* Longest path, then Exact, then the older Ingress, namespace/name, order. */
static int compare(const struct ingress_rule *a, const struct ingress_rule *b, enum ew_lost *by)
{
    size_t left = strlen(a->text), right = strlen(b->text);
    *by = EW_LOST_PATH;
    if (left != right)
        return left > right ? -1 : 1;
    *by = EW_LOST_KIND;
    if (a->exact != b->exact)
        return a->exact ? -1 : 1;
    *by = a->ingress->created != b->ingress->created ? EW_LOST_AGE : EW_LOST_NAME;
    if (a->ingress != b->ingress)
        return obj_age_order(a->ingress->obj, b->ingress->obj);
    *by = EW_LOST_PLACE;
    return a->rule != b->rule ? a->rule - b->rule : a->path - b->path;
}

enum ew_lost ingress_lost_by(const struct ingress_rule *lost, const struct ingress_rule *win)
{
    enum ew_lost by;
    compare(lost, win, &by);
    return by;
}

/* ---- who takes part ---- */

static bool of_class(const struct ingress *ingress, const char *class_name)
{
    return ew_streq(ingress->class_, class_name);
}

static bool publishes(const struct ingress *ingress, const char *const *addresses)
{
    EW_JSON_EACH(entry, ew_obj_at(ingress->obj, "status.loadBalancer.ingress"))
    for (size_t i = 0; addresses[i]; i++)
        if (ew_streq(ew_json_get_str(entry, "ip", NULL), addresses[i]) ||
            ew_streq(ew_json_get_str(entry, "hostname", NULL), addresses[i]))
            return true;
    return false;
}

/* Of the class, and not known to be published elsewhere only. What publishes nothing may stand
 * anywhere but where a Gateway does. */
static bool takes_part(const struct draft *draft, const struct ingress *ingress,
                       const char *class_name)
{
    if (!of_class(ingress, class_name))
        return false;
    if (!draft->addresses || publishes(ingress, draft->addresses))
        return true;
    return !draft->gateway_there &&
           !ew_json_count(ew_obj_at(ingress->obj, "status.loadBalancer.ingress"));
}

/* A canary takes part of what another Ingress gets, and nothing by itself. */
static bool contends(const struct draft *draft, const struct ingress *ingress,
                     const char *class_name)
{
    return !ingress->canary && takes_part(draft, ingress, class_name);
}

/* ---- the path that wins ---- */

static const struct ingress_rule *best_of(struct draft *draft, const char *pattern,
                                          const char *class_name, bool *limited)
{
    const struct ew_ptrs *list = ew_map_get(draft->routing->ingresses->hosts, pattern);
    const struct ingress_rule *best = NULL;
    for (size_t i = 0; list && i < list->count; i++) {
        const struct ingress_rule *rule = list->at[i];
        enum ew_lost by;
        if (!contends(draft, rule->ingress, class_name) || (best && compare(best, rule, &by) < 0))
            continue;
        enum ew_yes takes = ingress_path_takes(draft, rule, NULL);
        *limited |= takes == EW_MAYBE;
        if (takes == EW_YES)
            best = rule;
    }
    return best;
}

/* "Incoming requests are first evaluated for a host match" (IngressRule): a controller that keeps
 * to the most specific host does not come to a wider one that has the path. */
static void note_host(struct draft *draft, const struct ingress_rule *best, const char *class_name)
{
    const struct ew_ptrs *list = ew_map_get(draft->routing->ingresses->hosts, draft->host);
    bool claimed = false, fallback = false;
    for (size_t i = 0; list && i < list->count; i++) {
        const struct ingress_rule *rule = list->at[i];
        bool ours = *rule->host && contends(draft, rule->ingress, class_name);
        claimed |= ours;
        fallback |= ours && rule->ingress->default_backend;
    }
    if (!claimed || strcmp(best->host, draft->host) == 0)
        return;
    draft_assume(draft,
                 "no path of host %s takes the request, and one of %s does: a controller that "
                 "picks the host first (ingress-nginx) answers by %s",
                 draft->host, *best->host ? best->host : "any host",
                 fallback ? "the default backend" : "404");
}

/* ---- default backends ---- */

static bool rules_take_host(const struct draft *draft, const struct ingress *ingress)
{
    const char *patterns[INGRESS_PATTERNS];
    ingress_patterns(draft->arena, draft->host, patterns);
    for (size_t i = 0; i < ingress->rule_count; i++)
        for (size_t j = 0; j < INGRESS_PATTERNS; j++)
            if (patterns[j] && *patterns[j] && strcmp(ingress->rules[i].host, patterns[j]) == 0)
                return true;
    return false;
}

/* Of an Ingress with rules for the host, then of one without rules, then of any. */
static int default_rank(const struct draft *draft, const struct ingress *ingress)
{
    if (rules_take_host(draft, ingress))
        return 0;
    return ingress->rule_count ? 2 : 1;
}

static const struct ingress *default_of(const struct draft *draft, const char *class_name)
{
    const struct ew_ptrs *list = &draft->routing->ingresses->defaults;
    const struct ingress *best = NULL;
    int best_rank = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct ingress *one = list->at[i];
        int rank = default_rank(draft, one);
        if (!contends(draft, one, class_name))
            continue;
        if (best &&
            (rank > best_rank || (rank == best_rank && obj_age_order(best->obj, one->obj) < 0)))
            continue;
        best = one;
        best_rank = rank;
    }
    return best;
}

/* ---- the backend ---- */

void ingress_backend(struct draft *draft, const struct ingress *ingress, const struct ew_json *json,
                     struct ew_backend *out)
{
    const struct ew_json *service = ew_json_get(json, "service");
    const struct ew_json *port = ew_json_get(service, "port");
    const char *name = ew_json_get_str(service, "name", "");
    struct resolved resolved = {0};
    struct service_ask ask = {.ns = ingress->obj->ns,
                              .name = name,
                              .port = (int)ew_json_get_int(port, "number", 0),
                              .port_name = ew_json_get_str(port, "name", NULL)};
    out->group = "";
    out->kind = "Service";
    out->ns = ingress->obj->ns;
    out->name = name;
    out->port_name = ask.port_name;
    out->weight = 1;
    out->share = 1;
    out->ref = json;
    if (!service) {
        const struct ew_json *resource = ew_json_get(json, "resource");
        out->kind = ew_json_get_str(resource, "kind", "");
        out->group = ew_json_get_str(resource, "apiGroup", "");
        out->name = ew_json_get_str(resource, "name", "");
        resolved.fault = resource ? EW_BACKEND_UNKNOWN : EW_BACKEND_KIND;
        resolved.why = resource ? "a resource backend is its controller's" : "it names no service";
    } else {
        service_resolve(draft->routing, &ask, &resolved);
    }
    backend_finish(draft, &resolved, out);
    out->port = resolved.port ? (int)ew_json_get_int(resolved.port, "port", 0) : ask.port;
}

/* The secretName of the tls entry that names the host, "" when it names none; NULL: no such entry.
 */
static const char *tls_secret(const struct draft *draft, const struct ingress *ingress)
{
    const char *patterns[INGRESS_PATTERNS];
    ingress_patterns(draft->arena, draft->host, patterns);
    EW_JSON_EACH(tls, ew_obj_at(ingress->obj, "spec.tls"))
    {
        EW_JSON_EACH(host, ew_json_get(tls, "hosts"))
        {
            for (size_t i = 0; i < 2; i++)
                if (patterns[i] && ew_text_ieq(ew_json_str(host), patterns[i]))
                    return ew_json_get_str(tls, "secretName", "");
        }
    }
    return NULL;
}

/* Secret of the tls entry for the server name, of the oldest Ingress of the class that has one. */
static void serve_certificate(struct draft *draft, const char *class_name)
{
    const struct ingress_table *table = draft->routing->ingresses;
    const struct ingress *best = NULL;
    const char *name = NULL;
    for (size_t i = 0; i < table->count; i++) {
        const struct ingress *ingress = table->at[i];
        const char *secret =
            contends(draft, ingress, class_name) ? tls_secret(draft, ingress) : NULL;
        if (!secret || !*secret || (best && obj_age_order(best->obj, ingress->obj) < 0))
            continue;
        best = ingress;
        name = secret;
    }
    if (!best)
        return;
    struct ew_seen seen;
    ew_world_get(draft->routing->world, EW_SECRET, best->obj->ns, name,
                 routing_ask(draft->routing, true, "tls-secret-missing"), &seen);
    draft->out->certificate = certificate_json(draft, best->obj->ns, name);
}

static void note(struct draft *draft, const struct ingress *ingress,
                 const struct ingress_rule *rule)
{
    bool tls = tls_secret(draft, ingress) != NULL;
    if (draft->request->tls && !tls)
        draft_assume(draft,
                     "%s has no tls entry for the host: the controller's default certificate "
                     "is served",
                     obj_title(draft->arena, ingress->obj));
    if (!draft->request->tls && tls)
        draft_assume(draft, "the controller does not redirect plain HTTP to HTTPS");
    if (rule && strcmp(rule->type, "ImplementationSpecific") == 0)
        draft_assume(draft, "pathType ImplementationSpecific of %s is read as %s", rule->text,
                     ingress_path_reading(rule));
    const char *defaults = ingress_default_note(draft->arena, draft->routing, ingress);
    if (defaults)
        draft_assume(draft, "%s", defaults);
}

void ingress_take(struct draft *draft, const struct ingress *ingress,
                  const struct ingress_rule *rule)
{
    struct ew_backend *backend = ew_arena_alloc(draft->arena, sizeof(*backend));
    const struct ew_json *json = rule ? rule->backend : ingress->default_backend;
    draft->ingress = ingress;
    draft->path = rule;
    draft->out->ingress = ingress->obj;
    draft->out->host = rule ? rule->host : "";
    draft->out->rule = rule ? rule->rule : -1;
    draft->out->match = rule ? rule->path : -1;
    draft->out->rule_json = json;
    ingress_backend(draft, ingress, json, backend);
    draft->out->backends = backend;
    draft->out->backend_count = 1;
    if (rule && !ingress->canary)
        canary_join(draft, rule);
    backends_outcome(draft);
    if (draft->out->outcome == EW_OUT_NO_BACKEND)
        draft->out->status = 503;
    forward_unchanged(draft);
    note(draft, ingress, rule);
    if (ingress->classed.ok == EW_MAYBE)
        draft_assume(draft, "%s: %s", obj_title(draft->arena, ingress->obj), ingress->classed.why);
}

static const struct ingress *any_of(const struct draft *draft, const char *class_name)
{
    const struct ingress_table *table = draft->routing->ingresses;
    for (size_t i = 0; i < table->count; i++)
        if (takes_part(draft, table->at[i], class_name))
            return table->at[i];
    return NULL;
}

bool ingress_decide(struct draft *draft, const struct ew_obj *class_, const char *class_name)
{
    const char *patterns[INGRESS_PATTERNS];
    const struct ingress_rule *best = NULL;
    const struct ingress *fallback = NULL, *any = any_of(draft, class_name);
    bool limited = false;
    (void)class_;
    if (!any)
        return false;
    if (any->classed.ok == EW_NO) {
        draft->out->outcome = EW_OUT_NO_LISTENER;
        draft->out->why = any->classed.why;
        return true;
    }
    ingress_patterns(draft->arena, draft->host, patterns);
    for (size_t i = 0; i < INGRESS_PATTERNS && !best; i++)
        if (patterns[i])
            best = best_of(draft, patterns[i], class_name, &limited);
    if (!best)
        fallback = default_of(draft, class_name);
    if (best || fallback) {
        ingress_take(draft, best ? best->ingress : fallback, best);
        if (best)
            note_host(draft, best, class_name);
    } else {
        draft->out->outcome = limited ? EW_OUT_UNKNOWN : EW_OUT_NO_ROUTE;
        draft->out->status = limited ? 0 : 404;
        draft->out->why =
            ew_arena_fmt(draft->arena, "no path of an Ingress of class %s takes %s%s",
                         class_name ? class_name : "(none)", draft->host, draft->ask.path);
    }
    if (draft->request->tls)
        serve_certificate(draft, class_name);
    if (limited)
        draft_undecided(draft, "a path that is a regular expression could not be evaluated");
    return true;
}

/* ---- which classes could take it ---- */

static void add_class(struct ew_routing *routing, struct ingress *ingress, struct ew_ptrs *out)
{
    if (routing->only_class && !ew_streq(routing->only_class, ingress->class_))
        return;
    for (size_t i = 0; i < out->count; i++)
        if (of_class(out->at[i], ingress->class_))
            return;
    ew_ptrs_add(out, ingress);
}

static int by_class(const void *left, const void *right)
{
    const struct ingress *a = *(void *const *)left, *b = *(void *const *)right;
    return strcmp(a->class_ ? a->class_ : "", b->class_ ? b->class_ : "");
}

void ingress_classes(struct ew_routing *routing, const char *host, struct ew_ptrs *out)
{
    struct ingress_table *table = routing->ingresses;
    struct ew_arena *arena = ew_arena_new();
    const char *patterns[INGRESS_PATTERNS];
    ingress_patterns(arena, host_lower(arena, host), patterns);
    for (size_t i = 0; i < INGRESS_PATTERNS; i++) {
        const struct ew_ptrs *list = patterns[i] ? ew_map_get(table->hosts, patterns[i]) : NULL;
        for (size_t j = 0; list && j < list->count; j++)
            add_class(routing, ((struct ingress_rule *)list->at[j])->ingress, out);
    }
    for (size_t i = 0; i < table->defaults.count; i++)
        add_class(routing, table->defaults.at[i], out);
    if (routing->only_class && !out->count)
        for (size_t i = 0; i < table->count && !out->count; i++)
            add_class(routing, table->at[i], out);
    if (!out->count && table->count && !routing->gateway_count)
        add_class(routing, table->at[0], out); /* its 404 is an answer too */
    if (out->count)
        qsort(out->at, out->count, sizeof(void *), by_class);
    ew_arena_free(arena);
}
