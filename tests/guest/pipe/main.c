/* SPDX-License-Identifier: BSD-2-Clause */
/* A full pipe lets writers wait and an empty one its reader; up to PIPE_BUF bytes of one write stay together; the end comes when the
   last writer closes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "check.h"

#define WRITERS 4
#define RECORDS 60
#define RECORD  4096
#define STREAM  500000

static int fd[2];
static int *volatile nowhere = (int *)16;
static char big[STREAM], back[STREAM];

static void *write_records(void *arg)
{
    char record[RECORD];
    int mine = *(int *)arg;

    memset(record, mine, sizeof record);
    for (int i = 0; i < RECORDS; i++)
        CHECK_EQ(write(fd[1], record, sizeof record), RECORD);
    return NULL;
}

/* Records of four writers, in a pipe that has room for sixteen: none is torn. */
static void check_atomic(void)
{
    pthread_t thread[WRITERS];
    int number[WRITERS], seen[WRITERS] = { 0 };
    char record[RECORD];

    CHECK_EQ(pipe(fd), 0);
    for (int i = 0; i < WRITERS; i++) {
        number[i] = i;
        CHECK_EQ(pthread_create(&thread[i], NULL, write_records, &number[i]), 0);
    }
    for (int i = 0; i < WRITERS * RECORDS; i++) {
        size_t done = 0;
        while (done < RECORD) {
            ssize_t n = read(fd[0], record + done, RECORD - done);
            CHECK(n > 0);
            done += n > 0 ? (size_t)n : RECORD;
        }
        CHECK(record[0] >= 0 && record[0] < WRITERS);
        CHECK(memcmp(record, record + 1, RECORD - 1) == 0);
        seen[(int)record[0] % WRITERS]++;
    }
    for (int i = 0; i < WRITERS; i++) {
        CHECK_EQ(seen[i], RECORDS);
        CHECK_EQ(pthread_join(thread[i], NULL), 0);
    }
    CHECK_EQ(close(fd[0]), 0);
    CHECK_EQ(close(fd[1]), 0);
}

static void *pour(void *arg)
{
    (void)arg;
    CHECK_EQ(write(fd[1], big, STREAM), STREAM);
    CHECK_EQ(close(fd[1]), 0);
    return NULL;
}

static void check_stream(void)
{
    pthread_t thread;
    size_t done = 0;
    ssize_t n;

    for (int i = 0; i < STREAM; i++)
        big[i] = (char)(i * 5 + i / 253);
    CHECK_EQ(pipe2(fd, O_CLOEXEC), 0);
    CHECK_EQ(fcntl(fd[0], F_GETFD), FD_CLOEXEC);
    CHECK_EQ(pthread_create(&thread, NULL, pour, NULL), 0);
    while ((n = read(fd[0], back + done, STREAM - done < 7001 ? STREAM - done : 7001)) > 0)
        done += (size_t)n;
    CHECK_EQ(done, STREAM);
    CHECK(memcmp(big, back, STREAM) == 0);
    CHECK_EQ(read(fd[0], back, 1), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(close(fd[0]), 0);
}

static void *close_reader(void *arg)
{
    (void)arg;
    usleep(1000);
    CHECK_EQ(close(fd[0]), 0);
    return NULL;
}

/* A writer that waits is told when nobody will read; poll and select too. */
static void check_closed(void)
{
    pthread_t thread;
    struct pollfd p;
    fd_set out;

    CHECK_EQ(pipe(fd), 0);
    CHECK_EQ(fcntl(fd[0], F_GETPIPE_SZ), 65536);
    CHECK_EQ(fcntl(fd[1], F_SETFL, O_NONBLOCK), 0);
    while (write(fd[1], big, 4096) > 0)
        ;
    CHECK_EQ(errno, EAGAIN);
    CHECK_EQ(fcntl(fd[1], F_SETFL, 0), 0);
    CHECK_EQ(pthread_create(&thread, NULL, close_reader, NULL), 0);
    CHECK_ERRNO(write(fd[1], big, 4096), EPIPE);
    p = (struct pollfd){ fd[1], POLLIN, 0 };
    CHECK(poll(&p, 1, -1) == 1 && p.revents == POLLERR);
    FD_ZERO(&out);
    FD_SET(fd[1], &out);
    CHECK_EQ(select(fd[1] + 1, NULL, &out, NULL, NULL), 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(close(fd[1]), 0);
}

static void check_bad(void)
{
    CHECK_ERRNO(pipe2(fd, 1), EINVAL);
    CHECK_ERRNO(pipe(nowhere), EFAULT);
    CHECK_EQ(pipe(fd), 0);
    CHECK_ERRNO(write(fd[0], "x", 1), EBADF);
    CHECK_ERRNO(read(fd[1], big, 1), EBADF);
    CHECK_ERRNO(write(fd[1], (void *)16, 1), EFAULT);
    CHECK_EQ(write(fd[1], "x", 1), 1);
    CHECK_ERRNO(read(fd[0], (void *)16, 1), EFAULT);
    CHECK_EQ(read(fd[0], big, 2), 1);
    CHECK_ERRNO(fcntl(0x7fffffff, F_GETPIPE_SZ), EBADF);
    close(fd[0]);
    close(fd[1]);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    check_atomic();
    check_stream();
    check_closed();
    check_bad();
    return check_done();
}
