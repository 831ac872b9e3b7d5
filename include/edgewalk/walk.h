/* One walk: asks the judges what they want, has it fetched, judges again, until nothing is wanted
 * or the deadline has come. */
#ifndef EDGEWALK_WALK_H
#define EDGEWALK_WALK_H

#include "edgewalk/cluster.h"
#include "edgewalk/fact/thresholds.h"
#include "edgewalk/judge.h"
#include "edgewalk/probe.h"

/* A target as typed: "orders.example.com", "https://…/path?query", "[::1]:8443". */
struct ew_target {
    char *text; /* as typed */
    char *url, *scheme, *host, *path, *query;
    int port;
    bool literal;
};
/* EW_EUSAGE with what would be right. */
int ew_target_parse(const char *text, struct ew_target *out, struct ew_err *err);
void ew_target_release(struct ew_target *target);

struct ew_pin { /* --resolve HOST:PORT:ADDR[,ADDR…] */
    char *host;
    int port;
    char **addresses;
    size_t count;
};

struct ew_walk_options {
    const char *method;           /* NULL: GET */
    const char *const *headers;   /* "Name: value", NULL-terminated */
    const char *const *resolvers; /* --resolver; "system" stands for the system's; NULL: those */
    const struct ew_pin *pins;
    size_t pin_count;
    const int (*expect)[2]; /* ranges; NULL: 200-399 */
    size_t expect_count;
    bool insecure, no_probe, no_api;
    int family; /* 0, 4, 6 */
    const char *ca_file, *gateway;
    const char *const *files;                         /* -f; NULL-terminated; NULL: the API */
    int connect_timeout_ms, max_time_ms, deadline_ms; /* 0: default */
    int dns_timeout_ms, tls_timeout_ms;               /* of one try; 0: default */
    double thresholds[EW_THRESHOLD_COUNT];            /* 0: the standard */
    const char *const *owner_keys; /* labels and annotations; NULL-terminated; NULL: standard */
    struct ew_cluster_config cluster;
};

struct ew_walk;
/* Starts a walk; on_change runs from the loop after facts came and were judged (at most once a
 * turn), on_done once at the end, nothing after it. Failures of configuration are found here
 * (EW_EUSAGE). */
typedef void ew_walk_fn(void *ctx, struct ew_walk *walk);
int ew_walk_start(struct ew_loop *loop, const struct ew_target *target,
                  const struct ew_walk_options *options, ew_walk_fn *on_change, ew_walk_fn *on_done,
                  void *ctx, struct ew_walk **out, struct ew_err *err);
void ew_walk_cancel(struct ew_walk *walk); /* stops it now; what is known stays readable */
void ew_walk_free(struct ew_walk *walk);
bool ew_walk_finished(const struct ew_walk *walk);
/* The walk's, valid until it judges again (on_change) or is freed; take a reference to a snapshot
 * to keep it. */
const struct ew_verdict *ew_walk_verdict(const struct ew_walk *walk);
struct ew_snapshot *ew_walk_snapshot(const struct ew_walk *walk);

/* ---- the inside alone, for a question that no probe helps with ---- */
struct ew_gather_options {
    const char *const *files;   /* -f; NULL: the API */
    const char *const *overlay; /* files to lay over what is there; NULL: none */
    struct ew_cluster_config cluster;
    const char *host; /* objects that have nothing to do with it are left out; NULL: none are */
    int deadline_ms;  /* 0: default */
};
/* Called with what is known so far; what it puts into wants is fetched, and it is called again,
 * until it wants nothing new or the deadline has come (what is open is then unknown, "deadline").
 */
typedef void ew_gather_fn(void *ctx, const struct ew_world *world, struct ew_wants *wants);
struct ew_gathered {
    struct ew_snapshot *snapshot, *overlaid; /* overlaid: with the overlay's objects; NULL: none */
    bool interrupted;                        /* a signal broke it off (SIGINT, SIGTERM) */
    bool late;                               /* the deadline did: not all was read */
};
/* Runs to the end; with an overlay asks for both worlds. *out is the caller's to release.
 * EW_EUSAGE: a file or configuration cannot be read, or there is neither. */
int ew_gather(const struct ew_gather_options *options, ew_gather_fn *ask, void *ctx,
              struct ew_gathered *out, struct ew_err *err);
void ew_gathered_release(struct ew_gathered *gathered);
/* Waits; false when a signal (SIGINT, SIGTERM) ended it before its time. */
bool ew_gather_pause(int ms);
#endif
