/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake/mm.h"
#include "mm/frame.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE  8192u
#define TEXT_SLOTS 16u

struct table *direct_map;
uint8_t *frame_kind;
uint32_t frame_end = FAKE_FRAMES;

static uint8_t *user_memory;
static uint8_t state[FAKE_FRAMES]; /* 1: given out */
static uint8_t kind[FAKE_FRAMES];
static uint32_t free_list[FAKE_FRAMES];
static uint64_t free_count;
static uint64_t limit = FAKE_FRAMES;
static uint64_t fail_at;

void fake_mm_start(void)
{
    direct_map = aligned_alloc(FRAME_SIZE, (size_t)FAKE_FRAMES * FRAME_SIZE);
    user_memory = aligned_alloc(FRAME_SIZE, FAKE_USER_SIZE);
    if (direct_map == NULL || user_memory == NULL)
        abort();
    frame_kind = kind;
    memset(user_memory, 0xee, FAKE_USER_SIZE);
    for (uint32_t i = 0; i < FAKE_FRAMES; i++)
        free_list[free_count++] = FAKE_FRAMES - 1 - i;
}

uint64_t fake_frames_used(void)
{
    return FAKE_FRAMES - free_count;
}

void fake_frames_left(uint64_t frames)
{
    limit = frames;
}

int fake_frames_fail_at(uint64_t k)
{
    int come = fail_at == 0;
    fail_at = k;
    return come;
}

uint32_t frame_alloc(void)
{
    if (fail_at != 0 && --fail_at == 0)
        return FRAME_NONE;
    if (free_count == 0 || limit == 0)
        return FRAME_NONE;
    limit -= limit == FAKE_FRAMES ? 0 : 1;
    uint32_t frame = free_list[--free_count];
    state[frame] = 1;
    kind[frame] = KIND_OTHER;
    memset(&direct_map[frame], 0, FRAME_SIZE);
    return frame;
}

uint32_t frame_alloc_raw(void)
{
    return frame_alloc();
}

void frame_free(uint32_t frame)
{
    if (frame >= FAKE_FRAMES || state[frame] != 1) {
        printf("frame %u was freed without being owned\n", frame);
        abort();
    }
    state[frame] = 0;
    memset(&direct_map[frame], 0xdd, FRAME_SIZE);
    free_list[free_count++] = frame;
}

uint64_t frame_count_free(void)
{
    return free_count;
}

uint64_t frame_count_total(void)
{
    return FAKE_FRAMES;
}

uint8_t *fake_user(void)
{
    return user_memory;
}

uint64_t fake_text(unsigned slot, const char *text)
{
    char *place = (char *)user_memory + FAKE_USER_SIZE - (uint64_t)(slot % TEXT_SLOTS + 1) * TEXT_SIZE;
    snprintf(place, TEXT_SIZE, "%s", text);
    return (uint64_t)place;
}

/* How many bytes from the address are user memory. */
static uint64_t user_room(uint64_t user)
{
    uint64_t start = (uint64_t)user_memory;
    return user >= start && user < start + FAKE_USER_SIZE ? start + FAKE_USER_SIZE - user : 0;
}

/* As the real copy: what is mapped is copied before the fault. */
static int copy(uint8_t *dst, const uint8_t *src, uint64_t room, uint64_t n)
{
    if (room != 0)
        memcpy(dst, src, n < room ? n : room);
    return n <= room ? 0 : -EFAULT;
}

int user_copy_in(void *dst, uint64_t user, uint64_t n)
{
    return n == 0 ? 0 : copy(dst, (const uint8_t *)user, user_room(user), n);
}

int user_copy_out(uint64_t user, const void *src, uint64_t n)
{
    return n == 0 ? 0 : copy((uint8_t *)user, src, user_room(user), n);
}

int user_zero(uint64_t user, uint64_t n)
{
    static const uint8_t zeroes[4096];
    return user_copy_out(user, zeroes, n);
}

int user_swap_word(uint64_t user, uint32_t *expected, uint32_t next)
{
    uint32_t seen;
    if (user_copy_in(&seen, user, sizeof(seen)) != 0)
        return -EFAULT;
    if (seen == *expected)
        (void)user_copy_out(user, &next, sizeof(next));
    *expected = seen;
    return 0;
}

int64_t user_copy_string(char *dst, uint64_t user, uint64_t size)
{
    uint64_t room = user_room(user);
    for (uint64_t i = 0; i < size; i++) {
        if (i >= room)
            return -EFAULT;
        dst[i] = ((const char *)user)[i];
        if (dst[i] == '\0')
            return (int64_t)i;
    }
    return -ENAMETOOLONG;
}
