/* Trees made from trees: how a scenario changes the one it is based on. Nothing here does I/O;
 * results are new nodes of `doc`, and keep the lines of where they came from. */
#ifndef LAB_PATCH_H
#define LAB_PATCH_H

#include "edgewalk/json.h"

/* JSON merge patch (RFC 7386): maps are merged, null takes a member away, all else is replaced. */
struct ew_json *lab_merge(struct ew_doc *doc, const struct ew_json *base,
                          const struct ew_json *patch);
/* A copy of node with the value at `path` set (NULL: taken away). Path: keys joined by dots, [N]
 * for an item, ["a.b/c"] for a key with dots; an index one past the end adds an item. NULL when the
 * path leads through what is neither map nor list; err says so. */
struct ew_json *lab_set(struct ew_doc *doc, const struct ew_json *node, const char *path,
                        const struct ew_json *value, struct ew_err *err);
/* "HTTPRoute commerce/orders-api", "Namespace commerce"; the caller's. */
char *lab_object_title(const struct ew_json *object);
/* The array `objects` with those of `own` added, or put in place of their namesakes. */
struct ew_json *lab_overlay(struct ew_doc *doc, const struct ew_json *objects,
                            const struct ew_json *own);
/* The same objects in the order in which an API server lists them: by namespace, then by name. */
struct ew_json *lab_sorted(struct ew_doc *doc, const struct ew_json *objects);
/* Applies a scenario's `change` list. A change that meets no object is an error. */
struct ew_json *lab_change(struct ew_doc *doc, const struct ew_json *objects,
                           const struct ew_json *changes, struct ew_err *err);

#endif
