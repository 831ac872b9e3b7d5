/* One evaluation of a world, compiled: Gateways, their listeners (ListenerSets' too), routes, their
 * attachments, and for each listener an index of the matches that it serves. Everything lives in
 * the arena of the routing. */
#ifndef ROUTE_ROUTING_H
#define ROUTE_ROUTING_H

#include "edgewalk/base/text.h"
#include "edgewalk/route.h"

#define GATEWAY_GROUP "gateway.networking.k8s.io"

enum ew_proto_kind { LP_HTTP, LP_HTTPS, LP_TLS, LP_TCP, LP_UDP, LP_OTHER };

#define KIND_BIT(kind) (1u << (kind))
#define ROUTE_KINDS                                                                                \
    (KIND_BIT(EW_HTTPROUTE) | KIND_BIT(EW_GRPCROUTE) | KIND_BIT(EW_TLSROUTE) |                     \
     KIND_BIT(EW_TCPROUTE) | KIND_BIT(EW_UDPROUTE))

/* A judgement with the reason of the condition it makes (NULL when it passes) and one sentence. */
struct verdict {
    enum ew_yes ok;
    const char *reason, *why;
    const char *or_reasons[4]; /* reasons as good by the specification; NULL-terminated */
    bool own;                  /* an implementation may say otherwise: its support is its own */
};

struct gateway;
struct listener_set;
struct host_index;

struct listener {
    struct gateway *gateway;    /* NULL: of a ListenerSet whose Gateway is not known */
    struct listener_set *set;   /* NULL: the Gateway's own */
    const struct ew_obj *owner; /* Gateway or ListenerSet */
    const struct ew_json *json;
    const char *name;     /* "" when there is none */
    const char *hostname; /* lower case; "" takes all */
    int port;             /* 0: none or malformed */
    size_t index;         /* in its owner's spec.listeners */
    enum ew_proto_kind protocol;
    const char *protocol_name;
    bool passthrough;
    unsigned kinds;       /* KIND_BITs of the routes that may attach */
    bool kinds_named;     /* allowedRoutes.kinds says so */
    const char *bad_kind; /* a kind named there that cannot be; NULL */
    const char *conflict; /* "HostnameConflict" or "ProtocolConflict"; NULL: distinct */
    const char *conflict_why;
    const struct listener *rival; /* that it cannot be told apart from */
    bool own_protocol;            /* none of Gateway API: its implementation may define it */
    bool shares; /* its port with plain HTTP, or TLS: distinct, and not every implementation can */
    struct verdict accepted; /* but for conflicts and client validation */
    bool refs_seen;
    struct verdict refs; /* certificates and client validation; valid when refs_seen */
    int certs_good;      /* certificateRefs that can be served */
    bool no_ca;          /* every CA of its client validation is invalid */
    bool own_refs;       /* what is wrong with its references may be right to its implementation */
    int attached_routes, unsure_routes; /* unsure: attached or not is not known */
    struct ew_map *ns_cache;            /* namespace → struct verdict * */
    struct ew_map *rivals[2];           /* host names taken by HTTPRoutes, by GRPCRoutes */
    struct host_index *hosts;
};

struct listener_set {
    const struct ew_obj *obj;
    struct gateway *gateway; /* NULL: not known */
    struct ew_seen gateway_seen;
    struct verdict allowed; /* attached to its Gateway by allowedListeners */
    struct listener *listeners;
    size_t count;
};

struct gateway {
    const struct ew_obj *obj;
    const struct ew_obj *class_; /* NULL: not known */
    struct ew_seen class_seen;
    struct verdict classed; /* a class of a controller stands behind it */
    struct listener *own;
    size_t own_count;
    struct ew_ptrs sets;            /* struct listener_set *, in precedence, allowed or not */
    struct ew_ptrs listeners;       /* struct listener *: its own, then those of allowed sets */
    const struct ew_json *features; /* GatewayClass.status.supportedFeatures; NULL: all standard */
};

/* ---- routes ---- */
enum match_type { MATCH_EXACT, MATCH_PREFIX, MATCH_REGEX, MATCH_SUFFIX /* gRPC method alone */ };

struct regex;
struct field_match { /* a header or query parameter */
    const char *name, *value;
    struct regex *regex; /* NULL: exact */
    bool broken;         /* a regular expression that is none: what it takes is not known */
};

struct rule;
struct match {
    struct rule *rule;
    int index; /* -1: the rule names none and takes all */
    enum match_type type;
    const char *path;       /* as written; of gRPC "/SERVICE/METHOD" as far as it is named */
    const char *key;        /* what the index knows it by */
    size_t key_len, weight; /* characters that count for precedence */
    struct regex *regex, *regex_method; /* regex_method: gRPC only */
    const char *method;
    struct field_match *headers, *query;
    size_t header_count, query_count;
    bool grpc;
};

struct route;
struct rule {
    struct route *route;
    int index;
    const struct ew_json *json;
    struct match *matches;
    size_t match_count;
    const char *invalid; /* condition reason when the rule cannot be implemented; NULL */
    const char *invalid_why;
};

struct route {
    const struct ew_obj *obj;
    int64_t created;        /* INT64_MAX: not created yet */
    const char **hostnames; /* lower case */
    size_t hostname_count;
    struct rule *rules;
    size_t rule_count;
    struct ew_attachment *attachments;
    struct gate_set *gates; /* of each attachment */
    size_t attachment_count;
    const char *invalid, *invalid_why; /* no rule can be implemented: Accepted=False */
    size_t place;                      /* in routing->routes */
    int seq; /* place in the order of precedence: age, then namespace/name */
};

/* What an attachment's gates found, without their sentences. */
struct gate_fact {
    struct listener *listener;
    enum ew_yes passes;
    enum ew_gate failed;
    const struct route *rival; /* took the hostnames first (HTTPRoute against GRPCRoute) */
    bool served;               /* counted and indexed at this listener */
};
struct gate_set {
    struct gate_fact *at;
    size_t count;
    struct gateway *gateway;
    struct listener_set *set;
    bool explained;
};

struct ew_routing {
    struct ew_arena *arena;
    const struct ew_world *world;
    struct ew_wants *wants;
    const struct ew_snapshot *snapshot;
    bool files;
    const char *only_gateway, *only_class;
    const struct ew_json *features;
    bool no_candidates;

    struct gateway **gateways;
    size_t gateway_count;
    struct ew_map *gateway_by_name; /* "NS/NAME" → struct gateway * */
    struct listener_set **sets;
    size_t set_count;
    struct ew_map *set_by_name;
    struct route **routes; /* in order of kind, namespace, name */
    size_t route_count;
    struct ew_map *claims; /* hostname pattern ("" for none) → struct ew_ptrs * of struct route * */
    struct ew_map *grants; /* namespace → struct ew_ptrs * of ReferenceGrants */
    struct ew_map *policies; /* "NS/SERVICE" → struct ew_ptrs * of struct policy * */
    struct ew_map *slices;   /* "NS/SERVICE" → struct ew_ptrs * of EndpointSlices */
    struct ew_map *regexes;  /* pattern → struct regex * */
    struct ew_ptrs lists;    /* every struct ew_ptrs made here */
    struct ew_ptrs maps;     /* every struct ew_map made here */
    struct ingress_table *ingresses;
    size_t ingress_rules;     /* paths of all Ingresses, default backends counted */
    struct ew_ptrs decisions; /* struct decision * */
};

/* ---- memory of the routing ---- */
struct ew_map *routing_map(struct ew_routing *routing);
struct ew_ptrs *routing_list(struct ew_routing *routing, struct ew_map *map, const char *key);
struct ew_ask routing_ask(const struct ew_routing *routing, bool optional, const char *causes);
/* Objects of a kind that the list left out because they claim other hosts. */
size_t routing_left_out(const struct ew_routing *routing, enum ew_kind kind);
/* "NS/NAME" in a buffer of the caller's; cut when it is too long to be a name. */
struct key_text {
    char text[520];
};
const char *key_of(struct key_text *key, const char *ns, const char *name);

/* ---- features (features.c) ---- */
bool feature_on(const struct ew_routing *routing, const struct gateway *gateway, const char *name);
/* Whether a list of supportedFeatures names it. */
bool feature_claimed(const struct ew_json *features, const char *name);

/* ---- host names (hostname.c) ---- */
const char *host_lower(struct ew_arena *arena, const char *text); /* without trailing dot */
bool host_is_wildcard(const char *pattern);
/* Whether the pattern is the wildcard over the host itself, which it does not take. */
bool host_stands_under(const char *pattern, const char *host);
/* Whether some host is taken by both patterns ("" takes all). */
bool host_intersects(const char *a, const char *b);
/* More is more specific: exact before wildcards, then by characters; "" is 0. */
size_t host_specificity(const char *pattern);

/* ---- namespaces (namespace.c) ---- */
/* Whether the selector takes the labels of the namespace. */
struct verdict namespace_selected(struct ew_routing *routing, const struct ew_json *selector,
                                  const char *ns, const char *reason, const char *causes);

/* ---- references (grant.c, secret.c) ---- */
/* Whether a ReferenceGrant in to_ns lets `from` refer to the object. */
struct verdict grant_allows(struct ew_routing *routing, const struct ew_obj *from,
                            const char *to_group, const char *to_kind, const char *to_ns,
                            const char *to_name);
void listener_refs(struct ew_routing *routing, struct listener *listener);
/* Gateway.spec.tls.backend.clientCertificateRef; ok when there is none. */
struct verdict gateway_client_cert(struct ew_routing *routing, const struct gateway *gateway);
/* The frontend validation that applies to the listener; NULL: none. */
const struct ew_json *listener_validation(const struct listener *listener);
bool validation_insecure(const struct ew_json *validation);
/* One caCertificateRef of `from`; *text is the PEM bundle (may be NULL though ok). */
struct verdict ca_ref(struct ew_routing *routing, const struct ew_obj *from,
                      const struct ew_json *ref, bool local, const char **pem);

/* ---- compile (gateway.c, listener.c, conflict.c, route.c, match.c, attach.c) ---- */
void gateways_compile(struct ew_routing *routing);
void listeners_compile(struct ew_routing *routing, struct listener *at, const struct ew_json *list,
                       struct gateway *gateway, struct listener_set *set);
void conflicts_find(struct ew_routing *routing, struct gateway *gateway);
bool kind_supported(const struct ew_routing *routing, const struct gateway *gateway,
                    enum ew_kind kind);
enum ew_kind_fault listener_kind_fault(const struct ew_routing *routing,
                                       const struct listener *listener, enum ew_kind kind);
void routes_compile(struct ew_routing *routing);
void rules_compile(struct ew_routing *routing, struct route *route);
void attachments_compile(struct ew_routing *routing);
void attachment_explain(struct ew_routing *routing, struct route *route, size_t index);
bool listener_usable(const struct listener *listener); /* accepted, no conflict */
/* Whether its protocol can take the first bytes of the request. */
bool protocol_fits(const struct ew_request *request, const struct listener *listener);
/* The name that listeners are chosen by: the server name over TLS, else the host; "" for none. */
const char *listener_name_of(struct ew_arena *arena, const struct ew_request *request);
bool listener_serves(struct ew_routing *routing, struct listener *listener); /* and refs good */
/* What the status of its owner says of it; NULL: nothing. */
const struct ew_json *listener_reported(const struct listener *listener);
/* Why a listener is not valid, as a reason and a sentence; ok EW_YES when it is. */
struct verdict listener_valid(struct ew_routing *routing, struct listener *listener);

/* Older first, then namespace/name; an object that is not created yet comes last. */
int obj_age_order(const struct ew_obj *a, const struct ew_obj *b);

/* Routes that claim the host, in order of place; the list is the caller's to release. */
void routes_claiming(const struct ew_routing *routing, const char *host, struct ew_ptrs *out);

/* ---- text ---- */
const char *listener_title(struct ew_routing *routing, const struct listener *listener);
const char *obj_title(struct ew_arena *arena, const struct ew_obj *obj);

#endif
