/* SPDX-License-Identifier: BSD-2-Clause */
/* The application's x87, SSE and AVX registers. The kernel itself is built without them. */
#ifndef X86_FPU_H
#define X86_FPU_H
#include <stdbool.h>
#include <stdint.h>

/* Room for x87, SSE, AVX and AVX-512 state in XSAVE's standard format (SDM volume 1, 13.4). */
#define FPU_STATE_SIZE 2752

/* Where in it: FXSAVE's area, and XSAVE's header behind it (SDM volume 1, 10.5.1 and 13.4.2). */
#define FXSAVE_FCW        0
#define FXSAVE_FSW        2
#define FXSAVE_MXCSR      24
#define FXSAVE_MXCSR_MASK 28
#define FXSAVE_SOFTWARE   464 /* free for software up to the end */
#define FXSAVE_SIZE       512
#define XSAVE_XSTATE_BV   512
#define XSAVE_XCOMP_BV    520
#define XSAVE_HEADER_SIZE 64

struct fpu_state {
    uint8_t byte[FPU_STATE_SIZE];
} __attribute__((aligned(64)));

/* The state a new thread starts with, the CPU's own after reset: no register keeps what someone else left there. */
void fpu_state_clear(struct fpu_state *state);

/* Keeps all of the state that applications can reach. The state was cleared once. */
void fpu_state_save(struct fpu_state *state);

/* Exceptions of SSE, or of x87, that the application has unmasked and met: invalid 1, denormal 2, division by zero 4, overflow 8, underflow 16,
   precision 32. */
/*@ terminates \true; exits \false; assigns \nothing; */
uint32_t fpu_exceptions(bool is_simd);

/* The bits of MXCSR that this CPU has. */
uint32_t fpu_mxcsr_mask(void);

/* Loads all of the state that applications can reach. */
void fpu_state_load(const struct fpu_state *state);

#endif
