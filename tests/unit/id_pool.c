/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/id_pool.c */
/* Ids that a backend answers out of range, twice or unasked (threats 2, 3), against a plain set. */
#include "xen/id_pool.h"

#include "check.h"
#include "lies.h"

static void check_random(uint32_t size)
{
    static struct id_pool pool;
    bool busy[ID_POOL_MAX] = { false };
    uint32_t lent = 0;

    id_pool_init(&pool, size);
    for (uint64_t i = lies_count(1000000); i > 0; i--) {
        if (lies_next() % 2) {
            int id = id_pool_take(&pool);

            if (!CHECK_EQ(id == ID_POOL_EMPTY, lent == size) || !CHECK(id < (int)size && (id < 0 || !busy[id])))
                return;
            lent += id >= 0;
            if (id >= 0)
                busy[id] = true;
        } else {
            uint64_t peer_id = lies_next() % 8 ? (lies_next() >> 20) % (size + 1) : lies_next() >> (lies_next() % 64);
            bool known = peer_id < size && busy[peer_id];

            if (!CHECK_EQ(id_pool_return(&pool, peer_id), known))
                return;
            lent -= known;
            if (known)
                busy[peer_id] = false;
        }
    }
}

int main(void)
{
    check_random(1);
    check_random(32);
    check_random(256);
    return check_done();
}
