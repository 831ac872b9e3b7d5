/* One judgement under way: what is read, what is asked for, what was found so far. Each layer has
 * two steps: `look` asks for facts and takes what is there, `judge` makes findings of it. All steps
 * are taken on every snapshot, in one order; a look at what is not there yet leaves its layer
 * pending. */
#ifndef JUDGE_JUDGING_H
#define JUDGE_JUDGING_H

#include "edgewalk/base/text.h"
#include "edgewalk/fact/keys.h"
#include "edgewalk/fact/thresholds.h"
#include "elect.h"
#include "signature.h"

/* What the inside is worth. */
enum inside {
    INSIDE_PENDING,
    INSIDE_NONE,    /* no cluster is configured, or it is switched off: skipped */
    INSIDE_UNKNOWN, /* there is one, and it cannot be read */
    INSIDE_API,
    INSIDE_FILES,
};

/* How one test of one address went. */
enum test {
    TEST_NONE, /* not asked, or not reached */
    TEST_PENDING,
    TEST_PASS,
    TEST_FAIL,
    TEST_UNKNOWN, /* could not be tried from here, or not to its end */
};

/* A fact as a judge takes it. value is NULL unless known. */
struct got {
    enum ew_state state;
    const char *reason;
    const struct ew_json *value;
};

enum { ADDRESSES_MAX = 32, HOPS_MAX = 10 };

struct address {
    const char *text;
    bool in_record;        /* the host leads here: DNS, a pin, or the URL itself */
    bool published;        /* in the status of a Gateway or Ingress in play */
    bool of_cluster;       /* published by anything in the cluster, or a node's */
    const char *publisher; /* "Gateway ns/name", "Ingress ns/name"; NULL */
    const char *tag;       /* the publisher as EW_TAG_GATEWAY has it; NULL */
    const char *balancer;  /* the name that is published in its place; NULL */
    struct got tcp, tls, main;
    size_t samples, bad_samples;
    struct got bad_sample;
    enum test tcp_test, tls_test, http_test;
};

struct hop {
    const char *url, *address;
    int port;
    bool same_host;
    struct got answer;
};

/* The answer that the http layer speaks of. */
enum author { AUTHOR_UNDECIDED, AUTHOR_EDGE, AUTHOR_APP };

struct answer {
    const struct address *at;    /* NULL: there was none to speak of */
    const struct ew_json *value; /* http fact; after redirects the last one */
    int status;                  /* 0: no HTTP answer */
    const char *what;            /* "503", "no answer (timeout)" */
    enum author author;
    const char *because; /* how the author is known, one clause; NULL */
    struct got path_control, host_control;
    struct got near_control; /* what a rule that all but takes the request would take */
    const char *near_path;   /* its path; NULL: not asked */
    bool bad;                /* not as expected; what follows is set only then */
    const struct ew_signature *matches[EW_MATCHES_MAX]; /* best first */
    size_t match_count;
};

struct opinions; /* dns.h */

/* A Secret that a listener or TLS block of the host names. */
struct cert_ref {
    const struct entry *entry;
    const struct ew_listener *listener; /* NULL: an Ingress's TLS block */
    const struct ew_obj *owner;         /* of the listener or block */
    const char *ns, *name;
    const struct ew_obj *secret; /* NULL: see seen */
    struct ew_seen seen;
};
enum { CERT_REFS_MAX = 16 };

struct layer_draft {
    enum ew_status status;
    const char *summary;
    bool pending, timed;
    double started_ms, elapsed_ms; /* the slowest of its facts */
    struct ew_json *facts;
};

/* Gateways and Ingresses that carry the host. */
struct entry {
    const struct ew_obj *obj;
    const char *tag; /* EW_TAG_GATEWAY */
};

struct judging {
    struct ew_snapshot *snapshot;
    struct ew_arena *arena;
    struct ew_doc *doc; /* of the facts that layers show */
    struct ew_world *world;
    struct ew_routing *routing; /* NULL without an inside */
    const struct ew_decision *decision;
    struct ew_wants *wants;
    int64_t now_ms;

    /* the target */
    const struct ew_json *options;
    const char *url, *host, *path, *query, *method;
    const char *url_word; /* the URL as a shell takes it */
    const char *claimed;  /* the Host header: what routes are chosen by */
    int port;
    bool tls, literal, safe_method;
    struct ew_request request;
    bool outside; /* probes are on */
    enum inside inside;
    const char *inside_reason, *inside_text;

    /* outside */
    struct address addresses[ADDRESSES_MAX];
    size_t address_count;
    struct opinions *opinions; /* NULL: no resolver was asked */
    bool dns_done, dns_failed, pinned;
    struct hop hops[HOPS_MAX];
    size_t hop_count;
    bool hops_loop;
    const struct address *first_answer; /* whose redirect the hops follow */
    bool mixed;                         /* samples of one address differ */
    struct answer answer;

    /* inside */
    struct entry *entries;
    size_t entry_count;
    const struct ew_listener *listeners; /* that fit the request */
    size_t listener_count;
    struct cert_ref cert_refs[CERT_REFS_MAX];
    size_t cert_ref_count;
    bool foreign; /* no address in play is this cluster's and nothing claims the host */
    bool claimed_here, claims_known;
    const char *family; /* another family of route kinds that may carry the host; NULL */
    const struct ew_attachment *const *attachments;
    size_t attachment_count;
    const struct ew_near_host *const *near; /* wildcards that nearly take the host */
    size_t near_count;
    const struct ew_decision *behind; /* whose backends the layers from service on look at: the
                                         decision's, or what a refused route would lead to */
    const struct ew_backend *backend; /* the one that they speak of; NULL */

    struct layer_draft layers[EW_LAYER_COUNT];
    struct ew_ptrs drafts;    /* struct ew_draft * */
    struct ew_ptrs undecided; /* struct ew_undecided * */
    bool live_ok;
};

/* ---- layers (status.c) ---- */
void layer_is(struct judging *j, enum ew_layer layer, enum ew_status status, const char *format,
              ...) EW_PRINTF(4, 5);
struct ew_json *layer_facts(struct judging *j, enum ew_layer layer);
/* A list under the layer's facts, made once. */
struct ew_json *layer_list(struct judging *j, enum ew_layer layer, const char *key);
/* The layer took as long as the slowest of its facts. */
void layer_took(struct judging *j, enum ew_layer layer, const struct ew_fact *fact);

/* ---- asking (ask.c) ---- */
struct got need_dns(struct judging *j, enum ew_layer layer, const char *resolver, const char *name,
                    const char *type, const char *would);
struct got need_tcp(struct judging *j, const char *address, int port, const char *would);
struct got need_tls(struct judging *j, const char *address, int port, const char *sni,
                    const char *would);
struct got need_http(struct judging *j, const char *address, int port, const char *what,
                     const char *method, const char *url, const char *would);
struct ew_ask asking(const struct judging *j, bool optional, const char *would);
/* Takes note of what a look-up saw: the layer is pending, or what was wanted is undecided. */
void saw(struct judging *j, enum ew_layer layer, struct ew_seen seen, struct ew_ask ask,
         const char *format, ...) EW_PRINTF(5, 6);
void undecided_add(struct judging *j, const char *want, const char *why, const char *would);
const char *say(struct judging *j, const char *format, ...) EW_PRINTF(2, 3);
const char *shell_word(struct judging *j, const char *text);
/* Outside text made safe and short, in quotes of the caller's. */
const char *clean(struct judging *j, const char *text);

/* ---- findings (draft.c) ---- */
/* A finding of this cause about this subject, the same one when it is there already. Its subject is
 * tagged; severity is the catalogue's. */
struct ew_draft *draft_new(struct judging *j, const char *cause, const char *kind, const char *ns,
                           const char *name);
struct ew_draft *draft_about(struct judging *j, const char *cause, const struct ew_obj *obj);
/* One that is there; NULL: none. */
struct ew_draft *draft_find(const struct judging *j, const char *cause);
struct ew_draft *draft_find_about(const struct judging *j, const char *cause,
                                  const struct ew_obj *obj);
void draft_says(struct judging *j, struct ew_draft *draft, const char *format, ...) EW_PRINTF(3, 4);
void draft_shows(struct judging *j, struct ew_draft *draft, const char *source, const char *format,
                 ...) EW_PRINTF(4, 5);
/* A condition, in the words of whoever wrote it. */
void draft_shows_cond(struct judging *j, struct ew_draft *draft, const char *source,
                      const struct ew_cond *cond);
/* A next step; command may be NULL. */
void draft_next(struct judging *j, struct ew_draft *draft, const char *text, const char *format,
                ...) EW_PRINTF(4, 5);
void draft_tag(struct judging *j, struct ew_draft *draft, enum ew_tag_kind kind, const char *text);
/* The host of the Host header, and that of the URL. */
void tag_host(struct judging *j, struct ew_draft *draft);
/* A Gateway and its class. */
void tag_gateway(struct judging *j, struct ew_draft *draft, const struct ew_obj *gateway);
/* The certificateRefs of a listener of this Gateway or ListenerSet. */
void tag_certificates(struct judging *j, struct ew_draft *draft, const struct ew_obj *owner,
                      const struct ew_json *listener);
bool draft_tagged(const struct ew_draft *draft, enum ew_tag_kind kind, const char *text);
const char *title(struct judging *j, const struct ew_obj *obj);
const char *at_port(struct judging *j, const char *address, int port);
const char *ns_name(struct judging *j, const char *ns, const char *name);

/* ---- addresses (address.c) ---- */
struct address *address_add(struct judging *j, const char *text);
struct address *address_find(struct judging *j, const char *text);
size_t record_count(const struct judging *j); /* addresses that the host leads to */
bool is_known(struct got got);
const char *outcome_of(struct got got);
/* Tags a finding with an address and the Gateways whose it is; where nobody publishes it (NAT), all
 * that carry the host. */
void tag_edge(struct judging *j, struct ew_draft *draft, const struct address *at);
/* Marks an echo seen at an address by how the published address fares in the same test. */
uint64_t published_marks(const struct judging *j, const struct address *at, enum ew_layer test);

/* ---- objects in play (edge.c) ---- */
/* A manifest that no controller has answered yet: its missing status says nothing. */
bool unapplied(const struct judging *j, const struct ew_obj *obj);
/* The Gateway, or that of the ListenerSet; NULL: neither, or not known. */
const struct ew_obj *gateway_of(const struct judging *j, const struct ew_obj *parent);
/* What the status of a Gateway or ListenerSet says of a listener. */
const struct ew_json *listener_status(const struct ew_obj *owner, const char *name);
/* Whether the status of a Gateway or Ingress has the address, or the name that leads to it. */
bool publishes(const struct ew_obj *entry, const struct address *address);
/* The record leads to other entries, and not to this one: it has no part in what is answered. */
bool entry_is_beside(const struct judging *j, const struct ew_obj *entry);

/* ---- the decision (route.c) ---- */
/* By the objects some rule takes the request, whatever then becomes of it; by may be NULL. */
bool is_routed(const struct ew_decision *by);
/* The Gateway or ListenerSet whose listener takes the request; NULL: none; by may be NULL. */
const struct ew_obj *listener_owner(const struct ew_decision *by);

/* ---- conditions of routes, by the controllers of their parents (reported.c) ---- */
/* Whether a condition of the route as it is now has this status by this parentRef. */
bool ref_is(const struct judging *j, const struct ew_attachment *ref, const char *type,
            const char *status, struct ew_cond *out);
/* Its Accepted condition, outdated or not, as evidence. */
void ref_shows_accepted(struct judging *j, struct ew_draft *draft, const struct ew_attachment *ref);
/* Whether the route would take the request at the listener that takes it by this parentRef. */
bool ref_takes_part(const struct judging *j, const struct ew_attachment *ref);
/* A condition of the route that takes the request, at that listener; an outdated one is none. */
bool winner_reported(const struct judging *j, const char *type, struct ew_cond *out);
/* The finding is about what the request itself meets: its answer is part of the subject. */
void tag_request(struct judging *j, struct ew_draft *draft);

/* Whether other routes serve the request or the host beside this one (route_judge.c). */
void route_marks(struct judging *j, struct ew_draft *draft, const struct ew_obj *route);

/* ---- the steps, in the order in which they are taken ---- */
void api_look(struct judging *j);
void edge_look(struct judging *j);            /* entries of the host and what they publish */
void edge_look_bystanders(struct judging *j); /* after DNS: drops entries that have no part in it */
void dns_look(struct judging *j);
void edge_look_foreign(struct judging *j);
void lb_look(struct judging *j);
void tls_look(struct judging *j);
void http_look(struct judging *j);
void answer_choose(struct judging *j);
void route_look(struct judging *j);  /* the decision */
void answer_look(struct judging *j); /* who answered: controls, signatures, objects */
void near_look(struct judging *j);   /* whether the rule that came nearest answers */

void api_judge(struct judging *j);
void dns_judge(struct judging *j);
void lb_judge(struct judging *j);
void tls_judge(struct judging *j);
void secrets_look(struct judging *j);
void secrets_judge(struct judging *j);
void edge_judge(struct judging *j);
void edge_judge_unsupported(struct judging *j);
void edge_judge_features(struct judging *j);
void ingress_judge(struct judging *j);
void route_judge(struct judging *j);
bool reached_backend(struct judging *j, enum ew_layer layer);
/* False: what the layers from Service on look at stands behind a route that is refused. */
bool reaches_backends(const struct judging *j);
void service_judge(struct judging *j);
void endpoints_judge(struct judging *j);
void pod_judge(struct judging *j);
void app_judge(struct judging *j);
void http_judge(struct judging *j); /* last: it proposes what the others did not name */

struct ew_json *path_json(struct judging *j);

#endif
