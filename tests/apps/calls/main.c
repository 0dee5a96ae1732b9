/* SPDX-License-Identifier: BSD-2-Clause */
/* Every call of hermit/syscall.h answers as it says, with a negative errno where it fails. */
#include <fcntl.h>
#include <hermit/isle.h>
#include <hermit/syscall.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

static sem_t *done, *gate;
static tid_t thread_id, thread_sees;
static int argument = 42, got;

static void in_thread(void *arg)
{
    got = *(int *)arg;
    thread_sees = sys_getpid();
    sys_sem_wait(gate);
    sys_sem_post(done);
    sys_exit(77); /* of this thread only */
}

static void check_process(void)
{
    tid_t self = sys_getpid(), other = self + 12345;

    CHECK_EQ(self, syscall(SYS_gettid));
    CHECK_EQ(sys_fork(), -ENOSYS);
    CHECK_EQ(sys_wait(NULL), -ENOSYS);
    CHECK_EQ(sys_execve("/init", NULL, NULL), -ENOSYS);
    CHECK_EQ(sys_getprio(NULL), 8);
    CHECK_EQ(sys_getprio(&self), 8);
    CHECK_EQ(sys_getprio(&other), -EINVAL);
    CHECK_EQ(sys_setprio(NULL, 3), -ENOSYS);
    CHECK_EQ(sys_kill(other, 10), -ESRCH);
    CHECK_EQ(sys_kill(self, 1000), -EINVAL);
    CHECK_EQ(isle_id(), 0);
}

static void check_files(void)
{
    char text[8] = "";
    int fd = sys_open("/tmp/hermit-calls", O_CREAT | O_RDWR | O_TRUNC, 0600);

    if (fd < 0)
        fd = sys_open("hermit-calls", O_CREAT | O_RDWR | O_TRUNC, 0600);
    CHECK(fd >= 3);
    CHECK_EQ(sys_write(fd, "abcdef", 6), 6);
    CHECK_EQ(sys_lseek(fd, 2, SEEK_SET), 2);
    CHECK_EQ(sys_read(fd, text, sizeof text), 4);
    CHECK(strcmp(text, "cdef") == 0);
    CHECK_EQ(sys_lseek(fd, -1, SEEK_SET), -EINVAL);
    CHECK_EQ(sys_close(fd), 0);
    CHECK_EQ(sys_close(fd), -EBADF);
    CHECK_EQ(sys_read(fd, text, 1), -EBADF);
    CHECK_EQ(sys_write(fd, text, 1), -EBADF);
    CHECK_EQ(sys_open("/no/such/file", O_RDONLY, 0), -ENOENT);
    unlink("/tmp/hermit-calls");
    unlink("hermit-calls");
}

static void check_memory_and_time(void)
{
    ssize_t end = sys_sbrk(0);
    size_t ticks = sys_get_ticks();

    CHECK(end > 0);
    CHECK_EQ(sys_sbrk(8192), end);
    CHECK_EQ(sys_sbrk(0), end + 8192);
    memset((void *)end, 1, 8192);
    CHECK_EQ(sys_sbrk(-8192), end + 8192);
    CHECK_EQ(sys_sbrk(1l << 47), -ENOMEM);
    sys_msleep(50);
    CHECK(sys_get_ticks() >= ticks + 5);
    sys_msleep(0);
    sys_yield();
    CHECK(get_cpufreq() > 100);
    CHECK_EQ(get_cpufreq(), get_cpufreq());
}

static void check_semaphores_and_threads(void)
{
    CHECK_EQ(sys_sem_init(NULL, 1), -EINVAL);
    CHECK_EQ(sys_sem_init(&done, 1), 0);
    CHECK_EQ(sys_sem_init(&gate, 0), 0);
    CHECK_EQ(sys_sem_wait(done), 0);
    CHECK_EQ(sys_sem_timedwait(done, 20), -ETIME);
    CHECK_EQ(sys_sem_cancelablewait(done, 20), -ETIME);
    CHECK_EQ(sys_sem_wait(NULL), -EINVAL);
    CHECK_EQ(sys_sem_post(NULL), -EINVAL);
    CHECK_EQ(sem_trywait(done), -1); /* they are POSIX's */
    CHECK_EQ(sys_clone(NULL, NULL, NULL), -EINVAL);
    CHECK_EQ(sys_clone(&thread_id, (void *)in_thread, &argument), 0);
    CHECK_EQ(sys_sem_post(gate), 0);
    CHECK_EQ(sys_sem_timedwait(done, 20000), 0);
    CHECK_EQ(got, 42);
    CHECK(thread_id == thread_sees && thread_id != sys_getpid());
    CHECK_EQ(sys_sem_destroy(done), 0);
    CHECK_EQ(sys_sem_destroy(gate), 0);
}

int main(void)
{
    check_process();
    check_files();
    check_memory_and_time();
    check_semaphores_and_threads();
    puts(check_failures == 0 ? "all as it should be" : "something is wrong");
    fflush(stdout);
    sys_exit(check_failures == 0 ? 33 : 1);
}
