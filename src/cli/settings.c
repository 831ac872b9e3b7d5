#include "config.h"

#include "cli.h"

#include "edgewalk/base/text.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int ew_cli_duration(const struct ew_cli *cli, enum ew_opt id, int *out, struct ew_err *err)
{
    const char *text = ew_cli_value(cli, id);
    int64_t ms;
    if (!text || (!*text && ew_option_arg_optional(ew_option_at(id))))
        return EW_OK;
    if (!ew_text_duration(text, &ms) || ms <= 0 || ms > 24 * 3600 * (int64_t)1000)
        return ew_fail(err, EW_EUSAGE, "--%s %s: a time such as 5, 1.5s, 300ms or 2m",
                       ew_option_at(id)->name, text);
    *out = (int)ms;
    return EW_OK;
}

static bool parse_range(char *text, int range[2])
{
    long low, high;
    char *dash = strchr(text, '-');
    if (dash)
        *dash++ = '\0';
    if (!ew_text_number(text, 100, 599, &low) ||
        !ew_text_number(dash ? dash : text, low, 599, &high))
        return false;
    range[0] = (int)low;
    range[1] = (int)high;
    return true;
}

static int parse_expect(const struct ew_cli *cli, struct ew_cli_walk *out, struct ew_err *err)
{
    const char *text = ew_cli_value(cli, OPT_EXPECT);
    if (!text)
        return EW_OK;
    char *copy = ew_strdup(text), *rest = copy;
    bool good = *text != '\0';
    size_t count = 0;
    for (char *part; good && (part = strsep(&rest, ","));) {
        out->expect = ew_realloc(out->expect, count + 1, sizeof(*out->expect));
        good = parse_range(part, out->expect[count++]);
    }
    free(copy);
    if (!good)
        return ew_fail(err, EW_EUSAGE, "--expect %s: HTTP codes and ranges such as 200-399,401",
                       text);
    out->options.expect = (const int(*)[2])out->expect;
    out->options.expect_count = count;
    return EW_OK;
}

static int bad_pin(const char *text, struct ew_err *err)
{
    return ew_fail(err, EW_EUSAGE, "--resolve %s: HOST:PORT:ADDR[,ADDR...] as curl has it", text);
}

/* HOST:PORT:ADDR[,ADDR]; addresses may stand in brackets, as curl takes them. */
static int parse_pin(const char *text, struct ew_pin *pin, struct ew_err *err)
{
    long port;
    char *copy = ew_strdup(text);
    char *first = strchr(copy, ':'), *second = first ? strchr(first + 1, ':') : NULL;
    if (!second) {
        free(copy);
        return bad_pin(text, err);
    }
    *first++ = *second++ = '\0';
    bool good = *copy && ew_text_number(first, 1, 65535, &port);
    pin->host = ew_strdup(copy);
    ew_text_lower(pin->host);
    for (char *part, *rest = second; good && (part = strsep(&rest, ","));) {
        char canonical[46];
        size_t len = strlen(part);
        if (*part == '[' && len > 1 && part[len - 1] == ']') {
            part[len - 1] = '\0';
            part++;
        }
        good = ew_ip_canonical(part, canonical);
        if (good) {
            pin->addresses = ew_realloc(pin->addresses, pin->count + 1, sizeof(char *));
            pin->addresses[pin->count++] = ew_strdup(canonical);
        }
    }
    pin->port = good ? (int)port : 0;
    free(copy);
    return good ? EW_OK : bad_pin(text, err);
}

static int parse_pins(const struct ew_cli *cli, struct ew_cli_walk *out, struct ew_err *err)
{
    const char **values = cli->values[OPT_RESOLVE];
    for (size_t i = 0; values && values[i]; i++) {
        out->pins = ew_realloc(out->pins, i + 1, sizeof(*out->pins));
        memset(&out->pins[i], 0, sizeof(out->pins[i]));
        out->options.pin_count = i + 1;
        int code = parse_pin(values[i], &out->pins[i], err);
        if (code != EW_OK)
            return code;
    }
    out->options.pins = out->pins;
    return EW_OK;
}

/* RFC 9110 §5.6.2: the bytes of a token, which methods and header names are. */
static bool is_token(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] <= ' ' || text[i] >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", text[i]))
            return false;
    return len > 0;
}

static int check_request(const struct ew_cli *cli, struct ew_err *err)
{
    const char *method = ew_cli_value(cli, OPT_REQUEST);
    if (method && !is_token(method, strlen(method)))
        return ew_fail(err, EW_EUSAGE, "-X %s: not an HTTP method", method);
    const char **headers = cli->values[OPT_HEADER];
    for (size_t i = 0; headers && headers[i]; i++) {
        size_t len = strcspn(headers[i], ":");
        if (!headers[i][len] || !is_token(headers[i], len) || strpbrk(headers[i], "\r\n"))
            return ew_fail(err, EW_EUSAGE, "-H '%.*s...': a header is written \"NAME: VALUE\"",
                           (int)(len < 40 ? len : 40), headers[i]);
    }
    return EW_OK;
}

static int check_combination(const struct ew_cli *cli, struct ew_err *err)
{
    static const struct {
        enum ew_opt a, b;
        const char *why;
    } pairs[] = {
        {OPT_IPV4, OPT_IPV6, "leave both out to try both families"},
        {OPT_FILENAME, OPT_NO_API, "files stand in place of the API already"},
        {OPT_FILENAME, OPT_KUBECONFIG, "files stand in place of the API"},
        {OPT_FILENAME, OPT_CONTEXT, "files stand in place of the API"},
        {OPT_NO_API, OPT_KUBECONFIG, "--no-api asks no cluster"},
        {OPT_NO_API, OPT_CONTEXT, "--no-api asks no cluster"},
        {OPT_NO_API, OPT_NO_PROBE, "nothing would be left to look at"},
        {OPT_QUIET, OPT_VERBOSE, "say one of them"},
    };
    for (size_t i = 0; i < EW_COUNT(pairs); i++)
        if (ew_cli_has(cli, pairs[i].a) && ew_cli_has(cli, pairs[i].b))
            return ew_fail(err, EW_EUSAGE, "--%s and --%s do not go together: %s",
                           ew_option_at(pairs[i].a)->name, ew_option_at(pairs[i].b)->name,
                           pairs[i].why);
    const char *fail_on = ew_cli_value(cli, OPT_FAIL_ON);
    if (fail_on && strcmp(fail_on, "warn") != 0 && strcmp(fail_on, "fail") != 0)
        return ew_fail(err, EW_EUSAGE, "--fail-on %s: warn or fail", fail_on);
    const char *gateway = ew_cli_value(cli, OPT_GATEWAY);
    const char *slash = gateway ? strchr(gateway, '/') : NULL;
    if (gateway && (!slash || slash == gateway || !slash[1] || strchr(slash + 1, '/')))
        return ew_fail(err, EW_EUSAGE, "--gateway %s: NAMESPACE/NAME", gateway);
    return EW_OK;
}

int ew_cli_cluster_config(const struct ew_cli *cli, struct ew_cluster_config *out,
                          struct ew_err *err)
{
    *out = (struct ew_cluster_config){
        .kubeconfig = ew_cli_value(cli, OPT_KUBECONFIG),
        .context = ew_cli_value(cli, OPT_CONTEXT),
        .cluster = ew_cli_value(cli, OPT_CLUSTER),
        .user = ew_cli_value(cli, OPT_USER),
        .namespace_ = ew_cli_value(cli, OPT_NAMESPACE),
        .token = ew_cli_value(cli, OPT_TOKEN),
        .server = ew_cli_value(cli, OPT_SERVER),
        .tls_server_name = ew_cli_value(cli, OPT_TLS_SERVER_NAME),
        .certificate_authority = ew_cli_value(cli, OPT_CERTIFICATE_AUTHORITY),
        .insecure = ew_cli_has(cli, OPT_INSECURE_SKIP_TLS_VERIFY),
        .as = ew_cli_value(cli, OPT_AS),
        .as_uid = ew_cli_value(cli, OPT_AS_UID),
        .as_groups = cli->values[OPT_AS_GROUP],
    };
    return ew_cli_duration(cli, OPT_REQUEST_TIMEOUT, &out->timeout_ms, err);
}

int ew_cli_walk_options(const struct ew_cli *cli, struct ew_cli_walk *out, struct ew_err *err)
{
    memset(out, 0, sizeof(*out));
    struct ew_walk_options *options = &out->options;
    options->method = ew_cli_value(cli, OPT_REQUEST);
    options->headers = cli->values[OPT_HEADER];
    options->resolvers = cli->values[OPT_RESOLVER];
    options->insecure = ew_cli_has(cli, OPT_INSECURE);
    options->no_probe = ew_cli_has(cli, OPT_NO_PROBE);
    options->no_api = ew_cli_has(cli, OPT_NO_API);
    options->family = ew_cli_has(cli, OPT_IPV4) ? 4 : ew_cli_has(cli, OPT_IPV6) ? 6 : 0;
    options->ca_file = ew_cli_value(cli, OPT_CACERT);
    options->gateway = ew_cli_value(cli, OPT_GATEWAY);
    options->files = cli->values[OPT_FILENAME];
    int code = check_combination(cli, err);
    if (code == EW_OK)
        code = check_request(cli, err);
    if (code == EW_OK)
        code = parse_expect(cli, out, err);
    if (code == EW_OK)
        code = parse_pins(cli, out, err);
    if (code == EW_OK)
        code = ew_cli_duration(cli, OPT_CONNECT_TIMEOUT, &options->connect_timeout_ms, err);
    if (code == EW_OK)
        code = ew_cli_duration(cli, OPT_MAX_TIME, &options->max_time_ms, err);
    if (code == EW_OK)
        code = ew_cli_cluster_config(cli, &options->cluster, err);
    if (code == EW_OK && cli->config)
        ew_cli_config_apply(cli->config, options);
    return code;
}

void ew_cli_walk_release(struct ew_cli_walk *walk)
{
    for (size_t i = 0; i < walk->options.pin_count; i++) {
        for (size_t a = 0; a < walk->pins[i].count; a++)
            free(walk->pins[i].addresses[a]);
        free(walk->pins[i].addresses);
        free(walk->pins[i].host);
    }
    free(walk->pins);
    free(walk->expect);
}

static int terminal_width(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col < 40)
        return 80;
    return size.ws_col < 120 ? size.ws_col : 120;
}

void ew_cli_report_options(const struct ew_cli *cli, int fd, struct ew_report_options *out)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool tty = isatty(fd), dumb = !term || strcmp(term, "dumb") == 0;
    memset(out, 0, sizeof(*out));
    out->width = tty ? terminal_width(fd) : 80;
    out->colour = tty && !dumb && !(no_color && *no_color) && !ew_cli_has(cli, OPT_NO_COLOR);
    out->links = out->colour;
    out->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    out->quiet = ew_cli_has(cli, OPT_QUIET);
    out->verbose = ew_cli_has(cli, OPT_VERBOSE);
    out->runbook_base = ew_cli_value(cli, OPT_RUNBOOK_URL);
    out->runbooks = cli->config ? cli->config->runbooks : NULL;
    if (!out->runbook_base && cli->config)
        out->runbook_base = cli->config->runbook_url;
}

int ew_cli_output(const struct ew_cli *cli, const char **out, struct ew_err *err)
{
    static const char *const known[] = {"text", "json", "tui"};
    size_t count = cli->verb->bit & (ON_WALK | ON_REPLAY) ? 3 : 2;
    const char *value = ew_cli_value(cli, OPT_OUTPUT);
    *out = value;
    for (size_t i = 0; value && i < count; i++)
        if (strcmp(value, known[i]) == 0)
            return EW_OK;
    return value ? ew_fail(err, EW_EUSAGE, "-o %s: text%s", value,
                           count == 3 ? ", json or tui" : " or json")
                 : EW_OK;
}

int ew_cli_fail(const struct ew_err *err)
{
    struct ew_buf line;
    ew_buf_init(&line, 4096);
    ew_text_clean(&line, err->message, strlen(err->message), 0);
    fprintf(stderr, "edgewalk: %s\n", ew_buf_text(&line));
    ew_buf_release(&line);
    return err->code == EW_EUSAGE ? 2 : 1;
}
