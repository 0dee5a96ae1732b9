/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/elf.h"

const char *elf_status_text(enum elf_status status)
{
    static const char *const text[] = {
        [ELF_OK] = "good",
        [ELF_TRUNCATED] = "truncated",
        [ELF_NOT_ELF] = "not an ELF file",
        [ELF_32_BIT] = "32-bit ELF: build for x86-64",
        [ELF_BIG_ENDIAN] = "big-endian",
        [ELF_WRONG_MACHINE] = "for another machine: build for x86-64",
        [ELF_WRONG_TYPE] = "not a program: neither ET_EXEC nor ET_DYN",
        [ELF_BAD_TABLE] = "truncated: the program headers are not in the file",
        [ELF_MANY_HEADERS] = "more than 64 program headers",
        [ELF_HAS_INTERP] = "dynamically linked: link it with -static",
        [ELF_MANY_SEGMENTS] = "is one too many: more than 16 segments",
        [ELF_FILE_RANGE] = "reaches beyond the end of the file: truncated",
        [ELF_FILE_EXCEEDS_MEMORY] = "has more bytes in the file than in memory",
        [ELF_MEMORY_RANGE] = "is outside the application's addresses",
        [ELF_NOT_CONGRUENT] = "has file offset and address that differ within the page",
        [ELF_WRITE_EXEC] = "is writable and executable",
        [ELF_OVERLAP] = "overlaps the one before it, or is not in ascending order",
        [ELF_NO_ENTRY] = "entry outside an executable segment",
    };

    return (uint32_t)status < sizeof(text) / sizeof(text[0]) ? text[status] : "unknown status";
}
