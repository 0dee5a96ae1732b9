# SPDX-License-Identifier: BSD-2-Clause
"""The rules of the house that a program can check: source.py about sources, image.py about the built image."""

import harness
import image
import proofs
import source

FORMAT_DEADLINE, SCRIPT_DEADLINE = 60, 60


def judge(broken, count):
    """A rule that nothing breaks says how much it looked at; a rule that looked at nothing is broken itself."""
    if not count:
        raise harness.CannotRun("found nothing to look at")
    if broken:
        raise harness.Wrong("%d place%s" % (len(broken), "" if len(broken) == 1 else "s"), "\n".join(broken))
    return "%d files" % count


def check_source(rule):
    files = [source.Source(path) for path in source.c_files()]
    return judge([line for file in files for line in rule(file)], len(files))


def check_words():
    paths = source.text_files()
    return judge([line for path in paths for line in source.open_ends(path)], len(paths))


def check_length():
    paths = source.c_files() + source.scripts()
    return judge([line for path in paths for line in source.too_long(path)], len(paths))


def check_budget():
    files = [path for path in source.c_files() if source.kernel_folder(path)]
    total = sum(1 for path in files for line in source.without_comments("\n".join(source.lines_of(path))).split("\n")
                if line.strip())
    over = ["%d lines of kernel C without blanks and comments, at most %d" % (total, source.KERNEL_LINES)] if total > source.KERNEL_LINES else []
    return judge(over, len(files))


def check_format():
    files = [path for path in source.c_files() if not path.endswith(".S")]
    harness.must(["clang-format", "--dry-run", "-Werror"] + files, FORMAT_DEADLINE, "layout")
    return judge([], len(files))


def check_scripts():
    shell = [path for path in source.scripts() if source.is_shell(path)]
    python = [path for path in source.scripts() if not source.is_shell(path)]
    harness.must(["shellcheck"] + shell, SCRIPT_DEADLINE, "shellcheck")
    complaints = []
    for path in python:
        try:
            compile("\n".join(source.lines_of(path)), path, "exec")
        except SyntaxError as error:
            complaints.append("%s:%s: %s" % (path, error.lineno, error.msg))
    return judge(complaints, len(shell + python))


def tests():
    rules = {
        "includes": lambda: check_source(source.wrong_includes),
        "functions": lambda: check_source(source.long_functions),
        "code": lambda: check_source(source.forbidden_code),
        "asm": lambda: check_source(source.stray_asm),
        "spdx": lambda: check_source(source.missing_licence),
        "length": check_length,
        "words": check_words,
        "budget": check_budget,
        "format": check_format,
        "scripts": check_scripts,
        "proof-table": proofs.check_table,
        "proof-trust": proofs.check_assumed,
        "contracts": proofs.check_contracts,
        "image": image.check_image,
        "reproducible": image.check_reproducible,
        "clang": image.check_clang,
    }
    return [harness.Test("style", name, run) for name, run in rules.items()]
