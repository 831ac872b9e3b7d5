/* Worlds at random, the same for the same seed: Gateways, routes, Ingresses and what they need,
 * some of it wrong on purpose. The model stays beside the text, so that a test can say by itself
 * what must come out. */
#ifndef TESTS_UNIT_RANDOM_WORLD_H
#define TESTS_UNIT_RANDOM_WORLD_H

#include "edgewalk/base/buf.h"

enum { MOST_ROUTES = 8, MOST_HOSTS = 3, MOST_RULES = 3, MOST_INGRESSES = 3, MOST_PATHS = 3 };

struct random {
    uint32_t state;
};
struct random random_new(unsigned seed);
unsigned random_below(struct random *random, unsigned limit);
bool random_chance(struct random *random, unsigned percent);
#define random_of(random, list) ((list)[random_below(random, (unsigned)EW_COUNT(list))])

struct model_route {
    bool grpc;
    char name[24];
    const char *ns, *hosts[MOST_HOSTS];
    size_t host_count, rule_count;
};

struct model_path {
    const char *host, *path;
    int rule, at; /* place of the rule, and of the path in it */
};

struct model_ingress {
    char name[24];
    const char *ns;
    struct model_path paths[MOST_PATHS];
    size_t path_count;
    bool fallback; /* it has a default backend */
};

struct model {
    struct model_route routes[MOST_ROUTES];
    size_t route_count;
    struct model_ingress ingresses[MOST_INGRESSES];
    size_t ingress_count;
    char *yaml; /* the model's */
};
void model_make(struct model *model, unsigned seed);
void model_release(struct model *model);

/* A request line as put_text takes it ("GET http://…"); the caller's. */
char *random_request(struct random *random);

#endif
