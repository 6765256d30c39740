"""Reading a sample by a schema: every token consumed and every count as the format says, or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ale_agent.statement.mathtext import evaluate
from ale_agent.statement.schema import ROW, Group, Item, Line, Repeat, Schema

_MAXIMUM_COUNT = 2_000_000
_NOTHING: Mapping[str, float] = {}


class _MismatchError(Exception):
    """The sample is not in this format."""


@dataclass
class _Reading:
    """Where a reading is: the lines' tokens, the next line, and the numbers known by name."""

    rows: list[list[str]]
    values: dict[str, float]
    inferred: set[str] = field(default_factory=set)
    line: int = 0


def read_by_schema(
    schema: Schema, text: str, known: Mapping[str, float] = _NOTHING
) -> tuple[str | None, dict[str, float]]:
    """Return why a sample is not in a format (`None` if it is), and the numbers that it gives to single names.

    A count that no earlier number determines is taken from the sample once and must agree from then on.

    Parameters
    ----------
    schema
        The format.
    text
        The sample.
    known
        Numbers that the statement fixes, by name.
    """
    rows = [line.split() for line in text.split("\n")]
    rows = [row for row in rows if row]
    reading = _Reading(rows, dict(known))
    try:
        for position, part in enumerate(schema.parts):
            is_last = position == len(schema.parts) - 1
            if isinstance(part, Line):
                _read_line(part, reading, {})
            else:
                following = 0 if is_last else sum(1 for rest in schema.parts[position + 1 :] if isinstance(rest, Line))
                _read_repeat(part, reading, following)
        if reading.line != len(rows):
            raise _MismatchError(f"{len(rows) - reading.line} lines are left over")
    except _MismatchError as reason:
        return str(reason), reading.values
    return None, reading.values


def _read_repeat(repeat: Repeat, reading: _Reading, following: int) -> None:
    left = len(reading.rows) - reading.line - following
    count = _count(repeat.first, repeat.last, reading, {}, available=left // len(repeat.lines))
    start = evaluate(repeat.first, reading.values) or 0.0
    for k in range(count):
        local = {ROW: start + k}
        for line in repeat.lines:
            _read_line(line, reading, local, in_row=True)


def _read_line(line: Line, reading: _Reading, local: dict[str, float], *, in_row: bool = False) -> None:
    if reading.line >= len(reading.rows):
        raise _MismatchError(f"the sample ends before line {reading.line + 1}")
    tokens = reading.rows[reading.line]
    reading.line += 1
    position = 0
    for number, group in enumerate(line.groups):
        scalars_after = sum(1 for other in line.groups[number + 1 :] if other.last is None)
        if group.last is None:
            if position >= len(tokens):
                raise _MismatchError(f"line {reading.line} has {len(tokens)} tokens, fewer than the format")
            _remember(group.items[0], tokens[position], reading, local, in_row=in_row)
            position += 1
            continue
        used = _read_group(group, tokens[position : len(tokens) - scalars_after], reading, local)
        position += used
    if position != len(tokens):
        raise _MismatchError(f"line {reading.line} has {len(tokens)} tokens where the format has {position}")


def _read_group(group: Group, tokens: list[str], reading: _Reading, local: dict[str, float]) -> int:
    """Return how many tokens a group takes."""
    assert group.first is not None and group.last is not None
    period = len(group.items)
    is_word = group.joined or (len(tokens) == 1 and period == 1 and len(tokens[0]) > 1 and not _is_number(tokens[0]))
    available = len(tokens[0]) if is_word and tokens else len(tokens) // period
    count = _count(group.first, group.last, reading, local, available=available)
    if is_word:
        if not tokens or len(tokens[0]) != count:
            raise _MismatchError(f"line {reading.line}: a word of {count} characters was expected")
        return 1
    if period * count > len(tokens):
        raise _MismatchError(f"line {reading.line}: {period * count} values were expected, {len(tokens)} are there")
    return period * count


def _count(first: str, last: str, reading: _Reading, local: dict[str, float], *, available: int) -> int:
    values = {**reading.values, **local}
    low = evaluate(first, values)
    if low is None:
        raise _MismatchError(f"the index {first} is not known")
    high = evaluate(_plain(last), values)
    if high is None:
        name, offset = _name_and_offset(last)
        if name is None:
            raise _MismatchError(f"the count {last} is not known")
        high = low + available - 1
        target = local if _is_indexed(last) else reading.values
        target[name] = high - offset
        reading.inferred.add(name)
    count = high - low + 1
    if count != int(count) or not 0 <= count <= _MAXIMUM_COUNT:
        raise _MismatchError(f"from {first} to {last} there would be {count:g} values")
    return int(count)


def _name_and_offset(expression: str) -> tuple[str | None, float]:
    """Return ``N`` and -1 for ``N-1``; no name for what is more than a name and a number."""
    plain = _plain(expression)
    name = plain.split("-")[0].split("+")[0].strip()
    if not name.replace("_", "").isalnum() or not name[:1].isalpha():
        return None, 0.0
    zero = evaluate(plain, {name: 0.0})
    one = evaluate(plain, {name: 1.0})
    if zero is None or one is None or one - zero != 1:
        return None, 0.0
    return name, zero


def _plain(expression: str) -> str:
    """Return a count with an indexed name such as ``k_1`` or ``k_{i}`` reduced to the name."""
    name, underscore, _ = expression.partition("_")
    return name if underscore and name.isalpha() else expression


def _is_indexed(expression: str) -> bool:
    return "_" in expression


def _remember(item: Item, token: str, reading: _Reading, local: dict[str, float], *, in_row: bool) -> None:
    value = float(token) if _is_number(token) else None
    if value is None:
        return
    if in_row or item.indices:
        local[item.name] = value
    elif item.name in reading.values and reading.values[item.name] != value:
        # Sizes in constraints often hold for judged cases only; what the sample says is what counts in it.
        reading.values[item.name] = value
    else:
        reading.values.setdefault(item.name, value)


def _is_number(token: str) -> bool:
    body = token.lstrip("+-")
    return bool(body) and len(body) < 19 and body.replace(".", "", 1).isascii() and body.replace(".", "", 1).isdigit()
