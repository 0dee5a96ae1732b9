/* SPDX-License-Identifier: BSD-2-Clause */
#include <asm/prctl.h>
#include <linux/errno.h>
#include <linux/futex.h>
#include <linux/prctl.h>
#include <linux/reboot.h>

#include "drivers/platform.h"
#include "kernel/abi/process.h"
#include "kernel/abi/time.h"
#include "kernel/end.h"
#include "kernel/sched.h"
#include "kernel/thread.h"
#include "lib/string.h"
#include "mm/user.h"
#include "mm/user_range.h"

int64_t sys_exit(const uint64_t arg[6])
{
    end_with_status((int)(arg[0] & 0xff));
}

int64_t sys_exit_group(const uint64_t arg[6])
{
    end_with_status((int)(arg[0] & 0xff));
}

/* A program that believes to be init ends the machine this way: its status is 0. */
int64_t sys_reboot(const uint64_t arg[6])
{
    if ((uint32_t)arg[0] != LINUX_REBOOT_MAGIC1 || (uint32_t)arg[1] != LINUX_REBOOT_MAGIC2)
        return -EINVAL;
    switch ((uint32_t)arg[2]) {
    case LINUX_REBOOT_CMD_RESTART:
    case LINUX_REBOOT_CMD_HALT:
    case LINUX_REBOOT_CMD_POWER_OFF:
        end_with_status(0);
    case LINUX_REBOOT_CMD_CAD_ON:
    case LINUX_REBOOT_CMD_CAD_OFF:
        return 0;
    default:
        return -EINVAL;
    }
}

int64_t sys_arch_prctl(const uint64_t arg[6])
{
    uint64_t base = thread_current()->fs_base;

    switch (arg[0]) {
    case ARCH_SET_FS:
        if (arg[1] >= USER_END)
            return -EPERM;
        thread_set_fs_base(arg[1]);
        return 0;
    case ARCH_GET_FS:
        return user_copy_out(arg[1], &base, sizeof base);
    default:
        return -EINVAL;
    }
}

int64_t sys_prctl(const uint64_t arg[6])
{
    struct thread *t = thread_current();
    char name[sizeof t->name] = { 0 };
    int64_t length;

    switch (arg[0]) {
    case PR_SET_NAME:
        length = user_copy_string(name, arg[1], sizeof name);
        if (length == -EFAULT)
            return -EFAULT;
        name[sizeof name - 1] = 0;
        memcpy(t->name, name, sizeof name);
        return 0;
    case PR_GET_NAME:
        return user_copy_out(arg[1], t->name, sizeof t->name);
    case PR_GET_DUMPABLE:
    case PR_SET_DUMPABLE:
    case PR_SET_NO_NEW_PRIVS:
        return 0;
    case PR_GET_NO_NEW_PRIVS:
        return 1; /* there are none to gain */
    default:
        return -EINVAL;
    }
}

int64_t sys_set_tid_address(const uint64_t arg[6])
{
    thread_current()->clear_child_tid = arg[0];
    return thread_current_id();
}

/* The list matters to the threads that survive its owner; there are none. */
int64_t sys_set_robust_list(const uint64_t arg[6])
{
    enum { HEAD_SIZE = 24 };

    return arg[1] == HEAD_SIZE ? 0 : -EINVAL;
}

/* FUTEX_WAIT takes a duration, FUTEX_WAIT_BITSET a moment. */
static int64_t futex_wait(const uint64_t arg[6], uint32_t command, bool is_realtime)
{
    uint64_t deadline = SCHED_FOREVER;
    uint32_t word;
    int64_t status;

    if (arg[0] % sizeof word != 0)
        return -EINVAL;
    if (arg[3] != 0) {
        status = time_copy_in(arg[3], &deadline);
        if (status != 0)
            return status;
        if (command == FUTEX_WAIT)
            deadline = time_add(platform.clock_monotonic(), deadline);
        else if (is_realtime)
            deadline = time_to_monotonic(deadline);
    }
    status = user_copy_in(&word, arg[0], sizeof word);
    if (status != 0)
        return status;
    if (word != (uint32_t)arg[2])
        return -EAGAIN;
    sched_sleep(deadline);
    return -ETIMEDOUT;
}

int64_t sys_futex(const uint64_t arg[6])
{
    uint32_t command = (uint32_t)arg[1] & FUTEX_CMD_MASK, word;

    switch (command) {
    case FUTEX_WAIT_BITSET:
        if ((uint32_t)arg[5] == 0)
            return -EINVAL;
        return futex_wait(arg, command, arg[1] & FUTEX_CLOCK_REALTIME);
    case FUTEX_WAIT:
        return futex_wait(arg, command, false);
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
        if (arg[0] % sizeof word != 0)
            return -EINVAL;
        return user_copy_in(&word, arg[0], sizeof word); /* nobody else can wait */
    default:
        return -ENOSYS;
    }
}

int64_t sys_sched_yield(const uint64_t arg[6])
{
    (void)arg;
    return 0;
}

/* One CPU: the first bit. Linux gives the bytes written. */
int64_t sys_sched_getaffinity(const uint64_t arg[6])
{
    uint64_t mask = 1;

    if (arg[1] < sizeof mask || arg[1] % sizeof mask != 0)
        return -EINVAL;
    return user_copy_out(arg[2], &mask, sizeof mask) == 0 ? (int64_t)sizeof mask : -EFAULT;
}

int64_t sys_sched_setaffinity(const uint64_t arg[6])
{
    uint64_t mask = 0;

    if (user_copy_in(&mask, arg[2], arg[1] < sizeof mask ? arg[1] : sizeof mask) != 0)
        return -EFAULT;
    return mask & 1 ? 0 : -EINVAL;
}

int64_t sys_getcpu(const uint64_t arg[6])
{
    uint32_t zero = 0;

    for (int i = 0; i < 2; i++)
        if (arg[i] != 0 && user_copy_out(arg[i], &zero, sizeof zero) != 0)
            return -EFAULT;
    return 0;
}

/* Nobody has children here. */
int64_t sys_wait4(const uint64_t arg[6])
{
    (void)arg;
    return -ECHILD;
}
