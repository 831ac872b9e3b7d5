/* What answers there: its version, and the kinds that it serves. */
#include "client.h"
#include "served.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <stdlib.h>
#include <string.h>

/* v2beta1: servers 1.26 to 1.29. */
#define AGGREGATED                                                                                 \
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"                        \
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
#define PLAIN "application/json"

enum { BODY_MAX = 64 * 1024 * 1024, VERSIONS_MAX = 32, ASKS_MAX = 100 };

enum what { ASK_VERSION, ASK_GROUPS, ASK_RESOURCES };

/* One question of discovery. */
struct ask {
    struct discovery *discovery;
    enum what what;
    char *group, *version; /* ASK_RESOURCES */
    struct call *call;
    struct ew_list_reader *reader;
};

struct discovery {
    struct ew_cluster *cluster;
    struct ew_cluster_sink sink;
    struct served *served;
    struct ew_ptrs asks; /* open */
    bool listed;         /* what is served is known */
    bool over;
    bool server_told, server_known;
    char *version;
    /* Why /version gave none, until the other answer says whether this is an API server. */
    const char *version_failure;
    char *version_text;
    double started_ms;
};

/* ---- facts ---- */

static void tell(struct discovery *discovery, const char *key, enum ew_state state,
                 const char *reason, struct ew_doc *value)
{
    struct ew_fact *fact = ew_fact_new(key, state, reason, discovery->cluster->origin, ew_now_ms(),
                                       ew_monotonic_ms() - discovery->started_ms, value);
    ew_doc_unref(value);
    discovery->sink.fact(discovery->sink.ctx, fact);
}

static void tell_server(struct discovery *discovery, const char *failure, const char *text)
{
    const struct access *access = &discovery->cluster->access;
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *value = ew_json_object(doc);
    ew_doc_set_root(doc, value);
    ew_json_set_str(doc, value, "server", access->server);
    ew_json_set_str(doc, value, "version", discovery->version);
    if (access->context)
        ew_json_set_str(doc, value, "context", access->context);
    if (access->user)
        ew_json_set_str(doc, value, "user", access->user);
    ew_json_set_str(doc, value, "kind", access->in_cluster ? "in-cluster" : "kubeconfig");
    if (text)
        ew_json_set_str(doc, value, "text", text);
    discovery->server_told = true;
    discovery->server_known = !failure;
    tell(discovery, EW_KEY_SERVER, failure ? EW_UNKNOWN : EW_KNOWN, failure, doc);
}

void client_unauthorized(struct ew_cluster *cluster, const char *text)
{
    struct discovery *discovery = cluster->discovery;
    if (discovery && discovery->server_told && discovery->server_known)
        tell_server(discovery, "unauthorized", text);
}

static void tell_listed(struct discovery *discovery, const char *failure, const char *text)
{
    bool strange =
        ew_streq(failure, "absent") || ew_streq(failure, "gone") || ew_streq(failure, "malformed");
    failure = strange ? "not-an-api-server" : failure;
    discovery->over = true;
    discovery->listed = !failure;
    struct ew_doc *doc = NULL;
    if (!failure) {
        doc = served_value(discovery->served);
    } else {
        doc = ew_doc_new();
        struct ew_json *value = ew_json_object(doc);
        ew_json_set_str(doc, value, "text", text);
        ew_doc_set_root(doc, value);
    }
    tell(discovery, EW_KEY_DISCOVERY, failure ? EW_UNKNOWN : EW_KNOWN, failure, doc);
    fetches_resume(discovery->cluster);
}

/* ---- questions ---- */

static void ask_free(struct ask *ask)
{
    struct ew_ptrs *asks = &ask->discovery->asks;
    for (size_t i = 0; i < asks->count; i++)
        if (asks->at[i] == ask)
            asks->at[i] = asks->at[--asks->count];
    call_cancel(ask->call);
    ew_list_reader_free(ask->reader);
    free(ask->group);
    free(ask->version);
    free(ask);
}

static void ask_done(void *ctx, const struct call_result *result);
static int take_group(void *ctx, struct ew_doc *doc, struct ew_err *err);

static void ask_begin(void *ctx)
{
    struct ask *ask = ctx;
    ew_list_reader_free(ask->reader);
    ask->reader = ew_list_reader_new(take_group, ask);
}

static int ask_take(void *ctx, const char *bytes, size_t len, struct ew_err *err)
{
    struct ask *ask = ctx;
    return ew_list_reader_feed(ask->reader, bytes, len, err);
}

static void ask_start(struct discovery *discovery, enum what what, const char *group,
                      const char *version)
{
    struct ask *ask = ew_alloc(sizeof(*ask));
    char *path = what == ASK_VERSION  ? ew_strdup("/version")
                 : what == ASK_GROUPS ? ew_strdup("/apis")
                                      : ew_fmt("/apis/%s/%s", group, version);
    struct call_request request = {.path = path,
                                   .accept = what == ASK_GROUPS ? AGGREGATED : PLAIN,
                                   .body_max = BODY_MAX,
                                   .ctx = ask,
                                   .begin = ask_begin,
                                   .take = ask_take,
                                   .done = ask_done};
    ask->discovery = discovery;
    ask->what = what;
    ask->group = ew_strdup(group);
    ask->version = ew_strdup(version);
    ew_ptrs_add(&discovery->asks, ask);
    ask->call = call_start(discovery->cluster, &request);
    free(path);
}

/* ---- answers: what is served ---- */

static void add_resources(struct served *served, const char *group, const struct ew_json *version)
{
    const char *name = ew_json_get_str(version, "version", "");
    EW_JSON_EACH(resource, ew_json_get(version, "resources"))
    served_add_resource(served, group, name, ew_json_get_str(resource, "resource", ""),
                        ew_json_get_str(ew_json_get(resource, "responseKind"), "kind", ""),
                        ew_streq(ew_json_get_str(resource, "scope", ""), "Namespaced"));
}

/* APIGroupDiscovery (apidiscovery.k8s.io/v2): all of a group at once. */
static int take_group(void *ctx, struct ew_doc *doc, struct ew_err *err)
{
    struct ask *ask = ctx;
    struct served *served = ask->discovery->served;
    const struct ew_json *root = ew_doc_root(doc);
    const char *name = ew_json_get_str(ew_json_get(root, "metadata"), "name", "");
    const char *versions[VERSIONS_MAX];
    size_t count = 0;
    (void)err;
    if (ask->what != ASK_GROUPS)
        return EW_OK;
    EW_JSON_EACH(version, ew_json_get(root, "versions"))
    {
        if (count < VERSIONS_MAX)
            versions[count++] = ew_json_get_str(version, "version", "");
        add_resources(served, name, version);
    }
    served_add_group(served, name, versions, count);
    return EW_OK;
}

static bool is_ours(const char *group, const char *version, bool preferred)
{
    for (int kind = 0; kind < EW_KIND_COUNT; kind++) {
        const struct ew_kind_row *row = ew_kind_row((enum ew_kind)kind);
        if (strcmp(row->group, group) == 0 && (preferred || strstr(row->versions, version)))
            return true;
    }
    return preferred && family_has_group(group);
}

/* A group of an APIGroupList, what servers before 1.26 answer: its kinds are asked for apart. */
static void take_plain_group(struct discovery *discovery, const struct ew_json *group)
{
    const char *name = ew_json_get_str(group, "name", "");
    const char *preferred = ew_json_get_str(ew_json_get(group, "preferredVersion"), "version", "");
    const char *versions[VERSIONS_MAX] = {preferred};
    size_t count = *preferred ? 1 : 0;
    EW_JSON_EACH(entry, ew_json_get(group, "versions"))
    {
        const char *version = ew_json_get_str(entry, "version", "");
        bool first = strcmp(version, preferred) == 0;
        if (!first && count < VERSIONS_MAX)
            versions[count++] = version;
        if (is_ours(name, version, first) && discovery->asks.count < ASKS_MAX)
            ask_start(discovery, ASK_RESOURCES, name, version);
    }
    served_add_group(discovery->served, name, versions, count);
}

static void take_resource_list(const struct ask *ask, const struct ew_json *list)
{
    EW_JSON_EACH(resource, ew_json_get(list, "resources"))
    {
        const char *plural = ew_json_get_str(resource, "name", "");
        if (!strchr(plural, '/')) /* no subresource */
            served_add_resource(ask->discovery->served, ask->group, ask->version, plural,
                                ew_json_get_str(resource, "kind", ""),
                                ew_json_get_bool(resource, "namespaced", false));
    }
}

/* ---- answers: what the server is ---- */

static void version_answered(struct discovery *discovery, const char *failure, const char *text,
                             const struct ew_json *body)
{
    const char *version = ew_json_get_str(body, "gitVersion", NULL);
    bool undecided = !failure || strcmp(failure, "not-an-api-server") == 0 ||
                     strcmp(failure, "absent") == 0 || strcmp(failure, "forbidden") == 0 ||
                     strcmp(failure, "malformed") == 0;
    discovery->version = ew_strdup(version);
    discovery->version_failure = failure ? failure : "not-an-api-server";
    discovery->version_text = ew_strdup(text ? text : "no version in its answer");
    if (version)
        tell_server(discovery, NULL, NULL);
    else if (!undecided)
        tell_server(discovery, failure, text);
}

/* Both questions are answered, and /version alone did not tell. */
static void settle_server(struct discovery *discovery)
{
    if (discovery->server_told)
        return;
    const char *failure = discovery->version_failure;
    if (discovery->listed || strcmp(failure, "forbidden") == 0)
        tell_server(discovery, NULL, NULL);
    else
        tell_server(discovery, "not-an-api-server", discovery->version_text);
}

/* A group or version may be gone by the time it is asked for, and others still count. */
static void groups_answered(struct discovery *discovery, const char *failure, const char *text,
                            const struct ew_json *body)
{
    const char *kind = ew_json_get_str(body, "kind", "");
    if (failure) {
        tell_listed(discovery, failure, text);
    } else if (strcmp(kind, "APIGroupList") == 0) {
        EW_JSON_EACH(group, ew_json_get(body, "groups"))
        take_plain_group(discovery, group);
    } else if (strcmp(kind, "APIGroupDiscoveryList") != 0) {
        tell_listed(discovery, "not-an-api-server", "no list of API groups in its answer");
    }
}

static bool has_open(const struct discovery *discovery, bool version)
{
    for (size_t i = 0; i < discovery->asks.count; i++)
        if ((((struct ask *)discovery->asks.at[i])->what == ASK_VERSION) == version)
            return true;
    return false;
}

static void ask_done(void *ctx, const struct call_result *result)
{
    struct ask *ask = ctx;
    struct discovery *discovery = ask->discovery;
    struct ew_err err = {0};
    const char *failure = result->failure, *text = result->text;
    ask->call = NULL;
    if (!failure && ew_list_reader_end(ask->reader, &err) != EW_OK) {
        failure = "not-an-api-server";
        text = err.message;
    }
    const struct ew_json *body = failure ? NULL : ew_list_reader_rest(ask->reader);
    if (ask->what == ASK_VERSION)
        version_answered(discovery, failure, text, body);
    else if (ask->what == ASK_GROUPS)
        groups_answered(discovery, failure, text, body);
    else if (!failure)
        take_resource_list(ask, body);
    ask_free(ask);
    if (!discovery->over && !has_open(discovery, false))
        tell_listed(discovery, NULL, NULL);
    if (!discovery->asks.count)
        settle_server(discovery);
}

/* ---- the door ---- */

void ew_cluster_discover(struct ew_cluster *cluster, const struct ew_cluster_sink *sink)
{
    if (cluster->discovery)
        return;
    struct discovery *discovery = ew_alloc(sizeof(*discovery));
    discovery->cluster = cluster;
    discovery->sink = *sink;
    discovery->served = served_new();
    discovery->started_ms = ew_monotonic_ms();
    cluster->discovery = discovery;
    ask_start(discovery, ASK_VERSION, NULL, NULL);
    ask_start(discovery, ASK_GROUPS, NULL, NULL);
}

void discovery_free(struct discovery *discovery)
{
    if (!discovery)
        return;
    while (discovery->asks.count)
        ask_free(discovery->asks.at[discovery->asks.count - 1]);
    ew_ptrs_release(&discovery->asks);
    served_free(discovery->served);
    free(discovery->version);
    free(discovery->version_text);
    free(discovery);
}

bool discovery_is_running(const struct ew_cluster *cluster)
{
    return cluster->discovery && !cluster->discovery->over;
}

const struct served *discovery_served(const struct ew_cluster *cluster)
{
    return cluster->discovery && cluster->discovery->listed ? cluster->discovery->served : NULL;
}
