/* SPDX-License-Identifier: BSD-2-Clause */
/* Channels whose two ends are both ours. Interrupts are off, so nothing is served but by the passes that are run here, and by
   the real upcall in check_upcall. */
#include "check.h"

#include <linux/errno.h>

#include <xen/xen.h>

#include "xen/evtchn_port.h"
#include "xen/host.h"
#include "xen/hypercall.h"
#include "xen/upcall.h"
#include "xen/vcpus.h"

enum { A, B, C, D, ENDS };

static struct evtchn_page *page;
static struct evtchn_vcpu *vcpu;
static struct evtchn_pass pass;
static uint32_t port[ENDS], calls[ENDS];
static bool is_storm;

/* In a storm each end answers each event. */
static void handle(uint32_t end)
{
    calls[end]++;
    if (is_storm && end <= B)
        (void)evtchn_port_send(port[end]);
}

/* A channel of ours to ourselves: port[end] and port[end + 1]. */
static void open_pair(uint32_t end)
{
    int first = evtchn_port_alloc(DOMID_SELF, handle, end), second;

    if (!CHECK(first > 0))
        return;
    second = evtchn_port_bind(DOMID_SELF, (uint32_t)first, handle, end + 1);
    if (!CHECK(second > 0 && second != first))
        return;
    port[end] = (uint32_t)first;
    port[end + 1] = (uint32_t)second;
}

static void run_passes(void)
{
    while (evtchn_dispatch(page, vcpu, &pass, EVTCHN_PORTS))
        ;
}

static void clear_calls(void)
{
    for (uint32_t end = 0; end < ENDS; end++)
        calls[end] = 0;
}

static void unmask_all(void)
{
    for (uint32_t end = 0; end < ENDS; end++)
        (void)evtchn_unmask(page, &pass, port[end]);
    run_passes();
    clear_calls();
}

/* A new channel is masked. Xen sets the bound end pending at once (event_channel.h), which is served when it is unmasked. */
static void check_open(void)
{
    open_pair(A);
    open_pair(C);
    run_passes();
    CHECK(calls[A] == 0 && calls[B] == 0);
    CHECK(evtchn_unmask(page, &pass, port[B]));
    run_passes();
    CHECK_EQ(calls[B], 1);
    unmask_all();
    CHECK_EQ(evtchn_port_send(port[A]), 0);
    CHECK_EQ(evtchn_port_send(port[A]), 0);
    CHECK_EQ(vcpu->upcall_pending, 1);
    run_passes();
    CHECK(calls[A] == 0 && calls[B] == 1 && calls[C] == 0 && calls[D] == 0);
    CHECK_EQ(vcpu->upcall_pending, 0);
}

/* What Xen refuses, and what is refused before it is asked. */
static void check_refusals(void)
{
    CHECK_EQ(evtchn_port_bind(DOMID_SELF, 4095, handle, 0), -EINVAL);
    CHECK_EQ(evtchn_port_bind(DOMID_SELF, port[A], handle, 0), -EINVAL); /* it has an end already */
    CHECK_EQ(evtchn_port_bind(77, port[A], handle, 0), -ESRCH);
    CHECK_EQ(evtchn_port_bind_virq(VIRQ_TIMER, 0, handle, 0), -EEXIST); /* the kernel's own */
    CHECK_EQ(evtchn_port_bind_virq(1000, 0, handle, 0), -EINVAL);
    CHECK_EQ(evtchn_port_send(4095), -ENOENT);
    CHECK_EQ(evtchn_port_adopt(port[A], handle, 0), -EEXIST);
}

/* Threat 13: sent while masked. Unmasking here finds it; unmasking by Xen raises the upcall. */
static void check_mask_window(void)
{
    unmask_all();
    evtchn_mask(page, port[B]);
    CHECK_EQ(evtchn_port_send(port[A]), 0);
    run_passes();
    CHECK_EQ(calls[B], 0);
    CHECK(evtchn_unmask(page, &pass, port[B]));
    run_passes();
    CHECK_EQ(calls[B], 1);

    evtchn_mask(page, port[B]);
    CHECK_EQ(evtchn_port_send(port[A]), 0);
    run_passes();
    CHECK(calls[B] == 1 && vcpu->upcall_pending == 0);
    CHECK_EQ(evtchn_port_unmask(port[B]), 0);
    CHECK_EQ(vcpu->upcall_pending, 1);
    run_passes();
    CHECK_EQ(calls[B], 2);
    CHECK(!evtchn_unmask(page, &pass, port[B]));
}

/* Threat 10: two ports answer each other for ever. Every pass ends within its budget, and one with a budget of all ports serves
   a third port all the same. */
static void check_storm(void)
{
    uint32_t before, passes = 0;

    unmask_all();
    is_storm = true;
    CHECK_EQ(evtchn_port_send(port[A]), 0);
    CHECK_EQ(evtchn_port_send(port[B]), 0);
    for (uint32_t i = 0; i < 1000; i++) {
        before = calls[A] + calls[B];
        (void)evtchn_dispatch(page, vcpu, &pass, 2);
        if (!CHECK(calls[A] + calls[B] - before <= 2))
            break;
    }
    CHECK(calls[A] > 400 && calls[B] > 400 && calls[C] == 0);
    CHECK_EQ(evtchn_port_send(port[D]), 0);
    while (calls[C] == 0 && ++passes < 1000)
        (void)evtchn_dispatch(page, vcpu, &pass, EVTCHN_PORTS);
    CHECK(calls[C] == 1 && passes <= 2);
    is_storm = false;
    run_passes();
    evtchn_mask(page, port[A]); /* what stops a real storm */
    CHECK_EQ(evtchn_port_send(port[B]), 0);
    before = calls[A];
    run_passes();
    CHECK_EQ(calls[A], before);
    unmask_all();
}

/* The vector, the handler in the interrupt, and the halt that it ends. */
static void check_upcall(void)
{
    unmask_all();
    CHECK_EQ(evtchn_port_send(port[A]), 0);
    CHECK_EQ(calls[B], 0);
    CHECK(upcall_sleep_until(1)); /* a moment that is past: a lost event must not hang the test */
    CHECK_EQ(calls[B], 1);
}

/* This virtual CPU is the only one, and has begun: neither it nor another can be started, bound to, or kicked. */
static void check_no_others(void)
{
    CHECK_EQ(vcpus_count(8), 1);
    CHECK_EQ(vcpus_begin(0, 0, 0), -EEXIST);
    CHECK_EQ(vcpus_begin(1, 0, 0), -ENOENT);
    CHECK_EQ(evtchn_port_bind_ipi(1, handle, 0), -ENOENT);
    CHECK(!upcall_add_cpu(1));
}

/* A kick of itself is an interrupt; a wake is none, and ends one poll. */
static void check_own_kick(void)
{
    run_passes();
    upcall_end_poll(0);
    CHECK_EQ(vcpu->upcall_pending, 0);
    upcall_poll();
    upcall_kick(0);
    CHECK_EQ(vcpu->upcall_pending, 1);
    run_passes();
    CHECK_EQ(vcpu->upcall_pending, 0);
}

/* A channel that the handlers know nothing of: masked at its first event, and counted. */
static void check_unknown(void)
{
    struct evtchn_alloc_unbound alloc = { .dom = DOMID_SELF, .remote_dom = DOMID_SELF };
    struct evtchn_bind_interdomain bind = { .remote_dom = DOMID_SELF };
    uint32_t unknown = evtchn_port_count_unknown();

    CHECK_EQ(hypercall2(__HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound, (uint64_t)&alloc), 0);
    bind.remote_port = alloc.port;
    CHECK_EQ(hypercall2(__HYPERVISOR_event_channel_op, EVTCHNOP_bind_interdomain, (uint64_t)&bind), 0);
    (void)evtchn_unmask(page, &pass, bind.local_port);
    run_passes();
    CHECK_EQ(evtchn_port_count_unknown(), unknown + 1);
    (void)hypercall2(__HYPERVISOR_event_channel_op, EVTCHNOP_send, (uint64_t)&alloc.port);
    CHECK_EQ(vcpu->upcall_pending, 0);
    run_passes();
    CHECK_EQ(evtchn_port_count_unknown(), unknown + 1);
    CHECK_EQ(evtchn_port_close(bind.local_port), -ENOENT);
}

/* Threat 11: closed with an event pending; its number given away again; the other end sends on. */
static void check_close(void)
{
    uint32_t closed = port[B];

    unmask_all();
    CHECK_EQ(evtchn_port_send(port[A]), 0);
    CHECK_EQ(evtchn_port_close(port[B]), 0);
    run_passes();
    CHECK_EQ(calls[B], 0);
    CHECK_EQ(evtchn_port_close(port[B]), -ENOENT);
    CHECK_EQ(evtchn_port_send(port[B]), -ENOENT);
    (void)evtchn_port_send(port[A]); /* nobody is there: Xen drops it */
    run_passes();
    CHECK_EQ(calls[B], 0);
    CHECK_EQ(evtchn_port_bind(DOMID_SELF, port[A], handle, C), closed); /* A waits for another end again */
    evtchn_unmask(page, &pass, closed);
    run_passes();
    CHECK(calls[C] == 1 && calls[B] == 0);
    CHECK(evtchn_port_close(closed) == 0 && evtchn_port_close(port[A]) == 0);
    CHECK(evtchn_port_close(port[C]) == 0 && evtchn_port_close(port[D]) == 0);
}

/* Room for 64 handlers; Xen is not asked for one more, so nothing is left open. */
static void check_many(void)
{
    int many[EVTCHN_BOUND_MAX];
    uint32_t count = 0;

    while (count < EVTCHN_BOUND_MAX && (many[count] = evtchn_port_alloc(DOMID_SELF, handle, A)) > 0)
        count++;
    CHECK(count >= EVTCHN_BOUND_MAX - 5 && count < EVTCHN_BOUND_MAX && many[count] == -ENOSPC);
    while (count > 0)
        CHECK_EQ(evtchn_port_close((uint32_t)many[--count]), 0);
}

void check_channels(void)
{
    struct shared_info *shared = xen_shared_info();

    if (!CHECK(shared != 0))
        return;
    page = (struct evtchn_page *)shared->evtchn_pending;
    vcpu = (struct evtchn_vcpu *)&shared->vcpu_info[0];
    check_open();
    check_refusals();
    check_mask_window();
    check_storm();
    check_upcall();
    check_no_others();
    check_own_kick();
    check_unknown();
    check_close();
    check_many();
}
