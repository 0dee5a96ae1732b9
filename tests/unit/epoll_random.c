/* SPDX-License-Identifier: BSD-2-Clause */
/* Random calls on epolls, pipes, counters and sockets, here and on the host's Linux: each result and each event must be the same. */
/* links: tests/unit/fake/mm.c mm/user_range.c tests/unit/fake/kernel.c lib/format.c kernel/cpio.c kernel/fs/slots.c kernel/fs/node.c
   kernel/fs/data.c kernel/fs/entry.c kernel/fs/path.c kernel/fs/tree.c kernel/fs/open.c kernel/fs/file.c kernel/fs/device.c
   tests/unit/fake/no_disks.c kernel/fs/pipe.c kernel/fs/stream.c kernel/fs/wait.c kernel/fs/watch.c kernel/fs/epoll.c
   kernel/fs/timer.c kernel/fs/socket.c kernel/fs/proc.c kernel/fs/fixed.c kernel/fs/fs.c kernel/fs/unpack.c kernel/abi/file.c
   kernel/abi/vector.c kernel/abi/file_io.c kernel/abi/file_size.c kernel/abi/file_meta.c kernel/abi/file_time.c
   kernel/abi/file_ioctl.c kernel/abi/file_pipe.c kernel/abi/dir.c kernel/abi/dir_read.c kernel/abi/poll.c kernel/abi/timeout.c
   kernel/abi/epoll.c kernel/abi/socket.c */
#include "check.h"
#include "fake/call.h"
#include "fake/kernel.h"
#include "kernel/abi/event.h"
#include "kernel/fs/epoll.h"
#include "kernel/fs/fs.h"
#include "kernel/fs/node.h"
#include "kernel/fs/watch.h"
#include <errno.h>
#include <linux/poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CALLS 200000u
#define FILES 20u
#define MOST  200u /* more than there are watches in one epoll */

/* A pipe has whole pages in it (PAGES to write, PAGES_END to read) or few bytes: Linux counts its room in pages. */
enum kind { NOTHING, EPOLL, COUNTER, PAGES, PAGES_END, BYTES, SOCKET };

/* The same open file here and there. */
static struct {
    enum kind kind;
    int64_t ours, host;
} file[FILES];

static uint32_t seed = 2026;
static unsigned wrong;

static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static int64_t host(long number, int64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    long result = syscall(number, a, b, c, d, 0, 8);
    return result < 0 ? -errno : result;
}

/* Both results; stops the test where they part. */
static bool same(const char *what, int64_t ours, int64_t theirs)
{
    if (CHECK_EQ(ours, theirs))
        return ours >= 0;
    if (wrong++ == 0)
        printf("after which %s\n", what);
    return false;
}

static void put(enum kind kind, int64_t ours, int64_t theirs)
{
    for (unsigned i = 0; i < FILES; i++) {
        if (file[i].kind == NOTHING) {
            file[i].kind = kind;
            file[i].ours = ours;
            file[i].host = theirs;
            return;
        }
    }
    CALL1(sys_close, ours);
    close((int)theirs);
}

static void put_two(enum kind first, enum kind second, const int theirs[2])
{
    const int32_t *ours = (const int32_t *)fake_user();
    int64_t one = ours[0], two = ours[1];
    put(first, one, theirs[0]);
    put(second, two, theirs[1]);
}

static void open_one(void)
{
    int two[2];
    switch (any(5)) {
    case 0:
        put(EPOLL, CALL1(sys_epoll_create1, 0), host(SYS_epoll_create1, 0, 0, 0, 0));
        break;
    case 1:
        put(COUNTER, CALL2(sys_eventfd2, 1, O_NONBLOCK), host(SYS_eventfd2, 1, O_NONBLOCK, 0, 0));
        break;
    case 2:
        same("pipe2", CALL2(sys_pipe2, USER, O_NONBLOCK), host(SYS_pipe2, (int64_t)two, O_NONBLOCK, 0, 0));
        any(2) != 0 ? put_two(PAGES_END, PAGES, two) : put_two(BYTES, BYTES, two);
        break;
    case 3:
        same("socketpair", CALL4(sys_socketpair, 1, 1 | O_NONBLOCK, 0, USER),
             host(SYS_socketpair, 1, 1 | O_NONBLOCK, 0, (uint64_t)two));
        put_two(SOCKET, SOCKET, two);
        break;
    default: {
        unsigned i = any(FILES);
        if (file[i].kind != NOTHING)
            put(file[i].kind, CALL1(sys_dup, file[i].ours), host(SYS_dup, file[i].host, 0, 0, 0));
    }
    }
}

/* A socket that is read gives Linux an edge for writers at every buffer it frees, us only when it was full. */
static uint32_t any_events(enum kind kind)
{
    uint32_t events = any(2) != 0 ? EPOLLIN : 0;
    events |= any(3) == 0 ? EPOLLONESHOT : 0;
    events |= any(3) == 0 ? EPOLLRDHUP : 0;
    events |= any(2) != 0 ? EPOLLET : 0;
    return events | (kind != SOCKET && any(2) != 0 ? EPOLLOUT : 0);
}

static void control(unsigned set, unsigned i)
{
    struct epoll_event event = { any_events(file[i].kind), any(1000) };
    uint32_t what = 1 + any(3);
    if (what == EPOLL_CTL_DEL && any(3) != 0)
        what = EPOLL_CTL_ADD;
    memcpy(fake_user(), &event, sizeof(event));
    same("epoll_ctl", CALL4(sys_epoll_ctl, file[set].ours, what, file[i].ours, USER),
         host(SYS_epoll_ctl, file[set].host, what, (uint64_t)file[i].host, (uint64_t)&event));
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct epoll_event));
}

/* In which order those come that got ready at the same time is nobody's promise. */
static void wait_now(unsigned set)
{
    struct epoll_event event[MOST];
    int64_t n = host(SYS_epoll_wait, file[set].host, (uint64_t)event, MOST, 0);
    if (!same("epoll_wait", CALL4(sys_epoll_wait, file[set].ours, USER, MOST, 0), n) || n <= 0)
        return;
    qsort(event, (size_t)n, sizeof(event[0]), compare);
    qsort(fake_user(), (size_t)n, sizeof(event[0]), compare);
    same("its events", memcmp(fake_user(), event, (uint64_t)n * sizeof(event[0])), 0);
}

static void move_bytes(unsigned i)
{
    static uint8_t bytes[64];
    uint64_t n = file[i].kind == COUNTER || any(2) != 0 ? 8 : 1;
    if (file[i].kind == PAGES || file[i].kind == PAGES_END)
        return;
    uint64_t value = any(3);
    memcpy(bytes, &value, 8);
    memcpy(fake_user(), &value, 8);
    if (any(2) != 0)
        same("write", CALL3(sys_write, file[i].ours, USER, n), host(SYS_write, file[i].host, (uint64_t)bytes, n, 0));
    else
        same("read", CALL3(sys_read, file[i].ours, USER, 64), host(SYS_read, file[i].host, (uint64_t)bytes, 64, 0));
}

static bool is_writable_on_host(unsigned i)
{
    struct pollfd poll = { (int)file[i].host, POLLOUT, 0 };
    return host(SYS_poll, (int64_t)&poll, 1, 0, 0) == 1 && poll.revents == POLLOUT;
}

/* Pages fill and empty a pipe here as there. A full one is not written to: for Linux that is an edge, though nothing changes. */
static void move_pages(unsigned i)
{
    static uint8_t page[65536];
    while (file[i].kind == PAGES && is_writable_on_host(i))
        same("write of a page", CALL3(sys_write, file[i].ours, USER, 4096),
             host(SYS_write, file[i].host, (uint64_t)page, 4096, 0));
    if (file[i].kind == PAGES_END)
        same("read of all", CALL3(sys_read, file[i].ours, USER, 65536),
             host(SYS_read, file[i].host, (uint64_t)page, 65536, 0));
}

static void close_one(unsigned i)
{
    if (file[i].kind == SOCKET && any(2) != 0) {
        uint32_t how = any(3);
        same("shutdown", CALL2(sys_shutdown, file[i].ours, how), host(SYS_shutdown, file[i].host, how, 0, 0));
        return;
    }
    same("close", CALL1(sys_close, file[i].ours), host(SYS_close, file[i].host, 0, 0, 0));
    file[i].kind = NOTHING;
}

static void step(void)
{
    unsigned i = any(FILES), other = any(FILES), what = any(20);
    if (what < 2)
        open_one();
    if (file[i].kind == NOTHING)
        return;
    if (what == 2)
        close_one(i);
    else if (what == 3)
        move_pages(i);
    else if (what < 8)
        move_bytes(i);
    else if (what < 13 && file[other].kind != NOTHING)
        control(i, other);
    else if (file[i].kind == EPOLL)
        wait_now(i);
}

int main(void)
{
    fake_mm_start();
    CHECK_EQ(fs_init(), 0);
    signal(SIGPIPE, SIG_IGN);
    for (unsigned i = 0; i < CALLS && wrong == 0; i++)
        step();
    for (unsigned i = 0; i < FILES; i++) {
        if (file[i].kind != NOTHING)
            CHECK_EQ(CALL1(sys_close, file[i].ours), 0);
    }
    CHECK_EQ(watch_count(), 0);
    return check_done();
}
