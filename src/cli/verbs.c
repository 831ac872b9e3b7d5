#include "cli.h"

#include <string.h>

static const struct ew_verb verbs[] = {
    {"walk", ON_WALK, "URL|HOST...",
     "walk the chain and name the first failing layer and its cause", ew_verb_walk},
    {"route", ON_ROUTE, "URL",
     "which listener, route, rule and backends serve this request, and why not the others",
     ew_verb_route},
    {"check", ON_CHECK, "[KIND/NAME...]",
     "every status condition as it should be and as it is reported", ew_verb_check},
    {"lab", ON_LAB, "list|run NAME|run --all|serve NAME|objects NAME",
     "the practice lab: incidents played on loopback, no cluster needed", ew_verb_lab},
    {"explain", ON_EXPLAIN, "[CAUSE]", "what a cause means, how it is recognised, what to do",
     ew_verb_explain},
    {"replay", ON_REPLAY, "FILE", "show recorded walks again, judged anew from their snapshots",
     ew_verb_replay},
    {"completion", ON_COMPLETION, "bash|zsh|fish", "a completion script on standard output",
     ew_verb_completion},
    {"config", ON_CONFIG, "print", "the configuration in force, and a template", ew_verb_config},
};

const struct ew_verb *ew_verb_at(size_t index)
{
    return index < EW_COUNT(verbs) ? &verbs[index] : NULL;
}

const struct ew_verb *ew_verb_find(const char *name)
{
    for (size_t i = 0; i < EW_COUNT(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}
