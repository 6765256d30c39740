"""Where two texts of tokens differ, when one of them may be shortened."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LEFT_OUT = re.compile(r"\.{2,6}|:|⋮|…")
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True)
class Difference:
    """The first line that differs, from 1, blank lines not counted, and what stands there on both sides."""

    line: int
    one: str
    other: str


def difference(one: str, other: str) -> Difference | None:
    """Return where two texts differ, None if they do not: blanks do not count.

    Parameters
    ----------
    one
        A line of dots, or dots at the end of a line, stand for what is left out.
    other
        Complete.
    """
    if one.split() == other.split():
        return None
    mine, theirs = _lines(one), _lines(other)
    place = 0
    while place < len(mine) and (same := _agree(mine[place], theirs[place : place + 1])) is not None:
        if not same:  # what follows are the last lines of the other
            rest = mine[place + 1 :]
            return _first(rest, theirs[max(place, len(theirs) - len(rest)) :], place + 2)
        place += 1
    return _first(mine[place:], theirs[place:], place + 1)


def _agree(line: list[str], others: list[list[str]]) -> bool | None:
    """Return whether a line is the other one, False where it stands for any number of lines, None if neither."""
    if others == [line]:
        return True
    if len(line) == 1 and _LEFT_OUT.fullmatch(line[0]):
        return False
    is_cut = _LEFT_OUT.fullmatch(line[-1])
    return True if is_cut and others and line[:-1] == others[0][: len(line) - 1] else None


def _first(mine: list[list[str]], theirs: list[list[str]], number: int) -> Difference | None:
    for place in range(max(len(mine), len(theirs))):
        one, other = (" ".join(lines[place]) if place < len(lines) else "" for lines in (mine, theirs))
        if one != other:
            return Difference(number + place, _shown(one), _shown(other))
    return None


def _lines(text: str) -> list[list[str]]:
    return [words for line in text.split("\n") if (words := line.split())]


def _shown(line: str) -> str:
    return line if len(line) <= _SHOWN_CHARACTERS else line[:_SHOWN_CHARACTERS] + "..."
