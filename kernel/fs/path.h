/* SPDX-License-Identifier: BSD-2-Clause */
/* From a path to a place: the directory, the last name and what it stands for. */
#ifndef KERNEL_FS_PATH_H
#define KERNEL_FS_PATH_H
#include "kernel/fs/entry.h"
#include "kernel/fs/fs.h"
#include <stdbool.h>
#include <stdint.h>

#define PATH_HOPS_MAX 40u

enum path_flag {
    PATH_FOLLOW = 1, /* a symbolic link as the last name is followed */
    PATH_CREATE = 2, /* the last name may be missing: the place then has node 0 */
    PATH_NAME = 4,   /* the name itself is meant: neither a symbolic link nor a slash behind it matters here */
    PATH_FILE = 16,  /* a slash behind the last name is -EISDIR, whatever it stands for (O_CREAT) */
    PATH_EMPTY = 8,  /* the empty path means the start itself (AT_EMPTY_PATH) */
};

/* Valid until the next change of a name. */
struct place {
    uint32_t dir;    /* the directory of the name */
    uint32_t entry;  /* the name in it, 0 when missing */
    uint32_t node;   /* what it stands for, 0 when missing */
    uint32_t target; /* the node behind a link in /proc/self/fd that was not followed */
    uint32_t length; /* of the name; 0 when the path ended with . or .. or was / or reached the node without a name */
    bool slash;      /* a slash followed the name */
    bool dotdot;     /* the last component was .. */
    char name[ENTRY_NAME_MAX + 1];
};

/* Walks a path of the kernel's, of length bytes without NUL, from the directory start. 0, -ENOENT, -ENOTDIR, -ELOOP, -EISDIR,
   -ENAMETOOLONG, -ENOSPC. Places are not references: nothing may wait before they are used. */
int path_find(uint32_t start, const char *path, uint64_t length, unsigned flags, struct place *place);

/* The same for a path of the application's, copied once, from dirfd (AT_FDCWD: the working directory); also -EBADF, -EFAULT. */
int path_find_user(uint64_t dirfd, uint64_t user_path, unsigned flags, struct place *place);

/* The absolute path of a node with its NUL, in memory that the next path overwrites; its length without the NUL, or
   -ENOENT when no name leads to it, -ENAMETOOLONG. */
int64_t path_text(uint32_t node, const char **text);

/* The working directory, and changing it. */
uint32_t path_cwd(void);
void path_set_cwd(uint32_t node);

#endif
