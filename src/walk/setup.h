/* What a snapshot knows before anything was asked: target, options, vantage (fact/keys.h). */
#ifndef WALK_SETUP_H
#define WALK_SETUP_H

#include "edgewalk/walk.h"

/* "ADDR", "ADDR:PORT", "[ADDR]:PORT" as "ADDR:PORT", port 53 where none is given. EW_EUSAGE
 * otherwise. The text is the caller's. */
int ew_walk_resolver(const char *text, char **out, struct ew_err *err);

/* Fills a new snapshot. cluster may be NULL. EW_EUSAGE for an option that says nothing usable. */
int ew_walk_describe(struct ew_snapshot *snapshot, const struct ew_target *target,
                     const struct ew_walk_options *options, const struct ew_cluster *cluster,
                     int deadline_ms, struct ew_err *err);

/* options.tools: how kubectl, edgewalk and curl ask as this walk does. */
void ew_walk_describe_tools(struct ew_doc *doc, struct ew_json *options,
                            const struct ew_walk_options *from);

#endif
