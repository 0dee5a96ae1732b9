/* SPDX-License-Identifier: BSD-2-Clause */
/* Fake frames and user memory for tests of what stands on them. */
#ifndef TESTS_UNIT_FAKE_MM_H
#define TESTS_UNIT_FAKE_MM_H
#include <stdint.h>

#define FAKE_FRAMES    16384u
#define FAKE_USER_SIZE (1u << 20)

/* Maps the frames (frame 0 is the first one given out) and the user memory. */
void fake_mm_start(void);

/* Frames given out and not freed. */
uint64_t fake_frames_used(void);

/* From now on frame_alloc has only so many frames left; FAKE_FRAMES: as many as there are. */
void fake_frames_left(uint64_t frames);

/* From now on the k-th allocation fails, once; 0: none. Gives whether the last one set has come. */
int fake_frames_fail_at(uint64_t k);

/* The user memory: FAKE_USER_SIZE bytes, with nothing mapped around them. Its addresses are the host's. */
uint8_t *fake_user(void);

/* The address of a text in user memory; the slot says which of 16 places it takes. */
uint64_t fake_text(unsigned slot, const char *text);

#endif
