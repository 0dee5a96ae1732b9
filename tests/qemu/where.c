/* SPDX-License-Identifier: BSD-2-Clause */
/* Prints where its text, stack, heap and a mapping are. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    void *map = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    printf("%p %p %p %p\n", (void *)main, (void *)argv[argc - 1], sbrk(0), map);
    return 0;
}
