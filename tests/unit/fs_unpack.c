/* SPDX-License-Identifier: BSD-2-Clause */
/* Archives become files without being copied; their bytes are copied page by page when they are written. */
/* links: tests/unit/fake/mm.c mm/user_range.c tests/unit/fake/kernel.c lib/format.c kernel/cpio.c kernel/fs/slots.c kernel/fs/node.c
   kernel/fs/data.c kernel/fs/entry.c kernel/fs/path.c kernel/fs/tree.c kernel/fs/open.c kernel/fs/file.c kernel/fs/device.c
   tests/unit/fake/no_disks.c
   kernel/fs/pipe.c kernel/fs/stream.c kernel/fs/wait.c kernel/fs/watch.c kernel/fs/epoll.c
   kernel/fs/timer.c kernel/fs/socket.c kernel/fs/proc.c kernel/fs/fixed.c kernel/fs/fs.c kernel/fs/unpack.c kernel/abi/file.c
   kernel/abi/vector.c kernel/abi/file_io.c kernel/abi/file_size.c kernel/abi/file_meta.c kernel/abi/file_time.c kernel/abi/file_ioctl.c
   kernel/abi/file_pipe.c kernel/abi/dir.c kernel/abi/dir_read.c kernel/abi/poll.c kernel/abi/timeout.c */
#include "check.h"
#include "fake/kernel.h"
#include "fake/mm.h"
#include "kernel/abi/file.h"
#include "kernel/abi/syscall.h"
#include "kernel/fs/fs.h"
#include "kernel/fs/node.h"
#include <asm/stat.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define USER     ((uint64_t)fake_user())
#define TEXT(s)  fake_text(0, s)
#define BIG_SIZE 50000u
#define MTIME    1000000u

static uint8_t archive[1 << 20];
static size_t archive_size;
static uint8_t big[BIG_SIZE];

static int64_t call(syscall_fn *fn, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    const uint64_t arg[6] = { a, b, c, d };
    return fn(arg);
}

static void put(const void *bytes, size_t size)
{
    memcpy(archive + archive_size, bytes, size);
    archive_size += size;
    while (archive_size % 4 != 0)
        archive[archive_size++] = 0;
}

static void add(const char *name, unsigned mode, unsigned ino, unsigned links, const void *data, size_t size)
{
    char header[111 + 300];
    int length = snprintf(header, sizeof(header), "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X%s", ino,
                          mode, 7u, 8u, links, MTIME, size, 0u, 0u, 0u, 0u, strlen(name) + 1, 0u, name);
    put(header, (size_t)length + 1);
    put(data, size);
}

static void build(void)
{
    for (uint32_t i = 0; i < BIG_SIZE; i++)
        big[i] = (uint8_t)(i * 31 + i / 256);
    add(".", S_IFDIR | 0755, 1, 2, "", 0);
    add("init", S_IFREG | 0755, 2, 1, big, BIG_SIZE);
    add("bin", S_IFDIR | 0700, 3, 2, "", 0);
    add("bin/one", S_IFREG | 0644, 4, 3, "", 0);
    add("bin/two", S_IFREG | 0644, 4, 3, "", 0);
    add("deep/below/three", S_IFREG | 0755, 4, 3, "linked", 6);
    add("sbin", S_IFLNK | 0777, 5, 1, "bin", 3);
    add("sbin/four", S_IFREG | 0644, 6, 1, "4", 1);
    add("./twice", S_IFREG | 0644, 7, 1, "old", 3);
    add("/twice", S_IFREG | 0644, 8, 1, "new", 3);
    add("dev", S_IFDIR | 0700, 9, 2, "", 0);
    add("dev/console", S_IFCHR | 0600, 10, 1, "", 0);
    add("dev/other", S_IFCHR | 0600, 11, 1, "", 0);
    add("lonely", S_IFREG | 0644, 12, 2, "l", 1);
    add("lonely", S_IFREG | 0644, 12, 2, "", 0);
    add("file/below", S_IFREG | 0644, 13, 1, "x", 1);
    add("twice/below", S_IFREG | 0644, 14, 1, "x", 1);
    add("bin", S_IFREG | 0644, 15, 1, "x", 1);
    add("TRAILER!!!", 0, 0, 1, "", 0);
}

static const struct stat *stat_of(const char *path)
{
    CHECK_EQ(call(sys_lstat, TEXT(path), USER, 0, 0), 0);
    return (const struct stat *)fake_user();
}

static bool says(const char *path, const char *text)
{
    int64_t fd = call(sys_open, TEXT(path), O_RDONLY, 0, 0);
    int64_t n = call(sys_read, (uint64_t)fd, USER, 1000, 0);
    return CHECK_EQ(n, strlen(text)) && memcmp(fake_user(), text, strlen(text)) == 0 &&
           call(sys_close, (uint64_t)fd, 0, 0, 0) == 0;
}

static void check_tree(void)
{
    CHECK_EQ(stat_of("/init")->st_size, BIG_SIZE);
    CHECK_EQ(stat_of("/init")->st_mode, S_IFREG | 0755);
    CHECK_EQ(stat_of("/init")->st_uid, 7);
    CHECK_EQ(stat_of("/init")->st_mtime, MTIME);
    CHECK_EQ(stat_of("/bin")->st_mode, S_IFDIR | 0700);
    CHECK_EQ(stat_of("/bin")->st_mtime, MTIME);
    CHECK_EQ(stat_of("/bin/one")->st_nlink, 3);
    CHECK_EQ(stat_of("/deep/below")->st_mode, S_IFDIR | 0755);
    CHECK(says("/bin/one", "linked") && says("/bin/two", "linked") && says("/deep/below/three", "linked"));
    CHECK(says("/bin/four", "4") && says("/twice", "new") && says("/lonely", "l") && says("/file/below", "x"));
    CHECK_EQ(stat_of("/lonely")->st_nlink, 1);
    CHECK_EQ(stat_of("/dev/console")->st_mode, S_IFCHR | 0666);
    CHECK_EQ(call(sys_access, TEXT("/dev/other"), 0, 0, 0), -ENOENT);
    CHECK_EQ(stat_of("/dev")->st_mode, S_IFDIR | 0755);
    CHECK_EQ(fake_log_lines, 3); /* dev/other, twice/below, bin */
}

static void check_program(void)
{
    const uint8_t *bytes = NULL;
    uint64_t size = 0;
    CHECK_EQ(fs_lookup_program("/init", &bytes, &size), 0);
    CHECK(bytes >= archive && bytes + size <= archive + archive_size && size == BIG_SIZE);
    CHECK(memcmp(bytes, big, BIG_SIZE) == 0);
    CHECK_EQ(fs_lookup_program("sbin/../init", &bytes, &size), 0);
    CHECK_EQ(fs_lookup_program("/none", &bytes, &size), -ENOENT);
    CHECK_EQ(fs_lookup_program("", &bytes, &size), -ENOENT);
    CHECK_EQ(fs_lookup_program("/bin", &bytes, &size), -EISDIR);
    CHECK_EQ(fs_lookup_program("/bin/four", &bytes, &size), -EACCES);
    CHECK_EQ(fs_lookup_program("/dev/null", &bytes, &size), -EACCES);
    CHECK_EQ(fs_lookup_program("/init/x", &bytes, &size), -ENOTDIR);
    CHECK_EQ(call(sys_readlink, TEXT("/proc/self/exe"), USER, 100, 0), 5);
}

/* Written pages are the file's own, the others are still the archive's; the archive itself stays as it was. */
static void check_copy_on_write(void)
{
    static uint8_t before[sizeof(archive)];
    static uint8_t page[4096];
    uint32_t node = 0;
    const uint8_t *bytes = NULL;
    uint64_t size = 0;
    memcpy(before, archive, archive_size);
    uint64_t used = fake_frames_used();
    int64_t fd = call(sys_open, TEXT("/init"), O_RDWR, 0, 0);
    CHECK_EQ(call(sys_pwrite64, (uint64_t)fd, fake_text(1, "changed"), 7, 5000), 7);
    CHECK_EQ(fake_frames_used(), used + 1);
    memcpy(big + 5000, "changed", 7);
    CHECK_EQ(call(sys_pread64, (uint64_t)fd, USER, 60000, 0), BIG_SIZE);
    CHECK(memcmp(fake_user(), big, BIG_SIZE) == 0);
    CHECK(memcmp(before, archive, archive_size) == 0);
    CHECK_EQ(fd_mappable_node((uint64_t)fd, PROT_READ | PROT_WRITE, MAP_SHARED, &node), 0);
    fs_node_ref(node);
    CHECK_EQ(fs_fill_page(node, 4096, page), 0);
    CHECK(memcmp(page, big + 4096, 4096) == 0);
    CHECK_EQ(fs_fill_page(node, 49152, page), 0);
    CHECK(memcmp(page, big + 49152, BIG_SIZE - 49152) == 0 && page[BIG_SIZE - 49152] == 0 && page[4095] == 0);
    CHECK_EQ(fs_fill_page(node, 53248, page), -EFAULT);
    CHECK_EQ(call(sys_ftruncate, (uint64_t)fd, 5003, 0, 0), 0);
    CHECK_EQ(call(sys_ftruncate, (uint64_t)fd, 9000, 0, 0), 0);
    CHECK_EQ(fs_fill_page(node, 4096, page), 0);
    CHECK(memcmp(page, big + 4096, 907) == 0 && page[907] == 0);
    CHECK_EQ(fs_fill_page(node, 8192, page), 0);
    CHECK(page[0] == 0 && page[4095] == 0);
    CHECK_EQ(call(sys_unlink, TEXT("/init"), 0, 0, 0), 0);
    CHECK_EQ(call(sys_close, (uint64_t)fd, 0, 0, 0), 0);
    CHECK_EQ(fs_fill_page(node, 0, page), 0);
    fs_node_unref(node);
    CHECK_EQ(fs_lookup_program("/deep/below/three", &bytes, &size), 0); /* until now /init was /proc/self/exe */
    CHECK_EQ(fake_frames_used(), used);
    CHECK_EQ(fd_mappable_node(1, PROT_READ, MAP_PRIVATE, &node), -ENODEV);
    CHECK_EQ(fd_mappable_node(99, PROT_READ, MAP_PRIVATE, &node), -EBADF);
    fd = call(sys_open, TEXT("/twice"), O_RDONLY, 0, 0);
    CHECK_EQ(fd_mappable_node((uint64_t)fd, PROT_READ | PROT_WRITE, MAP_SHARED, &node), -EACCES);
    CHECK_EQ(fd_mappable_node((uint64_t)fd, PROT_READ | PROT_WRITE, MAP_PRIVATE, &node), 0);
}

static struct fs_refusal refusal;

/* In a kernel of its own: an archive cut short makes no file at all, and one without memory ends with ENOSPC. */
static void check_refused(void)
{
    pid_t child = fork();
    if (child == 0) {
        for (size_t size = 0; size + 4 < archive_size; size += 97) {
            CHECK_EQ(fs_unpack(archive, size, &refusal), -EINVAL);
            CHECK(refusal.at <= size);
            CHECK_EQ(fake_frames_used(), 3);
        }
        (void)fake_frames_fail_at(1);
        CHECK_EQ(fs_unpack(archive, archive_size, &refusal), -ENOSPC);
        (void)fake_frames_fail_at(2);
        CHECK_EQ(fs_unpack(archive, archive_size, &refusal), -ENOSPC);
        CHECK_EQ(fs_unpack(archive, archive_size, &refusal), 0);
        CHECK(says("/deep/below/three", "linked"));
        fflush(stdout);
        _exit(check_failures != 0);
    }
    int status = 0;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    fake_mm_start();
    build();
    CHECK_EQ(fs_init(), 0);
    check_refused();
    CHECK_EQ(fs_unpack(archive, archive_size, &refusal), 0);
    check_tree();
    check_program();
    check_copy_on_write();
    return check_done();
}
