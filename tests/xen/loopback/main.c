/* SPDX-License-Identifier: BSD-2-Clause */
/* Instead of an application: event channels and grants of the kernel's own code against the real Xen, with this domain at
   both ends. Another program_run, so everything before it is the kernel as it ships. */
#include "kernel/program.h"

#include "check.h"
#include "kernel/end.h"
#include "lib/log.h"

static unsigned checks, failures;

bool check_that(bool holds, const char *text, int line)
{
    checks++;
    if (!holds) {
        failures++;
        log_text("line %d: failed: %s\n", line, text);
    }
    return holds;
}

bool check_number(int64_t seen, int64_t wanted, const char *text, int line)
{
    if (seen != wanted)
        log_text("line %d: %ld, not %ld\n", line, seen, wanted);
    return check_that(seen == wanted, text, line);
}

void program_run(const uint8_t *module, const struct verified *image, const struct cmdline *cmdline)
{
    (void)module;
    (void)image;
    (void)cmdline;
    check_channels();
    check_grants();
    log_text("loopback: %u checks, %u failed\n", checks, failures);
    end_with_status(checks > 0 && failures == 0 ? 0 : 1);
}
