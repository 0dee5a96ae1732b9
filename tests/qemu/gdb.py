# SPDX-License-Identifier: BSD-2-Clause
"""A guest under QEMU's debugger stub: stops, registers, memory, breakpoints. As much of gdb's remote protocol as that needs.

    with Guest(program) as guest:
        guest.run_to("sys_getppid")
        guest.set("rip", 0)
        done = guest.finish()
"""

import functools
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import harness
import vm

DEBUG = os.path.join(harness.ROOT, "build", "anchorite.debug")
REGISTERS = ("rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip").split()
# Behind them in the answer to `g`: eflags and six segments of 4 bytes, then these of 8.
SYSTEM_REGISTERS = "fs_base gs_base k_gs_base cr0 cr2 cr3 cr4 cr8 efer".split()
SYSTEM_OFFSET = len(REGISTERS) * 8 + 7 * 4
DEADLINE = 20
MOST = 1024  # bytes in one answer


@functools.cache
def symbols():
    """Addresses of the kernel's symbols, from the file with symbols that belongs to the kernel under test."""
    if "ANCHORITE_KERNEL" in os.environ or not os.path.exists(DEBUG):
        raise harness.CannotRun("no symbols for this kernel")
    done = harness.must(["nm", DEBUG], 30, "symbols", kind=harness.CannotRun)
    rows = [line.split() for line in done.output.decode().splitlines()]
    return {row[2]: int(row[0], 16) for row in rows if len(row) == 3}


class Guest:
    """A guest that has not begun yet, with a connection to its debugger stub."""

    def __init__(self, module, machine="microvm", memory="64M", qemu=""):
        self.folder = tempfile.mkdtemp(prefix="anchorite-")
        path = os.path.join(self.folder, "gdb")
        shown = harness.must([sys.executable, "-B", vm.TOOL, "run", "-n", "-k", harness.KERNEL, "-M", machine, "-m", memory,
                              module], 30, "command", kind=harness.CannotRun)
        words = shlex.split(shown.output.decode()) + shlex.split(qemu)
        words += ["-S", "-gdb", "unix:%s,server=on,wait=off" % path]
        self.qemu = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.line = None
        self.buffer = b""
        deadline = time.monotonic() + DEADLINE
        while self.line is None:
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(DEADLINE)
            try:
                line.connect(path)
                self.line = line
            except OSError as error:
                line.close()
                if self.qemu.poll() is not None or time.monotonic() > deadline:
                    self.close()
                    raise harness.CannotRun("no debugger stub: %s" % error) from error
                time.sleep(0.01)
        self.ask("qXfer:features:read:target.xml:0,400")  # only who asks this may write single registers

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.line:
            self.line.close()
        self.qemu.kill()
        self.qemu.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, text):
        data = text.encode()
        self.line.sendall(b"$%s#%02x" % (data, sum(data) % 256))

    def receive(self):
        """The next packet; the stub's acknowledgements are skipped."""
        while True:
            start = self.buffer.find(b"$")
            end = self.buffer.find(b"#", start) if start >= 0 else -1
            if end >= 0 and len(self.buffer) >= end + 3:
                packet, self.buffer = self.buffer[start + 1:end], self.buffer[end + 3:]
                self.line.sendall(b"+")
                return packet.decode()
            try:
                data = self.line.recv(65536)
            except OSError as error:
                raise harness.Wrong("the guest does not stop where it should") from error
            if not data:
                raise harness.Wrong("the guest ended before it came there", harness.text_of(self.qemu.stdout.read()))
            self.buffer += data

    def ask(self, text):
        self.send(text)
        answer = self.receive()
        if not answer or re.fullmatch("E[0-9a-f]{2}", answer):
            raise harness.CannotRun("debugger stub: %s: %s" % (text[:40], answer))
        return answer

    def registers(self):
        data = bytes.fromhex(self.ask("g").replace("x", "0"))
        words = {name: int.from_bytes(data[i * 8:i * 8 + 8], "little") for i, name in enumerate(REGISTERS)}
        for i, name in enumerate(SYSTEM_REGISTERS):
            start = SYSTEM_OFFSET + i * 8
            words[name] = int.from_bytes(data[start:start + 8], "little")
        return words

    def set(self, name, value):
        number = REGISTERS.index(name) if name in REGISTERS else len(REGISTERS) + 7 + SYSTEM_REGISTERS.index(name)
        self.ask("P%x=%s" % (number, value.to_bytes(8, "little").hex()))

    def read(self, address, size):
        return b"".join(bytes.fromhex(self.ask("m%x,%x" % (start, min(MOST, address + size - start))))
                        for start in range(address, address + size, MOST))

    def read_word(self, address):
        return int.from_bytes(self.read(address, 8), "little")

    def write(self, address, data):
        self.ask("M%x,%x:%s" % (address, len(data), data.hex()))

    def read_physical(self, address, size):
        self.ask("Qqemu.PhyMemMode:1")
        data = self.read(address, size)
        self.ask("Qqemu.PhyMemMode:0")
        return data

    def run_to(self, symbol):
        """Goes on to the beginning of a function of the kernel."""
        address = symbols().get(symbol)
        if address is None:
            raise harness.CannotRun("the kernel has no %s" % symbol)
        self.ask("Z0,%x,1" % address)
        self.ask("c")
        self.ask("z0,%x,1" % address)
        if self.registers()["rip"] != address:
            raise harness.Wrong("stopped at another place than %s" % symbol)

    def finish(self):
        """Lets it run to its end: QEMU's status and what was on the serial line."""
        self.send("c")
        try:
            output, _ = self.qemu.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            self.qemu.kill()
            output, _ = self.qemu.communicate()
            raise harness.Wrong("the guest hangs", harness.text_of(output)) from None
        return harness.Done(self.qemu.returncode, output, b"")
