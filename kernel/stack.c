/* SPDX-License-Identifier: BSD-2-Clause */
#include <linux/auxvec.h>
#include <linux/errno.h>

#include "kernel/random.h"
#include "kernel/signal_frame.h"
#include "kernel/stack.h"
#include "lib/string.h"
#include "mm/user.h"
#include "mm/user_range.h"
#include "x86/cpu.h"

#define AUXV_PAIRS  20u
#define CLOCK_TICKS 100u /* what times() counts in */

/* Strings grow down from the top; the vector of words is written below them at the end. */
struct builder {
    uint64_t at, bottom;
    bool failed;
};

static uint64_t push_bytes(struct builder *b, const void *bytes, uint64_t n)
{
    if (b->failed || b->at - b->bottom < n) {
        b->failed = true;
        return 0;
    }
    b->at -= n;
    if (user_copy_out(b->at, bytes, n) != 0)
        b->failed = true;
    return b->at;
}

static uint64_t push_string(struct builder *b, const char *s)
{
    return push_bytes(b, s, strlen(s) + 1);
}

static void add_word(uint64_t *words, uint32_t *n, uint64_t word)
{
    words[*n] = word;
    (*n)++;
}

static void add_auxv(uint64_t *words, uint32_t *n, uint64_t type, uint64_t value)
{
    add_word(words, n, type);
    add_word(words, n, value);
}

int64_t stack_build(uint64_t top, uint64_t size, const struct elf_plan *plan, uint64_t bias, uint64_t vdso,
                    const char *path, const struct cmdline *cmdline)
{
    static uint64_t words[4 + CMDLINE_MAX_ARGS + CMDLINE_MAX_DEVICES + CMDLINE_MAX_ENVS + 2 * AUXV_PAIRS];
    struct builder b = { top, top - size, false };
    uint64_t seed[2] = { random_seed64(), random_seed64() }, name, platform, random;
    uint32_t n = 0;

    name = push_string(&b, path);
    platform = push_string(&b, "x86_64");
    random = push_bytes(&b, seed, sizeof seed);
    add_word(words, &n, 1 + cmdline->arg_count);
    add_word(words, &n, name);
    for (uint32_t i = 0; i < cmdline->arg_count; i++)
        add_word(words, &n, push_string(&b, cmdline->text + cmdline->arg[i]));
    add_word(words, &n, 0);
    for (uint32_t i = 0; i < cmdline->env_count; i++)
        add_word(words, &n, push_string(&b, cmdline->text + cmdline->env[i]));
    add_word(words, &n, 0);
    if (vdso != 0)
        add_auxv(words, &n, AT_SYSINFO_EHDR, vdso);
    add_auxv(words, &n, AT_HWCAP, cpu.hwcap);
    add_auxv(words, &n, AT_PAGESZ, PAGE_SIZE);
    add_auxv(words, &n, AT_CLKTCK, CLOCK_TICKS);
    add_auxv(words, &n, AT_MINSIGSTKSZ, signal_frame_size());
    if (plan->phdr_vaddr != 0) {
        add_auxv(words, &n, AT_PHDR, plan->phdr_vaddr + bias);
        add_auxv(words, &n, AT_PHENT, ELF_PH_SIZE);
        add_auxv(words, &n, AT_PHNUM, plan->phdr_count);
    }
    add_auxv(words, &n, AT_BASE, 0);
    add_auxv(words, &n, AT_FLAGS, 0);
    add_auxv(words, &n, AT_ENTRY, plan->entry + bias);
    add_auxv(words, &n, AT_UID, 0);
    add_auxv(words, &n, AT_EUID, 0);
    add_auxv(words, &n, AT_GID, 0);
    add_auxv(words, &n, AT_EGID, 0);
    add_auxv(words, &n, AT_SECURE, 0);
    add_auxv(words, &n, AT_RANDOM, random);
    add_auxv(words, &n, AT_EXECFN, name);
    add_auxv(words, &n, AT_PLATFORM, platform);
    add_auxv(words, &n, AT_NULL, 0);
    /* The stack pointer is a multiple of 16 at the entry, with argc there. */
    b.at = (b.at - n * sizeof words[0]) / 16 * 16 + n * sizeof words[0];
    push_bytes(&b, words, n * sizeof words[0]);
    return b.failed ? -E2BIG : (int64_t)b.at;
}
