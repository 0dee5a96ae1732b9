/* SPDX-License-Identifier: BSD-2-Clause */
/* The pages are closed: an access faults, is let through as a single step, and traps behind it. */
#define _GNU_SOURCE /* REG_ERR */
#include "fake/mmio.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { PAGE = 0x4000, PAGES = 2, ERROR_WRITE = 2, FLAG_TRAP = 0x100 };

static uint8_t *pages;
static unsigned used;
static struct {
    uint32_t place;
    bool is_write;
} step;

static void before(int number, siginfo_t *info, void *context)
{
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
    uintptr_t place = (uintptr_t)info->si_addr - (uintptr_t)pages;

    if (place >= (uintptr_t)used * PAGE) {
        signal(number, SIG_DFL);
        return;
    }
    mprotect(pages, PAGES * PAGE, PROT_READ | PROT_WRITE);
    place -= place % 4;
    step.place = (uint32_t)place;
    step.is_write = regs[REG_ERR] & ERROR_WRITE;
    if (!step.is_write)
        *(uint32_t *)(pages + place) = mmio_read((unsigned)(place / PAGE), place % PAGE);
    else if (mmio_race != NULL)
        mmio_race((unsigned)(place / PAGE), place % PAGE, (uint32_t *)(pages + place));
    regs[REG_EFL] |= FLAG_TRAP;
}

static void after(int number, siginfo_t *info, void *context)
{
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
    uint32_t value = *(uint32_t *)(pages + step.place);

    (void)number;
    (void)info;
    mprotect(pages, PAGES * PAGE, PROT_NONE);
    regs[REG_EFL] &= ~FLAG_TRAP;
    if (step.is_write)
        mmio_write(step.place / PAGE, step.place % PAGE, value);
}

volatile uint32_t *fake_mmio_page(void)
{
    struct sigaction fault = { .sa_sigaction = before, .sa_flags = SA_SIGINFO };
    struct sigaction trap = { .sa_sigaction = after, .sa_flags = SA_SIGINFO };

    if (used == 0) {
        pages = mmap(NULL, PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        sigaction(SIGSEGV, &fault, NULL);
        sigaction(SIGTRAP, &trap, NULL);
    }
    if (pages == MAP_FAILED || used == PAGES)
        abort();
    return (volatile uint32_t *)(pages + PAGE * used++);
}
