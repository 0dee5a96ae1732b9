/* SPDX-License-Identifier: BSD-2-Clause */
/* Which words of the command line are honoured: those that the image's signed comment allows. spec/image.md. */
#ifndef KERNEL_POLICY_H
#define KERNEL_POLICY_H
#include "kernel/signed_comment.h"

#include "spec/policy.acsl"

/* Does the command line have the key (one of enum cmdline_key, or COMMENT_ARGS: arguments)? */
/*@ requires valid: \valid_read(cmdline) && key < COMMENT_KEYS;
    terminates \true; exits \false; assigns \nothing;
    ensures exact: \result <==> PolicyGiven(cmdline, key); */
bool policy_is_given(const struct cmdline *cmdline, uint32_t key);

/* Makes it as if the key had not been given. */
/*@ requires valid: \valid(cmdline) && key < COMMENT_KEYS;
    terminates \true; exits \false;
    assigns cmdline->console, cmdline->init, cmdline->ip, cmdline->loglevel, cmdline->strace, cmdline->env_count,
      cmdline->arg_count;
    ensures gone: !PolicyGiven(cmdline, key);
    ensures others: \forall integer k; 0 <= k < COMMENT_KEYS && k != key ==> PolicySame{Pre, Post}(cmdline, k);
    ensures fewer: \forall integer k; 0 <= k < COMMENT_KEYS && !PolicyGiven{Pre}(cmdline, k) ==> !PolicyGiven(cmdline, k);
    ensures good: CmdlineGood{Pre}(cmdline) ==> CmdlineGood(cmdline); */
void policy_drop(struct cmdline *cmdline, uint32_t key);

/* As it is written in a comment. */
const char *policy_key_text(uint32_t key);

#endif
