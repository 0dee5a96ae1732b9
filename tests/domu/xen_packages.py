# SPDX-License-Identifier: BSD-2-Clause
"""Xen with its tools and a Linux for dom0, as the distribution packages them: downloaded once into build/xen and
unpacked there, never installed. Versions are found by asking apt, not named here."""

import fcntl
import glob
import os
import re
import shutil
import tempfile

import xen_rig

CACHE = xen_rig.CACHE
ROOT = os.path.join(CACHE, "root")
PLAIN = ["--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances"]


class Lock:
    """One process at a time fetches and builds in build/xen."""

    def __enter__(self):
        os.makedirs(CACHE, exist_ok=True)
        self.file = open(os.path.join(CACHE, "lock"), "w", encoding="ascii")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *reason):
        self.file.close()


def depends(package):
    """The packages that one names as its dependencies."""
    answer = xen_rig.output_of(["apt-cache", "depends"] + PLAIN + [package])
    return re.findall(r"^ *\|?Depends: ([a-z0-9][a-z0-9+.-]*)$", answer, re.MULTILINE)


def libraries_of(packages):
    """The library packages that these need, and those need; what else they name (Python) has no part in it."""
    found, ahead = set(), list(packages)
    while ahead:
        for name in depends(ahead.pop()):
            if re.match("lib|zlib", name) and name not in found:
                found.add(name)
                ahead.append(name)
    return sorted(found)


def newest_kernel(flavour):
    """The package with the kernel that linux-image-FLAVOUR stands for."""
    found = [name for name in depends("linux-image-" + flavour) if name.startswith("linux-image-")]
    if not found:
        raise xen_rig.NotFetched("cannot fetch Linux: apt knows no linux-image-%s" % flavour)
    return found[0]


def unpack(packages, folder):
    """Downloads the packages and unpacks them into a folder, whole or not at all."""
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        xen_rig.download(packages, work)
        for archive in glob.glob(os.path.join(work, "*.deb")):
            xen_rig.output_of(["dpkg", "-x", archive, os.path.join(work, "root")])
        shutil.rmtree(folder, ignore_errors=True)
        os.rename(os.path.join(work, "root"), folder)


def fetch():
    """The folder with everything that dom0 is made of."""
    if not os.path.isdir(ROOT):
        version = re.fullmatch(xen_rig.PACKAGE, xen_rig.newest_package()).group(1)
        tools = ["xen-utils-" + version, "xenstore-utils"]
        unpack(tools + ["xen-utils-common", "busybox-static", newest_kernel("amd64")] + libraries_of(tools), ROOT)
    return ROOT


def fetch_cloud_linux():
    """The folder with the distribution's kernel for virtual machines: what figures are compared with."""
    folder = os.path.join(CACHE, "cloud")
    if not os.path.isdir(folder):
        unpack([newest_kernel("cloud-amd64")], folder)
    return folder


def only(pattern, folder):
    """The one file that the pattern finds below the folder."""
    found = glob.glob(os.path.join(folder, pattern))
    if len(found) != 1:
        raise xen_rig.NotFetched("%d files %s in %s, want one" % (len(found), pattern, folder))
    return found[0]
