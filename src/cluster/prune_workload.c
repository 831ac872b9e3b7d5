/* Pods and what makes them: of their containers only what says how they are reached and why they
 * fail. Values of the environment, and words of a command line that look like a credential, are not
 * kept. */
#include "prune.h"

#include "edgewalk/base/text.h"

#include <ctype.h>
#include <string.h>

enum { WORD_MAX = 512, MEMBERS_MAX = 4096 };

#define HIDDEN "(hidden)"

static struct ew_json *prune(struct ew_doc *doc, const char *key, const struct ew_json *node);

static struct ew_json *with_line(struct ew_json *copy, const struct ew_json *from)
{
    ew_json_set_line(copy, ew_json_line(from));
    return copy;
}

static bool contains_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (; *text; text++) {
        size_t i = 0;
        while (i < len && tolower((unsigned char)text[i]) == word[i])
            i++;
        if (i == len)
            return true;
    }
    return false;
}

static bool is_sensitive(const char *text)
{
    static const char *const words[] = {"pass", "pwd",    "secret", "token", "key",     "cred",
                                        "auth", "bearer", "dsn",    "jwt",   "private", "cookie"};
    for (size_t i = 0; i < EW_COUNT(words); i++)
        if (contains_word(text, words[i]))
            return true;
    const char *scheme = strstr(text, "://");
    return scheme && strchr(scheme, '@'); /* user information of a URL */
}

/* args and command. A flag that names a credential hides its value, here or in the next word. */
static struct ew_json *words(struct ew_doc *doc, const struct ew_json *from)
{
    bool hide_next = false;
    struct ew_json *out = with_line(ew_json_array(doc), from);
    EW_JSON_EACH(word, from)
    {
        const char *text = ew_json_str_or(word, "");
        const char *equals = strchr(text, '=');
        bool flag = text[0] == '-', sensitive = is_sensitive(text);
        bool hide = hide_next || strlen(text) > WORD_MAX || (sensitive && (!flag || equals));
        hide_next = flag && !equals && sensitive;
        ew_json_add(doc, out, hide ? ew_json_string(doc, HIDDEN) : ew_json_copy(doc, word));
    }
    return out;
}

/* Names stay, and where a value would come from. */
static struct ew_json *environment(struct ew_doc *doc, const struct ew_json *from)
{
    struct ew_json *out = with_line(ew_json_array(doc), from);
    EW_JSON_EACH(entry, from)
    {
        struct ew_json *row = ew_json_add(doc, out, with_line(ew_json_object(doc), entry));
        ew_json_set_str(doc, row, "name", ew_json_get_str(entry, "name", ""));
        if (ew_json_get(entry, "valueFrom"))
            ew_json_set(doc, row, "valueFrom", ew_json_copy(doc, ew_json_get(entry, "valueFrom")));
    }
    return out;
}

/* A probe's headers: Host decides where it lands, any other may be a credential. */
static struct ew_json *probe_headers(struct ew_doc *doc, const struct ew_json *from)
{
    struct ew_json *out = with_line(ew_json_array(doc), from);
    EW_JSON_EACH(entry, from)
    {
        struct ew_json *row = ew_json_add(doc, out, with_line(ew_json_object(doc), entry));
        const char *name = ew_json_get_str(entry, "name", "");
        ew_json_set_str(doc, row, "name", name);
        ew_json_set_str(doc, row, "value",
                        ew_text_ieq(name, "host") ? ew_json_get_str(entry, "value", "") : HIDDEN);
    }
    return out;
}

static const struct {
    const char *key;
    struct ew_json *(*prune)(struct ew_doc *doc, const struct ew_json *from);
} special[] = {
    {"env", environment},
    {"args", words},
    {"command", words},
    {"httpHeaders", probe_headers},
};

/* By the name of the member, at any depth: a pod's spec, a template's, and those of kinds that we
 * do not know. */
static struct ew_json *prune(struct ew_doc *doc, const char *key, const struct ew_json *node)
{
    bool array = ew_json_is(node, EW_JSON_ARRAY);
    bool object = ew_json_is(node, EW_JSON_OBJECT) && ew_json_count(node) <= MEMBERS_MAX;
    if (!array && !object)
        return ew_json_copy(doc, node);
    for (size_t i = 0; array && key && i < EW_COUNT(special); i++)
        if (strcmp(special[i].key, key) == 0)
            return special[i].prune(doc, node);
    struct ew_json *out = with_line(array ? ew_json_array(doc) : ew_json_object(doc), node);
    EW_JSON_EACH(member, node)
    {
        struct ew_json *copy = prune(doc, ew_json_key(member), member);
        if (array)
            ew_json_add(doc, out, copy);
        else
            ew_json_set(doc, out, ew_json_key(member), copy);
    }
    return out;
}

struct ew_json *cluster_prune_workload(struct ew_doc *doc, const struct ew_json *spec)
{
    return prune(doc, NULL, spec);
}
