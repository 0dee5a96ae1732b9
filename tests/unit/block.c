/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/fs/block.c drivers/blkfront.c drivers/blkfront_bus.c drivers/xenstore.c xen/grant_page.c xen/grant.c xen/ring.c
   xen/id_pool.c xen/byte_ring.c xen/xs_msg.c xen/xs_error.c lib/decimal.c tests/unit/fake/xenstored.c tests/unit/fake/blkback.c
   tests/unit/fake/mm.c mm/user_range.c tests/unit/fake/kernel.c lib/format.c kernel/cpio.c kernel/fs/slots.c kernel/fs/node.c
   kernel/fs/data.c kernel/fs/entry.c kernel/fs/path.c kernel/fs/tree.c kernel/fs/open.c kernel/fs/file.c kernel/fs/device.c
   kernel/fs/pipe.c kernel/fs/stream.c kernel/fs/wait.c kernel/fs/watch.c kernel/fs/epoll.c
   kernel/fs/timer.c kernel/fs/socket.c kernel/fs/proc.c kernel/fs/fixed.c kernel/fs/fs.c kernel/fs/unpack.c kernel/abi/file.c
   kernel/abi/vector.c kernel/abi/file_io.c kernel/abi/file_size.c kernel/abi/file_meta.c kernel/abi/file_ioctl.c */
/* Disks as files: /dev/xvda with all of a disk's system calls, in parts of sectors and over the whole queue, compared with what
   the backend has; errors of the disk, of the caller and of memory. */
#include "kernel/fs/block.h"
#include "check.h"
#include "drivers/blkfront.h"
#include "drivers/clock.h"
#include "fake/blkback.h"
#include "fake/call.h"
#include "fake/kernel.h"
#include "lies.h"
#include <asm/stat.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/uio.h>

static uint8_t model[FAKE_BYTES];

uint64_t clock_read_monotonic(void)
{
    return fake_clock++;
}

void fake_time_pass(uint64_t ns)
{
    fake_clock += ns;
}

static int64_t ioctl_value(int64_t fd, uint32_t command)
{
    int64_t status;
    memset(fake_user(), 0, 8);
    status = CALL3(sys_ioctl, fd, command, USER);
    return status < 0 ? status : *(int64_t *)fake_user();
}

static void check_what_it_is(int64_t fd)
{
    struct stat *stat = (struct stat *)fake_user();
    CHECK_EQ(CALL2(sys_fstat, fd, USER), 0);
    CHECK(stat->st_mode == (S_IFBLK | 0660) && stat->st_rdev == (202 << 8 | 16) && stat->st_size == 0);
    CHECK_EQ(ioctl_value(fd, BLKGETSIZE64), FAKE_BYTES);
    CHECK_EQ(ioctl_value(fd, BLKGETSIZE), FAKE_BYTES / 512);
    CHECK_EQ(ioctl_value(fd, BLKSSZGET), 512);
    CHECK_EQ(ioctl_value(fd, BLKROGET), 0);
    CHECK_EQ(CALL3(sys_ioctl, fd, BLKGETSIZE64, KERNEL), -EFAULT);
    CHECK_EQ(CALL3(sys_ioctl, fd, 0x1299, USER), -ENOTTY);
    CHECK_EQ(CALL3(sys_lseek, fd, 0, SEEK_END), FAKE_BYTES);
    CHECK_EQ(CALL3(sys_read, fd, USER, 10), 0);
    CHECK_EQ(CALL3(sys_write, fd, USER, 10), -ENOSPC);
    CHECK_EQ(CALL3(sys_lseek, fd, 1, SEEK_CUR), -EINVAL);
    CHECK_EQ(CALL3(sys_lseek, fd, -100, SEEK_CUR), FAKE_BYTES - 100);
    CHECK_EQ(CALL3(sys_read, fd, USER, 1000), 100);
    CHECK_EQ(CALL3(sys_lseek, fd, 0, SEEK_SET), 0);
    CHECK_EQ(CALL2(sys_ftruncate, fd, 0), -EINVAL);
}

/* The two files are one: what one descriptor writes in pieces of any size, the other reads. */
static void check_contents(int64_t fd, uint64_t rounds)
{
    struct fake_blkback *back = &fake_blkback[1];
    for (uint64_t i = 0; i < rounds; i++) {
        uint64_t at = lies_next() % FAKE_BYTES, n = lies_next() % (i % 4 == 0 ? 400000 : 3000);
        uint64_t fits = n < FAKE_BYTES - at ? n : FAKE_BYTES - at;
        at = i % 3 == 0 ? at / 512 * 512 : at;
        fits = n < FAKE_BYTES - at ? n : FAKE_BYTES - at;
        back->per_step = (uint32_t)(lies_next() % 5);
        for (uint64_t k = 0; k < n && i % 2 == 0; k++)
            fake_user()[k] = (uint8_t)lies_next();
        if (i % 2 == 0) {
            CHECK_EQ(CALL4(sys_pwrite64, fd, USER, n, at), fits);
            memcpy(model + at, fake_user(), fits);
        } else {
            memset(fake_user(), 0xab, n);
            CHECK_EQ(CALL4(sys_pread64, fd, USER, n, at), fits);
            CHECK(memcmp(model + at, fake_user(), fits) == 0);
            CHECK(fits == n || fake_user()[fits] == 0xab);
        }
        CHECK(memcmp(model, back->bytes, FAKE_BYTES) == 0);
    }
}

static void check_much(int64_t fd)
{
    CHECK_EQ(CALL4(sys_pread64, fd, USER, 900000, 512), 900000);
    CHECK(fake_blkback[1].most >= 20);
    CHECK(memcmp(model + 512, fake_user(), 900000) == 0);
}

static void check_flush(int64_t fd)
{
    unsigned before = fake_blkback[1].flushes;
    CHECK_EQ(CALL1(sys_fsync, fd), 0);
    CHECK_EQ(CALL1(sys_fdatasync, fd), 0);
    CHECK_EQ(CALL3(sys_ioctl, fd, BLKFLSBUF, 0), 0);
    CHECK_EQ(CALL1(sys_sync, 0), 0);
    CHECK_EQ(fake_blkback[1].flushes, before + 4);
    struct iovec iov = { fake_user() + 4096, 700 };
    memcpy(fake_user(), &iov, sizeof(iov));
    memcpy(model + 1000, fake_user() + 4096, 700);
    CHECK_EQ(call(sys_pwritev2, (uint64_t)fd, USER, 1, 1000, 0, RWF_DSYNC), 700);
    CHECK_EQ(fake_blkback[1].flushes, before + 5);
    int64_t sync = open_text("/dev/xvdb", O_RDWR | O_DSYNC | O_DIRECT);
    memcpy(model, fake_user(), 512);
    CHECK_EQ(CALL3(sys_write, sync, USER, 512), 512);
    CHECK_EQ(fake_blkback[1].flushes, before + 6);
    CHECK_EQ(CALL1(sys_close, sync), 0);
    CHECK(memcmp(model, fake_blkback[1].bytes, FAKE_BYTES) == 0);
}

static void check_discard(int64_t fd)
{
    uint64_t *range = (uint64_t *)fake_user();
    range[0] = 8192;
    range[1] = 4096;
    CHECK_EQ(CALL3(sys_ioctl, fd, BLKDISCARD, USER), 0);
    memset(model + 8192, 0, 4096);
    CHECK(memcmp(model, fake_blkback[1].bytes, FAKE_BYTES) == 0);
    range[1] = FAKE_BYTES;
    CHECK_EQ(CALL3(sys_ioctl, fd, BLKDISCARD, USER), -EINVAL);
    range[1] = 100;
    CHECK_EQ(CALL3(sys_ioctl, fd, BLKDISCARD, USER), -EINVAL);
    CHECK_EQ(CALL3(sys_ioctl, fd, BLKDISCARD, KERNEL), -EFAULT);
    CHECK_EQ(fake_blkback[1].discards, 1);
}

/* Memory of the caller that ends in the middle: what lies before it was moved, in whole requests. */
static void check_faults(int64_t fd)
{
    uint64_t edge = USER + FAKE_USER_SIZE;
    CHECK_EQ(CALL4(sys_pread64, fd, edge - 100, 4096, 0), -EFAULT);
    CHECK_EQ(CALL4(sys_pwrite64, fd, edge - 100, 4096, 0), -EFAULT);
    CHECK_EQ(CALL4(sys_pread64, fd, edge - 60000, 300000, 0), 45056);
    memcpy(model, (uint8_t *)edge - 60000, 45056);
    CHECK_EQ(CALL4(sys_pwrite64, fd, edge - 60000, 300000, 0), 45056);
    CHECK(memcmp(model, fake_blkback[1].bytes, FAKE_BYTES) == 0);
}

static void check_read_only(void)
{
    fake_blkback_set(&fake_blkback[0], "info", "4");
    CHECK_EQ(open_text("/dev/xvda", O_RDWR), -EACCES);
    CHECK_EQ(open_text("/dev/xvda", O_WRONLY), -EACCES);
    int64_t fd = open_text("/dev/xvda", O_RDONLY);
    CHECK(fd > 2);
    CHECK_EQ(ioctl_value(fd, BLKROGET), 1);
    CHECK_EQ(CALL3(sys_write, fd, USER, 512), -EBADF);
    CHECK_EQ(CALL3(sys_ioctl, fd, BLKDISCARD, USER), -EBADF);
    CHECK_EQ(CALL1(sys_close, fd), 0);
}

/* Large sectors: a part of one is read, changed and written. */
static void check_large_sectors(void)
{
    static uint8_t want[FAKE_BYTES];
    fake_blkback_set(&fake_blkback[0], "info", "0");
    fake_blkback_set(&fake_blkback[0], "state", "6");
    blkfront_serve();
    for (int i = 0; i < 10; i++) {
        fake_blkback_step();
        blkfront_serve();
    }
    fake_blkback_unmap();
    fake_blkback_make(0, 51712);
    fake_blkback_set(&fake_blkback[0], "sector-size", "4096");
    int64_t fd = open_text("/dev/xvda", O_RDWR);
    CHECK(fd > 2);
    CHECK_EQ(ioctl_value(fd, BLKSSZGET), 4096);
    memset(fake_user(), 0x33, 9000);
    memset(want + 4000, 0x33, 9000);
    CHECK_EQ(CALL4(sys_pwrite64, fd, USER, 9000, 4000), 9000);
    CHECK(memcmp(want, fake_blkback[0].bytes, FAKE_BYTES) == 0);
    CHECK_EQ(CALL1(sys_close, fd), 0);
}

/* Little memory: fewer pages at a time, but the same bytes. */
static void check_little_memory(int64_t fd)
{
    fake_frames_left(3);
    check_contents(fd, 8);
    fake_frames_left(FAKE_FRAMES);
}

/* The third answer is an error. */
static void fail_third(struct fake_blkback *back, struct blkif_response *response)
{
    static unsigned answers;
    (void)back;
    response->status = ++answers == 3 ? BLKIF_RSP_ERROR : BLKIF_RSP_OKAY;
}

static void check_errors(int64_t fd)
{
    struct fake_blkback *back = &fake_blkback[1];
    back->lie = fail_third;
    CHECK_EQ(CALL4(sys_pread64, fd, USER, 300000, 0), 2 * 45056);
    back->lie = NULL;
    back->status = BLKIF_RSP_ERROR;
    CHECK_EQ(CALL4(sys_pread64, fd, USER, 100000, 0), -EIO);
    CHECK_EQ(CALL4(sys_pwrite64, fd, USER, 100, 0), -EIO);
    CHECK_EQ(CALL1(sys_fsync, fd), -EIO);
    back->status = 0;
    CHECK_EQ(CALL4(sys_pread64, fd, USER, 100000, 0), 100000);
    /* It says nothing any more. */
    back->is_stopped = true;
    CHECK_EQ(CALL4(sys_pread64, fd, USER, 900000, 0), -EIO);
    CHECK_EQ(CALL4(sys_pwrite64, fd, USER, 900000, 0), -EIO);
    CHECK_EQ(CALL1(sys_fsync, fd), -EIO);
    CHECK_EQ(CALL1(sys_sync, 0), 0);
    CHECK_EQ(open_text("/dev/xvdb", O_RDONLY), -EIO);
    CHECK_EQ(CALL3(sys_lseek, fd, 0, SEEK_END), FAKE_BYTES);
    CHECK_EQ(fake_log_lines, 1);
}

int main(void)
{
    fake_mm_start();
    fake_blkback_start();
    fake_blkback_make(0, 51712);
    fake_blkback_make(1, 51728);
    fake_meanwhile = fake_blkback_step;
    CHECK_EQ(fs_init(), 0);
    check_read_only();
    int64_t fd = open_text("/dev/xvdb", O_RDWR);
    CHECK(fd > 2);
    check_what_it_is(fd);
    check_contents(fd, 60);
    check_much(fd);
    check_little_memory(fd);
    check_flush(fd);
    check_discard(fd);
    check_faults(fd);
    check_large_sectors();
    CHECK_EQ(fake_log_lines, 1); /* the disk that went away */
    fake_log_lines = 0;
    check_errors(fd);
    return check_done();
}
