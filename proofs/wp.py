# SPDX-License-Identifier: BSD-2-Clause
"""Frama-C WP as a function: what it is given, and what its words mean."""

import os
import re
import shutil
import subprocess
import tempfile

import drivers
import library
import source

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
BUILD = os.path.join(ROOT, "build", "proofs")
WHY3 = os.path.join(ROOT, "build", "why3")
HEAP = os.path.join(WHY3, "heap.cmxs")
SHARE = os.path.join(WHY3, "share")
STANDARD = os.path.join(WHY3, "stdlib")
INCLUDES = source.includes(ROOT) + ["-I/usr/include", "-I/usr/include/x86_64-linux-gnu"]
FRAMA_C = ["frama-c", "-c11", "-machdep", "gcc_x86_64", "-kernel-warn-key",
           "asm:clobber=inactive,typing:implicit-function-declaration=abort,annot-error=abort",
           "-cpp-extra-args=" + " ".join(INCLUDES), "-wp-rte", "-wp-frama-c-stdlib-terminate", "-wp-cache", "none",
           "-load-module", HEAP, "-wp-share", SHARE]
STRICT = ["-warn-unsigned-overflow", "-warn-unsigned-downcast"]
NARROWING = ["-warn-unsigned-overflow"]
WEAKENING = re.compile(r"Missing terminates|pedantic-assigns|Missing assigns|Cast with incompatible pointers"
                       r"|[Ii]mplicit declaration|Neither code nor|No goal generated|User Error|undefined function"
                       r"|Missing decreases|Ignored|Unsupported")
GOAL = re.compile(r"\[wp\] \[[^]]*\] Goal (\S+)( : Valid)?")
SMOKE = re.compile(r"\[wp\] \[([^]]*)\] Smoke-test (\S+)")
COUNT = re.compile(r"\[wp\] Proved goals:\s+\d+ / (\d+)")
SCHEDULED = re.compile(r"\[wp\] (\d+) goals? scheduled")
# Tries in cvc5's and cvc4's units and z3's steps, which no load changes: most end within a tenth of a second, `more` within
# three. z3 without its search for models only matches triggers and ends when nothing is left to match. A smoke test uses up all
# that it gets: 0.06 s (cvc5 takes five times as long to find the same planted contradictions).
# (z3 may stay in arithmetic for minutes between two steps, so it has two seconds besides. WP also ends a prover by the clock,
# two seconds after its limit: LONG_SECONDS is for that.)
BRIEF_CVC5, MATCH_Z3, SMOKE_Z3 = 100000, 600000, 200000
MORE_Z3, MORE_CVC4, MORE_CVC5 = 1500000, 130000, 500000
LONG_SECONDS, LAST_SECONDS = 12, 60
# Frama-C's own simplification of branches and constants takes three quarters of its time and spares the provers one goal in 30.
RAW, PRUNED = ["-wp-no-pruning", "-wp-no-ground"], ["-wp-pruning", "-wp-ground"]
HEAD = """[main]
magic = 14
memlimit = 2000
running_provers_max = 2
timelimit = 10
"""
PROVER = """
[prover]
command = "{command} %f"
{steps}driver = "{driver}"
editor = ""
in_place = false
interactive = false
name = "{name}"
shortcut = "{shortcut}"
version = "{version}"
"""
Z3 = "/usr/bin/z3 -smt2 sat.random_seed=42 nlsat.randomize=false smt.random_seed=42 -st"
Z3_MATCH = Z3 + " auto_config=false smt.mbqi=false"
CVC4, CVC5 = "/usr/bin/cvc4 --stats --lang=smt2", "/usr/bin/cvc5 --lang=smt2"


def provers(share):
    """(name, version, driver, command, its option for a number of steps) of each."""
    limit = "/usr/bin/prlimit --cpu=%d "
    yield "Z3", "4.8.12", "z3", Z3, " rlimit=%S"
    yield "Z3match", "4.8.12", "z3_lean", limit % 2 + Z3_MATCH + " rlimit=%d" % (share * MATCH_Z3), ""
    yield "Z3more", "4.8.12", "z3", limit % 1 + Z3 + " rlimit=%d" % (share * MORE_Z3), ""
    yield "Z3smoke", "4.8.12", "z3_lean", limit % 2 + Z3_MATCH + " rlimit=%d" % SMOKE_Z3, ""
    yield "CVC4", "1.8", "cvc4", CVC4, " --rlimit=%S"
    yield "CVC4more", "1.8", "cvc4", CVC4 + " --rlimit=%d" % (share * MORE_CVC4), ""
    yield "CVC5", "1.0.3", "cvc5", CVC5, " --rlimit=%S"
    yield "CVC5brief", "1.0.3", "cvc5_lean", CVC5 + " --rlimit=%d" % (share * BRIEF_CVC5), ""
    yield "CVC5more", "1.0.3", "cvc5", CVC5 + " --rlimit=%d" % (share * MORE_CVC5), ""


def build_heap():
    """Frama-C's plug-in of one line, for which OCaml's compiler writes beside its source."""
    text = os.path.join(ROOT, "proofs", "heap.ml")
    if os.path.exists(HEAP) and os.path.getmtime(HEAP) >= os.path.getmtime(text):
        return
    with tempfile.TemporaryDirectory(dir=WHY3) as folder:  # another run may want it too
        shutil.copy(text, folder)
        subprocess.run(["ocamlopt", "-shared", "heap.ml", "-o", "heap.cmxs"], cwd=folder, check=True)
        os.replace(os.path.join(folder, "heap.cmxs"), HEAP)


def configure(share=1):
    """The environment of a run. The tries that are limited in steps get that share of their limits."""
    conf = os.path.join(WHY3, "why3-%d.conf" % (100 * share))
    os.makedirs(WHY3, exist_ok=True)
    os.makedirs(BUILD, exist_ok=True)
    library.write(SHARE)
    library.write_standard(STANDARD)
    drivers.write(WHY3, SHARE)
    build_heap()
    source.write_changed(conf, HEAD + "".join(
        PROVER.format(name=name, shortcut=name.lower(), version=version, driver=os.path.join(WHY3, rules + ".drv"), command=command,
                      steps='command_steps = "%s%s %%f"\n' % (command, steps) if steps else "")
        for name, version, rules, command, steps in provers(share)))
    return dict(os.environ, WHY3CONFIG=conf, WHY3LOADPATH=STANDARD)


def stages(limits, smoke):
    """WP's options, stage by stage in one process: what an earlier stage proved is not tried again. Nearly all goals are cvc5's
    within little; then each prover has more, then there is patience, and smoke tests come last, with little. (A stage keeps the
    provers of the one before that it does not drop. A list of provers is tried in turn by one process, at once by several.)"""
    yield ["-wp-prover", "cvc5brief", "-wp-timeout", str(LONG_SECONDS)] + RAW
    yield ["-wp-prover=-cvc5brief,+z3match,+cvc4more,+cvc5more,+z3more", "-wp-timeout", str(LONG_SECONDS)] + PRUNED
    for number, seconds in enumerate(limits):
        change = [] if number else ["-wp-prover=-z3match,-cvc4more,-cvc5more,-z3more,+cvc5,+cvc4,+z3"]
        yield change + ["-wp-timeout", str(seconds)]
    if smoke:
        yield ["-wp-prover=-cvc5,-cvc4,-z3,+z3smoke", "-wp-smoke-tests", "-wp-smoke-timeout", str(LONG_SECONDS)] + RAW


def lemma_stages():
    """One stage: in a second one WP would prove again each lemma that is proved already."""
    yield ["-wp-prover", "cvc5brief,z3match,cvc4,cvc5,z3", "-wp-timeout", str(LAST_SECONDS)]


class Verdict:
    """What a run said: the goals with their fate, those that were easy, the smoke tests, and what is wrong."""

    def __init__(self):
        self.proved, self.lost, self.easy, self.smokes, self.wrong = set(), set(), set(), 0, []
        self.loses = None  # the goal that the last line says is not proved

    def hear_goal(self, found, stage):
        name, valid = found.groups()
        if valid:
            self.lost.discard(name)
            self.proved.add(name)
            if stage == 0:
                self.easy.add(name)
        elif name not in self.proved:
            self.lost.add(name)
            self.loses = name

    def hear(self, line, before, bodies, stage):
        smoke, goal = SMOKE.match(line), GOAL.match(line)
        self.loses = None
        if smoke:
            self.smokes += 1
            if smoke.group(1) != "Passed":
                self.wrong.append("contradiction: " + smoke.group(2))
        elif goal:
            self.hear_goal(goal, stage)
        elif WEAKENING.search(line) and not is_elsewhere(line, bodies):
            text = (before + " " if line.startswith("  ") else "") + line.strip()
            if text not in self.wrong:
                self.wrong.append(text)

    def add(self, other):
        self.proved |= other.proved
        self.lost |= other.lost
        self.easy |= other.easy
        self.smokes += other.smokes
        self.wrong += other.wrong

    def goals(self):
        return len(self.proved) + len(self.lost)

    def all_wrong(self):
        return self.wrong + ["not proved: " + name for name in sorted(self.lost)]


def is_elsewhere(line, bodies):
    """Is this about a function without contract that only unproved functions of the file call?"""
    found = re.search(r"Neither code nor \w+ for function (\w+)", line)
    return found is not None and re.search(r"\b%s\(" % found.group(1), bodies) is None


def run(target, choice, plan, par, log, environment, show=lambda verdict: None, stop=False, expected=frozenset()):
    """Runs WP through the stages of the plan on what `choice` selects. It ends at the first expected goal that is lost in the
    first stage and, with `stop`, at the first goal that is lost in the last one."""
    words = FRAMA_C + ([] if target.get("wraps") else NARROWING if target.get("narrows") else STRICT) + ["-wp-par", str(par)]
    words += [os.path.join(ROOT, name) for name in target["files"]]
    plan = list(plan)
    for number, options in enumerate(plan):
        words += (["-then"] if number else []) + ["-wp"] + choice + options
    bodies = source.function_bodies(ROOT, target)
    verdict, stage, said, counted, scheduled = Verdict(), -1, [""], 0, 0
    with open(log, "w", buffering=1, encoding="utf-8") as file:
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=BUILD,
                              env=environment) as child:
            for line in child.stdout:
                file.write(line)
                stage += line.startswith("[wp] Running WP plugin")
                counted = counted or int((COUNT.match(line) or [0, 0])[1])
                scheduled = int((SCHEDULED.match(line) or [0, scheduled])[1])
                if stage <= 0 or "No goal generated" not in line:  # later stages may find all done
                    verdict.hear(line.rstrip("\n"), said[-1], bodies, stage)
                    show(verdict)
                said.append(line.rstrip("\n"))
                if (stop and verdict.loses and stage == len(plan) - 1) or (stage == 0 and verdict.loses in expected):
                    child.kill()
                    return verdict
    if child.returncode:
        verdict.wrong.append("frama-c ended with %d: %s" % (child.returncode, said[-1]))
    if verdict.goals() == 0:
        verdict.wrong.append("no goals")
    elif counted != verdict.goals():
        verdict.wrong.append("WP counts %d goals, it named %d" % (counted, verdict.goals()))
    elif verdict.smokes and scheduled != verdict.smokes + len(verdict.lost):
        verdict.wrong.append("WP counts %d smoke tests, it named %d" % (scheduled, verdict.smokes))
    return verdict
