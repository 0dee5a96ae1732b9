/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/xen_cpus.c drivers/cpu_up.c */
/* Virtual CPUs that come up at once, late, at the last moment or never, and a Xen that refuses: the wait ends, and who is left out was
   stopped. */
#include "drivers/xen_cpus.h"

#include <linux/errno.h>

#include "check.h"
#include "drivers/clock.h"
#include "mm/kmap.h"
#include "x86/cpus.h"
#include "xen/upcall.h"
#include "xen/vcpus.h"

const char cpu_entry[1];

static uint64_t now_ns, up_ns, stopped_ns;
static bool has_begun, is_stopped, is_refused_events, is_refused, is_refused_again, can_pause, has_polled;

uint64_t clock_read_monotonic(void)
{
    return now_ns += 100;
}

bool clock_pause(uint64_t ns)
{
    now_ns += can_pause ? ns : 0;
    return can_pause;
}

uint32_t kmap_root(void)
{
    return 0x123;
}

/* Up at up_ns, unless it was stopped more than a millisecond before. */
bool cpus_is_up(uint32_t number)
{
    CHECK_EQ(number, 3);
    return has_begun && now_ns >= up_ns && (!is_stopped || up_ns < stopped_ns + 1000000);
}

bool upcall_add_cpu(uint32_t cpu)
{
    CHECK_EQ(cpu, 3);
    return !is_refused_events;
}

void upcall_poll(void)
{
    has_polled = true;
}

int vcpus_begin(uint32_t vcpu, uint64_t entry, uint64_t cr3)
{
    CHECK(vcpu == 3 && entry == (uint64_t)cpu_entry && cr3 == 0x123000);
    CHECK(!is_refused_events);
    has_begun = !is_refused;
    return is_refused ? -EEXIST : 0;
}

int vcpus_stop(uint32_t vcpu)
{
    CHECK(vcpu == 3 && has_begun);
    is_stopped = true;
    stopped_ns = now_ns;
    return 0;
}

int vcpus_go_on(uint32_t vcpu)
{
    CHECK(vcpu == 3 && is_stopped);
    if (is_refused_again)
        return -EIO;
    is_stopped = false;
    return 0;
}

static bool start(uint64_t after_ns)
{
    has_begun = is_stopped = false;
    now_ns = 5000000000;
    up_ns = now_ns + after_ns;
    return xen_cpus_start(3);
}

int main(void)
{
    const uint32_t word = 7;

    for (uint32_t i = 0; i < 2; i++) {
        can_pause = i == 0;
        CHECK(start(0) && !is_stopped && now_ns < 5001000000);
        CHECK(start(700000000) && !is_stopped);
        CHECK(!start(5000000000) && is_stopped && now_ns < 6100000000);
        CHECK(start(1000500000) && !is_stopped);
    }
    is_refused_again = true;
    CHECK(!start(1000500000) && is_stopped);
    is_refused = true;
    CHECK(!start(0) && !has_begun && now_ns < 5001000000);
    is_refused_events = true;
    CHECK(!start(0) && !has_begun && now_ns < 5001000000);
    xen_cpus_wait(&word, 7);
    CHECK(!has_polled);
    xen_cpus_wait(&word, 8);
    CHECK(has_polled);
    return check_done();
}
