/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory file system as the rest of the kernel sees it. Errors are negative Linux numbers. */
#ifndef KERNEL_FS_FS_H
#define KERNEL_FS_FS_H
#include <linux/errno.h>
#include <stdint.h>

/* RLIMIT_NOFILE, soft and hard. */
#define FS_DESCRIPTORS 1024u

/* The longest path with its NUL. */
#define FS_PATH_MAX 4096u

/* The root, and the console as descriptors 0, 1 and 2. /dev, /proc and the rest appear at the first path walk. Once, before
   all others here. 0 or -ENOMEM. */
int fs_init(void);

/* Why an archive was refused, and at which byte. */
struct fs_refusal {
    const char *text;
    uint64_t at;
};

/* Judges the whole newc archive, then makes its files; their bytes stay where they are, so the archive must stay readable.
   0, -ENOSPC, or -EINVAL with the reason in *refusal. */
int fs_unpack(const uint8_t *archive, uint64_t size, struct fs_refusal *refusal);

/* The bare ELF becomes a regular file in the root, mode 0755, with the last part of path as its name, at the first path walk.
   Its bytes stay where they are. */
void fs_add_program(const char *path, const uint8_t *elf, uint64_t size);

/* The bytes of a program in the archive, contiguous; /proc/self/exe names it from now on. -ENOENT, -ENOTDIR, -ELOOP,
   -ENAMETOOLONG, -EISDIR, -EACCES (no regular file, or without x bit), -ENOSPC. */
int fs_lookup_program(const char *path, const uint8_t **bytes, uint64_t *size);

/* The node of an open file for a mapping with PROT_ and MAP_ bits: -EBADF, -EACCES (not opened so), -ENODEV (no regular
   file). No reference is taken. */
/*@ requires valid: \valid(node);
    terminates \true; exits \false; assigns *node;
    ensures status: \result == 0 || \result == -EBADF || \result == -EACCES || \result == -ENODEV; */
int fd_mappable_node(uint64_t fd, int prot, int flags, uint32_t *node);

/* A mapping of the node begins or ends. */
void fs_node_ref(uint32_t node);
void fs_node_unref(uint32_t node);

/* Fills the 4096 bytes at page with the file from the page-aligned offset, zeros after its end; -EFAULT, and nothing
   written, when the page lies wholly behind the end. */
int fs_fill_page(uint32_t node, uint64_t offset, void *page);

/* The bytes of the node's file (for limits of a mapping). */
uint64_t fs_node_size(uint32_t node);

/* Texts of /proc that other parts of the kernel know: writes at most size bytes to out, from a byte of the text on,
   and gives how many. Until one is set the file is empty. FS_TEXT_THREADS is the number of threads, a part of two files. */
typedef uint64_t fs_text_fn(char *out, uint64_t size, uint64_t from);
enum fs_text { FS_TEXT_MAPS, FS_TEXT_CMDLINE, FS_TEXT_ENVIRON, FS_TEXT_THREADS, FS_TEXT_COUNT };
void fs_set_text(enum fs_text which, fs_text_fn *text);

#endif
