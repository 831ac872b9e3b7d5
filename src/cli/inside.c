#include "config.h"

#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int ew_cli_features(const struct ew_cli *cli, struct ew_doc **out, struct ew_err *err)
{
    const char **values = cli->values[OPT_FEATURE];
    if (!values)
        return EW_OK;
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *features = ew_json_object(doc);
    for (size_t i = 0; values[i]; i++) {
        size_t len = strcspn(values[i], "=");
        const char *word = values[i] + len;
        bool yes = strcmp(word, "=yes") == 0;
        if (!len || (!yes && strcmp(word, "=no") != 0)) {
            ew_doc_unref(doc);
            return ew_fail(err, EW_EUSAGE, "--feature %s: NAME=yes or NAME=no", values[i]);
        }
        char *name = ew_strndup(values[i], len);
        ew_json_set_bool(doc, features, name, yes);
        free(name);
    }
    ew_doc_set_root(doc, features);
    *out = doc;
    return EW_OK;
}

static bool reads_stdin(const char *const *paths)
{
    for (size_t i = 0; paths && paths[i]; i++)
        if (strcmp(paths[i], "-") == 0)
            return true;
    return false;
}

/* Options that have no meaning beside each other. */
static int check_together(const struct ew_cli *cli, struct ew_err *err)
{
    static const struct {
        enum ew_opt a, b;
        const char *why;
    } pairs[] = {
        {OPT_FILENAME, OPT_KUBECONFIG, "files stand in place of the API"},
        {OPT_FILENAME, OPT_CONTEXT, "files stand in place of the API"},
        {OPT_WAIT, OPT_FILENAME, "files do not change while one waits"},
        {OPT_WAIT, OPT_OVERLAY, "a change that is not made does not come true"},
    };
    for (size_t i = 0; i < EW_COUNT(pairs); i++)
        if (ew_cli_has(cli, pairs[i].a) && ew_cli_has(cli, pairs[i].b))
            return ew_fail(err, EW_EUSAGE, "--%s and --%s do not go together: %s",
                           ew_option_at(pairs[i].a)->name, ew_option_at(pairs[i].b)->name,
                           pairs[i].why);
    if (reads_stdin(cli->values[OPT_FILENAME]) && reads_stdin(cli->values[OPT_OVERLAY]))
        return ew_fail(err, EW_EUSAGE, "-f - and --overlay - cannot both read standard input");
    return EW_OK;
}

int ew_cli_gather_options(const struct ew_cli *cli, struct ew_gather_options *out,
                          struct ew_err *err)
{
    memset(out, 0, sizeof(*out));
    out->files = cli->values[OPT_FILENAME];
    out->overlay = cli->values[OPT_OVERLAY];
    int code = check_together(cli, err);
    return code == EW_OK ? ew_cli_cluster_config(cli, &out->cluster, err) : code;
}

int ew_cli_print_object(const struct ew_cli *cli, const struct ew_json *node, bool json,
                        ew_text_fn *write)
{
    struct ew_report_options options;
    struct ew_buf out;
    ew_buf_init(&out, 0);
    if (json) {
        ew_json_write(&out, node, 2);
        ew_buf_adds(&out, "\n");
    } else {
        ew_cli_report_options(cli, STDOUT_FILENO, &options);
        write(node, &options, &out);
    }
    bool whole = fwrite(ew_buf_text(&out), 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    ew_buf_release(&out);
    return whole ? 0 : 1;
}
