# SPDX-License-Identifier: BSD-2-Clause
"""How Why3 speaks to each prover: the installed drivers, each as one file and without the theories that are not in the libraries
of ours. WP reads a driver anew for each goal, and each theory that it speaks of anew for each function: without those of machine
words and of floating point numbers, which no goal has, Frama-C takes a fifth less of time."""

import os
import re

import library
import source

INSTALLED = "/usr/share/why3/drivers"
IMPORT = re.compile(r'^import "([^"]+)"$', re.MULTILINE)
# What there is nothing to do for: goals without inductive predicates, lambdas, ranges and counterexamples. A goal with one of the
# first three would be refused by Why3's printer.
IDLE = re.compile(r'^transformation "(?:eliminate_(?:inductive|epsilon|literal)|prepare_for_counterexmp)"\n', re.MULTILINE)
# What the first tries and the smoke tests do without: theorems of reals, which a kernel has none of and which cost cvc5 a third of
# its time, and for cvc5 those of single bits, which cost a tenth.
LEAN = """
theory real.Real
  remove allprops
end
"""


def whole(name):
    """The installed driver with those that it imports."""
    return IMPORT.sub(lambda found: whole(found.group(1)), source.read_text(os.path.join(INSTALLED, name)))


def small(name):
    return IDLE.sub("", library.only_used(whole(name)))


def write(folder, share):
    """z3.drv, cvc4.drv, cvc5.drv, z3_lean.drv and cvc5_lean.drv there, for WP's library in that folder. why3 1.5.1 does not know
    cvc5 1.0.3: it gets CVC4's driver, with the logic that cvc5 names otherwise."""
    drivers = {"z3": small("z3_471.drv"), "cvc4": small("cvc4_17.drv")}
    drivers["cvc5"] = drivers["cvc4"].replace("ALL_SUPPORTED", "ALL")
    bits = "".join("  remove prop %s\n" % name for name in library.bits(share))
    drivers["z3_lean"] = drivers["z3"] + LEAN
    drivers["cvc5_lean"] = drivers["cvc5"] + LEAN + "theory frama_c_wp.cbits.Cbits\n%send\n" % bits
    for name, text in drivers.items():
        source.write_changed(os.path.join(folder, name + ".drv"), text)
