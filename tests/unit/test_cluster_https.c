/* Trust and credentials of the client; exec plugins. */
#include "config.h"

#include "cluster_client.h"

/* ---- https ---- */

static void write_config(const char *ca, int port, const char *user)
{
    char path[256];
    char *encoded = ew_base64_encode((const unsigned char *)ca, strlen(ca));
    char *text =
        ew_fmt("current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n"
               "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:%d', "
               "certificate-authority-data: %s}}]\nusers: [{name: u, user: {%s}}]\n",
               port, encoded, user);
    place_write(&place, "config", text);
    config.kubeconfig = ew_strdup(place_name(&place, "config", path));
    open_cluster();
    free((char *)(uintptr_t)config.kubeconfig);
    free(text);
    free(encoded);
}

START_TEST(https_carries_token_and_impersonation)
{
    static const char *const groups[] = {"g1", "g2", NULL};
    struct pki ca = pki_ca("ca"), leaf = pki_leaf(&ca, "api", "IP:127.0.0.1", false);
    struct api_peer *peer = api_peer_start(&leaf, by_table, (void *)(uintptr_t)good);
    config.as = "jane";
    config.as_groups = groups;
    write_config(ca.cert_pem, api_peer_port(peer),
                 "token: tick, as-user-extra: {a/b: [c]}, as: joe");
    const struct ew_fact *fact = list("pods", "shop", NULL);
    ck_assert_int_eq(fact->state, EW_KNOWN);
    char *heard = api_peer_heard(peer);
    ck_assert_ptr_nonnull(strstr(heard, "Authorization: Bearer tick\n"));
    ck_assert_ptr_nonnull(strstr(heard, "Impersonate-User: jane\n"));
    ck_assert_ptr_nonnull(strstr(heard, "Impersonate-Group: g2\n"));
    ck_assert_ptr_nonnull(strstr(heard, "Impersonate-Extra-a%2Fb: c\n"));
    free(heard);
    ew_cluster_free(cluster);
    cluster = NULL;
    api_peer_stop(peer);
    pki_release(&leaf);
    pki_release(&ca);
}
END_TEST

START_TEST(a_server_of_another_ca_is_not_trusted)
{
    struct pki ca = pki_ca("ca"), other = pki_ca("other"),
               leaf = pki_leaf(&other, "api", "IP:127.0.0.1", false);
    struct api_peer *peer = api_peer_start(&leaf, by_table, (void *)(uintptr_t)good);
    write_config(ca.cert_pem, api_peer_port(peer), "token: tick");
    assert_unknown(discover(), "tls-untrusted", "");
    assert_unknown(list("pods", NULL, NULL), "unreachable", "");
    ck_assert_int_eq(api_peer_count(peer), 0);
    ew_cluster_free(cluster);
    config.insecure = true;
    write_config(ca.cert_pem, api_peer_port(peer), "token: tick");
    ck_assert_int_eq(discover()->state, EW_KNOWN);
    ew_cluster_free(cluster);
    cluster = NULL;
    api_peer_stop(peer);
    pki_release(&leaf);
    pki_release(&other);
    pki_release(&ca);
}
END_TEST

START_TEST(an_intermediate_is_anchor_enough)
{
    struct pki root = pki_ca("root");
    struct pki mid = pki_of(
        &(struct mint_spec){.cn = "mid", .ca = true, .issuer = root.x509, .issuer_key = root.key});
    struct pki leaf = pki_leaf(&mid, "api", "IP:127.0.0.1", false);
    struct api_peer *peer = api_peer_start(&leaf, by_table, (void *)(uintptr_t)good);
    write_config(mid.cert_pem, api_peer_port(peer), "token: tick");
    ck_assert_int_eq(discover()->state, EW_KNOWN);
    ew_cluster_free(cluster);
    cluster = NULL;
    api_peer_stop(peer);
    pki_release(&leaf);
    pki_release(&mid);
    pki_release(&root);
}
END_TEST

/* A server that is only reached through it: the proxy gets its whole URL. */
static struct api_reply as_proxy(void *ctx, const char *uri, int nth)
{
    (void)ctx;
    (void)nth;
    if (ew_text_prefix(uri, "http://api.invalid:8001/"))
        return by_table((void *)(uintptr_t)good, uri + strlen("http://api.invalid:8001"), 1);
    return (struct api_reply){.status = 502, .type = "text/plain", .body = "not through here"};
}

START_TEST(a_proxy_is_gone_through)
{
    char path[256];
    struct api_peer *peer = api_peer_start(NULL, as_proxy, NULL);
    char *text = ew_fmt("clusters: [{name: c, cluster: {server: 'http://api.invalid:8001', "
                        "proxy-url: 'http://me:hush@127.0.0.1:%d'}}]\ncurrent-context: x\n"
                        "contexts: [{name: x, context: {cluster: c}}]\n",
                        api_peer_port(peer));
    place_write(&place, "config", text);
    config.kubeconfig = place_name(&place, "config", path);
    open_cluster();
    ck_assert_int_eq(number(list("pods", "shop", NULL), "count"), 2);
    char *heard = api_peer_heard(peer);
    ck_assert_ptr_nonnull(strstr(heard, "Proxy-Authorization: Basic bWU6aHVzaA=="));
    free(heard);
    free(text);
    api_peer_stop(peer);
}
END_TEST

START_TEST(credentials_go_to_https_only)
{
    struct api_peer *peer = api_peer_start(NULL, by_table, (void *)(uintptr_t)good);
    config.token = "tick";
    config.as = "jane";
    open_at(api_peer_port(peer));
    list("pods", "shop", NULL);
    char *heard = api_peer_heard(peer);
    ck_assert_ptr_null(strstr(heard, "Authorization"));
    ck_assert_ptr_nonnull(strstr(heard, "Impersonate-User: jane"));
    free(heard);
    api_peer_stop(peer);
}
END_TEST

static struct api_reply unauthorized(void *ctx, const char *uri, int nth)
{
    (void)ctx;
    (void)uri;
    (void)nth;
    return (struct api_reply)STATUS(401, "Unauthorized", "Unauthorized", "");
}

START_TEST(an_expired_token_is_named_on_401)
{
    struct pki ca = pki_ca("ca"), leaf = pki_leaf(&ca, "api", "IP:127.0.0.1", false);
    struct api_peer *peer = api_peer_start(&leaf, unauthorized, NULL);
    const char *claims = "{\"sub\":\"x\",\"exp\":1700000000}";
    char *part = ew_base64_encode((const unsigned char *)claims, strlen(claims));
    part[strcspn(part, "=")] = '\0';
    char *user = ew_fmt("token: eyJhbGciOiJub25lIn0.%s.c2ln", part);
    write_config(ca.cert_pem, api_peer_port(peer), user);
    assert_unknown(list("pods", NULL, NULL), "unauthorized",
                   "the bearer token expired at 2023-11-14T22:13:20");
    ew_cluster_free(cluster);
    cluster = NULL;
    api_peer_stop(peer);
    free(part);
    free(user);
    pki_release(&leaf);
    pki_release(&ca);
}
END_TEST

/* ctx: the folder; the good token is "new". */
static struct api_reply rotated(void *ctx, const char *uri, int nth)
{
    (void)ctx;
    if (nth == 1) {
        place_write(&place, "token", "new\n");
        return (struct api_reply)STATUS(401, "Unauthorized", "Unauthorized", "");
    }
    return by_table((void *)(uintptr_t)good, uri, nth);
}

START_TEST(a_token_file_is_read_again_on_401)
{
    char path[256];
    struct pki ca = pki_ca("ca"), leaf = pki_leaf(&ca, "api", "IP:127.0.0.1", false);
    struct api_peer *peer = api_peer_start(&leaf, rotated, NULL);
    place_write(&place, "token", "old\n");
    char *user = ew_fmt("tokenFile: %s", place_name(&place, "token", path));
    write_config(ca.cert_pem, api_peer_port(peer), user);
    ck_assert_int_eq(list("pods", "shop", NULL)->state, EW_KNOWN);
    char *heard = api_peer_heard(peer);
    ck_assert_ptr_nonnull(strstr(heard, "Bearer old\n"));
    ck_assert_ptr_nonnull(strstr(heard, "Bearer new\n"));
    free(heard);
    free(user);
    ew_cluster_free(cluster);
    cluster = NULL;
    api_peer_stop(peer);
    pki_release(&leaf);
    pki_release(&ca);
}
END_TEST

/* ---- exec plugins ---- */

#define EXEC_API "client.authentication.k8s.io/v1"

static void write_plugin(const char *script)
{
    char path[256];
    char *text = ew_fmt("#!/bin/sh\n%s\n", script);
    place_write(&place, "login", text);
    chmod(place_name(&place, "login", path), 0755);
    free(text);
}

static void write_exec_config(const struct pki *ca, int port, const char *command)
{
    char *user = ew_fmt("exec: {apiVersion: " EXEC_API ", command: %s, args: [--cluster, x], "
                        "interactiveMode: IfAvailable, provideClusterInfo: true, installHint: "
                        "\"get it\\e[2J at example.com\", env: [{name: EXTRA, value: set}]}",
                        command);
    write_config(ca->cert_pem, port, user);
    free(user);
}

/* Needs the token "fresh". */
static struct api_reply needs_fresh(void *ctx, const char *uri, int nth)
{
    struct api_peer **peer = ctx;
    char *heard = api_peer_heard(*peer);
    const char *last = NULL;
    for (const char *at = heard; (at = strstr(at, "Authorization: ")); at++)
        last = at;
    bool good_token = last && ew_text_prefix(last, "Authorization: Bearer fresh\n");
    free(heard);
    return good_token ? by_table((void *)(uintptr_t)good, uri, nth)
                      : (struct api_reply)STATUS(401, "Unauthorized", "Unauthorized", "");
}

static struct pki ca, leaf;
static struct api_peer *plugin_peer;

static void plugin_setup(void)
{
    setup();
    ca = pki_ca("ca");
    leaf = pki_leaf(&ca, "api", "IP:127.0.0.1", false);
    plugin_peer = api_peer_start(&leaf, needs_fresh, &plugin_peer);
}

static void plugin_teardown(void)
{
    ew_cluster_free(cluster);
    cluster = NULL;
    api_peer_stop(plugin_peer);
    pki_release(&leaf);
    pki_release(&ca);
    teardown();
}

START_TEST(a_plugin_gives_the_token)
{
    char path[256];
    char info[4096] = "";
    write_plugin("printf '%s' \"$KUBERNETES_EXEC_INFO $1 $2 $EXTRA\" > \"${0%/*}/info\"\n"
                 "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" EXEC_API
                 "\",\"status\":{\"token\":\"fresh\"}}'");
    write_exec_config(&ca, api_peer_port(plugin_peer), "./login");
    ew_want_list(wants, "pods", "shop", NULL, false, "");
    ck_assert_int_eq(get("services", "shop", "s")->state, EW_KNOWN);
    FILE *file = fopen(place_name(&place, "info", path), "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(info, sizeof(info), file));
    fclose(file);
    ck_assert_ptr_nonnull(strstr(info, "\"interactive\":false"));
    ck_assert_ptr_nonnull(strstr(info, "\"server\":\"https://127.0.0.1:"));
    ck_assert_ptr_nonnull(strstr(info, "\"certificate-authority-data\":\""));
    ck_assert_ptr_nonnull(strstr(info, " --cluster x set"));
}
END_TEST

START_TEST(a_plugin_runs_again_on_401)
{
    write_plugin("n=0; [ -f \"${0%/*}/n\" ] && n=1; : > \"${0%/*}/n\"\n"
                 "t=stale; [ $n = 1 ] && t=fresh\n"
                 "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" EXEC_API
                 "\",\"status\":{\"token\":\"'$t'\"}}'");
    write_exec_config(&ca, api_peer_port(plugin_peer), "./login");
    ck_assert_int_eq(list("pods", "shop", NULL)->state, EW_KNOWN);
    ck_assert_int_eq(api_peer_count(plugin_peer), 2);
}
END_TEST

static const struct {
    const char *script, *command, *says;
} plugins[] = {
    {"echo 'token expired, run: login' >&2; echo >&2; exit 3", "./login",
     "failed with status 3: token expired, run: login"},
    {"echo hello", "./login", "it wrote no ExecCredential"},
    {"echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\"}'",
     "./login", "it answered in another apiVersion"},
    {"echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" EXEC_API "\",\"status\":{}}'",
     "./login", "it gave neither token nor certificate"},
    {"echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"" EXEC_API
     "\",\"status\":{\"token\":\"x\",\"clientKeyData\":\"y\"}}'",
     "./login", "a key without certificate"},
    {"kill -9 $$", "./login", "failed with status 137"},
    {"", "no-such-login-command", "is not installed: get it\\x1b[2J at example.com"},
};

START_TEST(a_plugin_that_gives_nothing_is_told_in_words)
{
    write_plugin(plugins[_i].script);
    write_exec_config(&ca, api_peer_port(plugin_peer), plugins[_i].command);
    const struct ew_fact *server = discover();
    assert_unknown(server, "unauthorized", plugins[_i].says);
    assert_unknown(list("pods", NULL, NULL), "unauthorized", plugins[_i].says);
    ck_assert_int_eq(api_peer_count(plugin_peer), 0);
}
END_TEST

START_TEST(a_plugin_that_hangs_is_killed_with_its_cluster)
{
    char path[256];
    write_plugin("echo $$ > \"${0%/*}/pid\"; sleep 60");
    write_exec_config(&ca, api_peer_port(plugin_peer), "./login");
    ew_cluster_discover(cluster, &sink);
    ew_timer_start(loop, 300, false, EW_PRIO_KEYS, (ew_timer_fn *)ew_loop_stop, loop);
    ew_loop_run(loop);
    double before = ew_monotonic_ms();
    ew_cluster_free(cluster);
    cluster = NULL;
    ck_assert_double_lt(ew_monotonic_ms() - before, 1000);
    int pid = 0;
    FILE *file = fopen(place_name(&place, "pid", path), "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%d", &pid), 1);
    fclose(file);
    ck_assert_int_eq(kill(pid, 0), -1);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("cluster https");
    TCase *all = tcase_create("https");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_set_timeout(all, 30);
    tcase_add_test(all, https_carries_token_and_impersonation);
    tcase_add_test(all, a_server_of_another_ca_is_not_trusted);
    tcase_add_test(all, an_intermediate_is_anchor_enough);
    tcase_add_test(all, a_proxy_is_gone_through);
    tcase_add_test(all, credentials_go_to_https_only);
    tcase_add_test(all, an_expired_token_is_named_on_401);
    tcase_add_test(all, a_token_file_is_read_again_on_401);
    suite_add_tcase(suite, all);
    TCase *exec = tcase_create("plugins");
    tcase_add_checked_fixture(exec, plugin_setup, plugin_teardown);
    tcase_set_timeout(exec, 30);
    tcase_add_test(exec, a_plugin_gives_the_token);
    tcase_add_test(exec, a_plugin_runs_again_on_401);
    tcase_add_loop_test(exec, a_plugin_that_gives_nothing_is_told_in_words, 0, EW_COUNT(plugins));
    tcase_add_test(exec, a_plugin_that_hangs_is_killed_with_its_cluster);
    suite_add_tcase(suite, exec);
    return suite;
}
