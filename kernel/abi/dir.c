/* SPDX-License-Identifier: BSD-2-Clause */
/* Names: making, moving and removing them. */
#include "kernel/abi/file.h"
#include "kernel/fs/data.h"
#include "kernel/fs/node.h"
#include "kernel/fs/path.h"
#include "kernel/fs/tree.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <stddef.h>

#define HERE ((uint64_t)AT_FDCWD)

/* The place for a name that does not exist yet. */
static int find_new(uint64_t dirfd, uint64_t user_path, bool dir, struct place *place)
{
    int status = path_find_user(dirfd, user_path, PATH_CREATE | PATH_NAME, place);
    if (status != 0)
        return status;
    if (place->node != 0)
        return -EEXIST;
    return place->slash && !dir ? -ENOENT : 0;
}

static int64_t make(uint64_t dirfd, uint64_t user_path, uint32_t mode)
{
    struct place place;
    int status = find_new(dirfd, user_path, (mode & S_IFMT) == S_IFDIR, &place);
    if (status != 0)
        return status;
    int64_t node = tree_make(&place, mode, NODE_PLAIN);
    return node < 0 ? node : 0;
}

int64_t sys_mkdir(const uint64_t arg[6])
{
    return make(HERE, arg[0], S_IFDIR | (umask_apply(arg[1]) & 01777));
}

int64_t sys_mkdirat(const uint64_t arg[6])
{
    return make(arg[0], arg[1], S_IFDIR | (umask_apply(arg[2]) & 01777));
}

/* Only regular files: devices are the kernel's, and nobody else could be at the other end of a named pipe. */
static int64_t make_node(uint64_t dirfd, uint64_t user_path, uint64_t mode)
{
    switch (mode & S_IFMT) {
    case 0:
    case S_IFREG:
        return make(dirfd, user_path, S_IFREG | umask_apply(mode));
    case S_IFCHR:
    case S_IFBLK:
    case S_IFIFO:
    case S_IFSOCK:
    case S_IFDIR:
        return -EPERM;
    default:
        return -EINVAL;
    }
}

int64_t sys_mknod(const uint64_t arg[6])
{
    return make_node(HERE, arg[0], arg[1]);
}

int64_t sys_mknodat(const uint64_t arg[6])
{
    return make_node(arg[0], arg[1], arg[2]);
}

static int64_t remove_name(uint64_t dirfd, uint64_t user_path, int (*tree_remove)(const struct place *place))
{
    struct place place;
    int status = path_find_user(dirfd, user_path, PATH_NAME, &place);
    return status != 0 ? status : tree_remove(&place);
}

int64_t sys_rmdir(const uint64_t arg[6])
{
    return remove_name(HERE, arg[0], tree_rmdir);
}

int64_t sys_unlink(const uint64_t arg[6])
{
    return remove_name(HERE, arg[0], tree_unlink);
}

int64_t sys_unlinkat(const uint64_t arg[6])
{
    if (((uint32_t)arg[2] & ~(uint32_t)AT_REMOVEDIR) != 0)
        return -EINVAL;
    return remove_name(arg[0], arg[1], (arg[2] & AT_REMOVEDIR) != 0 ? tree_rmdir : tree_unlink);
}

static int64_t link_at(uint64_t old_dirfd, uint64_t user_old, uint64_t new_dirfd, uint64_t user_new, uint32_t flags)
{
    struct place place;
    if ((flags & ~(uint32_t)(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH)) != 0)
        return -EINVAL;
    unsigned walk = (flags & AT_SYMLINK_FOLLOW) != 0 ? PATH_FOLLOW : 0;
    walk |= (flags & AT_EMPTY_PATH) != 0 ? PATH_EMPTY : 0u;
    int status = path_find_user(old_dirfd, user_old, walk, &place);
    if (status != 0)
        return status;
    uint32_t node = place.node;
    status = find_new(new_dirfd, user_new, false, &place);
    if (status != 0)
        return status;
    if (node_is(node_at(node), S_IFDIR))
        return -EPERM;
    if (node_at(node)->special >= PROC_CWD)
        return -EXDEV; /* on Linux another file system */
    return node_at(node)->nlink == 0 ? -ENOENT : tree_link(&place, node);
}

int64_t sys_link(const uint64_t arg[6])
{
    return link_at(HERE, arg[0], HERE, arg[1], 0);
}

int64_t sys_linkat(const uint64_t arg[6])
{
    return link_at(arg[0], arg[1], arg[2], arg[3], (uint32_t)arg[4]);
}

/* Fills a new link with its target, then gives it its name. */
static int link_fill(uint32_t id, uint64_t user_target, uint64_t dirfd, uint64_t user_path)
{
    struct place place;
    struct node *node = node_at(id);
    uint8_t *page = data_page(node, 0);
    if (page == NULL)
        return -ENOSPC;
    int64_t length = user_copy_string((char *)page, user_target, FS_PATH_MAX);
    if (length <= 0)
        return length < 0 ? (int)length : -ENOENT;
    node->size = (uint64_t)length;
    node->atime = node->mtime = node->ctime = node_now();
    int status = find_new(dirfd, user_path, false, &place);
    return status != 0 ? status : tree_name(&place, id, node->ctime);
}

static int64_t symlink_at(uint64_t user_target, uint64_t dirfd, uint64_t user_path)
{
    uint32_t id = node_create(S_IFLNK | 0777, NODE_PLAIN);
    if (id == 0)
        return -ENOSPC;
    int status = link_fill(id, user_target, dirfd, user_path);
    if (status != 0)
        node_reap(id);
    return status;
}

int64_t sys_symlink(const uint64_t arg[6])
{
    return symlink_at(arg[0], HERE, arg[1]);
}

int64_t sys_symlinkat(const uint64_t arg[6])
{
    return symlink_at(arg[0], arg[1], arg[2]);
}

static int64_t rename_at(uint64_t old_dirfd, uint64_t user_old, uint64_t new_dirfd, uint64_t user_new, uint32_t flags)
{
    struct place from;
    struct place to;
    if ((flags & ~(uint32_t)RENAME_NOREPLACE) != 0)
        return -EINVAL;
    int status = path_find_user(old_dirfd, user_old, PATH_CREATE | PATH_NAME, &from);
    if (status == 0)
        status = path_find_user(new_dirfd, user_new, PATH_CREATE | PATH_NAME, &to);
    return status != 0 ? status : tree_rename(&from, &to, flags);
}

int64_t sys_rename(const uint64_t arg[6])
{
    return rename_at(HERE, arg[0], HERE, arg[1], 0);
}

int64_t sys_renameat(const uint64_t arg[6])
{
    return rename_at(arg[0], arg[1], arg[2], arg[3], 0);
}

int64_t sys_renameat2(const uint64_t arg[6])
{
    return rename_at(arg[0], arg[1], arg[2], arg[3], (uint32_t)arg[4]);
}
