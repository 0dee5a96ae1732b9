/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/abi/signal.c kernel/abi/signal_send.c kernel/abi/signal_wait.c kernel/abi/time.c kernel/signal.c kernel/signal_deliver.c
   kernel/signal_frame.c kernel/signal_stack.c kernel/signal_queue.c kernel/signal_judge.c kernel/alarm.c kernel/thread.c
   tests/unit/fake/thread.c tests/unit/fake/cpu.c tests/unit/fake/mm.c tests/unit/fake/kernel.c */
/* The calls that send signals, wait for them, and say what is done about them. */
#include "kernel/abi/signal.h"

#include <linux/errno.h>
#include <linux/signal.h>

#include "fake/kernel.h"
#include "fake/syscall.h"
#include "fake/thread.h"
#include "kernel/sched.h"
#include "kernel/signal.h"

#define SECOND  1000000000ULL
#define HANDLER 0x401000ULL
#define ACTION  64u /* where a struct signal_action lies in user memory */

static void set_action(uint32_t signal, uint64_t handler)
{
    signal_set_action(signal, &(struct signal_action){ .handler = handler, .flags = SA_RESTORER, .restorer = HANDLER });
}

static void forget_all(void)
{
    struct signal_thread *s = &thread_at(0)->signals;

    signal_set_drop(&signal_shared, ~0ULL);
    for (uint32_t slot = 0; slot < 2; slot++) {
        signal_set_drop(&thread_at(slot)->signals.pending, ~0ULL);
        thread_at(slot)->signals = (struct signal_thread){ 0 };
    }
    for (uint32_t signal = 1; signal <= SIGNAL_COUNT; signal++)
        signal_actions[signal] = (struct signal_action){ 0 };
    s->blocked = 0;
    fake_thread_run(0);
}

static void check_actions(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_rt_sigaction, { SIGUSR1, 0, 0, 4 }, -EINVAL),
        ROW(sys_rt_sigaction, { SIGUSR1, NOWHERE, 0, 8 }, -EFAULT),
        ROW(sys_rt_sigaction, { SIGUSR1, 0, NOWHERE, 8 }, -EFAULT),
        ROW(sys_rt_sigaction, { 0, AT(ACTION), 0, 8 }, -EINVAL),
        ROW(sys_rt_sigaction, { 65, AT(ACTION), 0, 8 }, -EINVAL),
        ROW(sys_rt_sigaction, { SIGKILL, AT(ACTION), 0, 8 }, -EINVAL),
        ROW(sys_rt_sigaction, { SIGSTOP, AT(ACTION), 0, 8 }, -EINVAL),
        ROW(sys_rt_sigaction, { SIGKILL, 0, AT(0), 8 }, 0), /* but it may be asked */
        ROW(sys_rt_sigaction, { 64, 0, 0, 8 }, 0),
        ROW(sys_rt_sigaction, { HIGH(SIGUSR1), AT(ACTION), 0, 8 }, 0),
        ROW(sys_rt_sigaction, { SIGUSR1, AT(0), AT(32), 8 }, 0),
        ROW(sys_rt_sigaction, { SIGUSR2, AT(ACTION), NOWHERE, 8 }, -EFAULT),
    };

    memset(fake_user(), 0xee, 64);
    memcpy(words(ACTION), (uint64_t[]){ HANDLER, ~0ULL, 0x402000, ~0ULL }, 32);
    check_rows(rows, ROWS(rows));
    /* What Linux 6.1 knows of flags is left, and what cannot be blocked is not. */
    CHECK(words(32)[0] == HANDLER && words(32)[2] == 0x402000);
    CHECK_EQ(words(32)[1], 0xdc000807);
    CHECK_EQ(words(32)[3], ~(1ULL << 8 | 1ULL << 18));
    CHECK_EQ(signal_action_of(SIGUSR1)->handler, 0); /* AT(0) held SIGKILL's */
    CHECK_EQ(signal_action_of(SIGUSR2)->handler, 0);
    forget_all();
}

static void check_masks(void)
{
    static const struct {
        uint64_t how, set, result, blocked; /* with 0xf0 blocked before */
    } row[] = {
        { SIG_BLOCK, 0x1101, 0, 0x10f1 },
        { HIGH(SIG_UNBLOCK), 0x30, 0, 0xc0 },
        { SIG_SETMASK, 0x3, 0, 0x3 },
        { SIG_SETMASK, UINT64_MAX, 0, ~(1ULL << 8 | 1ULL << 18) },
        { SIG_SETMASK + 1, 0x3, (uint64_t)-EINVAL, 0xf0 },
        { HIGH(-1), 0x3, (uint64_t)-EINVAL, 0xf0 },
    };
    static const struct syscall_row rows[] = {
        ROW(sys_rt_sigprocmask, { SIG_BLOCK, AT(0), 0, 16 }, -EINVAL),
        ROW(sys_rt_sigprocmask, { SIG_BLOCK, NOWHERE, 0, 8 }, -EFAULT),
        ROW(sys_rt_sigprocmask, { 99, NOWHERE, 0, 8 }, -EFAULT),
        ROW(sys_rt_sigprocmask, { SIG_BLOCK, AT(0), NOWHERE, 8 }, -EFAULT),
        ROW(sys_rt_sigprocmask, { 99, 0, AT(8), 8 }, 0), /* how does not matter */
        ROW(sys_rt_sigpending, { AT(16), 9 }, -EINVAL),
        ROW(sys_rt_sigpending, { NOWHERE, 8 }, -EFAULT),
        ROW(sys_rt_sigpending, { AT(16), 4 }, 0),
    };
    uint64_t *blocked = &thread_current()->signals.blocked;

    for (unsigned i = 0; i < ROWS(row); i++) {
        *blocked = 0xf0;
        words(0)[0] = row[i].set;
        CHECK_EQ(call(sys_rt_sigprocmask, row[i].how, AT(0), AT(8), 8), row[i].result);
        CHECK_EQ(*blocked, row[i].blocked);
        if (row[i].result == 0)
            CHECK_EQ(words(0)[1], 0xf0);
    }
    *blocked = thread_at(1)->signals.blocked = signal_bit(SIGUSR1) | signal_bit(SIGRTMIN + 2);
    CHECK_EQ(call(sys_kill, 1, SIGRTMIN + 2, 0, 0), 0);
    CHECK_EQ(call(sys_tkill, 1, SIGUSR1, 0, 0), 0);
    words(16)[0] = 0xeeeeeeeeeeeeeeee;
    check_rows(rows, ROWS(rows));
    CHECK_EQ(words(0)[1], *blocked);
    CHECK_EQ(words(16)[0], 0xeeeeeeee00000000 | signal_bit(SIGUSR1));
    CHECK_EQ(call(sys_rt_sigpending, AT(16), 8, 0, 0), 0);
    CHECK_EQ(words(16)[0], *blocked);
    forget_all();
}

static void check_alternate_stack(void)
{
    stack_t *stack = (void *)fake_user(), *old = (void *)(fake_user() + 32);
    static const struct {
        uint64_t start, size;
        int flags;
        uint64_t rsp;
        int64_t result;
        int state; /* what is told afterwards */
    } row[] = {
        { 0x10000, 8192, 0, 0x50000, 0, 0 },
        { 0x10000, 8192, SS_ONSTACK, 0x12000, -EPERM, SS_ONSTACK }, /* the last one holds rsp: its end counts */
        { 0x20000, 8192, 0, 0x12001, 0, 0 },
        { 0x20000, MINSIGSTKSZ, SS_ONSTACK, 0x20000, 0, 0 }, /* its start does not */
        { 0x20000, MINSIGSTKSZ - 1, 0, 0x50000, -ENOMEM, 0 },
        { 0x20000, 8192, 4, 0x50000, -EINVAL, 0 },
        { 0x30000, 8192, (int)SS_AUTODISARM, 0x50000, 0, (int)SS_AUTODISARM },
        { 0x30000, 8192, SS_DISABLE, 0x31000, 0, SS_DISABLE }, /* never in use */
        { 0x30000, 0, SS_DISABLE | (int)SS_AUTODISARM, 0x31000, 0, SS_DISABLE | (int)SS_AUTODISARM },
    };
    static const struct syscall_row rows[] = {
        ROW(sys_sigaltstack, { NOWHERE, 0 }, -EFAULT),
        ROW(sys_sigaltstack, { 0, NOWHERE }, -EFAULT),
        ROW(sys_sigaltstack, { AT(0), NOWHERE }, -EFAULT),
        ROW(sys_sigaltstack, { 0, 0 }, 0),
    };

    CHECK_EQ(call(sys_sigaltstack, 0, AT(32), 0, 0), 0);
    CHECK(old->ss_flags == SS_DISABLE && old->ss_size == 0);
    for (unsigned i = 0; i < ROWS(row); i++) {
        *stack = (stack_t){ (void *)row[i].start, row[i].flags, row[i].size };
        thread_frame(0)->rsp = row[i].rsp;
        CHECK_EQ(call(sys_sigaltstack, AT(0), 0, 0, 0), row[i].result);
        CHECK_EQ(call(sys_sigaltstack, 0, AT(32), 0, 0), 0);
        CHECK_EQ(old->ss_flags, row[i].state);
    }
    *stack = (stack_t){ (void *)0x40000, 0, 8192 };
    check_rows(rows, ROWS(rows));
    CHECK_EQ(thread_current()->signals.stack.start, 0); /* a refusal changes nothing */
    forget_all();
}

static void check_send_errors(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_kill, { 1, 0 }, 0),
        ROW(sys_kill, { 0, 0 }, 0),
        ROW(sys_kill, { HIGH(-1), 0 }, 0),
        ROW(sys_kill, { HIGH(0), 65 }, -EINVAL),
        ROW(sys_kill, { 0, HIGH(-1) }, -EINVAL),
        ROW(sys_kill, { 2, 0 }, -ESRCH),
        ROW(sys_kill, { HIGH(-2), SIGKILL }, -ESRCH),
        ROW(sys_tkill, { 0, 0 }, -EINVAL),
        ROW(sys_tkill, { HIGH(-5), 0 }, -EINVAL),
        ROW(sys_tkill, { 77, SIGKILL }, -ESRCH),
        ROW(sys_tkill, { HIGH(2), 0 }, 0),
        ROW(sys_tgkill, { 0, 1, 0 }, -EINVAL),
        ROW(sys_tgkill, { 1, HIGH(-1), 0 }, -EINVAL),
        ROW(sys_tgkill, { 2, 1, 0 }, -ESRCH),
        ROW(sys_tgkill, { 1, 77, SIGKILL }, -ESRCH),
        ROW(sys_tgkill, { 1, 2, 65 }, -EINVAL),
        ROW(sys_tgkill, { 1, 2, 0 }, 0),
        ROW(sys_rt_sigqueueinfo, { 1, SIGUSR1, NOWHERE }, -EFAULT),
        ROW(sys_rt_sigqueueinfo, { 2, SIGUSR1, AT(0) }, -ESRCH),
        ROW(sys_rt_sigqueueinfo, { 1, 65, AT(0) }, -EINVAL),
        ROW(sys_rt_sigqueueinfo, { 1, 0, AT(0) }, 0),
        ROW(sys_rt_tgsigqueueinfo, { 1, 77, SIGUSR1, NOWHERE }, -EFAULT),
        ROW(sys_rt_tgsigqueueinfo, { 1, 77, SIGUSR1, AT(0) }, -ESRCH),
        ROW(sys_rt_tgsigqueueinfo, { 1, 0, SIGUSR1, AT(0) }, -EINVAL),
        ROW(sys_rt_tgsigqueueinfo, { 1, 2, 99, AT(0) }, -EINVAL),
        /* The default of what is sent: */
        ROW(sys_kill, { 1, SIGCHLD }, 0),
        ROW(sys_kill, { 1, SIGWINCH }, 0),
        ROW(sys_kill, { 1, SIGURG }, 0),
        ROW(sys_kill, { 1, SIGCONT }, 0),
        ROW(sys_kill, { 1, SIGSTOP }, 0),
        ROW(sys_kill, { 1, SIGTSTP }, 0),
        ROW(sys_kill, { 1, SIGTTIN }, 0),
        ROW(sys_kill, { 1, SIGTTOU }, 0),
        ROW(sys_kill, { 1, SIGTERM }, ENDED),
        ROW(sys_kill, { 1, 64 }, ENDED),
        ROW(sys_tkill, { 2, SIGHUP }, ENDED),
        ROW(sys_kill, { 1, SIGKILL }, ENDED),
    };

    check_rows(rows, ROWS(rows));
    CHECK(fake_end.how == FAKE_END_SIGNAL && fake_end.value == SIGKILL);
    CHECK_EQ(signal_pending(), 0);
    thread_at(0)->signals.blocked = thread_at(1)->signals.blocked = ~0ULL;
    CHECK_EQ(call(sys_tkill, 2, SIGKILL, 0, 0), ENDED); /* whatever is blocked */
    forget_all();
}

/* Who takes it: the first thread that does not block it; it is woken. And what is told about the sender. */
static void check_taker(void)
{
    struct signal_info info = { 0 };

    set_action(SIGUSR1, HANDLER);
    thread_at(0)->signals.blocked = signal_bit(SIGUSR1);
    fake_sched.interrupts = 0;
    CHECK_EQ(call(sys_kill, 1, SIGUSR1, 0, 0), 0);
    CHECK(fake_sched.interrupts == 1 && fake_sched.interrupted == 1);
    CHECK(thread_at(1)->signals.must_look && !thread_at(0)->signals.must_look);
    CHECK(!signal_is_due());
    CHECK(signal_take(signal_bit(SIGUSR1), &info));
    CHECK(info.signal == SIGUSR1 && info.code == SI_USER && info.field[0] == 1);
    CHECK_EQ(call(sys_tgkill, 1, 1, SIGUSR1, 0), 0); /* to the one that blocks it: it waits there */
    CHECK_EQ(fake_sched.interrupts, 1);
    CHECK(signal_take(signal_bit(SIGUSR1), &info) && info.code == SI_TKILL);
    *(struct signal_info *)fake_user() = (struct signal_info){ .signal = 3, .code = SI_QUEUE, .field = { 1, 4711 } };
    CHECK_EQ(call(sys_rt_tgsigqueueinfo, 1, 1, SIGRTMIN + 1, AT(0)), ENDED);
    thread_at(0)->signals.blocked = ~0ULL;
    CHECK_EQ(call(sys_rt_tgsigqueueinfo, 1, 1, SIGRTMIN + 1, AT(0)), 0);
    CHECK_EQ(call(sys_rt_sigqueueinfo, 1, SIGUSR1, AT(0), 0), 0);
    CHECK(signal_take(~0ULL, &info) && info.signal == SIGRTMIN + 1 && info.code == SI_QUEUE && info.field[1] == 4711);
    /* What waits for the process is handed over when the one that would have taken it blocks it. */
    thread_at(0)->signals.blocked = 0;
    fake_sched.interrupts = 0;
    signal_set_blocked(signal_bit(SIGUSR1));
    CHECK(fake_sched.interrupts == 1 && fake_sched.interrupted == 1);
    set_action(SIGUSR1, (uint64_t)SIG_IGN); /* and forgotten when it is ignored */
    CHECK_EQ(signal_pending(), 0);
    thread_at(1)->signals.blocked = thread_at(0)->signals.blocked = ~0ULL;
    for (unsigned i = 0; i < SIGNAL_ENTRIES_MAX; i++)
        CHECK_EQ(call(sys_rt_sigqueueinfo, 1, SIGRTMIN, AT(0), 0), 0);
    CHECK_EQ(call(sys_rt_sigqueueinfo, 1, SIGRTMIN, AT(0), 0), -EAGAIN);
    forget_all();
}

static void send_usr1(void)
{
    (void)signal_send(&(struct signal_info){ .signal = SIGUSR1, .code = SI_USER, .field = { 1 } });
}

static void check_wait(void)
{
    static const struct syscall_row rows[] = {
        ROW(sys_rt_sigtimedwait, { AT(0), 0, AT(24), 4 }, -EINVAL),
        ROW(sys_rt_sigtimedwait, { NOWHERE, 0, AT(24), 8 }, -EFAULT),
        ROW(sys_rt_sigtimedwait, { AT(0), 0, NOWHERE, 8 }, -EFAULT),
        ROW(sys_rt_sigtimedwait, { AT(0), 0, AT(8), 8 }, -EINVAL),
        ROW(sys_rt_sigtimedwait, { AT(0), 0, AT(24), 8 }, -EAGAIN),
    };
    struct signal_info *info = (void *)(fake_user() + 64);

    thread_at(0)->signals.blocked = thread_at(1)->signals.blocked = signal_bit(SIGUSR1);
    memcpy(words(0), (uint64_t[]){ signal_bit(SIGUSR1), 0, 1000000000, 1, 0 }, 40);
    check_rows(rows, ROWS(rows));
    /* It comes while it is waited for, although it is blocked and its default would end the program. */
    fake_clock = 100 * SECOND;
    fake_meanwhile = send_usr1;
    memset(info, 0xee, 256);
    CHECK_EQ(call(sys_rt_sigtimedwait, AT(0), AT(64), AT(24), 8), SIGUSR1);
    CHECK(info->signal == SIGUSR1 && info->code == SI_USER && info->field[0] == 1);
    CHECK(words(64)[15] == 0 && words(64)[16] == 0xeeeeeeeeeeeeeeee); /* siginfo_t has 128 bytes */
    CHECK_EQ(fake_blocked.key, SCHED_NOTHING);
    CHECK_EQ(fake_blocked.deadline_ns, 101 * SECOND);
    CHECK_EQ(thread_at(0)->signals.awaited, 0);
    CHECK_EQ(call(sys_rt_sigtimedwait, AT(0), NOWHERE, 0, 8), -EFAULT);
    CHECK_EQ(call(sys_rt_sigtimedwait, AT(0), AT(FAKE_USER_SIZE - 64), 0, 8), -EFAULT);
    CHECK_EQ(call(sys_rt_sigtimedwait, AT(0), 0, 0, 8), SIGUSR1);
    /* One that is not blocked and has a handler ends the wait for another one. */
    set_action(SIGUSR1, HANDLER);
    thread_at(0)->signals.blocked = 0;
    words(0)[0] = signal_bit(SIGUSR2) | signal_unblockable;
    CHECK_EQ(call(sys_rt_sigtimedwait, AT(0), 0, AT(24), 8), -EINTR);
    CHECK_EQ(signal_pending(), signal_bit(SIGUSR1));
    fake_meanwhile = NULL;
    forget_all();
}

/* A call's own mask: it comes back when the call is over, but if a signal ended it only after the handler. */
static void check_lent(void)
{
    struct signal_thread *s = &thread_current()->signals;

    s->blocked = 0xf0;
    words(0)[0] = ~0ULL;
    CHECK_EQ(signal_lend_user_mask(0, 99), 0);
    CHECK_EQ(signal_lend_user_mask(placed(AT(0)), 4), -EINVAL);
    CHECK_EQ(signal_lend_user_mask(NOWHERE, 8), -EFAULT);
    CHECK_EQ(s->blocked, 0xf0);
    CHECK_EQ(signal_lend_user_mask(placed(AT(0)), 8), 0);
    CHECK_EQ(s->blocked, ~signal_unblockable);
    CHECK_EQ(signal_end_lent(-EINTR), -EINTR);
    CHECK(s->blocked == ~signal_unblockable && s->has_saved);
    CHECK_EQ(signal_end_lent(3), 3);
    CHECK(s->blocked == 0xf0 && !s->has_saved);
    CHECK_EQ(signal_end_lent(0), 0);
    CHECK_EQ(s->blocked, 0xf0);

    fake_sleep_result = -EINTR;
    CHECK_EQ(call(sys_rt_sigsuspend, AT(0), 4, 0, 0), -EINVAL);
    CHECK_EQ(call(sys_rt_sigsuspend, NOWHERE, 8, 0, 0), -EFAULT);
    CHECK_EQ(s->blocked, 0xf0);
    words(0)[0] = 0xf;
    fake_sleep_deadline = 0;
    CHECK_EQ(call(sys_rt_sigsuspend, AT(0), 8, 0, 0), -EINTR);
    CHECK(s->blocked == 0xf && s->has_saved && s->saved == 0xf0 && fake_sleep_deadline == SCHED_FOREVER);
    fake_sleep_deadline = 0;
    CHECK_EQ(call(sys_pause, 0, 0, 0, 0), -EINTR);
    CHECK_EQ(fake_sleep_deadline, SCHED_FOREVER);
    forget_all();
}

int main(void)
{
    fake_mm_start();
    fake_thread_start();
    CHECK_EQ(thread_add(), 1);
    check_actions();
    check_masks();
    check_alternate_stack();
    check_send_errors();
    check_taker();
    check_wait();
    check_lent();
    return check_done();
}
