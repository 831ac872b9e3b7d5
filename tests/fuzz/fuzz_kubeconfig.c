/* Kubeconfigs, and what exec plugins write: a failure has a message that holds no token; what is
 * accepted can be asked for. */
#include "cluster/access.h"
#include "cluster/plugin.h"

#include "fuzz.h"

static void check_access(const struct kubeconfig *files)
{
    struct access access;
    struct ew_cluster_config options = {0};
    struct ew_err err = {0};
    bool found;
    int code = access_resolve_from(&access, files, &options, &found, &err);
    FUZZ_CHECK(code == EW_OK || (code == EW_EUSAGE && err.message[0]));
    if (code != EW_OK || !found)
        return;
    FUZZ_CHECK(access.server && access.url.host && access.namespace_);
    FUZZ_CHECK(!access.token || !strpbrk(access.token, "\r\n"));
    if (access.exec) {
        char *info = plugin_exec_info(&access);
        FUZZ_CHECK(info && info[0] == '{');
        free(info);
    }
    access_release(&access);
}

static void check_plugin(const uint8_t *data, size_t size)
{
    struct plugin_result result;
    struct ew_doc *doc;
    plugin_read((const char *)data, size, "v1", &result, &doc);
    FUZZ_CHECK(result.failure || result.token || (result.cert_pem && result.key_pem));
    ew_doc_wipe(doc);
    ew_doc_unref(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kubeconfig files = {.looked = ew_strdup("fuzz")};
    struct ew_err err = {0};
    int code = kubeconfig_add(&files, "fuzz", (const char *)data, size, &err);
    FUZZ_CHECK(code == EW_OK || (err.code == code && err.message[0]));
    if (code == EW_OK)
        check_access(&files);
    kubeconfig_release(&files);
    check_plugin(data, size);
    return 0;
}
