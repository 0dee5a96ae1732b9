# SPDX-License-Identifier: BSD-2-Clause
"""The loader of qemu/bad_boot.py, as the domain's kernel: it hands on a start_info of version 0."""

import os
import shutil
import sys

import harness

harness.load_group("qemu")
import bad_boot

shutil.copy(bad_boot.kernel_and_program(), sys.argv[1])
rig = os.path.join(os.path.dirname(sys.argv[1]), "rig")
os.makedirs(rig, exist_ok=True)
shutil.copy(bad_boot.build_liar(), os.path.join(rig, "liar.elf"))
