/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/device.h"
#include "drivers/platform.h"
#include "drivers/tty.h"
#include "kernel/fs/wait.h"
#include "kernel/random.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "lib/limits.h"
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

/* Until when a read waits for input. */
/*@ terminates \true; exits \false; assigns ghost_ns; */
static uint64_t read_deadline(void)
{
    return sum_at_most(platform_now(), tty_read_wait_ns());
}

/* 0 when there is input or will be none; else why it was not waited for, or that the wait timed out. */
/*@ requires file: \valid_read(file);
    terminates (file->flags & O_NONBLOCK) != 0; exits \false;
    assigns ghost_kernel, ghost_app, ghost_deadline, ghost_input, ghost_ns;
    ensures status: \result == 0 || \result == -EAGAIN || \result == -ERESTARTSYS || \result == -ETIMEDOUT;
    ensures again: \old(file->flags & O_NONBLOCK) != 0 ==> \result == (ghost_input == 0 ? -EAGAIN : 0); */
static int console_wait(const struct open_file *file)
{
    if (tty_can_read())
        return 0;
    if ((file->flags & O_NONBLOCK) != 0)
        return -EAGAIN;
    int status = sched_wait_or_signal(SCHED_IO, console_is_ready, NULL, read_deadline());
    return status == -EINTR ? -ERESTARTSYS : status;
}

/* One line, or what waits: it stops where a piece was not filled or a line ended, so that it never takes a second line. */
/*@ requires buffer: \valid_read(file) && BufferGood(to) && n <= INT64_MAX;
    terminates (file->flags & O_NONBLOCK) != 0; exits \false;
    assigns ghost_elsewhere, ghost_faults, ghost_kernel, ghost_app, ghost_deadline, ghost_input, ghost_ns;
    ensures result: 0 <= \result <= n || \result == -EFAULT || \result == -EAGAIN || \result == -ERESTARTSYS;
    ensures fault: \result == -EFAULT ==> ghost_faults != \old(ghost_faults);
    ensures again: n != 0 && ghost_input == 0 && \old(file->flags & O_NONBLOCK) != 0 ==> \result == -EAGAIN; */
static int64_t console_read(const struct open_file *file, const struct io_buffer *to, uint64_t n)
{
    int status = n == 0 ? 0 : console_wait(file);
    if (status != 0)
        return status == -ETIMEDOUT ? 0 : status;
    wait_console_taken();
    uint8_t piece[CHUNK];
    uint64_t done = 0;
    /*@ loop invariant done: 0 <= done <= n;
        loop invariant clean: ghost_faults == \at(ghost_faults, Pre);
        loop assigns done, piece[0 .. CHUNK - 1], ghost_elsewhere, ghost_faults, ghost_kernel;
        loop variant n - done; */
    while (done < n) {
        uint64_t want = least(n - done, CHUNK);
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

/*@ requires buffer: BufferGood(to) && n <= INT64_MAX - 4096;
    terminates \true; exits \false; assigns ghost_elsewhere, ghost_faults, ghost_kernel;
    ensures moved: DeviceMoved{Pre, Post}(n, \result); */
static int64_t random_read(const struct io_buffer *to, uint64_t n)
{
    uint8_t piece[CHUNK];
    /*@ loop invariant done: 0 <= done < n + CHUNK && done % CHUNK == 0;
        loop invariant clean: ghost_faults == \at(ghost_faults, Pre);
        loop assigns done, piece[0 .. CHUNK - 1], ghost_elsewhere, ghost_faults, ghost_kernel;
        loop variant n - done; */
    for (uint64_t done = 0; done < n; done += CHUNK) {
        uint64_t size = least(n - done, CHUNK);
        random_bytes(piece, size);
        if (io_give(to, done, piece, size) != 0)
            return done != 0 ? (int64_t)done : -EFAULT;
    }
    return (int64_t)n;
}

/*@ requires buffer: BufferGood(to) && n <= INT64_MAX - 4096;
    terminates \true; exits \false; assigns ghost_elsewhere, ghost_faults;
    ensures moved: DeviceMoved{Pre, Post}(n, \result); */
static int64_t zero_read(const struct io_buffer *to, uint64_t n)
{
    /*@ loop invariant done: 0 <= done < n + CHUNK && done % CHUNK == 0;
        loop invariant clean: ghost_faults == \at(ghost_faults, Pre);
        loop assigns done, ghost_elsewhere, ghost_faults;
        loop variant n - done; */
    for (uint64_t done = 0; done < n; done += CHUNK) {
        if (io_give(to, done, zeros, least(n - done, CHUNK)) != 0)
            return done != 0 ? (int64_t)done : -EFAULT;
    }
    return (int64_t)n;
}

int64_t device_read(const struct open_file *file, const struct io_buffer *to, uint64_t n)
{
    uint32_t special = file->special;
    if (special == DEVICE_NULL)
        return 0;
    if (special == DEVICE_ZERO || special == DEVICE_FULL)
        return zero_read(to, n);
    if (special == DEVICE_RANDOM || special == DEVICE_URANDOM)
        return random_read(to, n);
    return console_read(file, to, n);
}

/* The prover does not follow bytes into a pointer to anything, which tty_write takes. */
/*@ terminates \true; exits \false; assigns ghost_kernel; */
static void console_put(const uint8_t *text, uint64_t n)
{
    tty_write(text, n);
}

/*@ requires buffer: BufferGood(from) && n <= INT64_MAX - 4096;
    terminates \true; exits \false; assigns ghost_elsewhere, ghost_faults, ghost_kernel;
    ensures moved: DeviceMoved{Pre, Post}(n, \result); */
static int64_t console_write(const struct io_buffer *from, uint64_t n)
{
    uint8_t piece[CONSOLE_CHUNK] __attribute__((uninitialized)); /* what is read of it has been written */
    /*@ loop invariant done: 0 <= done < n + CONSOLE_CHUNK && done % CONSOLE_CHUNK == 0;
        loop invariant clean: ghost_faults == \at(ghost_faults, Pre);
        loop assigns done, ghost_elsewhere, ghost_faults, ghost_kernel;
        loop variant n - done; */
    for (uint64_t done = 0; done < n; done += CONSOLE_CHUNK) {
        uint64_t size = least(n - done, CONSOLE_CHUNK);
        if (io_take(from, done, piece, size) != 0)
            return done != 0 ? (int64_t)done : -EFAULT;
        console_put(piece, size);
    }
    return (int64_t)n;
}

int64_t device_write(const struct open_file *file, const struct io_buffer *from, uint64_t n)
{
    if (device_is_console(file->special))
        return console_write(from, n);
    return file->special == DEVICE_FULL ? -ENOSPC : (int64_t)n;
}
