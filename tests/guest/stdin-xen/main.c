/* SPDX-License-Identifier: BSD-2-Clause */
/* Every byte of stdin must come out as its number, then the end; no byte may be taken as a key, changed or echoed. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int c, n = 0;

    printf("terminal: %d\n", isatty(0));
    while ((c = getchar()) != EOF) {
        printf("%02x%s", (unsigned)c, ++n % 16 == 0 ? "\n" : " ");
    }
    printf("\n%d bytes\n", n);
    return getchar() != EOF;
}
