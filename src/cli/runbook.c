#include "runbook.h"

static void escaped(struct ew_buf *out, const char *text)
{
    for (; text && *text; text++) {
        const char *as = *text == '<'   ? "&lt;"
                         : *text == '>' ? "&gt;"
                         : *text == '&' ? "&amp;"
                                        : NULL;
        if (as)
            ew_buf_adds(out, as);
        else
            ew_buf_add(out, text, 1);
    }
}

static void part(struct ew_buf *out, const char *title, const char *text, const char *tag)
{
    if (!text || !*text)
        return;
    ew_buf_addf(out, "<h4>%s</h4><%s>", title, tag);
    escaped(out, text);
    ew_buf_addf(out, "</%s>\n", tag);
}

static void cause(struct ew_buf *out, const struct ew_cause *row)
{
    ew_buf_addf(out, "<section id=\"%s\"><h3>%s</h3><p><b>", row->id, row->id);
    escaped(out, row->title);
    ew_buf_addf(out, "</b> (%s)</p>\n", ew_severity_name(row->severity));
    part(out, "What is seen", row->symptom, "p");
    part(out, "How it is recognised", row->evidence, "p");
    part(out, "How it is told apart", row->discriminator, "p");
    part(out, "Why it happens", row->cause, "p");
    part(out, "What to do", row->next_step, "pre");
    ew_buf_adds(out, "</section>\n");
}

/* The playbook: what to look at by hand, in the order in which a request travels, and the layers
 * whose causes each step leads to. */
static const struct step {
    const char *id, *title, *what, *command;
    enum ew_layer layers[4];
    size_t count;
} playbook[] = {
    {"step-dns",
     "1. DNS",
     "Does the name lead to this edge, at every resolver that matters?",
     "dig +noall +answer HOST A; dig +noall +answer HOST AAAA; dig +trace HOST",
     {EW_LAYER_DNS},
     1},
    {"step-tls-http",
     "2. TLS and HTTP",
     "Does every address accept a connection, show the right certificate, and who answers?",
     "openssl s_client -connect ADDRESS:443 -servername HOST </dev/null; "
     "curl -sv --resolve HOST:443:ADDRESS https://HOST/PATH",
     {EW_LAYER_LB, EW_LAYER_TLS, EW_LAYER_HTTP},
     3},
    {"step-route",
     "3. Route object",
     "Is a route or Ingress for host and path there, attached, and are its references resolved?",
     "edgewalk route https://HOST/PATH; edgewalk check HTTPRoute/NAMESPACE/NAME",
     {EW_LAYER_ROUTE},
     1},
    {"step-controller",
     "4. Controller",
     "Has the controller taken the class and the Gateway, and what did it write of them?",
     "kubectl get gatewayclass,ingressclass; kubectl describe gateway -n NAMESPACE NAME",
     {EW_LAYER_EDGE},
     1},
    {"step-backend",
     "5. Backend",
     "Do Service, port and selector fit, and is anything ready behind them?",
     "kubectl get service,endpointslice -n NAMESPACE; kubectl get pods -n NAMESPACE -o wide",
     {EW_LAYER_SERVICE, EW_LAYER_ENDPOINTS, EW_LAYER_POD},
     3},
    {"step-application",
     "6. Application",
     "Does the application itself answer so, asked past the edge?",
     "kubectl get --raw /api/v1/namespaces/NAMESPACE/services/NAME:PORT/proxy/PATH; "
     "kubectl logs -n NAMESPACE POD",
     {EW_LAYER_APP},
     1},
};

static void step(struct ew_buf *out, const struct step *row)
{
    ew_buf_addf(out, "<section id=\"%s\"><h3>%s</h3><p>", row->id, row->title);
    escaped(out, row->what);
    ew_buf_adds(out, " Leads to:");
    for (size_t i = 0; i < row->count; i++)
        ew_buf_addf(out, " <a href=\"#layer-%s\">%s</a>", ew_layer_row(row->layers[i])->id,
                    ew_layer_row(row->layers[i])->id);
    ew_buf_adds(out, "</p><pre>");
    escaped(out, row->command);
    ew_buf_adds(out, "</pre></section>\n");
}

void ew_cli_runbook(struct ew_buf *out)
{
    ew_buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                     "<title>edgewalk runbook</title><style>body{max-width:50em;margin:auto;"
                     "font-family:sans-serif}pre{white-space:pre-wrap;background:#eee;padding:.5em}"
                     "h4{margin:.5em 0 0}</style></head><body>\n<h1>edgewalk runbook</h1>\n"
                     "<h2 id=\"playbook\">Playbook</h2>\n");
    for (size_t i = 0; i < EW_COUNT(playbook); i++)
        step(out, &playbook[i]);
    for (int layer = 0; layer < EW_LAYER_COUNT; layer++) {
        const struct ew_layer_row *row = ew_layer_row((enum ew_layer)layer);
        ew_buf_addf(out, "<h2 id=\"layer-%s\">%s</h2><p>", row->id, row->title);
        escaped(out, row->question);
        ew_buf_adds(out, "</p>\n");
        for (size_t i = 0; i < ew_cause_count(); i++)
            if (ew_cause_at(i)->layer == (enum ew_layer)layer)
                cause(out, ew_cause_at(i));
    }
    ew_buf_adds(out, "</body></html>\n");
}
