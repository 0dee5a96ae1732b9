# SPDX-License-Identifier: BSD-2-Clause
"""Builds what dom0 boots: the uncompressed kernel and an initramfs with Xen's tools, their libraries and modules.
Nothing is compressed, for under emulation unpacking costs more than loading."""

import lzma
import os
import re
import struct
import subprocess
import zlib

import cpio
import harness
import xen_packages

HERE = os.path.dirname(os.path.realpath(__file__))
TOOLS = ("xl", "xenstored", "xenconsoled", "xenconsole", "xen-init-dom0", "libxl-save-helper")
FOLDERS = ("bin", "dev", "etc", "etc/xen", "etc/xen/scripts", "lib", "lib/modules", "lib/x86_64-linux-gnu", "lib64",
           "proc", "rig", "run", "run/xen", "run/xenstored", "sys", "tmp", "usr", "usr/lib", "var", "var/lib",
           "var/lib/xen", "var/lib/xenstored", "var/lock", "var/log", "var/log/xen", "var/log/xen/console")
STORE_COMMANDS = ("exists", "list", "ls", "read", "rm", "watch", "write", "chmod")
# In the order they are loaded in: each after what it needs.
MODULES = ("xen-privcmd", "xen-evtchn", "xen-gntdev", "xen-gntalloc", "xenfs", "loop", "xen-blkback", "virtio_ring",
           "virtio", "virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci", "netfs", "fscache", "9pnet",
           "9pnet_virtio", "9p")
# Loaded by name at run time: no ELF file lists it.
DLOPENED = "libgcc_s.so.1"


def decompressed(image):
    """The ELF kernel inside a bzImage (linux/Documentation/arch/x86/boot.rst: payload_offset and payload_length)."""
    if image[0x202:0x206] != b"HdrS":
        raise ValueError("no setup header in the kernel")
    offset, length = struct.unpack_from("<II", image, 0x248)
    payload = image[((image[0x1f1] or 4) + 1) * 512 + offset:][:length]
    if payload.startswith(b"\xfd7zXZ\0"):
        kernel = lzma.LZMADecompressor().decompress(payload)
    elif payload.startswith(b"\x1f\x8b"):
        kernel = zlib.decompressobj(31).decompress(payload)
    else:
        # Others end with the size, four bytes that are no part of what the tool knows.
        tool = {b"\x28\xb5\x2f\xfd": "zstd", b"\x02\x21\x4c\x18": "lz4"}.get(payload[:4])
        if not tool:
            raise ValueError("the kernel is packed in a way unknown here: %s" % payload[:6].hex())
        kernel = harness.must([tool, "-dcq"], 60, tool, kind=harness.CannotRun, stdin=payload[:-4]).output
    if not kernel.startswith(b"\x7fELF"):
        raise ValueError("what the kernel unpacks to is no ELF file")
    return kernel


def write_kernel(folder, target):
    """The kernel of an unpacked package, as an ELF file."""
    with open(xen_packages.only("boot/vmlinuz-*", folder), "rb") as file:
        kernel = decompressed(file.read())
    with open(target, "wb") as file:
        file.write(kernel)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def needed_by(path):
    """The shared libraries an ELF file names."""
    done = subprocess.run(["readelf", "-d", path], stdout=subprocess.PIPE, check=True, text=True)
    return re.findall(r"\(NEEDED\).*\[(.*)\]", done.stdout)


def find_library(root, name):
    for folder in ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"):
        path = os.path.join(root, folder, name)
        if os.path.exists(path):
            return path
    raise ValueError("no library %s in the packages" % name)


def libraries(root, programs):
    """Name and path of every library that the programs and their libraries name."""
    found, ahead = {}, list(programs)
    wanted = {DLOPENED}
    while ahead or wanted - found.keys():
        if ahead:
            wanted.update(needed_by(ahead.pop()))
        for name in wanted - found.keys():
            found[name] = find_library(root, name)
            ahead.append(found[name])
    return found


def find_module(root, name):
    """A module's file; its name has - or _ as its author liked. Some kernels have it built in: then None."""
    wanted = re.compile(re.sub("[-_]", "[-_]", name) + r"\.ko")
    for folder, _, files in os.walk(xen_packages.only("lib/modules/*/kernel", root)):
        for file in files:
            if wanted.fullmatch(file):
                return os.path.join(folder, file)
    return None


def stripped(path):
    """The module without its debugging information."""
    target = os.path.join(xen_packages.CACHE, "module.ko")
    subprocess.run(["strip", "--strip-debug", "-o", target, path], check=True)
    data = read(target)
    os.unlink(target)
    return data


def add_programs(archive, root):
    tools = xen_packages.only("usr/lib/xen-[0-9]*/bin", root)
    programs = {name: os.path.join(tools, name) for name in TOOLS}
    programs["xenstore"] = os.path.join(root, "usr/bin/xenstore")
    inside = os.path.relpath(tools, root)
    parts = inside.split("/")
    for end in range(3, len(parts) + 1):
        archive.add("/".join(parts[:end]), mode=cpio.FOLDER, nlink=2)
    for name, path in programs.items():
        archive.add("bin/" + name, read(path), mode=cpio.PROGRAM)
        archive.add(inside + "/" + name, "/bin/" + name, mode=0o120777)
    for command in STORE_COMMANDS:
        archive.add("bin/xenstore-" + command, "xenstore", mode=0o120777)
    for name, path in libraries(root, programs.values()).items():
        folder = "lib64/" if name.startswith("ld-") else "lib/x86_64-linux-gnu/"
        archive.add(folder + name, read(path), mode=cpio.PROGRAM)


def write_initramfs(root, target):
    """dom0's first and only file system: TOOLS, busybox, modules and dom0/ of this folder."""
    archive = cpio.Archive()
    for folder in FOLDERS:
        archive.add(folder, mode=cpio.FOLDER, nlink=2)
    archive.add("var/run", "../run", mode=0o120777)
    busybox = xen_packages.only("bin/busybox", root)
    archive.add("bin/busybox", read(busybox), mode=cpio.PROGRAM)
    for applet in harness.must([busybox, "--list"], 10, "busybox").output.decode().split():
        if applet != "busybox":
            archive.add("bin/" + applet, "busybox", mode=0o120777)
    add_programs(archive, root)
    order = []
    for name in MODULES:
        path = find_module(root, name)
        if path:
            order.append(name)
            archive.add("lib/modules/%s.ko" % name, stripped(path))
    archive.add("lib/modules/order", "\n".join(order) + "\n")
    archive.add("etc/xen/xl.conf", read(os.path.join(root, "etc/xen/xl.conf")))
    archive.add("etc/xen/scripts/block", read(os.path.join(HERE, "dom0", "block")), mode=cpio.PROGRAM)
    archive.add("init", read(os.path.join(HERE, "dom0", "init")), mode=cpio.PROGRAM)
    with open(target, "wb") as file:
        file.write(archive.end())
