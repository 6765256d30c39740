"""A program's text with its syntax tree, and exact positions in the text.

Not covered: anything that needs the program to run. The text is parsed, never executed or imported.
"""

from __future__ import annotations

import ast
import re
import threading
import warnings
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ale_agent.errors import ProgramError

MAXIMUM_BYTES = 512 * 1024
"""What contest judges accept as one source file."""

_PARSES = 10
_PARSING = threading.RLock()
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class SourceText:
    """A parsed text; positions of nodes are translated to indices into it.

    Parameters
    ----------
    text
        The program as it was given.
    tree
        Its syntax tree.
    """

    text: str
    tree: ast.Module

    @classmethod
    def parse(cls, text: str, *, name: str = "the program") -> SourceText:
        """Parse a text.

        Raises
        ------
        ProgramError
            It is too long, holds what no source can, or is not Python; the message has the line.
        """
        return cls(text, parse_tree(text, name=name))

    @cached_property
    def line_starts(self) -> list[int]:
        """Index of the first character of each line."""
        return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]

    def index(self, line: int, byte_column: int) -> int:
        """Return the index of a node's position (lines from 1, columns in bytes of UTF-8)."""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return start + len(self.text[start:end].encode()[:byte_column].decode(errors="ignore"))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return start and end index of a node; decorators do not count."""
        end_line = node.end_lineno if node.end_lineno is not None else node.lineno
        end_column = node.end_col_offset if node.end_col_offset is not None else node.col_offset
        return self.index(node.lineno, node.col_offset), self.index(end_line, end_column)

    def line_of(self, index: int) -> int:
        """Return the line, from 1, that holds the character at an index."""
        return bisect_right(self.line_starts, index)

    def replaced(self, changes: Iterable[tuple[int, int, str]]) -> str:
        """Return the text with each ``(start, end, new)`` carried out; the ranges do not overlap."""
        return replace_ranges(self.text, changes)


def replace_ranges(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """Return the text with each ``(start, end, new)`` carried out; the ranges do not overlap."""
    pieces = []
    done = 0
    for start, end, new in sorted(changes):
        pieces += [text[done:start], new]
        done = end
    return "".join([*pieces, text[done:]])


def parse_quietly(text: str) -> ast.Module:
    """Return what `ast.parse` returns, without warnings, whatever other threads parse meanwhile.

    Python 3.11 counts the depth of a tree under construction once for all threads: where collecting garbage lets another
    thread parse in the middle, it ends in a SystemError that says nothing of the text. The filter of warnings is shared, too.
    """
    for _ in range(_PARSES - 1):
        try:
            return _parse(text)
        except SystemError:  # somebody parsed without our lock
            continue
    return _parse(text)


def _parse(text: str) -> ast.Module:
    with _PARSING, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a doubtful escape in a string is the author's matter
        return ast.parse(text)


def parse_tree(text: str, *, name: str = "the program") -> ast.Module:
    """Return the syntax tree of a text.

    Raises
    ------
    ProgramError
        It is too long, holds what no source can, or is not Python; the message has the line.
    """
    _check_characters(text, name)
    try:
        return parse_quietly(text)
    except SyntaxError as error:
        where = f", line {error.lineno}" if error.lineno else ""
        shown = (error.text or "").strip()[:120]
        quoted = f": {shown!r}" if shown else ""
        raise ProgramError(f"{name}{where} is not Python: {error.msg}{quoted}") from None
    except (RecursionError, MemoryError):
        raise ProgramError(f"{name} nests expressions too deeply to be parsed: break them up") from None
    except ValueError as error:
        raise ProgramError(f"{name} is not Python: {error}") from None


def _check_characters(text: str, name: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise ProgramError(f"{name} holds a lone surrogate at character {error.start}: save it as UTF-8") from None
    if size > MAXIMUM_BYTES:
        raise ProgramError(f"{name} has {size} bytes; a judge takes at most {MAXIMUM_BYTES} (512 KiB): shorten it")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ProgramError(f"{name}, line {line} holds a NUL character: it is not a text file")
