#include "judging.h"

#include <string.h>

bool is_known(struct got got)
{
    return got.state == EW_KNOWN && got.value;
}

const char *outcome_of(struct got got)
{
    return ew_json_get_str(got.value, "outcome", "");
}

struct address *address_find(struct judging *j, const char *text)
{
    char canonical[46];
    const char *wanted = ew_ip_canonical(text, canonical) ? canonical : text;
    for (size_t i = 0; i < j->address_count; i++)
        if (strcmp(j->addresses[i].text, wanted) == 0)
            return &j->addresses[i];
    return NULL;
}

/* NULL for what is no address, or one too many: hostile answers must not make us probe at large. */
struct address *address_add(struct judging *j, const char *text)
{
    char canonical[46];
    struct address *old = address_find(j, text);
    if (old || !ew_ip_canonical(text, canonical) || j->address_count == ADDRESSES_MAX)
        return old;
    struct address *address = &j->addresses[j->address_count++];
    address->text = ew_arena_strdup(j->arena, canonical);
    return address;
}

size_t record_count(const struct judging *j)
{
    size_t count = 0;
    for (size_t i = 0; i < j->address_count; i++)
        count += j->addresses[i].in_record;
    return count;
}

static enum test test_of(const struct address *address, enum ew_layer layer)
{
    if (layer == EW_LAYER_LB)
        return address->tcp_test;
    return layer == EW_LAYER_TLS ? address->tls_test : address->http_test;
}

/* A TLS test that plain HTTP has not is no obstacle. */
uint64_t published_marks(const struct judging *j, const struct address *at, enum ew_layer layer)
{
    bool passes = false, fails = false;
    if (at->published)
        return EW_MARK(PUBLISHED_FAILS);
    for (size_t i = 0; i < j->address_count; i++) {
        if (!j->addresses[i].published)
            continue;
        enum test test = test_of(&j->addresses[i], layer);
        passes = passes || test == TEST_PASS;
        fails = fails || test == TEST_FAIL;
    }
    if (passes)
        return EW_MARK(PUBLISHED_PASSES);
    return fails ? EW_MARK(PUBLISHED_FAILS) : 0;
}

/* Gateways whose address it is; where nobody publishes it (NAT), all that carry the host. */
void tag_edge(struct judging *j, struct ew_draft *draft, const struct address *at)
{
    draft_tag(j, draft, EW_TAG_ADDRESS, at->text);
    draft_tag(j, draft, EW_TAG_GATEWAY, at->tag);
    for (size_t i = 0; !at->tag && i < j->entry_count; i++)
        draft_tag(j, draft, EW_TAG_GATEWAY, j->entries[i].tag);
}
