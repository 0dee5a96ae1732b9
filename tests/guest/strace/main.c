/* SPDX-License-Identifier: BSD-2-Clause */
/* Each of these calls must show up in the trace. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    syscall(SYS_write, 1, "hello\n", 6L);
    syscall(SYS_close, 77L);
    syscall(SYS_getpid);
    return 3;
}
