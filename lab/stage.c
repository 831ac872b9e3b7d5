#include "stage.h"

#include "api.h"
#include "dns.h"
#include "edge.h"
#include "kubeconfig.h"
#include "patch.h"
#include "place.h"

#include "edgewalk/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct lab_stage {
    struct event_base *base;
    const struct lab_scenario *scenario;
    struct lab_certs *site, *cluster; /* two authorities, so that one taken for the other shows */
    struct lab_place *place;
    struct ew_doc *spec, *objects;
    struct ew_ptrs servers, edges; /* struct lab_dns *, struct lab_edge * */
    struct ew_ptrs resolvers;      /* "ADDR:PORT" */
    struct lab_api *api;
    char *dir, *kubeconfig, *cacert;
};

static int make_certs(struct lab_stage *stage, struct ew_err *err)
{
    const struct ew_json *spec = ew_json_get(ew_doc_root(stage->scenario->doc), "certificates");
    struct ew_doc *filled;
    int rc = lab_place_tree(stage->place, spec, &filled, err);
    if (rc)
        return rc;
    EW_JSON_EACH(cert, ew_doc_root(filled))
    if (!rc)
        rc = lab_certs_make(stage->site, ew_json_key(cert), cert, err);
    ew_doc_unref(filled);
    return rc;
}

static void set_names(struct lab_stage *stage)
{
    const struct ew_json *spec = ew_doc_root(stage->scenario->doc);
    EW_JSON_EACH(address, ew_json_get(spec, "addresses"))
    lab_place_set_address(stage->place, ew_json_key(address), ew_json_str_or(address, "::1"));
    EW_JSON_EACH(var, ew_json_get(spec, "vars"))
    lab_place_set_var(stage->place, ew_json_key(var), ew_json_str_or(var, ""));
}

static int start_servers(struct lab_stage *stage, struct ew_err *err)
{
    int rc = 0;
    EW_JSON_EACH(spec, ew_json_get(ew_doc_root(stage->spec), "resolvers"))
    {
        char *name = ew_fmt("resolver-%s", ew_json_key(spec));
        const char *address = lab_place_address(stage->place, name);
        int port = lab_place_port(stage->place, "dns");
        struct lab_dns *server = NULL;
        if (!rc && !ew_json_get_bool(spec, "closed", false))
            rc = lab_dns_new(stage->base, spec, address, port, &server, err);
        if (server)
            ew_ptrs_add(&stage->servers, server);
        ew_ptrs_add(&stage->resolvers, ew_ip_with_port(address, port));
        free(name);
    }
    return rc;
}

static int start_edges(struct lab_stage *stage, struct ew_err *err)
{
    int rc = 0;
    EW_JSON_EACH(spec, ew_json_get(ew_doc_root(stage->spec), "edges"))
    {
        struct lab_edge *edge = NULL;
        if (!rc)
            rc = lab_edge_new(stage->base, spec, stage->site, &edge, err);
        if (edge)
            ew_ptrs_add(&stage->edges, edge);
    }
    return rc;
}

static int write_text(const char *path, const char *text, struct ew_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    size_t len = strlen(text);
    bool good = fd >= 0 && write(fd, text, len) == (ssize_t)len;
    if (fd >= 0)
        close(fd);
    return good ? 0 : ew_fail(err, EW_EFAILED, "cannot write %s: %s", path, strerror(errno));
}

static int make_dir(struct lab_stage *stage, struct ew_err *err)
{
    const char *tmp = getenv("TMPDIR");
    stage->dir = ew_fmt("%s/edgewalk-lab-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(stage->dir)) {
        free(stage->dir);
        stage->dir = NULL;
        return ew_fail(err, EW_EFAILED, "cannot make a temporary folder: %s", strerror(errno));
    }
    stage->cacert = ew_fmt("%s/ca.pem", stage->dir);
    return write_text(stage->cacert, lab_certs_root_pem(stage->site), err);
}

/* The API's own certificate and the user's; `certificate` of the spec is laid over the usual. */
static int make_api_certs(struct lab_stage *stage, const struct ew_json *spec, const char *address,
                          struct ew_err *err)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *server = ew_json_object(doc), *client = ew_json_object(doc);
    struct ew_json *names = ew_json_array(doc);
    const struct ew_json *own = ew_json_get(spec, "certificate");
    ew_json_add(doc, names, ew_json_string(doc, "kubernetes"));
    ew_json_add(doc, names, ew_json_string(doc, address));
    ew_json_set(doc, server, "names", names);
    EW_JSON_EACH(member, own)
    ew_json_set(doc, server, ew_json_key(member), ew_json_copy(doc, member));
    ew_json_set_str(doc, client, "subject", ew_json_get_str(spec, "user", "oncall"));
    int rc = lab_certs_make(stage->cluster, "api", server, err);
    if (!rc)
        rc = lab_certs_make(stage->cluster, "user", client, err);
    ew_doc_unref(doc);
    return rc;
}

static int start_api(struct lab_stage *stage, struct ew_err *err)
{
    const struct ew_json *spec = ew_json_get(ew_doc_root(stage->spec), "api");
    if (!ew_json_is(spec, EW_JSON_OBJECT))
        return 0;
    const char *address = lab_place_address(stage->place, "api");
    int port = lab_place_port(stage->place, "api");
    int rc = make_api_certs(stage, spec, address, err);
    if (!rc)
        rc = lab_api_new(stage->base, spec, ew_doc_root(stage->objects), stage->cluster, address,
                         port, &stage->api, err);
    if (rc)
        return rc;
    char *server = ew_fmt("https://%s:%d", address, port);
    char *text = lab_kubeconfig(spec, server, stage->cluster);
    stage->kubeconfig = ew_fmt("%s/kubeconfig", stage->dir);
    rc = write_text(stage->kubeconfig, text, err);
    free(server);
    free(text);
    return rc;
}

static int build(struct lab_stage *stage, struct ew_err *err)
{
    set_names(stage);
    int rc = make_certs(stage, err);
    if (!rc)
        rc = lab_place_tree(stage->place, ew_doc_root(stage->scenario->doc), &stage->spec, err);
    if (!rc)
        rc = lab_place_tree(stage->place, ew_doc_root(stage->scenario->objects), &stage->objects,
                            err);
    if (!rc)
        ew_doc_set_root(stage->objects, lab_sorted(stage->objects, ew_doc_root(stage->objects)));
    if (!rc)
        rc = make_dir(stage, err);
    if (!rc)
        rc = start_servers(stage, err);
    if (!rc)
        rc = start_edges(stage, err);
    return rc ? rc : start_api(stage, err);
}

int lab_stage_new(struct event_base *base, const struct lab_scenario *scenario, int net,
                  struct lab_stage **out, struct ew_err *err)
{
    struct lab_stage *stage = ew_alloc(sizeof *stage);
    struct ew_err inner = {0};
    int64_t now = time(NULL);
    stage->base = base;
    stage->scenario = scenario;
    stage->site = lab_certs_new(now);
    stage->cluster = lab_certs_new(now);
    stage->place = lab_place_new(net, now, stage->site);
    int rc = build(stage, &inner);
    if (rc) {
        ew_fail(err, rc, "scenario %s: %s", scenario->name, inner.message);
        lab_stage_free(stage);
    } else {
        *out = stage;
    }
    return rc;
}

static void remove_file(char *path)
{
    if (path)
        unlink(path);
    free(path);
}

void lab_stage_free(struct lab_stage *stage)
{
    if (!stage)
        return;
    lab_api_free(stage->api);
    for (size_t i = 0; i < stage->edges.count; i++)
        lab_edge_free(stage->edges.at[i]);
    for (size_t i = 0; i < stage->servers.count; i++)
        lab_dns_free(stage->servers.at[i]);
    for (size_t i = 0; i < stage->resolvers.count; i++)
        free(stage->resolvers.at[i]);
    ew_ptrs_release(&stage->edges);
    ew_ptrs_release(&stage->servers);
    ew_ptrs_release(&stage->resolvers);
    remove_file(stage->kubeconfig);
    remove_file(stage->cacert);
    if (stage->dir)
        rmdir(stage->dir);
    free(stage->dir);
    ew_doc_unref(stage->spec);
    ew_doc_unref(stage->objects);
    lab_place_free(stage->place);
    lab_certs_free(stage->site);
    lab_certs_free(stage->cluster);
    free(stage);
}

const struct ew_json *lab_stage_spec(const struct lab_stage *stage)
{
    return ew_doc_root(stage->spec);
}

const struct ew_json *lab_stage_objects(const struct lab_stage *stage)
{
    return ew_doc_root(stage->objects);
}

const char *lab_stage_dir(const struct lab_stage *stage)
{
    return stage->dir;
}

const char *lab_stage_kubeconfig(const struct lab_stage *stage)
{
    return stage->kubeconfig;
}

const char *lab_stage_cacert(const struct lab_stage *stage)
{
    return stage->cacert;
}

static void add(struct ew_ptrs *argv, const char *text)
{
    ew_ptrs_add(argv, ew_strdup(text));
}

char **lab_stage_command(const struct lab_stage *stage, const char *program, const char *output)
{
    struct ew_ptrs argv = {0};
    const struct ew_json *spec = ew_doc_root(stage->spec);
    add(&argv, program);
    for (size_t i = 0; i < stage->resolvers.count; i++) {
        add(&argv, "--resolver");
        add(&argv, stage->resolvers.at[i]);
    }
    if (stage->kubeconfig) {
        add(&argv, "--kubeconfig");
        add(&argv, stage->kubeconfig);
    }
    add(&argv, "--cacert");
    add(&argv, stage->cacert);
    if (output) {
        add(&argv, "-o");
        add(&argv, output);
    }
    EW_JSON_EACH(option, ew_json_get(spec, "options"))
    add(&argv, ew_json_str_or(option, ""));
    add(&argv, ew_json_get_str(spec, "url", ""));
    ew_ptrs_add(&argv, NULL);
    return (char **)argv.at;
}
