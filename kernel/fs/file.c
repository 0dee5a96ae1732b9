/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/file.h"
#include "drivers/tty.h"
#include "kernel/fs/block.h"
#include "kernel/fs/epoll.h"
#include "lib/limits.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stddef.h>

#define POLL_ALWAYS (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)

struct node *file_regular(const struct open_file *file)
{
    struct node *node = node_at(file->node);
    return node_is(node, S_IFREG) ? node : NULL;
}

bool file_has_positions(const struct open_file *file)
{
    bool is_nameless = file->special >= NODE_PIPE && file->special <= NODE_SOCKET;
    return !is_nameless && !device_is_console(file->special);
}

/*@ requires good: NodesApart(to, file) && FileKind(file) && OffsetApart(offset) && \separated(offset, to)
      && n <= FILE_IO_MAX;
    terminates \true; exits \false; assigns *offset, ghost_elsewhere, ghost_faults;
    ensures directory: !FileRegular(\old(file->node)) <==> \result == -EISDIR;
    ensures all: FileRegular(\old(file->node)) && ghost_faults == \old(ghost_faults) ==>
      \result == DataHas(ghost_node[\old(file->node)].size, \old(*offset), n);
    ensures part: FileRegular(\old(file->node)) && ghost_faults != \old(ghost_faults) ==> \result == -EFAULT
      || 0 < \result < DataHas(ghost_node[\old(file->node)].size, \old(*offset), n);
    ensures moved: *offset == \old(*offset) + (\result > 0 ? \result : 0); */
static int64_t regular_read(const struct open_file *file, uint64_t *offset, const struct io_buffer *to, uint64_t n)
{
    const struct node *node = file_regular(file);
    if (node == NULL)
        return -EISDIR;
    int64_t done = data_read(node, *offset, to, n);
    *offset += done > 0 ? (uint64_t)done : 0;
    return done;
}

/*@ requires good: NodesApart(from, file) && FileKind(file) && OffsetApart(offset) && \separated(offset, from)
      && n <= FILE_IO_MAX;
    terminates \true; exits \false;
    assigns *offset, ghost_node[file->node], ghost_elsewhere, ghost_faults, ghost_ns, ghost_base;
    ensures directory: !FileRegular{Pre}(\old(file->node)) <==> \result == -EISDIR;
    ensures result: \result == -EISDIR || \result == -EFBIG || \result == -ENOSPC || \result == -EFAULT
      || 0 <= \result <= n;
    ensures moved: *offset == (\result > 0 ? \result
      + (\old(file->flags & O_APPEND) != 0 ? \old(ghost_node[file->node].size) : \old(*offset)) : \old(*offset));
    ensures grown: ghost_node[\old(file->node)].size
      == (\result > 0 && *offset > \old(ghost_node[file->node].size) ? *offset : \old(ghost_node[file->node].size));
    ensures time: \result > 0 ==> ghost_node[\old(file->node)].mtime == NodeNow
      && ghost_node[\old(file->node)].ctime == NodeNow; */
static int64_t regular_write(const struct open_file *file, uint64_t *offset, const struct io_buffer *from, uint64_t n)
{
    struct node *node = file_regular(file);
    if (node == NULL)
        return -EISDIR;
    uint64_t at = (file->flags & O_APPEND) != 0 ? node->size : *offset;
    int64_t done = data_write(node, at, from, n);
    if (done > 0) {
        *offset = at + (uint64_t)done;
        node->mtime = node->ctime = node_now();
    }
    return done;
}

int64_t file_read(struct open_file *file, uint64_t *offset, const struct io_buffer *to, uint64_t n)
{
    if (!file_readable(file))
        return -EBADF;
    n = least(n, FILE_IO_MAX);
    switch (file->special) {
    case NODE_PLAIN:
        return regular_read(file, offset, to, n);
    case NODE_PIPE:
        return pipe_read(file, to, n);
    case NODE_EVENT:
        return event_read(file, to, n);
    case NODE_TIMER:
        return timer_read(file, to, n);
    case NODE_EPOLL:
        return -EINVAL;
    case NODE_SOCKET:
        return socket_receive(file, to, n, 0, 0);
    case NODE_DISK:
        return block_read(file, offset, to, n);
    case PROC_DESCRIPTORS:
        return -EISDIR;
    default:
        return device_read(file, to, n);
    }
}

int64_t file_write(struct open_file *file, uint64_t *offset, const struct io_buffer *from, uint64_t n)
{
    if (!file_writable(file))
        return -EBADF;
    n = least(n, FILE_IO_MAX);
    switch (file->special) {
    case NODE_PLAIN:
        return regular_write(file, offset, from, n);
    case NODE_PIPE:
        return pipe_write(file, from, n);
    case NODE_EVENT:
        return event_write(file, from, n);
    case NODE_TIMER:
    case NODE_EPOLL:
        return -EINVAL;
    case NODE_SOCKET:
        return socket_send(file, from, n, 0);
    case NODE_DISK:
        return block_write(file, offset, from, n);
    default:
        return device_write(file, from, n);
    }
}

bool file_read_ends(const struct open_file *file)
{
    if (file_has_positions(file))
        return false;
    return device_is_console(file->special) || (file_poll(file) & POLLIN) == 0;
}

unsigned file_poll(const struct open_file *file)
{
    switch (file->special) {
    case DEVICE_CONSOLE:
    case DEVICE_TTY:
        return POLLOUT | POLLWRNORM | (tty_can_read() ? POLLIN | POLLRDNORM : 0);
    case NODE_PIPE:
        return pipe_poll(file);
    case NODE_EVENT:
        return event_poll(file);
    case NODE_TIMER:
        return timer_poll(file);
    case NODE_EPOLL:
        return epoll_poll(file);
    case NODE_SOCKET:
        return socket_poll(file);
    default:
        return POLL_ALWAYS;
    }
}
