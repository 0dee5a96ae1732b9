# SPDX-License-Identifier: BSD-2-Clause
"""Programs as HermitCore ships them, compiled by x86_64-hermit-gcc and its like: folders as in tests/guest. And the compilers themselves."""

import glob
import os

import compilers
import harness

HERE = os.path.dirname(os.path.realpath(__file__))
guest = harness.load_group("guest")


class AppTest(guest.GuestTest):
    """A guest test, by default compiled with x86_64-hermit-gcc and compared with Linux."""

    group, defaults = "apps", {**guest.DEFAULTS, "build": "hermit-gcc", "linux": True}


def tests():
    found = compilers.tests()
    for path in sorted(glob.glob(os.path.join(HERE, "*", "test.toml"))):
        app = AppTest(os.path.dirname(path))
        for machine in app.spec["machines"] if not app.problem else ["microvm"]:
            found += app.tests_on("apps", machine)
    return found
