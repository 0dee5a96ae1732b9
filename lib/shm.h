/* SPDX-License-Identifier: BSD-2-Clause */
/* The only way to words that a peer, Xen or a device may change at any moment: each call is one access of that width. */
#ifndef LIB_SHM_H
#define LIB_SHM_H
#include <stdint.h>

static inline uint8_t shm_read8(const volatile uint8_t *p)
{
    return *p;
}

static inline uint32_t shm_read32(const volatile uint32_t *p)
{
    return *p;
}

static inline uint64_t shm_read64(const volatile uint64_t *p)
{
    return *p;
}

/* Reads before it are done before reads after it. x86 keeps loads in order (SDM volume 3, 9.2.2): only the compiler moves. */
static inline void shm_rmb(void)
{
    __asm__ volatile("" ::: "memory");
}

#endif
