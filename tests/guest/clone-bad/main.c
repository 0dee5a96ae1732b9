/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#define THREAD (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

static char stack[16384] __attribute__((aligned(16)));
static uint32_t child_word = 1;

static int end_at_once(void *arg)
{
    return (int)(intptr_t)arg;
}

static long clone_raw(unsigned long flags, unsigned long tls)
{
    return syscall(SYS_clone, flags, stack + sizeof stack, 0, 0, tls);
}

int main(void)
{
    void *nowhere = (void *)0xffff800000000000;
    int id;

    CHECK_ERRNO(clone_raw(THREAD & ~CLONE_SIGHAND, 0), EINVAL);
    CHECK_ERRNO(clone_raw(THREAD & ~CLONE_VM, 0), EINVAL);
    CHECK_ERRNO(clone_raw(CLONE_SIGHAND, 0), EINVAL);
    CHECK_ERRNO(clone_raw(THREAD | CLONE_NEWUSER, 0), EINVAL);
    CHECK_ERRNO(clone_raw(THREAD | CLONE_NEWPID, 0), EINVAL);
    CHECK_ERRNO(clone_raw(THREAD | CLONE_NEWNS, 0), EINVAL);
    CHECK_ERRNO(clone_raw(THREAD | CLONE_SETTLS, 0xffff800000000000), EPERM);
    CHECK_ERRNO(clone_raw(THREAD | CLONE_SETTLS, 0x7ffffffff000), EPERM);
    CHECK_ERRNO(clone_raw(THREAD | CLONE_SETTLS, 0x8000000000000000), EPERM);
    /* the thread writes nothing, and ends without its libraries */
    id = clone(end_at_once, stack + sizeof stack, THREAD | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID, 0, nowhere, 0,
               &child_word);
    CHECK(id > 0 && id != getpid());
    while (__atomic_load_n(&child_word, __ATOMIC_SEQ_CST) != 0)
        syscall(SYS_futex, &child_word, FUTEX_WAIT, 1, 0, 0, 0);
    CHECK_ERRNO(syscall(SYS_tgkill, getpid(), 0x3fffff, 0), ESRCH);
    CHECK_ERRNO(sched_setaffinity(0x3fffff, sizeof(cpu_set_t), nowhere), EFAULT);
    CHECK_ERRNO(syscall(SYS_sched_getaffinity, 0x3fffff, 128, stack), ESRCH);
    return check_done();
}
