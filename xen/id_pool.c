/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/id_pool.h"

void id_pool_init(struct id_pool *p, uint32_t size)
{
    /*@ loop invariant bound: 0 <= i <= size;
        loop invariant same: \forall integer k; 0 <= k < i ==> p->perm[k] == k && p->pos[k] == k;
        loop assigns i, p->perm[0 .. ID_POOL_MAX - 1], p->pos[0 .. ID_POOL_MAX - 1];
        loop variant size - i; */
    for (uint32_t i = 0; i < size; i++) {
        p->perm[i] = (uint16_t)i;
        p->pos[i] = (uint16_t)i;
    }
    p->size = size;
    p->free = size;
}

int id_pool_take(struct id_pool *p)
{
    if (p->free == 0)
        return ID_POOL_EMPTY;
    p->free--;
    return p->perm[p->free];
}

bool id_pool_return(struct id_pool *p, uint64_t id)
{
    uint16_t at, first;

    if (!id_pool_is_lent(p, id))
        return false;
    at = p->pos[id];
    first = p->perm[p->free];
    p->perm[at] = first;
    p->pos[first] = at;
    p->perm[p->free] = (uint16_t)id;
    p->pos[id] = (uint16_t)p->free;
    /*@ assert perm: \forall integer k; 0 <= k < p->size ==> p->perm[k] < p->size && p->pos[p->perm[k]] == k; */
    /*@ assert pos: \forall integer i; 0 <= i < p->size ==> p->pos[i] < p->size && p->perm[p->pos[i]] == i; */
    p->free++;
    /*@ assert good: IdPoolGood(p); */
    return true;
}

bool id_pool_is_lent(const struct id_pool *p, uint64_t id)
{
    return id < p->size && p->pos[id] >= p->free;
}
