# SPDX-License-Identifier: BSD-2-Clause
"""Modules and command lines that no guest may run: one clear line, status 126 (127: no application), nothing executed.

The last rows are odd but good: they show that the same writer makes what is accepted.
"""

import cpio
import elf
import harness
import vm
from elf import ENTRY, PAGE, TEXT_SEGMENT, USER_END, header, program

GOOD = program()


def with_data(**fields):
    """The good program with one more segment."""
    return program([TEXT_SEGMENT, header(**{"flags": elf.RW, "offset": 0, "vaddr": elf.BASE + 2 * PAGE, **fields})])


ELF_CASES = [
    ("elf-truncated-header", GOOD[:40], "truncated"),
    ("elf-truncated-table", GOOD[:100], "truncated"),
    ("elf-truncated-code", GOOD[:PAGE + 10], "program header 0 reaches beyond the end of the file"),
    ("elf-32-bit", program(bits=1), "32-bit"),
    ("elf-big-endian", program(order=2), "big-endian"),
    ("elf-other-machine", program(machine=elf.EM_AARCH64), "for another machine"),
    ("elf-object-file", program(kind=1), "not a program"),
    ("elf-odd-class", program(bits=9), "not an ELF file"),
    ("elf-no-headers", program(headers=[]), "truncated"),
    ("elf-65535-headers", program(count=65535), "more than 64 program headers"),
    ("elf-headers-elsewhere", program(table=1 << 63), "truncated"),
    ("elf-headers-wrap", program(table=(1 << 64) - 56), "truncated"),
    ("elf-odd-header-size", program(size=57), "program headers"),
    ("elf-interpreter", program([TEXT_SEGMENT, header(kind=elf.PT_INTERP, offset=0, filesz=16)]),
     "dynamically linked: link it with -static"),
    ("elf-write-exec", program([header(flags=elf.RWX, offset=PAGE, vaddr=ENTRY, filesz=40, memsz=40)]),
     "program header 0 is writable and executable"),
    ("elf-overlap", with_data(vaddr=ENTRY), "program header 1 overlaps"),
    ("elf-overlap-page", with_data(vaddr=ENTRY + 256, offset=256, filesz=16, memsz=16), "program header 1 overlaps"),
    ("elf-descending", program([header(vaddr=elf.BASE + 8 * PAGE), TEXT_SEGMENT]), "not in ascending order"),
    ("elf-wraps", with_data(memsz=(1 << 64) - PAGE), "outside the application's addresses"),
    ("elf-wraps-address", with_data(vaddr=(1 << 64) - PAGE, memsz=2 * PAGE), "outside the application's addresses"),
    ("elf-kernel-half", with_data(vaddr=0xffffffff80000000), "outside the application's addresses"),
    ("elf-direct-map", with_data(vaddr=0xffff800000000000), "outside the application's addresses"),
    ("elf-not-canonical", with_data(vaddr=0x800000000000), "outside the application's addresses"),
    ("elf-beyond-user-end", with_data(vaddr=USER_END, filesz=PAGE), "outside the application's addresses"),
    ("elf-page-zero", program([header(flags=elf.R, vaddr=0), TEXT_SEGMENT]), "outside the application's addresses"),
    ("elf-file-wraps", with_data(offset=(1 << 64) - PAGE), "reaches beyond the end of the file"),
    ("elf-file-exceeds-memory", with_data(filesz=PAGE, memsz=16), "more bytes in the file than in memory"),
    ("elf-not-congruent", with_data(vaddr=elf.BASE + 2 * PAGE + 8, filesz=8), "differ within the page"),
    ("elf-17-segments", program([TEXT_SEGMENT] + [header(vaddr=elf.BASE + i * PAGE, filesz=16) for i in range(2, 19)]),
     "more than 16 segments"),
    ("elf-entry-nowhere", program(entry=0x12345678), "entry outside an executable segment"),
    ("elf-entry-kernel", program(entry=0xffffffff80100000), "entry outside an executable segment"),
    ("elf-entry-in-data", program([header(flags=elf.RW, offset=PAGE, vaddr=ENTRY, filesz=40, memsz=40)]),
     "entry outside an executable segment"),
    ("elf-entry-behind-text", program(entry=ENTRY + 2000), "entry outside an executable segment"),
    ("elf-too-big", with_data(memsz=1 << 30), r"needs \d+ KiB of memory, there are \d+ KiB"),
    ("elf-far-too-big", with_data(memsz=1 << 46), r"needs \d+ KiB of memory, there are \d+ KiB"),
    ("text-file", b"#!/bin/sh\necho executed\n", "neither an ELF file nor a cpio archive"),
    ("zeroes", bytes(5000), "neither an ELF file nor a cpio archive"),
    ("one-byte", b"\x7f", "neither an ELF file nor a cpio archive"),
]


def archive(*members, program_bytes=GOOD, mode=cpio.PROGRAM, name="init"):
    """A good program between other members, which are raw bytes."""
    whole = cpio.Archive()
    for raw in members:
        whole.bytes += raw
    whole.add(name, program_bytes, mode=mode)
    return whole.end()


WHOLE = archive()
ARCHIVE_CASES = [
    ("cpio-truncated-header", WHOLE[:60], "cpio: truncated"),
    ("cpio-truncated-name", archive(cpio.member("a" * 300))[:150], "cpio: "),
    ("cpio-truncated-data", WHOLE[:PAGE], "cpio: truncated"),
    ("cpio-no-trailer", WHOLE[:-124], "cpio: truncated"),
    ("cpio-bad-magic", archive(cpio.member("file", b"x", magic=b"070799")), "cpio: bad magic"),
    ("cpio-old-format", b"070707" + WHOLE[6:], "cpio: bad magic"),
    ("cpio-bad-hex", archive(cpio.member("file", b"x", mtime=b"0000zzzz")), "not hexadecimal"),
    ("cpio-size-beyond", archive(cpio.member("file", b"x", filesize=0x7fffffff)), "reaches beyond the archive"),
    ("cpio-size-wraps", archive(cpio.member("file", b"x", filesize=0xffffffff)), "reaches beyond the archive"),
    ("cpio-name-beyond", archive(cpio.member("file", b"x", namesize=0xffffffff)), "cpio: "),
    ("cpio-name-empty", archive(cpio.member("file", b"x", namesize=0)), "cpio: a name is empty or has no end"),
    ("cpio-dotdot", archive(cpio.member("../etc/passwd", b"x")), r"cpio: a name with \.\."),
    ("cpio-dotdot-inside", archive(cpio.member("a/../../b", b"x")), r"cpio: a name with \.\."),
    ("cpio-name-long", archive(cpio.member("n" * 256, b"x")), "cpio: a name is too long"),
    ("cpio-path-long", archive(cpio.member("/".join(["part"] * 1000), b"x")), "cpio: a name is too long"),
    ("cpio-link-empty", archive(cpio.member("link", b"", mode=0o120777)), "cpio: a symbolic link's target"),
    ("cpio-behind-trailer", WHOLE + b"more", "cpio: more bytes after the trailer"),
    ("cpio-broken-init", archive(program_bytes=program(bits=1)), "/init: 32-bit"),
    ("cpio-init-not-executable", archive(mode=cpio.REGULAR), "/init is not executable"),
    ("cpio-init-folder", archive(cpio.member("init", mode=cpio.FOLDER), name="other"), "/init is a directory"),
    ("cpio-init-empty", archive(program_bytes=b""), "/init"),
]
MISSING_CASES = [
    ("no-module", None, [], 127, "no application"),
    ("empty-module", b"", [], 127, "empty|no application"),
    ("cpio-no-init", archive(name="other"), [], 127, "/init is not in the archive"),
    ("cpio-init-elsewhere", WHOLE, ["init=/bin/nothing"], 127, "/bin/nothing is not in the archive"),
    ("cpio-empty", cpio.Archive().end(), [], 127, "/init is not in the archive"),
]
LINE_CASES = [
    ("cmdline-open-quote", ['env="A=b'], "a quote is not closed"),
    ("cmdline-env-without-name", ["env==b"], "env= needs NAME=VALUE"),
    ("cmdline-loglevel", ["loglevel=loud"], "loglevel= needs a number"),
    ("cmdline-strace", ["strace=2"], "strace= needs 0 or 1"),
    ("cmdline-init-empty", ["init="], "init= needs a path"),
]
ONE_LINE = r"\Aanchorite: refused: [^\n]*\n\Z"


def refuse(_name, data, text, keys=(), status=126, args=()):
    done = vm.run("-" if data is None else vm.keep(data), args, keys)
    return vm.expect(done, status, [ONE_LINE, text], ["executed"])


def refuse_line(_name, words, text):
    """The tool would quote such words: they go to QEMU unchanged."""
    done = vm.run(vm.keep(GOOD), qemu="-append '%s'" % " ".join(words).replace("'", "'\\''"))
    return vm.expect(done, 126, [ONE_LINE, text], ["executed"])


def accept(_name, data, *keys):
    return vm.expect(vm.run(vm.keep(data), keys=keys), 0, [r"\A(anchorite: [^\n]*\n)*executed\n\Z"])


def tests():
    found = vm.table("bad", ELF_CASES, refuse, "buggyelf") + vm.table("bad", ARCHIVE_CASES, refuse)
    found += vm.table("bad", MISSING_CASES, lambda name, data, keys, status, text: refuse(name, data, text, keys, status))
    found += vm.table("bad", LINE_CASES, refuse_line)
    found += vm.table("bad", [("cmdline-8k", GOOD, "command line of 8 KiB or more", [], 126, ["x" * 8192]),
                              ("cmdline-257-arguments", GOOD, "more than 256 arguments", [], 126, ["a"] * 257)], refuse)
    return found + vm.table("odd", [
        ("elf", GOOD), ("elf-64-headers", program([TEXT_SEGMENT] + [header(kind=4, filesz=0)] * 63)),
        ("elf-tls-odd", program([TEXT_SEGMENT, header(kind=elf.PT_TLS, offset=1 << 60, vaddr=1 << 63, memsz=1 << 62)])),
        ("elf-empty-segment", with_data(filesz=0, memsz=0)), ("elf-last-page", with_data(vaddr=elf.BASE + (40 << 20))),
        ("cpio", WHOLE), ("cpio-init-named", archive(name="bin/x"), "init=/bin/x"), ("cpio-dot", archive(name="./init")),
        ("cpio-unknown-key", WHOLE, "quiet=1", "root=/dev/xvda"),
        ("cpio-padded", WHOLE + bytes(8192))], accept)
