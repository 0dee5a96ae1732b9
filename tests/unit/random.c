/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/random.c */
/* The block function against RFC 8439's zero key (appendix A.1, vectors 1 and 2), and that answers differ. */
#include "kernel/random.h"

#include <stdarg.h>
#include <string.h>

#include "check.h"
#include "drivers/platform.h"
#include "lib/log.h"
#include "x86/cpu.h"

struct platform platform;
struct cpu_features cpu;
static unsigned warnings;

void log_line(int severity, const char *fmt, ...)
{
    (void)fmt;
    warnings += severity == LOG_WARN;
}

static uint64_t fake_clock(void)
{
    return 12345;
}

int main(void)
{
    uint32_t key[8] = { 0 }, out[16];
    uint8_t a[200] = { 0 }, b[200] = { 0 };

    random_block(key, 0, out);
    CHECK_EQ(out[0], 0xade0b876);
    CHECK_EQ(out[15], 0x8665eeb2);
    random_block(key, 1, out);
    CHECK_EQ(out[0], 0xbee7079f);
    CHECK_EQ(out[15], 0x6f4d794b);

    platform.clock_monotonic = fake_clock;
    platform.clock_wall_base = fake_clock;
    random_bytes(a, 100);
    random_bytes(b, 100);
    CHECK_EQ(warnings, 1);
    CHECK(memcmp(a, b, 100) != 0);
    CHECK(memcmp(a, a + 64, 36) != 0);
    CHECK_EQ(a[100], 0);
    random_bytes(a, 0);
    CHECK(random_seed64() != random_seed64());
    return check_done();
}
