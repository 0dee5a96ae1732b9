# SPDX-License-Identifier: BSD-2-Clause
"""Rules about source text. Each takes a file and gives a line for every place that breaks it."""

import os
import re

import harness

FILE_LINES, FUNCTION_LINES, KERNEL_LINES = 400, 60, 21000

# The tower: a file includes from its own folder and from folders with a smaller number (DESIGN: layout).
FOLDERS = {"lib": 1, "x86": 2, "boot": 3, "mm": 4, "xen": 5, "drivers": 6, "kernel": 7}
TREES = list(FOLDERS) + ["tests", "proofs", "hermit"]
SKIPPED = {".git", "build", "__pycache__"}

FREESTANDING = {"stdint.h", "stdbool.h", "stddef.h", "stdarg.h"}
LINUX_FOLDERS, XEN_FOLDERS = {"kernel", "drivers"}, {"xen", "drivers"}
START_INFO = "xen/arch-x86/hvm/start_info.h"

# Headers whose guard programs know by name.
GUARDS = {"hermit/include/hermit/syscall.h": "__SYSCALL_H__"}

HYPERCALLS = ("xen/hypercall.c", "xen/hypercall.h")
SHARED_MEMORY = ("lib/shm.h",)  # fences and locked accesses, which the proofs know by their contracts
USER_COPIES = "mm/user.c"
HACL = "lib/hacl/"  # what joins foreign code with ours


def walk():
    """Every file of the tree by its path from the root, sorted."""
    found = []
    for folder, names, files in os.walk(harness.ROOT):
        names[:] = sorted(set(names) - SKIPPED)
        found += [os.path.relpath(os.path.join(folder, name), harness.ROOT) for name in files]
    return sorted(found)


def c_files():
    return [path for path in walk() if path.endswith((".c", ".h", ".S")) and path.split("/")[0] in TREES]


def lines_of(path):
    with open(os.path.join(harness.ROOT, path), encoding="utf-8") as file:
        return file.read().split("\n")[:-1]


def first_line(path):
    with open(os.path.join(harness.ROOT, path), "rb") as file:
        return file.readline(200)


def is_shell(path):
    return path.endswith(".sh") or bool(re.match(rb"#!.*\b(ba)?sh\b", first_line(path)))


def is_python(path):
    return path.endswith(".py") or bool(re.match(rb"#!.*\bpython3?\b", first_line(path)))


def scripts():
    return [path for path in walk() if is_shell(path) or is_python(path)]


def text_files():
    """All that people write, but for prose."""
    kinds = (".c", ".h", ".S", ".lds", ".acsl", ".toml", "Makefile", ".cc", ".f90", ".go")
    return sorted(set(scripts() + [path for path in walk() if path.endswith(kinds)]))


def kernel_folder(path):
    """The folder of the tower that a path lies in, or None."""
    folder = path.split("/")[0]
    return folder if folder in FOLDERS else None


def without_comments(text):
    """The text with comments and strings blanked; the lines stay where they are."""
    def blank(match):
        piece = match.group()
        return '""' if piece[0] == '"' else "' '" if piece[0] == "'" else re.sub(r"[^\n]", " ", piece)
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', blank, text, flags=re.DOTALL)


class Source:
    """A file of C or assembly: its lines, and its lines without comments and strings."""

    def __init__(self, path):
        self.path = path
        self.folder = kernel_folder(path)
        self.lines = lines_of(path)
        self.code = without_comments("\n".join(self.lines)).split("\n")

    def places(self, pattern, what, lines=None):
        return ["%s:%d: %s" % (self.path, number, what) for number, line in enumerate(lines or self.code, 1)
                if re.search(pattern, line)]


def wrong_includes(file):
    if not file.folder:
        return []
    complaints = []
    for number, line in enumerate(file.lines, 1):
        match = re.match(r'\s*#\s*include\s*(?:"([^"]*)"|<([^>]*)>|(.*))', line)
        if match:
            own, system, other = match.groups()
            reason = why_not_own(file, own) if own else why_not_system(file, system) if system else "neither \"\" nor <>"
            if reason:
                complaints.append("%s:%d: %s: %s" % (file.path, number, own or system or other, reason))
    return complaints


def why_not_own(file, name):
    """The reason against an include "folder/name", or None."""
    folder = name.split("/")[0]
    if file.path.startswith(HACL) and os.path.basename(name).startswith("Hacl_"):  # fetched into build/
        return None
    if name.endswith("_generated.h"):  # the Makefile writes it into build/gen
        return None
    if not os.path.isfile(os.path.join(harness.ROOT, name)):
        return "no such file below the root"
    if folder == "spec" and name.endswith(".acsl"):
        return None
    if folder not in FOLDERS:
        return "outside the tower"
    if folder != file.folder and FOLDERS[folder] >= FOLDERS[file.folder]:
        return "%s (%d) may not include from %s (%d)" % (file.folder, FOLDERS[file.folder], folder, FOLDERS[folder])
    return None


def why_not_system(file, name):
    """The reason against an include <name>, or None."""
    if name in FREESTANDING or name == "linux/errno.h" or (file.folder == "mm" and name == "linux/mman.h"):
        return None
    if name.startswith(("linux/", "asm/")):
        return None if file.folder in LINUX_FOLDERS else "Linux headers only in kernel/ and drivers/, linux/mman.h in mm/"
    if name.startswith("xen/"):
        allowed = file.folder in XEN_FOLDERS or (file.folder == "boot" and name == START_INFO)
        return None if allowed else "Xen headers only in xen/ and drivers/, start_info.h in boot/"
    return "not a header that a freestanding kernel has"


def too_long(path):
    count = len(lines_of(path))
    return ["%s: %d lines, at most %d" % (path, count, FILE_LINES)] if count > FILE_LINES else []


def long_functions(file):
    """A function's body stands between a { and a } that are alone in the first column."""
    complaints, start = [], None
    for number, line in enumerate(file.code, 1):
        if line.rstrip() == "{":
            start = number - 1
        elif line.startswith("}") and start:
            if number - start + 1 > FUNCTION_LINES:
                complaints.append("%s:%d: function of %d lines, at most %d" % (file.path, start, number - start + 1,
                                                                               FUNCTION_LINES))
            start = None
    return complaints


def forbidden_code(file):
    """No goto, no tab, no conditional compilation but one guard around a header."""
    if file.path.endswith(".S"):
        return conditionals(file)
    return file.places(r"\bgoto\b", "goto") + file.places(r"\t", "tab", file.lines) + conditionals(file)


def conditionals(file):
    found = [(number, line) for number, line in enumerate(file.code, 1)
             if re.match(r"\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b", line)]
    if file.path.endswith("_list.h"):  # read several times on purpose, each time with another macro
        return ["%s: want no conditional in a list" % file.path] if found else []
    if file.path.endswith(".h"):
        guard = GUARDS.get(file.path) or re.sub(r"[^A-Z0-9]", "_", file.path.upper())
        lines = [line.split() for _, line in found]
        if lines != [["#ifndef", guard], ["#endif"]]:
            return ["%s: want one guard %s and no other conditional" % (file.path, guard)]
        return []
    return ["%s:%d: conditional compilation" % (file.path, number) for number, _ in found]


def stray_asm(file):
    """Instructions in C only in x86/, for the hypercall itself and for shared memory; an empty template is a barrier for the compiler."""
    if not file.folder or file.path.endswith(".S"):
        return []
    complaints = []
    if file.folder != "x86" and file.path not in HYPERCALLS and file.path not in SHARED_MEMORY:
        barrier = re.compile(r'__asm__ volatile\(""')
        complaints += ["%s:%d: assembly outside x86/" % (file.path, number)
                       for number, (line, code) in enumerate(zip(file.lines, file.code), 1)
                       if re.search(r"\b(__asm__|__asm|asm)\b(?!/)", code) and not barrier.search(line)
                       and not re.match(r"\s*#\s*include", line)]
    if file.folder != "x86" and file.path != USER_COPIES:
        complaints += file.places(r"\b(stac|clac)\b", "user pages opened outside " + USER_COPIES)
    return complaints


def missing_licence(file):
    wanted = "/* SPDX-License-Identifier: BSD-2-Clause */"
    return [] if file.lines[:1] == [wanted] else ["%s:1: want %s" % (file.path, wanted)]


def open_ends(path):
    """A word for something left open needs the number of its issue."""
    pattern = re.compile(r"\b(?:%s)\b(?!\(#\d+\))" % "|".join(("TO" "DO", "FIX" "ME", "X" "XX")))
    return ["%s:%d: left open without an issue: (#N)" % (path, number)
            for number, line in enumerate(lines_of(path), 1) if pattern.search(line)]
