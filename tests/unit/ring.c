/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/ring.c xen/id_pool.c */
/* Block and network rings: against Xen's own macros as the other end, and against ends that answer too much, with
   ids out of range, twice, or that they were never told of (threats 1, 2, 3), or change every word while we look (6). */
#include "xen/ring.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include <xen/xen.h>

#define xen_mb()  atomic_thread_fence(memory_order_seq_cst)
#define xen_wmb() xen_mb()
#include <xen/io/blkif.h>
#include <xen/io/netif.h>

#include "check.h"
#include "lies.h"

#define PAGE 4096u

static const uint32_t slots[] = { 32, 256, 256 }, words[] = { 28, 3, 2 };
static uint32_t *page;
static struct ring_front front;
static struct ring_response response;

static void open_ring(enum ring_kind kind)
{
    memset(page, 0, PAGE);
    ring_open(&front, page, kind);
}

static int put(void)
{
    uint32_t request[RING_WORDS_MAX];

    memset(request, 0x5a, sizeof(request));
    return ring_put(&front, request);
}

/* What the peer writes as its next response: an id, and the words behind it. */
static void answer(uint32_t index, uint64_t id, uint32_t rest)
{
    uint32_t *slot = page + 16 + index % slots[front.kind] * words[front.kind];

    slot[0] = front.kind == RING_BLOCK ? (uint32_t)id : (uint32_t)id % 0x10000 + rest * 0x10000;
    if (front.kind == RING_BLOCK)
        slot[1] = (uint32_t)(id >> 32);
    if (front.kind != RING_NET_TX)
        slot[front.kind == RING_BLOCK ? 2 : 1] = rest;
}

static void check_block(void)
{
    struct blkif_back_ring back;
    union {
        struct blkif_request block;
        uint32_t words[RING_WORDS_MAX];
    } request = { .block = { .operation = BLKIF_OP_WRITE, .nr_segments = 11, .handle = 51712, .id = ~0ull } };
    struct blkif_request seen;
    int id[2], notify;

    open_ring(RING_BLOCK);
    BACK_RING_INIT(&back, (struct blkif_sring *)page, PAGE);
    CHECK_EQ(RING_SIZE(&back), 32);
    CHECK_EQ(ring_room(&front), 32);
    CHECK_EQ(ring_pop(&front, &response), RING_NONE);
    for (uint32_t i = 0; i < 2; i++) {
        request.block.sector_number = 0x123456789abcdefull + i;
        request.block.seg[10] = (struct blkif_request_segment){ .gref = 77 + i, .first_sect = 1, .last_sect = 7 };
        id[i] = ring_put(&front, request.words);
    }
    CHECK(id[0] != id[1] && id[0] >= 0 && id[1] >= 0 && ring_is_in_flight(&front, (uint32_t)id[1]));
    CHECK(!RING_HAS_UNCONSUMED_REQUESTS(&back));
    CHECK_EQ(ring_publish(&front), 1);
    CHECK_EQ(RING_HAS_UNCONSUMED_REQUESTS(&back), 2);
    for (uint32_t i = 0; i < 2; i++) {
        RING_COPY_REQUEST(&back, back.req_cons++, &seen);
        CHECK(seen.operation == BLKIF_OP_WRITE && seen.nr_segments == 11 && seen.handle == 51712);
        CHECK(seen.id == (uint64_t)id[i] && seen.sector_number == 0x123456789abcdefull + i);
        CHECK(seen.seg[10].gref == 77 + i && seen.seg[10].first_sect == 1 && seen.seg[10].last_sect == 7);
    }
    for (uint32_t i = 0; i < 2; i++) /* the other way around */
        *RING_GET_RESPONSE(&back, back.rsp_prod_pvt++) = (struct blkif_response){
            .id = (uint64_t)id[1 - i], .operation = BLKIF_OP_WRITE, .status = (int16_t)(i ? BLKIF_RSP_ERROR : 0)
        };
    RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(&back, notify);
    CHECK_EQ(notify, 1);
    CHECK_EQ(ring_pop(&front, &response), id[1]);
    CHECK_EQ(response.word[2], BLKIF_OP_WRITE);
    CHECK_EQ(ring_pop(&front, &response), id[0]);
    CHECK_EQ(response.word[2], 0xffff0000 + BLKIF_OP_WRITE);
    CHECK_EQ(ring_pop(&front, &response), RING_NONE);
    CHECK(ring_room(&front) == 32 && !ring_is_in_flight(&front, (uint32_t)id[0]));
}

static void check_net(void)
{
    struct netif_tx_back_ring tx;
    struct netif_rx_back_ring rx;
    struct netif_tx_request tx_request = {
        .gref = 9, .offset = 3, .flags = NETTXF_data_validated, .id = 7, .size = 1500
    };
    struct netif_rx_request rx_request = { .id = 0xffff, .gref = 10 };
    uint32_t copy[3];
    int id;

    open_ring(RING_NET_TX);
    BACK_RING_INIT(&tx, (struct netif_tx_sring *)page, PAGE);
    CHECK(RING_SIZE(&tx) == 256 && ring_room(&front) == 256);
    memcpy(copy, &tx_request, sizeof(tx_request));
    id = ring_put(&front, copy);
    CHECK_EQ(ring_publish(&front), 1);
    tx_request = *RING_GET_REQUEST(&tx, 0);
    CHECK(tx_request.gref == 9 && tx_request.offset == 3 && tx_request.flags == NETTXF_data_validated);
    CHECK(tx_request.id == id && tx_request.size == 1500);
    *RING_GET_RESPONSE(&tx, tx.rsp_prod_pvt++) = (struct netif_tx_response){ (uint16_t)id, NETIF_RSP_DROPPED };
    RING_PUSH_RESPONSES(&tx);
    CHECK_EQ(ring_pop(&front, &response), id);
    CHECK(response.word[0] >> 16 == 0xfffe && response.word[1] == 0 && response.word[2] == 0);

    open_ring(RING_NET_RX);
    BACK_RING_INIT(&rx, (struct netif_rx_sring *)page, PAGE);
    CHECK_EQ(RING_SIZE(&rx), 256);
    memcpy(copy, &rx_request, sizeof(rx_request));
    id = ring_put(&front, copy);
    CHECK_EQ(ring_publish(&front), 1);
    rx_request = *RING_GET_REQUEST(&rx, 0);
    CHECK(rx_request.id == id && rx_request.gref == 10);
    *RING_GET_RESPONSE(&rx, rx.rsp_prod_pvt++) = (struct netif_rx_response){ (uint16_t)id, 5, 6, 60 };
    RING_PUSH_RESPONSES(&rx);
    CHECK_EQ(ring_pop(&front, &response), id);
    CHECK(response.word[0] == (uint32_t)id + (5u << 16) && response.word[1] == 6 + (60u << 16) &&
          response.word[2] == 0);
}

/* A peer that takes nothing: the ring is full, says so, and writes no further. */
static void check_full(enum ring_kind kind)
{
    static uint32_t before[PAGE / 4];

    open_ring(kind);
    for (uint32_t i = 0; i < slots[kind]; i++)
        CHECK(put() >= 0);
    CHECK_EQ(ring_publish(&front), 1);
    memcpy(before, page, PAGE);
    CHECK_EQ(put(), RING_FULL);
    CHECK_EQ(ring_room(&front), 0);
    CHECK(memcmp(before, page, PAGE) == 0);
    CHECK_EQ(ring_publish(&front), 0);
    page[RING_RSP_PROD] = 1;
    answer(0, 5, 0);
    CHECK_EQ(ring_pop(&front, &response), 5);
    CHECK_EQ(put(), 5);
    CHECK_EQ(put(), RING_FULL);
}

/* Nothing touches the page of a broken ring: it may be unmapped. What was in flight still can be asked for. */
static void check_dead(void)
{
    CHECK_EQ(mprotect(page, PAGE, PROT_NONE), 0);
    CHECK_EQ(put(), RING_BROKEN);
    CHECK_EQ(ring_publish(&front), RING_BROKEN);
    CHECK_EQ(ring_pop(&front, &response), RING_BROKEN);
    CHECK_EQ(ring_final_check(&front), RING_BROKEN);
    CHECK_EQ(ring_room(&front), 0);
    CHECK_EQ(mprotect(page, PAGE, PROT_READ | PROT_WRITE), 0);
}

static void check_table(void)
{
    /* ids 31 and 30 were published and 31 was answered, 29 was only put */
    static const struct {
        uint32_t prod;
        uint64_t id;
        int result;
    } lies[] = {
        { 1, 30, RING_NONE },
        { 2, 30, 30 },
        { 2, 31, RING_BROKEN },
        { 2, 29, RING_BROKEN },
        { 2, 0, RING_BROKEN },
        { 2, 32, RING_BROKEN },
        { 2, 0x10000001e, RING_BROKEN },
        { 2, ~0ull, RING_BROKEN },
        { 3, 30, RING_BROKEN },
        { 0, 30, RING_BROKEN },
        { 33, 30, RING_BROKEN },
        { 0x80000001, 30, RING_BROKEN },
        { 0xffffffff, 30, RING_BROKEN },
    };

    for (uint32_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        open_ring(RING_BLOCK);
        CHECK(put() == 31 && put() == 30);
        CHECK_EQ(ring_publish(&front), 1);
        page[RING_RSP_PROD] = 1;
        answer(0, 31, 0);
        CHECK_EQ(ring_pop(&front, &response), 31);
        CHECK_EQ(front.ids.free, 31);
        put();
        put();
        page[RING_RSP_PROD] = lies[i].prod;
        answer(1, lies[i].id, 0);
        memset(&response, 0xee, sizeof(response));
        CHECK_EQ(ring_pop(&front, &response), lies[i].result);
        CHECK(lies[i].result >= 0 || response.word[0] == 0xeeeeeeee);
        if (lies[i].result == RING_BROKEN) {
            CHECK(ring_is_in_flight(&front, 30));
            check_dead();
        }
    }
    open_ring(RING_NET_TX);
    ring_break(&front);
    check_dead();
}

/* Whether to notify, and the look before waiting, as Xen's own macros have it. */
static void check_notify(void)
{
    static uint64_t twin_page[PAGE / 8];
    struct blkif_front_ring twin = { 0 };
    int want, more;

    for (uint64_t i = lies_count(50000); i > 0; i--) {
        uint32_t at = (uint32_t)lies_next(), count = lies_next() % 33, answers = lies_next() % (count + 2);

        open_ring(RING_BLOCK);
        front.req_prod = front.req_published = front.rsp_cons = at;
        twin.sring = (struct blkif_sring *)twin_page;
        twin.rsp_cons = twin.sring->req_prod = at;
        twin.req_prod_pvt = at + count;
        for (uint32_t k = 0; k < count; k++)
            put();
        page[RING_REQ_EVENT] = twin.sring->req_event = lies_near(at + 16, 20);
        RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&twin, want);
        if (!CHECK_EQ(ring_publish(&front), want) || !CHECK_EQ(page[RING_REQ_PROD], twin.sring->req_prod))
            return;
        page[RING_RSP_PROD] = twin.sring->rsp_prod = at + answers;
        RING_FINAL_CHECK_FOR_RESPONSES(&twin, more);
        if (!CHECK_EQ(ring_final_check(&front), answers > count ? RING_BROKEN : more != 0) ||
            !CHECK(answers || page[RING_RSP_EVENT] == twin.sring->rsp_event))
            return;
    }
}

/* A plain model: what each id is, and the three indices. */
static enum { FREE, PUT, SENT } state[256];
static uint32_t prod, published, cons;

static void open_model(void)
{
    uint32_t at = (uint32_t)lies_next();

    open_ring(lies_next() % 3);
    front.req_prod = front.req_published = front.rsp_cons = prod = published = cons = at;
    memset(state, 0, sizeof(state));
}

static bool try_put(void)
{
    bool full = prod - cons == slots[front.kind];
    int id = put();

    if (full)
        return CHECK_EQ(id, RING_FULL);
    if (!CHECK((uint32_t)id < slots[front.kind] && state[id] == FREE))
        return false;
    state[id] = PUT;
    prod++;
    return true;
}

static bool try_publish(void)
{
    uint32_t event = lies_near(prod, 40), before = published;

    page[RING_REQ_EVENT] = event;
    page[RING_REQ_PROD] = (uint32_t)lies_next();
    published = prod;
    for (uint32_t i = 0; i < 256; i++)
        state[i] = state[i] == PUT ? SENT : state[i];
    return CHECK_EQ(ring_publish(&front), prod - event < prod - before) && CHECK_EQ(page[RING_REQ_PROD], prod);
}

/* One answer; afterwards the ring is open again if it broke. */
static bool try_pop(void)
{
    uint32_t peer_prod = lies_next() % 8 ? cons + 1 : lies_near(cons + 16, 20);
    uint32_t id = (uint32_t)lies_next() % (slots[front.kind] + 2), rest = lies_next() % 0x10000;
    int got, want;

    if (lies_next() % 2)
        for (uint32_t i = 0; i < slots[front.kind] && (id >= 256 || state[id] != SENT); i++)
            id = (id + 1) % slots[front.kind];
    answer(cons, id, rest);
    page[RING_RSP_PROD] = peer_prod;
    got = ring_pop(&front, &response);
    want = peer_prod == cons                     ? RING_NONE
           : peer_prod - cons > published - cons ? RING_BROKEN
           : id >= 256 || state[id] != SENT      ? RING_BROKEN
                                                 : (int)id;
    if (!CHECK_EQ(got, want))
        return false;
    if (got == RING_BROKEN) {
        open_model();
    } else if (got >= 0) {
        state[id] = FREE;
        cons++;
        return CHECK_EQ(response.word[0] % 0x10000, id) && CHECK_EQ(front.kind == RING_NET_TX   ? response.word[0] >> 16
                                                                    : front.kind == RING_NET_RX ? response.word[1]
                                                                                                : response.word[2],
                                                                    rest);
    }
    return true;
}

static void check_random(void)
{
    open_model();
    for (uint64_t i = lies_count(1000000); i > 0; i--) {
        uint32_t what = lies_next() % 8;

        if (!(what < 3 ? try_put() : what < 4 ? try_publish() : try_pop()))
            return;
    }
}

static atomic_int stop;

static void *scribble(void *arg)
{
    volatile uint32_t *cells = arg;

    for (uint32_t i = 0; !stop; i = i * 1664525 + 1013904223) {
        cells[(i >> 8) % (PAGE / 4)] = 255 - i % 16;
        cells[RING_RSP_PROD] = front.rsp_cons + i % 3;
    }
    return NULL;
}

/* Every word of the page changes all the time: each request completes at most once, all results are in range. */
static void check_racing(void)
{
    static uint32_t lent[256];
    uint64_t done = 0;
    pthread_t peer;

    open_ring(RING_NET_RX);
    CHECK_EQ(pthread_create(&peer, NULL, scribble, page), 0);
    for (uint64_t i = lies_count(50000); i > 0; i--) {
        int id = put(), got;

        if (id >= 0 && !CHECK(id < 256 && lent[id]++ == 0))
            break;
        if (!CHECK(ring_publish(&front) <= 1))
            break;
        got = ring_pop(&front, &response);
        if (got >= 0 && !CHECK(got < 256 && lent[got]-- == 1 && response.word[0] % 0x10000 == (uint32_t)got))
            break;
        done += got >= 0;
        if (got == RING_NONE)
            sched_yield();
        if (front.broken) {
            ring_open(&front, page, RING_NET_RX);
            memset(lent, 0, sizeof(lent));
        }
    }
    stop = true;
    pthread_join(peer, NULL);
    CHECK(done > 0);
}

int main(void)
{
    page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check_block();
    check_net();
    check_full(RING_BLOCK);
    check_full(RING_NET_TX);
    check_full(RING_NET_RX);
    check_table();
    check_notify();
    check_random();
    check_racing();
    return check_done();
}
