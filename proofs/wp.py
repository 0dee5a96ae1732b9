# SPDX-License-Identifier: BSD-2-Clause
"""Frama-C WP as a function: what it is given, and what its words mean."""

import os
import re
import shutil
import subprocess

import source

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
BUILD = os.path.join(ROOT, "build", "proofs")
WHY3 = os.path.join(ROOT, "build", "why3")
DRIVERS = "/usr/share/why3/drivers"
INCLUDES = source.includes(ROOT) + ["-I/usr/include", "-I/usr/include/x86_64-linux-gnu"]
FRAMA_C = ["frama-c", "-c11", "-machdep", "gcc_x86_64", "-kernel-warn-key",
           "asm:clobber=inactive,typing:implicit-function-declaration=abort,annot-error=abort",
           "-cpp-extra-args=" + " ".join(INCLUDES), "-wp-rte", "-wp-frama-c-stdlib-terminate", "-wp-cache", "none"]
STRICT = ["-warn-unsigned-overflow", "-warn-unsigned-downcast"]
WEAKENING = re.compile(r"Missing terminates|pedantic-assigns|Missing assigns|Cast with incompatible pointers"
                       r"|[Ii]mplicit declaration|Neither code nor|No goal generated|User Error|undefined function"
                       r"|Missing decreases|Ignored|Unsupported")
GOAL = re.compile(r"\[wp\] \[([^]]*)\] Goal (\S+)( : Valid)?(?:.*\((\d+)\)$)?")
SMOKE = re.compile(r"\[wp\] \[([^]]*)\] Smoke-test (\S+)")
COUNT = re.compile(r"\[wp\] Proved goals:\s+(\d+) / (\d+)")
# z3's steps, which no load changes: some 70,000 go into reading the goal. A goal proved within half of them is easy.
BRIEF_STEPS = 600000
QUICK_SECONDS, LONG_SECONDS, LAST_SECONDS = 2, 12, 60
WHY3_CONF = """[main]
magic = 14
memlimit = 2000
running_provers_max = 2
timelimit = 10

[prover]
command = "/usr/bin/z3 -smt2 sat.random_seed=42 nlsat.randomize=false smt.random_seed=42 -st %f"
command_steps = "/usr/bin/z3 -smt2 sat.random_seed=42 nlsat.randomize=false smt.random_seed=42 -st rlimit=%S %f"
driver = "z3_471"
editor = ""
in_place = false
interactive = false
name = "Z3"
shortcut = "z3"
version = "4.8.12"

[prover]
command = "/usr/bin/z3 -smt2 sat.random_seed=42 nlsat.randomize=false smt.random_seed=42 -st rlimit={brief} %f"
driver = "z3_471"
editor = ""
in_place = false
interactive = false
name = "Z3brief"
shortcut = "z3brief"
version = "4.8.12"

[prover]
command = "/usr/bin/cvc4 --stats --lang=smt2 %f"
command_steps = "/usr/bin/cvc4 --stats --rlimit=%S --lang=smt2 %f"
driver = "cvc4_17"
editor = ""
in_place = false
interactive = false
name = "CVC4"
shortcut = "cvc4"
version = "1.8"

[prover]
command = "/usr/bin/cvc5 --lang=smt2 %f"
command_steps = "/usr/bin/cvc5 --rlimit=%S --lang=smt2 %f"
driver = "{driver}"
editor = ""
in_place = false
interactive = false
name = "CVC5"
shortcut = "cvc5"
version = "1.0.3"
"""


def write_changed(path, text):
    """Leaves a file that is right alone: another run may be reading it."""
    if not os.path.exists(path) or source.read_text(path) != text:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def configure():
    """why3 1.5.1 does not know cvc5 1.0.3: it gets CVC4's driver, with the logic that cvc5 names otherwise."""
    conf = os.path.join(WHY3, "why3.conf")
    driver = os.path.join(WHY3, "cvc5_103.drv")
    os.makedirs(WHY3, exist_ok=True)
    os.makedirs(BUILD, exist_ok=True)
    for name in os.listdir(DRIVERS):
        if name.endswith(".gen") and not os.path.exists(os.path.join(WHY3, name)):
            shutil.copy(os.path.join(DRIVERS, name), WHY3)
    with open(os.path.join(DRIVERS, "cvc4_17.drv"), encoding="utf-8") as file:
        text = file.read().replace("ALL_SUPPORTED", "ALL")
    write_changed(driver, text)
    write_changed(conf, WHY3_CONF.format(driver=driver, brief=BRIEF_STEPS))
    return dict(os.environ, WHY3CONFIG=conf)


def stages(limits, smoke, first="z3brief"):
    """WP's options, stage by stage in one process: what an earlier stage proved is not tried again. Most goals are z3's within
    few steps, which is also all that a smoke test gets, for each uses up what it gets; so the others wait, and are first
    with the rest, and only then is there patience. (WP adds a later stage's provers to those of the stages before.) Another
    prover is first where z3 knows few of the goals; it has a second for a smoke test."""
    seconds = str(QUICK_SECONDS)
    yield (["-wp-prover", first, "-wp-timeout", seconds] +
           (["-wp-smoke-tests", "-wp-smoke-timeout", seconds if first == "z3brief" else "1"] if smoke else []))
    yield (["-wp-no-smoke-tests"] if smoke else []) + ["-wp-prover", "cvc5,cvc4,z3", "-wp-timeout", seconds]
    for seconds in limits:
        yield ["-wp-timeout", str(seconds)]


class Verdict:
    """What a run said: the goals with their fate, those that were easy, the smoke tests, and what is wrong."""

    def __init__(self):
        self.proved, self.lost, self.easy, self.smokes, self.wrong = set(), set(), set(), 0, []
        self.loses = None  # the goal that the last line says is not proved

    def hear_goal(self, found, stage):
        prover, name, valid, steps = found.groups()
        if valid:
            self.lost.discard(name)
            self.proved.add(name)
            if stage == 0 and (prover == "Qed" or int(steps or BRIEF_STEPS) <= BRIEF_STEPS / 2):
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
    words = FRAMA_C + (STRICT if target.get("strict", True) else []) + ["-wp-par", str(par)]
    words += ["-wp-model", target["model"]] if "model" in target else []
    words += [os.path.join(ROOT, name) for name in target["files"]]
    plan = list(plan)
    for number, options in enumerate(plan):
        words += (["-then"] if number else []) + ["-wp"] + choice + options
    bodies = source.function_bodies(ROOT, target)
    verdict, stage, said, first = Verdict(), -1, [""], 0
    with open(log, "w", buffering=1, encoding="utf-8") as file:
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=BUILD,
                              env=environment) as child:
            for line in child.stdout:
                file.write(line)
                stage += line.startswith("[wp] Running WP plugin")
                first = first or int((COUNT.match(line) or [0, 0, 0])[2])
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
    elif first != verdict.goals() + verdict.smokes:
        verdict.wrong.append("WP counts %d goals and smoke tests, it named %d" % (first, verdict.goals() + verdict.smokes))
    return verdict
