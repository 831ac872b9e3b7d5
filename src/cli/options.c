#include "options.h"

#define OBJECTS (ON_WALK | ON_ROUTE | ON_CHECK)

static const struct ew_option options[OPT_COUNT] = {
    /* how to reach the API, as kubectl has it */
    {OPT_KUBECONFIG, 0, "kubeconfig", "FILE",
     "kubeconfig file (default $KUBECONFIG, ~/.kube/config)", GROUP_API, OBJECTS},
    {OPT_CONTEXT, 0, "context", "NAME", "context of the kubeconfig to use", GROUP_API, OBJECTS},
    {OPT_CLUSTER, 0, "cluster", "NAME", "cluster entry in place of the context's", GROUP_API,
     OBJECTS},
    {OPT_USER, 0, "user", "NAME", "user entry in place of the context's", GROUP_API, OBJECTS},
    {OPT_NAMESPACE, 'n', "namespace", "NAME",
     "namespace to check, or to read when everywhere is not allowed", GROUP_API, OBJECTS},
    {OPT_ALL_NAMESPACES, 'A', "all-namespaces", NULL, "check the objects of all namespaces",
     GROUP_API, ON_CHECK},
    {OPT_AS, 0, "as", "USER", "impersonate this user", GROUP_API, OBJECTS},
    {OPT_AS_GROUP, 0, "as-group", "GROUP", "impersonate this group (repeatable)", GROUP_API,
     OBJECTS},
    {OPT_AS_UID, 0, "as-uid", "UID", "impersonate this uid", GROUP_API, OBJECTS},
    {OPT_TOKEN, 0, "token", "TOKEN", "bearer token for the API server", GROUP_API, OBJECTS},
    {OPT_SERVER, 's', "server", "URL", "API server in place of the kubeconfig's", GROUP_API,
     OBJECTS},
    {OPT_TLS_SERVER_NAME, 0, "tls-server-name", "NAME", "name in the API server's certificate",
     GROUP_API, OBJECTS},
    {OPT_CERTIFICATE_AUTHORITY, 0, "certificate-authority", "FILE", "CA bundle for the API server",
     GROUP_API, OBJECTS},
    {OPT_INSECURE_SKIP_TLS_VERIFY, 0, "insecure-skip-tls-verify", NULL,
     "do not verify the API server's certificate", GROUP_API, OBJECTS},
    {OPT_REQUEST_TIMEOUT, 0, "request-timeout", "TIME", "limit of one API request (default 10s)",
     GROUP_API, OBJECTS},
    {OPT_FILENAME, 'f', "filename", "FILE|DIR|-",
     "objects from manifests or dumps in place of the API (repeatable)", GROUP_API, OBJECTS},
    {OPT_OVERLAY, 0, "overlay", "FILE|DIR|-",
     "objects laid over those of the API or of -f: what the change would do (repeatable)",
     GROUP_API, ON_ROUTE | ON_CHECK},
    {OPT_OUTPUT, 'o', "output", "FORMAT", "text or json (walk on a terminal also: tui)",
     GROUP_OUTPUT, OBJECTS | ON_REPLAY},
    /* the request a client would make, as curl has it */
    {OPT_REQUEST, 'X', "request", "METHOD", "method of the request (default GET)", GROUP_REQUEST,
     ON_WALK | ON_ROUTE},
    {OPT_HEADER, 'H', "header", "NAME: VALUE", "header of the request (repeatable)", GROUP_REQUEST,
     ON_WALK | ON_ROUTE},
    {OPT_INSECURE, 'k', "insecure", NULL, "judge the certificate, but go on", GROUP_REQUEST,
     ON_WALK},
    {OPT_CACERT, 0, "cacert", "FILE", "CA bundle in place of the system's", GROUP_REQUEST, ON_WALK},
    {OPT_RESOLVE, 0, "resolve", "HOST:PORT:ADDR",
     "use this address instead of DNS (repeatable; ADDR[,ADDR...])", GROUP_REQUEST, ON_WALK},
    {OPT_IPV4, '4', "ipv4", NULL, "IPv4 only", GROUP_REQUEST, ON_WALK},
    {OPT_IPV6, '6', "ipv6", NULL, "IPv6 only", GROUP_REQUEST, ON_WALK},
    {OPT_CERT, 0, "cert", "FILE", "certificate chain that the client presents", GROUP_REQUEST,
     ON_ROUTE},
    {OPT_CONNECT_TIMEOUT, 0, "connect-timeout", "TIME", "limit of one connect (default 3s)",
     GROUP_REQUEST, ON_WALK},
    {OPT_MAX_TIME, 'm', "max-time", "TIME", "limit of one request; lifts the deadline of the walk",
     GROUP_REQUEST, ON_WALK},
    /* the walk itself */
    {OPT_RESOLVER, 0, "resolver", "ADDR[:PORT]",
     "ask this resolver (repeatable; \"system\" for the system's own)", GROUP_WALK, ON_WALK},
    {OPT_GATEWAY, 0, "gateway", "NS/NAME", "narrow to this Gateway", GROUP_WALK,
     ON_WALK | ON_ROUTE},
    {OPT_INGRESS_CLASS, 0, "ingress-class", "NAME", "narrow to this IngressClass", GROUP_WALK,
     ON_ROUTE},
    {OPT_FEATURE, 0, "feature", "NAME=yes|no",
     "what the controller supports, over GatewayClass status (repeatable)", GROUP_WALK,
     ON_ROUTE | ON_CHECK},
    {OPT_WAIT, 0, "wait", "[=TIME]",
     "read again until every condition is good and agrees, or the time is over (default 5m)",
     GROUP_WALK, ON_CHECK},
    {OPT_NO_PROBE, 0, "no-probe", NULL, "inside view only: send nothing to the host", GROUP_WALK,
     ON_WALK},
    {OPT_NO_API, 0, "no-api", NULL, "outside view only: do not ask a cluster", GROUP_WALK, ON_WALK},
    {OPT_EXPECT, 0, "expect", "CODES", "good HTTP answers (default 200-399), e.g. 200,401,404",
     GROUP_WALK, ON_WALK},
    {OPT_FAIL_ON, 0, "fail-on", "warn|fail", "what makes the exit status non-zero (default fail)",
     GROUP_OUTPUT, ON_WALK | ON_REPLAY},
    {OPT_RECORD, 0, "record", "FILE", "add the snapshot of the walk to FILE (see edgewalk replay)",
     GROUP_OUTPUT, ON_WALK},
    {OPT_RUNBOOK_URL, 0, "runbook-url", "BASE", "where runbook links lead (BASE#CAUSE)",
     GROUP_OUTPUT, ON_WALK | ON_REPLAY},
    {OPT_QUIET, 'q', "quiet", NULL, "the verdict only", GROUP_OUTPUT, OBJECTS | ON_REPLAY},
    {OPT_VERBOSE, 'v', "verbose", NULL, "every fact", GROUP_OUTPUT, OBJECTS | ON_REPLAY},
    {OPT_NO_COLOR, 0, "no-color", NULL, "no colours (as NO_COLOR)", GROUP_OUTPUT,
     OBJECTS | ON_LAB | ON_EXPLAIN | ON_REPLAY},
    {OPT_DIR, 0, "dir", "FOLDER", "scenarios of this folder in place of the built-in ones",
     GROUP_GENERAL, ON_LAB},
    {OPT_ALL, 0, "all", NULL, "run every scenario and compare", GROUP_GENERAL, ON_LAB},
    {OPT_VERSION, 0, "version", NULL, "print the version", GROUP_GENERAL, ON_ALL},
    {OPT_HELP, 'h', "help", NULL, "print this help", GROUP_GENERAL, ON_ALL},
};

static const char *const titles[GROUP_COUNT] = {
    [GROUP_API] = "Objects (as kubectl has them)",
    [GROUP_REQUEST] = "Request (as curl has them)",
    [GROUP_WALK] = "Walk",
    [GROUP_OUTPUT] = "Output",
    [GROUP_GENERAL] = "General",
};

const struct ew_option *ew_option_at(enum ew_opt id)
{
    return &options[id];
}

bool ew_option_arg_optional(const struct ew_option *option)
{
    return option->arg && option->arg[0] == '[';
}

const char *ew_option_group_title(enum ew_opt_group group)
{
    return titles[group];
}
