/* SPDX-License-Identifier: BSD-2-Clause */
/* Names: listing directories, links, the working directory. */
#include "kernel/abi/file.h"
#include "kernel/fs/data.h"
#include "kernel/fs/node.h"
#include "kernel/fs/open.h"
#include "kernel/fs/path.h"
#include "kernel/fs/proc.h"
#include "lib/format.h"
#include "lib/string.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <stddef.h>

/* getdents64(2): the record, which no UAPI header has. */
struct dirent_record {
    uint64_t ino;
    int64_t off;
    uint16_t reclen;
    uint8_t type;
    char name[ENTRY_NAME_MAX + 1];
};

#define RECORD_HEAD  offsetof(struct dirent_record, name)
#define RECORD_ALIGN 8u
#define TYPE_SHIFT   12u /* DT_ numbers are the file type of st_mode shifted down */

/* A listing on its way to the application. */
struct listing {
    uint64_t user;
    uint64_t room;
    uint64_t done;
};

/* Puts one record out: 0; 1 when the buffer is full; -EINVAL when it never fits; -EFAULT. */
static int listing_put(struct listing *listing, struct dirent_record *record, uint32_t length)
{
    uint64_t size = (RECORD_HEAD + length + 1 + RECORD_ALIGN - 1) & ~(uint64_t)(RECORD_ALIGN - 1);
    if (size > listing->room - listing->done)
        return listing->done == 0 ? -EINVAL : 1;
    memset(record->name + length, 0, size - RECORD_HEAD - length);
    record->reclen = (uint16_t)size;
    if (user_copy_out(listing->user + listing->done, record, size) != 0)
        return -EFAULT;
    listing->done += size;
    return 0;
}

static uint8_t node_type(uint32_t node)
{
    return (uint8_t)((node_at(node)->mode & S_IFMT) >> TYPE_SHIFT);
}

/* The record at or behind a position of /proc/self/fd, where the names are numbers; 0 at the end. */
static uint32_t record_descriptor(uint64_t position, struct dirent_record *record)
{
    uint64_t fd = position - ENTRY_COOKIE;
    while (fd < FS_DESCRIPTORS && fd_any_file(fd) == NULL)
        fd++;
    if (fd >= FS_DESCRIPTORS)
        return 0;
    record->ino = fd_any_file(fd)->node;
    record->off = (int64_t)(fd + ENTRY_COOKIE + 1);
    record->type = S_IFLNK >> TYPE_SHIFT;
    return (uint32_t)format_string(record->name, sizeof(record->name), "%llu", (unsigned long long)fd);
}

static uint32_t record_dots(uint32_t dir, uint64_t position, struct dirent_record *record)
{
    uint32_t entry = node_at(dir)->entry;
    bool parent = position == 1 && entry != 0;
    record->ino = parent ? entry_at(entry)->dir : dir;
    record->off = (int64_t)position + 1;
    record->type = S_IFDIR >> TYPE_SHIFT;
    record->name[0] = record->name[1] = '.';
    return (uint32_t)position + 1;
}

/* The record of the directory's entry, found by the caller; *entry moves to the next one. */
static uint32_t record_entry(uint32_t *entry, struct dirent_record *record)
{
    uint32_t id = *entry;
    if (id == 0)
        return 0;
    record->ino = entry_at(id)->node;
    record->off = (int64_t)entry_at(id)->cookie + 1;
    record->type = node_type(entry_at(id)->node);
    *entry = entry_at(id)->next;
    return entry_name(id, record->name);
}

/* The first entry at or behind a position. */
static uint32_t entry_from(uint32_t dir, uint64_t position)
{
    uint32_t entry = node_at(dir)->first;
    while (entry != 0 && entry_at(entry)->cookie < position)
        entry = entry_at(entry)->next;
    return entry;
}

int64_t sys_getdents64(const uint64_t arg[6])
{
    struct open_file *file = fd_file(arg[0]);
    struct dirent_record record;
    if (file == NULL)
        return -EBADF;
    if (!node_is(node_at(file->node), S_IFDIR))
        return -ENOTDIR;
    if (node_at(file->node)->nlink == 0)
        return -ENOENT;
    struct listing listing = { .user = arg[1], .room = (uint32_t)arg[2] };
    uint32_t entry = entry_from(file->node, file->offset);
    int status = 0;
    while (status == 0) {
        uint32_t length = file->offset < ENTRY_COOKIE         ? record_dots(file->node, file->offset, &record)
                          : file->special == PROC_DESCRIPTORS ? record_descriptor(file->offset, &record)
                                                              : record_entry(&entry, &record);
        if (length == 0)
            break;
        status = listing_put(&listing, &record, length);
        if (status == 0)
            file->offset = (uint64_t)record.off;
    }
    return status < 0 && listing.done == 0 ? status : (int64_t)listing.done;
}

int64_t sys_getcwd(const uint64_t arg[6])
{
    const char *text = NULL;
    int64_t length = path_text(path_cwd(), &text);
    if (length < 0)
        return length;
    if ((uint64_t)length + 1 > arg[1])
        return -ERANGE;
    return user_copy_out(arg[0], text, (uint64_t)length + 1) == 0 ? length + 1 : -EFAULT;
}

static int64_t change_dir(uint32_t node)
{
    if (!node_is(node_at(node), S_IFDIR))
        return -ENOTDIR;
    path_set_cwd(node);
    return 0;
}

int64_t sys_chdir(const uint64_t arg[6])
{
    struct place place;
    int status = path_find_user((uint64_t)AT_FDCWD, arg[0], PATH_FOLLOW, &place);
    return status != 0 ? status : change_dir(place.node);
}

int64_t sys_fchdir(const uint64_t arg[6])
{
    const struct open_file *file = fd_any_file(arg[0]);
    return file == NULL ? -EBADF : change_dir(file->node);
}

/* The text of a link of /proc: the node's path, or what Linux shows for a file without a name. */
static int64_t read_magic(uint32_t node, uint64_t user, uint64_t size)
{
    char nameless[32];
    const char *text = nameless;
    int64_t length = node == 0 ? -ENOENT : path_text(node, &text);
    if (node == 0)
        return length;
    if (length < 0) {
        const char *kind = node_is(node_at(node), S_IFIFO) ? "pipe" : "file";
        length = (int64_t)format_string(nameless, sizeof(nameless), "%s:[%u]", kind, node);
    }
    uint64_t n = (uint64_t)length < size ? (uint64_t)length : size;
    return user_copy_out(user, text, n) == 0 ? (int64_t)n : -EFAULT;
}

static int64_t readlink_at(uint64_t dirfd, uint64_t user_path, uint64_t user, int32_t size)
{
    struct place place;
    if (size <= 0)
        return -EINVAL;
    int status = path_find_user(dirfd, user_path, PATH_EMPTY, &place);
    if (status != 0)
        return status;
    const struct node *node = node_at(place.node);
    if (!node_is(node, S_IFLNK))
        return place.length == 0 && place.dir == 0 && !place.slash ? -ENOENT : -EINVAL;
    if (node->special != NODE_PLAIN)
        return read_magic(place.target != 0 ? place.target : proc_link_node(node->special), user, (uint32_t)size);
    struct io_buffer to = { .user = user };
    return data_read(node, 0, &to, (uint32_t)size);
}

int64_t sys_readlink(const uint64_t arg[6])
{
    return readlink_at((uint64_t)AT_FDCWD, arg[0], arg[1], (int32_t)arg[2]);
}

int64_t sys_readlinkat(const uint64_t arg[6])
{
    return readlink_at(arg[0], arg[1], arg[2], (int32_t)arg[3]);
}
