#include "api.h"

#include "answers.h"
#include "api_room.h"
#include "edge_tls.h"
#include "patch.h"
#include "sockets.h"

#include "edgewalk/base/text.h"

#include <event2/listener.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct lab_api {
    const struct ew_json *spec, *objects;
    struct ew_doc *later; /* the objects after `later.after_ms`; NULL: they stay */
    double later_from_ms; /* of the monotonic clock; 0: nobody has asked yet */
    struct lab_kind *kinds;
    size_t kind_count;
    struct ew_doc *tls_spec;
    struct lab_edge_tls *tls;
    struct lab_http *http;
    struct evconnlistener *listener;
    struct ew_map *times; /* rule of `fail` → how often it was met, in the pointer */
    int port;
};

/* What is asked, as rules see it. ns: "" for a cluster-wide request. */
struct question {
    const char *verb, *plural, *group, *ns, *name, *user;
};

/* A member of a rule: a text, "*", or a list of texts; missing fits all. */
static bool rule_fits(const struct ew_json *member, const char *value)
{
    if (!member)
        return true;
    if (ew_json_str(member))
        return strcmp(ew_json_str(member), "*") == 0 || strcmp(ew_json_str(member), value) == 0;
    EW_JSON_EACH(one, member)
    if (rule_fits(one, value))
        return true;
    return false;
}

/* namespace "-" in a rule stands for cluster-wide requests. */
static bool rule_meets(const struct ew_json *rule, const struct question *q)
{
    return rule_fits(ew_json_get(rule, "verb"), q->verb) &&
           rule_fits(ew_json_get(rule, "resource"), q->plural) &&
           rule_fits(ew_json_get(rule, "group"), q->group) &&
           rule_fits(ew_json_get(rule, "name"), q->name ? q->name : "") &&
           rule_fits(ew_json_get(rule, "namespace"), *q->ns ? q->ns : "-");
}

static bool allowed(const struct ew_json *spec, const struct question *q)
{
    const struct ew_json *allow = ew_json_get(spec, "allow");
    bool good = !allow;
    EW_JSON_EACH(rule, allow)
    good |= rule_meets(rule, q);
    EW_JSON_EACH(rule, ew_json_get(spec, "deny"))
    good &= !rule_meets(rule, q);
    return good;
}

static void reply_forbidden(const struct question *q, struct lab_reply *reply)
{
    char *where =
        *q->ns ? ew_fmt("in the namespace \"%s\"", q->ns) : ew_strdup("at the cluster scope");
    char *what = ew_fmt("%s%s%s", q->plural, *q->group ? "." : "", q->group);
    char *name = q->name ? ew_fmt(" \"%s\"", q->name) : ew_strdup("");
    lab_reply_status(
        reply, 403, "Forbidden", q->plural, q->name,
        "%s%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s", what,
        name, q->user, q->verb, q->plural, q->group, where);
    free(where);
    free(what);
    free(name);
}

/* An answer that `fail` wants in place of the right one, as often as its `times` says. */
static bool failed(struct lab_api *api, const struct question *q, const struct lab_request *request,
                   struct lab_reply *reply)
{
    int at = 0;
    EW_JSON_EACH(rule, ew_json_get(api->spec, "fail"))
    {
        char key[16];
        struct ew_err err = {0};
        snprintf(key, sizeof key, "%d", at++);
        intptr_t met = (intptr_t)ew_map_get(api->times, key);
        if (!rule_meets(rule, q) || met >= ew_json_get_int(rule, "times", 1000000))
            continue;
        ew_map_set(api->times, key, (void *)(met + 1));
        if (!ew_json_get(rule, "answer")) {
            reply->delay_ms = (int)ew_json_get_int(rule, "delay_ms", 0);
            return false;
        }
        if (lab_answer(ew_json_get(rule, "answer"), request, 0, reply, &err))
            reply->status = 500;
        return true;
    }
    return false;
}

static const struct lab_kind *kind_of(const struct lab_api *api, const struct lab_path *path)
{
    for (size_t i = 0; i < api->kind_count; i++)
        if (path->plural && path->version && strcmp(api->kinds[i].plural, path->plural) == 0 &&
            strcmp(api->kinds[i].group, path->group) == 0 &&
            lab_kind_has_version(&api->kinds[i], path->version))
            return &api->kinds[i];
    return NULL;
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1000000;
}

/* What is there now: the clock of `later` runs from the first question. */
static const struct ew_json *present(struct lab_api *api)
{
    if (!api->later)
        return api->objects;
    if (!api->later_from_ms)
        api->later_from_ms =
            now_ms() + (double)ew_json_get_int(ew_json_get(api->spec, "later"), "after_ms", 0);
    return now_ms() < api->later_from_ms ? api->objects : ew_doc_root(api->later);
}

static void serve_object(struct lab_api *api, const struct lab_path *path, const char *user,
                         const struct lab_request *request, struct lab_reply *reply)
{
    struct question q = {.verb = path->name ? "get" : "list",
                         .plural = path->plural,
                         .group = path->group ? path->group : "",
                         .ns = path->ns ? path->ns : "",
                         .name = path->name,
                         .user = user};
    const struct lab_kind *kind = kind_of(api, path);
    if (failed(api, &q, request, reply))
        return;
    if (!allowed(api->spec, &q))
        reply_forbidden(&q, reply);
    else if (!kind || (path->sub && strcmp(path->sub, "status") != 0))
        lab_reply_text(reply, 404, "404 page not found\n");
    else if (strcmp(request->method, "GET") != 0)
        lab_reply_status(reply, 405, "MethodNotAllowed", NULL, NULL, "the lab's API is read-only");
    else
        lab_read(kind, api->spec, present(api), path, request, reply);
}

/* Who asks: the certificate's name, or the user of the token; NULL: neither is good. */
static const char *user_of(const struct lab_api *api, const struct lab_request *request)
{
    const char *header = ew_map_get(request->headers, "authorization");
    const char *user = ew_json_get_str(api->spec, "user", "oncall");
    if (!header)
        return request->peer_name ? request->peer_name : "system:anonymous";
    return strcmp(header, "Bearer " LAB_API_TOKEN) == 0 ? user : NULL;
}

static void serve(struct lab_api *api, const struct lab_request *request, struct lab_reply *reply)
{
    struct lab_path path;
    const char *user = user_of(api, request);
    const struct ew_json *raw = ew_json_get(ew_json_get(api->spec, "raw"), request->path);
    struct ew_err err = {0};
    lab_path_read(request->path, &path);
    if (!user)
        lab_reply_status(reply, 401, "Unauthorized", NULL, NULL, "Unauthorized");
    else if (strcmp(user, "system:anonymous") == 0)
        lab_reply_status(reply, 403, "Forbidden", NULL, NULL,
                         "forbidden: User \"system:anonymous\" cannot get path \"%s\"",
                         request->path);
    else if (raw && lab_answer(raw, request, 0, reply, &err) == 0)
        ;
    else if (strcmp(request->path, "/readyz") == 0 || strcmp(request->path, "/livez") == 0)
        lab_reply_text(reply, 200, "ok");
    else if (!lab_discovery(api->kinds, api->kind_count, api->spec, &path, request, reply)) {
        if (path.plural)
            serve_object(api, &path, user, request, reply);
        else
            lab_reply_text(reply, 404, "404 page not found\n");
    }
    lab_path_release(&path);
}

static void on_request(void *ctx, const struct lab_request *request, struct lab_reply *reply)
{
    struct lab_api *api = ctx;
    const struct ew_json *instead = ew_json_get(api->spec, "instead");
    struct ew_err err = {0};
    if (instead && lab_answer(instead, request, time(NULL), reply, &err) == 0)
        return;
    serve(api, request, reply);
    if (!reply->delay_ms)
        reply->delay_ms = (int)ew_json_get_int(api->spec, "delay_ms", 0);
}

static void on_connection(struct evconnlistener *listener, evutil_socket_t fd,
                          struct sockaddr *from, int from_len, void *ctx)
{
    struct lab_api *api = ctx;
    (void)listener;
    (void)from;
    (void)from_len;
    lab_http_accept(api->http, fd, lab_edge_tls_session(api->tls), api->port);
}

/* Objects of kinds that are not in the table could never be read: most likely a slip of the pen. */
static int check_objects(const struct lab_api *api, struct ew_err *err)
{
    EW_JSON_EACH(object, api->objects)
    {
        const char *kind = ew_json_get_str(object, "kind", "?");
        bool known = ew_json_count(ew_json_get(api->spec, "without")) > 0;
        for (size_t i = 0; i < api->kind_count && !known; i++)
            known = strcmp(api->kinds[i].kind, kind) == 0;
        if (!known)
            return ew_fail(err, EW_EUSAGE, "objects: no resource is known for kind \"%s\"", kind);
        if (!ew_json_str(ew_json_at(object, "metadata.name")))
            return ew_fail(err, EW_EUSAGE, "objects: a %s has no name", kind);
    }
    return 0;
}

static int check_answers(const struct ew_json *spec, struct ew_err *err)
{
    int rc = lab_answer_check(ew_json_get(spec, "instead"), err);
    EW_JSON_EACH(rule, ew_json_get(spec, "fail"))
    if (!rc)
        rc = lab_answer_check(ew_json_get(rule, "answer"), err);
    EW_JSON_EACH(answer, ew_json_get(spec, "raw"))
    if (!rc)
        rc = lab_answer_check(answer, err);
    return rc;
}

static int make_later(struct lab_api *api, struct ew_err *err)
{
    const struct ew_json *changes = ew_json_get(ew_json_get(api->spec, "later"), "change");
    if (!changes)
        return 0;
    api->later = ew_doc_new();
    struct ew_json *objects = lab_change(api->later, api->objects, changes, err);
    if (objects)
        ew_doc_set_root(api->later, objects);
    return objects ? 0 : EW_EUSAGE;
}

static int start_tls(struct lab_api *api, const struct lab_certs *certs, struct ew_err *err)
{
    struct ew_doc *doc = api->tls_spec = ew_doc_new();
    struct ew_json *spec = ew_json_object(doc);
    ew_json_set_str(doc, spec, "certificate", "api");
    ew_json_set_str(doc, spec, "client_certificate", "optional");
    ew_doc_set_root(doc, spec);
    return lab_edge_tls_new(spec, certs, &api->tls, err);
}

static int start_listening(struct lab_api *api, struct event_base *base, const char *address,
                           struct ew_err *err)
{
    int fd = lab_socket(address, api->port, SOCK_STREAM, err);
    if (fd < 0)
        return EW_EFAILED;
    api->listener = evconnlistener_new(base, on_connection, api,
                                       LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 128, fd);
    return 0;
}

int lab_api_new(struct event_base *base, const struct ew_json *spec, const struct ew_json *objects,
                const struct lab_certs *certs, const char *address, int port, struct lab_api **out,
                struct ew_err *err)
{
    struct lab_api *api = ew_alloc(sizeof *api);
    api->spec = spec;
    api->objects = objects;
    api->kinds = lab_kinds_make(spec, &api->kind_count);
    api->http = lab_http_new(base, on_request, api);
    api->times = ew_map_new();
    api->port = port;
    int rc = check_objects(api, err);
    if (!rc)
        rc = check_answers(spec, err);
    if (!rc)
        rc = make_later(api, err);
    if (!rc)
        rc = start_tls(api, certs, err);
    if (!rc && !ew_json_get_bool(spec, "dead", false))
        rc = start_listening(api, base, address, err);
    if (rc)
        lab_api_free(api);
    else
        *out = api;
    return rc;
}

void lab_api_free(struct lab_api *api)
{
    if (!api)
        return;
    if (api->listener)
        evconnlistener_free(api->listener);
    lab_http_free(api->http);
    lab_edge_tls_free(api->tls);
    ew_doc_unref(api->tls_spec);
    ew_doc_unref(api->later);
    lab_kinds_free(api->kinds);
    ew_map_free(api->times);
    free(api);
}
