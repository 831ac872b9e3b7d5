/* The exec credential plugin of a user entry, as configured. */
#include "access.h"

#include "edgewalk/base/text.h"

#include <string.h>

#define API_GROUP "client.authentication.k8s.io/"

static int take_version(struct exec_spec *exec, const struct kube_entry *entry,
                        const struct ew_json *node, struct ew_err *err)
{
    const char *version;
    if (kube_text(entry, node, "apiVersion", &version, err) != EW_OK)
        return EW_EUSAGE;
    if (!version)
        return kube_fail(entry, node, err, "exec has no apiVersion");
    if (strcmp(version, API_GROUP "v1") != 0 && strcmp(version, API_GROUP "v1beta1") != 0)
        return kube_fail(entry, ew_json_get(node, "apiVersion"), err,
                         "exec apiVersion %.80s is not supported (" API_GROUP "v1 or v1beta1)",
                         version);
    exec->version = ew_strdup(version + strlen(API_GROUP));
    return EW_OK;
}

static int take_mode(struct exec_spec *exec, const struct kube_entry *entry,
                     const struct ew_json *node, struct ew_err *err)
{
    const char *mode;
    if (kube_text(entry, node, "interactiveMode", &mode, err) != EW_OK)
        return EW_EUSAGE;
    if (!mode && strcmp(exec->version, "v1beta1") == 0)
        return EW_OK;
    if (!mode)
        return kube_fail(entry, node, err,
                         "exec has no interactiveMode (Never, IfAvailable or "
                         "Always)");
    if (strcmp(mode, "Never") != 0 && strcmp(mode, "IfAvailable") != 0 &&
        strcmp(mode, "Always") != 0)
        return kube_fail(entry, ew_json_get(node, "interactiveMode"), err,
                         "exec interactiveMode %.40s is not Never, IfAvailable or Always", mode);
    exec->always = strcmp(mode, "Always") == 0;
    return EW_OK;
}

static int take_args(struct exec_spec *exec, const struct kube_entry *entry,
                     const struct ew_json *node, struct ew_err *err)
{
    EW_JSON_EACH(arg, ew_json_get(node, "args"))
    {
        if (!ew_json_str(arg))
            return kube_fail(entry, arg, err, "exec args is not a list of texts");
        exec->args = access_list_add(exec->args, ew_strdup(ew_json_str(arg)));
    }
    EW_JSON_EACH(row, ew_json_get(node, "env"))
    {
        const char *name = ew_json_get_str(row, "name", ""),
                   *value = ew_json_get_str(row, "value", "");
        if (!*name || strchr(name, '='))
            return kube_fail(entry, row, err, "exec env has an entry without a name");
        exec->env = access_list_add(exec->env, ew_fmt("%s=%s", name, value));
    }
    return EW_OK;
}

static int fill(struct exec_spec *exec, const struct kube_entry *entry, const struct ew_json *node,
                struct ew_err *err)
{
    const char *command, *hint;
    if (!ew_json_is(node, EW_JSON_OBJECT))
        return kube_fail(entry, node, err, "exec is not a mapping");
    if (kube_text(entry, node, "command", &command, err) != EW_OK ||
        kube_text(entry, node, "installHint", &hint, err) != EW_OK)
        return EW_EUSAGE;
    if (!command)
        return kube_fail(entry, node, err, "exec has no command");
    /* A bare name is looked up in PATH; any other starts from the kubeconfig's folder. */
    exec->command = strchr(command, '/') ? kube_path(entry, command) : ew_strdup(command);
    exec->hint = ew_strdup(hint);
    exec->cluster_info = ew_json_get_bool(node, "provideClusterInfo", false);
    int code = take_version(exec, entry, node, err);
    if (code == EW_OK)
        code = take_mode(exec, entry, node, err);
    return code == EW_OK ? take_args(exec, entry, node, err) : code;
}

int access_take_exec(struct access *access, const struct kube_entry *entry,
                     const struct ew_json *exec, struct ew_err *err)
{
    access->exec = ew_alloc(sizeof(*access->exec));
    return fill(access->exec, entry, exec, err);
}
