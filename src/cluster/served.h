/* What an API server serves, of what we can use. */
#ifndef EW_CLUSTER_SERVED_H
#define EW_CLUSTER_SERVED_H

#include "edgewalk/object.h"

struct served;
struct served *served_new(void);
void served_free(struct served *served);

/* A group with its versions, the preferred first. */
void served_add_group(struct served *served, const char *name, const char *const *versions,
                      size_t count);
void served_add_resource(struct served *served, const char *group, const char *version,
                         const char *plural, const char *kind, bool namespaced);
/* The value of the fact api/discovery (fact/keys.h); call it once, when all is added. */
struct ew_doc *served_value(struct served *served);

/* The version to ask a kind in. NULL: not served. *readable is false when it is served only in
 * versions that we do not read. */
const char *served_version(const struct served *served, enum ew_kind kind, bool *readable);

/* A kind that is none of ours, by "KIND.GROUP", in its preferred version. */
struct served_kind {
    const char *group, *kind, *plural, *version;
    bool namespaced;
};
/* NULL: not served; *listed is false when the kinds of its group are not known. */
const struct served_kind *served_other(const struct served *served, const char *resource,
                                       bool *listed);

/* ---- families.c: route kinds of others ---- */
/* The product whose route kind this is, NULL when it is none that we know. */
const char *family_product(const char *group, const char *kind);
/* Whether any family has kinds in that group. */
bool family_has_group(const char *group);

#endif
