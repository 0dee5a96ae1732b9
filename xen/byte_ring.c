/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/byte_ring.h"

#include <linux/errno.h>
#include <stddef.h>

#include <xen/io/console.h>
#include <xen/io/xs_wire.h>

_Static_assert(BYTE_RING_LIE == -EPROTO, "Linux's number");
_Static_assert(sizeof(struct byte_ring_console) == sizeof(struct xencons_interface), "console.h");

/* Is a field where Xen has it? */
#define CONSOLE_SAME(field) (offsetof(struct byte_ring_console, field) == offsetof(struct xencons_interface, field))
#define XENSTORE_SAME(field)                                                                                           \
    (offsetof(struct byte_ring_xenstore, field) == offsetof(struct xenstore_domain_interface, field))
_Static_assert(CONSOLE_SAME(in) && CONSOLE_SAME(out) && CONSOLE_SAME(in_cons) && CONSOLE_SAME(in_prod), "console.h");
_Static_assert(CONSOLE_SAME(out_cons) && CONSOLE_SAME(out_prod), "console.h");
_Static_assert(XENSTORE_SAME(req) && XENSTORE_SAME(rsp) && XENSTORE_SAME(req_cons), "xs_wire.h");
_Static_assert(XENSTORE_SAME(req_prod) && XENSTORE_SAME(rsp_cons) && XENSTORE_SAME(rsp_prod), "xs_wire.h");

void byte_ring_open_console(struct byte_ring_console *page, struct byte_ring_reader *in, struct byte_ring_writer *out)
{
    in->peer_bytes = page->in;
    in->peer_prod = &page->in_prod;
    in->cons = &page->in_cons;
    in->size = sizeof(page->in);
    in->next = shm_read32(&page->in_cons);
    out->bytes = page->out;
    out->peer_cons = &page->out_cons;
    out->prod = &page->out_prod;
    out->size = sizeof(page->out);
    out->next = shm_read32(&page->out_prod);
}

void byte_ring_open_xenstore(struct byte_ring_xenstore *page, struct byte_ring_reader *in, struct byte_ring_writer *out)
{
    in->peer_bytes = page->rsp;
    in->peer_prod = &page->rsp_prod;
    in->cons = &page->rsp_cons;
    in->size = sizeof(page->rsp);
    in->next = shm_read32(&page->rsp_cons);
    out->bytes = page->req;
    out->peer_cons = &page->req_cons;
    out->prod = &page->req_prod;
    out->size = sizeof(page->req);
    out->next = shm_read32(&page->req_prod);
}

int byte_ring_read(struct byte_ring_reader *r, uint8_t *dst, uint32_t count)
{
    uint32_t cons = r->next;
    uint32_t waiting = wrap_sub(shm_read32(r->peer_prod), cons);

    if (waiting > r->size)
        return BYTE_RING_LIE;
    shm_rmb();
    if (count > waiting)
        count = waiting;
    /*@ loop invariant bound: 0 <= i <= count;
        loop invariant time: ghost_now == \at(ghost_now, Pre) + 2 + i;
        loop invariant fifo: \forall integer j; 0 <= j < i ==> ByteTaken(r, \at(ghost_now, Pre) + 2 + j, WrapAdd(cons, j))
          && dst[j] == IoValue(\at(ghost_now, Pre) + 2 + j);
        loop assigns i, dst[0 .. count - 1], ghost_now;
        loop variant count - i; */
    for (uint32_t i = 0; i < count; i++)
        dst[i] = shm_read8(&r->peer_bytes[wrap_add(cons, i) % r->size]);
    r->next = wrap_add(cons, count);
    shm_mb();
    shm_write32(r->cons, r->next);
    return (int)count;
}

int byte_ring_write(struct byte_ring_writer *w, const uint8_t *src, uint32_t count)
{
    uint32_t prod = w->next;
    uint32_t used = wrap_sub(prod, shm_read32(w->peer_cons));

    if (used > w->size)
        return BYTE_RING_LIE;
    /* Room that was seen before may be filled only after: console.h and hvc_xen.c have a full barrier here. */
    shm_mb();
    if (count > w->size - used)
        count = w->size - used;
    /*@ loop invariant bound: 0 <= i <= count;
        loop invariant time: ghost_now == \at(ghost_now, Pre) + 2 + i;
        loop invariant slots: \forall integer j; 0 <= j < i ==>
          BytePut(w, \at(ghost_now, Pre) + 2 + j, WrapAdd(prod, j), \at(src[j], Pre));
        loop assigns i, w->bytes[0 .. w->size - 1], ghost_now;
        loop variant count - i; */
    for (uint32_t i = 0; i < count; i++)
        shm_write8(&w->bytes[wrap_add(prod, i) % w->size], src[i]);
    w->next = wrap_add(prod, count);
    shm_wmb();
    shm_write32(w->prod, w->next);
    return (int)count;
}
