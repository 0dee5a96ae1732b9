/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE /* REG_RIP */
#include "fake/cpu.h"

#include <signal.h>
#include <stdbool.h>

enum { PREFIX_WORD = 0x66, IN_AL_IMM = 0xe4, OUT_IMM_AL = 0xe6, IN_AL_DX = 0xec, OUT_DX_AL = 0xee, OUT_WIDE = 1 };

/* How long the port instruction is, 0 when it is none. */
static size_t access_port(const uint8_t *insn, greg_t *regs)
{
    bool is_word = insn[0] == PREFIX_WORD;
    const uint8_t *code = insn + is_word;
    bool is_immediate = code[0] < IN_AL_DX;
    uint16_t port = is_immediate ? code[1] : (uint16_t)regs[REG_RDX];

    if (port_read == NULL || port_write == NULL)
        return 0;
    if (!is_word && (code[0] == IN_AL_IMM || code[0] == IN_AL_DX))
        regs[REG_RAX] = (regs[REG_RAX] & ~0xffll) | port_read(port);
    else if (!is_word && (code[0] == OUT_IMM_AL || code[0] == OUT_DX_AL))
        port_write(port, (uint8_t)regs[REG_RAX], 1);
    else if (is_word && (code[0] == (OUT_IMM_AL | OUT_WIDE) || code[0] == (OUT_DX_AL | OUT_WIDE)))
        port_write(port, (uint16_t)regs[REG_RAX], 2);
    else
        return 0;
    return 1u + is_word + is_immediate;
}

static void emulate(int number, siginfo_t *info, void *context)
{
    greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
    const uint8_t *insn = (const uint8_t *)regs[REG_RIP];
    size_t length = access_port(insn, regs);

    (void)info;
    if (length == 0 && cpu_execute != NULL)
        length = cpu_execute(insn, regs);
    if (length == 0)
        signal(number, SIG_DFL);
    regs[REG_RIP] += (greg_t)length;
}

void fake_cpu_start(void)
{
    struct sigaction action = { .sa_sigaction = emulate, .sa_flags = SA_SIGINFO | SA_NODEFER };

    sigaction(SIGSEGV, &action, NULL);
}
