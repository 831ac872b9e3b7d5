/* Ingresses read: class, rules by host. */
#include "config.h"

#include "ingress.h"

#include <string.h>

#define CLASS_ANNOTATION "kubernetes.io/ingress.class"
#define DEFAULT_ANNOTATION "ingressclass.kubernetes.io/is-default-class"

/* ---- classes ---- */

/* Of several default classes the newest counts, as admission does it. */
static const struct ew_obj *default_class(const struct ew_routing *routing, size_t *count)
{
    const struct ew_obj *best = NULL;
    for (size_t i = 0; i < ew_world_count(routing->world, EW_INGRESSCLASS); i++) {
        const struct ew_obj *class_ = ew_world_at(routing->world, EW_INGRESSCLASS, i);
        if (!ew_streq(ew_obj_annotation(class_, DEFAULT_ANNOTATION), "true"))
            continue;
        (*count)++;
        if (!best || ew_obj_created(class_) > ew_obj_created(best))
            best = class_;
    }
    return best;
}

static void name_class(struct ew_routing *routing, struct ingress *ingress)
{
    size_t count = 0;
    const char *field = ew_json_str(ew_obj_at(ingress->obj, "spec.ingressClassName"));
    const char *annotation = ew_obj_annotation(ingress->obj, CLASS_ANNOTATION);
    const struct ew_obj *fallback = NULL;
    if (field && *field) {
        ingress->class_ = field;
        ingress->class_from = "spec.ingressClassName";
    } else if (annotation && *annotation) {
        ingress->class_ = annotation;
        ingress->class_from = "annotation " CLASS_ANNOTATION;
    } else if ((fallback = default_class(routing, &count))) {
        ingress->class_ = fallback->name;
        ingress->class_from = "the default IngressClass";
    }
}

const char *ingress_default_note(struct ew_arena *arena, const struct ew_routing *routing,
                                 const struct ingress *ingress)
{
    size_t count = routing->ingresses->default_classes;
    if (count < 2 || !ew_text_prefix(ingress->class_from ? ingress->class_from : "", "the default"))
        return NULL;
    return ew_arena_fmt(arena, "%zu IngressClasses are the default: the newest is taken", count);
}

static void find_class(struct ew_routing *routing, struct ingress *ingress)
{
    struct ew_seen seen;
    ingress->classed.ok = EW_YES;
    name_class(routing, ingress);
    if (!ingress->class_) {
        ingress->classed = (struct verdict){
            .ok = EW_MAYBE,
            .reason = "NoClass",
            .why = "it names no class and there is no default IngressClass: whether a controller "
                   "serves it depends on the controller"};
        return;
    }
    ingress->class_obj =
        ew_world_get(routing->world, EW_INGRESSCLASS, NULL, ingress->class_,
                     routing_ask(routing, true, "edge-ingressclass-not-found"), &seen);
    bool by_field = ew_text_prefix(ingress->class_from, "spec");
    if (!ingress->class_obj && seen.state == EW_ABSENT && by_field &&
        ew_world_tells_of(routing->world, EW_INGRESSCLASS))
        ingress->classed = (struct verdict){
            .ok = EW_NO,
            .reason = "ClassNotFound",
            .why =
                ew_arena_fmt(routing->arena, "there is no IngressClass %s: no controller serves it",
                             ingress->class_)};
}

/* Of GKE, the AWS load balancer controller and Azure's application gateway. */
static bool reads_patterns(const struct ingress *ingress)
{
    static const char *const controllers[] = {"ingress.k8s.aws/alb", "azure/application-gateway"};
    static const char *const classes[] = {"gce", "gce-internal", "alb",
                                          "azure/application-gateway"};
    const char *controller =
        ingress->class_obj ? ew_json_str(ew_obj_at(ingress->class_obj, "spec.controller")) : NULL;
    for (size_t i = 0; controller && i < EW_COUNT(controllers); i++)
        if (strcmp(controller, controllers[i]) == 0)
            return true;
    for (size_t i = 0; !controller && ingress->class_ && i < EW_COUNT(classes); i++)
        if (strcmp(ingress->class_, classes[i]) == 0)
            return true;
    return false;
}

/* ---- rules ---- */

static void read_path(struct ingress *ingress, const struct ew_json *path, int rule, int index,
                      const char *host, struct ingress_rule *out)
{
    const char *text = ew_json_get_str(path, "path", "");
    out->ingress = ingress;
    out->rule = rule;
    out->path = index;
    out->host = host;
    out->type = ew_json_get_str(path, "pathType", "ImplementationSpecific");
    out->text = *text ? text : "/";
    out->exact = strcmp(out->type, "Exact") == 0;
    out->backend = ew_json_get(path, "backend");
}

static size_t count_paths(const struct ew_json *rules)
{
    size_t count = 0;
    EW_JSON_EACH(rule, rules)
    count += ew_json_count(ew_json_at(rule, "http.paths"));
    return count;
}

static void read_rules(struct ew_routing *routing, struct ingress *ingress)
{
    const struct ew_json *rules = ew_obj_at(ingress->obj, "spec.rules");
    int rule_index = 0;
    if (!ew_json_is(rules, EW_JSON_ARRAY))
        rules = NULL;
    ingress->rules =
        ew_arena_alloc(routing->arena, (count_paths(rules) + 1) * sizeof(*ingress->rules));
    EW_JSON_EACH(rule, rules)
    {
        const struct ew_json *paths = ew_json_at(rule, "http.paths");
        const char *host = host_lower(routing->arena, ew_json_get_str(rule, "host", ""));
        int path_index = 0;
        EW_JSON_EACH(path, paths)
        read_path(ingress, path, rule_index, path_index++, host,
                  &ingress->rules[ingress->rule_count++]);
        rule_index++;
    }
    ingress->default_backend = ew_obj_at(ingress->obj, "spec.defaultBackend");
    if (ew_json_is(ingress->default_backend, EW_JSON_NULL))
        ingress->default_backend = NULL;
}

static void compile(struct ew_routing *routing, const struct ew_obj *obj)
{
    struct ingress_table *table = routing->ingresses;
    struct ingress *ingress = ew_arena_alloc(routing->arena, sizeof(*ingress));
    ingress->obj = obj;
    ingress->created = ew_obj_created(obj) ? ew_obj_created(obj) : INT64_MAX;
    find_class(routing, ingress);
    ingress->canary = canary_is_marked(ingress);
    ingress->patterns = reads_patterns(ingress);
    read_rules(routing, ingress);
    table->at[table->count++] = ingress;
    for (size_t i = 0; i < ingress->rule_count; i++)
        ew_ptrs_add(routing_list(routing, table->hosts, ingress->rules[i].host),
                    &ingress->rules[i]);
    if (ingress->default_backend)
        ew_ptrs_add(&table->defaults, ingress);
    routing->ingress_rules += ingress->rule_count + (ingress->default_backend != NULL);
}

void ingresses_compile(struct ew_routing *routing)
{
    size_t count = ew_world_count(routing->world, EW_INGRESS);
    struct ingress_table *table = ew_arena_alloc(routing->arena, sizeof(*table));
    routing->ingresses = table;
    ew_world_listed(routing->world, EW_INGRESS, NULL,
                    routing_ask(routing, true, "route-none-for-host"));
    ew_world_listed(routing->world, EW_INGRESSCLASS, NULL,
                    routing_ask(routing, true, "edge-ingressclass-not-found"));
    table->hosts = routing_map(routing);
    ew_ptrs_add(&routing->lists, &table->defaults);
    table->at = ew_arena_alloc(routing->arena, (count + 1) * sizeof(void *));
    default_class(routing, &table->default_classes);
    for (size_t i = 0; i < count; i++)
        compile(routing, ew_world_at(routing->world, EW_INGRESS, i));
}
