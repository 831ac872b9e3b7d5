#include "http.h"

#include <stdlib.h>

/* The backend whose application spoke. With several it may be any of them. */
static const struct ew_backend *speaker(const struct judging *j)
{
    return j->backend;
}

static const char *cause_of(const struct answer *answer)
{
    const char *id = answer->status == 404 ? "app-404" : answer->status >= 500 ? "app-5xx" : NULL;
    const struct ew_cause *cause = id ? ew_cause_find(id) : NULL;
    return cause && cause->recognised ? id : NULL;
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

static void judge_error(struct judging *j, const char *cause, const struct ew_backend *backend)
{
    struct ew_draft *draft = draft_new(j, cause, backend->kind, backend->ns, backend->name);
    draft_says(j, draft, "the application behind %s %s/%s itself answers %s to %s %s",
               backend->kind, backend->ns, backend->name, j->answer.what, j->method,
               clean(j, j->path));
    draft->marks |= EW_MARK(APP_MADE);
    draft_tag(j, draft, EW_TAG_BACKEND, ns_name(j, backend->ns, backend->name));
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    tag_edge(j, draft, j->answer.at);
    draft->marks |= published_marks(j, j->answer.at, EW_LAYER_HTTP);
    show(j, draft);
    draft_next(j, draft, "ask the Service itself, past the edge",
               "kubectl get --raw '/api/v1/namespaces/%s/services/%s:%d/proxy%s'", backend->ns,
               backend->name, backend->port, clean(j, j->path));
    if (j->pod_count)
        draft_next(j, draft, "read what the application logs of it",
                   "kubectl logs -n %s %s --tail=50", j->pods[0]->ns, j->pods[0]->name);
    if (j->answer.status == 404)
        draft_next(j, draft, "if 404 is what is meant here, say so",
                   "edgewalk --expect 200-399,404 '%s'", clean(j, j->url));
}

static bool inside_seen(const struct judging *j)
{
    return j->inside == INSIDE_API || j->inside == INSIDE_FILES;
}

static void settle(struct judging *j)
{
    const struct answer *answer = &j->answer;
    if (!inside_seen(j))
        return; /* skipped or unknown, as api_look said */
    if (!j->outside)
        layer_is(j, EW_LAYER_APP, EW_ST_UNKNOWN, "not asked (--no-probe)");
    else if (answer->at && !answer->bad)
        layer_is(j, EW_LAYER_APP, EW_ST_OK, "answers %s", answer->what);
    else if (answer->at && answer->author == AUTHOR_APP)
        layer_is(j, EW_LAYER_APP, EW_ST_FAIL, "answers %s", answer->what);
    else if (answer->at && answer->author == AUTHOR_UNDECIDED && answer->status)
        layer_is(j, EW_LAYER_APP, EW_ST_UNKNOWN, "%s, by the edge or by it", answer->what);
    else
        layer_is(j, EW_LAYER_APP, EW_ST_NOT_REACHED, "not reached");
    if (!j->answer.at && j->layers[EW_LAYER_HTTP].pending)
        j->layers[EW_LAYER_APP].pending = true;
}

void app_judge(struct judging *j)
{
    const struct answer *answer = &j->answer;
    const char *cause = cause_of(answer);
    settle(j);
    if (inside_seen(j) && answer->at && answer->bad && answer->author == AUTHOR_APP && cause &&
        speaker(j))
        judge_error(j, cause, speaker(j));
}
