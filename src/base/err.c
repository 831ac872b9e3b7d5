#include "edgewalk/base/err.h"

#include <stdio.h>

int ew_fail(struct ew_err *err, int code, const char *format, ...)
{
    if (err) {
        char message[sizeof(err->message)]; /* an argument may be the old message */
        va_list args;
        va_start(args, format);
        vsnprintf(message, sizeof(message), format, args);
        va_end(args);
        err->code = code;
        snprintf(err->message, sizeof(err->message), "%s", message);
        for (char *at = err->message; *at; at++)
            if (*at == '\n' || *at == '\r')
                *at = ' ';
    }
    return code;
}
