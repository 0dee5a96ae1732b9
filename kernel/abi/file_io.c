/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes between open files and the application's memory. */
#include "kernel/abi/file.h"
#include "kernel/abi/vector.h"
#include "kernel/fs/block.h"
#include "kernel/fs/file.h"
#include "mm/user_range.h"
#include <linux/errno.h>
#include <linux/fs.h>
#include <stddef.h>

typedef int64_t file_move(struct open_file *file, uint64_t *offset, const struct io_buffer *memory, uint64_t n);

/* The open file for a call with a position of its own (which is arg[3]); NULL and the reason when it cannot be. */
static struct open_file *file_at_position(uint64_t fd, uint64_t position, int64_t *status)
{
    struct open_file *file = fd_file(fd);
    if ((int64_t)position < 0)
        *status = -EINVAL;
    else if (file == NULL)
        *status = -EBADF;
    else if (!file_has_positions(file))
        *status = -ESPIPE;
    else
        return file;
    return NULL;
}

/* One buffer. */
static int64_t move_one(const uint64_t arg[6], file_move *move)
{
    struct open_file *file = fd_file(arg[0]);
    if (file == NULL)
        return -EBADF;
    struct io_buffer memory = { .user = arg[1] };
    if (!user_range_is_valid(arg[1], arg[2]))
        return -EFAULT;
    file_hold(file);
    int64_t done = move(file, &file->offset, &memory, arg[2]);
    file_release(file);
    return done;
}

static int64_t move_one_at(const uint64_t arg[6], file_move *move)
{
    int64_t status = 0;
    uint64_t offset = arg[3];
    struct open_file *file = file_at_position(arg[0], offset, &status);
    if (file == NULL)
        return status;
    struct io_buffer memory = { .user = arg[1] };
    if (!user_range_is_valid(arg[1], arg[2]))
        return -EFAULT;
    file_hold(file);
    int64_t moved = move(file, &offset, &memory, arg[2]);
    file_release(file);
    return moved;
}

int64_t sys_read(const uint64_t arg[6])
{
    return move_one(arg, file_read);
}

int64_t sys_write(const uint64_t arg[6])
{
    return move_one(arg, file_write);
}

int64_t sys_pread64(const uint64_t arg[6])
{
    return move_one_at(arg, file_read);
}

int64_t sys_pwrite64(const uint64_t arg[6])
{
    return move_one_at(arg, file_write);
}

/* Moves buffer after buffer until one is not filled. */
static int64_t move_vector(struct open_file *file, uint64_t *offset, struct vector *vector, file_move *move)
{
    uint64_t done = 0;
    for (uint64_t i = 0; i < vector->count && done < FILE_IO_MAX; i++) {
        const struct iovec *iov = vector_at(vector, i);
        struct io_buffer memory = { .user = (uint64_t)iov->iov_base };
        uint64_t n = iov->iov_len < FILE_IO_MAX - done ? iov->iov_len : FILE_IO_MAX - done;
        if (n == 0)
            continue;
        int64_t moved = move(file, offset, &memory, n);
        if (moved < 0)
            return done != 0 ? (int64_t)done : moved;
        done += (uint64_t)moved;
        if ((uint64_t)moved < n || (move == file_read && file_read_ends(file)))
            break;
    }
    return (int64_t)done;
}

static int64_t move_many(struct open_file *file, uint64_t *offset, const uint64_t arg[6], file_move *move)
{
    struct vector vector = { .count = 0 };
    bool allowed = move == file_write ? file_writable(file) : file_readable(file);
    int64_t status = allowed ? vector_copy(&vector, arg[1], arg[2]) : -EBADF;
    if (status == 0)
        status = move_vector(file, offset, &vector, move);
    vector_free(&vector);
    return status;
}

static int64_t move_many_here(const uint64_t arg[6], file_move *move)
{
    struct open_file *file = fd_file(arg[0]);
    if (file == NULL)
        return -EBADF;
    file_hold(file);
    int64_t done = move_many(file, &file->offset, arg, move);
    file_release(file);
    return done;
}

static int64_t move_many_at(const uint64_t arg[6], file_move *move)
{
    int64_t status = 0;
    uint64_t offset = arg[3];
    struct open_file *file = file_at_position(arg[0], offset, &status);
    if (file == NULL)
        return status;
    file_hold(file);
    status = move_many(file, &offset, arg, move);
    file_release(file);
    return status;
}

/* preadv2 and pwritev2: position -1 is the file's own; of the flags only those that ask for less than we do. */
static int64_t move_many_flags(const uint64_t arg[6], file_move *move)
{
    if (((uint32_t)arg[5] & ~(uint32_t)(RWF_HIPRI | RWF_DSYNC | RWF_SYNC)) != 0)
        return -EOPNOTSUPP;
    int64_t done = arg[3] == UINT64_MAX ? move_many_here(arg, move) : move_many_at(arg, move);
    const struct open_file *file = done > 0 && move == file_write ? fd_file(arg[0]) : NULL;
    if (file == NULL || file->special != NODE_DISK || (arg[5] & (RWF_DSYNC | RWF_SYNC)) == 0)
        return done;
    return block_flush(block_disk(node_at(file->node))) == 0 ? done : -EIO;
}

int64_t sys_readv(const uint64_t arg[6])
{
    return move_many_here(arg, file_read);
}

int64_t sys_writev(const uint64_t arg[6])
{
    return move_many_here(arg, file_write);
}

int64_t sys_preadv(const uint64_t arg[6])
{
    return move_many_at(arg, file_read);
}

int64_t sys_pwritev(const uint64_t arg[6])
{
    return move_many_at(arg, file_write);
}

int64_t sys_preadv2(const uint64_t arg[6])
{
    return move_many_flags(arg, file_read);
}

int64_t sys_pwritev2(const uint64_t arg[6])
{
    return move_many_flags(arg, file_write);
}
