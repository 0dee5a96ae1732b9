# SPDX-License-Identifier: BSD-2-Clause
"""WP's library of theories without what no goal of this kernel needs: a goal takes the whole library along to its prover, and to
bring and to read it costs more than most proofs. What is left out would be a hypothesis, so nothing becomes provable by its absence;
a goal whose text names it makes Why3 fail by that name."""

import os
import re

import source

INSTALLED = "/usr/share/frama-c/wp"
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
