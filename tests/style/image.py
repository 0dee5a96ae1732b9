# SPDX-License-Identifier: BSD-2-Clause
"""The built image: what a loader finds in it, that it is the same wherever it is built, that clang builds it too."""

import os
import shutil
import struct

import harness
import source

SIZE_MAX = 220000  # about 50,000 of them are HACL*
BUILD_DEADLINE = 180
FETCHED = ("build/hacl/nss", "build/hacl/python")
PT_LOAD, PT_NOTE, PF_X, PF_W = 1, 4, 1, 2
MULTIBOOT1, MULTIBOOT_AREA = 0x1BADB002, 8192
PVH_NAME, PVH_TYPE = b"Xen\0", 18


def segments(data):
    """(type, flags, bytes in the file) of every program header."""
    offset, size, count = struct.unpack_from("<Q", data, 32)[0], *struct.unpack_from("<HH", data, 54)
    found = []
    for index in range(count):
        kind, flags, start, _, _, length = struct.unpack_from("<IIQQQQ", data, offset + index * size)
        found.append((kind, flags, data[start:start + length]))
    return found


def notes(data):
    """(name, type, description) of every note in a PT_NOTE."""
    while len(data) >= 12:
        name_size, size, kind = struct.unpack_from("<III", data)
        name_end = 12 + (name_size + 3) // 4 * 4
        yield data[12:12 + name_size], kind, data[name_end:name_end + size]
        data = data[name_end + (size + 3) // 4 * 4:]


def complaints_about(data):
    if data[:6] != b"\x7fELF\x02\x01" or struct.unpack_from("<H", data, 18)[0] != 62:
        return ["not a little-endian ELF64 for x86-64"]
    loaded = segments(data)
    found = [note for kind, _, content in loaded if kind == PT_NOTE for note in notes(content)]
    area = data[:MULTIBOOT_AREA]
    complaints = []
    if not any(name == PVH_NAME and kind == PVH_TYPE and len(entry) in (4, 8) for name, kind, entry in found):
        complaints.append("no PVH note (name Xen, type 18) in a PT_NOTE")
    if any(struct.unpack_from("<I", area, at)[0] == MULTIBOOT1 for at in range(0, len(area) - 3, 4)):
        complaints.append("a multiboot1 header: QEMU would prefer it to PVH")
    if not any(kind == PT_LOAD for kind, _, _ in loaded):
        complaints.append("nothing to load")
    if any(kind == PT_LOAD and flags & PF_W and flags & PF_X for kind, flags, _ in loaded):
        complaints.append("a segment that is writable and executable")
    if len(data) > SIZE_MAX:
        complaints.append("%d bytes, at most %d" % (len(data), SIZE_MAX))
    return complaints


def read_image(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise harness.CannotRun("no image: %s" % error) from error


def check_image():
    data = read_image(harness.KERNEL)
    complaints = complaints_about(data)
    if complaints:
        raise harness.Wrong("; ".join(complaints), harness.KERNEL)
    return "%d bytes" % len(data)


def build_copy(name, *arguments):
    """Copies the tree to build/tests/style/NAME, makes the image there, gives its path and make's log."""
    folder = os.path.join(harness.BUILD, "style", name)
    shutil.rmtree(folder, ignore_errors=True)
    for path in source.walk():
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        shutil.copy2(os.path.join(harness.ROOT, path), os.path.join(folder, path), follow_symlinks=False)
    for name in FETCHED:
        shutil.copytree(os.path.join(harness.ROOT, name), os.path.join(folder, name))
    done = harness.must(["make", *arguments, "build/anchorite.elf"], BUILD_DEADLINE, "build", cwd=folder)
    return os.path.join(folder, "build", "anchorite.elf"), done.log()


def check_reproducible():
    keys = "KEYS=" + os.path.join(harness.ROOT, "build", "development.pub")  # a folder's own development key is random
    images = [read_image(build_copy(name, keys)[0]) for name in ("a", "another-folder/below")]
    if images[0] != images[1]:
        raise harness.Wrong("two builds in two folders differ", "%d and %d bytes" % (len(images[0]), len(images[1])))
    return "%d bytes, twice" % len(images[0])


def check_clang():
    path, log = build_copy("clang", "CC=clang")
    if "warning" in log.lower():
        raise harness.Wrong("clang warns", log)
    complaints = complaints_about(read_image(path))
    if complaints:
        raise harness.Wrong("; ".join(complaints), path)
    return log
