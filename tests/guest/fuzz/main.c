/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls and arguments come from a fixed seed. Left out is only what ends or blocks a program on Linux too: exits, signals
   to itself, waiting without end; calls about memory stay away from the program's own. Afterwards files, memory and time
   have to work as before, and read-only memory has to be what it was. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define CALLS  40000
#define PAGE   4096L
#define ARENA  0x100000000000UL /* far from all else */
#define PLACES 16L

static uint64_t state = 0x9e3779b97f4a7c15;

static uint64_t any(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static int is_left_out(long number)
{
    static const long out[] = { SYS_exit,        SYS_exit_group,      SYS_pause, SYS_reboot,  SYS_kill,
                                SYS_tkill,       SYS_tgkill,          SYS_futex, SYS_select,  SYS_pselect6,
                                SYS_nanosleep,   SYS_clock_nanosleep, SYS_ppoll, SYS_eventfd, SYS_pipe,
                                SYS_close_range, SYS_rt_sigreturn,    SYS_flock, SYS_brk,     SYS_epoll_pwait2 };

    for (unsigned i = 0; i < sizeof out / sizeof out[0]; i++)
        if (number == out[i])
            return 1;
    return 0;
}

static uint64_t address(void)
{
    static const uint64_t far[] = { 0x7ffffffff000,     0x800000000000,     0xffff800000000000, 0xffffffff80100000,
                                    0xfffffffffffff000, 0xffffffffffffffff, 0x8000000000000000 };

    if (any(4) == 0)
        return far[any(sizeof far / sizeof far[0])];
    return ARENA + any(PLACES) * PAGE + (any(2) ? 0 : any(PAGE));
}

/* Never 1 or 2: the console is for the result. */
static uint64_t argument(void)
{
    static const uint64_t odd[] = { 0,          3,     4,          5,          6,          7,     8,
                                    16,         63,    64,         255,        1024,       4095,  4096,
                                    4097,       65536, 0x7ffff000, 0x7fffffff, 0x80000000, ~0ULL, ~0ULL - 1,
                                    0xffffff9c, 0x241, 0x10000,    1ULL << 32, 1ULL << 62 };

    switch (any(8)) {
    case 0:
    case 1:
    case 2:
        return address();
    case 3:
        return 3 + any(20);
    case 4:
        return any(1ULL << 63) * 2 + 3;
    default:
        return odd[any(sizeof odd / sizeof odd[0])];
    }
}

/* Rules that keep a call from blocking, and from the program's own memory. */
static void tame(long number, uint64_t arg[6])
{
    if (number == SYS_pipe2 || number == SYS_eventfd2)
        arg[1] = O_NONBLOCK;
    if (number == SYS_poll)
        arg[2] = 0;
    if (number == SYS_epoll_wait || number == SYS_epoll_pwait)
        arg[3] = 0;
    if (number == SYS_timerfd_create || number == SYS_socketpair)
        arg[1] |= O_NONBLOCK;
    if (number == SYS_epoll_ctl)
        arg[1] %= 5;
    if (number == SYS_fcntl && (uint32_t)arg[1] == F_SETFL)
        arg[1] = F_GETFL;
    if (number == SYS_mmap || number == SYS_munmap || number == SYS_mprotect || number == SYS_mremap ||
        number == SYS_madvise) {
        arg[0] = address();
        arg[1] %= 1UL << 32;
    }
    if (number == SYS_mmap)
        arg[3] = (arg[3] & ~(uint64_t)MAP_POPULATE) | (any(2) ? MAP_ANONYMOUS | MAP_PRIVATE : 0);
    if (number == SYS_mremap) {
        arg[2] %= 1UL << 32;
        arg[4] = address();
    }
}

static void fill_arena(void)
{
    static const char *const path[] = { "/tmp/a",          "/tmp/b",     "/", "/dev/zero",
                                        "/proc/self/maps", "a/../b/./c", "",  "/tmp" };
    char *arena =
        mmap((void *)ARENA, PLACES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

    CHECK((uint64_t)arena == ARENA);
    for (long i = 0; i < 8; i++)
        strcpy(arena + i * PAGE, path[i]);
    memset(arena + 8 * PAGE, 0xff, (size_t)PAGE);
    memset(arena + 9 * PAGE, 'n', (size_t)PAGE);
    mprotect(arena + 10 * PAGE, (size_t)PAGE, PROT_READ);
    mprotect(arena + 12 * PAGE, (size_t)PAGE, PROT_NONE);
    munmap(arena + 14 * PAGE, (size_t)PAGE);
}

static void renew_files(void)
{
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    open("/tmp/fuzz", O_RDWR | O_CREAT | O_TRUNC, 0600);
    open("/", O_RDONLY | O_DIRECTORY);
    open("/dev/zero", O_RDWR);
    syscall(SYS_memfd_create, "m", 0);
    for (int i = 0; i < 3; i++) {
        epoll_create1(0);
        eventfd(1, EFD_NONBLOCK);
        timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    }
    int pair[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    CHECK_EQ(pipe2(pair, O_NONBLOCK), 0);
    chdir("/");
}

static void check_afterwards(const char *guarded)
{
    struct timespec now;
    char text[6] = "";
    int fd = open("/after", O_RDWR | O_CREAT, 0600);
    char *p = mmap(NULL, 100 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CHECK(fd >= 3 && write(fd, "after", 5) == 5 && pread(fd, text, 5, 0) == 5 && strcmp(text, "after") == 0);
    CHECK(p != MAP_FAILED && p[99 * PAGE] == 0);
    CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    for (long i = 0; i < PAGE; i++)
        CHECK_EQ(guarded[i], 'g');
}

/* Another seed may be given. */
int main(int argc, char **argv)
{
    char *guarded = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long works = 0;

    if (argc > 1)
        state ^= strtoul(argv[1], NULL, 0) << 16;
    memset(guarded, 'g', (size_t)PAGE);
    mprotect(guarded, (size_t)PAGE, PROT_READ);
    for (int i = 0; i < CALLS; i++) {
        long number = any(50) == 0 ? (long)argument() : (long)any(452);
        uint64_t arg[6];

        if (i % 500 == 0) {
            fill_arena();
            renew_files();
        }
        for (int j = 0; j < 6; j++)
            arg[j] = any(16) == 0 ? (uint64_t)guarded : argument();
        tame(number, arg);
        if (arg[0] == (uint64_t)guarded && number >= SYS_mmap && number <= SYS_madvise)
            continue;
        if (!is_left_out(number))
            works += syscall(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]) != -1;
    }
    renew_files();
    truncate("/tmp/fuzz", 0);
    CHECK(works > CALLS / 100);
    check_afterwards(guarded);
    return check_done();
}
