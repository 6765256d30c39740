"""Reading programs and edits from a reply: fenced text, and SEARCH/REPLACE blocks applied exactly or refused.

An edit block is three marker lines around the old and the new lines::

    <<<<<<< SEARCH
    old lines, exactly as they stand in the program
    =======
    new lines
    >>>>>>> REPLACE
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ale_agent.errors import ProgramError
from ale_agent.program.syntax import parse_quietly

_SEARCH = re.compile(r"<{5,9} ?SEARCH\s*")
_DIVIDER = re.compile(r"={5,9}\s*")
_REPLACE = re.compile(r">{5,9} ?REPLACE\s*")
_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})([^`]*)")
_PYTHON_TAGS = ("python", "py", "python3")
_MAXIMUM_REPLY = 4 * 1024 * 1024
_MAXIMUM_EDITS = 200
_NEAR_LINES = 2000


@dataclass(frozen=True)
class Edit:
    """One replacement of whole lines.

    Parameters
    ----------
    search
        The lines that stand in the program exactly once, without the last line break.
    replace
        What comes in their place; empty to delete them.
    """

    search: str
    replace: str


def parse_edits(text: str) -> tuple[Edit, ...]:
    """Return the edit blocks of a reply, in order; none if it has no marker.

    Raises
    ------
    ProgramError
        A block is not complete, or there are too many.
    """
    edits: list[Edit] = []
    part: list[str] | None = None
    search: str | None = None
    for number, line in enumerate(_lines(text), start=1):
        if _SEARCH.fullmatch(line):
            if part is not None:
                raise ProgramError(f"edit {len(edits) + 1}, line {number}: SEARCH begins inside an unfinished block")
            part = []
        elif part is None:
            continue
        elif _DIVIDER.fullmatch(line) and search is None:
            search, part = "\n".join(part), []
        elif _REPLACE.fullmatch(line):
            if search is None:
                raise ProgramError(f"edit {len(edits) + 1}, line {number}: no ======= line between SEARCH and REPLACE")
            edits.append(Edit(search, "\n".join(part)))
            part = search = None
            if len(edits) > _MAXIMUM_EDITS:
                raise ProgramError(f"more than {_MAXIMUM_EDITS} edits: send the whole program instead")
        else:
            part.append(line)
    if part is not None:
        raise ProgramError(f"edit {len(edits) + 1} has no end: the line >>>>>>> REPLACE is missing")
    return tuple(edits)


def apply_edits(source: str, edits: str | Sequence[Edit]) -> str:
    """Return the program with every edit carried out in order, each on the result of those before.

    Parameters
    ----------
    source
        The program.
    edits
        The edits, or a reply's text that holds their blocks.

    Raises
    ------
    ProgramError
        There is no edit, or one does not fit exactly once; the message says which and why, and nothing is applied.
    """
    if isinstance(edits, str):
        edits = parse_edits(edits)
    if not edits:
        raise ProgramError(
            "there is no edit: write <<<<<<< SEARCH, the old lines, =======, the new ones, >>>>>>> REPLACE"
        )
    newline = "\r\n" if "\r\n" in source else "\n"
    lines = _lines(source)
    for number, edit in enumerate(edits, start=1):
        lines = _apply(lines, edit, f"edit {number} of {len(edits)}")
    return newline.join(lines)


def extract_program(reply: str) -> str:
    """Return the program that a reply holds in fenced text, or is.

    Of several blocks the longest that is Python and tagged so is taken. A fence inside the program (in a string) does
    not end it as long as the text only parses with what follows.

    Raises
    ------
    ProgramError
        There is none, or it is cut off; what to send instead is said.
    """
    if len(reply) > _MAXIMUM_REPLY:
        raise ProgramError(f"the reply has {len(reply)} characters; at most {_MAXIMUM_REPLY} are read")
    lines = _lines(reply)
    blocks, cut_off = _fenced_blocks(lines)
    best = max((block for block in blocks if _parses(block[1])), key=_block_rank, default=None)
    if best is not None:
        return best[1].rstrip() + "\n"
    if cut_off is not None:
        raise ProgramError(f"the fenced block from line {cut_off} has no end: the reply was cut off; send it shorter")
    if blocks:
        longest = max(blocks, key=_block_rank)[1]
        raise ProgramError(f"the fenced program is not Python: {_syntax_reason(longest)}")
    if _parses(reply) and re.search(r"^(import|from|def) ", reply, re.MULTILINE):
        return reply.strip() + "\n"
    raise ProgramError("the reply holds no program: put the whole file between ```python and ``` lines")


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


def _apply(lines: list[str], edit: Edit, name: str) -> list[str]:
    old = _lines(edit.search)
    new = _lines(edit.replace) if edit.replace else []
    if not edit.search.strip():
        raise ProgramError(f"{name}: its SEARCH part is empty; show the lines that it replaces")
    if edit.search == edit.replace:
        raise ProgramError(f"{name}: SEARCH and REPLACE are the same")
    found = [i for i in range(len(lines) - len(old) + 1) if lines[i] == old[0] and lines[i : i + len(old)] == old]
    if len(found) > 1:
        where = ", ".join(str(i + 1) for i in found[:5])
        raise ProgramError(f"{name}: its SEARCH part stands {len(found)} times (lines {where}); add lines around it")
    if not found:
        raise ProgramError(f"{name}: its SEARCH part is not in the program{_nearest(lines, old)}")
    return [*lines[: found[0]], *new, *lines[found[0] + len(old) :]]


def _nearest(lines: list[str], old: list[str]) -> str:
    """Return a hint: the line of the program that is most like the first one searched that is missing."""
    present = set(lines)
    missing = next((line for line in old if line.strip() and line not in present), None)
    if missing is None:
        return "; each of its lines is, but not in this order"
    near = difflib.get_close_matches(missing[:200], [line[:200] for line in lines[:_NEAR_LINES]], n=1)
    hint = f"; the nearest is {near[0]!r}" if near else ""
    return f": there is no line {missing[:200]!r}{hint}"


def _fenced_blocks(lines: list[str]) -> tuple[list[tuple[str, str]], int | None]:
    """Return (tag, text) of the fenced blocks, and the line of one that does not end."""
    blocks: list[tuple[str, str]] = []
    i = 0
    while i < len(lines):
        opening = _FENCE.fullmatch(lines[i])
        if opening is None:
            i += 1
            continue
        fence, tag = opening[2], opening[3].strip().lower()
        ends = [j for j in range(i + 1, len(lines)) if _closes(lines[j], fence)][:8]
        if not ends:
            return blocks, i + 1
        indent = len(opening[1])
        texts = [
            "\n".join(line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in lines[i + 1 : j]) for j in ends
        ]
        chosen = next((k for k, text in enumerate(texts) if _parses(text)), 0)
        blocks.append((tag, texts[chosen]))
        i = ends[chosen] + 1
    return blocks, None


def _closes(line: str, fence: str) -> bool:
    bare = line.strip()
    return bare.startswith(fence) and set(bare) == {fence[0]}


def _block_rank(block: tuple[str, str]) -> tuple[bool, bool, int]:
    tag, text = block
    return tag.split(" ")[0] in _PYTHON_TAGS, "def main" in text, len(text)


def _parses(text: str) -> bool:
    return bool(text.strip()) and _syntax_reason(text) is None


def _syntax_reason(text: str) -> str | None:
    try:
        parse_quietly(text)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or "it nests too deeply"
    return None
