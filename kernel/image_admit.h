/* SPDX-License-Identifier: BSD-2-Clause */
/* Lets the module in, or ends the machine. */
#ifndef KERNEL_IMAGE_ADMIT_H
#define KERNEL_IMAGE_ADMIT_H
#include "kernel/image_verify.h"

/* Verifies the module with the kernel's own keys, and takes off the command line what the image does not allow, with a line for each.
   A refusal is one line with the reason and status 126; size 0 is no application, 127. Comes back only with an image that is
   signed. */
/*@ requires readable: \valid_read(module + (0 .. size - 1)) && size <= 0x7fffffffffffffff;
    requires line: \valid(cmdline);
    requires apart: \valid(out) && \separated(out, cmdline, module + (0 .. size - 1), &verify_keys);
    requires keys: verify_keys.count <= VERIFY_MAX_KEYS;
    terminates \true; exits \false;
    assigns *out, cmdline->console, cmdline->init, cmdline->ip, cmdline->loglevel, cmdline->strace, cmdline->env_count,
      cmdline->arg_count, ghost_machine;
    ensures signed: ImageSigned(module, out, &verify_keys);
    ensures inside: 0 < out->image.payload_size < size; */
void image_admit(const uint8_t *module, uint64_t size, struct cmdline *cmdline, struct verified *out);

/* What was admitted, into the log and Xen's store. Never waits. */
/*@ terminates \true; exits \false; assigns ghost_machine; */
void image_tell(const struct verified *image);

#endif
