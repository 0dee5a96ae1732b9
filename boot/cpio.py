# SPDX-License-Identifier: BSD-2-Clause
"""Writes cpio archives of the "newc" kind, whole ones and, for tests, broken ones. The bytes follow from what is added: no time, no
owner, no number of the host's gets in.

    archive = Archive()
    archive.add("dir", mode=stat.S_IFDIR | 0o755)
    archive.add("dir/file", b"text", mode=stat.S_IFREG | 0o644)
    open(path, "wb").write(archive.end())

Each header field can be given another value (`filesize=0xffffffff`, `magic=b"070799"`), which changes the header
only; the bytes stay what they are.
"""

import os
import stat

FIELDS = ("ino", "mode", "uid", "gid", "nlink", "mtime", "filesize", "devmajor", "devminor", "rdevmajor",
          "rdevminor", "namesize", "check")
REGULAR = stat.S_IFREG | 0o644
PROGRAM = stat.S_IFREG | 0o755
FOLDER = stat.S_IFDIR | 0o755


def pad(data):
    return data + bytes(-len(data) % 4)


def member(name, data=b"", magic=b"070701", **fields):
    """One entry: header, name and data, each filled up to a multiple of 4 bytes."""
    name = os.fsencode(name)
    values = {"mode": REGULAR, "nlink": 1, "filesize": len(data), "namesize": len(name) + 1}
    values.update(fields)
    header = magic
    for field in FIELDS:
        value = values.get(field, 0)
        header += value if isinstance(value, bytes) else b"%08X" % value
    return pad(header + name + b"\0") + pad(data)


class Archive:
    """The bytes of an archive as it grows; every entry gets the next inode number."""

    def __init__(self):
        self.bytes = b""
        self.inodes = 0

    def add(self, name, data=b"", **fields):
        self.inodes += 1
        fields.setdefault("ino", self.inodes)
        self.bytes += member(name, os.fsencode(data) if isinstance(data, str) else data, **fields)

    def add_tree(self, folder, prefix=""):
        """Everything below the folder in sorted order: folders, files with their x bit, symbolic links. ValueError: something else."""
        for entry in sorted(os.scandir(folder), key=lambda each: each.name):
            name = prefix + entry.name
            if entry.is_symlink():
                self.add(name, os.readlink(entry.path), mode=stat.S_IFLNK | 0o777)
            elif entry.is_dir():
                self.add(name, mode=FOLDER, nlink=2)
                self.add_tree(entry.path, name + "/")
            elif not entry.is_file():
                raise ValueError("%s is no file, folder or symbolic link" % entry.path)
            else:
                program = entry.stat().st_mode & 0o100
                with open(entry.path, "rb") as source:
                    self.add(name, source.read(), mode=PROGRAM if program else REGULAR)

    def end(self):
        """The whole archive, with its trailer."""
        return self.bytes + member("TRAILER!!!", mode=0)
