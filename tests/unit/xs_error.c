/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/xs_error.c */
/* Every name of Xen's table is Linux's number, with or without a NUL; all else is EIO, and nothing behind the name is read. */
#include "xen/xs_error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static int number(const char *name, uint32_t size)
{
    char *copy = malloc(size ? size : 1);
    int result;

    memcpy(copy, name, size);
    result = xs_error_number(copy, size);
    free(copy);
    return result;
}

int main(void)
{
    static const struct {
        const char *name;
        int errnum;
    } known[] = {
        { "EINVAL", EINVAL }, { "EACCES", EACCES },       { "EEXIST", EEXIST }, { "EISDIR", EISDIR },
        { "ENOENT", ENOENT }, { "ENOMEM", ENOMEM },       { "ENOSPC", ENOSPC }, { "EIO", EIO },
        { "EROFS", EROFS },   { "ENOTEMPTY", ENOTEMPTY }, { "ENOSYS", ENOSYS }, { "EBUSY", EBUSY },
        { "EAGAIN", EAGAIN }, { "EISCONN", EISCONN },     { "E2BIG", E2BIG },   { "EPERM", EPERM },
    };
    static const struct {
        const char *name;
        uint32_t size;
    } unknown[] = {
        { "", 0 },       { "\0", 1 },      { "ENOENTx", 7 }, { "ENOENT\0\0", 8 }, { "ENOENT\0x", 8 }, { "ENOEN", 5 },
        { "enoent", 6 }, { " ENOENT", 7 }, { "E", 1 },       { "EFANCY", 7 },     { "\xff\xff", 2 },  { "2", 1 },
    };

    for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        uint32_t size = (uint32_t)strlen(known[i].name);

        CHECK_EQ(number(known[i].name, size), -known[i].errnum);
        CHECK_EQ(number(known[i].name, size + 1), -known[i].errnum);
    }
    for (unsigned i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
        CHECK_EQ(number(unknown[i].name, unknown[i].size), -EIO);
    return check_done();
}
