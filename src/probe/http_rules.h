/* What of the user's goes with which request, and whom it may be shown to. */
#ifndef EW_PROBE_HTTP_RULES_H
#define EW_PROBE_HTTP_RULES_H

#include "prober.h"

/* The method to use: the want's for "main", and for samples and hops where it is a safe one. */
const char *http_method(const char *what, const char *wanted);
/* Whether both URLs have one host (and, by origin, one scheme and port, too). */
bool http_same_host(const char *a, const char *b);
bool http_same_origin(const char *a, const char *b);
/* The user's headers that may go with this request; the array is the caller's, not the texts. */
const char **http_headers(const char *const *user, const char *what, const char *url,
                          const char *main_url);

#endif
