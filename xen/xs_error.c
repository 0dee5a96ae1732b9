/* SPDX-License-Identifier: BSD-2-Clause */
#include "xen/xs_error.h"

#include <linux/errno.h>
/* Its table is there only behind EINVAL. */
#include <xen/io/xs_wire.h>

#include "lib/string.h"

int xs_error_number(const char *name, uint32_t size)
{
    if (size > 0 && name[size - 1] == 0)
        size--;
    for (uint32_t i = 0; i < sizeof(xsd_errors) / sizeof(xsd_errors[0]); i++)
        if (strlen(xsd_errors[i].errstring) == size && memcmp(xsd_errors[i].errstring, name, size) == 0)
            return -xsd_errors[i].errnum;
    return -EIO;
}
