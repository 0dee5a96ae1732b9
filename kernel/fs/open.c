/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/open.h"
#include "kernel/fs/epoll.h"
#include "kernel/fs/node.h"
#include "kernel/fs/slots.h"
#include "kernel/fs/socket.h"
#include "kernel/fs/timer.h"
#include "kernel/fs/wait.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stddef.h>

#define FILE_LIMIT 2048u
#define CLOEXEC    0x8000u
#define PIPE_ALL   (POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM | POLLERR | POLLHUP)

_Static_assert(FILE_LIMIT <= CLOEXEC, "the number of an open file and CLOEXEC share 16 bits");

#define FILE_SHIFT 5u

static struct slots file_slots = { .shift = FILE_SHIFT, .limit = FILE_LIMIT };
static uint16_t descriptors[FS_DESCRIPTORS]; /* open file and CLOEXEC; 0: closed */

/* What F_GETFL does not show. */
#define OPEN_ONLY (O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)

struct open_file *file_at(uint32_t id)
{
    return slots_at(&file_slots, id, FILE_SHIFT);
}

/* Pipes know who has them open; who waits at one end is told when the other is closed. */
static void pipe_count(const struct open_file *file, uint32_t change)
{
    struct node *node = node_at(file->node);
    if (file->special != NODE_PIPE)
        return;
    node->readers += file_readable(file) ? change : 0;
    node->writers += file_writable(file) ? change : 0;
    if ((node->readers == 0) != (node->writers == 0))
        node_changed(file->node, PIPE_ALL);
}

/* An open file without a descriptor yet; NULL when there is no room. */
static struct open_file *file_make(uint32_t node, uint32_t flags)
{
    uint32_t id = slots_take(&file_slots);
    if (id == 0)
        return NULL;
    struct open_file *file = file_at(id);
    file->node = node;
    file->flags = flags & ~(uint32_t)OPEN_ONLY;
    file->special = node_at(node)->special;
    file->id = (uint16_t)id;
    node_ref(node);
    pipe_count(file, 1);
    return file;
}

int fd_start(void)
{
    struct open_file *file = file_make(NODE_CONSOLE, O_RDWR | O_LARGEFILE);
    if (file == NULL)
        return -ENOMEM;
    file->refs = 3;
    descriptors[0] = descriptors[1] = descriptors[2] = file->id;
    return 0;
}

void file_hold(struct open_file *file)
{
    file->refs++;
}

void file_release(struct open_file *file)
{
    if (--file->refs != 0)
        return;
    epoll_forget(file);
    pipe_count(file, UINT32_MAX);
    if (file->special == NODE_TIMER)
        timer_close(file->node);
    if (file->special == NODE_SOCKET)
        socket_close(file->node);
    node_unref(file->node);
    slots_give(&file_slots, file->id);
}

struct open_file *fd_any_file(uint64_t fd)
{
    /* Linux takes descriptors as 32 bits */
    uint32_t number = (uint32_t)fd;
    if (number >= FS_DESCRIPTORS || descriptors[number] == 0)
        return NULL;
    return file_at(descriptors[number] & ~CLOEXEC);
}

struct open_file *fd_file(uint64_t fd)
{
    struct open_file *file = fd_any_file(fd);
    return file == NULL || (file->flags & O_PATH) != 0 ? NULL : file;
}

static int64_t fd_lowest(uint64_t least)
{
    for (uint64_t fd = least; fd < FS_DESCRIPTORS; fd++) {
        if (descriptors[fd] == 0)
            return (int64_t)fd;
    }
    return -EMFILE;
}

bool fd_is_room(void)
{
    return fd_lowest(0) >= 0;
}

static void fd_set(uint64_t fd, struct open_file *file, bool cloexec)
{
    file_hold(file);
    descriptors[fd] = (uint16_t)(file->id | (cloexec ? CLOEXEC : 0));
}

int64_t fd_open_node(uint32_t node, uint32_t flags)
{
    int64_t fd = fd_lowest(0);
    if (fd < 0)
        return fd;
    struct open_file *file = file_make(node, flags);
    if (file == NULL)
        return -ENFILE;
    fd_set((uint64_t)fd, file, (flags & O_CLOEXEC) != 0);
    return fd;
}

int64_t fd_dup(uint64_t fd, uint64_t least, bool cloexec)
{
    struct open_file *file = fd_any_file(fd);
    if (file == NULL)
        return -EBADF;
    if (least >= FS_DESCRIPTORS)
        return -EINVAL;
    int64_t free = fd_lowest(least);
    if (free >= 0)
        fd_set((uint64_t)free, file, cloexec);
    return free;
}

void fd_dup_to(uint64_t fd, uint64_t to, bool cloexec)
{
    struct open_file *file = fd_any_file(fd);
    (void)fd_close(to);
    fd_set((uint32_t)to, file, cloexec);
}

int fd_close(uint64_t fd)
{
    struct open_file *file = fd_any_file(fd);
    if (file == NULL)
        return -EBADF;
    descriptors[(uint32_t)fd] = 0;
    file_release(file);
    return 0;
}

bool fd_cloexec(uint64_t fd)
{
    return (descriptors[(uint32_t)fd] & CLOEXEC) != 0;
}

void fd_set_cloexec(uint64_t fd, bool cloexec)
{
    uint32_t number = (uint32_t)fd;
    descriptors[number] = (uint16_t)((descriptors[number] & ~CLOEXEC) | (cloexec ? CLOEXEC : 0));
}
