/* SPDX-License-Identifier: BSD-2-Clause */
/* The console as the application sees it: Linux's N_TTY in small, or a plain pipe. Nothing here waits. spec/console.md. */
#ifndef DRIVERS_TTY_H
#define DRIVERS_TTY_H
#include <asm/termbits.h>
#include <asm/termios.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/tty_buffer.h"
#include "lib/state.h"

#include <linux/errno.h>

/* terminal: a person types (console=tty): termios, echo, ^C. Otherwise input is the framed pipe of spec/console.md, byte-exact
   up to its end, and the console is no terminal: TCGETS is the caller's to refuse with ENOTTY. */
void tty_init(bool terminal);

/* True when the console answers terminal ioctls. */
bool tty_is_terminal(void);

/* True when a byte (canonical mode: a line) or the end of input waits. Asks the device for more. */
/*@ terminates \true; exits \false; assigns ghost_kernel, ghost_input;
    ensures told: \result <==> ghost_input != 0; */
bool tty_can_read(void);

/* Up to n bytes (canonical mode: of one line) into dst; 0 at the end of input, when n is 0, or when VMIN and VTIME are;
   -EAGAIN when nothing waits. A VMIN above 1 counts as 1. */
/*@ requires room: \valid(dst + (0 .. n - 1)) && n <= INT64_MAX;
    terminates \true; exits \false; assigns dst[0 .. n - 1], ghost_kernel;
    ensures many: \result == -EAGAIN || 0 <= \result <= n; */
int64_t tty_take(uint8_t *dst, uint64_t n);

/* How long a blocked read may wait before it answers 0 (VMIN = 0): nanoseconds, UINT64_MAX for ever. */
uint64_t tty_read_wait_ns(void);

/* Writes all of it, or loses what a stalled device does not take within its bound. */
void tty_write(const void *text, uint64_t n);

/* The kernel's own lines: a line that the application left open is ended first. Never waits: bounded as platform.console_write. */
void tty_write_kernel(const char *text, size_t n);

/* Was the last byte written a newline, or none written yet? */
bool tty_is_at_line_start(void);

/* FIONREAD: bytes that tty_take would give now, 0 or more. */
uint32_t tty_count_ready(void);

/* TCGETS and TCSETS. A change of ICANON keeps what was typed. */
void tty_get_termios(struct termios *out);
void tty_set_termios(const struct termios *next);

/* TCFLSH and TCSETSF: forgets what was typed and not read. */
void tty_flush_input(void);

/* TIOCGWINSZ and TIOCSWINSZ; 80x24 at first. */
void tty_get_winsize(struct winsize *out);
void tty_set_winsize(const struct winsize *next);

/* SIGINT or SIGQUIT when ^C or ^\ came since the last call, else 0. Asks the device for more. */
int tty_signal(void);

#endif
