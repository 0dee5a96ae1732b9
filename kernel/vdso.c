/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/vdso.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "drivers/clock.h"
#include "kernel/vdso/facts.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/space.h"
#include "x86/cpu.h"
#include "x86/cpus.h"

extern const uint8_t vdso_image[], vdso_image_end[];

int vdso_fill_page(uint64_t offset, void *page)
{
    if (offset != 0)
        return -EFAULT;
    memset(page, 0, FRAME_SIZE);
    memcpy(page, vdso_image, (uint64_t)(vdso_image_end - vdso_image));
    return 0;
}

uint64_t vdso_map(uint64_t start)
{
    uint64_t code = start + FRAME_SIZE, end = code + FRAME_SIZE;
    struct vma facts_area = { start, code, 0, FRAME_SIZE, PROT_READ, SPACE_LENT };
    struct vma code_area = { code, end, 0, FRAME_SIZE, PROT_READ | PROT_EXEC, NODE_VDSO };
    uint32_t frame = frame_alloc();
    struct vdso_facts *facts;

    if (frame == FRAME_NONE)
        return 0;
    facts = frame_memory(frame);
    facts->cpu_count = cpus_count;
    facts->has_tsc_aux = cpu.rdtscp;
    clock_show(&facts->clock);
    space_lend(frame);
    return space_map_at(&facts_area, false) == 0 && space_map_at(&code_area, false) == 0 ? code : 0;
}
