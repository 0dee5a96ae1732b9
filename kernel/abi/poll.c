/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for open files: poll and select in all their spellings. */
#include "kernel/abi/file.h"
#include "kernel/abi/signal.h"
#include "kernel/abi/timeout.h"
#include "kernel/fs/device.h"
#include "kernel/fs/file.h"
#include "kernel/fs/open.h"
#include "kernel/fs/wait.h"
#include "lib/string.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stddef.h>

#define NS_PER_MICRO 1000ull
#define CHUNK        16u
#define SET_WORDS    (FS_DESCRIPTORS / 64)

#define SELECT_READ   (POLLIN | POLLRDNORM | POLLHUP | POLLERR)
#define SELECT_WRITE  (POLLOUT | POLLWRNORM | POLLERR)
#define SELECT_EXCEPT POLLPRI

/* A call that waits for many. */
struct wait {
    uint64_t deadline; /* monotonic nanoseconds; 0: it does not wait */
    bool console;      /* its input is among them */
};

/* Looks at all files of a call, tells the application, and gives how many are ready or an error. */
typedef int64_t poll_scan(void *call, struct wait *wait);

static int64_t poll_until(poll_scan *scan, void *call, uint64_t deadline)
{
    struct wait wait = { .deadline = deadline };
    int status = 0;
    for (;;) {
        wait_catch_up();
        uint64_t since = wait_changes();
        wait.console = false;
        int64_t ready = scan(call, &wait);
        if (ready != 0 || status != 0 || deadline == 0)
            return ready;
        status = wait_any(since, wait.console, deadline);
        if (status != 0 && status != -ETIMEDOUT)
            return status;
    }
}

/* Bits that hold now for a descriptor; POLLNVAL when it is not open. */
static unsigned poll_descriptor(uint64_t fd, unsigned wanted, struct wait *wait)
{
    const struct open_file *file = fd_file(fd);
    if (file == NULL)
        return POLLNVAL;
    if (wait->deadline != 0)
        wait_mark(file);
    wait->console = wait->console || (device_is_console(file->special) && (wanted & (POLLIN | POLLRDNORM)) != 0);
    return file_poll(file) & (wanted | POLLERR | POLLHUP);
}

struct poll_call {
    uint64_t user;
    uint64_t count;
};

/* A piece of the list at a time is copied, answered and copied back. */
static int64_t poll_scan_list(void *arg, struct wait *wait)
{
    const struct poll_call *call = arg;
    struct pollfd list[CHUNK];
    int64_t ready = 0;
    for (uint64_t at = 0; at < call->count; at += CHUNK) {
        uint64_t n = call->count - at < CHUNK ? call->count - at : CHUNK;
        uint64_t user = call->user + at * sizeof(list[0]);
        if (user_copy_in(list, user, n * sizeof(list[0])) != 0)
            return -EFAULT;
        for (uint64_t i = 0; i < n; i++) {
            bool used = list[i].fd >= 0;
            list[i].revents = used ? (short)poll_descriptor((uint32_t)list[i].fd, (uint16_t)list[i].events, wait) : 0;
            ready += list[i].revents != 0;
        }
        if (user_copy_out(user, list, n * sizeof(list[0])) != 0)
            return -EFAULT;
    }
    return ready;
}

static int64_t poll_list(uint64_t user, uint64_t count, uint64_t deadline)
{
    struct poll_call call = { .user = user, .count = count };
    return count > FS_DESCRIPTORS ? -EINVAL : poll_until(poll_scan_list, &call, deadline);
}

int64_t sys_poll(const uint64_t arg[6])
{
    int32_t milliseconds = (int32_t)arg[2];
    return poll_list(arg[0], (uint32_t)arg[1], timeout_after(milliseconds));
}

static int64_t finish_masked(const struct timeout *timeout, int64_t ready)
{
    (void)signal_end_lent(ready);
    timeout_give(timeout);
    return ready;
}

int64_t sys_ppoll(const uint64_t arg[6])
{
    struct timeout timeout;
    int status = timeout_take(&timeout, arg[2], 1);
    if (status != 0)
        return status;
    int64_t ready = signal_lend_user_mask(arg[3], arg[4]);
    if (ready == 0)
        ready = poll_list(arg[0], (uint32_t)arg[1], timeout.deadline);
    return finish_masked(&timeout, ready);
}

enum { SET_READ, SET_WRITE, SET_EXCEPT, SETS };

/* One select: the sets as they came and as they go back. */
struct select_call {
    uint64_t words; /* of each set */
    uint64_t user[SETS];
    uint64_t wanted[SETS][SET_WORDS];
};

static const unsigned set_bits[SETS] = { SELECT_READ, SELECT_WRITE, SELECT_EXCEPT };

static int64_t select_descriptor(const struct select_call *call, uint64_t fd, uint64_t result[SETS][SET_WORDS],
                                 struct wait *wait)
{
    uint64_t word = fd / 64;
    uint64_t bit = 1ULL << fd % 64;
    unsigned wanted = 0;
    for (int set = 0; set < SETS; set++)
        wanted |= (call->wanted[set][word] & bit) != 0 ? set_bits[set] : 0;
    if (wanted == 0)
        return 0;
    unsigned bits = poll_descriptor(fd, wanted, wait);
    if ((bits & POLLNVAL) != 0)
        return -EBADF;
    int64_t ready = 0;
    for (int set = 0; set < SETS; set++) {
        if ((call->wanted[set][word] & bit) != 0 && (bits & set_bits[set]) != 0) {
            result[set][word] |= bit;
            ready++;
        }
    }
    return ready;
}

/* Nothing goes out before something is ready or the time is over: the wanted sets are only here. */
static int64_t select_scan(void *arg, struct wait *wait)
{
    const struct select_call *call = arg;
    uint64_t result[SETS][SET_WORDS];
    int64_t ready = 0;
    memset(result, 0, sizeof(result));
    for (uint64_t fd = 0; fd < call->words * 64; fd++) {
        int64_t more = select_descriptor(call, fd, result, wait);
        if (more < 0)
            return more;
        ready += more;
    }
    for (int set = 0; set < SETS; set++) {
        if (call->user[set] != 0 && user_copy_out(call->user[set], result[set], call->words * 8) != 0)
            return -EFAULT;
    }
    return ready;
}

static int64_t select_sets(const uint64_t arg[6], uint64_t deadline)
{
    struct select_call call;
    int32_t count = (int32_t)arg[0];
    if (count < 0)
        return -EINVAL;
    uint64_t bits = (uint64_t)count < FS_DESCRIPTORS ? (uint64_t)count : FS_DESCRIPTORS;
    memset(&call, 0, sizeof(call));
    call.words = (bits + 63) / 64;
    for (int set = 0; set < SETS; set++) {
        call.user[set] = arg[1 + set];
        if (call.user[set] != 0 && user_copy_in(call.wanted[set], call.user[set], call.words * 8) != 0)
            return -EFAULT;
        if (bits % 64 != 0) /* bits behind the count mean nothing */
            call.wanted[set][call.words - 1] &= (1ULL << bits % 64) - 1;
    }
    return poll_until(select_scan, &call, deadline);
}

int64_t sys_select(const uint64_t arg[6])
{
    struct timeout timeout;
    int status = timeout_take(&timeout, arg[4], NS_PER_MICRO);
    if (status != 0)
        return status;
    int64_t ready = select_sets(arg, timeout.deadline);
    timeout_give(&timeout);
    return ready;
}

/* The sixth argument is a signal mask by address, with its size. */
int64_t sys_pselect6(const uint64_t arg[6])
{
    struct timeout timeout;
    uint64_t mask[2] = { 0, 0 };
    if (arg[5] != 0 && user_copy_in(mask, arg[5], sizeof(mask)) != 0)
        return -EFAULT;
    int status = timeout_take(&timeout, arg[4], 1);
    if (status != 0)
        return status;
    int64_t ready = signal_lend_user_mask(mask[0], mask[1]);
    if (ready == 0)
        ready = select_sets(arg, timeout.deadline);
    return finish_masked(&timeout, ready);
}
