/* Matches: compiled rules against one request. */
#ifndef ROUTE_MATCH_H
#define ROUTE_MATCH_H

#include "routing.h"

struct pair {
    const char *name, *value;
};

/* A request taken apart once. */
struct ask {
    const struct ew_request *request;
    struct ew_arena *arena;
    const char *path; /* at least "/" */
    size_t path_len;  /* without a trailing slash, for prefixes; 0 for "/" */
    struct pair *query;
    size_t query_count;
    bool grpc;
    const char *service, *method; /* of gRPC; "" when the path is none */
};
void ask_init(struct ask *ask, const struct ew_request *request, struct ew_arena *arena);
/* Values of a header, joined by ", "; NULL: not sent, or not known. */
const char *ask_header(const struct ask *ask, const char *name);

/* Whether the value of some header of the request is not known. */
bool ask_hides(const struct ask *ask);

/* EW_MAYBE: a regular expression hit its limits, or a value is not known. *miss, when not NULL,
 * gets the first reason against it, made in the ask's arena; it is left alone when there is none.
 */
enum ew_yes match_takes(const struct match *match, const struct ask *ask, struct ew_miss *miss);

/* ---- two matches for the same host pattern (precedence.c) ---- */
/* Which goes first; negative: a. */
int match_order(const struct match *a, const struct match *b);
/* The first criterion by which one goes before the other. */
enum ew_lost match_lost_by(const struct match *lost, const struct match *win);
/* Whether they take exactly the same requests. */
bool match_same(const struct match *a, const struct match *b);
/* Whether a asks for something that b does not, both taking the same request. */
bool match_asks_more(const struct match *a, const struct match *b);
/* "PathPrefix /api, method GET, header x-canary = 1" */
const char *match_text(struct ew_arena *arena, const struct match *match);

/* ---- near misses (miss.c) ---- */
/* How a path that is not taken comes near; sets near and would of a miss that has its type and
 * path. `exact`: the match takes its path and no other. */
void miss_near(struct ew_miss *miss, bool exact, const struct ask *ask);

/* ---- regular expressions (regex.c) ---- */
/* Compiled once a pattern; *error is set (and NULL returned) when it is none. */
struct regex *regex_get(struct ew_routing *routing, const char *pattern, const char **error);
void regex_free(void *regex);
const char *regex_text(const struct regex *regex);
/* The whole subject; EW_MAYBE when a limit was hit. */
enum ew_yes regex_takes(const struct regex *regex, const char *subject);
/* What RE2, which most data planes use, does not know in it; NULL: nothing. */
const char *regex_beyond_re2(const struct regex *regex);
/* The same for all expressions of a match: the first that it does not know; NULL: none. */
const struct regex *match_beyond_re2(const struct match *match);

/* ---- the index of a listener (index.c) ---- */
struct indexed {
    struct match *match;
    bool unsure; /* whether its route is attached is not known */
};
struct host_index *index_new(struct ew_routing *routing);
void index_add(struct ew_routing *routing, struct host_index *index, const char *pattern,
               struct match *match, bool unsure);
void index_add_stream(struct ew_routing *routing, struct host_index *index, const char *pattern,
                      struct match *match, bool unsure);
void index_sort(struct host_index *index);
/* What a look-up found: the match that wins, and what one should know besides. */
struct found {
    const struct indexed *win;
    const char *pattern;     /* of the winner's route that took the host */
    bool limited;            /* a regular expression that might have won hit its limits */
    const char *passed_over; /* a more specific host pattern none of whose rules matched; NULL */
};
void index_find(const struct host_index *index, const struct ask *ask, const char *host,
                struct found *out);
void index_find_stream(const struct host_index *index, const char *host, struct found *out);

#endif
