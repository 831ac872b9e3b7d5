/* Of a Secret that was read over HTTPS no copy of a value is left in the memory of the process. */
#include "config.h"

#include "cluster_client.h"

#include <fcntl.h>
#include <sys/wait.h>

/* The server is another process, and makes up the values: what is looked for is known here only
 * masked, so that a search finds what the client kept and not what the test holds. */
enum { VALUE = 48, MASK = 0x5a };

struct masked {
    int port;
    char password[VALUE + 1], key_line[VALUE + 1]; /* base64 of one, a PEM line of the other */
};

struct served_secret {
    char *secret, *list;
};

static struct api_reply serve_secret(void *ctx, const char *uri, int nth)
{
    const struct served_secret *served = ctx;
    (void)nth;
    return (struct api_reply){.status = 200,
                              .body = strstr(uri, "/secrets/") ? served->secret : served->list};
}

static void mask(char *out, const char *text)
{
    for (size_t i = 0; i < VALUE; i++)
        out[i] = (char)(text[i] ^ MASK);
}

static _Noreturn void server_main(int out, const struct pki *leaf)
{
    unsigned char random[VALUE];
    struct masked told = {0};
    struct served_secret served;
    int fd = open("/dev/urandom", O_RDONLY);
    if (read(fd, random, sizeof(random)) != (ssize_t)sizeof(random))
        abort();
    struct pki own = pki_ca("secret");
    char *password = ew_base64_encode(random, sizeof(random));
    char *crt = ew_base64_encode((unsigned char *)own.cert_pem, strlen(own.cert_pem));
    char *key = ew_base64_encode((unsigned char *)own.key_pem, strlen(own.key_pem));
    char *object = ew_fmt("\"metadata\":{\"name\":\"s\",\"namespace\":\"n\"},\"type\":"
                          "\"kubernetes.io/tls\",\"data\":{\"password\":\"%s\",\"tls.crt\":\"%s\","
                          "\"tls.key\":\"%s\"}}",
                          password, crt, key);
    served.secret = ew_fmt("{\"kind\":\"Secret\",\"apiVersion\":\"v1\",%s", object);
    served.list =
        ew_fmt("{\"kind\":\"SecretList\",\"metadata\":{},\"items\":[{%s,{%s]}", object, object);
    mask(told.password, password);
    /* The first line of a P-256 key is the same for all of them. */
    mask(told.key_line, strchr(strchr(own.key_pem, '\n') + 1, '\n') + 1);
    told.port = api_peer_port(api_peer_start(leaf, serve_secret, &served));
    if (write(out, &told, sizeof(told)) != (ssize_t)sizeof(told))
        abort();
    for (;;)
        pause();
}

#ifdef __linux__
static size_t count_in(const char *bytes, size_t len, const char *masked)
{
    size_t found = 0;
    for (size_t i = 0; i + VALUE <= len; i++) {
        size_t k = 0;
        while (k < VALUE && (bytes[i + k] ^ MASK) == masked[k])
            k++;
        found += k == VALUE;
    }
    return found;
}

/* Everything of this process that can be written to. */
static size_t count_in_memory(const char *masked)
{
    char line[512];
    size_t found = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    int mem = open("/proc/self/mem", O_RDONLY);
    ck_assert(maps && mem >= 0);
    while (fgets(line, sizeof(line), maps)) {
        unsigned long from, to;
        char rights[5];
        if (sscanf(line, "%lx-%lx %4s", &from, &to, rights) != 3 || rights[1] != 'w' ||
            to - from > (256UL << 20))
            continue;
        char *copy = malloc(to - from);
        ssize_t got = pread(mem, copy, to - from, (off_t)from);
        if (got > 0)
            found += count_in(copy, (size_t)got, masked);
        ew_wipe(copy, to - from); /* or the next region has it too */
        free(copy);
    }
    fclose(maps);
    close(mem);
    return found;
}

START_TEST(no_value_of_a_secret_is_left_in_memory)
{
    int fds[2];
    struct masked told;
    char path[256];
    struct pki ca = pki_ca("ca"), leaf = pki_leaf(&ca, "api", "IP:127.0.0.1", false);
    ck_assert_int_eq(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0)
        server_main(fds[1], &leaf);
    ck_assert_int_eq(read(fds[0], &told, sizeof(told)), sizeof(told));
    place_write(&place, "ca.crt", ca.cert_pem);
    char *server = ew_fmt("https://127.0.0.1:%d", told.port);
    config.server = server;
    config.certificate_authority = place_name(&place, "ca.crt", path);
    open_cluster();
    ck_assert_int_eq(get("secrets", "n", "s")->state, EW_KNOWN);
    const struct ew_fact *all = list("secrets", "n", NULL);
    ck_assert_int_eq(number(all, "count"), 2);
    const struct ew_json *kept = ew_doc_root(ew_snapshot_object_at(snapshot, 0)->doc);
    ck_assert(ew_json_bool(ew_json_at(kept, "certificate.key_fits"), false));
    size_t passwords = count_in_memory(told.password), keys = count_in_memory(told.key_line);
    ck_assert_msg(passwords + keys == 0, "%zu of the password and %zu of the key are left",
                  passwords, keys);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    free(server);
    pki_release(&leaf);
    pki_release(&ca);
}
END_TEST
#endif

static Suite *suite(void)
{
    Suite *suite = suite_create("cluster secrets");
    TCase *all = tcase_create("memory");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_set_timeout(all, 60);
#ifdef __linux__
    tcase_add_test(all, no_value_of_a_secret_is_left_in_memory);
#endif
    suite_add_tcase(suite, all);
    return suite;
}
