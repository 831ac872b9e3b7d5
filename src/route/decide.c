/* The decision: every Gateway and class of Ingress that the request could reach, the one that
 * serves it first. */
#include "config.h"

#include "decide.h"

#include "edgewalk/fact/keys.h"

#include "candidates.h"
#include "ingress.h"

#include <stdlib.h>
#include <string.h>

void draft_assume(struct draft *draft, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = ew_vfmt(format, args);
    va_end(args);
    bool known = false;
    for (size_t i = 0; i < draft->assumes.count; i++)
        known |= strcmp(draft->assumes.at[i], text) == 0;
    if (!known)
        ew_ptrs_add(&draft->assumes, ew_arena_strdup(draft->arena, text));
    free(text);
}

void draft_undecided(struct draft *draft, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = ew_vfmt(format, args);
    va_end(args);
    ew_ptrs_add(&draft->undecided, ew_arena_strdup(draft->arena, text));
    free(text);
}

void decision_free(void *decision)
{
    struct decision *gone = decision;
    ew_doc_unref(gone->doc);
    ew_arena_free(gone->arena);
    free(gone);
}

/* ---- drafts ---- */

static void start(struct draft *draft, struct ew_routing *routing, struct decision *decision,
                  const struct ew_request *request)
{
    memset(draft, 0, sizeof(*draft));
    draft->routing = routing;
    draft->arena = decision->arena;
    draft->doc = decision->doc;
    draft->request = request;
    draft->host = host_lower(decision->arena, request->host);
    ask_init(&draft->ask, request, decision->arena);
    draft->out = ew_arena_alloc(decision->arena, sizeof(*draft->out));
    draft->out->rule = draft->out->match = -1;
    draft->out->grpc_status = -1;
}

static const char *const *close_list(struct draft *draft, struct ew_ptrs *list)
{
    const char **out = ew_arena_alloc(draft->arena, (list->count + 1) * sizeof(*out));
    for (size_t i = 0; i < list->count; i++)
        out[i] = list->at[i];
    ew_ptrs_release(list);
    return out;
}

static void finish(struct draft *draft)
{
    draft->out->assumes = close_list(draft, &draft->assumes);
    draft->out->undecided = close_list(draft, &draft->undecided);
}

/* ---- which of several comes first ---- */

static int rank(const struct ew_decision *decision)
{
    static const int ranks[] = {
        [EW_OUT_BACKEND] = 0,    [EW_OUT_REDIRECT] = 0, [EW_OUT_RESPOND] = 0,
        [EW_OUT_NO_BACKEND] = 1, [EW_OUT_UNKNOWN] = 2,  [EW_OUT_MISDIRECTED] = 3,
        [EW_OUT_REJECTED] = 4,   [EW_OUT_NO_ROUTE] = 5, [EW_OUT_NO_LISTENER] = 6,
    };
    return ranks[decision->outcome];
}

/* A listener for this very host tells more than one for all. */
static size_t nearness(const struct draft *draft)
{
    return draft->listener ? 1 + host_specificity(draft->listener->hostname) : 0;
}

static bool better(const struct draft *a, const struct draft *b)
{
    if (rank(a->out) != rank(b->out))
        return rank(a->out) < rank(b->out);
    if (rank(a->out) >= rank(&(struct ew_decision){.outcome = EW_OUT_NO_ROUTE}) &&
        nearness(a) != nearness(b))
        return nearness(a) > nearness(b);
    if (a->out->status != b->out->status && rank(a->out) == 6)
        return a->out->status > b->out->status;
    return false; /* the earlier one stays first */
}

static bool listens_at(const struct gateway *gateway, int port)
{
    for (size_t i = 0; i < gateway->listeners.count; i++)
        if (((const struct listener *)gateway->listeners.at[i])->port == port)
            return true;
    return false;
}

static bool publishes(const struct gateway *gateway, const char *const *addresses)
{
    if (!addresses)
        return true;
    EW_JSON_EACH(entry, ew_obj_at(gateway->obj, "status.addresses"))
    {
        for (size_t i = 0; addresses[i]; i++)
            if (ew_streq(ew_json_get_str(entry, "value", ""), addresses[i]))
                return true;
    }
    return false;
}

static bool wanted(const struct ew_routing *routing, const struct gateway *gateway,
                   const char *const *addresses)
{
    struct key_text key;
    if (routing->only_gateway)
        return strcmp(key_of(&key, gateway->obj->ns, gateway->obj->name), routing->only_gateway) ==
               0;
    return !routing->only_class && publishes(gateway, addresses);
}

/* ---- all of them ---- */

struct field {
    struct draft *drafts;
    size_t count;
};

static void run_gateways(struct field *field, struct ew_routing *routing, struct decision *decision,
                         const struct ew_request *request, const char *const *addresses,
                         bool any_port)
{
    for (size_t i = 0; i < routing->gateway_count; i++) {
        struct gateway *gateway = routing->gateways[i];
        if (!wanted(routing, gateway, addresses) ||
            (!any_port && !listens_at(gateway, request->port)))
            continue;
        struct draft *draft = &field->drafts[field->count++];
        start(draft, routing, decision, request);
        draft->gateway = gateway;
        gateway_decide(draft);
        if (any_port)
            return;
    }
}

static void run_ingresses(struct field *field, struct ew_routing *routing,
                          struct decision *decision, const struct ew_request *request,
                          const struct ew_ptrs *classes, const char *const *addresses)
{
    bool gateway_there = field->count > 0;
    if (request->protocol != EW_PROTO_HTTP && request->protocol != EW_PROTO_GRPC)
        return;
    for (size_t i = 0; i < classes->count; i++) {
        const struct ingress *ingress = classes->at[i];
        struct draft *draft = &field->drafts[field->count];
        start(draft, routing, decision, request);
        draft->addresses = addresses;
        draft->gateway_there = gateway_there;
        if (ingress_decide(draft, ingress->class_obj, ingress->class_))
            field->count++;
    }
}

/* Nothing takes it at all. */
static void nothing(struct draft *draft, struct ew_routing *routing)
{
    struct ew_seen seen = ew_world_listed(routing->world, EW_GATEWAY, NULL,
                                          routing_ask(routing, true, "edge-gateway-missing"));
    bool known = seen.state == EW_ABSENT || (seen.state == EW_KNOWN && !seen.reason);
    draft->out->outcome = known ? EW_OUT_NO_LISTENER : EW_OUT_UNKNOWN;
    if (!known)
        draft_undecided(draft, "the Gateways of the cluster are not known (%s)",
                        seen.reason ? seen.reason : "not read yet");
    else if (routing->only_gateway)
        draft->out->why =
            ew_arena_fmt(draft->arena, "there is no Gateway %s", routing->only_gateway);
    else if (!routing->gateway_count && routing_left_out(routing, EW_INGRESS)) {
        draft->out->outcome = EW_OUT_NO_ROUTE; /* its controller's answer, as of any host */
        draft->out->status = 404;
        draft->out->why = ew_arena_fmt(draft->arena, "no Ingress claims %s", draft->host);
    } else
        draft->out->why =
            ew_arena_fmt(draft->arena, "no Gateway listens at port %d, and no Ingress claims %s",
                         draft->request->port, *draft->host ? draft->host : "the host");
}

static size_t choose(const struct field *field)
{
    size_t best = 0;
    for (size_t i = 1; i < field->count; i++)
        if (better(&field->drafts[i], &field->drafts[best]))
            best = i;
    return best;
}

static bool has_answer(const struct ew_decision *decision)
{
    return decision->route || decision->ingress;
}

/* Documents of the files that are no objects might have been a rule. */
static void note_documents(struct draft *draft)
{
    static const char *const keys[] = {EW_KEY_FILES, EW_KEY_OVERLAY};
    for (size_t i = 0; i < EW_COUNT(keys); i++) {
        const struct ew_fact *fact = ew_snapshot_fact(draft->routing->snapshot, keys[i]);
        EW_JSON_EACH(error, ew_json_get(fact ? ew_fact_value(fact) : NULL, "errors"))
        draft_assume(draft, "%s is left out: %s", ew_json_get_str(error, "where", "?"),
                     ew_json_get_str(error, "text", "?"));
    }
}

static struct ew_decision *close_field(struct field *field)
{
    size_t best = choose(field);
    struct draft *first = &field->drafts[best];
    const struct ew_decision **tail = &first->out->next;
    note_documents(first);
    if (!first->routing->no_candidates)
        candidates_list(first);
    for (size_t i = 0; i < field->count; i++) {
        finish(&field->drafts[i]);
        if (i == best || !has_answer(field->drafts[i].out))
            continue;
        *tail = field->drafts[i].out;
        tail = &field->drafts[i].out->next;
    }
    return first->out;
}

static struct decision *decision_new(struct ew_routing *routing)
{
    struct decision *decision = ew_alloc(sizeof(*decision));
    decision->arena = ew_arena_new();
    decision->doc = ew_doc_new();
    ew_ptrs_add(&routing->decisions, decision);
    return decision;
}

const struct ew_decision *ew_routing_decide_as(struct ew_routing *routing,
                                               const struct ew_request *request,
                                               const struct ew_decision *decision,
                                               const struct ew_candidate *candidate)
{
    struct decision *made = decision_new(routing);
    struct draft draft;
    start(&draft, routing, made, request);
    draft.out->outcome = EW_OUT_UNKNOWN;
    if (candidate->route->kind == EW_INGRESS)
        ingress_decide_as(&draft, candidate);
    else if (decision->gateway)
        gateway_decide_as(&draft, decision, candidate);
    finish(&draft);
    made->first = draft.out;
    return made->first;
}

const struct ew_decision *ew_routing_decide(struct ew_routing *routing,
                                            const struct ew_request *request,
                                            const char *const *gateway_at)
{
    struct decision *decision = decision_new(routing);
    struct field field = {0};
    struct ew_ptrs classes = {0};
    if (!routing->only_gateway)
        ingress_classes(routing, request->host ? request->host : "", &classes);
    field.drafts = ew_arena_alloc(decision->arena, (routing->gateway_count + classes.count + 1) *
                                                       sizeof(*field.drafts));
    run_gateways(&field, routing, decision, request, gateway_at, false);
    run_ingresses(&field, routing, decision, request, &classes, gateway_at);
    if (!field.count && !routing->only_class)
        run_gateways(&field, routing, decision, request, gateway_at, true);
    if (!field.count) {
        start(&field.drafts[0], routing, decision, request);
        nothing(&field.drafts[0], routing);
        field.count = 1;
    }
    ew_ptrs_release(&classes);
    decision->first = close_field(&field);
    return decision->first;
}
