/* SPDX-License-Identifier: BSD-2-Clause */
/* T7 for any bytes: what is planned is what the headers say, inside the file and the user half, page-disjoint, never W+X. */
#include "kernel/elf.h"

#include "fuzz.h"

static struct elf_plan plan;

static Elf64_Phdr header_at(const uint8_t *bytes, uint64_t table, uint64_t i)
{
    Elf64_Phdr ph;

    memcpy(&ph, bytes + table + i * sizeof(ph), sizeof(ph));
    return ph;
}

static bool asks_for_memory(const Elf64_Phdr *ph)
{
    return ph->p_type == PT_LOAD && (ph->p_memsz > 0 || ph->p_filesz > 0);
}

/* Segment k by itself, and that it lies above the pages up to end: the end of its own. */
static uint64_t check_segment(const struct elf_segment *s, uint64_t size, uint64_t end)
{
    uint64_t first = s->vaddr / ELF_PAGE * ELF_PAGE;

    HOLDS(s->offset <= size && s->filesz <= size - s->offset && s->filesz <= s->memsz && s->memsz > 0);
    HOLDS(s->vaddr >= (plan.is_pie ? 0 : ELF_PAGE));
    HOLDS(s->vaddr < ELF_USER_END && s->memsz <= ELF_USER_END - s->vaddr);
    HOLDS((s->flags & (PF_W | PF_X)) != (PF_W | PF_X));
    HOLDS(s->vaddr % ELF_PAGE == s->offset % ELF_PAGE);
    HOLDS(first >= end && first >= plan.low);
    return (s->vaddr + s->memsz + ELF_PAGE - 1) / ELF_PAGE * ELF_PAGE;
}

/* The plan has a segment for each header that asks for memory, in their order, and no other. */
static void check_complete(const uint8_t *bytes, const Elf64_Ehdr *eh)
{
    uint32_t k = 0;

    for (uint32_t i = 0; i < eh->e_phnum; i++) {
        Elf64_Phdr ph = header_at(bytes, eh->e_phoff, i);
        const struct elf_segment *s = &plan.segment[k];

        HOLDS(ph.p_type != PT_INTERP);
        if (!asks_for_memory(&ph))
            continue;
        HOLDS(k < plan.count && s->header == i && s->flags == ph.p_flags);
        HOLDS(s->offset == ph.p_offset && s->vaddr == ph.p_vaddr && s->filesz == ph.p_filesz && s->memsz == ph.p_memsz);
        k++;
    }
    HOLDS(k == plan.count);
}

static void check_accepted(const uint8_t *bytes, uint64_t size)
{
    const struct elf_segment *s = &plan.segment[plan.entry_segment];
    uint64_t pages = 0, end = 0;
    Elf64_Ehdr eh;

    HOLDS(size >= sizeof(eh) && plan.count > 0 && plan.count <= ELF_MAX_SEGMENTS);
    memcpy(&eh, bytes, sizeof(eh));
    HOLDS(memcmp(eh.e_ident, ELFMAG "\2\1", 6) == 0 && eh.e_machine == EM_X86_64 && eh.e_phentsize == ELF_PH_SIZE);
    HOLDS(eh.e_type == (plan.is_pie ? ET_DYN : ET_EXEC) && eh.e_entry == plan.entry && eh.e_phnum == plan.phdr_count);
    HOLDS(eh.e_phoff <= size && eh.e_phnum * ELF_PH_SIZE <= size - eh.e_phoff);
    check_complete(bytes, &eh);
    for (uint32_t i = 0; i < plan.count; i++) {
        end = check_segment(&plan.segment[i], size, end);
        pages += (end - plan.segment[i].vaddr / ELF_PAGE * ELF_PAGE) / ELF_PAGE;
    }
    HOLDS(end == plan.high && plan.low % ELF_PAGE == 0 && elf_count_pages(&plan) == pages);
    HOLDS(plan.entry_segment < plan.count && (s->flags & PF_X) && plan.entry - s->vaddr < s->memsz);
    HOLDS(plan.align >= ELF_PAGE && plan.align <= ELF_MAX_ALIGN && (plan.align & (plan.align - 1)) == 0);
}

/* The program headers, if a segment has them, are where the plan says; a bias keeps all in the user half. */
static void check_use(const uint8_t *bytes, uint64_t seed)
{
    uint64_t bias = seed % (ELF_USER_END / plan.align + 2) * plan.align, length = plan.phdr_count * ELF_PH_SIZE, table;
    bool is_held = plan.phdr_vaddr == 0;

    memcpy(&table, bytes + offsetof(Elf64_Ehdr, e_phoff), sizeof(table));
    for (uint32_t i = 0; i < plan.count; i++) {
        const struct elf_segment *s = &plan.segment[i];
        is_held |= plan.phdr_vaddr >= s->vaddr && plan.phdr_vaddr - s->vaddr <= s->filesz &&
                   length <= s->filesz - (plan.phdr_vaddr - s->vaddr) &&
                   plan.phdr_vaddr - s->vaddr + s->offset == table;
    }
    HOLDS(is_held);
    if (elf_bias_fits(&plan, bias))
        HOLDS((plan.is_pie || bias == 0) && plan.low + bias >= ELF_PAGE && plan.high + bias <= ELF_USER_END);
    HOLDS(!elf_bias_fits(&plan, bias + 1));
    HOLDS(plan.is_pie || elf_bias_fits(&plan, 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    enum elf_status status;
    uint64_t seed = 0;

    memset(&plan, 0x5a, sizeof(plan));
    status = elf_plan_image(bytes, size, &plan);
    HOLDS((uint32_t)status <= ELF_NO_ENTRY && strcmp(elf_status_text(status), "unknown status") != 0);
    if (status != ELF_OK) {
        HOLDS(plan.count == 0);
        HOLDS(!elf_status_has_culprit(status) || plan.culprit < ELF_MAX_HEADERS);
        return 0;
    }
    memcpy(&seed, bytes + size - sizeof(seed), sizeof(seed));
    check_accepted(bytes, size);
    check_use(bytes, seed);
    return 0;
}
