/* An incident as facts and objects, and the verdict over it. What a judge asks for beyond what was
 * put in is answered the way an empty world would: names do not exist, ports are closed, lists are
 * read and hold what the scene's objects are, objects by name are not there. */
#ifndef TESTS_UNIT_JUDGE_SCENE_H
#define TESTS_UNIT_JUDGE_SCENE_H

#include "edgewalk/judge.h"

#define HOST "shop.example.com"
#define EDGE "203.0.113.7"

struct scene {
    struct ew_snapshot *snapshot;
    struct ew_verdict *verdict;
    char *url;
    int port;
    bool tls, settled;
};

/* options: members of fact/keys.h "options" as JSON text without braces, or "". */
struct scene *scene_new(const char *url, const char *options);
void scene_free(struct scene *scene);
/* YAML documents. */
void scene_add(struct scene *scene, const char *yaml);
void scene_fact(struct scene *scene, const char *key, enum ew_state state, const char *reason,
                const char *json);
/* A at the one resolver; addresses are blank-separated. */
void scene_dns(struct scene *scene, const char *name, const char *rcode, const char *addresses);
void scene_tcp(struct scene *scene, const char *address, const char *outcome);
/* "ok", "expired", "other-name", "unknown-issuer", "self-signed", "self-signed-in-chain", or an
 * outcome of fact/keys.h. */
void scene_tls(struct scene *scene, const char *address, const char *how);
void scene_http(struct scene *scene, const char *address, const char *what, int status,
                const char *headers, const char *body);
/* All three good at this address, or the answer with that status. */
void scene_serves(struct scene *scene, const char *address, int status, const char *body);
void scene_no_cluster(struct scene *scene);
void scene_cluster(struct scene *scene);
/* Gateway infra/public at EDGE with listener https for *.example.com, HTTPRoute shop/web of HOST to
 * Service shop/web:80, and its slice of two ready endpoints. */
void scene_shop(struct scene *scene);
void scene_pods(struct scene *scene);    /* two ready pods of Deployment-less app web */
void scene_unready(struct scene *scene); /* the slice again, none ready */
void scene_denied(struct scene *scene, const char *key, const char *reason);

/* Judges until nothing more is asked for. */
const struct ew_verdict *scene_judge(struct scene *scene);
const struct ew_finding *scene_finding(const struct scene *scene, const char *cause);
enum ew_status scene_status(const struct scene *scene, enum ew_layer layer);

/* Status, exit status and cause of the root ("" none). */
#define assert_verdict(scene, want_status, want_exit, want_cause)                                  \
    do {                                                                                           \
        const struct ew_verdict *v_ = scene_judge(scene);                                          \
        ck_assert_str_eq(v_->named ? v_->named->cause->id : "", want_cause);                       \
        ck_assert_str_eq(ew_status_name(v_->status), want_status);                                 \
        ck_assert_int_eq(v_->exit_status, want_exit);                                              \
    } while (0)

#endif
