# SPDX-License-Identifier: BSD-2-Clause
"""Images that nobody signed so: each is refused with its own line and status 126, and nothing of it is looked at. And what a good
signature allows: keys that are rotated, what the comment says of the command line, a kernel without verification."""

import functools
import os
import struct
import subprocess
import tempfile
import threading

import elf
import harness
import keys
import signing
import vm

GOOD = elf.program()
TRAILER = 24
ORDER = (1 << 252) + 27742317777372353535851937790883648493  # L of RFC 8032
SIGNIFY = "signify-openbsd"
SEVEN = "name=web version=7 keys=console"
key_lock = threading.Lock()


def new_key(name):
    """The secret key's path of a pair of this test's own; .pub is the other's."""
    path = os.path.join(vm.OUT, "signed-" + name)
    with key_lock:
        os.makedirs(vm.OUT, exist_ok=True)
        if not os.path.exists(path):
            harness.must(["minisign", "-G", "-W", "-f", "-p", path + ".pub", "-s", path], vm.DEADLINE, "key",
                         kind=harness.CannotRun)
    return path


def signify_key():
    """A pair of signify's: what .pub and .sec stand behind."""
    path = os.path.join(vm.OUT, "signed-signify")
    with key_lock:
        os.makedirs(vm.OUT, exist_ok=True)
        if not os.path.exists(path + ".sec"):
            harness.must([SIGNIFY, "-G", "-n", "-p", path + ".pub", "-s", path + ".sec"], vm.DEADLINE, "key", kind=harness.CannotRun)
    return path


def signify_image(payload=GOOD):
    """The image with a signature that signify made."""
    path, out = vm.keep(payload), vm.keep(payload) + ".signify"
    key = signify_key()
    with key_lock:
        harness.must([SIGNIFY, "-S", "-s", key + ".sec", "-x", out, "-m", path], vm.DEADLINE, "signature", kind=harness.CannotRun)
        return signing.assemble(payload, signing.read(out))


def signature(payload, comment=SEVEN, key=None, plain=False):
    """What minisign makes of the payload."""
    path, out = vm.keep(payload), vm.keep(repr((comment, key, plain)).encode() + payload) + ".minisig"
    words = ["minisign", "-S", "-s", key or signing.development_key(), "-t", comment, "-x", out, "-m", path]
    with key_lock:
        harness.must(words + (["-l"] if plain else []), vm.DEADLINE, "signature", kind=harness.CannotRun)
        return signing.read(out)


@functools.cache
def image(comment=SEVEN, key=None, plain=False, payload=GOOD, lines=4):
    text = b"".join(signature(payload, comment, key, plain).splitlines(True)[:lines])
    return signing.assemble(payload, text)


def flipped(at, bit=0):
    """The image with another bit there; negative: from the end."""
    data = bytearray(image())
    data[at] ^= 1 << bit
    return bytes(data)


def with_start(start):
    return image()[:-TRAILER] + struct.pack("<Q", start % (1 << 64)) + signing.MAGIC


def with_text(change, *arguments):
    """The image with its signature's lines changed: change(lines, ...)."""
    lines = image()[len(GOOD):-TRAILER].splitlines(True)
    change(lines, *arguments)
    return GOOD + b"".join(lines) + image()[-TRAILER:]


def set_line(lines, number, line):
    lines[number] = line


def with_signature(change):
    """The image with the 64 bytes of its signature changed; the global signature does not matter then."""
    def rewrite(lines):
        line = bytearray(keys.base64.b64decode(lines[1]))
        line[10:] = change(bytes(line[10:]))
        lines[1] = keys.base64.b64encode(line) + b"\n"
    return with_text(rewrite)


def greater_s(sign):
    return sign[:32] + (int.from_bytes(sign[32:], "little") + ORDER).to_bytes(32, "little")


def middle(data=GOOD):
    return len(data) // 2


# name, what makes the module, what the line says.
UNSIGNED, MISMATCH = "no signature", "the signature does not match"
BAD = [
    ("elf", lambda: GOOD, UNSIGNED),
    ("nonsense", lambda: b"nothing", UNSIGNED),
    ("trailer-cut", lambda: image()[:-1], "trailer is cut short"),
    ("trailer-gone", lambda: image()[:-TRAILER], UNSIGNED),
    ("trailer-first-bit", lambda: flipped(-TRAILER), "first line is not where"),
    ("trailer-high-bit", lambda: flipped(-TRAILER + 7, 7), "outside the image"),
    ("trailer-last-bit", lambda: flipped(-1), "trailer is cut short or damaged"),
    ("trailer-outside", lambda: with_start(len(image()) + 1), "outside the image"),
    ("trailer-wraps", lambda: with_start(-1), "outside the image"),
    ("trailer-in-itself", lambda: with_start(len(image()) - 8), "into itself"),
    ("trailer-overlaps", lambda: with_start(len(GOOD) + 1), "first line is not where"),
    ("trailer-before", lambda: with_start(len(GOOD) - 1), "first line is not where"),
    ("trailer-far-before", lambda: with_start(1), "first line is not where|more than 4096"),
    ("trailer-at-end", lambda: with_start(len(image()) - TRAILER), "too short"),
    ("trailer-at-start", lambda: with_start(0), "nothing before"),
    ("appended", lambda: image() + b"x", "bytes behind the trailer"),
    ("appended-zeros", lambda: image() + bytes(4096), "bytes behind the trailer"),
    ("empty-payload", lambda: image()[len(GOOD):-TRAILER] + struct.pack("<Q", 0) + signing.MAGIC, "nothing before"),
    ("text-cut", lambda: image()[:len(GOOD) + 200] + image()[-TRAILER:], "too short"),
    ("text-cut-to-signify", lambda: image()[:len(GOOD) + 136] + image()[-TRAILER:], "unknown kind"),
    ("signature-not-base64", lambda: with_text(set_line, 1, b"*" * 100 + b"\n"), "not base64"),
    ("signature-first-bit", lambda: flipped(len(GOOD)), "first line is not where"),
    ("signature-middle-bit", lambda: flipped(len(GOOD) + 90), MISMATCH + "|not base64"),
    ("signature-last-bit", lambda: flipped(-TRAILER - 1), "global signature is not base64"),
    ("payload-first-bit", lambda: flipped(0), MISMATCH),
    ("payload-last-bit", lambda: flipped(len(GOOD) - 1, 7), MISMATCH),
    ("payload-middle-bit", lambda: flipped(middle(), 3), MISMATCH),
    ("comment-first-bit", lambda: flipped(len(GOOD) + 153), "global signature does not match"),
    ("comment-changed", lambda: image().replace(b"version=7", b"version=8"), "global signature does not match"),
    ("comment-escapes", lambda: image().replace(b"version=7", b"version\x1b7"), "not printable"),
    ("comment-prefix", lambda: image().replace(b"\ntrusted", b"\nTrusted"), "not where it has to be"),
    ("comment-long", lambda: with_text(set_line, 2, b"trusted comment: " + b"c" * 4097 + b"\n"), "more than 4096 bytes"),
    ("comment-version", lambda: image("version=seven"), "version= in the comment"),
    ("comment-name", lambda: image("name=../../x"), "name= in the comment"),
    ("global-of-another", lambda: with_text(set_line, 3, image("name=x").splitlines(True)[-2]), "global signature does not match"),
    ("another-image", lambda: b"\x7fELF" + GOOD[4:-1] + b"x" + image()[len(GOOD):], MISMATCH),
    ("another-key", lambda: image(key=new_key("other")), "does not have"),
    ("prehash-as-plain", lambda: with_text(set_line, 1, b"RWQ" + image()[len(GOOD):].splitlines(True)[1][3:]), MISMATCH + "|does not"),
    ("s-not-canonical", lambda: with_signature(greater_s), MISMATCH),
    ("small-point", lambda: with_signature(lambda sign: b"\1" + bytes(63)), MISMATCH),
    ("zero-signature", lambda: with_signature(lambda sign: bytes(64)), MISMATCH),
]


def boot(data, kernel=None, keys_given=(), args=(), cpu="max"):
    """The module as it is: boot/anchorite would sign what is not."""
    line = " ".join(list(keys_given) + (["--", *args] if args else []))
    return vm.run("-", kernel=kernel, qemu="-cpu %s -initrd %s -append '%s'" % (cpu, vm.keep(data), line))


def refuse(_name, make, text):
    return vm.expect(boot(make()), 126, [r"\Aanchorite: refused: image: [^\n]*\n\Z", text], ["executed"])


def least_version():
    return harness.kernel_with_keys("seven", [signing.development_public()], 7)


def rotated():
    return harness.kernel_with_keys("rotated", [new_key("old") + ".pub", new_key("new") + ".pub"])


def versions(_name, version, status, text):
    return vm.expect(boot(image("version=%d" % version), least_version()), status, [text])


def rotation(_name, make_key, status, text):
    return vm.expect(boot(image(key=make_key()), rotated()), status, [text])


def signify(_name, make, min_version, status, text):
    kernel = harness.kernel_with_keys("signify-%d" % min_version, [signify_key() + ".pub"], min_version)
    return vm.expect(boot(make(), kernel), status, [text])


def no_switch(_name, key):
    """Whatever the command line says, what is not signed does not run."""
    return vm.expect(boot(GOOD, keys_given=[key]), 126, [UNSIGNED], ["executed"])


def packed_folder(_name):
    """A folder that boot/anchorite packs and signs."""
    with tempfile.TemporaryDirectory() as folder:
        program, out = os.path.join(folder, "web", "init"), os.path.join(folder, "web.img")
        os.mkdir(os.path.dirname(program))
        signing.write(program, GOOD)
        os.chmod(program, 0o755)
        harness.must([vm.TOOL, "sign", "-o", out, os.path.dirname(program)], vm.DEADLINE, "sign")
        return vm.expect(boot(signing.read(out)), 0, [r"\Aexecuted\n\Z"])


def accept(_name, make, patterns, keys_given=(), args=()):
    return vm.expect(boot(make(), keys_given=keys_given, args=args), 0, patterns)


def unverified(_name, make):
    target = os.path.join("build", "tests", "unverified.elf")
    with harness.BUILD_LOCK:
        harness.must(["make", "-s", target], harness.KERNEL_DEADLINE, "build", kind=harness.CannotRun)
    done = boot(make(), os.path.join(harness.ROOT, target))
    if b"no verification" not in done.errors:
        raise harness.Wrong("it does not say that it verifies nothing", done.log())
    return vm.expect(done, 0, [r"\Aexecuted\n\Z"])


def development_is_told(_name):
    done = boot(image())
    if b"anchorite: development key" not in done.errors:
        raise harness.Wrong("it does not say that its key is the development key", done.log())
    return vm.expect(done, 0, [r"\Aexecuted\n\Z"])


def evidence(_name, cpu="max"):
    """The log names the image, its version, the key, and the digest that b2sum has, whatever vector registers the CPU has."""
    digest = subprocess.run(["b2sum", vm.keep(GOOD)], capture_output=True, check=True).stdout[:64].decode()
    key_id = keys.read_public(signing.development_public())[0][::-1].hex()
    return vm.expect(boot(image("name=web version=7 keys=loglevel"), keys_given=["loglevel=7"], cpu=cpu), 0,
                     ["^anchorite: image: name=web version=7 key=%s blake2b=%s" % (key_id, digest)])


def old_are_removed(_name):
    """Of the images signed for a run the old ones go; a name that another run removed meanwhile (a link to nothing here) is no error."""
    with tempfile.TemporaryDirectory() as folder:
        old, new, gone = (os.path.join(folder, name) for name in ("old", "new", "gone"))
        for path in (old, new):
            signing.write(path, b"x")
        os.utime(old, (0, 0))
        os.symlink(os.path.join(folder, "nothing"), gone)
        signing.remove_old(folder)
        if os.path.exists(old) or not os.path.exists(new):
            raise harness.Wrong("left: %s" % os.listdir(folder))


def tests():
    quiet = [r"\Aexecuted\n\Z"]
    ignored = [r"\Aanchorite: env= ignored[^\n]*\nanchorite: loglevel= ignored[^\n]*\nanchorite: strace= ignored[^\n]*\n"
               r"anchorite: arguments ignored[^\n]*\nexecuted\n\Z"]
    given = ["env=A=B", "strace=1", "loglevel=7", "console=pipe"]
    return (vm.table("unsigned", BAD, refuse) + vm.table("signed-version", [
        ("older", 6, 126, "older than this kernel takes"), ("same", 7, 0, "executed"), ("newer", 8, 0, "executed")], versions) +
            vm.table("signed-rotation", [
                ("old", lambda: new_key("old"), 0, "executed"), ("new", lambda: new_key("new"), 0, "executed"),
                ("other", lambda: new_key("other"), 126, "does not have"),
                ("development", signing.development_key, 126, "does not have")], rotation) +
            vm.table("signed", [
                ("minisign", image, quiet), ("legacy", lambda: image(plain=True), quiet),
                ("signify", lambda: image(plain=True, lines=2), quiet), ("padded", lambda: image() + bytes(4095), quiet),
                ("no-words", lambda: image("timestamp:1\tfile:x\thashed"), quiet),
                ("line-ignored", image, ignored, given, ["x"]),
                ("line-honoured", lambda: image("keys=env,console,args,loglevel"), [r"\Aanchorite: strace= ignored"], given, ["x"]),
                ("comment-4000", lambda: image(SEVEN + " " * (4000 - len(SEVEN))), quiet)], accept) +
            vm.table("signed-by-signify", [
                ("good", signify_image, 0, 0, "executed"), ("version", signify_image, 1, 126, "older than this kernel takes"),
                ("another", lambda: GOOD[:-1] + b"x" + signify_image()[len(GOOD):], 0, 126, MISMATCH),
                ("minisign", image, 0, 126, "does not have")], signify) +
            vm.table("signed-switch", [("verify", "verify=off"), ("bare", "noverify"), ("keys", "keys=")], no_switch) +
            vm.table("signed-off", [("elf", lambda: GOOD), ("image", image)], unverified) +
            vm.table("signed", [("development",)], development_is_told) + vm.table("signed", [("evidence",), ("no-avx2", "max,-avx2"), ("no-avx", "max,-avx"), ("no-xsave", "max,-xsave"), ("oldest", "qemu64")],
                     evidence) +
            vm.table("signed", [("old",)], old_are_removed) + vm.table("signed", [("folder",)], packed_folder))
