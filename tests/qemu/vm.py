# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of this group share: building a program, and running it in a guest by boot/anchorite."""

import hashlib
import os
import re
import sys
import threading

import harness

HERE = os.path.dirname(os.path.realpath(__file__))
TOOL = os.path.join(harness.ROOT, "boot", "anchorite")
OUT = os.path.join(harness.BUILD, "qemu")
CHECK_H = os.path.join(harness.ROOT, "tests", "guest")
WARNINGS = ["-O1", "-g", "-Wall", "-Wextra", "-Werror", "-I" + CHECK_H]
DEADLINE, BUILD_DEADLINE = 30, 120

build_lock = threading.Lock()


def build(name, compiler=("musl-gcc", "-static"), flags=()):
    """The path of the program made of NAME.c in this folder, built when it is not newer than that."""
    source, program = os.path.join(HERE, name + ".c"), os.path.join(OUT, name)
    with build_lock:
        os.makedirs(OUT, exist_ok=True)
        if not harness.is_newer(program, [source]):
            harness.must([*compiler, *WARNINGS, *flags, "-o", program, source], BUILD_DEADLINE, "build",
                         kind=harness.CannotRun)
    return program


def keep(data):
    """A file with these bytes: its name follows from them, so that tests that run at once do not meet."""
    os.makedirs(OUT, exist_ok=True)
    path = os.path.join(OUT, "module-" + hashlib.sha256(data).hexdigest()[:16])
    with build_lock:
        if not os.path.exists(path):
            with open(path + ".new", "wb") as file:
                file.write(data)
            os.rename(path + ".new", path)
    return path


def run(module, args=(), keys=(), env=(), machine="microvm", memory="64M", qemu="", kernel=None, stdin=None):
    """Runs the module (a path, or - for none) in a guest."""
    if not os.path.exists(kernel or harness.KERNEL):
        raise harness.CannotRun("no kernel at %s: run make" % harness.KERNEL)
    words = [sys.executable, "-B", TOOL, "run", "-k", kernel or harness.KERNEL, "-t", str(DEADLINE), "-M", machine,
             "-m", memory]
    for key in keys:
        words += ["-a", key]
    for variable in env:
        words += ["-e", variable]
    if qemu:
        words += ["-q", qemu]
    done = harness.run_command(words + [module, *args], DEADLINE + 10, stdin=stdin)
    harness.check_started(done)
    return done


def expect(done, status, patterns=(), lacks=()):
    """Judges how a guest ended by its status and by regular expressions that its output has to have, or must not have."""
    text = harness.text_of(done.output)
    wrong = ["status %s, want %s" % (done.status, status)] if done.status != status else []
    wrong += ["output lacks %r" % each for each in patterns if not re.search(each, text, re.MULTILINE)]
    wrong += ["output has %r" % each for each in lacks if re.search(each, text, re.MULTILINE)]
    if wrong:
        raise harness.Wrong("; ".join(wrong), done.log())
    return done.log()


def table(prefix, rows, run_row, topic=None):
    """A test for each row; the first thing in a row is its name. All are found by their topic, too."""
    return [harness.Test("qemu", "%s-%s" % (prefix, row[0]), lambda row=row: run_row(*row), topic or prefix)
            for row in rows]
