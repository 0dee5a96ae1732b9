/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes of names. Each judges first: after an error nothing has changed. Places come from path.h and end with the call. */
#ifndef KERNEL_FS_TREE_H
#define KERNEL_FS_TREE_H
#include "kernel/fs/path.h"
#include <stdint.h>

/* A new node of that mode (type and permissions) under a name that does not exist yet: its number, or -ENOSPC. */
int64_t tree_make(const struct place *place, uint32_t mode, uint32_t special);

/* The first name of a node, at the time now: 0 or -ENOSPC. */
int tree_name(const struct place *place, uint32_t node, int64_t now);

/* One more name for a node that is no directory: 0, -ENOSPC or -EMLINK. */
int tree_link(const struct place *place, uint32_t node);

/* Takes a name away: unlink (-EISDIR) or rmdir (-ENOTDIR, -ENOTEMPTY, -EBUSY for the root); -ENOENT. */
int tree_unlink(const struct place *place);
int tree_rmdir(const struct place *place);

/* rename(2); flags 0 or RENAME_NOREPLACE. */
int tree_rename(const struct place *from, const struct place *to, unsigned flags);

#endif
