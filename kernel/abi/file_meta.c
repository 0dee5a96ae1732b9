/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known about a file: stat, access, mode, owner. */
#include "kernel/abi/file.h"
#include "kernel/fs/device.h"
#include "kernel/fs/node.h"
#include "kernel/fs/open.h"
#include "kernel/fs/path.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/user.h"
#include <asm/stat.h>
#include <asm/statfs.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <stddef.h>

#define NS_PER_SECOND 1000000000
#define FS_DEVICE     1u /* st_dev: there is one file system */
#define STAT_SECTOR   512u
#define STAT_AT_FLAGS (AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH)
#define X_OK          1u
#define ACCESS_ALL    7u
#define ANY_X         (S_IXUSR | S_IXGRP | S_IXOTH)

static uint32_t file_mask = 022;

/*@ ensures exact: \result == (uint32_t)((uint32_t)((uint32_t)mode & NODE_BITS) & (uint32_t)~file_mask); */
uint32_t umask_apply(uint64_t mode)
{
    return (uint32_t)mode & NODE_BITS & ~file_mask;
}

/*@ requires valid: \valid_read(arg + (0 .. 5));
    terminates \true; exits \false; assigns file_mask;
    ensures old: \result == \old(file_mask);
    ensures set: file_mask == ((uint32_t)arg[0] & 0777); */
int64_t sys_umask(const uint64_t arg[6])
{
    uint32_t old = file_mask;
    file_mask = (uint32_t)arg[0] & 0777;
    return old;
}

/* The node an *at call is about. */
static int64_t find_at(uint64_t dirfd, uint64_t user_path, uint64_t flags)
{
    struct place place;
    unsigned walk = (flags & AT_SYMLINK_NOFOLLOW) != 0 ? 0 : PATH_FOLLOW;
    walk |= (flags & AT_EMPTY_PATH) != 0 ? PATH_EMPTY : 0u;
    int status = path_find_user(dirfd, user_path, walk, &place);
    return status != 0 ? status : (int64_t)place.node;
}

static int64_t find(uint64_t user_path, uint64_t flags)
{
    return find_at((uint64_t)AT_FDCWD, user_path, flags);
}

static int64_t find_open(const struct open_file *file)
{
    return file == NULL ? -EBADF : (int64_t)file->node;
}

static uint64_t node_sectors(const struct node *node)
{
    uint64_t bytes = node->base_size != 0 ? node->size : (uint64_t)node->pages * FRAME_SIZE;
    return (bytes + STAT_SECTOR - 1) / STAT_SECTOR;
}

/* Seconds and the rest of nanoseconds, which is never negative. */
static int64_t time_split(int64_t time, uint64_t *nanoseconds)
{
    time = node_time(time);
    int64_t rest = time % NS_PER_SECOND;
    rest += rest < 0 ? NS_PER_SECOND : 0;
    *nanoseconds = (uint64_t)rest;
    return (time - rest) / NS_PER_SECOND;
}

static int64_t stat_out(int64_t id, uint64_t user)
{
    if (id < 0)
        return id;
    const struct node *node = node_at((uint32_t)id);
    struct stat stat;
    memset(&stat, 0, sizeof(stat));
    stat.st_dev = FS_DEVICE;
    stat.st_ino = (uint64_t)id;
    stat.st_nlink = node->nlink;
    stat.st_mode = node->mode;
    stat.st_uid = node->uid;
    stat.st_gid = node->gid;
    stat.st_rdev = device_number(node);
    stat.st_size = (int64_t)node->size;
    stat.st_blksize = FRAME_SIZE;
    stat.st_blocks = (int64_t)node_sectors(node);
    stat.st_atime = (uint64_t)time_split(node->atime, &stat.st_atime_nsec);
    stat.st_mtime = (uint64_t)time_split(node->mtime, &stat.st_mtime_nsec);
    stat.st_ctime = (uint64_t)time_split(node->ctime, &stat.st_ctime_nsec);
    return user_copy_out(user, &stat, sizeof(stat));
}

int64_t sys_stat(const uint64_t arg[6])
{
    return stat_out(find(arg[0], 0), arg[1]);
}

int64_t sys_lstat(const uint64_t arg[6])
{
    return stat_out(find(arg[0], AT_SYMLINK_NOFOLLOW), arg[1]);
}

int64_t sys_fstat(const uint64_t arg[6])
{
    return stat_out(find_open(fd_any_file(arg[0])), arg[1]);
}

int64_t sys_newfstatat(const uint64_t arg[6])
{
    if (((uint32_t)arg[3] & ~(uint32_t)STAT_AT_FLAGS) != 0)
        return -EINVAL;
    return stat_out(find_at(arg[0], arg[1], arg[3]), arg[2]);
}

static struct statx_timestamp statx_time(int64_t time)
{
    uint64_t rest = 0;
    struct statx_timestamp stamp = { .tv_sec = time_split(time, &rest) };
    stamp.tv_nsec = (uint32_t)rest;
    return stamp;
}

int64_t sys_statx(const uint64_t arg[6])
{
    if (((uint32_t)arg[2] & ~(uint32_t)(STAT_AT_FLAGS | AT_STATX_SYNC_TYPE)) != 0 || (arg[3] & STATX__RESERVED) != 0)
        return -EINVAL;
    int64_t id = find_at(arg[0], arg[1], arg[2]);
    if (id < 0)
        return id;
    const struct node *node = node_at((uint32_t)id);
    uint32_t device = device_number(node);
    struct statx statx;
    memset(&statx, 0, sizeof(statx));
    statx.stx_mask = STATX_BASIC_STATS;
    statx.stx_blksize = FRAME_SIZE;
    statx.stx_nlink = node->nlink;
    statx.stx_uid = node->uid;
    statx.stx_gid = node->gid;
    statx.stx_mode = node->mode;
    statx.stx_ino = (uint64_t)id;
    statx.stx_size = node->size;
    statx.stx_blocks = node_sectors(node);
    statx.stx_atime = statx_time(node->atime);
    statx.stx_mtime = statx_time(node->mtime);
    statx.stx_ctime = statx_time(node->ctime);
    statx.stx_rdev_major = device >> 8 & 0xfff;
    statx.stx_rdev_minor = (device & 0xff) | (device >> 12 & ~0xffu);
    statx.stx_dev_minor = FS_DEVICE;
    return user_copy_out(arg[4], &statx, sizeof(statx));
}

static int64_t statfs_out(int64_t id, uint64_t user)
{
    if (id < 0)
        return id;
    struct statfs statfs;
    memset(&statfs, 0, sizeof(statfs));
    statfs.f_type = TMPFS_MAGIC;
    statfs.f_bsize = statfs.f_frsize = FRAME_SIZE;
    statfs.f_blocks = (int64_t)frame_count_total();
    statfs.f_bfree = statfs.f_bavail = (int64_t)frame_count_free();
    statfs.f_files = NODE_LIMIT;
    statfs.f_ffree = NODE_LIMIT - node_count();
    statfs.f_namelen = ENTRY_NAME_MAX;
    return user_copy_out(user, &statfs, sizeof(statfs));
}

int64_t sys_statfs(const uint64_t arg[6])
{
    return statfs_out(find(arg[0], 0), arg[1]);
}

int64_t sys_fstatfs(const uint64_t arg[6])
{
    return statfs_out(find_open(fd_any_file(arg[0])), arg[1]);
}

/* The application is root: only executing asks for a mode bit, and texts of the kernel cannot be written. */
static int64_t access_at(uint64_t dirfd, uint64_t user_path, uint64_t mode, uint64_t flags)
{
    if ((mode & ~(uint64_t)ACCESS_ALL) != 0)
        return -EINVAL;
    if ((flags & ~(uint64_t)(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
        return -EINVAL;
    int64_t id = find_at(dirfd, user_path, flags);
    if (id < 0)
        return id;
    const struct node *node = node_at((uint32_t)id);
    bool allowed = (mode & X_OK) == 0 || node_is(node, S_IFDIR) || (node->mode & ANY_X) != 0;
    return allowed ? 0 : -EACCES;
}

int64_t sys_access(const uint64_t arg[6])
{
    return access_at((uint64_t)AT_FDCWD, arg[0], (uint32_t)arg[1], 0);
}

int64_t sys_faccessat(const uint64_t arg[6])
{
    return access_at(arg[0], arg[1], (uint32_t)arg[2], 0);
}

int64_t sys_faccessat2(const uint64_t arg[6])
{
    return access_at(arg[0], arg[1], (uint32_t)arg[2], (uint32_t)arg[3]);
}

static int64_t change_mode(int64_t id, uint64_t mode)
{
    if (id < 0)
        return id;
    struct node *node = node_at((uint32_t)id);
    node->mode = (uint16_t)((node->mode & S_IFMT) | (mode & NODE_BITS));
    node->ctime = node_now();
    return 0;
}

int64_t sys_chmod(const uint64_t arg[6])
{
    return change_mode(find(arg[0], 0), arg[1]);
}

int64_t sys_fchmod(const uint64_t arg[6])
{
    return change_mode(find_open(fd_file(arg[0])), arg[1]);
}

int64_t sys_fchmodat(const uint64_t arg[6])
{
    return change_mode(find_at(arg[0], arg[1], 0), arg[2]);
}

/* Owner or group -1 stays as it is. */
static int64_t change_owner(int64_t id, uint64_t uid, uint64_t gid)
{
    if (id < 0)
        return id;
    struct node *node = node_at((uint32_t)id);
    node->uid = (uint32_t)uid == UINT32_MAX ? node->uid : (uint32_t)uid;
    node->gid = (uint32_t)gid == UINT32_MAX ? node->gid : (uint32_t)gid;
    node->ctime = node_now();
    return 0;
}

int64_t sys_chown(const uint64_t arg[6])
{
    return change_owner(find(arg[0], 0), arg[1], arg[2]);
}

int64_t sys_lchown(const uint64_t arg[6])
{
    return change_owner(find(arg[0], AT_SYMLINK_NOFOLLOW), arg[1], arg[2]);
}

int64_t sys_fchown(const uint64_t arg[6])
{
    return change_owner(find_open(fd_file(arg[0])), arg[1], arg[2]);
}

int64_t sys_fchownat(const uint64_t arg[6])
{
    if (((uint32_t)arg[4] & ~(uint32_t)(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)) != 0)
        return -EINVAL;
    return change_owner(find_at(arg[0], arg[1], arg[4]), arg[2], arg[3]);
}
