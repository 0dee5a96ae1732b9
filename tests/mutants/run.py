# SPDX-License-Identifier: BSD-2-Clause
"""A seeded sample of mutants of the proved functions: none may survive the proof and the unit tests (proofs/mutants)."""

import sys

import harness

COUNT, SEED = 20, 1
DEADLINE = 1500


def run_sample():
    words = [sys.executable, "-B", "proofs/mutants", "--par", "1", "--sample", str(COUNT), "--seed", str(SEED)]
    done = harness.run_command(words, DEADLINE, merge=True)
    if done.status != 0:
        raise harness.Wrong("no end after %d s" % DEADLINE if done.status is None else "a mutant survived", done.log())
    return done.log()


def tests():
    return [harness.Test("mutants", "sample", run_sample)]
