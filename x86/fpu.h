/* SPDX-License-Identifier: BSD-2-Clause */
/* The application's x87, SSE and AVX registers. The kernel itself is built without them. */
#ifndef X86_FPU_H
#define X86_FPU_H
#include <stdint.h>

/* Room for x87, SSE, AVX and AVX-512 state in XSAVE's standard format (SDM volume 1, 13.4). */
#define FPU_STATE_SIZE 2752

struct fpu_state {
    uint8_t byte[FPU_STATE_SIZE];
} __attribute__((aligned(64)));

/* The state a new thread starts with, the CPU's own after reset: no register keeps what someone else left there. */
void fpu_state_clear(struct fpu_state *state);

/* Keeps all of the state that applications can reach. The state was cleared once. */
void fpu_state_save(struct fpu_state *state);

/* Loads all of the state that applications can reach. */
void fpu_state_load(const struct fpu_state *state);

#endif
