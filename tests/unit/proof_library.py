# SPDX-License-Identifier: BSD-2-Clause
"""The libraries that the proofs take along are WP's and Why3's own with declarations left out, whole ones, and nothing that is left
needs them; the drivers speak of no theory that is left out."""

import os
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "proofs"))
import drivers
import library
import source

THEORY = """theory T
  use int.Int
  use real.Real
  function twice (x : int) : int
  meta "inline_in" function twice, axiom twice_def
  axiom twice_def : forall x : int.
    twice x = x + x
  lemma twice_zero : twice 0 = 0
  lemma often : 1 = 1
  meta "remove_for_" lemma often
end
"""
LESS = """theory T
  use int.Int
  function twice (x : int) : int
  meta "inline_in" function twice, axiom twice_def
  axiom twice_def : forall x : int.
    twice x = x + x
end
"""
IN_ALL = ("printer \"smtv2", "valid \"^unsat$\"", "transformation \"encoding_smt_if_poly\"", "syntax function div \"(div %1 %2)\"")


def names(text):
    return {found.group(1) for found in map(library.NAMED.match, library.BEGINNING.split(text)) if found}


class Library(unittest.TestCase):
    def test_leaves_out_what_is_named(self):
        self.assertEqual(library.without(THEORY, r"twice_zero|real\.\w+"), LESS)

    def test_leaves_out_remarks_on_it(self):
        self.assertNotIn("meta", library.without(THEORY, r"twice\w*"))

    def test_installed(self):
        for name, unused in library.UNUSED.items():
            with self.subTest(name):
                whole = source.read_text(os.path.join(library.INSTALLED, "why3", "frama_c_wp", name + ".mlw"))
                kept = library.without(whole, unused)
                parts = iter(library.BEGINNING.split(whole))
                self.assertTrue(all(part in parts for part in library.BEGINNING.split(kept)), "not WP's own, in its order")
                gone = names(whole) - names(kept)
                self.assertTrue(gone)
                spoken = re.findall(r"[\w.]+", re.sub(r"\(\*.*?\*\)", "", kept, flags=re.DOTALL))
                self.assertFalse(gone.intersection(spoken), "left out, but spoken of")

    def test_uses_of_the_standard_library(self):
        kept = {}
        for file in library.USED:
            whole = source.read_text(os.path.join(library.STANDARD, file + ".mlw"))
            kept[file] = library.only_used(whole, file + ".")
            lines = iter(whole.splitlines())
            self.assertTrue(all(line in lines for line in kept[file].splitlines()), "not Why3's own, in its order")
        for file, text in kept.items():
            found = re.findall(r"^ *(?:use|clone)(?: export| import)* (?:(\w+)\.)?(\w+)", text, re.MULTILINE)
            for other, theory in found:
                self.assertRegex(kept[other or file], r"(?m)^module %s\n" % theory)
        self.assertIn("module Int\n", kept["int"])
        self.assertNotIn("module Fibonacci", kept["int"])

    def test_drivers(self):
        for name in "z3_471.drv", "cvc4_17.drv":
            with self.subTest(name):
                text = drivers.small(name)
                spoken = set(re.findall(r"^theory ([\w.]+)", text, re.MULTILINE))
                self.assertNotIn("import", text)
                self.assertLess({"BuiltIn", "int.Int", "bool.Bool", "map.Map", "real.Real"}, spoken)
                self.assertTrue(all(library.is_used(theory) for theory in spoken))
                self.assertIn("bv.BV64", drivers.whole(name))
                for line in IN_ALL:
                    self.assertIn(line, text)


if __name__ == "__main__":
    unittest.main()
