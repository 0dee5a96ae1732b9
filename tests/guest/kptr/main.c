/* SPDX-License-Identifier: BSD-2-Clause */
/* All that the kernel hands out is searched for words of the kernel half: the initial stack, what calls write into
   buffers, registers after a call, text in /proc. Then the program crashes; the report must not have any either. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

static uint64_t buffer[1024];

/* Small negative numbers are no addresses. */
static int is_kernel_address(uint64_t word)
{
    return word >= 0xffff800000000000 && word < 0xffffffffffff0000;
}

static void search(const char *what, const void *start, size_t size)
{
    const unsigned char *byte = start;
    uint64_t word;

    for (size_t i = 0; i + 8 <= size; i += 8) {
        memcpy(&word, byte + i, sizeof word);
        if (is_kernel_address(word) && word != 0xffffffff00000000) {
            check_failures++;
            printf("not so: %s has 0x(f)%llx at %zu\n", what, (unsigned long long)word & 0xfffffffffff, i);
        }
    }
}

static void search_call(const char *name, long number, long a, long b, long c, long d)
{
    memset(buffer, 0, sizeof buffer);
    syscall(number, a, b, c, d);
    search(name, buffer, sizeof buffer);
}

static void search_calls(int file, int folder)
{
    long out = (long)buffer;

    search_call("stat", SYS_stat, (long)"/dev/null", out, 0, 0);
    search_call("fstat", SYS_fstat, file, out, 0, 0);
    search_call("statx", SYS_statx, file, (long)"", 0x1000, 0x7ff);
    search_call("statfs", SYS_statfs, (long)"/", out, 0, 0);
    search_call("getdents64", SYS_getdents64, folder, out, sizeof buffer, 0);
    search_call("uname", SYS_uname, out, 0, 0, 0);
    search_call("sysinfo", SYS_sysinfo, out, 0, 0, 0);
    search_call("getrusage", SYS_getrusage, 0, out, 0, 0);
    search_call("times", SYS_times, out, 0, 0, 0);
    search_call("clock_gettime", SYS_clock_gettime, 1, out, 0, 0);
    search_call("prlimit64", SYS_prlimit64, 0, 3, 0, out);
    search_call("rt_sigaction", SYS_rt_sigaction, 11, 0, out, 8);
    search_call("rt_sigprocmask", SYS_rt_sigprocmask, 0, 0, out, 8);
    search_call("sigaltstack", SYS_sigaltstack, 0, out, 0, 0);
    search_call("sched_getaffinity", SYS_sched_getaffinity, 0, sizeof buffer, out, 0);
    search_call("getcwd", SYS_getcwd, out, sizeof buffer, 0, 0);
    search_call("prctl", SYS_prctl, 16, out, 0, 0);
    search_call("TCGETS", SYS_ioctl, 0, 0x5401, out, 0);
    search_call("pipe", SYS_pipe, out, 0, 0, 0);
}

static void search_registers(void)
{
    static const long number[] = { SYS_getpid, SYS_close, SYS_mmap, SYS_brk, SYS_poll, 9999 };
    uint64_t r[9];

    for (unsigned i = 0; i < sizeof number / sizeof number[0]; i++) {
        register uint64_t r8 __asm__("r8") = 0, r9 __asm__("r9") = 0, r10 __asm__("r10") = 0;
        uint64_t a = (uint64_t)number[i], d = 0, di = 77, si = 0, c, r11;

        __asm__ volatile("syscall; movq %%r11, %0"
                         : "=&b"(r11), "+a"(a), "=c"(c), "+d"(d), "+D"(di), "+S"(si), "+r"(r8), "+r"(r9), "+r"(r10)
                         :
                         : "r11", "memory");
        memcpy(r, (uint64_t[]){ r11, a, c, d, di, si, r8, r9, r10 }, sizeof r);
        search("registers", r, sizeof r);
    }
}

static void search_text(const char *path)
{
    char text[4097];
    int fd = open(path, O_RDONLY);
    ssize_t n;

    while (fd >= 0 && (n = read(fd, text, sizeof text - 1)) > 0) {
        text[n] = 0;
        CHECK(strstr(text, "ffffffff8") == NULL && strstr(text, "xffff8") == NULL);
    }
    close(fd);
}

static void search_folder(const char *name)
{
    char path[256];
    DIR *folder = opendir(name);
    struct dirent *entry;

    while (folder && (entry = readdir(folder))) {
        snprintf(path, sizeof path, "%s/%.100s", name, entry->d_name);
        if (entry->d_type == DT_REG)
            search_text(path);
    }
    if (folder)
        closedir(folder);
}

int main(int argc, char **argv)
{
    uintptr_t top = ((uintptr_t)argv[argc - 1] + 4095) / 4096 * 4096;

    search("the first stack", argv - 1, top - (uintptr_t)(argv - 1));
    search_registers();
    search_calls(open("/tmp/f", O_RDWR | O_CREAT, 0600), open("/", O_RDONLY | O_DIRECTORY));
    search_folder("/proc");
    search_folder("/proc/self");
    check_done();
    fflush(stdout);
    return *(volatile int *)8;
}
