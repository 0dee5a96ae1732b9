/* SPDX-License-Identifier: BSD-2-Clause */
/* The application's half of the page tables (T3): four levels of 4 KiB pages (SDM volume 3, 4.5). Pages are numbered
   address / 4096; page zero and the kernel half cannot be named here. No entry is ever writable and executable. The caller
   drops the TLB entry of what it changes. */
#ifndef MM_PAGE_TABLE_H
#define MM_PAGE_TABLE_H
#include <stdint.h>

#define PT_USER_PAGES 0x800000000ULL /* 2^35: the lower half */

/* PT_NONE keeps the frame in its place, but the CPU sees nothing there. */
enum pt_rights { PT_READ = 0, PT_WRITE = 1, PT_EXEC = 2, PT_NONE = 3 };

/* Puts frame f (KIND_USER) at page p: 0; -EINVAL for a bad page, frame or right; -EEXIST when a frame is there;
   -ENOMEM when there is no frame for a table. A refusal maps nothing. */
int pt_map(uint32_t root, uint64_t p, uint32_t f, uint32_t rights);

/* Takes the frame at page p away and names it in *f: 0, -EINVAL, or -ENOENT when none is there. */
int pt_unmap(uint32_t root, uint64_t p, uint32_t *f);

/* New rights for the frame at page p: 0, -EINVAL or -ENOENT. */
int pt_protect(uint32_t root, uint64_t p, uint32_t rights);

/* The first page in [p, end) that holds a frame, or end. Skips what has no tables. */
uint64_t pt_next(uint32_t root, uint64_t p, uint64_t end);

/* The frame at page p and its rights in *rights, or FRAME_NONE. */
uint32_t pt_find(uint32_t root, uint64_t p, uint32_t *rights);

#endif
