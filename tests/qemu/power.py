# SPDX-License-Identifier: BSD-2-Clause
"""The end of the machine without QEMU's exit device: switched off by ACPI, the status in the last line. No hang."""

import shlex
import sys

import elf
import harness
import vm

EXIT_DEVICE = ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]


def switch_off(_name, machine, module, patterns):
    shown = harness.must([sys.executable, "-B", vm.TOOL, "run", "-n", "-k", harness.KERNEL, "-M", machine,
                          vm.keep(module)], vm.DEADLINE, "command", kind=harness.CannotRun)
    words = shlex.split(shown.output.decode())
    place = words.index(EXIT_DEVICE[1])
    done = harness.run_command(words[:place - 1] + words[place + 1:], vm.DEADLINE, merge=True)
    return vm.expect(done, 0, patterns)


def tests():
    good, bad = (elf.program(), [r"^executed\nexit status=0\n\Z"]), (b"nothing", [r"^exit status=126\n\Z"])
    return vm.table("power-off", [(machine + "-" + name, machine, *what) for machine in ("microvm", "q35", "pc")
                                  for name, what in (("end", good), ("refusal", bad))], switch_off)
