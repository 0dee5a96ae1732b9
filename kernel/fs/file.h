/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading and writing an open file, whatever it is. */
#ifndef KERNEL_FS_FILE_H
#define KERNEL_FS_FILE_H
#include "kernel/fs/data.h"
#include "kernel/fs/device.h"
#include "kernel/fs/open.h"
#include "kernel/fs/pipe.h"
#include "kernel/fs/socket.h"
#include "kernel/fs/timer.h"
#include <stdbool.h>
#include <stdint.h>

/* The most bytes one call moves, as on Linux. */
#define FILE_IO_MAX 0x7ffff000ULL

#include "spec/file.acsl"

/* Up to n bytes (at most FILE_IO_MAX) at *offset, which moves on: how many or an error of read(2) or write(2). A file that
   has no positions leaves *offset alone. A write with O_APPEND goes to the end of the file.
   Both may wait: the caller holds the open file (file_hold). */
/*@ requires good: NodesGood && NodesApart(to, file) && FileKind(file) && OffsetApart(offset) && \separated(offset, to);
    terminates \false; exits \false;
    assigns *offset, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults, ghost_word, ghost_kernel, ghost_app, ghost_deadline, ghost_input, ghost_ns;
    ensures closed: !FileReads(\old(file->flags)) <==> \result == -EBADF;
    ensures most: \result <= FileMost(n);
    ensures epoll: FileReads(\old(file->flags)) && \old(file->special) == NODE_EPOLL ==> \result == -EINVAL;
    ensures links: FileReads(\old(file->flags)) && \old(file->special) == PROC_DESCRIPTORS ==> \result == -EISDIR;
    ensures still: \old(file->special) != NODE_PLAIN && \old(file->special) != NODE_DISK ==> *offset == \old(*offset);
    ensures moved: \old(file->special) == NODE_PLAIN ==> *offset == \old(*offset) + (\result > 0 ? \result : 0);
    ensures directory: FileReads(\old(file->flags)) && \old(file->special) == NODE_PLAIN
      && !FileRegular{Pre}(\old(file->node)) ==> \result == -EISDIR;
    ensures plain: FileReads(\old(file->flags)) && \old(file->special) == NODE_PLAIN
      && FileRegular{Pre}(\old(file->node)) && ghost_faults == \old(ghost_faults) ==>
        \result == DataHas(\old(ghost_node[file->node].size), \old(*offset), FileMost(n));
    ensures pipe: FileReads(\old(file->flags)) && \old(file->special) == NODE_PIPE && n > 0
      && \old(ghost_node[file->node].used) != 0 && ghost_faults == \old(ghost_faults) ==>
        \result == StreamHas(\old(ghost_node[file->node].used), 0, FileMost(n));
    ensures socket: FileReads(\old(file->flags)) && \old(file->special) == NODE_SOCKET && n > 0
      && \old(ghost_node[file->node].used) != 0 && ghost_faults == \old(ghost_faults) ==>
        \result == StreamHas(\old(ghost_node[file->node].used), 0, FileMost(n));
    ensures words: FileReads(\old(file->flags))
      && (\old(file->special) == NODE_EVENT || \old(file->special) == NODE_TIMER) ==>
        (\result == -EINVAL <==> n < 8) && \result <= 8;
    ensures null: FileReads(\old(file->flags)) && \old(file->special) == DEVICE_NULL ==> \result == 0;
    ensures endless: FileReads(\old(file->flags)) && DeviceEndless(\old(file->special)) ==>
      DeviceMoved{Pre, Post}(FileMost(n), \result); */
int64_t file_read(struct open_file *file, uint64_t *offset, const struct io_buffer *to, uint64_t n);
/*@ requires good: NodesGood && NodesApart(from, file) && FileKind(file) && OffsetApart(offset)
      && \separated(offset, from);
    terminates \false; exits \false;
    assigns *offset, ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_nodes_made, ghost_node_next,
      ghost_elsewhere, ghost_faults, ghost_word, ghost_kernel, ghost_app, ghost_deadline, ghost_input, ghost_ns, ghost_base;
    ensures closed: !FileWrites(\old(file->flags)) <==> \result == -EBADF;
    ensures most: \result <= FileMost(n);
    ensures never: FileWrites(\old(file->flags))
      && (\old(file->special) == NODE_EPOLL || \old(file->special) == NODE_TIMER) ==> \result == -EINVAL;
    ensures still: \old(file->special) != NODE_PLAIN && \old(file->special) != NODE_DISK ==> *offset == \old(*offset);
    ensures directory: FileWrites(\old(file->flags)) && \old(file->special) == NODE_PLAIN
      && !FileRegular{Pre}(\old(file->node)) ==> \result == -EISDIR;
    ensures plain: \result > 0 && \old(file->special) == NODE_PLAIN ==> *offset == \result
      + (\old(file->flags & O_APPEND) != 0 ? \old(ghost_node[file->node].size) : \old(*offset));
    ensures grown: \result > 0 && \old(file->special) == NODE_PLAIN ==> ghost_node[\old(file->node)].size
      == (*offset > \old(ghost_node[file->node].size) ? *offset : \old(ghost_node[file->node].size));
    ensures broken: FileWrites(\old(file->flags)) && \old(file->special) == NODE_PIPE && n > 0
      && \old(ghost_node[file->node].readers) == 0 ==> \result == -EPIPE;
    ensures shut: FileWrites(\old(file->flags)) && \old(file->special) == NODE_SOCKET
      && !SocketSends{Pre}(\old(file->node)) ==> \result == -EPIPE;
    ensures event: FileWrites(\old(file->flags)) && \old(file->special) == NODE_EVENT && n < 8 ==> \result == -EINVAL;
    ensures full: FileWrites(\old(file->flags)) && \old(file->special) == DEVICE_FULL ==> \result == -ENOSPC;
    ensures null: FileWrites(\old(file->flags)) && \old(file->special) == DEVICE_NULL ==>
      DeviceMoved{Pre, Post}(FileMost(n), \result); */
int64_t file_write(struct open_file *file, uint64_t *offset, const struct io_buffer *from, uint64_t n);

/* Has the file positions (pread, lseek)? */
/*@ requires valid: \valid_read(file);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> !FileNameless(file->special) && !DeviceConsole(file->special); */
bool file_has_positions(const struct open_file *file);

/* A regular file's node; NULL for others. */
/*@ requires file: \valid_read(file) && NodeMade(file->node);
    terminates \true; exits \false; assigns \result \from file;
    ensures regular: FileRegular(file->node) ==> \result == &ghost_node[file->node];
    ensures other: !FileRegular(file->node) ==> \result == \null; */
struct node *file_regular(const struct open_file *file);

/* Would a read that already has something have to ask again? Then it ends: a pipe that ran empty, each line of a console. */
/*@ requires good: NodesGood && FileApart(file) && FileKind(file);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_kernel, ghost_input;
    ensures line: DeviceConsole(file->special) ==> \result;
    ensures positions: !FileNameless(file->special) && !DeviceConsole(file->special) ==> !\result;
    ensures pipe: \old(file->special) == NODE_PIPE ==>
      (\result <==> ReadersOf(\old(file->flags)) == 0 || \old(ghost_node[file->node].used) == 0); */
bool file_read_ends(const struct open_file *file);

/* POLL bits that hold now, after wait_catch_up. */
/*@ requires good: NodesGood && FileApart(file) && FileKind(file);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_kernel, ghost_input;
    ensures pipe: \old(file->special) == NODE_PIPE ==>
      \result == PipeBits(ReadersOf(file->flags), WritersOf(file->flags), &ghost_node[file->node]);
    ensures event: \old(file->special) == NODE_EVENT ==> \result
      == (ghost_node[file->node].cookie != 0 ? POLLIN | POLLRDNORM : 0)
      + (ghost_node[file->node].cookie < EVENT_MAX ? POLLOUT | POLLWRNORM : 0);
    ensures timer: \old(file->special) == NODE_TIMER ==>
      \result == (ghost_node[file->node].ticks != 0 ? POLLIN | POLLRDNORM : 0);
    ensures socket: \old(file->special) == NODE_SOCKET ==> \result
      == SocketBits(ghost_node[file->node].shut, ghost_node[file->node].used, SocketRoomy(file->node));
    ensures epoll: \old(file->special) == NODE_EPOLL ==> \result == 0 || \result == (POLLIN | POLLRDNORM);
    ensures console: DeviceConsole(\old(file->special)) ==>
      \result == (POLLOUT | POLLWRNORM | (ghost_input != 0 ? POLLIN | POLLRDNORM : 0));
    ensures always: !FileNameless(\old(file->special)) && !DeviceConsole(\old(file->special)) ==>
      \result == (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM); */
unsigned file_poll(const struct open_file *file);

#endif
