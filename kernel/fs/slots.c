/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/slots.h"
#include "lib/string.h"
#include <stddef.h>

#define PER_TABLE (FRAME_SIZE / 4)

_Static_assert(FRAME_SIZE == 1u << SLOTS_FRAME_SHIFT, "slots_at counts in frames");

uint32_t fs_frame_alloc(void)
{
    uint32_t frame = frame_alloc();
    if (frame == 0) /* kept for ever: it can happen once */
        frame = frame_alloc();
    return frame == FRAME_NONE ? 0 : frame;
}

const uint32_t *slots_far_part(const struct slots *slots, uint32_t part)
{
    part -= SLOTS_DIRECT;
    uint32_t table = slots->table[part / PER_TABLE];
    return table == 0 ? NULL : (const uint32_t *)frame_memory(table) + part % PER_TABLE;
}

/* Memory for the part that comes next. A table that is made stays, also when the part itself then finds no memory. */
static int slots_grow(struct slots *slots, uint32_t part)
{
    if (part >= SLOTS_DIRECT) {
        uint32_t *table = &slots->table[(part - SLOTS_DIRECT) / PER_TABLE];
        if (*table == 0)
            *table = fs_frame_alloc();
        if (*table == 0)
            return -1;
    }
    uint32_t frame = fs_frame_alloc();
    if (frame == 0)
        return -1;
    *(part < SLOTS_DIRECT ? &slots->direct[part] : (uint32_t *)slots_far_part(slots, part)) = frame;
    return 0;
}

uint32_t slots_take(struct slots *slots)
{
    uint32_t id = slots->free;
    if (id != 0) {
        slots->used++;
        void *memory = slots_at(slots, id, slots->shift);
        memcpy(&slots->free, memory, sizeof(slots->free));
        memset(memory, 0, 1ULL << slots->shift);
        return id;
    }
    uint32_t per_frame = FRAME_SIZE >> slots->shift;
    if (slots->made >= slots->limit)
        return 0;
    if (slots->made % per_frame == 0 && slots_grow(slots, slots->made / per_frame) != 0)
        return 0;
    id = slots->made++;
    if (id == 0)
        return slots_take(slots);
    slots->used++;
    return id;
}

void slots_give(struct slots *slots, uint32_t id)
{
    void *memory = slots_at(slots, id, slots->shift);
    memset(memory, 0, 1ULL << slots->shift);
    memcpy(memory, &slots->free, sizeof(slots->free));
    slots->free = id;
    slots->used--;
}
