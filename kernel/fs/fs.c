/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/fs.h"
#include "kernel/fs/data.h"
#include "kernel/fs/file.h"
#include "kernel/fs/fixed.h"
#include "kernel/fs/node.h"
#include "kernel/fs/path.h"
#include "kernel/fs/proc.h"
#include "lib/string.h"
#include <asm/mman.h>
#include <linux/errno.h>
#include <linux/mman.h>
#include <stddef.h>

int fs_init(void)
{
    int status = fixed_start();
    return status != 0 ? status : fd_start();
}

int fs_lookup_program(const char *path, const uint8_t **bytes, uint64_t *size)
{
    struct place place;
    int status = path_find(NODE_ROOT, path, strlen(path), PATH_FOLLOW, &place);
    if (status != 0)
        return status;
    const struct node *node = node_at(place.node);
    if (node_is(node, S_IFDIR))
        return -EISDIR;
    if (!node_is(node, S_IFREG) || (node->mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0)
        return -EACCES;
    if (node->base_size != node->size || node->pages != 0)
        return -EACCES;
    proc_set_exe(place.node);
    *bytes = node->base;
    *size = node->size;
    return 0;
}

int fd_mappable_node(uint64_t fd, int prot, int flags, uint32_t *node)
{
    const struct open_file *file = fd_file(fd);
    if (file == NULL)
        return -EBADF;
    if (!file_readable(file))
        return -EACCES;
    if ((flags & MAP_TYPE) != MAP_PRIVATE && (prot & PROT_WRITE) != 0 && !file_writable(file))
        return -EACCES;
    if (file_regular(file) == NULL)
        return -ENODEV;
    *node = file->node;
    return 0;
}

void fs_node_ref(uint32_t node)
{
    node_ref(node);
}

void fs_node_unref(uint32_t node)
{
    node_unref(node);
}

uint64_t fs_node_size(uint32_t node)
{
    return node_at(node)->size;
}

int fs_fill_page(uint32_t node, uint64_t offset, void *page)
{
    const struct node *file = node_at(node);
    if (offset >= file->size)
        return -EFAULT;
    struct io_buffer to = { .kernel = page };
    uint64_t done = (uint64_t)data_read(file, offset, &to, FRAME_SIZE);
    memset((uint8_t *)page + done, 0, FRAME_SIZE - done);
    return 0;
}
