"""Samples: which preformatted blocks are a sample's input and which its output."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ale_agent.statement.blocks import Block

_SAMPLE = re.compile(r"\b(?:samples?|examples?)\b|入力例|出力例|サンプル", re.IGNORECASE)
_INPUT = re.compile(r"\binputs?\b|入力", re.IGNORECASE)
_OUTPUT = re.compile(r"\boutputs?\b|出力|\banswers?\b", re.IGNORECASE)
_LABEL_LENGTH = 60

Side = Literal["input", "output", "both"]


@dataclass(frozen=True)
class Sample:
    """A case and an answer as the statement shows them; either may be empty where it shows only the other."""

    input: str
    output: str


def sample_label(text: str) -> Side | None:
    """Return whether a heading announces a sample's input, its output, or both; `None` if no sample."""
    if len(text) > _LABEL_LENGTH or not _SAMPLE.search(text):
        return None
    return _side(text) or "both"


def find_samples(blocks: Sequence[Block]) -> tuple[tuple[Sample, ...], frozenset[int]]:
    """Return the samples in order, and the positions of the blocks that they stand in."""
    sides: list[tuple[Side, str]] = []
    used: set[int] = set()
    waiting: list[Side] = []
    in_samples, level = False, 0
    for position, block in enumerate(blocks):
        if block.kind == "pre":
            if waiting or in_samples:
                sides.append((waiting.pop(0) if waiting else _other(sides), block.text))
                used.add(position)
            continue
        label = sample_label(block.text)
        if label is not None and (block.kind == "heading" or block.text.rstrip().endswith((":", "："))):
            in_samples, level = True, block.level or level
            waiting += [label] if label != "both" else []
        elif in_samples and _is_side_label(block):
            named = _side(block.text)
            if named is not None:
                waiting.append(named)
        elif block.kind == "heading" and block.level <= level:
            in_samples, waiting = False, []
    return _paired(sides), frozenset(used)


def _is_side_label(block: Block) -> bool:
    bare = block.text.strip().rstrip(":：").strip()
    return len(bare) <= 24 and _side(bare) is not None and len(bare.split()) <= 3


def _side(text: str) -> Side | None:
    is_input, is_output = bool(_INPUT.search(text)), bool(_OUTPUT.search(text))
    if is_input == is_output:
        return None
    return "input" if is_input else "output"


def _other(sides: list[tuple[Side, str]]) -> Side:
    return "output" if sides and sides[-1][0] == "input" else "input"


def _paired(sides: list[tuple[Side, str]]) -> tuple[Sample, ...]:
    samples: list[Sample] = []
    waiting: list[str] = []
    for side, text in sides:
        if side == "input":
            waiting.append(text)
        else:
            samples.append(Sample(waiting.pop(0) if waiting else "", text))
    samples += [Sample(text, "") for text in waiting]
    return tuple(samples)
