/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    unsigned long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
    long id;

    /* both threads go on from here; only one has a stack */
    __asm__ volatile("syscall; pushq %0; popq %0"
                     : "=a"(id)
                     : "0"(SYS_clone), "D"(flags), "S"(0xffff800000001000), "d"(0)
                     : "rcx", "r11", "memory");
    for (;;)
        pause();
    return (int)id;
}
