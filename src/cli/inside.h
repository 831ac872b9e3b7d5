/* What the verbs share that ask the objects alone: route and check. */
#ifndef CLI_INSIDE_H
#define CLI_INSIDE_H

#include "cli.h"

/* {name: bool} from --feature; NULL when none is given. */
int ew_cli_features(const struct ew_cli *cli, struct ew_doc **out, struct ew_err *err);
int ew_cli_gather_options(const struct ew_cli *cli, struct ew_gather_options *out,
                          struct ew_err *err);
/* Prints the object as JSON, or as the text that write makes of it. */
typedef void ew_text_fn(const struct ew_json *node, const struct ew_report_options *options,
                        struct ew_buf *out);
int ew_cli_print_object(const struct ew_cli *cli, const struct ew_json *node, bool json,
                        ew_text_fn *write);

#endif
