/* SPDX-License-Identifier: BSD-2-Clause */
/* A counter that is full lets writers wait, an empty one its readers; both ends are threads. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "check.h"

#define FULL 0xfffffffffffffffeull

static int fd;

static ssize_t add(uint64_t value)
{
    return write(fd, &value, sizeof value);
}

static uint64_t take(void)
{
    uint64_t value = 0;

    CHECK_EQ(read(fd, &value, sizeof value), 8);
    return value;
}

static short ready(void)
{
    struct pollfd p = { fd, POLLIN | POLLOUT, 0 };

    CHECK(poll(&p, 1, 0) >= 0);
    return p.revents;
}

static void check_counts(void)
{
    uint64_t value;
    char text[8] = { 0 };

    fd = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC);
    CHECK_EQ(add(4), 8);
    CHECK_EQ(ready(), POLLIN | POLLOUT);
    CHECK(take() == 7);
    CHECK_ERRNO(read(fd, &value, 8), EAGAIN);
    CHECK_EQ(ready(), POLLOUT);
    CHECK_EQ(add(FULL), 8);
    CHECK_EQ(ready(), POLLIN);
    CHECK_ERRNO(add(1), EAGAIN);
    CHECK_EQ(add(0), 8);
    CHECK_ERRNO(add(FULL + 1), EINVAL);
    CHECK(take() == FULL);
    CHECK_ERRNO(read(fd, text, 7), EINVAL);
    CHECK_ERRNO(write(fd, text, 7), EINVAL);
    CHECK_ERRNO(read(fd, (void *)16, 8), EAGAIN);
    CHECK_ERRNO(write(fd, (void *)16, 8), EFAULT);
    CHECK_EQ(close(fd), 0);
    fd = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    CHECK(take() == 1 && take() == 1);
    CHECK_ERRNO(read(fd, &value, 8), EAGAIN);
    CHECK_EQ(close(fd), 0);
    CHECK_ERRNO(eventfd(0, 2), EINVAL);
}

static void *writer(void *arg)
{
    (void)arg;
    CHECK_EQ(add(FULL), 8);
    CHECK_EQ(add(5), 8); /* waits until the reader took the first */
    return NULL;
}

static void check_waits(void)
{
    pthread_t thread;
    struct pollfd p;

    fd = eventfd(0, 0);
    p = (struct pollfd){ fd, POLLIN, 0 };
    CHECK_EQ(pthread_create(&thread, NULL, writer, NULL), 0);
    CHECK_EQ(poll(&p, 1, -1), 1);
    usleep(1000);
    CHECK(take() == FULL);
    CHECK(take() == 5);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(close(fd), 0);
}

int main(void)
{
    check_counts();
    check_waits();
    return check_done();
}
