/* SPDX-License-Identifier: BSD-2-Clause */
/* epoll: sets of files that a call waits for. */
#include "kernel/fs/epoll.h"
#include "drivers/platform.h"
#include "kernel/abi/event.h"
#include "kernel/abi/file.h"
#include "kernel/abi/signal.h"
#include "kernel/abi/timeout.h"
#include "kernel/fs/node.h"
#include "kernel/fs/wait.h"
#include "mm/user.h"
#include "mm/user_range.h"
#include <linux/errno.h>
#include <stddef.h>

#define EVENTS_MAX (INT32_MAX / (int32_t)sizeof(struct epoll_event))

static int64_t epoll_open(uint32_t flags)
{
    if ((flags & ~(uint32_t)EPOLL_CLOEXEC) != 0)
        return -EINVAL;
    return file_open_nameless(node_create(S_IRUSR | S_IWUSR, NODE_EPOLL), flags | O_RDWR);
}

int64_t sys_epoll_create(const uint64_t arg[6])
{
    return (int32_t)arg[0] <= 0 ? -EINVAL : epoll_open(0);
}

int64_t sys_epoll_create1(const uint64_t arg[6])
{
    return epoll_open((uint32_t)arg[0]);
}

int64_t sys_epoll_ctl(const uint64_t arg[6])
{
    const struct open_file *epoll = fd_file(arg[0]), *file = fd_file(arg[2]);
    uint32_t what = (uint32_t)arg[1], fd = (uint32_t)arg[2];
    struct epoll_event event = { 0, 0 };
    if (what != EPOLL_CTL_DEL && user_copy_in(&event, arg[3], sizeof(event)) != 0)
        return -EFAULT;
    if (epoll == NULL || file == NULL)
        return -EBADF;
    if (!wait_is_for(file))
        return -EPERM;
    if (epoll->special != NODE_EPOLL || epoll == file)
        return -EINVAL;
    switch (what) {
    case EPOLL_CTL_ADD:
        return epoll_add(epoll, fd, file, &event);
    case EPOLL_CTL_MOD:
        return epoll_modify(epoll, fd, file, &event);
    case EPOLL_CTL_DEL:
        return epoll_delete(epoll, fd, file);
    default:
        return -EINVAL;
    }
}

/* What a wait is told, and until when it lasts; the open file is held. */
static int64_t wait_until(const struct open_file *epoll, uint64_t user, uint32_t most, uint64_t deadline)
{
    int status = deadline != 0 ? 0 : -ETIMEDOUT;
    for (;;) {
        wait_catch_up();
        int64_t done = epoll_take(epoll, user, most);
        if (done != 0 || (status != 0 && platform_now() >= deadline))
            return done;
        status = node_wait(epoll->node, deadline);
        if (status != 0 && status != -ETIMEDOUT)
            return status;
    }
}

static int64_t wait_events(uint64_t fd, uint64_t user, int32_t most, uint64_t deadline)
{
    if (most <= 0 || most > EVENTS_MAX)
        return -EINVAL;
    if (!user_range_is_valid(user, (uint64_t)most * sizeof(struct epoll_event)))
        return -EFAULT;
    struct open_file *epoll = fd_file(fd);
    if (epoll == NULL)
        return -EBADF;
    if (epoll->special != NODE_EPOLL)
        return -EINVAL;
    file_hold(epoll);
    int64_t done = wait_until(epoll, user, (uint32_t)most, deadline);
    file_release(epoll);
    return done;
}

int64_t sys_epoll_wait(const uint64_t arg[6])
{
    return wait_events(arg[0], arg[1], (int32_t)arg[2], timeout_after((int32_t)arg[3]));
}

/* With a signal mask lent: a signal that ends the wait is taken with that mask. */
static int64_t wait_masked(const uint64_t arg[6], uint64_t deadline)
{
    int64_t done = signal_lend_user_mask(arg[4], arg[5]);
    if (done == 0)
        done = wait_events(arg[0], arg[1], (int32_t)arg[2], deadline);
    return signal_end_lent(done);
}

int64_t sys_epoll_pwait(const uint64_t arg[6])
{
    return wait_masked(arg, timeout_after((int32_t)arg[3]));
}

int64_t sys_epoll_pwait2(const uint64_t arg[6])
{
    struct timeout timeout;
    int status = timeout_take(&timeout, arg[3], 1);
    return status != 0 ? status : wait_masked(arg, timeout.deadline);
}
