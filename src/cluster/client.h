/* The live API as the files of this room share it.
 *
 *   client.c      makes and frees it, and gets it ready: address, trust, credentials
 *   credentials.c who we are: headers, tokens read again, exec plugins (plugin.c)
 *   call.c        one GET: headers, retries, the class of what came of it (answer.c)
 *   discover.c    what the server is and serves (families.c, served.c)
 *   fetch.c       wants of get and list, on top of calls
 */
#ifndef EW_CLUSTER_CLIENT_H
#define EW_CLUSTER_CLIENT_H

#include "access.h"
#include "text.h"

#include "edgewalk/cluster.h"
#include "edgewalk/io.h"

enum { LISTS_AT_ONCE = 8, TEXT_MAX = 400 };

enum readiness { CLIENT_IDLE, CLIENT_PREPARING, CLIENT_READY, CLIENT_FAILED };

struct served;
struct plugin;
struct discovery;

/* Where the credentials in force come from, and since when. */
struct credentials {
    double token_read_ms;  /* monotonic: when token_file was read */
    struct plugin *plugin; /* running now; NULL: none */
    int64_t expires_ms;    /* what the plugin gave, wall clock; 0: does not say */
    bool from_plugin;      /* token and certificate of access came from it */
};

struct ew_cluster {
    struct ew_loop *loop;
    struct access access;
    int timeout_ms;
    char *origin; /* "api https://…", of facts */

    enum readiness readiness;
    struct ew_lookup *lookup;
    struct ew_job *trust_job;
    struct ew_timer *wake;  /* delivers what ended at once */
    struct ew_trust *trust; /* to verify by; NULL: nothing is verified or it is not loaded yet */
    char **addresses;       /* NULL-terminated */
    size_t address_at;      /* the one that answered last */
    const char *failed;     /* CLIENT_FAILED: a reason of fact/keys.h, and in words: */
    char *failed_text;
    struct credentials credentials;

    struct ew_ptrs calls;        /* struct call, all */
    struct ew_ptrs fetches;      /* struct fetch, all */
    struct discovery *discovery; /* NULL until asked for */
    struct ew_cluster_usage usage;
};

/* Gets ready, once; calls wait until then. */
void client_prepare(struct ew_cluster *cluster);
/* A part of it is done: goes on when all are. */
void client_progress(struct ew_cluster *cluster);
/* It cannot be: every call ends with that. text is copied, may be NULL. */
void client_fail(struct ew_cluster *cluster, const char *reason, const char *text);
/* Some call has work that needs the loop's next turn. */
void client_wake(struct ew_cluster *cluster);
/* The server answered 401 to something: the fact of the server is corrected. */
void client_unauthorized(struct ew_cluster *cluster, const char *text);

/* ---- credentials.c ---- */
/* Starts the plugin where one is needed now; client_progress follows. True: nothing to wait for. */
bool credentials_ready(struct ew_cluster *cluster);
/* After a 401: true when other credentials are at hand, or being fetched, so that it is worth a
 * second try. */
bool credentials_renew(struct ew_cluster *cluster);
/* Headers of a request, NULL-terminated; free with access_list_free. */
char **credentials_headers(struct ew_cluster *cluster, const char *accept);
/* What is plainly wrong with them ("the bearer token expired at …"); the caller's, may be NULL. */
char *credentials_fault(const struct ew_cluster *cluster, int64_t now_ms);
void credentials_release(struct ew_cluster *cluster);

/* ---- call.c ---- */

/* What came of a GET. failure NULL: 200, and take had all of it. */
struct call_result {
    const char *failure; /* of fact/keys.h; for 404 and 410 "absent" and "gone" */
    const char *text;    /* for people; may be NULL */
    int status;          /* 0: no answer */
    bool not_served;     /* absent: not this object, the resource as a whole */
    size_t bytes;        /* of the answer, as they came over the wire */
};

struct call_request {
    const char *path;   /* with query, from the server's own path on; copied */
    const char *accept; /* static */
    size_t body_max;    /* of a 200 */
    void *ctx;
    /* Before the first byte of each try. */
    void (*begin)(void *ctx);
    /* Bytes of a 200 that is JSON; non-zero ends it: "malformed", err's words. */
    int (*take)(void *ctx, const char *bytes, size_t len, struct ew_err *err);
    /* Once, from the loop; the call is gone after it. */
    void (*done)(void *ctx, const struct call_result *result);
};

struct call;
struct call *call_start(struct ew_cluster *cluster, const struct call_request *request);
void call_cancel(struct call *call); /* NULL is allowed */
/* The client became ready, or failed: what waited goes on. */
void calls_resume(struct ew_cluster *cluster);

/* ---- answer.c: what an answer means ---- */
struct answer {
    int status;
    const char *type, *location; /* headers; may be NULL */
    const char *body;            /* of what is no 200; its start */
    size_t len;
};
/* Fills failure, not_served and *text (the caller's). Never for a 200 of JSON. */
void answer_classify(const struct answer *answer, struct call_result *out, char **text);
/* The transfer broke or never began. */
const char *answer_of_transport(const struct ew_http_result *http);
bool answer_is_json(const char *content_type);

/* ---- discover.c ---- */
void discovery_free(struct discovery *discovery);
/* Whether what is served is being found out now. */
bool discovery_is_running(const struct ew_cluster *cluster);
/* What is served; NULL when that is not known. */
const struct served *discovery_served(const struct ew_cluster *cluster);

/* ---- fetch.c ---- */
struct fetch;
void fetch_free(struct fetch *fetch); /* without callbacks */
/* Discovery has ended: what waited for it goes on. */
void fetches_resume(struct ew_cluster *cluster);

#endif
