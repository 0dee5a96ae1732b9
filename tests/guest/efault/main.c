/* SPDX-License-Identifier: BSD-2-Clause */
/* For each call, each of its pointers in turn is null, unmapped, without rights, at and beyond the end of the user half,
   not canonical, in the kernel, at the very end of all addresses, and for output in read-only memory: each time the
   answer must be EFAULT. A buffer that begins in the last byte of mapped memory gives EFAULT or the one byte. Nothing
   that is read-only changes, and the program sees its end. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#define PAGE 4096L

/* What an argument stands for; anything else is the value itself. */
enum { IN = 0x7a000001, OUT, PATH, NAME, FINE, MAYBE, FILE_FD, DIR_FD, PIPE_FD, MAPPED };

struct call {
    const char *name;
    long number;
    long arg[6];
};

static const struct call calls[] = {
#define BAD(name, ...) { #name, SYS_##name, { __VA_ARGS__ } },
#include "calls_list.h"
#undef BAD
    { NULL, 0, { 0 } }
};

static char good_in[2 * PAGE], good_out[2 * PAGE];
static char *read_only, *no_rights, *unmapped, *last_byte;
static int file_fd, dir_fd, pipe_fd[2];

static long value_of(long arg)
{
    switch (arg) {
    case IN:
    case MAYBE:
        memset(good_in, 0, sizeof good_in);
        return (long)good_in;
    case OUT:
    case FINE:
        return (long)good_out;
    case PATH:
        return (long)"/tmp/efault-is-not-there";
    case NAME:
        return (long)"/dev/stdin";
    case FILE_FD:
        return file_fd;
    case DIR_FD:
        return dir_fd;
    case PIPE_FD:
        return pipe_fd[0];
    case MAPPED:
        return (long)read_only;
    default:
        return arg;
    }
}

static long call_with(const struct call *c, int position, long pointer)
{
    long arg[6];
    long result;

    for (int i = 0; i < 6; i++)
        arg[i] = i == position ? pointer : value_of(c->arg[i]);
    lseek(file_fd, 0, SEEK_SET);
    lseek(dir_fd, 0, SEEK_SET);
    result = syscall(c->number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
    return result == -1 ? -errno : result;
}

/* Linux, too, looks at the alignment first. */
static int is_unaligned_futex(const struct call *c, long pointer, long result)
{
    return c->number == SYS_futex && pointer % 4 != 0 && result == -EINVAL;
}

static void expect_fault(const struct call *c, int position, const char *what, long pointer)
{
    long result = call_with(c, position, pointer);

    if (result == -EFAULT || is_unaligned_futex(c, pointer, result))
        return;
    check_failures++;
    printf("%s, argument %d %s (%#lx): %ld, want EFAULT\n", c->name, position, what, pointer, result);
}

static void try_pointer(const struct call *c, int position)
{
    static const unsigned long far[] = { 0x8,
                                         0xfff,
                                         0x7ffffffff000,
                                         0x7fffffffffff,
                                         0x800000000000,
                                         0x4000000000000000,
                                         0x8000000000000000,
                                         0xffff800000000000,
                                         0xffff800000100000,
                                         0xffffffff80100000,
                                         0xfffffffffffff000,
                                         0xfffffffffffffff8,
                                         0xffffffffffffffff };

    if (c->arg[position] != MAYBE)
        expect_fault(c, position, "null", 0);
    expect_fault(c, position, "unmapped", (long)unmapped);
    expect_fault(c, position, "without rights", (long)no_rights);
    if (c->arg[position] == OUT)
        expect_fault(c, position, "read-only", (long)read_only);
    for (unsigned i = 0; i < sizeof far / sizeof far[0]; i++)
        expect_fault(c, position, "out of bounds", (long)far[i]);
}

/* One byte is there, the next is not. */
static void try_straddling(const struct call *c, int position)
{
    long result;

    *last_byte = c->arg[position] == PATH ? 'a' : 0;
    result = call_with(c, position, (long)last_byte);
    if (result == -EFAULT || result == 1 || is_unaligned_futex(c, (long)last_byte, result))
        return;
    check_failures++;
    printf("%s, argument %d straddles: %ld, want EFAULT\n", c->name, position, result);
}

static char *map(long pages, int prot)
{
    return mmap(NULL, (size_t)(pages * PAGE), prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void prepare(void)
{
    read_only = map(2, PROT_READ);
    no_rights = map(1, PROT_NONE);
    unmapped = map(3, PROT_READ | PROT_WRITE);
    last_byte = unmapped + PAGE - 1;
    munmap(unmapped + PAGE, (size_t)(2 * PAGE));
    unmapped += PAGE;
    file_fd = open("/tmp/file", O_RDWR | O_CREAT, 0600);
    dir_fd = open("/", O_RDONLY | O_DIRECTORY);
    CHECK_EQ(write(file_fd, good_in, sizeof good_in), sizeof good_in);
    CHECK_EQ(pipe(pipe_fd), 0);
    CHECK(read_only != MAP_FAILED && unmapped != MAP_FAILED && file_fd > 0 && dir_fd > 0);
}

int main(void)
{
    int tried = 0;

    prepare();
    for (const struct call *c = calls; c->name; c++)
        for (int i = 0; i < 6; i++)
            if (c->arg[i] == IN || c->arg[i] == OUT || c->arg[i] == PATH || c->arg[i] == MAYBE) {
                try_pointer(c, i);
                try_straddling(c, i);
                tried++;
            }
    for (long i = 0; i < PAGE; i++)
        CHECK_EQ(read_only[i], 0);
    CHECK(tried > 100);
    return check_done();
}
