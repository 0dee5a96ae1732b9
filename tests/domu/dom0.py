# SPDX-License-Identifier: BSD-2-Clause
"""A Linux dom0 with Xen's tools, under the real Xen, in QEMU's emulation. It is booted once; its state is saved, and every
later run goes on from there with a folder of its own shared as /rig.

As a program it shows a run: dom0.py FOLDER [SECONDS], where FOLDER holds a run.sh.
"""

import glob
import hashlib
import json
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))

import dom0_image
import harness
import xen_packages
import xen_rig

QEMU = "qemu-system-x86_64"
BOOT_DEADLINE, SAVE_DEADLINE, TRIAL_DEADLINE = 150, 60, 60
# Some states make Xen die when it goes on from them, each time: QEMU 7.2 does not save all that its emulation of SVM knows.
SAVES = 4
READY, ENDED, DEAD = b"rig: ready", b"rig: end", b"Manual reset required"
# A dom0 with paravirtual page tables dies of SMAP in QEMU 7.2 at its first return to ring 3. QEMU's XRSTOR ignores CR0.TS,
# by which Xen switches the FPU: processes of dom0 lost registers and died; its FXRSTOR is right.
CPU = "max,-smap,-xsave"
DOM0_MIB, SPARE_MIB = 320, 96
XEN_OPTIONS = ("console=com1 com1=115200,8n1 loglvl=warning guest_loglvl=all edd=off no-real-mode noreboot "
               "dom0_mem={0}M,max:{0}M dom0_max_vcpus=1".format(DOM0_MIB))
DOM0_OPTIONS = "console=hvc0 quiet nokaslr mitigations=off cryptomgr.notests"


class Image:
    """The files that a run needs, for a machine with so many MiB for guests; built when they are not there."""

    def __init__(self, guest_mib):
        self.memory = DOM0_MIB + SPARE_MIB + guest_mib
        self.xen = self.kernel = self.initramfs = self.snapshot = None

    def prepare(self):
        with xen_packages.Lock():
            self.xen = xen_rig.fetch()
            root = xen_packages.fetch()
            name = os.path.join(xen_packages.CACHE, self.digest(root))
            self.kernel, self.initramfs = name + ".linux", name + ".cpio"
            self.snapshot = "%s.%d.saved" % (name, self.memory)
            remove_others(name)
            if not os.path.exists(self.initramfs):
                dom0_image.write_kernel(root, self.kernel)
                build_whole(self.initramfs, lambda target: dom0_image.write_initramfs(root, target))
            if not os.path.exists(self.snapshot):
                build_whole(self.snapshot, self.save)
        return self

    def digest(self, root):
        """A name for all that decides what is in the files: packages, scripts and QEMU."""
        state = hashlib.sha256()
        for name in ("dom0.py", "dom0_image.py", "dom0/init", "dom0/block"):
            state.update(dom0_image.read(os.path.join(HERE, name)))
        state.update(xen_packages.only("boot/vmlinuz-*", root).encode())
        state.update(str(os.stat(self.xen).st_size).encode() + xen_rig.output_of([QEMU, "--version"]).encode())
        return "dom0-" + state.hexdigest()[:12]

    def command(self, folder, more):
        """Saving and going on need the same machine, so the same words but for the last ones."""
        modules = [self.kernel + " " + DOM0_OPTIONS, self.initramfs]
        return ["nice", "-n", "5", QEMU, "-accel", "tcg", "-machine", "pc,vmport=off", "-cpu", CPU, "-smp", "1",
                "-m", "%dM" % self.memory, "-nodefaults", "-no-user-config", "-nic", "none", "-display", "none",
                "-vga", "none", "-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=1",
                "-chardev", "stdio,id=s,signal=off", "-serial", "chardev:s",
                "-fsdev", "local,id=f,path=%s,security_model=none" % folder.replace(",", ",,"),
                "-device", "virtio-9p-pci,fsdev=f,mount_tag=rig,addr=5",
                "-kernel", self.xen, "-append", XEN_OPTIONS,
                "-initrd", ",".join(word.replace(",", ",,") for word in modules)] + more

    def save(self, target):
        """Writes a state of the whole machine that it can go on from to a file."""
        for _ in range(SAVES):
            self.save_once(target)
            with tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, "run.sh"), "w", encoding="utf-8") as script:
                    script.write("true\n")
                try:
                    run(self, folder, TRIAL_DEADLINE, target)
                    return
                except harness.CannotRun as error:
                    problem = error
        raise problem

    def save_once(self, target):
        """Boots to where dom0 waits for its line, and saves it there."""
        with tempfile.TemporaryDirectory() as work:
            path = os.path.join(work, "monitor")
            with Machine(self.command(work, ["-qmp", "unix:%s,server=on,wait=off" % path]), BOOT_DEADLINE) as machine:
                machine.wait_for(READY)
                save_state(path, target)
                machine.kill()


class Machine:
    """A running QEMU and what its serial line has said; ended at its deadline at the latest."""

    def __init__(self, command, deadline):
        self.deadline = time.monotonic() + deadline
        self.log = b""
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      env=harness.clean_environment())

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        self.kill()

    def kill(self):
        self.child.kill()
        self.child.wait()

    def receive(self):
        """Takes more of what is said; false at the end, CannotRun at the deadline."""
        left = self.deadline - time.monotonic()
        if left <= 0 or not select.select([self.child.stdout], [], [], left)[0]:
            raise harness.CannotRun("dom0 did not end in time", harness.text_of(self.log))
        data = os.read(self.child.stdout.fileno(), 65536)
        self.log += data
        if DEAD in self.log:
            raise harness.CannotRun("Xen died", harness.text_of(self.log))
        return bool(data)

    def wait_for(self, text):
        while text not in self.log:
            if not self.receive():
                raise harness.CannotRun("dom0 ended early", harness.text_of(self.log))

    def say(self, line):
        self.child.stdin.write(line + b"\n")
        self.child.stdin.flush()


def remove_others(name):
    """What an older state of the scripts or packages has left."""
    for path in glob.glob(os.path.join(xen_packages.CACHE, "dom0-*")):
        if not path.startswith(name):
            os.unlink(path)


def build_whole(target, build):
    """Lets build write a file under another name first: there is never half a file."""
    try:
        build(target + ".part")
        os.rename(target + ".part", target)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise harness.CannotRun("cannot build %s: %s" % (os.path.basename(target), error)) from error


def save_state(monitor, target):
    """QEMU's own way to save a machine: a migration into a file."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(SAVE_DEADLINE)
        line.connect(monitor)
        file = line.makefile("rw")
        file.readline()

        def ask(command, **arguments):
            file.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
            file.flush()
            while True:
                answer = json.loads(file.readline())
                if "error" in answer:
                    raise harness.CannotRun("saving dom0: %s" % answer["error"])
                if "return" in answer:
                    return answer["return"]

        ask("qmp_capabilities")
        ask("migrate-set-parameters", **{"max-bandwidth": 4 << 30})
        ask("migrate", uri="exec:cat > '%s'" % target)
        end = time.monotonic() + SAVE_DEADLINE
        while (state := ask("query-migrate").get("status")) != "completed":
            if state == "failed" or time.monotonic() > end:
                raise harness.CannotRun("saving dom0: %s" % state)
            time.sleep(0.05)


def run(image, folder, deadline, snapshot=None):
    """Goes on from the saved state with the folder as /rig until its run.sh has ended; the log of the serial line."""
    command = image.command(folder, ["-incoming", "exec:cat '%s'" % (snapshot or image.snapshot)])
    with Machine(command, deadline) as machine:
        machine.wait_for(READY)
        machine.say(b"%d" % time.time())
        while machine.receive():
            pass
        log = machine.log
    if not re.search(rb"^" + ENDED, log, re.MULTILINE):
        raise harness.CannotRun("dom0 did not come to its end", harness.text_of(log))
    return harness.text_of(log)


if __name__ == "__main__":
    print(run(Image(512).prepare(), os.path.realpath(sys.argv[1]), float((sys.argv + ["60"])[2])))
