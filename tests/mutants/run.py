# SPDX-License-Identifier: BSD-2-Clause
"""Does the proof notice? A seeded sample of mutants of the proved functions: none may survive the proof and the unit tests
(proofs/mutants). And contradictions planted in what functions require, where everything can be proved: smoke tests find them."""

import os
import shutil
import sys

import harness

source = harness.load_module("proofs", "source")
COUNT, SEED = 20, 1
DEADLINE, PLANTED_DEADLINE = 1500, 300
# the module, its function whose smoke tests must find it, a clause of the module's spec, and what is planted behind that
PLANTED = [
    ("ring", "ring_room", "WrapSub(r->req_published, r->rsp_cons) <= RingInFlight(r)",
     "WrapSub(r->req_published, r->rsp_cons) > 300"),
    ("queue", "queue_append", "QueuesEnd && QueuesApart",
     "Waits(3, QUEUE_THREADS) && queue_links.after[QUEUE_THREADS] == QUEUE_THREADS"),
    ("frame", "pool_take", "frame_pool[p].nfree <= frame_pool[p].high - frame_pool[p].first",
     "frame_pool[p].nfree > frame_pool[p].high - frame_pool[p].first"),
]


def run_sample():
    words = [sys.executable, "-B", "proofs/mutants", "--par", "1", "--sample", str(COUNT), "--seed", str(SEED)]
    done = harness.run_command(words, DEADLINE, merge=True)
    if done.status != 0:
        raise harness.Wrong("no end after %d s" % DEADLINE if done.status is None else "a mutant survived", done.log())
    return done.log()


def find_planted(module, function, clause, planted):
    """Does the proof of the function fail for that reason, in a tree of its own?"""
    tree = os.path.join(harness.BUILD, "planted", module)
    shutil.rmtree(tree, ignore_errors=True)
    source.copy_tree(harness.ROOT, tree)
    path = os.path.join(tree, "spec", module + ".acsl")
    text = source.read_text(path)
    if text.count(clause) != 1:
        raise harness.Wrong("%s has not one \"%s\"" % (path, clause), "")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(clause, "%s && %s" % (clause, planted)))
    words = [sys.executable, "-B", os.path.join(tree, "proofs", "run"), "--only", function, "--par", "1", module]
    done = harness.run_command(words, PLANTED_DEADLINE, merge=True)
    if done.status != 1 or "contradiction: " not in done.log():
        raise harness.Wrong("the contradiction was not found", done.log())
    return done.log()


def tests():
    found = [harness.Test("mutants", "contradiction-" + row[0], lambda row=row: find_planted(*row)) for row in PLANTED]
    return found + [harness.Test("mutants", "sample", run_sample)]
