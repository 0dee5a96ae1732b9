/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's command line: `key=value ... -- argument ...`, taken apart into one owned struct. */
#ifndef BOOT_CMDLINE_H
#define BOOT_CMDLINE_H
#include <stdbool.h>
#include <stdint.h>

#define CMDLINE_SIZE         8192u
#define CMDLINE_MAX_ARGS     256u
#define CMDLINE_MAX_ENVS     128u
#define CMDLINE_MAX_DEVICES  8u
#define CMDLINE_MAX_UNKNOWN  4u
#define CMDLINE_NOT_GIVEN    0xffffffffu /* an offset: the key is not there */
#define CMDLINE_DEFAULT_INIT "/init"

enum cmdline_status {
    CMDLINE_OK,
    CMDLINE_TOO_LONG,
    CMDLINE_OPEN_QUOTE,
    CMDLINE_MANY_ARGS,
    CMDLINE_MANY_ENVS,
    CMDLINE_BAD_ENV,
    CMDLINE_BAD_LOGLEVEL,
    CMDLINE_BAD_STRACE,
    CMDLINE_BAD_INIT
};

/* The keys that have a value. */
enum cmdline_key {
    CMDLINE_CONSOLE,
    CMDLINE_ENV,
    CMDLINE_INIT,
    CMDLINE_IP,
    CMDLINE_LOGLEVEL,
    CMDLINE_STRACE,
    CMDLINE_NO_KEY
};

/* QEMU's microvm without ACPI: virtio_mmio.device=SIZE@BASE:IRQ */
struct cmdline_device {
    uint64_t base;
    uint32_t size, irq;
};

/* A part of the line as it was given. */
struct cmdline_word {
    uint32_t offset, length;
};

/* All strings are NUL-terminated in text[0 .. text_size - 1] and named by their offset. The last of two equal keys
   counts. */
struct cmdline {
    uint32_t init, console, ip; /* or CMDLINE_NOT_GIVEN */
    int loglevel;               /* 0..7, or -1: not given */
    bool strace;
    uint32_t arg_count, env_count, device_count;
    uint32_t unknown_count; /* all of them, also those that are not kept in unknown */
    uint32_t text_size;
    uint32_t arg[CMDLINE_MAX_ARGS + CMDLINE_MAX_DEVICES]; /* argv[1..]; the extra places are for what QEMU appends */
    uint32_t env[CMDLINE_MAX_ENVS];                       /* NAME=VALUE */
    struct cmdline_device device[CMDLINE_MAX_DEVICES];
    struct cmdline_word unknown[CMDLINE_MAX_UNKNOWN]; /* the key without its value */
    char text[CMDLINE_SIZE];
};

#include "spec/cmdline.acsl"

/* Takes the line apart, which ends with its only NUL at line[length]. Words are separated by blanks; double quotes group,
   inside them \" and \\ are escapes; single quotes are ordinary. All after the first lone -- (not quoted) is the
   application's. Words as QEMU appends them for its virtio-mmio devices are taken off the end when they are not quoted.
   A refusal leaves all counts 0. */
/*@ requires line: CmdlineLine(line, length);
    requires apart: \valid(out) && \separated(out, line + (0 .. length));
    terminates \true; exits \false; assigns *out;
    ensures reasons: CMDLINE_OK <= \result <= CMDLINE_BAD_INIT;
    behavior accepted: ensures \result == CMDLINE_OK ==> CmdlineGood(out);
    behavior too_long: ensures \result == CMDLINE_TOO_LONG <==> length >= CMDLINE_SIZE;
    behavior refused: ensures \result != CMDLINE_OK ==> CmdlineEmpty(out); */
enum cmdline_status cmdline_parse(const char *line, uint32_t length, struct cmdline *out);

/* One line without newline: what is wrong. */
const char *cmdline_status_text(enum cmdline_status status);

#endif
