/* Paths of the Kubernetes API. */
#ifndef EW_CLUSTER_PATH_H
#define EW_CLUSTER_PATH_H

#include "edgewalk/object.h"

/* "/apis/GROUP/VERSION/namespaces/NS/PLURAL/NAME"; ns and name may be NULL. The caller's. NULL when
 * ns or name cannot be a segment of a path: nothing can have such a name. */
char *path_of(const char *group, const char *version, const char *plural, const char *ns,
              const char *name);
/* Adds "&KEY=VALUE", "?" where it is the first, with the value percent-encoded. */
void path_add_query(char **path, const char *key, const char *value);

#endif
