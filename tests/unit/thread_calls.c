/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/abi/thread.c kernel/abi/futex.c kernel/abi/time.c kernel/thread.c kernel/signal.c kernel/signal_queue.c kernel/waiters.c
   kernel/queue.c mm/user_range.c tests/unit/fake/thread.c tests/unit/fake/cpu.c tests/unit/fake/mm.c tests/unit/fake/kernel.c */
/* How threads begin and end, what they are called, and on which CPUs they run. */
#include "kernel/abi/thread.h"

#include <linux/errno.h>
#include <linux/futex.h>
#include <linux/sched.h>

#include "fake/kernel.h"
#include "fake/syscall.h"
#include "fake/thread.h"
#include "kernel/abi/futex.h"
#include "kernel/signal.h"
#include "x86/cpus.h"

#define PTHREAD (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD) /* what a thread has to share */

static void check_refused(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_clone, { 17 }, -ENOSYS), /* fork: SIGCHLD */
        ROW(sys_clone, { CLONE_VM | CLONE_VFORK | 17 }, -ENOSYS),
        ROW(sys_clone, { CLONE_THREAD | CLONE_VM }, -EINVAL),
        ROW(sys_clone, { CLONE_THREAD | CLONE_SIGHAND }, -EINVAL),
        ROW(sys_clone, { CLONE_SIGHAND }, -EINVAL),
        ROW(sys_clone, { PTHREAD & ~CLONE_FS }, -EINVAL),
        ROW(sys_clone, { PTHREAD & ~CLONE_FILES }, -EINVAL),
        ROW(sys_clone, { PTHREAD | CLONE_NEWNS }, -EINVAL),
        ROW(sys_clone, { PTHREAD | CLONE_VFORK }, -EINVAL),
        ROW(sys_clone, { PTHREAD | CLONE_SETTLS, 0, 0, 0, 0x7ffffffff000 }, -EPERM),
    };

    check_rows(rows, ROWS(rows));
    fake_thread_no_memory = true;
    CHECK_EQ(call(sys_clone, PTHREAD, 0, 0, 0), -EAGAIN);
    fake_thread_no_memory = false;
    CHECK_EQ(thread_count(), 1);
}

static void check_clone(void)
{
    uint64_t flags =
        PTHREAD | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
    struct trap_frame *parent = thread_frame(0), *child;

    *parent = (struct trap_frame){ .rax = 56, .rip = 0x401000, .rsp = 0x7000, .rbx = 9, .rflags = 0x202 };
    strcpy(thread_current()->name, "boss");
    thread_current()->signals.blocked = 0x55;
    thread_current()->fs_base = 0x1234;
    memset(words(0), 0xee, 16);
    CHECK_EQ(fake_call(sys_clone, (uint64_t[6]){ flags, 0x9000, placed(AT(0)), placed(AT(4)), 0x5678 }), 2);
    child = thread_frame(1);
    CHECK(child->rax == 0 && child->rip == 0x401000 && child->rsp == 0x9000 && child->rbx == 9 &&
          child->rflags == 0x202);
    CHECK_EQ(parent->rax, 56);
    CHECK(halves(0)[0] == 2 && halves(0)[1] == 2 && halves(0)[2] == 0xeeeeeeee);
    CHECK_EQ(thread_at(1)->fs_base, 0x5678);
    CHECK_EQ(thread_at(1)->clear_child_tid, placed(AT(4)));
    CHECK_EQ(thread_at(1)->signals.blocked, 0x55);
    CHECK(strcmp(thread_at(1)->name, "boss") == 0);
    CHECK_EQ(thread_at(1)->fpu.byte[0], 0x77); /* the caller's registers */
    CHECK_EQ(fake_sched.added, 1);

    memset(words(0), 0xee, 16);
    CHECK_EQ(call(sys_clone, HIGH(PTHREAD), 0, AT(0), AT(4), 0x5678), 3);
    CHECK_EQ(thread_frame(2)->rsp, 0x7000);
    CHECK_EQ(thread_at(2)->fs_base, 0x1234);
    CHECK_EQ(thread_at(2)->clear_child_tid, 0);
    CHECK_EQ(words(0)[0], 0xeeeeeeeeeeeeeeee);
    CHECK_EQ(call(sys_clone, PTHREAD | CLONE_PARENT_SETTID, 0, NOWHERE, 0),
             4); /* an id that cannot be told is no error */
    CHECK_EQ(thread_count(), 4);
}

/* Threads 1 to 4 live: the second one ends. */
static void check_exit(void)
{
    struct signal_info pending = { .signal = 34 };
    uint32_t calls = fake_woken.calls;

    halves(0)[1] = 2;
    thread_at(1)->signals.blocked = 0;
    thread_at(0)->signals.blocked = 0;
    CHECK(signal_set_add(&thread_at(1)->signals.pending, &pending));
    fake_thread_run(1);
    CHECK_EQ(call(sys_set_tid_address, AT(4), 0, 0, 0), 2);
    CHECK_EQ(call(sys_exit, 5, 0, 0, 0), ENDED);
    CHECK_EQ(fake_end.how, FAKE_END_THREAD);
    CHECK_EQ(halves(0)[1], 0);
    CHECK(fake_woken.calls == calls + 1 && fake_woken.key == placed(AT(4)) && fake_woken.count == 1);
    CHECK_EQ(thread_at(1)->signals.pending.bits, 0);
    thread_remove_current();
    CHECK_EQ(thread_count(), 3);
    CHECK_EQ(thread_find(2), THREAD_NONE);
    CHECK_EQ(thread_next(1), 2);
}

/* The slot comes back with another id; what it held of the last thread does not. */
static void check_again(void)
{
    thread_at(1)->robust_list = thread_at(1)->signals.saved = 7;
    fake_thread_run(2);
    thread_current()->cpus = 1;
    CHECK_EQ(call(sys_clone, PTHREAD, 0, 0, 0), 2 + THREAD_MAX);
    CHECK_EQ(thread_find(2), THREAD_NONE);
    CHECK_EQ(thread_find(2 + THREAD_MAX), 1);
    CHECK(thread_at(1)->robust_list == 0 && thread_at(1)->signals.saved == 0 && thread_at(1)->cpus == 1);
    while (thread_count() < THREAD_MAX)
        if (!CHECK(call(sys_clone, PTHREAD, 0, 0, 0) > 0))
            return;
    CHECK_EQ(call(sys_clone, PTHREAD, 0, 0, 0), -EAGAIN);
    for (unsigned i = 0; i < 3; i++) { /* the last slot's ids below 4194304, then from the beginning */
        static const uint32_t id[] = { 4194304 - 2 * THREAD_MAX, 4194304 - THREAD_MAX, THREAD_MAX };

        thread_slots.id[THREAD_MAX - 1] = i == 0 ? id[0] - THREAD_MAX : id[i - 1];
        fake_thread_run(THREAD_MAX - 1);
        thread_remove_current();
        fake_thread_run(0);
        CHECK_EQ(call(sys_clone, PTHREAD, 0, 0, 0), id[i]);
        CHECK_EQ(thread_find(id[i]), THREAD_MAX - 1);
    }
}

/* The first thread may end before the others; its id means the process from then on. */
static void check_first(void)
{
    fake_thread_run(0);
    CHECK_EQ(call(sys_exit, 5, 0, 0, 0), ENDED);
    CHECK_EQ(fake_end.how, FAKE_END_THREAD);
    thread_remove_current();
    CHECK_EQ(thread_find(1), 0);
    CHECK_EQ(thread_next(0), 1);
    CHECK_EQ(thread_next(THREAD_MAX), THREAD_NONE);
    fake_thread_run(1);
    CHECK_EQ(call(sys_clone, PTHREAD, 0, 0, 0), -EAGAIN); /* its slot stays its own */
}

static void check_cpus(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_sched_getaffinity, { 0, 4, AT(0) }, -EINVAL),
        ROW(sys_sched_getaffinity, { 0, 12, AT(0) }, -EINVAL),
        ROW(sys_sched_getaffinity, { 77, 8, AT(0) }, -ESRCH),
        ROW(sys_sched_getaffinity, { 0, 8, NOWHERE }, -EFAULT),
        ROW(sys_sched_getaffinity, { HIGH(1), 128, AT(0) }, 8),
        ROW(sys_sched_setaffinity, { 0, 8, NOWHERE }, -EFAULT),
        ROW(sys_sched_setaffinity, { 77, 8, AT(8) }, -ESRCH),
        ROW(sys_sched_setaffinity, { 0, 0, AT(8) }, -EINVAL),
        ROW(sys_sched_setaffinity, { 0, 8, AT(16) }, -EINVAL), /* only CPUs that are not there */
        ROW(sys_sched_setaffinity, { 0, 1, AT(8) }, 0),
        ROW(sys_sched_setaffinity, { 1, 128, AT(8) }, 0),
        ROW(sys_getcpu, { NOWHERE, 0 }, -EFAULT),
        ROW(sys_getcpu, { AT(24), NOWHERE }, -EFAULT),
        ROW(sys_getcpu, { 0, 0 }, 0),
        ROW(sys_getcpu, { AT(24), AT(28) }, 0),
        ROW(sys_sched_yield, { 0 }, 0),
    };

    cpus_count = 2;
    cpu_area[0].number = 5;
    thread_at(0)->cpus = 2;
    memcpy(words(0), (uint64_t[]){ 0xeeeeeeeeeeeeeeee, 0x702, 0x704, 0xeeeeeeeeeeeeeeee, 0 }, 40);
    check_rows(rows, ROWS(rows));
    CHECK_EQ(words(0)[0], 2);
    CHECK(fake_sched.moved == 0 && fake_sched.cpus == 2);
    CHECK_EQ(words(0)[3], 5);
    CHECK_EQ(fake_sched.yields, 1);
    cpus_count = 1;
    cpu_area[0].number = 0;
    thread_at(0)->cpus = 1;
}

/* What is in the CPU when another thread goes on. */
static void check_switch(void)
{
    thread_at(3)->fs_base = 0xabc0;
    thread_at(3)->fpu.byte[0] = 0;
    thread_unload(3);
    CHECK_EQ(thread_at(3)->fpu.byte[0], 0x77);
    thread_load(3);
    CHECK(fake_msr == 0xc0000100 && fake_msr_value == 0xabc0);
    CHECK_EQ(cpu_area[0].kernel_stack, (uint64_t)thread_at(3));
}

int main(void)
{
    fake_mm_start();
    fake_thread_start();
    CHECK_EQ(thread_current_id(), 1);
    check_refused();
    check_clone();
    check_exit();
    check_cpus();
    check_again();
    check_switch();
    check_first();
    return check_done();
}
