/* SPDX-License-Identifier: BSD-2-Clause */
/* Ids for requests in flight: small numbers, each lent to one request at a time, taken and returned in constant time. */
#ifndef XEN_ID_POOL_H
#define XEN_ID_POOL_H
#include <stdbool.h>
#include <stdint.h>

#define ID_POOL_MAX 256u

enum { ID_POOL_EMPTY = -1 };

struct id_pool {
    uint16_t perm[ID_POOL_MAX], pos[ID_POOL_MAX];
    uint32_t size, free;
};

#include "spec/id_pool.acsl"

/* Ids 0 to size - 1, all free. */
/*@ requires valid: \valid(p);
    requires size: 0 < size <= ID_POOL_MAX;
    terminates \true; exits \false; assigns *p;
    ensures good: IdPoolGood(p);
    ensures all_free: p->size == size && p->free == size;
    ensures none_busy: \forall integer i; !IdBusy(p, i); */
void id_pool_init(struct id_pool *p, uint32_t size);

/* Lends an id that was free, or says ID_POOL_EMPTY. */
/*@ requires good: \valid(p) && IdPoolGood(p);
    terminates \true; exits \false; assigns p->free;
    ensures good: IdPoolGood(p);
    ensures empty: \result == ID_POOL_EMPTY <==> \old(p->free) == 0;
    ensures empty_ends: \result == ID_POOL_EMPTY ==> p->free == 0;
    ensures fresh: \result != ID_POOL_EMPTY ==> 0 <= \result < p->size && !IdBusy{Pre}(p, \result) && IdBusy(p, \result);
    ensures count: \result != ID_POOL_EMPTY ==> p->free == \old(p->free) - 1;
    ensures others: IdOthersBusy{Pre, Post}(p, \result); */
int id_pool_take(struct id_pool *p);

/* Takes an id back. False, and nothing changed, when it was not lent, whatever number it is. */
/*@ requires good: \valid(p) && IdPoolGood(p);
    terminates \true; exits \false;
    assigns p->free, p->perm[0 .. ID_POOL_MAX - 1], p->pos[0 .. ID_POOL_MAX - 1];
    ensures good: IdPoolGood(p);
    ensures lent: \result <==> IdBusy{Pre}(p, id);
    ensures freed: \result ==> !IdBusy(p, id) && p->free == \old(p->free) + 1;
    ensures refused: !\result ==> p->free == \old(p->free) && \forall integer k; 0 <= k < ID_POOL_MAX ==>
      p->perm[k] == \old(p->perm[k]) && p->pos[k] == \old(p->pos[k]);
    ensures others: IdOthersBusy{Pre, Post}(p, id); */
bool id_pool_return(struct id_pool *p, uint64_t id);

/* Is that id lent, whatever number it is? */
/*@ requires good: \valid_read(p) && IdPoolGood(p);
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> IdBusy(p, id); */
bool id_pool_is_lent(const struct id_pool *p, uint64_t id);

#endif
