"""Randomness as an argument: named generators from one root seed, and disjoint blocks of case seeds.

Cases for searching, confirming and reporting never overlap, so that the figure in a report was not searched on:
a report uses the seeds a person names (0, 1, 2, ...), the search and the confirmation their own far-away blocks.
"""

from __future__ import annotations

import hashlib
from typing import Literal

import numpy as np

Purpose = Literal["search", "confirm", "tune"]

_BLOCK = 10**9
_BLOCK_START: dict[Purpose, int] = {"search": _BLOCK, "confirm": 2 * _BLOCK, "tune": 3 * _BLOCK}


def derive(root: int, *names: str | int) -> int:
    """Return a 63-bit seed that depends on the root and the names alone, on every machine the same."""
    text = "/".join([str(root), *map(str, names)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little") >> 1


def generator(root: int, *names: str | int) -> np.random.Generator:
    """Return the generator of that name: same root and names, same stream."""
    return np.random.Generator(np.random.PCG64(derive(root, *names)))


def case_seeds(purpose: Purpose, count: int, *, first: int = 0) -> list[int]:
    """Return `count` case seeds of a block that no other purpose uses.

    Parameters
    ----------
    purpose
        What the cases are for.
    count
        How many, at most 10**9 together with `first`.
    first
        Where in the block to begin.
    """
    start = _BLOCK_START[purpose] + first
    return list(range(start, start + count))


def share_cases(available: tuple[int, ...] | None, purpose: Purpose, count: int, *, first: int = 0) -> list[int]:
    """Return at most `count` case seeds for a purpose, disjoint from those of the other purposes.

    Parameters
    ----------
    available
        The ready-made cases where nothing can generate others: each purpose gets every third of them (all of them, if
        there are fewer than three). None: the endless blocks.
    purpose
        What the cases are for.
    count
        How many are wanted.
    first
        Where in the endless block to begin.
    """
    if available is None:
        return case_seeds(purpose, count, first=first)
    offset: dict[Purpose, int] = {"search": 0, "confirm": 1, "tune": 2}
    mine = available[offset[purpose] :: 3] or available
    return list(mine[:count])
