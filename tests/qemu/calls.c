/* SPDX-License-Identifier: BSD-2-Clause */
/* Maps and touches memory of all kinds, so that there is something to see, then calls getppid and uname. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#define SIZE (1L << 18)

static char data[3 * 4096] = { 1 };

int main(void)
{
    static const int rights[] = { PROT_READ | PROT_WRITE, PROT_READ, PROT_READ | PROT_EXEC, PROT_NONE };
    struct utsname name;

    for (int i = 0; i < 4; i++) {
        char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        for (long at = 0; at < SIZE; at += 4096)
            p[at] = 1;
        mprotect(p, SIZE, rights[i]);
    }
    data[8192]++;
    syscall(SYS_getppid);
    return uname(&name);
}
