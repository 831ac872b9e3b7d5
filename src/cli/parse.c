#include "cli.h"

#include "edgewalk/base/text.h"

#include <stdlib.h>
#include <string.h>

static void append(const char ***list, const char *value)
{
    size_t count = 0;
    while (*list && (*list)[count])
        count++;
    *list = ew_realloc(*list, count + 2, sizeof(**list));
    (*list)[count] = value;
    (*list)[count + 1] = NULL;
}

static const struct ew_option *nearest_option(const char *name, size_t len)
{
    const struct ew_option *best = NULL;
    size_t least = 4;
    char *typed = ew_strndup(name, len);
    for (int id = 0; id < OPT_COUNT; id++) {
        size_t distance = ew_text_distance(typed, ew_option_at(id)->name);
        if (distance < least) {
            least = distance;
            best = ew_option_at(id);
        }
    }
    free(typed);
    return best;
}

static const struct ew_option *find_long(const char *name, size_t len)
{
    for (int id = 0; id < OPT_COUNT; id++) {
        const char *known = ew_option_at(id)->name;
        if (strlen(known) == len && strncmp(known, name, len) == 0)
            return ew_option_at(id);
    }
    return NULL;
}

static const struct ew_option *find_letter(char letter)
{
    for (int id = 0; id < OPT_COUNT; id++)
        if (ew_option_at(id)->letter == letter)
            return ew_option_at(id);
    return NULL;
}

/* Where in the line the parser stands. */
struct place {
    int argc, at;
    char **argv;
};

static int take_argument(struct ew_cli *cli, struct place *place, const struct ew_option *option,
                         const char *given, struct ew_err *err)
{
    if (!given && place->at + 1 < place->argc)
        given = place->argv[++place->at];
    if (!given)
        return ew_fail(err, EW_EUSAGE, "option --%s needs %s", option->name, option->arg);
    append(&cli->values[option->id], given);
    return EW_OK;
}

static int parse_long(struct ew_cli *cli, struct place *place, struct ew_err *err)
{
    const char *name = place->argv[place->at] + 2;
    size_t len = strcspn(name, "=");
    const char *value = name[len] ? name + len + 1 : NULL;
    const struct ew_option *option = find_long(name, len);
    if (!option) {
        const struct ew_option *near = nearest_option(name, len);
        return ew_fail(err, EW_EUSAGE, "unknown option --%.*s%s%s (see edgewalk --help)", (int)len,
                       name, near ? ": did you mean --" : "", near ? near->name : "");
    }
    if (ew_option_arg_optional(option)) {
        append(&cli->values[option->id], value ? value : "");
        return EW_OK;
    }
    if (option->arg)
        return take_argument(cli, place, option, value, err);
    if (value)
        return ew_fail(err, EW_EUSAGE, "option --%s takes no value", option->name);
    append(&cli->values[option->id], "");
    return EW_OK;
}

static int parse_letters(struct ew_cli *cli, struct place *place, struct ew_err *err)
{
    for (const char *at = place->argv[place->at] + 1; *at; at++) {
        const struct ew_option *option = find_letter(*at);
        if (!option)
            return ew_fail(err, EW_EUSAGE, "unknown option -%c (see edgewalk --help)", *at);
        if (option->arg)
            return take_argument(cli, place, option, at[1] ? at + 1 : NULL, err);
        append(&cli->values[option->id], "");
    }
    return EW_OK;
}

static void take_word(struct ew_cli *cli, const char *word)
{
    const struct ew_verb *verb = cli->verb || cli->arg_count ? NULL : ew_verb_find(word);
    if (verb) {
        cli->verb = verb;
        return;
    }
    append(&cli->args, word);
    cli->arg_count++;
}

/* Options of another verb are no options of this one. */
static int check_verb(const struct ew_cli *cli, struct ew_err *err)
{
    for (int id = 0; id < OPT_COUNT; id++)
        if (cli->values[id] && !(ew_option_at(id)->verbs & cli->verb->bit))
            return ew_fail(err, EW_EUSAGE,
                           "option --%s is not one of \"edgewalk %s\" (see edgewalk %s --help)",
                           ew_option_at(id)->name, cli->verb->name, cli->verb->name);
    return EW_OK;
}

int ew_cli_parse(struct ew_cli *cli, int argc, char **argv, struct ew_err *err)
{
    struct place place = {argc, 1, argv};
    bool only_words = false;
    memset(cli, 0, sizeof(*cli));
    cli->argc = argc;
    cli->argv = argv;
    for (; place.at < argc; place.at++) {
        const char *word = argv[place.at];
        int code = EW_OK;
        if (!only_words && strcmp(word, "--") == 0)
            only_words = true;
        else if (!only_words && ew_text_prefix(word, "--"))
            code = parse_long(cli, &place, err);
        else if (!only_words && word[0] == '-' && word[1])
            code = parse_letters(cli, &place, err);
        else
            take_word(cli, word);
        if (code != EW_OK)
            return code;
    }
    if (!cli->verb)
        cli->verb = ew_verb_at(0);
    return check_verb(cli, err);
}

void ew_cli_release(struct ew_cli *cli)
{
    for (int id = 0; id < OPT_COUNT; id++)
        free(cli->values[id]);
    free(cli->args);
}

bool ew_cli_has(const struct ew_cli *cli, enum ew_opt id)
{
    return cli->values[id] != NULL;
}

const char *ew_cli_value(const struct ew_cli *cli, enum ew_opt id)
{
    const char *last = NULL;
    for (size_t i = 0; cli->values[id] && cli->values[id][i]; i++)
        last = cli->values[id][i];
    return last;
}
