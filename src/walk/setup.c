#include "setup.h"

#include "edgewalk/base/text.h"
#include "edgewalk/base/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const int default_expect[][2] = {{200, 399}};

/* Variables that would send a client's request through a proxy; probes do not follow them. */
static const char *const proxy_variables[] = {"https_proxy", "HTTPS_PROXY", "http_proxy",
                                              "all_proxy", "ALL_PROXY"};

int ew_walk_resolver(const char *text, char **out, struct ew_err *err)
{
    char *copy = ew_strdup(text), *host = copy, *port = NULL;
    char canonical[46];
    long number = 53;
    if (*host == '[') {
        char *end = strchr(++host, ']');
        if (end) {
            *end++ = '\0';
            port = *end == ':' ? end + 1 : *end ? end : NULL;
        }
    } else if (ew_ip_family(host) != 6 && (port = strchr(host, ':'))) {
        *port++ = '\0';
    }
    bool good =
        ew_ip_canonical(host, canonical) && (!port || ew_text_number(port, 1, 65535, &number));
    free(copy);
    if (!good)
        return ew_fail(err, EW_EUSAGE,
                       "--resolver %s: not an address, ADDR:PORT or [ADDR]:PORT (nor \"system\")",
                       text);
    *out = ew_ip_with_port(canonical, (int)number);
    return EW_OK;
}

static void add_resolver(struct ew_doc *doc, struct ew_json *list, const char *address, bool system)
{
    struct ew_json *row = ew_json_add(doc, list, ew_json_object(doc));
    ew_json_set_str(doc, row, "address", address);
    ew_json_set_bool(doc, row, "system", system);
}

static void add_system_resolvers(struct ew_doc *doc, struct ew_json *list)
{
    size_t count;
    char **servers = ew_dns_system(&count);
    for (size_t i = 0; i < count; i++) {
        add_resolver(doc, list, servers[i], true);
        free(servers[i]);
    }
    free(servers);
}

static int add_resolvers(struct ew_doc *doc, struct ew_json *options,
                         const struct ew_walk_options *from, struct ew_err *err)
{
    struct ew_json *list = ew_json_set(doc, options, "resolvers", ew_json_array(doc));
    if (!from->resolvers || !from->resolvers[0])
        add_system_resolvers(doc, list);
    for (size_t i = 0; from->resolvers && from->resolvers[i]; i++) {
        char *address;
        if (strcmp(from->resolvers[i], "system") == 0) {
            add_system_resolvers(doc, list);
            continue;
        }
        int code = ew_walk_resolver(from->resolvers[i], &address, err);
        if (code != EW_OK)
            return code;
        add_resolver(doc, list, address, false);
        free(address);
    }
    return EW_OK;
}

static void add_expect(struct ew_doc *doc, struct ew_json *options,
                       const struct ew_walk_options *from)
{
    const int(*ranges)[2] = from->expect ? from->expect : default_expect;
    size_t count = from->expect ? from->expect_count : EW_COUNT(default_expect);
    struct ew_json *list = ew_json_set(doc, options, "expect", ew_json_array(doc));
    for (size_t i = 0; i < count; i++) {
        struct ew_json *range = ew_json_add(doc, list, ew_json_array(doc));
        ew_json_add(doc, range, ew_json_number(doc, ranges[i][0]));
        ew_json_add(doc, range, ew_json_number(doc, ranges[i][1]));
    }
}

static void add_pins(struct ew_doc *doc, struct ew_json *options,
                     const struct ew_walk_options *from)
{
    if (!from->pin_count)
        return;
    struct ew_json *list = ew_json_set(doc, options, "resolve", ew_json_array(doc));
    for (size_t i = 0; i < from->pin_count; i++) {
        const struct ew_pin *pin = &from->pins[i];
        struct ew_json *row = ew_json_add(doc, list, ew_json_object(doc));
        ew_json_set_str(doc, row, "host", pin->host);
        ew_json_set_num(doc, row, "port", pin->port);
        struct ew_json *addresses = ew_json_set(doc, row, "addresses", ew_json_array(doc));
        for (size_t a = 0; a < pin->count; a++)
            ew_json_add(doc, addresses, ew_json_string(doc, pin->addresses[a]));
    }
}

static void add_texts(struct ew_doc *doc, struct ew_json *object, const char *key,
                      const char *const *texts)
{
    if (!texts)
        return;
    struct ew_json *list = ew_json_set(doc, object, key, ew_json_array(doc));
    for (size_t i = 0; texts[i]; i++)
        ew_json_add(doc, list, ew_json_string(doc, texts[i]));
}

static const char *proxy_variable(void)
{
    for (size_t i = 0; i < EW_COUNT(proxy_variables); i++) {
        const char *value = getenv(proxy_variables[i]);
        if (value && *value)
            return proxy_variables[i];
    }
    return NULL;
}

static void add_thresholds(struct ew_doc *doc, struct ew_json *options,
                           const struct ew_walk_options *from)
{
    struct ew_json *object = NULL;
    for (int id = 0; id < EW_THRESHOLD_COUNT; id++) {
        if (from->thresholds[id] <= 0)
            continue;
        if (!object)
            object = ew_json_set(doc, options, "thresholds", ew_json_object(doc));
        ew_json_set_num(doc, object, ew_threshold_row((enum ew_threshold)id)->name,
                        from->thresholds[id]);
    }
}

/* The controls ask for names that nobody uses: they need to be unlikely, not secret. */
static void add_nonce(struct ew_doc *doc, struct ew_json *options)
{
    char nonce[16];
    struct {
        int64_t now;
        double ticks;
        long pid;
    } seed;
    memset(&seed, 0, sizeof(seed));
    seed.now = ew_now_ms();
    seed.ticks = ew_monotonic_ms();
    seed.pid = (long)getpid();
    snprintf(nonce, sizeof(nonce), "%08x", (unsigned)(ew_hash(&seed, sizeof(seed)) & 0xffffffffu));
    ew_json_set_str(doc, options, "nonce", nonce);
}

static int describe_options(struct ew_snapshot *snapshot, const struct ew_walk_options *from,
                            const struct ew_cluster *cluster, int deadline_ms, struct ew_err *err)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *options = ew_json_object(doc);
    ew_doc_set_root(doc, options);
    int code = add_resolvers(doc, options, from, err);
    if (code != EW_OK) {
        ew_doc_unref(doc);
        return code;
    }
    add_nonce(doc, options);
    add_expect(doc, options, from);
    ew_json_set_bool(doc, options, "no_probe", from->no_probe);
    ew_json_set_bool(doc, options, "no_api", from->no_api);
    ew_json_set_bool(doc, options, "insecure", from->insecure);
    ew_json_set_num(doc, options, "family", from->family);
    if (cluster || from->cluster.namespace_)
        ew_json_set_str(doc, options, "namespace",
                        cluster ? ew_cluster_namespace(cluster) : from->cluster.namespace_);
    if (from->gateway)
        ew_json_set_str(doc, options, "gateway", from->gateway);
    if (cluster && ew_cluster_context(cluster))
        ew_json_set_str(doc, options, "context", ew_cluster_context(cluster));
    add_pins(doc, options, from);
    ew_json_set_num(doc, options, "deadline_ms", deadline_ms);
    add_texts(doc, options, "files", from->files);
    if (proxy_variable())
        ew_json_set_str(doc, options, "proxy_env", proxy_variable());
    add_thresholds(doc, options, from);
    add_texts(doc, options, "owner_keys", from->owner_keys);
    ew_walk_describe_tools(doc, options, from);
    ew_snapshot_set_options(snapshot, doc);
    return EW_OK;
}

static void add_headers(struct ew_doc *doc, struct ew_json *target, const char *const *headers)
{
    struct ew_json *list = ew_json_set(doc, target, "headers", ew_json_array(doc));
    for (size_t i = 0; headers && headers[i]; i++) {
        size_t len = strcspn(headers[i], ":");
        const char *value = headers[i][len] ? headers[i] + len + 1 : "";
        value += strspn(value, " \t");
        struct ew_json *pair = ew_json_add(doc, list, ew_json_array(doc));
        ew_json_add(doc, pair, ew_json_stringn(doc, headers[i], len));
        ew_json_add(doc, pair,
                    ew_json_string(doc, ew_header_is_secret(headers[i], len) ? "(hidden)" : value));
    }
}

static void describe_target(struct ew_snapshot *snapshot, const struct ew_target *from,
                            const struct ew_walk_options *options)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *target = ew_json_object(doc);
    ew_doc_set_root(doc, target);
    ew_json_set_str(doc, target, "url", from->url);
    ew_json_set_str(doc, target, "scheme", from->scheme);
    ew_json_set_str(doc, target, "host", from->host);
    ew_json_set_num(doc, target, "port", from->port);
    ew_json_set_str(doc, target, "path", from->path);
    ew_json_set_str(doc, target, "query", from->query);
    ew_json_set_str(doc, target, "method", options->method ? options->method : "GET");
    add_headers(doc, target, options->headers);
    ew_json_set_bool(doc, target, "literal", from->literal);
    ew_snapshot_set_target(snapshot, doc);
}

static void describe_vantage(struct ew_snapshot *snapshot, const struct ew_cluster *cluster)
{
    char hostname[256] = "";
    bool ipv4, ipv6;
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *vantage = ew_json_object(doc);
    ew_doc_set_root(doc, vantage);
    gethostname(hostname, sizeof(hostname) - 1);
    ew_vantage_paths(&ipv4, &ipv6);
    ew_json_set_str(doc, vantage, "hostname", hostname);
    ew_json_set_bool(doc, vantage, "in_cluster",
                     cluster && !ew_cluster_context(cluster) &&
                         getenv("KUBERNETES_SERVICE_HOST") != NULL);
    if (cluster && ew_cluster_context(cluster))
        ew_json_set_str(doc, vantage, "context", ew_cluster_context(cluster));
    ew_json_set_bool(doc, vantage, "ipv4", ipv4);
    ew_json_set_bool(doc, vantage, "ipv6", ipv6);
    ew_snapshot_set_vantage(snapshot, doc);
}

int ew_walk_describe(struct ew_snapshot *snapshot, const struct ew_target *target,
                     const struct ew_walk_options *options, const struct ew_cluster *cluster,
                     int deadline_ms, struct ew_err *err)
{
    describe_target(snapshot, target, options);
    describe_vantage(snapshot, cluster);
    return describe_options(snapshot, options, cluster, deadline_ms, err);
}
