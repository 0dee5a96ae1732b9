# SPDX-License-Identifier: BSD-2-Clause
"""Debian's static busybox, applet by applet: each that needs no other process must print what it prints on Linux."""

import os
import shutil
import stat
import tempfile

import cpio
import harness
import vm

BUSYBOX = "/bin/busybox"
NOTES = "".join("line %d of the notes, %s\n" % (i, ("red", "green", "blue")[i * 7 % 3]) for i in range(1, 41))
NUMBERS = "".join("%d\n" % (i * 7919 % 101) for i in range(60))
FILES = {"notes.txt": NOTES, "numbers": NUMBERS, "folder/inner/deep.txt": "deep\n", "folder/empty": "",
         "table": "ann 3 7\nbob 4 8\ncleo 5 9\n"}
ENVIRONMENT = ["HOME=/", "LANG=C", "TZ=UTC", "WORD=some words"]

# Name of the test, arguments, and what is not compared with Linux but looked for.
CASES = [
    ("cat", ["cat", "notes.txt", "numbers"]),
    ("ls", ["ls", "-1F", "folder"]),
    ("ls-recursive", ["ls", "-R", "folder"]),
    ("wc", ["wc", "notes.txt", "numbers", "table"]),
    ("sort", ["sort", "-n", "-u", "numbers"]),
    ("sort-key", ["sort", "-k", "6", "-r", "notes.txt"]),
    ("sed", ["sed", "-e", "s/line \\([0-9]*\\)/\\1 lines/", "-e", "/green/d", "notes.txt"]),
    ("sed-in-place", ["sed", "-i", "-e", "s/bob/rob/w /dev/stdout", "table"]),
    ("awk", ["awk", "{ s += $2 * $3; n[$1] = s } END { for (i = 0; i < 3; i++) printf \"%d %s\\n\", i, sqrt(s + i) }",
             "table"]),
    ("expr", ["expr", "6", "*", "7"]),
    ("printf", ["printf", "%05d|%-8s|%x\\n", "42", "left", "255"]),
    ("md5sum", ["md5sum", "notes.txt", "numbers"]),
    ("sha256sum", ["sha256sum", "notes.txt", "folder/empty"]),
    ("sha512sum", ["sha512sum", "numbers"]),
    ("cksum", ["cksum", "notes.txt"]),
    ("find", ["find", "folder", "-name", "*.txt", "-size", "-2"]),
    ("stat", ["stat", "-c", "%n %s %F %h", "notes.txt", "folder/empty"]),
    ("head", ["head", "-n", "3", "notes.txt"]),
    ("tail", ["tail", "-n", "3", "notes.txt"]),
    ("cp", ["cp", "-v", "notes.txt", "folder/copy"]),
    ("mv", ["mv", "-i", "numbers", "folder/moved"]),
    ("mkdir", ["mkdir", "-p", "a/b/c/d"]),
    ("rm", ["rm", "-rf", "folder"]),
    ("rmdir-full", ["rmdir", "folder"]),
    ("ln", ["ln", "-s", "notes.txt", "folder/link"]),
    ("touch", ["touch", "-d", "2020-01-02 03:04:05", "fresh"]),
    ("dd", ["dd", "if=notes.txt", "bs=10", "skip=2", "count=5", "status=none"]),
    ("tr-missing-file", ["cat", "not-there"]),
    ("grep", ["grep", "-n", "-E", "line (3|[12]0) ", "notes.txt"]),
    ("cut", ["cut", "-d", " ", "-f", "2,6", "notes.txt"]),
    ("uniq", ["uniq", "-c", "numbers"]),
    ("od", ["od", "-A", "d", "-t", "x1", "table"]),
    ("hexdump", ["hexdump", "-C", "table"]),
    ("base64", ["base64", "notes.txt"]),
    ("tac", ["tac", "table"]),
    ("seq", ["seq", "1", "3", "20"]),
    ("factor", ["factor", "360360", "2147483647"]),
    ("diff", ["diff", "-u", "-L", "a", "-L", "b", "notes.txt", "table"]),
    ("cmp", ["cmp", "notes.txt", "numbers"]),
    ("gzip", ["gzip", "-n", "-c", "notes.txt"]),
    ("echo", ["echo", "-e", "a\\tb"]),
    ("env", ["env"]),
    ("date", ["date", "-u", "-d", "@1700000000", "+%F %T %A"]),
    ("test", ["test", "-d", "folder/inner", "-a", "!", "-s", "folder/empty"]),
    ("false", ["false"]),
    ("sh-builtins", ["sh", "-c", "i=0; while [ $i -lt 5 ]; do i=$((i + 1)); printf '%s ' $i; done; cd folder; echo *; "
                     "read -r word rest < ../table; echo \"$rest $word\"; exit 9"]),
]

SPECIAL = [
    ("df", ["df"], 0, [r"^Filesystem +1K-blocks", r" /$"]),
    ("free", ["free"], 0, [r"^Mem: +6\d{4} "]),
    ("uname", ["uname", "-a"], 0, [r"^Linux anchorite \S+ Anchorite on \S.* x86_64 GNU/Linux$"]),
    ("date-now", ["date", "+%Y"], 0, [r"^20(2[4-9]|[3-9]\d)$"]),
    ("ls-long", ["ls", "-l", "/dev/null", "notes.txt"], 0,
     [r"^crw-rw-rw- +1 \S+ +\S+ +1, +3 .* /dev/null$", r"^-rw-r--r-- +1 \S+ +\S+ +%d .* notes.txt$" % len(NOTES)]),
    ("id", ["id", "-u"], 0, [r"^0$"]),
    ("sh-fork", ["sh", "-c", "/bin/busybox ls / | cat; echo status $?"], 2, [r"can't fork"]),
    ("pwd", ["pwd"], 0, [r"^/$"]),
    ("mount-points", ["cat", "/proc/mounts"], 0, [r" / "]),
]


def archive():
    """The files and busybox itself."""
    whole, folders = cpio.Archive(), ["bin", "folder", "folder/inner", "tmp"]
    for folder in folders:
        whole.add(folder, mode=cpio.FOLDER, nlink=2)
    for name, text in sorted(FILES.items()):
        whole.add(name, text)
    with open(BUSYBOX, "rb") as file:
        whole.add("bin/busybox", file.read(), mode=cpio.PROGRAM)
    return vm.keep(whole.end())


def on_linux(args):
    """How the applet ends here, in a folder with the same files."""
    folder = tempfile.mkdtemp(prefix="anchorite-")
    try:
        for name, text in FILES.items():
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(os.path.join(folder, name), stat.S_IMODE(cpio.REGULAR))
        return harness.run_command([BUSYBOX] + args, vm.DEADLINE, cwd=folder, merge=True,
                                   env=dict(each.split("=", 1) for each in ENVIRONMENT))
    finally:
        shutil.rmtree(folder)


def in_guest(args, machine="microvm"):
    if not os.path.exists(BUSYBOX):
        raise harness.CannotRun("no %s: make deps installs it" % BUSYBOX)
    return vm.run(archive(), args, keys=["init=/bin/busybox"], env=ENVIRONMENT, machine=machine)


def compare(_name, args, machine="microvm"):
    done, host = in_guest(args, machine), on_linux(args)
    if done.status != host.status:
        raise harness.Wrong("status %s, on Linux %s" % (done.status, host.status), done.log())
    if done.output != host.output:
        raise harness.Wrong("another output than on Linux", "Linux:\n%s\nhere:\n%s" % (host.log(), done.log()))
    return done.log()


def bare():
    """The program itself as the module: it is named after its file, so busybox finds the applet as on Linux."""
    args = ["sha256sum", BUSYBOX]
    done = vm.run(BUSYBOX, ["sha256sum", "/proc/self/exe"])
    host = harness.run_command([BUSYBOX] + args, vm.DEADLINE)
    if done.output.split()[:1] != host.output.split()[:1]:
        raise harness.Wrong("another sum than on Linux", host.log() + done.log())
    return vm.expect(done, 0, [r"^[0-9a-f]{64}  /proc/self/exe$"])


def tests():
    found = vm.table("busybox", CASES, compare)
    found += vm.table("busybox", SPECIAL, lambda _name, args, status, patterns: vm.expect(in_guest(args), status,
                                                                                         patterns))
    found += [harness.Test("qemu", "busybox-sha256sum@" + machine,
                           lambda machine=machine: compare("", ["sha256sum", "notes.txt"], machine), "busybox")
              for machine in ("q35", "pc", "xen")]
    return found + [harness.Test("qemu", "busybox-bare", bare, "busybox")]
