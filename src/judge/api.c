#include "judging.h"

#include <string.h>

/* How a server that cannot be used is called, by the reason of api/server. */
static const struct {
    const char *reason, *cause, *says;
} refusals[] = {
    {"unreachable", "api-unreachable", "the API server cannot be reached"},
    {"timeout", "api-unreachable", "the API server does not answer in time"},
    {"throttled", "api-unreachable", "the API server is too busy to answer"},
    {"malformed", "api-unreachable", "the API server's answer cannot be read"},
    {"not-an-api-server", "api-unreachable", "what answers there is not an API server"},
    {"unauthorized", "api-unauthorized", "the API server does not accept these credentials"},
    {"forbidden", "api-forbidden-partial", "the API server lets this user read nothing"},
    {"tls-untrusted", "api-tls-untrusted", "the API server's certificate is not trusted"},
};

static const struct ew_fact *server_fact(const struct judging *j)
{
    return ew_snapshot_fact(j->snapshot, EW_KEY_SERVER);
}

static void look_at_server(struct judging *j)
{
    const struct ew_fact *fact = server_fact(j);
    j->inside_text = ew_json_get_str(ew_fact_value(fact), "text", NULL);
    if (!fact || fact->state == EW_PENDING) {
        j->inside = INSIDE_PENDING;
        return;
    }
    j->inside_reason = fact->reason;
    if (fact->state == EW_KNOWN)
        j->inside = INSIDE_API;
    else if (fact->state == EW_ABSENT || ew_streq(fact->reason, "off"))
        j->inside = INSIDE_NONE;
    else
        j->inside = INSIDE_UNKNOWN;
}

/* The inside layers before anything is read of them. */
static void mark_inside(struct judging *j)
{
    bool off = ew_json_get_bool(j->options, "no_api", false);
    for (int layer = EW_LAYER_EDGE; layer <= EW_LAYER_APP; layer++) {
        enum ew_layer at = (enum ew_layer)layer;
        if (j->inside == INSIDE_NONE)
            layer_is(j, at, EW_ST_SKIPPED, off ? "--no-api" : "no cluster");
        else if (j->inside == INSIDE_UNKNOWN)
            layer_is(j, at, EW_ST_UNKNOWN, "API %s", j->inside_reason ? j->inside_reason : "");
        else if (j->inside == INSIDE_PENDING)
            j->layers[layer].pending = true;
    }
}

void api_look(struct judging *j)
{
    if (ew_snapshot_fact(j->snapshot, EW_KEY_FILES))
        j->inside = INSIDE_FILES;
    else
        look_at_server(j);
    mark_inside(j);
}

/* ---- findings ---- */

static void add_server_steps(struct judging *j, struct ew_draft *draft, const char *cause)
{
    if (strcmp(cause, "api-unauthorized") == 0)
        draft_next(j, draft, "see who the API server takes you for, and renew the credentials",
                   "kubectl auth whoami");
    else if (strcmp(cause, "api-tls-untrusted") == 0)
        draft_next(j, draft, "compare the server's CA with the kubeconfig's",
                   "kubectl config view --minify");
    else
        draft_next(j, draft, "see whether the API server can be reached from here",
                   "kubectl cluster-info");
}

static void judge_server(struct judging *j)
{
    const struct ew_json *value = ew_fact_value(server_fact(j));
    const char *server = ew_json_get_str(value, "server", "API server");
    for (size_t i = 0; i < EW_COUNT(refusals); i++) {
        if (!ew_streq(j->inside_reason, refusals[i].reason))
            continue;
        struct ew_draft *draft = draft_new(j, refusals[i].cause, "Server", NULL, clean(j, server));
        draft_says(j, draft, "%s: the inside of the cluster is unknown", refusals[i].says);
        draft_shows(j, draft, clean(j, server), "%s",
                    j->inside_text ? clean(j, j->inside_text) : j->inside_reason);
        add_server_steps(j, draft, refusals[i].cause);
    }
    undecided_add(j, say(j, "read the API at %s", clean(j, server)),
                  j->inside_reason ? j->inside_reason : "unknown", "");
}

static bool is_read(const char *key)
{
    return ew_text_prefix(key, "api/list/") || ew_text_prefix(key, "api/get/");
}

/* "list pods in commerce", from the key: api/list/RESOURCE/NS, api/get/RESOURCE/NS/NAME */
static const char *read_text(struct judging *j, const char *key, const char **verb,
                             const char **resource, const char **ns)
{
    char *copy = ew_arena_strdup(j->arena, key + strlen("api/"));
    char *part[4] = {copy, NULL, NULL, NULL};
    for (size_t i = 1; i < EW_COUNT(part); i++) {
        part[i] = part[i - 1] ? strchr(part[i - 1], '/') : NULL;
        if (part[i])
            *part[i]++ = '\0';
    }
    *verb = part[0];
    *resource = part[1] ? part[1] : "";
    *ns = part[2] ? part[2] : "*";
    char *query = strchr(part[2] ? part[2] : copy, '?');
    if (query)
        *query = '\0';
    bool wide = strcmp(*ns, "*") == 0 || strcmp(*ns, "-") == 0;
    const char *name = part[3] ? say(j, " %s", part[3]) : "";
    if (wide)
        return say(j, "%s %s%s%s", *verb, *resource, name,
                   strcmp(*ns, "*") == 0 ? " in all namespaces" : "");
    return say(j, "%s %s%s in %s", *verb, *resource, name, *ns);
}

static void add_can_i(struct judging *j, struct ew_draft *draft, const char *verb,
                      const char *resource, const char *ns)
{
    if (draft->out.step_count)
        return;
    if (strcmp(ns, "*") == 0)
        draft_next(j, draft, "ask for this right, or name the namespace with -n",
                   "kubectl auth can-i %s %s -A", verb, resource);
    else if (strcmp(ns, "-") == 0)
        draft_next(j, draft, "ask for this right", "kubectl auth can-i %s %s", verb, resource);
    else
        draft_next(j, draft, "ask for this right", "kubectl auth can-i %s %s -n %s", verb, resource,
                   ns);
}

static void judge_denied(struct judging *j, const struct ew_fact *fact)
{
    const char *verb, *resource, *ns;
    const char *text = read_text(j, fact->key, &verb, &resource, &ns);
    bool secrets = strcmp(resource, "secrets") == 0;
    const char *cause = ew_streq(fact->reason, "unauthorized") ? "api-unauthorized"
                        : secrets                              ? "api-secrets-forbidden"
                                                               : "api-forbidden-partial";
    struct ew_draft *draft = draft_find(j, cause);
    if (!draft) {
        draft = draft_new(j, cause, "Access", NULL, text);
        draft_says(j, draft, "may not %s", text);
    } else {
        draft_says(j, draft, "some of what would decide may not be read (%zu reads refused)",
                   draft->out.evidence_count + 1);
    }
    const char *message = ew_json_get_str(ew_fact_value(fact), "text", NULL);
    draft_shows(j, draft, say(j, "API: %s", text), "%s",
                message ? clean(j, message) : fact->reason);
    add_can_i(j, draft, verb, resource, ns);
}

static void judge_reads(struct judging *j)
{
    for (size_t i = 0; i < ew_snapshot_fact_count(j->snapshot); i++) {
        const struct ew_fact *fact = ew_snapshot_fact_at(j->snapshot, i);
        if (is_read(fact->key) && fact->state == EW_UNKNOWN &&
            (ew_streq(fact->reason, "forbidden") || ew_streq(fact->reason, "unauthorized")))
            judge_denied(j, fact);
    }
}

static void judge_foreign(struct judging *j)
{
    const struct ew_json *server = ew_fact_value(server_fact(j));
    const char *context =
        ew_json_get_str(server, "context", ew_json_get_str(j->options, "context", NULL));
    struct ew_draft *draft =
        draft_new(j, "api-wrong-cluster", "Context", NULL, context ? context : "in use");
    draft_says(j, draft,
               "no address of %s is one of this cluster's and nothing in it claims the host: "
               "perhaps this is another cluster's host",
               j->host);
    for (size_t i = 0; i < j->address_count; i++)
        if (j->addresses[i].in_record)
            draft_shows(j, draft, "addresses", "%s is no Gateway's, Ingress's, Service's or node's",
                        j->addresses[i].text);
    draft_next(j, draft, "look at the context in use, and walk again with the right one",
               "kubectl config current-context");
    draft_tag(j, draft, EW_TAG_HOST, j->host);
}

/* Each is one piece of evidence of a finding. */
static size_t refused_reads(const struct judging *j)
{
    static const char *const causes[] = {"api-forbidden-partial", "api-secrets-forbidden",
                                         "api-unauthorized"};
    size_t count = 0;
    for (size_t i = 0; j->inside == INSIDE_API && i < EW_COUNT(causes); i++) {
        const struct ew_draft *draft = draft_find(j, causes[i]);
        count += draft ? draft->out.evidence_count : 0;
    }
    return count;
}

static void summarize(struct judging *j)
{
    const struct ew_json *server = ew_fact_value(server_fact(j));
    if (j->inside == INSIDE_NONE)
        layer_is(j, EW_LAYER_API_ACCESS, EW_ST_SKIPPED, "no cluster was asked");
    else if (j->inside == INSIDE_PENDING)
        j->layers[EW_LAYER_API_ACCESS].pending = true;
    else if (j->inside == INSIDE_FILES)
        layer_is(j, EW_LAYER_API_ACCESS, EW_ST_OK, "objects from files");
    else if (refused_reads(j))
        layer_is(j, EW_LAYER_API_ACCESS, EW_ST_OK, "%zu read%s refused", refused_reads(j),
                 refused_reads(j) == 1 ? "" : "s");
    else
        layer_is(j, EW_LAYER_API_ACCESS, EW_ST_OK, "%s", ew_json_get_str(server, "server", "API"));
}

void api_judge(struct judging *j)
{
    if (j->inside == INSIDE_UNKNOWN)
        judge_server(j);
    if (j->inside == INSIDE_API)
        judge_reads(j);
    if (j->foreign)
        judge_foreign(j);
    summarize(j);
    layer_is(j, EW_LAYER_POLICY, EW_ST_SKIPPED, "off");
}
