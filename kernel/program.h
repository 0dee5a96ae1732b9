/* SPDX-License-Identifier: BSD-2-Clause */
/* From a module's bytes to a running program: archive or ELF, address space, initial stack. */
#ifndef KERNEL_PROGRAM_H
#define KERNEL_PROGRAM_H
#include <stdbool.h>
#include <stdint.h>

#include "kernel/image_verify.h"

/* The node of areas that show the program's own bytes, which need no file system node. */
#define NODE_PROGRAM 0xfffffffcu

/* Has the file system that node? The others are NODE_PROGRAM, NODE_VDSO and those of mm/. */
static inline bool node_is_file(uint32_t node)
{
    return node < NODE_PROGRAM;
}

/* What is set aside for the stack: 8 MiB, Linux's default limit. */
#define PROGRAM_STACK_SIZE 0x800000ULL

/* Loads the program that the image's payload holds and enters it; a refusal ends the machine with one clear line (status 126; 127 when
   there is no such program). module stays readable for ever. T8: it cannot be called with bytes that nobody signed. */
/*@ requires signed: ImageSigned(module, image, &verify_keys);
    requires payload: \valid_read(module + (0 .. image->image.payload_size - 1));
    terminates \true; exits \false; assigns ghost_machine; */
_Noreturn void program_run(const uint8_t *module, const struct verified *image, const struct cmdline *cmdline);

#endif
