/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of memory that another domain may map and write, each with its grant. A page that the other domain still maps when it
   is closed is quarantined: nobody gets its frame before the grant has ended (XSA-396). */
#ifndef XEN_GRANT_PAGE_H
#define XEN_GRANT_PAGE_H
#include <stdint.h>

#include "xen/grant.h"

/* A zeroed frame that the domain may map and write: its reference, or GRANT_NONE. The first call maps Xen's table. */
grant_ref_t grant_page_open(domid_t domain);

/* The 4096 bytes of an open page. */
void *grant_page_memory(grant_ref_t gref);

/* Ends the grant; its frame is free now, or when grant_page_retry finds it so. */
void grant_page_close(grant_ref_t gref);

/* Asks again for each quarantined page. */
void grant_page_retry(void);

/* Pages in quarantine. */
uint32_t grant_page_count_quarantined(void);

#endif
