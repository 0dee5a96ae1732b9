/* SPDX-License-Identifier: BSD-2-Clause */
/* A vector of too many or of negative lengths is EINVAL; one with a bad base is EFAULT; lengths that wrap are refused;
   what came before a bad element counts as done. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "check.h"

static char buffer[4096];

static long refused(long result)
{
    return result == -1 && (errno == EFAULT || errno == EINVAL);
}

int main(void)
{
    int fd = open("/tmp/iovec", O_RDWR | O_CREAT | O_TRUNC, 0600);
    struct iovec vector[3] = { { buffer, 16 }, { (void *)8, 16 }, { buffer, 16 } };
    struct iovec negative[2] = { { buffer, 16 }, { buffer, (size_t)-1 } };
    struct iovec wrapping[3] = { { buffer, INT64_MAX }, { buffer, INT64_MAX }, { buffer, 3 } };

    CHECK_EQ(unlink("/tmp/iovec"), 0);
    CHECK_ERRNO(syscall(SYS_writev, fd, vector, 1UL << 31), EINVAL);
    CHECK_ERRNO(syscall(SYS_writev, fd, vector, 1025L), EINVAL);
    CHECK_ERRNO(syscall(SYS_readv, fd, vector, -1L), EINVAL);
    CHECK_EQ(syscall(SYS_writev, fd, vector, 0L), 0);
    CHECK_EQ(syscall(SYS_writev, fd, vector, 3L), 16);
    CHECK_ERRNO(syscall(SYS_writev, fd, vector + 1, 1L), EFAULT);
    CHECK_ERRNO(syscall(SYS_writev, fd, negative, 2L), EINVAL);
    CHECK(refused(syscall(SYS_writev, fd, wrapping, 3L)));
    CHECK(refused(syscall(SYS_write, fd, buffer, -1L)));
    CHECK(refused(syscall(SYS_read, fd, buffer, INT64_MIN)));
    CHECK(refused(syscall(SYS_pread64, fd, (void *)0x7fffffffe000, 1L << 62, 0L)));
    CHECK_ERRNO(syscall(SYS_pread64, fd, buffer, 16L, -1L), EINVAL);
    CHECK_ERRNO(syscall(SYS_pwrite64, fd, buffer, 16L, INT64_MIN), EINVAL);
    CHECK_ERRNO(syscall(SYS_lseek, fd, -1L, 0), EINVAL);
    CHECK_ERRNO(syscall(SYS_lseek, fd, 0L, 99), EINVAL);
    CHECK_ERRNO(syscall(SYS_ftruncate, fd, -1L), EINVAL);
    CHECK_ERRNO(syscall(SYS_getdents64, fd, buffer, 4096L), ENOTDIR);
    CHECK_ERRNO(syscall(SYS_poll, buffer, 0xffffffffL, 0L), EINVAL);
    CHECK_ERRNO(syscall(SYS_getrandom, (void *)8, 10L, 0L), EFAULT);
    CHECK_ERRNO(syscall(SYS_read, -1L, buffer, 1L), EBADF);
    CHECK_ERRNO(syscall(SYS_read, 0x100000000L | 4000, buffer, 1L), EBADF);
    CHECK_ERRNO(syscall(SYS_dup2, fd, 0x7fffffffL), EBADF);
    return check_done();
}
