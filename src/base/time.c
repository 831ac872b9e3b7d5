#include "edgewalk/base/text.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS ((int64_t)86400000)

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar, and back: years start in
 * March so that the leap day is the last of them, 146097 days are 400 years. */
static int64_t days_of(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static void date_of(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (int)((5 * of_year + 2) / 153);
    *day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
    *month = shifted + (shifted < 10 ? 3 : -9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

void ew_time_format(int64_t ms, char out[32])
{
    int64_t days = ms / DAY_MS, rest = ms % DAY_MS, year;
    int month, day;
    char text[96];
    if (rest < 0) {
        rest += DAY_MS;
        days--;
    }
    date_of(days, &year, &month, &day);
    snprintf(text, sizeof(text), "%04lld-%02d-%02dT%02d:%02d:%02d.%03dZ", (long long)year, month,
             day, (int)(rest / 3600000), (int)(rest / 60000 % 60), (int)(rest / 1000 % 60),
             (int)(rest % 1000));
    memcpy(out, text, 31);
    out[31] = '\0';
}

/* Reads exactly n digits and the character after them (0: none is wanted). */
static bool digits(const char **at, int n, char after, int *out)
{
    int value = 0;
    for (int i = 0; i < n; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        value = value * 10 + (**at - '0');
    }
    *out = value;
    if (!after)
        return true;
    if (**at != after)
        return false;
    (*at)++;
    return true;
}

static int days_in(int year, int month)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* ".123456" to milliseconds; what is finer is cut. */
static bool fraction(const char **at, int *ms)
{
    int unit = 100;
    *ms = 0;
    if (**at != '.')
        return true;
    if (*++*at < '0' || **at > '9')
        return false;
    for (; **at >= '0' && **at <= '9'; ++*at, unit /= 10)
        *ms += (**at - '0') * unit;
    return true;
}

static bool zone(const char **at, int *minutes)
{
    int hour, minute, sign = **at == '-' ? -1 : 1;
    *minutes = 0;
    if (**at == 'Z' || **at == 'z') {
        ++*at;
        return true;
    }
    if (**at != '+' && **at != '-')
        return false;
    ++*at;
    if (!digits(at, 2, ':', &hour) || !digits(at, 2, 0, &minute) || hour > 23 || minute > 59)
        return false;
    *minutes = sign * (hour * 60 + minute);
    return true;
}

bool ew_time_parse(const char *text, int64_t *out_ms)
{
    int year, month, day, hour, minute, second, ms, offset;
    if (!text || !digits(&text, 4, '-', &year) || !digits(&text, 2, '-', &month) ||
        !digits(&text, 2, 0, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > days_in(year, month))
        return false;
    if (*text != 'T' && *text != 't' && *text != ' ')
        return false;
    text++;
    if (!digits(&text, 2, ':', &hour) || !digits(&text, 2, ':', &minute) ||
        !digits(&text, 2, 0, &second) || !fraction(&text, &ms) || !zone(&text, &offset) || *text)
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    int64_t minutes = (int64_t)hour * 60 + minute - offset;
    *out_ms = days_of(year, month, day) * DAY_MS + (minutes * 60 + second) * 1000 + ms;
    return true;
}

void ew_time_span(int64_t ms, char out[32])
{
    uint64_t span = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
    if (span >= (uint64_t)DAY_MS)
        snprintf(out, 32, "%llu day%s", (unsigned long long)(span / (uint64_t)DAY_MS),
                 span / (uint64_t)DAY_MS == 1 ? "" : "s");
    else if (span >= 3600000)
        snprintf(out, 32, "%d h", (int)(span / 3600000));
    else if (span >= 60000)
        snprintf(out, 32, "%d min", (int)(span / 60000));
    else if (span >= 1000 || span == 0)
        snprintf(out, 32, "%d s", (int)(span / 1000));
    else
        snprintf(out, 32, "%d ms", (int)span);
}
