"""Hashes of a contest's own cases (`case_hashes.csv` in a problem folder): they show that `generate` makes the same."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

from ale_agent.errors import ProblemError
from ale_agent.problem.specification import read_text

FILE = "case_hashes.csv"

_COLUMNS = ["seed", "sha256"]
_HASH = re.compile(r"[0-9a-f]{64}")
_SEED = re.compile(r"[0-9]{1,20}")


def case_hash(text: str) -> str:
    """Return the SHA-256 of a case's tokens, joined by single spaces: blanks and line ends do not matter."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogateescape")).hexdigest()


def read_case_hashes(folder: Path) -> dict[int, str]:
    """Return the known hash of each seed; none where the folder has no such file.

    Lines that begin with # are comments; the first other line is `seed,sha256`.

    Raises
    ------
    ProblemError
        With the file, the line, the rule and the value.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    lines = read_text(path, max_bytes=16 << 20).splitlines()
    rows = [
        (number, [cell.strip() for cell in cells])
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#")
        for cells in csv.reader([line])
    ]
    if not rows or rows[0][1] != _COLUMNS:
        raise ProblemError(f"{path}: the first line must be {','.join(_COLUMNS)}")
    known: dict[int, str] = {}
    for number, cells in rows[1:]:
        if len(cells) != 2 or not _SEED.fullmatch(cells[0]) or not _HASH.fullmatch(cells[1]):
            shown = ",".join(cells)[:80]
            raise ProblemError(f"{path}: line {number}: must be a seed and 64 hexadecimal digits, but it is {shown!r}")
        if int(cells[0]) in known:
            raise ProblemError(f"{path}: line {number}: seed {int(cells[0])} is there already")
        known[int(cells[0])] = cells[1]
    return known
