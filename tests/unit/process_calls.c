/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/abi/identity.c kernel/abi/process.c kernel/abi/sched_policy.c kernel/abi/thread.c kernel/abi/futex.c kernel/abi/time.c
   kernel/abi/timeout.c kernel/thread.c kernel/signal.c kernel/signal_queue.c kernel/waiters.c kernel/queue.c lib/format.c mm/user_range.c tests/unit/fake/thread.c tests/unit/fake/cpu.c
   tests/unit/fake/mm.c tests/unit/fake/kernel.c */
/* What a program is told about itself, its threads and the time, and what it may not change about them: each row has what Linux answers,
   but for what spec/ says is different here. */
#include "kernel/abi/identity.h"
#include "kernel/abi/process.h"
#include "kernel/abi/sched_policy.h"
#include "kernel/abi/thread.h"
#include "kernel/abi/time.h"

#include <asm/prctl.h>
#include <linux/errno.h>
#include <linux/prctl.h>
#include <linux/random.h>
#include <linux/reboot.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sysinfo.h>
#include <linux/utsname.h>

#include "drivers/platform.h"
#include "fake/kernel.h"
#include "fake/syscall.h"
#include "fake/thread.h"
#include "kernel/fs/fs.h"
#include "kernel/program.h"
#include "kernel/sched.h"

#define END (FAKE_USER_SIZE - 4) /* the last 4 bytes of user memory */

static void check_identity(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_getpid, { 0 }, 1),
        ROW(sys_getppid, { 0 }, 0),
        ROW(sys_gettid, { 0 }, 1),
        ROW(sys_getpgrp, { 0 }, 1),
        ROW(sys_getpgid, { 0 }, 1),
        ROW(sys_getpgid, { 1 }, 1),
        ROW(sys_getpgid, { 2 }, -ESRCH),
        ROW(sys_getsid, { 0 }, 1),
        ROW(sys_getsid, { 1 }, 1),
        ROW(sys_getsid, { 7 }, -ESRCH),
        ROW(sys_setsid, { 0 }, -EPERM),
        ROW(sys_setpgid, { 0, 0 }, -EPERM),
        ROW(sys_setpgid, { 1, 1 }, -EPERM),
        ROW(sys_setpgid, { 2, 0 }, -ESRCH),
        ROW(sys_getuid, { 0 }, 0),
        ROW(sys_geteuid, { 0 }, 0),
        ROW(sys_getgid, { 0 }, 0),
        ROW(sys_getegid, { 0 }, 0),
        ROW(sys_getgroups, { 0, NOWHERE }, 0),
        ROW(sys_getgroups, { 65536, AT(0) }, 0),
        ROW(sys_getgroups, { HIGH(-1), AT(0) }, -EINVAL),
        ROW(sys_setuid, { HIGH(0) }, 0),
        ROW(sys_setuid, { 1 }, -EPERM),
        ROW(sys_setgid, { HIGH(0) }, 0),
        ROW(sys_setgid, { 1000 }, -EPERM),
        ROW(sys_getresuid, { AT(0), NOWHERE, AT(8) }, -EFAULT),
        ROW(sys_getresuid, { AT(0), AT(4), AT(END) }, 0),
        ROW(sys_getresgid, { AT(0), AT(4), AT(END + 1) }, -EFAULT),
        ROW(sys_getresgid, { AT(16), AT(20), AT(24) }, 0),
        ROW(sys_getpriority, { PRIO_PROCESS, 0 }, 20),
        ROW(sys_getpriority, { PRIO_USER, 0 }, 20),
        ROW(sys_getpriority, { PRIO_USER + 1, 0 }, -EINVAL),
        ROW(sys_setpriority, { PRIO_PGRP, 0, 5 }, 0),
        ROW(sys_setpriority, { PRIO_USER + 1, 0, 5 }, -EINVAL),
        ROW(sys_wait4, { (uint64_t)-1, 0, 0, 0 }, -ECHILD),
    };

    memset(fake_user(), 0xee, 64);
    check_rows(rows, ROWS(rows));
    CHECK_EQ(halves(0)[0] | halves(0)[1] | halves(END)[0], 0);
    CHECK_EQ(halves(0)[2], 0xeeeeeeee); /* nothing was written behind them */
    CHECK_EQ(halves(0)[4] | halves(0)[5] | halves(0)[6], 0);
    CHECK_EQ(halves(0)[7], 0xeeeeeeee);
}

static void check_random(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_getrandom, { NOWHERE, 0, 0 }, 0),
        ROW(sys_getrandom, { NOWHERE, 1, 0 }, -EFAULT),
        ROW(sys_getrandom, { AT(0), 1, 8 }, -EINVAL),
        ROW(sys_getrandom, { AT(0), 300, GRND_NONBLOCK | GRND_RANDOM }, 300),
        ROW(sys_getrandom, { AT(FAKE_USER_SIZE - 256), 257, GRND_INSECURE }, 256), /* as far as there is memory */
        ROW(sys_getrandom, { AT(FAKE_USER_SIZE - 300), UINT64_MAX, 0 }, 256),
    };

    memset(fake_user(), 0, 512);
    check_rows(rows, ROWS(rows));
    CHECK_EQ(fake_user()[0], 0x5a);
    CHECK_EQ(fake_user()[299], 0x5a);
    CHECK_EQ(fake_user()[300], 0);
}

static void check_limits(void)
{
    static const struct {
        uint64_t resource, soft, hard;
    } limit[] = {
        { RLIMIT_NOFILE, FS_DESCRIPTORS, FS_DESCRIPTORS },
        { RLIMIT_STACK, PROGRAM_STACK_SIZE, RLIM64_INFINITY },
        { RLIMIT_CORE, 0, 0 },
        { RLIMIT_NPROC, THREAD_MAX, THREAD_MAX },
        { RLIMIT_AS, RLIM64_INFINITY, RLIM64_INFINITY },
        { RLIM_NLIMITS - 1, RLIM64_INFINITY, RLIM64_INFINITY },
    };
    static const struct syscall_row rows[] = {
        ROW(sys_getrlimit, { RLIM_NLIMITS, AT(0) }, -EINVAL),
        ROW(sys_getrlimit, { RLIMIT_CPU, NOWHERE }, -EFAULT),
        ROW(sys_setrlimit, { RLIM_NLIMITS, AT(64) }, -EINVAL),
        ROW(sys_setrlimit, { RLIMIT_CPU, NOWHERE }, -EFAULT),
        ROW(sys_setrlimit, { RLIMIT_CPU, AT(64) }, 0),
        ROW(sys_setrlimit, { RLIMIT_CPU, AT(72) }, -EINVAL), /* more than the hard limit */
        ROW(sys_prlimit64, { 2, RLIMIT_CPU, 0, 0 }, -ESRCH),
        ROW(sys_prlimit64, { 0, RLIM_NLIMITS, 0, 0 }, -EINVAL),
        ROW(sys_prlimit64, { 1, RLIM_NLIMITS, AT(64), AT(0) }, -EINVAL),
        ROW(sys_prlimit64, { 1, RLIMIT_CPU, AT(72), AT(0) }, -EINVAL),
        ROW(sys_prlimit64, { 1, RLIMIT_CPU, NOWHERE, AT(0) }, -EFAULT),
        ROW(sys_prlimit64, { 1, RLIMIT_CPU, AT(64), NOWHERE }, -EFAULT),
        ROW(sys_prlimit64, { 0, RLIMIT_CPU, 0, 0 }, 0),
    };

    memset(fake_user(), 0xee, 64);
    memcpy(words(64), (uint64_t[]){ 5, 9, 8 }, 24);
    check_rows(rows, ROWS(rows));
    CHECK_EQ(words(0)[0], 0xeeeeeeeeeeeeeeee); /* a refused call tells nothing */
    for (unsigned i = 0; i < ROWS(limit); i++) {
        CHECK_EQ(call(sys_getrlimit, limit[i].resource, AT(0), 0, 0), 0);
        CHECK_EQ(words(0)[0], limit[i].soft);
        CHECK_EQ(words(0)[1], limit[i].hard);
        CHECK_EQ(call(sys_prlimit64, 0, limit[i].resource, 0, AT(16)), 0);
        CHECK(memcmp(words(0), words(16), 16) == 0);
    }
}

static void check_system(void)
{
    struct new_utsname *name = (void *)fake_user();
    struct sysinfo *info = (void *)fake_user();

    CHECK_EQ(call(sys_uname, NOWHERE, 0, 0, 0), -EFAULT);
    CHECK_EQ(call(sys_uname, AT(0), 0, 0, 0), 0);
    CHECK(strcmp(name->version, "Anchorite on a desk") == 0 && strcmp(name->machine, "x86_64") == 0);
    fake_clock = 7999999999;
    CHECK_EQ(call(sys_sysinfo, AT(0), 0, 0, 0), 0);
    CHECK_EQ(info->uptime, 7);
    CHECK_EQ(info->totalram, FAKE_FRAMES);
    CHECK_EQ(info->freeram, FAKE_FRAMES - fake_frames_used());
    CHECK_EQ(info->mem_unit, 4096);
    CHECK_EQ(call(sys_sysinfo, AT(FAKE_USER_SIZE - 8), 0, 0, 0), -EFAULT);
}

static void check_end(void)
{
    static const struct {
        uint32_t magic1, magic2, command;
        int64_t result;
    } row[] = {
        { LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF, ENDED },
        { LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_HALT, ENDED },
        { LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART, ENDED },
        { LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_ON, 0 },
        { LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_OFF, 0 },
        { LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, 12345, -EINVAL },
        { LINUX_REBOOT_MAGIC1 + 1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_HALT, -EINVAL },
        { LINUX_REBOOT_MAGIC1, 0, LINUX_REBOOT_CMD_HALT, -EINVAL },
    };

    for (unsigned i = 0; i < ROWS(row); i++) {
        CHECK_EQ(call(sys_reboot, HIGH(row[i].magic1), HIGH(row[i].magic2), HIGH(row[i].command), 0), row[i].result);
        CHECK_EQ(fake_end.how, row[i].result == ENDED ? FAKE_END_STATUS : FAKE_NO_END);
        CHECK_EQ(fake_end.value, 0);
    }
    CHECK_EQ(call(sys_exit_group, 0x17f, 0, 0, 0), ENDED);
    CHECK(fake_end.how == FAKE_END_STATUS && fake_end.value == 0x7f);
    CHECK_EQ(call(sys_exit, 256 + 3, 0, 0, 0), ENDED);
    CHECK(fake_end.how == FAKE_END_STATUS && fake_end.value == 3);
}

static void check_controls(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_arch_prctl, { ARCH_GET_FS, NOWHERE }, -EFAULT),
        ROW(sys_arch_prctl, { ARCH_SET_FS, 0x7fffffffe000 }, 0),
        ROW(sys_arch_prctl, { ARCH_SET_FS, 0x7ffffffff000 }, -EPERM),
        ROW(sys_arch_prctl, { ARCH_SET_FS, UINT64_MAX }, -EPERM),
        ROW(sys_arch_prctl, { ARCH_GET_FS, AT(0) }, 0),
        ROW(sys_arch_prctl, { 0, AT(0) }, -EINVAL),
        ROW(sys_prctl, { PR_SET_NAME, NOWHERE }, -EFAULT),
        ROW(sys_prctl, { PR_SET_NAME, AT(32) }, 0),
        ROW(sys_prctl, { PR_GET_NAME, AT(64) }, 0),
        ROW(sys_prctl, { PR_GET_NAME, AT(FAKE_USER_SIZE - 15) }, -EFAULT),
        ROW(sys_prctl, { PR_GET_DUMPABLE }, 0),
        ROW(sys_prctl, { PR_SET_DUMPABLE, 0 }, 0),
        ROW(sys_prctl, { PR_SET_NO_NEW_PRIVS, 1 }, 0),
        ROW(sys_prctl, { PR_GET_NO_NEW_PRIVS }, 1),
        ROW(sys_prctl, { 9999 }, -EINVAL),
    };

    strcpy((char *)fake_user() + 32, "a name of more than fifteen");
    memset(fake_user() + 64, 0xee, 32);
    check_rows(rows, ROWS(rows));
    CHECK_EQ(words(0)[0], 0x7fffffffe000);
    CHECK_EQ(fake_msr, 0xc0000100); /* the FS base */
    CHECK_EQ(fake_msr_value, 0x7fffffffe000);
    CHECK(memcmp(fake_user() + 64, "a name of more \0\xee", 17) == 0);
    strcpy((char *)fake_user() + 32, "ab");
    CHECK_EQ(call(sys_prctl, PR_SET_NAME, AT(32), 0, 0), 0);
    CHECK(memcmp(thread_current()->name, "ab\0\0\0\0\0\0\0\0\0\0\0\0\0", 16) == 0);
}

static void check_policies(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_sched_getscheduler, { HIGH(0) }, SCHED_NORMAL),
        ROW(sys_sched_getscheduler, { 1 }, SCHED_NORMAL),
        ROW(sys_sched_getscheduler, { 77 }, -ESRCH),
        ROW(sys_sched_getscheduler, { HIGH(-1) }, -EINVAL),
        ROW(sys_sched_setscheduler, { 0, SCHED_NORMAL, AT(0) }, 0),
        ROW(sys_sched_setscheduler, { 0, SCHED_NORMAL | SCHED_RESET_ON_FORK, AT(0) }, 0),
        ROW(sys_sched_setscheduler, { 0, SCHED_NORMAL, AT(4) }, -EINVAL), /* it has no priorities */
        ROW(sys_sched_setscheduler, { 0, SCHED_FIFO, AT(0) }, -EINVAL),   /* its priorities begin with 1 */
        ROW(sys_sched_setscheduler, { 0, SCHED_FIFO, AT(4) }, -EPERM),
        ROW(sys_sched_setscheduler, { 0, SCHED_RR, AT(8) }, -EPERM),
        ROW(sys_sched_setscheduler, { 0, SCHED_RR, AT(12) }, -EINVAL), /* and end with 99 */
        ROW(sys_sched_setscheduler, { 0, HIGH(-1), AT(0) }, -EINVAL),
        ROW(sys_sched_setscheduler, { 0, 99, AT(0) }, -EINVAL),
        ROW(sys_sched_setscheduler, { 0, SCHED_NORMAL, 0 }, -EINVAL),
        ROW(sys_sched_setscheduler, { 0, SCHED_NORMAL, NOWHERE }, -EFAULT),
        ROW(sys_sched_setscheduler, { 77, SCHED_NORMAL, NOWHERE }, -EFAULT),
        ROW(sys_sched_setscheduler, { 77, SCHED_NORMAL, AT(0) }, -ESRCH),
        ROW(sys_sched_setscheduler, { HIGH(-1), SCHED_NORMAL, AT(0) }, -EINVAL),
        ROW(sys_sched_setparam, { 0, AT(0) }, 0),
        ROW(sys_sched_setparam, { 0, AT(4) }, -EINVAL),
        ROW(sys_sched_getparam, { 0, 0 }, -EINVAL),
        ROW(sys_sched_getparam, { 77, AT(16) }, -ESRCH),
        ROW(sys_sched_getparam, { HIGH(-1), AT(16) }, -EINVAL),
        ROW(sys_sched_getparam, { 0, NOWHERE }, -EFAULT),
        ROW(sys_sched_getparam, { 0, AT(16) }, 0),
        ROW(sys_sched_get_priority_max, { SCHED_FIFO }, 99),
        ROW(sys_sched_get_priority_min, { SCHED_RR }, 1),
        ROW(sys_sched_get_priority_max, { SCHED_NORMAL }, 0),
        ROW(sys_sched_get_priority_max, { SCHED_BATCH }, 0),
        ROW(sys_sched_get_priority_min, { SCHED_IDLE }, 0),
        ROW(sys_sched_get_priority_min, { SCHED_DEADLINE }, 0),
        ROW(sys_sched_get_priority_min, { 4 }, -EINVAL),
        ROW(sys_sched_rr_get_interval, { 77, AT(24) }, -ESRCH),
        ROW(sys_sched_rr_get_interval, { 0, NOWHERE }, -EFAULT),
        ROW(sys_sched_rr_get_interval, { 0, AT(24) }, 0),
    };

    memcpy(halves(0), (uint32_t[]){ 0, 1, 99, 100, 0xeeeeeeee, 0xeeeeeeee }, 24);
    check_rows(rows, ROWS(rows));
    CHECK_EQ(halves(0)[4], 0);
    CHECK_EQ(halves(0)[5], 0xeeeeeeee);
    CHECK_EQ(words(24)[0], 0);
    CHECK_EQ(words(24)[1], SCHED_SLICE_NS);
}

int main(void)
{
    fake_mm_start();
    fake_thread_start();
    platform.name = "a desk";
    check_identity();
    check_random();
    check_limits();
    check_system();
    check_end();
    check_controls();
    check_policies();
    return check_done();
}
