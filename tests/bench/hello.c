/* SPDX-License-Identifier: BSD-2-Clause */
/* The least that a program does: one line. */
#include <unistd.h>

int main(void)
{
    static const char text[] = "Hello world from app\n";

    return write(1, text, sizeof text - 1) == (ssize_t)(sizeof text - 1) ? 0 : 1;
}
