# SPDX-License-Identifier: BSD-2-Clause
"""Boot data that lies. A small loader (liar/) starts the kernel with one lie after the other in its start_info.

Each has to end with one clear line and status 126, and no instruction of the program; what is only odd has to boot.
"""

import os
import struct

import elf
import harness
import vm

LIAR = os.path.join(vm.HERE, "liar")
CFLAGS = ["-m32", "-O1", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-pic", "-fno-stack-protector",
          "-fcf-protection=none", "-mgeneral-regs-only", "-I/usr/include/x86_64-linux-gnu"]
PAGE = 4096

LIES = [
    ("magic", "bad magic"),
    ("version-2", "version 2"),
    ("map-wild", "memory map outside memory"),
    ("map-beyond", "memory map outside memory"),
    ("map-million", "more than 128 memory map entries"),
    ("map-4g-entries", "more than 128 memory map entries"),
    ("map-empty", "no memory map"),
    ("version-0", "no memory map"),
    ("cmdline-wild", "command line outside memory"),
    ("cmdline-endless", "command line of 8 KiB or more"),
    ("modules-wild", "module list outside memory"),
    ("modules-two", "more than one module"),
    ("modules-many", "more than one module"),
    ("module-on-kernel", "module overlaps the kernel"),
    ("module-around-kernel", "module overlaps the kernel"),
    ("module-outside", "module outside usable memory"),
    ("module-wraps", "module outside usable memory"),
    ("module-in-hole", "module outside usable memory"),
    ("module-too-long", "module outside usable memory"),
    ("ram-overlaps", "memory map entries overlap"),
    ("ram-overlaps-reserved", "memory map entries overlap"),
    ("ram-wraps", r"memory above 2\^52"),
    ("ram-too-high", r"memory above 2\^52"),
    ("ram-none", "memory"),
    ("start-info-in-mmio", "bad magic|outside"),
    ("start-info-nowhere", "bad magic|outside"),
]
ODD = ["truth", "flags", "ram-many-pieces", "ram-unsorted"]


def build_liar():
    """The liar's ELF64, which QEMU loads by PVH."""
    target = os.path.join(vm.OUT, "liar.elf")
    sources = [os.path.join(LIAR, name) for name in ("entry.S", "liar.c", "liar.lds")]
    with vm.build_lock:
        os.makedirs(vm.OUT, exist_ok=True)
        if not harness.is_newer(target, sources):
            part = target + ".32"
            # The code is 32-bit; the host's ELF headers and Xen's do not mind. There is no 32-bit C library to link.
            harness.must(["gcc", *CFLAGS, "-nostdlib", "-static", "-no-pie", "-Wl,--build-id=none", "-Wl,-T," + sources[2],
                          "-Wl,--no-warn-rwx-segments", sources[0], sources[1], "-o", part], vm.BUILD_DEADLINE, "build",
                         kind=harness.CannotRun)
            harness.must(["objcopy", "-O", "elf64-x86-64", part, target], vm.BUILD_DEADLINE, "build",
                         kind=harness.CannotRun)
    return target


def kernel_and_program():
    """One module: the kernel's file, filled up to pages, then the program as an image; e_shoff says where that begins."""
    with open(harness.KERNEL, "rb") as file:
        kernel = bytearray(file.read())
    kernel += bytes(-len(kernel) % PAGE)
    struct.pack_into("<Q", kernel, 40, len(kernel))
    with open(harness.signed(vm.keep(elf.program())), "rb") as file:
        return vm.keep(bytes(kernel) + file.read())


def boot(lie):
    """The liar takes its command line whole as the name of the lie."""
    return vm.run(kernel_and_program(), kernel=build_liar(), qemu="-append " + lie)


def refuse(name, text):
    done = boot(name)
    return vm.expect(done, 126, [r"\Aanchorite: refused: [^\n]*\n\Z", text], ["executed"])


def accept(name):
    return vm.expect(boot(name), 0, [r"\Aexecuted\n\Z"])


def tests():
    return vm.table("lie", LIES, refuse) + vm.table("lie", [(name,) for name in ODD], accept)
