# SPDX-License-Identifier: BSD-2-Clause
"""Tests under the real Xen: the guest tests that name the machine xen, run as its PVH dom0 (boot/xen_rig.py), and kernels
with another program_run, tests/xen/NAME/*.c, that look at no application.

The hypervisor is downloaded once into build/xen. Where that is impossible, these tests are ERROR: they count as failed.
"""

import glob
import os
import re
import sys

import harness

HERE = os.path.dirname(os.path.realpath(__file__))
TOOL = os.path.join(harness.ROOT, "boot", "anchorite")
BUILD_DEADLINE, DEADLINE = 120, 60
VERDICT = r"^%s: [1-9]\d* checks, 0 failed$"


def run_kernel(name):
    """Builds the kernel of that name from the project's objects and runs it with an image that is only there to be signed."""
    target = os.path.join("build", "tests", "xen", name + ".elf")
    harness.must(["make", "-s", target], BUILD_DEADLINE, "build", kind=harness.CannotRun)
    words = [sys.executable, "-B", TOOL, "run", "-k", os.path.join(harness.ROOT, target), "-t", str(DEADLINE), "-M", "xen",
             "-m", "64M", os.path.realpath(__file__)]
    done = harness.run_command(words, DEADLINE + 10)
    harness.check_started(done)
    if done.status != 0:
        raise harness.Wrong("status %s, want 0" % done.status, done.log())
    if not re.search(VERDICT % name, harness.text_of(done.output), re.MULTILINE):
        raise harness.Wrong("no line `%s: N checks, 0 failed`" % name, done.log())
    return done.log()


def tests():
    kernels = sorted(os.path.basename(os.path.dirname(path)) for path in glob.glob(os.path.join(HERE, "*", "main.c")))
    return harness.load_group("guest").tests("xen") + [
        harness.Test("xen", name, lambda name=name: run_kernel(name)) for name in kernels]
