/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting for words of memory: futex(2), and what the kernel itself does to such words. spec/futex.md. */
#ifndef KERNEL_ABI_FUTEX_H
#define KERNEL_ABI_FUTEX_H
#include <linux/futex.h>
#include <stdint.h>

#include "lib/state.h"

#include "spec/futex.acsl"

/* One thread that waits for the word at this address goes on. */
/*@ terminates \true; exits \false; assigns ghost_kernel; */
void futex_wake_one(uint64_t user);

/* A thread with this id ends: mutexes of its robust list say so in their word, and one that waits for each goes on. A list that
   cannot be read, or is longer than Linux's limit, is left where it was. */
/*@ terminates \true; exits \false; assigns ghost_app, ghost_kernel, ghost_out_at, ghost_out_size, ghost_out_word[0 .. 1], ghost_in_u64;
    ensures none: user_head == 0 ==> ghost_app == \old(ghost_app);
    ensures died: NothingOut{Pre, Post} || DeadMarked(id); */
void futex_release_robust(uint64_t user_head, uint32_t id);

int64_t sys_futex(const uint64_t arg[6]);
int64_t sys_set_robust_list(const uint64_t arg[6]);
int64_t sys_get_robust_list(const uint64_t arg[6]);

#endif
