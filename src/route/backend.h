/* References to backends, and what stands behind them. */
#ifndef ROUTE_BACKEND_H
#define ROUTE_BACKEND_H

#include "decide.h"

/* A reference followed: fault EW_BACKEND_OK with service and port, or a sentence. */
struct resolved {
    enum ew_backend_fault fault;
    const char *why;
    const struct ew_obj *service;
    const struct ew_json *port; /* of spec.ports */
};
void ref_resolve(struct ew_routing *routing, const struct ew_obj *from, const struct ew_json *ref,
                 struct resolved *out);

struct service_ask {
    const char *ns, *name, *port_name; /* port_name: instead of port; NULL */
    int port;
    bool udp, grpc;
};
void service_resolve(struct ew_routing *routing, const struct service_ask *ask,
                     struct resolved *out);
/* Endpoints and TLS of what was resolved, and whether it is usable. */
void backend_finish(struct draft *draft, struct resolved *resolved, struct ew_backend *out);

/* Endpoints of a Service port (endpoints.c). */
struct endpoints {
    struct ew_seen seen;
    int ready, total; /* with that port; -1: not known */
    int portless;     /* endpoints in slices that lack the port */
    bool assumed;     /* no slices in files, and the Service has a selector */
};
void endpoints_count(struct ew_routing *routing, const struct ew_obj *service,
                     const struct ew_json *port, struct endpoints *out);
/* " (targetPort http)" when it is named, else "". */
const char *target_port_text(struct ew_arena *arena, const struct ew_json *port);

/* Whether files hold an object of a kind that is none of ours. */
bool object_in_files(const struct ew_routing *routing, const char *group, const char *kind,
                     const char *ns, const char *name);

#endif
