/* Gateway API v1.6 (standard channel and ListenerSet) and Ingress semantics: which routes attach to
 * which listeners and why not, which rule serves a request and why the others do not, and the
 * status a conformant controller must set. Pure. Nothing else in the program decides these.
 *
 * An evaluation reads the world, and asks (wants) for what it lacks: Gateways of a route's
 * parentRefs, Namespaces for selectors, ReferenceGrants, Services and EndpointSlices of matched
 * rules, Secrets named by listeners. Where a fact is unknown the answer is EW_MAYBE, with the
 * reason, never a guess. */
#ifndef EDGEWALK_ROUTE_H
#define EDGEWALK_ROUTE_H

#include "edgewalk/object.h"

enum ew_yes { EW_NO, EW_YES, EW_MAYBE };

/* ---- the request ---- */
enum ew_protocol { EW_PROTO_HTTP, EW_PROTO_GRPC, EW_PROTO_TLS, EW_PROTO_TCP, EW_PROTO_UDP };

struct ew_request {
    enum ew_protocol protocol;
    bool tls;         /* the client speaks TLS: https, grpc, tls */
    const char *sni;  /* NULL: none */
    const char *host; /* Host header without port, lower case; "" when there is none */
    int port;
    const char *path, *query, *method; /* query without '?', "" when there is none */
    /* name, value, …, NULL; a value that is NULL was sent and is not known */
    const char *const *headers;
    const struct ew_json *client_cert; /* that the client presents: chain of CERT; NULL */
};

/* ---- one evaluation of a world ---- */
struct ew_routing_options {
    const char *gateway;            /* "NS/NAME": only this one; NULL */
    const char *ingress_class;      /* only this one; NULL */
    const struct ew_json *features; /* {name: bool}, over GatewayClass status; NULL */
    bool no_candidates;             /* decisions come without candidates, and cheaper */
};
struct ew_routing;
/* Compiles listeners, attachments and rules once; decisions are then cheap. The world and wants
 * must outlive it. wants may be NULL. */
struct ew_routing *ew_routing_new(const struct ew_world *world,
                                  const struct ew_routing_options *options, struct ew_wants *wants);
void ew_routing_free(struct ew_routing *routing);

/* ---- attachment: every gate for every listener ---- */
/* The gates in the order in which they are tried. */
enum ew_gate {
    EW_GATE_PARENT,    /* the Gateway or ListenerSet exists (and is of a class, and allowed) */
    EW_GATE_SECTION,   /* sectionName and port */
    EW_GATE_KIND,      /* protocol and allowedRoutes.kinds */
    EW_GATE_NAMESPACE, /* allowedRoutes.namespaces */
    EW_GATE_HOSTNAME,  /* intersection */
    EW_GATE_LISTENER,  /* the listener itself is not valid: conflict, unsupported, … */
    EW_GATE_NONE,      /* passed all */
};

/* Why a listener does not take a kind of route. */
enum ew_kind_fault {
    EW_KIND_FITS,
    EW_KIND_EXCLUDED,    /* it could, and its allowedRoutes.kinds names others */
    EW_KIND_PROTOCOL,    /* its protocol and TLS mode carry no such route */
    EW_KIND_UNSUPPORTED, /* the controller cannot: the kind, or the listener as it is written */
};

struct ew_gate_fault {
    enum ew_gate gate;
    enum ew_yes passes; /* EW_NO, or EW_MAYBE: a fact is unknown */
    const char *why;
};

struct ew_gate_result {
    const struct ew_obj *owner; /* Gateway or ListenerSet of the listener */
    const char *listener;
    enum ew_yes passes;
    enum ew_gate failed; /* the first that fails, EW_GATE_NONE when it passes */
    const char *reason;  /* condition reason: "NotAllowedByListeners", … NULL when it passes */
    const char *why;     /* one sentence with the names and labels that decide */
    enum ew_kind_fault kind_fault; /* of EW_GATE_KIND */
    const struct ew_obj *rival;    /* HTTPRoute or GRPCRoute that has the host names; NULL: none */
    const struct ew_gate_fault *faults; /* every gate that does not pass, in order; of a listener
                                           that the parentRef does not name, that alone */
    size_t fault_count;
};

/* One parentRef of one route. */
struct ew_attachment {
    const struct ew_obj *route;
    size_t parent_index;
    const char *parent_kind, *parent_ns, *parent_name, *section; /* section may be NULL */
    int parent_port;                                             /* 0: none named */
    const struct ew_obj *parent; /* NULL: not known; see parent_seen */
    struct ew_seen parent_seen;
    enum ew_yes attached;     /* to at least one listener: Accepted, be the listener valid or not */
    const char *reason, *why; /* of Accepted=False; NULL when attached */
    const struct ew_gate_result *gates; /* one for each listener of the parent */
    size_t gate_count;
};
/* All attachments of routes that claim host (exactly, by wildcard, or by claiming none), in order
 * of route then parentRef; host NULL: of all routes. The array is the routing's. */
const struct ew_attachment *const *ew_routing_attachments(struct ew_routing *routing,
                                                          const char *host, size_t *count);

/* ---- listeners: admission and conflicts ---- */
/* A listener whose port, protocol and hostname fit the request, be it served or not. */
struct ew_listener {
    const struct ew_obj *gateway; /* NULL: its ListenerSet's Gateway is not known */
    const struct ew_obj *owner;   /* that Gateway, or the ListenerSet */
    const char *name;
    const struct ew_json *json, *status; /* status: in the owner's; NULL when there is none */
    enum ew_yes admitted;                /* its ListenerSet, to its Gateway */
    const char *refusal, *refusal_why;   /* "NotAllowed", "ParentNotAccepted", … */
    const char *conflict, *conflict_why; /* "HostnameConflict", "ProtocolConflict"; NULL: distinct.
                                            Of two of one owner neither is served; else the later */
    const struct ew_json *rival;         /* the other listener; NULL */
    const struct ew_obj *rival_owner;
    bool mixed_port;  /* plain HTTP and TLS share its port: distinct, and not everybody can */
    bool shared_port; /* another listener, served by its spec and its status, has the port */
};
/* Each Gateway's own first, then those of its ListenerSets in order of precedence. The array is the
 * routing's. */
const struct ew_listener *ew_routing_listeners(struct ew_routing *routing,
                                               const struct ew_request *request, size_t *count);

/* A condition of the route that the parent's own controller wrote for this parentRef (anybody's
 * where the class does not tell whose it is). False: there is none of that type. */
bool ew_attachment_reported(const struct ew_routing *routing, const struct ew_attachment *ref,
                            const char *type, struct ew_cond *out);
/* The entry of status.ancestors that the Gateway's own controller wrote for it; NULL: none. */
const struct ew_json *ew_policy_reported(const struct ew_routing *routing,
                                         const struct ew_obj *policy, const struct ew_obj *gateway);

/* ---- wildcards that nearly take a host ---- */
struct ew_near_host {
    const struct ew_obj *owner; /* a route, an Ingress; of a listener its Gateway or ListenerSet */
    const char *listener;       /* NULL: not a listener's */
    const char *pattern;        /* "*.example.com" */
    bool apex; /* it stands over the host itself; else an Ingress's, and the host has more labels
                  than the one that it takes */
};
/* Of those that take the host by no other name. The array is the routing's. */
const struct ew_near_host *const *ew_routing_near_hosts(struct ew_routing *routing,
                                                        const char *host, size_t *count);

/* ---- features: what a controller may do without ---- */
struct ew_feature_use {
    const char *name;      /* as GatewayClass.status.supportedFeatures has it: "HTTPRouteCORS" */
    const char *path;      /* "spec.rules[0].filters[1].cors" */
    const char *words;     /* by which messages speak of it, lower case, separated by '|' */
    int rule;              /* -1: the object as a whole */
    enum ew_yes supported; /* EW_MAYBE: the class lists no features at all */
};
/* What a route or Gateway uses, in order of feature, by what the class of this Gateway claims. The
 * array is the routing's. */
const struct ew_feature_use *ew_routing_uses(struct ew_routing *routing, const struct ew_obj *obj,
                                             const struct ew_obj *gateway, size_t *count);
/* Whether the class of this Gateway claims the feature; EW_MAYBE: it lists none at all. */
enum ew_yes ew_routing_claims(const struct ew_routing *routing, const struct ew_obj *gateway,
                              const char *feature);

/* ---- the decision ---- */
enum ew_outcome {
    EW_OUT_BACKEND,
    EW_OUT_REDIRECT,
    EW_OUT_RESPOND, /* answered by the edge itself as configured (CORS preflight) */
    EW_OUT_NO_LISTENER,
    EW_OUT_NO_ROUTE,
    EW_OUT_NO_BACKEND,
    EW_OUT_MISDIRECTED,
    EW_OUT_REJECTED,
    EW_OUT_UNKNOWN, /* cannot be decided: see undecided */
};

enum ew_backend_fault {
    EW_BACKEND_OK,
    EW_BACKEND_NOT_FOUND,     /* BackendNotFound */
    EW_BACKEND_NOT_PERMITTED, /* RefNotPermitted */
    EW_BACKEND_KIND,          /* InvalidKind, or no port given */
    EW_BACKEND_PORT,          /* the Service has no such port */
    EW_BACKEND_PROTOCOL,      /* UnsupportedProtocol */
    EW_BACKEND_NO_ENDPOINTS,  /* no endpoint at all (or none with that port) */
    EW_BACKEND_NONE_READY,    /* endpoints, none ready */
    EW_BACKEND_UNKNOWN,       /* not read; see why_not */
    EW_BACKEND_TLS_POLICY,    /* its BackendTLSPolicy cannot be met: requests to it fail */
    EW_BACKEND_FILTER,        /* a filter of its own does not exist: requests to it fail */
};

/* A BackendTLSPolicy that targets the Service of a backend. */
struct ew_backend_policy {
    const struct ew_obj *obj;
    const char *section;     /* the port name that it is for; "" all ports */
    bool for_port, in_force; /* names the backend's port (or all); is the one that counts for it */
    enum ew_yes usable;
    const char *reason, *why; /* of what speaks against it; NULL: nothing */
};

struct ew_backend {
    const char *group, *kind, *ns, *name;
    int port;              /* 0: none given */
    const char *port_name; /* Ingress by name; NULL */
    int weight;
    double share; /* of this rule's requests, 0 to 1 */
    enum ew_backend_fault fault;
    bool usable;                     /* an edge would send to it */
    const char *why_not;             /* a sentence; NULL when usable */
    const struct ew_obj *service;    /* NULL when not known */
    int ready, total;                /* endpoints for that port; -1: not known */
    const struct ew_json *ref;       /* the backendRef itself */
    const struct ew_json *forwarded; /* {headers, removed_headers} of its own filters; NULL */
    const struct ew_json *tls;       /* {policy, sni, valid}; NULL */
    const struct ew_backend_policy *policies; /* in precedence, of routes that policies are for */
    size_t policy_count;
    bool policies_ignored; /* the Gateway's class does not support them */
};

/* The first criterion by which the winner goes before a rule that takes the request too. */
enum ew_lost {
    EW_LOST_NOT,    /* it wins, or does not take the request, or nothing wins */
    EW_LOST_ENTRY,  /* it stands behind another entry point, and wins there perhaps */
    EW_LOST_CANARY, /* an Ingress that takes part of what another one gets */
    EW_LOST_HOST,
    EW_LOST_KIND, /* of path match: Exact before prefixes */
    EW_LOST_PATH, /* longer */
    EW_LOST_METHOD,
    EW_LOST_HEADERS,
    EW_LOST_QUERY,
    EW_LOST_AGE,
    EW_LOST_NAME,
    EW_LOST_PLACE, /* in the same object */
};

/* ---- how a rule missed a request ---- */
/* Parts of a match in the order in which they are compared. */
enum ew_part {
    EW_PART_NONE,     /* all fit */
    EW_PART_PROTOCOL, /* gRPC is asked for, the path would fit, and the request is none */
    EW_PART_PATH,
    EW_PART_METHOD,
    EW_PART_HEADER,
    EW_PART_QUERY,
};

/* What brings a path that does not fit near to one that does; all else of the match fits. The
 * later ones are the nearer. */
enum ew_near {
    EW_NEAR_NOT,
    EW_NEAR_CHARACTERS, /* under a prefix by characters, not by elements: /apiary and /api */
    EW_NEAR_BELOW,      /* below a path that is taken exactly: /api/x and /api */
    EW_NEAR_STAR,       /* if the "*" at the end of a literal path stood for anything */
    EW_NEAR_CASE,
    EW_NEAR_SLASH, /* but for the slash at the end */
};

struct ew_miss {
    enum ew_part part; /* the first that does not fit */
    enum ew_near near; /* of EW_PART_PATH */
    const char *type;  /* of the path match as the object has it: "Exact", "PathPrefix", … */
    const char *path;  /* of the match */
    const char *would; /* a path near the request's that the match takes; NULL: none is known */
    /* of a header or query parameter its name; what is asked for; what was sent, NULL: nothing */
    const char *name, *wanted, *sent;
    const char *why; /* one sentence */
};
/* Which of two misses came nearer to the request; negative: a. */
int ew_miss_order(const struct ew_miss *a, const struct ew_miss *b);

/* What ingress-nginx makes of an Ingress that is marked as a canary. */
enum ew_canary {
    EW_CANARY_NONE, /* it is no canary */
    EW_CANARY_TAKES,
    EW_CANARY_ORPHAN,     /* no Ingress with the same host, path and pathType to join */
    EW_CANARY_SECOND,     /* another canary of the same path goes first */
    EW_CANARY_ITSELF,     /* it leads to the Service that the other one leads to */
    EW_CANARY_NEVER,      /* no weight, header or cookie sends anything there */
    EW_CANARY_ZERO,       /* its weight is 0, in so many words */
    EW_CANARY_NOT_ASKED,  /* the header that picks it is sent with a value that does not */
    EW_CANARY_NO_BACKEND, /* its Service cannot take requests, and the other one gets them */
};

/* A filter of an implementation that the rule names (ExtensionRef), or one of its backendRefs. */
struct ew_extension {
    const char *group, *kind, *ns, *name;
    int backend; /* -1: the rule itself */
    struct ew_seen seen;
    const struct ew_json *ref;
};

struct ew_candidate {
    const struct ew_obj *route; /* a route or an Ingress */
    int rule, match;            /* match -1: the rule as a whole */
    bool attached, matched, wins;
    const char *why_not; /* the first reason why it lost; NULL for the winner */
    const char *host;    /* the pattern by which it claims the host; "" names none */
    const char *asks;    /* "PathPrefix /api, method GET", of what matched; NULL */
    enum ew_lost lost_by;
    const char *invalid; /* the reason why its rule cannot be made; NULL: it can */
    enum ew_yes dropped; /* it would win, were its rule not dropped for that */
    bool same;      /* it takes exactly the requests that the winner's match takes, and loses */
    bool asks_more; /* it asks for something that the winner does not, and yet it loses */
    struct ew_miss miss; /* where nothing matched, of what came nearest; of a canary */
    size_t headers;      /* header matches of the match that holds */
    enum ew_canary canary;
};

struct ew_decision {
    enum ew_outcome outcome;
    int status;                                                    /* of HTTP; 0: null */
    int grpc_status;                                               /* -1: null */
    const struct ew_obj *gateway, *listener_set, *ingress, *route; /* each may be NULL */
    const char *listener;                                          /* name; NULL */
    const struct ew_json *listener_json;
    int rule, match;  /* -1: none */
    const char *host; /* the pattern by which it claims the host, "" names none; NULL: no winner */
    const struct ew_json *rule_json;
    const struct ew_backend *backends;
    size_t backend_count;
    const struct ew_extension *extensions;
    size_t extension_count;
    const struct ew_json *certificate; /* of the TLS answer: {secret "NS/NAME", names}; NULL */
    const struct ew_json *redirect, *forwarded, *response_headers, *mirrors, *timeouts, *retries;
    const char *const *assumes;   /* NULL-terminated */
    const char *const *undecided; /* NULL-terminated: what is unknown and would decide */
    const struct ew_candidate *candidates;
    size_t candidate_count, others;
    const struct ew_candidate *refused; /* where no route takes it: the rule that would, if its
                                           route, which is attached nowhere, were; NULL: none */
    const char *why;                    /* one sentence for outcomes other than backend */
    const struct ew_decision *next; /* the same request at another Gateway, or at the Ingresses of a
                                       class, that could take it too; NULL: none */
};
/* The decision is the routing's and lives until that is freed, or forgets. With several Gateways
 * that could take the request, `gateway_at` narrows to those publishing one of these addresses
 * (NULL-terminated texts; NULL: all), and with several Ingresses likewise; where several are left,
 * each is decided and the one that serves comes first. */
const struct ew_decision *ew_routing_decide(struct ew_routing *routing,
                                            const struct ew_request *request,
                                            const char *const *gateway_at);
/* What would become of the same request were this candidate the one that wins: outcome and
 * backends, without candidates. */
const struct ew_decision *ew_routing_decide_as(struct ew_routing *routing,
                                               const struct ew_request *request,
                                               const struct ew_decision *decision,
                                               const struct ew_candidate *candidate);
/* Frees all decisions made so far. */
void ew_routing_forget(struct ew_routing *routing);

/* What differs between two decisions of one request, at two entry points; an Ingress and a route
 * say the same in other words, and that is no difference. Texts are the arena's or the decisions'.
 */
enum { EW_DIFFERENCES_MAX = 12 };
struct ew_difference {
    const char *what; /* "backends", "timeout", … */
    const char *a, *b;
};
size_t ew_decisions_compare(const struct ew_decision *a, const struct ew_decision *b,
                            struct ew_arena *arena, struct ew_difference out[EW_DIFFERENCES_MAX]);

/* The object of doc/edgewalk.route.v1.schema.json for a decision (for report/ and tests). */
struct ew_doc *ew_decision_json(const struct ew_decision *decision,
                                const struct ew_request *request, const char *scheme);

/* ---- check: the status a conformant controller must set, compared with what is reported ---- */
struct ew_check_scope {
    const char *const *names; /* "KIND/NAME", "KIND/NS/NAME", …, NULL; NULL: by namespace */
    const char *ns;           /* NULL: all namespaces */
    const char *const *also;  /* names that are taken too where they are there; NULL */
    bool proposed;            /* objects not applied yet: what is reported is shown, not compared */
};
/* The object of doc/edgewalk.check.v1.schema.json. *unread says that objects it needs could not be
 * read (`undecided` names them), or that there is nothing to check: "healthy" and "agrees" are null
 * then unless something is seen to be false. EW_EUSAGE for a name or namespace that is not there,
 * or a kind that is not ours. */
int ew_routing_check(struct ew_routing *routing, const struct ew_check_scope *scope,
                     struct ew_doc **out, bool *unread, struct ew_err *err);

/* ---- what a change does ---- */
/* Conditions, counts and supported kinds that differ between two answers of ew_routing_check over
 * everything: {better, worse (conditions that become good, that cease to be), changes [{kind,
 * namespace, name, where, place, type, before, after, why}]}; before and after are {status, reason,
 * healthy} of a condition, else numbers or lists; null: there is none. Gives the names of the
 * objects whose conditions change, "KIND/NS/NAME", each the caller's, in names. */
struct ew_doc *ew_check_changes(const struct ew_json *before, const struct ew_json *after,
                                struct ew_ptrs *names);
/* Requests that the named objects' hosts bring, one for each match of the rules that claim them,
 * put to both: {tried (how many), cut, changes [{request, before, after}]} of those that another
 * answers after the change. Forgets the decisions of both. */
struct ew_json *ew_routing_winners(struct ew_doc *doc, struct ew_routing *before,
                                   struct ew_routing *after, const char *const *names);
/* {changed, before (the decision), changes [{what, before, after}]} of two objects that
 * ew_decision_json gave for one request. */
struct ew_json *ew_decision_changes(struct ew_doc *doc, const struct ew_json *before,
                                    const struct ew_json *after);

/* ---- what the walk reads a list by ---- */
/* Whether an object may have to do with host: routes and Ingresses that claim it (or claim all
 * hosts), and those with a wildcard that nearly takes it; any other kind always. */
bool ew_route_concerns(enum ew_kind kind, const struct ew_json *object, const char *host);
/* Whether a rule of the Ingress names the host or its wildcard (of exactly one label); and whether
 * it takes the host so, by a rule without host or by a default backend. */
bool ew_ingress_names(const struct ew_json *ingress, const char *host);
bool ew_ingress_claims(const struct ew_json *ingress, const char *host);
/* Gateway API hostname rule (HTTPRouteSpec.hostnames): a wildcard takes one or more labels, never
 * the apex; NULL or "" takes all. */
bool ew_hostname_matches(const char *pattern, const char *host);
/* Ingress hosts, of rules and of TLS blocks: a wildcard takes exactly one label (IngressRule.host).
 */
bool ew_ingress_host_matches(const char *pattern, const char *host);

#endif
