# SPDX-License-Identifier: BSD-2-Clause
"""Writes small ELF programs, good ones and, for tests, broken ones.

A good one prints `executed` and ends with 0: where a broken one is refused, nobody may see that word.
"""

import struct

PT_LOAD, PT_INTERP, PT_TLS = 1, 3, 7
R, RX, RW, RWX = 4, 5, 6, 7
ET_EXEC, ET_DYN, EM_X86_64, EM_AARCH64 = 2, 3, 62, 183
BASE, PAGE = 0x400000, 4096
ENTRY = BASE + PAGE
USER_END = 0x7ffffffff000

TEXT = b"executed\n"
# mov $1,%eax; mov $1,%edi; lea text(%rip),%rsi; mov $9,%edx; syscall; mov $231,%eax; xor %edi,%edi; syscall
CODE = bytes.fromhex("b801000000 bf01000000 488d3510000000 ba09000000 0f05 b8e7000000 31ff 0f05") + TEXT
INTERPRETER = b"/lib64/ld-linux-x86-64.so.2\0"


def header(kind=PT_LOAD, flags=R, offset=0, vaddr=BASE, filesz=PAGE, memsz=PAGE, align=PAGE):
    """One program header."""
    return struct.pack("<IIQQQQQQ", kind, flags, offset, vaddr, vaddr, filesz, memsz, align)


TEXT_SEGMENT = header(flags=RX, offset=PAGE, vaddr=ENTRY, filesz=len(CODE), memsz=len(CODE))


def program(headers=None, count=None, kind=ET_EXEC, machine=EM_X86_64, bits=2, order=1, entry=ENTRY, table=64, size=56,
            length=None):
    """The file: headers and code in the second page; by default just one segment, the code."""
    headers = [TEXT_SEGMENT] if headers is None else headers
    ident = b"\x7fELF" + bytes([bits, order, 1]) + bytes(9)
    first = ident + struct.pack("<HHIQQQIHHHHHH", kind, machine, 1, entry, table, 0, 0, 64, size,
                                len(headers) if count is None else count, 0, 0, 0)
    data = (first + b"".join(headers)).ljust(PAGE, b"\0") + CODE
    return data if length is None else data[:length]
