/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/abi/vector.h"
#include "kernel/fs/slots.h"
#include "mm/user.h"
#include "mm/user_range.h"
#include <linux/errno.h>

#define PER_FRAME (FRAME_SIZE / sizeof(struct iovec))

struct iovec *vector_at(struct vector *vector, uint64_t i)
{
    if (vector->count <= IOV_FEW)
        return &vector->few[i];
    return (struct iovec *)frame_memory(vector->frames[i / PER_FRAME]) + i % PER_FRAME;
}

void vector_free(struct vector *vector)
{
    for (uint64_t i = 0; i < IOV_FRAMES; i++) {
        if (vector->frames[i] != 0)
            frame_free(vector->frames[i]);
    }
}

/* Copies the buffers' list into frames. */
static int vector_copy_many(struct vector *vector, uint64_t user)
{
    for (uint64_t i = 0; i < vector->count; i += PER_FRAME) {
        uint64_t n = vector->count - i < PER_FRAME ? vector->count - i : PER_FRAME;
        vector->frames[i / PER_FRAME] = fs_frame_alloc();
        if (vector->frames[i / PER_FRAME] == 0)
            return -ENOMEM;
        if (user_copy_in(vector_at(vector, i), user + i * sizeof(struct iovec), n * sizeof(struct iovec)) != 0)
            return -EFAULT;
    }
    return 0;
}

int vector_copy(struct vector *vector, uint64_t user, uint64_t count)
{
    if (count > IOV_MAX)
        return -EINVAL;
    vector->count = count;
    int status = count <= IOV_FEW ? user_copy_in(vector->few, user, count * sizeof(struct iovec))
                                  : vector_copy_many(vector, user);
    for (uint64_t i = 0; status == 0 && i < count; i++) {
        const struct iovec *iov = vector_at(vector, i);
        if ((int64_t)iov->iov_len < 0)
            return -EINVAL;
        if (!user_range_is_valid((uint64_t)iov->iov_base, iov->iov_len))
            status = -EFAULT;
    }
    return status;
}
