/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/entry.h"
#include "kernel/fs/node.h"
#include "kernel/fs/slots.h"
#include "lib/string.h"

#define PART_BYTES  60u
#define FEW_BUCKETS 64u
#define PER_FRAME   (FRAME_SIZE / 4)
#define MANY_FRAMES 16u
#define ENTRY_LIMIT (4u * NODE_LIMIT)

/* The rest of a long name. */
struct name_part {
    uint32_t next;
    char text[PART_BYTES];
};

_Static_assert(sizeof(struct entry) == 64 && sizeof(struct name_part) == 64, "both are one slot");

#define ENTRY_SHIFT 6u

static struct slots entry_slots = { .shift = ENTRY_SHIFT, .limit = ENTRY_LIMIT };
static uint32_t entries_used;
static uint32_t few_buckets[FEW_BUCKETS]; /* the hash table while there are few names; later it is in frames */
static uint32_t bucket_frames[MANY_FRAMES];
static uint32_t bucket_count = FEW_BUCKETS;

struct entry *entry_at(uint32_t id)
{
    return slots_at(&entry_slots, id, ENTRY_SHIFT);
}

static struct name_part *part_at(uint32_t id)
{
    return slots_at(&entry_slots, id, ENTRY_SHIFT);
}

static uint32_t name_hash(uint32_t dir, const char *name, uint32_t length)
{
    uint32_t hash = dir * 0x9e3779b1u;
    for (uint32_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)name[i]) * 0x01000193u;
    return hash ^ hash >> 15;
}

static uint32_t *bucket_at(uint32_t hash)
{
    uint32_t index = hash % bucket_count;
    if (bucket_count == FEW_BUCKETS)
        return &few_buckets[index];
    return (uint32_t *)frame_memory(bucket_frames[index / PER_FRAME]) + index % PER_FRAME;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static bool name_equals(const struct entry *entry, const char *name, uint32_t length)
{
    uint32_t at = smaller(length, ENTRY_INLINE);
    if (entry->length != length || memcmp(entry->name, name, at) != 0)
        return false;
    for (uint32_t part = entry->more; part != 0; part = part_at(part)->next) {
        uint32_t n = smaller(length - at, PART_BYTES);
        if (memcmp(part_at(part)->text, name + at, n) != 0)
            return false;
        at += n;
    }
    return true;
}

uint32_t entry_find(uint32_t dir, const char *name, uint32_t length)
{
    uint32_t hash = name_hash(dir, name, length);
    for (uint32_t id = *bucket_at(hash); id != 0; id = entry_at(id)->next_hash) {
        const struct entry *entry = entry_at(id);
        if (entry->hash == hash && entry->dir == dir && name_equals(entry, name, length))
            return id;
    }
    return 0;
}

static void parts_give(uint32_t part)
{
    while (part != 0) {
        uint32_t next = part_at(part)->next;
        slots_give(&entry_slots, part);
        part = next;
    }
}

/* Slots with the bytes of a long name from its end to its start; false when there is no room. */
static bool parts_take(const char *text, uint32_t length, uint32_t *first)
{
    uint32_t part = 0;
    uint32_t at = (length + PART_BYTES - 1) / PART_BYTES * PART_BYTES;
    while (at != 0) {
        at -= PART_BYTES;
        uint32_t id = slots_take(&entry_slots);
        if (id == 0) {
            parts_give(part);
            return false;
        }
        part_at(id)->next = part;
        memcpy(part_at(id)->text, text + at, smaller(length - at, PART_BYTES));
        part = id;
    }
    *first = part;
    return true;
}

/* Moves the chain of one bucket of the old table to the new one. */
static void chain_move(uint32_t id)
{
    while (id != 0) {
        struct entry *entry = entry_at(id);
        uint32_t next = entry->next_hash;
        uint32_t *bucket = bucket_at(entry->hash);
        entry->next_hash = *bucket;
        *bucket = id;
        id = next;
    }
}

/* A larger hash table when chains get long and there is memory; the old one goes on serving when there is none. */
static void buckets_grow(void)
{
    uint32_t frames[MANY_FRAMES];
    uint32_t want = bucket_count == FEW_BUCKETS ? 1 : MANY_FRAMES;
    if (entries_used < 4 * bucket_count || bucket_count == MANY_FRAMES * PER_FRAME)
        return;
    for (uint32_t i = 0; i < want; i++) {
        frames[i] = fs_frame_alloc();
        if (frames[i] == 0) {
            while (i > 0)
                frame_free(frames[--i]);
            return;
        }
    }
    uint32_t old_count = bucket_count;
    uint32_t old_frame = bucket_frames[0];
    memcpy(bucket_frames, frames, want * sizeof(frames[0]));
    bucket_count = want * PER_FRAME;
    const uint32_t *old = old_count == FEW_BUCKETS ? few_buckets : frame_memory(old_frame);
    for (uint32_t i = 0; i < old_count; i++)
        chain_move(old[i]);
    if (old_count != FEW_BUCKETS)
        frame_free(old_frame);
}

/* The directory's list gets it as its last. */
static void list_append(uint32_t id)
{
    struct entry *entry = entry_at(id);
    struct node *dir = node_at(entry->dir);
    entry->prev = dir->last;
    if (dir->last != 0)
        entry_at(dir->last)->next = id;
    else
        dir->first = id;
    dir->last = id;
    entry->cookie = ENTRY_COOKIE + dir->cookie++;
}

uint32_t entry_add(uint32_t dir, const char *name, uint32_t length, uint32_t node)
{
    uint32_t more = 0;
    if (length > ENTRY_INLINE && !parts_take(name + ENTRY_INLINE, length - ENTRY_INLINE, &more))
        return 0;
    uint32_t id = slots_take(&entry_slots);
    if (id == 0) {
        parts_give(more);
        return 0;
    }
    buckets_grow();
    struct entry *entry = entry_at(id);
    uint32_t hash = name_hash(dir, name, length);
    uint32_t *bucket = bucket_at(hash);
    *entry = (struct entry){ .hash = hash, .next_hash = *bucket, .dir = dir, .node = node, .more = more };
    entry->length = (uint8_t)length;
    memcpy(entry->name, name, smaller(length, ENTRY_INLINE));
    *bucket = id;
    list_append(id);
    node_at(node)->entry = id;
    entries_used++;
    return id;
}

void entry_remove(uint32_t id)
{
    struct entry *entry = entry_at(id);
    struct node *dir = node_at(entry->dir);
    uint32_t *link = bucket_at(entry->hash);
    while (*link != id)
        link = &entry_at(*link)->next_hash;
    *link = entry->next_hash;
    if (entry->prev != 0)
        entry_at(entry->prev)->next = entry->next;
    else
        dir->first = entry->next;
    if (entry->next != 0)
        entry_at(entry->next)->prev = entry->prev;
    else
        dir->last = entry->prev;
    if (node_at(entry->node)->entry == id)
        node_at(entry->node)->entry = 0;
    parts_give(entry->more);
    slots_give(&entry_slots, id);
    entries_used--;
}

uint32_t entry_name(uint32_t id, char *out)
{
    const struct entry *entry = entry_at(id);
    uint32_t at = smaller(entry->length, ENTRY_INLINE);
    memcpy(out, entry->name, at);
    for (uint32_t part = entry->more; part != 0; part = part_at(part)->next) {
        uint32_t n = smaller(entry->length - at, PART_BYTES);
        memcpy(out + at, part_at(part)->text, n);
        at += n;
    }
    return entry->length;
}
