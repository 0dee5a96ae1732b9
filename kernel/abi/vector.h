/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of buffers of readv, sendmsg and the like, copied once. */
#ifndef KERNEL_ABI_VECTOR_H
#define KERNEL_ABI_VECTOR_H
#include "mm/frame.h"
#include <linux/uio.h>
#include <stdint.h>

#define IOV_MAX    1024u
#define IOV_FEW    8u
#define IOV_FRAMES (IOV_MAX * sizeof(struct iovec) / FRAME_SIZE)

struct vector {
    uint64_t count;
    struct iovec few[IOV_FEW]; /* when there are no more than that */
    uint32_t frames[IOV_FRAMES];
};

/* Copies the list of count buffers at user address user into an empty vector and judges all of it: 0, -EINVAL, -EFAULT, -ENOMEM.
   vector_free is due in any case. */
int vector_copy(struct vector *vector, uint64_t user, uint64_t count);
void vector_free(struct vector *vector);

/* A buffer of the list. */
struct iovec *vector_at(struct vector *vector, uint64_t i);

#endif
