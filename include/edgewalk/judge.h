/* The judges: a snapshot in, a verdict out. Pure: the same snapshot gives the same bytes. */
#ifndef EDGEWALK_JUDGE_H
#define EDGEWALK_JUDGE_H

#include "edgewalk/route.h"

enum ew_layer {
    EW_LAYER_DNS,
    EW_LAYER_LB,
    EW_LAYER_TLS,
    EW_LAYER_HTTP,
    EW_LAYER_EDGE,
    EW_LAYER_ROUTE,
    EW_LAYER_SERVICE,
    EW_LAYER_ENDPOINTS,
    EW_LAYER_POD,
    EW_LAYER_APP,
    EW_LAYER_API_ACCESS,
    EW_LAYER_POLICY, /* groups, never a root */
    EW_LAYER_COUNT,
};

/* The table of layers: everything that prints a layer reads it. */
struct ew_layer_row {
    const char *id, *title, *question;
    int exit_status; /* 11 … 20; 0 for groups */
};
const struct ew_layer_row *ew_layer_row(enum ew_layer layer);

enum ew_status {
    EW_ST_OK,
    EW_ST_WARN,
    EW_ST_FAIL,
    EW_ST_UNKNOWN,
    EW_ST_NOT_REACHED,
    EW_ST_SKIPPED,
    EW_ST_PENDING /* while a walk runs */
};
const char *ew_status_name(enum ew_status status);

enum ew_severity { EW_SEV_INFO, EW_SEV_WARN, EW_SEV_FAIL };
const char *ew_severity_name(enum ew_severity severity);

/* A row of the catalogue of causes, one for every failure mode, recognised yet or not. */
struct ew_cause {
    const char *id;
    enum ew_layer layer;
    enum ew_severity severity;
    bool root_possible;
    bool recognised; /* a judge can find it; then a scenario produces it (a test says so) */
    const char *title, *symptom, *evidence, *discriminator, *cause, *next_step;
    const char *decidable, *frequency;
};
size_t ew_cause_count(void);
const struct ew_cause *ew_cause_at(size_t index);     /* in order of layer, then catalogue */
const struct ew_cause *ew_cause_find(const char *id); /* NULL: none */

struct ew_evidence {
    const char *source, *text;
};
struct ew_step {
    const char *text, *command; /* command may be NULL */
};

/* Whose an object is, by a label or annotation of it or of what it belongs to. */
struct ew_owner {
    const char *name, *source; /* "label team on Service shop/web" */
};
extern const char *const ew_owner_keys[]; /* where the options name none; NULL-terminated */

struct ew_finding {
    const char *id; /* "f1"… in order of layer and subject */
    const struct ew_cause *cause;
    enum ew_severity severity; /* effective, after the election */
    /* what it is about: an object (kind, ns?, name), or kind "Host", "Address", "Record", "Answer",
     * "Certificate" with a name */
    const char *kind, *ns, *name;
    const char *message;
    const struct ew_evidence *evidence;
    size_t evidence_count;
    const struct ew_step *steps;
    size_t step_count;
    const char *where;            /* "file:line"; NULL */
    const char *explained_by;     /* id of the first explainer; NULL: nothing explains it */
    const char *candidates;       /* http-unexplained: cause ids, blank-separated; "" */
    const char *note;             /* "cause behind it not seen: …"; NULL */
    const struct ew_owner *owner; /* of its subject; NULL: the objects name none */
};

struct ew_layer_result {
    enum ew_status status;
    const char *summary;           /* one line */
    double started_ms, elapsed_ms; /* elapsed negative: nothing was measured */
    const struct ew_finding *const *findings;
    size_t finding_count;
    const struct ew_json *facts; /* the layer's facts as reports and screens show them */
};

struct ew_undecided {
    const char *want, *why, *would_decide; /* would_decide: blank-separated ids */
};

/* All texts and arrays are the verdict's. */
struct ew_verdict {
    enum ew_status status;          /* ok warn fail unknown; pending while wants are open */
    int exit_status;                /* README.md "Exit status", without --fail-on */
    int first_failing;              /* enum ew_layer, -1: none */
    int layer;                      /* of the named cause, -1: none */
    const struct ew_finding *named; /* the root, or the leading warning; NULL */
    const char *summary;
    const struct ew_finding *const *symptoms;
    size_t symptom_count;
    const struct ew_finding *const *independent;
    size_t independent_count;
    struct ew_layer_result layers[EW_LAYER_COUNT];
    const struct ew_finding *const *findings; /* all, in order of id */
    size_t finding_count;
    const struct ew_undecided *undecided;
    size_t undecided_count;
    const struct ew_json *path;         /* "path" of the JSON; NULL when the inside was not seen */
    const struct ew_wants *wants;       /* facts not in the snapshot that would decide */
    const struct ew_decision *decision; /* NULL when there is no inside view */
    const struct ew_world *world;
};
/* Keeps a reference to the snapshot. */
struct ew_verdict *ew_judge(struct ew_snapshot *snapshot);
void ew_verdict_free(struct ew_verdict *verdict);

#endif
