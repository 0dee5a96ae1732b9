# SPDX-License-Identifier: BSD-2-Clause
"""Signed images: spec/image.md. minisign signs; the kernel's own C, built as a library of the host, verifies."""

import collections
import contextlib
import ctypes
import hashlib
import os
import shutil
import struct
import subprocess
import tempfile
import time

import cpio
import keys

MINISIGN = "minisign"
MAGIC = b"anchorite-image1"
FIRST_LINE = b"untrusted comment: anchorite image\n"
ALL_KEYS = ("console", "env", "init", "ip", "loglevel", "strace", "args")
MAX_COMMENT, MAX_NAME = 4096, 64
KEPT_SECONDS = 24 * 3600

# What a comment says: spec/image.md. keys: names of ALL_KEYS.
Claims = collections.namedtuple("Claims", "name version keys")


class Refused(Exception):
    """Why nothing is signed, or an image is not good, in one line."""


def tree():
    return os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def development_key():
    """The path of the secret key that make made, or None."""
    path = os.path.join(tree(), "build", "development.key")
    return path if os.path.isfile(path) else None


def development_public():
    return os.path.join(tree(), "build", "development.pub")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def is_signed(path):
    """Does the file end as an image does? Whether it is good is the kernel's question."""
    with open(path, "rb") as file:
        file.seek(max(0, os.path.getsize(path) - 8192))
        return file.read().rstrip(b"\0").endswith(MAGIC)


def comment(claims):
    return "name=%s version=%d keys=%s" % (claims.name, claims.version, ",".join(claims.keys))


def assemble(payload, signature):
    """The image: payload, the signature's text with the first line that images have, trailer."""
    _, newline, rest = signature.partition(b"\n")
    if not newline:
        raise Refused("this is no signature of minisign or signify")
    return payload + FIRST_LINE + rest + struct.pack("<Q", len(payload)) + MAGIC


def minisign(path, key, text):
    """What minisign writes as the signature of that file."""
    if not shutil.which(MINISIGN):
        raise Refused("no %s: run make deps" % MINISIGN)
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "signature")
        # A key with a password asks for it on the terminal.
        done = subprocess.run([MINISIGN, "-S", "-s", key, "-x", out, "-t", text, "-m", path], stdout=subprocess.DEVNULL,
                              check=False)
        if done.returncode:
            raise Refused("%s could not sign %s" % (MINISIGN, path))
        return read(out)


def packed(folder):
    """What is in the folder as an archive, the same bytes wherever it lies."""
    archive = cpio.Archive()
    archive.add_tree(folder)
    return archive.end()


def sign(path, key, claims):
    """The signed image of the application at this path, which may be a folder."""
    if os.path.isdir(path):
        with tempfile.NamedTemporaryFile(suffix=".cpio") as file:
            file.write(packed(path))
            file.flush()
            return sign(file.name, key, claims)
    if is_signed(path):
        raise Refused("%s is signed already" % path)
    return assemble(read(path), minisign(path, key, comment(claims)))


def app_name(path):
    """A name that a comment can have, from the file's."""
    name = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_"
                   for char in os.path.basename(os.path.abspath(path)))
    return name[:MAX_NAME]


def cache():
    """Where images are kept that were signed for one run."""
    own = os.path.join(tree(), "build")
    if os.access(own, os.W_OK):
        return os.path.join(own, "signed")
    return os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "anchorite", "signed")


def write(path, data):
    """All of the file at once, so that nobody reads half of it."""
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(path) or ".", delete=False) as file:
        file.write(data)
    os.chmod(file.name, 0o644)
    os.rename(file.name, path)


def remove_old(folder):
    """Images that nobody runs any more. Others sign and remove here at the same time, so a name may be gone when it is looked at."""
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):
            if entry.stat().st_mtime < time.time() - KEPT_SECONDS:
                os.unlink(entry.path)


def signed_for_run(path):
    """The path of the application as an image with the development key; its own when it is signed or empty, or there is no such key."""
    key = development_key()
    if key is None or os.path.getsize(path) == 0 or is_signed(path):
        return path
    folder, data = cache(), read(path)
    os.makedirs(folder, exist_ok=True)
    remove_old(folder)
    name = hashlib.blake2b(data + read(key) + os.path.basename(path).encode(), digest_size=16).hexdigest()
    image = os.path.join(folder, name)
    if not os.path.exists(image):
        write(image, sign(path, key, Claims(app_name(path), 0, ALL_KEYS)))
    return image


# ---- The kernel's C: struct image, signed_comment, verified, verify_keys.


class Image(ctypes.Structure):
    _fields_ = [("payload_size", ctypes.c_uint64), ("comment_size", ctypes.c_uint32), ("is_hashed", ctypes.c_bool),
                ("has_comment", ctypes.c_bool), ("key_id", ctypes.c_uint8 * 8),
                ("claim", ctypes.c_uint8 * (64 + MAX_COMMENT)), ("global_signature", ctypes.c_uint8 * 64)]


class Comment(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint64), ("allows", ctypes.c_bool * len(ALL_KEYS)),
                ("name", ctypes.c_char * (MAX_NAME + 1))]


class Verified(ctypes.Structure):
    _fields_ = [("image", Image), ("comment", Comment), ("key", ctypes.c_uint32), ("digest", ctypes.c_uint8 * 64)]


class Key(ctypes.Structure):
    _fields_ = [("id", ctypes.c_uint8 * 8), ("key", ctypes.c_uint8 * 32)]


class Keys(ctypes.Structure):
    _fields_ = [("min_version", ctypes.c_uint64), ("count", ctypes.c_uint32), ("is_development", ctypes.c_bool),
                ("key", Key * keys.MAX_KEYS)]


class Verifier:
    """image_verify with these public keys."""

    def __init__(self, paths, min_version=0):
        library = os.path.join(tree(), "build", "image_verify.so")
        if not os.path.isfile(library):
            raise Refused("no %s: run make" % library)
        if len(paths) > keys.MAX_KEYS:
            raise Refused("more than %d keys" % keys.MAX_KEYS)
        self.library = ctypes.CDLL(library)
        self.library.image_verify.argtypes = [ctypes.c_char_p, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_void_p]
        self.library.image_status_text.restype = ctypes.c_char_p
        self.keys = Keys(min_version=min_version, count=len(paths))
        for place, path in zip(self.keys.key, paths):
            for field, value in zip((place.id, place.key), keys.read_public(path)):
                field[:] = value

    def verify(self, data):
        """What the image is, or Refused with the kernel's reason."""
        found = Verified()
        status = self.library.image_verify(data, len(data), ctypes.byref(self.keys), ctypes.byref(found))
        if status != 0:
            raise Refused(self.library.image_status_text(status).decode())
        return found


def described(found):
    """A line about a verified image, as the kernel's log and xenstore have it."""
    allowed = ",".join(name for name, allows in zip(ALL_KEYS, found.comment.allows) if allows)
    return "name=%s version=%d key=%016x keys=%s payload=%d blake2b=%s" % (
        found.comment.name.decode(), found.comment.version, int.from_bytes(bytes(found.image.key_id), "little"), allowed,
        found.image.payload_size, bytes(found.digest).hex())
