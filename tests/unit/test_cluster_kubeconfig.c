#include "cluster/access.h"
#include "edgewalk/base/text.h"

#include "pki.h"
#include "place.h"
#include "unit.h"

static struct place place;
static struct ew_err err;
static struct access access_;
static bool found;
static struct ew_cluster_config options;

static void setup(void)
{
    char home[256];
    place_make(&place);
    memset(&err, 0, sizeof(err));
    memset(&access_, 0, sizeof(access_));
    memset(&options, 0, sizeof(options));
    unsetenv("KUBECONFIG");
    unsetenv("KUBERNETES_SERVICE_HOST");
    unsetenv("HTTPS_PROXY");
    unsetenv("https_proxy");
    unsetenv("NO_PROXY");
    unsetenv("no_proxy");
    setenv("HOME", place_name(&place, "nohome", home), 1);
}

static void teardown(void)
{
    access_release(&access_);
    place_remove(&place);
}

static int resolve(void)
{
    access_release(&access_);
    return access_resolve(&access_, &options, &found, &err);
}

static int resolve_text(const char *text)
{
    char path[256];
    place_write(&place, "config", text);
    options.kubeconfig = place_name(&place, "config", path);
    int code = resolve();
    options.kubeconfig = NULL;
    return code;
}

#define HEAD "apiVersion: v1\nkind: Config\n"
#define CONTEXT                                                                                    \
    "current-context: dev\ncontexts:\n- name: dev\n  context: {cluster: c, user: u, namespace: "   \
    "shop}\n"
#define CLUSTER "clusters:\n- name: c\n  cluster: {server: 'https://10.0.0.1:6443'}\n"
#define PLAIN HEAD CONTEXT CLUSTER

START_TEST(a_context_leads_to_server_user_and_namespace)
{
    ck_assert_int_eq(resolve_text(PLAIN "users:\n- name: u\n  user: {token: tick}\n"), EW_OK);
    ck_assert(found);
    ck_assert_str_eq(access_.context, "dev");
    ck_assert_str_eq(access_.namespace_, "shop");
    ck_assert_str_eq(access_.server, "https://10.0.0.1:6443");
    ck_assert_str_eq(access_.url.host, "10.0.0.1");
    ck_assert_int_eq(access_.url.port, 6443);
    ck_assert_str_eq(access_.token, "tick");
    ck_assert_str_eq(access_.user, "u");
    ck_assert_ptr_null(access_.trust);
}
END_TEST

START_TEST(options_win_over_the_file)
{
    const char *groups[] = {"g1", "g2", NULL};
    options = (struct ew_cluster_config){.namespace_ = "other",
                                         .server = "https://edge.example:8443/k8s/clusters/c-1/",
                                         .token = "mine",
                                         .tls_server_name = "kube",
                                         .as = "jane",
                                         .as_groups = groups,
                                         .insecure = true};
    ck_assert_int_eq(resolve_text(PLAIN "users:\n- name: u\n  user: {tokenFile: /nowhere-at-all, "
                                        "as: joe}\n"),
                     EW_EUSAGE);
    ck_assert_int_eq(resolve_text(PLAIN "users:\n- name: u\n  user: {token: t, as: joe}\n"), EW_OK);
    ck_assert_str_eq(access_.namespace_, "other");
    ck_assert_str_eq(access_.url.path, "/k8s/clusters/c-1");
    ck_assert_str_eq(access_.token, "mine");
    ck_assert_str_eq(access_.server_name, "kube");
    ck_assert_str_eq(access_.as, "jane");
    ck_assert_str_eq(access_.as_groups[1], "g2");
    ck_assert(access_.insecure);
}
END_TEST

START_TEST(the_first_file_to_name_an_entry_wins_whole)
{
    char a[256], b[256], list[1200];
    place_write(&place, "a",
                HEAD "clusters:\n- name: c\n  cluster: {server: 'https://first'}\n"
                     "users:\n- name: u\n  user: {}\n");
    place_write(&place, "b", PLAIN "users:\n- name: u\n  user: {token: never}\n");
    snprintf(list, sizeof(list), "%s/gone::%s:%s:%s", place.path, place_name(&place, "a", a),
             place_name(&place, "b", b), a);
    setenv("KUBECONFIG", list, 1);
    ck_assert_int_eq(resolve(), EW_OK);
    ck_assert_str_eq(access_.server, "https://first");
    ck_assert_ptr_null(access_.token);
    ck_assert_str_eq(access_.context, "dev");
}
END_TEST

START_TEST(nothing_configured_is_no_failure)
{
    ck_assert_int_eq(resolve(), EW_OK);
    ck_assert(!found);
    setenv("KUBECONFIG", "::", 1);
    ck_assert_int_eq(resolve(), EW_OK);
    ck_assert(!found);
    ck_assert_int_eq(resolve_text(HEAD "clusters: null\ncontexts: []\n"), EW_OK);
    ck_assert(!found);
    ck_assert_int_eq(resolve_text(""), EW_OK);
    ck_assert(!found);
}
END_TEST

START_TEST(the_usual_place_is_under_home)
{
    place_folder(&place, "nohome");
    place_folder(&place, "nohome/.kube");
    place_write(&place, "nohome/.kube/config", PLAIN "users:\n- name: u\n  user: {}\n");
    ck_assert_int_eq(resolve(), EW_OK);
    ck_assert(found);
    ck_assert_str_eq(access_.server, "https://10.0.0.1:6443");
}
END_TEST

START_TEST(a_server_alone_is_enough)
{
    options.server = "http://127.0.0.1:8001";
    ck_assert_int_eq(resolve(), EW_OK);
    ck_assert(found);
    ck_assert_str_eq(access_.namespace_, "default");
    ck_assert_str_eq(access_.url.scheme, "http");
}
END_TEST

START_TEST(json_is_read_too)
{
    ck_assert_int_eq(
        resolve_text(
            "{\"kind\":\"Config\",\"apiVersion\":\"v1\",\"current-context\":\"x\","
            "\"contexts\":[{\"name\":\"x\",\"context\":{\"cluster\":\"c\",\"user\":\"\"}}],"
            "\"clusters\":[{\"name\":\"c\",\"cluster\":{\"server\":\"https://[::1]:1\"}}]}"),
        EW_OK);
    ck_assert_str_eq(access_.url.host, "::1");
    ck_assert_ptr_null(access_.user);
}
END_TEST

/* Every failure names the file, the entry where there is one, and never a credential. */
static const struct {
    const char *text, *says;
} broken[] = {
    {"a: [", "config:2: not YAML"},
    {"- x\n", "config:1: not a kubeconfig: no mapping"},
    {"kind: Pod\n", "config:1: not a kubeconfig: kind is Pod, not Config"},
    {"apiVersion: v2\n", "config:1: apiVersion is v2"},
    {"clusters: {}\n", "config:1: clusters is not a list"},
    {"users:\n- user: {}\n", "config:2: a user without a name"},
    {"users:\n- name: a\n- name: a\n", "config:3: user \"a\" stands there twice"},
    {HEAD CLUSTER "contexts:\n- name: a\n- name: b\n",
     "no current-context is set; choose one with --context (a, b)"},
    {HEAD CLUSTER "current-context: gone\ncontexts:\n- name: a\n",
     "current-context \"gone\" does not exist; there are: a"},
    {HEAD "current-context: a\ncontexts:\n- name: a\n  context: {user: u}\n",
     "config:5: context \"a\": no cluster is named"},
    {HEAD CONTEXT, "context \"dev\": cluster \"c\" does not exist"},
    {PLAIN, "context \"dev\": user \"u\" does not exist"},
    {HEAD CONTEXT "clusters:\n- name: c\n", "cluster \"c\": has no cluster: mapping"},
    {HEAD CONTEXT "clusters:\n- name: c\n  cluster: {}\n", "cluster \"c\": no server is set"},
    {HEAD CONTEXT "clusters:\n- name: c\n  cluster: {server: 'ftp://x'}\n", "cluster \"c\": "},
    {HEAD CONTEXT "clusters:\n- name: c\n  cluster: {server: 'https://x?y'}\n", "has a query"},
    {HEAD CONTEXT "clusters:\n- name: c\n  cluster: {server: 5}\n", "server is not text"},
    {HEAD CONTEXT "clusters:\n- name: c\n  cluster: {server: 'https://x', "
                  "insecure-skip-tls-verify: maybe}\n",
     "insecure-skip-tls-verify is neither true nor false"},
    {HEAD CONTEXT "clusters:\n- name: c\n  cluster: {server: 'https://x', "
                  "certificate-authority: ca.crt}\n",
     "cluster \"c\": certificate-authority: "},
    {HEAD CONTEXT "clusters:\n- name: c\n  cluster: {server: 'https://x', "
                  "certificate-authority: ca.crt, certificate-authority-data: YQ==}\n",
     "certificate-authority and certificate-authority-data are both set"},
    {HEAD CONTEXT "clusters:\n- name: c\n  cluster: {server: 'https://x', "
                  "certificate-authority-data: '%%'}\n",
     "certificate-authority-data is not base64"},
    {HEAD CONTEXT "clusters:\n- name: c\n  cluster: {server: 'https://x', "
                  "certificate-authority-data: aHVudGVyMg==}\n",
     "it must be PEM"},
    {HEAD CONTEXT "clusters:\n- name: c\n  cluster: {server: 'https://x', "
                  "certificate-authority-data: aHVudGVyMg==, insecure-skip-tls-verify: true}\n",
     "insecure-skip-tls-verify and a certificate-authority are both set"},
    {HEAD CONTEXT "clusters:\n- name: c\n  cluster: {server: 'https://x', proxy-url: "
                  "'https://u:hunter2@p'}\n",
     "proxy-url is neither http:// nor socks5://"},
    {PLAIN "users:\n- name: u\n  user: [hunter2]\n", "user \"u\": user is not a mapping"},
    {PLAIN "users:\n- name: u\n  user: {token: 12345}\n",
     "config:12: user \"u\": token is not text"},
    {PLAIN "users:\n- name: u\n  user: {token: \"hunter2\\r\\nX: y\"}\n",
     "token holds a line break"},
    {PLAIN "users:\n- name: u\n  user: {tokenFile: gone}\n", "tokenFile: "},
    {PLAIN "users:\n- name: u\n  user: {token: hunter2, username: a}\n",
     "a token and a password are both set"},
    {PLAIN "users:\n- name: u\n  user: {client-key-data: aHVudGVyMg==}\n",
     "client-key is set without a client-certificate"},
    {PLAIN "users:\n- name: u\n  user: {client-certificate-data: aHVudGVyMg==}\n",
     "client-certificate is set without a client-key"},
    {PLAIN "users:\n- name: u\n  user: {client-certificate-data: aHVudGVyMg==, client-key-data: "
           "aHVudGVyMg==}\n",
     "client-certificate holds no certificate"},
    {PLAIN "users:\n- name: u\n  user: {as-groups: [a]}\n", "is set without as"},
    {PLAIN "users:\n- name: u\n  user: {as: x, as-groups: [[a]]}\n", "as-groups is not a list of"},
    {PLAIN "users:\n- name: u\n  user: {auth-provider: {name: gcp}}\n",
     "auth-provider \"gcp\" is not supported; use an exec credential plugin"},
    {PLAIN "users:\n- name: u\n  user: {exec: {apiVersion: client.authentication.k8s.io/v1}}\n",
     "exec has no command"},
    {PLAIN "users:\n- name: u\n  user: {exec: {command: x}}\n", "exec has no apiVersion"},
    {PLAIN "users:\n- name: u\n  user: {exec: {command: x, apiVersion: "
           "client.authentication.k8s.io/v1alpha1}}\n",
     "exec apiVersion client.authentication.k8s.io/v1alpha1 is not supported"},
    {PLAIN "users:\n- name: u\n  user: {exec: {command: x, apiVersion: "
           "client.authentication.k8s.io/v1}}\n",
     "exec has no interactiveMode"},
    {PLAIN "users:\n- name: u\n  user: {exec: {command: x, interactiveMode: Perhaps, apiVersion: "
           "client.authentication.k8s.io/v1}}\n",
     "exec interactiveMode Perhaps is not"},
    {PLAIN "users:\n- name: u\n  user: {exec: {command: x, env: [{value: hunter2}], apiVersion: "
           "client.authentication.k8s.io/v1beta1}}\n",
     "exec env has an entry without a name"},
};

START_TEST(failures_are_said_in_words)
{
    ck_assert_int_eq(resolve_text(broken[_i].text), EW_EUSAGE);
    ck_assert_msg(strstr(err.message, broken[_i].says), "said: %s", err.message);
    ck_assert_msg(strstr(err.message, place.path), "names no file: %s", err.message);
    ck_assert(!strstr(err.message, "hunter2") && !strstr(err.message, "aHVudGVyMg"));
    ck_assert_int_eq(err.code, EW_EUSAGE);
}
END_TEST

START_TEST(options_that_lead_nowhere_are_failures)
{
    char path[256];
    options.kubeconfig = place_name(&place, "gone", path);
    ck_assert_int_eq(resolve(), EW_EUSAGE);
    ck_assert_msg(strstr(err.message, "gone: No such file"), "said: %s", err.message);
    options = (struct ew_cluster_config){.context = "x"};
    ck_assert_int_eq(resolve(), EW_EUSAGE);
    ck_assert_msg(strstr(err.message, "--context needs a kubeconfig"), "said: %s", err.message);
    ck_assert_int_eq(resolve_text(PLAIN "users:\n- name: u\n"), EW_EUSAGE);
    ck_assert_msg(strstr(err.message, "--context \"x\" does not exist; there are: dev"), "said: %s",
                  err.message);
    options = (struct ew_cluster_config){.user = "x"};
    ck_assert_int_eq(resolve_text(PLAIN), EW_EUSAGE);
    ck_assert_msg(strstr(err.message, "--user \"x\" does not exist"), "said: %s", err.message);
    options = (struct ew_cluster_config){.as_uid = "7"};
    ck_assert_int_eq(resolve_text(PLAIN "users:\n- name: u\n"), EW_EUSAGE);
    ck_assert_str_eq(err.message, "--as-group and --as-uid need --as");
    options = (struct ew_cluster_config){.insecure = true, .certificate_authority = "/x"};
    ck_assert_int_eq(resolve_text(PLAIN "users:\n- name: u\n"), EW_EUSAGE);
    setenv("KUBECONFIG", "/nowhere/at/all", 1);
    options = (struct ew_cluster_config){0};
    ck_assert_int_eq(resolve(), EW_EUSAGE);
    ck_assert_msg(strstr(err.message, "KUBECONFIG names /nowhere/at/all"), "said: %s", err.message);
}
END_TEST

/* ---- files that the entries name ---- */

START_TEST(files_are_looked_for_beside_the_kubeconfig)
{
    struct pki ca = pki_ca("ca"), leaf = pki_leaf(&ca, "me", NULL, false);
    place_folder(&place, "pki");
    place_write(&place, "pki/ca.crt", ca.cert_pem);
    place_write(&place, "pki/me.crt", leaf.cert_pem);
    place_write(&place, "pki/me.key", leaf.key_pem);
    place_write(&place, "pki/token", "tock\n");
    ck_assert_int_eq(
        resolve_text(
            HEAD CONTEXT
            "clusters:\n- name: c\n  cluster: {server: 'https://x', "
            "certificate-authority: pki/ca.crt}\nusers:\n- name: u\n  user: "
            "{client-certificate: pki/me.crt, client-key: pki/me.key, tokenFile: pki/token}\n"),
        EW_OK);
    ck_assert_ptr_nonnull(access_.trust);
    ck_assert_str_eq(access_.ca_pem, ca.cert_pem);
    ck_assert_str_eq(access_.cert_pem, leaf.cert_pem);
    ck_assert_str_eq(access_.key_pem, leaf.key_pem);
    ck_assert_str_eq(access_.token, "tock");
    ck_assert(ew_text_suffix(access_.token_file, "/pki/token"));
    ck_assert(access_.cert_expires_ms > 0);
    pki_release(&leaf);
    pki_release(&ca);
}
END_TEST

START_TEST(a_key_of_another_certificate_is_a_failure)
{
    struct pki ca = pki_ca("ca"), one = pki_leaf(&ca, "one", NULL, false),
               two = pki_leaf(&ca, "two", NULL, false);
    char *cert = ew_base64_encode((unsigned char *)one.cert_pem, strlen(one.cert_pem));
    char *key = ew_base64_encode((unsigned char *)two.key_pem, strlen(two.key_pem));
    char *text = ew_fmt(PLAIN "users:\n- name: u\n  user: {client-certificate-data: %s, "
                              "client-key-data: %s}\n",
                        cert, key);
    ck_assert_int_eq(resolve_text(text), EW_EUSAGE);
    ck_assert_msg(strstr(err.message, "client-key does not belong to client-certificate"),
                  "said: %s", err.message);
    free(text);
    free(cert);
    free(key);
    pki_release(&one);
    pki_release(&two);
    pki_release(&ca);
}
END_TEST

START_TEST(a_plugin_is_kept_as_configured_unless_a_token_is_given)
{
    const char *text = PLAIN "users:\n- name: u\n  user:\n    exec:\n      apiVersion: "
                             "client.authentication.k8s.io/v1beta1\n      command: ./login\n"
                             "      args: [--now]\n      env: [{name: A, value: b}]\n"
                             "      installHint: get it\n      provideClusterInfo: true\n";
    ck_assert_int_eq(resolve_text(text), EW_OK);
    ck_assert_ptr_nonnull(access_.exec);
    ck_assert(ew_text_prefix(access_.exec->command, place.path));
    ck_assert_str_eq(access_.exec->args[0], "--now");
    ck_assert_str_eq(access_.exec->env[0], "A=b");
    ck_assert(access_.exec->cluster_info && !access_.exec->always);
    options.token = "given";
    ck_assert_int_eq(resolve_text(text), EW_OK);
    ck_assert_ptr_null(access_.exec);
}
END_TEST

/* ---- proxies ---- */

static const struct {
    const char *text, *scheme, *credentials, *host;
    int port;
    const char *url; /* with the host at 192.0.2.1 or 2001:db8::1 */
} proxies[] = {
    {"http://proxy:3128", "http", NULL, "proxy", 3128, "http://192.0.2.1:3128"},
    {"http://proxy/", "http", NULL, "proxy", 80, "http://192.0.2.1:80"},
    {"proxy:3128", "http", NULL, "proxy", 3128, "http://192.0.2.1:3128"},
    {"http://a:b%40c@proxy:1", "http", "a:b%40c", "proxy", 1, "http://a:b%40c@192.0.2.1:1"},
    {"socks5://[::1]:9", "socks5", NULL, "::1", 9, "socks5h://192.0.2.1:9"},
    {"socks5h://x", "socks5", NULL, "x", 1080, "socks5h://192.0.2.1:1080"},
    {"https://proxy", NULL, NULL, NULL, 0, "neither http:// nor socks5://"},
    {"http://", NULL, NULL, NULL, 0, "not a URL"},
    {"http://p:0", NULL, NULL, NULL, 0, "not a URL"},
    {"http://hunter2@p:x", NULL, NULL, NULL, 0, "not a URL"},
};

START_TEST(proxies_are_read)
{
    struct proxy proxy;
    int code = proxy_parse(proxies[_i].text, &proxy, &err);
    if (!proxies[_i].scheme) {
        ck_assert_int_eq(code, EW_EINPUT);
        ck_assert_msg(strstr(err.message, proxies[_i].url), "said: %s", err.message);
        ck_assert_ptr_null(strstr(err.message, "hunter2"));
        return;
    }
    ck_assert_int_eq(code, EW_OK);
    ck_assert_str_eq(proxy.scheme, proxies[_i].scheme);
    ck_assert_str_eq(proxy.host, proxies[_i].host);
    ck_assert_int_eq(proxy.port, proxies[_i].port);
    ck_assert(ew_streq(proxy.credentials, proxies[_i].credentials));
    char *url = proxy_url(&proxy, "192.0.2.1");
    ck_assert_str_eq(url, proxies[_i].url);
    free(url);
    proxy_release(&proxy);
}
END_TEST

static const struct {
    const char *no_proxy, *server;
    bool bypassed;
} bypasses[] = {
    {NULL, "https://10.0.0.1", false},
    {"", "https://localhost:6443", true},
    {"", "https://127.9.9.9", true},
    {"", "https://[::1]", true},
    {"*", "https://api.example.com", true},
    {"example.com", "https://api.example.com", true},
    {"example.com", "https://example.com", true},
    {".example.com", "https://example.com", false},
    {".example.com", "https://api.example.com", true},
    {"*.example.com", "https://api.example.com", true},
    {"example.com", "https://badexample.com", false},
    {"a, EXAMPLE.com:6443", "https://api.example.com:6443", true},
    {"example.com:6443", "https://api.example.com", false},
    {"10.0.0.0/8", "https://10.1.2.3:6443", true},
    {"10.0.0.0/12", "https://10.16.0.1", false},
    {"10.0.0.0/33", "https://10.0.0.1", false},
    {"10.1.2.3", "https://10.1.2.3", true},
    {"2001:db8::/32", "https://[2001:db8::5]", true},
    {"0.0.0.0/0", "https://api.example.com", false},
};

START_TEST(no_proxy_goes_past)
{
    struct ew_url server;
    ck_assert_int_eq(ew_url_parse(bypasses[_i].server, &server, &err), EW_OK);
    ck_assert_int_eq(proxy_is_bypassed(bypasses[_i].no_proxy, &server), bypasses[_i].bypassed);
    ew_url_release(&server);
}
END_TEST

START_TEST(the_environment_names_a_proxy)
{
    const char *users = "users:\n- name: u\n";
    char *text = ew_fmt(PLAIN "%s", users);
    setenv("HTTPS_PROXY", "http://env:1", 1);
    ck_assert_int_eq(resolve_text(text), EW_OK);
    ck_assert_str_eq(access_.via.host, "env");
    setenv("NO_PROXY", "10.0.0.0/24", 1);
    ck_assert_int_eq(resolve_text(text), EW_OK);
    ck_assert_ptr_null(access_.via.host);
    unsetenv("NO_PROXY");
    setenv("HTTPS_PROXY", "https://u:hunter2@env:1", 1);
    ck_assert_int_eq(resolve_text(text), EW_EUSAGE);
    ck_assert_msg(ew_text_prefix(err.message, "HTTPS_PROXY in the environment"), "said: %s",
                  err.message);
    ck_assert_ptr_null(strstr(err.message, "hunter2"));
    ck_assert_int_eq(resolve_text(HEAD CONTEXT
                                  "clusters:\n- name: c\n  cluster: {server: 'https://10.0.0.1', "
                                  "proxy-url: 'http://own:2'}\nusers:\n- name: u\n"),
                     EW_OK);
    ck_assert_str_eq(access_.via.host, "own");
    free(text);
}
END_TEST

START_TEST(a_pod_has_its_service_account)
{
    char folder[256];
    struct pki ca = pki_ca("ca");
    place_folder(&place, "sa");
    place_name(&place, "sa", folder);
    ck_assert(!access_is_in_cluster(folder));
    setenv("KUBERNETES_SERVICE_HOST", "fd00::1", 1);
    setenv("KUBERNETES_SERVICE_PORT", "443", 1);
    ck_assert(!access_is_in_cluster(folder));
    place_write(&place, "sa/token", "tick\n");
    place_write(&place, "sa/ca.crt", ca.cert_pem);
    place_write(&place, "sa/namespace", "shop\n");
    ck_assert(access_is_in_cluster(folder));
    ck_assert_int_eq(access_take_service_account(&access_, folder, &err), EW_OK);
    ck_assert_str_eq(access_.server, "https://[fd00::1]:443");
    ck_assert_str_eq(access_.url.host, "fd00::1");
    ck_assert_str_eq(access_.token, "tick");
    ck_assert_str_eq(access_.namespace_, "shop");
    ck_assert(access_.in_cluster);
    ck_assert_ptr_nonnull(access_.trust);
    access_release(&access_);
    place_write(&place, "sa/token", "\n");
    ck_assert_int_eq(access_take_service_account(&access_, folder, &err), EW_EUSAGE);
    pki_release(&ca);
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("kubeconfig");
    TCase *all = tcase_create("kubeconfig");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, a_context_leads_to_server_user_and_namespace);
    tcase_add_test(all, options_win_over_the_file);
    tcase_add_test(all, the_first_file_to_name_an_entry_wins_whole);
    tcase_add_test(all, nothing_configured_is_no_failure);
    tcase_add_test(all, the_usual_place_is_under_home);
    tcase_add_test(all, a_server_alone_is_enough);
    tcase_add_test(all, json_is_read_too);
    tcase_add_loop_test(all, failures_are_said_in_words, 0, EW_COUNT(broken));
    tcase_add_test(all, options_that_lead_nowhere_are_failures);
    tcase_add_test(all, files_are_looked_for_beside_the_kubeconfig);
    tcase_add_test(all, a_key_of_another_certificate_is_a_failure);
    tcase_add_test(all, a_plugin_is_kept_as_configured_unless_a_token_is_given);
    tcase_add_test(all, a_pod_has_its_service_account);
    tcase_add_loop_test(all, proxies_are_read, 0, EW_COUNT(proxies));
    tcase_add_loop_test(all, no_proxy_goes_past, 0, EW_COUNT(bypasses));
    tcase_add_test(all, the_environment_names_a_proxy);
    suite_add_tcase(suite, all);
    return suite;
}
