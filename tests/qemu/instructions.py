# SPDX-License-Identifier: BSD-2-Clause
"""Instructions and jumps that ring 3 must not carry out, each tried by a program of its own run.

Each has to end the program with one report and the status of a signal: SIGSEGV, SIGILL, SIGBUS or SIGTRAP. The tests
of UMIP (sgdt and its like) bear its name.
"""

import os
import re

import harness
import vm

UMIP = ("sgdt", "sidt", "sldt", "smsw", "str")
SIGNALS = {132: "SIGILL", 133: "SIGTRAP", 135: "SIGBUS", 139: "SIGSEGV"}
EXPECTED = {"single_step": (133,), "push_not_canonical": (135, 139), "wild_flags": (132, 133, 135)}


def names():
    with open(os.path.join(vm.HERE, "instructions_list.h"), encoding="utf-8") as file:
        return re.findall(r"^INSTRUCTION\((\w+)", file.read(), re.MULTILINE) + ["sysret_edge"]


def try_one(name):
    done = vm.run(vm.build("instructions"), [name])
    expected = EXPECTED.get(name, (132, 139))
    if done.status not in expected:
        raise harness.Wrong("status %s, want one of %s" % (done.status, expected), done.log())
    return vm.expect(done, done.status, ["^trying " + name, "^anchorite: application killed by " + SIGNALS[done.status]],
                     ["survived", "panic"])


def tests():
    return [harness.Test("qemu", ("umip-" if name in UMIP else "privileged-") + name, lambda name=name: try_one(name),
                         "umip" if name in UMIP else "privileged") for name in names()]
