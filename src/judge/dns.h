/* What the resolvers say about the host. */
#ifndef JUDGE_DNS_H
#define JUDGE_DNS_H

#include "judging.h"

/* What one resolver says about the host, both families taken together. In order of what tells most.
 */
enum says {
    SAYS_ADDRESSES,
    SAYS_NXDOMAIN,
    SAYS_SERVFAIL, /* or refused, or another error */
    SAYS_NODATA,
    SAYS_NOTHING, /* silent, or nobody listens there */
    SAYS_PENDING,
};

struct opinion {
    const char *resolver;
    enum says says;
    const char *rcode;    /* or the reason of silence */
    const char *dangling; /* the CNAME target that has no address; NULL */
    const char *ede;      /* extended error text; NULL */
};

enum { RESOLVERS_MAX = 8 };

struct opinions {
    struct opinion at[RESOLVERS_MAX];
    size_t count, by[SAYS_PENDING + 1];
};

/* "NXDOMAIN", "no address", "silent" */
const char *opinion_text(const struct opinion *opinion);
const char *record_summary(struct judging *j);

#endif
