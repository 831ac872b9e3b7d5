#include "config.h"

#include "unit.h"

#include "judge/signature.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table ---- */

static void check_pattern(const char *id, const char *pattern)
{
    regex_t regex;
    if (!pattern)
        return;
    ck_assert_msg(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB) == 0, "%s: %s", id, pattern);
    regfree(&regex);
}

static bool says_something(const struct ew_signature *row)
{
    return row->status || row->body_exact || row->body_contains || row->body_regex ||
           row->headers[0].name || row->transport || row->tls_alert || row->cert_subject ||
           row->cert_issuer || row->cert_san;
}

START_TEST(every_row_can_be_matched)
{
    size_t total = 0;
    for (size_t t = 0; t < ew_signature_tables_count; t++) {
        for (size_t i = 0; i < *ew_signature_tables[t].count; i++, total++) {
            const struct ew_signature *row = &ew_signature_tables[t].rows[i];
            ck_assert(*row->id && *row->component && *row->meaning && *row->cause);
            ck_assert_msg(says_something(row), "%s matches everything", row->id);
            check_pattern(row->id, row->body_regex);
            check_pattern(row->id, row->cert_subject);
            check_pattern(row->id, row->cert_issuer);
            check_pattern(row->id, row->cert_san);
            for (size_t h = 0; h < EW_COUNT(row->headers); h++)
                check_pattern(row->id, row->headers[h].pattern);
        }
    }
    ck_assert_uint_eq(total, 431);
}
END_TEST

/* ---- answers ---- */

struct sample {
    const char *answer, *transport, *alert, *leaf; /* JSON or NULL */

    const char *cause;
};

#define NGINX                                                                                      \
    "<html>\\r\\n<head><title>503 Service Temporarily "                                            \
    "Unavailable</title></head>\\r\\n<body>\\r\\n"                                                 \
    "<center><h1>503 Service Temporarily Unavailable</h1></center>\\r\\n<hr><center>nginx"         \
    "</center>\\r\\n</body>\\r\\n</html>\\r\\n"

static const struct sample samples[] = {
    {.answer = "{\"status\": 503, \"headers\": [[\"server\", \"envoy\"]], \"body\": "
               "\"no healthy upstream\", \"body_bytes\": 19}",
     .cause = "no-endpoints"},
    {.answer = "{\"status\": 404, \"headers\": [[\"x-content-type-options\", \"nosniff\"], "
               "[\"content-type\", \"text/plain; charset=utf-8\"]], \"body\": "
               "\"404 page not found\\n\", \"body_bytes\": 19}",
     .cause = "no-route"},
    {.answer = "{\"status\": 404, \"headers\": [], \"body\": \"default backend - 404\", "
               "\"body_bytes\": 21}",
     .cause = "default-backend"},
    {.answer = "{\"status\": 504, \"headers\": [], \"body\": \"upstream request timeout\", "
               "\"body_bytes\": 24}",
     .cause = "upstream-timeout"},
    {.answer = "{\"status\": 503, \"headers\": [], \"body\": \"" NGINX "\", \"body_bytes\": 190}",
     .cause = "no-endpoints"},
    {.transport = "tls-alert", .alert = "unrecognized_name(112)", .cause = "sni-rejected"},
    {.leaf = "{\"subject\": \"O=Acme Co, CN=Kubernetes Ingress Controller Fake Certificate\", "
             "\"issuer\": \"O=Acme Co, CN=Kubernetes Ingress Controller Fake Certificate\", "
             "\"sans\": [\"dns:ingress.local\"]}",
     .cause = "fake-certificate"},
    {.leaf = "{\"subject\": \"CN=TRAEFIK DEFAULT CERT\", \"issuer\": \"CN=TRAEFIK DEFAULT CERT\", "
             "\"sans\": [\"dns:ab12.cd34.traefik.default\"]}",
     .cause = "fake-certificate"},
};

static struct ew_doc *read_json(const char *text)
{
    struct ew_doc *doc = NULL;
    struct ew_err err;
    if (text)
        ck_assert_int_eq(ew_json_parse(text, strlen(text), &doc, &err), EW_OK);
    return doc;
}

START_TEST(answers_are_known_by_their_makers)
{
    const struct sample *sample = &samples[_i];
    const struct ew_signature *rows[EW_MATCHES_MAX];
    struct ew_doc *answer = read_json(sample->answer), *leaf = read_json(sample->leaf);
    struct ew_sighting seen = {.answer = answer ? ew_doc_root(answer) : NULL,
                               .transport = sample->transport,
                               .tls_alert = sample->alert,
                               .leaf = leaf ? ew_doc_root(leaf) : NULL};
    size_t count = ew_signatures_match(&seen, rows);
    ck_assert_uint_gt(count, 0);
    ck_assert_str_eq(rows[0]->cause, sample->cause);
    ew_doc_unref(answer);
    ew_doc_unref(leaf);
}
END_TEST

START_TEST(who_never_wins_over_why)
{
    struct ew_doc *doc = read_json("{\"status\": 503, \"headers\": [[\"cf-ray\", \"8\"], "
                                   "[\"server\", \"cloudflare\"]], \"body\": "
                                   "\"no healthy upstream\", \"body_bytes\": 19}");
    const struct ew_signature *rows[EW_MATCHES_MAX];
    struct ew_sighting seen = {.answer = ew_doc_root(doc)};
    size_t count = ew_signatures_match(&seen, rows);
    bool who = false;
    for (size_t i = 0; i < count; i++) {
        bool identity = strcmp(rows[i]->cause, "identity") == 0;
        ck_assert(!who || identity);
        who = who || identity;
    }
    ck_assert_str_eq(rows[0]->cause, "no-endpoints");
    ew_doc_unref(doc);
}
END_TEST

START_TEST(nothing_seen_matches_nothing)
{
    const struct ew_signature *rows[EW_MATCHES_MAX];
    struct ew_sighting seen = {0};
    ck_assert_uint_eq(ew_signatures_match(&seen, rows), 0);
}
END_TEST

START_TEST(suggestions)
{
    ck_assert_ptr_nonnull(strstr(ew_signature_suggests("no-endpoints"), "ep-all-not-ready"));
    ck_assert_ptr_nonnull(strstr(ew_signature_suggests("transport:tcp-reset"), "tls-"));
    ck_assert_str_eq(ew_signature_suggests("no-such-word"), "");
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("signature");
    TCase *tc = tcase_create("signature");
    tcase_add_test(tc, every_row_can_be_matched);
    tcase_add_loop_test(tc, answers_are_known_by_their_makers, 0, (int)EW_COUNT(samples));
    tcase_add_test(tc, who_never_wins_over_why);
    tcase_add_test(tc, nothing_seen_matches_nothing);
    tcase_add_test(tc, suggestions);
    suite_add_tcase(suite, tc);
    return suite;
}
