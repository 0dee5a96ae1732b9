/* SPDX-License-Identifier: BSD-2-Clause */
#include "x86/fpu.h"
#include "lib/string.h"
#include "x86/cpu.h"

enum { FXSAVE_FCW = 0, FXSAVE_MXCSR = 24, FXSAVE_SIZE = 512, XSAVE_HEADER_SIZE = 64 };

void fpu_state_clear(struct fpu_state *state)
{
    /* XSTATE_BV of zero means "initial state" for all that follows the legacy area. */
    memset(state->byte, 0, FXSAVE_SIZE + XSAVE_HEADER_SIZE);
    state->byte[FXSAVE_FCW] = 0x7f;
    state->byte[FXSAVE_FCW + 1] = 0x03;
    state->byte[FXSAVE_MXCSR] = 0x80;
    state->byte[FXSAVE_MXCSR + 1] = 0x1f;
}

/* Xen gives a guest its FPU when it first touches it. QEMU's XSAVE and XRSTOR do not count as a touch (they ignore CR0.TS): what
   they load would be lost, and what they save could be another guest's. FNOP does count. */
void fpu_state_save(struct fpu_state *state)
{
    if (cpu.xsave)
        __asm__ volatile("fnop; xsave64 %0" : "+m"(*state) : "a"((uint32_t)cpu.xsave_mask), "d"(0));
    else
        __asm__ volatile("fxsave64 %0" : "+m"(*state));
}

void fpu_state_load(const struct fpu_state *state)
{
    if (cpu.xsave)
        __asm__ volatile("fnop; xrstor64 %0" ::"m"(*state), "a"((uint32_t)cpu.xsave_mask), "d"(0));
    else
        __asm__ volatile("fxrstor64 %0" ::"m"(*state));
}
