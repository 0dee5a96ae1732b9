/* SPDX-License-Identifier: BSD-2-Clause */
/* System calls on files, directories and descriptors, with Linux's semantics (man section 2). */
#ifndef KERNEL_ABI_FILE_H
#define KERNEL_ABI_FILE_H
#include <stdint.h>

/* kernel/abi/file.c: descriptors */
int64_t sys_open(const uint64_t arg[6]);
int64_t sys_openat(const uint64_t arg[6]);
int64_t sys_creat(const uint64_t arg[6]);
int64_t sys_close(const uint64_t arg[6]);
int64_t sys_close_range(const uint64_t arg[6]);
int64_t sys_dup(const uint64_t arg[6]);
int64_t sys_dup2(const uint64_t arg[6]);
int64_t sys_dup3(const uint64_t arg[6]);
int64_t sys_fcntl(const uint64_t arg[6]);
int64_t sys_flock(const uint64_t arg[6]);

/* kernel/abi/file_ioctl.c */
int64_t sys_ioctl(const uint64_t arg[6]);

/* kernel/abi/file_pipe.c: files without names */
int64_t sys_pipe(const uint64_t arg[6]);
int64_t sys_pipe2(const uint64_t arg[6]);
int64_t sys_eventfd(const uint64_t arg[6]);
int64_t sys_eventfd2(const uint64_t arg[6]);
int64_t sys_memfd_create(const uint64_t arg[6]);

/* kernel/abi/file_io.c: bytes */
int64_t sys_read(const uint64_t arg[6]);
int64_t sys_write(const uint64_t arg[6]);
int64_t sys_pread64(const uint64_t arg[6]);
int64_t sys_pwrite64(const uint64_t arg[6]);
int64_t sys_readv(const uint64_t arg[6]);
int64_t sys_writev(const uint64_t arg[6]);
int64_t sys_preadv(const uint64_t arg[6]);
int64_t sys_pwritev(const uint64_t arg[6]);
int64_t sys_preadv2(const uint64_t arg[6]);
int64_t sys_pwritev2(const uint64_t arg[6]);

/* kernel/abi/file_size.c: positions, sizes and bytes from file to file */
int64_t sys_lseek(const uint64_t arg[6]);
int64_t sys_sendfile(const uint64_t arg[6]);
int64_t sys_copy_file_range(const uint64_t arg[6]);
int64_t sys_truncate(const uint64_t arg[6]);
int64_t sys_ftruncate(const uint64_t arg[6]);
int64_t sys_fallocate(const uint64_t arg[6]);
int64_t sys_fadvise64(const uint64_t arg[6]);
int64_t sys_readahead(const uint64_t arg[6]);
int64_t sys_fsync(const uint64_t arg[6]);
int64_t sys_fdatasync(const uint64_t arg[6]);
int64_t sys_sync(const uint64_t arg[6]);
int64_t sys_syncfs(const uint64_t arg[6]);

/* kernel/abi/file_meta.c: what is known about a file */
int64_t sys_stat(const uint64_t arg[6]);
int64_t sys_lstat(const uint64_t arg[6]);
int64_t sys_fstat(const uint64_t arg[6]);
int64_t sys_newfstatat(const uint64_t arg[6]);
int64_t sys_statx(const uint64_t arg[6]);
int64_t sys_statfs(const uint64_t arg[6]);
int64_t sys_fstatfs(const uint64_t arg[6]);
int64_t sys_access(const uint64_t arg[6]);
int64_t sys_faccessat(const uint64_t arg[6]);
int64_t sys_faccessat2(const uint64_t arg[6]);
int64_t sys_chmod(const uint64_t arg[6]);
int64_t sys_fchmod(const uint64_t arg[6]);
int64_t sys_fchmodat(const uint64_t arg[6]);
int64_t sys_chown(const uint64_t arg[6]);
int64_t sys_fchown(const uint64_t arg[6]);
int64_t sys_lchown(const uint64_t arg[6]);
int64_t sys_fchownat(const uint64_t arg[6]);
int64_t sys_utime(const uint64_t arg[6]);
int64_t sys_utimes(const uint64_t arg[6]);
int64_t sys_futimesat(const uint64_t arg[6]);
int64_t sys_utimensat(const uint64_t arg[6]);
int64_t sys_umask(const uint64_t arg[6]);

/* kernel/abi/dir.c: names */
int64_t sys_getdents64(const uint64_t arg[6]);
int64_t sys_getcwd(const uint64_t arg[6]);
int64_t sys_chdir(const uint64_t arg[6]);
int64_t sys_fchdir(const uint64_t arg[6]);
int64_t sys_readlink(const uint64_t arg[6]);
int64_t sys_readlinkat(const uint64_t arg[6]);
int64_t sys_mkdir(const uint64_t arg[6]);
int64_t sys_mkdirat(const uint64_t arg[6]);
int64_t sys_mknod(const uint64_t arg[6]);
int64_t sys_mknodat(const uint64_t arg[6]);
int64_t sys_rmdir(const uint64_t arg[6]);
int64_t sys_unlink(const uint64_t arg[6]);
int64_t sys_unlinkat(const uint64_t arg[6]);
int64_t sys_link(const uint64_t arg[6]);
int64_t sys_linkat(const uint64_t arg[6]);
int64_t sys_symlink(const uint64_t arg[6]);
int64_t sys_symlinkat(const uint64_t arg[6]);
int64_t sys_rename(const uint64_t arg[6]);
int64_t sys_renameat(const uint64_t arg[6]);
int64_t sys_renameat2(const uint64_t arg[6]);

/* kernel/abi/poll.c: waiting */
int64_t sys_poll(const uint64_t arg[6]);
int64_t sys_ppoll(const uint64_t arg[6]);
int64_t sys_select(const uint64_t arg[6]);
int64_t sys_pselect6(const uint64_t arg[6]);

/* The permission bits that umask(2) leaves of a new file's. */
/*@ terminates \true; exits \false; assigns \nothing; */
uint32_t umask_apply(uint64_t mode);

#endif
