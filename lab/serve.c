#include "runner.h"

#include "stage.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIES 8

static void on_signal(evutil_socket_t signo, short what, void *ctx)
{
    (void)signo;
    (void)what;
    event_base_loopbreak(ctx);
}

static const char *quote_of(const char *text)
{
    return text[strcspn(text, " &;|<>()$`\\\"'*?[#~")] ? "'" : "";
}

static void print_stage(const struct lab_scenario *scenario, const struct lab_stage *stage,
                        const char *edgewalk)
{
    const struct ew_json *spec = lab_stage_spec(stage);
    const char *kubeconfig = lab_stage_kubeconfig(stage);
    char **argv = lab_stage_command(stage, edgewalk, NULL);
    printf("%s: %s\n", scenario->name, lab_scenario_title(scenario));
    printf("  url         %s\n", ew_json_get_str(spec, "url", ""));
    for (char **arg = argv; *arg; arg++)
        if (strcmp(*arg, "--resolver") == 0)
            printf("  resolver    %s\n", arg[1]);
    printf("  kubeconfig  %s\n", kubeconfig ? kubeconfig : "(this scenario has no cluster)");
    printf("  CA file     %s\n\nWalk it from another terminal:\n ", lab_stage_cacert(stage));
    for (char **arg = argv; *arg; arg++) {
        printf(" %s%s%s", quote_of(*arg), *arg, quote_of(*arg));
        free(*arg);
    }
    free(argv);
    printf("\n\nCtrl-C ends the lab.\n");
    fflush(stdout);
}

static int raise_stage(struct event_base *base, const struct lab_scenario *scenario,
                       struct lab_stage **stage, struct ew_err *err)
{
    int rc = EW_EFAILED;
    for (int i = 0; rc == EW_EFAILED && i < TRIES; i++)
        rc = lab_stage_new(base, scenario, (getpid() + i) % 250 + 1, stage, err);
    return rc;
}

int lab_serve(const char *folder, const char *library, const char *edgewalk, struct ew_err *err)
{
    struct lab_scenario *scenario = NULL;
    struct lab_stage *stage = NULL;
    struct event_base *base = event_base_new();
    struct event *interrupt = evsignal_new(base, SIGINT, on_signal, base);
    struct event *terminate = evsignal_new(base, SIGTERM, on_signal, base);
    event_add(interrupt, NULL);
    event_add(terminate, NULL);
    int rc = lab_scenario_load(folder, library, &scenario, err);
    if (!rc)
        rc = raise_stage(base, scenario, &stage, err);
    if (!rc) {
        print_stage(scenario, stage, edgewalk);
        event_base_dispatch(base);
    }
    lab_stage_free(stage);
    lab_scenario_free(scenario);
    event_free(interrupt);
    event_free(terminate);
    event_base_free(base);
    return rc;
}

/* "# edgewalk OPTIONS URL": what the objects are asked about, without the lab's addresses of
 * servers. */
static void print_request(const struct ew_json *spec)
{
    printf("# edgewalk");
    EW_JSON_EACH(option, ew_json_get(spec, "options"))
    {
        const char *text = ew_json_str_or(option, "");
        printf(" %s%s%s", quote_of(text), text, quote_of(text));
    }
    printf(" '%s'\n", ew_json_get_str(spec, "url", ""));
}

static void print_list(const struct ew_json *objects)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *list = ew_json_object(doc);
    struct ew_buf text;
    ew_buf_init(&text, 1 << 24);
    ew_json_set_str(doc, list, "apiVersion", "v1");
    ew_json_set_str(doc, list, "kind", "List");
    ew_json_set(doc, list, "items", ew_json_copy(doc, objects));
    ew_json_write(&text, list, 1);
    puts(ew_buf_text(&text));
    ew_buf_release(&text);
    ew_doc_unref(doc);
}

int lab_print_objects(const char *folder, const char *library, struct ew_err *err)
{
    struct lab_scenario *scenario = NULL;
    struct lab_stage *stage = NULL;
    struct event_base *base = event_base_new();
    int rc = lab_scenario_load(folder, library, &scenario, err);
    if (!rc)
        rc = raise_stage(base, scenario, &stage, err);
    if (!rc) {
        print_request(lab_stage_spec(stage));
        print_list(lab_stage_objects(stage));
    }
    lab_stage_free(stage);
    lab_scenario_free(scenario);
    event_base_free(base);
    return rc;
}
