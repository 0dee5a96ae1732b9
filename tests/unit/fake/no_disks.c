/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine without disks, for tests of files that do not ask for one. */
#include "kernel/fs/block.h"

#include <linux/errno.h>

uint32_t block_count(void)
{
    return 0;
}

uint32_t block_disk(const struct node *node)
{
    (void)node;
    return 0;
}

const char *block_name(uint32_t disk)
{
    (void)disk;
    return "";
}

uint32_t block_device(uint32_t disk)
{
    (void)disk;
    return 0;
}

int block_open(uint32_t disk, uint32_t flags)
{
    (void)disk;
    (void)flags;
    return -ENXIO;
}

uint64_t block_size(uint32_t disk)
{
    (void)disk;
    return 0;
}

int64_t block_read(const struct open_file *file, uint64_t *offset, const struct io_buffer *to, uint64_t n)
{
    (void)file;
    (void)offset;
    (void)to;
    (void)n;
    return -EIO;
}

int64_t block_write(const struct open_file *file, uint64_t *offset, const struct io_buffer *from, uint64_t n)
{
    return block_read(file, offset, from, n);
}

int block_flush(uint32_t disk)
{
    (void)disk;
    return -EIO;
}

int64_t block_ioctl(const struct open_file *file, uint32_t command, uint64_t user)
{
    (void)file;
    (void)command;
    (void)user;
    return -ENOTTY;
}
