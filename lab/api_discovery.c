#include "api_room.h"

#include <stdlib.h>
#include <string.h>

#define V2 "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

static struct ew_json *typed(struct ew_doc *doc, const char *kind, const char *version)
{
    struct ew_json *out = ew_json_object(doc);
    ew_json_set_str(doc, out, "kind", kind);
    ew_json_set_str(doc, out, "apiVersion", version);
    return out;
}

static void add_verbs(struct ew_doc *doc, struct ew_json *resource)
{
    static const char *const verbs[] = {"create", "delete", "deletecollection", "get",
                                        "list",   "patch",  "update",           "watch"};
    struct ew_json *list = ew_json_array(doc);
    for (size_t i = 0; i < EW_COUNT(verbs); i++)
        ew_json_add(doc, list, ew_json_string(doc, verbs[i]));
    ew_json_set(doc, resource, "verbs", list);
}

static void add_short(struct ew_doc *doc, struct ew_json *resource, const struct lab_kind *kind)
{
    struct ew_json *list = ew_json_array(doc);
    if (!kind->short_name)
        return;
    ew_json_add(doc, list, ew_json_string(doc, kind->short_name));
    ew_json_set(doc, resource, "shortNames", list);
}

static char *group_version(const char *group, const char *version)
{
    return ew_fmt("%s%s%s", group, *group ? "/" : "", version);
}

/* Every group once, in order of the table. */
static bool first_of_group(const struct lab_kind *kinds, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(kinds[i].group, kinds[at].group) == 0)
            return false;
    return true;
}

/* All versions of a group, best first, each once; the caller's. */
static char *versions_of(const struct lab_kind *kinds, size_t count, const char *group)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    for (size_t i = 0; i < count; i++) {
        char *words = ew_strdup(kinds[i].versions), *save = NULL;
        for (char *word = strtok_r(words, " ", &save); word && strcmp(kinds[i].group, group) == 0;
             word = strtok_r(NULL, " ", &save)) {
            struct lab_kind so_far = {.versions = ew_buf_text(&out)};
            if (!lab_kind_has_version(&so_far, word))
                ew_buf_addf(&out, "%s%s", out.len ? " " : "", word);
        }
        free(words);
    }
    return out.len ? ew_buf_take(&out) : ew_strdup("");
}

static struct ew_json *version_entry(struct ew_doc *doc, const char *group, const char *version)
{
    char *both = group_version(group, version);
    struct ew_json *out = ew_json_object(doc);
    ew_json_set_str(doc, out, "groupVersion", both);
    ew_json_set_str(doc, out, "version", version);
    free(both);
    return out;
}

static struct ew_json *group_entry(struct ew_doc *doc, const struct lab_kind *kinds, size_t count,
                                   const char *group)
{
    char *words = versions_of(kinds, count, group), *save = NULL;
    char *best = lab_first_word(words);
    struct ew_json *out = ew_json_object(doc), *versions = ew_json_array(doc);
    ew_json_set_str(doc, out, "name", group);
    for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
        ew_json_add(doc, versions, version_entry(doc, group, word));
    ew_json_set(doc, out, "versions", versions);
    ew_json_set(doc, out, "preferredVersion", version_entry(doc, group, best));
    free(words);
    free(best);
    return out;
}

static struct ew_json *group_list(struct ew_doc *doc, const struct lab_kind *kinds, size_t count)
{
    struct ew_json *out = typed(doc, "APIGroupList", "v1"), *groups = ew_json_array(doc);
    for (size_t i = 0; i < count; i++)
        if (*kinds[i].group && first_of_group(kinds, i))
            ew_json_add(doc, groups, group_entry(doc, kinds, count, kinds[i].group));
    ew_json_set(doc, out, "groups", groups);
    return out;
}

static char *singular(const struct lab_kind *kind)
{
    char *text = ew_strdup(kind->kind);
    for (char *c = text; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    return text;
}

static struct ew_json *resource_entry(struct ew_doc *doc, const struct lab_kind *kind)
{
    char *one = singular(kind);
    struct ew_json *out = ew_json_object(doc);
    ew_json_set_str(doc, out, "name", kind->plural);
    ew_json_set_str(doc, out, "singularName", one);
    ew_json_set_bool(doc, out, "namespaced", kind->namespaced);
    ew_json_set_str(doc, out, "kind", kind->kind);
    add_verbs(doc, out);
    add_short(doc, out, kind);
    free(one);
    return out;
}

static bool served(const struct lab_kind *kind, const char *group, const char *version)
{
    return strcmp(kind->group, group) == 0 && lab_kind_has_version(kind, version);
}

/* NULL: nothing is served there. */
static struct ew_json *resource_list(struct ew_doc *doc, const struct lab_kind *kinds, size_t count,
                                     const struct lab_path *path)
{
    char *both = group_version(path->group, path->version);
    struct ew_json *out = typed(doc, "APIResourceList", "v1"), *list = ew_json_array(doc);
    ew_json_set_str(doc, out, "groupVersion", both);
    for (size_t i = 0; i < count; i++)
        if (served(&kinds[i], path->group, path->version))
            ew_json_add(doc, list, resource_entry(doc, &kinds[i]));
    ew_json_set(doc, out, "resources", list);
    free(both);
    return ew_json_count(list) ? out : NULL;
}

static struct ew_json *v2_resource(struct ew_doc *doc, const struct lab_kind *kind,
                                   const char *version)
{
    char *one = singular(kind);
    struct ew_json *out = ew_json_object(doc), *response = ew_json_object(doc);
    ew_json_set_str(doc, response, "group", kind->group);
    ew_json_set_str(doc, response, "version", version);
    ew_json_set_str(doc, response, "kind", kind->kind);
    ew_json_set_str(doc, out, "resource", kind->plural);
    ew_json_set(doc, out, "responseKind", response);
    ew_json_set_str(doc, out, "scope", kind->namespaced ? "Namespaced" : "Cluster");
    ew_json_set_str(doc, out, "singularResource", one);
    add_verbs(doc, out);
    add_short(doc, out, kind);
    free(one);
    return out;
}

static struct ew_json *v2_version(struct ew_doc *doc, const struct lab_kind *kinds, size_t count,
                                  const char *group, const char *version)
{
    struct ew_json *out = ew_json_object(doc), *list = ew_json_array(doc);
    ew_json_set_str(doc, out, "version", version);
    for (size_t i = 0; i < count; i++)
        if (served(&kinds[i], group, version))
            ew_json_add(doc, list, v2_resource(doc, &kinds[i], version));
    ew_json_set(doc, out, "resources", list);
    ew_json_set_str(doc, out, "freshness", "Current");
    return out;
}

static struct ew_json *v2_group(struct ew_doc *doc, const struct lab_kind *kinds, size_t count,
                                const char *group)
{
    char *words = versions_of(kinds, count, group), *save = NULL;
    struct ew_json *out = ew_json_object(doc), *metadata = ew_json_object(doc);
    struct ew_json *versions = ew_json_array(doc);
    if (*group)
        ew_json_set_str(doc, metadata, "name", group);
    ew_json_set(doc, out, "metadata", metadata);
    for (char *word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
        ew_json_add(doc, versions, v2_version(doc, kinds, count, group, word));
    ew_json_set(doc, out, "versions", versions);
    free(words);
    return out;
}

/* The aggregated form of servers since 1.30, of the core group or of all others. */
static struct ew_json *v2_list(struct ew_doc *doc, const struct lab_kind *kinds, size_t count,
                               bool core)
{
    struct ew_json *out = typed(doc, "APIGroupDiscoveryList", "apidiscovery.k8s.io/v2");
    struct ew_json *items = ew_json_array(doc);
    ew_json_set(doc, out, "metadata", ew_json_object(doc));
    for (size_t i = 0; i < count; i++)
        if (first_of_group(kinds, i) && core == !*kinds[i].group)
            ew_json_add(doc, items, v2_group(doc, kinds, count, kinds[i].group));
    ew_json_set(doc, out, "items", items);
    return out;
}

static struct ew_json *core_versions(struct ew_doc *doc)
{
    struct ew_json *out = ew_json_object(doc), *versions = ew_json_array(doc);
    ew_json_set_str(doc, out, "kind", "APIVersions");
    ew_json_add(doc, versions, ew_json_string(doc, "v1"));
    ew_json_set(doc, out, "versions", versions);
    ew_json_set(doc, out, "serverAddressByClientCIDRs", ew_json_array(doc));
    return out;
}

static struct ew_json *version_info(struct ew_doc *doc, const struct ew_json *spec)
{
    struct ew_json *out = ew_json_object(doc);
    ew_json_set_str(doc, out, "major", "1");
    ew_json_set_str(doc, out, "minor", "36");
    ew_json_set_str(doc, out, "gitVersion", ew_json_get_str(spec, "version", "v1.36.3"));
    ew_json_set_str(doc, out, "platform", "linux/amd64");
    return out;
}

static struct ew_json *one_group(struct ew_doc *doc, const struct lab_kind *kinds, size_t count,
                                 const char *group)
{
    struct ew_json *out = group_entry(doc, kinds, count, group);
    ew_json_set_str(doc, out, "kind", "APIGroup");
    ew_json_set_str(doc, out, "apiVersion", "v1");
    return ew_json_count(ew_json_get(out, "versions")) ? out : NULL;
}

bool lab_discovery(const struct lab_kind *kinds, size_t count, const struct ew_json *spec,
                   const struct lab_path *path, const struct lab_request *request,
                   struct lab_reply *reply)
{
    const char *accept = ew_map_get(request->headers, "accept");
    bool v2 = accept && strstr(accept, V2) && !ew_json_get_bool(spec, "old_discovery", false);
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *answer = NULL;
    bool ours = !path->plural;
    if (strcmp(request->path, "/version") == 0)
        answer = version_info(doc, spec);
    else if (!path->core && !path->groups)
        ours = false;
    else if (path->version && ours)
        answer = resource_list(doc, kinds, count, path);
    else if (path->core && ours)
        answer = v2 ? v2_list(doc, kinds, count, true) : core_versions(doc);
    else if (path->group && ours)
        answer = one_group(doc, kinds, count, path->group);
    else if (ours)
        answer = v2 ? v2_list(doc, kinds, count, false) : group_list(doc, kinds, count);
    bool aggregated = strcmp(ew_json_get_str(answer, "kind", ""), "APIGroupDiscoveryList") == 0;
    if (answer)
        lab_reply_json(reply, 200, aggregated ? "application/json;" V2 : NULL, answer);
    else if (ours)
        lab_reply_text(reply, 404, "404 page not found\n");
    ew_doc_unref(doc);
    return ours;
}
