# SPDX-License-Identifier: BSD-2-Clause
"""boot/anchorite without a guest: how it takes the closing line off, quotes, frames input, and refuses."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
BOOT = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__)))), "boot")
sys.path.insert(0, BOOT)
import console

TOOL = os.path.join(BOOT, "anchorite")
APPS = [b"", b"abc", b"abc\n", b"exit status=3\n", b"x\nexit status=3", b"exit status=", b"e", b"\n", b"\r", b"a\r\nb\n",
        b"a\r\n", b"exit\nexit status\nexit status=12\nfoo", b"exit status=3\nexit status=4\n", b"x" * 1000 + b"\nexit"]


def shown(wire, step):
    """What the tool shows of a serial line that comes in steps of so many bytes, and the status."""
    transcript = console.Transcript()
    output = b"".join(transcript.take(wire[at:at + step]) for at in range(0, len(wire), step))
    rest, status = transcript.end()
    return output + rest, status


def tool(*words, **variables):
    environment = {key: value for key, value in os.environ.items() if key != "ANCHORITE_KERNEL"}
    return subprocess.run([TOOL, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20,
                          check=False, env={**environment, **variables})


class ClosingLine(unittest.TestCase):
    def test_only_the_last_line_is_taken_off(self):
        for app in APPS:
            ending = b"exit status=7\n" if not app or app.endswith(b"\n") else b"\r\r\nexit status=7\n"
            for step in (1, 2, 3, 7, 5000):
                self.assertEqual(shown(app + ending, step), (app, 7))

    def test_no_status_without_a_whole_last_line(self):
        for wire in (b"", b"abc", b"exit status=3", b"exit status=\n", b"aexit status=3\n", b"exit status=3\nx",
                     b"exit status=3000\n", b" exit status=3\n"):
            for step in (1, 4, 100):
                self.assertEqual(shown(wire, step), (wire, None))

    def test_xen_preface_and_returns_go(self):
        wire = b"(XEN) x\r\n(XEN) Freed 656kB init memory\r\na\r\nb\r\r\n(XEN) mine\r\n"
        for step in (1, 3, 100):
            xen = console.Xen(re.compile(rb"\(XEN\) Freed \d+kB init memory\r?\n"))
            output = b"".join(xen.take(wire[at:at + step]) for at in range(0, len(wire), step))
            self.assertEqual(output, b"a\nb\r\n(XEN) mine\n")


class Input(unittest.TestCase):
    def test_framing(self):
        session = console.Session(["true"])
        self.assertEqual(session.packed(b"a\x04\x10\x16\x00"), b"a\x10\x04\x10\x10\x10\x16\x00")
        self.assertEqual(session.packed(b""), b"\x04")
        self.assertEqual(console.Session(["true"], framed=False).packed(b"a\x04"), b"a\x04")


class Usage(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.app = os.path.join(folder.name, "a,b")
        self.kernel = os.path.join(folder.name, "kernel")
        for path in (self.app, self.kernel):
            with open(path, "w", encoding="ascii") as file:
                file.write("x")

    def run_tool(self, *words):
        return tool("run", "-n", "-k", self.kernel, *words)

    def test_command_line(self):
        done = self.run_tool("-m", "8M", "-e", "A=b c", "-a", "strace=1", self.app, "-x", "", 'q"\\', "--")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("""-append '"env=A=b c" strace=1 -- -x "" "q\\"\\\\" --'""", done.stdout)
        self.assertIn("-m 8M ", done.stdout)
        self.assertRegex(done.stdout, r"-initrd \S+/signed/[0-9a-f]{32} ")
        self.assertIn("-M microvm", done.stdout)

    def test_a_bare_program_is_told_its_name(self):
        with open(self.app, "wb") as file:
            file.write(b"\x7fELF")
        self.assertIn("-append init=/a,b\n", self.run_tool(self.app).stdout)
        self.assertIn("-append init=/x\n", self.run_tool("-a", "init=/x", self.app).stdout)

    def test_no_module(self):
        self.assertNotIn("-initrd", self.run_tool("-").stdout)

    def test_refusals(self):
        for words, reason in (
                (["run"], "no application given"), (["walk"], "unknown command walk"), (["run", "-Z"], "-Z"),
                (["run", "-m", "x", self.app], "-m x: want"), (["run", "-M", "vax", self.app], "want one of"),
                (["run", "-e", "A", self.app], "want NAME=VALUE"), (["run", "-c", "0", self.app], "-c 0"),
                (["run", "-k", "/nowhere", self.app], "no kernel at /nowhere: run make"),
                (["run", "-k", self.kernel, "no-such-app"], "no application no-such-app"),
                (["run", "-k", self.kernel, "/nowhere"], "no application at /nowhere")):
            done = tool(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertRegex(done.stderr, r"\Aanchorite: [^\n]*%s[^\n]*\n\Z" % re.escape(reason))

    def test_help(self):
        self.assertEqual(tool("run", "-h").returncode, 0)
        self.assertEqual(tool("-h").stdout, tool("run", "-h").stdout)

    def test_kernel_from_environment(self):
        self.assertIn("no kernel at /other", tool("run", self.app, ANCHORITE_KERNEL="/other").stderr)


if __name__ == "__main__":
    unittest.main()
