/* SPDX-License-Identifier: BSD-2-Clause */
/* An empty pipe is writable only; with a byte it is readable; without a writer it hangs up; a full one is not writable;
   files are always ready; a closed descriptor is invalid; the console becomes readable when input comes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "check.h"

static short ready(int fd, short events)
{
    struct pollfd p = { fd, events, -1 };
    int n = poll(&p, 1, 0);

    CHECK(n == (p.revents != 0));
    return p.revents;
}

static void check_pipe(void)
{
    int fd[2];
    char page[4096] = { 0 };

    CHECK_EQ(pipe2(fd, O_NONBLOCK), 0);
    CHECK_EQ(ready(fd[0], POLLIN), 0);
    CHECK_EQ(ready(fd[1], POLLOUT), POLLOUT);
    CHECK_EQ(write(fd[1], "x", 1), 1);
    CHECK_EQ(ready(fd[0], POLLIN), POLLIN);
    while (write(fd[1], page, sizeof page) > 0)
        ;
    CHECK_EQ(errno, EAGAIN);
    CHECK_EQ(ready(fd[1], POLLOUT), 0);
    while (read(fd[0], page, sizeof page) > 0)
        ;
    CHECK_EQ(errno, EAGAIN);
    CHECK_EQ(ready(fd[1], POLLOUT), POLLOUT);
    CHECK_EQ(close(fd[1]), 0);
    CHECK_EQ(ready(fd[0], POLLIN), POLLHUP);
    CHECK_EQ(read(fd[0], page, 1), 0);
    CHECK_EQ(ready(fd[1], POLLIN), POLLNVAL);
    CHECK_EQ(ready(-5, POLLIN), 0);
}

static void check_select(void)
{
    int fd[2], null = open("/dev/null", O_RDWR);
    struct timeval soon = { 0, 5000 };
    fd_set in, out;

    CHECK_EQ(pipe(fd), 0);
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_SET(fd[0], &in);
    CHECK_EQ(select(fd[0] + 1, &in, NULL, NULL, &soon), 0);
    CHECK(!FD_ISSET(fd[0], &in));
    FD_SET(fd[0], &in);
    FD_SET(null, &in);
    FD_SET(fd[1], &out);
    CHECK_EQ(select(10, &in, &out, NULL, NULL), 2);
    CHECK(!FD_ISSET(fd[0], &in) && FD_ISSET(null, &in) && FD_ISSET(fd[1], &out));
    close(null);
    FD_SET(null, &in);
    CHECK_ERRNO(select(null + 1, &in, NULL, NULL, &soon), EBADF);
}

static void check_console(void)
{
    struct pollfd in = { 0, POLLIN, 0 };
    char text[100];
    ssize_t n;

    CHECK_EQ(poll(&in, 1, 10000), 1);
    CHECK(in.revents & POLLIN);
    n = read(0, text, sizeof text);
    CHECK(n > 0 && memcmp(text, "typed\n", (size_t)n) == 0);
    while (n > 0)
        n = read(0, text, sizeof text);
    CHECK_EQ(n, 0);
    CHECK_EQ(ready(1, POLLOUT), POLLOUT);
}

int main(void)
{
    check_pipe();
    check_select();
    check_console();
    return check_done();
}
