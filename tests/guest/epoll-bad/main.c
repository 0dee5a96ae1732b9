/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#define BAD ((struct epoll_event *)16)

static void check_ctl(int set, int fd)
{
    struct epoll_event event = { .events = EPOLLIN };
    int file = open("/dev/null", O_RDONLY), root = open("/", O_RDONLY);

    CHECK_ERRNO(syscall(SYS_epoll_create, 0), EINVAL);
    CHECK_ERRNO(epoll_create1(1), EINVAL);
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_ADD, fd, BAD), EFAULT);
    CHECK_ERRNO(epoll_ctl(99, EPOLL_CTL_ADD, fd, &event), EBADF);
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_ADD, 99, &event), EBADF);
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_ADD, file, &event), EPERM);
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_ADD, root, &event), EPERM);
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_ADD, set, &event), EINVAL);
    CHECK_ERRNO(epoll_ctl(fd, EPOLL_CTL_ADD, set, &event), EINVAL);
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_MOD, fd, &event), ENOENT);
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_DEL, fd, NULL), ENOENT);
    CHECK_EQ(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event), 0);
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event), EEXIST);
    CHECK_ERRNO(epoll_ctl(set, 4, fd, &event), EINVAL);
    event.events = EPOLLIN | EPOLLEXCLUSIVE;
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_MOD, fd, &event), EINVAL);
    CHECK_EQ(epoll_ctl(set, EPOLL_CTL_DEL, fd, BAD), 0);
    CHECK_EQ(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event), 0);
    event.events = EPOLLIN;
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_MOD, fd, &event), EINVAL);
    CHECK_EQ(epoll_ctl(set, EPOLL_CTL_DEL, fd, NULL), 0);
    event.events = EPOLLIN | EPOLLONESHOT | EPOLLEXCLUSIVE;
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event), EINVAL);
    close(file);
    close(root);
}

static void check_wait(int set, int fd)
{
    struct epoll_event event;
    struct timespec no_time = { 0, 1000000000 };
    char byte;

    CHECK_ERRNO(epoll_wait(set, &event, 0, 0), EINVAL);
    CHECK_ERRNO(epoll_wait(set, &event, -1, 0), EINVAL);
    CHECK_ERRNO(epoll_wait(99, &event, 1, 0), EBADF);
    CHECK_ERRNO(epoll_wait(fd, &event, 1, 0), EINVAL);
    CHECK_EQ(epoll_wait(set, BAD, 1, 0), 0);
    CHECK_ERRNO(syscall(SYS_epoll_pwait, set, &event, 1, 0, &event, 4), EINVAL);
    CHECK_ERRNO(syscall(SYS_epoll_pwait, set, &event, 1, 0, BAD, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_epoll_pwait2, set, &event, 1, &no_time, NULL, 8), EINVAL);
    CHECK_ERRNO(syscall(SYS_epoll_pwait2, set, &event, 1, BAD, NULL, 8), EFAULT);
    event.events = EPOLLOUT;
    CHECK_EQ(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event), 0);
    CHECK_ERRNO(epoll_wait(set, BAD, 1, 0), EFAULT);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 1);
    CHECK_ERRNO(read(set, &byte, 1), EINVAL);
    CHECK_ERRNO(write(set, &byte, 1), EINVAL);
    CHECK_EQ(epoll_ctl(set, EPOLL_CTL_DEL, fd, NULL), 0);
}

/* Five epolls, each in the next; a sixth is too deep, above and below, and so is the first in the last. */
static void check_depth(int fd)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLOUT };
    struct pollfd top;
    int chain[6];

    for (int i = 0; i < 6; i++)
        chain[i] = epoll_create1(0);
    CHECK_EQ(epoll_ctl(chain[0], EPOLL_CTL_ADD, fd, &event), 0);
    for (int i = 1; i < 5; i++)
        CHECK_EQ(epoll_ctl(chain[i], EPOLL_CTL_ADD, chain[i - 1], &event), 0);
    CHECK_ERRNO(epoll_ctl(chain[5], EPOLL_CTL_ADD, chain[4], &event), ELOOP);
    CHECK_ERRNO(epoll_ctl(chain[0], EPOLL_CTL_ADD, chain[5], &event), ELOOP);
    CHECK_ERRNO(epoll_ctl(chain[0], EPOLL_CTL_ADD, chain[4], &event), ELOOP);
    CHECK_ERRNO(epoll_ctl(chain[3], EPOLL_CTL_ADD, chain[4], &event), ELOOP);
    top = (struct pollfd){ .fd = chain[4], .events = POLLIN };
    CHECK_EQ(poll(&top, 1, -1), 1);
    CHECK_EQ(epoll_wait(chain[4], &event, 1, -1), 1);
    CHECK_EQ(close(chain[2]), 0);
    CHECK_EQ(epoll_wait(chain[4], &event, 1, 0), 0);
    event.events = EPOLLIN;
    CHECK_EQ(epoll_ctl(chain[0], EPOLL_CTL_ADD, chain[4], &event), 0);
    for (int i = 0; i < 6; i++)
        close(chain[i]);
}

int main(void)
{
    int set = epoll_create(1), fd = eventfd(0, 0);

    check_ctl(set, fd);
    check_wait(set, fd);
    check_depth(fd);
    return check_done();
}
