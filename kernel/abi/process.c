/* SPDX-License-Identifier: BSD-2-Clause */
#include <asm/prctl.h>
#include <linux/errno.h>
#include <linux/prctl.h>
#include <linux/reboot.h>

#include "kernel/abi/copy.h"
#include "kernel/abi/process.h"
#include "kernel/end.h"
#include "kernel/thread.h"

#include "spec/process.acsl"

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

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false;
    assigns thread_areas[ghost_self].thread.fs_base, ghost_kernel, ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0];
    ensures known: \old(arg[0]) != ARCH_SET_FS && \old(arg[0]) != ARCH_GET_FS ==> \result == -EINVAL;
    ensures half: \old(arg[0]) == ARCH_SET_FS ==> \result == (\old(arg[1]) < USER_END ? 0 : -EPERM);
    ensures set: \old(arg[0]) == ARCH_SET_FS && \result == 0 ==> thread_areas[ghost_self].thread.fs_base == \old(arg[1]);
    ensures kept: \old(arg[0]) != ARCH_SET_FS || \result != 0 ==>
      thread_areas[ghost_self].thread.fs_base == \old(thread_areas[ghost_self].thread.fs_base) && ghost_kernel == \old(ghost_kernel);
    ensures told: \old(arg[0]) == ARCH_GET_FS ==> CopyStatus(\result) && CopiedTo(\old(arg[1]), 8)
      && ghost_out_word[0] == thread_areas[ghost_self].thread.fs_base;
    ensures nothing: \old(arg[0]) != ARCH_GET_FS ==> ghost_app == \old(ghost_app); */
int64_t sys_arch_prctl(const uint64_t arg[6])
{
    switch (arg[0]) {
    case ARCH_SET_FS:
        if (arg[1] >= USER_END)
            return -EPERM;
        thread_set_fs_base(arg[1]);
        return 0;
    case ARCH_GET_FS:
        return copy_out_u64(arg[1], thread_current()->fs_base);
    default:
        return -EINVAL;
    }
}

/* A longer name is cut. */
/*@ requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns thread_areas[ghost_self].thread.name[0 .. THREAD_NAME_SIZE - 1];
    ensures status: CopyStatus(\result);
    ensures refused: \result != 0 ==> NameSame{Pre, Post}(0);
    ensures ends: \result == 0 ==> thread_areas[ghost_self].thread.name[THREAD_NAME_SIZE - 1] == 0; */
static int set_name(uint64_t user)
{
    struct thread *t = thread_current();
    char name[THREAD_NAME_SIZE] = { 0 };

    if (user_copy_string(name, user, THREAD_NAME_SIZE) == -EFAULT)
        return -EFAULT;
    name[THREAD_NAME_SIZE - 1] = 0;
    /*@ loop invariant bound: 0 <= i <= THREAD_NAME_SIZE;
        loop invariant copied: \forall integer j; 0 <= j < i ==> t->name[j] == name[j];
        loop invariant rest: NameSame{Pre, Here}(i);
        loop assigns i, t->name[0 .. THREAD_NAME_SIZE - 1];
        loop variant THREAD_NAME_SIZE - i; */
    for (uint32_t i = 0; i < THREAD_NAME_SIZE; i++)
        t->name[i] = name[i];
    return 0;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false;
    assigns thread_areas[ghost_self].thread.name[0 .. THREAD_NAME_SIZE - 1], ghost_app, ghost_out_at, ghost_out_size;
    ensures status: \result == 0 || \result == 1 || \result == -EFAULT || \result == -EINVAL;
    ensures known: \result == -EINVAL <==> \old(arg[0]) != PR_SET_NAME && \old(arg[0]) != PR_GET_NAME && \old(arg[0]) != PR_GET_DUMPABLE
      && \old(arg[0]) != PR_SET_DUMPABLE && \old(arg[0]) != PR_SET_NO_NEW_PRIVS && \old(arg[0]) != PR_GET_NO_NEW_PRIVS;
    ensures privileges: \result == 1 <==> \old(arg[0]) == PR_GET_NO_NEW_PRIVS;
    ensures done: \old(arg[0]) == PR_GET_DUMPABLE || \old(arg[0]) == PR_SET_DUMPABLE || \old(arg[0]) == PR_SET_NO_NEW_PRIVS ==> \result == 0;
    ensures kept: \old(arg[0]) != PR_SET_NAME || \result != 0 ==> NameSame{Pre, Post}(0);
    ensures ends: \old(arg[0]) == PR_SET_NAME && \result == 0 ==> thread_areas[ghost_self].thread.name[THREAD_NAME_SIZE - 1] == 0;
    ensures told: \old(arg[0]) == PR_GET_NAME ==> CopiedTo(\old(arg[1]), THREAD_NAME_SIZE);
    ensures nothing: \old(arg[0]) != PR_GET_NAME ==> ghost_app == \old(ghost_app); */
int64_t sys_prctl(const uint64_t arg[6])
{
    switch (arg[0]) {
    case PR_SET_NAME:
        return set_name(arg[1]);
    case PR_GET_NAME:
        return copy_out_name(arg[1], thread_current()->name);
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
