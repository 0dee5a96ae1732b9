/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/fixed.h"
#include "kernel/fs/block.h"
#include "kernel/fs/entry.h"
#include "kernel/fs/fs.h"
#include "kernel/fs/node.h"
#include "kernel/fs/proc.h"
#include "lib/string.h"
#include <linux/errno.h>
#include <stddef.h>

#define DIR       (S_IFDIR | 0755)
#define CHAR      (S_IFCHR | 0666)
#define LINK      (S_IFLNK | 0777)
#define TEXT      (S_IFREG | 0444)
#define DEPTH_MAX 4u

/* One name; a directory's names follow it, one deeper. A node without a name is the one of links in /proc/self/fd. */
struct fixed {
    const char *name;
    const char *target; /* of a symbolic link; a regular file's bytes */
    uint16_t mode;
    uint8_t special;
    uint8_t depth;
};

static const struct fixed fixed_names[] = {
    { "dev", NULL, DIR, NODE_PLAIN, 0 },
    { "console", NULL, CHAR, DEVICE_CONSOLE, 1 },
    { "tty", NULL, CHAR, DEVICE_TTY, 1 },
    { "null", NULL, CHAR, DEVICE_NULL, 1 },
    { "zero", NULL, CHAR, DEVICE_ZERO, 1 },
    { "full", NULL, CHAR, DEVICE_FULL, 1 },
    { "random", NULL, CHAR, DEVICE_RANDOM, 1 },
    { "urandom", NULL, CHAR, DEVICE_URANDOM, 1 },
    { "stdin", "/proc/self/fd/0", LINK, NODE_PLAIN, 1 },
    { "stdout", "/proc/self/fd/1", LINK, NODE_PLAIN, 1 },
    { "stderr", "/proc/self/fd/2", LINK, NODE_PLAIN, 1 },
    { "fd", "/proc/self/fd", LINK, NODE_PLAIN, 1 },
    { "shm", NULL, S_IFDIR | 01777, NODE_PLAIN, 1 },
    { "proc", NULL, DIR, NODE_PLAIN, 0 },
    { "meminfo", NULL, TEXT, PROC_MEMINFO, 1 },
    { "cpuinfo", NULL, TEXT, PROC_CPUINFO, 1 },
    { "stat", NULL, TEXT, PROC_STAT, 1 },
    { "uptime", NULL, TEXT, PROC_UPTIME, 1 },
    { "loadavg", NULL, TEXT, PROC_LOADAVG, 1 },
    { "version", NULL, TEXT, PROC_VERSION, 1 },
    { "mounts", NULL, TEXT, PROC_MOUNTS, 1 },
    { "filesystems", NULL, TEXT, PROC_FILESYSTEMS, 1 },
    { "self", "1", LINK, NODE_PLAIN, 1 },
    { "1", NULL, DIR, NODE_PLAIN, 1 },
    { "cwd", NULL, LINK, PROC_CWD, 2 },
    { "root", NULL, LINK, PROC_ROOT, 2 },
    { "exe", NULL, LINK, PROC_EXE, 2 },
    { "fd", NULL, DIR, PROC_DESCRIPTORS, 2 },
    { NULL, NULL, LINK, PROC_DESCRIPTOR, 2 },
    { "maps", NULL, TEXT, PROC_SELF_MAPS, 2 },
    { "cmdline", NULL, TEXT, PROC_SELF_CMDLINE, 2 },
    { "environ", NULL, TEXT, PROC_SELF_ENVIRON, 2 },
    { "comm", NULL, TEXT, PROC_SELF_COMM, 2 },
    { "stat", NULL, TEXT, PROC_SELF_STAT, 2 },
    { "status", NULL, TEXT, PROC_SELF_STATUS, 2 },
    { "statm", NULL, TEXT, PROC_SELF_STATM, 2 },
    { "mounts", NULL, TEXT, PROC_MOUNTS, 2 },
    { "sys", NULL, DIR, NODE_PLAIN, 1 },
    { "kernel", NULL, DIR, NODE_PLAIN, 2 },
    { "ostype", NULL, TEXT, PROC_OSTYPE, 3 },
    { "osrelease", NULL, TEXT, PROC_OSRELEASE, 3 },
    { "hostname", NULL, TEXT, PROC_HOSTNAME, 3 },
    { "vm", NULL, DIR, NODE_PLAIN, 2 },
    { "overcommit_memory", NULL, TEXT, PROC_OVERCOMMIT, 3 },
    { "sys", NULL, DIR, NODE_PLAIN, 0 },
    { "devices", NULL, DIR, NODE_PLAIN, 1 },
    { "system", NULL, DIR, NODE_PLAIN, 2 },
    { "cpu", NULL, DIR, NODE_PLAIN, 3 },
    { "online", NULL, TEXT, PROC_CPU_LIST, 4 },
    { "possible", NULL, TEXT, PROC_CPU_LIST, 4 },
    { "present", NULL, TEXT, PROC_CPU_LIST, 4 },
    { "tmp", NULL, S_IFDIR | 01777, NODE_PLAIN, 0 },
    { "etc", NULL, DIR, NODE_PLAIN, 0 },
    { "hostname", "anchorite\n", S_IFREG | 0644, NODE_PLAIN, 1 },
    { "passwd", "root:x:0:0:root:/:/bin/sh\n", S_IFREG | 0644, NODE_PLAIN, 1 },
    { "group", "root:x:0:\n", S_IFREG | 0644, NODE_PLAIN, 1 },
};

#define FIXED_COUNT ((uint32_t)(sizeof(fixed_names) / sizeof(fixed_names[0])))

static uint32_t fixed_made; /* names made so far, then disks, the program last */
static uint32_t fixed_parent[DEPTH_MAX + 1] = { NODE_ROOT };
static uint32_t fixed_last;
static uint32_t descriptor_link;
static const char *program_name;
static const uint8_t *program_bytes;
static uint64_t program_size;

void fs_add_program(const char *path, const uint8_t *elf, uint64_t size)
{
    program_name = path;
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(program_name, '/'))
        program_name = slash + 1;
    program_bytes = elf;
    program_size = size;
}

int fixed_start(void)
{
    if (node_create(DIR, NODE_PLAIN) != NODE_ROOT || node_create(CHAR, DEVICE_CONSOLE) != NODE_CONSOLE)
        return -ENOMEM;
    node_at(NODE_ROOT)->nlink = 2;
    node_at(NODE_ROOT)->refs = 2;    /* for ever, and as the first working directory */
    node_at(NODE_CONSOLE)->refs = 1; /* for ever: it exists before its name does */
    return 0;
}

/* A node with its name; the archive's bytes or a link's text are its data. 0 when there is no room. */
static uint32_t fixed_make(uint32_t dir, const struct fixed *fixed, const void *base, uint64_t size)
{
    bool console = fixed->special == DEVICE_CONSOLE;
    uint32_t id = console ? NODE_CONSOLE : node_create(fixed->mode, fixed->special);
    if (id == 0)
        return 0;
    if (fixed->name == NULL)
        descriptor_link = id;
    else if (entry_add(dir, fixed->name, (uint32_t)strlen(fixed->name), id) == 0) {
        node_reap(id);
        return 0;
    }
    struct node *node = node_at(id);
    node->base = base;
    node->base_size = node->size = size;
    node->nlink++;
    if (node_is(node, S_IFDIR)) {
        node->nlink++;
        node_at(dir)->nlink++;
    }
    fixed_last = id;
    return id;
}

static int fixed_make_program(void)
{
    const struct fixed program = { program_name, NULL, S_IFREG | 0755, NODE_PLAIN, 0 };
    uint32_t length;
    if (program_bytes == NULL)
        return 0;
    /* A program of the name of a directory here, or of none, is not among the files; it runs all the same. */
    length = (uint32_t)strlen(program_name);
    if (length == 0 || length > ENTRY_NAME_MAX || entry_find(NODE_ROOT, program_name, length) != 0)
        return 0;
    uint32_t node = fixed_make(NODE_ROOT, &program, program_bytes, program_size);
    if (node == 0)
        return -ENOSPC;
    proc_set_exe(node);
    return 0;
}

static int fixed_make_disk(uint32_t disk)
{
    const struct fixed fixed = { block_name(disk), NULL, S_IFBLK | 0660, NODE_DISK, 0 };
    uint32_t dir = entry_at(entry_find(NODE_ROOT, "dev", 3))->node;
    /* Two numbers of Xen's may stand for one name. */
    if (entry_find(dir, fixed.name, (uint32_t)strlen(fixed.name)) != 0)
        return 0;
    uint32_t node = fixed_make(dir, &fixed, NULL, 0);
    if (node == 0)
        return -ENOSPC;
    node_at(node)->cookie = disk;
    return 0;
}

int fixed_populate(void)
{
    while (fixed_made < FIXED_COUNT) {
        const struct fixed *fixed = &fixed_names[fixed_made];
        uint64_t size = fixed->target == NULL ? 0 : strlen(fixed->target);
        uint32_t node = fixed_make(fixed_parent[fixed->depth], fixed, fixed->target, size);
        if (node == 0)
            return -ENOSPC;
        if (fixed->depth < DEPTH_MAX)
            fixed_parent[fixed->depth + 1] = node;
        fixed_made++;
    }
    while (fixed_made < FIXED_COUNT + block_count()) {
        if (fixed_make_disk(fixed_made - FIXED_COUNT) != 0)
            return -ENOSPC;
        fixed_made++;
    }
    if (fixed_made == FIXED_COUNT + block_count()) {
        if (fixed_make_program() != 0)
            return -ENOSPC;
        fixed_made++;
    }
    return 0;
}

uint32_t fixed_descriptor_link(void)
{
    return descriptor_link;
}

uint32_t fixed_last_node(void)
{
    return fixed_last;
}
