#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes the inputs that the fuzz targets start from: corpus/TARGET/NAME. Good ones, and ones close to a limit.

usage: tests/fuzz/corpus.py
"""

import os
import stat
import struct
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(HERE)), "boot"))
import cpio

LOAD, INTERP, NOTE, STACK = 1, 3, 4, 0x6474e551
R, W, X = 4, 2, 1
EXEC, DYN = 2, 3


def elf(kind, entry, headers, size, table=64, machine=62):
    """An ELF file of that size; headers: (type, flags, offset, address, bytes in the file, in memory, alignment)."""
    head = b"\x7fELF\2\1\1" + bytes(9)
    head += struct.pack("<HHIQQQIHHHHHH", kind, machine, 1, entry, table, 0, 0, 64, 56, len(headers), 0, 0, 0)
    body = b"".join(struct.pack("<IIQQQQQQ", kind, flags, offset, address, address, in_file, in_memory, align)
                    for kind, flags, offset, address, in_file, in_memory, align in headers)
    return (head + bytes(table - len(head)) + body).ljust(size, b"\x90")


def elf_corpus():
    text = (LOAD, R | X, 0, 0x400000, 0x200, 0x200, 4096)
    data = (LOAD, R | W, 0x200, 0x401200, 0x80, 0x5000, 4096)
    stack = (STACK, R | W, 0, 0, 0, 0, 16)
    return {
        "static": elf(EXEC, 0x400100, [text, data, stack], 0x280),
        "one-segment": elf(EXEC, 0x400100, [text], 0x200),
        "pie": elf(DYN, 0x100, [(LOAD, R | X, 0, 0, 0x200, 0x200, 0x200000),
                                (LOAD, R | W, 0x200, 0x1200, 0x80, 0x80, 1)], 0x280),
        "no-headers-in-memory": elf(EXEC, 0x400008, [(LOAD, X, 0x100, 0x400100, 0x40, 0x40, 4096)], 0x140),
        "interpreter": elf(EXEC, 0x400100, [text, (INTERP, R, 0x180, 0x400180, 8, 8, 1)], 0x200),
        "write-exec": elf(EXEC, 0x400100, [(LOAD, R | W | X, 0, 0x400000, 0x200, 0x200, 4096)], 0x200),
        "high": elf(EXEC, 0x7fffffffe100, [(LOAD, R | X, 0, 0x7fffffffe000, 0x200, 0x1000, 4096)], 0x200),
        "too-high": elf(EXEC, 0x7fffffffe100, [(LOAD, R | X, 0, 0x7fffffffe000, 0x200, 0x1001, 4096)], 0x200),
        "overlap": elf(EXEC, 0x400100, [text, (LOAD, R, 0, 0x400000, 0x10, 0x10, 4096)], 0x200),
        "sixteen": elf(EXEC, 0x400000, [(LOAD, R | X, 0, 0x400000 + 0x1000 * i, 0, 0x1000, 4096) for i in range(16)],
                       0x400),
        "note": elf(EXEC, 0x400100, [(NOTE, R, 0x1c0, 0x4001c0, 16, 16, 4), text], 0x200),
        "another-machine": elf(EXEC, 0x400100, [text], 0x200, machine=183),
    }


def archive(*entries, **fields):
    made = cpio.Archive()
    for name, data, mode in entries:
        made.add(name, data, mode=mode, **fields)
    return made.end()


def cpio_corpus():
    link, regular = stat.S_IFLNK | 0o777, cpio.REGULAR
    return {
        "tree": archive((".", b"", cpio.FOLDER), ("./bin", b"", cpio.FOLDER), ("bin/sh", b"../init", link),
                        ("/init", b"program", cpio.PROGRAM)),
        "file": archive(("init", b"program", cpio.PROGRAM)),
        "empty": archive(),
        "padded": archive(("a", b"1", regular)) + bytes(64),
        "more": archive(("a", b"1", regular)) + b"more",
        "checksums": archive(("a", b"12345", regular), magic=b"070702"),
        "hard-links": archive(("a", b"", regular), ("b", b"data", regular), nlink=2),
        "slashes": archive(("/.//./a//b/./c", b"", regular)),
        "dots": archive(("...", b"x", regular), ("..a/b..", b"", regular)),
        "climbs": archive(("a/../b", b"", regular)),
        "long": archive(("n" * 255, b"", regular), ("n" * 256, b"", regular)),
        "empty-link": archive(("l", b"", link)),
        "too-big": archive(("a", b"1", regular), filesize=0xfffffffc),
        "no-name": archive(("a", b"1", regular), namesize=1),
        "not-hexadecimal": archive(("a", b"1", regular), uid=b"0x000001"),
        "behind-f": archive(("a", b"1", regular), uid=b"0000000g"),
        "cut": archive(("a", b"1", regular))[:-60],
    }


def cmdline_corpus():
    device = b" virtio_mmio.device=512@0xfeb00e00:12"
    return {
        "empty": b"",
        "usual": b"console=ttyS0 loglevel=7 env=A=1 init=/bin/sh ip=10.0.0.2/24 strace=1 -- one two",
        "quoted": b"env=\"A=b c\" -- \"a b\" \"\" \"c\\\"d\\\\\" x\"y z\"w 'e f' -- \"--\"",
        "devices": b"console=ttyS0 -- a" + 3 * device,
        "device-keys": device[1:] + device + b" -- \"" + device[1:] + b"\" x",
        "odd-devices": b"-- virtio_mmio.device=0@0x1:2 virtio_mmio.device=1@0xffffffffffffffff:1",
        "unknown": b"quiet foo=bar \"a b\"=c x y z -- w",
        "open-quote": b"init=/x -- \"a\\",
        "bad-env": b"env=A",
        "bad-level": b"loglevel=8",
        "bad-init": b"init=",
        "many-args": b"--" + 257 * b" a",
        "many-envs": 129 * b"env=A= ",
        "blanks": b" \t\n -- \t a\x7f \xff\x00b ",
    }


def entry(start, size, kind=1):
    return struct.pack("<QQII", start, size, kind, 0)


def start_info(entries, modules=(), cmdline=b"console=ttyS0 -- a", version=1, **lies):
    """Memory from 0x1000 on: the header, the map, the modules and the command line, one behind the other. A lie
    at_FIELD=VALUE changes the header only."""
    base, table = 0x1000 + 56, b"".join(entries)
    listed = b"".join(struct.pack("<QQQQ", start, size, 0, 0) for start, size in modules)
    header = {"modules": base + len(table), "cmdline": base + len(table) + len(listed), "map": base,
              "map_count": len(entries), "module_count": len(modules)}
    header.update({key[3:]: value for key, value in lies.items()})
    return struct.pack("<IIIIQQQQII", 0x336ec578, version, 0, header["module_count"], header["modules"],
                       header["cmdline"], 0xf5a20, header["map"], header["map_count"], 0) \
        + table + listed + cmdline + b"\0"


def raw_map(entries, module=(0, 0), has_module=0):
    return struct.pack("<QQQQ", module[0], module[1], has_module, 0x1234) + b"".join(entries)


def start_info_corpus():
    usual = [entry(0x100000, 0x400000), entry(0, 0, 0), entry(0, 0x9fc00), entry(0xf0000, 0x10000, 2),
             entry(0x100000000, 0x10000800)]
    pieces = [entry(0x100000 + 0x4000 * i, 0x1000 * (1 + i % 3)) for i in range(40)]
    return {
        "usual": start_info(usual, [(0x3f0123, 19000)]),
        "no-module": start_info(usual),
        "version-0": start_info(usual, version=0),
        "version-2": start_info(usual, version=2),
        "no-map": start_info([]),
        "null-cmdline": start_info(usual, at_cmdline=0),
        "map-outside": start_info(usual, at_map_count=100),
        "long-map": start_info(usual, at_map_count=129, cmdline=bytes(3000)),
        "full-map": start_info(usual, at_map_count=128, cmdline=bytes(3000)),
        "two-modules": start_info(usual, [(0x3f0123, 19000), (0x200000, 1)]),
        "module-outside": start_info(usual, [(0x4ff000, 0x1001)]),
        "module-on-kernel": start_info(usual, [(0x128122, 1)]),
        "module-beside-kernel": start_info(usual, [(0x128123, 1)]),
        "map-itself": start_info(usual, at_map=0x1000, at_map_count=2),
        "raw-usual": raw_map(usual, (0x3f0123, 19000), 1),
        "raw-pieces": raw_map(pieces),
        "raw-overlap": raw_map([entry(0x1000, 0x2000), entry(0x2fff, 1, 2)]),
        "raw-high": raw_map([entry(2 ** 52 - 0x1000, 0x1000), entry(2 ** 52, 0x1000, 2)]),
        "raw-wrap": raw_map([entry(2 ** 64 - 0x1000, 0x2000)]),
        "raw-empty": raw_map([], (1, 0), 1),
    }


def message(kind, req_id, body=b"", length=None):
    return struct.pack("<IIII", kind, req_id, 0, len(body) if length is None else length) + body


def xenstore_corpus():
    """The request ids are those that tests/fuzz/xenstore.c has in flight: 16 a read, 9 a list, 10 a write."""
    read, listing, write = message(2, 16, b"abcd"), message(1, 9, b"51712\0state\0"), message(11, 10, b"OK\0")
    return {
        "empty": b"",
        "all": b"\xff" + read + listing + write + message(15, 0, b"w\0000\0"),
        "bytewise": b"\0" + write + listing + read,
        "errors": b"\x3f" + message(16, 16, b"ENOENT\0") + message(16, 9, b"EFANCY\0") + message(16, 10),
        "twice": b"\x07" + read + message(2, 16, b"no"),
        "too-long-for-dst": b"\x1f" + message(2, 16, b"abcde"),
        "empty-value": b"\x1f" + message(2, 16) + message(1, 9),
        "wrong-type": b"\x1f" + message(11, 16, b"OK\0") + message(0x12345678, 9),
        "unknown-id": b"\x1f" + message(2, 8, b"late") + message(2, 0xffffffff, b"x") + message(2, 24, b"x"),
        "events": b"\x1f" + message(15, 16, b"w\0000") + message(15, 0, b"w") + message(15, 0, b"w\000007\0"),
        "no-body": b"\x1f" + message(15, 0) + message(16, 16),
        "long-body": b"\xff" + message(3, 0, bytes(3000)) + read,
        "broken": b"\x1f" + read + message(2, 9, b"x", 4097) + listing,
        "limit": b"\x1f" + read + message(2, 9, b"x", 4096) + listing,
        "huge": b"\x0f" + message(2, 16, b"", 0xffffffff),
        "cut": b"\x1f" + read + listing[:-1],
    }


def image_corpus():
    """Nothing of this is signed: it is what is parsed before that is asked."""
    first, payload = b"untrusted comment: anchorite image\n", b"hello\n"
    line = b"RUSuWAKnXfWpCrfN+BGzqe/I14dp3pOEQcEzrwGRKJXD0V5j4cKUaWJsgdupx+fifgFrK8x6JDJh3zM4UWRXTXEBUCs7vB4NvQ8=\n"
    plain = b"RWSuWAKnXfWpCkFI1th92SM/rOBmqtPDwSTvpLhnHX9A21dL2q9LlPsW1gtefFoCxczz/8ilaTtvr97G3cdzh7vPx3xqklV5rA4=\n"
    last = b"7YlT1bI5xrybY5hL42ltivh8Hvy+VNJ0jbg/5sAjcvQCDSFgpaeX0rqvBMMSFlmM0QgjI4RMMSypyftHv8fEDQ==\n"
    comment = b"trusted comment: name=web version=7 keys=console,args\n"

    def whole(text, start=len(payload)):
        return payload + text + struct.pack("<Q", start) + b"anchorite-image1"
    return {
        "minisign": whole(first + line + comment + last),
        "legacy": whole(first + plain + comment + last),
        "signify": whole(first + plain),
        "empty-comment": whole(first + line + b"trusted comment: \n" + last),
        "padded": whole(first + line + comment + last) + bytes(100),
        "nothing": whole(b""),
        "outside": whole(first + plain, 1 << 60),
        "comment": b"keys=console,env,init,ip,loglevel,strace,args name=a.b-c_D version=18446744073709551615",
    }


def corpora():
    """{target: {name: bytes}}"""
    return {"elf": elf_corpus(), "cpio": cpio_corpus(), "cmdline": cmdline_corpus(), "start_info": start_info_corpus(),
            "xenstore": xenstore_corpus(), "image": image_corpus()}


def main():
    for target, inputs in corpora().items():
        folder = os.path.join(HERE, "corpus", target)
        os.makedirs(folder, exist_ok=True)
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
        for name, data in inputs.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)


if __name__ == "__main__":
    main()
