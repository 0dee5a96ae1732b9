/* SPDX-License-Identifier: BSD-2-Clause */
/* The application's side of the kernel: runs in ring 3, from a page of its own. What it cannot answer it asks by system call. */
#include <linux/time.h>
#include <linux/time_types.h>

#include <asm/unistd_64.h>

#include "kernel/vdso/facts.h"
#include "lib/shm.h"
#include "x86/cpu.h"

#define NS_PER_S  1000000000u
#define NS_PER_US 1000u
#define BIT(n)    (1u << (n))

/* As clock_read in kernel/abi/time.c has them. CPU time is the kernel's to tell. */
#define WALL_CLOCKS (BIT(CLOCK_REALTIME) | BIT(CLOCK_REALTIME_COARSE) | BIT(CLOCK_TAI))
#define STEADY_CLOCKS                                                                                                  \
    (BIT(CLOCK_MONOTONIC) | BIT(CLOCK_MONOTONIC_RAW) | BIT(CLOCK_MONOTONIC_COARSE) | BIT(CLOCK_BOOTTIME))

/* The linker script puts it on the page below this code. */
extern struct vdso_facts vdso_facts __attribute__((visibility("hidden")));

__attribute__((visibility("hidden"))) long vdso_syscall(long number, const void *a, const void *b);

int __vdso_clock_gettime(unsigned long id, struct __kernel_timespec *t);
int __vdso_clock_getres(unsigned long id, struct __kernel_timespec *t);
int __vdso_gettimeofday(struct __kernel_old_timeval *t, struct timezone *zone);
__kernel_old_time_t __vdso_time(__kernel_old_time_t *t);
long __vdso_getcpu(unsigned *index, unsigned *node, void *unused);
unsigned long __vdso_anchorite_tsc_khz(void);

static inline bool is_one_of(unsigned long id, uint32_t clocks)
{
    return (uint32_t)id < 32 && (clocks >> (uint32_t)id & 1);
}

/* False when only the kernel knows: the source of time has to be asked again, or the page is being written. */
static inline __attribute__((always_inline)) bool read_clock(bool is_wall, uint64_t *ns)
{
    const struct clock_face *face = &vdso_facts.clock;
    uint32_t version = shm_read32(&face->version);
    uint64_t tsc = rdtsc_ordered(), base = 0;

    if (tsc >= face->next_tsc)
        return false;
    shm_rmb();
    if (is_wall) {
        base = face->wall_base_ns;
        if (base == 0)
            return false;
    }
    *ns = (uint64_t)clock_face_read(face, tsc) + base;
    shm_rmb();
    return shm_read32(&face->version) == version;
}

__attribute__((visibility("default"))) int __vdso_clock_gettime(unsigned long id, struct __kernel_timespec *t)
{
    uint64_t ns;
    bool is_known = false;

    /* The clocks that are asked most first, and without a thought about the others. */
    if (is_one_of(id, STEADY_CLOCKS))
        is_known = read_clock(false, &ns);
    else if (is_one_of(id, WALL_CLOCKS))
        is_known = read_clock(true, &ns);
    if (!is_known)
        return (int)vdso_syscall(__NR_clock_gettime, (const void *)id, t);
    t->tv_sec = (long long)(ns / NS_PER_S);
    t->tv_nsec = (long long)(ns % NS_PER_S);
    return 0;
}

__attribute__((visibility("default"))) int __vdso_clock_getres(unsigned long id, struct __kernel_timespec *t)
{
    return (int)vdso_syscall(__NR_clock_getres, (const void *)id, t);
}

__attribute__((visibility("default"))) int __vdso_gettimeofday(struct __kernel_old_timeval *t, struct timezone *zone)
{
    uint64_t ns;

    if (!t || zone || !read_clock(true, &ns))
        return (int)vdso_syscall(__NR_gettimeofday, t, zone);
    t->tv_sec = (long)(ns / NS_PER_S);
    t->tv_usec = (long)(ns % NS_PER_S / NS_PER_US);
    return 0;
}

__attribute__((visibility("default"))) __kernel_old_time_t __vdso_time(__kernel_old_time_t *t)
{
    uint64_t ns;

    if (!read_clock(true, &ns))
        return vdso_syscall(__NR_time, t, 0);
    if (t)
        *t = (long)(ns / NS_PER_S);
    return (long)(ns / NS_PER_S);
}

__attribute__((visibility("default"))) long __vdso_getcpu(unsigned *index, unsigned *node, void *unused)
{
    uint32_t number = 0;

    (void)unused;
    if (vdso_facts.cpu_count != 1) {
        if (!vdso_facts.has_tsc_aux)
            return vdso_syscall(__NR_getcpu, index, node);
        number = rdtscp_aux();
    }
    if (index)
        *index = number;
    if (node)
        *node = 0;
    return 0;
}

/* TSC cycles in a millisecond; 0 when the clock does not go by the TSC. Not Linux's: hermit/ asks for it by name. */
__attribute__((visibility("default"))) unsigned long __vdso_anchorite_tsc_khz(void)
{
    struct __kernel_timespec now = { 0, 0 };

    /* Nobody measured it before the first question for the time. */
    if (vdso_facts.clock.tsc_khz == 0)
        vdso_syscall(__NR_clock_gettime, (const void *)CLOCK_MONOTONIC, &now);
    return vdso_facts.clock.tsc_khz;
}
