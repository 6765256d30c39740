"""Memory files: import, export and merge of JSONL (FORMATS section 4), line by line and all or nothing.

A file from elsewhere is text that a stranger wrote: each line is checked before anything is kept, what it says to have
measured is marked as foreign, and its programs are kept as text. Not a defence against a plausible lie.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ale_agent.errors import StoreError
from ale_agent.memory.features import ProblemFeatures
from ale_agent.memory.format import check_features, strategy_from_json, strategy_from_line
from ale_agent.memory.shipped import is_learned
from ale_agent.memory.store import INFERRED, Store
from ale_agent.memory.strategy import Role, Strategy

LINE_BYTES_MAX = 1 << 20
FILE_BYTES_MAX = 2 << 30
LINES_MAX = 5_000_000  # blank ones among them; a file of two thousand million would take an hour to be found empty
REFUSED_MAX = 100  # after so many bad lines a file is not worth reading on
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
"""What reading another's rows may raise: those of our own store were checked before they were written."""
_SQLITE_MAGIC = b"SQLite format 3\0"

Progress = Callable[[int], None]


@dataclass(frozen=True)
class RefusedLine:
    """A line that broke the format, and how."""

    line: int
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Parameters
    ----------
    added, merged, unchanged
        How many strategies were new, got new evidence, or brought nothing.
    refused
        Lines that were left out because `skip_bad` was asked for.
    """

    added: int
    merged: int
    unchanged: int
    refused: tuple[RefusedLine, ...] = ()

    def lines(self) -> list[str]:
        """Return the report for a terminal."""
        head = f"{self.added} added, {self.merged} merged, {self.unchanged} unchanged, {len(self.refused)} refused"
        return [head, *(f"line {item.line}: {item.reason}" for item in self.refused)]


def import_file(
    store: Store, path: Path, *, foreign: bool = True, skip_bad: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Read a memory file into the store, in one transaction.

    Parameters
    ----------
    store
        Where to.
    path
        A JSONL file.
    foreign
        Whether its evidence is marked as somebody else's; not for one's own export.
    skip_bad
        Leave lines out that break the format, instead of refusing the file.
    progress
        Called with the number of lines read, now and then.

    Raises
    ------
    StoreError
        The file cannot be read or breaks the format (file, line, key, rule, value); then nothing was written.
    """
    refused: list[RefusedLine] = []
    with store.transaction():
        counts = _add_all(store, _good_lines(path, refused, foreign=foreign, progress=progress), foreign)
        if refused and not skip_bad:
            raise _refusal(path, refused)
    return ImportReport(counts["added"], counts["merged"], counts["unchanged"], tuple(refused))


def read_file(path: Path) -> Iterator[Strategy]:
    """Yield the strategies of a memory file, which is checked like one to import; StoreError at its end for bad lines."""
    refused: list[RefusedLine] = []
    yield from _good_lines(path, refused, foreign=True)
    if refused:
        raise _refusal(path, refused)


def merge_memory(store: Store, path: Path, *, foreign: bool = True) -> ImportReport:
    """Unite another memory, a store or a memory file, with this one: strategies by id, evidence piece by piece.

    Parameters
    ----------
    store
        Where to.
    path
        Another store, which is only read, or a JSONL file.
    foreign
        Whether its evidence is marked as somebody else's.

    Raises
    ------
    StoreError
        It cannot be read, or holds what no memory holds; then nothing was written.
    """
    with _opened(path) as stream:
        magic = stream.read(len(_SQLITE_MAGIC))
    if magic != _SQLITE_MAGIC:
        return import_file(store, path, foreign=foreign)
    if store.path.exists() and path.samefile(store.path):
        raise StoreError(f"{path}: is this very memory; name another one to merge")
    with Store.open(path, read_only=True) as other, store.transaction():
        other.distrust(LINE_BYTES_MAX)
        for features in _others_problems(other):
            if features.problem not in store.problems():
                store.note_problem(features, rank=INFERRED)
        counts = _add_all(store, _others_strategies(other), foreign)
    return ImportReport(counts["added"], counts["merged"], counts["unchanged"])


def export_file(
    store: Store, path: Path, *, ids: Iterable[str] | None = None, role: Role | None = None, learned_only: bool = False
) -> int:
    """Write strategies to a memory file, by id, and return how many; the file appears whole or not at all.

    Parameters
    ----------
    store
        Where from.
    path
        Where to; a file there is replaced.
    ids
        Only these; StoreError for one that is unknown.
    role
        Only this kind.
    learned_only
        Only what was learned, by whomever, and does not ship: programs, and strategies with measured gains.
    """
    strategies = store.strategies(role) if ids is None else (store.get(item) for item in sorted(set(ids)))
    written = 0
    temporary: Path | None = None
    try:
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
            temporary = Path(stream.name)
            for strategy in strategies:
                if (role is None or strategy.role == role) and (not learned_only or is_learned(strategy)):
                    stream.write(_exported(strategy))
                    written += 1
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
        temporary = None
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
    return written


def _exported(strategy: Strategy) -> bytes:
    line = strategy.to_line().encode() + b"\n"
    if len(line) > LINE_BYTES_MAX:
        raise StoreError(
            f"{strategy.id}: its line would be {len(line)} bytes, more than {LINE_BYTES_MAX}; prune evidence"
        )
    return line


def _add_all(store: Store, strategies: Iterable[Strategy], foreign: bool) -> dict[str, int]:
    counts = {"added": 0, "merged": 0, "unchanged": 0}
    for strategy in strategies:
        counts[store.add(strategy, foreign=foreign)] += 1
    return counts


def _others_problems(other: Store) -> list[ProblemFeatures]:
    """Return the problems of a store that a stranger wrote, checked like a line of a file."""
    try:
        return [check_features(features) for features in other.problems().values()]
    except (*_UNREADABLE, StoreError) as error:
        raise StoreError(f"{other.path}: refused, nothing was merged; a problem's features: {error}") from None


def _others_strategies(other: Store) -> Iterator[Strategy]:
    """Yield the strategies of a store that a stranger wrote, each checked like a line of a file."""
    last = ""
    try:
        for strategy in other.strategies():
            checked = strategy_from_json(strategy.to_json())
            if checked.id <= last:
                raise StoreError("its index is not in order")
            yield checked
            last = checked.id
    except (*_UNREADABLE, StoreError) as error:
        after = f" after {last}" if last else ""
        raise StoreError(f"{other.path}: refused, nothing was merged; strategy{after}: {error}") from None


def _opened(path: Path) -> BinaryIO:
    try:
        if not path.is_file():
            raise StoreError(f"{path}: {'must be a regular file' if path.exists() else 'no such file'}")
        size = path.stat().st_size
        if size > FILE_BYTES_MAX:
            raise StoreError(f"{path}: {size} bytes, more than {FILE_BYTES_MAX}; split it by lines")
        return path.open("rb")
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from error


def _numbered_lines(path: Path) -> Iterator[tuple[int, str | RefusedLine]]:
    """Yield the lines that are not blank, by number from 1; what is no text or too long as a refused line."""
    with _opened(path) as stream:
        number = 0
        while data := stream.readline(LINE_BYTES_MAX + 1):
            number += 1
            if number > LINES_MAX:
                raise StoreError(f"{path}: more than {LINES_MAX} lines; split it")
            if len(data) > LINE_BYTES_MAX:
                yield number, RefusedLine(number, f"longer than {LINE_BYTES_MAX} bytes")
                while data and not data.endswith(b"\n"):
                    data = stream.readline(LINE_BYTES_MAX)
                continue
            try:
                text = data.decode("utf-8-sig" if number == 1 else "utf-8").strip(" \t\r\n")
            except UnicodeDecodeError as error:
                yield number, RefusedLine(number, f"not UTF-8 at byte {error.start}")
                continue
            if text:
                yield number, text


def _good_lines(
    path: Path, refused: list[RefusedLine], *, foreign: bool, progress: Progress | None = None
) -> Iterator[Strategy]:
    """Yield the strategies of the good lines and note the others, until there are too many of those."""
    for number, line in _numbered_lines(path):
        try:
            if isinstance(line, RefusedLine):
                refused.append(line)
            else:
                yield strategy_from_line(line, foreign=foreign)
        except StoreError as error:
            refused.append(RefusedLine(number, str(error)))
        if len(refused) >= REFUSED_MAX:
            raise _refusal(path, refused)
        if progress is not None and number % 1000 == 0:
            progress(number)


def _refusal(path: Path, refused: list[RefusedLine]) -> StoreError:
    shown = "\n".join(f"  line {item.line}: {item.reason}" for item in refused[:5])
    more = f"\n  and {len(refused) - 5} more" if len(refused) > 5 else ""
    return StoreError(f"{path}: refused, nothing was taken; {len(refused)} bad line(s):\n{shown}{more}")
