# SPDX-License-Identifier: BSD-2-Clause
"""Wrong versions of a C file, made by rule and not by hand: each changes one place of one function."""

import collections
import re

import source

Mutant = collections.namedtuple("Mutant", "path function line kind old new start end")

RELATIONS = {"<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="]}
FENCES = ("shm_rmb", "shm_wmb", "shm_mb")

OPERATOR = re.compile(r"(?<![-<>=!&|+])(<=|>=|==|!=|&&|\|\||<|>|\+|-)(?![-<>=&|+])")
NUMBER = re.compile(r"(?<![\w.])(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)(?![\w.])")
CONDITION = re.compile(r"\b(if|while) \(")
STATEMENT = re.compile(r"^[ \t]+(?=\S)(?!return\b|break\b|continue\b|case\b|default\b|else\b)"
                       r"([^;{}\n]*(?:[-+*/%|&^]?=[^=]|\+\+|--|\()[^;{}\n]*;)", re.MULTILINE)
DECLARATION = re.compile(r"(?:const |static |struct |enum |unsigned |u?int\d*_t |bool |char |void |size_t )")
MEMBER = re.compile(r"(?<=->)\w+|(?<=[\w\])]\.)\w+")
READ = re.compile(r"\bshm_read\w*\([^()]*(?:\([^()]*\)[^()]*)*\)")


def operators(body):
    """Relations weakened or turned round, connectives and signs exchanged."""
    others = {"&&": ["||"], "||": ["&&"], "+": ["-"], "-": ["+"], **RELATIONS}
    for match in OPERATOR.finditer(body):
        before = body[:match.start()].rstrip()
        is_binary = before[-1:].isalnum() or before[-1:] in (")", "]", "_")
        if is_binary or match.group(1) not in "+-":
            for new in others[match.group(1)]:
                kind = "relation" if match.group(1) in RELATIONS else "operator"
                yield kind, match.start(1), match.end(1), new


def constants(body):
    """Every number one more, and one less."""
    for match in NUMBER.finditer(body):
        digits = match.group(1)
        value = int(digits, 8 if digits.isdigit() and digits[0] == "0" else 0)
        for new in [value + 1] + ([value - 1] if value > 0 else []):
            yield "constant", match.start(), match.end(), "%d%s" % (new, match.group(2))


def conditions(body):
    """Conditions negated, and dropped."""
    for match in CONDITION.finditer(body):
        start = match.end()
        depth, end = 1, start
        while depth > 0 and end < len(body):
            depth += {"(": 1, ")": -1}.get(body[end], 0)
            end += 1
        condition = body[start:end - 1]
        yield "negated condition", start, end - 1, "!(%s)" % condition
        if match.group(1) == "if":
            yield "dropped condition", start, end - 1, "(%s) && 0" % condition


def statements(body):
    """Assignments, counters and calls left out: cursors that stay, fences that are missing."""
    for match in STATEMENT.finditer(body):
        if not DECLARATION.match(match.group(1)):
            kind = "dropped fence" if match.group(1).startswith(FENCES) else "dropped statement"
            yield kind, match.start(1), match.end(1), ";"


def fences(body):
    """One fence for another."""
    for match in re.finditer(r"\b(%s)\b" % "|".join(FENCES), body):
        for new in FENCES:
            if new != match.group(1):
                yield "exchanged fence", match.start(), match.end(), new


def members(body):
    """A member for another one that the same function uses."""
    names = sorted(set(MEMBER.findall(body)))
    for match in MEMBER.finditer(body):
        if len(names) > 1:
            yield "swapped field", match.start(), match.end(), names[(names.index(match.group()) + 1) % len(names)]


def repeated_reads(body):
    """A word that the peer writes, read twice."""
    for match in READ.finditer(body):
        yield "repeated read", match.start(), match.end(), "(%s, %s)" % (match.group(), match.group())


RULES = (operators, constants, conditions, statements, fences, members, repeated_reads)


def mutants(path):
    """All mutants of the file, in the order of their places."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    plain = source.blanked(text)
    found = []
    for name, _, start, end in source.functions(plain):
        body = plain[start:end]
        for rule in RULES:
            for kind, first, last, new in rule(body):
                place = start + first
                found.append(Mutant(path, name, text.count("\n", 0, place) + 1, kind, text[place:start + last], new,
                                    place, start + last))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.new))


def apply(mutant):
    """The file's text with the mutant in it."""
    with open(mutant.path, encoding="utf-8") as file:
        text = file.read()
    return text[:mutant.start] + mutant.new + text[mutant.end:]
