/* SPDX-License-Identifier: BSD-2-Clause */
/* A line arrives with its correction made and echoed; in raw mode a key arrives at once, without a line. What is typed while
   the serial line is set up can be lost: the input begins with a number of ^U, which mean nothing there. */
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
    struct termios mode;
    char text[100] = "";
    ssize_t n;

    printf("terminal %d\n", isatty(0) && isatty(1));
    fflush(stdout);
    n = read(0, text, sizeof text);
    printf("read %zd: %.*s", n, (int)n, text);
    CHECK_EQ(tcgetattr(0, &mode), 0);
    CHECK(mode.c_lflag & ICANON && mode.c_lflag & ECHO);
    mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    mode.c_cc[VMIN] = 1;
    CHECK_EQ(tcsetattr(0, TCSANOW, &mode), 0);
    n = read(0, text, 1);
    printf("raw %zd: %c\n", n, text[0]);
    return check_done();
}
