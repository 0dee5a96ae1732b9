/* SPDX-License-Identifier: BSD-2-Clause */
/* Character devices: null, zero, full, random, urandom and the console. */
#ifndef KERNEL_FS_DEVICE_H
#define KERNEL_FS_DEVICE_H
#include "kernel/fs/block.h"
#include "kernel/fs/data.h"
#include "kernel/fs/open.h"
#include "kernel/fs/wait.h"
#include <linux/errno.h>
#include <stdbool.h>
#include <stdint.h>

#include "spec/device.acsl"

/*@ terminates \true; exits \false; assigns \nothing; ensures exact: \result <==> DeviceConsole(special); */
static inline bool device_is_console(uint32_t special)
{
    return special == DEVICE_CONSOLE || special == DEVICE_TTY;
}

/* st_rdev of a device, in Linux's encoding; 0 for what is none. */
/*@ requires node: \valid_read(node) && (node->special == NODE_DISK ==> node->cookie <= UINT32_MAX);
    terminates \true; exits \false; assigns \nothing;
    ensures disk: node->special == NODE_DISK ==> \result == BlockDevice(node->cookie);
    ensures exact: node->special != NODE_DISK ==> \result == DeviceNumber(node->special); */
uint32_t device_number(const struct node *node);

/* Reads or writes up to n bytes: how many, -EFAULT, -EAGAIN (O_NONBLOCK), -ENOSPC (full). The console waits for input. */
/*@ requires buffer: \valid_read(file) && BufferGood(to) && n <= INT64_MAX - 4096;
    terminates (file->flags & O_NONBLOCK) != 0 || DeviceEndless(file->special); exits \false;
    assigns ghost_elsewhere, ghost_faults, ghost_kernel, ghost_app, ghost_deadline, ghost_input, ghost_ns;
    ensures result: 0 <= \result <= n || \result == -EFAULT || \result == -EAGAIN || \result == -ERESTARTSYS;
    ensures null: \old(file->special) == DEVICE_NULL ==> \result == 0;
    ensures endless: DeviceEndless(\old(file->special)) ==> DeviceMoved{Pre, Post}(n, \result);
    ensures again: DeviceConsole(\old(file->special)) && n != 0 && ghost_input == 0
      && \old(file->flags & O_NONBLOCK) != 0 ==> \result == -EAGAIN; */
int64_t device_read(const struct open_file *file, const struct io_buffer *to, uint64_t n);
/*@ requires buffer: \valid_read(file) && BufferGood(from) && n <= INT64_MAX - 4096;
    terminates \true; exits \false; assigns ghost_elsewhere, ghost_faults, ghost_kernel;
    ensures full: \old(file->special) == DEVICE_FULL ==> \result == -ENOSPC;
    ensures all: \old(file->special) != DEVICE_FULL ==> DeviceMoved{Pre, Post}(n, \result); */
int64_t device_write(const struct open_file *file, const struct io_buffer *from, uint64_t n);

#endif
