/* SPDX-License-Identifier: BSD-2-Clause */
/* The same random system calls to the kernel's files and to a tmpfs of the host: same answers, same trees, same bytes. */
/* links: tests/unit/fake/mm.c mm/user_range.c tests/unit/fake/kernel.c lib/format.c kernel/cpio.c kernel/fs/slots.c kernel/fs/node.c
   kernel/fs/data.c kernel/fs/entry.c kernel/fs/path.c kernel/fs/tree.c kernel/fs/open.c kernel/fs/file.c kernel/fs/device.c
   tests/unit/fake/no_disks.c
   kernel/fs/pipe.c kernel/fs/stream.c kernel/fs/wait.c kernel/fs/watch.c kernel/fs/epoll.c
   kernel/fs/timer.c kernel/fs/socket.c kernel/fs/proc.c kernel/fs/fixed.c kernel/fs/fs.c kernel/fs/unpack.c kernel/abi/file.c
   kernel/abi/vector.c kernel/abi/file_io.c kernel/abi/file_size.c kernel/abi/file_meta.c kernel/abi/file_time.c kernel/abi/file_ioctl.c
   kernel/abi/file_pipe.c kernel/abi/dir.c kernel/abi/dir_read.c kernel/abi/poll.c kernel/abi/timeout.c */
#include "check.h"
#include "fake/mm.h"
#include "kernel/abi/file.h"
#include "kernel/abi/syscall.h"
#include "kernel/fs/fs.h"
#include <asm/stat.h>
#include <asm/unistd_64.h>
#include <errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>
#include <stdlib.h>
#include <string.h>

extern long syscall(long number, ...);

#define HERE    ((uint64_t)AT_FDCWD)
#define FILES   6
#define OPS     100000
#define DEPTH   8
#define IO_SIZE 20000

/* One open file on both sides; -1: none. */
static int64_t host_fd[FILES];
static int64_t our_fd[FILES];
static int64_t host_base;
static uint64_t seed = 88172645463325252ull;
static char trace[400];

static uint32_t pick(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

/* A path over few names, so that calls meet: a/b, ./c, d/, e/../a, and now and then an odd one. */
static void random_path(char *out)
{
    static const char *const odd[] = { "", ".", "..", "a/.", "b/..", "./", "c//d", "a/b/c/d/", "d/./e" };
    out[0] = '\0';
    if (pick(16) == 0) {
        strcpy(out, odd[pick(sizeof(odd) / sizeof(odd[0]))]);
        return;
    }
    uint32_t parts = 1 + pick(3);
    for (uint32_t i = 0; i < parts; i++) {
        char name[8] = { (char)('a' + pick(5)), '\0' };
        strcat(out, name);
        if (i + 1 < parts)
            strcat(out, pick(12) == 0 ? "/../" : "/");
    }
    if (pick(14) == 0)
        strcat(out, "/");
}

static uint64_t path_at(unsigned slot)
{
    char path[64];
    random_path(path);
    size_t used = strlen(trace);
    snprintf(trace + used, sizeof(trace) - used, " \"%s\"", path);
    return fake_text(slot, path);
}

static int64_t host_call(long number, const uint64_t a[6])
{
    long result = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    return result < 0 ? -errno : result;
}

/* Is the answer the same? Prints the call if not. */
static bool same(int64_t host, int64_t ours)
{
    if (!CHECK_EQ(host, ours))
        printf("    in%s\n", trace);
    return host == ours;
}

/* A call whose arguments mean the same on both sides. */
static void both(const char *name, long number, syscall_fn *call, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
                 uint64_t e)
{
    const uint64_t arg[6] = { a, b, c, d, e, 0 };
    size_t used = strlen(trace);
    snprintf(trace + used, sizeof(trace) - used, " %s(%lx,%lx,%lx,%lx,%lx)", name, a, b, c, d, e);
    same(host_call(number, arg), call(arg));
}

/* Modes with which root and another user of the host may do the same. */
static uint64_t random_mode(void)
{
    return pick(2) == 0 ? 0600 : 0700 | pick(0100);
}

static void op_open(void)
{
    static const uint32_t bits[] = { O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_DIRECTORY, O_NOFOLLOW, O_PATH, O_CLOEXEC };
    uint32_t slot = pick(FILES);
    uint32_t flags = pick(4) == 0 ? O_RDONLY : pick(3);
    for (uint32_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
        flags |= pick(i == 0 ? 2 : 6) == 0 ? bits[i] : 0;
    if ((flags & O_CREAT) != 0)
        flags &= ~(uint32_t)O_DIRECTORY; /* both: an error since Linux 6.3, which the host may not have */
    uint64_t one[6] = { (uint64_t)host_fd[slot] };
    uint64_t two[6] = { (uint64_t)our_fd[slot] };
    same(host_call(__NR_close, one), sys_close(two));
    uint64_t arg[6] = { HERE, path_at(0), flags, random_mode() };
    snprintf(trace + strlen(trace), 40, " open flags %o", flags);
    host_fd[slot] = host_call(__NR_openat, arg);
    our_fd[slot] = sys_openat(arg);
    same(host_fd[slot] < 0 ? host_fd[slot] : 0, our_fd[slot] < 0 ? our_fd[slot] : 0);
    if (host_fd[slot] < 0 || our_fd[slot] < 0)
        host_fd[slot] = our_fd[slot] = -1;
}

/* A call on an open file, with the user memory as its buffer; compares what it leaves there. */
static void file_call(long number, syscall_fn *call, uint64_t size, uint64_t c, uint64_t d)
{
    static uint8_t copy[IO_SIZE];
    uint32_t slot = pick(FILES);
    uint8_t *buffer = fake_user();
    uint64_t host[6] = { (uint64_t)host_fd[slot], (uint64_t)buffer, c, d };
    uint64_t ours[6] = { (uint64_t)our_fd[slot], (uint64_t)buffer, c, d };
    snprintf(trace + strlen(trace), 80, " call %ld fd %ld size %lu %ld", number, host_fd[slot], c, d);
    memcpy(copy, buffer, size);
    int64_t expected = host_call(number, host);
    for (uint64_t i = 0; i < size; i++) {
        uint8_t byte = buffer[i];
        buffer[i] = copy[i];
        copy[i] = byte;
    }
    same(expected, call(ours));
    CHECK(memcmp(copy, buffer, size) == 0);
}

static uint64_t random_offset(void)
{
    static const int64_t odd[] = { 0, 1, -1, 4095, 4096, 16383, 16384, 20480, 4194304, 4210688 };
    return pick(2) == 0 ? (uint64_t)odd[pick(10)] : pick(40000);
}

static void op_io(void)
{
    uint64_t size = pick(3) == 0 ? pick(IO_SIZE) : pick(5000);
    for (uint64_t i = 0; i < 64; i++)
        fake_user()[pick(IO_SIZE)] = (uint8_t)pick(256);
    switch (pick(6)) {
    case 0:
        file_call(__NR_read, sys_read, size, size, 0);
        break;
    case 1:
        file_call(__NR_write, sys_write, size, size, 0);
        break;
    case 2:
        file_call(__NR_pread64, sys_pread64, size, size, random_offset());
        break;
    default:
        file_call(__NR_pwrite64, sys_pwrite64, size, size, random_offset());
        break;
    }
}

/* tmpfs knows holes, and its positions in directories are other numbers. */
static bool seek_compares(int64_t fd, uint64_t whence)
{
    struct stat *stat = (struct stat *)fake_user();
    uint64_t arg[6] = { (uint64_t)fd, (uint64_t)stat };
    return host_call(__NR_fstat, arg) != 0 || ((stat->st_mode & S_IFMT) != S_IFDIR && whence != 3);
}

/* lseek, ftruncate, fchmod, fcntl(F_GETFL): two numbers and no memory. */
static void op_number(void)
{
    uint32_t slot = pick(FILES);
    uint32_t which = pick(4);
    static const long numbers[] = { __NR_lseek, __NR_ftruncate, __NR_fchmod, __NR_fcntl };
    static syscall_fn *const calls[] = { sys_lseek, sys_ftruncate, sys_fchmod, sys_fcntl };
    uint64_t value = which == 3 ? (pick(2) == 0 ? F_GETFL : F_GETFD) : which == 2 ? 0700 | pick(0100) : random_offset();
    uint64_t host[6] = { (uint64_t)host_fd[slot], value, pick(4) };
    uint64_t ours[6] = { (uint64_t)our_fd[slot], value, host[2] };
    snprintf(trace + strlen(trace), 80, " number call %ld value %lx %lu", numbers[which], value, host[2]);
    if (which == 0 && !seek_compares(host_fd[slot], host[2]))
        return;
    same(host_call(numbers[which], host), calls[which](ours));
}

static void op_stat(void)
{
    struct stat *host = (struct stat *)fake_user();
    struct stat *ours = host + 1;
    uint64_t arg[6] = { HERE, path_at(0), (uint64_t)host, pick(2) == 0 ? AT_SYMLINK_NOFOLLOW : 0 };
    int64_t expected = host_call(__NR_newfstatat, arg);
    arg[2] = (uint64_t)ours;
    if (!same(expected, sys_newfstatat(arg)) || expected != 0)
        return;
    CHECK_EQ(host->st_mode, ours->st_mode);
    CHECK_EQ(host->st_nlink, ours->st_nlink);
    if ((host->st_mode & S_IFMT) != S_IFDIR)
        CHECK_EQ(host->st_size, ours->st_size);
}

static void op_readlink(void)
{
    char *host = (char *)fake_user();
    char *ours = host + 64;
    memset(host, 0, 128);
    uint64_t arg[6] = { HERE, path_at(0), (uint64_t)host, pick(40) };
    int64_t expected = host_call(__NR_readlinkat, arg);
    arg[2] = (uint64_t)ours;
    same(expected, sys_readlinkat(arg));
    CHECK(memcmp(host, ours, 64) == 0);
}

static void op_name(void)
{
    switch (pick(10)) {
    case 0:
    case 1:
        both("mkdir", __NR_mkdir, sys_mkdir, path_at(0), 0700 | pick(0100), 0, 0, 0);
        break;
    case 2:
        both("rmdir", __NR_rmdir, sys_rmdir, path_at(0), 0, 0, 0, 0);
        break;
    case 3:
        both("unlink", __NR_unlink, sys_unlink, path_at(0), 0, 0, 0, 0);
        break;
    case 4:
        both("symlink", __NR_symlink, sys_symlink, path_at(0), path_at(1), 0, 0, 0);
        break;
    case 5:
        both("linkat", __NR_linkat, sys_linkat, HERE, path_at(0), HERE, path_at(1), pick(2) ? AT_SYMLINK_FOLLOW : 0);
        break;
    case 6:
        both("truncate", __NR_truncate, sys_truncate, path_at(0), random_offset(), 0, 0, 0);
        break;
    case 7:
        both("mknod", __NR_mknod, sys_mknod, path_at(0), (pick(2) ? S_IFREG : 0) | 0644, 0, 0, 0);
        break;
    default:
        both("renameat2", __NR_renameat2, sys_renameat2, HERE, path_at(0), HERE, path_at(1),
             pick(4) == 0 ? RENAME_NOREPLACE : 0);
        break;
    }
}

static void op_other(void)
{
    switch (pick(4)) {
    case 0:
        both("access", __NR_faccessat, sys_faccessat, HERE, path_at(0), pick(9), 0, 0);
        break;
    case 1:
        both("chmod", __NR_chmod, sys_chmod, path_at(0), 0700 | pick(0100), 0, 0, 0);
        break;
    case 2:
        both("rmdir", __NR_unlinkat, sys_unlinkat, HERE, path_at(0), pick(2) ? AT_REMOVEDIR : 0, 0, 0);
        break;
    default:
        both("utimensat", __NR_utimensat, sys_utimensat, HERE, path_at(0), 0, 0, 0);
        break;
    }
}

/* The names of a directory, sorted, with types; -errno when it is none. */
struct names {
    int64_t count;
    char name[64][16];
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void names_take(struct names *names, const uint8_t *records, int64_t size)
{
    while (size > 0) {
        uint16_t length;
        memcpy(&length, records + 16, 2);
        snprintf(names->name[names->count++ % 64], 16, "%s:%u", (const char *)records + 19, records[18]);
        records += length;
        size -= length;
    }
}

static void names_read(struct names *names, int64_t fd, bool host)
{
    uint64_t arg[6] = { (uint64_t)fd, (uint64_t)fake_user(), 128 };
    memset(names, 0, sizeof(*names));
    for (;;) {
        int64_t got = host ? host_call(__NR_getdents64, arg) : sys_getdents64(arg);
        if (got < 0)
            names->count = got;
        if (got <= 0)
            break;
        names_take(names, fake_user(), got);
    }
    if (names->count > 0)
        qsort(names->name, (size_t)names->count, 16, compare_names);
}

static void op_list(void)
{
    struct names host;
    struct names ours;
    uint32_t slot = pick(FILES);
    uint64_t back[6] = { (uint64_t)host_fd[slot], 0, 0 };
    (void)host_call(__NR_lseek, back);
    back[0] = (uint64_t)our_fd[slot];
    (void)sys_lseek(back);
    names_read(&host, host_fd[slot], true);
    names_read(&ours, our_fd[slot], false);
    if (same(host.count, ours.count))
        CHECK(memcmp(&host, &ours, sizeof(host)) == 0);
}

/* A folder deep below a fresh one, so that a few ".." do not leave it. */
static void start(void)
{
    char text[] = "/dev/shm/anchorite-fs-XXXXXX";
    if (mkdtemp(text) == NULL)
        abort();
    uint64_t arg[6] = { fake_text(0, text) };
    host_base = host_call(__NR_chdir, arg);
    (void)syscall(__NR_umask, 022);
    for (int i = 0; i < DEPTH; i++) {
        arg[0] = fake_text(0, "x");
        arg[1] = 0755;
        CHECK_EQ(host_call(__NR_mkdir, arg), 0);
        CHECK_EQ(sys_mkdir(arg), 0);
        CHECK_EQ(host_call(__NR_chdir, arg), 0);
        CHECK_EQ(sys_chdir(arg), 0);
    }
    uint64_t remove[6] = { HERE, fake_text(0, "."), O_PATH | O_DIRECTORY };
    host_base = host_call(__NR_openat, remove);
    snprintf(trace, sizeof(trace), "%s", text);
}

int main(void)
{
    char folder[sizeof(trace) + 16];
    fake_mm_start();
    CHECK_EQ(fs_init(), 0);
    start();
    snprintf(folder, sizeof(folder), "rm -rf %.64s", trace);
    memset(host_fd, 0xff, sizeof(host_fd));
    memset(our_fd, 0xff, sizeof(our_fd));
    static void (*const ops[])(void) = { op_open, op_io,   op_io,   op_number, op_stat, op_readlink,
                                         op_name, op_name, op_name, op_other,  op_list };
    for (uint32_t i = 0; i < OPS && check_failures < 10; i++) {
        snprintf(trace, sizeof(trace), "%u:", i);
        ops[pick(sizeof(ops) / sizeof(ops[0]))]();
    }
    CHECK_EQ(system(folder), 0);
    return check_done();
}
