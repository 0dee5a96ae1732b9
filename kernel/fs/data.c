/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/data.h"
#include "kernel/fs/slots.h"
#include "lib/limits.h"
#include "lib/string.h"
#include "mm/user.h"
#include <linux/errno.h>
#include <stddef.h>

#define PER_TABLE (FRAME_SIZE / 4)

/* What a page that exists nowhere looks like, a piece at a time. */
static const uint8_t zeros[512];

int io_take(const struct io_buffer *from, uint64_t at, uint8_t *dst, uint64_t n)
{
    if (from->kernel == NULL)
        return user_copy_in(dst, from->user + at, n);
    memcpy(dst, from->kernel + at, n);
    return 0;
}

int io_take_word(const struct io_buffer *from, uint64_t *word)
{
    return io_take(from, 0, (uint8_t *)word, sizeof(*word));
}

int io_give(const struct io_buffer *to, uint64_t at, const uint8_t *src, uint64_t n)
{
    if (to->kernel == NULL)
        return user_copy_out(to->user + at, src, n);
    memcpy(to->kernel + at, src, n);
    return 0;
}

int io_give_word(const struct io_buffer *to, uint64_t word)
{
    return io_give(to, 0, (const uint8_t *)&word, sizeof(word));
}

/* The frame of a page, 0 when it has none. */
static uint32_t data_frame(const struct node *node, uint64_t page)
{
    if (page < NODE_DIRECT)
        return node->page[page];
    if (node->root == 0)
        return 0;
    uint32_t table = ((const uint32_t *)frame_memory(node->root))[page / PER_TABLE];
    return table == 0 ? 0 : ((const uint32_t *)frame_memory(table))[page % PER_TABLE];
}

/* The frame number a table keeps at index; made when the table has none; 0 when there is no memory. */
static uint32_t table_fill(uint32_t *table, uint64_t index)
{
    if (table[index] == 0)
        table[index] = fs_frame_alloc();
    return table[index];
}

/* Where the frame number of a page is kept; tables on the way are made and stay until data_resize or data_free. */
static uint32_t *data_place(struct node *node, uint64_t page)
{
    if (page < NODE_DIRECT)
        return &node->page[page];
    uint32_t root = table_fill(&node->root, 0);
    if (root == 0)
        return NULL;
    uint32_t table = table_fill(frame_memory(root), page / PER_TABLE);
    return table == 0 ? NULL : (uint32_t *)frame_memory(table) + page % PER_TABLE;
}

const uint8_t *data_peek(const struct node *node, uint64_t offset, uint64_t *n)
{
    uint64_t in_page = offset % FRAME_SIZE;
    *n = least(*n, FRAME_SIZE - in_page);
    uint32_t frame = data_frame(node, offset / FRAME_SIZE);
    if (frame != 0)
        return (const uint8_t *)frame_memory(frame) + in_page;
    if (offset < node->base_size) {
        *n = least(*n, node->base_size - offset);
        return node->base + offset;
    }
    *n = least(*n, sizeof(zeros));
    return zeros;
}

uint8_t *data_page(struct node *node, uint64_t page)
{
    uint32_t frame = data_frame(node, page);
    if (frame != 0)
        return frame_memory(frame);
    uint32_t *place = data_place(node, page);
    frame = place == NULL ? 0 : fs_frame_alloc();
    if (frame == 0)
        return NULL;
    uint64_t offset = page * FRAME_SIZE;
    if (offset < node->base_size)
        memcpy(frame_memory(frame), node->base + offset, least(FRAME_SIZE, node->base_size - offset));
    *place = frame;
    node->pages++;
    return frame_memory(frame);
}

int64_t data_read(const struct node *node, uint64_t offset, const struct io_buffer *to, uint64_t n)
{
    uint64_t done = 0;
    n = offset >= node->size ? 0 : least(n, node->size - offset);
    /*@ loop invariant moved: done <= n;
        loop invariant clean: ghost_faults == \at(ghost_faults, Pre);
        loop assigns done, ghost_elsewhere, ghost_faults;
        loop variant n - done; */
    while (done < n) {
        uint64_t piece = n - done;
        const uint8_t *bytes = data_peek(node, offset + done, &piece);
        if (io_give(to, done, bytes, piece) != 0)
            return done != 0 ? (int64_t)done : -EFAULT;
        done += piece;
    }
    return (int64_t)done;
}

/* The bytes of a page from a place on become zero. */
/*@ requires page: \valid(page + (0 .. FRAME_SIZE - 1)) && from <= FRAME_SIZE;
    terminates \true; exits \false; assigns ghost_elsewhere; */
static void page_clear(uint8_t *page, uint64_t from)
{
    memset(page + from, 0, FRAME_SIZE - from);
}

/* One piece within one page. After a fault the bytes behind the end of the file are zero again. */
/*@ requires node: \valid(node) && DataApart(node) && node->size <= NODE_SIZE_MAX;
    requires from: BufferGood(from) && \separated(from, node);
    requires piece: offset < NODE_SIZE_MAX && n <= FRAME_SIZE - offset % FRAME_SIZE;
    terminates \true; exits \false;
    assigns *node, ghost_elsewhere, ghost_faults;
    ensures kept: DataKept{Pre, Post}(node) && node->used == \old(node->used);
    ensures result: \result == 0 || \result == -ENOSPC || \result == -EFAULT;
    ensures fault: \result == -EFAULT <==> ghost_faults != \old(ghost_faults);
    ensures grown: node->size == (\result == 0 && offset + n > \old(node->size) ? offset + n : \old(node->size)); */
static int data_write_page(struct node *node, uint64_t offset, const struct io_buffer *from, uint64_t at, uint64_t n)
{
    uint8_t *page = data_page(node, offset / FRAME_SIZE);
    if (page == NULL)
        return -ENOSPC;
    if (io_take(from, at, page + offset % FRAME_SIZE, n) == 0) {
        if (node->size < offset + n)
            node->size = offset + n;
        return 0;
    }
    uint64_t start = offset - offset % FRAME_SIZE;
    page_clear(page, node->size <= start ? 0 : least(node->size - start, FRAME_SIZE));
    return -EFAULT;
}

int64_t data_write(struct node *node, uint64_t offset, const struct io_buffer *from, uint64_t n)
{
    if (n == 0)
        return 0;
    if (offset >= NODE_SIZE_MAX)
        return -EFBIG;
    n = least(n, NODE_SIZE_MAX - offset);
    uint64_t done = 0;
    /*@ loop invariant moved: done <= n;
        loop invariant clean: ghost_faults == \at(ghost_faults, Pre);
        loop invariant grown: node->size == (done > 0 && offset + done > \at(node->size, Pre) ? offset + done
          : \at(node->size, Pre));
        loop invariant kept: DataKept{Pre, Here}(node) && node->used == \at(node->used, Pre);
        loop assigns done, *node, ghost_elsewhere, ghost_faults;
        loop variant n - done; */
    while (done < n) {
        uint64_t piece = least(n - done, FRAME_SIZE - (offset + done) % FRAME_SIZE);
        int status = data_write_page(node, offset + done, from, done, piece);
        if (status != 0)
            return done != 0 ? (int64_t)done : status;
        done += piece;
    }
    return (int64_t)done;
}

/* Frees the frames that a table keeps from index first on; true when the table is empty then. */
static bool table_trim(struct node *node, uint32_t *table, uint64_t first, uint64_t size)
{
    bool empty = true;
    for (uint64_t i = 0; i < size; i++) {
        if (table[i] != 0 && i >= first) {
            frame_free(table[i]);
            table[i] = 0;
            node->pages--;
        }
        empty = empty && table[i] == 0;
    }
    return empty;
}

/* Frees the frames of all pages from page first on, and tables that hold none any more. */
static void data_trim(struct node *node, uint64_t first)
{
    (void)table_trim(node, node->page, first, NODE_DIRECT);
    if (node->root == 0)
        return;
    bool empty = true;
    uint32_t *root = frame_memory(node->root);
    for (uint64_t i = 0; i < PER_TABLE; i++) {
        uint64_t start = i * PER_TABLE;
        bool whole = root[i] != 0 && start + PER_TABLE > first;
        if (whole && table_trim(node, frame_memory(root[i]), first < start ? 0 : first - start, PER_TABLE)) {
            frame_free(root[i]);
            root[i] = 0;
        }
        empty = empty && root[i] == 0;
    }
    if (empty) {
        frame_free(node->root);
        node->root = 0;
    }
}

void data_resize(struct node *node, uint64_t size)
{
    if (size < node->size) {
        data_trim(node, (size + FRAME_SIZE - 1) / FRAME_SIZE);
        uint32_t frame = data_frame(node, size / FRAME_SIZE);
        if (size % FRAME_SIZE != 0 && frame != 0)
            memset((uint8_t *)frame_memory(frame) + size % FRAME_SIZE, 0, FRAME_SIZE - size % FRAME_SIZE);
        node->base_size = least(node->base_size, size);
    }
    node->size = size;
}

void data_free(struct node *node)
{
    data_trim(node, 0);
}
