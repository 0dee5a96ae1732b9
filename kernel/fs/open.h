/* SPDX-License-Identifier: BSD-2-Clause */
/* Open files and the descriptors that name them. dup shares an open file; open makes one. */
#ifndef KERNEL_FS_OPEN_H
#define KERNEL_FS_OPEN_H
#include "kernel/fs/fs.h"
#include "kernel/fs/node.h"
#include "kernel/fs/watch.h"
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <stdbool.h>
#include <stdint.h>

#define FILE_LIMIT 2048u
#define FILE_FLAGS (0xffffffffu - (O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC)) /* what F_GETFL shows */
#define FD_CLOSES  0x8000u /* what FD_CLOEXEC adds to a descriptor's number of an open file */

struct open_file {
    uint64_t offset; /* position in bytes; in a directory: the entry to list next */
    uint32_t node;
    uint32_t flags;   /* O_ bits that F_GETFL shows */
    uint32_t refs;    /* descriptors, and calls that wait */
    uint16_t special; /* of the node */
    uint16_t id;
};

/* The table, here because contracts name it. 0: closed. */
extern uint16_t descriptors[FS_DESCRIPTORS];

#include "spec/open.acsl"

/* The console as descriptors 0, 1 and 2: 0 or -ENOMEM. */
/*@ requires good: FilesGood && FdsFree(0);
    requires console: NodeMade(NODE_CONSOLE) && ghost_node[NODE_CONSOLE].refs < 0x7fffffff
      && ghost_node[NODE_CONSOLE].special == DEVICE_CONSOLE;
    terminates \true; exits \false;
    assigns ghost_file[ghost_file_next], ghost_file_used[ghost_file_next], ghost_held[ghost_file_next], ghost_file_next,
      ghost_turn[0 .. 2], descriptors[0 .. 2], ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1],
      ghost_elsewhere;
    ensures known: FilesKnown;
    ensures fds: FdsKnown;
    ensures apart: FdsApart;
    ensures result: \result == 0 || \result == -ENOMEM;
    ensures three: \result == 0 ==> descriptors[0] == descriptors[1] && descriptors[1] == descriptors[2];
    ensures open: \result == 0 ==> FdIs(0, \old(ghost_file_next));
    ensures file: \result == 0 ==> ghost_file[\old(ghost_file_next)].node == NODE_CONSOLE
      && ghost_file[\old(ghost_file_next)].refs == 3
      && ghost_file[\old(ghost_file_next)].flags == FileFlags(O_RDWR | O_LARGEFILE);
    ensures refused: \result != 0 ==> FdsSame{Pre, Post}(FS_DESCRIPTORS);
    ensures free: !FileUsed{Pre}(\old(ghost_file_next)); */
int fd_start(void);

/* The open file of a descriptor; NULL when it is not open. fd_file: also NULL when it was opened with O_PATH. */
/*@ requires good: FilesGood;
    terminates \true; exits \false; assigns \result \from fd, descriptors[0 .. FS_DESCRIPTORS - 1];
    ensures exact: FdOpen(fd % 0x100000000) ? \result == &ghost_file[FdFile(fd % 0x100000000)] && FileOf(\result)
      : \result == \null; */
struct open_file *fd_any_file(uint64_t fd);
/*@ requires good: FilesGood;
    terminates \true; exits \false; assigns \result \from fd, descriptors[0 .. FS_DESCRIPTORS - 1];
    ensures exact: FdOpen(fd % 0x100000000) && (ghost_file[FdFile(fd % 0x100000000)].flags & O_PATH) == 0 ?
      \result == &ghost_file[FdFile(fd % 0x100000000)] && FileOf(\result) : \result == \null; */
struct open_file *fd_file(uint64_t fd);

/* The open file with that id, which must be in use. */
/*@ requires inside: 0 < id < FILE_LIMIT;
    terminates \true; exits \false; assigns \result \from id;
    ensures place: \result == &ghost_file[id]; */
struct open_file *file_at(uint32_t id);

/* Opens the node with O_ bits as the lowest free descriptor, which is the result; -EMFILE, -ENFILE. */
/*@ requires good: FilesGood && FilesFew;
    requires node: NodeMade(node) && ghost_node[node].refs < 0x7fffffff;
    terminates \true; exits \false;
    assigns ghost_file[ghost_file_next], ghost_file_used[ghost_file_next], ghost_held[ghost_file_next], ghost_file_next,
      ghost_turn[0 .. FS_DESCRIPTORS - 1], descriptors[0 .. FS_DESCRIPTORS - 1], ghost_node[0 .. NODE_LIMIT - 1],
      ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere;
    ensures good: FilesGood;
    ensures full: FdsFull{Pre}(0) <==> \result == -EMFILE;
    ensures result: \result == -EMFILE || \result == -ENFILE || FdLowest{Pre}(\result, 0);
    ensures open: \result >= 0 ==> FdOpen(\result) && !FileUsed{Pre}(FdFile(\result))
      && ghost_file[FdFile(\result)].node == node && ghost_file[FdFile(\result)].refs == 1
      && ghost_file[FdFile(\result)].offset == 0 && ghost_file[FdFile(\result)].flags == FileFlags(flags)
      && ghost_file[FdFile(\result)].special == \old(ghost_node[node].special)
      && (descriptors[\result] >= FD_CLOSES <==> (flags & O_CLOEXEC) != 0);
    ensures fds: FdsSame{Pre, Post}(\result);
    ensures free: \result >= 0 ==> !FileUsed{Pre}(\old(ghost_file_next)); */
int64_t fd_open_node(uint32_t node, uint32_t flags);

/* Is a descriptor free? */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> !FdsFull(0); */
bool fd_is_room(void);

/* One more descriptor for the same open file, the lowest from least on: -EBADF, -EINVAL (least), -EMFILE. */
/*@ requires good: FilesGood && FilesFew;
    terminates \true; exits \false;
    assigns ghost_file[0 .. FILE_LIMIT - 1].refs, ghost_turn[0 .. FS_DESCRIPTORS - 1],
      descriptors[0 .. FS_DESCRIPTORS - 1];
    ensures good: FilesGood;
    ensures closed: \result == -EBADF <==> !FdOpen{Pre}(fd % 0x100000000);
    ensures least: \result == -EINVAL <==> FdOpen{Pre}(fd % 0x100000000) && least >= FS_DESCRIPTORS;
    ensures full: \result == -EMFILE <==> FdOpen{Pre}(fd % 0x100000000) && least < FS_DESCRIPTORS && FdsFull{Pre}(least);
    ensures result: \result < 0 || FdLowest{Pre}(\result, least);
    ensures open: \result >= 0 ==> FdIs(\result, FdFile{Pre}(fd % 0x100000000))
      && (descriptors[\result] >= FD_CLOSES <==> cloexec)
      && ghost_file[FdFile(\result)].refs == \at(ghost_file[FdFile{Pre}(fd % 0x100000000)].refs, Pre) + 1;
    ensures fds: FdsSame{Pre, Post}(\result);
    ensures others: FileOthersSame{Pre, Post}(\result < 0 ? 0 : FdFile(\result)); */
int64_t fd_dup(uint64_t fd, uint64_t least, bool cloexec);

/* The same as descriptor to, which is closed before if open; to is below FS_DESCRIPTORS and not fd, fd is open. */
/*@ requires good: FilesGood && FilesFew && FilesNodes;
    requires open: FdOpen(fd % 0x100000000) && to < FS_DESCRIPTORS && to != fd % 0x100000000;
    terminates \true; exits \false;
    assigns ghost_file[0 .. FILE_LIMIT - 1], ghost_file_used[0 .. FILE_LIMIT - 1], ghost_held[0 .. FILE_LIMIT - 1],
      ghost_turn[0 .. FS_DESCRIPTORS - 1], descriptors[0 .. FS_DESCRIPTORS - 1], ghost_node[0 .. NODE_LIMIT - 1],
      ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere, ghost_leaving;
    ensures good: FilesGood;
    ensures same: FdIs(to, FdFile{Pre}(fd % 0x100000000)) && (descriptors[to] >= FD_CLOSES <==> cloexec);
    ensures fds: FdsSame{Pre, Post}(to); */
void fd_dup_to(uint64_t fd, uint64_t to, bool cloexec);

/* 0 or -EBADF. */
/*@ requires good: FilesGood && FilesNodes;
    terminates \true; exits \false;
    assigns ghost_file[0 .. FILE_LIMIT - 1], ghost_file_used[0 .. FILE_LIMIT - 1], ghost_held[0 .. FILE_LIMIT - 1],
      ghost_turn[0 .. FS_DESCRIPTORS - 1], descriptors[0 .. FS_DESCRIPTORS - 1], ghost_node[0 .. NODE_LIMIT - 1],
      ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere, ghost_leaving;
    ensures good: FilesGood;
    ensures result: \result == 0 <==> FdOpen{Pre}(fd % 0x100000000);
    ensures error: \result == 0 || \result == -EBADF;
    ensures closed: !FdOpen(fd % 0x100000000);
    ensures fewer: \result == 0 && FileUsed(FdFile{Pre}(fd % 0x100000000)) ==> FileSame{Pre, Post}(FdFile{Pre}(fd % 0x100000000))
      && ghost_file[FdFile{Pre}(fd % 0x100000000)].refs
        == \at(ghost_file[FdFile{Pre}(fd % 0x100000000)].refs, Pre) - 1;
    ensures fds: FdsSame{Pre, Post}(fd % 0x100000000);
    ensures last: FdOpen{Pre}(fd % 0x100000000) ==> (FileUsed(FdFile{Pre}(fd % 0x100000000)) <==>
      \at(ghost_file[FdFile{Pre}(fd % 0x100000000)].refs, Pre) > 1);
    ensures others: FileOthersSame{Pre, Post}(FdFile{Pre}(fd % 0x100000000)); */
int fd_close(uint64_t fd);

/* FD_CLOEXEC of an open descriptor; it is only kept, as nothing executes another program. */
/*@ requires open: FdOpen(fd % 0x100000000);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> descriptors[fd % 0x100000000] >= FD_CLOSES; */
bool fd_cloexec(uint64_t fd);
/*@ requires good: FilesGood && FdOpen(fd % 0x100000000);
    terminates \true; exits \false; assigns descriptors[fd % 0x100000000];
    ensures good: FilesGood;
    ensures exact: FdIs(fd % 0x100000000, FdFile{Pre}(fd % 0x100000000))
      && (descriptors[fd % 0x100000000] >= FD_CLOSES <==> cloexec); */
void fd_set_cloexec(uint64_t fd, bool cloexec);

/* A call that waits keeps its open file. */
/*@ requires good: FilesGood && FileOf(file);
    requires room: file->refs < 0x7fffffff;
    terminates \true; exits \false;
    assigns file->refs, ghost_held[file->id], ghost_turn[0 .. FS_DESCRIPTORS - 1];
    ensures good: FilesGood;
    ensures more: file->refs == \old(file->refs) + 1 && ghost_held[file->id] == \old(ghost_held[file->id]) + 1; */
void file_hold(struct open_file *file);
/*@ requires good: FilesGood && FilesNodes && FileOf(file);
    requires held: ghost_held[file->id] > 0;
    terminates \true; exits \false;
    assigns ghost_file[file->id], ghost_file_used[file->id], ghost_held[file->id],
      ghost_turn[0 .. FS_DESCRIPTORS - 1], ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1],
      ghost_elsewhere, ghost_leaving;
    ensures good: FilesGood;
    ensures last: FileUsed(\old(file->id)) <==> \old(file->refs) > 1;
    ensures fewer: \old(file->refs) > 1 ==> file->refs == \old(file->refs) - 1 && FileSame{Pre, Post}(\old(file->id))
      && ghost_held[\old(file->id)] == \old(ghost_held[file->id]) - 1; */
void file_release(struct open_file *file);

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> FileReads(flags);
    ensures one: \result <==> ReadersOf(flags) == 1; */
static inline bool flags_readable(uint32_t flags)
{
    return (flags & (O_ACCMODE | O_PATH)) == O_RDONLY || (flags & (O_ACCMODE | O_PATH)) == O_RDWR;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> FileWrites(flags);
    ensures one: \result <==> WritersOf(flags) == 1; */
static inline bool flags_writable(uint32_t flags)
{
    return (flags & (O_ACCMODE | O_PATH)) == O_WRONLY || (flags & (O_ACCMODE | O_PATH)) == O_RDWR;
}

/*@ requires valid: \valid_read(file);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> FileReads(file->flags); */
static inline bool file_readable(const struct open_file *file)
{
    return flags_readable(file->flags);
}

/*@ requires valid: \valid_read(file);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> FileWrites(file->flags); */
static inline bool file_writable(const struct open_file *file)
{
    return flags_writable(file->flags);
}

#endif
