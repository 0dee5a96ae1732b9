/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/signal_judge.h"

enum signal_lie signal_judge_frame(struct trap_frame *frame)
{
    if (frame->cs != SEL_USER_CODE || frame->ss != SEL_USER_DATA)
        return SIGNAL_BAD_SEGMENT;
    if (frame->rip >= USER_END)
        return SIGNAL_BAD_RIP;
    if (frame->rsp > USER_END)
        return SIGNAL_BAD_RSP;
    frame->rflags = (frame->rflags & FLAGS_USER) | FLAGS_FIXED;
    return SIGNAL_TRUE;
}

enum signal_lie signal_judge_fpu(const struct fpu_state *state, uint64_t features, uint32_t mxcsr_mask)
{
    const uint8_t *b = state->byte;

    if ((read_le32(b, FPU_STATE_SIZE, FXSAVE_MXCSR) & ~mxcsr_mask) != 0)
        return SIGNAL_BAD_MXCSR;
    if ((read_le64(b, FPU_STATE_SIZE, XSAVE_XSTATE_BV) & ~features) != 0)
        return SIGNAL_BAD_FEATURES;
    /*@ loop invariant bounds: 0 <= i <= XSAVE_HEADER_SIZE - 8;
        loop invariant clear: HeaderClear(b, i);
        loop assigns i;
        loop variant XSAVE_HEADER_SIZE - 8 - i; */
    for (uint32_t i = 0; i < XSAVE_HEADER_SIZE - 8; i++)
        if (b[XSAVE_XCOMP_BV + i] != 0)
            return SIGNAL_BAD_HEADER;
    return SIGNAL_TRUE;
}
