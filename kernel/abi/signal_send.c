/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/errno.h>
#include <linux/signal.h>

#include "kernel/abi/signal.h"
#include "kernel/signal.h"
#include "kernel/thread.h"
#include "mm/user.h"

/* To the process, or to the thread in that slot; signal 0 only asks whether it is there. */
static int64_t send(uint32_t slot, uint64_t user_signal, struct signal_info *info)
{
    uint32_t signal = (uint32_t)user_signal;

    if (signal > SIGNAL_COUNT)
        return -EINVAL;
    if (signal == 0)
        return 0;
    info->signal = (int32_t)signal;
    return slot == THREAD_NONE ? signal_send(info) : signal_send_thread(slot, info);
}

/* The sender is the process, its user is root. */
static int64_t send_coded(uint32_t slot, uint64_t user_signal, int32_t code)
{
    return send(slot, user_signal, &(struct signal_info){ .code = code, .field = { PROCESS_ID } });
}

/* Its own process, its group, or all there are: the same one. */
int64_t sys_kill(const uint64_t arg[6])
{
    int32_t id = (int32_t)arg[0];

    if (id != 0 && id != -1 && id != (int32_t)PROCESS_ID && id != -(int32_t)PROCESS_ID)
        return -ESRCH;
    return send_coded(THREAD_NONE, arg[1], SI_USER);
}

int64_t sys_tkill(const uint64_t arg[6])
{
    uint32_t slot = thread_find((uint32_t)arg[0]);

    if ((int32_t)arg[0] <= 0)
        return -EINVAL;
    return slot == THREAD_NONE ? -ESRCH : send_coded(slot, arg[1], SI_TKILL);
}

static int64_t find_in_process(uint64_t user_process, uint64_t user_thread, uint32_t *slot)
{
    *slot = thread_find((uint32_t)user_thread);
    if ((int32_t)user_process <= 0 || (int32_t)user_thread <= 0)
        return -EINVAL;
    return (uint32_t)user_process == PROCESS_ID && *slot != THREAD_NONE ? 0 : -ESRCH;
}

int64_t sys_tgkill(const uint64_t arg[6])
{
    uint32_t slot;
    int64_t status = find_in_process(arg[0], arg[1], &slot);

    return status != 0 ? status : send_coded(slot, arg[2], SI_TKILL);
}

int64_t sys_rt_sigqueueinfo(const uint64_t arg[6])
{
    struct signal_info info;

    if (user_copy_in(&info, arg[2], sizeof info) != 0)
        return -EFAULT;
    return (uint32_t)arg[0] == PROCESS_ID ? send(THREAD_NONE, arg[1], &info) : -ESRCH;
}

int64_t sys_rt_tgsigqueueinfo(const uint64_t arg[6])
{
    struct signal_info info;
    uint32_t slot;
    int64_t status = user_copy_in(&info, arg[3], sizeof info);

    if (status == 0)
        status = find_in_process(arg[0], arg[1], &slot);
    return status != 0 ? status : send(slot, arg[2], &info);
}
