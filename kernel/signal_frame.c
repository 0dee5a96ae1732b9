/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/signal.h>

/* asm/ucontext.h relies on these. */
#include <asm/sigcontext.h>
#include <asm/ucontext.h>
#include <linux/errno.h>
#include <stddef.h>

#include "kernel/signal_frame.h"
#include "kernel/signal_judge.h"
#include "kernel/signal_stack.h"
#include "kernel/thread.h"
#include "lib/string.h"
#include "mm/user.h"
#include "x86/cpu.h"

/* XSTATE_BV of what FXSAVE keeps. */
#define FEATURES_LEGACY 3u

/* arch/x86's struct rt_sigframe; the state of the FPU lies above it, at a multiple of SIGNAL_FPU_ALIGN. */
struct sigframe {
    uint64_t restorer; /* where the handler returns to */
    struct ucontext uc;
    struct signal_info info;
    uint64_t padding[10]; /* siginfo_t has 128 bytes */
};

_Static_assert(sizeof(struct sigframe) == 440, "arch/x86/include/asm/sigframe.h");
_Static_assert(offsetof(struct sigframe, padding) + 80 - offsetof(struct sigframe, info) == sizeof(siginfo_t),
               "siginfo_t");
_Static_assert(offsetof(siginfo_t, si_addr) == offsetof(struct signal_info, field), "siginfo_t");
_Static_assert(sizeof(struct _fpx_sw_bytes) == FXSAVE_SIZE - FXSAVE_SOFTWARE, "asm/sigcontext.h");

/* The FPU's state on its way to the application's stack or from there. */
static struct fpu_state image;

static uint64_t fpu_size(void)
{
    return cpu.xsave ? cpu.xsave_size : FXSAVE_SIZE;
}

uint64_t signal_frame_size(void)
{
    return SIGNAL_RED_ZONE + fpu_size() + sizeof(uint32_t) + SIGNAL_FPU_ALIGN + sizeof(struct sigframe) + 16;
}

static int push_fpu(uint64_t at)
{
    struct _fpx_sw_bytes software = { 0 };
    uint32_t magic2 = FP_XSTATE_MAGIC2, size = (uint32_t)fpu_size();

    fpu_state_clear(&image);
    fpu_state_save(&image);
    if (cpu.xsave)
        software =
            (struct _fpx_sw_bytes){ FP_XSTATE_MAGIC1, size + (uint32_t)sizeof magic2, cpu.xsave_mask, size, { 0 } };
    memcpy(image.byte + FXSAVE_SOFTWARE, &software, sizeof software);
    if (user_copy_out(at, image.byte, size) != 0)
        return -EFAULT;
    return cpu.xsave ? user_copy_out(at + size, &magic2, sizeof magic2) : 0;
}

/* Where in struct trap_frame, in words, the registers are with which struct sigcontext begins. */
#define WORD(field) (offsetof(struct trap_frame, field) / sizeof(uint64_t))
static const uint8_t context_words[] = {
    WORD(arg[4]), WORD(arg[5]), WORD(arg[3]), WORD(r11),    WORD(r12), WORD(r13), WORD(r14), WORD(r15), WORD(arg[0]),
    WORD(arg[1]), WORD(rbp),    WORD(rbx),    WORD(arg[2]), WORD(rax), WORD(rcx), WORD(rsp), WORD(rip), WORD(rflags)
};

_Static_assert(offsetof(struct sigcontext, cs) == sizeof context_words * sizeof(uint64_t), "asm/sigcontext.h");

static void fill_context(const struct trap_frame *frame, struct sigcontext *c)
{
    const struct signal_thread *s = &thread_current()->signals;
    const uint64_t *from = (const uint64_t *)frame;
    uint64_t *to = (uint64_t *)c;

    for (uint32_t i = 0; i < sizeof context_words; i++)
        to[i] = from[context_words[i]];
    c->cs = (uint16_t)frame->cs;
    c->ss = (uint16_t)frame->ss;
    c->err = s->fault.error;
    c->trapno = s->fault.vector;
    c->cr2 = s->fault.address;
}

static struct trap_frame frame_of(const struct sigcontext *c)
{
    struct trap_frame frame = { .cs = c->cs, .ss = c->ss };
    const uint64_t *from = (const uint64_t *)c;
    uint64_t *to = (uint64_t *)&frame;

    for (uint32_t i = 0; i < sizeof context_words; i++)
        to[context_words[i]] = from[i];
    return frame;
}

int signal_frame_push(struct trap_frame *frame, const struct signal_action *action, const struct signal_info *info,
                      uint64_t mask)
{
    enum { FLAGS_CLEARED = 0x10500 }; /* resume, direction, trap: a handler begins without them */
    struct signal_stack *stack = &thread_current()->signals.stack;
    struct sigframe f = { .restorer = action->restorer, .info = *info };
    struct signal_place place;

    if (!(action->flags & SA_RESTORER) || action->handler >= USER_END ||
        !signal_stack_place(stack, frame->rsp, action->flags & SA_ONSTACK,
                            fpu_size() + (cpu.xsave ? sizeof(uint32_t) : 0), sizeof f, &place))
        return -EFAULT;
    f.uc = (struct ucontext){ .uc_flags = (cpu.xsave ? UC_FP_XSTATE : 0) | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS,
                              .uc_stack = { (void *)stack->start, (int)stack->flags, stack->size },
                              .uc_sigmask = mask };
    fill_context(frame, &f.uc.uc_mcontext);
    f.uc.uc_mcontext.oldmask = mask;
    f.uc.uc_mcontext.fpstate = (void *)place.fpu;
    if (push_fpu(place.fpu) != 0 || user_copy_out(place.frame, &f, sizeof f) != 0)
        return -EFAULT;
    if (stack->flags & SS_AUTODISARM)
        *stack = (struct signal_stack){ .flags = SS_DISABLE };
    fpu_state_clear(&image);
    fpu_state_load(&image);
    frame->arg[0] = (uint32_t)info->signal;
    frame->arg[1] = place.frame + offsetof(struct sigframe, info);
    frame->arg[2] = place.frame + offsetof(struct sigframe, uc);
    frame->rax = 0;
    frame->rip = action->handler;
    frame->rsp = place.frame;
    frame->rflags &= ~(uint64_t)FLAGS_CLEARED;
    return 0;
}

/* What XSAVE keeps beyond FXSAVE's area, if Linux's marks say that it is there; otherwise only that area counts, and is all there is
   of it. The features that go into the CPU. */
static uint64_t take_extended(uint64_t at)
{
    struct _fpx_sw_bytes software;
    uint64_t legacy = cpu.xsave ? FEATURES_LEGACY : 0;
    uint32_t magic2, size;

    memcpy(&software, image.byte + FXSAVE_SOFTWARE, sizeof software);
    size = software.xstate_size;
    if (cpu.xsave && software.magic1 == FP_XSTATE_MAGIC1 && size >= FXSAVE_SIZE + XSAVE_HEADER_SIZE &&
        size <= cpu.xsave_size && size <= software.extended_size &&
        user_copy_in(&magic2, at + size, sizeof magic2) == 0 && magic2 == FP_XSTATE_MAGIC2 &&
        user_copy_in(image.byte + FXSAVE_SIZE, at + FXSAVE_SIZE, size - FXSAVE_SIZE) == 0)
        return software.xfeatures & cpu.xsave_mask;
    memset(image.byte + FXSAVE_SIZE, 0, XSAVE_HEADER_SIZE);
    memcpy(image.byte + XSAVE_XSTATE_BV, &legacy, sizeof legacy);
    return legacy;
}

/* Fills `image`, which is judged; -EFAULT. Without one the state is that of a new thread. */
static int take_fpu(uint64_t at)
{
    uint64_t features, in_use;

    memset(&image, 0, sizeof image);
    fpu_state_clear(&image);
    if (at == 0)
        return 0;
    if (user_copy_in(image.byte, at, FXSAVE_SIZE) != 0)
        return -EFAULT;
    features = take_extended(at);
    if (signal_judge_fpu(&image, cpu.xsave_mask, fpu_mxcsr_mask()) != SIGNAL_TRUE)
        return -EFAULT;
    in_use = read_le64(image.byte, sizeof image.byte, XSAVE_XSTATE_BV) & features;
    memcpy(image.byte + XSAVE_XSTATE_BV, &in_use, sizeof in_use);
    return 0;
}

int signal_frame_pop(struct trap_frame *frame, uint64_t *mask)
{
    struct signal_stack *stack = &thread_current()->signals.stack;
    struct ucontext uc;
    struct trap_frame next;

    /* The handler's return has taken the restorer off. */
    if (user_copy_in(&uc, frame->rsp - sizeof(uint64_t) + offsetof(struct sigframe, uc), sizeof uc) != 0)
        return -EFAULT;
    next = frame_of(&uc.uc_mcontext);
    if (signal_judge_frame(&next) != SIGNAL_TRUE || take_fpu((uint64_t)uc.uc_mcontext.fpstate) != 0)
        return -EFAULT;
    fpu_state_load(&image);
    /* As on Linux, an alternate stack that makes no sense is no error here. */
    (void)signal_stack_set(stack, &uc.uc_stack, frame->rsp);
    *mask = uc.uc_sigmask;
    *frame = next;
    return 0;
}
