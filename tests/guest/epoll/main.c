/* SPDX-License-Identifier: BSD-2-Clause */
/* Level: told as long as it holds. Edge: once for each change of that file. One shot: once until it is set again. A watch lives as
   long as its open file: a closed descriptor whose open file has another is still told, under the old number. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "check.h"

static int set;

static void change(int op, int fd, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.fd = fd };

    CHECK_EQ(epoll_ctl(set, op, fd, &event), 0);
}

/* The events of the only file that is ready now: 0 for none. */
static unsigned told(int fd)
{
    struct epoll_event event[4];
    int n = epoll_wait(set, event, 4, 0);

    CHECK(n == 0 || n == 1);
    if (n != 1)
        return 0;
    CHECK_EQ(event[0].data.fd, fd);
    return event[0].events;
}

static void check_level(void)
{
    int fd[2];
    char text[8];

    CHECK_EQ(pipe2(fd, O_NONBLOCK), 0);
    change(EPOLL_CTL_ADD, fd[0], EPOLLIN);
    CHECK_EQ(told(fd[0]), 0);
    CHECK_EQ(write(fd[1], "ab", 2), 2);
    CHECK_EQ(told(fd[0]), EPOLLIN);
    CHECK_EQ(told(fd[0]), EPOLLIN);
    CHECK_EQ(read(fd[0], text, 1), 1);
    CHECK_EQ(told(fd[0]), EPOLLIN);
    CHECK_EQ(read(fd[0], text, 1), 1);
    CHECK_EQ(told(fd[0]), 0);
    change(EPOLL_CTL_ADD, fd[1], EPOLLOUT);
    CHECK_EQ(told(fd[1]), EPOLLOUT);
    change(EPOLL_CTL_MOD, fd[1], EPOLLIN);
    CHECK_EQ(told(fd[1]), 0);
    change(EPOLL_CTL_DEL, fd[1], 0);
    CHECK_EQ(close(fd[1]), 0);
    CHECK_EQ(told(fd[0]), EPOLLHUP);
    CHECK_EQ(close(fd[0]), 0);
    CHECK_EQ(told(fd[0]), 0);
}

static void check_edge(void)
{
    int fd[2], other = eventfd(0, EFD_NONBLOCK);
    char page[4096] = { 0 };
    uint64_t one = 1;

    CHECK_EQ(pipe2(fd, O_NONBLOCK), 0);
    change(EPOLL_CTL_ADD, fd[0], EPOLLIN | EPOLLET);
    CHECK_EQ(write(fd[1], "a", 1), 1);
    CHECK_EQ(told(fd[0]), EPOLLIN);
    CHECK_EQ(told(fd[0]), 0);
    /* another file's change is no edge of this one */
    CHECK_EQ(write(other, &one, sizeof one), 8);
    CHECK_EQ(told(fd[0]), 0);
    CHECK_EQ(write(fd[1], "b", 1), 1);
    CHECK_EQ(told(fd[0]), EPOLLIN);
    CHECK_EQ(read(fd[0], page, 1), 1);
    CHECK_EQ(told(fd[0]), 0);
    change(EPOLL_CTL_MOD, fd[0], EPOLLIN | EPOLLET);
    CHECK_EQ(told(fd[0]), EPOLLIN);
    change(EPOLL_CTL_ADD, fd[1], EPOLLOUT | EPOLLET);
    CHECK_EQ(told(fd[1]), EPOLLOUT);
    CHECK_EQ(told(fd[1]), 0);
    change(EPOLL_CTL_DEL, fd[0], 0);
    while (write(fd[1], page, sizeof page) > 0)
        ;
    CHECK_EQ(told(fd[1]), 0);
    while (read(fd[0], page, sizeof page) > 0)
        ;
    CHECK_EQ(told(fd[1]), EPOLLOUT);
    CHECK_EQ(told(fd[1]), 0);
    CHECK_EQ(close(fd[0]), 0);
    CHECK_EQ(told(fd[1]), EPOLLOUT | EPOLLERR);
    CHECK_EQ(close(fd[1]), 0);
    change(EPOLL_CTL_ADD, other, EPOLLIN | EPOLLET);
    CHECK_EQ(told(other), EPOLLIN);
    CHECK_EQ(write(other, &one, sizeof one), 8);
    CHECK_EQ(write(other, &one, sizeof one), 8);
    CHECK_EQ(told(other), EPOLLIN);
    CHECK_EQ(told(other), 0);
    CHECK_EQ(close(other), 0);
}

static void check_oneshot(void)
{
    int fd = eventfd(1, EFD_NONBLOCK);
    uint64_t one = 1;

    change(EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLONESHOT);
    CHECK_EQ(told(fd), EPOLLIN);
    CHECK_EQ(write(fd, &one, sizeof one), 8);
    CHECK_EQ(told(fd), 0);
    change(EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT | EPOLLONESHOT);
    CHECK_EQ(told(fd), EPOLLIN | EPOLLOUT);
    CHECK_EQ(told(fd), 0);
    CHECK_EQ(close(fd), 0);
}

static void check_dup(void)
{
    int fd = eventfd(0, EFD_NONBLOCK), twin = dup(fd);
    uint64_t one = 1;
    struct epoll_event event[2];

    change(EPOLL_CTL_ADD, fd, EPOLLIN);
    change(EPOLL_CTL_ADD, twin, EPOLLIN);
    CHECK_EQ(write(fd, &one, sizeof one), 8);
    CHECK_EQ(epoll_wait(set, event, 2, 0), 2);
    change(EPOLL_CTL_DEL, twin, 0);
    CHECK_EQ(close(fd), 0);
    CHECK_EQ(told(fd), EPOLLIN);
    CHECK_EQ(close(twin), 0);
    CHECK_EQ(told(fd), 0);
}

/* Who is told is the last in the order then: with room for one event, each gets its turn. */
static void check_turns(void)
{
    int fd[3], seen[3] = { 0 };
    struct epoll_event event;

    for (int i = 0; i < 3; i++) {
        fd[i] = eventfd(1, 0);
        change(EPOLL_CTL_ADD, fd[i], EPOLLIN);
    }
    for (int i = 0; i < 6; i++) {
        CHECK_EQ(epoll_wait(set, &event, 1, -1), 1);
        for (int k = 0; k < 3; k++)
            seen[k] += event.data.fd == fd[k];
    }
    CHECK(seen[0] == 2 && seen[1] == 2 && seen[2] == 2);
    for (int i = 0; i < 3; i++)
        CHECK_EQ(close(fd[i]), 0);
}

static void check_nested(void)
{
    int fd = eventfd(0, EFD_NONBLOCK), inner = epoll_create1(0);
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = 0x123456789abcdef0 };
    uint64_t value = 1;

    CHECK_EQ(epoll_ctl(inner, EPOLL_CTL_ADD, fd, &event), 0);
    change(EPOLL_CTL_ADD, inner, EPOLLIN);
    CHECK_EQ(told(inner), 0);
    CHECK_EQ(write(fd, &value, sizeof value), 8);
    CHECK_EQ(told(inner), EPOLLIN);
    memset(&event, 0, sizeof event);
    CHECK_EQ(epoll_wait(inner, &event, 1, 0), 1);
    CHECK(event.data.u64 == 0x123456789abcdef0);
    CHECK_EQ(told(inner), EPOLLIN);
    CHECK_EQ(read(fd, &value, sizeof value), 8);
    CHECK_EQ(told(inner), 0);
    CHECK_EQ(close(inner), 0);
    CHECK_EQ(close(fd), 0);
}

static void check_console(void)
{
    char text[100];

    change(EPOLL_CTL_ADD, 0, EPOLLIN | EPOLLET);
    struct epoll_event event;
    CHECK_EQ(epoll_wait(set, &event, 1, 10000), 1);
    CHECK(event.events & EPOLLIN);
    ssize_t n = read(0, text, sizeof text);
    CHECK(n > 0 && memcmp(text, "typed\n", (size_t)n) == 0);
    while (n > 0)
        n = read(0, text, sizeof text);
    CHECK_EQ(n, 0);
    change(EPOLL_CTL_DEL, 0, 0);
}

int main(void)
{
    set = epoll_create1(EPOLL_CLOEXEC);
    CHECK(set >= 0);
    check_level();
    check_edge();
    check_oneshot();
    check_dup();
    check_turns();
    check_nested();
    check_console();
    CHECK_EQ(close(set), 0);
    return check_done();
}
