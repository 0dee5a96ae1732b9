# SPDX-License-Identifier: BSD-2-Clause
"""The program, signed with the development key, with a comment that allows only env=, and so not what the test gives."""

import os
import sys

import harness
import signing

program = os.environ["PROGRAM"]
claims = signing.Claims("web", 7, ["env"])
signing.write(sys.argv[1], signing.sign(program, signing.development_key(), claims))
