#include "route.h"

#include <stdlib.h>

static void tag_backends(struct judging *j, struct ew_draft *draft)
{
    for (size_t i = 0; i < j->decision->backend_count; i++)
        draft_tag(j, draft, EW_TAG_BACKEND,
                  ns_name(j, j->decision->backends[i].ns, j->decision->backends[i].name));
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    tag_edge(j, draft, j->answer.at);
}

static bool is_server_error(int status)
{
    return status >= 500 && status <= 599;
}

static void show(struct judging *j, struct ew_draft *draft)
{
    const struct answer *answer = &j->answer;
    draft_shows(j, draft, say(j, "%s at %s", clean(j, j->url), answer->at->text), "%s",
                answer->what);
    draft_shows(j, draft, "who answered", "the application: %s", answer->because);
    if (is_known(answer->host_control))
        draft_shows(j, draft, "a random host at the same address", "%ld",
                    http_status(answer->host_control));
    if (is_known(answer->path_control))
        draft_shows(j, draft, "a random path on this host", "%ld",
                    http_status(answer->path_control));
}

static void next(struct judging *j, struct ew_draft *draft, const struct ew_backend *at)
{
    char *selector = ew_selector_text(ew_obj_at(at->service, "spec.selector"));
    if (*selector)
        draft_next(j, draft, "read what it logs of the request",
                   "kubectl logs -n %s -l '%s' --since=10m", at->ns, selector);
    free(selector);
    draft_next(j, draft, "ask the Service itself, past the edge",
               "kubectl get --raw '/api/v1/namespaces/%s/services/%s:%d/proxy%s'", at->ns, at->name,
               at->port, clean(j, j->request.path));
    if (j->answer.status == 404)
        draft_next(j, draft, "if 404 is what is meant here, say so",
                   "edgewalk --expect 200-399,404 %s", j->url_word);
}

/* The matched rule is the right one and leads to usable backends: what is answered is theirs. */
static void judge_answer(struct judging *j)
{
    const struct answer *answer = &j->answer;
    const struct ew_backend *at = j->backend;
    if (!answer->bad || answer->author != AUTHOR_APP || route_is_robbed(j) ||
        (answer->status != 404 && !is_server_error(answer->status)))
        return;
    struct ew_draft *draft =
        draft_new(j, answer->status == 404 ? "app-404" : "app-5xx", at->kind, at->ns, at->name);
    tag_backends(j, draft);
    draft->marks |= EW_MARK(APP_MADE) | published_marks(j, answer->at, EW_LAYER_HTTP);
    draft_says(j, draft, "the application behind %s %s/%s itself answers %s to %s %s", at->kind,
               at->ns, at->name, answer->what, j->request.method, clean(j, j->request.path));
    show(j, draft);
    next(j, draft, at);
}

static void settle(struct judging *j)
{
    const struct answer *answer = &j->answer;
    if (!j->outside)
        layer_is(j, EW_LAYER_APP, EW_ST_SKIPPED, "--no-probe");
    else if (draft_find(j, "dns-wrong-target"))
        layer_is(j, EW_LAYER_APP, EW_ST_NOT_REACHED, "another edge is asked");
    else if (j->layers[EW_LAYER_POD].status == EW_ST_UNKNOWN && !answer->bad)
        layer_is(j, EW_LAYER_APP, EW_ST_UNKNOWN, "its pods are not known");
    else if (answer->at && !answer->bad)
        layer_is(j, EW_LAYER_APP, EW_ST_OK, "answers %s", answer->what);
    else if (answer->bad && answer->author == AUTHOR_APP)
        layer_is(j, EW_LAYER_APP, EW_ST_FAIL, "answers %s", answer->what);
    else if (answer->bad && answer->status && answer->author == AUTHOR_UNDECIDED &&
             j->backend->usable)
        layer_is(j, EW_LAYER_APP, EW_ST_UNKNOWN, "%s, author unknown", answer->what);
    else
        layer_is(j, EW_LAYER_APP, EW_ST_NOT_REACHED, "no request reached it");
    if (!answer->at && j->layers[EW_LAYER_HTTP].pending)
        j->layers[EW_LAYER_APP].pending = true;
}

void app_judge(struct judging *j)
{
    if (!reached_backend(j, EW_LAYER_APP))
        return;
    settle(j);
    judge_answer(j);
}
