"""The starter catalogue: curated strategies, and the contests they are cited from, shipped as package data."""

from __future__ import annotations

import hashlib
import json
from importlib import resources

from ale_agent.memory.features import ProblemFeatures
from ale_agent.memory.format import strategy_from_line
from ale_agent.memory.strategy import Strategy

_STRATEGIES = "strategies.jsonl"
_PROBLEMS = "problems.jsonl"


def starter_strategies() -> list[Strategy]:
    """Return the curated strategies."""
    return [strategy_from_line(line) for line in _lines(_STRATEGIES)]


def known_problems() -> list[ProblemFeatures]:
    """Return contests by their archetypes, so that citations and evidence from them can be weighed."""
    return [ProblemFeatures.from_mapping(json.loads(line)) for line in _lines(_PROBLEMS)]


def digest() -> str:
    """Return what tells one edition of the catalogue from another."""
    text = "\n".join([*_lines(_STRATEGIES), *_lines(_PROBLEMS)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _lines(name: str) -> list[str]:
    text = (resources.files("ale_agent.memory") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line.strip()]
