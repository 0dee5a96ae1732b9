# SPDX-License-Identifier: BSD-2-Clause
"""Source text for the proof report, the coverage and the mutants: functions, lines, and what is trusted."""

import glob
import os
import re
import shutil
import subprocess

SOURCES = ("lib", "x86", "boot", "mm", "xen", "drivers", "kernel", "spec", "proofs")
ROOMS = ("lib", "x86", "boot", "mm", "xen", "drivers", "kernel", "kernel/fs", "kernel/abi")

ANNOTATION = re.compile(r"/\*@(.*?)\*/|//@([^\n]*)", re.DOTALL)
FUNCTION = re.compile(r"^(?:[A-Za-z_][\w \*]*[ \*])(\w+)\([^;{}]*\)\n\{\n", re.MULTILINE)


def includes(root):
    """What the compiler of the project's C is told, whoever asks."""
    return ["-I" + root, "-D__XEN_INTERFACE_VERSION__=0x00040e00"]


def copy_tree(root, tree, folders=SOURCES):
    """What a proof reads, or more folders, as a tree of its own that may be changed."""
    for folder in folders:
        shutil.copytree(os.path.join(root, folder), os.path.join(tree, folder), ignore=shutil.ignore_patterns("__pycache__"))


def read_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write_changed(path, text):
    """Leaves a file that is right alone: another run may be reading it."""
    if not os.path.exists(path) or read_text(path) != text:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def annotations(text):
    """The annotations without the comments inside them."""
    return [re.sub(r"//[^\n]*", "", found.group(1) or found.group(2) or "") for found in ANNOTATION.finditer(text)]


def blanked(text):
    """The text with comments, annotations, strings and directives turned into blanks: nothing moves."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', blank, text, flags=re.DOTALL)
    return re.sub(r"^#[^\n]*(?:\\\n[^\n]*)*", blank, text, flags=re.MULTILINE)


def functions(text):
    """(name, start, start of the body, end) of every function in blanked text; the house style ends them in column 0."""
    found = []
    for match in FUNCTION.finditer(text):
        end = text.find("\n}", match.end() - 1)
        if end >= 0:
            found.append((match.group(1), match.start(), match.end(), end + 2))
    return found


def function_texts(root, path):
    """{name: text} of the functions of a file, without comments."""
    text = blanked(read_text(os.path.join(root, path)))
    return {name: text[start:end] for name, start, _, end in functions(text)}


def function_bodies(root, target):
    texts = [function_texts(root, path) for path in target["own"] if path.endswith((".c", ".h"))]
    return "\n".join(text.get(name, "") for text in texts for name in target["functions"])


def filled_lines(text):
    return sum(1 for line in text.splitlines() if line.strip())


def count_lines(root, target):
    """C lines of the proved functions; lines of contracts and annotations in the module's own files."""
    texts = {}
    for path in target["own"]:
        if path.endswith((".c", ".h")):
            texts.update(function_texts(root, path))
    found = [name for name in target["functions"] if name in texts]
    contract = sum(filled_lines(part) for path in target["own"]
                   for part in annotations(read_text(os.path.join(root, path))))
    return {"c_lines": sum(filled_lines(texts[name]) for name in found), "contract_lines": contract, "found": found}


def measure(root, target, allowed):
    """Lines, and the admits and axioms in all that the module's files include: figures, and what is wrong."""
    figures = count_lines(root, target)
    found = figures.pop("found")
    missing = [name for name in target["functions"] if name not in found]
    admits, wrong = find_trust(root, included_files(root, target["files"]), allowed)
    figures["admits"] = sorted(admits)
    return figures, wrong + ["no such function: " + name for name in missing]


def included_files(root, files):
    """The files and all of the tree that they include, as gcc says."""
    said = subprocess.run(["gcc", "-MM"] + includes(root) + [os.path.join(root, name) for name in files],
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


def assumed(root, targets):
    """name: the modules that call it, for each function of the kernel that is called by a proved one and is not proved itself."""
    known = {name for room in ROOMS for path in glob.glob(os.path.join(root, room, "*.[ch]"))
             for name in function_texts(root, os.path.relpath(path, root))} - {"__attribute__"}
    proved = {name for target in targets for name in target["functions"]}
    found = {}
    for target in targets:
        for name in set(re.findall(r"\b(\w+)\(", function_bodies(root, target))) & known - proved:
            found.setdefault(name, []).append(target["name"])
    return found
