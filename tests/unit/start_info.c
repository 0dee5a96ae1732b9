/* SPDX-License-Identifier: BSD-2-Clause */
/* links: boot/start_copy.c boot/start_info.c boot/usable.c */
/* T1: start_info is read once and nowhere else, every lie is refused by its name, and what is accepted is true. */
#include "boot/start_copy.h"
#include "boot/usable.h"

#include <string.h>

#include "check.h"

#define MEMORY       0x10000u
#define INFO         0x1000u
#define MODULES      0x2000u
#define MAP          0x3000u
#define CMDLINE      0x5ff0u /* it crosses a page */
#define KERNEL_START 0x100000u
#define KERNEL_END   0x128123u

static uint8_t memory[MEMORY];
static uint8_t times_read[MEMORY];
static struct boot_raw raw;
static struct boot_info info;
static struct boot_ranges usable;
static uint64_t seed = 1;

static uint64_t random_below(uint64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % n;
}

static bool read_memory(void *dst, uint64_t phys, uint64_t size)
{
    if (phys > MEMORY || size > MEMORY - phys)
        return false;
    memcpy(dst, memory + phys, size);
    for (uint64_t i = 0; i < size; i++)
        times_read[phys + i]++;
    return true;
}

static void put32(uint32_t at, uint32_t value)
{
    memcpy(memory + at, &value, sizeof(value));
}

static void put64(uint32_t at, uint64_t value)
{
    memcpy(memory + at, &value, sizeof(value));
}

static void put_entry(uint32_t i, uint64_t addr, uint64_t size, uint32_t type)
{
    put64(MAP + 24 * i, addr);
    put64(MAP + 24 * i + 8, size);
    put32(MAP + 24 * i + 16, type);
}

/* As QEMU's q35: an empty entry too, and the module inside usable RAM. */
static void make_good(void)
{
    memset(memory, 0xee, sizeof(memory));
    memset(times_read, 0, sizeof(times_read));
    put32(INFO, 0x336ec578);
    put32(INFO + 4, 1);
    put32(INFO + 12, 1);
    put64(INFO + 16, MODULES);
    put64(INFO + 24, CMDLINE);
    put64(INFO + 32, 0xf5a20);
    put64(INFO + 40, MAP);
    put32(INFO + 48, 5);
    put64(MODULES, 0x3f0123);
    put64(MODULES + 8, 19000);
    put_entry(0, 0x100000, 0x400000, 1);
    put_entry(1, 0, 0, 0);
    put_entry(2, 0, 0x9fc00, 1);
    put_entry(3, 0xf0000, 0x10000, 2);
    put_entry(4, 0x100000000, 0x10000800, 1);
    strcpy((char *)memory + CMDLINE, "console=ttyS0 -- one two three");
}

static enum boot_status copy(void)
{
    return start_info_copy(INFO, read_memory, &raw);
}

static enum boot_status copy_and_judge(void)
{
    enum boot_status status = copy();

    return status == BOOT_OK ? boot_judge(&raw, KERNEL_START, KERNEL_END, &info) : status;
}

static void test_good(void)
{
    uint32_t end = CMDLINE + sizeof("console=ttyS0 -- one two three");

    make_good();
    CHECK_EQ(copy_and_judge(), BOOT_OK);
    CHECK_EQ(raw.cmdline_length, strlen("console=ttyS0 -- one two three"));
    CHECK(strcmp(raw.cmdline, "console=ttyS0 -- one two three") == 0);
    CHECK_EQ(info.module_start, 0x3f0123);
    CHECK_EQ(info.module_size, 19000);
    CHECK_EQ(info.module_entry, 0);
    CHECK_EQ(info.rsdp, 0xf5a20);
    CHECK_EQ(info.ram_count, 3);
    CHECK(info.ram[0].first == 0x100 && info.ram[0].end == 0x500 && info.ram[0].entry == 0);
    CHECK(info.ram[1].first == 0 && info.ram[1].end == 0x9f && info.ram[1].entry == 2);
    CHECK(info.ram[2].first == 0x100000 && info.ram[2].end == 0x110000 && info.ram[2].entry == 4);
    for (uint32_t i = 0; i < MEMORY; i++) {
        bool wanted = (i >= INFO && i < INFO + 56) || (i >= MODULES && i < MODULES + 32) ||
                      (i >= MAP && i < MAP + 5 * 24) || (i >= CMDLINE && i < end);
        bool may = wanted || (i >= CMDLINE && i / 4096 == (end - 1) / 4096);
        if (times_read[i] > may || times_read[i] < wanted)
            CHECK_EQ(i, MEMORY);
    }
    boot_usable_ranges(&info, KERNEL_START, KERNEL_END, &usable);
    CHECK_EQ(usable.count, 4);
    CHECK_EQ(usable.dropped, 0);
    CHECK(usable.range[0].first == 1 && usable.range[0].end == 0x9f);
    CHECK(usable.range[1].first == 0x129 && usable.range[1].end == 0x3f0);
    CHECK(usable.range[2].first == 0x3f5 && usable.range[2].end == 0x500);
    CHECK(usable.range[3].first == 0x100000 && usable.range[3].end == 0x110000);
}

/* One field of the good case changed: this refusal. */
static void refuse(bool wide, uint32_t at, uint64_t value, enum boot_status want)
{
    static struct boot_info before;

    make_good();
    if (wide)
        put64(at, value);
    else
        put32(at, (uint32_t)value);
    memset(&info, 0x5a, sizeof(info));
    before = info;
    if (!CHECK_EQ(copy_and_judge(), want))
        printf("    wanted: %s\n", boot_status_text(want));
    CHECK(memcmp(&before, &info, sizeof(info)) == 0);
}

static void test_refusals(void)
{
    refuse(false, INFO, 0x336ec579, BOOT_BAD_MAGIC);
    refuse(false, INFO + 4, 2, BOOT_BAD_VERSION);
    refuse(false, INFO + 4, UINT32_MAX, BOOT_BAD_VERSION);
    refuse(false, INFO + 48, 129, BOOT_MAP_TOO_LONG);
    refuse(false, INFO + 48, 1000000, BOOT_MAP_TOO_LONG);
    refuse(true, INFO + 40, 0, BOOT_MAP_OUTSIDE);
    refuse(true, INFO + 40, MEMORY - 119, BOOT_MAP_OUTSIDE);
    refuse(true, INFO + 40, UINT64_MAX - 7, BOOT_MAP_OUTSIDE);
    refuse(false, INFO + 12, 2, BOOT_MANY_MODULES);
    refuse(false, INFO + 12, UINT32_MAX, BOOT_MANY_MODULES);
    refuse(true, INFO + 16, 0, BOOT_MODULE_LIST_OUTSIDE);
    refuse(true, INFO + 16, 0xdead00000000, BOOT_MODULE_LIST_OUTSIDE);
    refuse(true, INFO + 24, MEMORY, BOOT_CMDLINE_OUTSIDE);
    refuse(true, INFO + 24, UINT64_MAX, BOOT_CMDLINE_OUTSIDE);
    refuse(true, INFO + 24, MEMORY - 100, BOOT_CMDLINE_OUTSIDE); /* 0xee to the end of memory */
    refuse(true, INFO + 24, 0x8001, BOOT_CMDLINE_TOO_LONG);
    refuse(false, INFO + 48, 0, BOOT_NO_MAP);
    refuse(false, INFO + 4, 0, BOOT_NO_MAP);
    refuse(true, MAP, 0xfffffffffff00000, BOOT_RAM_TOO_HIGH);
    refuse(true, MAP + 8, 0x10000000000000 - 0xfffff, BOOT_RAM_TOO_HIGH);
    refuse(true, MAP + 2 * 24, 0x4ff000, BOOT_MAP_OVERLAP);
    refuse(true, MAP + 3 * 24, 0x9fbff, BOOT_MAP_OVERLAP);
    refuse(true, MODULES + 8, 0, BOOT_MODULE_EMPTY);
    refuse(true, MODULES + 8, UINT64_MAX, BOOT_MODULE_NOT_IN_RAM);
    refuse(true, MODULES, 0x4fffff, BOOT_MODULE_NOT_IN_RAM);
    refuse(true, MODULES, 0x800000, BOOT_MODULE_NOT_IN_RAM);
    refuse(true, MODULES, UINT64_MAX - 100, BOOT_MODULE_NOT_IN_RAM);
    refuse(true, MODULES, KERNEL_END - 1, BOOT_MODULE_ON_KERNEL);
    refuse(true, MODULES + 8, 0x10ffff, BOOT_MODULE_NOT_IN_RAM);
    CHECK_EQ(start_info_copy(MEMORY - 39, read_memory, &raw), BOOT_OUTSIDE);
    make_good();
    memmove(memory + MEMORY - 48, memory + INFO, 48); /* its version 1 part is not there */
    CHECK_EQ(start_info_copy(MEMORY - 48, read_memory, &raw), BOOT_OUTSIDE);
}

static void test_edges(void)
{
    make_good();
    put32(INFO + 4, 0); /* old Xen: 40 bytes, and the map by hypercall */
    CHECK_EQ(copy(), BOOT_OK);
    CHECK_EQ(raw.map_count, 0);
    CHECK_EQ(times_read[INFO + 40], 0);
    raw.map[0] = (struct boot_entry){ 0, 0x8000000, 1, 0 };
    raw.map_count = 1;
    CHECK_EQ(boot_judge(&raw, KERNEL_START, KERNEL_END, &info), BOOT_OK);

    make_good();
    put32(INFO + 12, 0);
    put64(INFO + 16, 0);
    put64(INFO + 24, 0);
    CHECK_EQ(copy_and_judge(), BOOT_OK);
    CHECK_EQ(info.module_size, 0);
    CHECK_EQ(raw.cmdline_length, 0);
    CHECK_EQ(raw.cmdline[0], 0);

    make_good();
    put64(INFO + 24, 0x8001);
    memory[0x8001 + 8191] = 0;
    CHECK_EQ(copy(), BOOT_OK);
    CHECK_EQ(raw.cmdline_length, 8191);
    make_good();
    put64(INFO + 24, MEMORY - 3); /* the last bytes that can be addressed */
    memcpy(memory + MEMORY - 3, "ab", 3);
    CHECK_EQ(copy(), BOOT_OK);
    CHECK_EQ(raw.cmdline_length, 2);
    for (int status = BOOT_OK; status <= BOOT_MODULE_NOT_IN_RAM; status++)
        CHECK(strlen(boot_status_text((enum boot_status)status)) > 5);
    CHECK(strcmp(boot_status_text((enum boot_status)999), "start_info: unknown status") == 0);
}

/* More pieces than there is room for: the smallest ones are given up, and counted. */
static void test_dropped(void)
{
    memset(&info, 0, sizeof(info));
    info.ram_count = 40;
    for (uint32_t i = 0; i < 40; i++)
        info.ram[39 - i] = (struct boot_range){ 1000 + 100 * i, 1000 + 100 * i + 1 + (i * 7) % 40, 39 - i };
    boot_usable_ranges(&info, 0, 0, &usable);
    CHECK_EQ(usable.count, BOOT_MAX_RANGES);
    CHECK_EQ(usable.dropped, 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8);
    for (uint32_t i = 0; i < usable.count; i++) {
        CHECK(usable.range[i].end - usable.range[i].first > 8);
        CHECK(i == 0 || usable.range[i - 1].end <= usable.range[i].first);
    }
}

#define FRAMES 64u

static bool byte_is_ram(uint64_t at)
{
    for (uint32_t i = 0; i < raw.map_count; i++)
        if (raw.map[i].type == 1 && at - raw.map[i].addr < raw.map[i].size)
            return true;
    return false;
}

static bool touches(uint32_t frame, uint64_t start, uint64_t end)
{
    return start < end && frame * 4096ull < end && start < (frame + 1) * 4096ull;
}

/* An accepted small map against a plain reading of the rules, frame by frame. */
static void check_accepted(uint64_t kernel_start, uint64_t kernel_end)
{
    uint64_t start = info.module_start, end = start + info.module_size;

    boot_usable_ranges(&info, kernel_start, kernel_end, &usable);
    for (uint32_t frame = 0; frame < FRAMES; frame++) {
        bool given = false, whole = frame != 0, one = false;
        for (uint32_t i = 0; i < usable.count; i++)
            given |= usable.range[i].first <= frame && frame < usable.range[i].end;
        for (uint32_t i = 0; i < raw.map_count; i++)
            one |= raw.map[i].type == 1 && raw.map[i].addr <= frame * 4096ull &&
                   (frame + 1) * 4096ull <= raw.map[i].addr + raw.map[i].size;
        whole = whole && one && !touches(frame, kernel_start, kernel_end) && !touches(frame, start, end);
        CHECK_EQ(given, whole);
    }
    for (uint64_t at = start; at < end; at += 64)
        CHECK(byte_is_ram(at) && (at < kernel_start || at >= kernel_end));
    CHECK(info.module_size == 0 || byte_is_ram(end - 1));
}

static void test_random_maps(void)
{
    uint32_t accepted = 0;

    for (uint32_t round = 0; round < 60000; round++) {
        uint64_t kernel_start = random_below(FRAMES * 4096), kernel_end = kernel_start + random_below(20000);
        raw.map_count = (uint32_t)random_below(6);
        for (uint32_t i = 0; i < raw.map_count; i++)
            raw.map[i] = (struct boot_entry){ random_below(FRAMES) * 4096 + random_below(2) * random_below(4096),
                                              random_below(12) * 4096 + random_below(2) * random_below(4096),
                                              (uint32_t)random_below(3), 0 };
        raw.header.module_count = (uint32_t)random_below(2);
        raw.module.start = random_below(FRAMES * 4096);
        raw.module.size = random_below(20000);
        if (boot_judge(&raw, kernel_start, kernel_end, &info) != BOOT_OK)
            continue;
        accepted++;
        check_accepted(kernel_start, kernel_end);
    }
    CHECK(accepted > 1000);
}

/* Any bytes at all: no crash, and every answer is a known one. */
static void test_random_bytes(void)
{
    uint32_t accepted = 0;

    for (uint32_t round = 0; round < 30000; round++) {
        static const uint32_t base[] = { INFO, MODULES, MAP };
        if (round % 100 == 0)
            make_good();
        put_entry((uint32_t)random_below(5), random_below(1u << 24), random_below(1u << 20), (uint32_t)random_below(3));
        memory[base[random_below(3)] + random_below(60)] = (uint8_t)random_below(256);
        enum boot_status status = copy_and_judge();
        CHECK((uint32_t)status <= BOOT_MODULE_NOT_IN_RAM);
        accepted += status == BOOT_OK;
    }
    CHECK(accepted > 0);
}

int main(void)
{
    test_good();
    test_refusals();
    test_edges();
    test_dropped();
    test_random_maps();
    test_random_bytes();
    return check_done();
}
