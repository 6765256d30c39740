"""Limits and sizes: what a statement says in numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ale_agent.statement.mathtext import evaluate, plain_math

_NUMBER = r"(\d{1,9}(?:\.\d{1,6})?)"
_TIME_WORDS = (
    r"(?:time[ -]?limit(?: per (?:test(?: case)?|case))?|execution time|cpu time|実行時間制限|制限時間|時間制限)"
)
_TIME_UNIT = r"(milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|min|ミリ秒|秒)(?![a-z])"
_TIME = re.compile(rf"{_TIME_WORDS}[^\d\n]{{0,40}}\n?[^\d\n]{{0,10}}{_NUMBER}\s{{0,3}}{_TIME_UNIT}", re.IGNORECASE)
_TIME_BEHIND = re.compile(
    rf"(?:within|at most|under|limit of|limited to)\s{{1,3}}{_NUMBER}[ -]{{0,2}}{_TIME_UNIT}", re.IGNORECASE
)
_MEMORY = re.compile(
    r"(?:memory[ -]?limit(?: per test)?|memory|メモリ制限)[^\d\n]{0,30}\n?[^\d\n]{0,10}"
    rf"{_NUMBER}\s{{0,3}}(gib|gb|gigabytes?|mib|mb|megabytes?|kib|kb|kilobytes?)(?![a-z])",
    re.IGNORECASE,
)
_MEBIBYTES = {"g": 1024.0, "m": 1.0, "k": 1 / 1024}
_LONGEST_LIMIT = 24 * 3600.0
_NAME = r"[A-Za-z][A-Za-z]{0,14}(?:_(?:\{[^{}\n]{1,20}\}|[A-Za-z0-9]{1,8}))*"
_LOW = re.compile(r"([-+]?[\w{}.^*()/+-]{1,40}(?:\s?[*^+/-]\s?[\w{}.^()]{1,20}){0,4})\s*$")
_HIGH = re.compile(r"\s*([-+]?[\w{}^*()/]{1,40}(?:\.\d{1,9})?(?:,\d{3}){0,4}(?:\s?[*^+/-]\s?[\w{}^()]{1,20}){0,4})")
_FIXED = re.compile(
    rf"(?<![\w<>=!.])({_NAME})\s*=\s*(\d[\d,]*(?:\s*[*^]\s*\d+){{0,3}}|\d+(?:\.\d+)?)(?![\w^*.]*\w)"
    r"(?!\s{0,3}[*^/+-]\s{0,3}\w)(?! ?[A-Z]\b)"
)
_OPERATOR = re.compile(r"[ \t]{0,4}([*^/])[ \t]{0,4}")
_COMMA = re.compile(r",(?![^{}]{0,20}\})")
_WHOLE_NAME = re.compile(_NAME)
_LINE_LENGTH = 2000

Sizes = dict[str, tuple[float, float]]
"""Least and greatest value by name."""


def find_time_limits(text: str) -> list[float]:
    """Return the different time limits that a text names, in seconds, explicit ones first."""
    found = [_seconds(match[1], match[2]) for match in _TIME.finditer(text)]
    if not found:
        found = [_seconds(match[1], match[2]) for match in _TIME_BEHIND.finditer(text)]
    return list(dict.fromkeys(value for value in found if 0 < value <= _LONGEST_LIMIT))


def find_memory_limits(text: str) -> list[int]:
    """Return the different memory limits that a text names, in MiB."""
    found = [round(float(match[1]) * _MEBIBYTES[match[2][0].lower()]) for match in _MEMORY.finditer(text)]
    return list(dict.fromkeys(value for value in found if 0 < value <= 1 << 24))


def find_sizes(text: str) -> Sizes:
    """Return the ranges of the names that a text bounds on both sides by numbers, directly or through other names."""
    lines = [line for line in plain_math(text).split("\n") if len(line) <= _LINE_LENGTH]
    sizes: Sizes = {}
    for line in lines:
        for match in _FIXED.finditer(line):
            value = evaluate(match[2].rstrip(","), {})
            if value is not None:
                known = sizes.get(_base(match[1]), (value, value))
                sizes[_base(match[1])] = (min(known[0], value), max(known[1], value))
    chains = [chain for line in lines for chain in _chains(line)]
    for _ in range(3):  # a bound may be named before the line that gives its value
        for low_text, strict_low, names, strict_high, high_text in chains:
            low = evaluate(low_text, {name: ends[0] for name, ends in sizes.items()})
            high = evaluate(high_text, {name: ends[1] for name, ends in sizes.items()})
            if low is None or high is None:
                continue
            low, high = low + strict_low, high - strict_high
            for name in names:
                if low <= high:
                    sizes.setdefault(_base(name), (low, high))
    return sizes


def _chains(line: str) -> Iterator[tuple[str, bool, list[str], bool, str]]:
    """Yield (low, strict, names, strict, high) for ``1 <= a, b < N``, overlapping ones too."""
    if "<" not in line:
        return
    parts = re.split(r"(<=?)", _OPERATOR.sub(r"\1", line))
    for i in range(0, len(parts) - 4, 2):
        low, first, names, second, high = parts[i : i + 5]
        low_match, high_match = _LOW.search(low[-60:]), _HIGH.match(high[:60])
        between = [name.strip().strip("|") for name in _COMMA.split(names)]
        if low_match is None or high_match is None or len(between) > 8:
            continue
        if all(_WHOLE_NAME.fullmatch(name) for name in between):
            yield _balanced(low_match[1]), first == "<", between, second == "<", _balanced(high_match[1])


def _balanced(expression: str) -> str:
    """Return an expression without punctuation around it and parentheses that are not its own."""
    expression = expression.strip().rstrip(".,")
    if expression.count("(") != expression.count(")"):
        expression = expression.lstrip("(").rstrip(")")
    return expression


def _base(name: str) -> str:
    """Return ``a`` for ``a_i`` and ``a_{i,j}``: the bound holds for all its indices."""
    return name.split("_")[0]


def _seconds(number: str, unit: str) -> float:
    unit = unit.lower()
    if unit.startswith(("ms", "millis", "ミリ")):
        return float(number) / 1000
    if unit.startswith("min"):
        return float(number) * 60
    return float(number)
