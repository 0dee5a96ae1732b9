/* SPDX-License-Identifier: BSD-2-Clause */
/* Watches: which open files an epoll is interested in, and which of them may be ready. Only lists: nothing waits or is asked
   here. spec/epoll.md. */
#ifndef KERNEL_FS_WATCH_H
#define KERNEL_FS_WATCH_H
#include <stdbool.h>
#include <stdint.h>

/* The most watches there are, in all epolls together. */
#define WATCH_LIMIT 8192u

/* Each watch is in the first two rings, and in the third while it may be ready. */
enum watch_ring { WATCH_OF_EPOLL, WATCH_OF_NODE, WATCH_READY, WATCH_RINGS };

struct watch {
    uint64_t data;     /* the application's */
    uint32_t events;   /* EPOLL bits: what to tell, and EPOLLET, EPOLLONESHOT, EPOLLEXCLUSIVE */
    uint32_t changes;  /* POLL bits that a change of its file can bring: the two ends of a pipe differ */
    uint32_t epoll;    /* node of the epoll */
    uint32_t node;     /* node whose changes count */
    uint32_t fd;       /* as the application named the file */
    uint16_t file;     /* open file */
    uint16_t is_ready; /* it is in the third ring */
    struct {
        uint32_t next, previous;
    } ring[WATCH_RINGS];
};

#include "spec/watch.acsl"

/* The watch with that number, which must be in use. */
struct watch *watch_at(uint32_t id);

/* An epoll's new watch, as `made` describes it (its rings and is_ready do not count); 0 when there is no room. */
uint32_t watch_add(const struct watch *made);

/* Out of all rings, and gone. */
void watch_remove(uint32_t id);

/* The epoll's watch of that open file under that descriptor; 0 when there is none. Costs the number of watches on the node. */
uint32_t watch_find(uint32_t epoll, uint32_t node, uint32_t file, uint32_t fd);

/* The watch may be ready, as the last in its epoll's order; or is not, and must have been. */
void watch_set_ready(uint32_t id);
void watch_clear_ready(uint32_t id);

/* The next watch of a ring behind this one; 0 when `first` is next, where the walk began. */
uint32_t watch_next(enum watch_ring ring, uint32_t id, uint32_t first);

/* Watches in use. */
uint32_t watch_count(void);

#endif
