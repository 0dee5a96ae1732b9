/* SPDX-License-Identifier: BSD-2-Clause */
/* ioctl: the console as a terminal, and the few that every file answers. */
#include "drivers/tty.h"
#include "kernel/abi/file.h"
#include "kernel/fs/block.h"
#include "kernel/fs/device.h"
#include "kernel/fs/file.h"
#include "kernel/fs/open.h"
#include "mm/user.h"
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <asm/termios.h>
#include <linux/errno.h>
#include <stddef.h>

#define ONLY_PROCESS 1

static int64_t terminal_set(uint64_t user, bool flush)
{
    struct termios termios;
    if (user_copy_in(&termios, user, sizeof(termios)) != 0)
        return -EFAULT;
    if (flush)
        tty_flush_input();
    tty_set_termios(&termios);
    return 0;
}

static int64_t terminal_get(uint64_t user)
{
    struct termios termios;
    tty_get_termios(&termios);
    return user_copy_out(user, &termios, sizeof(termios));
}

static int64_t terminal_size(uint64_t user, bool set)
{
    struct winsize size;
    if (!set) {
        tty_get_winsize(&size);
        return user_copy_out(user, &size, sizeof(size));
    }
    if (user_copy_in(&size, user, sizeof(size)) != 0)
        return -EFAULT;
    tty_set_winsize(&size);
    return 0;
}

static int64_t terminal_flush(uint64_t queue)
{
    if (queue != TCIFLUSH && queue != TCOFLUSH && queue != TCIOFLUSH)
        return -EINVAL;
    if (queue != TCOFLUSH)
        tty_flush_input();
    return 0;
}

static int64_t ioctl_terminal(uint32_t command, uint64_t user)
{
    static const int32_t process = ONLY_PROCESS;
    switch (command) {
    case TCGETS:
        return terminal_get(user);
    case TCSETS:
    case TCSETSW:
    case TCSETSF:
        return terminal_set(user, command == TCSETSF);
    case TIOCGWINSZ:
    case TIOCSWINSZ:
        return terminal_size(user, command == TIOCSWINSZ);
    case TIOCGPGRP:
    case TIOCGSID:
        return user_copy_out(user, &process, sizeof(process));
    case TCFLSH:
        return terminal_flush(user);
    case TIOCSPGRP:
    case TIOCSCTTY:
    case TCSBRK:
    case TCXONC:
        return 0;
    default:
        return -ENOTTY;
    }
}

/* FIONREAD: bytes that a read would give now. */
static int64_t ioctl_count(const struct open_file *file, uint64_t user)
{
    const struct node *node = node_at(file->node);
    int32_t count = 0;
    if (device_is_console(file->special))
        count = (int32_t)tty_count_ready();
    else if (file->special == NODE_PIPE || file->special == NODE_SOCKET)
        count = (int32_t)node->used;
    else if (file_regular(file) == NULL)
        return -ENOTTY;
    else if (file->offset < node->size)
        count = (int32_t)(node->size - file->offset);
    return user_copy_out(user, &count, sizeof(count));
}

static int64_t ioctl_nonblock(struct open_file *file, uint64_t user)
{
    int32_t on = 0;
    if (user_copy_in(&on, user, sizeof(on)) != 0)
        return -EFAULT;
    file->flags = (file->flags & ~(uint32_t)O_NONBLOCK) | (on != 0 ? O_NONBLOCK : 0u);
    return 0;
}

int64_t sys_ioctl(const uint64_t arg[6])
{
    struct open_file *file = fd_file(arg[0]);
    if (file == NULL)
        return -EBADF;
    uint32_t command = (uint32_t)arg[1];
    switch (command) {
    case FIOCLEX:
    case FIONCLEX:
        fd_set_cloexec(arg[0], command == FIOCLEX);
        return 0;
    case FIONBIO:
        return ioctl_nonblock(file, arg[2]);
    case FIONREAD:
        return ioctl_count(file, arg[2]);
    default:
        if (file->special == NODE_DISK)
            return block_ioctl(file, command, arg[2]);
        return device_is_console(file->special) && tty_is_terminal() ? ioctl_terminal(command, arg[2]) : -ENOTTY;
    }
}
