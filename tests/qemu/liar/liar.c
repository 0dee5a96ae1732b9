/* SPDX-License-Identifier: BSD-2-Clause */
/* A loader that lies. It is itself started by PVH with one module: the kernel under test, followed by a program. It puts
   the kernel where it belongs, writes a start_info with the lie that its command line names, and enters the kernel. */
#include <linux/elf.h>
#include <stdint.h>
#include <xen/arch-x86/hvm/start_info.h>

#define MIB     0x100000u
#define RAM     1u
#define MAP_MAX 300u
#define NOWHERE 0xfffffffffffff000u
#define MMIO    0xfee00000u

extern void jump(uint32_t entry, uint32_t start_info);
void liar_main(const struct hvm_start_info *told);

static struct hvm_start_info lie;
static struct hvm_modlist_entry module[2];
static struct hvm_memmap_table_entry map[MAP_MAX];
static char line[10000];
static const Elf64_Ehdr *kernel;
static uint32_t module_size;

static uint32_t is_called(const char *wanted, const char *name)
{
    while (*name && *wanted == *name) {
        wanted++;
        name++;
    }
    return *name == 0 && (*wanted == 0 || *wanted == ' ');
}

static void copy(uint32_t to, const void *from, uint32_t n)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(n)::"memory");
}

static void clear(uint32_t to, uint32_t n)
{
    __asm__ volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(0) : "memory");
}

/* The kernel's segments to their physical addresses; its entry point from the note. */
static uint32_t load_kernel(void)
{
    const Elf64_Phdr *header = (const Elf64_Phdr *)((const char *)kernel + (uint32_t)kernel->e_phoff);
    uint32_t entry = 0;

    for (uint32_t i = 0; i < kernel->e_phnum; i++) {
        const char *bytes = (const char *)kernel + (uint32_t)header[i].p_offset;

        if (header[i].p_type == PT_NOTE)
            entry = *(const uint32_t *)(bytes + 16);
        if (header[i].p_type != PT_LOAD)
            continue;
        copy((uint32_t)header[i].p_paddr, bytes, (uint32_t)header[i].p_filesz);
        clear((uint32_t)(header[i].p_paddr + header[i].p_filesz), (uint32_t)(header[i].p_memsz - header[i].p_filesz));
    }
    return entry;
}

static void set_range(uint32_t i, uint64_t addr, uint64_t size, uint32_t type)
{
    map[i] = (struct hvm_memmap_table_entry){ addr, size, type, 0 };
}

/* The truth: 64 MiB, the module behind the kernel's file, an empty line. */
static void tell_truth(uint32_t program_at)
{
    lie = (struct hvm_start_info){
        XEN_HVM_START_MAGIC_VALUE, 1, 0, 1, (uint32_t)module, (uint32_t)line, 0, (uint32_t)map, 2, 0
    };
    set_range(0, 0, 0xa0000, RAM);
    set_range(1, MIB, 63 * MIB, RAM);
    module[0] = (struct hvm_modlist_entry){ (uint32_t)kernel + program_at, module_size - program_at, 0, 0 };
}

static void lie_about_pointers(const char *name)
{
    if (is_called(name, "map-wild"))
        lie.memmap_paddr = NOWHERE;
    if (is_called(name, "map-beyond"))
        lie.memmap_paddr = 1ull << 60;
    if (is_called(name, "map-million"))
        lie.memmap_entries = 1000000;
    if (is_called(name, "map-4g-entries"))
        lie.memmap_entries = 0xffffffff;
    if (is_called(name, "map-empty"))
        lie.memmap_entries = 0;
    if (is_called(name, "cmdline-wild"))
        lie.cmdline_paddr = NOWHERE;
    if (is_called(name, "cmdline-endless"))
        for (uint32_t i = 0; i < sizeof line; i++)
            line[i] = 'x';
    if (is_called(name, "modules-wild"))
        lie.modlist_paddr = NOWHERE;
    if (is_called(name, "modules-two"))
        lie.nr_modules = 2;
    if (is_called(name, "modules-many"))
        lie.nr_modules = 0xffffffff;
}

static void lie_about_module(const char *name)
{
    if (is_called(name, "module-on-kernel"))
        module[0].paddr = MIB + 0x8000;
    if (is_called(name, "module-around-kernel"))
        module[0] = (struct hvm_modlist_entry){ MIB, 40 * MIB, 0, 0 };
    if (is_called(name, "module-outside"))
        module[0].paddr = 1ull << 40;
    if (is_called(name, "module-wraps"))
        module[0] = (struct hvm_modlist_entry){ NOWHERE, 0x2000, 0, 0 };
    if (is_called(name, "module-in-hole"))
        module[0].paddr = 0xa8000;
    if (is_called(name, "module-too-long"))
        module[0].size = 1ull << 40;
    if (is_called(name, "module-empty"))
        module[0].size = 0;
}

static void lie_about_memory(const char *name)
{
    if (is_called(name, "ram-overlaps"))
        set_range(1, 0x90000, 63 * MIB, RAM);
    if (is_called(name, "ram-overlaps-reserved")) {
        set_range(2, 8 * MIB, MIB, 2);
        lie.memmap_entries = 3;
    }
    if (is_called(name, "ram-wraps"))
        set_range(1, MIB, ~0ull, RAM);
    if (is_called(name, "ram-too-high"))
        set_range(0, 1ull << 53, MIB, RAM);
    if (is_called(name, "ram-none"))
        set_range(1, MIB, 63 * MIB, 2);
    if (is_called(name, "ram-unsorted")) {
        map[2] = map[0];
        set_range(0, 0, 0, 0);
        lie.memmap_entries = 3;
    }
    if (is_called(name, "ram-many-pieces"))
        for (uint32_t i = lie.memmap_entries = 128; i > 2; i--)
            set_range(i - 1, 1024ull * MIB + i * 0x1000, 0x1000, 2);
}

static void lie_about_header(const char *name)
{
    if (is_called(name, "magic"))
        lie.magic++;
    if (is_called(name, "version-2"))
        lie.version = 2;
    if (is_called(name, "version-0"))
        lie.version = 0;
    if (is_called(name, "flags"))
        lie.flags = 0xffffffff;
}

void liar_main(const struct hvm_start_info *told)
{
    const struct hvm_modlist_entry *given = (const struct hvm_modlist_entry *)(uint32_t)told->modlist_paddr;
    const char *name = (const char *)(uint32_t)told->cmdline_paddr;
    uint32_t entry, start_info = (uint32_t)&lie;

    kernel = (const Elf64_Ehdr *)(uint32_t)given->paddr;
    module_size = (uint32_t)given->size;
    entry = load_kernel();
    /* the kernel's file was filled up to whole pages; e_shoff, which nobody needs, says where the program begins */
    tell_truth((uint32_t)kernel->e_shoff);
    lie_about_header(name);
    lie_about_pointers(name);
    lie_about_module(name);
    lie_about_memory(name);
    if (is_called(name, "start-info-in-mmio"))
        start_info = MMIO;
    if (is_called(name, "start-info-nowhere"))
        start_info = 0xfffffff8;
    jump(entry, start_info);
}
