/* SPDX-License-Identifier: BSD-2-Clause */
/* A file for Frama-C to read: all of the module is in its header. */
#include "lib/bytes.h"
