/* SPDX-License-Identifier: BSD-2-Clause */
/* Lets the module in, or not. */
#ifndef KERNEL_IMAGE_ADMIT_H
#define KERNEL_IMAGE_ADMIT_H
#include "kernel/image_verify.h"

/* Verifies the module with the kernel's own keys, and takes off the command line what the image does not allow, with a line for each.
   Only IMAGE_OK says that it is signed; all else is the reason against it. */
/*@ requires readable: \valid_read(module + (0 .. size - 1)) && size <= 0x7fffffffffffff00;
    requires line: \valid(cmdline);
    requires apart: \valid(out) && \separated(out, cmdline, module + (0 .. size - 1), &verify_keys);
    requires keys: verify_keys.count <= VERIFY_MAX_KEYS;
    terminates \true; exits \false;
    assigns *out, cmdline->console, cmdline->init, cmdline->ip, cmdline->loglevel, cmdline->strace, cmdline->env_count,
      cmdline->arg_count, ghost_machine;
    ensures signed: \result == IMAGE_OK ==> ImageSigned(module, out, &verify_keys);
    ensures inside: \result == IMAGE_OK ==> 0 < out->image.payload_size < size; */
enum image_status image_admit(const uint8_t *module, uint64_t size, struct cmdline *cmdline, struct verified *out);

/* What was admitted, into the log and Xen's store. Never waits. */
/*@ terminates \true; exits \false; assigns ghost_machine; */
void image_tell(const struct verified *image);

#endif
