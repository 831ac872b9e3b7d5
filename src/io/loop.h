/* The loop as the other files of this room see it. */
#ifndef EW_IO_LOOP_H
#define EW_IO_LOOP_H

#include "config.h"

#include "edgewalk/io.h"

#include <event2/event.h>
#include <sys/time.h>

/* A member of a circular list; a node alone points at itself. */
struct io_node {
    struct io_node *prev, *next;
};

void io_node_init(struct io_node *node);
void io_node_link(struct io_node *head, struct io_node *node); /* at the end */
void io_node_unlink(struct io_node *node);                     /* twice is allowed */
bool io_node_alone(const struct io_node *node);

/* The services are made at their first use and freed with the loop, before plain handles, each
 * dropping what it has in flight without callbacks. */
struct io_http;
struct io_dns;
struct ew_loop {
    struct event_base *base;
    struct io_node handles; /* timers, watches, signals */
    struct io_node jobs;    /* struct ew_job */
    struct io_node lookups; /* struct ew_lookup */
    struct io_http *http;
    struct io_dns *dns;
    bool stopped;
};

void io_http_free(struct io_http *http);
void io_dns_free(struct io_dns *dns);
void io_jobs_free(struct ew_loop *loop);
void io_lookups_free(struct ew_loop *loop);

/* An event at the priority of sockets, not added yet. */
struct event *io_event(struct ew_loop *loop, int fd, short what, event_callback_fn fn, void *ctx);
/* (Re)arms a timer event. */
void io_event_after(struct event *event, double delay_ms);

#endif
