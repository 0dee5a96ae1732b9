/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/policy.h"

bool policy_is_given(const struct cmdline *cmdline, uint32_t key)
{
    switch (key) {
    case CMDLINE_CONSOLE:
        return cmdline->console != CMDLINE_NOT_GIVEN;
    case CMDLINE_ENV:
        return cmdline->env_count > 0;
    case CMDLINE_INIT:
        return cmdline->init != CMDLINE_NOT_GIVEN;
    case CMDLINE_IP:
        return cmdline->ip != CMDLINE_NOT_GIVEN;
    case CMDLINE_LOGLEVEL:
        return cmdline->loglevel >= 0;
    case CMDLINE_STRACE:
        return cmdline->strace;
    default:
        return cmdline->arg_count > 0;
    }
}

void policy_drop(struct cmdline *cmdline, uint32_t key)
{
    switch (key) {
    case CMDLINE_CONSOLE:
        cmdline->console = CMDLINE_NOT_GIVEN;
        break;
    case CMDLINE_ENV:
        cmdline->env_count = 0;
        break;
    case CMDLINE_INIT:
        cmdline->init = CMDLINE_NOT_GIVEN;
        break;
    case CMDLINE_IP:
        cmdline->ip = CMDLINE_NOT_GIVEN;
        break;
    case CMDLINE_LOGLEVEL:
        cmdline->loglevel = -1;
        break;
    case CMDLINE_STRACE:
        cmdline->strace = false;
        break;
    default:
        cmdline->arg_count = 0;
    }
}

const char *policy_key_text(uint32_t key)
{
    static const char *const text[COMMENT_KEYS] = {
        [CMDLINE_CONSOLE] = "console=", [CMDLINE_ENV] = "env=",           [CMDLINE_INIT] = "init=",
        [CMDLINE_IP] = "ip=",           [CMDLINE_LOGLEVEL] = "loglevel=", [CMDLINE_STRACE] = "strace=",
        [COMMENT_ARGS] = "arguments",
    };

    return text[key];
}
