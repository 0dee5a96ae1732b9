/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/open.h"
#include "kernel/fs/epoll.h"
#include "kernel/fs/node.h"
#include "kernel/fs/slots.h"
#include "kernel/fs/socket.h"
#include "kernel/fs/timer.h"
#include "kernel/fs/wait.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stddef.h>

#define PIPE_ALL (POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM | POLLERR | POLLHUP)

_Static_assert(FILE_LIMIT <= FD_CLOSES, "the number of an open file and FD_CLOSES share 16 bits");

#define FILE_SHIFT 5u

static struct slots file_slots = { .shift = FILE_SHIFT, .limit = FILE_LIMIT };
uint16_t descriptors[FS_DESCRIPTORS];

struct open_file *file_at(uint32_t id)
{
    return slots_at(&file_slots, id, FILE_SHIFT);
}

/* A zeroed slot, or 0. */
/*@ terminates \true; exits \false;
    assigns ghost_file[ghost_file_next], ghost_file_used[ghost_file_next], ghost_file_next, ghost_elsewhere;
    ensures free: !FileUsed{Pre}(\old(ghost_file_next)) && 0 <= \old(ghost_file_next) < FILE_LIMIT;
    ensures none: \result == 0 ==> !FileUsed(\old(ghost_file_next));
    ensures new: \result != 0 ==> \result == \old(ghost_file_next) && FileUsed(\result)
      && ghost_file[\result].refs == 0 && ghost_file[\result].offset == 0; */
static uint32_t file_take(void)
{
    return slots_take(&file_slots);
}

/*@ requires used: FileUsed(id);
    terminates \true; exits \false; assigns ghost_file[id], ghost_file_used[id];
    ensures gone: !FileUsed(id); */
static void file_give(uint32_t id)
{
    slots_give(&file_slots, id);
}

/* Modulo 2^32: UINT32_MAX is one less. */
/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result == (a + b) % 0x100000000; */
static uint32_t sum(uint32_t a, uint32_t b)
{
    return (uint32_t)(((uint64_t)a + b) % 0x100000000ULL);
}

/*@ requires made: NodeMade(id);
    terminates \true; exits \false; assigns ghost_node[id].readers, ghost_node[id].writers;
    ensures readers: ghost_node[id].readers
      == (\old(ghost_node[id].readers) + (ReadersOf(flags) == 1 ? change : 0)) % 0x100000000;
    ensures writers: ghost_node[id].writers
      == (\old(ghost_node[id].writers) + (WritersOf(flags) == 1 ? change : 0)) % 0x100000000;
    ensures one: \result <==> (ghost_node[id].readers == 0) != (ghost_node[id].writers == 0);
    ensures basics: NodesBasicsSame{Pre, Post}; */
static bool ends_count(uint32_t id, uint32_t flags, uint32_t change)
{
    struct node *node = node_at(id);
    node->readers = sum(node->readers, flags_readable(flags) ? change : 0);
    node->writers = sum(node->writers, flags_writable(flags) ? change : 0);
    return (node->readers == 0) != (node->writers == 0);
}

/* Pipes know who has them open; who waits at one end is told when the other is closed. */
/*@ requires file: \valid_read(file) && NodeMade(file->node);
    requires apart: \separated(file, ghost_node + (0 .. NODE_LIMIT - 1), ghost_watch + (0 .. WATCH_LIMIT - 1),
      &ghost_elsewhere);
    terminates \true; exits \false;
    assigns ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere;
    ensures basics: NodesBasicsSame{Pre, Post};
    ensures counted: \old(file->special) == NODE_PIPE && \old(ghost_node[file->node].special) == NODE_PIPE ==>
      ghost_node[\old(file->node)].readers
        == (\old(ghost_node[file->node].readers) + (ReadersOf(\old(file->flags)) == 1 ? change : 0)) % 0x100000000
      && ghost_node[\old(file->node)].writers
        == (\old(ghost_node[file->node].writers) + (WritersOf(\old(file->flags)) == 1 ? change : 0)) % 0x100000000; */
static void pipe_count(const struct open_file *file, uint32_t change)
{
    if (file->special == NODE_PIPE && ends_count(file->node, file->flags, change))
        node_changed(file->node, PIPE_ALL);
}

/*@ requires good: FilesGood;
    requires node: NodeMade(node);
    terminates \true; exits \false;
    assigns \result \from ghost_file_next;
    assigns ghost_file[ghost_file_next], ghost_file_used[ghost_file_next], ghost_held[ghost_file_next], ghost_file_next,
      ghost_elsewhere;
    ensures known: FilesKnown;
    ensures fds: FdsKnown;
    ensures apart: FdsApart;
    ensures free: !FileUsed{Pre}(\old(ghost_file_next));
    ensures new: \result != \null ==> \result == &ghost_file[\old(ghost_file_next)] && FileOf(\result)
      && ghost_held[\result->id] == 0;
    ensures made: \result != \null ==> \result->node == node && \result->flags == FileFlags(flags)
      && \result->refs == 0 && \result->offset == 0 && \result->special == ghost_node[node].special; */
static struct open_file *file_fill(uint32_t node, uint32_t flags)
{
    uint32_t id = file_take();
    /*@ assert others: FileOthersSame{Pre, Here}(\at(ghost_file_next, Pre)); */
    /*@ assert free: \forall integer f; FileUsed(f) ==> FileUsed{Pre}(f) || f == id; */
    if (id == 0)
        return NULL;
    struct open_file *file = file_at(id);
    /*@ ghost ghost_held[id] = 0; */
    file->node = node;
    file->flags = flags & FILE_FLAGS;
    file->special = node_at(node)->special;
    file->id = (uint16_t)id;
    /*@ assert kept: FileOthersSame{Pre, Here}(id); */
    return file;
}

/* An open file without a reference yet; NULL when there is no room. */
/*@ requires good: FilesGood;
    requires node: NodeMade(node) && ghost_node[node].refs < 0x7fffffff;
    terminates \true; exits \false;
    assigns \result \from ghost_file_next;
    assigns ghost_file[ghost_file_next], ghost_file_used[ghost_file_next], ghost_held[ghost_file_next], ghost_file_next,
      ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere;
    ensures known: FilesKnown;
    ensures fds: FdsKnown;
    ensures apart: FdsApart;
    ensures free: !FileUsed{Pre}(\old(ghost_file_next));
    ensures new: \result != \null ==> \result == &ghost_file[\old(ghost_file_next)] && FileOf(\result)
      && ghost_held[\result->id] == 0;
    ensures made: \result != \null ==> \result->node == node && \result->flags == FileFlags(flags)
      && \result->refs == 0 && \result->offset == 0 && \result->special == \old(ghost_node[node].special); */
static struct open_file *file_make(uint32_t node, uint32_t flags)
{
    struct open_file *file = file_fill(node, flags);
    if (file == NULL)
        return NULL;
    node_ref(node);
    pipe_count(file, 1);
    return file;
}

int fd_start(void)
{
    struct open_file *file = file_make(NODE_CONSOLE, O_RDWR | O_LARGEFILE);
    if (file == NULL)
        return -ENOMEM;
    /*@ assert id: file->id == \at(ghost_file_next, Pre); */
    file->refs = 3;
    /*@ assert known: FilesKnown; */
    descriptors[0] = descriptors[1] = descriptors[2] = file->id;
    /*@ ghost ghost_turn[0] = 0; */
    /*@ ghost ghost_turn[1] = 1; */
    /*@ ghost ghost_turn[2] = 2; */
    /*@ assert three: \forall integer fd; FdOpen(fd) ==> fd < 3; */
    return 0;
}

void file_hold(struct open_file *file)
{
    /*@ ghost uint32_t held = ghost_held[file->id], last = file->refs; */
    file->refs++;
    /*@ ghost ghost_held[file->id]++; */
    /*@ ghost
      /@ loop invariant bound: 0 <= i <= FS_DESCRIPTORS;
         loop invariant moved: TurnsMoved{Pre, Here}(i, file->id, held, last);
         loop assigns i, ghost_turn[0 .. FS_DESCRIPTORS - 1];
         loop variant FS_DESCRIPTORS - i; @/
      for (uint32_t i = 0; i < FS_DESCRIPTORS; i++)
          if (descriptors[i] != 0 && descriptors[i] % FD_CLOSES == file->id && ghost_turn[i] == held)
              ghost_turn[i] = last;
    */
}

/* One reference less: the one of number ghost_leaving, which no descriptor has any more. */
/*@ requires good: FilesGood && FilesNodes && FileOf(file);
    requires leaving: ghost_held[file->id] <= ghost_leaving < file->refs;
    requires left: \forall integer fd; FdIs(fd, file->id) ==> ghost_turn[fd] != ghost_leaving;
    terminates \true; exits \false;
    assigns ghost_file[file->id], ghost_file_used[file->id], ghost_turn[0 .. FS_DESCRIPTORS - 1],
      ghost_node[0 .. NODE_LIMIT - 1], ghost_watch[0 .. WATCH_LIMIT - 1], ghost_elsewhere;
    ensures known: FilesKnown;
    ensures fds: FdsKnown;
    ensures apart: FdsApart;
    ensures last: FileUsed(\old(file->id)) <==> \old(file->refs) > 1;
    ensures fewer: \old(file->refs) > 1 ==> file->refs == \old(file->refs) - 1
      && FileSame{Pre, Post}(\old(file->id)) && ghost_node[\old(file->node)] == \old(ghost_node[file->node]); */
static void file_drop(struct open_file *file)
{
    /*@ assert node: ghost_node[file->node].refs > 0; */
    file->refs--;
    /*@ ghost
      /@ loop invariant bound: 0 <= i <= FS_DESCRIPTORS;
         loop invariant moved: TurnsMoved{Pre, Here}(i, file->id, file->refs, ghost_leaving);
         loop assigns i, ghost_turn[0 .. FS_DESCRIPTORS - 1];
         loop variant FS_DESCRIPTORS - i; @/
      for (uint32_t i = 0; i < FS_DESCRIPTORS; i++)
          if (descriptors[i] != 0 && descriptors[i] % FD_CLOSES == file->id && ghost_turn[i] == file->refs)
              ghost_turn[i] = ghost_leaving;
    */
    /*@ assert known: FilesKnown; */
    /*@ assert fds: FdsKnown; */
    /*@ assert apart: FdsApart; */
    if (file->refs != 0)
        return;
    /*@ assert gone: \forall integer fd; !FdIs(fd, file->id); */
    epoll_forget(file);
    pipe_count(file, UINT32_MAX);
    /*@ assert counted: NodesBasicsSame{Pre, Here}; */
    if (file->special == NODE_TIMER)
        timer_close(file->node);
    /*@ assert timer: NodesBasicsSame{Pre, Here}; */
    if (file->special == NODE_SOCKET)
        socket_close(file->node);
    /*@ assert closed: NodesBasicsSame{Pre, Here}; */
    /*@ assert same: file->node == \at(file->node, Pre); */
    /*@ assert held: \at(ghost_node[file->node].refs, Pre) > 0; */
    node_unref(file->node);
    file_give(file->id);
}

void file_release(struct open_file *file)
{
    /*@ ghost ghost_held[file->id]--; */
    /*@ ghost ghost_leaving = ghost_held[file->id]; */
    file_drop(file);
}

struct open_file *fd_any_file(uint64_t fd)
{
    /* Linux takes descriptors as 32 bits */
    uint64_t number = fd % 0x100000000ULL;
    if (number >= FS_DESCRIPTORS || descriptors[number] == 0)
        return NULL;
    return file_at(descriptors[number] % FD_CLOSES);
}

struct open_file *fd_file(uint64_t fd)
{
    struct open_file *file = fd_any_file(fd);
    return file == NULL || (file->flags & O_PATH) != 0 ? NULL : file;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures full: \result == -EMFILE <==> FdsFull(least);
    ensures lowest: \result == -EMFILE || FdLowest(\result, least); */
static int64_t fd_lowest(uint64_t least)
{
    /*@ loop invariant open: least <= fd && \forall integer k; least <= k < fd ==> FdOpen(k);
        loop assigns fd; loop variant FS_DESCRIPTORS - fd; */
    for (uint64_t fd = least; fd < FS_DESCRIPTORS; fd++) {
        if (descriptors[fd] == 0)
            return (int64_t)fd;
    }
    return -EMFILE;
}

bool fd_is_room(void)
{
    return fd_lowest(0) >= 0;
}

/* A closed descriptor gets a new reference. */
/*@ requires good: FilesGood && FileOf(file);
    requires closed: fd < FS_DESCRIPTORS && !FdOpen(fd);
    requires room: file->refs < 0x7fffffff;
    terminates \true; exits \false;
    assigns file->refs, ghost_turn[fd], descriptors[fd];
    ensures known: FilesKnown;
    ensures fds: FdsKnown;
    ensures apart: FdsApart;
    ensures set: FdIs(fd, file->id) && (descriptors[fd] >= FD_CLOSES <==> cloexec);
    ensures more: file->refs == \old(file->refs) + 1; */
static void fd_set(uint64_t fd, struct open_file *file, bool cloexec)
{
    /*@ ghost ghost_turn[fd] = file->refs; */
    file->refs++;
    descriptors[fd] = (uint16_t)(file->id + (cloexec ? FD_CLOSES : 0));
}

int64_t fd_open_node(uint32_t node, uint32_t flags)
{
    int64_t fd = fd_lowest(0);
    if (fd < 0)
        return fd;
    struct open_file *file = file_make(node, flags);
    if (file == NULL)
        return -ENFILE;
    fd_set((uint64_t)fd, file, (flags & O_CLOEXEC) != 0);
    return fd;
}

int64_t fd_dup(uint64_t fd, uint64_t least, bool cloexec)
{
    struct open_file *file = fd_any_file(fd);
    if (file == NULL)
        return -EBADF;
    if (least >= FS_DESCRIPTORS)
        return -EINVAL;
    int64_t free = fd_lowest(least);
    if (free >= 0)
        fd_set((uint64_t)free, file, cloexec);
    return free;
}

void fd_dup_to(uint64_t fd, uint64_t to, bool cloexec)
{
    struct open_file *file = fd_any_file(fd);
    (void)fd_close(to);
    /*@ assert open: FdIs(fd % 0x100000000, FdFile{Pre}(fd % 0x100000000)); */
    fd_set(to, file, cloexec);
}

int fd_close(uint64_t fd)
{
    struct open_file *file = fd_any_file(fd);
    if (file == NULL)
        return -EBADF;
    uint64_t number = fd % 0x100000000ULL;
    descriptors[number] = 0;
    /*@ ghost ghost_leaving = ghost_turn[number]; */
    file_drop(file);
    return 0;
}

bool fd_cloexec(uint64_t fd)
{
    return descriptors[fd % 0x100000000ULL] >= FD_CLOSES;
}

void fd_set_cloexec(uint64_t fd, bool cloexec)
{
    uint64_t number = fd % 0x100000000ULL;
    descriptors[number] = (uint16_t)(descriptors[number] % FD_CLOSES + (cloexec ? FD_CLOSES : 0));
}
