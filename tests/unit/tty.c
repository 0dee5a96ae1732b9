/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/tty.c drivers/tty_buffer.c */
/* A fake console: what is typed becomes lines, echo and signals as on Linux; what is piped comes out byte for byte. */
#include "drivers/tty.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "drivers/platform.h"

struct platform platform;
static uint8_t input[100000];
static size_t input_next, input_end;
static char shown[100000];
static size_t shown_size;

static int fake_read(void)
{
    return input_next < input_end ? input[input_next++] : -1;
}

/* A device that takes at most 100 bytes at once, nothing at every other offer, and nothing at all when dead. */
static bool busy, dead;
static uint64_t now;

static uint64_t fake_clock(void)
{
    return now;
}

static void fake_idle(uint64_t deadline)
{
    now = deadline;
}

static size_t fake_offer(const char *text, size_t size)
{
    busy = !busy;
    if (busy || dead)
        return 0;
    size = size < 100 ? size : 100;
    memcpy(shown + shown_size, text, size);
    shown_size += size;
    shown[shown_size] = '\0';
    return size;
}

static void type_bytes(const void *bytes, size_t size)
{
    memcpy(input, bytes, size);
    input_next = 0;
    input_end = size;
    shown_size = 0;
    shown[0] = '\0';
}

static void type(const char *text)
{
    type_bytes(text, strlen(text));
}

static int64_t take(char *dst, uint64_t n)
{
    return tty_take((uint8_t *)dst, n);
}

/* Reads up to n and compares with text. */
static bool reads(uint64_t n, const char *text)
{
    char got[8192] = "";
    int64_t size = take(got, n);
    bool same = size == (int64_t)strlen(text) && memcmp(got, text, (size_t)size) == 0;

    if (!same)
        printf("    read %d \"%.*s\", not \"%s\"\n", (int)size, size > 0 ? (int)size : 0, got, text);
    return same;
}

static void change_mode(tcflag_t clear, tcflag_t set, uint8_t vmin, uint8_t vtime)
{
    struct termios mode;

    tty_get_termios(&mode);
    mode.c_lflag = (mode.c_lflag & ~clear) | set;
    mode.c_cc[VMIN] = vmin;
    mode.c_cc[VTIME] = vtime;
    tty_set_termios(&mode);
}

static void check_lines(void)
{
    type("one\rtwo\nthr");
    CHECK(tty_can_read());
    CHECK_EQ(tty_count_ready(), 8);
    CHECK(strcmp(shown, "one\ntwo\nthr") == 0);
    CHECK(reads(100, "one\n"));
    CHECK(reads(2, "tw"));
    CHECK(reads(100, "o\n"));
    CHECK(!tty_can_read());
    CHECK_EQ(take(shown, 10), -EAGAIN);
    CHECK_EQ(take(shown, 0), 0);
    CHECK_EQ(tty_read_wait_ns(), UINT64_MAX);
    type("ee\n");
    CHECK(reads(100, "three\n"));
}

static void check_editing(void)
{
    type("abx\177c\n");
    CHECK(reads(100, "abc\n"));
    CHECK(strcmp(shown, "abx\b \bc\n") == 0);
    type("\177\177a\001\177\n");
    CHECK(reads(100, "a\n"));
    CHECK(strcmp(shown, "a^A\b \b\b \b\n") == 0);
    type("first\nwrong\025right\n");
    CHECK(reads(100, "first\n"));
    CHECK(reads(100, "right\n"));
}

static void check_end_of_file(void)
{
    type("\004");
    CHECK(tty_can_read());
    CHECK_EQ(tty_count_ready(), 0);
    CHECK(reads(10, ""));
    CHECK(!tty_can_read());
    type("ab\004cd\n");
    CHECK(reads(10, "ab"));
    CHECK(reads(10, "cd\n"));
    type("ab\004\004");
    CHECK(reads(2, "ab"));
    CHECK(reads(2, ""));
    CHECK(!tty_can_read());
}

static void check_signals(void)
{
    type("lost\003");
    CHECK_EQ(tty_signal(), SIGINT);
    CHECK_EQ(tty_signal(), 0);
    CHECK(strcmp(shown, "lost^C") == 0);
    type("\034\032kept\n");
    CHECK_EQ(tty_signal(), SIGQUIT);
    CHECK(reads(10, "kept\n"));
    change_mode(ISIG, 0, 1, 0);
    type("a\003\n");
    CHECK_EQ(tty_signal(), 0);
    CHECK(reads(10, "a\003\n"));
    change_mode(0, ISIG, 1, 0);
}

static void check_raw(void)
{
    type("typed");
    CHECK(!tty_can_read());
    change_mode(ICANON | ECHO, 0, 1, 0);
    CHECK(reads(100, "typed"));
    type("\004\177");
    CHECK(reads(100, "\004\177"));
    CHECK_EQ(shown_size, 0);
    CHECK_EQ(take(shown, 1), -EAGAIN);
    change_mode(0, 0, 0, 0);
    CHECK_EQ(take(shown, 1), 0);
    change_mode(0, 0, 0, 3);
    CHECK_EQ(take(shown, 1), -EAGAIN);
    CHECK_EQ(tty_read_wait_ns(), 300000000);
    type("left");
    CHECK(tty_can_read());
    change_mode(0, ICANON | ECHO, 1, 0);
    CHECK(reads(100, "left"));
    type("gone");
    CHECK(!tty_can_read());
    tty_flush_input();
    type("here\n");
    CHECK(reads(100, "here\n"));
}

/* A line longer than the buffer is cut but ends; lines beyond the buffer stay in the device, none is lost. */
static void check_full(void)
{
    static char flood[60000], got[8192];
    uint64_t lines = 0;
    int64_t size;

    memset(flood, 'x', sizeof(flood));
    flood[sizeof(flood) - 1] = '\n';
    type_bytes(flood, sizeof(flood));
    for (int i = 0; i < 100 && !tty_can_read(); i++)
        ;
    size = take(got, sizeof(got));
    CHECK_EQ(size, TTY_BUFFER_SIZE);
    CHECK_EQ(got[TTY_BUFFER_SIZE - 1], '\n');
    for (size_t i = 0; i < sizeof(flood); i++)
        flood[i] = i % 6 == 5 ? '\n' : 'y';
    type_bytes(flood, sizeof(flood));
    while ((size = take(got, sizeof(got))) > 0) {
        if (!CHECK(size == 6 && memcmp(got, "yyyyy\n", 6) == 0))
            break;
        lines++;
    }
    CHECK_EQ(lines, sizeof(flood) / 6);
}

static void check_output(void)
{
    struct termios mode;
    struct winsize size;

    type("");
    tty_write("a\nb\n", 4);
    CHECK(strcmp(shown, "a\nb\n") == 0);
    tty_get_termios(&mode);
    mode.c_oflag |= OPOST | ONLCR;
    tty_set_termios(&mode);
    type("");
    tty_write("a\n\nb", 4);
    CHECK(strcmp(shown, "a\r\n\r\nb") == 0);
    mode.c_oflag = 0;
    tty_set_termios(&mode);
    tty_get_winsize(&size);
    CHECK(size.ws_row == 24 && size.ws_col == 80);
}

/* A slow device gets all of it; a dead one costs a minute once, then nothing, until it lives again. */
static void check_stall(void)
{
    static char text[5000];
    uint64_t start;

    memset(text, 'z', sizeof(text));
    type("");
    tty_write(text, sizeof(text));
    CHECK_EQ(shown_size, sizeof(text));
    dead = true;
    start = now;
    tty_write(text, sizeof(text));
    CHECK(now - start >= 60000000000 && now - start < 61000000000);
    start = now;
    tty_write(text, sizeof(text));
    CHECK_EQ(now, start);
    CHECK_EQ(shown_size, sizeof(text));
    dead = false;
    busy = true;
    tty_write(text, sizeof(text));
    CHECK_EQ(shown_size, 2 * sizeof(text));
}

/* Every byte in every neighbourhood passes, framed as the host tool does it. */
static void check_pipe(void)
{
    static uint8_t plain[40000], framed[80000], got[40000];
    size_t size = 0;
    uint64_t done = 0;

    for (size_t i = 0; i < sizeof(plain); i++)
        plain[i] = (uint8_t)(rand() % 3 ? rand() % 32 : rand());
    framed[size++] = 0x16;
    for (size_t i = 0; i < sizeof(plain); i++) {
        if (plain[i] == 0x01 || plain[i] == 0x04 || plain[i] == 0x0e || plain[i] == 0x10 || plain[i] == 0x16)
            framed[size++] = 0x10;
        if (plain[i] >= 0x80 && rand() % 2) {
            framed[size++] = 0x0e;
            framed[size++] = plain[i] & 0x7f;
        } else {
            framed[size++] = plain[i];
        }
    }
    framed[size++] = 0x04;
    framed[size++] = 'x';
    type_bytes(framed, size);
    while (done < sizeof(plain)) {
        int64_t part = tty_take(got + done, sizeof(got) - done);

        if (!CHECK(part > 0))
            return;
        done += (uint64_t)part;
    }
    CHECK(memcmp(plain, got, sizeof(plain)) == 0);
    CHECK(tty_can_read());
    CHECK_EQ(tty_take(got, 1), 0);
    CHECK_EQ(tty_take(got, 1), 0);
    CHECK_EQ(tty_signal(), 0);
    CHECK_EQ(shown_size, 0);
}

int main(void)
{
    platform.console_read = fake_read;
    platform.console_patience_ns = 60000000000;
    platform.console_offer = fake_offer;
    platform.clock_monotonic = fake_clock;
    platform.idle_until = fake_idle;
    tty_init(true);
    CHECK(tty_is_terminal());
    check_lines();
    check_editing();
    check_end_of_file();
    check_signals();
    check_raw();
    check_full();
    check_output();
    check_stall();
    tty_init(false);
    CHECK(!tty_is_terminal());
    check_pipe();
    return check_done();
}
