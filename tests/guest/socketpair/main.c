/* SPDX-License-Identifier: BSD-2-Clause */
/* Two joined sockets are two streams of bytes: they end when the other side shuts or closes, and are waited for by threads. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "check.h"

#define BAD  ((void *)16)
#define SIZE 300000

static int s[2];
static int *volatile nowhere = (int *)16;
static char big[SIZE], back[SIZE];

static short ready(int fd)
{
    struct pollfd p = { fd, POLLIN | POLLOUT | POLLRDHUP, 0 };

    CHECK(poll(&p, 1, 0) >= 0);
    return p.revents;
}

static void check_bytes(void)
{
    char text[16];
    struct stat about;
    int n;

    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s), 0);
    CHECK(fstat(s[0], &about) == 0 && S_ISSOCK(about.st_mode));
    CHECK_EQ(ready(s[0]), POLLOUT);
    CHECK_ERRNO(recv(s[0], text, 4, 0), EAGAIN);
    CHECK_EQ(send(s[0], "hello", 5, 0), 5);
    CHECK_EQ(write(s[1], "back", 4), 4);
    CHECK(ioctl(s[1], FIONREAD, &n) == 0 && n == 5);
    CHECK_EQ(ready(s[1]), POLLIN | POLLOUT);
    CHECK_EQ(recv(s[1], text, 16, MSG_PEEK), 5);
    CHECK(recv(s[1], text, 2, 0) == 2 && memcmp(text, "he", 2) == 0);
    CHECK(read(s[1], text, 16) == 3 && memcmp(text, "llo", 3) == 0);
    CHECK(recvfrom(s[0], text, 16, MSG_DONTWAIT, NULL, NULL) == 4 && memcmp(text, "back", 4) == 0);
    CHECK_ERRNO(lseek(s[0], 0, SEEK_CUR), ESPIPE);
    close(s[0]);
    close(s[1]);
}

static void check_messages(void)
{
    char a[3], b[10];
    struct iovec out[3] = { { "one", 3 }, { "", 0 }, { "two", 3 } }, in[2] = { { a, 3 }, { b, 10 } };
    struct msghdr message = { .msg_iov = out, .msg_iovlen = 3 }, answer = { .msg_iov = in, .msg_iovlen = 2 };

    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    CHECK_EQ(sendmsg(s[0], &message, MSG_NOSIGNAL), 6);
    CHECK_EQ(recvmsg(s[1], &answer, MSG_PEEK), 6);
    CHECK(memcmp(a, "one", 3) == 0 && memcmp(b, "two", 3) == 0);
    memset(a, 0, 3);
    answer.msg_flags = 77;
    CHECK_EQ(recvmsg(s[1], &answer, 0), 6);
    CHECK(memcmp(a, "one", 3) == 0 && memcmp(b, "two", 3) == 0 && answer.msg_flags == 0);
    CHECK_EQ(writev(s[0], out, 3), 6);
    CHECK_EQ(readv(s[1], in, 2), 6);
    CHECK_ERRNO(recvmsg(s[1], &answer, MSG_DONTWAIT), EAGAIN);
    close(s[0]);
    close(s[1]);
}

static void check_shutdown(void)
{
    char text[8];

    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    CHECK_EQ(send(s[0], "last", 4, 0), 4);
    CHECK_EQ(shutdown(s[0], SHUT_WR), 0);
    CHECK_ERRNO(send(s[0], "x", 1, MSG_NOSIGNAL), EPIPE);
    CHECK_EQ(ready(s[1]), POLLIN | POLLOUT | POLLRDHUP);
    CHECK_EQ(read(s[1], text, 8), 4);
    CHECK_EQ(read(s[1], text, 8), 0);
    CHECK_EQ(send(s[1], "still", 5, 0), 5);
    CHECK_EQ(read(s[0], text, 8), 5);
    CHECK_EQ(shutdown(s[0], SHUT_RD), 0);
    CHECK_ERRNO(send(s[1], "x", 1, MSG_NOSIGNAL), EPIPE);
    CHECK(ready(s[0]) & POLLHUP);
    close(s[0]);
    close(s[1]);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    CHECK_EQ(send(s[0], "bye", 3, 0), 3);
    close(s[0]);
    CHECK_EQ(ready(s[1]), POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
    CHECK_EQ(read(s[1], text, 8), 3);
    CHECK_EQ(read(s[1], text, 8), 0);
    CHECK_ERRNO(send(s[1], "x", 1, MSG_NOSIGNAL), EPIPE);
    close(s[1]);
    /* what nobody read is lost, and the other side is told so once */
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    CHECK_EQ(send(s[1], "lost", 4, 0), 4);
    close(s[0]);
    CHECK(ready(s[1]) & POLLERR);
    CHECK_ERRNO(read(s[1], text, 8), ECONNRESET);
    CHECK_EQ(read(s[1], text, 8), 0);
    close(s[1]);
}

static void *echo(void *arg)
{
    static char piece[5000];
    ssize_t n;

    (void)arg;
    while ((n = read(s[1], piece, sizeof piece)) > 0)
        CHECK_EQ(write(s[1], piece, (size_t)n), n);
    CHECK_EQ(n, 0);
    CHECK_EQ(close(s[1]), 0);
    return NULL;
}

static void *pour(void *arg)
{
    (void)arg;
    CHECK_EQ(send(s[0], big, SIZE, 0), SIZE);
    CHECK_EQ(shutdown(s[0], SHUT_WR), 0);
    return NULL;
}

static void check_threads(void)
{
    pthread_t first, second;

    for (int i = 0; i < SIZE; i++)
        big[i] = (char)(i * 7 + i / 251);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    CHECK_EQ(pthread_create(&first, NULL, echo, NULL), 0);
    CHECK_EQ(pthread_create(&second, NULL, pour, NULL), 0);
    CHECK_EQ(recv(s[0], back, SIZE, MSG_WAITALL), SIZE);
    CHECK(memcmp(big, back, SIZE) == 0);
    CHECK_EQ(read(s[0], back, 1), 0);
    CHECK_EQ(pthread_join(first, NULL), 0);
    CHECK_EQ(pthread_join(second, NULL), 0);
    close(s[0]);
}

static void check_edges(void)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP | EPOLLET };
    int set = epoll_create1(0);
    char text[8];

    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    CHECK_EQ(epoll_ctl(set, EPOLL_CTL_ADD, s[0], &event), 0);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    CHECK_EQ(send(s[1], "ab", 2, 0), 2);
    CHECK(epoll_wait(set, &event, 1, 0) == 1 && event.events == EPOLLIN);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    CHECK_EQ(read(s[0], text, 8), 2);
    close(s[1]);
    CHECK(epoll_wait(set, &event, 1, 0) == 1 && event.events == (EPOLLIN | EPOLLRDHUP | EPOLLHUP));
    close(s[0]);
    close(set);
}

static void check_bad(void)
{
    struct msghdr message = { 0 };
    char text[8];

    CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM | 0x100, 0, s), EINVAL);
    CHECK_ERRNO(socketpair(77, SOCK_STREAM, 0, s), EAFNOSUPPORT);
    CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 7, s), EPROTONOSUPPORT);
    CHECK_ERRNO(socketpair(AF_UNIX, 9, 0, s), ESOCKTNOSUPPORT);
    CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 0, nowhere), EFAULT);
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
    CHECK_ERRNO(send(99, text, 1, 0), EBADF);
    CHECK_ERRNO(send(0, text, 1, 0), ENOTSOCK);
    CHECK_ERRNO(shutdown(0, SHUT_RD), ENOTSOCK);
    CHECK_ERRNO(shutdown(s[0], 3), EINVAL);
    CHECK_ERRNO(send(s[0], BAD, 1, 0), EFAULT);
    CHECK_ERRNO(syscall(SYS_sendmsg, s[0], BAD, 0), EFAULT);
    CHECK_EQ(send(s[1], "abc", 3, 0), 3);
    CHECK_ERRNO(recv(s[0], BAD, 1, 0), EFAULT);
    CHECK_EQ(recv(s[0], text, 8, 0), 3);
    message.msg_iovlen = 1025;
    CHECK_ERRNO(sendmsg(s[0], &message, 0), EMSGSIZE);
    message = (struct msghdr){ .msg_iov = BAD, .msg_iovlen = 1 };
    CHECK_ERRNO(recvmsg(s[0], &message, MSG_DONTWAIT), EFAULT);
    CHECK_ERRNO(sendto(s[0], text, 1, 0, BAD, 2), EFAULT);
    close(s[0]);
    close(s[1]);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    check_bytes();
    check_messages();
    check_shutdown();
    check_threads();
    check_edges();
    check_bad();
    return check_done();
}
