/* The options: one table, read by the parser, the usage, the man page and the completions. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum ew_opt {
    OPT_KUBECONFIG,
    OPT_CONTEXT,
    OPT_CLUSTER,
    OPT_USER,
    OPT_NAMESPACE,
    OPT_ALL_NAMESPACES,
    OPT_AS,
    OPT_AS_GROUP,
    OPT_AS_UID,
    OPT_TOKEN,
    OPT_SERVER,
    OPT_TLS_SERVER_NAME,
    OPT_CERTIFICATE_AUTHORITY,
    OPT_INSECURE_SKIP_TLS_VERIFY,
    OPT_REQUEST_TIMEOUT,
    OPT_FILENAME,
    OPT_OVERLAY,
    OPT_OUTPUT,
    OPT_REQUEST,
    OPT_HEADER,
    OPT_INSECURE,
    OPT_CACERT,
    OPT_RESOLVE,
    OPT_IPV4,
    OPT_IPV6,
    OPT_CERT,
    OPT_CONNECT_TIMEOUT,
    OPT_MAX_TIME,
    OPT_RESOLVER,
    OPT_GATEWAY,
    OPT_INGRESS_CLASS,
    OPT_FEATURE,
    OPT_WAIT,
    OPT_NO_PROBE,
    OPT_NO_API,
    OPT_EXPECT,
    OPT_FAIL_ON,
    OPT_RECORD,
    OPT_RUNBOOK_URL,
    OPT_QUIET,
    OPT_VERBOSE,
    OPT_NO_COLOR,
    OPT_DIR,
    OPT_ALL,
    OPT_VERSION,
    OPT_HELP,
    OPT_COUNT,
};

enum ew_opt_group {
    GROUP_API,
    GROUP_REQUEST,
    GROUP_WALK,
    GROUP_OUTPUT,
    GROUP_GENERAL,
    GROUP_COUNT
};

enum { /* the verbs that take an option */
       ON_WALK = 1,
       ON_ROUTE = 2,
       ON_CHECK = 4,
       ON_LAB = 8,
       ON_EXPLAIN = 16,
       ON_CONFIG = 32,
       ON_COMPLETION = 64,
       ON_REPLAY = 128,
       ON_ALL = 255,
};

struct ew_option {
    enum ew_opt id;
    char letter;      /* 0: none */
    const char *name; /* without "--" */
    const char *arg;  /* NULL: a flag; "[=ARG]": may be left out, and follows "=" */
    const char *help;
    enum ew_opt_group group;
    unsigned verbs;
};
/* In order of enum ew_opt. */
const struct ew_option *ew_option_at(enum ew_opt id);
bool ew_option_arg_optional(const struct ew_option *option);
const char *ew_option_group_title(enum ew_opt_group group);

#endif
