/* SPDX-License-Identifier: BSD-2-Clause */
/* Judging what a program says that its handler interrupted, before any of it reaches the CPU. spec/signal.md. */
#ifndef KERNEL_SIGNAL_JUDGE_H
#define KERNEL_SIGNAL_JUDGE_H
#include <stdint.h>

#include "lib/bytes.h"
#include "mm/user_range.h"
#include "x86/fpu.h"
#include "x86/layout.h"
#include "x86/trap.h"

/* RFLAGS: what a program may set with sigreturn, as Linux's FIX_EFLAGS has it (carry, parity, adjust, zero, sign, trap, direction,
   overflow, resume, alignment check). Of the rest, interrupts are on, bit 1 is one, and I/O privilege is none. */
#define FLAGS_USER       0x50dd5ULL
#define FLAGS_FIXED      0x202ULL
#define FLAGS_FIXED_MASK 0xfffffffffffaf22aULL

enum signal_lie {
    SIGNAL_TRUE,
    SIGNAL_BAD_SEGMENT, /* not ring 3's own two */
    SIGNAL_BAD_RIP,     /* outside the user half, or not canonical */
    SIGNAL_BAD_RSP,
    SIGNAL_BAD_MXCSR,    /* a reserved bit */
    SIGNAL_BAD_FEATURES, /* XSTATE_BV: a state that is not switched on */
    SIGNAL_BAD_HEADER,   /* the compacted format, or a reserved byte */
};

#include "spec/signal_judge.acsl"

/* The frame with which a thread goes on, as sigreturn found it on the application's stack. Flags that are not the application's
   are put right in silence, as on Linux; any other lie changes nothing. */
/*@ requires valid: \valid(frame);
    terminates \true; exits \false; assigns frame->rflags;
    ensures safe: \result == SIGNAL_TRUE ==> FrameIsUser(frame);
    ensures no_privilege: \result == SIGNAL_TRUE ==> (frame->rflags & FLAGS_FIXED_MASK) == FLAGS_FIXED;
    ensures flags: \result == SIGNAL_TRUE ==> frame->rflags == ((\old(frame->rflags) & FLAGS_USER) | FLAGS_FIXED);
    behavior segment:
      assumes frame->cs != SEL_USER_CODE || frame->ss != SEL_USER_DATA;
      ensures \result == SIGNAL_BAD_SEGMENT && FrameSame{Pre, Post}(frame);
    behavior rip:
      assumes frame->cs == SEL_USER_CODE && frame->ss == SEL_USER_DATA && frame->rip >= USER_END;
      ensures \result == SIGNAL_BAD_RIP && FrameSame{Pre, Post}(frame);
    behavior rsp:
      assumes frame->cs == SEL_USER_CODE && frame->ss == SEL_USER_DATA && frame->rip < USER_END && frame->rsp > USER_END;
      ensures \result == SIGNAL_BAD_RSP && FrameSame{Pre, Post}(frame);
    behavior accepted:
      assumes frame->cs == SEL_USER_CODE && frame->ss == SEL_USER_DATA && frame->rip < USER_END && frame->rsp <= USER_END;
      ensures \result == SIGNAL_TRUE;
    complete behaviors;
    disjoint behaviors; */
enum signal_lie signal_judge_frame(struct trap_frame *frame);

/* A state of x87, SSE and AVX as sigreturn found it: would XRSTOR (without XSAVE: FXRSTOR) take it, on a CPU with these features
   switched on and these bits in MXCSR? SDM volume 1, 13.8.1. */
/*@ requires valid: \valid_read(state->byte + (0 .. FPU_STATE_SIZE - 1));
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == SIGNAL_TRUE <==> (Le32(&state->byte[0], FXSAVE_MXCSR) & (uint32_t)~mxcsr_mask) == 0
      && (Le64(&state->byte[0], XSAVE_XSTATE_BV) & (uint64_t)~features) == 0
      && HeaderClear(&state->byte[0], XSAVE_HEADER_SIZE - 8);
    ensures mxcsr: \result == SIGNAL_BAD_MXCSR ==> (Le32(&state->byte[0], FXSAVE_MXCSR) & (uint32_t)~mxcsr_mask) != 0;
    ensures features: \result == SIGNAL_BAD_FEATURES ==> (Le64(&state->byte[0], XSAVE_XSTATE_BV) & (uint64_t)~features) != 0;
    ensures header: \result == SIGNAL_BAD_HEADER ==> !HeaderClear(&state->byte[0], XSAVE_HEADER_SIZE - 8);
    ensures named: \result == SIGNAL_TRUE || \result == SIGNAL_BAD_MXCSR || \result == SIGNAL_BAD_FEATURES ||
      \result == SIGNAL_BAD_HEADER; */
enum signal_lie signal_judge_fpu(const struct fpu_state *state, uint64_t features, uint32_t mxcsr_mask);

#endif
