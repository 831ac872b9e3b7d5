/* Redirects that add the slash at the end of a path, or take it away: harmless where they are
 * followed and lead somewhere, and a fault where they go in circles or cost a request its body. */
#include "route.h"

#include "edgewalk/base/url.h"

#include <string.h>

static size_t without_slash(const char *path)
{
    size_t len = strlen(path);
    return len && path[len - 1] == '/' ? len - 1 : len;
}

static bool same_but_slash(const struct ew_url *a, const struct ew_url *b)
{
    size_t len = without_slash(a->path);
    return strcmp(a->scheme, b->scheme) == 0 && strcmp(a->host, b->host) == 0 &&
           a->port == b->port && len == without_slash(b->path) &&
           strncmp(a->path, b->path, len) == 0;
}

/* Whether two URLs are one but for the slash at the end of the path, which may be the same too. */
static bool are_slash_apart(const char *left, const char *right)
{
    struct ew_url a, b;
    if (!left || !right || ew_url_parse(left, &a, NULL) != EW_OK)
        return false;
    bool same = ew_url_parse(right, &b, NULL) == EW_OK;
    if (same) {
        same = same_but_slash(&a, &b);
        ew_url_release(&b);
    }
    ew_url_release(&a);
    return same;
}

static const char *location(struct got got)
{
    return http_is_redirect(http_status(got)) ? ew_json_get_str(got.value, "location", NULL) : NULL;
}

/* The address of the record that answers the request by such a redirect. */
static const struct address *redirecting(const struct judging *j)
{
    for (size_t i = 0; i < j->address_count; i++) {
        const struct address *at = &j->addresses[i];
        const char *to = at->in_record ? location(at->main) : NULL;
        if (to && strcmp(to, j->url) != 0 && are_slash_apart(j->url, to))
            return at;
    }
    return NULL;
}

/* To and fro between the two, and not by the application's will alone. */
static bool goes_in_circles(const struct judging *j, const struct address *at)
{
    bool by_app = http_app_mark(at->main.value) != NULL;
    for (size_t i = 0; i < j->hop_count; i++) {
        by_app = by_app && http_app_mark(j->hops[i].answer.value);
        if (!are_slash_apart(j->url, j->hops[i].url))
            return false;
    }
    return j->hops_loop && !by_app;
}

static void judge(struct judging *j, const struct address *at, const char *then)
{
    const struct ew_obj *route = route_winner(j->decision);
    struct ew_draft *draft = draft_about(j, "route-trailing-slash", route);
    draft->from_objects = false;
    tag_host(j, draft);
    draft_tag(j, draft, EW_TAG_ADDRESS, at->text);
    draft_says(j, draft, "%s %s is redirected to %s, %s", j->method, clean(j, j->path),
               clean(j, location(at->main)), then);
    draft_shows(j, draft, say(j, "answer at %s", at->text), "%ld to %s", http_status(at->main),
                clean(j, location(at->main)));
    for (size_t i = 0; i < j->hop_count; i++)
        draft_shows(j, draft, clean(j, j->hops[i].url), "%ld%s%s", http_status(j->hops[i].answer),
                    location(j->hops[i].answer) ? " to " : "",
                    location(j->hops[i].answer) ? clean(j, location(j->hops[i].answer)) : "");
    draft_next(j, draft, "see who redirects, with the slash and without",
               "curl -sI %s; curl -sI %s", j->url_word, shell_word(j, location(at->main)));
}

void route_judge_slash(struct judging *j)
{
    const struct address *at = j->decision && route_winner(j->decision) ? redirecting(j) : NULL;
    if (!at)
        return;
    bool by_edge = !http_app_mark(at->main.value) && j->decision->outcome != EW_OUT_REDIRECT;
    if (goes_in_circles(j, at))
        judge(j, at, "which is redirected back: one side wants the slash, the other does not");
    else if (by_edge && !j->hop_count && j->answer.bad && j->answer.at == at)
        judge(j, at, "and a redirect is not what is expected");
    else if (by_edge && !j->safe_method && http_status(at->main) < 307)
        judge(j, at, "and clients repeat it there as a GET, without its body");
}
