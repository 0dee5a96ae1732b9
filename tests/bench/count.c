/* SPDX-License-Identifier: BSD-2-Clause */
/* Counts the guest's instructions exactly: a plugin of QEMU's TCG that is also preloaded into QEMU, where it stands before
   write(2). The serial port hands each byte on while the guest's OUT runs, so the count then is the count at that byte.
   Logs "entry N" at the kernel's first instruction, "output N" at the first byte on stdout after it, and "mark M N" at each
   marker: the long NOP 0f 1f 84 00 with the displacement 0x4d4b0000 + M, which any guest code may contain. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/* What is used of QEMU's plugin API, version 1; Debian has no package with its header. */
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void translated_fn(uint64_t id, struct qemu_plugin_tb *tb);
typedef void executed_fn(unsigned cpu, void *data);
void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, translated_fn *fn);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, executed_fn *fn, int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int op, void *counter, uint64_t step);
enum { INLINE_ADD = 0, NO_REGISTERS = 0 };

int qemu_plugin_version = 1;
int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv);

static const uint8_t marker[4] = { 0x0f, 0x1f, 0x84, 0x00 };
enum { MARKER_SIZE = 8, MARKER_MAGIC = 0x4d4b };

static uint64_t count, entry_address, entry_count;
static bool entered, seen_output;
static FILE *events;

static void on_entry(unsigned cpu, void *data)
{
    (void)cpu;
    (void)data;
    if (entered)
        return;
    entered = true;
    entry_count = count;
    fprintf(events, "entry %lu\n", count);
}

static void on_marker(unsigned cpu, void *data)
{
    (void)cpu;
    fprintf(events, "mark %lu %lu\n", (uint64_t)data, count - entry_count);
}

static void on_translated(uint64_t id, struct qemu_plugin_tb *tb)
{
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        const uint8_t *bytes = qemu_plugin_insn_data(insn);

        if (qemu_plugin_insn_vaddr(insn) == entry_address)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, on_entry, NO_REGISTERS, 0);
        qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD, &count, 1);
        if (qemu_plugin_insn_size(insn) == MARKER_SIZE && memcmp(bytes, marker, sizeof marker) == 0 &&
            (bytes[6] | bytes[7] << 8) == MARKER_MAGIC)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, on_marker, NO_REGISTERS,
                                                   (void *)(uintptr_t)(bytes[4] | bytes[5] << 8));
    }
}

int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "entry=", 6) == 0)
            entry_address = strtoull(argv[i] + 6, 0, 0);
        if (strncmp(argv[i], "log=", 4) == 0)
            events = fopen(argv[i] + 4, "w");
    }
    if (entry_address == 0 || !events)
        return -1;
    setvbuf(events, 0, _IOLBF, 0);
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
    return 0;
}

static void see_output(int fd, size_t size)
{
    if (fd != STDOUT_FILENO || size == 0 || !entered || seen_output)
        return;
    seen_output = true;
    fprintf(events, "output %lu\n", count - entry_count);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    see_output(fd, size);
    return syscall(SYS_write, fd, bytes, size);
}

ssize_t writev(int fd, const struct iovec *piece, int pieces)
{
    see_output(fd, pieces > 0 ? piece[0].iov_len : 0);
    return syscall(SYS_writev, fd, piece, pieces);
}
