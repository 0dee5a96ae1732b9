/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on files whose answers are numbers: positions, times, modes, timers, and what a message may not have. */
/* links: tests/unit/fake/mm.c mm/user_range.c tests/unit/fake/kernel.c lib/format.c kernel/cpio.c kernel/fs/slots.c kernel/fs/node.c
   kernel/fs/data.c kernel/fs/entry.c kernel/fs/path.c kernel/fs/tree.c kernel/fs/open.c kernel/fs/file.c kernel/fs/device.c
   tests/unit/fake/no_disks.c kernel/fs/pipe.c kernel/fs/stream.c kernel/fs/wait.c kernel/fs/watch.c kernel/fs/epoll.c
   kernel/fs/timer.c kernel/fs/socket.c kernel/fs/proc.c kernel/fs/fixed.c kernel/fs/fs.c kernel/fs/unpack.c kernel/abi/file.c
   kernel/abi/vector.c kernel/abi/file_io.c kernel/abi/file_size.c kernel/abi/file_meta.c kernel/abi/file_time.c kernel/abi/dir.c
   kernel/abi/socket.c kernel/abi/timerfd.c kernel/abi/file_pipe.c
   kernel/abi/time.c kernel/thread.c tests/unit/fake/thread.c tests/unit/fake/cpu.c */
#include "kernel/fs/fs.h"

#include <asm/stat.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>
#include <linux/time.h>
#include <linux/timerfd.h>

#include "fake/kernel.h"
#include "fake/syscall.h"
#include "kernel/abi/event.h"
#include "kernel/abi/file.h"

#define SECOND 1000000000ULL
#define WALL   1700000000ULL
#define HERE   ((uint64_t)AT_FDCWD)
#define NAME   0x8000u /* of the file, in user memory */
#define NOW    0x3fffffffULL
#define OMIT   0x3ffffffeULL

static struct stat *status_of(void)
{
    CHECK_EQ(call(sys_stat, AT(NAME), AT(256)), 0);
    return (struct stat *)(fake_user() + 256);
}

static void check_mode(void)
{
    CHECK_EQ(call(sys_umask, HIGH(01027)), 022); /* Linux: the first program's */
    CHECK_EQ(call(sys_open, AT(NAME), O_CREAT | O_RDWR, 0666), 3);
    CHECK_EQ(status_of()->st_mode, S_IFREG | 0640);
    CHECK_EQ(call(sys_umask, 0), 027);
    CHECK_EQ(call(sys_umask, 0), 0);
}

/* In a file of 10 bytes, at position 4; in a directory; in the console. */
static void check_seek(void)
{
    static const struct {
        uint64_t offset, whence;
        int64_t result;
    } row[] = {
        { 7, SEEK_SET, 7 },
        { 7, HIGH(SEEK_SET), 7 },
        { (uint64_t)-1, SEEK_SET, -EINVAL },
        { 3, SEEK_CUR, 7 },
        { (uint64_t)-4, SEEK_CUR, 0 },
        { (uint64_t)-5, SEEK_CUR, -EINVAL },
        { INT64_MAX, SEEK_CUR, -EOVERFLOW },
        { 100, SEEK_END, 110 },
        { (uint64_t)-11, SEEK_END, -EINVAL },
        { INT64_MAX, SEEK_END, -EOVERFLOW },
        { 2, SEEK_DATA, 2 },
        { 10, SEEK_DATA, -ENXIO },
        { (uint64_t)-1, SEEK_DATA, -ENXIO },
        { 2, SEEK_HOLE, 10 },
        { 10, SEEK_HOLE, -ENXIO },
        { 0, 5, -EINVAL },
        { INT64_MAX, SEEK_SET, -EINVAL },
    };
    static const struct syscall_row rows[] = {
        ROW(sys_lseek, { 99, 0, SEEK_SET }, -EBADF),
        ROW(sys_lseek, { 0, 0, SEEK_SET }, -ESPIPE),
        ROW(sys_lseek, { 4, 2, SEEK_SET }, 2),
        ROW(sys_lseek, { 4, 3, SEEK_CUR }, 5),
        ROW(sys_lseek, { 4, (uint64_t)-6, SEEK_CUR }, -EINVAL),
        ROW(sys_lseek, { 4, INT64_MAX, SEEK_CUR }, -EINVAL),
        ROW(sys_lseek, { 4, (uint64_t)-1, SEEK_SET }, -EINVAL),
        ROW(sys_lseek, { 4, 0, SEEK_DATA }, -EINVAL),
        ROW(sys_lseek, { 4, 0, SEEK_CUR }, 5),
    };

    CHECK_EQ(call(sys_write, 3, AT(0), 10), 10);
    for (unsigned i = 0; i < ROWS(row); i++) {
        CHECK_EQ(call(sys_lseek, 3, 4, SEEK_SET), 4);
        CHECK_EQ(call(sys_lseek, 3, row[i].offset, row[i].whence), row[i].result);
        CHECK_EQ(call(sys_lseek, 3, 0, SEEK_CUR), row[i].result < 0 ? 4 : row[i].result);
    }

    CHECK_EQ(call(sys_open, fake_text(0, "/"), O_RDONLY | O_DIRECTORY, 0), 4);
    check_rows(rows, ROWS(rows));
}

static void check_times(void)
{
    static const struct {
        uint64_t seconds, nanoseconds;
        int64_t result, told_seconds, told_nanoseconds; /* the file had 5 s 6 ns */
    } row[] = {
        { 100, 7, 0, 100, 7 },
        { 100, 999999999, 0, 100, 999999999 },
        { 100, 1000000000, -EINVAL, 5, 6 },
        { 100, (uint64_t)-1, -EINVAL, 5, 6 },
        { 100, OMIT, 0, 5, 6 },
        { 100, NOW, 0, WALL + 77, 0 },
        { INT64_MAX, 0, 0, INT64_MAX / SECOND - 1, 0 }, /* what a file can have */
    };

    for (unsigned i = 0; i < ROWS(row); i++) {
        memcpy(words(0), (uint64_t[]){ 1, 2, 5, 6 }, 32);
        CHECK_EQ(call(sys_utimensat, HERE, AT(NAME), AT(0), 0), 0);
        memcpy(words(0), (uint64_t[]){ 3, 4, row[i].seconds, row[i].nanoseconds }, 32);
        fake_clock = 77 * SECOND;
        CHECK_EQ(call(sys_utimensat, HERE, AT(NAME), AT(0), 0), row[i].result);
        CHECK_EQ(status_of()->st_mtime, row[i].told_seconds);
        CHECK(row[i].nanoseconds == NOW || status_of()->st_mtime_nsec == (uint64_t)row[i].told_nanoseconds);
        CHECK_EQ(status_of()->st_atime, row[i].result == 0 ? 3 : 1);
    }
}

static void check_timerfd(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_timerfd_create, { 99, 0 }, -EINVAL),
        ROW(sys_timerfd_create, { CLOCK_PROCESS_CPUTIME_ID, 0 }, -EINVAL),
        ROW(sys_timerfd_create, { CLOCK_MONOTONIC, 1 }, -EINVAL),
        ROW(sys_timerfd_create, { CLOCK_REALTIME, TFD_NONBLOCK }, 5),
        ROW(sys_timerfd_create, { CLOCK_MONOTONIC, TFD_CLOEXEC }, 6),
        ROW(sys_timerfd_settime, { 5, 0, NOWHERE, 0 }, -EFAULT),
        ROW(sys_timerfd_settime, { 5, 8, AT(0), 0 }, -EINVAL),
        ROW(sys_timerfd_settime, { 99, 0, AT(0), 0 }, -EBADF),
        ROW(sys_timerfd_settime, { 3, 0, AT(0), 0 }, -EINVAL),
        ROW(sys_timerfd_settime, { 5, 0, AT(8), 0 }, -EINVAL), /* 1000000000 ns */
        ROW(sys_timerfd_gettime, { 99, AT(64) }, -EBADF),
        ROW(sys_timerfd_gettime, { 3, AT(64) }, -EINVAL),
        ROW(sys_timerfd_gettime, { 5, NOWHERE }, -EFAULT),
    };
    static const struct {
        uint64_t fd, flags, seconds, left; /* set at 100 s, read at 101 s and some ns */
    } row[] = {
        { 6, 0, 10, 9 }, { 6, TFD_TIMER_ABSTIME, 110, 9 }, { 5, TFD_TIMER_ABSTIME, WALL + 110, 9 }, { 5, 0, 10, 9 },
        { 6, 0, 0, 0 },
    };

    memcpy(words(0), (uint64_t[]){ 2, 3, 1000000000, 4, 0, 0 }, 48);
    check_rows(rows, ROWS(rows));
    for (unsigned i = 0; i < ROWS(row); i++) {
        memcpy(words(0), (uint64_t[]){ 2, 3, row[i].seconds, row[i].seconds == 0 ? 0 : 500 }, 32);
        fake_clock = 100 * SECOND;
        CHECK_EQ(call(sys_timerfd_settime, row[i].fd, row[i].flags, AT(0), AT(64)), 0);
        fake_clock = 101 * SECOND;
        CHECK_EQ(call(sys_timerfd_gettime, row[i].fd, AT(64)), 0);
        CHECK_EQ(words(64)[0], row[i].left == 0 ? words(64)[0] : 2);
        CHECK_EQ(words(64)[2], row[i].left);
    }
}

static void check_messages(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_sendto, { 7, AT(0), 4, 0, 0, 0 }, 4),
        ROW(sys_sendto, { 7, AT(0), 4, 0, AT(0), 0 }, 4),
        ROW(sys_sendto, { 7, AT(0), 4, 0, AT(0), 16 }, -EISCONN),
        ROW(sys_sendto, { 7, AT(0), 4, 0, AT(0), 128 }, -EISCONN),
        ROW(sys_sendto, { 7, AT(0), 4, 0, AT(0), 129 }, -EINVAL),
        ROW(sys_sendto, { 7, AT(0), 4, 0, AT(0), HIGH(-1) }, -EINVAL),
        ROW(sys_sendto, { 7, AT(0), 4, 0, NOWHERE, 16 }, -EFAULT),
        ROW(sys_sendto, { 7, AT(0), 4, 1, 0, 0 }, -EOPNOTSUPP), /* MSG_OOB */
        ROW(sys_sendto, { 3, AT(0), 4, 0, 0, 0 }, -ENOTSOCK),
        ROW(sys_sendto, { 99, AT(0), 4, 0, 0, 0 }, -EBADF),
    };
    static const struct {
        uint64_t name, name_size, count, control, control_size, flags;
        int64_t result;
    } row[] = {
        { 0, 16, 1, 0, 0, 0, 4 },           { AT(0), 16, 1, 0, 0, 0, -EISCONN },
        { 0, 0, 1025, 0, 0, 0, -EMSGSIZE }, { 0, 0, 1, AT(0), 16, 0, -EOPNOTSUPP },
        { 0, 0, 1, AT(0), 0, 0, 4 },        { 0, 0, 1, 0, 16, 0, 4 },
        { 0, 0, 1, 0, 0, 1, -EOPNOTSUPP },
    };

    CHECK_EQ(call(sys_socketpair, 1, 1, 0, AT(32)), 0);
    check_rows(rows, ROWS(rows));
    for (unsigned i = 0; i < ROWS(row); i++) {
        memcpy(words(64), (uint64_t[]){ placed(AT(0)), 4 }, 16);
        memcpy(words(128),
               (uint64_t[]){ placed(row[i].name), row[i].name_size, placed(AT(64)), row[i].count,
                             placed(row[i].control), row[i].control_size, 0 },
               56);
        CHECK_EQ(call(sys_sendmsg, 7, AT(128), row[i].flags), row[i].result);
    }
    words(128)[3] = 1;
    CHECK_EQ(call(sys_recvmsg, 8, AT(128), 0), 4); /* what it is asked for as control is not refused, but never comes */
    CHECK_EQ(words(128)[5], 0);
    CHECK_EQ(call(sys_recvmsg, 8, AT(128), 1), -EOPNOTSUPP);
}

int main(void)
{
    fake_mm_start();
    fake_thread_start();
    CHECK_EQ(fs_init(), 0);
    strcpy((char *)fake_user() + NAME, "/file");
    check_mode();
    check_seek();
    check_times();
    check_timerfd();
    check_messages();
    return check_done();
}
