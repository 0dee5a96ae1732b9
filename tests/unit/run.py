# SPDX-License-Identifier: BSD-2-Clause
"""Unit tests: tests/unit/NAME.c, each a host program with sanitizers, and tests/unit/NAME.py for the host tool and the proofs' scripts.

A C test names the files it is linked with in a comment: /* links: kernel/elf.c lib/format.c */
"""

import glob
import os
import re
import sys

import harness

HERE = os.path.dirname(os.path.realpath(__file__))
INCLUDES = harness.load_module("proofs", "source").includes(".") + ["-Itests/unit"]
FLAGS = ["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-fno-strict-aliasing", "-fno-omit-frame-pointer",
         "-fsanitize=address,undefined", "-fno-sanitize-recover=all"] + INCLUDES
BUILD_DEADLINE = 180
DEADLINE = 30


def linked_files(source):
    with open(source, encoding="utf-8") as file:
        found = re.search(r"/\*\s*links:(.*?)\*/", file.read(), re.DOTALL)
    if not found:
        raise harness.CannotRun("%s has no comment /* links: FILE.c... */" % os.path.relpath(source, harness.ROOT))
    return found.group(1).replace("*", " ").split()


def judge(words):
    done = harness.run_command(words, DEADLINE, merge=True)
    if done.status is None:
        raise harness.Wrong("no end after %d s" % DEADLINE, done.log())
    if done.status != 0:
        raise harness.Wrong("ended with %d" % done.status, done.log())
    return done.log()


def run_c(source, name):
    folder = os.path.join(harness.BUILD, "unit")
    os.makedirs(folder, exist_ok=True)
    program = os.path.join(folder, name)
    harness.must(["gcc"] + FLAGS + ["-o", program, source] + linked_files(source), BUILD_DEADLINE, "build",
                 kind=harness.CannotRun)
    return judge([program])


def tests():
    found = []
    for source in sorted(glob.glob(os.path.join(HERE, "*.c"))):
        name = os.path.basename(source)[:-2]
        found.append(harness.Test("unit", name, lambda source=source, name=name: run_c(source, name)))
    for source in sorted(glob.glob(os.path.join(HERE, "*.py"))):
        name = os.path.basename(source)[:-3]
        if name != "run":
            found.append(harness.Test("unit", name, lambda source=source: judge([sys.executable, "-B", source])))
    return found
