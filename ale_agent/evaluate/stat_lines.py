"""What a program says of itself: lines ``STAT name number`` on its standard error, means of which go back to its author.

A contestant prints such lines while working on a program (how many moves, how often a phase succeeded) and reads them
beside the score; a judge drops them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

MOST_LINES = 16
_LINE = re.compile(
    r"^STAT[ \t]+([A-Za-z_]\w{0,39})[ \t]+([-+]?[0-9.]{1,40}(?:[eE][-+]?\d{1,3})?)[ \t]*$", re.ASCII | re.MULTILINE
)


def stat_lines(text: str) -> str:
    """Return the first statistics in a program's standard error, a line each; what is no finite number is left out."""
    return "\n".join(f"STAT {name} {value:.6g}" for name, value in _read(text).items())


def mean_stats(texts: Iterable[str]) -> Mapping[str, tuple[float, float, float, int]]:
    """Return the statistics in these texts by name: mean, lowest, highest, and how many texts have it."""
    values: dict[str, list[float]] = {}
    for text in texts:
        for name, value in _read(text).items():
            values.setdefault(name, []).append(value)
    return {name: (sum(found) / len(found), min(found), max(found), len(found)) for name, found in values.items()}


def _read(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, digits in _LINE.findall(text):
        try:
            value = float(digits)
        except ValueError:
            continue
        if math.isfinite(value) and (name in found or len(found) < MOST_LINES):
            found[name] = value
    return found
