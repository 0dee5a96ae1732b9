/* SPDX-License-Identifier: BSD-2-Clause */
/* File system calls: what they refuse, the console, devices, /proc, bad addresses, vectors, full memory. */
/* links: tests/unit/fake/mm.c mm/user_range.c tests/unit/fake/kernel.c lib/format.c kernel/cpio.c kernel/fs/slots.c kernel/fs/node.c
   kernel/fs/data.c kernel/fs/entry.c kernel/fs/path.c kernel/fs/tree.c kernel/fs/open.c kernel/fs/file.c kernel/fs/device.c
   tests/unit/fake/no_disks.c
   kernel/fs/pipe.c kernel/fs/stream.c kernel/fs/wait.c kernel/fs/watch.c kernel/fs/epoll.c
   kernel/fs/timer.c kernel/fs/socket.c kernel/fs/proc.c kernel/fs/fixed.c kernel/fs/fs.c kernel/fs/unpack.c kernel/abi/file.c
   kernel/abi/vector.c kernel/abi/file_io.c kernel/abi/file_size.c kernel/abi/file_meta.c kernel/abi/file_time.c kernel/abi/file_ioctl.c
   kernel/abi/file_pipe.c kernel/abi/dir.c kernel/abi/dir_read.c kernel/abi/poll.c kernel/abi/timeout.c */
#include "kernel/fs/fs.h"
#include "check.h"
#include "fake/call.h"
#include "fake/kernel.h"
#include "kernel/fs/node.h"
#include "mm/frame.h"
#include <asm/ioctls.h>
#include <asm/stat.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/uio.h>

static void check_console(void)
{
    fake_console_input = "one\ntwo\n";
    CHECK_EQ(write_text(1, "hello\n"), 6);
    CHECK(fake_console_size == 6 && memcmp(fake_console_output, "hello\n", 6) == 0);
    CHECK(strcmp(read_text(0), "one\n") == 0);
    CHECK_EQ(CALL3(sys_ioctl, 0, FIONREAD, USER), 0);
    CHECK_EQ(*(int *)fake_user(), 4);
    CHECK(strcmp(read_text(0), "two\n") == 0);
    CHECK_EQ(CALL3(sys_lseek, 0, 0, SEEK_SET), -ESPIPE);
    CHECK_EQ(CALL4(sys_pread64, 0, USER, 1, 0), -ESPIPE);
    CHECK_EQ(CALL3(sys_ioctl, 1, TCGETS, USER), 0);
    CHECK_EQ(CALL3(sys_ioctl, 1, TCGETS, KERNEL), -EFAULT);
    CHECK_EQ(CALL3(sys_fcntl, 0, F_SETFL, O_NONBLOCK), 0);
    CHECK_EQ(CALL3(sys_read, 0, USER, 10), -EAGAIN);
    CHECK_EQ(CALL3(sys_fcntl, 0, F_SETFL, 0), 0);
    CHECK_EQ(CALL3(sys_write, 1, KERNEL, 10), -EFAULT);
    CHECK_EQ(CALL3(sys_write, 1, 0, 10), -EFAULT);
    CHECK_EQ(fake_console_size, 6);
}

static void check_devices(void)
{
    int64_t fd = open_text("/dev/zero", O_RDWR);
    memset(fake_user(), 1, 1000);
    CHECK_EQ(CALL3(sys_read, fd, USER, 1000), 1000);
    CHECK(fake_user()[0] == 0 && fake_user()[999] == 0 && fake_user()[1000] == 0xee);
    CHECK_EQ(CALL3(sys_ioctl, fd, TCGETS, USER), -ENOTTY);
    CHECK_EQ(CALL2(sys_fstat, fd, USER), 0);
    CHECK_EQ(((struct stat *)fake_user())->st_rdev, 0x105);
    CHECK_EQ(CALL1(sys_close, fd), 0);
    fd = open_text("/dev/null", O_RDWR);
    CHECK_EQ(CALL3(sys_read, fd, USER, 1000), 0);
    CHECK_EQ(CALL3(sys_write, fd, KERNEL, 1000), -EFAULT);
    CHECK_EQ(CALL3(sys_lseek, fd, 5, SEEK_END), 0);
    CHECK_EQ(CALL1(sys_close, fd), 0);
    fd = open_text("/dev/full", O_RDWR);
    CHECK_EQ(write_text(fd, "x"), -ENOSPC);
    CHECK_EQ(CALL1(sys_close, fd), 0);
    fd = open_text("/dev/urandom", O_RDONLY);
    CHECK_EQ(CALL3(sys_read, fd, USER, 700), 700);
    CHECK(fake_user()[699] == 0x5a);
    CHECK_EQ(CALL3(sys_write, fd, USER, 1), -EBADF);
    CHECK_EQ(CALL1(sys_close, fd), 0);
    fd = open_text("/dev/stdout", O_WRONLY);
    CHECK_EQ(write_text(fd, "!"), 1);
    CHECK_EQ(fake_console_size, 7);
    CHECK_EQ(CALL1(sys_close, fd), 0);
}

static void check_proc(void)
{
    CHECK(file_says("/sys/devices/system/cpu/online", "0\n"));
    CHECK(file_says("/proc/sys/kernel/ostype", "Linux\n"));
    CHECK(file_says("/proc/self/maps", ""));
    CHECK_EQ(open_text("/proc/meminfo", O_WRONLY), -EACCES);
    CHECK_EQ(CALL2(sys_truncate, TEXT("/proc/meminfo"), 0), -EACCES);
    int64_t fd = open_text("/proc/meminfo", O_RDONLY);
    CHECK(strncmp(read_text(fd), "MemTotal:          65536 kB\n", 28) == 0);
    CHECK_EQ(CALL1(sys_close, fd), 0);
    CHECK_EQ(CALL3(sys_readlink, TEXT("/proc/self/fd/1"), USER, 100), 12);
    CHECK(memcmp(fake_user(), "/dev/console", 12) == 0);
    CHECK_EQ(CALL2(sys_lstat, TEXT("/proc/self/fd/1"), USER), 0);
    CHECK_EQ(((struct stat *)fake_user())->st_mode, S_IFLNK | 0777);
    CHECK_EQ(CALL2(sys_stat, TEXT("/proc/self/fd/1"), USER), 0);
    CHECK_EQ(((struct stat *)fake_user())->st_mode, S_IFCHR | 0666);
    CHECK_EQ(CALL2(sys_link, TEXT("/proc/self/fd/1"), fake_text(1, "/x")), -EXDEV);
    CHECK_EQ(CALL2(sys_rename, TEXT("/proc/self/fd/1"), fake_text(1, "/x")), -EPERM);
    CHECK_EQ(CALL3(sys_readlink, TEXT("/proc/self/exe"), USER, 100), 5);
    CHECK(memcmp(fake_user(), "/init", 5) == 0);
    CHECK_EQ(CALL3(sys_readlink, TEXT("/proc/self/cwd"), USER, 100), 1);
    CHECK_EQ(open_text("/proc/self/fd/77", O_RDONLY), -ENOENT);
    CHECK_EQ(CALL1(sys_unlink, TEXT("/proc/self/fd/1")), -EPERM);
    fd = open_text("/proc/self/exe", O_RDONLY);
    CHECK(memcmp(read_text(fd), "\177ELF program", 12) == 0);
    CHECK_EQ(CALL1(sys_close, fd), 0);
}

/* Every path call with every bad address; every call with a buffer likewise. */
static void check_faults(void)
{
    static syscall_fn *const by_path[] = { sys_open,  sys_stat,  sys_lstat,   sys_access, sys_chdir,
                                           sys_mkdir, sys_rmdir, sys_unlink,  sys_chmod,  sys_creat,
                                           sys_chown, sys_mknod, sys_readlink };
    const uint64_t bad[] = { 0, 1, KERNEL, UINT64_MAX, 0x800000000000ull, USER + FAKE_USER_SIZE - 3 };
    memset(fake_user() + FAKE_USER_SIZE - 3, 'x', 3);
    int64_t fd = open_text("/faults", O_CREAT | O_RDWR);
    for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        for (uint32_t j = 0; j < sizeof(by_path) / sizeof(by_path[0]); j++)
            CHECK_EQ(CALL3(by_path[j], bad[i], 0, 10), -EFAULT);
        CHECK_EQ(CALL2(sys_rename, bad[i], TEXT("/z")), -EFAULT);
        CHECK_EQ(CALL2(sys_rename, TEXT("/faults"), bad[i]), -EFAULT);
        CHECK_EQ(CALL2(sys_symlink, bad[i], TEXT("/z")), -EFAULT);
        CHECK_EQ(CALL2(sys_stat, TEXT("/"), bad[i]), -EFAULT);
        CHECK_EQ(CALL3(sys_write, fd, bad[i], 5000), -EFAULT);
        CHECK_EQ(CALL3(sys_poll, bad[i], 2, 0), -EFAULT);
        CHECK_EQ(CALL3(sys_readv, fd, bad[i], 2), -EFAULT);
        CHECK_EQ(CALL1(sys_pipe, bad[i]), -EFAULT);
        CHECK_EQ(CALL3(sys_getdents64, 0, bad[i], 100), -ENOTDIR);
    }
    CHECK_EQ(CALL2(sys_fstat, fd, USER), 0);
    CHECK_EQ(((struct stat *)fake_user())->st_size, 0);
    CHECK_EQ(CALL2(sys_ftruncate, fd, 100), 0);
    CHECK_EQ(CALL3(sys_read, fd, USER + 4096, 200), 100);
    for (int i = 0; i < 100; i++)
        CHECK_EQ(fake_user()[4096 + i], 0);
    CHECK_EQ(CALL1(sys_close, fd), 0);
    CHECK_EQ(open_text("/faults", O_RDONLY), 3);
    CHECK_EQ(CALL1(sys_close, 3), 0);
    CHECK_EQ(CALL1(sys_unlink, TEXT("/faults")), 0);
}

static void check_vectors(void)
{
    struct iovec *iov = (struct iovec *)(fake_user() + 65536);
    int64_t fd = open_text("/vector", O_CREAT | O_RDWR);
    for (int i = 0; i < 1024; i++)
        iov[i] = (struct iovec){ .iov_base = fake_user() + i, .iov_len = 1 };
    for (int i = 0; i < 1024; i++)
        fake_user()[i] = (uint8_t)(i * 7);
    CHECK_EQ(CALL3(sys_writev, fd, iov, 1024), 1024);
    CHECK_EQ(CALL3(sys_writev, fd, iov, 1025), -EINVAL);
    CHECK_EQ(CALL3(sys_writev, fd, iov, 1ull << 31), -EINVAL);
    CHECK_EQ(CALL3(sys_writev, fd, iov, 0), 0);
    iov[900].iov_len = UINT64_MAX;
    CHECK_EQ(CALL3(sys_writev, fd, iov, 1024), -EINVAL);
    iov[900] = (struct iovec){ .iov_base = (void *)KERNEL, .iov_len = 1 };
    CHECK_EQ(CALL3(sys_writev, fd, iov, 1024), -EFAULT);
    iov[900] = (struct iovec){ .iov_base = NULL, .iov_len = 1 };
    CHECK_EQ(CALL4(sys_pwritev, fd, iov, 1024, 0), 900);
    CHECK_EQ(CALL3(sys_lseek, fd, 0, SEEK_CUR), 1024);
    memset(fake_user(), 0, 1024);
    iov[0] = (struct iovec){ .iov_base = fake_user(), .iov_len = 1000 };
    iov[1] = (struct iovec){ .iov_base = fake_user() + 1000, .iov_len = 1000 };
    CHECK_EQ(CALL4(sys_preadv, fd, iov, 2, 0), 1024);
    for (int i = 0; i < 1024; i++)
        CHECK_EQ(fake_user()[i], (uint8_t)(i * 7));
    CHECK_EQ(CALL4(sys_pwritev, fd, iov, 1, -1), -EINVAL);
    CHECK_EQ(CALL1(sys_close, fd), 0);
    CHECK_EQ(CALL1(sys_unlink, TEXT("/vector")), 0);
}

/* A file far apart: its pages are found again, and its frames come back. */
static void check_sparse(void)
{
    uint64_t used = fake_frames_used();
    int64_t fd = open_text("/sparse", O_CREAT | O_RDWR);
    CHECK_EQ(CALL4(sys_pwrite64, fd, fake_text(1, "end"), 3, NODE_SIZE_MAX - 3), 3);
    CHECK_EQ(CALL4(sys_pwrite64, fd, fake_text(1, "end"), 3, NODE_SIZE_MAX - 2), 2);
    CHECK_EQ(CALL4(sys_pwrite64, fd, fake_text(1, "end"), 3, NODE_SIZE_MAX), -EFBIG);
    CHECK_EQ(CALL2(sys_ftruncate, fd, NODE_SIZE_MAX + 1), -EFBIG);
    CHECK_EQ(CALL4(sys_pread64, fd, USER, 10, NODE_SIZE_MAX - 3), 3);
    CHECK(memcmp(fake_user(), "een", 3) == 0);
    CHECK_EQ(fake_frames_used(), used + 3);
    CHECK_EQ(CALL1(sys_unlink, TEXT("/sparse")), 0);
    CHECK_EQ(CALL4(sys_pread64, fd, USER, 10, NODE_SIZE_MAX - 1), 1);
    CHECK_EQ(CALL2(sys_fstat, fd, USER), 0);
    CHECK_EQ(((struct stat *)fake_user())->st_nlink, 0);
    CHECK_EQ(CALL1(sys_close, fd), 0);
    CHECK_EQ(fake_frames_used(), used);
}

static void check_full(void)
{
    uint64_t used = fake_frames_used();
    int64_t fd = open_text("/full", O_CREAT | O_RDWR);
    fake_frames_left(5);
    memset(fake_user(), 'f', 65536);
    CHECK_EQ(CALL3(sys_write, fd, USER, 65536), 4096 * 4);
    CHECK_EQ(CALL3(sys_write, fd, USER, 65536), -ENOSPC);
    CHECK_EQ(CALL3(sys_lseek, fd, 0, SEEK_END), 4096 * 4);
    CHECK_EQ(CALL4(sys_fallocate, fd, 0, 0, 1 << 20), -ENOSPC);
    CHECK_EQ(CALL2(sys_ftruncate, fd, 1), 0);
    fake_frames_left(FAKE_FRAMES);
    CHECK_EQ(CALL4(sys_fallocate, fd, 0, 0, 1 << 20), 0);
    CHECK_EQ(CALL4(sys_pread64, fd, USER, 4, 0), 4);
    CHECK(memcmp(fake_user(), "f\0\0\0", 4) == 0);
    CHECK_EQ(CALL1(sys_unlink, TEXT("/full")), 0);
    CHECK_EQ(CALL1(sys_close, fd), 0);
    CHECK_EQ(fake_frames_used(), used);
}

int main(void)
{
    static const uint8_t program[] = "\177ELF program";
    fake_mm_start();
    CHECK_EQ(fs_init(), 0);
    CHECK_EQ(fake_frames_used(), 3); /* one of them is frame 0, which is never used */
    fs_add_program("/init", program, sizeof(program));
    check_console();
    CHECK_EQ(fake_frames_used(), 3);
    check_devices();
    check_proc();
    check_faults();
    check_vectors();
    check_sparse();
    check_full();
    return check_done();
}
