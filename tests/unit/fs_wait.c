/* SPDX-License-Identifier: BSD-2-Clause */
/* Pipes, event counters, poll and select: what they answer, and what they wait for. */
/* links: tests/unit/fake/mm.c mm/user_range.c tests/unit/fake/kernel.c lib/format.c kernel/cpio.c kernel/fs/slots.c kernel/fs/node.c
   kernel/fs/data.c kernel/fs/entry.c kernel/fs/path.c kernel/fs/tree.c kernel/fs/open.c kernel/fs/file.c kernel/fs/device.c
   tests/unit/fake/no_disks.c
   kernel/fs/pipe.c kernel/fs/stream.c kernel/fs/wait.c kernel/fs/watch.c kernel/fs/epoll.c
   kernel/fs/timer.c kernel/fs/socket.c kernel/fs/proc.c kernel/fs/fixed.c kernel/fs/fs.c kernel/fs/unpack.c kernel/abi/file.c
   kernel/abi/vector.c kernel/abi/file_io.c kernel/abi/file_size.c kernel/abi/file_meta.c kernel/abi/file_time.c kernel/abi/file_ioctl.c
   kernel/abi/file_pipe.c kernel/abi/dir.c kernel/abi/dir_read.c kernel/abi/poll.c kernel/abi/timeout.c */
#include "check.h"
#include "fake/call.h"
#include "fake/kernel.h"
#include "kernel/fs/fs.h"
#include <asm/ioctls.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/poll.h>

static int64_t pipe_ends[2];

static void pipe_writes(void)
{
    CHECK_EQ(write_text(pipe_ends[1], "late"), 4);
}

static void check_pipe(void)
{
    uint64_t used = fake_frames_used();
    CHECK_EQ(CALL1(sys_pipe, USER), 0);
    pipe_ends[0] = ((int32_t *)fake_user())[0];
    pipe_ends[1] = ((int32_t *)fake_user())[1];
    fake_meanwhile = pipe_writes;
    CHECK(strcmp(read_text(pipe_ends[0]), "late") == 0);
    fake_meanwhile = NULL;
    CHECK_EQ(CALL3(sys_fcntl, pipe_ends[1], F_SETFL, O_NONBLOCK), 0);
    CHECK_EQ(CALL3(sys_write, pipe_ends[1], USER, 65530), 65530);
    CHECK_EQ(CALL3(sys_write, pipe_ends[1], USER, 7), -EAGAIN);
    CHECK_EQ(CALL3(sys_write, pipe_ends[1], USER, 6), 6);
    CHECK_EQ(CALL3(sys_write, pipe_ends[1], USER, 60000), -EAGAIN);
    CHECK_EQ(CALL3(sys_ioctl, pipe_ends[0], FIONREAD, USER), 0);
    CHECK_EQ(*(int *)fake_user(), 65536);
    CHECK_EQ(CALL3(sys_read, pipe_ends[0], USER, 60001), 60001);
    CHECK_EQ(CALL3(sys_write, pipe_ends[1], USER, 60002), 60001);
    CHECK_EQ(CALL3(sys_write, pipe_ends[0], USER, 1), -EBADF);
    CHECK_EQ(CALL3(sys_lseek, pipe_ends[0], 0, SEEK_CUR), -ESPIPE);
    struct pollfd *poll = (struct pollfd *)fake_user();
    poll[0] = (struct pollfd){ .fd = (int)pipe_ends[0], .events = POLLIN };
    poll[1] = (struct pollfd){ .fd = (int)pipe_ends[1], .events = POLLOUT };
    poll[2] = (struct pollfd){ .fd = 99, .events = POLLOUT };
    poll[3] = (struct pollfd){ .fd = -5, .events = POLLOUT };
    CHECK_EQ(CALL3(sys_poll, USER, 4, -1), 2);
    CHECK(poll[0].revents == POLLIN && poll[1].revents == 0 && poll[2].revents == POLLNVAL && poll[3].revents == 0);
    CHECK_EQ(CALL1(sys_close, pipe_ends[0]), 0);
    CHECK_EQ(write_text(pipe_ends[1], "x"), -EPIPE);
    CHECK_EQ(CALL1(sys_close, pipe_ends[1]), 0);
    CHECK_EQ(fake_frames_used(), used);
}

static void check_select(void)
{
    uint64_t *sets = (uint64_t *)fake_user();
    int64_t *time = (int64_t *)(fake_user() + 512);
    fake_console_input = "";
    sets[0] = 1;
    sets[16] = 2;
    time[0] = 1;
    time[1] = 500000;
    CHECK_EQ(call(sys_select, 2, USER, USER + 128, 0, USER + 512, 0), 1);
    CHECK(sets[0] == 0 && sets[16] == 2 && time[0] == 1 && time[1] == 499999);
    sets[0] = 1;
    uint64_t before = fake_clock;
    CHECK_EQ(call(sys_select, 1, USER, 0, 0, USER + 512, 0), 0);
    CHECK(sets[0] == 0 && time[0] == 0 && time[1] == 0 && fake_clock - before >= 1499999000);
    fake_console_input = "x";
    sets[0] = 1;
    CHECK_EQ(call(sys_pselect6, 1, USER, 0, 0, 0, 0), 1);
    sets[0] = 1u << 30;
    CHECK_EQ(call(sys_select, 31, USER, 0, 0, 0, 0), -EBADF);
    CHECK_EQ(call(sys_select, 30, USER, 0, 0, USER + 512, 0), 0);
    CHECK_EQ(call(sys_select, -1, USER, 0, 0, 0, 0), -EINVAL);
    CHECK_EQ(call(sys_select, 1, KERNEL, 0, 0, 0, 0), -EFAULT);
    fake_console_input = "";
}

static void check_event(void)
{
    uint64_t *value = (uint64_t *)fake_user();
    int64_t fd = CALL2(sys_eventfd2, 5, O_NONBLOCK);
    CHECK_EQ(CALL3(sys_read, fd, USER, 7), -EINVAL);
    CHECK_EQ(CALL3(sys_read, fd, USER, 8), 8);
    CHECK_EQ(*value, 5);
    CHECK_EQ(CALL3(sys_read, fd, USER, 8), -EAGAIN);
    *value = UINT64_MAX - 1;
    CHECK_EQ(CALL3(sys_write, fd, USER, 8), 8);
    *value = 1;
    CHECK_EQ(CALL3(sys_write, fd, USER, 8), -EAGAIN);
    *value = UINT64_MAX;
    CHECK_EQ(CALL3(sys_write, fd, USER, 8), -EINVAL);
    CHECK_EQ(CALL1(sys_close, fd), 0);
}

/* A directory is always ready, and nothing in it changes by being asked. */
static void check_directory(void)
{
    struct pollfd *poll = (struct pollfd *)fake_user();
    int64_t fd = open_text("/dev", O_RDONLY | O_DIRECTORY);
    int64_t before = CALL3(sys_getdents64, fd, USER, 4096);
    poll[0] = (struct pollfd){ .fd = (int)fd, .events = POLLIN };
    CHECK_EQ(CALL3(sys_poll, USER, 1, -1), 1);
    CHECK_EQ(CALL3(sys_lseek, fd, 0, SEEK_SET), 0);
    CHECK_EQ(CALL3(sys_getdents64, fd, USER, 4096), before);
    CHECK_EQ(CALL1(sys_close, fd), 0);
    CHECK_EQ(CALL2(sys_access, TEXT("/dev/null"), 0), 0);
    CHECK_EQ(CALL2(sys_mkdir, TEXT("/dev/new"), 0755), 0);
    CHECK_EQ(CALL1(sys_rmdir, TEXT("/dev/new")), 0);
}

int main(void)
{
    fake_mm_start();
    CHECK_EQ(fs_init(), 0);
    CHECK_EQ(CALL2(sys_access, TEXT("/"), 0), 0); /* now all names that the kernel makes are there */
    check_pipe();
    check_select();
    check_event();
    check_directory();
    return check_done();
}
