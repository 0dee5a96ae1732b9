# SPDX-License-Identifier: BSD-2-Clause
"""x86_64-hermit-gcc, -g++, -gfortran: the usual ways to call a compiler, from the build tree and installed, in folders with blanks."""

import os
import shutil
import sys
import threading

import harness

BIN = os.path.join(harness.ROOT, "build", "hermit", "bin")
OUT = os.path.join(harness.BUILD, "apps", "compilers")
DEADLINE, INSTALL_DEADLINE = 60, 120

C = """\
#include <hermit/syscall.h>
#include <xray.h>
#include <stdio.h>
int main(void) { XRayInit(1, 2, 3, "x"); printf("%d %d\\n", __hermit__, sys_getpid() > 0); return 0; }
"""
CXX = """\
#include <hermit/syscall.h>
#include <hermit/isle.h>
#include <iostream>
int main() { std::cout << isle_id() << ' ' << (sys_getpid() > 0) << std::endl; }
"""
FORTRAN = """\
program p
  print '(A)', 'fortran'
end program p
"""
# What the header must leave to the program and to the C library.
NAMES = """\
#include <hermit/syscall.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifndef __SYSCALL_H__
#error the guard has another name
#endif
static long own(void) { return syscall(__NR_getpid); }
int main(void) { sem_t s; sem_t *p = &s; signal_handler_t h = 0; tid_t id = 1; (void)h; (void)id; return sem_init(p, 0, 0) != 0 || own() <= 0; }
"""

install_lock = threading.Lock()


def folder(name):
    """An empty folder of that test's own, with the sources."""
    path = os.path.join(OUT, name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    for file, text in (("a.c", C), ("a.cc", CXX), ("a.f90", FORTRAN), ("names.c", NAMES), ("b.S", ".globl b\nb: ret\n.section .note.GNU-stack\n")):
        with open(os.path.join(path, file), "w", encoding="ascii") as out:
            out.write(text)
    return path


def compile_with(tools, kind, words, cwd):
    done = harness.must([os.path.join(tools, "x86_64-hermit-" + kind)] + words, DEADLINE, " ".join([kind] + words), cwd=cwd)
    if done.errors:
        raise harness.Wrong("%s %s says something" % (kind, " ".join(words)), harness.text_of(done.errors))
    return done


def printed(path, want):
    """The program is static and prints that on Linux."""
    with open(path, "rb") as file:
        if b"/ld-linux" in file.read():
            raise harness.Wrong("%s is not static" % path)
    done = harness.must([path], DEADLINE, os.path.basename(path))
    if done.output.decode() != want:
        raise harness.Wrong("%s printed %r, want %r" % (path, done.output, want))


def use_all_three(tools, name):
    here = folder(name)
    compile_with(tools, "gcc", ["a.c"], here)
    printed(os.path.join(here, "a.out"), "1 1\n")
    compile_with(tools, "g++", ["-O2", "-o", "x y", "a.cc"], here)
    printed(os.path.join(here, "x y"), "0 1\n")
    compile_with(tools, "gfortran", ["a.f90", "-o", "f"], here)
    printed(os.path.join(here, "f"), "fortran\n")


def check_usual():
    use_all_three(BIN, "usual")


def check_steps():
    """Preprocess, assemble, compile, link, one after the other; from stdin; options that end without a file."""
    here = folder("steps")
    if b"1" not in compile_with(BIN, "gcc", ["-E", "-P", "-x", "c", "a.c"], here).output:
        raise harness.Wrong("-E gives nothing")
    compile_with(BIN, "gcc", ["-S", "a.c"], here)
    compile_with(BIN, "gcc", ["-c", "a.s", "-o", "a.o"], here)
    compile_with(BIN, "gcc", ["-c", "b.S"], here)
    compile_with(BIN, "gcc", ["a.o", "b.o", "-o", "linked", "-lm"], here)
    printed(os.path.join(here, "linked"), "1 1\n")
    compile_with(BIN, "gcc", ["-static-pie", "-fPIE", "a.c", "-o", "pie"], here)
    printed(os.path.join(here, "pie"), "1 1\n")
    compile_with(BIN, "gcc", ["-fopenmp", "-flto", "-O2", "-Wall", "-Werror", "names.c", "-o", "names"], here)
    printed(os.path.join(here, "names"), "")
    compile_with(BIN, "g++", ["-x", "c++", "-Wall", "-Werror", "names.c", "-o", "names"], here)
    for kind, standard, source in (("gcc", "c99", "a.c"), ("g++", "c++98", "a.cc"), ("g++", "c++20", "a.cc")):
        compile_with(BIN, kind, ["-std=" + standard, "-pedantic", "-Wall", "-Wextra", "-Werror", "-c", source], here)
    for words in (["--version"], ["-dumpmachine"], ["-print-file-name=libc.a"], ["-MM", "a.c"]):
        if not compile_with(BIN, "gcc", words, here).output:
            raise harness.Wrong("%s gives nothing" % words[0])


def check_failures():
    """The compiler's own complaints and status come through."""
    here = folder("failures")
    for words in ([], ["no-such-file.c"], ["-c", "-Werror", "-Wmissing-prototypes", "b.S", "no.c"], ["-U__hermit__", "a.c"]):
        done = harness.run_command([os.path.join(BIN, "x86_64-hermit-gcc")] + words, DEADLINE, cwd=here)
        if done.status != 1 or not done.errors:
            raise harness.Wrong("status %s for %s, want 1 and a reason" % (done.status, words), done.log())


def check_installed():
    """make install into folders with blanks; the compilers and the tool work from there, also through a link; uninstall leaves nothing."""
    with install_lock:
        place = os.path.join(folder("installed"), "dest dir")
        words = ["make", "-s", "install", "DESTDIR=" + place, "PREFIX=/opt/a b"]
        harness.must(words, INSTALL_DEADLINE, "install", cwd=harness.ROOT)
        tools = os.path.join(place, "opt", "a b", "bin")
        use_all_three(tools, "from installed")
        link = os.path.join(OUT, "installed", "x86_64-hermit-gcc")
        os.symlink(os.path.join(tools, "x86_64-hermit-gcc"), link)
        here = folder("linked")
        compile_with(os.path.dirname(link), "gcc", ["a.c"], here)
        done = harness.run_command([os.path.join(tools, "anchorite"), "run", "-t", "30", os.path.join(here, "a.out")], DEADLINE)
        if (done.status, done.output) != (0, b"1 1\n"):
            raise harness.Wrong("the installed tool and kernel: status %s" % done.status, done.log())
        modules = os.path.join(place, "opt", "a b", "lib", "anchorite", "boot")
        done = harness.must([sys.executable, "-B", "-c", "import xen_rig; print(xen_rig.CACHE)"], DEADLINE, "cache",
                            env=harness.clean_environment(PYTHONPATH=modules, HOME="/home/x", XDG_CACHE_HOME=""))
        if done.output != b"/home/x/.cache/anchorite/xen\n":
            raise harness.Wrong("the installed tool writes to %s" % harness.text_of(done.output))
        for page in ("anchorite.1", "x86_64-hermit-gcc.1", "x86_64-hermit-g++.1"):
            if not os.path.exists(os.path.join(place, "opt", "a b", "share", "man", "man1", page)):
                raise harness.Wrong("no page %s" % page)
        words[2] = "uninstall"
        harness.must(words, INSTALL_DEADLINE, "uninstall", cwd=harness.ROOT)
        left = [os.path.join(path, file) for path, _, files in os.walk(place) for file in files]
        if left:
            raise harness.Wrong("uninstall leaves %d files" % len(left), "\n".join(left))


def tests():
    checks = {"usual": check_usual, "steps": check_steps, "failures": check_failures, "installed": check_installed}
    return [harness.Test("apps", "compilers-" + name, check) for name, check in checks.items()]
