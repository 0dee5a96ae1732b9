/* SPDX-License-Identifier: BSD-2-Clause */
/* What of signals belongs to a thread. */
#ifndef KERNEL_SIGNAL_THREAD_H
#define KERNEL_SIGNAL_THREAD_H
#include "kernel/signal_queue.h"

/* sigaltstack's, as the thread gave it. */
struct signal_stack {
    uint64_t start, size; /* size 0: none */
    uint32_t flags;
};

struct signal_thread {
    struct signal_set pending; /* sent to this very thread */
    uint64_t blocked;
    uint64_t awaited; /* by sigtimedwait: taken although they are blocked */
    uint64_t saved;   /* the mask that comes back when the call that lent another one is over; only if has_saved */
    bool has_saved;
    bool must_look; /* on the way to ring 3: there may be something to take */
    struct signal_stack stack;
    /* The last fault that it had, as a handler's context shows it. */
    struct {
        uint64_t vector, error, address;
    } fault;
};

#endif
