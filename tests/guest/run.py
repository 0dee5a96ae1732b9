# SPDX-License-Identifier: BSD-2-Clause
"""Guest tests: tests/guest/NAME/test.toml and a program, run on every machine the test names. See tests/README.md."""

import difflib
import functools
import glob
import os
import shutil
import sys
import threading
import tomllib

import cpio
import harness

HERE = os.path.dirname(os.path.realpath(__file__))
TOOL = os.path.join(harness.ROOT, "boot", "anchorite")
HERMIT = os.path.join(harness.ROOT, "build", "hermit", "bin", "x86_64-hermit-")
WARNINGS = ["-O1", "-g", "-Wall", "-Wextra", "-Werror", "-I" + HERE]
COMPILERS = {
    "musl": ["musl-gcc", "-static"] + WARNINGS,
    # musl's compiler wrapper knows no -static-pie: the start file that relocates the program is named here.
    "pie": ["musl-gcc", "-static", "-fPIE", "-nostartfiles", "-Wl,-pie,--no-dynamic-linker",
            "/usr/lib/x86_64-linux-musl/rcrt1.o"] + WARNINGS,
    "glibc": ["gcc", "-static"] + WARNINGS,
    "glibc-pie": ["gcc", "-static-pie", "-fPIE"] + WARNINGS,
    "g++": ["g++", "-static"] + WARNINGS,
    "hermit-gcc": [HERMIT + "gcc"] + WARNINGS,
    "hermit-g++": [HERMIT + "g++"] + WARNINGS,
    "hermit-gfortran": [HERMIT + "gfortran", "-O1", "-g", "-Wall", "-Werror"],
    "gfortran": ["gfortran", "-static", "-O1", "-g", "-Wall", "-Werror"],
    "go": ["go", "build", "-trimpath", "-p", "1"],
}
SOURCES = ("main.c", "main.cc", "main.f90", "main.go", "main.S")
# Without C, without the network, without what a user may have set; the libraries that it compiles are kept under build/.
GO_ENVIRONMENT = {"CGO_ENABLED": "0", "GO111MODULE": "off", "GOPROXY": "off", "GOENV": "off", "GOFLAGS": "",
                  "GOPATH": os.path.join(harness.BUILD, "go"), "GOCACHE": os.path.join(harness.BUILD, "go", "cache")}
DEFAULTS = {
    "about": None, "build": "musl", "app": None, "args": [], "env": [], "kernel_args": [], "mem": "64M", "cpus": 1,
    "machines": ["microvm"], "cpu": None, "pack": "elf", "stdin": None, "status": 0, "output": None, "contains": [],
    "lacks": [], "linux": False, "module": None, "cflags": [], "deadline": None,
}
MACHINES = ("microvm", "microvm-noacpi", "q35", "pc", "xen", "domu")
DEADLINE, DEADLINE_XEN, BUILD_DEADLINE, HOST_DEADLINE = 30, 60, 120, 120


class GuestTest:
    """One folder: its description, and what is built of it, once for all machines."""

    group, defaults = "guest", DEFAULTS

    def __init__(self, folder):
        self.folder = folder
        self.name = os.path.basename(folder)
        self.out = os.path.join(harness.BUILD, self.group, self.name)
        self.lock = threading.Lock()
        self.module = None
        self.problem = None
        self.spec = dict(self.defaults)
        try:
            with open(os.path.join(folder, "test.toml"), "rb") as file:
                self.spec.update(tomllib.load(file))
        except (OSError, tomllib.TOMLDecodeError) as error:
            self.problem = "test.toml: %s" % error
        unknown = sorted(set(self.spec) - set(self.defaults)) + [each for each in self.spec["machines"]
                                                            if each not in MACHINES]
        if unknown:
            self.problem = "test.toml: unknown: " + ", ".join(unknown)
        elif not self.spec["about"]:
            self.problem = self.problem or "test.toml: `about` must say what must (not) happen"

    def files(self):
        return [path for path in glob.glob(os.path.join(self.folder, "**"), recursive=True) if os.path.isfile(path)]

    def build_program(self):
        """The path of the program, built if it is older than anything in the folder; None where the test has none."""
        if self.spec["build"] == "none":
            return self.spec["app"]
        if self.spec["build"] not in COMPILERS:
            raise harness.CannotRun("test.toml: unknown build %s" % self.spec["build"])
        source = next((each for each in SOURCES if os.path.exists(os.path.join(self.folder, each))), None)
        if source is None:
            raise harness.CannotRun("no source: want one of %s" % ", ".join(SOURCES))
        program = os.path.join(self.out, "program")
        if not harness.is_newer(program, self.files() + glob.glob(os.path.join(HERE, "*.h"))):
            words = COMPILERS[self.spec["build"]] + self.spec["cflags"]
            words += ["-nostdlib", "-nostartfiles"] if source == "main.S" else []
            harness.must(words + ["-o", program, os.path.join(self.folder, source)], BUILD_DEADLINE, "build",
                         kind=harness.CannotRun, env=harness.clean_environment(**GO_ENVIRONMENT))
        return program

    def build_module(self):
        """The path of the module, or `-` for none."""
        program = self.build_program()
        if self.spec["module"] == "none":
            return "-"
        if self.spec["module"]:
            module = os.path.join(self.out, "module.cpio")
            script = os.path.join(self.folder, self.spec["module"])
            environment = harness.clean_environment(PYTHONPATH=harness.MODULES, PROGRAM=program or "")
            harness.must([sys.executable, "-B", script, module], BUILD_DEADLINE, "module", kind=harness.CannotRun,
                         env=environment, cwd=self.folder)
            return module
        if program is None:
            raise harness.CannotRun("test.toml: build = \"none\" wants app or module")
        return self.pack(program) if self.spec["pack"] == "cpio" else program

    def pack(self, program):
        """An archive of the folder's files/ with the program as /init."""
        archive = cpio.Archive()
        content = os.path.join(self.folder, "files")
        if os.path.isdir(content):
            archive.add_tree(content)
        with open(program, "rb") as file:
            archive.add("init", file.read(), mode=cpio.PROGRAM)
        path = os.path.join(self.out, "module.cpio")
        with open(path, "wb") as file:
            file.write(archive.end())
        return path

    def prepared(self):
        """Builds once, whichever machine comes first."""
        with self.lock:
            if self.problem:
                raise harness.CannotRun(self.problem)
            if not os.path.exists(harness.KERNEL):
                raise harness.CannotRun("no kernel at %s: run make" % harness.KERNEL)
            if self.module is None:
                os.makedirs(self.out, exist_ok=True)
                self.module = self.build_module()
            return self.module

    def cpus_on(self, machine):
        """The numbers of processors: all of them on the first machine, on others the first one, under Xen two where there is a list."""
        counts = self.spec["cpus"]
        if not isinstance(counts, list):
            return [counts]
        if machine in ("xen", "domu"):
            return [2]
        return counts if machine == self.spec["machines"][0] else counts[:1]

    def tests_on(self, group, machine):
        counts = self.cpus_on(machine)
        return [harness.Test(group, "%s@%s%s" % (self.name, machine, "-%d" % cpus if cpus != counts[0] else ""),
                             functools.partial(self.run_on, machine, cpus), self.name) for cpus in counts]

    def command(self, machine, module, deadline, cpus):
        words = [sys.executable, "-B", TOOL, "run", "-k", harness.KERNEL, "-t", str(deadline), "-M", machine]
        words += ["-m", self.spec["mem"].removesuffix("iB"), "-c", str(cpus)]
        for variable in self.spec["env"]:
            words += ["-e", variable]
        for key in self.spec["kernel_args"]:
            words += ["-a", key]
        if self.spec["cpu"]:
            words += ["-q", "-cpu " + self.spec["cpu"]]
        return words + [module] + self.spec["args"]

    def run_on(self, machine, cpus):
        module = self.prepared()
        deadline = self.spec["deadline"] or (DEADLINE_XEN if machine == "xen" else DEADLINE)
        done = harness.run_command(self.command(machine, module, deadline, cpus), deadline + 10, stdin=self.stdin())
        harness.check_started(done)
        self.judge(done, harness.complaints(done)[-1:])
        if self.spec["linux"]:
            self.compare_with_linux(done)
        return done.log()

    def stdin(self):
        return None if self.spec["stdin"] is None else self.spec["stdin"].encode()

    def judge(self, done, complaints):
        log = harness.text_of(done.output)
        wrong = ["status %s, want %d" % (done.status, self.spec["status"])] if done.status != self.spec["status"] else []
        wrong += complaints
        if self.spec["output"] is not None and done.output != self.spec["output"].encode():
            wrong.append("another output")
            log += difference(self.spec["output"], log, "wanted")
        wrong += ["output lacks %r" % each for each in self.spec["contains"] if each not in log]
        wrong += ["output has %r" % each for each in self.spec["lacks"] if each in harness.text_of(done.output)]
        if wrong:
            raise harness.Wrong("; ".join(wrong), log + harness.text_of(done.errors))

    @functools.cached_property
    def on_linux(self):
        """How the program ends on the host. Once: the answer is the same for all machines."""
        program = self.build_program()
        folder = os.path.join(self.out, "on-linux")
        shutil.rmtree(folder, ignore_errors=True)
        content = os.path.join(self.folder, "files")
        shutil.copytree(content, folder) if os.path.isdir(content) else os.makedirs(folder)
        host = harness.run_command([program] + self.spec["args"], HOST_DEADLINE, stdin=self.stdin(), cwd=folder,
                                   env=dict(each.split("=", 1) for each in self.spec["env"]), merge=True,
                                   name="/init" if self.spec["pack"] == "cpio" else "/" + os.path.basename(program))
        if host.status is None:
            raise harness.CannotRun("no end within %d s on Linux" % HOST_DEADLINE, host.log())
        return host

    def compare_with_linux(self, done):
        """The same program on the host has to print and answer the same."""
        with self.lock:
            host = self.on_linux
        if host.status != done.status:
            raise harness.Wrong("status %s, on Linux %s" % (done.status, host.status), host.log())
        if host.output != done.output:
            raise harness.Wrong("another output than on Linux",
                                difference(harness.text_of(host.output), harness.text_of(done.output), "Linux"))


def difference(wanted, seen, name):
    return "\n" + "\n".join(difflib.unified_diff(wanted.split("\n"), seen.split("\n"), name, "seen", lineterm="", n=1))


@functools.cache
def guest_tests():
    """One object for each folder, whoever asks: a program is built once for both groups."""
    return [GuestTest(os.path.dirname(path)) for path in sorted(glob.glob(os.path.join(HERE, "*", "test.toml")))]


def tests(group="guest"):
    """A counted test for each machine of each folder; those on xen and domu belong to the groups of that name."""
    found = []
    for guest in guest_tests():
        for machine in guest.spec["machines"] if not guest.problem else ["microvm"]:
            if group == (machine if machine in ("xen", "domu") else "guest"):
                found += guest.tests_on(group, machine)
    return found
