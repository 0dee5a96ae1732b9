# SPDX-License-Identifier: BSD-2-Clause
"""Is the README's table of proofs that of these sources (`make prove-readme` writes it; only the seconds may differ), does
spec/proof.md name all that the proofs believe, and can the prover read all contracts?"""

import fnmatch
import os
import re
import sys
import tomllib

import harness

KEYS = set("name theorem files own functions goals lemmas timeout narrows wraps".split())  # of a module: proofs/targets.toml
FOLDER = os.path.join(harness.ROOT, "proofs")
READ_DEADLINE = 300
TRUSTED = re.compile(r"## What is trusted\n(.*?)\n## ", re.DOTALL)
TABLE = re.compile(r"<!-- make prove -->\n(.*?)\n<!-- end -->", re.DOTALL)


def wanted_rows(config):
    source = harness.load_module("proofs", "source")
    for target in config["module"]:
        if not set(target) <= KEYS:
            raise harness.Wrong("module %s has %s" % (target["name"], ", ".join(sorted(set(target) - KEYS))))
        figures, wrong = source.measure(harness.ROOT, target, config["admits_file"])
        if wrong:
            raise harness.Wrong("module %s" % target["name"], "\n".join(wrong))
        yield "| %s | %s | %d | %d | %d | %d | %d |" % (
            target["name"], target["theorem"], len(target["functions"]), figures["c_lines"], figures["contract_lines"],
            target["goals"], len(figures["admits"]))


def targets_config():
    with open(os.path.join(FOLDER, "targets.toml"), "rb") as file:
        return tomllib.load(file)


def check_table():
    wanted = list(wanted_rows(targets_config()))
    with open(os.path.join(harness.ROOT, "README.md"), encoding="utf-8") as file:
        found = TABLE.search(file.read())
    rows = found.group(1).split("\n")[2:] if found else []
    shown = [row[:row.rstrip("| ").rindex("|") + 1] for row in rows]
    broken = ["README lacks: " + row for row in wanted if row not in shown]
    broken += ["README has, but not the sources: " + row for row in shown if row not in wanted]
    if broken:
        raise harness.Wrong("make prove-readme was not run", "\n".join(broken))
    return "%d modules" % len(wanted)


def check_assumed():
    found = harness.load_module("proofs", "source").assumed(harness.ROOT, targets_config()["module"])
    with open(os.path.join(harness.ROOT, "spec", "proof.md"), encoding="utf-8") as file:
        trusted = TRUSTED.search(file.read())
    named = re.findall(r"`(\w+\*?)`", trusted.group(1)) if trusted else []
    unsaid = ["%s, called by %s" % (name, " ".join(modules)) for name, modules in sorted(found.items())
              if not any(fnmatch.fnmatchcase(name, pattern) for pattern in named)]
    if unsaid:
        raise harness.Wrong("believed without a proof, and not among what is trusted in spec/proof.md", "\n".join(unsaid))
    return "%d functions" % len(found)


def check_contracts():
    """Who changes a header may not see the proofs that include it; this takes seconds, they take half an hour."""
    done = harness.run_command([sys.executable, "-B", "proofs/read"], READ_DEADLINE, merge=True)
    if done.status != 0:
        raise harness.Wrong("contracts that Frama-C does not read", done.log())
    return done.log()
