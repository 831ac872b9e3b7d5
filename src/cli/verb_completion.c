#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What completes an option's value, as a word list or a command of the shells' own; files
 * otherwise. */
static const struct {
    enum ew_opt id;
    const char *words;   /* blank-separated; NULL */
    const char *command; /* prints one word a line; NULL */
} values[] = {
    {OPT_CONTEXT, NULL, "kubectl config get-contexts -o name"},
    {OPT_CLUSTER, NULL, "kubectl config get-clusters | tail -n +2"},
    {OPT_USER, NULL, "kubectl config get-users | tail -n +2"},
    {OPT_NAMESPACE, NULL, "kubectl get namespaces -o name | cut -d/ -f2"},
    {OPT_OUTPUT, "text json", NULL},
    {OPT_REQUEST, "GET HEAD OPTIONS POST PUT PATCH DELETE", NULL},
    {OPT_FAIL_ON, "warn fail", NULL},
    {OPT_RESOLVER, "system", NULL},
};

/* The same for the words after a verb. */
static const struct {
    unsigned verb;
    const char *words, *command;
} arguments[] = {
    {ON_EXPLAIN, NULL, "edgewalk explain | sed -n 's/^  [* ] \\([a-z0-9-]*\\) .*/\\1/p'"},
    {ON_LAB, "list run serve objects", "edgewalk lab list | sed -n 's/^\\([a-z0-9-]*\\).*/\\1/p'"},
    {ON_COMPLETION, "bash zsh fish", NULL},
};

static void words_of_verbs(void)
{
    for (size_t i = 0; ew_verb_at(i); i++)
        printf("%s%s", i ? " " : "", ew_verb_at(i)->name);
}

static void options_of(unsigned bit)
{
    for (int id = 0; id < OPT_COUNT; id++)
        if (ew_option_at(id)->verbs & bit)
            printf(" --%s", ew_option_at(id)->name);
}

static void source_of(const char *words, const char *command)
{
    if (words)
        printf("%s", words);
    if (command)
        printf("%s$(%s 2>/dev/null)", words ? " " : "", command);
}

static void bash_values(void)
{
    puts("    case $prev in");
    for (size_t i = 0; i < EW_COUNT(values); i++) {
        const struct ew_option *option = ew_option_at(values[i].id);
        printf("    --%s", option->name);
        if (option->letter)
            printf("|-%c", option->letter);
        printf(") COMPREPLY=($(compgen -W \"");
        source_of(values[i].words, values[i].command);
        puts("\" -- \"$cur\")); return ;;");
    }
    printf("    ");
    const char *bar = "";
    for (int id = 0; id < OPT_COUNT; id++)
        if (ew_option_at(id)->arg && strstr(ew_option_at(id)->arg, "FILE")) {
            printf("%s--%s", bar, ew_option_at(id)->name);
            bar = "|";
        }
    puts(") COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n    esac");
}

static void print_bash(void)
{
    puts(
        "# bash completion for edgewalk: source it, or put it where bash-completion looks\n"
        "_edgewalk()\n{\n    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
        "    local verb=${COMP_WORDS[1]} words=''");
    bash_values();
    puts("    case $verb in");
    for (size_t i = 0; ew_verb_at(i); i++) {
        const struct ew_verb *verb = ew_verb_at(i);
        printf("    %s) words=\"", verb->name);
        for (size_t a = 0; a < EW_COUNT(arguments); a++)
            if (arguments[a].verb == verb->bit)
                source_of(arguments[a].words, arguments[a].command);
        options_of(verb->bit);
        puts("\" ;;");
    }
    printf("    *) words=\"");
    options_of(ew_verb_at(0)->bit);
    puts("\" ;;\n    esac");
    printf("    [ \"$COMP_CWORD\" = 1 ] && words=\"");
    words_of_verbs();
    puts(" $words\"\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
         "complete -o default -F _edgewalk edgewalk");
}

/* zsh reads bash's own completion: one script to keep right. */
static void print_zsh(void)
{
    puts("#compdef edgewalk\nautoload -U +X bashcompinit && bashcompinit");
    print_bash();
}

/* fish: a quote and a backslash inside single quotes are escaped. */
static void fish_quoted(const char *text)
{
    putchar('\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('\'');
}

static void fish_source(const char *words, const char *command)
{
    char *text = ew_fmt("%s%s%s%s", words ? words : "", command ? " (" : "", command ? command : "",
                        command ? " 2>/dev/null)" : "");
    fish_quoted(text);
    free(text);
}

static void fish_option(const struct ew_option *option)
{
    printf("complete -c edgewalk -l %s", option->name);
    if (option->letter)
        printf(" -s %c", option->letter);
    printf(" -d ");
    fish_quoted(option->help);
    for (size_t i = 0; i < EW_COUNT(values); i++)
        if (values[i].id == option->id) {
            printf(" -x -a ");
            fish_source(values[i].words, values[i].command);
            puts("");
            return;
        }
    puts(option->arg && !ew_option_arg_optional(option) ? " -r" : "");
}

static void print_fish(void)
{
    puts("# fish completion for edgewalk");
    for (size_t i = 0; ew_verb_at(i); i++) {
        printf("complete -c edgewalk -n __fish_use_subcommand -a %s -d ", ew_verb_at(i)->name);
        fish_quoted(ew_verb_at(i)->summary);
        puts("");
    }
    for (size_t a = 0; a < EW_COUNT(arguments); a++)
        for (size_t i = 0; ew_verb_at(i); i++) {
            if (ew_verb_at(i)->bit != arguments[a].verb)
                continue;
            printf("complete -c edgewalk -f -n '__fish_seen_subcommand_from %s' -a ",
                   ew_verb_at(i)->name);
            fish_source(arguments[a].words, arguments[a].command);
            puts("");
        }
    for (int id = 0; id < OPT_COUNT; id++)
        fish_option(ew_option_at(id));
}

int ew_verb_completion(const struct ew_cli *cli)
{
    static const struct {
        const char *shell;
        void (*print)(void);
    } shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
    struct ew_err err = {0};
    for (size_t i = 0; cli->arg_count == 1 && i < EW_COUNT(shells); i++)
        if (strcmp(cli->args[0], shells[i].shell) == 0) {
            shells[i].print();
            return 0;
        }
    ew_fail(&err, EW_EUSAGE, "completion takes one of bash, zsh, fish");
    return ew_cli_fail(&err);
}
