# SPDX-License-Identifier: BSD-2-Clause
"""The page tables and control registers of a running guest, read by a debugger while its program is in a system call.

Every entry of every table is walked. The tests bear the names of what must not happen: textalias, wnox, zeropage, guardpage, smep, smap, umip.
"""

import collections
import functools
import struct
import threading

import gdb
import harness
import vm

P, W, U, LARGE, NX = 1, 2, 4, 0x80, 1 << 63
ADDRESS = 0x000ffffffffff000
PAGE, USER_END = 4096, 0x7ffffffff000
KERNEL_HALF = 0xffff800000000000
LOWEST_USER = 0x10000
THREADS_BASE, THREADS_SIZE, THREAD_AREA = 0xffffffff80400000, 0x1000000, 0x8000 # x86/layout.h
SIZES = (1 << 39, 1 << 30, 1 << 21, PAGE)
CR0_NE, CR0_WP, CR0_PG = 1 << 5, 1 << 16, 1 << 31
CR4_UMIP, CR4_FSGSBASE, CR4_PCE, CR4_SMEP, CR4_SMAP = 1 << 11, 1 << 16, 1 << 8, 1 << 20, 1 << 21
EFER_NXE, EFER_SCE = 1 << 11, 1

# A mapping: where, to what, how long, and what all levels of tables together allow.
Leaf = collections.namedtuple("Leaf", "address physical size writable user executable")
Seen = collections.namedtuple("Seen", "registers leaves tables")

look_lock = threading.Lock()


def walk(guest, table, level, base, rights, seen):
    """All mappings below one table. rights: (writable, user, executable) so far."""
    entries = struct.unpack("<512Q", guest.read_physical(table, PAGE))
    for index, entry in enumerate(entries):
        if not entry & P:
            continue
        address = base + index * SIZES[level]
        if level == 0 and index >= 256:
            address += 0xffff000000000000
        now = (rights[0] and bool(entry & W), rights[1] and bool(entry & U), rights[2] and not entry & NX)
        target = entry & ADDRESS
        if level == 3 or (level in (1, 2) and entry & LARGE):
            seen.leaves.append(Leaf(address, target & -SIZES[level], SIZES[level], *now))
        else:
            walk(guest, target, level + 1, address, now, seen)


def tables_of(guest, table, level, tables):
    tables.add(table)
    if level < 3:
        for entry in struct.unpack("<512Q", guest.read_physical(table, PAGE)):
            if entry & P and not entry & LARGE:
                tables_of(guest, entry & ADDRESS, level + 1, tables)


@functools.cache
def look_once(machine, memory, qemu):
    with gdb.Guest(vm.build("calls"), machine, memory, qemu) as guest:
        guest.run_to("sys_getppid")
        seen = Seen(guest.registers(), [], set())
        root = seen.registers["cr3"] & ADDRESS
        walk(guest, root, 0, 0, (True, True, True), seen)
        tables_of(guest, root, 0, seen.tables)
    if len(seen.leaves) < 100 or not any(leaf.user for leaf in seen.leaves):
        raise harness.CannotRun("saw only %d mappings" % len(seen.leaves))
    return seen


def look(machine="microvm", memory="64M", qemu=""):
    with look_lock:
        return look_once(machine, memory, qemu)


def image(name):
    return gdb.symbols()[name]


def image_physical(name):
    return image(name) - 0xffffffff80000000


def overlaps(leaf, start, end):
    return leaf.physical < end and start < leaf.physical + leaf.size


def broken(leaves, what):
    if leaves:
        raise harness.Wrong("%d mappings %s" % (len(leaves), what), "\n".join(
            "%016x -> %x, %x bytes%s%s%s" % (leaf.address, leaf.physical, leaf.size, " W" * leaf.writable,
                                            " U" * leaf.user, " X" * leaf.executable) for leaf in leaves[:20]))


def wnox(seen):
    broken([leaf for leaf in seen.leaves if leaf.writable and leaf.executable], "are writable and executable")


def textalias(seen):
    """Text and constants have no writable alias anywhere; nothing else of the kernel half is executable."""
    start, end = image_physical("image_start"), image_physical("image_data")
    broken([leaf for leaf in seen.leaves if leaf.writable and overlaps(leaf, start, end)], "are writable and show text")
    broken([leaf for leaf in seen.leaves if leaf.executable and not leaf.user
            and not image("image_start") <= leaf.address < image("image_rodata")], "are executable and no text")
    text = [leaf for leaf in seen.leaves if leaf.executable and not leaf.user]
    if sum(leaf.size for leaf in text) != image("image_rodata") - image("image_start"):
        raise harness.Wrong("not all of the text is mapped once")


def halves(seen):
    """The application's mappings are in its half, the kernel's in its own; no frame of the kernel is in both."""
    broken([leaf for leaf in seen.leaves if leaf.user and leaf.address + leaf.size > USER_END], "are the user's but high")
    broken([leaf for leaf in seen.leaves if not leaf.user and leaf.address < KERNEL_HALF], "are the kernel's but low")
    start, end = image_physical("image_start"), image_physical("image_end")
    broken([leaf for leaf in seen.leaves if leaf.user and overlaps(leaf, start, end)], "show the kernel to the user")
    broken([leaf for leaf in seen.leaves if leaf.user and leaf.physical in seen.tables], "show page tables to the user")
    users = [leaf.physical for leaf in seen.leaves if leaf.user]
    if len(users) != len(set(users)):
        raise harness.Wrong("a frame is mapped twice for the user")


def zeropage(seen):
    broken([leaf for leaf in seen.leaves if leaf.address < LOWEST_USER], "are in the first 64 KiB")


def thread_areas(seen):
    """Of each thread's 32 KiB only the stack (from the second page on) and what is known of the thread (one page) are mapped."""
    areas = [leaf for leaf in seen.leaves if THREADS_BASE <= leaf.address < THREADS_BASE + THREADS_SIZE]
    if not areas:
        raise harness.CannotRun("no thread has a stack")
    broken([leaf for leaf in areas if leaf.size != PAGE or not 1 <= leaf.address % THREAD_AREA // PAGE <= 4],
           "lie where a thread's guard should be")


def guardpage(seen):
    guards = [address for name, address in gdb.symbols().items() if name.startswith("stack_") and name.endswith("_guard")]
    if len(guards) < 4:
        raise harness.CannotRun("found %d guards" % len(guards))
    broken([leaf for leaf in seen.leaves if leaf.address in guards], "lie where a guard should be")
    thread_areas(seen)
    physical = [address - 0xffffffff80000000 for address in guards]
    broken([leaf for leaf in seen.leaves if any(overlaps(leaf, each, each + PAGE) for each in physical)],
           "show a guard page elsewhere")


def bits(register, on, off=0):
    def judge(seen):
        value = seen.registers[register]
        if value & on != on or value & off:
            raise harness.Wrong("%s is %#x: want %#x on and %#x off" % (register, value, on, off))
    return judge


RULES = {"wnox": wnox, "textalias": textalias, "halves": halves, "zeropage": zeropage, "guardpage": guardpage,
         "wp": bits("cr0", CR0_NE | CR0_WP | CR0_PG), "smep": bits("cr4", CR4_SMEP), "smap": bits("cr4", CR4_SMAP),
         "umip": bits("cr4", CR4_UMIP, CR4_FSGSBASE | CR4_PCE), "nx": bits("efer", EFER_NXE | EFER_SCE)}
TABLES = (wnox, textalias, halves, zeropage, guardpage)
PLACES = [("q35", "64M", ""), ("pc", "64M", ""), ("microvm", "3M", ""), ("microvm", "1025M", ""), ("microvm", "5G", ""),
          ("microvm", "64M", "-cpu qemu64")]


def judge_tables(place):
    seen = look(*place)
    for rule in TABLES:
        rule(seen)
    return "%d mappings" % len(seen.leaves)


def tests():
    found = [harness.Test("qemu", "tables-" + name, lambda rule=rule: rule(look()), name)
             for name, rule in RULES.items()]
    return found + [harness.Test("qemu", "tables@" + "-".join(place[:2]) + ("-old-cpu" if place[2] else ""),
                                 lambda place=place: judge_tables(place), "tables") for place in PLACES]
