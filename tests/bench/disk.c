/* SPDX-License-Identifier: BSD-2-Clause */
/* How fast /dev/xvda is read, in microseconds for all of it: as the first process of Linux too, where the driver and /dev come first. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SMALL = 4096, SMALL_READS = 1000, LARGE = 1 << 20, LARGE_READS = 16, ROUNDS = 3 };

static long now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void prepare_linux(void)
{
    int module = open("/xen-blkfront.ko", O_RDONLY);

    if (module < 0)
        return;
    mount("dev", "/dev", "devtmpfs", 0, "");
    syscall(SYS_finit_module, module, "", 0);
}

int main(void)
{
    uint32_t random = 12345;
    int disk = -1;
    void *buffer;
    long begin;

    prepare_linux();
    for (int i = 0; i < 100 && disk < 0; i++) {
        disk = open("/dev/xvda", O_RDONLY | O_DIRECT);
        usleep(disk < 0 ? 50000 : 0);
    }
    if (disk < 0 || posix_memalign(&buffer, SMALL, LARGE) != 0)
        return 1;
    for (int round = 0; round < ROUNDS; round++) {
        begin = now_us();
        for (int i = 0; i < SMALL_READS; i++) {
            random = random * 1103515245 + 12345;
            if (pread(disk, buffer, SMALL, (off_t)(random >> 16) % (LARGE_READS * LARGE / SMALL) * SMALL) != SMALL)
                return 1;
        }
        printf("random %ld\n", now_us() - begin);
        begin = now_us();
        for (int i = 0; i < LARGE_READS; i++)
            if (pread(disk, buffer, LARGE, (off_t)i * LARGE) != LARGE)
                return 1;
        printf("sequential %ld\n", now_us() - begin);
    }
    fflush(stdout);
    reboot(RB_POWER_OFF);
    return 0;
}
