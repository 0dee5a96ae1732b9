/* SPDX-License-Identifier: BSD-2-Clause */
/* links: lib/log.c lib/format.c */
/* Lines are kept until there is a sink, filtered by level, cut with "..."; a panic ends once, also from inside. */
#include "lib/log.h"

#include <setjmp.h>
#include <string.h>

#include "check.h"

static char got[65536];
static size_t got_size;
static jmp_buf ended;
static int end_status;
static unsigned end_calls;

static void sink(const char *text, size_t size)
{
    memcpy(got + got_size, text, size);
    got_size += size;
    got[got_size] = '\0';
}

static void fresh(void)
{
    got_size = 0;
    got[0] = '\0';
}

static void end(int status)
{
    end_status = status;
    if (++end_calls == 1)
        panic("inside a panic");
    longjmp(ended, 1);
}

static void check_kept(void)
{
    for (int i = 0; i < 1000; i++)
        log_error("line %04d", i);
    log_info("not shown");
    CHECK_EQ(got_size, 0);
    log_set_sink(sink);
    CHECK(got_size > 1900 && got_size <= 2048);
    CHECK(strncmp(got, "anchorite: line ", 16) == 0);
    CHECK(strstr(got, "anchorite: line 0999\n") == got + got_size - 21);
    CHECK(!strstr(got, "not shown"));
    fresh();
    log_set_sink(sink);
    CHECK_EQ(got_size, 0);
}

static void check_lines(void)
{
    char text[600];

    fresh();
    log_warn("%s is %d", "answer", 42);
    CHECK(strcmp(got, "anchorite: answer is 42\n") == 0);
    fresh();
    log_text("exit status=%d\n", 3);
    CHECK(strcmp(got, "exit status=3\n") == 0);
    fresh();
    log_info("quiet");
    CHECK_EQ(got_size, 0);
    log_set_level(7);
    log_info("loud");
    log_debug("quiet");
    CHECK(strcmp(got, "anchorite: loud\n") == 0);

    memset(text, 'x', sizeof(text));
    for (size_t length = 200; length < sizeof(text); length++) {
        text[length] = '\0';
        fresh();
        log_error("%s", text);
        CHECK(got_size <= 320 && got[got_size - 1] == '\n');
        if (got_size != length + 12)
            CHECK(strcmp(got + got_size - 4, "...\n") == 0);
        text[length] = 'x';
    }
}

static void check_panic(void)
{
    fresh();
    panic_set_end(end);
    if (setjmp(ended) == 0)
        panic("frame %u", 7u);
    CHECK_EQ(end_calls, 2);
    CHECK_EQ(end_status, STATUS_PANIC);
    CHECK(strcmp(got, "anchorite: panic: frame 7\n") == 0);
}

int main(void)
{
    check_kept();
    check_lines();
    check_panic();
    return check_done();
}
