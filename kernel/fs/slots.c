/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/slots.h"
#include "lib/string.h"
#include "mm/frame.h"
#include <stddef.h>

#define PER_TABLE   (FRAME_SIZE / 4)
#define FRAME_SHIFT 12u

uint32_t fs_frame_alloc(void)
{
    uint32_t frame = frame_alloc();
    if (frame == 0) /* kept for ever: it can happen once */
        frame = frame_alloc();
    return frame == FRAME_NONE ? 0 : frame;
}

/* Where the frame number of a part is kept; NULL when its table does not exist. */
static const uint32_t *slots_part(const struct slots *slots, uint32_t part)
{
    if (part < SLOTS_DIRECT)
        return &slots->direct[part];
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
    *(uint32_t *)slots_part(slots, part) = frame;
    return 0;
}

uint32_t slots_take(struct slots *slots)
{
    uint32_t id = slots->free;
    if (id != 0) {
        void *memory = slots_at(slots, id);
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
    return id != 0 ? id : slots_take(slots);
}

void slots_give(struct slots *slots, uint32_t id)
{
    void *memory = slots_at(slots, id);
    memset(memory, 0, 1ULL << slots->shift);
    memcpy(memory, &slots->free, sizeof(slots->free));
    slots->free = id;
}

void *slots_at(const struct slots *slots, uint32_t id)
{
    uint32_t in_frame = FRAME_SHIFT - slots->shift; /* bits of the number that count within a frame */
    uint8_t *frame = frame_memory(*slots_part(slots, id >> in_frame));
    return frame + ((uint64_t)(id & ((1u << in_frame) - 1)) << slots->shift);
}
