/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/tty.c drivers/tty_buffer.c */
/* The terminal's modes, one row each: what is typed, what shows, what the program reads. And lines of the kernel among it. */
#include "drivers/tty.h"

#include <signal.h>
#include <string.h>

#include "check.h"
#include "drivers/platform.h"

#define DEFAULT_LFLAG (ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN)

struct platform platform;
static const char *typed;
static size_t typed_left, shown_size;
static char shown[1000];

static int fake_read(void)
{
    return typed_left == 0 ? -1 : (typed_left--, (uint8_t)*typed++);
}

static void fake_write(const char *text, size_t size)
{
    if (CHECK(shown_size + size <= sizeof shown))
        memcpy(shown + shown_size, text, size);
    shown_size += size;
}

static size_t fake_offer(const char *text, size_t size)
{
    fake_write(text, size);
    return size;
}

static bool shows(const char *text, size_t size)
{
    bool same = shown_size == size && memcmp(shown, text, size) == 0;

    if (!same)
        printf("    shown \"%.*s\"\n", (int)shown_size, shown);
    return same;
}

/* A key of the row (c_cc[which]) is value; which 0 and value 3 are what is there anyway. */
#define TEXT(text) text, sizeof text - 1
static const struct {
    tcflag_t iflag, lflag;
    uint8_t which, value;
    const char *typed;
    size_t typed_size;
    const char *shown;
    size_t shown_size;
    const char *reads;
    size_t reads_size;
    int signal;
} rows[] = {
    { ICRNL, DEFAULT_LFLAG, VINTR, 3, TEXT("a\tb\n"), TEXT("a\tb\n"), TEXT("a\tb\n"), 0 },
    /* A key with the value 0 is no key. */
    { ICRNL, DEFAULT_LFLAG, VINTR, 3, TEXT("\0x\n"), TEXT("^@x\n"), TEXT("\0x\n"), 0 },
    { ICRNL, DEFAULT_LFLAG, VINTR, 0, TEXT("\0\3\n"), TEXT("^@^C\n"), TEXT("\0\3\n"), 0 },
    { ICRNL, DEFAULT_LFLAG, VERASE, 0, TEXT("a\177\n"), TEXT("a^?\n"), TEXT("a\177\n"), 0 },
    { ICRNL, DEFAULT_LFLAG, VEOL, 'x', TEXT("abxc"), TEXT("abxc"), TEXT("abx"), 0 },
    { ICRNL, DEFAULT_LFLAG, VEOL2, 'x', TEXT("abxc"), TEXT("abxc"), TEXT("abx"), 0 },
    { ICRNL, DEFAULT_LFLAG - ECHOCTL, VINTR, 3, TEXT("\1\n"), TEXT("\1\n"), TEXT("\1\n"), 0 },
    /* Erasing: a byte shown as two takes two back. */
    { ICRNL, DEFAULT_LFLAG, VINTR, 3, TEXT("\1\177b\n"), TEXT("^A\b \b\b \bb\n"), TEXT("b\n"), 0 },
    { ICRNL, DEFAULT_LFLAG - ECHOE, VINTR, 3, TEXT("ab\177c\n"), TEXT("ab^?c\n"), TEXT("ac\n"), 0 },
    { ICRNL, DEFAULT_LFLAG - ECHO, VINTR, 3, TEXT("ab\177c\n"), TEXT(""), TEXT("ac\n"), 0 },
    { ICRNL, DEFAULT_LFLAG - ECHO + ECHONL, VINTR, 3, TEXT("ab\177c\n"), TEXT("\n"), TEXT("ac\n"), 0 },
    { ICRNL, DEFAULT_LFLAG, VINTR, 3, TEXT("ab\25c\n"), TEXT("ab\b \b\b \bc\n"), TEXT("c\n"), 0 },
    { ICRNL, DEFAULT_LFLAG - ECHOE, VINTR, 3, TEXT("ab\25c\n"), TEXT("ab^U\nc\n"), TEXT("c\n"), 0 },
    { ICRNL, DEFAULT_LFLAG - ECHOE - ECHOK, VINTR, 3, TEXT("ab\25c\n"), TEXT("ab^Uc\n"), TEXT("c\n"), 0 },
    /* Returns and newlines */
    { ICRNL, DEFAULT_LFLAG, VINTR, 3, TEXT("a\r"), TEXT("a\n"), TEXT("a\n"), 0 },
    { ICRNL | IGNCR, DEFAULT_LFLAG, VINTR, 3, TEXT("a\rb\n"), TEXT("ab\n"), TEXT("ab\n"), 0 },
    { 0, DEFAULT_LFLAG, VINTR, 3, TEXT("a\rb\n"), TEXT("a^Mb\n"), TEXT("a\rb\n"), 0 },
    { INLCR, DEFAULT_LFLAG, VINTR, 3, TEXT("a\n\4"), TEXT("a^M"), TEXT("a\r"), 0 },
    /* Signals */
    { ICRNL, DEFAULT_LFLAG, VINTR, 3, TEXT("ab\3c\n"), TEXT("ab^Cc\n"), TEXT("c\n"), SIGINT },
    { ICRNL, DEFAULT_LFLAG | NOFLSH, VINTR, 3, TEXT("ab\34c\n"), TEXT("ab^\\c\n"), TEXT("abc\n"), SIGQUIT },
    { ICRNL, DEFAULT_LFLAG - ISIG, VINTR, 3, TEXT("ab\3c\n"), TEXT("ab^Cc\n"), TEXT("ab\3c\n"), 0 },
    { ICRNL, DEFAULT_LFLAG, VINTR, 'q', TEXT("ab\3qc\n"), TEXT("ab^Cqc\n"), TEXT("c\n"), SIGINT },
};

static void check_modes(void)
{
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct termios mode;
        uint8_t got[100];

        tty_init(true);
        tty_flush_input();
        tty_get_termios(&mode);
        mode.c_iflag = rows[i].iflag;
        mode.c_lflag = rows[i].lflag;
        mode.c_cc[rows[i].which] = rows[i].value;
        tty_set_termios(&mode);
        typed = rows[i].typed;
        typed_left = rows[i].typed_size;
        shown_size = 0;
        if (!CHECK_EQ(tty_take(got, sizeof got), rows[i].reads_size) ||
            !CHECK(memcmp(got, rows[i].reads, rows[i].reads_size) == 0) ||
            !CHECK(shows(rows[i].shown, rows[i].shown_size)) || !CHECK_EQ(tty_signal(), rows[i].signal))
            printf("    row %u\n", i);
        CHECK(tty_take(got, 1) < 0);
    }
}

/* How long a reader waits; and a change to lines makes none of nothing. */
static void check_waits(void)
{
    struct termios mode;

    tty_init(true);
    tty_flush_input();
    CHECK_EQ(tty_read_wait_ns(), UINT64_MAX);
    tty_get_termios(&mode);
    mode.c_lflag -= ICANON;
    mode.c_cc[VTIME] = 3;
    tty_set_termios(&mode);
    CHECK_EQ(tty_read_wait_ns(), UINT64_MAX); /* VMIN is 1 */
    mode.c_cc[VMIN] = 0;
    tty_set_termios(&mode);
    CHECK_EQ(tty_read_wait_ns(), 300000000);
    mode.c_lflag += ICANON;
    tty_set_termios(&mode);
    CHECK_EQ(tty_read_wait_ns(), UINT64_MAX);
    CHECK(!tty_can_read());
    tty_init(false);
    CHECK_EQ(tty_read_wait_ns(), UINT64_MAX);
}

static void check_size(void)
{
    struct winsize size = { .ws_row = 50, .ws_col = 132, .ws_xpixel = 1, .ws_ypixel = 2 }, got;

    tty_set_winsize(&size);
    tty_get_winsize(&got);
    CHECK(memcmp(&size, &got, sizeof size) == 0);
    tty_init(true);
    tty_get_winsize(&got);
    CHECK(got.ws_row == 24 && got.ws_col == 80 && got.ws_xpixel == 0 && got.ws_ypixel == 0);
}

static void write_text(const char *text)
{
    tty_write(text, strlen(text));
}

/* A line of the kernel begins at the beginning of a line, whatever the program wrote before. */
static void check_kernel_lines(void)
{
    struct termios mode;

    shown_size = 0;
    write_text("ab\n");
    CHECK(tty_is_at_line_start());
    tty_write_kernel(TEXT("one\n"));
    write_text("cd");
    CHECK(!tty_is_at_line_start());
    write_text("");
    CHECK(!tty_is_at_line_start());
    tty_write_kernel(TEXT("two\n"));
    CHECK(tty_is_at_line_start());
    CHECK(shows(TEXT("ab\none\ncd\ntwo\n")));
    tty_get_termios(&mode);
    mode.c_oflag = ONLCR;
    tty_set_termios(&mode);
    shown_size = 0;
    write_text("a\nb");
    CHECK(shows(TEXT("a\nb"))); /* not without OPOST */
    mode.c_oflag = OPOST;
    tty_set_termios(&mode);
    shown_size = 0;
    write_text("a\nb");
    CHECK(shows(TEXT("a\nb")));
    mode.c_oflag = OPOST | ONLCR;
    tty_set_termios(&mode);
    shown_size = 0;
    write_text("\n");
    tty_write_kernel(TEXT("x\ny\n"));
    CHECK(shows(TEXT("\r\nx\r\ny\r\n")));
}

int main(void)
{
    platform.console_read = fake_read;
    platform.console_offer = fake_offer;
    platform.console_write = fake_write;
    check_modes();
    check_waits();
    check_size();
    check_kernel_lines();
    return check_done();
}
