/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "../check.h"

#define PAGE 4096

static sigjmp_buf back;
static siginfo_t seen;
static greg_t trap, error, cr2;
static uint8_t *page;
static volatile int zero, sink;

static void on_fault(int signal, siginfo_t *info, void *context)
{
    const ucontext_t *c = context;

    (void)signal;
    seen = *info;
    trap = c->uc_mcontext.gregs[REG_TRAPNO];
    error = c->uc_mcontext.gregs[REG_ERR];
    cr2 = c->uc_mcontext.gregs[REG_CR2];
    siglongjmp(back, 1);
}

static void read_null(void)
{
    sink = *(volatile int *)16;
}

static void write_read_only(void)
{
    page[5] = 1;
}

static void execute_data(void)
{
    ((void (*)(void))(uintptr_t)page)();
}

static void read_kernel(void)
{
    sink = *(volatile int *)0xffffffff80100000;
}

static void read_non_canonical(void)
{
    sink = *(volatile int *)0x1234567800000000;
}

static void read_behind_file(void)
{
    int fd = open("/proc/self/exe", O_RDONLY);
    volatile uint8_t *map = mmap(NULL, 1 << 30, PROT_READ, MAP_PRIVATE, fd, 0);

    close(fd);
    sink = map[(1 << 30) - PAGE];
}

static void divide(void)
{
    sink = 7 / zero;
}

static void divide_overflow(void)
{
    int a = 0x80000000;

    __asm__ volatile("cltd; idivl %1" : "+a"(a) : "r"(-1) : "edx");
}

static void undefined(void)
{
    __asm__ volatile("ud2");
}

static void privileged(void)
{
    __asm__ volatile("hlt");
}

static void breakpoint(void)
{
    __asm__ volatile("int3");
}

static void interrupt_gate(void)
{
    __asm__ volatile("int $0x30");
}

static void single_step(void)
{
    __asm__ volatile("pushfq; orq $0x100, (%%rsp); popfq; nop; nop" ::: "cc", "memory");
}

/* Met by the division, raised at the next instruction of x87; a system call lies between. */
static void x87_divide(void)
{
    uint16_t control = 0x37b; /* all masked but division by zero */
    long rax = 39;

    __asm__ volatile("fldcw %1; fld1; fldz; fdivrp; syscall; fwait"
                     : "+a"(rax)
                     : "m"(control)
                     : "rcx", "r11", "memory");
}

static const struct {
    const char *name;
    void (*fault)(void);
} cases[] = {
    { "read of null", read_null },
    { "write to read-only", write_read_only },
    { "execution of data", execute_data },
    { "read of the kernel", read_kernel },
    { "read, not canonical", read_non_canonical },
    { "read behind a file", read_behind_file },
    { "division", divide },
    { "division overflow", divide_overflow },
    { "ud2", undefined },
    { "hlt", privileged },
    { "int3", breakpoint },
    { "int 0x30", interrupt_gate },
    { "single step", single_step },
    { "x87 division", x87_divide },
};

/* Addresses are told relative to what was to be touched, so that Linux and the guest print the same. */
static const char *place_of(void)
{
    static char text[64];
    uint8_t *address = seen.si_addr;

    if (address >= page && address < page + PAGE)
        snprintf(text, sizeof text, "page + %ld", (long)(address - page));
    else if ((uintptr_t)address > 0x400000 && (uintptr_t)address < 0x500000)
        snprintf(text, sizeof text, "code");
    else if ((uintptr_t)address > 0x500000 && (uintptr_t)address < 0x800000000000)
        snprintf(text, sizeof text, "somewhere");
    else
        snprintf(text, sizeof text, "%p", (void *)address);
    return text;
}

static void check_kinds(void)
{
    for (volatile unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memset(&seen, 0, sizeof seen);
        __asm__ volatile("fninit");
        if (sigsetjmp(back, 1) == 0)
            cases[i].fault();
        /* TF must not outlive its case. */
        __asm__ volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "cc", "memory");
        /* QEMU has other error codes, but for page faults. */
        printf("%-22s signal %2d code %3d address %s trap %lld error %lld\n", cases[i].name, seen.si_signo,
               seen.si_code, place_of(), trap, trap == 14 ? error : 0);
        if (seen.si_signo == SIGSEGV && trap == 14)
            CHECK_EQ(cr2, (greg_t)(uintptr_t)seen.si_addr);
    }
    __asm__ volatile("fninit");
}

static int repairs;

static void on_repair(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    repairs++;
    mprotect((void *)((uintptr_t)info->si_addr & ~(uintptr_t)(PAGE - 1)), PAGE, PROT_READ | PROT_WRITE);
}

static void check_repair(void)
{
    struct sigaction action = { .sa_sigaction = on_repair, .sa_flags = SA_SIGINFO };
    uint8_t *many = mmap(NULL, 16 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    sigaction(SIGSEGV, &action, NULL);
    for (int i = 0; i < 16; i++)
        many[i * PAGE + i] = (uint8_t)i;
    for (int i = 0; i < 16; i++)
        CHECK_EQ(many[i * PAGE + i], i);
    CHECK_EQ(repairs, 16);
}

/* The handler steps over an instruction. */
static void on_skip(int signal, siginfo_t *info, void *context)
{
    ucontext_t *c = context;

    (void)signal;
    (void)info;
    c->uc_mcontext.gregs[REG_RIP] += 2;
}

static void check_skip(void)
{
    struct sigaction action = { .sa_sigaction = on_skip, .sa_flags = SA_SIGINFO };

    sigaction(SIGILL, &action, NULL);
    for (int i = 0; i < 3; i++)
        __asm__ volatile("ud2");
}

int main(void)
{
    static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP };
    struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

    page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sink = page[0];
    for (unsigned i = 0; i < sizeof faults / sizeof faults[0]; i++)
        sigaction(faults[i], &action, NULL);
    check_kinds();
    check_repair();
    check_skip();
    return check_done();
}
