/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/evtchn_port.c xen/evtchn_table.c xen/evtchn.c */
/* Ports and their handlers, with a Xen that refuses, answers with odd results (threat 17) and impossible ports, and sends to
   ports that are closed or being closed (11). */
#include "xen/evtchn_port.h"

#include <linux/errno.h>
#include <string.h>

#include "check.h"
#include "lies.h"
#include "xen/hypercall.h"
#include "xen/judge.h"

static struct evtchn_page page;
static struct evtchn_vcpu vcpu;
static struct evtchn_pass pass;

/* The fake Xen: what it was asked last, what it answers, the port it gives. */
static uint64_t asked;
static uint32_t asked_count, asked_port, xen_port;
static int64_t answer;
static bool is_handled_at_close;

static uint32_t calls[64], total;

static void handle(uint32_t arg)
{
    calls[arg]++;
    total++;
}

static void run_pass(void)
{
    vcpu.pending_sel = ~0ull;
    CHECK(!evtchn_dispatch(&page, &vcpu, &pass, EVTCHN_PORTS));
}

static void raise(uint32_t port)
{
    page.pending[port / 64] |= 1ull << (port % 64);
}

static bool is_masked(uint32_t port)
{
    return page.mask[port / 64] >> (port % 64) & 1;
}

int64_t hypercall2(uint32_t number, uint64_t a, uint64_t b)
{
    uint32_t before = total;

    CHECK_EQ(number, __HYPERVISOR_event_channel_op);
    asked = a;
    asked_count++;
    if (a == EVTCHNOP_alloc_unbound) {
        struct evtchn_alloc_unbound *alloc = (struct evtchn_alloc_unbound *)b;

        CHECK(alloc->dom == DOMID_SELF && alloc->remote_dom == 7);
        alloc->port = xen_port;
    } else if (a == EVTCHNOP_bind_interdomain) {
        struct evtchn_bind_interdomain *bind = (struct evtchn_bind_interdomain *)b;

        CHECK(bind->remote_dom == 7 && bind->remote_port == 99);
        bind->local_port = xen_port;
    } else if (a == EVTCHNOP_bind_virq) {
        struct evtchn_bind_virq *bind = (struct evtchn_bind_virq *)b;

        CHECK(bind->virq == VIRQ_TIMER && bind->vcpu == 5);
        bind->port = xen_port;
    } else if (a == EVTCHNOP_bind_ipi) {
        struct evtchn_bind_ipi *bind = (struct evtchn_bind_ipi *)b;

        CHECK_EQ(bind->vcpu, 6);
        bind->port = xen_port;
    } else { /* close, send, unmask: all have the port alone */
        asked_port = *(uint32_t *)b;
        if (a == EVTCHNOP_close && asked_port < EVTCHN_PORTS) {
            raise(asked_port);
            page.mask[asked_port / 64] &= ~(1ull << (asked_port % 64)); /* a hostile moment */
            run_pass();
            is_handled_at_close = total != before;
        }
    }
    return answer;
}

static int open_one(uint32_t how, uint32_t port, uint32_t arg)
{
    xen_port = port;
    if (how == EVTCHNOP_alloc_unbound)
        return evtchn_port_alloc(7, handle, arg);
    if (how == EVTCHNOP_bind_interdomain)
        return evtchn_port_bind(7, 99, handle, arg);
    if (how == EVTCHNOP_bind_virq)
        return evtchn_port_bind_virq(VIRQ_TIMER, 5, handle, arg);
    return evtchn_port_bind_ipi(6, handle, arg);
}

enum { OPENERS = 4 };
static const uint32_t openers[OPENERS] = { EVTCHNOP_alloc_unbound, EVTCHNOP_bind_interdomain, EVTCHNOP_bind_virq,
                                           EVTCHNOP_bind_ipi };

static void check_life(void)
{
    for (uint32_t i = 0; i < OPENERS; i++) {
        uint32_t port = i == 0 ? 1 : i == 1 ? 4095 : i * 32, before = calls[i], unknown;

        CHECK_EQ(open_one(openers[i], port, i), port);
        CHECK_EQ(asked, openers[i]);
        CHECK(is_masked(port));
        raise(port);
        run_pass();
        CHECK_EQ(calls[i], before);
        CHECK(evtchn_unmask(&page, &pass, port));
        run_pass();
        CHECK_EQ(calls[i], before + 1);
        CHECK_EQ(evtchn_port_send(port), 0);
        CHECK(asked == EVTCHNOP_send && asked_port == port);
        CHECK_EQ(evtchn_port_unmask(port), 0);
        CHECK(asked == EVTCHNOP_unmask && asked_port == port);
        /* closing while an event comes, then one for the closed port */
        unknown = evtchn_port_count_unknown();
        raise(port);
        CHECK_EQ(evtchn_port_close(port), 0);
        CHECK(asked == EVTCHNOP_close && asked_port == port && !is_handled_at_close);
        CHECK(is_masked(port) && evtchn_port_count_unknown() == unknown + 1);
        raise(port);
        run_pass();
        CHECK(calls[i] == before + 1 && evtchn_port_count_unknown() == unknown + 1);
        page.pending[port / 64] = 0;
        asked_count = 0;
        CHECK(evtchn_port_close(port) == -ENOENT && evtchn_port_send(port) == -ENOENT);
        CHECK(evtchn_port_unmask(port) == -ENOENT && asked_count == 0);
    }
}

static void check_adopt(void)
{
    CHECK_EQ(evtchn_port_adopt(0, handle, 0), -EINVAL);
    CHECK_EQ(evtchn_port_adopt(4096, handle, 0), -EINVAL);
    CHECK_EQ(evtchn_port_adopt(0x100000001, handle, 0), -EINVAL);
    CHECK_EQ(evtchn_port_adopt(3, handle, 0), 3);
    CHECK_EQ(evtchn_port_adopt(3, handle, 1), -EEXIST);
    CHECK_EQ(evtchn_port_close(3), 0);
    CHECK(evtchn_port_close(4096) == -ENOENT && evtchn_port_send(~0u) == -ENOENT && evtchn_port_close(0) == -ENOENT);
}

static void check_results(void)
{
    static const struct {
        int64_t answer;
        int result;
    } odd[] = { { 1, -EIO },     { 5, -EIO },         { -ENOSYS, -ENOSYS }, { -EPERM, -EPERM }, { -4095, -4095 },
                { -4096, -EIO }, { INT64_MIN, -EIO }, { INT64_MAX, -EIO },  { 1ll << 32, -EIO } };

    for (uint32_t k = 0; k < sizeof(odd) / sizeof(odd[0]); k++) {
        for (uint32_t i = 0; i < OPENERS; i++) {
            answer = odd[k].answer;
            CHECK_EQ(open_one(openers[i], 5, 0), odd[k].result);
            answer = 0;
            CHECK_EQ(evtchn_port_send(5), -ENOENT);
        }
        CHECK_EQ(open_one(EVTCHNOP_bind_virq, 5, 0), 5);
        answer = odd[k].answer;
        CHECK(evtchn_port_send(5) == odd[k].result && evtchn_port_unmask(5) == odd[k].result);
        CHECK_EQ(evtchn_port_close(5), odd[k].result);
        CHECK_EQ(evtchn_port_close(5), -ENOENT);
        answer = 0;
        CHECK_EQ(judge_count(odd[k].answer, 1), odd[k].answer == 1 ? 1 : odd[k].result);
    }
    CHECK(judge_count(0, 0) == 0 && judge_count(7, 7) == 7 && judge_count(8, 7) == -EIO);
}

/* Ports that Xen cannot have given: none is used; one that is ours already stays as it was, and open. */
static void check_ports(void)
{
    static const uint32_t lies[] = { 0, 4096, 4097, 0x10001, 0x80000001, ~0u };

    for (uint32_t k = 0; k < sizeof(lies) / sizeof(lies[0]); k++)
        for (uint32_t i = 0; i < OPENERS; i++) {
            CHECK_EQ(open_one(openers[i], lies[k], 0), -EIO);
            CHECK(asked == EVTCHNOP_close && asked_port == lies[k]);
        }
    CHECK_EQ(open_one(EVTCHNOP_alloc_unbound, 9, 33), 9);
    CHECK_EQ(open_one(EVTCHNOP_bind_virq, 9, 34), -EIO);
    CHECK_EQ(asked, EVTCHNOP_bind_virq);
    evtchn_unmask(&page, &pass, 9);
    raise(9);
    run_pass();
    CHECK(calls[33] == 1 && calls[34] == 0);
    CHECK_EQ(evtchn_port_close(9), 0);
}

/* 64 ports have handlers, and each its own; the next is refused before Xen is asked. */
static void check_full(void)
{
    memset(calls, 0, sizeof(calls));
    for (uint32_t i = 0; i < 64; i++) {
        CHECK_EQ(open_one(openers[i % OPENERS], i * 64 + 1, i), i * 64 + 1);
        evtchn_unmask(&page, &pass, i * 64 + 1);
    }
    asked_count = 0;
    for (uint32_t i = 0; i < OPENERS; i++)
        CHECK_EQ(open_one(openers[i], 2, 0), -ENOSPC);
    CHECK_EQ(evtchn_port_adopt(2, handle, 0), -ENOSPC);
    CHECK_EQ(asked_count, 0);
    for (uint32_t i = 0; i < 64; i++)
        raise(i * 64 + 1);
    run_pass();
    for (uint32_t i = 0; i < 64; i++)
        CHECK(calls[i] == 1 && evtchn_port_close(i * 64 + 1) == 0);
}

/* Random opening, closing and events against a plain model; Xen lies about every eighth port. */
static void check_random(void)
{
    static int owner[EVTCHN_PORTS];
    uint32_t open = 0;

    memset(owner, -1, sizeof(owner));
    for (uint64_t i = lies_count(300000); i > 0; i--) {
        uint32_t port = (uint32_t)lies_next() % 128, arg = (uint32_t)lies_next() % 64, before = total;
        bool is_lie = lies_next() % 8 == 0;
        int got;

        if (lies_next() % 2) {
            got = open_one(openers[arg % OPENERS], is_lie ? lies_near(EVTCHN_PORTS + 2, 2) | EVTCHN_PORTS : port, arg);
            if (!CHECK_EQ(got, open == 64 ? -ENOSPC : is_lie || port == 0 || owner[port] >= 0 ? -EIO : (int)port))
                return;
            if (got > 0) {
                owner[port] = (int)arg;
                open++;
            }
        } else if (lies_next() % 2) {
            if (!CHECK_EQ(evtchn_port_close(port), owner[port] >= 0 ? 0 : -ENOENT))
                return;
            open -= owner[port] >= 0;
            owner[port] = -1;
        } else {
            raise(port);
            evtchn_unmask(&page, &pass, port);
            run_pass();
            if (!CHECK_EQ(total - before, owner[port] >= 0) || !CHECK_EQ(is_masked(port), owner[port] < 0))
                return;
        }
    }
}

int main(void)
{
    evtchn_port_start(&page);
    CHECK(page.mask[0] == ~0ull && page.mask[63] == ~0ull);
    check_life();
    check_adopt();
    check_results();
    check_ports();
    check_full();
    check_random();
    return check_done();
}
