# SPDX-License-Identifier: BSD-2-Clause
"""Tests under the real Xen: the guest tests that name the machine xen, run as its PVH dom0 (boot/xen_rig.py).

The hypervisor is downloaded once into build/xen. Where that is impossible, these tests are ERROR: they count as failed.
"""

import harness


def tests():
    return harness.load_group("guest").tests("xen")
