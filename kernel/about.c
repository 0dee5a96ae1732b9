/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/about.h"

#include <linux/mman.h>

#include "kernel/fs/fs.h"
#include "kernel/program.h"
#include "kernel/thread.h"
#include "kernel/vdso.h"
#include "lib/format.h"
#include "lib/string.h"
#include "mm/space.h"

static const char *program_name;
static const struct cmdline *given;

static uint64_t add(char *out, uint64_t size, uint64_t at, const char *s)
{
    uint64_t n = strlen(s) + 1;

    if (size - at < n)
        n = size - at;
    memcpy(out + at, s, n);
    return at + n;
}

static uint64_t arguments_text(char *out, uint64_t size, uint64_t from)
{
    uint64_t at = add(out, size, 0, program_name);

    (void)from; /* no more than a page is told */
    for (uint32_t i = 0; i < given->arg_count; i++)
        at = add(out, size, at, given->text + given->arg[i]);
    return at;
}

static uint64_t environment_text(char *out, uint64_t size, uint64_t from)
{
    uint64_t at = 0;

    (void)from;
    for (uint32_t i = 0; i < given->env_count; i++)
        at = add(out, size, at, given->text + given->env[i]);
    return at;
}

static const char *name_of(uint32_t node)
{
    switch (node) {
    case NODE_PROGRAM:
        return program_name;
    case NODE_VDSO:
        return "[vdso]";
    case SPACE_LENT:
        return "[vvar]";
    default:
        return "";
    }
}

static size_t area_line(const struct vma *area, char *line, size_t size)
{
    return format_string(line, size, "%lx-%lx %c%c%cp %08lx 00:00 %u %s\n", area->start, area->end,
                         area->prot & PROT_READ ? 'r' : '-', area->prot & PROT_WRITE ? 'w' : '-',
                         area->prot & PROT_EXEC ? 'x' : '-', area->offset, node_is_file(area->node) ? area->node : 0,
                         name_of(area->node));
}

/* address range, rights, offset, device, inode, name */
static uint64_t areas_text(char *out, uint64_t size, uint64_t from)
{
    char line[384];
    uint64_t at = 0, done = 0; /* in the whole text; in out */

    for (uint32_t i = 0; i < vma_count() && done < size; i++) {
        uint64_t n = area_line(vma_at(i), line, sizeof line), skip = at < from ? from - at : 0;

        at += n;
        if (skip >= n)
            continue;
        n = n - skip < size - done ? n - skip : size - done;
        memcpy(out + done, line + skip, n);
        done += n;
    }
    return done;
}

static uint64_t threads_text(char *out, uint64_t size, uint64_t from)
{
    (void)from;
    return format_string(out, size, "%u", thread_count());
}

void about_start(const char *name, const struct cmdline *cmdline)
{
    program_name = name;
    given = cmdline;
    fs_set_text(FS_TEXT_MAPS, areas_text);
    fs_set_text(FS_TEXT_CMDLINE, arguments_text);
    fs_set_text(FS_TEXT_ENVIRON, environment_text);
    fs_set_text(FS_TEXT_THREADS, threads_text);
}
