/* SPDX-License-Identifier: BSD-2-Clause */
/* Carries out the instruction that its argument names, then says "survived". Each of them must end the program. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define USER_END 0x7ffffffff000UL

static unsigned char place[64] __attribute__((aligned(64)));

/* rax 0, rcx an MSR that exists (EFER), dx the exit port, rdi and rsi writable memory. */
#define INSTRUCTION(name, text)                                                                                        \
    static void run_##name(void)                                                                                       \
    {                                                                                                                  \
        __asm__ volatile(text ::"a"(0L), "c"(0xc0000080L), "d"(0xf4L), "D"(place), "S"(place + 32) : "memory", "rbx"); \
    }
#include "instructions_list.h"
#undef INSTRUCTION

/* The last two bytes of the user half are a syscall: it returns to the first address behind, never to ring 0. */
static void run_sysret_edge(void)
{
    unsigned char *page =
        mmap((void *)(USER_END - 4096), 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

    page[4094] = 0x0f;
    page[4095] = 0x05;
    mprotect(page, 4096, PROT_READ | PROT_EXEC);
    __asm__ volatile("jmp *%1" ::"a"(39L), "r"(page + 4094) : "rcx", "r11", "memory");
}

static const struct {
    const char *name;
    void (*run)(void);
} list[] = {
#define INSTRUCTION(name, text) { #name, run_##name },
#include "instructions_list.h"
#undef INSTRUCTION
    { "sysret_edge", run_sysret_edge },
};

int main(int argc, char **argv)
{
    for (unsigned i = 0; i < sizeof list / sizeof list[0]; i++)
        if (strcmp(list[i].name, argv[argc - 1]) == 0) {
            printf("trying %s\n", list[i].name);
            fflush(stdout);
            list[i].run();
            puts("survived");
            return 0;
        }
    puts("unknown");
    return 2;
}
