/* SPDX-License-Identifier: BSD-2-Clause */
/* For the prover: state that stands for much memory, so that a contract can say that something did not change. spec/proof.md. */
#ifndef LIB_STATE_H
#define LIB_STATE_H
#include <stdint.h>

#include "spec/state.acsl"

#endif
