# SPDX-License-Identifier: BSD-2-Clause
"""Spin models of what runs at the same time, searched in full: the right ones must hold, each broken one must not.

A variant is chosen by -DVARIANT=NAME; spec/interleavings.md says what each does.
"""

import os
import re

import harness

HERE = os.path.dirname(os.path.realpath(__file__))
BUILD_DEADLINE, DEADLINE = 60, 60
DEPTH = 1000000

# What an assertion that fails is about, by a piece of its text.
LOST_EVENT, MASKED, STARVED = "sending>0", "shut", "passed_over<"
LOST_WAKE_UP, BAD_SLOT = "req_prod==rsp_cons", "page[(4+"
TIME_WENT_BACK = "value>=before"
STORE_LANDED, NOBODY_MOVES = "!(unmapped)", "ended==3"

# model: {variant: the property that it breaks, or None for a right one}, and the least number of states of a right one
MODELS = {
    "evtchn": ({
        "RIGHT": None,
        "BY_XEN": None,
        "NO_LOOK": LOST_EVENT,
        "LOOK_FIRST": LOST_EVENT,
        "LATE_UPCALL": LOST_EVENT,
        "PLAIN_EXCHANGE": LOST_EVENT,
        "PLAIN_CLEAR": LOST_EVENT,
        "LATE_CLEAR": LOST_EVENT,
        "FORGET_LEFT": LOST_EVENT,
        "IGNORE_LEFT": LOST_EVENT,
        "NO_MASK": MASKED,
        "FROM_ZERO": STARVED,
        "UNMASK_INSIDE": STARVED,
    }, 1500000),
    "ring": ({
        "RIGHT": None,
        "NO_PUSH_FENCE": LOST_WAKE_UP,
        "NO_CHECK_FENCE": LOST_WAKE_UP,
        "NO_LOOK": LOST_WAKE_UP,
        "LOOK_FIRST": LOST_WAKE_UP,
        "EVENT_BEHIND": LOST_WAKE_UP,
        "NOTIFY_EXACT": LOST_WAKE_UP,
        "EARLY_INDEX": BAD_SLOT,
    }, 800000),
    "clock_face": ({
        "RIGHT": None,
        "NO_FLOOR": TIME_WENT_BACK,
        "NO_ZERO": TIME_WENT_BACK,
        "LATE_ZERO": TIME_WENT_BACK,
        "PLAIN_ZERO": TIME_WENT_BACK,
        "NO_VERSION": TIME_WENT_BACK,
        "NO_CHECK": TIME_WENT_BACK,
        "EARLY_TSC": TIME_WENT_BACK,
        "EARLY_NEXT": TIME_WENT_BACK,
    }, 1000000),
    "cpus": ({
        "RIGHT": None,
        "NO_GENERATION": STORE_LANDED,
        "NO_WAIT": STORE_LANDED,
        "LATE_USER": NOBODY_MOVES,
        "LATE_KERNEL": NOBODY_MOVES,
        "LOOK_FIRST": NOBODY_MOVES,
        "NO_SKIP": NOBODY_MOVES,
        "WAKE_FIRST": NOBODY_MOVES,
        "NO_CALL": NOBODY_MOVES,
        "LATE_CLEAR": NOBODY_MOVES,
    }, 10000),
}


def search(model, variant, optimise):
    """What the model checker says of this variant. Only a search of all states is worth an optimised checker."""
    folder = os.path.join(harness.BUILD, "spin", "%s-%s" % (model, variant.lower()))
    os.makedirs(folder, exist_ok=True)
    source = os.path.join(HERE, model + ".pml")
    harness.must(["spin", "-a", "-DVARIANT=" + variant, source], BUILD_DEADLINE, "model", kind=harness.CannotRun,
                 cwd=folder)
    harness.must(["gcc", optimise, "-w", "-DSAFETY", "-DVECTORSZ=512", "-o", "pan", "pan.c"], BUILD_DEADLINE, "build",
                 kind=harness.CannotRun, cwd=folder)
    done = harness.must([os.path.join(folder, "pan"), "-m%d" % DEPTH, "-w22"], DEADLINE, "search",
                        kind=harness.CannotRun, cwd=folder)
    return done.log()


def judge(model, variant, broken, least):
    log = search(model, variant, "-O1" if broken is None else "-O0")
    errors = re.search(r"errors: (\d+)", log)
    states = re.search(r"(\d+) states, stored", log)
    if not errors or not states or "max search depth too small" in log:
        raise harness.CannotRun("the search did not come to an end", log)
    found = re.search(r"pan:\d+: (.*) \(at depth", log)
    if broken is None:
        if found or errors.group(1) != "0" or "Search not completed" in log:
            raise harness.Wrong(found.group(1) if found else "errors", log)
        if int(states.group(1)) < least:
            raise harness.Wrong("only %s states, at least %d: the model does less than it did" %
                                (states.group(1), least), log)
    elif not found:
        raise harness.Wrong("is broken, and nothing was found", log)
    elif not found.group(1).startswith("assertion violated") or broken not in found.group(1):
        raise harness.Wrong("is broken in another way: " + found.group(1), log)
    return "%s states; %s" % (states.group(1), found.group(1) if found else "holds")


def tests():
    found = []
    for model, (variants, least) in MODELS.items():
        for variant, broken in variants.items():
            name = model if variant == "RIGHT" else "%s-%s" % (model, variant.lower().replace("_", "-"))
            found.append(harness.Test("spin", name, lambda words=(model, variant, broken, least): judge(*words),
                                      folder=model))
    return found
