/* SPDX-License-Identifier: BSD-2-Clause */
/* RCCE gives each unit of execution a message buffer that all can reach. Here is one unit, so one buffer. */
#include <errno.h>
#include <hermit/isle.h>
#include <hermit/syscall.h>
#include <string.h>

#define BUFFER_SIZE 0x100000

struct rcce_lock rcce_lock = { 0, 1 };

static char buffer[BUFFER_SIZE] __attribute__((aligned(4096)));
static int session; /* 0: none */

int isle_id(void)
{
    return 0;
}

int sys_rcce_init(int session_id)
{
    if (session_id <= 0 || (session != 0 && session != session_id))
        return -EINVAL;
    session = session_id;
    return 0;
}

size_t sys_rcce_malloc(int session_id, int ue)
{
    return session_id > 0 && session_id == session && ue == 0 ? (size_t)buffer : 0;
}

int sys_rcce_fini(int session_id)
{
    if (session_id <= 0 || session_id != session)
        return -EINVAL;
    memset(buffer, 0, sizeof buffer);
    session = 0;
    return 0;
}
