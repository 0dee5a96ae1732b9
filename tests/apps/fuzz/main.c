/* SPDX-License-Identifier: BSD-2-Clause */
/* Three threads make random calls, and the first one sends a signal to each that has not come on since its last look: so calls that
   block are part of it too. Afterwards everything that there is a number of has to be there again. */
#include "calls.h"

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>

#include "../../guest/check.h"

#define CALLS        1000000
#define WORKERS      3
#define RENEW_CALLS  500
#define FIRST_FD     3
#define ALL_FDS      1024
#define ALL_WATCHES  8191
#define ALL_THREADS  512
#define ALL_QUEUED   256
#define LOST_AT_MOST (512 * 1024)

struct worker {
    pthread_t thread;
    volatile pid_t id;
    volatile long done;
    long seen, works;
    uint64_t seed;
};

static struct worker worker[WORKERS];
static volatile long handled;

/* Nobody sends a fault's signal: such a fault is this program's own mistake. */
static void on_signal(int signal)
{
    static const char text[] = "killed by a fault of its own\n";

    handled++;
    if (signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE)
        _exit(write(1, text, sizeof text - 1) > 0 ? 2 : 3);
}

static void take_all_signals(void)
{
    struct sigaction usual = { .sa_handler = on_signal };
    struct kernel_action kernels;

    for (int signal = 1; signal < NSIG; signal++)
        sigaction(signal, &usual, 0);
    /* with the C library's restorer */
    syscall(SYS_rt_sigaction, KICK, 0, &kernels, 8);
    for (int i = 0; i < ACTIONS; i++) {
        action[i] = kernels;
        action[i].flags |= (i & 1 ? SA_RESTART : 0) | (i & 2 ? SA_NODEFER : 0);
    }
    action[3].handler = (void *)1; /* SIG_IGN */
    /* the C library keeps these for itself */
    syscall(SYS_rt_sigaction, 32, &action[0], 0, 8);
    syscall(SYS_rt_sigaction, 33, &action[0], 0, 8);
}

static void fill_arena(uint64_t at)
{
    static const char *const path[] = { "/tmp/a",          "/tmp/b",     "/", "/dev/zero",
                                        "/proc/self/maps", "a/../b/./c", "",  "/tmp" };
    char *arena =
        mmap((void *)at, PLACES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

    CHECK((uint64_t)arena == at);
    for (long i = 0; i < 8; i++)
        strcpy(arena + i * PAGE, path[i]);
    memset(arena + 8 * PAGE, 0xff, (size_t)PAGE);
    memset(arena + 9 * PAGE, 'n', (size_t)PAGE);
    mprotect(arena + 10 * PAGE, (size_t)PAGE, PROT_READ);
    mprotect(arena + 12 * PAGE, (size_t)PAGE, PROT_NONE);
    munmap(arena + 14 * PAGE, (size_t)PAGE);
}

static void close_files(void)
{
    for (int fd = FIRST_FD; fd < ALL_FDS; fd++)
        close(fd);
}

/* Those of all threads: a call that waits for one is not alone with it any more. */
static void renew_files(void)
{
    static const struct itimerval never;
    int pair[2];

    setitimer(ITIMER_REAL, &never, 0);
    close_files();
    open("/tmp/fuzz", O_RDWR | O_CREAT | O_TRUNC, 0600);
    open("/", O_RDONLY | O_DIRECTORY);
    open("/dev/zero", O_RDWR);
    memfd_create("m", 0);
    for (int i = 0; i < 3; i++) {
        epoll_create1(0);
        eventfd(1, 0);
        timerfd_create(CLOCK_MONOTONIC, 0);
    }
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || pipe(pair) != 0 || chdir("/") != 0)
        handled++;
}

static void *work(void *arg)
{
    struct worker *self = arg;
    struct source from = { 0x9e3779b97f4a7c15 ^ self->seed << 16, ARENA * (uint64_t)(self - worker + 1) };

    self->id = gettid();
    for (self->done = 0; self->done < CALLS / WORKERS; self->done++) {
        struct call call;

        if (self->done % RENEW_CALLS == 0) {
            fill_arena(from.arena);
            renew_files();
        }
        call = any_call(&from);
        self->works += (call.number == SYS_clone ? execute_alone(&call) : execute(&call)) >= 0;
    }
    munmap((void *)from.arena, 1UL << 33);
    self->id = 0;
    return 0;
}

/* Until all are at their end: a signal for each that has not come on. */
static void kick_workers(void)
{
    struct timespec moment = { 0, 1000000 };
    int left = WORKERS;

    while (left > 0) {
        nanosleep(&moment, 0);
        left = 0;
        for (struct worker *each = worker; each < worker + WORKERS; each++) {
            left += each->done < CALLS / WORKERS;
            if (each->id != 0 && each->done == each->seen)
                syscall(SYS_tkill, each->id, KICK);
            each->seen = each->done;
        }
    }
}

/* What has come into the folder is taken away, but what was there. */
static void remove_all(const char *folder, bool is_root)
{
    static const char *const there[] = { "dev", "etc", "init", "proc", "sys", "tmp" };
    DIR *names = opendir(folder);
    struct dirent *name;

    while (names && (name = readdir(names)) != 0) {
        bool is_kept =
            name->d_name[0] == '.' && (name->d_name[1] == 0 || (name->d_name[1] == '.' && name->d_name[2] == 0));
        char path[1024];

        for (unsigned i = 0; is_root && i < sizeof there / sizeof there[0]; i++)
            is_kept |= strcmp(name->d_name, there[i]) == 0;
        if (is_kept || snprintf(path, sizeof path, "%s/%s", folder, name->d_name) >= (int)sizeof path)
            continue;
        if (unlink(path) != 0) {
            remove_all(path, false);
            rmdir(path);
        }
    }
    if (names)
        closedir(names);
}

static long free_memory(void)
{
    struct sysinfo info;

    CHECK_EQ(sysinfo(&info), 0);
    return (long)(info.freeram * info.mem_unit);
}

static void check_files(void)
{
    int opened = 0, watched = 0, epoll[2 * ALL_WATCHES / ALL_FDS];
    struct epoll_event event = { EPOLLIN, { 0 } };
    const int epolls = (int)(sizeof epoll / sizeof epoll[0]);

    for (int i = 0; i < epolls; i++)
        CHECK_EQ(epoll[i] = epoll_create1(0), FIRST_FD + i);
    while (eventfd(0, 0) >= 0)
        opened++;
    CHECK_EQ(errno, EMFILE);
    CHECK_EQ(opened, ALL_FDS - FIRST_FD - epolls);
    for (int i = 0; i < epolls; i++)
        for (int fd = FIRST_FD + epolls; fd < ALL_FDS; fd++)
            watched += epoll_ctl(epoll[i], EPOLL_CTL_ADD, fd, &event) == 0;
    CHECK_EQ(watched, ALL_WATCHES);
    close_files();
}

static void check_queue(void)
{
    union sigval value = { 0 };
    sigset_t all, old;
    int queued = 0;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &old);
    while (queued <= ALL_QUEUED && sigqueue(getpid(), SIGRTMAX, value) == 0)
        queued++;
    CHECK_EQ(queued, ALL_QUEUED);
    while (sigtimedwait(&all, 0, &(struct timespec){ 0 }) > 0)
        continue;
    sigprocmask(SIG_SETMASK, &old, 0);
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *pass_gate(void *arg)
{
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    return arg;
}

static void check_threads(void)
{
    static pthread_t thread[ALL_THREADS];
    pthread_attr_t small;
    int made = 0;

    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 16384);
    pthread_mutex_lock(&gate);
    while (made < ALL_THREADS && pthread_create(&thread[made], &small, pass_gate, 0) == 0)
        made++;
    pthread_mutex_unlock(&gate);
    CHECK_EQ(made, ALL_THREADS - 1);
    while (made > 0)
        pthread_join(thread[--made], 0);
}

/* Another seed may be given. */
int main(int argc, char **argv)
{
    long before, works = 0;

    guarded = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(guarded, 'g', (size_t)PAGE);
    mprotect(guarded, (size_t)PAGE, PROT_READ);
    /* the C library sets two handlers of its own with the first thread: they are taken with the others */
    CHECK_EQ(pthread_create(&worker[0].thread, 0, pass_gate, 0), 0);
    pthread_join(worker[0].thread, 0);
    take_all_signals();
    before = free_memory();
    for (int i = 0; i < WORKERS; i++) {
        worker[i].seed = (argc > 1 ? strtoul(argv[1], 0, 0) : 0) * WORKERS + (uint64_t)i;
        CHECK_EQ(pthread_create(&worker[i].thread, 0, work, &worker[i]), 0);
    }
    kick_workers();
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(worker[i].thread, 0);
        works += worker[i].works;
    }
    renew_files();
    close_files();
    remove_all("/", true);
    remove_all("/tmp", false);
    CHECK(works > CALLS / 100);
    CHECK(handled > 0);
    for (long i = 0; i < PAGE; i++)
        CHECK_EQ(guarded[i], 'g');
    if (free_memory() + LOST_AT_MOST < before)
        CHECK_EQ(free_memory(), before);
    check_files();
    check_queue();
    check_threads();
    fprintf(stderr, "%ld worked, %ld signals\n", works, handled);
    return check_done();
}
