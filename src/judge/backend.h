/* Backends of the rule that takes the request: what is wrong with a reference to one. */
#ifndef JUDGE_BACKEND_H
#define JUDGE_BACKEND_H

#include "route.h"

/* ---- what findings about a backend have in common (service.c) ---- */
void backend_tags(struct judging *j, struct ew_draft *draft, const struct ew_backend *backend);
/* What the controller says of the references of the route. */
void backend_refs_said(struct judging *j, struct ew_draft *draft);
/* "HTTPRoute shop/web rule 0". */
const char *rule_title(struct judging *j);

/* ---- references of a wrong kind, without a port, or to a port of another protocol ---- */
void backend_judge_kind(struct judging *j, const struct ew_backend *backend);
/* The controller refuses the reference for its kind or protocol. */
bool backend_kind_refused(const struct judging *j, const struct ew_backend *backend);
/* Where what decides could not be read (the Service, its namespace's grants), and the controller
 * has decided: "BackendNotFound" or "RefNotPermitted"; NULL otherwise. */
const char *backend_said_unread(const struct judging *j, const struct ew_backend *backend);
/* Whether it is a kind of backend nobody here knows, and the controller does not say no. */
bool backend_kind_open(const struct judging *j, const struct ew_backend *backend);
/* The controller says that all references of the route are good. */
bool backend_refs_taken(const struct judging *j);

/* ---- TLS to the backend (backend_tls.c) ---- */
void backend_judge_tls(struct judging *j, const struct ew_backend *backend);

/* ---- Services whose endpoints are written by hand (selectorless.c) ---- */
void backend_judge_selectorless(struct judging *j, const struct ew_backend *backend);

/* ---- filters that the rule names by reference (filter_ref.c) ---- */
void route_judge_filters(struct judging *j);
/* The rule that takes the request names a filter that is not there, and the words are of it. */
bool route_misses_filter(const struct judging *j, const struct ew_obj *route, const char *words);

/* ---- a rule that leads nowhere ---- */
void backends_judge_none(struct judging *j);

#endif
