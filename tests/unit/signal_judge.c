/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/signal_judge.c */
/* What sigreturn may load (threats 14 to 16): lies about each field, and random ones against a plain reading of the manual. */
#include <string.h>

#include "kernel/signal_judge.h"

#include "check.h"
#include "lies.h"

static struct trap_frame truth(void)
{
    return (struct trap_frame){ .rip = 0x401000, .rsp = 0x7fff00000000, .cs = 0x2b, .ss = 0x23, .rflags = 0x246 };
}

static void check_frames(void)
{
    static const struct {
        uint64_t rip, rsp, cs, ss;
        enum signal_lie lie;
    } cases[] = {
        { 0, 0, 0x2b, 0x23, SIGNAL_TRUE },
        { USER_END - 1, USER_END, 0x2b, 0x23, SIGNAL_TRUE },
        { USER_END, 0, 0x2b, 0x23, SIGNAL_BAD_RIP },
        { 1ULL << 47, 0, 0x2b, 0x23, SIGNAL_BAD_RIP },
        { 0xffffffff80100000, 0, 0x2b, 0x23, SIGNAL_BAD_RIP },
        { 0, USER_END + 1, 0x2b, 0x23, SIGNAL_BAD_RSP },
        { 0, 0xffff800000000000, 0x2b, 0x23, SIGNAL_BAD_RSP },
        { 0, 0, 0x08, 0x23, SIGNAL_BAD_SEGMENT },
        { 0, 0, 0x28, 0x23, SIGNAL_BAD_SEGMENT },
        { 0, 0, 0x2b, 0x20, SIGNAL_BAD_SEGMENT },
        { 0, 0, 0x2b, 0x10, SIGNAL_BAD_SEGMENT },
        { 0, 0, 0x1002b, 0x23, SIGNAL_BAD_SEGMENT },
        { 0, 0, 0, 0, SIGNAL_BAD_SEGMENT },
    };

    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct trap_frame f = truth(), before;

        f.rip = cases[i].rip;
        f.rsp = cases[i].rsp;
        f.cs = cases[i].cs;
        f.ss = cases[i].ss;
        f.rflags = 0xffffffffffffffff;
        before = f;
        CHECK_EQ(signal_judge_frame(&f), cases[i].lie);
        if (cases[i].lie == SIGNAL_TRUE)
            before.rflags = 0x50fd7;
        CHECK(memcmp(&f, &before, sizeof f) == 0);
    }
}

/* One bit at a time: Linux's FIX_EFLAGS goes through, the rest is as it always is in ring 3. */
static void check_flags(void)
{
    for (unsigned bit = 0; bit < 64; bit++) {
        struct trap_frame f = truth();
        int is_users = bit == 0 || bit == 2 || bit == 4 || (bit >= 6 && bit <= 8) || bit == 10 || bit == 11 ||
                       bit == 16 || bit == 18;

        f.rflags = 1ULL << bit;
        CHECK_EQ(signal_judge_frame(&f), SIGNAL_TRUE);
        CHECK_EQ(f.rflags, is_users ? 0x202 | 1ULL << bit : 0x202);
    }
}

static void set(struct fpu_state *s, unsigned at, uint64_t value, unsigned size)
{
    memcpy(s->byte + at, &value, size);
}

static void check_fpu(void)
{
    static struct fpu_state s;

    set(&s, 24, 0x1f80, 4);
    set(&s, 512, 7, 8);
    CHECK_EQ(signal_judge_fpu(&s, 7, 0xffff), SIGNAL_TRUE);
    CHECK_EQ(signal_judge_fpu(&s, 3, 0xffff), SIGNAL_BAD_FEATURES);
    CHECK_EQ(signal_judge_fpu(&s, 7, 0xff7f), SIGNAL_BAD_MXCSR);
    for (unsigned bit = 0; bit < 32; bit++) {
        set(&s, 24, 1u << bit, 4);
        CHECK_EQ(signal_judge_fpu(&s, 7, 0xffff), bit < 16 ? SIGNAL_TRUE : SIGNAL_BAD_MXCSR);
    }
    set(&s, 24, 0x1f80, 4);
    for (unsigned bit = 0; bit < 64; bit++) {
        set(&s, 512, 1ULL << bit, 8);
        CHECK_EQ(signal_judge_fpu(&s, 0xe7, 0xffff), (0xe7ULL >> bit & 1) ? SIGNAL_TRUE : SIGNAL_BAD_FEATURES);
    }
    set(&s, 512, 0, 8);
    for (unsigned at = 0; at < FPU_STATE_SIZE; at++) {
        uint8_t old = s.byte[at];

        s.byte[at] = 0x80;
        CHECK_EQ(signal_judge_fpu(&s, 0, 0xffff), at == 26 || at == 27         ? SIGNAL_BAD_MXCSR
                                                  : at >= 512 && at < 520      ? SIGNAL_BAD_FEATURES
                                                  : at >= 520 && at < 512 + 64 ? SIGNAL_BAD_HEADER
                                                                               : SIGNAL_TRUE);
        s.byte[at] = old;
    }
}

static uint64_t any_word(void)
{
    static const uint64_t near[] = { 0, USER_END, 0x2b, 0x23, 1ULL << 47, 0xffff800000000000 };
    uint64_t random = lies_next();

    return random % 4 ? near[random / 4 % 6] + random / 64 % 3 - 1 : random >> (lies_next() % 64);
}

int main(void)
{
    check_frames();
    check_flags();
    check_fpu();
    for (uint64_t i = lies_count(1000000); i > 0; i--) {
        struct trap_frame f = { .rip = any_word(), .rsp = any_word(), .cs = any_word(), .ss = any_word() };
        uint64_t flags = f.rflags = lies_next();
        int is_true = f.cs == 0x2b && f.ss == 0x23 && f.rip < USER_END && f.rsp <= USER_END;

        if (!CHECK_EQ(signal_judge_frame(&f) == SIGNAL_TRUE, is_true) ||
            !CHECK_EQ(f.rflags, is_true ? (flags & 0x50dd5) | 0x202 : flags))
            break;
    }
    return check_done();
}
