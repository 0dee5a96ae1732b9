/* SPDX-License-Identifier: BSD-2-Clause */
/* links: drivers/blkfront.c drivers/blkfront_bus.c drivers/xenstore.c xen/grant_page.c xen/grant.c xen/ring.c xen/id_pool.c
   xen/byte_ring.c xen/xs_msg.c xen/xs_error.c lib/decimal.c lib/format.c lib/log.c tests/unit/fake/xenstored.c
   tests/unit/fake/blkback.c tests/unit/fake/mm.c */
/* Backends that lie in the ring of a disk (threats 1 to 4) and keep its pages mapped (14, 18), in a table and at random. */
#include "fake/disk_case.h"

static void lie_id_beyond(struct fake_blkback *back, struct blkif_response *response)
{
    (void)back;
    response->id = 32;
}

static void lie_id_wide(struct fake_blkback *back, struct blkif_response *response)
{
    (void)back;
    response->id |= 1ull << 32;
}

static void lie_id_other(struct fake_blkback *back, struct blkif_response *response)
{
    (void)back;
    response->id = response->id == 0 ? 31 : response->id - 1;
}

static void lie_operation(struct fake_blkback *back, struct blkif_response *response)
{
    (void)back;
    response->operation ^= 1;
}

static void lie_status_up(struct fake_blkback *back, struct blkif_response *response)
{
    (void)back;
    response->status = 1;
}

static void lie_status_down(struct fake_blkback *back, struct blkif_response *response)
{
    (void)back;
    response->status = -3;
}

static void lie_index_ahead(struct fake_blkback *back, struct blkif_response *response)
{
    (void)response;
    back->ring->rsp_prod += 3;
}

static void lie_index_behind(struct fake_blkback *back, struct blkif_response *response)
{
    (void)response;
    back->ring->rsp_prod -= 2;
}

static void lie_twice(struct fake_blkback *back, struct blkif_response *response)
{
    memcpy(&back->ring->ring[back->ring->rsp_prod % 32].rsp, response, sizeof(*response));
    back->ring->rsp_prod++;
}

static void lie_request(struct fake_blkback *back, struct blkif_response *response)
{
    back->ring->req_prod = 77; /* never read back */
    response->status = -9;
}

typedef void lie_fn(struct fake_blkback *, struct blkif_response *);
static lie_fn *const ring_lies[] = { lie_id_beyond,   lie_id_wide,     lie_id_other,     lie_operation, lie_status_up,
                                     lie_status_down, lie_index_ahead, lie_index_behind, lie_twice,     lie_request };

static void check_lie(const void *arg)
{
    lie_fn *const *lie = arg;
    uint64_t frames = fake_frames_used();
    uint32_t pages = 2, two = 2;
    int first, second;

    CHECK_EQ(blkfront_count(), 2);
    CHECK_EQ(blkfront_open(0), 0);
    CHECK_EQ(move(0, BLKIF_OP_WRITE, 0, 88, 1), 0);
    fake_blkback[0].keeps_mapped = true;
    fake_blkback[0].lie = *lie;
    first = blkfront_take(0, &pages);
    second = blkfront_take(0, &two);
    blkfront_put(0, (uint32_t)first, BLKIF_OP_READ, 0, 16);
    blkfront_put(0, (uint32_t)second, BLKIF_OP_READ, 16, 16);
    blkfront_kick(0);
    fake_blkback_step();
    (void)finish(0, second);
    (void)finish(0, first);
    CHECK(finish(0, second) == -EIO || finish(0, first) == -EIO);
    CHECK(line_count == 1 && strstr(lines, "xvda: backend 0 answers "));
    fake_blkback[0].is_stopped = true;
    blkfront_put(0, (uint32_t)first, BLKIF_OP_READ, 0, 16);
    CHECK_EQ(finish(0, first), -EIO);
    blkfront_give(0, (uint32_t)first);
    blkfront_give(0, (uint32_t)second);
    CHECK_EQ(blkfront_take(0, &pages), -EIO);
    CHECK_EQ(blkfront_open(0), -EIO);
    /* Pages that are still mapped are nobody's; then they are free. */
    settle();
    CHECK(fake_mapped > 0);
    CHECK_EQ(grant_page_count_quarantined(), fake_mapped);
    CHECK_EQ(fake_frames_used(), frames + 2 + fake_mapped);
    fake_blkback_unmap();
    settle();
    CHECK_EQ(fake_frames_used(), frames + 2);
    CHECK_EQ(fake_ports, 0);
    CHECK(strcmp(fake_blkback_front_state(&fake_blkback[0]), "6") == 0);
    CHECK_EQ(line_count, 1);
    check_other();
}

static void spoil(struct fake_blkback *back, struct blkif_response *response)
{
    uint64_t random = lies_next();

    switch (random % 16) {
    case 0:
        response->id = lies_near((uint32_t)response->id, 33);
        break;
    case 1:
        response->status = (int16_t)(random >> 20);
        break;
    case 2:
        response->operation = (uint8_t)(random >> 20);
        break;
    case 3:
        back->ring->rsp_prod = lies_near(back->ring->rsp_prod, 34);
        break;
    case 4:
        for (unsigned i = 0; i < 1024; i++)
            ((uint32_t *)back->ring)[i] ^= (uint32_t)lies_next();
        back->is_stopped = true;
        break;
    case 5:
        fake_blkback_set(back, "state", (const char *[]){ "0", "2", "4", "5", "6", "9", "", "x" }[random >> 20 & 7]);
        break;
    case 6:
        back->keeps_mapped = !back->keeps_mapped;
        break;
    default:
        break;
    }
}

/* Whatever the backend does: requests end, the other disk keeps its bytes, no frame is lost. */
static void check_random(const void *arg)
{
    uint64_t frames = fake_frames_used();

    lies_state += *(const uint64_t *)arg * 0x9e3779b97f4a7c15;
    CHECK(blkfront_count() == 2 && blkfront_open(0) == 0);
    fake_blkback[0].lie = spoil;
    for (unsigned i = 0; i < 40; i++) {
        int slot[8];
        unsigned count = 0;

        fake_blkback[0].per_step = (uint32_t)(lies_next() % 4);
        for (unsigned k = 0; k < 8; k++) {
            uint32_t pages = (uint32_t)(lies_next() % 12), wanted = pages;
            int taken = blkfront_take(0, &pages);

            if (taken < 0)
                break;
            CHECK_EQ(pages, wanted < 11 ? wanted : 11);
            blkfront_put(0, (uint32_t)taken, pages ? (uint8_t)(lies_next() % 2) : BLKIF_OP_FLUSH_DISKCACHE,
                         lies_next() % 1900, pages * 8);
            slot[count++] = taken;
        }
        for (unsigned k = 0; k < count; k++) {
            int result = finish(0, slot[k]);

            CHECK(result == 0 || result == -EIO);
            blkfront_give(0, (uint32_t)slot[k]);
        }
    }
    CHECK(line_count <= 1);
    settle();
    check_other();
    fake_blkback[0].is_stopped = true;
    fake_blkback_set(&fake_blkback[0], "state", "6");
    fake_blkback_set(&fake_blkback[1], "state", "6");
    settle();
    fake_blkback_unmap();
    settle();
    CHECK_EQ(fake_frames_used(), frames + 2);
    CHECK_EQ(fake_ports, 0);
}

int main(void)
{
    uint64_t rounds = lies_count(200);

    start_cases();
    for (unsigned i = 0; i < sizeof(ring_lies) / sizeof(ring_lies[0]); i++)
        run(check_lie, &ring_lies[i]);
    for (uint64_t i = 0; i < rounds; i++)
        run(check_random, &i);
    return check_done();
}
