#include "api_room.h"

#include <stdlib.h>
#include <string.h>

static int hex(char c)
{
    const char *digits = "0123456789abcdef", *at = strchr(digits, c | 0x20);
    return c && at && ((c >= '0' && c <= '9') || (c | 0x20) >= 'a') ? (int)(at - digits) : -1;
}

static char *decoded(const char *text, size_t len)
{
    char *out = ew_alloc(len + 1), *to = out;
    for (size_t i = 0; i < len; i++) {
        bool coded =
            text[i] == '%' && i + 2 < len && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
        *to++ = coded            ? (char)(hex(text[i + 1]) * 16 + hex(text[i + 2]))
                : text[i] == '+' ? ' '
                                 : text[i];
        i += coded ? 2 : 0;
    }
    return out;
}

char *lab_query_get(const char *query, const char *key)
{
    size_t key_len = strlen(key);
    while (*query) {
        size_t len = strcspn(query, "&");
        if (strncmp(query, key, key_len) == 0 && query[key_len] == '=' && len > key_len)
            return decoded(query + key_len + 1, len - key_len - 1);
        query += len + (query[len] == '&');
    }
    return NULL;
}

void lab_reply_json(struct lab_reply *reply, int status, const char *type,
                    const struct ew_json *node)
{
    reply->status = status;
    lab_reply_header(reply, "Content-Type", type ? type : "application/json");
    ew_json_write(&reply->body, node, 0);
    ew_buf_adds(&reply->body, "\n");
}

void lab_reply_text(struct lab_reply *reply, int status, const char *text)
{
    reply->status = status;
    lab_reply_header(reply, "Content-Type", "text/plain; charset=utf-8");
    ew_buf_adds(&reply->body, text);
}

void lab_reply_status(struct lab_reply *reply, int code, const char *reason, const char *kind,
                      const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *message = ew_vfmt(format, args);
    va_end(args);
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *status = ew_json_object(doc), *details = ew_json_object(doc);
    ew_json_set_str(doc, status, "kind", "Status");
    ew_json_set_str(doc, status, "apiVersion", "v1");
    ew_json_set(doc, status, "metadata", ew_json_object(doc));
    ew_json_set_str(doc, status, "status", "Failure");
    ew_json_set_str(doc, status, "message", message);
    ew_json_set_str(doc, status, "reason", reason);
    if (name)
        ew_json_set_str(doc, details, "name", name);
    if (kind) {
        ew_json_set_str(doc, details, "kind", kind);
        ew_json_set(doc, status, "details", details);
    }
    ew_json_set_num(doc, status, "code", code);
    lab_reply_json(reply, code, NULL, status);
    ew_doc_unref(doc);
    free(message);
}
