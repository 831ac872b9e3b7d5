/* The configuration file: $XDG_CONFIG_HOME/edgewalk/config.yaml. What an option on the command line
 * says goes before it; what neither says is the default. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "edgewalk/ui.h"
#include "edgewalk/walk.h"

struct ew_cli_config {
    char *path; /* where it is looked for; NULL: neither XDG_CONFIG_HOME nor HOME is set */
    bool found; /* there is such a file, and it was read */
    int deadline_ms, dns_timeout_ms, connect_timeout_ms, tls_timeout_ms, request_timeout_ms,
        watch_ms;                          /* 0: not said */
    double thresholds[EW_THRESHOLD_COUNT]; /* 0: not said */
    const char **owner_keys;               /* NULL-terminated; NULL: not said */
    const char *runbook_url;               /* NULL: not said */
    const struct ew_json *runbooks; /* {cause: URL}; NULL: not said */
    const char *background;         /* "dark", "light"; NULL: auto */
    bool mouse;
    struct ew_ui_option *keys, *theme;
    size_t key_count, theme_count;
    struct ew_doc *doc; /* owns the texts */
};

/* EW_EUSAGE, "FILE:LINE: what is wrong, and what would be right", when it cannot be read. config is
 * to be released either way. */
int ew_cli_config_load(struct ew_cli_config *config, struct ew_err *err);
/* The same of a text; name stands for the file in messages. */
int ew_cli_config_parse(struct ew_cli_config *config, const char *name, const char *text,
                        size_t len, struct ew_err *err);
void ew_cli_config_release(struct ew_cli_config *config);

/* Fills in what the command line left open. */
void ew_cli_config_apply(const struct ew_cli_config *config, struct ew_walk_options *options);
void ew_cli_config_ui(const struct ew_cli_config *config, struct ew_ui_options *options);

/* The file as a template: every key with what it means; what is not said there is commented out and
 * shows the default. */
void ew_cli_config_print(const struct ew_cli_config *config, struct ew_buf *out);

/* The keys of the file, for the manual; false after the last. standard: NULL for maps and lists. */
bool ew_cli_config_key_at(size_t index, const char **name, const char **standard,
                          const char **help);
/* The value that a threshold has where nothing else is said, as it is written in the file. */
void ew_cli_threshold_standard(enum ew_threshold id, char out[32]);

#endif
