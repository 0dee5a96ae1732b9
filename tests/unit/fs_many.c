/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors and names by the thousand, and each allocation failing once. */
/* links: tests/unit/fake/mm.c mm/user_range.c tests/unit/fake/kernel.c lib/format.c kernel/cpio.c kernel/fs/slots.c kernel/fs/node.c
   kernel/fs/data.c kernel/fs/entry.c kernel/fs/path.c kernel/fs/tree.c kernel/fs/open.c kernel/fs/file.c kernel/fs/device.c
   tests/unit/fake/no_disks.c
   kernel/fs/pipe.c kernel/fs/stream.c kernel/fs/wait.c kernel/fs/watch.c kernel/fs/epoll.c
   kernel/fs/timer.c kernel/fs/socket.c kernel/fs/proc.c kernel/fs/fixed.c kernel/fs/fs.c kernel/fs/unpack.c kernel/abi/file.c
   kernel/abi/vector.c kernel/abi/file_io.c kernel/abi/file_size.c kernel/abi/file_meta.c kernel/abi/file_time.c kernel/abi/file_ioctl.c
   kernel/abi/file_pipe.c kernel/abi/dir.c kernel/abi/dir_read.c kernel/abi/poll.c kernel/abi/timeout.c
   kernel/abi/epoll.c kernel/abi/socket.c */
#include "check.h"
#include "fake/call.h"
#include "kernel/abi/event.h"
#include "kernel/fs/fs.h"
#include "kernel/fs/node.h"
#include "kernel/fs/watch.h"
#include <linux/errno.h>
#include <linux/eventpoll.h>
#include <linux/fs.h>
#include <sys/wait.h>
#include <unistd.h>

static void check_descriptors(void)
{
    int64_t last = -1;
    CHECK_EQ(CALL2(sys_dup2, 1, 1023), 1023);
    CHECK_EQ(CALL2(sys_dup2, 1, 1024), -EBADF);
    CHECK_EQ(CALL3(sys_dup3, 1, 1, 0), -EINVAL);
    CHECK_EQ(CALL3(sys_fcntl, 1, F_DUPFD, 1024), -EINVAL);
    CHECK_EQ(CALL3(sys_fcntl, 1, F_DUPFD_CLOEXEC, 1023), -EMFILE);
    CHECK_EQ(CALL1(sys_close, 0x100000001ull), 0);
    CHECK_EQ(write_text(1, "x"), -EBADF);
    CHECK_EQ(CALL1(sys_dup, 1023), 1);
    for (int64_t fd = CALL1(sys_dup, 1); fd >= 0; fd = CALL1(sys_dup, 1))
        last = fd;
    CHECK_EQ(last, 1022);
    CHECK_EQ(open_text("/never", O_CREAT | O_RDWR), -EMFILE);
    CHECK_EQ(CALL2(sys_access, TEXT("/never"), 0), -ENOENT);
    CHECK_EQ(CALL3(sys_close_range, 3, UINT32_MAX, 0), 0);
    CHECK_EQ(open_text("/", O_RDONLY | O_DIRECTORY), 3);
    CHECK_EQ(CALL3(sys_read, 3, USER, 1), -EISDIR);
    CHECK_EQ(CALL1(sys_close, 3), 0);
}

static void check_copies(void)
{
    int64_t in = open_text("/in", O_CREAT | O_RDWR);
    int64_t out = open_text("/out", O_CREAT | O_RDWR);
    memset(fake_user(), 'c', 10000);
    CHECK_EQ(CALL3(sys_write, in, USER, 10000), 10000);
    *(uint64_t *)(fake_user() + 16384) = 1;
    CHECK_EQ(CALL4(sys_sendfile, out, in, USER + 16384, 20000), 9999);
    CHECK_EQ(*(uint64_t *)(fake_user() + 16384), 10000);
    CHECK_EQ(CALL3(sys_lseek, out, 0, SEEK_CUR), 9999);
    CHECK_EQ(CALL4(sys_sendfile, out, in, 0, 20000), 0);
    CHECK_EQ(call(sys_copy_file_range, (uint64_t)in, 0, (uint64_t)out, 0, 5, 0), 0);
    CHECK_EQ(CALL3(sys_lseek, in, 9990, SEEK_SET), 9990);
    CHECK_EQ(call(sys_copy_file_range, (uint64_t)in, 0, (uint64_t)out, 0, 50, 0), 10);
    CHECK_EQ(CALL4(sys_sendfile, out, in, KERNEL, 1), -EFAULT);
    CHECK_EQ(CALL4(sys_sendfile, out, 0, 0, 1), -EINVAL);
    CHECK_EQ(CALL1(sys_close, in), 0);
    CHECK_EQ(CALL1(sys_close, out), 0);
    CHECK_EQ(CALL1(sys_unlink, TEXT("/in")), 0);
    CHECK_EQ(CALL1(sys_unlink, TEXT("/out")), 0);
}

/* Thousands of names of all lengths, listed and removed in the middle of listing. */
static void check_many(void)
{
    char path[300];
    uint64_t seen = 0;
    CHECK_EQ(CALL2(sys_mkdir, TEXT("/many"), 0755), 0);
    for (int i = 0; i < 6000; i++) {
        snprintf(path, sizeof(path), "/many/%0*d", 4 + i % 252, i);
        CHECK_EQ(CALL3(sys_mknod, TEXT(path), S_IFREG | 0644, 0), 0);
    }
    memset(path + 6, 'x', 256);
    path[6 + 256] = '\0';
    CHECK_EQ(CALL3(sys_mknod, TEXT(path), S_IFREG | 0644, 0), -ENAMETOOLONG);
    CHECK_EQ(CALL1(sys_rmdir, TEXT("/many")), -ENOTEMPTY);
    CHECK_EQ(CALL1(sys_chdir, TEXT("/many")), 0);
    int64_t fd = open_text(".", O_RDONLY | O_DIRECTORY);
    CHECK_EQ(CALL3(sys_getdents64, fd, USER, 20), -EINVAL);
    for (int64_t n = CALL3(sys_getdents64, fd, USER, 32768); n > 0; n = CALL3(sys_getdents64, fd, USER, 32768)) {
        for (int64_t at = 0; at < n; at += *(uint16_t *)(fake_user() + at + 16)) {
            const char *name = (const char *)fake_user() + at + 19;
            seen++;
            if (name[0] != '.')
                CHECK_EQ(CALL1(sys_unlink, TEXT(name)), 0);
        }
    }
    CHECK_EQ(seen, 6002);
    CHECK_EQ(CALL1(sys_rmdir, TEXT("../many")), 0);
    CHECK_EQ(CALL2(sys_getcwd, USER, 4096), -ENOENT);
    CHECK_EQ(open_text("x", O_CREAT | O_RDWR), -ENOENT);
    CHECK_EQ(CALL1(sys_fchdir, fd), 0);
    CHECK_EQ(CALL3(sys_getdents64, fd, USER, 32768), -ENOENT);
    CHECK_EQ(CALL1(sys_chdir, TEXT("/")), 0);
    CHECK_EQ(CALL1(sys_close, fd), 0);
}

/* Files to wait for, whose calls may all fail, and then all closed again. */
static void scenario_of_waiting(void)
{
    struct epoll_event event = { EPOLLIN | EPOLLOUT, 0 };
    int64_t set = CALL1(sys_epoll_create1, 0), outer = CALL1(sys_epoll_create1, 0);
    int64_t counter = CALL2(sys_eventfd2, 1, 0);
    bool joined = CALL4(sys_socketpair, 1, 1, 0, USER) == 0;
    int64_t ends[2] = { ((int32_t *)fake_user())[0], ((int32_t *)fake_user())[1] };
    memcpy(fake_user(), &event, sizeof(event));
    (void)CALL4(sys_epoll_ctl, set, EPOLL_CTL_ADD, counter, USER);
    (void)CALL4(sys_epoll_ctl, outer, EPOLL_CTL_ADD, set, USER);
    if (joined) {
        (void)CALL4(sys_epoll_ctl, set, EPOLL_CTL_ADD, ends[0], USER);
        (void)CALL3(sys_write, ends[0], USER, 30000);
        (void)CALL4(sys_epoll_wait, outer, USER, 5, 0);
        CHECK_EQ(CALL1(sys_close, ends[0]), 0);
        CHECK_EQ(CALL1(sys_close, ends[1]), 0);
    }
    const int64_t fds[] = { set, counter, outer };
    for (int i = 0; i < 3; i++)
        CHECK_EQ(CALL1(sys_close, fds[i]), fds[i] >= 0 ? 0 : -EBADF);
    CHECK_EQ(watch_count(), 0);
}

/* A bit of everything, whose calls may all fail, and then everything taken away again. */
static void scenario(void)
{
    char name[200];
    (void)CALL2(sys_mkdir, TEXT("/s"), 0755);
    (void)CALL2(sys_symlink, fake_text(1, "/s/a"), TEXT("/s/link"));
    int64_t a = open_text("/s/link", O_CREAT | O_RDWR);
    (void)CALL3(sys_write, a, USER, 30000);
    (void)CALL2(sys_link, fake_text(1, "/s/a"), TEXT("/s/b"));
    memset(name, 'n', sizeof(name));
    memcpy(name, "/s/", 3);
    name[180] = '\0';
    (void)CALL2(sys_rename, TEXT("/s/a"), fake_text(1, name));
    (void)CALL2(sys_mkdir, TEXT("/s/dir"), 0755);
    (void)CALL2(sys_rename, TEXT("/s/dir"), fake_text(1, "/s/dir2"));
    bool piped = CALL1(sys_pipe, USER) == 0;
    int64_t ends[2] = { ((int32_t *)fake_user())[0], ((int32_t *)fake_user())[1] };
    if (piped)
        (void)CALL3(sys_write, ends[1], USER, 20000);
    scenario_of_waiting();
    int64_t b = open_text("/proc/meminfo", O_RDONLY);
    int64_t c = CALL2(sys_memfd_create, TEXT("m"), 0);
    (void)CALL4(sys_fallocate, c, 0, 0, 100000);
    static const char *const names[] = { "/s/link", "/s/a", "/s/b", "/s/dir", "/s/dir2" };
    for (int i = 0; i < 5; i++)
        (void)(i < 3 ? CALL1(sys_unlink, TEXT(names[i])) : CALL1(sys_rmdir, TEXT(names[i])));
    (void)CALL1(sys_unlink, TEXT(name));
    (void)CALL1(sys_rmdir, TEXT("/s"));
    CHECK_EQ(CALL2(sys_access, TEXT("/s"), 0), -ENOENT);
    if (piped) {
        CHECK_EQ(CALL1(sys_close, ends[0]), 0);
        CHECK_EQ(CALL1(sys_close, ends[1]), 0);
    }
    const int64_t fds[] = { a, b, c };
    for (int i = 0; i < 3; i++)
        CHECK_EQ(CALL1(sys_close, fds[i]), fds[i] >= 0 ? 0 : -EBADF);
}

/* In a fresh kernel the k-th allocation fails; what it leaves serves on, and nothing is lost. True when it came. */
static bool fails_cleanly(uint64_t k)
{
    pid_t child = fork();
    if (child == 0) {
        (void)fake_frames_fail_at(k);
        scenario();
        bool come = fake_frames_fail_at(0);
        scenario();
        uint32_t nodes = node_count();
        uint64_t used = fake_frames_used();
        scenario();
        CHECK_EQ(fake_frames_used(), used);
        CHECK_EQ(node_count(), nodes);
        fflush(stdout);
        _exit(check_failures != 0 ? 1 : come ? 0 : 2);
    }
    int status = 0;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) != 1);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(void)
{
    fake_mm_start();
    CHECK_EQ(fs_init(), 0);
    uint64_t k = 1;
    while (fails_cleanly(k) && k < 1000)
        k++;
    CHECK(k > 30 && k < 1000);
    check_descriptors();
    check_copies();
    check_many();
    return check_done();
}
