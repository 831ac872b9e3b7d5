/* The kubeconfig by which a walk reaches the lab's API. */
#ifndef LAB_KUBECONFIG_H
#define LAB_KUBECONFIG_H

#include "certs.h"

/* YAML, the caller's. spec: `api` of the scenario, which may ask for another server, token, login,
 * namespace or authority than the right ones. certs: the cluster's, with one called "user". */
char *lab_kubeconfig(const struct ew_json *spec, const char *server, const struct lab_certs *certs);

#endif
