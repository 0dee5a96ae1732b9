#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Public keys of minisign and signify: reads them, and writes those that a kernel is built with as C.

usage: boot/keys.py OUT.c MIN_VERSION development|own KEY.pub...
"""

import base64
import binascii
import sys

MAX_KEYS = 8
SMALLEST, LARGEST = 0, (1 << 64) - 1
HEAD = """\
/* SPDX-License-Identifier: BSD-2-Clause */
/* Made by boot/keys.py. */
#include "kernel/image_verify.h"

"""


class BadKey(ValueError):
    """Why a file is no public key, in one line."""


def read_public(path):
    """(id, key) of the file: a comment's line, then base64 of `Ed`, 8 bytes of id, 32 of key."""
    try:
        with open(path, encoding="ascii") as file:
            lines = file.read().splitlines()
        data = base64.b64decode(lines[1], validate=True)
    except (OSError, UnicodeError, IndexError, binascii.Error) as error:
        raise BadKey("%s is no public key: %s" % (path, error)) from error
    if len(data) != 42 or data[:2] != b"Ed" or not lines[0].startswith("untrusted comment: "):
        raise BadKey("%s is no public key of minisign or signify" % path)
    return data[2:10], data[10:]


def source(keys, min_version, is_development):
    """The C text for the kernel."""
    rows = ["        { .id = { %s }, .key = { %s } }," % tuple(", ".join("%d" % byte for byte in part) for part in key)
            for key in keys]
    return (HEAD + "const struct verify_keys verify_keys = {\n    .min_version = %dU,\n    .count = %d,\n"
            "    .is_development = %s,\n    .key = {\n%s\n    },\n};\n" % (
                min_version, len(keys), str(is_development).lower(), "\n".join(rows)))


def main(words):
    if len(words) < 4 or words[2] not in ("development", "own"):
        sys.exit(__doc__.strip())
    try:
        if not words[1].isdigit() or not SMALLEST <= int(words[1]) <= LARGEST:
            raise BadKey("MIN_VERSION=%s: want a number" % words[1])
        keys = [read_public(path) for path in words[3:]]
        if len(keys) > MAX_KEYS or len({key[0] for key in keys}) < len(keys):
            raise BadKey("want at most %d keys, each with another id" % MAX_KEYS)
    except BadKey as error:
        sys.exit("keys.py: %s" % error)
    with open(words[0], "w", encoding="ascii") as file:
        file.write(source(keys, int(words[1]), words[2] == "development"))


if __name__ == "__main__":
    main(sys.argv[1:])
