/* SPDX-License-Identifier: BSD-2-Clause */
/* Positions and sizes, and bytes from file to file. */
#include "kernel/abi/file.h"
#include "kernel/fs/block.h"
#include "kernel/fs/file.h"
#include "kernel/fs/node.h"
#include "kernel/fs/path.h"
#include "lib/string.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <linux/fadvise.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <stddef.h>

#define COPY_CHUNK 512u

/* Adds a position, if the sum can be told. */
/*@ requires valid: \valid(to) && position >= 0;
    terminates \true; exits \false; assigns *to;
    ensures exact: \result <==> \old(*to) + position <= INT64_MAX;
    ensures sum: *to == (\result ? \old(*to) + position : \old(*to)); */
static bool add(int64_t *to, int64_t position)
{
    bool is_told = *to <= INT64_MAX - position;
    if (is_told)
        *to += position;
    return is_told;
}

/* lseek in a file of that size, to at most limit: the new position or an error. */
/*@ requires valid: \valid_read(file) && file->offset <= INT64_MAX && 0 <= size && limit <= INT64_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures status: \result == -EINVAL || \result == -EOVERFLOW || \result == -ENXIO || 0 <= \result <= limit;
    ensures set: whence == SEEK_SET ==> \result == (0 <= to <= limit ? to : -EINVAL);
    ensures current: whence == SEEK_CUR && 0 <= file->offset + to <= limit ==> \result == file->offset + to;
    ensures end: whence == SEEK_END && 0 <= size + to <= limit ==> \result == size + to;
    ensures outside: whence == SEEK_CUR && file->offset + to < 0 || whence == SEEK_END && size + to < 0 ==> \result == -EINVAL;
    ensures overflow: \result == -EOVERFLOW ==>
      whence == SEEK_CUR && file->offset + to > INT64_MAX || whence == SEEK_END && size + to > INT64_MAX;
    ensures hole: (whence == SEEK_DATA || whence == SEEK_HOLE) && (to < 0 || to >= size) ==> \result == -ENXIO;
    ensures data: whence == SEEK_DATA && 0 <= to < size && to <= limit ==> \result == to;
    ensures other: whence > SEEK_HOLE ==> \result == -EINVAL; */
static int64_t seek_bytes(const struct open_file *file, int64_t size, uint64_t limit, int64_t to, uint32_t whence)
{
    switch (whence) {
    case SEEK_SET:
        break;
    case SEEK_CUR:
        if (!add(&to, (int64_t)file->offset))
            return -EOVERFLOW;
        break;
    case SEEK_END:
        if (!add(&to, size))
            return -EOVERFLOW;
        break;
    case SEEK_DATA:
    case SEEK_HOLE:
        /* the whole file is data, and its end the only hole */
        if (to < 0 || to >= size)
            return -ENXIO;
        to = whence == SEEK_DATA ? to : size;
        break;
    default:
        return -EINVAL;
    }
    return to < 0 || to > (int64_t)limit ? -EINVAL : to;
}

/* In a directory positions are those that getdents64 gave. */
/*@ requires valid: \valid_read(file) && file->offset <= INT64_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures status: \result == -EINVAL || 0 <= \result;
    ensures set: whence == SEEK_SET && 0 <= to ==> \result == to;
    ensures current: whence == SEEK_CUR && 0 <= file->offset + to <= INT64_MAX ==> \result == file->offset + to;
    ensures outside: whence == SEEK_SET && to < 0 || whence == SEEK_CUR && file->offset + to < 0
      || whence == SEEK_CUR && file->offset + to > INT64_MAX ==> \result == -EINVAL;
    ensures other: whence != SEEK_SET && whence != SEEK_CUR ==> \result == -EINVAL; */
static int64_t seek_directory(const struct open_file *file, int64_t to, uint32_t whence)
{
    if (whence == SEEK_CUR && !add(&to, (int64_t)file->offset))
        return -EINVAL;
    return (whence != SEEK_SET && whence != SEEK_CUR) || to < 0 ? -EINVAL : to;
}

int64_t sys_lseek(const uint64_t arg[6])
{
    struct open_file *file = fd_file(arg[0]);
    uint32_t whence = (uint32_t)arg[2];
    if (file == NULL)
        return -EBADF;
    if (!file_has_positions(file))
        return -ESPIPE;
    const struct node *node = node_at(file->node);
    int64_t to = 0;
    if (file_regular(file) != NULL)
        to = seek_bytes(file, (int64_t)node->size, NODE_SIZE_MAX, (int64_t)arg[1], whence);
    else if (file->special == NODE_DISK)
        to = seek_bytes(file, (int64_t)block_size(block_disk(node)), block_size(block_disk(node)), (int64_t)arg[1],
                        whence);
    else if (node_is(node, S_IFDIR))
        to = seek_directory(file, (int64_t)arg[1], whence);
    else if (whence > SEEK_HOLE)
        to = -EINVAL;
    if (to >= 0)
        file->offset = (uint64_t)to;
    return to;
}

static void resize(struct node *node, uint64_t size)
{
    data_resize(node, size);
    node->mtime = node->ctime = node_now();
}

int64_t sys_truncate(const uint64_t arg[6])
{
    struct place place;
    if ((int64_t)arg[1] < 0)
        return -EINVAL;
    int status = path_find_user((uint64_t)AT_FDCWD, arg[0], PATH_FOLLOW, &place);
    if (status != 0)
        return status;
    struct node *node = node_at(place.node);
    if (node_is(node, S_IFDIR))
        return -EISDIR;
    if (!node_is(node, S_IFREG))
        return -EINVAL;
    if (node->special != NODE_PLAIN)
        return -EACCES;
    if (arg[1] > NODE_SIZE_MAX)
        return -EFBIG;
    resize(node, arg[1]);
    return 0;
}

int64_t sys_ftruncate(const uint64_t arg[6])
{
    if ((int64_t)arg[1] < 0)
        return -EINVAL;
    const struct open_file *file = fd_file(arg[0]);
    if (file == NULL)
        return -EBADF;
    struct node *node = file_regular(file);
    if (node == NULL || !file_writable(file))
        return -EINVAL;
    if (arg[1] > NODE_SIZE_MAX)
        return -EFBIG;
    resize(node, arg[1]);
    return 0;
}

/* Gives all pages of a range frames; without memory for all of them the file is as before. */
static int64_t allocate_pages(struct node *node, uint64_t offset, uint64_t end)
{
    uint64_t size = node->size;
    node->size = end > size ? end : size;
    for (uint64_t page = offset / FRAME_SIZE; page * FRAME_SIZE < end; page++) {
        if (data_page(node, page) == NULL) {
            data_resize(node, size);
            return -ENOSPC;
        }
    }
    return 0;
}

int64_t sys_fallocate(const uint64_t arg[6])
{
    uint64_t offset = arg[2];
    uint64_t size = arg[3];
    const struct open_file *file = fd_file(arg[0]);
    if (file == NULL)
        return -EBADF;
    if ((int64_t)offset < 0 || (int64_t)size <= 0)
        return -EINVAL;
    if ((uint32_t)arg[1] != 0)
        return -EOPNOTSUPP;
    if (!file_writable(file))
        return -EBADF;
    if (!file_has_positions(file))
        return -ESPIPE;
    struct node *node = file_regular(file);
    if (node == NULL)
        return -ENODEV;
    if (offset + size > NODE_SIZE_MAX)
        return -EFBIG;
    return allocate_pages(node, offset, offset + size);
}

/* Advice changes nothing: all files are in memory. */
int64_t sys_fadvise64(const uint64_t arg[6])
{
    const struct open_file *file = fd_file(arg[0]);
    if (file == NULL)
        return -EBADF;
    if (file->special == NODE_PIPE)
        return -ESPIPE;
    return (int64_t)arg[2] < 0 || (uint32_t)arg[3] > POSIX_FADV_NOREUSE ? -EINVAL : 0;
}

int64_t sys_readahead(const uint64_t arg[6])
{
    const struct open_file *file = fd_file(arg[0]);
    if (file == NULL || !file_readable(file))
        return -EBADF;
    return file_regular(file) == NULL ? -EINVAL : 0;
}

int64_t sys_fsync(const uint64_t arg[6])
{
    const struct open_file *file = fd_file(arg[0]);
    if (file == NULL)
        return -EBADF;
    if (file->special == NODE_DISK)
        return block_flush(block_disk(node_at(file->node)));
    return file->special != NODE_PLAIN ? -EINVAL : 0;
}

int64_t sys_fdatasync(const uint64_t arg[6])
{
    return sys_fsync(arg);
}

int64_t sys_sync(const uint64_t arg[6])
{
    (void)arg;
    for (uint32_t disk = 0; disk < block_count(); disk++)
        (void)block_flush(disk);
    return 0;
}

int64_t sys_syncfs(const uint64_t arg[6])
{
    return fd_file(arg[0]) == NULL ? -EBADF : 0;
}

/* A position that the application gives by address; without one the file's own is used. */
struct position {
    uint64_t user;
    uint64_t value;
    uint64_t *place;
};

static int position_take(struct position *position, uint64_t user, struct open_file *file)
{
    position->user = user;
    position->place = user == 0 ? &file->offset : &position->value;
    if (user == 0)
        return 0;
    if (user_copy_in(&position->value, user, sizeof(position->value)) != 0)
        return -EFAULT;
    return (int64_t)position->value < 0 ? -EINVAL : 0;
}

static int position_give(const struct position *position)
{
    return position->user == 0 ? 0 : user_copy_out(position->user, &position->value, sizeof(position->value));
}

/* Copies up to n bytes of a regular file. Through memory of its own: a write may wait, and the file may change then. */
static int64_t copy_bytes(struct open_file *in, uint64_t *in_at, struct open_file *out, uint64_t *out_at, uint64_t n)
{
    uint8_t chunk[COPY_CHUNK];
    struct io_buffer buffer = { .kernel = chunk };
    uint64_t done = 0;
    while (done < n) {
        int64_t got = data_read(node_at(in->node), *in_at, &buffer, n - done < COPY_CHUNK ? n - done : COPY_CHUNK);
        if (got == 0)
            break;
        int64_t put = file_write(out, out_at, &buffer, (uint64_t)got);
        if (put < 0)
            return done != 0 ? (int64_t)done : put;
        *in_at += (uint64_t)put;
        done += (uint64_t)put;
        if (put < got)
            break;
    }
    return (int64_t)done;
}

/* Copies between two files that stay open meanwhile, and gives the positions back. */
static int64_t copy_held(struct open_file *in, struct position *from, struct open_file *out, struct position *to,
                         uint64_t n)
{
    file_hold(in);
    file_hold(out);
    int64_t done = copy_bytes(in, from->place, out, to->place, n < FILE_IO_MAX ? n : FILE_IO_MAX);
    if (done > 0 && (position_give(from) != 0 || position_give(to) != 0))
        done = -EFAULT;
    file_release(out);
    file_release(in);
    return done;
}

int64_t sys_sendfile(const uint64_t arg[6])
{
    struct open_file *out = fd_file(arg[0]);
    struct open_file *in = fd_file(arg[1]);
    struct position from;
    struct position to;
    if (in == NULL || out == NULL || !file_readable(in) || !file_writable(out))
        return -EBADF;
    int status = position_take(&from, arg[2], in);
    if (status != 0)
        return status;
    if (file_regular(in) == NULL || (out->flags & O_APPEND) != 0)
        return -EINVAL;
    (void)position_take(&to, 0, out);
    return copy_held(in, &from, out, &to, arg[3]);
}

int64_t sys_copy_file_range(const uint64_t arg[6])
{
    struct open_file *in = fd_file(arg[0]);
    struct open_file *out = fd_file(arg[2]);
    struct position from;
    struct position to;
    if (in == NULL || out == NULL)
        return -EBADF;
    int status = position_take(&from, arg[1], in);
    if (status == 0)
        status = position_take(&to, arg[3], out);
    if (status != 0)
        return status;
    if ((uint32_t)arg[5] != 0)
        return -EINVAL;
    if (node_is(node_at(in->node), S_IFDIR) || node_is(node_at(out->node), S_IFDIR))
        return -EISDIR;
    if (file_regular(in) == NULL || file_regular(out) == NULL)
        return -EINVAL;
    if (!file_readable(in) || !file_writable(out) || (out->flags & O_APPEND) != 0)
        return -EBADF;
    uint64_t apart = *from.place < *to.place ? *to.place - *from.place : *from.place - *to.place;
    if (in->node == out->node && apart < arg[4])
        return -EINVAL;
    return copy_held(in, &from, out, &to, arg[4]);
}
