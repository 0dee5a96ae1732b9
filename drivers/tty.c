/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/tty.h"

#include <asm/signal.h>
#include <linux/errno.h>

#include "drivers/platform.h"
#include "lib/string.h"

/* The framing of piped input (spec/console.md): bytes that the way to the guest uses itself come after an escape. */
enum { PIPE_END = 0x04, PIPE_SHIFT = 0x0e, PIPE_ESCAPE = 0x10, PIPE_IDLE = 0x16 };

enum { CC_DISABLED = 0, DELETE = 0x7f, FIRST_PRINTABLE = 0x20 };
#define NS_PER_VTIME 100000000u

/* A reader of the console that pauses (a pager, say) makes the application wait, as on Linux; one that takes nothing for
   platform.console_patience_ns is taken for dead, and loses what is written until it takes something again. */
#define STALL_STEP_NS 5000000u

static bool inside_line; /* output so far does not end with a newline */
static struct {
    bool terminal;
    bool pipe_ended;
    uint8_t pipe_escape; /* PIPE_SHIFT or PIPE_ESCAPE: what the last byte says of the next one */
    bool output_stalled;
    int signal;
    /* Free-running. tail..ready are whole lines, ready..head the line being typed; outside canonical mode ready == head. */
    uint32_t tail, ready, head;
    struct termios mode;
    struct winsize size;
    uint8_t bytes[TTY_BUFFER_SIZE];
    uint8_t
        line_end[TTY_BUFFER_SIZE / 8]; /* one bit per byte: a line ends here; with byte 0: at ^D, and no byte is read */
} tty;

static bool is_line_end(uint32_t at)
{
    at %= TTY_BUFFER_SIZE;
    return tty.line_end[at / 8] >> at % 8 & 1;
}

static bool is_end_of_file(uint32_t at)
{
    return is_line_end(at) && tty.bytes[at % TTY_BUFFER_SIZE] == CC_DISABLED;
}

static void store(uint8_t byte, bool ends_line)
{
    uint32_t at = tty.head++ % TTY_BUFFER_SIZE;
    uint8_t bit = (uint8_t)(1u << at % 8);

    tty.bytes[at] = byte;
    tty.line_end[at / 8] = (uint8_t)(ends_line ? tty.line_end[at / 8] | bit : tty.line_end[at / 8] & ~bit);
    if (ends_line || !(tty.mode.c_lflag & ICANON))
        tty.ready = tty.head;
}

/* One byte stays free for the end of a line that fills the buffer. */
static bool is_full(void)
{
    return tty.head - tty.tail >= TTY_BUFFER_SIZE - 1;
}

static bool is_key(uint32_t which, uint8_t byte)
{
    return byte != CC_DISABLED && tty.mode.c_cc[which] == byte;
}

static bool is_shown_as_control(uint8_t byte)
{
    return (tty.mode.c_lflag & ECHOCTL) && (byte < FIRST_PRINTABLE || byte == DELETE) && byte != '\n' && byte != '\t';
}

static void echo(uint8_t byte)
{
    bool shown =
        tty.mode.c_lflag & ECHO || (byte == '\n' && (tty.mode.c_lflag & ECHONL) && (tty.mode.c_lflag & ICANON));
    char control[2] = { '^', (char)(byte ^ 0x40) };

    if (!shown)
        return;
    if (is_shown_as_control(byte))
        tty_write(control, sizeof(control));
    else
        tty_write(&byte, 1);
}

static void erase_byte(void)
{
    tty.head--;
    if (!(tty.mode.c_lflag & ECHO) || !(tty.mode.c_lflag & ECHOE))
        return;
    if (is_shown_as_control(tty.bytes[tty.head % TTY_BUFFER_SIZE]))
        tty_write("\b \b", 3);
    tty_write("\b \b", 3);
}

static void erase_key(uint8_t key)
{
    if (tty.head == tty.ready)
        return;
    erase_byte();
    if (!(tty.mode.c_lflag & ECHOE))
        echo(key);
}

static void kill_key(uint8_t key)
{
    while (tty.head != tty.ready)
        erase_byte();
    if (tty.mode.c_lflag & ECHOE)
        return;
    echo(key);
    if (tty.mode.c_lflag & ECHOK)
        echo('\n');
}

/* ^C and ^\; ^Z is taken too, but there is no job to stop. True when byte was one of them. */
static bool take_signal_key(uint8_t byte)
{
    int signal = is_key(VINTR, byte) ? SIGINT : is_key(VQUIT, byte) ? SIGQUIT : 0;

    if (!(tty.mode.c_lflag & ISIG) || (signal == 0 && !is_key(VSUSP, byte)))
        return false;
    if (!(tty.mode.c_lflag & NOFLSH))
        tty_flush_input();
    echo(byte);
    if (signal != 0)
        tty.signal = signal;
    return true;
}

static void receive_canonical(uint8_t byte)
{
    if (is_key(VERASE, byte)) {
        erase_key(byte);
    } else if (is_key(VKILL, byte)) {
        kill_key(byte);
    } else if (is_key(VEOF, byte)) {
        store(CC_DISABLED, true);
    } else if (byte == '\n' || is_key(VEOL, byte) || is_key(VEOL2, byte)) {
        echo(byte);
        store(byte, true);
    } else if (!is_full()) {
        echo(byte);
        store(byte, false);
    }
}

static void receive_typed(uint8_t byte)
{
    if (byte == '\r') {
        if (tty.mode.c_iflag & IGNCR)
            return;
        if (tty.mode.c_iflag & ICRNL)
            byte = '\n';
    } else if (byte == '\n' && (tty.mode.c_iflag & INLCR)) {
        byte = '\r';
    }
    if (take_signal_key(byte))
        return;
    if (tty.mode.c_lflag & ICANON) {
        receive_canonical(byte);
        return;
    }
    echo(byte);
    store(byte, false);
}

static void receive_piped(uint8_t byte)
{
    uint8_t escape = tty.pipe_escape;

    tty.pipe_escape = 0;
    if (escape != 0)
        store(escape == PIPE_SHIFT ? byte | 0x80 : byte, false);
    else if (byte == PIPE_SHIFT || byte == PIPE_ESCAPE)
        tty.pipe_escape = byte;
    else if (byte == PIPE_END)
        tty.pipe_ended = true;
    else if (byte != PIPE_IDLE)
        store(byte, false);
}

/* Takes from the device while a reader could use more. What has no room stays in the device; but a line that fills the
   whole buffer must still see its end, so what follows of it is dropped, as Linux does. */
static void poll_device(void)
{
    for (uint32_t budget = TTY_BUFFER_SIZE; budget > 0; budget--) {
        int byte;

        if (tty.pipe_ended || (is_full() && tty.ready != tty.tail))
            return;
        byte = platform.console_read();
        if (byte < 0)
            return;
        if (tty.terminal)
            receive_typed((uint8_t)byte);
        else
            receive_piped((uint8_t)byte);
    }
}

void tty_init(bool terminal)
{
    tty.terminal = terminal;
    tty.mode = (struct termios){ 0 };
    tty.size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
    if (!terminal)
        return;
    /* Linux's defaults, but no translation of output: what a program writes is what the host gets. */
    tty.mode.c_iflag = ICRNL;
    tty.mode.c_cflag = B115200 | CS8 | CREAD | HUPCL;
    tty.mode.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN;
    tty.mode.c_cc[VINTR] = 'C' & 0x1f;
    tty.mode.c_cc[VQUIT] = '\\' & 0x1f;
    tty.mode.c_cc[VERASE] = DELETE;
    tty.mode.c_cc[VKILL] = 'U' & 0x1f;
    tty.mode.c_cc[VEOF] = 'D' & 0x1f;
    tty.mode.c_cc[VSUSP] = 'Z' & 0x1f;
    tty.mode.c_cc[VMIN] = 1;
}

bool tty_is_terminal(void)
{
    return tty.terminal;
}

bool tty_can_read(void)
{
    poll_device();
    return tty.ready != tty.tail || tty.pipe_ended;
}

static bool is_raw_terminal(void)
{
    return tty.terminal && !(tty.mode.c_lflag & ICANON);
}

int64_t tty_take(void *dst, uint64_t n)
{
    uint8_t *out = dst;
    uint64_t done = 0;
    bool ended = false;

    if (n == 0)
        return 0;
    if (!tty_can_read())
        return is_raw_terminal() && tty.mode.c_cc[VMIN] == 0 && tty.mode.c_cc[VTIME] == 0 ? 0 : -EAGAIN;
    while (done < n && tty.tail != tty.ready && !ended) {
        ended = is_line_end(tty.tail);
        if (!is_end_of_file(tty.tail))
            out[done++] = tty.bytes[tty.tail % TTY_BUFFER_SIZE];
        tty.tail++;
    }
    /* A ^D right behind a full answer ended this one: the next read must not answer 0 for it. */
    if (!ended && tty.tail != tty.ready && is_end_of_file(tty.tail))
        tty.tail++;
    return (int64_t)done;
}

uint64_t tty_read_wait_ns(void)
{
    if (is_raw_terminal() && tty.mode.c_cc[VMIN] == 0)
        return (uint64_t)tty.mode.c_cc[VTIME] * NS_PER_VTIME;
    return UINT64_MAX;
}

bool tty_is_at_line_start(void)
{
    return !inside_line;
}

static void write_device(const char *bytes, size_t n)
{
    uint64_t end = 0;

    for (;;) {
        size_t taken = platform.console_offer(bytes, n);
        uint64_t now;

        bytes += taken;
        n -= taken;
        tty.output_stalled = tty.output_stalled && taken == 0;
        if (n == 0 || tty.output_stalled)
            return;
        now = platform.clock_monotonic();
        if (taken > 0 || end == 0)
            end = now + platform.console_patience_ns;
        tty.output_stalled = now >= end;
        platform.idle_until(now + STALL_STEP_NS);
    }
}

static void write_text(const char *bytes, size_t n, void (*write)(const char *bytes, size_t n))
{
    uint64_t start = 0;

    if (n > 0)
        inside_line = bytes[n - 1] != '\n';
    if ((tty.mode.c_oflag & OPOST) && (tty.mode.c_oflag & ONLCR)) {
        for (uint64_t i = 0; i < n; i++) {
            if (bytes[i] != '\n')
                continue;
            write(bytes + start, i - start);
            write("\r\n", 2);
            start = i + 1;
        }
    }
    write(bytes + start, n - start);
}

void tty_write(const void *text, uint64_t n)
{
    write_text(text, n, write_device);
}

void tty_write_kernel(const char *text, size_t n)
{
    if (inside_line)
        write_text("\n", 1, platform.console_write);
    write_text(text, n, platform.console_write);
}

uint32_t tty_count_ready(void)
{
    uint32_t count = 0;

    poll_device();
    for (uint32_t at = tty.tail; at != tty.ready; at++)
        count += !is_end_of_file(at);
    return count;
}

void tty_get_termios(struct termios *out)
{
    *out = tty.mode;
}

void tty_set_termios(const struct termios *next)
{
    bool changed = (tty.mode.c_lflag ^ next->c_lflag) & ICANON;

    tty.mode = *next;
    if (!changed)
        return;
    /* What waits becomes one line, or plain bytes. */
    memset(tty.line_end, 0, sizeof(tty.line_end));
    tty.ready = tty.head;
    if ((tty.mode.c_lflag & ICANON) && tty.head != tty.tail)
        tty.line_end[(tty.head - 1) % TTY_BUFFER_SIZE / 8] |= (uint8_t)(1u << (tty.head - 1) % 8);
}

void tty_flush_input(void)
{
    tty.tail = tty.ready = tty.head;
}

void tty_get_winsize(struct winsize *out)
{
    *out = tty.size;
}

void tty_set_winsize(const struct winsize *next)
{
    tty.size = *next;
}

int tty_signal(void)
{
    int signal;

    if (tty.terminal)
        poll_device();
    signal = tty.signal;
    tty.signal = 0;
    return signal;
}
