/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/proc.h"
#include "drivers/platform.h"
#include "kernel/fs/data.h"
#include "kernel/fs/fs.h"
#include "kernel/fs/open.h"
#include "kernel/fs/path.h"
#include "lib/format.h"
#include "lib/string.h"
#include "x86/cpus.h"
#include <linux/errno.h>
#include <stddef.h>

#define NS_PER_SECOND 1000000000ull
#define NS_PER_TICK   10000000ull /* USER_HZ 100 */
#define KIB_PER_FRAME (FRAME_SIZE / 1024)

typedef uint64_t text_fn(char *out, uint64_t size);

static uint32_t exe_node;
static fs_text_fn *texts[FS_TEXT_COUNT];

void fs_set_text(enum fs_text which, fs_text_fn *text)
{
    texts[which] = text;
}

void proc_set_exe(uint32_t node)
{
    node_ref(node);
    if (exe_node != 0)
        node_unref(exe_node);
    exe_node = node;
}

uint32_t proc_link_node(uint32_t special)
{
    switch (special) {
    case PROC_CWD:
        return path_cwd();
    case PROC_ROOT:
        return NODE_ROOT;
    case PROC_EXE:
        return exe_node;
    default:
        return 0;
    }
}

uint32_t proc_descriptor_node(uint32_t dir, const char *name, uint32_t length)
{
    uint64_t fd = 0;
    if (node_at(dir)->special != PROC_DESCRIPTORS || length > 4)
        return 0;
    for (uint32_t i = 0; i < length; i++) {
        if (name[i] < '0' || name[i] > '9')
            return 0;
        fd = fd * 10 + (uint64_t)(name[i] - '0');
    }
    const struct open_file *file = fd_any_file(fd);
    return file == NULL ? 0 : file->node;
}

static uint64_t text_meminfo(char *out, uint64_t size)
{
    uint64_t total = frame_count_total() * KIB_PER_FRAME;
    uint64_t free = frame_count_free() * KIB_PER_FRAME;
    return format_string(
        out, size,
        "MemTotal:       %8llu kB\nMemFree:        %8llu kB\nMemAvailable:   %8llu kB\n"
        "Buffers:        %8u kB\nCached:         %8u kB\nSwapCached:     %8u kB\nShmem:          %8u kB\n"
        "SReclaimable:   %8u kB\nSwapTotal:      %8u kB\nSwapFree:       %8u kB\n",
        (unsigned long long)total, (unsigned long long)free, (unsigned long long)free, 0u, 0u, 0u, 0u, 0u, 0u, 0u);
}

static uint64_t text_cpuinfo(char *out, uint64_t size)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < cpus_count; i++)
        n += format_string(out + n, size - n, "processor\t: %u\nmodel name\t: x86-64\ncpu cores\t: %u\n\n", i,
                           cpus_count);
    return n;
}

static uint64_t text_stat(char *out, uint64_t size)
{
    unsigned long long ticks = platform.clock_monotonic() / NS_PER_TICK;
    unsigned long long boot = platform.clock_wall_base() / NS_PER_SECOND;
    uint64_t n = format_string(out, size, "cpu  %llu 0 0 0 0 0 0 0 0 0\n", ticks * cpus_count);

    for (uint32_t i = 0; i < cpus_count; i++)
        n += format_string(out + n, size - n, "cpu%u %llu 0 0 0 0 0 0 0 0 0\n", i, ticks);
    return n + format_string(out + n, size - n, "ctxt 0\nbtime %llu\nprocesses 1\nprocs_running 1\nprocs_blocked 0\n",
                             boot);
}

static uint64_t text_uptime(char *out, uint64_t size)
{
    unsigned long long ticks = platform.clock_monotonic() / NS_PER_TICK;
    return format_string(out, size, "%llu.%02llu 0.00\n", ticks / 100, ticks % 100);
}

static uint64_t text_loadavg(char *out, uint64_t size)
{
    return format_string(out, size, "0.00 0.00 0.00 1/1 1\n");
}

static uint64_t text_version(char *out, uint64_t size)
{
    return format_string(out, size, OS_TYPE " version " OS_RELEASE " (anchorite) " OS_VERSION "\n");
}

static uint64_t text_mounts(char *out, uint64_t size)
{
    return format_string(out, size, "none / tmpfs rw 0 0\n");
}

static uint64_t text_filesystems(char *out, uint64_t size)
{
    return format_string(out, size, "nodev\ttmpfs\n");
}

static uint64_t text_ostype(char *out, uint64_t size)
{
    return format_string(out, size, OS_TYPE "\n");
}

static uint64_t text_osrelease(char *out, uint64_t size)
{
    return format_string(out, size, OS_RELEASE "\n");
}

static uint64_t text_hostname(char *out, uint64_t size)
{
    return format_string(out, size, "anchorite\n");
}

static uint64_t text_overcommit(char *out, uint64_t size)
{
    return format_string(out, size, "1\n");
}

static uint64_t text_cpu_list(char *out, uint64_t size)
{
    return format_string(out, size, cpus_count == 1 ? "0\n" : "0-%u\n", cpus_count - 1);
}

static uint64_t text_from(enum fs_text which, char *out, uint64_t size)
{
    return texts[which] == NULL ? 0 : texts[which](out, size, 0);
}

static uint64_t text_self_cmdline(char *out, uint64_t size)
{
    return text_from(FS_TEXT_CMDLINE, out, size);
}

static uint64_t text_self_environ(char *out, uint64_t size)
{
    return text_from(FS_TEXT_ENVIRON, out, size);
}

/* The program's file name, as Linux cuts it: 15 bytes. */
static uint64_t text_self_comm(char *out, uint64_t size)
{
    char name[ENTRY_NAME_MAX];
    uint32_t entry = exe_node == 0 ? 0 : node_at(exe_node)->entry;
    uint32_t length = entry == 0 ? 0 : entry_name(entry, name);
    return format_string(out, size, "%.*s\n", length < 15 ? (int)length : 15, name);
}

static uint64_t text_self_stat(char *out, uint64_t size)
{
    char name[ENTRY_NAME_MAX];
    char threads[12];
    uint64_t digits = text_from(FS_TEXT_THREADS, threads, sizeof(threads));
    uint64_t length = text_self_comm(name, sizeof(name)) - 1;
    return format_string(
        out, size,
        "1 (%.*s) R 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 %.*s 0 0 0 0 18446744073709551615 0 0 0 0 0 0 0 0 0 "
        "0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
        (int)length, name, (int)digits, threads);
}

static uint64_t text_self_status(char *out, uint64_t size)
{
    char name[ENTRY_NAME_MAX];
    char threads[12];
    uint64_t digits = text_from(FS_TEXT_THREADS, threads, sizeof(threads));
    uint64_t length = text_self_comm(name, sizeof(name)) - 1;
    return format_string(
        out, size,
        "Name:\t%.*s\nState:\tR (running)\nTgid:\t1\nPid:\t1\nPPid:\t0\nTracerPid:\t0\nUid:\t0\t0\t0\t0\n"
        "Gid:\t0\t0\t0\t0\nVmSize:\t       0 kB\nVmRSS:\t       0 kB\nThreads:\t%.*s\n"
        "Cpus_allowed:\t1\nCpus_allowed_list:\t0\n",
        (int)length, name, (int)digits, threads);
}

static uint64_t text_self_statm(char *out, uint64_t size)
{
    return format_string(out, size, "0 0 0 0 0 0 0\n");
}

/* From PROC_TEXT on, in the order of enum node_special. NULL: it may have more than a page. */
static text_fn *const makers[] = {
    text_meminfo,   text_cpuinfo,   text_stat,         text_uptime,
    text_loadavg,   text_version,   text_mounts,       text_filesystems,
    text_ostype,    text_osrelease, text_hostname,     text_overcommit,
    text_cpu_list,  NULL,           text_self_cmdline, text_self_environ,
    text_self_comm, text_self_stat, text_self_status,  text_self_statm,
};

_Static_assert(sizeof(makers) / sizeof(makers[0]) == PROC_SELF_STATM - PROC_TEXT + 1, "one maker for each text");

/* A page of a text, from a byte on. */
static uint64_t make_page(uint32_t special, char *out, uint64_t from)
{
    text_fn *maker = makers[special - PROC_TEXT];
    uint64_t n;

    if (maker != NULL)
        n = from == 0 ? maker(out, FRAME_SIZE) : 0;
    else
        n = texts[FS_TEXT_MAPS] == NULL ? 0 : texts[FS_TEXT_MAPS](out, FRAME_SIZE, from);
    n = n < FRAME_SIZE ? n : FRAME_SIZE;
    memset(out + n, 0, FRAME_SIZE - n);
    return n;
}

int64_t proc_open(uint32_t special, uint32_t mode)
{
    uint32_t id = node_create(mode, NODE_PLAIN);
    if (id == 0)
        return -ENOMEM;
    struct node *node = node_at(id);
    uint64_t made;
    do {
        uint8_t *page = data_page(node, node->size / FRAME_SIZE);
        if (page == NULL) {
            node_reap(id);
            return -ENOMEM;
        }
        made = make_page(special, (char *)page, node->size);
        node->size += made;
    } while (made == FRAME_SIZE);
    return id;
}
