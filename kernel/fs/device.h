/* SPDX-License-Identifier: BSD-2-Clause */
/* Character devices: null, zero, full, random, urandom and the console. */
#ifndef KERNEL_FS_DEVICE_H
#define KERNEL_FS_DEVICE_H
#include "kernel/fs/data.h"
#include "kernel/fs/open.h"
#include <stdbool.h>
#include <stdint.h>

static inline bool device_is_console(uint32_t special)
{
    return special == DEVICE_CONSOLE || special == DEVICE_TTY;
}

/* st_rdev of a device, in Linux's encoding; 0 for what is none. */
uint32_t device_number(const struct node *node);

/* Reads or writes up to n bytes: how many, -EFAULT, -EAGAIN (O_NONBLOCK), -ENOSPC (full). The console waits for input. */
int64_t device_read(const struct open_file *file, const struct io_buffer *to, uint64_t n);
int64_t device_write(const struct open_file *file, const struct io_buffer *from, uint64_t n);

#endif
