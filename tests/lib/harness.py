# SPDX-License-Identifier: BSD-2-Clause
"""What every group of tests shares: a test, its result, and how a command is run with a deadline."""

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BUILD = os.path.join(ROOT, "build", "tests")
KERNEL = os.environ.get("ANCHORITE_KERNEL") or os.path.join(ROOT, "build", "anchorite.elf")

# The host tool's modules are the tests' too; a script that a test starts finds them and these there.
MODULES = os.pathsep.join(os.path.join(ROOT, *folder) for folder in (("tests", "lib"), ("boot",)))
sys.path.append(os.path.join(ROOT, "boot"))
import console
import keys
import signing

BUILD_LOCK = threading.Lock()
KERNEL_DEADLINE = 120

LOADING = threading.RLock()
PASS, FAIL, ERROR = "PASS", "FAIL", "ERROR"


class Wrong(Exception):
    """The thing under test is wrong. The text says how, in a line; `log` is what was seen."""

    def __init__(self, reason, log=""):
        super().__init__(reason)
        self.log = log


class CannotRun(Wrong):
    """The test itself could not be run."""


class Test:
    """A name and a function that returns its log, or raises Wrong or CannotRun."""

    def __init__(self, group, name, run, folder=None, quick=True):
        self.group = group
        self.name = name
        self.run = run
        self.folder = folder or name
        self.quick = quick  # part of a run of everything

    def result(self):
        """(word, reason, log, seconds)"""
        start = time.monotonic()
        try:
            word, reason, log = PASS, "", self.run() or ""
        except CannotRun as error:
            word, reason, log = ERROR, str(error), error.log
        except Wrong as error:
            word, reason, log = FAIL, str(error), error.log
        except Exception as error:  # a broken test must not end the suite
            word, reason, log = ERROR, "%s: %s" % (type(error).__name__, error), ""
        return word, reason, log, time.monotonic() - start


class Done:
    """How a command ended: `status` is None after the deadline, 128+signal when it was killed."""

    def __init__(self, status, output, errors):
        self.status = status
        self.output = output
        self.errors = errors

    def log(self):
        return text_of(self.output + self.errors)


def text_of(data):
    return data.decode("utf-8", "backslashreplace")


def complaints(done):
    """What boot/anchorite itself said, but for the kernel's notice about its key."""
    return [line for line in text_of(done.errors).splitlines() if line.startswith("anchorite: ")
            and line.encode() + b"\n" not in console.Notice.LINES]


def check_started(done):
    """A guest that the tool can not start is no verdict on the kernel."""
    if done.status == 2 and complaints(done):
        raise CannotRun(complaints(done)[-1])


def signed(path):
    """The path of the application as an image that the kernel under test takes."""
    return signing.signed_for_run(path)


def kernel_with_keys(name, paths, min_version=0):
    """The path of this kernel with other keys than the development key, which are public keys at these paths."""
    folder = os.path.join(BUILD, "keys", name)
    text = keys.source([keys.read_public(path) for path in paths], min_version, False)
    with BUILD_LOCK:
        os.makedirs(folder, exist_ok=True)
        source = os.path.join(folder, "verify_keys.c")
        if not os.path.exists(source) or signing.read(source) != text.encode():  # else a guest may just be loading what it made
            signing.write(source, text.encode())
        target = os.path.join("build", "tests", "keys", name + ".elf")
        must(["make", "-s", target], KERNEL_DEADLINE, "build", kind=CannotRun)
    return os.path.join(ROOT, target)


def clean_environment(**more):
    """The environment without what an outer make would make of an inner one."""
    return {**{key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}, **more}


def run_command(words, deadline, stdin=None, cwd=ROOT, env=None, merge=False, name=None):
    """Runs a command, as `name` if given, and ends it with all its children after so many seconds."""
    source = subprocess.PIPE if stdin is not None else subprocess.DEVNULL
    errors = subprocess.STDOUT if merge else subprocess.PIPE
    try:
        child = subprocess.Popen([name or words[0]] + words[1:], executable=words[0], stdin=source,
                                 stdout=subprocess.PIPE, stderr=errors, cwd=cwd, start_new_session=True,
                                 env=env if env is not None else clean_environment())
    except OSError as error:
        raise CannotRun("cannot start %s: %s (make deps installs what is missing)" % (words[0], error)) from error
    status = None
    try:
        output, error_output = child.communicate(stdin, timeout=deadline)
        status = child.returncode if child.returncode >= 0 else 128 - child.returncode
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        output, error_output = child.communicate()
    return Done(status, output, error_output or b"")


def must(words, deadline, what, kind=Wrong, **options):
    """Runs a command that has to succeed; gives how it ended."""
    done = run_command(words, deadline, **options)
    if done.status != 0:
        ending = "took longer than %d s" % deadline if done.status is None else "ended with %d" % done.status
        raise kind("%s: %s %s" % (what, os.path.basename(words[0]), ending), done.log())
    return done


def is_newer(target, sources):
    """Does the target exist, and is it newer than all sources?"""
    if not os.path.exists(target):
        return False
    built = os.stat(target).st_mtime_ns
    return all(os.stat(source).st_mtime_ns < built for source in sources)


def load_module(*path):
    """The Python file as a module, loaded once. It is named after its whole path: several folders have a run.py or a source.py."""
    name = "_".join(path)
    with LOADING:  # a test may ask for another group, and tests run side by side
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, os.path.join(ROOT, *path) + ".py")
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
        return sys.modules[name]


def load_group(group):
    """The module tests/GROUP/run.py: its tests() gives the tests of the group."""
    folder = os.path.join(ROOT, "tests", group)
    with LOADING:
        if folder not in sys.path:
            sys.path.insert(0, folder)
        return load_module("tests", group, "run")
