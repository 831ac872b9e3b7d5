/* What was observed: facts, the snapshot that holds them, and wants for facts that would decide.
 * Pure: no clock here, the time of the snapshot is a member of it. */
#ifndef EDGEWALK_FACT_H
#define EDGEWALK_FACT_H

#include "edgewalk/json.h"

/* known: seen, in value. absent: looked for and not there. pending: being fetched. unknown: denied,
 * failed or timed out, with the reason. */
enum ew_state { EW_KNOWN, EW_ABSENT, EW_PENDING, EW_UNKNOWN };
const char *ew_state_name(enum ew_state state);

/* Immutable once in a snapshot. key says what was asked (fact/keys.h has every key and the shape of
 * every value), from the vantage ("this host", "api https://10.0.0.1:6443", "orders.yaml"). */
struct ew_fact {
    char *key;
    enum ew_state state;
    char *reason;         /* unknown: a word of fact/keys.h, or NULL */
    char *from;           /* may be NULL */
    int64_t at_ms;        /* since 1970 */
    double elapsed_ms;    /* of the observation itself; negative when it has none */
    struct ew_doc *value; /* may be NULL */
};

/* Counted. The fact owns copies of the texts and a reference to value. */
struct ew_fact *ew_fact_new(const char *key, enum ew_state state, const char *reason,
                            const char *from, int64_t at_ms, double elapsed_ms,
                            struct ew_doc *value);
struct ew_fact *ew_fact_ref(struct ew_fact *fact);
void ew_fact_unref(struct ew_fact *fact);
const struct ew_json *ew_fact_value(const struct ew_fact *fact); /* NULL node when none */

/* An object of the cluster or of a file, pruned (managedFields reduced to who and when; of Secrets
 * only what fact/keys.h names). Counted, immutable. */
struct ew_object {
    char *where; /* "orders.yaml:12", NULL when it came from the API */
    struct ew_doc *doc;
};
struct ew_object *ew_object_new(const char *where, struct ew_doc *doc);
struct ew_object *ew_object_ref(struct ew_object *object);
void ew_object_unref(struct ew_object *object);

/* Facts, objects, the clock, the target and the options that bear on judgement. Counted; filled by
 * one walk, then only read. A clone shares facts and objects. */
struct ew_snapshot;
struct ew_snapshot *ew_snapshot_new(void);
struct ew_snapshot *ew_snapshot_ref(struct ew_snapshot *snapshot);
void ew_snapshot_unref(struct ew_snapshot *snapshot);
struct ew_snapshot *ew_snapshot_clone(const struct ew_snapshot *snapshot);

/* Shapes of target, options and vantage: fact/keys.h. The document's ownership passes over. */
void ew_snapshot_set_target(struct ew_snapshot *snapshot, struct ew_doc *target);
void ew_snapshot_set_options(struct ew_snapshot *snapshot, struct ew_doc *options);
void ew_snapshot_set_vantage(struct ew_snapshot *snapshot, struct ew_doc *vantage);
const struct ew_json *ew_snapshot_target(const struct ew_snapshot *snapshot);
const struct ew_json *ew_snapshot_options(const struct ew_snapshot *snapshot);
const struct ew_json *ew_snapshot_vantage(const struct ew_snapshot *snapshot);
void ew_snapshot_set_clock(struct ew_snapshot *snapshot, int64_t started_ms, double elapsed_ms);
int64_t ew_snapshot_started(const struct ew_snapshot *snapshot); /* ms since 1970: "now" */
double ew_snapshot_elapsed(const struct ew_snapshot *snapshot);  /* ms since started */

/* Takes the caller's reference; a fact of the same key is replaced (pending by what came). */
void ew_snapshot_put(struct ew_snapshot *snapshot, struct ew_fact *fact);
const struct ew_fact *ew_snapshot_fact(const struct ew_snapshot *snapshot, const char *key);
/* Facts in order of first insertion. */
size_t ew_snapshot_fact_count(const struct ew_snapshot *snapshot);
const struct ew_fact *ew_snapshot_fact_at(const struct ew_snapshot *snapshot, size_t index);
/* Takes the caller's reference; an object of the same apiVersion group, kind, namespace and name
 * is replaced. */
void ew_snapshot_put_object(struct ew_snapshot *snapshot, struct ew_object *object);
size_t ew_snapshot_object_count(const struct ew_snapshot *snapshot);
const struct ew_object *ew_snapshot_object_at(const struct ew_snapshot *snapshot, size_t index);

/* The file format edgewalk.snapshot/v1: one JSON object, one line, with its newline. A reader
 * accepts members it does not know; another major version or a broken line is EW_EINPUT. */
void ew_snapshot_write(const struct ew_snapshot *snapshot, struct ew_buf *out);
int ew_snapshot_read(const char *line, size_t len, struct ew_snapshot **out, struct ew_err *err);

/* A want: this fact is not in the snapshot and would decide something. Its key is the key of the
 * fact; the other members are the question, for who fetches it. Texts belong to the set. */
enum ew_want_kind {
    EW_WANT_DNS,
    EW_WANT_TCP,
    EW_WANT_TLS,
    EW_WANT_HTTP,
    EW_WANT_GET,
    EW_WANT_LIST
};

struct ew_want {
    enum ew_want_kind kind;
    const char *key;
    const char *text;         /* for people: "list pods in commerce" */
    const char *would_decide; /* cause ids, blank-separated; may be "" */
    bool optional;            /* weakens evidence only; its denial is no reason for unknown */
    /* dns */
    const char *resolver, *name, *type;
    /* tcp, tls, http */
    const char *address;
    int port;
    const char *sni;                 /* tls: NULL sends none; */
    const char *what, *url, *method; /* http */
    /* get, list: the plural resource with group ("httproutes.gateway.networking.k8s.io", "pods");
     * get of a kind that is none of ours: "KIND.GROUP" */
    const char *resource, *object;
    const char *ns;       /* NULL: cluster-wide */
    const char *selector; /* as in the key */
};

struct ew_wants;
struct ew_wants *ew_wants_new(void);
void ew_wants_free(struct ew_wants *wants);
size_t ew_wants_count(const struct ew_wants *wants);
const struct ew_want *ew_wants_at(const struct ew_wants *wants, size_t index);
/* Each returns the key of its fact (the set's). A want of the same key is added once; the causes it
 * would decide are united, optional only if all say so. Every function accepts wants == NULL and
 * returns NULL then. */
const char *ew_want_dns(struct ew_wants *wants, const char *resolver, const char *name,
                        const char *type, const char *would_decide);
const char *ew_want_tcp(struct ew_wants *wants, const char *address, int port,
                        const char *would_decide);
const char *ew_want_tls(struct ew_wants *wants, const char *address, int port, const char *sni,
                        const char *would_decide);
const char *ew_want_http(struct ew_wants *wants, const char *address, int port, const char *what,
                         const char *method, const char *url, const char *would_decide);
const char *ew_want_get(struct ew_wants *wants, const char *resource, const char *ns,
                        const char *object, bool optional, const char *would_decide);
const char *ew_want_list(struct ew_wants *wants, const char *resource, const char *ns,
                         const char *selector, bool optional, const char *would_decide);

#endif
