/* SPDX-License-Identifier: BSD-2-Clause */
/* T1 for any memory and any map. The input is the memory from MEMORY on, with start_info at its begin; and, when that is
   not accepted, the input is the module and the entries of a map. */
#include "boot/start_copy.h"
#include "boot/usable.h"

#include "fuzz.h"

#define MEMORY       0x1000u
#define KERNEL_START 0x100000u
#define KERNEL_END   0x128123u

static const uint8_t *memory;
static uint64_t memory_size, bytes_read;
static struct boot_raw raw;
static struct boot_info info, before;
static struct boot_ranges usable;

static bool read_memory(void *dst, uint64_t phys, uint64_t size)
{
    if (phys < MEMORY || phys - MEMORY > memory_size || size > memory_size - (phys - MEMORY))
        return false;
    memcpy(dst, memory + (phys - MEMORY), size);
    bytes_read += size;
    return true;
}

static bool is_ram(uint32_t i)
{
    return raw.map[i].type == BOOT_MAP_RAM && raw.map[i].size > 0;
}

/* In numbers that cannot wrap. */
static __int128 end_of(uint64_t start, uint64_t size)
{
    return (__int128)start + size;
}

static bool meet(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
    return a_size > 0 && b_size > 0 && a < end_of(b, b_size) && b < end_of(a, a_size);
}

/* Every RAM entry is below 2^52 and apart from all others: the map is good. */
static bool map_is_good(void)
{
    bool is_good = raw.map_count > 0;

    for (uint32_t i = 0; i < raw.map_count; i++) {
        if (!is_ram(i))
            continue;
        is_good &= end_of(raw.map[i].addr, raw.map[i].size) <= (__int128)BOOT_PHYS_END;
        for (uint32_t j = 0; j < raw.map_count; j++)
            is_good &= i == j || !meet(raw.map[i].addr, raw.map[i].size, raw.map[j].addr, raw.map[j].size);
    }
    return is_good;
}

static bool module_is_good(void)
{
    bool is_held = false;

    for (uint32_t i = 0; i < raw.map_count; i++)
        is_held |= is_ram(i) && raw.map[i].addr <= raw.module.start &&
                   end_of(raw.module.start, raw.module.size) <= end_of(raw.map[i].addr, raw.map[i].size);
    return raw.module.size > 0 && is_held &&
           !meet(raw.module.start, raw.module.size, KERNEL_START, KERNEL_END - KERNEL_START);
}

/* The ranges are the whole frames of the RAM entries, in their order. */
static void check_ranges(void)
{
    uint32_t k = 0;

    for (uint32_t i = 0; i < raw.map_count; i++) {
        uint64_t first = (raw.map[i].addr + (BOOT_FRAME - 1)) / BOOT_FRAME;
        uint64_t end = (raw.map[i].addr + raw.map[i].size) / BOOT_FRAME;
        if (!is_ram(i) || first >= end)
            continue;
        HOLDS(k < info.ram_count && info.ram[k].entry == i && info.ram[k].first == first && info.ram[k].end == end);
        k++;
    }
    HOLDS(k == info.ram_count);
}

/* How many frames of [first, end) are also in [a, b). */
static uint64_t shared(uint64_t first, uint64_t end, uint64_t a, uint64_t b)
{
    uint64_t low = first > a ? first : a, high = end < b ? end : b;

    return low < high ? high - low : 0;
}

/* How many frames of the range nobody needs: without frame 0, the kernel's and the module's, which may have one in
   common with the kernel at either end. */
static uint64_t count_free(const struct boot_range *ram)
{
    uint64_t start = info.module_start, end = info.module_start + info.module_size;
    uint64_t kernel = KERNEL_START / BOOT_FRAME, kernel_end = (KERNEL_END + BOOT_FRAME - 1) / BOOT_FRAME;
    uint64_t module = start / BOOT_FRAME, module_end = info.module_size > 0 ? (end + BOOT_FRAME - 1) / BOOT_FRAME : 0;
    uint64_t first = ram->first > 0 ? ram->first : 1, both = module > kernel ? module : kernel;
    uint64_t both_end = module_end < kernel_end ? module_end : kernel_end, n;

    if (first >= ram->end)
        return 0;
    n = ram->end - first - shared(first, ram->end, kernel, kernel_end) - shared(first, ram->end, module, module_end);
    return n + (both < both_end ? shared(first, ram->end, both, both_end) : 0);
}

static void check_usable(void)
{
    uint64_t wanted = 0, given = 0;

    boot_usable_ranges(&info, KERNEL_START, KERNEL_END, &usable);
    for (uint32_t i = 0; i < info.ram_count; i++)
        wanted += count_free(&info.ram[i]);
    HOLDS(usable.count <= BOOT_MAX_RANGES);
    for (uint32_t i = 0; i < usable.count; i++) {
        const struct boot_range *r = &usable.range[i];
        uint64_t start = r->first * BOOT_FRAME, size = (r->end - r->first) * BOOT_FRAME;
        bool is_held = false;
        HOLDS(r->first > 0 && r->first < r->end && (i == 0 || usable.range[i - 1].end <= r->first));
        HOLDS(!meet(start, size, KERNEL_START, KERNEL_END - KERNEL_START));
        HOLDS(!meet(start, size, info.module_start, info.module_size));
        for (uint32_t k = 0; k < info.ram_count; k++)
            is_held |= info.ram[k].first <= r->first && r->end <= info.ram[k].end && info.ram[k].entry == r->entry;
        HOLDS(is_held);
        given += r->end - r->first;
    }
    HOLDS(given + usable.dropped == wanted && (usable.dropped == 0 || usable.count >= BOOT_MAX_RANGES - 1));
}

static enum boot_status judge(void)
{
    enum boot_status status;
    bool has_module = raw.header.module_count == 1;

    memset(&info, 0x5a, sizeof(info));
    before = info;
    status = boot_judge(&raw, KERNEL_START, KERNEL_END, &info);
    HOLDS((uint32_t)status <= BOOT_MODULE_NOT_IN_RAM);
    HOLDS((status == BOOT_OK) == (map_is_good() && (!has_module || module_is_good())));
    HOLDS((status >= BOOT_NO_MAP && status <= BOOT_MAP_OVERLAP) == !map_is_good());
    if (status != BOOT_OK) {
        HOLDS(memcmp(&before, &info, sizeof(info)) == 0 && strlen(boot_status_text(status)) > 5);
        return status;
    }
    HOLDS(info.module_size == (has_module ? raw.module.size : 0) && info.rsdp == raw.header.rsdp);
    HOLDS(!has_module || (info.module_start == raw.module.start && is_ram(info.module_entry)));
    check_ranges();
    check_usable();
    return status;
}

/* Nothing is read but the four structures, and the copy is what a judgement may rely on. */
static enum boot_status copy(void)
{
    enum boot_status status;

    bytes_read = 0;
    memset(&raw, 0x5a, sizeof(raw));
    status = start_info_copy(MEMORY, read_memory, &raw);
    HOLDS((uint32_t)status <= BOOT_CMDLINE_TOO_LONG);
    HOLDS(bytes_read <= 56 + sizeof(raw.map) + sizeof(raw.module) + sizeof(raw.cmdline));
    if (status != BOOT_OK)
        return status;
    HOLDS(raw.header.version <= 1 && raw.header.module_count <= 1);
    HOLDS(raw.map_count == raw.header.map_count && raw.map_count <= START_INFO_MAX_ENTRIES);
    HOLDS(raw.cmdline_length < BOOT_CMDLINE_SIZE && strlen(raw.cmdline) == raw.cmdline_length);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    size_t used = sizeof(raw.module);

    memory = bytes;
    memory_size = size;
    if (copy() == BOOT_OK && judge() == BOOT_OK)
        return 0;
    if (size < used)
        return 0;
    memset(&raw, 0, sizeof(raw));
    memcpy(&raw.module, bytes, used);
    raw.header.module_count = (uint32_t)raw.module.cmdline % 2;
    raw.header.rsdp = raw.module.reserved;
    raw.map_count = (uint32_t)((size - used) / sizeof(raw.map[0]));
    if (raw.map_count > START_INFO_MAX_ENTRIES)
        raw.map_count = START_INFO_MAX_ENTRIES;
    memcpy(raw.map, bytes + used, raw.map_count * sizeof(raw.map[0]));
    judge();
    return 0;
}
