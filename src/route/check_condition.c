/* One condition: expected, reported, and whether they agree. */
#include "config.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

struct expected expect_true(const char *type, const char *reason)
{
    return (struct expected){.type = type, .status = "True", .reason = reason};
}

struct expected expect_verdict(const char *type, const char *true_reason,
                               const struct verdict *verdict)
{
    struct expected out = expect_true(type, true_reason);
    out.or_status = verdict->own ? "False" : NULL;
    if (verdict->ok == EW_YES)
        return out;
    out.status = verdict->ok == EW_NO ? "False" : "Unknown";
    out.unread = verdict->ok == EW_MAYBE;
    out.reason = verdict->reason ? verdict->reason : "";
    out.why = verdict->why;
    out.or_status = verdict->own && verdict->ok == EW_NO ? "True" : NULL;
    for (size_t i = 0; i < EW_COUNT(verdict->or_reasons) && verdict->or_reasons[i]; i++)
        expect_or(&out, verdict->or_reasons[i]);
    return out;
}

void expect_or(struct expected *expected, const char *reason)
{
    for (size_t i = 0; i + 1 < MOST_OR_REASONS; i++) {
        if (ew_streq(expected->or_reasons[i], reason) || ew_streq(expected->reason, reason))
            return;
        if (!expected->or_reasons[i]) {
            expected->or_reasons[i] = reason;
            return;
        }
    }
}

void expect_assume(struct expected *expected, const char *text)
{
    for (size_t i = 0; i + 1 < MOST_ASSUMES; i++) {
        if (!expected->assumes[i]) {
            expected->assumes[i] = text;
            return;
        }
    }
}

void expect_also(struct expected *expected, const char *why)
{
    if (!why || ew_streq(expected->why, why))
        return;
    for (size_t i = 0; i + 1 < MOST_ALSO; i++) {
        if (ew_streq(expected->also[i], why))
            return;
        if (!expected->also[i]) {
            expected->also[i] = why;
            return;
        }
    }
}

bool is_true(const struct expected *expected)
{
    return strcmp(expected->status, "True") == 0;
}

/* ---- agreement ---- */

/* Reasons that the specification gives a condition; any other is an implementation's, shown and not
 * judged. */
static const struct {
    const char *type, *reasons; /* each with a blank before and after it */
} spoken[] = {
    {"Accepted", " Accepted ListenersNotValid InvalidParameters UnsupportedAddress NotAllowed "
                 "ParentNotAccepted UnsupportedProtocol PortUnavailable NoValidCACertificate "
                 "UnsupportedValue TooManyListeners NotAllowedByListeners "
                 "NoMatchingListenerHostname NoMatchingParent IncompatibleFilters Conflicted "
                 "TargetNotFound HostnameConflict ProtocolConflict "},
    {"Programmed", " Programmed Invalid "},
    {"ResolvedRefs", " ResolvedRefs RefNotPermitted InvalidKind BackendNotFound "
                     "UnsupportedProtocol InvalidCertificateRef InvalidRouteKinds "
                     "InvalidCACertificateRef InvalidCACertificateKind "
                     "InvalidClientCertificateRef ListenersNotResolved "},
    {"Conflicted", " HostnameConflict ProtocolConflict ListenerConflict NoConflicts "},
};

static bool reason_judged(const char *type, const char *reason)
{
    bool judged = false;
    char *word = ew_fmt(" %s ", reason);
    for (size_t i = 0; i < EW_COUNT(spoken); i++)
        judged |= strcmp(spoken[i].type, type) == 0 && strstr(spoken[i].reasons, word);
    free(word);
    return judged;
}

static bool reason_fits(const struct expected *expected, const char *reason)
{
    if (!*expected->reason || !reason || ew_streq(expected->reason, reason) ||
        !reason_judged(expected->type, reason))
        return true;
    for (size_t i = 0; expected->or_reasons[i]; i++)
        if (strcmp(expected->or_reasons[i], reason) == 0)
            return true;
    return false;
}

static bool infrastructure(const struct ew_cond *cond)
{
    static const char *const reasons[] = {"AddressNotAssigned", "AddressNotUsable", "NoResources",
                                          "Pending"};
    for (size_t i = 0; i < EW_COUNT(reasons); i++)
        if (ew_streq(cond->reason, reasons[i]))
            return true;
    return false;
}

static bool fits(const struct expected *expected, const struct ew_cond *cond)
{
    if (expected->by_environment && ew_streq(cond->status, "False") && infrastructure(cond))
        return true;
    if (ew_streq(cond->status, expected->status))
        return reason_fits(expected, cond->reason);
    return expected->or_status && ew_streq(cond->status, expected->or_status);
}

/* ---- the row ---- */

struct row {
    bool agrees, judged;
    bool sick; /* reported as failing, which it may for want of infrastructure or by choice */
    const char *note;
};

static struct ew_json *reported_json(struct checking *on, const struct reporter *by,
                                     const struct ew_cond *cond, bool stale)
{
    struct ew_json *out = ew_json_object(on->doc);
    ew_json_set_str(on->doc, out, "controller", by->controller);
    ew_json_set_str(on->doc, out, "status", cond->status);
    ew_json_set_str(on->doc, out, "reason", cond->reason);
    ew_json_set_str(on->doc, out, "message", cond->message);
    if (cond->observed)
        ew_json_set_num(on->doc, out, "observedGeneration", (double)cond->observed);
    else
        ew_json_set(on->doc, out, "observedGeneration", ew_json_null(on->doc));
    ew_json_set_bool(on->doc, out, "stale", stale);
    return out;
}

/* The CRD's own default, which stands there until a controller writes. */
static bool is_default(const struct ew_cond *cond)
{
    return ew_streq(cond->status, "Unknown") && ew_streq(cond->reason, "Pending") &&
           !cond->observed;
}

static bool good(const struct expected *expected, const char *status)
{
    return strcmp(status, expected->negative ? "False" : "True") == 0;
}

static void judge(const struct checking *on, const struct expected *expected,
                  const struct ew_cond *cond, bool stale, struct row *row)
{
    row->judged = true;
    if (stale && !on->proposed) {
        row->agrees = false;
        row->note = ew_arena_fmt(
            on->arena, "reported for generation %ld, which is not the present one", cond->observed);
    }
    if (!fits(expected, cond) && !expected->unread && !on->proposed) {
        row->agrees = false;
        if (is_default(cond))
            row->note = "no controller has reported it: this is the default of the API";
    }
    if (expected->by_environment && ew_streq(cond->status, "False") && is_true(expected)) {
        row->sick = true;
        row->note = ew_arena_fmt(on->arena, "reported False for want of infrastructure: %s",
                                 cond->reason ? cond->reason : "no reason");
    } else if (row->agrees && expected->or_status && !on->proposed &&
               ew_streq(cond->status, expected->or_status) && !good(expected, cond->status)) {
        row->sick = true;
        row->note = ew_arena_fmt(on->arena,
                                 "reported %s, which the specification leaves to the controller: "
                                 "%s",
                                 cond->status, cond->reason ? cond->reason : "no reason");
    }
}

/* Whose word counts: that of the controller of the class, where that is known. */
static bool counts(const struct reports *reports, size_t index)
{
    const char *writer = reports->at[index].controller;
    return !reports->controller || !writer || strcmp(writer, reports->controller) == 0;
}

/* Those that wrote a condition of this type, "a, b". */
static const char *writers(struct checking *on, const struct reports *reports, const char *type,
                           size_t *count)
{
    struct ew_buf names;
    struct ew_cond cond;
    ew_buf_init(&names, 400);
    *count = 0;
    for (size_t i = 0; i < reports->count; i++) {
        const char *writer = reports->at[i].controller;
        if (!writer || !ew_cond_find(reports->at[i].conditions, type, &cond))
            continue;
        ew_buf_addf(&names, "%s%s", names.len ? ", " : "", writer);
        ++*count;
    }
    const char *text = ew_arena_strdup(on->arena, ew_buf_text(&names));
    ew_buf_release(&names);
    return text;
}

/* Two controllers on one object, or one that is not the class's. */
static void note_writers(struct checking *on, const char *type, const struct reports *reports,
                         struct row *row)
{
    size_t count;
    const char *names = writers(on, reports, type, &count);
    bool stranger = count && !row->judged && reports->controller;
    if (!row->agrees && row->judged)
        return; /* there is a graver word */
    if (count > 1)
        row->note = ew_arena_fmt(on->arena, "%zu controllers report on this: %s%s%s", count, names,
                                 reports->controller ? "; that of the class is " : "",
                                 reports->controller ? reports->controller : "");
    else if (stranger)
        row->note = ew_arena_fmt(on->arena,
                                 "reported by %s alone, and the class is of controller %s, which "
                                 "has reported nothing",
                                 names, reports->controller);
}

static struct ew_json *reported(struct checking *on, const struct expected *expected,
                                const struct reports *reports, struct row *row)
{
    struct ew_json *out = ew_json_array(on->doc);
    for (size_t i = 0; i < reports->count; i++) {
        struct ew_cond cond;
        if (!ew_cond_find(reports->at[i].conditions, expected->type, &cond))
            continue;
        bool stale = ew_cond_stale(&cond, reports->obj);
        ew_json_add(on->doc, out, reported_json(on, &reports->at[i], &cond, stale));
        if (counts(reports, i))
            judge(on, expected, &cond, stale, row);
    }
    if (!row->judged && reports->applied && !expected->or_absent && !on->proposed) {
        row->agrees = false;
        row->note = "no controller has reported it";
    }
    note_writers(on, expected->type, reports, row);
    return out;
}

static struct ew_json *texts_json(struct checking *on, const char *const *list)
{
    struct ew_json *out = ew_json_array(on->doc);
    for (size_t i = 0; list[i]; i++)
        ew_json_add(on->doc, out, ew_json_string(on->doc, list[i]));
    return out;
}

static struct ew_json *expected_json(struct checking *on, const struct expected *expected)
{
    struct ew_json *out = ew_json_object(on->doc);
    ew_json_set_str(on->doc, out, "status", expected->status);
    ew_json_set_str(on->doc, out, "reason", expected->reason);
    ew_json_set(on->doc, out, "or_reasons", texts_json(on, expected->or_reasons));
    ew_json_set(on->doc, out, "assumes", texts_json(on, expected->assumes));
    if (expected->or_absent)
        ew_json_set_bool(on->doc, out, "or_absent", true);
    if (expected->or_status)
        ew_json_set_str(on->doc, out, "or_status", expected->or_status);
    return out;
}

static bool is_healthy(const struct expected *expected, const struct row *row)
{
    if (row->sick)
        return false;
    if (expected->harmless)
        return true;
    return good(expected, expected->status);
}

struct ew_json *condition_json(struct checking *on, const struct expected *expected,
                               const struct reports *reports)
{
    struct ew_json *out = ew_json_object(on->doc);
    struct row row = {.agrees = true};
    ew_json_set_str(on->doc, out, "type", expected->type);
    struct ew_json *list = reported(on, expected, reports, &row);
    bool healthy = is_healthy(expected, &row);
    if (expected->unread)
        ew_json_set(on->doc, out, "healthy", ew_json_null(on->doc));
    else
        ew_json_set_bool(on->doc, out, "healthy", healthy);
    ew_json_set_bool(on->doc, out, "agrees", row.agrees);
    ew_json_set(on->doc, out, "expected", expected_json(on, expected));
    ew_json_set(on->doc, out, "reported", list);
    ew_json_set_str(on->doc, out, "why", expected->why);
    ew_json_set(on->doc, out, "also", texts_json(on, expected->also));
    ew_json_set_str(on->doc, out, "note", row.note);
    on->unread |= expected->unread;
    on->healthy &= healthy || expected->unread;
    on->agrees &= row.agrees;
    return out;
}

void unexpected_condition(struct checking *on, struct ew_json *conditions, const char *type,
                          const struct reports *reports, const char *or_status)
{
    struct expected expected = {.type = type,
                                .status = "False",
                                .reason = "",
                                .negative = true,
                                .or_absent = true,
                                .or_status = or_status};
    for (size_t i = 0; i < reports->count; i++) {
        struct ew_cond cond;
        if (!ew_cond_find(reports->at[i].conditions, type, &cond))
            continue;
        ew_json_add(on->doc, conditions, condition_json(on, &expected, reports));
        return;
    }
}

struct ew_json *count_json(struct checking *on, int expected, bool sure,
                           const struct ew_json *reported)
{
    struct ew_json *out = ew_json_object(on->doc);
    bool known = ew_json_is(reported, EW_JSON_NUMBER);
    if (sure)
        ew_json_set_num(on->doc, out, "expected", expected);
    else
        ew_json_set(on->doc, out, "expected", ew_json_null(on->doc));
    ew_json_set(on->doc, out, "reported",
                known ? ew_json_copy(on->doc, reported) : ew_json_null(on->doc));
    if (known && sure && !on->proposed && ew_json_int(reported, -1) != expected)
        on->agrees = false;
    return out;
}

struct reports status_reports(struct checking *on, const struct ew_obj *obj,
                              const struct ew_json *conditions)
{
    struct reports reports = {.obj = obj};
    reports.applied = !on->routing->files || ew_json_get(obj->json, "status");
    if (!ew_json_count(conditions))
        return reports;
    reports.at = ew_arena_alloc(on->arena, sizeof(*reports.at));
    reports.at->conditions = conditions;
    reports.count = 1;
    return reports;
}
