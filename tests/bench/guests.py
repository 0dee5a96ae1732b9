# SPDX-License-Identifier: BSD-2-Clause
"""What is measured: this build, and beside it the distribution's Linux for virtual machines, on the same machine of QEMU's with the
same static program. Linux's package is downloaded once, as those of the tests under Xen are."""

import os
import struct

import cpio
import dom0_image
import harness
import image
import machine
import signing
import xen_packages
import xen_rig

OUT = os.path.join(harness.ROOT, "build", "bench")
MACHINE = "microvm"
# Its own messages and checks of itself are left out, and its protection from CPUs' faults, which this build lacks too. A program's end
# is a panic of Linux's, and that a reset, which ends QEMU.
LINUX_OPTIONS = "console=ttyS0 quiet loglevel=0 nokaslr mitigations=off cryptomgr.notests panic=-1 reboot=t"


def write_initramfs(program, more):
    """PROGRAM.cpio with the program as Linux's first process, and further files by name."""
    archive = cpio.Archive()
    archive.add("dev", mode=cpio.FOLDER, nlink=2)
    # Linux opens the console for its first process.
    archive.add("dev/console", mode=0o20600, rdevmajor=5, rdevminor=1)
    archive.add("dev/null", mode=0o20666, rdevmajor=1, rdevminor=3)
    archive.add("init", dom0_image.read(program), mode=cpio.PROGRAM)
    for name, data in more.items():
        archive.add(name, data)
    with open(program + ".cpio", "wb") as file:
        file.write(archive.end())
    return program + ".cpio"


def fetch_linux():
    """The folder of Linux's unpacked package."""
    with xen_packages.Lock():
        return xen_packages.fetch_cloud_linux()


class Anchorite:
    """The present build, with the development key as if it were another, so that it has nothing to say; a signed program is its
    module."""

    command_line = ""
    # What QEMU returns for the status 0, through isa-debug-exit.
    status = 1
    memory, memory_top, memory_step, deadline = "64M", 8192, 64, 20

    def __init__(self):
        self.kernel = harness.kernel_with_keys("bench", [signing.development_public()])

    def module(self, program):
        return harness.signed(program)


class Linux:
    """The distribution's: a program is the first process of an initramfs."""

    command_line = LINUX_OPTIONS
    status = 0
    memory, memory_top, memory_step, deadline = "256M", 131072, 2048, 60

    def __init__(self):
        self.kernel = os.path.join(OUT, "linux.elf")
        try:
            dom0_image.write_kernel(fetch_linux(), self.kernel)
        except xen_rig.NotFetched as error:
            raise harness.CannotRun(str(error)) from error

    def module(self, program):
        return write_initramfs(program, {})


def entry_address(kernel):
    """Where PVH begins, as the kernel's note says."""
    segments = image.segments(dom0_image.read(kernel))
    for kind, _, content in segments:
        for name, note, value in image.notes(content) if kind == image.PT_NOTE else []:
            if (name, note) == (image.PVH_NAME, image.PVH_TYPE):
                return struct.unpack_from("<I", value)[0]
    raise harness.CannotRun("no PVH note in %s" % kernel)


def command(system, program, memory=None, cpus=1, accel="tcg", on=MACHINE):
    """QEMU's, as boot/anchorite has it, but never with KVM."""
    return (machine.common(accel, memory or system.memory, cpus) + machine.MACHINES[on] +
            ["-kernel", system.kernel, "-initrd", system.module(program), "-append", system.command_line])
