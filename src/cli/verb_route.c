/* edgewalk route URL: who serves this request, from the objects alone. */
#include "config.h"

#include "inside.h"

#include "edgewalk/base/text.h"
#include "edgewalk/base/url.h"
#include "edgewalk/cert.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CERT_MAX = 1 << 20, FOUND_NOTHING = 3 };

/* Schemes beyond http and https. port 0: the URL must name one. */
static const struct scheme {
    const char *name, *like;
    enum ew_protocol protocol;
    bool tls;
    int port;
} schemes[] = {
    {"http", "http", EW_PROTO_HTTP, false, 80},  {"https", "https", EW_PROTO_HTTP, true, 443},
    {"grpc", "https", EW_PROTO_GRPC, true, 443}, {"grpc+http", "http", EW_PROTO_GRPC, false, 80},
    {"tls", "https", EW_PROTO_TLS, true, 443},   {"tcp", "http", EW_PROTO_TCP, false, 0},
    {"udp", "http", EW_PROTO_UDP, false, 0},
};

struct asking {
    const struct ew_cli *cli;
    const struct scheme *scheme;
    struct ew_target target;
    struct ew_request request;
    struct ew_routing_options options;
    struct ew_doc *features, *cert;
    const char **headers; /* name, value, …, NULL */
    char **owned;         /* texts of headers */
    size_t owned_count;
    char *host;
};

/* ---- the command line ---- */

static int bad_port(const char *text, struct ew_err *err)
{
    return ew_fail(err, EW_EUSAGE, "%s: a tcp or udp URL names a port", text);
}

/* "grpc+http://host:port/x" read as "http://host:port/x". */
static int parse_url(struct asking *asking, const char *text, struct ew_err *err)
{
    const char *rest = strstr(text, "://");
    asking->scheme = &schemes[1];
    if (!rest)
        return ew_target_parse(text, &asking->target, err);
    for (size_t i = 0; i < EW_COUNT(schemes); i++) {
        size_t len = strlen(schemes[i].name);
        if ((size_t)(rest - text) != len || strncasecmp(schemes[i].name, text, len) != 0)
            continue;
        asking->scheme = &schemes[i];
        char *like = ew_fmt("%s%s", schemes[i].like, rest);
        int code = ew_target_parse(like, &asking->target, err);
        free(like);
        const char *authority = rest + 3, *bracket = strchr(authority, ']');
        bool named = strchr(bracket ? bracket : authority, ':') != NULL;
        return code == EW_OK && !schemes[i].port && !named ? bad_port(text, err) : code;
    }
    return ew_fail(err, EW_EUSAGE,
                   "%s: a URL begins with http, https, grpc, grpc+http, tls, tcp or udp", text);
}

static char *own(struct asking *asking, char *text)
{
    asking->owned = ew_realloc(asking->owned, asking->owned_count + 1, sizeof(char *));
    return asking->owned[asking->owned_count++] = text;
}

/* The host without port and brackets, as the routing wants it. */
static int parse_headers(struct asking *asking, struct ew_err *err)
{
    const char **values = asking->cli->values[OPT_HEADER];
    size_t count = 0;
    while (values && values[count])
        count++;
    asking->headers = ew_alloc((2 * count + 1) * sizeof(*asking->headers));
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t len = strcspn(values[i], ":");
        if (!values[i][len] || !len)
            return ew_fail(err, EW_EUSAGE, "-H '%.40s': a header is written \"NAME: VALUE\"",
                           values[i]);
        char *name = own(asking, ew_strndup(values[i], len));
        const char *value = values[i] + len + 1;
        value += strspn(value, " \t");
        if (ew_text_ieq(name, "host")) {
            free(asking->host);
            asking->host = ew_host_header(value);
            continue;
        }
        asking->headers[at++] = name;
        asking->headers[at++] = value;
    }
    return EW_OK;
}

/* The certificates of the file; a key that stands beside them is not kept. */
static int read_cert(struct asking *asking, struct ew_err *err)
{
    const char *path = ew_cli_value(asking->cli, OPT_CERT);
    if (!path)
        return EW_OK;
    FILE *file = fopen(path, "r");
    if (!file)
        return ew_fail(err, EW_EUSAGE, "--cert %s: %s", path, strerror(errno));
    char *text = ew_alloc(CERT_MAX + 1);
    size_t len = fread(text, 1, CERT_MAX, file);
    fclose(file);
    char *pem = ew_cert_pem_only(text, len);
    ew_wipe(text, CERT_MAX);
    free(text);
    if (!*pem) {
        free(pem);
        return ew_fail(err, EW_EUSAGE, "--cert %s: no certificate in it (PEM)", path);
    }
    asking->cert = ew_doc_new();
    struct ew_json *out = ew_cert_describe_pair(asking->cert, pem, strlen(pem), NULL, 0);
    ew_json_set_str(asking->cert, out, "pem", pem);
    ew_doc_set_root(asking->cert, out);
    free(pem);
    return EW_OK;
}

static void fill_request(struct asking *asking)
{
    const struct scheme *scheme = asking->scheme;
    const struct ew_target *target = &asking->target;
    const char *method = ew_cli_value(asking->cli, OPT_REQUEST);
    bool http = scheme->protocol == EW_PROTO_HTTP || scheme->protocol == EW_PROTO_GRPC;
    bool grpc = scheme->protocol == EW_PROTO_GRPC;
    if (!asking->host)
        asking->host = ew_strdup(target->host);
    asking->request = (struct ew_request){
        .protocol = scheme->protocol,
        .tls = scheme->tls,
        .sni = scheme->tls && !target->literal ? target->host : NULL,
        .host = http ? asking->host : target->host,
        .port = target->port,
        .path = http ? target->path : "",
        .query = target->query,
        .method = !http    ? ""
                  : method ? method
                  : grpc   ? "POST"
                           : "GET",
        .headers = asking->headers,
        .client_cert = asking->cert ? ew_doc_root(asking->cert) : NULL,
    };
    asking->options.gateway = ew_cli_value(asking->cli, OPT_GATEWAY);
    asking->options.ingress_class = ew_cli_value(asking->cli, OPT_INGRESS_CLASS);
    asking->options.features = asking->features ? ew_doc_root(asking->features) : NULL;
}

static int parse(struct asking *asking, const char **output, struct ew_err *err)
{
    if (asking->cli->arg_count != 1)
        return ew_fail(err, EW_EUSAGE, "route takes one URL (see edgewalk route --help)");
    int code = ew_cli_output(asking->cli, output, err);
    if (code == EW_OK)
        code = parse_url(asking, asking->cli->args[0], err);
    if (code == EW_OK)
        code = parse_headers(asking, err);
    if (code == EW_OK)
        code = read_cert(asking, err);
    if (code == EW_OK)
        code = ew_cli_features(asking->cli, &asking->features, err);
    if (code == EW_OK)
        fill_request(asking);
    return code;
}

static void release(struct asking *asking)
{
    ew_target_release(&asking->target);
    ew_doc_unref(asking->features);
    ew_doc_unref(asking->cert);
    for (size_t i = 0; i < asking->owned_count; i++)
        free(asking->owned[i]);
    free(asking->owned);
    free(asking->headers);
    free(asking->host);
}

/* ---- the answer ---- */

static enum ew_layer backend_layer(const struct ew_decision *decision)
{
    for (size_t i = 0; i < decision->backend_count; i++) {
        if (!decision->backends[i].weight)
            continue;
        switch (decision->backends[i].fault) {
        case EW_BACKEND_PORT:
        case EW_BACKEND_PROTOCOL:
        case EW_BACKEND_TLS_POLICY:
            return EW_LAYER_SERVICE;
        case EW_BACKEND_NO_ENDPOINTS:
        case EW_BACKEND_NONE_READY:
            return EW_LAYER_ENDPOINTS;
        default:
            return EW_LAYER_ROUTE;
        }
    }
    return EW_LAYER_ROUTE;
}

static int exit_status(const struct ew_decision *decision)
{
    switch (decision->outcome) {
    case EW_OUT_BACKEND:
    case EW_OUT_REDIRECT:
    case EW_OUT_RESPOND:
        return 0;
    case EW_OUT_NO_LISTENER:
        return ew_layer_row(EW_LAYER_EDGE)->exit_status;
    case EW_OUT_NO_ROUTE:
        return ew_layer_row(EW_LAYER_ROUTE)->exit_status;
    case EW_OUT_NO_BACKEND:
        return ew_layer_row(backend_layer(decision))->exit_status;
    case EW_OUT_MISDIRECTED:
    case EW_OUT_REJECTED:
        return ew_layer_row(EW_LAYER_TLS)->exit_status;
    case EW_OUT_UNKNOWN:
        break;
    }
    return FOUND_NOTHING;
}

static void ask(void *ctx, const struct ew_world *world, struct ew_wants *wants)
{
    struct asking *asking = ctx;
    struct ew_routing *routing = ew_routing_new(world, &asking->options, wants);
    ew_routing_decide(routing, &asking->request, NULL);
    ew_routing_free(routing);
}

static struct ew_doc *decide(struct asking *asking, struct ew_snapshot *snapshot, int *status)
{
    struct ew_world *world = ew_world_new(snapshot);
    struct ew_routing *routing = ew_routing_new(world, &asking->options, NULL);
    const struct ew_decision *decision = ew_routing_decide(routing, &asking->request, NULL);
    struct ew_doc *doc = ew_decision_json(decision, &asking->request, asking->scheme->name);
    *status = exit_status(decision);
    ew_routing_free(routing);
    ew_world_free(world);
    return doc;
}

/* The decision after the change, with what it was before. */
static struct ew_doc *decide_change(struct asking *asking, const struct ew_gathered *gathered,
                                    int *status)
{
    struct ew_doc *before = decide(asking, gathered->snapshot, status);
    struct ew_doc *after = decide(asking, gathered->overlaid, status);
    struct ew_json *root = ew_json_copy(after, ew_doc_root(after));
    ew_json_set(after, root, "overlay", ew_decision_changes(after, ew_doc_root(before), root));
    ew_doc_set_root(after, root);
    ew_doc_unref(before);
    return after;
}

static int answer(struct asking *asking, const struct ew_gathered *gathered, bool json)
{
    int status;
    struct ew_doc *doc = gathered->overlaid ? decide_change(asking, gathered, &status)
                                            : decide(asking, gathered->snapshot, &status);
    int printed = ew_cli_print_object(asking->cli, ew_doc_root(doc), json, ew_report_route_text);
    ew_doc_unref(doc);
    return printed ? printed : status;
}

int ew_verb_route(const struct ew_cli *cli)
{
    struct ew_err err = {0};
    struct asking asking = {.cli = cli};
    struct ew_gather_options options;
    struct ew_gathered gathered = {0};
    const char *output = NULL;
    int code = parse(&asking, &output, &err);
    if (code == EW_OK)
        code = ew_cli_gather_options(cli, &options, &err);
    if (code == EW_OK) {
        options.host = asking.request.host;
        code = ew_gather(&options, ask, &asking, &gathered, &err);
    }
    int status = code != EW_OK ? ew_cli_fail(&err)
                 : gathered.interrupted
                     ? 130
                     : answer(&asking, &gathered, output && strcmp(output, "json") == 0);
    ew_gathered_release(&gathered);
    release(&asking);
    return status;
}
