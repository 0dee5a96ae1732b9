/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of regular files, symbolic links and pipes: archive bytes until a page is written, then a frame of its own. */
#ifndef KERNEL_FS_DATA_H
#define KERNEL_FS_DATA_H
#include "kernel/fs/node.h"
#include <linux/errno.h>
#include <stdint.h>

/* Memory of a caller: the application's when kernel is NULL, else the kernel's. */
struct io_buffer {
    uint8_t *kernel;
    uint64_t user;
};

#include "spec/data.acsl"

/* Copies n bytes between kernel memory and the buffer from its byte at: 0 or -EFAULT. What dst holds then no contract says. */
/*@ requires from: BufferGood(from) && \valid(dst + (0 .. n - 1));
    terminates \true; exits \false; assigns ghost_elsewhere, ghost_faults;
    ensures result: \result == 0 || \result == -EFAULT;
    ensures fault: \result == 0 <==> ghost_faults == \old(ghost_faults); */
int io_take(const struct io_buffer *from, uint64_t at, uint8_t *dst, uint64_t n);
/*@ requires to: BufferGood(to);
    terminates \true; exits \false; assigns ghost_elsewhere, ghost_faults;
    ensures result: \result == 0 || \result == -EFAULT;
    ensures fault: \result == 0 <==> ghost_faults == \old(ghost_faults); */
int io_give(const struct io_buffer *to, uint64_t at, const uint8_t *src, uint64_t n);

/* The first 8 bytes of a buffer as a number: 0 or -EFAULT. */
/*@ requires to: BufferGood(to);
    terminates \true; exits \false; assigns ghost_word, ghost_elsewhere, ghost_faults;
    ensures result: \result == 0 || \result == -EFAULT;
    ensures word: ghost_word == word; */
int io_give_word(const struct io_buffer *to, uint64_t word);
/*@ requires from: BufferGood(from) && \valid(word);
    terminates \true; exits \false; assigns *word, ghost_word, ghost_elsewhere, ghost_faults;
    ensures result: \result == 0 || \result == -EFAULT;
    ensures word: \result == 0 ==> *word == ghost_word; */
int io_take_word(const struct io_buffer *from, uint64_t *word);

/* The byte of the node at offset and how many follow it in one piece, at most *n, at least 1 when *n was not 0. offset is
   below NODE_SIZE_MAX; beyond what was written the bytes are zero. */
/*@ requires node: \valid_read(node) && \valid(n) && \separated(n, node) && *n > 0 && offset < NODE_SIZE_MAX;
    terminates \true; exits \false; assigns \result \from node, offset; assigns *n;
    ensures some: 1 <= *n <= \old(*n); */
const uint8_t *data_peek(const struct node *node, uint64_t offset, uint64_t *n);

/* The memory of a page for writing, with the page's bytes in it; NULL when there is no frame. */
/*@ requires node: \valid(node) && DataApart(node) && page < NODE_SIZE_MAX / FRAME_SIZE;
    terminates \true; exits \false; assigns \result \from node, page; assigns *node, ghost_elsewhere;
    ensures kept: DataKept{Pre, Post}(node) && node->used == \old(node->used) && node->size == \old(node->size);
    ensures page: \result == \null || \valid(\result + (0 .. FRAME_SIZE - 1)); */
uint8_t *data_page(struct node *node, uint64_t page);

/* Reads up to n bytes from offset: how many, 0 at the end of the file, or -EFAULT when none could be stored. */
/*@ requires node: \valid_read(node) && DataApart(node) && BufferGood(to) && node->size <= NODE_SIZE_MAX;
    terminates \true; exits \false; assigns ghost_elsewhere, ghost_faults;
    ensures all: ghost_faults == \old(ghost_faults) ==> \result == DataHas(node->size, offset, n);
    ensures part: ghost_faults != \old(ghost_faults) ==>
      \result == -EFAULT || 0 < \result < DataHas(node->size, offset, n); */
int64_t data_read(const struct node *node, uint64_t offset, const struct io_buffer *to, uint64_t n);

/* Writes up to n bytes at offset, and the file grows: how many, or -EFBIG, -ENOSPC, -EFAULT when none were written. */
/*@ requires node: \valid(node) && DataApart(node) && node->size <= NODE_SIZE_MAX;
    requires from: BufferGood(from) && \separated(from, node);
    terminates \true; exits \false;
    assigns *node, ghost_elsewhere, ghost_faults;
    ensures kept: DataKept{Pre, Post}(node) && node->used == \old(node->used);
    ensures none: n == 0 ==> \result == 0;
    ensures large: n > 0 && offset >= NODE_SIZE_MAX ==> \result == -EFBIG;
    ensures some: n > 0 && offset < NODE_SIZE_MAX ==> \result == -ENOSPC || \result == -EFAULT
      || 0 < \result <= DataHas(NODE_SIZE_MAX, offset, n);
    ensures fault: \result == -EFAULT ==> ghost_faults != \old(ghost_faults);
    ensures grown: node->size == (\result > 0 && offset + \result > \old(node->size) ? offset + \result
      : \old(node->size)); */
int64_t data_write(struct node *node, uint64_t offset, const struct io_buffer *from, uint64_t n);

/* Sets the size: frames behind it are freed, bytes added are zero. size is at most NODE_SIZE_MAX. */
void data_resize(struct node *node, uint64_t size);

/* Frees all frames of the node. */
/*@ requires node: \valid(node) && DataApart(node);
    terminates \true; exits \false; assigns *node, ghost_elsewhere;
    ensures kept: DataKept{Pre, Post}(node) && node->used == \old(node->used) && node->size == \old(node->size); */
void data_free(struct node *node);

#endif
