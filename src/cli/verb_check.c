/* edgewalk check: every status condition as it should be and as it is reported. */
#include "config.h"

#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOT_GOOD = 21, UNDECIDED = 3 };

struct checking {
    const struct ew_cli *cli;
    struct ew_doc *features;
    struct ew_routing_options options;
    struct ew_check_scope scope;
    bool all;
};

/* -n as given, else with a cluster the context's; manifests are checked whole. */
static const char *scope_namespace(const struct checking *checking, const struct ew_world *world)
{
    const char *given = ew_cli_value(checking->cli, OPT_NAMESPACE);
    if (checking->all || (!given && ew_world_from_files(world) && !checking->scope.names))
        return NULL;
    return given ? given
                 : ew_json_get_str(ew_snapshot_options(ew_world_snapshot(world)), "namespace",
                                   "default");
}

/* Lists read in one go rather than object by object. */
static bool lists_pending(const struct checking *checking, const char *ns,
                          const struct ew_world *world, struct ew_wants *wants)
{
    static const enum ew_kind kinds[] = {EW_GATEWAY,   EW_GATEWAYCLASS,   EW_LISTENERSET,
                                         EW_NAMESPACE, EW_REFERENCEGRANT, EW_BACKENDTLSPOLICY,
                                         EW_SERVICE};
    struct ew_ask ask = {.wants = wants, .optional = true, .would_decide = ""};
    bool pending = false;
    for (size_t i = 0; i < EW_COUNT(kinds) && !checking->scope.names; i++)
        pending |= ew_world_listed(world, kinds[i], ns, ask).state == EW_PENDING;
    return pending;
}

static void ask(void *ctx, const struct ew_world *world, struct ew_wants *wants)
{
    const struct checking *checking = ctx;
    struct ew_check_scope scope = checking->scope;
    struct ew_doc *doc = NULL;
    struct ew_err err = {0};
    bool unread;
    scope.ns = scope_namespace(checking, world);
    bool pending = lists_pending(checking, scope.ns, world, wants);
    struct ew_routing *routing = ew_routing_new(world, &checking->options, wants);
    if (!pending && ew_routing_check(routing, &scope, &doc, &unread, &err) == EW_OK)
        ew_doc_unref(doc);
    ew_routing_free(routing);
}

static int print(const struct checking *checking, const struct ew_doc *doc, bool json, bool unread)
{
    const struct ew_json *root = ew_doc_root(doc);
    bool bad = !ew_json_get_bool(root, "healthy", true) || !ew_json_get_bool(root, "agrees", true);
    int status = ew_cli_print_object(checking->cli, root, json, ew_report_check_text);
    if (status)
        return status;
    return bad ? NOT_GOOD : unread ? UNDECIDED : 0;
}

static int answer(struct checking *checking, struct ew_snapshot *snapshot, bool json)
{
    struct ew_err err = {0};
    struct ew_doc *doc = NULL;
    bool unread = false;
    struct ew_world *world = ew_world_new(snapshot);
    checking->scope.ns = scope_namespace(checking, world);
    struct ew_routing *routing = ew_routing_new(world, &checking->options, NULL);
    int code = ew_routing_check(routing, &checking->scope, &doc, &unread, &err);
    int status = code == EW_OK ? print(checking, doc, json, unread) : ew_cli_fail(&err);
    ew_doc_unref(doc);
    ew_routing_free(routing);
    ew_world_free(world);
    return status;
}

int ew_verb_check(const struct ew_cli *cli)
{
    struct ew_err err = {0};
    struct checking checking = {.cli = cli, .all = ew_cli_has(cli, OPT_ALL_NAMESPACES)};
    struct ew_gather_options options;
    struct ew_snapshot *snapshot = NULL;
    const char *output = NULL;
    bool interrupted = false;
    int code = ew_cli_output(cli, &output, &err);
    if (code == EW_OK)
        code = ew_cli_features(cli, &checking.features, &err);
    if (code == EW_OK)
        code = ew_cli_gather_options(cli, &options, &err);
    checking.options.features = checking.features ? ew_doc_root(checking.features) : NULL;
    checking.scope.names = cli->arg_count ? cli->args : NULL;
    if (code == EW_OK)
        code = ew_gather(&options, ask, &checking, &snapshot, &interrupted, &err);
    int status = code != EW_OK ? ew_cli_fail(&err)
                 : interrupted ? 130
                               : answer(&checking, snapshot, output && strcmp(output, "json") == 0);
    ew_snapshot_unref(snapshot);
    ew_doc_unref(checking.features);
    return status;
}
