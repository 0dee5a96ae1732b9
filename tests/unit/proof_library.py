# SPDX-License-Identifier: BSD-2-Clause
"""The library that the proofs take along is WP's own with declarations left out, whole ones, and nothing that is left needs them."""

import os
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "proofs"))
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


if __name__ == "__main__":
    unittest.main()
