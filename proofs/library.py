# SPDX-License-Identifier: BSD-2-Clause
"""WP's and Why3's libraries of theories without what no goal of this kernel needs: a goal takes WP's whole library along to its
prover, WP reads both anew for each function, and to bring and to read them costs more than most proofs. What is left out would be a
hypothesis, so nothing becomes provable by its absence; a goal whose text names it makes Why3 fail by that name."""

import os
import re

import source

INSTALLED = "/usr/share/frama-c/wp"
STANDARD = "/usr/share/why3/stdlib"
BEGINNING = re.compile(r"^(?= *(?:theory|use|type|function|predicate|constant|axiom|lemma|meta|end)\b)", re.MULTILINE)
NAMED = re.compile(r" *(?:use|type|function|predicate|constant|axiom|lemma) ([\w.]+)")
REMARK = re.compile(r' *meta "[^"]*"')
FOR_NOBODY = re.compile(r'meta "remove_for_" \w+ (\w+)')  # WP keeps these from every prover itself
# Bit operations on signed numbers but int; conversions to any number of bits; addresses as numbers; reals.
UNUSED = {
    "cbits": r"is_sint(8|16|64)_(?!lsl1$)\w+|to_sint\w*_extraction\w*|is_uint_lxor",
    "cint": r"two_power_abs|is_uint|is_sint|to_uint|to_sint",
    "memory": r"eqmem_sym|table\w*",
    "qed": r"rlt|rleq|real_of_int|real\.\w+",
}
# Why3's files that WP's use, and which theories of theirs: all of those that are there for other theories only.
USED = {
    "algebra": r"\w+", "relations": r"\w+", "bool": r"Bool|Ite", "int": r"Int|Abs|MinMax|EuclideanDivision|ComputerDivision",
    "map": r"Map|Const", "real": r"Real|RealInfix",
}
THEORY = re.compile(r"^(?:module|theory) ([\w.]+)\n.*?^end\b\s*", re.MULTILINE | re.DOTALL)
BITS = re.compile(r"^ *axiom (\w*(?:_extraction|bit_test)\w*)", re.MULTILINE)


def without(text, unused):
    """The theory without the declarations of these names and the remarks on them."""
    gone = set(FOR_NOBODY.findall(text))
    kept = []
    for part in BEGINNING.split(text):
        named, remark = NAMED.match(part), REMARK.match(part)
        if named and (named.group(1) in gone or re.fullmatch(unused, named.group(1))):
            gone.add(named.group(1))
        elif not (remark and gone.intersection(re.findall(r"\w+", part[remark.end():]))):
            kept.append(part)
    return "".join(kept)


def is_used(name):
    """Is this theory, as file.Theory, in the smaller libraries? What has no file is built in."""
    file, _, theory = name.rpartition(".")
    return not file or file.startswith("frama_c_wp.") or re.fullmatch(USED.get(file, ""), theory) is not None


def only_used(text, prefix=""):
    """The text without the theories that are not used; prefix: the file of their names, with its dot."""
    return THEORY.sub(lambda found: found.group(0) if is_used(prefix + found.group(1)) else "", text)


def write_standard(folder):
    """Why3's own files that are used, smaller, there."""
    os.makedirs(folder, exist_ok=True)
    for name in USED:
        text = source.read_text(os.path.join(STANDARD, name + ".mlw"))
        source.write_changed(os.path.join(folder, name + ".mlw"), only_used(text, name + "."))


def write(folder):
    """WP's shared files with the smaller library, there."""
    for path, _, names in os.walk(INSTALLED):
        place = os.path.join(folder, os.path.relpath(path, INSTALLED))
        os.makedirs(place, exist_ok=True)
        for name in names:
            text, unused = source.read_text(os.path.join(path, name)), UNUSED.get(name.removesuffix(".mlw"))
            source.write_changed(os.path.join(place, name), without(text, unused) if unused else text)


def bits(folder):
    """The names of that library's theorems of single bits."""
    return BITS.findall(source.read_text(os.path.join(folder, "why3", "frama_c_wp", "cbits.mlw")))
