#include "judging.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *title(struct judging *j, const struct ew_obj *obj)
{
    char *text = ew_obj_title(obj);
    const char *copy = ew_arena_strdup(j->arena, text);
    free(text);
    return copy;
}

const char *at_port(struct judging *j, const char *address, int port)
{
    char *text = ew_ip_with_port(address, port);
    const char *copy = ew_arena_strdup(j->arena, text);
    free(text);
    return copy;
}

const char *ns_name(struct judging *j, const char *ns, const char *name)
{
    return ns ? ew_arena_fmt(j->arena, "%s/%s", ns, name) : ew_arena_strdup(j->arena, name);
}

static bool is_same(const struct ew_draft *draft, const char *cause, const char *kind,
                    const char *ns, const char *name)
{
    return strcmp(draft->out.cause->id, cause) == 0 && strcmp(draft->out.kind, kind) == 0 &&
           ew_streq(draft->out.ns, ns) && ew_streq(draft->out.name, name);
}

struct ew_draft *draft_new(struct judging *j, const char *cause, const char *kind, const char *ns,
                           const char *name)
{
    for (size_t i = 0; i < j->drafts.count; i++)
        if (is_same(j->drafts.at[i], cause, kind, ns, name))
            return j->drafts.at[i];
    struct ew_draft *draft = ew_arena_alloc(j->arena, sizeof(*draft));
    draft->out.cause = ew_cause_find(cause);
    draft->out.severity = draft->out.cause->severity;
    draft->out.kind = ew_arena_strdup(j->arena, kind);
    draft->out.ns = ew_arena_strdup(j->arena, ns);
    draft->out.name = ew_arena_strdup(j->arena, name);
    draft->out.message = draft->out.cause->title;
    draft->out.candidates = "";
    draft_tag(j, draft, EW_TAG_OBJECT, say(j, "%s %s", kind, ns_name(j, ns, name)));
    ew_ptrs_add(&j->drafts, draft);
    return draft;
}

struct ew_draft *draft_about(struct judging *j, const char *cause, const struct ew_obj *obj)
{
    struct ew_draft *draft = draft_new(j, cause, obj->kind_name, obj->ns, obj->name);
    draft->out.where = obj->where;
    draft->from_objects = true;
    return draft;
}

struct ew_draft *draft_find(const struct judging *j, const char *cause)
{
    for (size_t i = 0; i < j->drafts.count; i++) {
        struct ew_draft *draft = j->drafts.at[i];
        if (strcmp(draft->out.cause->id, cause) == 0)
            return draft;
    }
    return NULL;
}

struct ew_draft *draft_find_about(const struct judging *j, const char *cause,
                                  const struct ew_obj *obj)
{
    for (size_t i = 0; i < j->drafts.count; i++)
        if (is_same(j->drafts.at[i], cause, obj->kind_name, obj->ns, obj->name))
            return j->drafts.at[i];
    return NULL;
}

EW_PRINTF(2, 0)
static const char *formatted(struct judging *j, const char *format, va_list args)
{
    char *text = ew_vfmt(format, args);
    const char *copy = ew_arena_strdup(j->arena, text);
    free(text);
    return copy;
}

void draft_says(struct judging *j, struct ew_draft *draft, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    draft->out.message = formatted(j, format, args);
    va_end(args);
}

/* A list that grows in the arena: the old part stays behind, findings are small. */
static void *grown(struct judging *j, const void *old, size_t count, size_t size)
{
    void *list = ew_arena_alloc(j->arena, (count + 1) * size);
    if (count)
        memcpy(list, old, count * size);
    return list;
}

void draft_shows(struct judging *j, struct ew_draft *draft, const char *source, const char *format,
                 ...)
{
    va_list args;
    va_start(args, format);
    const char *text = formatted(j, format, args);
    va_end(args);
    for (size_t i = 0; i < draft->out.evidence_count; i++)
        if (strcmp(draft->out.evidence[i].text, text) == 0 &&
            strcmp(draft->out.evidence[i].source, source) == 0)
            return;
    struct ew_evidence *list =
        grown(j, draft->out.evidence, draft->out.evidence_count, sizeof(*list));
    list[draft->out.evidence_count++] =
        (struct ew_evidence){ew_arena_strdup(j->arena, source), text};
    draft->out.evidence = list;
}

void draft_shows_cond(struct judging *j, struct ew_draft *draft, const char *source,
                      const struct ew_cond *cond)
{
    draft_shows(j, draft, source, "%s=%s %s: %s", cond->type, clean(j, cond->status),
                clean(j, cond->reason), clean(j, cond->message));
}

/* The flags of the program whose name stands here as a command. */
static const char *flags_at(const struct judging *j, const char *command, const char *at,
                            size_t *name_len)
{
    EW_JSON_EACH(tool, ew_json_get(j->options, "tools"))
    {
        const char *name = ew_json_key(tool);
        *name_len = strlen(name);
        if (strncmp(at, name, *name_len) == 0 && at[*name_len] == ' ' &&
            (at == command || at[-1] == ' ' || at[-1] == '('))
            return ew_json_str(tool);
    }
    return NULL;
}

/* The command as it asks the same cluster, resolvers and CA as the walk did: pasted elsewhere than
 * where the walk looked it would answer for another place. */
static const char *as_walked(struct judging *j, const char *command)
{
    struct ew_buf out;
    ew_buf_init(&out, 0);
    for (const char *at = command; *at; at++) {
        size_t len;
        const char *flags = flags_at(j, command, at, &len);
        ew_buf_add(&out, at, flags ? len : 1);
        if (flags)
            ew_buf_addf(&out, " %s", flags);
        at += flags ? len - 1 : 0;
    }
    const char *copy = ew_arena_strdup(j->arena, ew_buf_text(&out));
    ew_buf_release(&out);
    return copy;
}

void draft_next(struct judging *j, struct ew_draft *draft, const char *text, const char *format,
                ...)
{
    const char *command = NULL;
    if (format) {
        va_list args;
        va_start(args, format);
        command = as_walked(j, formatted(j, format, args));
        va_end(args);
    }
    struct ew_step *list = grown(j, draft->out.steps, draft->out.step_count, sizeof(*list));
    list[draft->out.step_count++] = (struct ew_step){ew_arena_strdup(j->arena, text), command};
    draft->out.steps = list;
}

bool draft_tagged(const struct ew_draft *draft, enum ew_tag_kind kind, const char *text)
{
    for (size_t i = 0; i < draft->tag_count; i++)
        if (draft->tags[i].kind == kind && strcmp(draft->tags[i].text, text) == 0)
            return true;
    return false;
}

void draft_tag(struct judging *j, struct ew_draft *draft, enum ew_tag_kind kind, const char *text)
{
    if (!text || draft_tagged(draft, kind, text))
        return;
    struct ew_tag *list = grown(j, draft->tags, draft->tag_count, sizeof(*list));
    list[draft->tag_count++] = (struct ew_tag){kind, ew_arena_strdup(j->arena, text)};
    draft->tags = list;
}

void tag_host(struct judging *j, struct ew_draft *draft)
{
    draft_tag(j, draft, EW_TAG_HOST, j->claimed);
    draft_tag(j, draft, EW_TAG_HOST, j->host);
}

void tag_gateway(struct judging *j, struct ew_draft *draft, const struct ew_obj *gateway)
{
    draft_tag(j, draft, EW_TAG_GATEWAY, ns_name(j, gateway->ns, gateway->name));
    draft_tag(j, draft, EW_TAG_CLASS, ew_json_str(ew_obj_at(gateway, "spec.gatewayClassName")));
}

void tag_certificates(struct judging *j, struct ew_draft *draft, const struct ew_obj *owner,
                      const struct ew_json *listener)
{
    EW_JSON_EACH(ref, ew_json_at(listener, "tls.certificateRefs"))
    draft_tag(
        j, draft, EW_TAG_CERT,
        ns_name(j, ew_json_get_str(ref, "namespace", owner->ns), ew_json_get_str(ref, "name", "")));
}
