/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors: open, close, dup, fcntl. */
#include "kernel/abi/file.h"
#include "kernel/fs/block.h"
#include "kernel/fs/data.h"
#include "kernel/fs/node.h"
#include "kernel/fs/open.h"
#include "kernel/fs/path.h"
#include "kernel/fs/proc.h"
#include "kernel/fs/stream.h"
#include "kernel/fs/tree.h"
#include "mm/user.h"
#include <linux/close_range.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <stddef.h>

/* With O_PATH Linux looks at no other flags. */
#define PATH_FLAGS   (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define SETFL_FLAGS  (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)
#define TMPFILE_ONLY (O_TMPFILE & ~O_DIRECTORY)

static bool open_writes(uint32_t flags)
{
    return (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;
}

/* What open(2) refuses about a node that exists; 0 when it may be opened. */
static int open_judge(const struct node *node, uint32_t flags)
{
    bool dir = node_is(node, S_IFDIR);
    if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
        return -EEXIST;
    if (dir && (flags & O_CREAT) != 0)
        return -EISDIR;
    if (!dir && (flags & O_DIRECTORY) != 0)
        return -ENOTDIR;
    if ((flags & O_PATH) != 0)
        return 0;
    if (node_is(node, S_IFLNK))
        return -ELOOP;
    if (dir && open_writes(flags))
        return -EISDIR;
    return node->special >= PROC_TEXT && open_writes(flags) ? -EACCES : 0;
}

/* A node that exists. A text of /proc is made now and read from a node of its own. */
static int64_t open_node(uint32_t id, uint32_t flags)
{
    struct node *node = node_at(id);
    int64_t status = open_judge(node, flags);
    if (status == 0 && node->special >= PROC_TEXT && (flags & O_PATH) == 0) {
        status = proc_open(node->special, node->mode);
        id = status > 0 ? (uint32_t)status : id;
    }
    if (status == 0 && node->special == NODE_DISK && (flags & O_PATH) == 0)
        status = block_open(block_disk(node), flags);
    if (status < 0)
        return status;
    int64_t fd = fd_open_node(id, flags);
    if (fd < 0) {
        node_reap(id);
        return fd;
    }
    if ((flags & O_TRUNC) != 0 && node_is(node, S_IFREG) && node->size != 0) {
        data_resize(node, 0);
        node->mtime = node->ctime = node_now();
    }
    return fd;
}

/* A new node, with a name or (O_TMPFILE) without one. */
static int64_t open_new(const struct place *place, uint32_t flags, uint64_t mode)
{
    uint32_t bits = S_IFREG | umask_apply(mode);
    int64_t made = place == NULL ? node_create(bits, NODE_PLAIN) : tree_make(place, bits, NODE_PLAIN);
    if (made <= 0)
        return -ENOSPC;
    int64_t fd = fd_open_node((uint32_t)made, flags);
    if (fd < 0)
        node_reap((uint32_t)made);
    return fd;
}

static int64_t open_temporary(uint64_t dirfd, uint64_t user_path, uint32_t flags, uint64_t mode)
{
    struct place place;
    if ((flags & O_DIRECTORY) == 0 || (flags & O_CREAT) != 0 || (flags & O_ACCMODE) == O_RDONLY)
        return -EINVAL;
    int status = path_find_user(dirfd, user_path, (flags & O_NOFOLLOW) != 0 ? 0 : PATH_FOLLOW, &place);
    if (status != 0)
        return status;
    return node_is(node_at(place.node), S_IFDIR) ? open_new(NULL, flags, mode) : -ENOTDIR;
}

static int64_t open_path(uint64_t dirfd, uint64_t user_path, uint32_t flags, uint64_t mode)
{
    struct place place;
    bool create = (flags & O_CREAT) != 0;
    if ((flags & O_PATH) != 0) {
        flags &= PATH_FLAGS;
        create = false;
    } else {
        flags |= O_LARGEFILE; /* as on Linux with 64 bits */
    }
    if ((flags & TMPFILE_ONLY) != 0)
        return open_temporary(dirfd, user_path, flags, mode);
    if (create && (flags & O_DIRECTORY) != 0)
        return -EINVAL;
    bool follow = (flags & O_NOFOLLOW) == 0 && !(create && (flags & O_EXCL) != 0);
    unsigned walk = (follow ? PATH_FOLLOW : 0u) | (create ? PATH_CREATE | PATH_FILE : 0u);
    int status = path_find_user(dirfd, user_path, walk, &place);
    if (status != 0)
        return status;
    if (!fd_is_room())
        return -EMFILE;
    return place.node == 0 ? open_new(&place, flags, mode) : open_node(place.node, flags);
}

int64_t sys_open(const uint64_t arg[6])
{
    return open_path((uint64_t)AT_FDCWD, arg[0], (uint32_t)arg[1], arg[2]);
}

int64_t sys_openat(const uint64_t arg[6])
{
    return open_path(arg[0], arg[1], (uint32_t)arg[2], arg[3]);
}

int64_t sys_creat(const uint64_t arg[6])
{
    return open_path((uint64_t)AT_FDCWD, arg[0], O_CREAT | O_WRONLY | O_TRUNC, arg[1]);
}

int64_t sys_close(const uint64_t arg[6])
{
    return fd_close(arg[0]);
}

int64_t sys_close_range(const uint64_t arg[6])
{
    uint32_t first = (uint32_t)arg[0];
    uint32_t last = (uint32_t)arg[1];
    uint32_t flags = (uint32_t)arg[2];
    if (first > last || (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0)
        return -EINVAL;
    for (uint32_t fd = first; fd <= last && fd < FS_DESCRIPTORS; fd++) {
        if ((flags & CLOSE_RANGE_CLOEXEC) == 0)
            (void)fd_close(fd);
        else if (fd_any_file(fd) != NULL)
            fd_set_cloexec(fd, true);
    }
    return 0;
}

int64_t sys_dup(const uint64_t arg[6])
{
    return fd_dup(arg[0], 0, false);
}

int64_t sys_dup2(const uint64_t arg[6])
{
    uint32_t to = (uint32_t)arg[1];
    if (fd_any_file(arg[0]) == NULL || to >= FS_DESCRIPTORS)
        return -EBADF;
    if ((uint32_t)arg[0] != to)
        fd_dup_to(arg[0], to, false);
    return to;
}

int64_t sys_dup3(const uint64_t arg[6])
{
    uint32_t to = (uint32_t)arg[1];
    if (((uint32_t)arg[2] & ~(uint32_t)O_CLOEXEC) != 0 || (uint32_t)arg[0] == to)
        return -EINVAL;
    if (fd_any_file(arg[0]) == NULL || to >= FS_DESCRIPTORS)
        return -EBADF;
    fd_dup_to(arg[0], to, (arg[2] & O_CLOEXEC) != 0);
    return to;
}

/* One process: no lock is ever held by another one. */
static int64_t fcntl_lock(uint64_t user_lock, bool get)
{
    struct flock lock;
    if (user_copy_in(&lock, user_lock, sizeof(lock)) != 0)
        return -EFAULT;
    if (lock.l_type != F_RDLCK && lock.l_type != F_WRLCK && (lock.l_type != F_UNLCK || get))
        return -EINVAL;
    lock.l_type = F_UNLCK;
    return get ? user_copy_out(user_lock, &lock, sizeof(lock)) : 0;
}

/* The commands that an O_PATH descriptor refuses. */
static int64_t fcntl_file(struct open_file *file, uint32_t command, uint64_t value)
{
    switch (command) {
    case F_SETFL:
        file->flags = (file->flags & ~(uint32_t)SETFL_FLAGS) | (uint32_t)(value & SETFL_FLAGS);
        return 0;
    case F_GETLK:
    case F_OFD_GETLK:
        return fcntl_lock(value, true);
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
        return fcntl_lock(value, false);
    case F_GETOWN:
    case F_SETOWN:
        return 0;
    case F_GETPIPE_SZ:
        return file->special == NODE_PIPE ? (int)PIPE_SIZE : -EBADF;
    case F_SETPIPE_SZ:
        if (file->special != NODE_PIPE)
            return -EBADF;
        return value <= PIPE_SIZE ? (int)PIPE_SIZE : -EPERM;
    default:
        return -EINVAL;
    }
}

int64_t sys_fcntl(const uint64_t arg[6])
{
    struct open_file *file = fd_any_file(arg[0]);
    if (file == NULL)
        return -EBADF;
    switch ((uint32_t)arg[1]) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        return fd_dup(arg[0], arg[2], (uint32_t)arg[1] == F_DUPFD_CLOEXEC);
    case F_GETFD:
        return fd_cloexec(arg[0]) ? FD_CLOEXEC : 0;
    case F_SETFD:
        fd_set_cloexec(arg[0], (arg[2] & FD_CLOEXEC) != 0);
        return 0;
    case F_GETFL:
        return file->flags;
    default:
        return (file->flags & O_PATH) != 0 ? -EBADF : fcntl_file(file, (uint32_t)arg[1], arg[2]);
    }
}

int64_t sys_flock(const uint64_t arg[6])
{
    uint32_t how = (uint32_t)arg[1] & ~4u; /* LOCK_NB */
    if (how != LOCK_SH && how != LOCK_EX && how != LOCK_UN)
        return -EINVAL;
    return fd_file(arg[0]) == NULL ? -EBADF : 0;
}
