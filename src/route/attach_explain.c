/* The sentences of attachments, made when somebody asks for them. */
#include "config.h"

#include "attach.h"

#include <string.h>

static const char *fact_why(struct gating *on, const struct gate_fact *fact)
{
    struct gate_fact again = {.listener = fact->listener};
    if (fact->rival)
        return ew_arena_fmt(on->routing->arena,
                            "%s is older and has these host names at listener %s: HTTPRoutes and "
                            "GRPCRoutes cannot share them",
                            obj_title(on->routing->arena, fact->rival->obj), fact->listener->name);
    if (fact->failed == EW_GATE_LISTENER)
        return ew_arena_fmt(on->routing->arena, "listener %s is not valid: %s",
                            fact->listener->name, listener_valid(on->routing, fact->listener).why);
    on->why = NULL;
    gates_pass(on, &again);
    return on->why;
}

/* Every gate that does not pass, not the first alone: mending one would bring the next to light. */
static void list_faults(struct gating *on, const struct gate_fact *fact, struct ew_gate_result *out)
{
    struct ew_gate_fault *faults =
        ew_arena_alloc(on->routing->arena, (EW_GATE_NONE + 1) * sizeof(*faults));
    out->faults = faults;
    for (enum ew_gate gate = EW_GATE_PARENT; gate <= EW_GATE_HOSTNAME; gate++) {
        enum ew_yes takes = gate_takes(on, fact->listener, gate);
        if (takes == EW_YES)
            continue;
        if (gate == EW_GATE_SECTION)
            out->fault_count = 0; /* this listener is none of its business */
        faults[out->fault_count++] = (struct ew_gate_fault){gate, takes, on->why};
        if (gate == EW_GATE_SECTION)
            return;
    }
    bool more = fact->rival || fact->failed == EW_GATE_LISTENER;
    if (more)
        faults[out->fault_count++] =
            (struct ew_gate_fault){fact->failed, EW_NO, fact_why(on, fact)};
}

static void explain_gate(struct gating *on, const struct gate_fact *fact,
                         struct ew_gate_result *out)
{
    out->owner = fact->listener->owner;
    out->listener = fact->listener->name;
    out->passes = fact->passes;
    out->failed = fact->failed;
    out->rival = fact->rival ? fact->rival->obj : NULL;
    if (fact->passes == EW_YES)
        return;
    if (fact->failed == EW_GATE_KIND)
        out->kind_fault = listener_kind_fault(on->routing, fact->listener, on->route->obj->kind);
    list_faults(on, fact, out);
    out->why = fact_why(on, fact);
    if (fact->failed == EW_GATE_LISTENER)
        out->reason =
            fact->listener->conflict ? fact->listener->conflict : fact->listener->accepted.reason;
    else
        out->reason = gate_reason(on->route, fact);
}

static const char *nearest_why(const struct ew_attachment *ref)
{
    const struct ew_gate_result *nearest = NULL;
    for (size_t i = 0; i < ref->gate_count; i++)
        if (!nearest || gate_reach(ref->gates[i].failed) > gate_reach(nearest->failed))
            nearest = &ref->gates[i];
    return nearest ? nearest->why : NULL;
}

static const char *no_section_why(struct ew_routing *routing, const struct ew_attachment *ref)
{
    struct ew_buf names;
    ew_buf_init(&names, 400);
    for (size_t i = 0; i < ref->gate_count; i++)
        ew_buf_addf(&names, "%s%s", i ? ", " : "", ref->gates[i].listener);
    const char *text = ew_arena_fmt(
        routing->arena, "%s %s/%s has no listener %s%s (it has: %s)", ref->parent_kind,
        ref->parent_ns ? ref->parent_ns : "-", ref->parent_name, ref->section ? ref->section : "",
        ref->parent_port ? ew_arena_fmt(routing->arena, "%sat port %d", ref->section ? " " : "",
                                        ref->parent_port)
                         : "",
        names.len ? ew_buf_text(&names) : "none");
    ew_buf_release(&names);
    return text;
}

void attachment_explain(struct ew_routing *routing, struct route *route, size_t index)
{
    struct ew_attachment *ref = &route->attachments[index];
    struct gate_set *gates = &route->gates[index];
    struct ew_gate_result *results;
    struct gating on = {.routing = routing, .route = route, .attachment = ref, .explain = true};
    if (gates->explained)
        return;
    gates->explained = true;
    results = ew_arena_alloc(routing->arena, (gates->count + 1) * sizeof(*results));
    for (size_t i = 0; i < gates->count; i++)
        explain_gate(&on, &gates->at[i], &results[i]);
    ref->gates = results;
    ref->gate_count = gates->count;
    if (!ref->parent || ref->attached == EW_YES)
        return;
    if (route->invalid)
        ref->why = route->invalid_why;
    else if (ref->reason && strcmp(ref->reason, "NoMatchingParent") == 0 &&
             (!gates->count || results[0].failed == EW_GATE_SECTION))
        ref->why = no_section_why(routing, ref);
    else
        ref->why = nearest_why(ref);
}
