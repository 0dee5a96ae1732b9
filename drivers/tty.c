/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/tty.h"

#include <asm/signal.h>
#include <linux/errno.h>

#include "drivers/platform.h"

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
    struct termios mode;
    struct winsize size;
} tty;
static struct tty_buffer input;

#include "spec/tty.acsl"

/*@ terminates \true; exits \false; assigns \nothing; ensures exact: \result <==> TtyCanonical; */
static bool is_canonical(void)
{
    return (tty.mode.c_lflag & ICANON) != 0;
}

/*@ requires room: TtyRoom;
    terminates \true; exits \false; assigns input;
    ensures good: TtyGood(&input);
    ensures put: TtyPut{Pre, Post}(&input, TtySlot(\old(input.head)), byte);
    ensures ends: TtyEnds(&input, TtySlot(\old(input.head))) <==> ends_line;
    ensures ready: ends_line || !TtyCanonical ==> input.ready == input.head;
    ensures typed: !ends_line && TtyCanonical ==> input.ready == \old(input.ready); */
static void store(uint8_t byte, bool ends_line)
{
    tty_buffer_put(&input, byte, ends_line, ends_line || !is_canonical());
}

/*@ requires key: which < NCCS;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> byte != CC_DISABLED && tty.mode.c_cc[which] == byte; */
static bool is_key(uint32_t which, uint8_t byte)
{
    return byte != CC_DISABLED && tty.mode.c_cc[which] == byte;
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> (tty.mode.c_lflag & ECHOCTL) != 0 && (byte < 32 || byte == 127) && byte != 10 && byte != 9; */
static bool is_shown_as_control(uint8_t byte)
{
    return (tty.mode.c_lflag & ECHOCTL) && (byte < FIRST_PRINTABLE || byte == DELETE) && byte != '\n' && byte != '\t';
}

static void echo(uint8_t byte)
{
    bool shown = tty.mode.c_lflag & ECHO || (byte == '\n' && (tty.mode.c_lflag & ECHONL) && is_canonical());
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
    uint8_t byte = tty_buffer_erase(&input);

    if (!(tty.mode.c_lflag & ECHO) || !(tty.mode.c_lflag & ECHOE))
        return;
    if (is_shown_as_control(byte))
        tty_write("\b \b", 3);
    tty_write("\b \b", 3);
}

static void erase_key(uint8_t key)
{
    if (input.head == input.ready)
        return;
    erase_byte();
    if (!(tty.mode.c_lflag & ECHOE))
        echo(key);
}

static void kill_key(uint8_t key)
{
    while (input.head != input.ready)
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
    } else if (!tty_buffer_is_full(&input)) {
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
    if (is_canonical()) {
        receive_canonical(byte);
        return;
    }
    echo(byte);
    store(byte, false);
}

/* An escape says how the next byte is meant, and is no byte itself. */
/*@ requires room: TtyRoom;
    terminates \true; exits \false; assigns tty.pipe_escape, tty.pipe_ended, input;
    ensures ended: tty.pipe_ended <==> \old(tty.pipe_ended) || (\old(tty.pipe_escape) == 0 && byte == PIPE_END);
    ensures escape: tty.pipe_escape
      == (\old(tty.pipe_escape) == 0 && (byte == PIPE_SHIFT || byte == PIPE_ESCAPE) ? byte : 0);
    ensures good: TtyGood(&input);
    ensures shifted: \old(tty.pipe_escape) == PIPE_SHIFT ==>
      TtyPut{Pre, Post}(&input, TtySlot(\old(input.head)), byte % 0x80 + 0x80);
    ensures plain: (\old(tty.pipe_escape) != 0 && \old(tty.pipe_escape) != PIPE_SHIFT)
      || (\old(tty.pipe_escape) == 0 && !IsPipeMark(byte)) ==>
      TtyPut{Pre, Post}(&input, TtySlot(\old(input.head)), byte);
    ensures no_line: \old(tty.pipe_escape) != 0 || !IsPipeMark(byte) ==>
      !TtyEnds(&input, TtySlot(\old(input.head))) && (!TtyCanonical ==> input.ready == input.head);
    ensures none: \old(tty.pipe_escape) == 0 && IsPipeMark(byte) ==> TtySame{Pre, Post}(&input); */
static void receive_piped(uint8_t byte)
{
    uint8_t escape = tty.pipe_escape;

    tty.pipe_escape = 0;
    if (escape != 0)
        store(escape == PIPE_SHIFT ? (uint8_t)(byte % 0x80 + 0x80) : byte, false);
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

        if (tty.pipe_ended || (tty_buffer_is_full(&input) && input.ready != input.tail))
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

/*@ terminates \true; exits \false; assigns tty.terminal, tty.mode, tty.size;
    ensures kind: tty.terminal == terminal && tty.mode.c_oflag == 0;
    ensures size: tty.size.ws_row == 24 && tty.size.ws_col == 80 && tty.size.ws_xpixel == 0 && tty.size.ws_ypixel == 0;
    ensures pipe: !terminal ==> tty.mode.c_iflag == 0 && tty.mode.c_cflag == 0 && tty.mode.c_lflag == 0
      && \forall integer i; 0 <= i < NCCS ==> tty.mode.c_cc[i] == 0;
    ensures modes: terminal ==> tty.mode.c_iflag == ICRNL && tty.mode.c_cflag == (B115200 | CS8 | CREAD | HUPCL)
      && tty.mode.c_lflag == (ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN);
    ensures keys: terminal ==> tty.mode.c_cc[VINTR] == 3 && tty.mode.c_cc[VQUIT] == 28 && tty.mode.c_cc[VERASE] == 127
      && tty.mode.c_cc[VKILL] == 21 && tty.mode.c_cc[VEOF] == 4 && tty.mode.c_cc[VSUSP] == 26;
    ensures reads: terminal ==> tty.mode.c_cc[VMIN] == 1 && tty.mode.c_cc[VTIME] == 0 && tty.mode.c_cc[VEOL] == 0
      && tty.mode.c_cc[VEOL2] == 0; */
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

/*@ terminates \true; exits \false; assigns \nothing; ensures value: \result == tty.terminal; */
bool tty_is_terminal(void)
{
    return tty.terminal;
}

bool tty_can_read(void)
{
    poll_device();
    return input.ready != input.tail || tty.pipe_ended;
}

/*@ terminates \true; exits \false; assigns \nothing; ensures exact: \result <==> tty.terminal && !TtyCanonical; */
static bool is_raw_terminal(void)
{
    return tty.terminal && !is_canonical();
}

int64_t tty_take(uint8_t *dst, uint64_t n)
{
    if (n == 0)
        return 0;
    if (!tty_can_read())
        return is_raw_terminal() && tty.mode.c_cc[VMIN] == 0 && tty.mode.c_cc[VTIME] == 0 ? 0 : -EAGAIN;
    return (int64_t)tty_buffer_take(&input, dst, n);
}

/*@ terminates \true; exits \false; assigns \nothing;
    ensures bounded: tty.terminal && !TtyCanonical && tty.mode.c_cc[VMIN] == 0 ==>
      \result == tty.mode.c_cc[VTIME] * 100000000;
    ensures for_ever: !tty.terminal || TtyCanonical || tty.mode.c_cc[VMIN] != 0 ==> \result == UINT64_MAX; */
uint64_t tty_read_wait_ns(void)
{
    if (is_raw_terminal() && tty.mode.c_cc[VMIN] == 0)
        return (uint64_t)tty.mode.c_cc[VTIME] * NS_PER_VTIME;
    return UINT64_MAX;
}

/*@ terminates \true; exits \false; assigns \nothing; ensures exact: \result <==> !inside_line; */
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
    for (uint32_t at = input.tail; at != input.ready; at++)
        count += !tty_buffer_stops(&input, at);
    return count;
}

/*@ requires valid: \valid(out); terminates \true; exits \false; assigns *out; ensures copy: *out == \old(tty.mode); */
void tty_get_termios(struct termios *out)
{
    *out = tty.mode;
}

/*@ requires valid: \valid_read(next) && \separated(next, &tty, &input);
    requires good: TtyGood(&input);
    terminates \true; exits \false; assigns tty.mode, input.ready, input.line_end[0 .. TTY_BUFFER_SIZE / 64 - 1];
    ensures copy: TtyGood(&input) && TtyModeIs(next);
    ensures same: (TtyCanonical{Pre} <==> TtyCanonical{Post}) ==> TtySame{Pre, Post}(&input);
    ensures bytes: TtyBytesKept{Pre, Post}(&input, -1);
    ensures indices: input.head == \old(input.head) && input.tail == \old(input.tail);
    ensures joined: !(TtyCanonical{Pre} <==> TtyCanonical{Post}) ==> TtyJoined(&input); */
void tty_set_termios(const struct termios *next)
{
    bool canonical = (next->c_lflag & ICANON) != 0;

    if (canonical != is_canonical())
        tty_buffer_join(&input, canonical);
    tty.mode = *next;
}

/*@ terminates \true; exits \false; assigns input.tail, input.ready;
    ensures none: input.tail == input.head && input.ready == input.head; */
void tty_flush_input(void)
{
    tty_buffer_forget(&input);
}

/*@ requires valid: \valid(out); terminates \true; exits \false; assigns *out; ensures copy: *out == \old(tty.size); */
void tty_get_winsize(struct winsize *out)
{
    *out = tty.size;
}

/*@ requires valid: \valid_read(next);
    terminates \true; exits \false; assigns tty.size; ensures copy: tty.size == \old(*next); */
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
