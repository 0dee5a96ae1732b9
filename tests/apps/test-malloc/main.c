/* SPDX-License-Identifier: BSD-2-Clause */
/* Sizes from a byte to a MiB, kept, grown and freed in a mixed order; no block may lie in another. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 300

int main(void)
{
    static unsigned char *block[SLOTS];
    static size_t size[SLOTS];
    unsigned seed = 1, wrong = 0;

    for (int i = 0; i < 6000; i++) {
        int k;

        seed = seed * 1103515245 + 12345;
        k = (int)(seed >> 16) % SLOTS;
        for (size_t at = 0; at < size[k]; at += 509)
            wrong += block[k][at] != (unsigned char)k;
        size[k] = (size_t)1 << (seed >> 8) % 17;
        if (i % 100 == 0)
            size[k] = 1 << 20;
        block[k] = seed & 64 ? realloc(block[k], size[k]) : (free(block[k]), malloc(size[k]));
        if (!block[k])
            return 2;
        memset(block[k], k, size[k]);
    }
    printf("%u wrong\n", wrong);
    return wrong != 0;
}
