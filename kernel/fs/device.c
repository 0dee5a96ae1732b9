/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/device.h"
#include "drivers/platform.h"
#include "drivers/tty.h"
#include "kernel/fs/block.h"
#include "kernel/fs/wait.h"
#include "kernel/random.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include <linux/errno.h>
#include <stddef.h>

#define CHUNK 256u

/* As much as Xen's ring holds: its reader takes only 150 pieces in a second (xenconsoled's RATE_LIMIT_ALLOWANCE). */
#define CONSOLE_CHUNK 2048u

static const uint8_t zeros[CHUNK];

uint32_t device_number(const struct node *node)
{
    /* linux/Documentation/admin-guide/devices.txt: major << 8 | minor */
    static const uint16_t numbers[] = {
        [DEVICE_NULL] = 0x103,    [DEVICE_ZERO] = 0x105,    [DEVICE_FULL] = 0x107, [DEVICE_RANDOM] = 0x108,
        [DEVICE_URANDOM] = 0x109, [DEVICE_CONSOLE] = 0x501, [DEVICE_TTY] = 0x500,
    };
    if (node->special == NODE_DISK)
        return block_device(block_disk(node));
    return node->special <= DEVICE_TTY ? numbers[node->special] : 0;
}

static bool console_is_ready(void *arg)
{
    (void)arg;
    return tty_can_read();
}

static uint64_t deadline_after(uint64_t ns)
{
    uint64_t now = platform.clock_monotonic();
    return ns > SCHED_FOREVER - now ? SCHED_FOREVER : now + ns;
}

/* One line, or what waits: it stops where a piece was not filled or a line ended, so that it never takes a second line. */
static int64_t console_read(const struct open_file *file, const struct io_buffer *to, uint64_t n)
{
    if (n != 0 && !tty_can_read()) {
        if ((file->flags & O_NONBLOCK) != 0)
            return -EAGAIN;
        uint64_t wait = tty_read_wait_ns();
        uint64_t deadline = wait == UINT64_MAX ? SCHED_FOREVER : deadline_after(wait);
        int status = sched_wait_or_signal(SCHED_IO, console_is_ready, NULL, deadline);
        if (status != 0)
            return status == -EINTR ? -ERESTARTSYS : 0;
    }
    wait_console_taken();
    uint8_t piece[CHUNK];
    uint64_t done = 0;
    while (done < n) {
        uint64_t want = n - done < CHUNK ? n - done : CHUNK;
        int64_t got = tty_take(piece, want);
        if (got <= 0)
            return done != 0 ? (int64_t)done : got;
        if (io_give(to, done, piece, (uint64_t)got) != 0)
            return done != 0 ? (int64_t)done : -EFAULT;
        done += (uint64_t)got;
        if ((uint64_t)got < want || piece[got - 1] == '\n')
            break;
    }
    return (int64_t)done;
}

static int64_t random_read(const struct io_buffer *to, uint64_t n)
{
    uint8_t piece[CHUNK];
    for (uint64_t done = 0; done < n; done += CHUNK) {
        uint64_t size = n - done < CHUNK ? n - done : CHUNK;
        random_bytes(piece, size);
        if (io_give(to, done, piece, size) != 0)
            return done != 0 ? (int64_t)done : -EFAULT;
    }
    return (int64_t)n;
}

static int64_t zero_read(const struct io_buffer *to, uint64_t n)
{
    for (uint64_t done = 0; done < n; done += CHUNK) {
        if (io_give(to, done, zeros, n - done < CHUNK ? n - done : CHUNK) != 0)
            return done != 0 ? (int64_t)done : -EFAULT;
    }
    return (int64_t)n;
}

int64_t device_read(const struct open_file *file, const struct io_buffer *to, uint64_t n)
{
    switch (file->special) {
    case DEVICE_NULL:
        return 0;
    case DEVICE_ZERO:
    case DEVICE_FULL:
        return zero_read(to, n);
    case DEVICE_RANDOM:
    case DEVICE_URANDOM:
        return random_read(to, n);
    default:
        return console_read(file, to, n);
    }
}

static int64_t console_write(const struct io_buffer *from, uint64_t n)
{
    uint8_t piece[CONSOLE_CHUNK] __attribute__((uninitialized)); /* what is read of it has been written */
    for (uint64_t done = 0; done < n; done += CONSOLE_CHUNK) {
        uint64_t size = n - done < CONSOLE_CHUNK ? n - done : CONSOLE_CHUNK;
        if (io_take(from, done, piece, size) != 0)
            return done != 0 ? (int64_t)done : -EFAULT;
        tty_write(piece, size);
    }
    return (int64_t)n;
}

int64_t device_write(const struct open_file *file, const struct io_buffer *from, uint64_t n)
{
    if (device_is_console(file->special))
        return console_write(from, n);
    return file->special == DEVICE_FULL ? -ENOSPC : (int64_t)n;
}
