# SPDX-License-Identifier: BSD-2-Clause
"""No two runs look alike: text of a static-PIE, stack, heap and mappings lie elsewhere each time."""

import harness
import vm

RUNS = 5
PLACES = ("text", "stack", "heap", "mappings")


def differ():
    program = vm.build("where", ("gcc", "-static-pie", "-fPIE"))
    rows = []
    for _ in range(RUNS):
        done = vm.run(program)
        vm.expect(done, 0, [r"\A0x\w+ 0x\w+ 0x\w+ 0x\w+\n\Z"])
        rows.append(done.output.decode().split())
    for place, addresses in zip(PLACES, zip(*rows)):
        if len(set(addresses)) < RUNS - 1:
            raise harness.Wrong("the %s does not move" % place, "\n".join(addresses))
    return "\n".join(" ".join(row) for row in rows)


def tests():
    return [harness.Test("qemu", "aslr", differ)]
