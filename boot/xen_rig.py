# SPDX-License-Identifier: BSD-2-Clause
"""The real Xen of the distribution under QEMU's emulation, with the guest as its PVH dom0.

The hypervisor is downloaded as a package once and kept, unpacked, in build/xen: nothing is installed. Run as a
program, this file fetches it and prints its path.
"""

import glob
import gzip
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import machine

# Xen's last line before dom0 runs. From there on the serial line is dom0's, and input before it is lost.
PREFACE_END = re.compile(rb"\(XEN\) Freed \d+kB init memory\r?\n")

# Xen copies dom0's command line into so many bytes and cuts the rest off without a word.
COMMAND_LINE_MAX = 1023

# conswitch=` turns off Xen's own meaning of three times Ctrl-A on the serial line. eager-fpu: else Xen switches the FPU between virtual
# CPUs by CR0.TS, which QEMU 7.2's XRSTOR ignores, and then a thread's registers are lost.
XEN_OPTIONS = ("console=com1 com1=115200,8n1 conswitch=` edd=off no-real-mode dom0=pvh dom0-iommu=none "
               "dom0_mem=%dM dom0_max_vcpus=%d spec-ctrl=eager-fpu")
# QEMU 7.2 reports RDTSCP to Xen as RDTSC, whose emulation refuses it; who asks CPUID first, as Go does, goes without.
CPU = "max,-rdtscp"
TREE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def cache():
    """Where Xen is kept: in the source tree, but an installed tree is not ours to write to."""
    if os.path.exists(os.path.join(TREE, "Makefile")):
        return os.path.join(TREE, "build", "xen")
    return os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "anchorite", "xen")


CACHE = cache()
PACKAGE = r"xen-hypervisor-(\d+(?:\.\d+)*)-amd64"


class NotFetched(Exception):
    """Why there is no hypervisor, in one line."""


def output_of(words, **options):
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=120, check=False, **options)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotFetched("cannot fetch Xen: %s" % error) from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["status %d" % done.returncode])[-1]
        raise NotFetched("cannot fetch Xen: %s: %s" % (words[0], reason))
    return done.stdout


def newest_package():
    """The name of the newest hypervisor package that apt knows."""
    names = output_of(["apt-cache", "search", "--names-only", "^xen-hypervisor-.*-amd64$"])
    found = re.findall("^" + PACKAGE + r"\b(?!-)", names, re.MULTILINE)
    if not found:
        raise NotFetched("cannot fetch Xen: apt knows no package xen-hypervisor-*-amd64")
    return "xen-hypervisor-%s-amd64" % max(found, key=lambda version: [int(part) for part in version.split(".")])


def download(packages, folder):
    """Puts packages into the folder; a second try follows a refresh of apt's lists, which may be old."""
    try:
        return output_of(["apt-get", "-q", "download"] + packages, cwd=folder)
    except NotFetched:
        output_of(([] if os.geteuid() == 0 else ["sudo", "-n"]) + ["apt-get", "-q", "update"])
        return output_of(["apt-get", "-q", "download"] + packages, cwd=folder)


def fetch():
    """The path of the hypervisor's ELF, after downloading it if it is not there yet."""
    hypervisor = os.path.join(CACHE, "xen")
    if os.path.exists(hypervisor):
        return hypervisor
    os.makedirs(CACHE, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        download([newest_package()], folder)
        for archive in glob.glob(os.path.join(folder, "*.deb")):
            output_of(["dpkg", "-x", archive, folder])
        packed = glob.glob(os.path.join(folder, "boot", "xen-*.gz"))
        if len(packed) != 1:
            raise NotFetched("cannot fetch Xen: the package holds no boot/xen-*.gz")
        unpacked = os.path.join(folder, "xen")
        with gzip.open(packed[0]) as source, open(unpacked, "wb") as target:
            target.write(source.read())
        os.rename(unpacked, hypervisor)
    return hypervisor


def mebibytes(memory):
    number, unit = re.fullmatch(r"(\d+)([KMG]?)", memory).groups()
    return {"K": int(number) // 1024, "": int(number), "M": int(number), "G": int(number) * 1024}[unit]


def module_list(guest):
    """QEMU's -initrd for a multiboot kernel: `file arguments,file`, where ,, is a comma and a file has no blanks."""
    for path in filter(None, (guest.kernel, guest.module)):
        if " " in path:
            raise ValueError("under Xen a path must not hold a blank: %s" % path)
    if len(os.fsencode(guest.command_line)) > COMMAND_LINE_MAX:
        raise ValueError("command line of %d bytes: Xen hands on only %d" %
                         (len(os.fsencode(guest.command_line)), COMMAND_LINE_MAX))
    words = [guest.kernel + " " + guest.command_line] + ([guest.module] if guest.module else [])
    return ",".join(word.replace(",", ",,") for word in words)


def command(guest, memory, cpus, verbose):
    """One physical processor whatever the guest's number: more of them gained nothing under emulation."""
    size = mebibytes(memory)
    options = XEN_OPTIONS % (size, cpus) + (" loglvl=all guest_loglvl=all" if verbose else "")
    return machine.common("tcg", str(max(256, size + 128)), 1, CPU) + [
        "-M", "pc,vmport=off", "-vga", "none", "-kernel", fetch(), "-append", options, "-initrd", module_list(guest)]


if __name__ == "__main__":
    try:
        print(fetch())
    except NotFetched as failure:
        sys.exit("xen_rig: %s" % failure)
