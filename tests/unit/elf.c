/* SPDX-License-Identifier: BSD-2-Clause */
/* links: kernel/elf.c kernel/elf_extent.c kernel/elf_text.c */
/* T7: good images give the plan they ask for, every bad one is refused by its name, and no mutation gets a bad plan. */
#include "kernel/elf.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

#define HEADERS 5u
#define SIZE    0x4000u

/* A file as gcc -static makes it: headers, text, read-only data, data with .bss, stack. */
struct image {
    Elf64_Ehdr eh;
    Elf64_Phdr ph[HEADERS];
    uint8_t rest[SIZE - sizeof(Elf64_Ehdr) - HEADERS * sizeof(Elf64_Phdr)];
};
_Static_assert(sizeof(struct image) == SIZE, "no holes");

static struct image image;
static struct elf_plan plan;
static uint64_t seed = 1;

static uint64_t random_below(uint64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % n;
}

static void set_load(uint32_t i, uint32_t flags, uint64_t offset, uint64_t filesz, uint64_t memsz)
{
    image.ph[i] = (Elf64_Phdr){ .p_type = PT_LOAD,
                                .p_flags = flags,
                                .p_offset = offset,
                                .p_vaddr = 0x400000 + offset,
                                .p_filesz = filesz,
                                .p_memsz = memsz,
                                .p_align = 4096 };
}

static void make_good(void)
{
    memset(&image, 0xcc, sizeof(image));
    image.eh = (Elf64_Ehdr){ .e_ident = ELFMAG,
                             .e_type = ET_EXEC,
                             .e_machine = EM_X86_64,
                             .e_version = 1,
                             .e_entry = 0x401010,
                             .e_phoff = sizeof(Elf64_Ehdr),
                             .e_ehsize = sizeof(Elf64_Ehdr),
                             .e_phentsize = sizeof(Elf64_Phdr),
                             .e_phnum = HEADERS };
    image.eh.e_ident[EI_CLASS] = ELFCLASS64;
    image.eh.e_ident[EI_DATA] = ELFDATA2LSB;
    set_load(0, PF_R, 0, 0x200, 0x200);
    set_load(1, PF_R | PF_X, 0x1000, 0x800, 0x800);
    set_load(2, PF_R, 0x2000, 0x100, 0x100);
    set_load(3, PF_R | PF_W, 0x3100, 0x100, 0x5000);
    image.ph[4] = (Elf64_Phdr){ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W | PF_X };
}

/* In a buffer of its exact size, so that the sanitizer sees a read beyond it. */
static enum elf_status judge_part(uint64_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    enum elf_status status;

    memcpy(copy, &image, size);
    memset(&plan, 0x5a, sizeof(plan));
    status = elf_plan_image(copy, size, &plan);
    free(copy);
    return status;
}

static enum elf_status judge(void)
{
    return judge_part(SIZE);
}

static void test_good(void)
{
    make_good();
    CHECK_EQ(judge(), ELF_OK);
    CHECK_EQ(plan.entry, 0x401010);
    CHECK_EQ(plan.low, 0x400000);
    CHECK_EQ(plan.high, 0x409000);
    CHECK_EQ(plan.align, 4096);
    CHECK_EQ(plan.phdr_vaddr, 0x400040);
    CHECK_EQ(plan.phdr_count, HEADERS);
    CHECK_EQ(plan.count, 4);
    CHECK_EQ(plan.entry_segment, 1);
    CHECK_EQ(plan.is_pie, false);
    CHECK(plan.segment[3].offset == 0x3100 && plan.segment[3].vaddr == 0x403100 && plan.segment[3].header == 3);
    CHECK(plan.segment[3].filesz == 0x100 && plan.segment[3].memsz == 0x5000);
    CHECK_EQ(plan.segment[3].flags, PF_R | PF_W);
    CHECK_EQ(elf_count_pages(&plan), 3 + 6);
    CHECK(elf_bias_fits(&plan, 0) && !elf_bias_fits(&plan, 4096));

    image.ph[0].p_type = PT_NULL; /* the headers are not in memory then */
    CHECK_EQ(judge(), ELF_OK);
    CHECK_EQ(plan.phdr_vaddr, 0);
    CHECK(plan.count == 3 && plan.segment[0].header == 1);
    image.ph[2].p_filesz = 0; /* it asks for nothing */
    image.ph[2].p_memsz = 0;
    CHECK_EQ(judge(), ELF_OK);
    CHECK_EQ(plan.count, 2);
}

static void test_pie(void)
{
    make_good();
    image.eh.e_type = ET_DYN;
    image.eh.e_entry = 0x1010;
    for (uint32_t i = 0; i < 4; i++)
        image.ph[i].p_vaddr -= 0x400000;
    image.ph[4].p_type = PT_DYNAMIC;
    CHECK_EQ(judge(), ELF_OK);
    CHECK(plan.is_pie && plan.low == 0 && plan.high == 0x9000 && plan.phdr_vaddr == 0x40);
    CHECK(!elf_bias_fits(&plan, 0) && !elf_bias_fits(&plan, 0x1800) && elf_bias_fits(&plan, 0x1000));
    CHECK(elf_bias_fits(&plan, ELF_USER_END - 0x9000) && !elf_bias_fits(&plan, ELF_USER_END - 0x8000));
    CHECK(!elf_bias_fits(&plan, UINT64_MAX - 4095));
    image.ph[1].p_align = 0x200000;
    image.ph[2].p_align = 12345;
    image.ph[3].p_align = 1ull << 40;
    CHECK_EQ(judge(), ELF_OK);
    CHECK_EQ(plan.align, 0x200000);
    CHECK(!elf_bias_fits(&plan, 0x1000) && elf_bias_fits(&plan, 0x200000));
    image.eh.e_type = ET_EXEC; /* page zero */
    CHECK_EQ(judge(), ELF_MEMORY_RANGE);
}

static void refused(enum elf_status want, uint32_t culprit)
{
    enum elf_status status = judge();

    if (!CHECK_EQ(status, want))
        printf("    %s, should be: %s\n", elf_status_text(status), elf_status_text(want));
    CHECK_EQ(plan.count, 0);
    CHECK_EQ(plan.culprit, culprit);
    make_good();
}

static void test_file_refusals(void)
{
    static const uint64_t short_size[] = { 4, 5, 16, 63 };

    make_good();
    for (uint32_t i = 0; i < sizeof(short_size) / sizeof(short_size[0]); i++)
        CHECK_EQ(judge_part(short_size[i]), ELF_TRUNCATED);
    CHECK_EQ(judge_part(0), ELF_NOT_ELF);
    CHECK_EQ(judge_part(3), ELF_NOT_ELF);
    CHECK_EQ(judge_part(64), ELF_BAD_TABLE);
    CHECK_EQ(judge_part(64 + HEADERS * 56 - 1), ELF_BAD_TABLE);
    CHECK_EQ(judge_part(0x1200), ELF_FILE_RANGE);
    image.eh.e_ident[0] = 0x7e;
    refused(ELF_NOT_ELF, 0);
    image.eh.e_ident[EI_CLASS] = ELFCLASS32;
    refused(ELF_32_BIT, 0);
    image.eh.e_ident[EI_CLASS] = 0;
    refused(ELF_NOT_ELF, 0);
    image.eh.e_ident[EI_DATA] = ELFDATA2MSB;
    refused(ELF_BIG_ENDIAN, 0);
    image.eh.e_ident[EI_DATA] = 7;
    refused(ELF_NOT_ELF, 0);
    image.eh.e_machine = 183; /* AArch64 */
    refused(ELF_WRONG_MACHINE, 0);
    image.eh.e_type = ET_REL;
    refused(ELF_WRONG_TYPE, 0);
    image.eh.e_type = ET_CORE;
    refused(ELF_WRONG_TYPE, 0);
    image.eh.e_phentsize = 55;
    refused(ELF_BAD_TABLE, 0);
    image.eh.e_phnum = 0;
    refused(ELF_BAD_TABLE, 0);
    image.eh.e_phoff = UINT64_MAX - 100;
    refused(ELF_BAD_TABLE, 0);
    image.eh.e_phoff = SIZE - HEADERS * 56 + 1;
    refused(ELF_BAD_TABLE, 0);
    image.eh.e_phnum = 65535;
    refused(ELF_MANY_HEADERS, 0);
    image.eh.e_entry = 0x400fff;
    refused(ELF_NO_ENTRY, 0);
    image.eh.e_entry = 0x401800;
    refused(ELF_NO_ENTRY, 0);
    image.eh.e_entry = 0x403110; /* data */
    refused(ELF_NO_ENTRY, 0);
    for (uint32_t i = 0; i < 4; i++)
        image.ph[i].p_type = PT_NOTE;
    refused(ELF_NO_ENTRY, 0);
}

static void test_segment_refusals(void)
{
    make_good();
    image.ph[4].p_type = PT_INTERP;
    refused(ELF_HAS_INTERP, 4);
    image.ph[2].p_offset = SIZE - 0xff;
    refused(ELF_FILE_RANGE, 2);
    image.ph[2].p_offset = UINT64_MAX - 0x80;
    refused(ELF_FILE_RANGE, 2);
    image.ph[2].p_filesz = UINT64_MAX;
    refused(ELF_FILE_RANGE, 2);
    image.ph[1].p_memsz = 0x7ff;
    refused(ELF_FILE_EXCEEDS_MEMORY, 1);
    image.ph[1].p_memsz = 0;
    refused(ELF_FILE_EXCEEDS_MEMORY, 1);
    image.ph[0].p_vaddr = 0;
    refused(ELF_MEMORY_RANGE, 0);
    image.ph[3].p_vaddr = 0xffffffff80003100;
    refused(ELF_MEMORY_RANGE, 3);
    image.ph[3].p_vaddr = 0x7ffffffff100;
    refused(ELF_MEMORY_RANGE, 3);
    image.ph[3].p_memsz = UINT64_MAX - 0x400000;
    refused(ELF_MEMORY_RANGE, 3);
    image.ph[3].p_vaddr++;
    refused(ELF_NOT_CONGRUENT, 3);
    image.ph[3].p_flags |= PF_X;
    refused(ELF_WRITE_EXEC, 3);
    image.ph[1].p_flags = PF_W | PF_X;
    refused(ELF_WRITE_EXEC, 1);
    image.ph[1].p_memsz = 0x1001;
    refused(ELF_OVERLAP, 2);
    image.ph[2].p_vaddr = 0x401000;
    refused(ELF_OVERLAP, 2);
    image.ph[3].p_vaddr = 0x402100; /* another byte of the same page */
    refused(ELF_OVERLAP, 3);
}

static void test_many_segments(void)
{
    static struct {
        Elf64_Ehdr eh;
        Elf64_Phdr ph[65];
    } many;

    make_good();
    many.eh = image.eh;
    many.eh.e_phnum = 17;
    for (uint32_t i = 0; i < 65; i++)
        many.ph[i] = (Elf64_Phdr){
            .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = 0x400000 + 0x1000ull * i, .p_memsz = 0x1000
        };
    CHECK_EQ(elf_plan_image((uint8_t *)&many, sizeof(many), &plan), ELF_MANY_SEGMENTS);
    CHECK_EQ(plan.culprit, 16);
    many.eh.e_phnum = 16;
    CHECK_EQ(elf_plan_image((uint8_t *)&many, sizeof(many), &plan), ELF_OK);
    CHECK_EQ(plan.count, 16);
    for (uint32_t i = 16; i < 65; i++)
        many.ph[i].p_type = PT_NOTE;
    many.eh.e_phnum = 64;
    CHECK_EQ(elf_plan_image((uint8_t *)&many, sizeof(many), &plan), ELF_OK);
    many.eh.e_phnum = 65;
    CHECK_EQ(elf_plan_image((uint8_t *)&many, sizeof(many), &plan), ELF_MANY_HEADERS);
}

static void test_texts(void)
{
    for (int status = ELF_OK; status <= ELF_NO_ENTRY; status++)
        CHECK(strcmp(elf_status_text((enum elf_status)status), "unknown status") != 0);
    CHECK(strcmp(elf_status_text((enum elf_status)99), "unknown status") == 0);
    CHECK(!elf_status_has_culprit(ELF_HAS_INTERP) && elf_status_has_culprit(ELF_MANY_SEGMENTS));
    CHECK(elf_status_has_culprit(ELF_OVERLAP) && !elf_status_has_culprit(ELF_NO_ENTRY));
}

/* What T7 says of every accepted image. */
static void check_accepted(void)
{
    uint64_t pages = 0, end = 0, lowest = plan.is_pie ? 0 : 4096;

    CHECK(plan.count > 0 && plan.count <= ELF_MAX_SEGMENTS);
    for (uint32_t i = 0; i < plan.count; i++) {
        const struct elf_segment *s = &plan.segment[i];
        CHECK(s->offset <= SIZE && s->filesz <= SIZE - s->offset && s->filesz <= s->memsz && s->memsz > 0);
        CHECK(s->vaddr >= lowest && s->vaddr < ELF_USER_END && s->memsz <= ELF_USER_END - s->vaddr);
        CHECK(!((s->flags & PF_W) && (s->flags & PF_X)));
        CHECK_EQ(s->vaddr % 4096, s->offset % 4096);
        CHECK(s->vaddr / 4096 * 4096 >= end && s->vaddr >= plan.low);
        end = (s->vaddr + s->memsz + 4095) / 4096 * 4096;
        pages += (end - s->vaddr / 4096 * 4096) / 4096;
    }
    CHECK(end == plan.high && plan.low % 4096 == 0 && elf_count_pages(&plan) == pages);
    CHECK(plan.entry_segment < plan.count && (plan.segment[plan.entry_segment].flags & PF_X));
    CHECK(plan.entry - plan.segment[plan.entry_segment].vaddr < plan.segment[plan.entry_segment].memsz);
}

static void test_mutations(void)
{
    static const uint64_t odd[] = {
        0, 1, 4095, 4096, 0x400000, 0x401000, 0x3fff, 0x4000, ELF_USER_END - 1, ELF_USER_END, 1ull << 63, UINT64_MAX
    };
    uint8_t *bytes = (uint8_t *)&image;
    uint32_t accepted = 0, refused_count = 0;

    for (uint32_t round = 0; round < 200000; round++) {
        make_good();
        for (uint64_t n = 1 + random_below(4); n > 0; n--) {
            uint64_t at = random_below(sizeof(Elf64_Ehdr) + HEADERS * sizeof(Elf64_Phdr) - 7), value;
            if (random_below(2)) {
                bytes[at] = (uint8_t)random_below(256);
                continue;
            }
            value = odd[random_below(sizeof(odd) / sizeof(odd[0]))];
            memcpy(bytes + at / 8 * 8, &value, sizeof(value));
        }
        memset(&plan, 0, sizeof(plan));
        if (elf_plan_image(bytes, SIZE, &plan) == ELF_OK) {
            accepted++;
            check_accepted();
        } else {
            refused_count++;
            CHECK_EQ(plan.count, 0);
        }
    }
    CHECK(accepted > 10000 && refused_count > 10000);
}

int main(void)
{
    test_good();
    test_pie();
    test_file_refusals();
    test_segment_refusals();
    test_many_segments();
    test_texts();
    test_mutations();
    return check_done();
}
