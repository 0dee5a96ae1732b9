/* SPDX-License-Identifier: BSD-2-Clause */
/* Where Xen's grant table is mapped: xen/grant.h is what is done with it. */
#ifndef TESTS_XEN_LOOPBACK_GRANT_MAP_H
#define TESTS_XEN_LOOPBACK_GRANT_MAP_H

#include "xen/grant.h"

/* Maps the entries of all GRANT_COUNT references (XENMAPSPACE_grant_table, version 1, which a domain starts with) over two
   adjacent frames, which stay Xen's for ever; the entries are free. NULL when there are no such frames or Xen refuses. Once. */
struct grant_cell *grant_map(void);

#endif
