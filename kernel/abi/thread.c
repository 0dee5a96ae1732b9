/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/sched.h>

#include "kernel/abi/copy.h"
#include "kernel/abi/futex.h"
#include "kernel/abi/thread.h"
#include "kernel/end.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "kernel/thread.h"
#include "mm/user.h"
#include "mm/user_range.h"
#include "x86/cpus.h"

/* A thread shares all of this: with less it would be a process, or half of one. */
#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)

/* What changes what a thread gets, or says nothing here: there are no semaphores of System V, no parents and no tracers. */
#define OTHER_FLAGS                                                                                                    \
    (CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_DETACHED | \
     CLONE_PARENT | CLONE_PTRACE | CLONE_UNTRACED | CLONE_IO | CSIGNAL)

/* In Linux's order: what contradicts itself, what is no thread, what a thread cannot have here. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures status: \result == 0 || \result == -EINVAL || \result == -ENOSYS;
    ensures shares: \result == 0 ==> (flags & THREAD_FLAGS) == THREAD_FLAGS;
    ensures known: \result == 0 ==> (flags & (uint64_t)~(uint64_t)(THREAD_FLAGS | OTHER_FLAGS)) == 0;
    ensures contradicts: (flags & CLONE_THREAD) != 0 && (flags & CLONE_SIGHAND) == 0 ==> \result == -EINVAL;
    ensures process: (flags & (CLONE_THREAD | CLONE_SIGHAND | CLONE_VM)) == 0 ==> \result == -ENOSYS;
    ensures thread: (flags & CLONE_THREAD) != 0 && (flags & CLONE_SIGHAND) != 0 && (flags & CLONE_VM) != 0
      && (flags & THREAD_FLAGS) == THREAD_FLAGS && (flags & (uint64_t)~(uint64_t)(THREAD_FLAGS | OTHER_FLAGS)) == 0 ==> \result == 0; */
static int64_t judge_flags(uint64_t flags)
{
    if ((flags & CLONE_THREAD) && !(flags & CLONE_SIGHAND))
        return -EINVAL;
    if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
        return -EINVAL;
    if (!(flags & CLONE_THREAD))
        return -ENOSYS;
    if ((flags & THREAD_FLAGS) != THREAD_FLAGS || (flags & ~(uint64_t)(THREAD_FLAGS | OTHER_FLAGS)))
        return -EINVAL;
    return 0;
}

/* Where ids are written the caller may have no memory: as on Linux, that is no error. */
/*@ terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0];
    ensures copied: CopiedTo(user, 4) && ghost_out_word[0] == id; */
static void tell_id(uint64_t user, uint32_t id)
{
    (void)copy_out_u32(user, id);
}

/*@ requires runs: ghost_self < THREAD_MAX && slot < THREAD_MAX && slot != ghost_self;
    terminates \true; exits \false; assigns ghost_frame[slot];
    ensures registers: FrameCopied{Pre, Post}(&ghost_frame[slot], &ghost_frame[ghost_self]);
    ensures answer: ghost_frame[slot].rax == 0;
    ensures stack: ghost_frame[slot].rsp == (stack != 0 ? stack : ghost_frame[ghost_self].rsp); */
static void fill_frame(uint32_t slot, uint64_t stack)
{
    struct trap_frame *frame = thread_frame(slot);

    *frame = *thread_frame(thread_current_slot());
    frame->rax = 0;
    if (stack != 0)
        frame->rsp = stack;
}

/* What the new thread in that slot begins with. arg as sys_clone has it. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX && slot < THREAD_MAX && slot != ghost_self;
    requires apart: \separated(arg + (0 .. 5), &thread_areas[slot], &ghost_frame[slot]);
    terminates \true; exits \false;
    assigns ghost_frame[slot], thread_areas[slot].thread.fs_base, thread_areas[slot].thread.clear_child_tid;
    ensures registers: FrameCopied{Pre, Post}(&ghost_frame[slot], &ghost_frame[ghost_self]);
    ensures answer: ghost_frame[slot].rax == 0;
    ensures stack: ghost_frame[slot].rsp == (arg[1] != 0 ? arg[1] : ghost_frame[ghost_self].rsp);
    ensures tls: thread_areas[slot].thread.fs_base == ((flags & CLONE_SETTLS) != 0 ? arg[4] : thread_areas[ghost_self].thread.fs_base);
    ensures clears: (flags & CLONE_CHILD_CLEARTID) != 0 ==> thread_areas[slot].thread.clear_child_tid == arg[3];
    ensures kept: (flags & CLONE_CHILD_CLEARTID) == 0 ==>
      thread_areas[slot].thread.clear_child_tid == \old(thread_areas[slot].thread.clear_child_tid); */
static void fill(uint32_t slot, uint64_t flags, const uint64_t arg[6])
{
    struct thread *t = thread_at(slot);

    t->fs_base = flags & CLONE_SETTLS ? arg[4] : thread_current()->fs_base;
    if (flags & CLONE_CHILD_CLEARTID)
        t->clear_child_tid = arg[3];
    /*@ assert tls: t->fs_base == ((flags & CLONE_SETTLS) != 0 ? arg[4] : thread_areas[ghost_self].thread.fs_base); */
    fill_frame(slot, arg[1]);
}

/* flags, stack, parent_tid, child_tid, tls */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX && ghost_new < THREAD_MAX && ghost_new != ghost_self;
    requires apart: \separated(arg + (0 .. 5), &thread_areas[ghost_new], &ghost_frame[ghost_new], &thread_slots);
    terminates \true; exits \false;
    assigns thread_areas[ghost_new].thread, thread_slots, ghost_new, ghost_frame[ghost_new], ghost_kernel, ghost_app, ghost_out_at,
      ghost_out_size, ghost_out_word[0];
    ensures status: \result == -EINVAL || \result == -ENOSYS || \result == -EPERM || \result == -EAGAIN || 1 <= \result < 4194304;
    ensures half: \result > 0 && ((uint32_t)arg[0] & CLONE_SETTLS) != 0 ==> arg[4] < USER_END;
    ensures shares: \result > 0 ==> ((uint32_t)arg[0] & THREAD_FLAGS) == THREAD_FLAGS;
    ensures refused: \result < 0 ==> ghost_kernel == \old(ghost_kernel) && ghost_app == \old(ghost_app);
    ensures id: \result > 0 ==> \result == thread_slots.id[\old(ghost_new)];
    ensures registers: \result > 0 ==> FrameCopied{Pre, Post}(&ghost_frame[\old(ghost_new)], &ghost_frame[ghost_self]);
    ensures answer: \result > 0 ==> ghost_frame[\old(ghost_new)].rax == 0;
    ensures stack: \result > 0 ==> ghost_frame[\old(ghost_new)].rsp == (arg[1] != 0 ? arg[1] : ghost_frame[ghost_self].rsp);
    ensures tls: \result > 0 ==> thread_areas[\old(ghost_new)].thread.fs_base
      == (((uint32_t)arg[0] & CLONE_SETTLS) != 0 ? arg[4] : thread_areas[ghost_self].thread.fs_base);
    ensures clears: \result > 0 ==> thread_areas[\old(ghost_new)].thread.clear_child_tid
      == (((uint32_t)arg[0] & CLONE_CHILD_CLEARTID) != 0 ? arg[3] : 0);
    ensures child: \result > 0 && ((uint32_t)arg[0] & CLONE_CHILD_SETTID) != 0 ==> CopiedTo(arg[3], 4) && ghost_out_word[0] == \result;
    ensures parent: \result > 0 && ((uint32_t)arg[0] & CLONE_CHILD_SETTID) == 0 && ((uint32_t)arg[0] & CLONE_PARENT_SETTID) != 0 ==>
      CopiedTo(arg[2], 4) && ghost_out_word[0] == \result;
    ensures nothing: ((uint32_t)arg[0] & CLONE_CHILD_SETTID) == 0 && ((uint32_t)arg[0] & CLONE_PARENT_SETTID) == 0 ==> ghost_app == \old(ghost_app); */
int64_t sys_clone(const uint64_t arg[6])
{
    uint64_t flags = (uint32_t)arg[0];
    int64_t status = judge_flags(flags);
    uint32_t slot, id;

    if (status != 0)
        return status;
    if ((flags & CLONE_SETTLS) && arg[4] >= USER_END)
        return -EPERM;
    slot = thread_add();
    if (slot == THREAD_NONE)
        return -EAGAIN;
    id = thread_id(slot);
    fill(slot, flags, arg);
    if (flags & CLONE_PARENT_SETTID)
        tell_id(arg[2], id);
    if (flags & CLONE_CHILD_SETTID)
        tell_id(arg[3], id);
    sched_add(slot);
    return id;
}

/* The current thread, which is not the last, ends. */
/*@ requires runs: ghost_self < THREAD_MAX && thread_slots.used <= THREAD_MAX;
    requires others: thread_slots.living != 1;
    terminates \false; exits \false;
    assigns ghost_app, ghost_kernel, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_in_u64,
      thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[ghost_self].thread.signals; */
static _Noreturn void end_thread(void)
{
    const struct thread *t = thread_current();

    futex_release_robust(t->robust_list, thread_current_id());
    if (t->clear_child_tid != 0) {
        tell_id(t->clear_child_tid, 0);
        futex_wake_one(t->clear_child_tid);
    }
    /*@ assert told: t->clear_child_tid != 0 ==> CopiedTo(t->clear_child_tid, 4) && ghost_out_word[0] == 0; */
    signal_end_thread();
    /*@ assert takes_none: t->signals.pending.bits == 0 && t->signals.blocked == 0xffffffffffffffff; */
    sched_exit();
}

/* The process ends with its last thread, and with that one's status. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX && thread_slots.used <= THREAD_MAX;
    terminates \false; exits \false;
    assigns ghost_app, ghost_kernel, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_in_u64,
      thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[ghost_self].thread.signals; */
int64_t sys_exit(const uint64_t arg[6])
{
    if (thread_count() != 1)
        end_thread();
    end_with_status((int)(arg[0] & 0xff));
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns thread_areas[ghost_self].thread.clear_child_tid;
    ensures exact: \result == thread_slots.id[ghost_self];
    ensures set: thread_areas[ghost_self].thread.clear_child_tid == \old(arg[0]); */
int64_t sys_set_tid_address(const uint64_t arg[6])
{
    thread_current()->clear_child_tid = arg[0];
    return thread_current_id();
}

/*@ terminates \false; exits \false; assigns ghost_kernel, ghost_app;
    ensures exact: \result == 0; */
int64_t sys_sched_yield(const uint64_t arg[6])
{
    (void)arg;
    sched_yield();
    return 0;
}

uint32_t thread_meant(uint64_t user_id)
{
    return (uint32_t)user_id == 0 ? thread_current_slot() : thread_find((uint32_t)user_id);
}

/* Linux gives the bytes written. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX;
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0];
    ensures size: \result == -EINVAL <==> arg[1] < 8 || arg[1] % 8 != 0;
    ensures none: arg[1] >= 8 && arg[1] % 8 == 0 ==> (\result == -ESRCH <==> ThreadMeant((uint32_t)arg[0]) == THREAD_NONE);
    ensures status: \result == 8 || \result == -EFAULT || \result == -EINVAL || \result == -ESRCH;
    ensures refused: \result == -EINVAL || \result == -ESRCH ==> ghost_app == \old(ghost_app);
    ensures told: \result == 8 ==> CopiedTo(arg[2], 8) && ghost_out_word[0] == thread_areas[ThreadMeant((uint32_t)arg[0])].thread.cpus; */
int64_t sys_sched_getaffinity(const uint64_t arg[6])
{
    uint32_t slot = thread_meant(arg[0]);
    uint64_t mask;

    if (arg[1] < sizeof mask || arg[1] % sizeof mask != 0)
        return -EINVAL;
    if (slot == THREAD_NONE)
        return -ESRCH;
    mask = thread_at(slot)->cpus;
    return copy_out_u64(arg[2], mask) == 0 ? (int64_t)sizeof mask : -EFAULT;
}

/* CPUs that are not there do not count. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires runs: ghost_self < THREAD_MAX && 1 <= cpus_count <= CPUS_MAX;
    terminates \false; exits \false;
    assigns thread_areas[ThreadMeant((uint32_t)arg[0])].thread.cpus, ghost_kernel, ghost_app, ghost_in_u64;
    ensures status: \result == 0 || \result == -EFAULT || \result == -ESRCH || \result == -EINVAL;
    ensures none: ThreadMeant{Pre}((uint32_t)\old(arg[0])) == THREAD_NONE ==> \result == -EFAULT || \result == -ESRCH;
    ensures empty: ThreadMeant{Pre}((uint32_t)\old(arg[0])) != THREAD_NONE && \result != -EFAULT ==>
      (\result == -EINVAL <==> ((uint32_t)ghost_in_u64 & (uint32_t)CpusAll) == 0);
    ensures set: \result == 0 ==>
      thread_areas[ThreadMeant{Pre}((uint32_t)\old(arg[0]))].thread.cpus == ((uint32_t)ghost_in_u64 & (uint32_t)CpusAll); */
int64_t sys_sched_setaffinity(const uint64_t arg[6])
{
    uint32_t slot = thread_meant(arg[0]), cpus;
    uint64_t mask = 0;

    if (copy_in_low(&mask, arg[2], arg[1] < sizeof mask ? arg[1] : sizeof mask) != 0)
        return -EFAULT;
    if (slot == THREAD_NONE)
        return -ESRCH;
    cpus = (uint32_t)mask & cpus_all();
    if (cpus == 0)
        return -EINVAL;
    sched_set_cpus(slot, cpus);
    return 0;
}

/* cpu, node: there is one */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns ghost_app, ghost_out_at, ghost_out_size, ghost_out_word[0];
    ensures status: CopyStatus(\result);
    ensures nothing: arg[0] == 0 && arg[1] == 0 ==> \result == 0 && ghost_app == \old(ghost_app);
    ensures cpu: \result == 0 && arg[0] != 0 && arg[1] == 0 ==> CopiedTo(arg[0], 4) && ghost_out_word[0] == cpu_area[ghost_cpu].number;
    ensures node: \result == 0 && arg[1] != 0 ==> CopiedTo(arg[1], 4) && ghost_out_word[0] == 0; */
int64_t sys_getcpu(const uint64_t arg[6])
{
    if (arg[0] != 0 && copy_out_u32(arg[0], cpu_this()->number) != 0)
        return -EFAULT;
    return arg[1] != 0 ? copy_out_u32(arg[1], 0) : 0;
}
