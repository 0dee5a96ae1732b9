/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading and writing an open file, whatever it is. */
#ifndef KERNEL_FS_FILE_H
#define KERNEL_FS_FILE_H
#include "kernel/fs/data.h"
#include "kernel/fs/open.h"
#include <stdbool.h>
#include <stdint.h>

/* The most bytes one call moves, as on Linux. */
#define FILE_IO_MAX 0x7ffff000ULL

/* Up to n bytes (at most FILE_IO_MAX) at *offset, which moves on: how many or an error of read(2) or write(2). A file that
   has no positions leaves *offset alone. A write with O_APPEND goes to the end of the file.
   Both may wait: the caller holds the open file (file_hold). */
int64_t file_read(struct open_file *file, uint64_t *offset, const struct io_buffer *to, uint64_t n);
int64_t file_write(struct open_file *file, uint64_t *offset, const struct io_buffer *from, uint64_t n);

/* Has the file positions (pread, lseek)? */
bool file_has_positions(const struct open_file *file);

/* A regular file's node; NULL for others. */
struct node *file_regular(const struct open_file *file);

/* Would a read that already has something have to ask again? Then it ends: a pipe that ran empty, each line of a console. */
bool file_read_ends(const struct open_file *file);

/* POLL bits that hold now, after wait_catch_up. */
unsigned file_poll(const struct open_file *file);

#endif
