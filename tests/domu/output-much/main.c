/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes argv[1] bytes of every value but the last line's, then a line with their CRC-32 as crc32(1) has it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uint32_t crc = 0xffffffff;

static void add(uint8_t byte)
{
    crc ^= byte;
    for (int bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
}

int main(int argc, char **argv)
{
    static uint8_t text[4096];
    unsigned long left = argc > 1 ? strtoul(argv[1], 0, 10) : 0;
    uint32_t seed = 1;

    while (left > 0) {
        size_t size = left < sizeof(text) ? left : sizeof(text);

        for (size_t i = 0; i < size; i++) {
            seed = seed * 1664525 + 1013904223;
            text[i] = (uint8_t)(seed >> 24);
            add(text[i]);
        }
        if (write(1, text, size) != (ssize_t)size)
            return 1;
        left -= size;
    }
    printf("\ncrc32 %08x\n", ~crc);
    return 0;
}
