# SPDX-License-Identifier: BSD-2-Clause
"""What must never happen in the kernel, made to happen by a debugger: each time one report, status 125, no hang.

So the walls hold from the inside as well: canaries (ssp), no execution of data, of user pages (smep) or of nothing, no
access to user memory but by the copies (smap), no write to text, a guard under the stack.
"""

import re

import gdb
import harness
import vm

PANIC_STATUS = 125
FRAME_RIP = 136  # struct trap_frame, which the argument of every system call points to
SCRATCH = 4096   # below the stack pointer is room
PAGE_FAULT, PROTECTION = "page fault 14", "exception 13"


def user_code(guest):
    """The address that the system call returns to: a page of the application that is there."""
    return guest.read_word(guest.registers()["rdi"] + FRAME_RIP)


def jump(guest, address):
    guest.set("rip", address)


def copy(guest, to, source):
    """memcpy of 8 bytes, as if the kernel had called it."""
    guest.set("rdi", to)
    guest.set("rsi", source)
    guest.set("rdx", 8)
    jump(guest, gdb.symbols()["memcpy"])


def scratch(guest):
    return guest.registers()["rsp"] - SCRATCH


def ssp(guest):
    guest.run_to("sys_uname")
    guest.run_to("format_string")
    guest.write(gdb.symbols()["__stack_chk_guard"], b"12345678")


def stack_overflow(guest):
    guest.run_to("sys_uname")
    guest.set("rsp", gdb.symbols()["stack_main_guard"] + 4096 + 64)


def swapgs(guest):
    """What an unbalanced one leaves."""
    had = guest.registers()
    guest.set("gs_base", had["k_gs_base"])
    guest.set("k_gs_base", had["gs_base"])


CASES = [
    ("smep", lambda guest: jump(guest, user_code(guest)), r"page fault 14 .*jump out of the kernel's text"),
    ("smap-read", lambda guest: copy(guest, scratch(guest), user_code(guest)), PAGE_FAULT),
    ("smap-write", lambda guest: copy(guest, user_code(guest), scratch(guest)), PAGE_FAULT),
    ("nx-data", lambda guest: jump(guest, gdb.symbols()["image_data"]), r"page fault 14 .*jump out of"),
    ("nx-stack", lambda guest: jump(guest, scratch(guest)), r"page fault 14 .*jump out of"),
    ("nx-rodata", lambda guest: jump(guest, gdb.symbols()["image_rodata"]), r"page fault 14 .*jump out of"),
    ("nx-direct-map", lambda guest: jump(guest, 0xffff800000100000), r"page fault 14 .*jump out of"),
    ("nullcall", lambda guest: jump(guest, 0), r"page fault 14 .*jump out of"),
    ("nullread", lambda guest: copy(guest, scratch(guest), 0), PAGE_FAULT),
    ("nullwrite", lambda guest: copy(guest, 0, scratch(guest)), PAGE_FAULT),
    ("xnow", lambda guest: copy(guest, gdb.symbols()["image_start"], scratch(guest)), PAGE_FAULT),
    ("xnow-alias", lambda guest: copy(guest, 0xffff800000100000, scratch(guest)), PAGE_FAULT),
    ("rnow", lambda guest: copy(guest, gdb.symbols()["image_rodata"], scratch(guest)), PAGE_FAULT),
    ("window", lambda guest: copy(guest, scratch(guest), 0xffffffff803ff000), PAGE_FAULT),
    ("not-canonical", lambda guest: copy(guest, scratch(guest), 1 << 63), PROTECTION),
    ("gs", lambda guest: guest.set("gs_base", 0), PAGE_FAULT + " .*, gs is nobody's$"),
    ("swapgs", swapgs, PAGE_FAULT + " .*, gs is the application's$"),
    ("ssp", ssp, "stack canary overwritten"),
    ("guardpage", stack_overflow, "kernel stack overflow at text"),
]


def stage(_name, misfortune, report):
    with gdb.Guest(vm.build("calls")) as guest:
        if misfortune not in (ssp, stack_overflow):
            guest.run_to("sys_getppid")
        misfortune(guest)
        done = guest.finish()
    text = harness.text_of(done.output)
    if len(re.findall("panic", text)) != 1 or not re.search("^anchorite: panic: .*" + report, text, re.MULTILINE):
        raise harness.Wrong("want one report of %r" % report, text)
    if not text.endswith("exit status=%d\n" % PANIC_STATUS) or done.status != 2 * PANIC_STATUS + 1:
        raise harness.Wrong("want status %d, QEMU ended with %s" % (PANIC_STATUS, done.status), text)
    if re.search("ffff8|ffffffff[89a-f]", text):
        raise harness.Wrong("the report tells an address of the kernel", text)
    return text


def tests():
    return [test for case in CASES for test in vm.table("panic", [case], stage, case[0].split("-")[0])]
