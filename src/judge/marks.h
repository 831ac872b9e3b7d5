/* Marks: what a judge saw beside a finding, in one closed list. An edge between two causes holds
 * only with the marks it needs, and not with those that forbid it (edges.h). */
#ifndef JUDGE_MARKS_H
#define JUDGE_MARKS_H

#include <stddef.h>
#include <stdint.h>

enum ew_mark {
    /* of an answer */
    EW_MARK_EDGE_MADE,          /* shown to be the edge's own */
    EW_MARK_APP_MADE,           /* shown to be the application's own */
    EW_MARK_NOT_A_ROUTE_MISS,   /* not what this edge says for a request without a route */
    EW_MARK_NOT_A_BACKEND_MISS, /* not what this edge says for a rule without usable backend */
    EW_MARK_ROUTER_DROPPED,     /* 404 of an edge that drops routers with broken parts */
    EW_MARK_BY_DEAD_ADDRESS,    /* the error comes only by way of an address that fails */
    EW_MARK_PLAINTEXT_ANSWER,   /* it says that plain HTTP met a TLS port */
    /* of a route, or of what refuses it */
    EW_MARK_ONLY_ROUTE_FOR_HOST, /* no other attached route carries the host */
    EW_MARK_OTHER_ROUTE_FITS,    /* another route takes this very request */
    EW_MARK_RULE_FOR_PATH_HERE,  /* the only rule for this path stands in it */
    EW_MARK_RIVAL_WOULD_SERVE, /* the winner gives an error, and the rule that loses would serve */
    EW_MARK_RIVAL_CERTIFICATE, /* the winner's certificate is served, and the loser has another */
    EW_MARK_NOTHING_CLAIMS_HOST, /* no listener and no TLS block names the host */
    EW_MARK_NEWER_GENERATION_HAS_RULE,
    EW_MARK_LISTENER_APEX,         /* the host stands under a listener's wildcard */
    EW_MARK_ANSWER_OF_BACKEND,     /* nothing shows the edge in it, and its backend is usable */
    EW_MARK_ONLY_LISTENER_OF_HOST, /* the host's route hangs on this listener alone */
    EW_MARK_NEAR_RULE_ANSWERS,     /* the rule that all but took the request answers well */
    EW_MARK_CANARY_REFUSED,        /* the canary's rule stands in a route that is not attached */
    EW_MARK_CANARY_OWN_FAULT,      /* what keeps a canary from requests is no rule before it */
    /* of a record */
    EW_MARK_NO_EXTERNAL_DNS,   /* looked for, and it is not at work here */
    EW_MARK_TARGET_ANNOTATION, /* external-dns takes the target from an annotation */
    EW_MARK_IPV4_SERVES,
    EW_MARK_FORMER_ADDRESS, /* an address that the Service had before */
    /* of an address */
    EW_MARK_PUBLISHED_PASSES,      /* what fails here passes at the published address */
    EW_MARK_PUBLISHED_FAILS,       /* it fails there too */
    EW_MARK_PORT_ONLY_OF_LISTENER, /* the port belongs to the faulty listener alone */
    EW_MARK_PORT_IN_A_LISTENER,    /* some valid listener has the port */
    EW_MARK_PROXIES_NEVER_MADE,
    EW_MARK_UNKNOWN_PORTS_DROPPED,
    /* of a certificate */
    EW_MARK_FALLBACK_LEAF,     /* the leaf that this controller falls back to */
    EW_MARK_SECRET_OF_HOST,    /* the Secret is of the listener or TLS block that claims the host */
    EW_MARK_LISTENER_SAYS_SO,  /* the listener's own condition gives this as its reason */
    EW_MARK_SECRET_CURES,      /* the leaf in the Secret does not have this fault */
    EW_MARK_SECRET_SAME_FAULT, /* the leaf in the Secret has it too */
    EW_MARK_NO_LISTENER_FOR_SNI,
    EW_MARK_SNI_BY_ROUTE, /* the listener takes the server name, and no route hangs on it */
    EW_MARK_PORT_OTHER_PROTOCOL,
    /* of a Gateway or its class */
    EW_MARK_LISTENERS_NOT_VALID, /* its reason is ListenersNotValid */
    EW_MARK_REJECTED_WHOLE,      /* rejected for itself, not for its listeners */
    EW_MARK_WAITS_FOR_KINDS,     /* its controller waits for kinds that are not installed */
    EW_MARK_ANSWERS_NO_ROUTE,    /* the controller answers no route of it */
    EW_MARK_SAYS_NO_ADDRESS,     /* a message says that the address is what is waited for */
    EW_MARK_TWO_DEFAULTS_CHOSE,  /* the class came from one of two defaults */
    EW_MARK_SECTION_NEVER_ADDED,
    EW_MARK_LISTENER_LOST,  /* the ListenerSet's listener gives way to another */
    EW_MARK_PARENT_REFUSED, /* the ListenerSet's reason is that its Gateway is refused */
    /* of backends and pods */
    EW_MARK_SAID_BACKEND_NOT_FOUND, /* the controller says so of a Service that exists */
    EW_MARK_ONLY_PORTLESS_MISSING,  /* only pods without the named port are missing */
    EW_MARK_OTHER_PODS_READY,
    EW_MARK_PODS_WITHOUT_ADDRESS,
    EW_MARK_OLD_PODS_TERMINATING,
    EW_MARK_KNOWN_DEPENDENCY,
    EW_MARK_LIVENESS_KILLS,
    EW_MARK_PROBE_SEES_SAME, /* the readiness probe gets the same answer */
    EW_MARK_API_NAME_FAILS_ALIKE,
    EW_MARK_COUNT,
};

#define EW_MARK(name) (UINT64_C(1) << EW_MARK_##name)

/* How two subjects are related. Two findings are related when they share a tag
 * of a kind that the relation looks at. */
enum ew_tag_kind {
    EW_TAG_HOST,    /* a host name */
    EW_TAG_OBJECT,  /* "Kind ns/name", "Kind name" */
    EW_TAG_ADDRESS, /* an IP address */
    EW_TAG_EDGE,    /* a chain from load balancer to data plane: any name for it */
    EW_TAG_GATEWAY, /* "ns/name" of a Gateway, "Ingress ns/name" of an Ingress */
    EW_TAG_CLASS,   /* a GatewayClass or IngressClass */
    EW_TAG_CERT,    /* "ns/name" of the Secret */
    EW_TAG_BACKEND, /* "ns/name" of the Service */
    EW_TAG_NEEDS,   /* a Service or name that something depends on */
};

enum ew_relation {
    EW_REL_SAME_HOST,
    EW_REL_SAME_OBJECT,
    EW_REL_SAME_EDGE,
    EW_REL_ADDRESS_OF_GATEWAY,
    EW_REL_DATAPLANE_OF_GATEWAY,
    EW_REL_CONTROLLER_OF_CLASS,
    EW_REL_LISTENER_OF_GATEWAY,
    EW_REL_ROUTE_OF_GATEWAY,
    EW_REL_RECORD_OF_ROUTE,
    EW_REL_CERTIFICATE_OF_LISTENER,
    EW_REL_ISSUANCE_OF_CERTIFICATE,
    EW_REL_BACKEND_OF,
    EW_REL_OWNER,
    EW_REL_DEPENDENCY,
};

/* A mask of the kinds of tags that the relation looks at. */
unsigned ew_relation_tags(enum ew_relation relation);

enum ew_strength {
    EW_ALWAYS,
    EW_USUALLY,
    EW_POSSIBLE, /* holds only by a mark it needs; dropped first where links make a circle */
};

/* That root explains echo. needs and forbids are masks over the marks of either end. */
struct ew_edge {
    const char *root, *echo;
    enum ew_relation relation;
    enum ew_strength strength;
    uint64_t needs, forbids;
};
extern const struct ew_edge ew_edges[];
extern const size_t ew_edges_count;

#endif
