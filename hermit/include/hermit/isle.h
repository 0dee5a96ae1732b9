/* SPDX-License-Identifier: BSD-2-Clause */
/* HermitCore's symbols that its applications declare themselves; new ones find them here. spec/hermit.md. */
#ifndef HERMIT_INCLUDE_HERMIT_ISLE_H
#define HERMIT_INCLUDE_HERMIT_ISLE_H
#include <stdint.h>
#include <sys/cdefs.h>

__BEGIN_DECLS

/* A ticket lock: queue is the last ticket given, dequeue the one that may enter. */
struct rcce_lock {
    int32_t queue, dequeue;
};
extern struct rcce_lock rcce_lock;

/* MHz of the time stamp counter, without a system call but for the first time; 0: not known. */
unsigned int get_cpufreq(void);

/* Which of several kernels on one machine this is: the only one. */
int isle_id(void);

__END_DECLS

#endif
