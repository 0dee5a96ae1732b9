/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/tree.h"
#include "kernel/fs/node.h"
#include <linux/errno.h>
#include <linux/fs.h>

#define LINKS_MAX 0x7fffffffu

static bool is_dir(uint32_t node)
{
    return node_is(node_at(node), S_IFDIR);
}

/* A name in the directory came or went now. */
static void dir_touch(uint32_t dir, int64_t now)
{
    node_at(dir)->mtime = now;
    node_at(dir)->ctime = now;
}

int tree_name(const struct place *place, uint32_t node, int64_t now)
{
    if (entry_add(place->dir, place->name, place->length, node) == 0)
        return -ENOSPC;
    node_at(node)->nlink++;
    if (is_dir(node)) {
        node_at(node)->nlink++;
        node_at(place->dir)->nlink++;
    }
    dir_touch(place->dir, now);
    return 0;
}

int64_t tree_make(const struct place *place, uint32_t mode, uint32_t special)
{
    uint32_t node = node_create(mode, special);
    if (node == 0)
        return -ENOSPC;
    int64_t now = node_now();
    node_at(node)->atime = node_at(node)->mtime = node_at(node)->ctime = now;
    int status = tree_name(place, node, now);
    if (status != 0) {
        node_reap(node);
        return status;
    }
    return node;
}

int tree_link(const struct place *place, uint32_t node)
{
    if (node_at(node)->nlink == LINKS_MAX)
        return -EMLINK;
    int64_t now = node_now();
    int status = tree_name(place, node, now);
    if (status == 0)
        node_at(node)->ctime = now;
    return status;
}

/* Takes an entry out and forgets the node when it was the last name. */
static void tree_forget(uint32_t entry, int64_t now)
{
    uint32_t dir = entry_at(entry)->dir;
    uint32_t id = entry_at(entry)->node;
    entry_remove(entry);
    dir_touch(dir, now);
    struct node *node = node_at(id);
    node->ctime = now;
    node->nlink--;
    if (is_dir(id)) {
        node->nlink--;
        node_at(dir)->nlink--;
    }
    node_reap(id);
}

int tree_unlink(const struct place *place)
{
    if (place->length == 0)
        return -EISDIR;
    if (place->node == 0)
        return -ENOENT;
    if (is_dir(place->node))
        return -EISDIR;
    if (place->slash)
        return -ENOTDIR;
    if (place->entry == 0)
        return -EPERM;
    tree_forget(place->entry, node_now());
    return 0;
}

int tree_rmdir(const struct place *place)
{
    if (place->length == 0 && place->dotdot)
        return -ENOTEMPTY;
    if (place->length == 0)
        return place->node == NODE_ROOT ? -EBUSY : -EINVAL;
    if (place->node == 0)
        return -ENOENT;
    if (!is_dir(place->node))
        return -ENOTDIR;
    if (node_at(place->node)->first != 0)
        return -ENOTEMPTY;
    tree_forget(place->entry, node_now());
    return 0;
}

/* Is the directory dir the node or somewhere below it? */
static bool is_below(uint32_t dir, uint32_t node)
{
    while (dir != node && dir != NODE_ROOT) {
        uint32_t entry = node_at(dir)->entry;
        if (entry == 0)
            return false;
        dir = entry_at(entry)->dir;
    }
    return dir == node;
}

/* What rename(2) refuses, in Linux's order; 1 when both names are the same file and nothing is to do. */
static int rename_judge(const struct place *from, const struct place *to, unsigned flags)
{
    bool keep = (flags & RENAME_NOREPLACE) != 0;
    if (from->length == 0)
        return -EBUSY;
    if (to->length == 0)
        return keep ? -EEXIST : -EBUSY;
    if (from->node == 0)
        return -ENOENT;
    if (keep && to->node != 0)
        return -EEXIST;
    if (!is_dir(from->node) && (from->slash || to->slash))
        return -ENOTDIR;
    if (is_below(to->dir, from->node))
        return -EINVAL;
    if (to->node != 0 && is_below(from->dir, to->node))
        return -ENOTEMPTY;
    if (to->node == from->node)
        return 1;
    if (from->entry == 0 || (to->node != 0 && to->entry == 0))
        return -EPERM;
    if (to->node == 0)
        return 0;
    if (is_dir(from->node) && !is_dir(to->node))
        return -ENOTDIR;
    if (!is_dir(from->node) && is_dir(to->node))
        return -EISDIR;
    return is_dir(to->node) && node_at(to->node)->first != 0 ? -ENOTEMPTY : 0;
}

int tree_rename(const struct place *from, const struct place *to, unsigned flags)
{
    int status = rename_judge(from, to, flags);
    if (status != 0)
        return status < 0 ? status : 0;
    int64_t now = node_now();
    uint32_t node = from->node;
    if (entry_add(to->dir, to->name, to->length, node) == 0)
        return -ENOSPC;
    if (to->entry != 0)
        tree_forget(to->entry, now);
    entry_remove(from->entry);
    node_at(node)->ctime = now;
    if (is_dir(node)) {
        node_at(from->dir)->nlink--;
        node_at(to->dir)->nlink++;
    }
    dir_touch(from->dir, now);
    dir_touch(to->dir, now);
    return 0;
}
