/* SPDX-License-Identifier: BSD-2-Clause */
/* Nodes: what a name or an open file stands for. A node lives while a name, an open file or a mapping refers to it. */
#ifndef KERNEL_FS_NODE_H
#define KERNEL_FS_NODE_H
#include "drivers/platform.h"
#include "mm/frame.h"
#include <linux/stat.h>
#include <stdbool.h>
#include <stdint.h>

#define NODE_LIMIT     65536u
#define NODE_ROOT      1u
#define NODE_CONSOLE   2u
#define NODE_DIRECT    4u
#define NODE_SIZE_MAX  (1ULL << 32)
#define EVENT_MAX      0xfffffffffffffffeULL /* an event counter's largest value */
#define NODE_TIME_BOOT INT64_MIN /* stands for the wall clock at boot, which is not read before someone asks */
#define NODE_BITS      07777u    /* the mode bits that chmod sets */

/* What a node is beyond its file type. */
enum node_special {
    NODE_PLAIN,
    DEVICE_NULL,
    DEVICE_ZERO,
    DEVICE_FULL,
    DEVICE_RANDOM,
    DEVICE_URANDOM,
    DEVICE_CONSOLE,
    DEVICE_TTY,
    NODE_PIPE,
    NODE_EVENT,
    NODE_TIMER,
    NODE_EPOLL,
    NODE_SOCKET,
    NODE_DISK,
    PROC_CWD, /* links whose target is a node, and the directory of such links */
    PROC_ROOT,
    PROC_EXE,
    PROC_DESCRIPTORS,
    PROC_DESCRIPTOR, /* one node stands for all links in it */
    PROC_TEXT, /* from here on: files whose text is made when they are opened; kernel/fs/proc.c has them in this order */
    PROC_MEMINFO = PROC_TEXT,
    PROC_CPUINFO,
    PROC_STAT,
    PROC_UPTIME,
    PROC_LOADAVG,
    PROC_VERSION,
    PROC_MOUNTS,
    PROC_FILESYSTEMS,
    PROC_OSTYPE,
    PROC_OSRELEASE,
    PROC_HOSTNAME,
    PROC_OVERCOMMIT,
    PROC_CPU_LIST,
    PROC_SELF_MAPS,
    PROC_SELF_CMDLINE,
    PROC_SELF_ENVIRON,
    PROC_SELF_COMM,
    PROC_SELF_STAT,
    PROC_SELF_STATUS,
    PROC_SELF_STATM,
};

struct node {
    uint16_t mode;    /* file type and permissions, as in st_mode; 0: the slot is free */
    uint16_t special; /* enum node_special */
    uint32_t nlink;
    uint32_t refs; /* open files, mappings, working directory */
    uint32_t uid;
    uint32_t gid;
    uint32_t entry; /* one of its names, the only one of a directory; 0: none */
    uint64_t size;
    int64_t atime; /* nanoseconds since 1970 */
    int64_t mtime;
    int64_t ctime;
    union {
        const uint8_t *base; /* regular file: bytes of the archive, shown where no page was written */
        uint64_t interval;   /* timer: nanoseconds from one expiration to the next, 0: there is one only */
    };
    union {
        uint64_t base_size;
        uint64_t ticks; /* timer: expirations that nobody has read */
    };
    uint32_t page[NODE_DIRECT]; /* frames of the first pages */
    uint32_t root;              /* frame of 1024 frames of 1024 frames each: the other pages */
    uint32_t pages;             /* frames with data */
    union {
        uint32_t first;   /* directory: its entries in the order they came */
        uint32_t watches; /* others: one of the watches on it (kernel/fs/watch.h), 0: none */
    };
    union {
        uint32_t last;
        uint32_t is_polled; /* others: a call of poll or select may wait for it */
    };
    uint64_t
        cookie; /* directory: position of the next new entry; event counter: its value; disk: its number; timer: when it
                        expires (monotonic); epoll: the last walk that came by */
    union {
        struct {           /* pipe, socket */
            uint32_t head; /* first byte in the ring, bytes in it; event counter: head says that reads take one */
            uint32_t used;
            union {
                uint32_t readers; /* pipe: who has it open */
                uint32_t peer;    /* socket: the node of the other end, 0: closed */
            };
            union {
                uint32_t writers;
                uint32_t shut; /* socket: SOCKET_ bits */
            };
        };
        struct {           /* timer */
            uint32_t next; /* in the queue of those that will expire */
            uint32_t previous;
            uint16_t clock; /* as clock_gettime(2) names it */
            uint16_t state; /* enum timer_state */
        };
        struct {               /* epoll */
            uint32_t items;    /* one of its watches */
            uint32_t ready;    /* the first of those that may be ready */
            uint32_t chain[2]; /* the next epoll of a walk */
        };
    };
};

#include "spec/node.acsl"

/* The node with that number, which must be in use. */
/*@ requires made: NodeMade(id);
    terminates \true; exits \false; assigns \result \from id;
    ensures place: \result == &ghost_node[id]; */
struct node *node_at(uint32_t id);

/* A node with no name and no reference yet, times NODE_TIME_BOOT; 0 when there is no room. */
/*@ requires bits: mode <= UINT16_MAX && special <= UINT16_MAX;
    terminates \true; exits \false;
    assigns ghost_node[ghost_node_next], ghost_node_next, ghost_nodes_made, ghost_elsewhere;
    ensures grow: NodesGrow{Pre, Post};
    ensures place: \result == 0 || \result == \old(ghost_node_next);
    ensures none: \result == 0 ==> NodeBasicsSame{Pre, Post}(\old(ghost_node_next))
      && NodeStreamSame{Pre, Post}(\old(ghost_node_next));
    ensures free: NodeZero{Pre}(\old(ghost_node_next)) && 0 <= \old(ghost_node_next) < NODE_LIMIT;
    ensures new: \result != 0 ==> NodeMade(\result) && ghost_node[\result].special == special
      && ghost_node[\result].mode == mode && ghost_node[\result].nlink == 0 && ghost_node[\result].refs == 0
      && ghost_node[\result].size == 0 && ghost_node[\result].entry == 0 && ghost_node[\result].cookie == 0
      && ghost_node[\result].used == 0 && ghost_node[\result].head == 0 && ghost_node[\result].readers == 0
      && ghost_node[\result].writers == 0 && ghost_node[\result].ticks == 0 && ghost_node[\result].state == 0
      && ghost_node[\result].watches == 0;
    ensures times: \result != 0 ==> ghost_node[\result].atime == NODE_TIME_BOOT
      && ghost_node[\result].mtime == NODE_TIME_BOOT && ghost_node[\result].ctime == NODE_TIME_BOOT; */
uint32_t node_create(uint32_t mode, uint32_t special);

/* One more or less open file, mapping or working directory; the last one frees a node without names, with its frames. */
/*@ requires made: NodeMade(id);
    requires room: ghost_node[id].refs < 0xffffffff;
    terminates \true; exits \false; assigns ghost_node[id].refs;
    ensures more: ghost_node[id].refs == \old(ghost_node[id].refs) + 1; */
void node_ref(uint32_t id);
/*@ requires made: NodeMade(id);
    requires held: ghost_node[id].refs > 0;
    terminates \true; exits \false; assigns ghost_node[id], ghost_elsewhere;
    ensures fewer: \old(ghost_node[id].nlink) != 0 || \old(ghost_node[id].refs) > 1 ==>
      ghost_node[id].refs == \old(ghost_node[id].refs) - 1 && ghost_node[id].nlink == \old(ghost_node[id].nlink)
      && ghost_node[id].special == \old(ghost_node[id].special) && ghost_node[id].mode == \old(ghost_node[id].mode)
      && NodeStreamSame{Pre, Post}(id);
    ensures gone: \old(ghost_node[id].nlink) == 0 && \old(ghost_node[id].refs) == 1 ==> NodeZero(id); */
void node_unref(uint32_t id);

/* Frees the node if neither a name nor a reference is left. */
/*@ requires made: NodeMade(id);
    terminates \true; exits \false; assigns ghost_node[id], ghost_elsewhere;
    ensures kept: \old(ghost_node[id].nlink) != 0 || \old(ghost_node[id].refs) != 0 ==>
      NodeBasicsSame{Pre, Post}(id) && NodeStreamSame{Pre, Post}(id);
    ensures gone: \old(ghost_node[id].nlink) == 0 && \old(ghost_node[id].refs) == 0 ==> NodeZero(id); */
void node_reap(uint32_t id);

/* Nodes in use. */
uint32_t node_count(void);

/* Nanoseconds since 1970. */
/*@ terminates \true; exits \false; assigns ghost_ns, ghost_base;
    ensures exact: \result == NodeNow; */
int64_t node_now(void);

/* A time of a node as nanoseconds since 1970. */
/*@ terminates \true; exits \false; assigns ghost_base;
    ensures exact: \result == (time == NODE_TIME_BOOT ? (int64_t)ghost_base : time); */
int64_t node_time(int64_t time);

/*@ requires valid: \valid_read(node);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> (node->mode & S_IFMT) == type; */
static inline bool node_is(const struct node *node, uint32_t type)
{
    return (node->mode & S_IFMT) == type;
}

#endif
