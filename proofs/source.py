# SPDX-License-Identifier: BSD-2-Clause
"""What the proof report says about source text: lines, and what is trusted."""

import os
import re
import subprocess

ANNOTATION = re.compile(r"/\*@(.*?)\*/|//@([^\n]*)", re.DOTALL)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def read_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def annotations(text):
    """The annotations without the comments inside them."""
    return [re.sub(r"//[^\n]*", "", found.group(1) or found.group(2) or "") for found in ANNOTATION.finditer(text)]


def function_text(text, name):
    """A function's definition: the house style begins it in column 0 and ends it with a brace there."""
    found = re.search(r"^[a-z][^;{}]*?\b%s\([^;{}]*\)\n\{.*?^\}" % re.escape(name), text, re.DOTALL | re.MULTILINE)
    return found.group(0) if found else None


def function_bodies(root, target):
    texts = [COMMENT.sub("", read_text(os.path.join(root, name))) for name in target["own"]]
    return "\n".join(function_text(text, name) or "" for text in texts for name in target["functions"])


def filled_lines(text):
    return sum(1 for line in text.splitlines() if line.strip())


def count_lines(root, target):
    """C lines of the proved functions; lines of contracts and annotations in the module's own files."""
    own = target["own"]
    texts = {name: read_text(os.path.join(root, name)) for name in own}
    found, c_lines = [], 0
    for name in target["functions"]:
        for text in texts.values():
            body = function_text(COMMENT.sub("", text), name)
            if body:
                found.append(name)
                c_lines += filled_lines(body)
                break
    contract = sum(filled_lines(part) for text in texts.values() for part in annotations(text))
    return {"c_lines": c_lines, "contract_lines": contract, "found": found}


def included_files(root, files, includes):
    """The files and all of the tree that they include, as gcc says."""
    said = subprocess.run(["gcc", "-MM"] + includes + [os.path.join(root, name) for name in files],
                          capture_output=True, text=True, check=True).stdout
    paths = {os.path.realpath(word) for word in said.replace("\\\n", " ").split() if not word.endswith(":")}
    return sorted(path for path in paths if path.startswith(root + os.sep))


def find_trust(root, paths, allowed):
    """The names of all admits, and what may not be: an axiom, an admit elsewhere, logic that gcc does not see."""
    admits, wrong = set(), []
    for path in paths:
        name, text = os.path.relpath(path, root), read_text(path)
        for part in annotations(text):
            if re.search(r"\baxiom\b", part):
                wrong.append("axiom in " + name)
            for found in re.finditer(r"\badmit\s+(\w+)", part):
                admits.add(found.group(1))
                if name != allowed:
                    wrong.append("admit %s in %s, allowed only in %s" % (found.group(1), name, allowed))
        if "__FRAMAC__" in text:
            wrong.append("__FRAMAC__ in " + name)
    return admits, wrong
