/* SPDX-License-Identifier: BSD-2-Clause */
/* xenstored says errors by their names (public/io/xs_wire.h, xsd_errors). */
#ifndef XEN_XS_ERROR_H
#define XEN_XS_ERROR_H
#include <stdint.h>

/* The negative errno of a name of that size, with or without a NUL at its end; -EIO for one that is not in Xen's table. */
int xs_error_number(const char *name, uint32_t size);

#endif
