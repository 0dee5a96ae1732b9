/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/signal.h>

#include "kernel/abi/copy.h"
#include "kernel/abi/signal.h"
#include "kernel/signal.h"
#include "kernel/thread.h"

/* To the process, or to the thread in that slot; signal 0 only asks whether it is there. */
/*@ requires valid: \valid(info) && slot <= THREAD_NONE && thread_slots.used <= THREAD_MAX;
    requires apart: \separated(info, &signal_shared, thread_areas + (0 .. THREAD_MAX - 1));
    terminates \false; exits \false;
    assigns info->signal, signal_shared, thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[0 .. THREAD_MAX - 1].thread.signals.pending, ghost_kernel, ghost_dead;
    ensures status: \result == 0 || \result == -EAGAIN || \result == -EINVAL;
    ensures number: \result == -EINVAL <==> signal > SIGNAL_COUNT;
    ensures none: signal == 0 ==> \result == 0;
    ensures nothing: signal == 0 || \result == -EINVAL || \result == -ESRCH || \result == -EFAULT ==>
      ghost_kernel == \old(ghost_kernel); */
static int64_t send(uint32_t slot, uint32_t signal, struct signal_info *info)
{
    if (signal > SIGNAL_COUNT)
        return -EINVAL;
    if (signal == 0)
        return 0;
    info->signal = (int32_t)signal;
    return slot == THREAD_NONE ? signal_send(info) : signal_send_thread(slot, info);
}

/* The sender is the process, its user is root. */
/*@ requires valid: slot <= THREAD_NONE;
    requires used: thread_slots.used <= THREAD_MAX;
    terminates \false; exits \false;
    assigns signal_shared, thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[0 .. THREAD_MAX - 1].thread.signals.pending, ghost_kernel, ghost_dead;
    ensures status: \result == 0 || \result == -EAGAIN || \result == -EINVAL;
    ensures number: \result == -EINVAL <==> (uint32_t)user_signal > SIGNAL_COUNT;
    ensures none: (uint32_t)user_signal == 0 ==> \result == 0;
    ensures nothing: (uint32_t)user_signal == 0 || \result == -EINVAL || \result == -ESRCH || \result == -EFAULT ==>
      ghost_kernel == \old(ghost_kernel); */
static int64_t send_coded(uint32_t slot, uint64_t user_signal, int32_t code)
{
    return send(slot, (uint32_t)user_signal, &(struct signal_info){ .code = code, .field = { PROCESS_ID } });
}

/* Its own process, its group, or all there are: the same one. */
/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires used: thread_slots.used <= THREAD_MAX;
    terminates \false; exits \false;
    assigns signal_shared, thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[0 .. THREAD_MAX - 1].thread.signals.pending, ghost_kernel, ghost_dead;
    ensures status: \result == 0 || \result == -EAGAIN || \result == -EINVAL || \result == -ESRCH;
    ensures who: \result == -ESRCH <==> (int32_t)arg[0] > 1 || (int32_t)arg[0] < -1;
    ensures number: -1 <= (int32_t)arg[0] <= 1 ==> (\result == -EINVAL <==> (uint32_t)arg[1] > SIGNAL_COUNT);
    ensures nothing: (uint32_t)arg[1] == 0 || \result == -EINVAL || \result == -ESRCH || \result == -EFAULT ==>
      ghost_kernel == \old(ghost_kernel); */
int64_t sys_kill(const uint64_t arg[6])
{
    int32_t id = (int32_t)arg[0];

    if (id != 0 && id != -1 && id != (int32_t)PROCESS_ID && id != -(int32_t)PROCESS_ID)
        return -ESRCH;
    return send_coded(THREAD_NONE, arg[1], SI_USER);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires used: thread_slots.used <= THREAD_MAX;
    terminates \false; exits \false;
    assigns signal_shared, thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[0 .. THREAD_MAX - 1].thread.signals.pending, ghost_kernel, ghost_dead;
    ensures status: \result == 0 || \result == -EAGAIN || \result == -EINVAL || \result == -ESRCH;
    ensures id: (int32_t)arg[0] <= 0 ==> \result == -EINVAL;
    ensures number: (int32_t)arg[0] > 0 && \result == -EINVAL ==> (uint32_t)arg[1] > SIGNAL_COUNT;
    ensures nothing: (uint32_t)arg[1] == 0 || \result == -EINVAL || \result == -ESRCH || \result == -EFAULT ==>
      ghost_kernel == \old(ghost_kernel);
    ensures found: (int32_t)arg[0] > 0 ==> (\result == -ESRCH <==> ThreadSlot((uint32_t)arg[0]) == THREAD_NONE); */
int64_t sys_tkill(const uint64_t arg[6])
{
    uint32_t slot = thread_find((uint32_t)arg[0]);

    if ((int32_t)arg[0] <= 0)
        return -EINVAL;
    return slot == THREAD_NONE ? -ESRCH : send_coded(slot, arg[1], SI_TKILL);
}

/*@ requires valid: \valid(slot);
    terminates \true; exits \false; assigns *slot;
    ensures status: \result == 0 || \result == -ESRCH || \result == -EINVAL;
    ensures id: \result == -EINVAL <==> (int32_t)user_process <= 0 || (int32_t)user_thread <= 0;
    ensures found: (int32_t)user_process > 0 && (int32_t)user_thread > 0 ==>
      (\result == 0 <==> (uint32_t)user_process == PROCESS_ID && ThreadSlot((uint32_t)user_thread) != THREAD_NONE);
    ensures slot: *slot == ThreadSlot((uint32_t)user_thread) && *slot <= THREAD_NONE; */
static int64_t find_in_process(uint64_t user_process, uint64_t user_thread, uint32_t *slot)
{
    *slot = thread_find((uint32_t)user_thread);
    if ((int32_t)user_process <= 0 || (int32_t)user_thread <= 0)
        return -EINVAL;
    return (uint32_t)user_process == PROCESS_ID && *slot != THREAD_NONE ? 0 : -ESRCH;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires used: thread_slots.used <= THREAD_MAX;
    terminates \false; exits \false;
    assigns signal_shared, thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[0 .. THREAD_MAX - 1].thread.signals.pending, ghost_kernel, ghost_dead;
    ensures status: \result == 0 || \result == -EAGAIN || \result == -EINVAL || \result == -ESRCH;
    ensures id: (int32_t)arg[0] <= 0 || (int32_t)arg[1] <= 0 ==> \result == -EINVAL;
    ensures found: (int32_t)arg[0] > 0 && (int32_t)arg[1] > 0 ==>
      (\result == -ESRCH <==> (uint32_t)arg[0] != PROCESS_ID || ThreadSlot((uint32_t)arg[1]) == THREAD_NONE);
    ensures number: (int32_t)arg[0] > 0 && (int32_t)arg[1] > 0 && \result == -EINVAL ==> (uint32_t)arg[2] > SIGNAL_COUNT;
    ensures nothing: (uint32_t)arg[2] == 0 || \result == -EINVAL || \result == -ESRCH || \result == -EFAULT ==>
      ghost_kernel == \old(ghost_kernel); */
int64_t sys_tgkill(const uint64_t arg[6])
{
    uint32_t slot;
    int64_t status = find_in_process(arg[0], arg[1], &slot);

    return status != 0 ? status : send_coded(slot, arg[2], SI_TKILL);
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires used: thread_slots.used <= THREAD_MAX;
    terminates \false; exits \false;
    assigns signal_shared, thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[0 .. THREAD_MAX - 1].thread.signals.pending, ghost_kernel, ghost_dead;
    ensures status: \result == 0 || \result == -EAGAIN || \result == -EINVAL || \result == -ESRCH || \result == -EFAULT;
    ensures process: \result != -EFAULT ==> (\result == -ESRCH <==> (uint32_t)arg[0] != PROCESS_ID);
    ensures number: \result == -EINVAL ==> (uint32_t)arg[1] > SIGNAL_COUNT;
    ensures nothing: (uint32_t)arg[1] == 0 || \result == -EINVAL || \result == -ESRCH || \result == -EFAULT ==>
      ghost_kernel == \old(ghost_kernel); */
int64_t sys_rt_sigqueueinfo(const uint64_t arg[6])
{
    struct signal_info info;

    if (copy_in_signal_info(&info, arg[2]) != 0)
        return -EFAULT;
    return (uint32_t)arg[0] == PROCESS_ID ? send(THREAD_NONE, (uint32_t)arg[1], &info) : -ESRCH;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    requires used: thread_slots.used <= THREAD_MAX;
    terminates \false; exits \false;
    assigns signal_shared, thread_areas[0 .. THREAD_MAX - 1].thread.signals.must_look, thread_areas[0 .. THREAD_MAX - 1].thread.signals.pending, ghost_kernel, ghost_dead;
    ensures status: \result == 0 || \result == -EAGAIN || \result == -EINVAL || \result == -ESRCH || \result == -EFAULT;
    ensures found: \result != -EFAULT && (int32_t)arg[0] > 0 && (int32_t)arg[1] > 0 ==>
      (\result == -ESRCH <==> (uint32_t)arg[0] != PROCESS_ID || ThreadSlot((uint32_t)arg[1]) == THREAD_NONE);
    ensures id: (int32_t)arg[0] <= 0 || (int32_t)arg[1] <= 0 ==> \result == -EINVAL || \result == -EFAULT;
    ensures number: \result == -EINVAL ==>
      (uint32_t)arg[2] > SIGNAL_COUNT || (int32_t)arg[0] <= 0 || (int32_t)arg[1] <= 0;
    ensures nothing: (uint32_t)arg[2] == 0 || \result == -EINVAL || \result == -ESRCH || \result == -EFAULT ==>
      ghost_kernel == \old(ghost_kernel); */
int64_t sys_rt_tgsigqueueinfo(const uint64_t arg[6])
{
    struct signal_info info;
    uint32_t slot;
    int64_t status = copy_in_signal_info(&info, arg[3]);

    if (status == 0)
        status = find_in_process(arg[0], arg[1], &slot);
    return status != 0 ? status : send(slot, (uint32_t)arg[2], &info);
}
