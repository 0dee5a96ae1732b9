/* SPDX-License-Identifier: BSD-2-Clause */
#include <asm/prctl.h>
#include <linux/errno.h>
#include <linux/prctl.h>
#include <linux/reboot.h>

#include "kernel/abi/process.h"
#include "kernel/end.h"
#include "kernel/thread.h"
#include "lib/string.h"
#include "mm/user.h"
#include "mm/user_range.h"

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \false; exits \false; assigns \nothing; */
int64_t sys_exit_group(const uint64_t arg[6])
{
    end_with_status((int)(arg[0] & 0xff));
}

/* A program that believes to be init ends the machine this way: its status is 0. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \false; exits \false; assigns \nothing;
    ensures status: \result == 0 || \result == -EINVAL;
    ensures magic: (uint32_t)arg[0] != LINUX_REBOOT_MAGIC1 || (uint32_t)arg[1] != LINUX_REBOOT_MAGIC2 ==> \result == -EINVAL;
    ensures keys: \result == 0 && ((uint32_t)arg[2] == LINUX_REBOOT_CMD_CAD_ON || (uint32_t)arg[2] == LINUX_REBOOT_CMD_CAD_OFF) ==>
      (uint32_t)arg[0] == LINUX_REBOOT_MAGIC1; */
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

/* Nobody has children here. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == -ECHILD; */
int64_t sys_wait4(const uint64_t arg[6])
{
    (void)arg;
    return -ECHILD;
}
