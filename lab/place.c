#include "place.h"

#include "edgewalk/base/text.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/bn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct lab_place {
    int net, next_host;
    int64_t now; /* seconds */
    const struct lab_certs *certs;
    struct ew_map *addresses, *vars; /* char *, owned */
    struct ew_map *ports;            /* int in the pointer */
};

struct lab_place *lab_place_new(int net, int64_t now, const struct lab_certs *certs)
{
    struct lab_place *place = ew_alloc(sizeof *place);
    place->net = net;
    place->next_host = 1;
    place->now = now;
    place->certs = certs;
    place->addresses = ew_map_new();
    place->vars = ew_map_new();
    place->ports = ew_map_new();
    return place;
}

static void free_texts(struct ew_map *map)
{
    for (size_t i = 0; i < ew_map_count(map); i++)
        free(ew_map_value(map, i));
    ew_map_free(map);
}

void lab_place_free(struct lab_place *place)
{
    if (!place)
        return;
    free_texts(place->addresses);
    free_texts(place->vars);
    ew_map_free(place->ports);
    free(place);
}

static void set_text(struct ew_map *map, const char *name, const char *value)
{
    free(ew_map_get(map, name));
    ew_map_set(map, name, ew_strdup(value));
}

void lab_place_set_address(struct lab_place *place, const char *name, const char *address)
{
    set_text(place->addresses, name, address);
}

void lab_place_set_var(struct lab_place *place, const char *name, const char *value)
{
    set_text(place->vars, name, value);
}

const char *lab_place_address(struct lab_place *place, const char *name)
{
    if (!ew_map_get(place->addresses, name)) {
        char text[32];
        snprintf(text, sizeof text, "127.0.%d.%d", place->net, place->next_host++);
        set_text(place->addresses, name, text);
    }
    return ew_map_get(place->addresses, name);
}

/* A port that nobody holds now, at an address of our net that no scenario is given. */
static int free_port(int net)
{
    struct sockaddr_in sin = {.sin_family = AF_INET};
    socklen_t len = sizeof sin;
    int port = 0, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sin.sin_addr.s_addr = htonl(0x7f0000feU | (uint32_t)net << 8);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&sin, sizeof sin) == 0 &&
        getsockname(fd, (struct sockaddr *)&sin, &len) == 0)
        port = ntohs(sin.sin_port);
    if (fd >= 0)
        close(fd);
    return port;
}

int lab_place_port(struct lab_place *place, const char *name)
{
    intptr_t port = (intptr_t)ew_map_get(place->ports, name);
    if (!port) {
        port = free_port(place->net);
        ew_map_set(place->ports, name, (void *)port);
    }
    return (int)port;
}

static char *base64(const char *text)
{
    return ew_base64_encode((const unsigned char *)text, strlen(text));
}

static char *time_text(const struct lab_place *place, const char *span)
{
    char *end, out[32];
    long number = strtol(span, &end, 10);
    long unit = *end == 'd' ? 86400 : *end == 'h' ? 3600 : *end == 'm' ? 60 : 1;
    ew_time_format((place->now + number * unit) * 1000, out);
    char *dot = strchr(out, '.'); /* Kubernetes writes whole seconds */
    if (dot)
        memcpy(dot, "Z", 2);
    return ew_strdup(out);
}

static char *serial_text(const struct lab_cert *cert)
{
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(cert->leaf), NULL);
    char *hex = BN_bn2hex(number), *out = ew_strdup(hex);
    OPENSSL_free(hex);
    BN_free(number);
    return out;
}

static char *cert_value(const struct lab_place *place, const char *what, const char *name)
{
    const struct lab_cert *cert = lab_certs_find(place->certs, name);
    if (!cert)
        return NULL;
    if (strcmp(what, "cert") == 0)
        return ew_strdup(cert->pem);
    if (strcmp(what, "key") == 0)
        return ew_strdup(cert->key_pem);
    if (strcmp(what, "cert64") == 0)
        return base64(cert->pem);
    if (strcmp(what, "key64") == 0)
        return base64(cert->key_pem);
    return strcmp(what, "serial") == 0 ? serial_text(cert) : NULL;
}

/* What a variable stands for; NULL: not known. */
static char *value_of(struct lab_place *place, const char *what, const char *name)
{
    if (strcmp(what, "addr") == 0)
        return ew_strdup(lab_place_address(place, name));
    if (strcmp(what, "port") == 0)
        return ew_fmt("%d", lab_place_port(place, name));
    if (strcmp(what, "ca") == 0)
        return ew_strdup(lab_certs_root_pem(place->certs));
    if (strcmp(what, "ca64") == 0)
        return base64(lab_certs_root_pem(place->certs));
    if (strcmp(what, "time") == 0)
        return time_text(place, name);
    if (strcmp(what, "var") == 0)
        return ew_strdup(ew_map_get(place->vars, name));
    return cert_value(place, what, name);
}

static char *variable(struct lab_place *place, const char *inner, size_t len)
{
    char *what = ew_strndup(inner, len), *colon = strchr(what, ':');
    if (colon)
        *colon = '\0';
    char *value = value_of(place, what, colon ? colon + 1 : "");
    free(what);
    return value;
}

char *lab_place_text(struct lab_place *place, const char *text, struct ew_err *err)
{
    struct ew_buf out;
    const char *at = text, *open;
    ew_buf_init(&out, 0);
    while ((open = strstr(at, "${"))) {
        const char *close = strchr(open, '}');
        char *value = close ? variable(place, open + 2, (size_t)(close - open - 2)) : NULL;
        if (!value) {
            ew_fail(err, EW_EUSAGE, "no such variable: %.60s", open);
            ew_buf_release(&out);
            return NULL;
        }
        ew_buf_add(&out, at, (size_t)(open - at));
        ew_buf_adds(&out, value);
        free(value);
        at = close + 1;
    }
    ew_buf_adds(&out, at);
    char *whole = ew_strdup(ew_buf_text(&out));
    ew_buf_release(&out);
    return whole;
}

static bool is_number(const char *text)
{
    return ew_text_prefix(text, "${port:") && strchr(text, '}') == text + strlen(text) - 1;
}

static struct ew_json *fill(struct lab_place *place, struct ew_doc *doc, const struct ew_json *node,
                            struct ew_err *err)
{
    struct ew_json *out;
    if (ew_json_is(node, EW_JSON_STRING)) {
        char *text = lab_place_text(place, ew_json_str(node), err);
        if (!text)
            return NULL;
        out = is_number(ew_json_str(node)) ? ew_json_number(doc, atoi(text))
                                           : ew_json_string(doc, text);
        free(text);
        return out;
    }
    bool map = ew_json_is(node, EW_JSON_OBJECT);
    if (!map && !ew_json_is(node, EW_JSON_ARRAY))
        return ew_json_copy(doc, node);
    out = map ? ew_json_object(doc) : ew_json_array(doc);
    EW_JSON_EACH(member, node)
    {
        struct ew_json *child = fill(place, doc, member, err);
        if (!child)
            return NULL;
        if (map)
            ew_json_set(doc, out, ew_json_key(member), child);
        else
            ew_json_add(doc, out, child);
    }
    return out;
}

int lab_place_tree(struct lab_place *place, const struct ew_json *node, struct ew_doc **out,
                   struct ew_err *err)
{
    struct ew_doc *doc = ew_doc_new();
    struct ew_json *root = fill(place, doc, node, err);
    if (!root) {
        ew_doc_unref(doc);
        return EW_EUSAGE;
    }
    ew_doc_set_root(doc, root);
    *out = doc;
    return 0;
}
