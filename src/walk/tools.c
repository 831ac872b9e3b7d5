/* How other programs ask as a walk does: next steps are commands to paste, and what was given to
 * the walk (a kubeconfig, a context, a resolver, a CA) must be given to them too. Credentials are
 * left out. */
#include "setup.h"

#include "edgewalk/base/text.h"

static void add(struct ew_buf *out, const char *flag, const char *value)
{
    if (!value)
        return;
    ew_buf_addf(out, "%s%s ", out->len ? " " : "", flag);
    ew_text_shell_word(out, value);
}

static void add_each(struct ew_buf *out, const char *flag, const char *const *values)
{
    for (; values && *values; values++)
        add(out, flag, *values);
}

static void add_switch(struct ew_buf *out, const char *flag, bool on)
{
    if (on)
        ew_buf_addf(out, "%s%s", out->len ? " " : "", flag);
}

/* edgewalk takes these by kubectl's own words. */
static void add_cluster(struct ew_buf *out, const struct ew_cluster_config *from)
{
    add(out, "--kubeconfig", from->kubeconfig);
    add(out, "--context", from->context);
    add(out, "--cluster", from->cluster);
    add(out, "--user", from->user);
    add(out, "--server", from->server);
    add(out, "--tls-server-name", from->tls_server_name);
    add(out, "--certificate-authority", from->certificate_authority);
    add_switch(out, "--insecure-skip-tls-verify", from->insecure);
    add(out, "--as", from->as);
    add(out, "--as-uid", from->as_uid);
    add_each(out, "--as-group", from->as_groups);
}

static void add_own(struct ew_buf *out, const struct ew_walk_options *from)
{
    add_each(out, "-f", from->files);
    add_each(out, "--resolver", from->resolvers);
    add(out, "--gateway", from->gateway);
    add(out, "--cacert", from->ca_file);
    add_switch(out, "-k", from->insecure);
}

void ew_walk_describe_tools(struct ew_doc *doc, struct ew_json *options,
                            const struct ew_walk_options *from)
{
    enum { KUBECTL, EDGEWALK, CURL, TOOLS };
    static const char *const names[] = {"kubectl", "edgewalk", "curl"};
    struct ew_buf flags[TOOLS];
    struct ew_json *tools = NULL;
    for (int i = 0; i < TOOLS; i++)
        ew_buf_init(&flags[i], 0);
    add_cluster(&flags[KUBECTL], &from->cluster);
    add_cluster(&flags[EDGEWALK], &from->cluster);
    add_own(&flags[EDGEWALK], from);
    add(&flags[CURL], "--cacert", from->ca_file);
    add_switch(&flags[CURL], "-k", from->insecure);
    for (int i = 0; i < TOOLS; i++) {
        if (flags[i].len && !tools)
            tools = ew_json_set(doc, options, "tools", ew_json_object(doc));
        if (flags[i].len)
            ew_json_set_str(doc, tools, names[i], ew_buf_text(&flags[i]));
        ew_buf_release(&flags[i]);
    }
}
