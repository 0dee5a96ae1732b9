# SPDX-License-Identifier: BSD-2-Clause
"""boot/anchorite sign and verify, the keys that a kernel is built with, and the line that the tool takes off a guest's output."""

import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
BOOT = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__)))), "boot")
sys.path.insert(0, BOOT)
import console
import keys
import signing

TOOL = os.path.join(BOOT, "anchorite")


def tool(*words):
    return subprocess.run([TOOL, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False)


class Signing(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.app, self.out, self.key = (os.path.join(folder.name, name) for name in ("an app", "app.img", "own"))
        signing.write(self.app, b"\x7fELF and more")
        subprocess.run(["minisign", "-G", "-W", "-f", "-p", self.key + ".pub", "-s", self.key], stdout=subprocess.DEVNULL,
                       check=True)

    def verified(self, *words):
        done = tool("verify", *words, self.out)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def signed(self, *words):
        done = tool("sign", *words, "-o", self.out, self.app)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_development_key_allows_all(self):
        self.signed()
        self.assertRegex(self.verified(), r"\Aname=an_app version=0 key=[0-9a-f]{16} "
                         r"keys=console,env,init,ip,loglevel,strace,args payload=13 blake2b=[0-9a-f]{128}\n\Z")
        self.assertEqual(tool("sign", "-o", self.out, self.out).returncode, 2)

    def test_another_key_allows_nothing(self):
        self.signed("-s", self.key, "-r", "7")
        self.assertRegex(self.verified("-p", self.key + ".pub"), r"\Aname=an_app version=7 key=\w+ keys= payload=13 ")
        self.assertRegex(self.verified("-p", signing.development_public(), "-p", self.key + ".pub"), r"\Aname=an_app ")
        done = tool("verify", self.out)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"signed by a key that this kernel does not have\n\Z")

    def test_name_and_permissions(self):
        self.signed("-s", self.key, "-n", "web-1.0", "-K", "console,args")
        self.assertRegex(self.verified("-p", self.key + ".pub"), r"\Aname=web-1.0 version=0 key=\w+ keys=console,args ")

    def test_signature_from_elsewhere(self):
        for words in ([], ["-l"]):
            subprocess.run(["minisign", "-S", "-s", self.key, "-x", self.app + ".sig", "-m", self.app, "-t", "version=3", *words],
                           check=True)
            self.signed("-x", self.app + ".sig")
            self.assertRegex(self.verified("-p", self.key + ".pub"), r"\Aname= version=3 key=\w+ keys= ")

    def test_signature_of_signify(self):
        signify = ["signify-openbsd"]
        subprocess.run(signify + ["-G", "-n", "-p", self.key + "2.pub", "-s", self.key + "2.sec"], check=True)
        subprocess.run(signify + ["-S", "-s", self.key + "2.sec", "-x", self.app + ".sig", "-m", self.app], check=True)
        self.signed("-x", self.app + ".sig")
        self.assertRegex(self.verified("-p", self.key + "2.pub"), r"\Aname= version=0 key=\w+ keys= payload=13 ")
        self.assertEqual(tool("verify", "-p", self.key + ".pub", self.out).returncode, 1)

    def test_folder(self):
        images = []
        for number, names in enumerate((("b", "a"), ("a", "b"))):
            folder = os.path.join(os.path.dirname(self.app), str(number), "web")
            os.makedirs(os.path.join(folder, "sub"))
            for name in names:
                signing.write(os.path.join(folder, "sub", name), name.encode())
            signing.write(os.path.join(folder, "init"), b"\x7fELF")
            os.chmod(os.path.join(folder, "init"), 0o700 if number else 0o755)
            os.symlink("sub/a", os.path.join(folder, "link"))
            os.utime(folder, (number, number))
            done = tool("sign", "-s", self.key, "-o", self.out, folder + "/")
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            images.append(signing.read(self.out))
        self.assertEqual(images[0], images[1])
        size = int(self.verified("-p", self.key + ".pub").split("payload=")[1].split()[0])
        self.assertRegex(self.verified("-p", self.key + ".pub"), r"\Aname=web ")
        listed = subprocess.run(["cpio", "-itv", "--quiet", "--numeric-uid-gid"], input=images[0][:size], capture_output=True, check=True)
        lines = [line.split() for line in listed.stdout.decode().splitlines()]
        self.assertEqual([(line[0], *line[2:4], " ".join(line[8:])) for line in lines], [
            ("-rwxr-xr-x", "0", "0", "init"), ("lrwxrwxrwx", "0", "0", "link -> sub/a"), ("drwxr-xr-x", "0", "0", "sub"),
            ("-rw-r--r--", "0", "0", "sub/a"), ("-rw-r--r--", "0", "0", "sub/b")])
        os.mkfifo(os.path.join(folder, "pipe"))
        for words in (["-s", self.key], ["-x", self.key]):
            done = tool("sign", *words, "-o", self.out, folder)
            self.assertEqual(done.returncode, 2)
        self.assertEqual(signing.read(self.out), images[0])

    def test_bad_usage(self):
        for words, reason in ((["sign", self.app], "want sign"), (["sign", "-o", self.out, "-K", "root", self.app], "-K root"),
                              (["sign", "-o", self.out, "-r", "-1", self.app], "-r -1"),
                              (["sign", "-o", self.out, "-n", "a b", self.app], "-n a b"), (["verify"], "want verify"),
                              (["sign", "-x", "x", "-n", "a", "-o", self.out, self.app], "want sign"),
                              (["sign", "-s", "/nowhere", "-o", self.out, self.app], "could not sign"),
                              (["verify", "-p", self.app, self.app], "no public key"), (["verify", "/nowhere"], "/nowhere")):
            done = tool(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(reason, done.stderr)
        self.assertFalse(os.path.exists(self.out))

    def test_what_is_signed_stays(self):
        self.signed("-s", self.key)
        self.assertEqual(signing.signed_for_run(self.out), self.out)
        image = signing.signed_for_run(self.app)
        self.assertEqual(signing.signed_for_run(self.app), image)
        self.assertEqual(signing.read(image)[:13], signing.read(self.app))


class Keys(unittest.TestCase):
    def test_source(self):
        text = keys.source([(bytes(8), bytes(range(32)))], 7, True)
        self.assertIn(".min_version = 7U", text)
        self.assertIn(".is_development = true", text)
        self.assertIn("{ .id = { 0, 0, 0, 0, 0, 0, 0, 0 }, .key = { 0, 1, 2, ", text)

    def test_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            public, out = os.path.join(folder, "x.pub"), os.path.join(folder, "out.c")
            for text in ("", "untrusted comment: x\n", "untrusted comment: x\nRWQ=\n", "untrusted comment: x\n" + "*" * 56 + "\n",
                         "x\n" + keys.base64.b64encode(b"Ed" + bytes(40)).decode() + "\n"):
                signing.write(public, text.encode())
                self.assertRaises(keys.BadKey, keys.read_public, public)
            good = signing.development_public()
            for words in (["-1", "own", good], ["1x", "own", good], [str(1 << 64), "own", good], ["0", "own", good, good],
                          ["0", "own", public], ["0", "mine", good], ["0", "own"]):
                done = subprocess.run([os.path.join(BOOT, "keys.py"), out, *words], capture_output=True, check=False)
                self.assertEqual(done.returncode, 1, words)
                self.assertFalse(os.path.exists(out))


class Notice(unittest.TestCase):
    def test_only_the_first_line_goes(self):
        line = console.Notice.LINES[0]
        for text, rest in ((line + b"x\n", b"x\n"), (line, b""), (line + line, line), (b"x" + line, b"x" + line),
                           (line[:-1], line[:-1]), (b"anchorite: d", b"anchorite: d"), (b"", b""), (b"anchorite: panic\n",) * 2):
            for step in (1, 7, 500):
                notice = console.Notice()
                shown = b"".join(notice.take(text[at:at + step]) for at in range(0, len(text), step)) + notice.take(b"")
                self.assertEqual(shown, rest)


if __name__ == "__main__":
    unittest.main()
