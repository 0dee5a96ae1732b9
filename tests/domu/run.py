# SPDX-License-Identifier: BSD-2-Clause
"""Tests as an ordinary guest of the real Xen: a PVH domU that Linux in dom0 makes with xl (dom0.py). Folders of this
group, and the guest tests that name the machine domu. See tests/README.md."""

import functools
import glob
import os
import re
import shutil
import tempfile
import threading

import console
import dom0
import harness
import machine
import xen_rig

HERE = os.path.dirname(os.path.realpath(__file__))
guest = harness.load_group("guest")

KEYS = {
    "config": [],        # further lines for xl.cfg
    "script": None,      # what dom0 does instead of dom0/plain.sh
    "reason": None,      # how the domain ended, as Xen calls it; else what follows from the status
    "quick": False,      # also part of `make check`
    "host_mem": 256,     # MiB for guests
    "xl": [],            # texts that xl has to print
}
REASONS = {"poweroff": 0, "reboot": 1, "suspend": 2, "crash": 3, "none": None}
# Statuses that spec/end.md calls a crash.
CRASHES = set(range(125, 193)) - {128, 130, 143}
DEADLINE = 60
# Each dom0 with the greatest of the guests takes so much; there are as many at a time as tests, if the memory is there.
DOM0_BYTES = 6 << 30
room = threading.BoundedSemaphore(max(1, os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // DOM0_BYTES))

CONFIG = """\
name = "guest"
type = "pvh"
kernel = "/rig/anchorite.elf"
{ramdisk}cmdline = {cmdline}
memory = {memory}
vcpus = {vcpus}
on_reboot = "destroy"
on_crash = "destroy"
# QEMU 7.2 reports RDTSCP as RDTSC, which Xen's emulation of it refuses.
tsc_mode = "native"
{more}
"""


def quoted(text):
    """A string as xl.cfg(5) has it."""
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


class DomuTest(guest.GuestTest):
    """A folder of this group: the keys of a guest test and those of KEYS."""

    group, defaults = "domu", {**guest.DEFAULTS, "machines": ["domu"], **KEYS}


@functools.cache
def peer():
    """The program that misbehaves in dom0's name."""
    source, program = os.path.join(HERE, "dom0", "peer.c"), os.path.join(harness.BUILD, "domu", "peer")
    if not harness.is_newer(program, [source]):
        os.makedirs(os.path.dirname(program), exist_ok=True)
        harness.must(["musl-gcc", "-static", "-O1", "-Wall", "-Wextra", "-Werror", "-o", program, source], 60, "build",
                     kind=harness.CannotRun)
    return program


def fill(folder, test, module):
    """Everything of one run: kernel, module, xl.cfg, input, scripts, and the test's own files."""
    spec = {**KEYS, **test.spec}
    made = os.path.join(test.out, "rig")
    for source in (test.folder, made) if os.path.isdir(made) else (test.folder,):
        for entry in os.scandir(source):
            if entry.is_file() and not entry.name.startswith(("main.", "test.toml")):
                shutil.copy(entry.path, folder)
    shutil.copy(harness.KERNEL, os.path.join(folder, "anchorite.elf"))
    if module != "-":
        shutil.copy(harness.signed(module), os.path.join(folder, "module"))
    keys = ["env=" + each for each in spec["env"]] + spec["kernel_args"]
    if module != "-" and machine.is_program(module):
        keys.append("init=/" + os.path.basename(module))
    words = machine.command_line(keys, None, spec["args"])
    text = CONFIG.format(ramdisk='ramdisk = "/rig/module"\n' if module != "-" else "", cmdline=quoted(words),
                         memory=xen_rig.mebibytes(spec["mem"]), vcpus=test.cpus_on("domu")[0], more="\n".join(spec["config"]))
    for name, content in (("guest.cfg", text.encode()), ("stdin", stdin_of(spec))):
        if content is not None:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
    shutil.copy(os.path.join(HERE, "dom0", "lib.sh"), folder)
    script = os.path.join(test.folder, spec["script"]) if spec["script"] else os.path.join(HERE, "dom0", "plain.sh")
    shutil.copy(script, os.path.join(folder, "test.sh"))
    shutil.copy(os.path.join(HERE, "dom0", "run.sh"), folder)
    shutil.copy(peer(), folder)
    return spec


def stdin_of(spec):
    """What goes into the console: framed as spec/console.md says, unless a person types."""
    if spec["stdin"] is None:
        return None
    data = spec["stdin"].encode()
    if "console=tty" in spec["kernel_args"]:
        return data
    return console.PIPE_START + (console.packed(data, False) if data else b"") + console.PIPE_END


def content(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return b""
    with open(path, "rb") as file:
        return file.read()


def seen(folder):
    """How the guest ended as the console told it, with all it said."""
    transcript = console.Transcript()
    output = transcript.take(console.Notice().take(content(folder, "console.log").replace(b"\r\n", b"\n")))
    rest, status = transcript.end()
    return harness.Done(status, output + rest, b"")


def judge(test, spec, folder, serial):
    done = seen(folder)
    xl = harness.text_of(content(folder, "xl.log"))
    found = re.findall(r"has shut down, reason code (\d+)", xl)
    reason = int(found[-1]) if found else None
    wrong = harness.text_of(content(folder, "wrong")).splitlines()
    want = spec["reason"] or ("crash" if spec["status"] in CRASHES else "poweroff")
    if reason != REASONS[want]:
        wrong.append("xl saw reason %s, want %s" % (reason, want))
    wrong += ["xl lacks %r" % each for each in spec["xl"] if each not in xl]
    log = "%s\n--- dom0\n%s\n--- xl\n%s\n--- console\n%s" % (serial, harness.text_of(content(folder, "dom0.log")), xl,
                                                        harness.text_of(done.output))
    try:
        test.judge(done, wrong)
    except harness.Wrong as error:
        raise harness.Wrong(str(error), log + error.log[len(harness.text_of(done.output)):]) from error
    if spec["linux"]:
        test.compare_with_linux(done)
    return log


def run_test(test):
    module = test.prepared()
    deadline = test.spec["deadline"] or DEADLINE
    try:
        with room, tempfile.TemporaryDirectory() as folder:
            spec = fill(folder, test, module)
            image = dom0.Image(spec["host_mem"]).prepare()
            return judge(test, spec, folder, dom0.run(image, folder, deadline))
    except xen_rig.NotFetched as error:
        raise harness.CannotRun(str(error)) from error


@functools.cache
def folders():
    return [DomuTest(os.path.dirname(path)) for path in sorted(glob.glob(os.path.join(HERE, "*", "test.toml")))]


def tests():
    found = []
    for test in folders() + [each for each in guest.guest_tests() if "domu" in each.spec["machines"]]:
        own = test.group == "domu"
        found.append(harness.Test("domu", test.name + ("" if own else "@domu"), lambda test=test: run_test(test), test.name,
                                  quick=not own or test.spec["quick"]))
    return found
