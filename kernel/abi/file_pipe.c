/* SPDX-License-Identifier: BSD-2-Clause */
/* Files without names: pipes, event counters, memory files. */
#include "kernel/abi/event.h"
#include "kernel/abi/file.h"
#include "kernel/fs/node.h"
#include "kernel/fs/open.h"
#include "kernel/fs/pipe.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/memfd.h>
#include <stddef.h>

/* eventfd(2): the flag that makes reads take one; the other two are O_NONBLOCK and O_CLOEXEC. */
#define EFD_SEMAPHORE 1u

#define MEMFD_NAME_MAX 250u

int64_t file_open_nameless(uint32_t node, uint32_t flags)
{
    if (node == 0)
        return -ENFILE;
    int64_t fd = fd_open_node(node, flags);
    if (fd < 0)
        node_reap(node);
    return fd;
}

static int64_t pipe_open(uint64_t user_fds, uint64_t flags)
{
    if ((flags & ~(uint64_t)(O_CLOEXEC | O_NONBLOCK | O_DIRECT)) != 0)
        return -EINVAL;
    uint32_t node = node_create(S_IFIFO | S_IRUSR | S_IWUSR, NODE_PIPE);
    int64_t reader = file_open_nameless(node, (uint32_t)flags | O_RDONLY);
    if (reader < 0)
        return reader;
    int64_t writer = fd_open_node(node, (uint32_t)flags | O_WRONLY);
    int32_t fds[2] = { (int32_t)reader, (int32_t)writer };
    int64_t status = writer < 0 ? writer : user_copy_out(user_fds, fds, sizeof(fds));
    if (status < 0) {
        (void)fd_close((uint64_t)reader);
        if (writer >= 0)
            (void)fd_close((uint64_t)writer);
    }
    return status;
}

int64_t sys_pipe(const uint64_t arg[6])
{
    return pipe_open(arg[0], 0);
}

int64_t sys_pipe2(const uint64_t arg[6])
{
    return pipe_open(arg[0], (uint32_t)arg[1]);
}

static int64_t event_open(uint32_t value, uint32_t flags)
{
    if ((flags & ~(uint32_t)(O_CLOEXEC | O_NONBLOCK | EFD_SEMAPHORE)) != 0)
        return -EINVAL;
    uint32_t node = event_create(value, (flags & EFD_SEMAPHORE) != 0);
    return file_open_nameless(node, (flags & ~EFD_SEMAPHORE) | O_RDWR);
}

int64_t sys_eventfd(const uint64_t arg[6])
{
    return event_open((uint32_t)arg[0], 0);
}

int64_t sys_eventfd2(const uint64_t arg[6])
{
    return event_open((uint32_t)arg[0], (uint32_t)arg[1]);
}

int64_t sys_memfd_create(const uint64_t arg[6])
{
    char name[MEMFD_NAME_MAX];
    uint32_t flags = (uint32_t)arg[1];
    if ((flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING)) != 0)
        return -EINVAL;
    int64_t length = user_copy_string(name, arg[0], sizeof(name));
    if (length < 0)
        return length == -ENAMETOOLONG ? -EINVAL : length;
    uint32_t node = node_create(S_IFREG | 0777, NODE_PLAIN);
    return file_open_nameless(node, O_RDWR | O_LARGEFILE | ((flags & MFD_CLOEXEC) != 0 ? O_CLOEXEC : 0u));
}
