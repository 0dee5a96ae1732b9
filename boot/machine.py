# SPDX-License-Identifier: BSD-2-Clause
"""QEMU's command for each machine a guest can run on."""

import collections
import os
import re

QEMU = "qemu-system-x86_64"
NAMES = ("microvm", "microvm-noacpi", "q35", "pc", "xen")

# What the kernel counts on (PIT, PIC, RTC) is asked for by name, since KVM's defaults leave parts of it out; what it
# never looks at is left out where that makes the start faster.
MICROVM = "microvm,x-option-roms=off,pit=on,pic=on,rtc=on"
MACHINES = {
    "microvm": ["-M", MICROVM],
    "microvm-noacpi": ["-M", MICROVM + ",acpi=off"],
    "q35": ["-M", "q35,vmport=off,smbus=off,sata=off", "-vga", "none"],
    "pc": ["-M", "pc,vmport=off", "-vga", "none"],
}

# What the guest is made of: paths of the kernel and of the module (or None), and the kernel's command line.
Guest = collections.namedtuple("Guest", "kernel module command_line")


def quoted(word):
    """The word as boot/cmdline.c reads it back: "..." around blanks, quotes, nothing, and what QEMU itself appends;
    \\" and \\\\ inside."""
    is_plain = word and not re.search(r"""[\s"'\\]""", word) and not word.startswith("virtio_mmio.device=")
    if is_plain:
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def is_program(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def command_line(keys, module, args):
    """The guest's command line: keys, then ` -- ` and the arguments of the application. A bare program is told its
    name by init=, which becomes its argv[0]: some, as busybox, go by it."""
    words = [quoted(key) for key in keys]
    if module and is_program(module) and not any(key.startswith("init=") for key in keys):
        words.append(quoted("init=/" + os.path.basename(module)))
    if args:
        words += ["--"] + [quoted(arg) for arg in args]
    return " ".join(words)


def accelerator():
    """KVM only where the processor has it: a /dev/kvm alone may be one that emulates."""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as cpuinfo:
        flags = next((line.split() for line in cpuinfo if line.startswith("flags")), [])
    usable = ("vmx" in flags or "svm" in flags) and os.access("/dev/kvm", os.R_OK | os.W_OK)
    return "kvm" if usable else "tcg"


def common(accel, memory, cpus, cpu="max"):
    """Serial line on stdin and stdout, the exit device, and nothing else; rc 0 is then never a success."""
    return [QEMU, "-accel", accel, "-cpu", cpu, "-m", memory, "-smp", str(cpus), "-nodefaults", "-no-user-config",
            "-no-reboot", "-display", "none", "-nic", "none", "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
            "-chardev", "stdio,id=s,signal=off", "-serial", "chardev:s"]


def command(guest, name, memory, cpus):
    words = common(accelerator(), memory, cpus) + MACHINES[name] + ["-kernel", guest.kernel]
    if guest.module:
        words += ["-initrd", guest.module]
    return words + ["-append", guest.command_line]
