/* SPDX-License-Identifier: BSD-2-Clause */
/* Open files and the descriptors that name them. dup shares an open file; open makes one. */
#ifndef KERNEL_FS_OPEN_H
#define KERNEL_FS_OPEN_H
#include "kernel/fs/fs.h"
#include <linux/fcntl.h>
#include <stdbool.h>
#include <stdint.h>

struct open_file {
    uint64_t offset; /* position in bytes; in a directory: the entry to list next */
    uint32_t node;
    uint32_t flags;   /* O_ bits that F_GETFL shows */
    uint32_t refs;    /* descriptors, and calls that wait */
    uint16_t special; /* of the node */
    uint16_t id;
};

/* The console as descriptors 0, 1 and 2: 0 or -ENOMEM. */
int fd_start(void);

/* The open file of a descriptor; NULL when it is not open. fd_file: also NULL when it was opened with O_PATH. */
struct open_file *fd_any_file(uint64_t fd);
struct open_file *fd_file(uint64_t fd);

/* The open file with that id, which must be in use. */
struct open_file *file_at(uint32_t id);

/* Opens the node with O_ bits as the lowest free descriptor, which is the result; -EMFILE, -ENFILE. */
int64_t fd_open_node(uint32_t node, uint32_t flags);

/* Is a descriptor free? */
bool fd_is_room(void);

/* One more descriptor for the same open file, the lowest from least on: -EBADF, -EINVAL (least), -EMFILE. */
int64_t fd_dup(uint64_t fd, uint64_t least, bool cloexec);

/* The same as descriptor to, which is closed before if open; to is below FS_DESCRIPTORS and not fd, fd is open. */
void fd_dup_to(uint64_t fd, uint64_t to, bool cloexec);

/* 0 or -EBADF. */
int fd_close(uint64_t fd);

/* FD_CLOEXEC of an open descriptor; it is only kept, as nothing executes another program. */
bool fd_cloexec(uint64_t fd);
void fd_set_cloexec(uint64_t fd, bool cloexec);

/* A call that waits keeps its open file. */
void file_hold(struct open_file *file);
void file_release(struct open_file *file);

static inline bool file_readable(const struct open_file *file)
{
    return (file->flags & (O_ACCMODE | O_PATH)) == O_RDONLY || (file->flags & (O_ACCMODE | O_PATH)) == O_RDWR;
}

static inline bool file_writable(const struct open_file *file)
{
    return (file->flags & (O_ACCMODE | O_PATH)) == O_WRONLY || (file->flags & (O_ACCMODE | O_PATH)) == O_RDWR;
}

#endif
