/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/evtchn.c */
/* Event storms, odd ports and masks (threats 10, 11, 13) against a plain model of one pass. */
#include "xen/evtchn.h"

#include <string.h>

#include "check.h"
#include "lies.h"

static struct evtchn_page page;
static struct evtchn_vcpu vcpu;
static struct evtchn_pass pass;
static uint32_t calls[EVTCHN_PORTS], total;
static bool raise_again;

void evtchn_handle(uint32_t port)
{
    CHECK(vcpu.upcall_pending == 0 || raise_again);
    calls[port]++;
    total++;
    if (raise_again)
        page.pending[port / 64] |= 1ull << (port % 64);
}

static void clear(void)
{
    memset(&page, 0, sizeof(page));
    memset(&vcpu, 0, sizeof(vcpu));
    memset(&pass, 0, sizeof(pass));
    memset(calls, 0, sizeof(calls));
    total = 0;
    raise_again = false;
}

static void raise(uint32_t port)
{
    page.pending[port / 64] |= 1ull << (port % 64);
    if (page.mask[port / 64] >> (port % 64) & 1)
        return;
    vcpu.pending_sel |= 1ull << (port / 64);
    vcpu.upcall_pending = 1;
}

static void check_mask(void)
{
    clear();
    evtchn_mask(&page, 4095);
    CHECK_EQ(page.mask[63], 1ull << 63);
    raise(4095);
    CHECK(!evtchn_dispatch(&page, &vcpu, &pass, 4096));
    CHECK_EQ(total, 0);
    /* The event came while masked: without the second look it would be lost. */
    CHECK(evtchn_unmask(&page, &pass, 4095));
    CHECK(!evtchn_dispatch(&page, &vcpu, &pass, 4096));
    CHECK(calls[4095] == 1 && total == 1 && page.pending[63] == 0);
    CHECK(!evtchn_unmask(&page, &pass, 4095));
    CHECK_EQ(pass.left, 0);
}

/* Ports that are pending again at once take one call a pass each, and the others are served in the passes after. */
static void check_storm(void)
{
    uint32_t passes = 0;

    clear();
    raise_again = true;
    for (uint32_t port = 0; port < EVTCHN_PORTS; port++)
        raise(port);
    do {
        uint32_t before = total;

        vcpu.pending_sel = ~0ull;
        vcpu.upcall_pending = 1;
        CHECK(evtchn_dispatch(&page, &vcpu, &pass, 100));
        CHECK_EQ(total - before, 100);
    } while (++passes < 64);
    for (uint32_t port = 0; port < EVTCHN_PORTS; port++)
        CHECK(calls[port] > 0);
}

static bool try_pass(void)
{
    static uint64_t pending[EVTCHN_WORDS];
    uint32_t budget = lies_next() % 4 ? EVTCHN_PORTS : (uint32_t)(lies_next() % 200), first = pass.first, seen = 0;
    uint64_t sel = lies_next() & lies_next() & lies_next(), all = sel | pass.left, left = 0;
    bool more;

    vcpu.pending_sel = sel;
    vcpu.upcall_pending = 1;
    for (uint32_t w = 0; w < EVTCHN_WORDS; w++) {
        page.pending[w] = pending[w] = lies_next() & lies_next() & lies_next() & lies_next();
        page.mask[w] = lies_next();
    }
    memset(calls, 0, sizeof(calls));
    total = 0;
    more = evtchn_dispatch(&page, &vcpu, &pass, budget);
    for (uint32_t i = 0; i < EVTCHN_PORTS; i++) {
        uint32_t port = (first * 64 + i) % EVTCHN_PORTS, w = port / 64, bit = port % 64;
        bool due = (all >> w & 1) && (pending[w] & ~page.mask[w]) >> bit & 1, called = due && seen < budget;

        seen += called;
        if (due && !called)
            left |= 1ull << w;
        if (calls[port] != called || (page.pending[w] >> bit & 1) != ((pending[w] >> bit & 1) && !called))
            return CHECK(false);
    }
    /* A word that the budget did not reach is left whether or not it has work. */
    return CHECK_EQ(total, seen) && CHECK_EQ(left & ~pass.left, 0) && CHECK_EQ(pass.left & ~all, 0) &&
           CHECK_EQ(more, pass.left != 0) && CHECK(!more || (pass.left >> pass.first & 1)) &&
           CHECK(vcpu.pending_sel == 0 && vcpu.upcall_pending == 0);
}

static void check_random(void)
{
    clear();
    for (uint64_t i = lies_count(10000); i > 0; i--)
        if (!try_pass())
            return;
}

int main(void)
{
    check_mask();
    check_storm();
    check_random();
    return check_done();
}
