# SPDX-License-Identifier: BSD-2-Clause
"""BLAKE2b-512 against hashlib and coreutils' b2sum, at the boundaries of blocks and at random lengths; also as it is compiled for AVX2,
where this machine has that."""

import ctypes
import hashlib
import os
import random
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
AVX2 = ("-O3", "-mavx2", "--param=max-completely-peel-times=1")  # as in the Makefile
BLOCK, BLOCKS, RANDOM, LARGEST = 128, 9, 300, 100000


def load(folder, *flags):
    path = os.path.join(folder, "blake2b%d.so" % len(flags))
    subprocess.run(["gcc", "-O2", *flags, "-shared", "-fPIC", "-I" + ROOT, os.path.join(ROOT, "lib", "blake2b.c"), "-o", path],
                   check=True)
    function = ctypes.CDLL(path).blake2b_512
    function.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint64]
    function.restype = None

    def digest(data):
        answer = ctypes.create_string_buffer(64)
        function(answer, data, len(data))
        return answer.raw.hex()
    return digest


def has_avx2():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        return " avx2 " in file.read()


def b2sums(datas, folder):
    """What b2sum says of each."""
    names = []
    for number, data in enumerate(datas):
        names.append(os.path.join(folder, str(number)))
        with open(names[-1], "wb") as file:
            file.write(data)
    done = subprocess.run(["b2sum"] + names, stdout=subprocess.PIPE, text=True, check=True)
    return [line.split()[0] for line in done.stdout.splitlines()]


def main():
    chance = random.Random(7693)
    near = [BLOCK * block + off for block in range(BLOCKS) for off in (-1, 0, 1) if BLOCK * block + off >= 0]
    datas = [chance.randbytes(length) for length in near]
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        digests = [load(folder)] + ([load(folder, *AVX2)] if has_avx2() else [])
        for data, wanted in zip(datas, b2sums(datas, folder), strict=True):
            wrong += sum(digest(data) != wanted for digest in digests)
        for data in datas + [chance.randbytes(chance.randrange(LARGEST)) for _ in range(RANDOM)]:
            wrong += sum(digest(data) != hashlib.blake2b(data).hexdigest() for digest in digests)
    print("%d lengths, %d codes, %d wrong" % (len(datas) + RANDOM, len(digests), wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
