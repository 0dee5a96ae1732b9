/* SPDX-License-Identifier: BSD-2-Clause */
/* What programs take for granted about files; every check holds on Linux too. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static int has(const char *path, const char *wanted)
{
    char text[64] = "";
    int fd = open(path, O_RDONLY);
    ssize_t n = read(fd, text, sizeof text - 1);

    close(fd);
    return fd >= 0 && n == (ssize_t)strlen(wanted) && strcmp(text, wanted) == 0;
}

static void put(const char *path, int flags, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | flags, 0644);

    CHECK_EQ(write(fd, text, strlen(text)), strlen(text));
    CHECK_EQ(close(fd), 0);
}

static void check_contents(void)
{
    struct stat info;
    char byte = 'x';
    int fd;

    put("a", O_TRUNC, "first");
    put("a", O_APPEND, " second");
    CHECK(has("a", "first second"));
    put("a", 0, "F");
    CHECK(has("a", "First second"));
    fd = open("a", O_RDWR);
    CHECK_EQ(lseek(fd, 100000, SEEK_SET), 100000);
    CHECK_EQ(write(fd, "end", 3), 3);
    CHECK_EQ(pread(fd, &byte, 1, 50000), 1);
    CHECK_EQ(byte, 0);
    CHECK(fstat(fd, &info) == 0 && info.st_size == 100003 && S_ISREG(info.st_mode) && info.st_nlink == 1);
    CHECK_EQ(ftruncate(fd, 5), 0);
    CHECK_EQ(lseek(fd, 0, SEEK_END), 5);
    CHECK_EQ(ftruncate(fd, 8), 0);
    CHECK_EQ(pread(fd, &byte, 1, 7), 1);
    CHECK_EQ(byte, 0);
    CHECK_EQ(unlink("a"), 0);
    CHECK_EQ(pwrite(fd, "G", 1, 0), 1); /* it lives on while it is open */
    CHECK_EQ(pread(fd, &byte, 1, 0), 1);
    CHECK_EQ(byte, 'G');
    CHECK_ERRNO(stat("a", &info), ENOENT);
    CHECK_EQ(close(fd), 0);
}

static void check_names(void)
{
    struct stat info, other;
    char target[32] = "";

    put("one", 0, "1");
    put("two", 0, "2");
    CHECK_EQ(rename("one", "two"), 0);
    CHECK(has("two", "1") && access("one", F_OK) == -1);
    CHECK_EQ(link("two", "three"), 0);
    CHECK(stat("two", &info) == 0 && stat("three", &other) == 0 && info.st_ino == other.st_ino && info.st_nlink == 2);
    CHECK_EQ(symlink("three", "four"), 0);
    CHECK_EQ(readlink("four", target, sizeof target), 5);
    CHECK(strcmp(target, "three") == 0 && has("four", "1"));
    CHECK(lstat("four", &info) == 0 && S_ISLNK(info.st_mode));
    CHECK_EQ(symlink("loop", "loop"), 0);
    CHECK_ERRNO(open("loop", O_RDONLY), ELOOP);
    CHECK_ERRNO(open("three", O_CREAT | O_EXCL | O_RDWR, 0600), EEXIST);
    CHECK_ERRNO(open("three/under", O_RDONLY), ENOTDIR);
    CHECK_ERRNO(open("four", O_RDONLY | O_NOFOLLOW), ELOOP);
}

static int count_entries(const char *name)
{
    DIR *folder = opendir(name);
    int n = 0;

    while (folder && readdir(folder))
        n++;
    if (folder)
        closedir(folder);
    return n;
}

static void check_folders(void)
{
    char name[64], where[64];

    CHECK_EQ(mkdir("folder", 0755), 0);
    CHECK_ERRNO(mkdir("folder", 0755), EEXIST);
    CHECK_EQ(chdir("folder"), 0);
    CHECK(getcwd(where, sizeof where) && strcmp(where + strlen(where) - 7, "/folder") == 0);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "a file with a rather long name, number %d", i);
        put(name, 0, "");
    }
    CHECK_EQ(count_entries("."), 302);
    CHECK_ERRNO(rmdir("../folder"), ENOTEMPTY);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "../folder/./a file with a rather long name, number %d", i);
        CHECK_EQ(unlink(name), 0);
    }
    CHECK_EQ(chdir(".."), 0);
    CHECK_ERRNO(unlink("folder"), EISDIR);
    CHECK_ERRNO(rename("folder", "folder/inside"), EINVAL);
    CHECK_EQ(rename("folder", "renamed"), 0);
    CHECK_EQ(rmdir("renamed"), 0);
}

static void check_descriptors(void)
{
    int fd = open("two", O_RDONLY), copy = dup(fd), high = fcntl(fd, F_DUPFD_CLOEXEC, 50);
    char byte;

    CHECK_EQ(read(fd, &byte, 1), 1);
    CHECK_EQ(read(copy, &byte, 1), 0); /* they share a position */
    CHECK(high >= 50 && fcntl(high, F_GETFD) == FD_CLOEXEC);
    CHECK_EQ(dup2(fd, 77), 77);
    CHECK_ERRNO(write(77, "x", 1), EBADF);
    CHECK_EQ(close(77) + close(high) + close(copy) + close(fd), 0);
    CHECK_ERRNO(close(fd), EBADF);
}

static void check_devices(void)
{
    char text[8] = "xxxxxxx";
    int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDONLY), full = open("/dev/full", O_WRONLY);

    CHECK_EQ(read(null, text, 4), 0);
    CHECK_EQ(write(null, text, 4), 4);
    CHECK_EQ(read(zero, text, 4), 4);
    CHECK(memcmp(text, "\0\0\0\0xxx", 7) == 0);
    CHECK_ERRNO(write(full, text, 4), ENOSPC);
    CHECK_EQ(close(null) + close(zero) + close(full), 0);
}

int main(void)
{
    char folder[] = "/tmp/files-XXXXXX";

    umask(022);
    CHECK(mkdtemp(folder) && chdir(folder) == 0);
    check_contents();
    check_names();
    check_folders();
    check_descriptors();
    check_devices();
    CHECK_EQ(unlink("two") + unlink("three") + unlink("four") + unlink("loop") + rmdir(folder), 0);
    return check_done();
}
