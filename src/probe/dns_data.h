/* The data of a DNS record as text, as dig writes it. */
#ifndef EW_PROBE_DNS_DATA_H
#define EW_PROBE_DNS_DATA_H

#include <arpa/nameser.h>

/* The caller's. A type without a text of its own, and data that is not what its type says, are
 * written as RFC 3597 §5 does: "\# 3 c00201". */
char *dns_data_text(ns_msg *msg, ns_rr *rr);

#endif
