"""A format as a schema: from ``N M`` / ``a_1 a_2 ... a_N`` / ``:`` to lines of scalars, vectors and repeated groups.

Notation: an *item* is a name with indices, ``h_{i,j}``. A *group* ``x_1 y_1 ... x_n y_n`` repeats items along a line
with one index running; a *repeat* does so with whole lines, where a line of dots stands for those left out.

Not covered: formats told in prose only, and choices between several forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from ale_agent.statement.mathtext import plain_math

ROW = "row"
"""In a count: the running index of the repeat around it."""

_MAXIMUM_LINES = 60
_MAXIMUM_WIDTH = 400
_ITEM = re.compile(r"([A-Za-z\u0370-\u03ff]+'*)((?:_(?:\{[^{}]{1,40}\}|\([^()]{1,40}\)|[A-Za-z0-9]+))*)")
_BRACKET = re.compile(r"\[([^\[\]{}]{1,40})\]")
_INDEX = re.compile(r"_(?:\{([^{}]*)\}|\(([^()]*)\)|([A-Za-z0-9]+))")
_NUMBERED = re.compile(r"([A-Za-z]+?)(\d{1,4})")
_DOTS = re.compile(r"(?:\.\s?){2,6}")
_VERTICAL = re.compile(r"\s*(?:[:.|\s]{1,12}|(?:\.{2,}\s*){1,6}|(?::\s*){1,6})\s*")


@dataclass(frozen=True)
class Item:
    """A name with its indices, each an expression: ``h_{0,W-1}`` is ``h`` with ``0`` and ``W-1``."""

    name: str
    indices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Part of a line: one scalar, or items repeated while an index runs from `first` to `last`.

    Parameters
    ----------
    items
        What is repeated, in order; one item for a scalar.
    first, last
        The running index's ends as expressions; both `None` for a scalar.
    joined
        The values stand without spaces between them, as the characters of one word.
    """

    items: tuple[Item, ...]
    first: str | None = None
    last: str | None = None
    joined: bool = False


@dataclass(frozen=True)
class Line:
    """One line of the format."""

    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Repeat:
    """Lines repeated together while an index runs from `first` to `last`; the lines are the first repetition's."""

    lines: tuple[Line, ...]
    first: str
    last: str


@dataclass(frozen=True)
class Schema:
    """A format.

    Parameters
    ----------
    parts
        Lines and repeated lines, in order.
    verified
        Whether a sample was read by it to the last token with all counts agreeing.
    """

    parts: tuple[Line | Repeat, ...]
    verified: bool = False

    def describe(self) -> str:
        """Return the format in one line, such as ``N M; a[1..N]; N lines: x y``."""
        return "; ".join(_describe(part) for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values: the description and the names, for prompts and for people."""
        return {"format": self.describe(), "verified": self.verified, "names": list(self.names())}

    def names(self) -> tuple[str, ...]:
        """Return the names in order of appearance, each once."""
        lines = [line for part in self.parts for line in (part.lines if isinstance(part, Repeat) else (part,))]
        return tuple(dict.fromkeys(item.name for line in lines for group in line.groups for item in group.items))

    def checked(self, verified: bool) -> Schema:
        """Return the schema with its mark."""
        return replace(self, verified=verified)


def parse_schema(template: str) -> Schema | None:
    """Return the schema of a format template, `None` if it is not understood whole."""
    rows = [_BRACKET.sub(r"_{\1}", row) for row in plain_math(template).split("\n") if row.strip()]
    if not rows or len(rows) > _MAXIMUM_LINES or any(len(row) > _MAXIMUM_WIDTH for row in rows):
        return None
    parsed: list[Line | None] = []  # None: a line of dots
    for row in rows:
        if _VERTICAL.fullmatch(row):
            parsed.append(None)
            continue
        line = parse_line(row)
        if line is None:
            return None
        parsed.append(line)
    parts = _fold(parsed)
    return Schema(tuple(parts)) if parts else None


def looks_like_template(text: str) -> bool:
    """Return whether a paragraph is a format rather than prose: it parses and has indices or short names only."""
    if len(text) > 2000:
        return False
    schema = parse_schema(text)
    if schema is None:
        return False
    words = text.split()
    return "_" in text or all(len(word) <= 2 and word.isalpha() for word in words)


def parse_line(row: str) -> Line | None:
    """Return one line of a template, `None` if it is not made of items and dots."""
    tokens = _tokens(row.strip())
    if tokens is None:
        return None
    if "..." not in [token for token, _ in tokens]:
        groups = _joined_scalars(tokens)
        return Line(tuple(groups)) if groups else None
    groups = []
    pending: list[tuple[Item, bool]] = []
    i = 0
    while i < len(tokens):
        token, joined = tokens[i]
        if isinstance(token, Item):
            pending.append((token, joined))
            i += 1
            continue
        made = _group(pending, tokens[i + 1 :])
        if made is None:
            return None
        scalars, group, used = made
        groups += [Group((item,)) for item in scalars] + [group]
        pending = []
        i += 1 + used
    groups += [Group((item,)) for item, _ in pending]
    return Line(tuple(groups))


def _tokens(row: str) -> list[tuple[Item | str, bool]] | None:
    """Return items and ``...`` with whether each stands close to what is before it."""
    found: list[tuple[Item | str, bool]] = []
    position = 0
    while position < len(row):
        start = position
        while position < len(row) and row[position] in " \t":
            position += 1
        dots = _DOTS.match(row, position)
        item = _ITEM.match(row, position)
        if dots is not None:
            found.append(("...", position == start))
            position = dots.end()
        elif item is not None:
            found.append((Item(item[1], _indices(item[2])), position == start and start > 0))
            position = item.end()
            numbered = re.compile(r"\d{1,4}").match(row, position)
            if numbered is not None and not item[2]:  # a1: an index without its underscore
                found[-1] = (Item(item[1], (numbered[0],)), found[-1][1])
                position = numbered.end()
        else:
            return None
        if len(found) > _MAXIMUM_WIDTH:
            return None
    return found


def _indices(text: str) -> tuple[str, ...]:
    parts: list[str] = []
    for match in _INDEX.finditer(text):
        inner = match[1] or match[2] or match[3] or ""
        parts += [part.strip().replace("{", "").replace("}", "") for part in inner.split(",")]
    return tuple(part for part in parts if part)


def _joined_scalars(tokens: list[tuple[Item | str, bool]]) -> list[Group]:
    """Return a line without dots: each item a scalar."""
    return [Group((token,)) for token, _ in tokens if isinstance(token, Item)]


def _group(
    before: list[tuple[Item, bool]], after: list[tuple[Item | str, bool]]
) -> tuple[list[Item], Group, int] | None:
    """Return (scalars before, the group, items used behind the dots) around one ``...``."""
    for period in range(1, 9):
        last = [token for token, _ in after[:period] if isinstance(token, Item)]
        if len(last) < period or len(before) < period:
            return None
        shape = [item.name for item in last]
        first_at = len(before)
        while first_at >= period and [item.name for item, _ in before[first_at - period : first_at]] == shape:
            first_at -= period
        if first_at == len(before):
            continue
        first = [item for item, _ in before[first_at : first_at + period]]
        ends = _running(first, last)
        if ends is None:
            # The items before may hold a scalar of the same name; the nearest repetition is taken then.
            first = [item for item, _ in before[len(before) - period :]]
            first_at, ends = len(before) - period, _running(first, last)
        if ends is None:
            continue
        inner = before[first_at + 1 :] + [(item, joined) for item, joined in after[:1] if isinstance(item, Item)]
        joined = len(before) - first_at > 1 and all(close for _, close in before[first_at + 1 :]) and bool(inner)
        group = Group(tuple(first), ends[0], ends[1], joined)
        return [item for item, _ in before[:first_at]], group, period
    return None


def _running(first: list[Item], last: list[Item]) -> tuple[str, str] | None:
    """Return the two ends of the index that differs, the same one in every item."""
    ends: set[tuple[str, str]] = set()
    for a, b in zip(first, last, strict=True):
        if a.name != b.name or len(a.indices) != len(b.indices):
            return None
        ends |= {(x, y) for x, y in zip(a.indices, b.indices, strict=True) if x != y}
    return ends.pop() if len(ends) == 1 else None


def _fold(rows: list[Line | None]) -> list[Line | Repeat]:
    """Return the lines with those around each line of dots made into a repeat."""
    parts: list[Line | Repeat] = []
    i = 0
    while i < len(rows):
        row = rows[i]
        if row is not None:
            parts.append(row)
            i += 1
            continue
        while i < len(rows) and rows[i] is None:
            i += 1
        after: list[Line] = []
        for line in rows[i:]:
            if line is None:
                break
            after.append(line)
        made = _repeat(parts, after) or _triangle(parts, after)
        if made is None:
            return []
        keep, repeat, used = made
        parts = [*parts[:keep], repeat]
        i += used
    return parts


def _repeat(before: list[Line | Repeat], after: list[Line]) -> tuple[int, Repeat, int] | None:
    """Return (parts to keep, the repeat, lines used behind the dots)."""
    for height in range(1, 6):
        last = after[:height]
        if len(last) < height:
            return None
        shape = [_shape(line) for line in last]
        start = len(before)
        while start >= height:
            block = before[start - height : start]
            if any(isinstance(part, Repeat) for part in block):
                break
            if [_shape(part) for part in block if isinstance(part, Line)] != shape:
                break
            start -= height
        if start == len(before):
            continue
        first = [part for part in before[start : start + height] if isinstance(part, Line)]
        ends = _running(_all_items(first), _all_items(last))
        if ends is not None:
            return start, Repeat(tuple(first), ends[0], ends[1]), height
    return None


def _triangle(before: list[Line | Repeat], after: list[Line]) -> tuple[int, Repeat, int] | None:
    """Return the repeat for rows that grow by one: ``b_{0,0}`` / ``b_{1,0} b_{1,1}`` / ``:`` / ``b_{N-1,0} ...``."""
    if not after or len(after[0].groups) != 1:
        return None
    group = after[0].groups[0]
    item = group.items[0]
    if group.last is None or len(group.items) != 1 or len(item.indices) != 2 or item.indices[0] != group.last:
        return None
    start = len(before)
    while start > 0:
        part = before[start - 1]
        if not isinstance(part, Line) or any(inner.name != item.name for inner in _all_items([part])):
            break
        start -= 1
    if start == len(before):
        return None
    first_part = before[start]
    assert isinstance(first_part, Line)
    first = _all_items([first_part])[0]
    if len(_all_items([first_part])) != 1 or len(first.indices) != 2 or first.indices[0] != first.indices[1]:
        return None
    row = Line((Group((item,), group.first, ROW, group.joined),))
    return start, Repeat((row,), first.indices[0], group.last), 1


def _shape(line: Line) -> list[tuple[tuple[str, int], ...]]:
    return [tuple((item.name, len(item.indices)) for item in group.items) for group in line.groups]


def _all_items(lines: list[Line]) -> list[Item]:
    return [item for line in lines for group in line.groups for item in group.items]


def _describe(part: Line | Repeat) -> str:
    if isinstance(part, Line):
        return " ".join(_describe_group(group) for group in part.groups)
    inner = " / ".join(_describe(line) for line in part.lines)
    return f"lines {part.first}..{part.last}: {inner}"


def _describe_group(group: Group) -> str:
    names = ",".join(item.name for item in group.items)
    if group.last is None:
        item = group.items[0]
        return item.name + (f"[{','.join(item.indices)}]" if item.indices else "")
    shown = f"{names}[{group.first}..{group.last}]"
    return f"'{shown}'" if group.joined else shown
