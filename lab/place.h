/* Where a scenario is played: its addresses (127.0.NET.y), its ports, its certificates, its time,
 * and the variables by which scenario files speak of them:
 *
 *   ${addr:NAME}  ${port:NAME}   given on first use, the same from then on
 *   ${cert:NAME}  ${key:NAME}    PEM; ${cert64:NAME}, ${key64:NAME} the same in Base64, for Secrets
 *   ${ca}  ${ca64}               the root that --cacert trusts
 *   ${time}  ${time:-90d}        RFC 3339, from now
 *   ${serial:NAME}               of a certificate, hexadecimal
 *   ${var:NAME}                  of the scenario's own `vars`
 *
 * A text that is one ${port:…} and nothing else becomes a number. */
#ifndef LAB_PLACE_H
#define LAB_PLACE_H

#include "certs.h"

struct lab_place;
/* Takes nothing over; certs must outlive the place. */
struct lab_place *lab_place_new(int net, int64_t now, const struct lab_certs *certs);
void lab_place_free(struct lab_place *place);
const char *lab_place_address(struct lab_place *place, const char *name);
void lab_place_set_address(struct lab_place *place, const char *name, const char *address);
int lab_place_port(struct lab_place *place, const char *name);
void lab_place_set_var(struct lab_place *place, const char *name, const char *value);
/* A text with its variables filled in, the caller's; NULL with err for a variable that is not
 * known. */
char *lab_place_text(struct lab_place *place, const char *text, struct ew_err *err);
/* The same for every text of a tree, as a new document. */
int lab_place_tree(struct lab_place *place, const struct ew_json *node, struct ew_doc **out,
                   struct ew_err *err);

#endif
