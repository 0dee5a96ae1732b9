#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Fuzz targets: tests/fuzz/NAME.c with libFuzzer, linked with the files that the unit test NAME names.

As tests each runs a fixed number of inputs from a fixed seed. For more, and what was found is kept in build:

usage: tests/fuzz/run.py long RUNS [NAME...]
"""

import glob
import os
import re
import shutil
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "lib"), HERE]
import corpus
import harness

FLAGS = ["-std=gnu11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-fno-strict-aliasing", "-fno-omit-frame-pointer",
         "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all", "-I.", "-Itests/fuzz", "-Itests/unit"]
BUILD_DEADLINE, DEADLINE = 60, 60
RUNS = {"elf": 300000, "cpio": 200000, "cmdline": 60000, "start_info": 150000, "xenstore": 100000, "image": 200000}
MAX_LENGTH = {"start_info": 4096, "xenstore": 4096}  # else 1024: all that matters fits, and longer ones only make it slow


def targets():
    return [os.path.basename(path)[:-2] for path in sorted(glob.glob(os.path.join(HERE, "*.c")))]


def build(name):
    folder = os.path.join(harness.BUILD, "fuzz")
    os.makedirs(folder, exist_ok=True)
    program = os.path.join(folder, name)
    unit_test = os.path.join(harness.ROOT, "tests", "unit", name + ".c")
    linked = harness.load_group("unit").linked_files(unit_test)
    harness.must(["clang"] + FLAGS + ["-o", program, os.path.join(HERE, name + ".c")] + linked, BUILD_DEADLINE, "build",
                 kind=harness.CannotRun)
    return program


def command(name, program, runs, grown):
    """grown: the folder that inputs which reach new code are added to."""
    return [program, "-runs=%d" % runs, "-seed=1", "-max_len=%d" % MAX_LENGTH.get(name, 1024), "-timeout=10",
            "-print_final_stats=1", "-artifact_prefix=%s-" % program, grown, os.path.join(HERE, "corpus", name)]


def check_corpus(name):
    """What is committed is what corpus.py makes."""
    folder = os.path.join(HERE, "corpus", name)
    held = {}
    for entry in os.scandir(folder):
        with open(entry.path, "rb") as file:
            held[entry.name] = file.read()
    made = corpus.corpora()[name]
    changed = sorted(key for key in set(held) | set(made) if held.get(key) != made.get(key))
    if changed:
        raise harness.Wrong("the corpus is not what corpus.py makes: %s" % ", ".join(changed))


def run_bounded(name):
    check_corpus(name)
    program = build(name)
    grown = program + ".grown"
    shutil.rmtree(grown, ignore_errors=True)
    os.makedirs(grown)
    done = harness.run_command(command(name, program, RUNS[name], grown), DEADLINE, merge=True)
    if done.status is None:
        raise harness.Wrong("no end after %d s" % DEADLINE, done.log())
    if done.status != 0:
        found = re.search(r"does not hold: .*|SUMMARY: .*", done.log())
        held = re.search(r"Test unit written to (\S+)", done.log())
        raise harness.Wrong("%s; the input is in %s" % (found.group() if found else "ended with %d" % done.status,
                                                        held.group(1) if held else "no file"), done.log())
    if "Done %d runs" % RUNS[name] not in done.log():
        raise harness.CannotRun("did not make its %d runs" % RUNS[name], done.log())
    return done.log()


def tests():
    return [harness.Test("fuzz", name, lambda name=name: run_bounded(name)) for name in targets()]


def main(words):
    if len(words) < 2 or words[0] != "long" or not words[1].isdigit():
        sys.exit(__doc__.strip())
    os.chdir(harness.ROOT)
    for name in words[2:] or targets():
        program = build(name)
        grown = program + ".long"
        os.makedirs(grown, exist_ok=True)
        print("== %s" % name, flush=True)
        if os.spawnv(os.P_WAIT, program, command(name, program, int(words[1]), grown)) != 0:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
