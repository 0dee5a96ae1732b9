/* SPDX-License-Identifier: BSD-2-Clause */
/* From an archive to files: the whole archive is judged before the first file is made. */
#include "kernel/cpio.h"
#include "kernel/fs/fixed.h"
#include "kernel/fs/fs.h"
#include "kernel/fs/node.h"
#include "kernel/fs/tree.h"
#include "lib/log.h"
#include "lib/string.h"
#include <linux/errno.h>

#define NS_PER_SECOND 1000000000

/* links: a directory without a name, whose entries are the inodes with several names seen so far. */
struct unpack {
    const uint8_t *archive;
    uint32_t links;
};

/* The place of an entry's name; directories on the way that the archive does not have are made. */
static int unpack_place(const char *name, uint64_t length, struct place *place)
{
    int status = path_find(NODE_ROOT, name, length, PATH_CREATE | PATH_NAME, place);
    for (uint64_t i = 1; status == -ENOENT && i < length; i++) {
        if (name[i] != '/' || name[i - 1] == '/')
            continue;
        int parent = path_find(NODE_ROOT, name, i, PATH_CREATE | PATH_FOLLOW, place);
        if (parent == 0 && place->node == 0) {
            uint32_t dir = node_create(S_IFDIR | 0755, NODE_PLAIN);
            parent = dir == 0 ? -ENOSPC : tree_name(place, dir, NODE_TIME_BOOT);
        }
        if (parent != 0)
            return parent;
    }
    return status == -ENOENT ? path_find(NODE_ROOT, name, length, PATH_CREATE | PATH_NAME, place) : status;
}

static void unpack_owner(struct node *node, const struct cpio_entry *entry)
{
    node->mode = (uint16_t)((node->mode & S_IFMT) | (entry->mode & NODE_BITS));
    node->uid = entry->uid;
    node->gid = entry->gid;
    node->atime = node->mtime = node->ctime = (int64_t)entry->mtime * NS_PER_SECOND;
}

/* The node that an earlier name of the same inode has; 0 and a key for remembering it when there is none. */
static uint32_t unpack_known(const struct unpack *unpack, const struct cpio_entry *entry, char key[12])
{
    memcpy(key, &entry->ino, 4);
    memcpy(key + 4, &entry->device_major, 4);
    memcpy(key + 8, &entry->device_minor, 4);
    uint32_t known = entry_find(unpack->links, key, 12);
    return known == 0 ? 0 : entry_at(known)->node;
}

/* The entry's node, new or known, with its bytes; 0 when there is no room. */
static uint32_t unpack_node(const struct unpack *unpack, const struct cpio_entry *entry)
{
    char key[12];
    bool linked = (entry->mode & S_IFMT) == S_IFREG && entry->link_count > 1;
    uint32_t id = linked ? unpack_known(unpack, entry, key) : 0;
    if (id == 0) {
        id = node_create(entry->mode & (S_IFMT | NODE_BITS), NODE_PLAIN);
        if (id == 0)
            return 0;
        if (linked && entry_add(unpack->links, key, sizeof(key), id) == 0) {
            node_reap(id);
            return 0;
        }
        if (linked)
            node_ref(id); /* a later entry of the same name may take this one away */
    }
    struct node *node = node_at(id);
    unpack_owner(node, entry);
    if (entry->data_size != 0 && !node_is(node, S_IFDIR)) {
        node->base = unpack->archive + entry->data;
        node->base_size = node->size = entry->data_size;
    }
    return id;
}

/* Makes room for an entry whose name exists: 1 when there is nothing more to do, 0, or an error of unlink and rmdir. */
static int unpack_over(const struct place *place, const struct cpio_entry *entry)
{
    struct node *node = node_at(place->node);
    bool dir = (entry->mode & S_IFMT) == S_IFDIR;
    bool plain = node_is(node, S_IFREG) && node->special == NODE_PLAIN; /* a file of /etc is only a default */
    if (place->node != NODE_ROOT && place->node <= fixed_last_node() && !plain)
        return 1; /* /dev, /proc and /sys are the kernel's */
    if (dir && node_is(node, S_IFDIR)) {
        unpack_owner(node, entry);
        return 1;
    }
    return node_is(node, S_IFDIR) ? tree_rmdir(place) : tree_unlink(place);
}

static int unpack_entry(const struct unpack *unpack, const struct cpio_entry *entry)
{
    const char *name = entry->name_length == 0 ? "/" : (const char *)unpack->archive + entry->name;
    uint64_t length = entry->name_length == 0 ? 1 : entry->name_length;
    uint32_t type = entry->mode & S_IFMT;
    struct place place;
    int status = unpack_place(name, length, &place);
    if (status == 0 && place.node != 0)
        status = unpack_over(&place, entry);
    if (status == 1 || status == -ENOSPC)
        return status == 1 ? 0 : status;
    if (status != 0 || (type != S_IFREG && type != S_IFDIR && type != S_IFLNK)) {
        log_warn("archive: %.*s: left out: %s", (int)length, name,
                 status != 0 ? "its name leads elsewhere" : "a device");
        return 0;
    }
    uint32_t node = unpack_node(unpack, entry);
    if (node == 0)
        return -ENOSPC;
    struct node *dir = node_at(place.dir);
    int64_t dir_time = dir->mtime;
    place.entry = 0;
    status = tree_name(&place, node, dir_time);
    if (status != 0)
        node_reap(node);
    return status;
}

/* The names of inodes were needed while unpacking only. */
static void unpack_forget(uint32_t links)
{
    while (node_at(links)->first != 0) {
        uint32_t entry = node_at(links)->first;
        uint32_t node = entry_at(entry)->node;
        entry_remove(entry);
        node_unref(node);
    }
    node_reap(links);
}

int fs_unpack(const uint8_t *archive, uint64_t size, struct fs_refusal *refusal)
{
    struct cpio_summary summary;
    enum cpio_status judged = cpio_judge(archive, size, &summary);
    if (judged != CPIO_END) {
        *refusal = (struct fs_refusal){ cpio_status_text(judged), summary.culprit };
        return -EINVAL;
    }
    int status = fixed_populate();
    struct unpack unpack = { .archive = archive, .links = node_create(S_IFDIR, NODE_PLAIN) };
    if (status != 0 || unpack.links == 0)
        return -ENOSPC;
    struct cpio_entry entry;
    uint64_t offset = 0;
    while (status == 0 && cpio_next(archive, size, &offset, &entry) == CPIO_ENTRY)
        status = unpack_entry(&unpack, &entry);
    unpack_forget(unpack.links);
    return status;
}
