/* SPDX-License-Identifier: BSD-2-Clause */
/* No process can be made and no number outside the table does anything; strace=1 names each such call on the console. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
    static const long number[] = { SYS_fork, SYS_vfork, SYS_execve, SYS_execveat, SYS_clone3,   SYS_ptrace, 450,
                                   511,      9999,      0x7fffffff, 0x40000000L,  0x100000000L, -1,         -9999 };

    for (unsigned i = 0; i < sizeof number / sizeof number[0]; i++)
        CHECK_ERRNO(syscall(number[i], 0, 0, 0, 0, 0, 0), ENOSYS);
    CHECK_ERRNO(syscall(SYS_clone, 17, 0, 0, 0, 0), ENOSYS);
    CHECK_EQ(syscall(SYS_getpid), 1);
    return check_done();
}
