/* SPDX-License-Identifier: BSD-2-Clause */
#include "x86/fpu.h"
#include "lib/bytes.h"
#include "lib/string.h"
#include "x86/cpu.h"

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
   they load would be lost, and what they save could be another guest's. FNSTCW does count, and unlike FNOP it does not raise an
   exception that the application has unmasked and not yet met. */
void fpu_state_save(struct fpu_state *state)
{
    uint16_t word;

    if (cpu.xsave)
        __asm__ volatile("fnstcw %1; xsave64 %0" : "+m"(*state), "=m"(word) : "a"((uint32_t)cpu.xsave_mask), "d"(0));
    else
        __asm__ volatile("fxsave64 %0" : "+m"(*state));
}

void fpu_state_load(const struct fpu_state *state)
{
    uint16_t word;

    if (cpu.xsave)
        __asm__ volatile("fnstcw %0; xrstor64 %1" : "=m"(word) : "m"(*state), "a"((uint32_t)cpu.xsave_mask), "d"(0));
    else
        __asm__ volatile("fxrstor64 %0" ::"m"(*state));
}

uint32_t fpu_mxcsr_mask(void)
{
    static struct fpu_state state;
    static uint32_t mask;

    if (mask == 0) {
        fpu_state_save(&state);
        mask = read_le32(state.byte, FPU_STATE_SIZE, FXSAVE_MXCSR_MASK);
        if (mask == 0)
            mask = 0xffbf; /* SDM volume 1, 11.6.6: zero stands for this one */
    }
    return mask;
}

uint32_t fpu_exceptions(bool is_simd)
{
    enum { EXCEPTIONS = 0x3f, MXCSR_MASKS_SHIFT = 7 };
    uint16_t status, control;
    uint32_t mxcsr;

    __asm__ volatile("fnstsw %0; fnstcw %1; stmxcsr %2" : "=m"(status), "=m"(control), "=m"(mxcsr));
    return (is_simd ? mxcsr & ~(mxcsr >> MXCSR_MASKS_SHIFT) : status & ~(uint32_t)control) & EXCEPTIONS;
}
