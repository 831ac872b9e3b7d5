/* What the files of the lab's API share. */
#ifndef LAB_API_ROOM_H
#define LAB_API_ROOM_H

#include "api.h"
#include "http.h"

/* A kind that can be asked for. versions: best first, blank-separated; an object of the scenario is
 * served in each. crd: from a CustomResourceDefinition, whose list items name their kind. */
struct lab_kind {
    const char *group, *versions, *plural, *kind, *short_name; /* short_name may be NULL */
    bool namespaced, crd;
};
/* The standard kinds, and those of `api.resources`, less the groups of `api.without`. Array and
 * rows are the caller's, to free with lab_kinds_free. */
struct lab_kind *lab_kinds_make(const struct ew_json *spec, size_t *count);
void lab_kinds_free(struct lab_kind *kinds);
bool lab_kind_has_version(const struct lab_kind *kind, const char *version);
/* The first of a blank-separated list; the caller's. */
char *lab_first_word(const char *words);

/* What a path asks for. Texts are the path's own copy's. */
struct lab_path {
    char *copy;
    const char *group, *version;          /* NULL: above that level */
    const char *ns, *plural, *name, *sub; /* NULL: not given */
    bool core, groups;                    /* below /api, below /apis */
};
void lab_path_read(const char *path, struct lab_path *out);
void lab_path_release(struct lab_path *path);

/* /version, /api, /apis, /apis/GROUP and /apis/GROUP/VERSION. false: it is none of those. */
bool lab_discovery(const struct lab_kind *kinds, size_t count, const struct ew_json *spec,
                   const struct lab_path *path, const struct lab_request *request,
                   struct lab_reply *reply);
/* get and list of one kind. */
void lab_read(const struct lab_kind *kind, const struct ew_json *spec,
              const struct ew_json *objects, const struct lab_path *path,
              const struct lab_request *request, struct lab_reply *reply);

/* A value of the query, decoded, the caller's; NULL: not given. */
char *lab_query_get(const char *query, const char *key);
/* type: the Content-Type; NULL: application/json. */
void lab_reply_json(struct lab_reply *reply, int status, const char *type,
                    const struct ew_json *node);
void lab_reply_text(struct lab_reply *reply, int status, const char *text);
/* A metav1.Status of failure. details: kind and name of what it is about; each may be NULL. */
void lab_reply_status(struct lab_reply *reply, int code, const char *reason, const char *kind,
                      const char *name, const char *format, ...) EW_PRINTF(6, 7);

#endif
