/* edgewalk check: every status condition as it should be and as it is reported; with an overlay,
 * what a change would do to them; with --wait, until all is well. */
#include "config.h"

#include "inside.h"

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NOT_GOOD = 21,
    UNDECIDED = 3,
    INTERRUPTED = 130,
    READ_MS = 20000,      /* one reading, as of a walk */
    PAUSE_MS = 2000,      /* between two readings */
    WAIT_MS = 300 * 1000, /* --wait without a time */
};

struct checking {
    const struct ew_cli *cli;
    struct ew_doc *features;
    struct ew_routing_options options;
    struct ew_check_scope scope;
    bool all, change;
};

/* An answer, and the exit status that goes with it. */
struct answer {
    struct ew_doc *doc;
    int status;
};

/* ---- what is asked for ---- */

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
static bool lists_pending(const struct ew_check_scope *scope, const struct ew_world *world,
                          struct ew_wants *wants)
{
    static const enum ew_kind kinds[] = {EW_GATEWAY,   EW_GATEWAYCLASS,   EW_LISTENERSET,
                                         EW_NAMESPACE, EW_REFERENCEGRANT, EW_BACKENDTLSPOLICY,
                                         EW_SERVICE};
    struct ew_ask ask = {.wants = wants, .optional = true, .would_decide = ""};
    bool pending = false;
    for (size_t i = 0; i < EW_COUNT(kinds) && !scope->names; i++)
        pending |= ew_world_listed(world, kinds[i], scope->ns, ask).state == EW_PENDING;
    return pending;
}

/* A change may reach any object. */
static void ask(void *ctx, const struct ew_world *world, struct ew_wants *wants)
{
    const struct checking *checking = ctx;
    struct ew_check_scope scope = {0};
    struct ew_doc *doc = NULL;
    struct ew_err err = {0};
    bool unread;
    if (!checking->change) {
        scope = checking->scope;
        scope.ns = scope_namespace(checking, world);
    }
    bool pending = lists_pending(&scope, world, wants);
    struct ew_routing *routing = ew_routing_new(world, &checking->options, wants);
    if (!pending && ew_routing_check(routing, &scope, &doc, &unread, &err) == EW_OK)
        ew_doc_unref(doc);
    ew_routing_free(routing);
}

/* ---- the answer ---- */

static int status_of(const struct ew_json *root, bool unread)
{
    bool bad = !ew_json_get_bool(root, "healthy", true) || !ew_json_get_bool(root, "agrees", true);
    return bad ? NOT_GOOD : unread ? UNDECIDED : 0;
}

static int judge_state(const struct checking *checking, struct ew_snapshot *snapshot,
                       struct answer *out, struct ew_err *err)
{
    bool unread = false;
    struct ew_world *world = ew_world_new(snapshot);
    struct ew_routing *routing = ew_routing_new(world, &checking->options, NULL);
    struct ew_check_scope scope = checking->scope;
    scope.ns = scope_namespace(checking, world);
    int code = ew_routing_check(routing, &scope, &out->doc, &unread, err);
    if (code == EW_OK)
        out->status = status_of(ew_doc_root(out->doc), unread);
    ew_routing_free(routing);
    ew_world_free(world);
    return code;
}

/* One side of a change, with all its conditions. */
struct side {
    struct ew_world *world;
    struct ew_routing *routing;
    struct ew_doc *all;
};

static int side_open(const struct checking *checking, struct ew_snapshot *snapshot,
                     struct side *side, struct ew_err *err)
{
    struct ew_check_scope everything = {.proposed = true};
    bool unread;
    side->world = ew_world_new(snapshot);
    side->routing = ew_routing_new(side->world, &checking->options, NULL);
    return ew_routing_check(side->routing, &everything, &side->all, &unread, err);
}

static void side_close(struct side *side)
{
    ew_doc_unref(side->all);
    ew_routing_free(side->routing);
    ew_world_free(side->world);
}

static const struct ew_json *overlay_of(const struct side *after, const char *member)
{
    const struct ew_fact *fact = ew_snapshot_fact(ew_world_snapshot(after->world), EW_KEY_OVERLAY);
    return ew_json_get(ew_fact_value(fact), member);
}

/* What is laid over stands in the scope, and so does all that changes by it. */
static const char **names_of(const struct side *after, struct ew_ptrs *names)
{
    EW_JSON_EACH(one, overlay_of(after, "laid"))
    {
        const char *ns = ew_json_get_str(one, "namespace", NULL);
        ew_ptrs_add(names, ew_fmt("%s/%s%s%s", ew_json_get_str(one, "kind", ""), ns ? ns : "",
                                  ns ? "/" : "", ew_json_get_str(one, "name", "")));
    }
    ew_ptrs_add(names, NULL);
    return (const char **)names->at;
}

static void add_overlay(struct answer *out, const struct side *before, const struct side *after,
                        const struct ew_json *changes, const char *const *names)
{
    struct ew_doc *doc = out->doc;
    struct ew_json *root = ew_json_copy(doc, ew_doc_root(doc));
    struct ew_json *overlay = ew_json_copy(doc, changes);
    ew_json_set(doc, overlay, "objects", ew_json_copy(doc, overlay_of(after, "laid")));
    ew_json_set(doc, overlay, "requests",
                ew_routing_winners(doc, before->routing, after->routing, names));
    ew_json_set(doc, root, "overlay", overlay);
    ew_doc_set_root(doc, root);
}

static int judge_change(const struct checking *checking, const struct ew_gathered *gathered,
                        struct answer *out, struct ew_err *err)
{
    struct side before = {0}, after = {0};
    struct ew_doc *changes = NULL;
    struct ew_ptrs names = {0};
    bool unread = false;
    int code = side_open(checking, gathered->snapshot, &before, err);
    if (code == EW_OK)
        code = side_open(checking, gathered->overlaid, &after, err);
    if (code == EW_OK) {
        changes = ew_check_changes(ew_doc_root(before.all), ew_doc_root(after.all), &names);
        struct ew_check_scope scope = checking->scope;
        scope.ns = scope_namespace(checking, after.world);
        scope.proposed = true;
        scope.also = names_of(&after, &names);
        code = ew_routing_check(after.routing, &scope, &out->doc, &unread, err);
    }
    if (code == EW_OK) {
        add_overlay(out, &before, &after, ew_doc_root(changes), (const char **)names.at);
        out->status = status_of(ew_doc_root(out->doc), unread);
    }
    for (size_t i = 0; i < names.count; i++)
        free(names.at[i]);
    ew_ptrs_release(&names);
    ew_doc_unref(changes);
    side_close(&before);
    side_close(&after);
    return code;
}

/* ---- once, or until all is well ---- */

static int look(const struct checking *checking, const struct ew_gather_options *options,
                struct answer *out, bool *late, struct ew_err *err)
{
    struct ew_gathered gathered = {0};
    int code = ew_gather(options, ask, (void *)checking, &gathered, err);
    *late = gathered.late;
    if (code == EW_OK && gathered.interrupted)
        out->status = INTERRUPTED;
    else if (code == EW_OK)
        code = checking->change ? judge_change(checking, &gathered, out, err)
                                : judge_state(checking, gathered.snapshot, out, err);
    ew_gathered_release(&gathered);
    return code;
}

/* How many conditions are not good yet, in a line for who watches. */
static void tell(const struct checking *checking, const struct answer *answer, char **last)
{
    const struct ew_json *root = ew_doc_root(answer->doc);
    char *text = ew_report_check_line(root);
    if (!ew_cli_has(checking->cli, OPT_QUIET) && (!*last || strcmp(*last, text) != 0))
        fprintf(stderr, "edgewalk: waiting: %s\n", text);
    free(*last);
    *last = text;
}

/* A reading that the time cut short does not take the place of a whole one. */
static void keep_better(struct answer *best, struct answer *next, bool late)
{
    if (best->doc && late && next->status != INTERRUPTED) {
        ew_doc_unref(next->doc);
        return;
    }
    ew_doc_unref(best->doc);
    *best = *next;
}

static int wait_until_well(const struct checking *checking, struct ew_gather_options *options,
                           int wait_ms, struct answer *out, struct ew_err *err)
{
    double until = ew_monotonic_ms() + wait_ms;
    char *last = NULL;
    int code = EW_OK;
    for (;;) {
        struct answer next = {0};
        double left = until - ew_monotonic_ms();
        bool late = false;
        options->deadline_ms = left > READ_MS ? READ_MS : left > 1 ? (int)left : 1;
        code = look(checking, options, &next, &late, err);
        if (code != EW_OK)
            break;
        keep_better(out, &next, late);
        left = until - ew_monotonic_ms();
        if (!out->status || out->status == INTERRUPTED || left <= 0)
            break;
        tell(checking, out, &last);
        if (!ew_gather_pause(left < PAUSE_MS ? (int)left : PAUSE_MS)) {
            out->status = INTERRUPTED;
            break;
        }
    }
    free(last);
    return code;
}

static int print(const struct checking *checking, const struct answer *answer, bool json)
{
    if (answer->status == INTERRUPTED)
        return INTERRUPTED;
    int status =
        ew_cli_print_object(checking->cli, ew_doc_root(answer->doc), json, ew_report_check_text);
    return status ? status : answer->status;
}

static int run(struct checking *checking, struct ew_gather_options *options, struct answer *out,
               struct ew_err *err)
{
    int wait_ms = WAIT_MS;
    bool late;
    if (!ew_cli_has(checking->cli, OPT_WAIT))
        return look(checking, options, out, &late, err);
    int code = ew_cli_duration(checking->cli, OPT_WAIT, &wait_ms, err);
    return code == EW_OK ? wait_until_well(checking, options, wait_ms, out, err) : code;
}

int ew_verb_check(const struct ew_cli *cli)
{
    struct ew_err err = {0};
    struct checking checking = {.cli = cli,
                                .all = ew_cli_has(cli, OPT_ALL_NAMESPACES),
                                .change = ew_cli_has(cli, OPT_OVERLAY)};
    struct ew_gather_options options;
    struct answer answer = {0};
    const char *output = NULL;
    int code = ew_cli_output(cli, &output, &err);
    if (code == EW_OK)
        code = ew_cli_features(cli, &checking.features, &err);
    if (code == EW_OK)
        code = ew_cli_gather_options(cli, &options, &err);
    checking.options.features = checking.features ? ew_doc_root(checking.features) : NULL;
    checking.options.no_candidates = true;
    checking.scope.names = cli->arg_count ? cli->args : NULL;
    if (code == EW_OK)
        code = run(&checking, &options, &answer, &err);
    int status = code == EW_OK ? print(&checking, &answer, output && strcmp(output, "json") == 0)
                               : ew_cli_fail(&err);
    ew_doc_unref(answer.doc);
    ew_doc_unref(checking.features);
    return status;
}
