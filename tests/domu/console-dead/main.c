/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    static char text[100000];

    puts("ready");
    fflush(stdout);
    if (getchar() != 'x' || write(1, text, sizeof(text)) != sizeof(text))
        return 1;
    sleep(3);
    puts("back again");
    return 5;
}
