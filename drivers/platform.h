/* SPDX-License-Identifier: BSD-2-Clause */
/* What the one platform question (Xen or not) answers with: the functions that differ. Asked once, in kernel/main.c. */
#ifndef DRIVERS_PLATFORM_H
#define DRIVERS_PLATFORM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/start_info.h"
#include "x86/cpus.h"

#include "spec/platform.acsl"

struct platform {
    const char *name; /* as the greeting and uname show it: "Xen 4.17", "KVM", "QEMU TCG" ... */
    bool is_xen;
    /* Writes all of it; a device that takes nothing within a bound loses the rest, never blocks the kernel for ever. */
    void (*console_write)(const char *text, size_t size);
    /* Writes what the device takes within a few milliseconds: how many bytes. */
    size_t (*console_offer)(const char *text, size_t size);
    /* How long output may wait for a reader that takes nothing, before it is lost. */
    uint64_t console_patience_ns;
    /* One input byte 0..255, or -1 when none waits. */
    int (*console_read)(void);
    /* Nanoseconds since boot, never going back. */
    uint64_t (*clock_monotonic)(void);
    /* Nanoseconds since 1970 at clock_monotonic() == 0. */
    uint64_t (*clock_wall_base)(void);
    /* Halts the CPU that asks, with interrupts on, until one arrives or about deadline_ns (monotonic); may return early. Called with
       them off. */
    void (*idle_until)(uint64_t deadline_ns);
    /* Did the host ask for the end since it was asked last? Never waits. */
    bool (*is_asked_to_end)(void);
    /* An interrupt comes to the CPU that asks at about deadline_ns (monotonic), or a little before; what it asked for earlier is
       forgotten. UINT64_MAX: none is wanted. */
    void (*interrupt_at)(uint64_t deadline_ns);
    /* CPUs 0 to cpu_count - 1 (at most CPUS_MAX) are there to be had; valid after platform_count_cpus. Number 0 booted. */
    uint32_t cpu_count;
    bool wants_start_page; /* others begin in a page below 1 MiB: platform_set_start_page */
    /* Starts another CPU, which has its stacks: it gets to cpu_entry (x86/cpus.h) with its number, in 64-bit mode, paged by kmap_root,
       interrupts off. True when cpus_is_up(cpu); false when the host refuses, or it is not up within a bounded time: then it never
       will be. Called on CPU 0, one after the other, after platform_start and before the application has pages. */
    bool (*cpu_start)(uint32_t cpu);
    /* On each CPU that was started, once, with the kernel lock and interrupts off: its own timer and what the functions in cpus want. */
    void (*cpu_begin)(void);
    struct cpus_host cpus; /* how they are interrupted, and wait for each other: x86/cpus.h */
    /* Ends the machine with that status; tries every way it has, then halts. */
    void (*power_end)(int status) __attribute__((noreturn));
};

/* The answer; valid after platform_probe. */
extern struct platform platform;

/*@ terminates \true; exits \false; assigns ghost_ns;
    ensures read: \result == ghost_ns;
    ensures forward: ghost_ns >= \old(ghost_ns); */
static inline uint64_t platform_now(void)
{
    return platform.clock_monotonic();
}

/*@ terminates \true; exits \false; assigns ghost_base;
    ensures read: \result == ghost_base; */
static inline uint64_t platform_wall_base(void)
{
    return platform.clock_wall_base();
}

/* Asks CPUID's hypervisor leaf, fills platform and sets the console up for output. Reads no memory but its own. */
void platform_probe(void);

/* How many CPUs there are: platform.cpu_count. rsdp: where the firmware's tables begin (physical), or 0. Reads by kmap_read only. */
void platform_count_cpus(uint64_t rsdp);

/* That page of RAM (1 to 255), which nobody uses, is where other CPUs begin; it is kept for good. */
void platform_set_start_page(uint32_t page);

/* Starts the clock. After frames; before anything asks the time. */
void platform_start(void);

/* The memory map when start_info has none (version 0): fills at most max entries and says how many; 0 when nobody tells. */
uint32_t platform_memory_map(struct boot_entry *map, uint32_t max);

/* The sender of the console's input begins with idle bytes (spec/console.md), so the console may become fast at the cost of one. */
void platform_console_is_framed(void);

/* Input and the timer interrupt the application from now on; an idle CPU asks for this by itself. After platform_start; again is no
   error. */
void platform_start_interrupts(void);

#endif
