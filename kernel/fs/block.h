/* SPDX-License-Identifier: BSD-2-Clause */
/* Disks as block device files. A disk is connected when it is opened first. */
#ifndef KERNEL_FS_BLOCK_H
#define KERNEL_FS_BLOCK_H
#include "kernel/fs/data.h"
#include "kernel/fs/open.h"
#include "kernel/fs/stream.h"
#include "lib/state.h"
#include <stdint.h>

#include "spec/block.acsl"

/* How many disks there are, and the disk of a node with NODE_DISK. */
uint32_t block_count(void);
/*@ requires node: \valid_read(node) && node->cookie <= UINT32_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == node->cookie; */
uint32_t block_disk(const struct node *node);

/* The name below /dev and the number in st_rdev. */
const char *block_name(uint32_t disk);
/*@ terminates \true; exits \false; assigns \nothing; ensures exact: \result == BlockDevice(disk); */
uint32_t block_device(uint32_t disk);

/* What open(2) finds with these O_ bits: 0, -EACCES (a disk that is read-only), -ENXIO, -EIO, -ENOMEM, -ETIMEDOUT. Waits. */
int block_open(uint32_t disk, uint32_t flags);

/* The bytes of an open disk. */
uint64_t block_size(uint32_t disk);

/* Reads or writes up to n bytes at *offset, which moves on: how many, 0 (read) or -ENOSPC (write) at the end, -EFAULT, -EIO,
   -ENOMEM. Waits. */
/*@ requires node: \valid_read(file) && BufferGood(to) && NodeMade(file->node) && ghost_node[file->node].special == NODE_DISK
      && ghost_node[file->node].cookie <= UINT32_MAX && NodesGood && n <= INT64_MAX;
    requires offset: \valid(offset);
    terminates \false; exits \false;
    assigns *offset, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults, ghost_word, ghost_kernel, ghost_app, ghost_deadline, ghost_input, ghost_ns;
    ensures good: NodesGood;
    ensures many: \result <= n && \result != -EBADF && \result != -EINVAL && \result != -EISDIR;
    ensures moved: *offset == \old(*offset) + (\result > 0 ? \result : 0); */
int64_t block_read(const struct open_file *file, uint64_t *offset, const struct io_buffer *to, uint64_t n);
/*@ requires node: \valid_read(file) && BufferGood(from) && NodeMade(file->node) && ghost_node[file->node].special == NODE_DISK
      && ghost_node[file->node].cookie <= UINT32_MAX && NodesGood && n <= INT64_MAX;
    requires offset: \valid(offset);
    terminates \false; exits \false;
    assigns *offset, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults, ghost_word, ghost_kernel, ghost_app, ghost_deadline, ghost_input, ghost_ns;
    ensures good: NodesGood;
    ensures many: \result <= n && \result != -EBADF && \result != -EINVAL && \result != -EISDIR;
    ensures moved: *offset == \old(*offset) + (\result > 0 ? \result : 0); */
int64_t block_write(const struct open_file *file, uint64_t *offset, const struct io_buffer *from, uint64_t n);

/* All that was written is on the disk for good when this says 0, if the disk can promise that; -EIO, -ENOMEM. Waits. */
int block_flush(uint32_t disk);

/* The ioctls of linux/fs.h: -ENOTTY for one that is not here. */
int64_t block_ioctl(const struct open_file *file, uint32_t command, uint64_t user);

#endif
