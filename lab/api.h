/* A Kubernetes API over HTTPS that serves the objects of a scenario, read-only, in the shapes of a
 * kube-apiserver: discovery, get, list, selectors, pages, authorisation, and its failures. */
#ifndef LAB_API_H
#define LAB_API_H

#include "certs.h"

#include <event2/event.h>

struct lab_api;
/* spec: `api` of a scenario (doc/scenario-format.md), filled in; objects: an array. Both, and
 * certs, which has a certificate called "api", must outlive it. Tokens other than the right one get
 * 401. */
int lab_api_new(struct event_base *base, const struct ew_json *spec, const struct ew_json *objects,
                const struct lab_certs *certs, const char *address, int port, struct lab_api **out,
                struct ew_err *err);
void lab_api_free(struct lab_api *api);

#define LAB_API_TOKEN "lab-token-of-the-day"

#endif
