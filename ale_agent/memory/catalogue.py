"""What every memory begins with, shipped as package data: curated strategies, the contests they are cited from, and what
was learned on the bundled problems.

The last is made anew by ``python -m benchmarks.transfer --out DIR --learning 300 0 --write FILE``. It holds
compositions, values and gains, no programs, and is not used on the problem it was learned on (`memory.shipped`).
"""

from __future__ import annotations

import hashlib
import json
from importlib import resources

from ale_agent.memory.features import ProblemFeatures
from ale_agent.memory.format import strategy_from_line
from ale_agent.memory.strategy import Strategy

_STRATEGIES = "strategies.jsonl"
_PROBLEMS = "problems.jsonl"
_LEARNED = "learned.jsonl"


def starter_strategies() -> list[Strategy]:
    """Return the curated strategies."""
    return [strategy_from_line(line) for line in _lines(_STRATEGIES)]


def learned_strategies() -> list[Strategy]:
    """Return what was learned on the bundled problems."""
    return [strategy_from_line(line) for line in _lines(_LEARNED)]


def known_problems() -> list[ProblemFeatures]:
    """Return contests by their archetypes, so that citations and evidence from them can be weighed."""
    return [ProblemFeatures.from_mapping(json.loads(line)) for line in _lines(_PROBLEMS)]


def digest() -> str:
    """Return what tells one edition of the catalogue from another."""
    text = "\n".join([*_lines(_STRATEGIES), *_lines(_PROBLEMS), *_lines(_LEARNED)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lines(name: str) -> list[str]:
    text = (resources.files("ale_agent.memory") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line.strip()]
