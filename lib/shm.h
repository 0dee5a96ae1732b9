/* SPDX-License-Identifier: BSD-2-Clause */
/* The only way to words that a peer, Xen or a device may change at any moment: each call is one access of that width.
   Each is trusted to be what its admit says; all else is proved from the contracts. */
#ifndef LIB_SHM_H
#define LIB_SHM_H
#include <stdbool.h>
#include <stdint.h>

enum shm_kind {
    SHM_READ,
    SHM_WRITE,
    SHM_RMB,
    SHM_WMB,
    SHM_MB,
    SHM_EXCHANGE,
    SHM_COMPARE_EXCHANGE,
    SHM_SET_BIT,
    SHM_CLEAR_BIT,
    SHM_HYPERCALL, /* xen/hypercall.h */
    SHM_PORT_IN,   /* x86/cpu.h */
    SHM_PORT_OUT,
    SHM_TSC,
};

#define SHM_TIME_END 0xffffffffffffffff

#include "spec/shm.acsl"

/*@ requires readable: \valid_read(p);
    terminates \true; exits \false; assigns ghost_now;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures read: Read8(\old(ghost_now), p);
    ensures value: \result == IoValue(\old(ghost_now)); */
static inline uint8_t shm_read8(const volatile uint8_t *p)
{
    uint8_t value = *p;

    /*@ admit TRUST_read8: Read8(ghost_now, p) && IoValue(ghost_now) == value && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
    return value;
}

/*@ requires readable: \valid_read(p);
    terminates \true; exits \false; assigns ghost_now;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures read: Read16(\old(ghost_now), p);
    ensures value: \result == IoValue(\old(ghost_now)); */
static inline uint16_t shm_read16(const volatile uint16_t *p)
{
    uint16_t value = *p;

    /*@ admit TRUST_read16: Read16(ghost_now, p) && IoValue(ghost_now) == value && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
    return value;
}

/*@ requires readable: \valid_read(p);
    terminates \true; exits \false; assigns ghost_now;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures read: Read32(\old(ghost_now), p);
    ensures value: \result == IoValue(\old(ghost_now)); */
static inline uint32_t shm_read32(const volatile uint32_t *p)
{
    uint32_t value = *p;

    /*@ admit TRUST_read32: Read32(ghost_now, p) && IoValue(ghost_now) == value && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
    return value;
}

/*@ requires readable: \valid_read(p);
    terminates \true; exits \false; assigns ghost_now;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures read: Read64(\old(ghost_now), p);
    ensures value: \result == IoValue(\old(ghost_now)); */
static inline uint64_t shm_read64(const volatile uint64_t *p)
{
    uint64_t value = *p;

    /*@ admit TRUST_read64: Read64(ghost_now, p) && IoValue(ghost_now) == value && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
    return value;
}

/*@ requires writable: \valid(p);
    terminates \true; exits \false; assigns ghost_now, *p;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures wrote: Wrote8(\old(ghost_now), p, value); */
static inline void shm_write8(volatile uint8_t *p, uint8_t value)
{
    *p = value;
    /*@ admit TRUST_write8: Wrote8(ghost_now, p, value) && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
}

/*@ requires writable: \valid(p);
    terminates \true; exits \false; assigns ghost_now, *p;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures wrote: Wrote16(\old(ghost_now), p, value); */
static inline void shm_write16(volatile uint16_t *p, uint16_t value)
{
    *p = value;
    /*@ admit TRUST_write16: Wrote16(ghost_now, p, value) && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
}

/*@ requires writable: \valid(p);
    terminates \true; exits \false; assigns ghost_now, *p;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures wrote: Wrote32(\old(ghost_now), p, value); */
static inline void shm_write32(volatile uint32_t *p, uint32_t value)
{
    *p = value;
    /*@ admit TRUST_write32: Wrote32(ghost_now, p, value) && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
}

/* Reads before it are done before reads after it. x86 keeps loads in order (SDM volume 3, 9.2.2): only the compiler moves. */
/*@ terminates \true; exits \false; assigns ghost_now;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures fence: IoKind(\old(ghost_now)) == SHM_RMB; */
static inline void shm_rmb(void)
{
    __asm__ volatile("" ::: "memory");
    /*@ admit TRUST_rmb: IoKind(ghost_now) == SHM_RMB && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
}

/* Writes before it are seen before writes after it. x86 keeps stores in order: only the compiler moves. */
/*@ terminates \true; exits \false; assigns ghost_now;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures fence: IoKind(\old(ghost_now)) == SHM_WMB; */
static inline void shm_wmb(void)
{
    __asm__ volatile("" ::: "memory");
    /*@ admit TRUST_wmb: IoKind(ghost_now) == SHM_WMB && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
}

/* All before it is done before all after it, also a read after a write. */
/*@ terminates \true; exits \false; assigns ghost_now;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures fence: IoKind(\old(ghost_now)) == SHM_MB; */
static inline void shm_mb(void)
{
    __asm__ volatile("mfence" ::: "memory");
    /*@ admit TRUST_mb: IoKind(ghost_now) == SHM_MB && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
}

/* Stores the value and gives what was there, in one step. */
/*@ requires writable: \valid(p);
    terminates \true; exits \false; assigns ghost_now, *p;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures exchanged: Exchanged64(\old(ghost_now), p, value);
    ensures before: \result == IoValue(\old(ghost_now)); */
static inline uint64_t shm_exchange64(volatile uint64_t *p, uint64_t value)
{
    uint64_t before = value;

    __asm__ volatile("xchgq %0, %1" : "+r"(before), "+m"(*p) : : "memory");
    /*@ admit TRUST_exchange64:
          Exchanged64(ghost_now, p, value) && IoValue(ghost_now) == before && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
    return before;
}

/* Stores the new value if the cell holds the old one; gives what it held, in one step. */
/*@ requires writable: \valid(p);
    terminates \true; exits \false; assigns ghost_now, *p;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures compared: Compared16(\old(ghost_now), p, old, new);
    ensures held: \result == IoValue(\old(ghost_now)); */
static inline uint16_t shm_compare_exchange16(volatile uint16_t *p, uint16_t old, uint16_t new)
{
    uint16_t held = old;

    __asm__ volatile("lock cmpxchgw %2, %1" : "+a"(held), "+m"(*p) : "r"(new) : "memory", "cc");
    /*@ admit TRUST_compare_exchange16:
          Compared16(ghost_now, p, old, new) && IoValue(ghost_now) == held && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
    return held;
}

/* Sets one bit; true when it was set before, in one step. */
/*@ requires writable: \valid(p);
    requires bit: bit < 64;
    terminates \true; exits \false; assigns ghost_now, *p;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures changed: SetBit64(\old(ghost_now), p, bit);
    ensures was: \result <==> IoValue(\old(ghost_now)) == 1; */
static inline bool shm_set_bit64(volatile uint64_t *p, uint64_t bit)
{
    bool was = false;

    __asm__ volatile("lock btsq %2, %1\n\tsetc %0" : "=q"(was), "+m"(*p) : "r"(bit) : "memory", "cc");
    /*@ admit TRUST_set_bit64:
          SetBit64(ghost_now, p, bit) && (was <==> IoValue(ghost_now) == 1) && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
    return was;
}

/* Clears one bit; true when it was set before, in one step. */
/*@ requires writable: \valid(p);
    requires bit: bit < 64;
    terminates \true; exits \false; assigns ghost_now, *p;
    ensures time: ghost_now == \old(ghost_now) + 1;
    ensures changed: ClearedBit64(\old(ghost_now), p, bit);
    ensures was: \result <==> IoValue(\old(ghost_now)) == 1; */
static inline bool shm_clear_bit64(volatile uint64_t *p, uint64_t bit)
{
    bool was = false;

    __asm__ volatile("lock btrq %2, %1\n\tsetc %0" : "=q"(was), "+m"(*p) : "r"(bit) : "memory", "cc");
    /*@ admit TRUST_clear_bit64:
          ClearedBit64(ghost_now, p, bit) && (was <==> IoValue(ghost_now) == 1) && ghost_now < SHM_TIME_END; */
    /*@ ghost ghost_now++; */
    return was;
}

#endif
