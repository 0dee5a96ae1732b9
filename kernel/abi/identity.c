/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/random.h>
#include <linux/resource.h>
#include <linux/sysinfo.h>
#include <linux/utsname.h>

#include "drivers/platform.h"
#include "kernel/abi/copy.h"
#include "kernel/abi/identity.h"
#include "kernel/fs/fs.h"
#include "kernel/fs/proc.h"
#include "kernel/program.h"
#include "kernel/random.h"
#include "kernel/thread.h"
#include "lib/format.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/user.h"

#define INT_VALUES 0x100000000 /* what counts of an argument is its low 32 bits */

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == PROCESS_ID; */
int64_t sys_getpid(const uint64_t arg[6])
{
    (void)arg;
    return PROCESS_ID;
}

/*@ requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == thread_slots.id[ghost_self]; */
int64_t sys_gettid(const uint64_t arg[6])
{
    (void)arg;
    return thread_current_id();
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == 0; */
int64_t sys_getppid(const uint64_t arg[6])
{
    (void)arg;
    return 0;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (arg[0] == 0 || arg[0] == PROCESS_ID ? PROCESS_ID : -ESRCH); */
int64_t sys_getpgid(const uint64_t arg[6])
{
    return arg[0] == 0 || arg[0] == PROCESS_ID ? (int64_t)PROCESS_ID : -ESRCH;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == PROCESS_ID; */
int64_t sys_getpgrp(const uint64_t arg[6])
{
    (void)arg;
    return PROCESS_ID;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (arg[0] == 0 || arg[0] == PROCESS_ID ? PROCESS_ID : -ESRCH); */
int64_t sys_getsid(const uint64_t arg[6])
{
    return sys_getpgid(arg);
}

/* The process leads its session already. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == -EPERM; */
int64_t sys_setsid(const uint64_t arg[6])
{
    (void)arg;
    return -EPERM;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == ((arg[0] == 0 || arg[0] == PROCESS_ID) && (arg[1] == 0 || arg[1] == PROCESS_ID)
      ? -EPERM : -ESRCH); */
int64_t sys_setpgid(const uint64_t arg[6])
{
    bool is_self = arg[0] == 0 || arg[0] == PROCESS_ID;

    return is_self && (arg[1] == 0 || arg[1] == PROCESS_ID) ? -EPERM : -ESRCH;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == 0; */
int64_t sys_getuid(const uint64_t arg[6])
{
    (void)arg;
    return 0;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == 0; */
int64_t sys_geteuid(const uint64_t arg[6])
{
    (void)arg;
    return 0;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == 0; */
int64_t sys_getgid(const uint64_t arg[6])
{
    (void)arg;
    return 0;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == 0; */
int64_t sys_getegid(const uint64_t arg[6])
{
    (void)arg;
    return 0;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size;
    ensures status: CopyStatus(\result);
    ensures last: \result == 0 ==> CopiedTo(arg[2], 4); */
static int64_t three_zeroes(const uint64_t arg[6])
{
    /*@ loop invariant count: 0 <= i <= 3;
        loop invariant all: i > 0 ==> CopiedTo(arg[i - 1], 4);
        loop assigns i, ghost_app, ghost_out_at, ghost_out_size;
        loop variant 3 - i; */
    for (int i = 0; i < 3; i++)
        if (user_zero(arg[i], sizeof(uint32_t)) != 0)
            return -EFAULT;
    return 0;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size;
    ensures status: CopyStatus(\result);
    ensures last: \result == 0 ==> CopiedTo(arg[2], 4); */
int64_t sys_getresuid(const uint64_t arg[6])
{
    return three_zeroes(arg);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size;
    ensures status: CopyStatus(\result);
    ensures last: \result == 0 ==> CopiedTo(arg[2], 4); */
int64_t sys_getresgid(const uint64_t arg[6])
{
    return three_zeroes(arg);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (arg[0] % 0x100000000 >= 0x80000000 ? -EINVAL : 0); */
int64_t sys_getgroups(const uint64_t arg[6])
{
    return arg[0] % INT_VALUES >= INT_VALUES / 2 ? -EINVAL : 0;
}

/* There is one user. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (arg[0] % 0x100000000 == 0 ? 0 : -EPERM); */
int64_t sys_setuid(const uint64_t arg[6])
{
    return arg[0] % INT_VALUES == 0 ? 0 : -EPERM;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (arg[0] % 0x100000000 == 0 ? 0 : -EPERM); */
int64_t sys_setgid(const uint64_t arg[6])
{
    return arg[0] % INT_VALUES == 0 ? 0 : -EPERM;
}

int64_t sys_uname(const uint64_t arg[6])
{
    struct new_utsname name = { OS_TYPE, "anchorite", OS_RELEASE, "", "x86_64", "(none)" };

    format_string(name.version, sizeof name.version, "Anchorite on %s", platform.name);
    return user_copy_out(arg[0], &name, sizeof name);
}

int64_t sys_sysinfo(const uint64_t arg[6])
{
    struct sysinfo info = { 0 };

    info.uptime = (__kernel_long_t)(platform_now() / 1000000000);
    info.totalram = frame_count_total();
    info.freeram = frame_count_free();
    info.procs = 1;
    info.mem_unit = FRAME_SIZE;
    return user_copy_out(arg[0], &info, sizeof info);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_kernel, ghost_app, ghost_out_at, ghost_out_size;
    ensures status: \result == -EINVAL || \result == -EFAULT || 0 <= \result <= 0x7ffff000;
    ensures flags: \result == -EINVAL <==> (arg[2] & (uint64_t)~(uint64_t)(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) != 0;
    ensures most: \result > 0 ==> \result <= arg[1] && arg[0] + \result <= USER_END;
    ensures nothing: \result == -EINVAL || \result == 0 ==> ghost_app == \old(ghost_app); */
int64_t sys_getrandom(const uint64_t arg[6])
{
    uint8_t bytes[256];
    uint64_t done = 0, n = arg[1] > 0x7ffff000 ? 0x7ffff000 : arg[1];

    if (arg[2] & ~(uint64_t)(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
        return -EINVAL;
    /*@ loop invariant range: done <= n <= 0x7ffff000 && (done > 0 ==> arg[0] + done <= USER_END);
        loop invariant none: done == 0 ==> ghost_app == \at(ghost_app, Pre);
        loop assigns done, bytes[0 .. 255], ghost_kernel, ghost_app, ghost_out_at, ghost_out_size;
        loop variant n - done; */
    while (done < n) {
        uint64_t part = n - done < sizeof bytes ? n - done : sizeof bytes;

        random_bytes(bytes, part);
        if (copy_out_bytes(arg[0] + done, bytes, part) != 0)
            return done > 0 ? (int64_t)done : -EFAULT;
        done += part;
    }
    return (int64_t)done;
}

/* Limits are what the kernel really has; a program may ask for less, and gets what there is. */
/*@ terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures status: CopyStatus(\result) || \result == -EINVAL;
    ensures known: \result == -EINVAL <==> resource >= RLIM_NLIMITS;
    ensures refused: \result == -EINVAL ==> ghost_app == \old(ghost_app);
    ensures copied: \result != -EINVAL ==> CopiedTo(user, 16);
    ensures files: resource == RLIMIT_NOFILE ==> CopiedWords(FS_DESCRIPTORS, FS_DESCRIPTORS);
    ensures stack: resource == RLIMIT_STACK ==> CopiedWords(PROGRAM_STACK_SIZE, UINT64_MAX);
    ensures core: resource == RLIMIT_CORE ==> CopiedWords(0, 0);
    ensures threads: resource == RLIMIT_NPROC ==> CopiedWords(THREAD_MAX, THREAD_MAX);
    ensures others: resource < RLIM_NLIMITS && resource != RLIMIT_NOFILE && resource != RLIMIT_STACK && resource != RLIMIT_CORE
      && resource != RLIMIT_NPROC ==> CopiedWords(UINT64_MAX, UINT64_MAX); */
static int64_t limit_copy_out(uint64_t resource, uint64_t user)
{
    struct rlimit64 limit = { RLIM64_INFINITY, RLIM64_INFINITY };

    if (resource >= RLIM_NLIMITS)
        return -EINVAL;
    if (resource == RLIMIT_NOFILE)
        limit = (struct rlimit64){ FS_DESCRIPTORS, FS_DESCRIPTORS };
    if (resource == RLIMIT_STACK)
        limit.rlim_cur = PROGRAM_STACK_SIZE;
    if (resource == RLIMIT_CORE)
        limit = (struct rlimit64){ 0, 0 };
    if (resource == RLIMIT_NPROC)
        limit = (struct rlimit64){ THREAD_MAX, THREAD_MAX };
    return copy_out_rlimit(user, &limit);
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures status: CopyStatus(\result) || \result == -EINVAL;
    ensures known: resource >= RLIM_NLIMITS ==> \result == -EINVAL; */
static int64_t limit_copy_in(uint64_t resource, uint64_t user)
{
    struct rlimit64 limit;

    if (resource >= RLIM_NLIMITS)
        return -EINVAL;
    if (copy_in_rlimit(&limit, user) != 0)
        return -EFAULT;
    return limit.rlim_cur > limit.rlim_max ? -EINVAL : 0;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures status: CopyStatus(\result) || \result == -EINVAL;
    ensures known: \result == -EINVAL <==> arg[0] >= RLIM_NLIMITS;
    ensures refused: \result == -EINVAL ==> ghost_app == \old(ghost_app);
    ensures copied: \result != -EINVAL ==> CopiedTo(arg[1], 16); */
int64_t sys_getrlimit(const uint64_t arg[6])
{
    return limit_copy_out(arg[0], arg[1]);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures status: CopyStatus(\result) || \result == -EINVAL;
    ensures known: arg[0] >= RLIM_NLIMITS ==> \result == -EINVAL; */
int64_t sys_setrlimit(const uint64_t arg[6])
{
    return limit_copy_in(arg[0], arg[1]);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1];
    ensures status: CopyStatus(\result) || \result == -EINVAL || \result == -ESRCH;
    ensures process: \result == -ESRCH <==> arg[0] != 0 && arg[0] != PROCESS_ID;
    ensures known: \result != -ESRCH && arg[1] >= RLIM_NLIMITS ==> \result == -EINVAL;
    ensures refused: \result == -ESRCH || \result == -EINVAL || arg[3] == 0 ==> ghost_app == \old(ghost_app);
    ensures copied: \result == 0 && arg[3] != 0 ==> CopiedTo(arg[3], 16); */
int64_t sys_prlimit64(const uint64_t arg[6])
{
    int64_t status = 0;

    if (arg[0] != 0 && arg[0] != PROCESS_ID)
        return -ESRCH;
    if (arg[2] != 0)
        status = limit_copy_in(arg[1], arg[2]);
    if (status == 0 && arg[3] != 0)
        status = limit_copy_out(arg[1], arg[3]);
    return arg[1] >= RLIM_NLIMITS ? -EINVAL : status;
}

/* 20 - nice, as the system call has it. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (arg[0] > PRIO_USER ? -EINVAL : 20); */
int64_t sys_getpriority(const uint64_t arg[6])
{
    return arg[0] > PRIO_USER ? -EINVAL : 20;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (arg[0] > PRIO_USER ? -EINVAL : 0); */
int64_t sys_setpriority(const uint64_t arg[6])
{
    return arg[0] > PRIO_USER ? -EINVAL : 0;
}
